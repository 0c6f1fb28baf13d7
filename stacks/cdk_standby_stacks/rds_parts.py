"""How a tier of RDS becomes an instance, a replica or a cluster at a site."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from constructs import Construct

from cdk_standby import (
    BackupsTo,
    MultiAzCluster,
    MultiAzInstance,
    ReadReplica,
    Restore,
    SecretReplica,
    SourceInstance,
)

from .backup_parts import back_up
from .sites import Offer, Site
from .tiers._tier import Posture

if TYPE_CHECKING:
    from cdk_standby import Service

    from .tiers.rds import MultiAzDbCluster, Rds

PROMOTED = "the other Region was lost or left, and this one has served since; it was promoted by API"
USUAL_LAG = 60
"""Seconds behind its source at which a replica's alarm rings, unless less was promised."""


def build_instance(scope: Construct, tier: Rds, site: Site, posture: Posture) -> Offer:
    """One Region's instance, and its backups unless it follows: RDS promotes no replica that is being backed up."""
    number = number_of(tier.generation, born_here=site.born_here)
    follows = not site.active and number > tier.generation
    if number == 1:
        built: MultiAzInstance | ReadReplica = _born(scope, tier, site, restored=posture is Posture.RESTORED)
    else:
        built = _replica(scope, tier, site, number, promoted=not follows)
    if not follows:
        back_up(scope, tier.name, site, built.instance_arn)
    return _offer(built, reader=built.endpoint.hostname, secret=site.names.secret(tier.name))


def build_cluster(scope: Construct, tier: MultiAzDbCluster, site: Site) -> Offer:
    """The cluster, its credentials and its backups, all of one Region."""
    built = MultiAzCluster(
        scope,
        tier.name.capitalize(),
        engine=tier.engine,
        instance=tier.instance,
        cluster_identifier=site.names.cluster(tier.name, site.region),
        database_name=tier.database_name,
        **_common(tier, site),
    )
    back_up(scope, tier.name, site, built.cluster_arn)
    return _offer(built, reader=built.reader_endpoint.hostname, secret=site.names.secret(tier.name))


def number_of(generation: int, *, born_here: bool) -> int:
    """Which instance a Region has: odd ones stand where the data was born, even ones elsewhere; a generation is a pair.

    Data that was restored was born there: the count begins anew.
    """
    return generation if (generation % 2 == 1) is born_here else generation + 1


def _born(scope: Construct, tier: Rds, site: Site, *, restored: bool) -> MultiAzInstance:
    """The first instance; or, when a Region was lost of which only backups were elsewhere, one made of those."""
    origin: dict[str, Any] = {"secret_replicas": _copies_of_the_secret(site), "database_name": _first_database(tier)}
    return MultiAzInstance(
        scope,
        tier.name.capitalize(),
        engine=tier.engine,
        license=tier.license,
        backups_to=_continuous(tier, site),
        **_common(tier, site),
        **_instance(tier, site, number=1),
        **({"restore": _restore(site.restored[tier.name])} if restored else origin),
    )


def _replica(scope: Construct, tier: Rds, site: Site, number: int, *, promoted: bool) -> ReadReplica:
    """Of the instance with the number before, by name: no template reads another Region.

    Once promoted, the template names the source for ever, since a runbook or a person has promoted by API.
    """
    lag = {} if promoted or site.rpo is None else {"ReplicaLag": min(USUAL_LAG, site.rpo.total_seconds())}
    [other] = site.others
    return ReadReplica(
        scope,
        f"{tier.name.capitalize()}Number{number}",
        source=SourceInstance(
            identifier=site.names.instance(tier.name, other, number - 1),
            region=other,
            engine=tier.engine,
            version=tier.version,
            license=tier.license,
            storage=tier.storage,
        ),
        promoted_because=PROMOTED if promoted else None,
        promoted_by_api=promoted,
        alarm_thresholds=lag,
        **_common(tier, site),
        **_instance(tier, site, number),
    )


def _common(tier: Rds | MultiAzDbCluster, site: Site) -> dict[str, Any]:
    """What all of them are told alike."""
    return {
        "version": tier.version,
        "storage": tier.storage,
        "vpc": site.vpc,
        "key": site.data_key,
        "secret_name": site.names.secret(tier.name),
        "alarms": site.alarms,
    }


def _instance(tier: Rds, site: Site, number: int) -> dict[str, Any]:
    return {
        "instance": tier.instance,
        "instance_identifier": site.names.instance(tier.name, site.region, number),
    }


def _first_database(tier: Rds) -> str | None:
    """SQL Server takes none."""
    return tier.database_name or (None if tier.engine.startswith("sqlserver") else "app")


def _restore(origin: str) -> Restore:
    """From a snapshot, or from the automated backups that the lost Region left here."""
    return Restore.to_latest(origin) if ":auto-backup:" in origin else Restore.from_snapshot(origin)


def _continuous(tier: Rds, site: Site) -> BackupsTo | None:
    if not tier.continuous_copies or site.copies_to is None:
        return None
    return BackupsTo(region=site.copies_to, key=site.names.data_key_alias_arn(site.copies_to))


def _copies_of_the_secret(site: Site) -> tuple[SecretReplica, ...]:
    return tuple(SecretReplica(region=other, key=site.names.data_key_alias(other)) for other in site.others)


def _offer(built: MultiAzInstance | ReadReplica | MultiAzCluster, *, reader: str, secret: str) -> Offer:
    """The endpoints of this Region, and the name of the credentials."""

    def admit(service: Service) -> None:
        built.let_in(service)
        built.grant_connect(service)

    return Offer(environment={"WRITER": built.endpoint.hostname, "READER": reader, "SECRET": secret}, admit=admit)
