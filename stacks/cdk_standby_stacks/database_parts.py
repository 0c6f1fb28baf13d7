"""How a relational tier becomes a cluster at a site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_backup as backup
from constructs import Construct

from cdk_standby import AuroraCluster, BackupPlan, SecretReplica
from cdk_standby.relational._aurora_alarms import LAG_THRESHOLDS

from .sites import Home, Site

if TYPE_CHECKING:
    from .tiers.relational import Aurora


def build_database(scope: Construct, tier: Aurora, site: Site) -> AuroraCluster:
    """One Region's member of the global database, and its backups.

    The cluster of the primary is born with the credentials; that is a create-only property, so it
    follows the site's home, not who is active.
    """
    born_here = site.home is Home.PRIMARY
    cluster = AuroraCluster(
        scope,
        tier.name.capitalize(),
        engine=tier.engine,
        version=tier.version,
        instance=tier.instance,
        readers=tier.readers,
        vpc=site.vpc,
        key=site.data_key,
        cluster_identifier=site.names.cluster(tier.name, site.region),
        global_cluster=site.names.global_cluster(tier.name),
        secondary=not born_here,
        follows=not site.active,
        database_name=tier.database_name if born_here else None,
        secret_name=site.names.secret(tier.name),
        secret_replicas=_replicas(site) if born_here else (),
        alarms=site.alarms,
        alarm_thresholds=_lag_thresholds(site),
    )
    BackupPlan(
        scope,
        f"{tier.name.capitalize()}Backup",
        vault=site.vault,
        copy_to=site.names.vault_arn(site.other) if site.active else None,
        resources=[backup.BackupResource.from_arn(cluster.cluster_arn)],
        alarms=site.alarms,
    )
    return cluster


def _lag_thresholds(site: Site) -> dict[str, float]:
    """Milliseconds of lag that ring: the promised recovery point, or the usual threshold if that is sooner."""
    if site.rpo is None:
        return {}
    promised = site.rpo.total_seconds() * 1000
    return {name: min(usual, promised) for name, usual in LAG_THRESHOLDS.items()}


def _replicas(site: Site) -> tuple[SecretReplica, ...]:
    return (SecretReplica(region=site.other, key=site.names.data_key_alias(site.other)),)
