"""What protects backups beyond a locked vault, where it was asked for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from cdk_standby.backups.air_gapped_vault import AirGappedVault
from cdk_standby.backups.restore_place import RestorePlace
from cdk_standby.backups.restore_testing import RestoreTest, RestoreTesting
from cdk_standby.backups.vault_access import share_key_for_copies

from .tiers import AuroraMysql, AuroraPostgres, Bucket, MultiAzDbCluster, Rds, Table

if TYPE_CHECKING:
    from constructs import Construct

    from .sites import Site
    from .tiers import Tier

KINDS = {
    AuroraPostgres: "Aurora",
    AuroraMysql: "Aurora",
    Rds: "RDS",
    MultiAzDbCluster: "RDS",
    Table: "DynamoDB",
    Bucket: "S3",
}
"""What AWS Backup calls a tier in restore tests; it tests no others."""
DATABASES = ("Aurora", "RDS")


def protect_backups(scope: Construct, site: Site, tiers: Iterable[Tier]) -> None:
    """The air-gapped vault, what another account needs of the key, and restore tests: each only if asked for."""
    if site.air_gapped:
        AirGappedVault(scope, "AirGapped", name=site.names.air_gapped_vault(site.region))
    if site.copies_account:
        share_key_for_copies(site.data_key, [site.copies_account])
    kinds = list(dict.fromkeys(KINDS[type(tier)] for tier in tiers if type(tier) in KINDS))
    if site.restore_tests and kinds:
        _practise(scope, site, kinds)


def _practise(scope: Construct, site: Site, kinds: list[str]) -> None:
    place = RestorePlace(scope, "RestorePlace") if set(kinds) & set(DATABASES) else None
    RestoreTesting(
        scope,
        "RestoreTesting",
        vaults=[site.vault.backup_vault_arn],
        tests=[
            RestoreTest(
                kind=kind,
                metadata={"dbSubnetGroupName": place.subnet_group_name} if place and kind in DATABASES else {},
            )
            for kind in kinds
        ],
        alarms=site.alarms,
    )
