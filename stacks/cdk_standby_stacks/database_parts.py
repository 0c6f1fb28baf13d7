"""How a relational tier becomes a cluster at a site."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from constructs import Construct

from cdk_standby import AuroraCluster, Restore, SecretReplica
from cdk_standby.relational._aurora_alarms import LAG_THRESHOLDS
from cdk_standby.relational._aurora_waking import instances_parameter

from .backup_parts import back_up
from .sites import Offer, Site
from .tiers._tier import Posture

if TYPE_CHECKING:
    from cdk_standby import Service

    from .tiers.relational import Aurora


HEADLESS = "a pilot light: a failover gives it an instance before it is promoted"


def build_database(scope: Construct, tier: Aurora, site: Site, posture: Posture) -> AuroraCluster:
    """One Region's cluster, and its backups."""
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
        alarms=site.alarms,
        **(_restored(tier, site) if posture is Posture.RESTORED else _member(scope, tier, site)),
    )
    back_up(scope, tier.name, site, cluster.cluster_arn)
    return cluster


def offer_of(cluster: AuroraCluster, secret: str) -> Offer:
    """The endpoints of this Region, and the name of the credentials."""

    def admit(service: Service) -> None:
        cluster.let_in(service)
        cluster.grant_connect(service)

    return Offer(
        environment={
            "WRITER": cluster.endpoint.hostname,
            "READER": cluster.reader_endpoint.hostname,
            "SECRET": secret,
        },
        admit=admit,
    )


def waits(tier: Aurora, *, born_here: bool) -> bool:
    """Whether instances of a Region wait for a failover; where the data was born they run, and stay."""
    return tier.headless_secondary and not born_here


def parameter_of(tier: Aurora) -> str:
    """The parameter of the data stack that says which of the waiting instances there are."""
    return "".join(filter(str.isalnum, tier.name.capitalize())) + "Instances"


def _member(scope: Construct, tier: Aurora, site: Site) -> dict[str, Any]:
    """A member of the global database from its first day, so that a Region can be added without replacing it.

    The cluster of the primary is born with the credentials; that is a create-only property, so it
    follows where that was, not who is active. With one Region a global database costs nothing more.
    """
    born_here = site.born_here
    return {
        "global_cluster": site.global_cluster(tier.name),
        "secondary": not born_here,
        "follows": not site.active,
        "global_write_forwarding": site.write_forwarding and tier.forward_writes and not (born_here and site.active),
        "database_name": tier.database_name if born_here else None,
        "secret_name": site.credentials(tier.name),
        "secret_replicas": _replicas(site) if born_here else (),
        "alarm_thresholds": _lag_thresholds(site),
        **(_waiting(scope, tier, site) if waits(tier, born_here=born_here) else {}),
    }


def _waiting(scope: Construct, tier: Aurora, site: Site) -> dict[str, Any]:
    """The parameter is there whoever is active: what a failover has set outlives another template."""
    return {
        "headless_because": None if site.active else HEADLESS,
        "woken_by": instances_parameter(scope, parameter_of(tier)),
    }


def _restored(tier: Aurora, site: Site) -> dict[str, Any]:
    """A cluster of its own, from a recovery point: the global database is lost with the Region that held it.

    Once there is to be a replica elsewhere, another global database is made of the cluster as it stands.
    """
    return {
        "restore": Restore.from_snapshot(site.restored[tier.name]),
        "secret_name": site.credentials(tier.name),
        "secret_replicas": _replicas(site),
        **(_founder(tier, site) if site.beside[tier.kind] else {}),
    }


def _founder(tier: Aurora, site: Site) -> dict[str, Any]:
    return {
        "global_cluster": site.global_cluster(tier.name),
        "founder": True,
        "follows": not site.active,
        "global_write_forwarding": site.write_forwarding and tier.forward_writes and not site.active,
        "alarm_thresholds": _lag_thresholds(site),
    }


def _lag_thresholds(site: Site) -> dict[str, float]:
    """Milliseconds of lag that ring: the promised recovery point, or the usual threshold if that is sooner."""
    if site.rpo is None or not site.others:
        return {}
    promised = site.rpo.total_seconds() * 1000
    return {name: min(usual, promised) for name, usual in LAG_THRESHOLDS.items()}


def _replicas(site: Site) -> tuple[SecretReplica, ...]:
    return tuple(SecretReplica(region=region, key=site.names.data_key_alias(region)) for region in site.others)
