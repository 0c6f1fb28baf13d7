"""RDS database instances that are not members of a cluster."""

from __future__ import annotations

from dataclasses import replace

from ..databases import followers, is_replica, origin_of, source_of, source_region
from ..facts import Range
from ..facts import recovery_times as times
from ..graph import Graph, Resource
from ..objectives import Fault
from ..outcomes import Case, Judgement, by_itself, by_runbook, lost, survives, unknown
from ..placement import placement
from ._judge import Judge, first_unknown, restored_elsewhere, restored_here, served_elsewhere


def instance(graph: Graph, resource: Resource, case: Case) -> Judgement | None:
    """A database instance under a fault; members of a cluster are judged with their cluster."""
    if resource.get("DBClusterIdentifier") is not None:
        return None
    if gap := first_unknown(resource, *_READ[case.fault]):
        return unknown(f"{gap} is known only at deployment")
    match case.fault:
        case Fault.INSTANCE:
            return _instance(resource)
        case Fault.ZONE:
            return _zone(graph, resource, case)
        case Fault.REGION:
            return _region(graph, resource, case)
        case Fault.DELETION | Fault.ACCOUNT:
            return _deletion(graph, resource)


_READ = {
    Fault.INSTANCE: ("MultiAZ",),
    Fault.ZONE: ("MultiAZ", "BackupRetentionPeriod"),
    Fault.REGION: (),
    Fault.DELETION: ("BackupRetentionPeriod",),
}
"""The properties that decide: when one is not known, nothing is guessed."""


def _instance(resource: Resource) -> Judgement:
    if resource.flag("MultiAZ"):
        return by_itself("the standby in another zone takes over", times.RDS_FAILOVER, MultiAZ=True)
    replaced = by_itself("RDS replaces the host; there is no standby", times.RDS_HOST_REPLACEMENT, MultiAZ=False)
    return replace(replaced, vital=not is_replica(resource))


def _zone(graph: Graph, resource: Resource, case: Case) -> Judgement:
    if resource.flag("MultiAZ"):
        return by_itself("the standby in another zone takes over", times.RDS_FAILOVER, MultiAZ=True)
    placed = placement(graph, resource)
    if placed.known and case.zone and case.zone not in placed.zones:
        return survives("it cannot stand in that zone", times.AT_ONCE, zones=placed.zones)
    if is_replica(resource):
        return _made_anew(graph, resource)
    return _restored(
        graph, resource, "it has no standby; when it stands in that zone it is restored in another one from backups"
    ) or lost("it has no standby and no backups; it is gone until the zone returns", times.ONE_ZONE, MultiAZ=False)


def _made_anew(graph: Graph, resource: Resource) -> Judgement:
    source = source_of(graph, resource)
    name = source.name if source else "outside of the templates"
    return replace(
        by_runbook("a read replica is made anew from its source", times.REPLICA_REBUILD, source=name), vital=False
    )


def _region(graph: Graph, resource: Resource, case: Case) -> Judgement:
    if waiting := served_elsewhere(graph, resource, case):
        return waiting
    if not is_replica(resource):
        return _source_region(graph, resource, case)
    if (there := source_region(graph, resource)) != case.region:
        return survives(f"its source in {there} serves; this was a replica", times.AT_ONCE, source=there)
    origin = origin_of(graph, resource)
    of_source = _source_region(graph, origin, case) if origin.type == resource.type else None
    gone = lost("the replica is gone with its source until the Region returns", times.ONE_REGION)
    return replace(of_source or gone, vital=False)


def _source_region(graph: Graph, resource: Resource, case: Case) -> Judgement:
    away = [(r, distance) for r, distance in followers(graph, resource) if r.region != case.region]
    if away:
        return promoted(*away[0])
    kept = resource.text("AutomaticBackupReplicationRegion")
    if kept and kept != case.region and _without_key(resource):
        return unknown(f"its backups are encrypted and replicated to {kept}, and no key there is named for them")
    if kept and kept != case.region:
        return by_runbook(
            f"restored from the automated backups that RDS replicates to {kept}", times.RESTORE,
            times.REPLICATED_BACKUP, AutomaticBackupReplicationRegion=kept,
        )  # fmt: skip
    return restored_elsewhere(graph, resource) or lost(
        "no replica and no copy of a backup in another Region", times.ONE_REGION
    )


def _without_key(resource: Resource) -> bool:
    """Whether its backups are encrypted, and no key of the other Region is named for them."""
    encrypted = resource.flag("StorageEncrypted") or resource.get("KmsKeyId") is not None
    return encrypted and resource.get("AutomaticBackupReplicationKmsKeyId") is None


def promoted(replica: Resource, distance: int) -> Judgement:
    """A replica in another Region takes over; one behind another lags behind both."""
    judgement = by_runbook(
        f"the read replica in {replica.region} is promoted", times.REPLICA_PROMOTION, times.REPLICA_LAG,
        replica=replica.name, distance=distance,
    )  # fmt: skip
    lag = times.REPLICA_LAG.value
    return replace(judgement, rpo=Range(lag.low, lag.high * distance))


def _deletion(graph: Graph, resource: Resource) -> Judgement:
    restored = _restored(graph, resource, "restored to a point in time into a new instance")
    if restored is None and is_replica(resource):
        return replace(_made_anew(graph, resource), says="made anew from its source, once that is restored")
    return restored or lost(
        "no backup holds the data", times.NO_BACKUP, BackupRetentionPeriod=resource.number("BackupRetentionPeriod")
    )


def _restored(graph: Graph, resource: Resource, says: str) -> Judgement | None:
    days = resource.number("BackupRetentionPeriod")
    kept = (0 if is_replica(resource) else 1) if days is None else days
    if kept > 0:
        return by_runbook(says, times.RESTORE, times.POINT_IN_TIME, BackupRetentionPeriod=kept)
    return restored_here(graph, resource)


JUDGES: dict[str, Judge] = {"AWS::RDS::DBInstance": instance}
