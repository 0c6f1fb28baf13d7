"""MemoryDB: a durable database in memory, in one Region or as a member of a multi-Region cluster."""

from __future__ import annotations

from ..facts import memorydb as facts
from ..facts import recovery_times as times
from ..graph import Graph, Resource
from ..intrinsics import known
from ..objectives import Fault
from ..outcomes import Case, Judgement, by_itself, by_runbook, lost, unknown
from ..placement import NOWHERE, Placement, placement
from ._judge import Judge, first_unknown, served_elsewhere

_CLUSTER, _SHARED = "AWS::MemoryDB::Cluster", "AWS::MemoryDB::MultiRegionCluster"
_DEFAULT_REPLICAS = 1


def cluster(graph: Graph, resource: Resource, case: Case) -> Judgement | None:
    """A MemoryDB cluster under a fault."""
    match case.fault:
        case Fault.INSTANCE:
            return _instance(resource)
        case Fault.ZONE:
            return _zone(graph, resource, case)
        case Fault.REGION:
            return _region(graph, resource, case)
        case Fault.DELETION | Fault.ACCOUNT:
            return _deletion(resource)


def _replicas(resource: Resource) -> float | None:
    if resource.get("NumReplicasPerShard") is None:
        return _DEFAULT_REPLICAS
    return resource.number("NumReplicasPerShard")


def _instance(resource: Resource) -> Judgement:
    replicas = _replicas(resource)
    if replicas is None:
        return unknown("NumReplicasPerShard is known only at deployment")
    if replicas < 1:
        return by_itself(facts.NODE_REPLACED.says, facts.NODE_REPLACED, replicas=0)
    return by_itself(facts.FAILOVER.says, facts.FAILOVER, replicas=int(replicas))


def _zone(graph: Graph, resource: Resource, case: Case) -> Judgement | None:
    replicas, placed = _replicas(resource), _placed(graph, resource)
    if replicas is None or not placed.known:
        return unknown("its subnets or its replicas are not in the templates")
    if case.zone and case.zone not in placed.zones:
        return None
    if not placed.spread:
        return lost("all its nodes are in one zone", times.ONE_ZONE, zones=placed.zones)
    if replicas < 1:
        return by_itself(facts.NODE_REPLACED.says, facts.NODE_REPLACED, zones=placed.zones)
    return by_itself(facts.FAILOVER.says, facts.FAILOVER, zones=placed.zones)


def _placed(graph: Graph, resource: Resource) -> Placement:
    value = resource.get("SubnetGroupName")
    group = graph.named(value, "SubnetGroupName", "AWS::MemoryDB::SubnetGroup", region=resource.region)
    return placement(graph, group) if group else NOWHERE


def _region(graph: Graph, resource: Resource, case: Case) -> Judgement:
    if others := sorted({other.region for other in members_of_cluster(graph, resource)} - {case.region, ""}):
        where = ", ".join(others)
        says = f"the member in {where} goes on taking reads and writes"
        return by_itself(says, facts.MULTI_REGION, facts.MULTI_REGION_LAG.value, members=where)
    if resource.get("MultiRegionClusterName") is not None:
        return unknown("it is a member of a multi-Region cluster whose other members are not in the templates")
    if waiting := served_elsewhere(graph, resource, case):
        return waiting
    return lost("it is no member of a multi-Region cluster, and snapshots stay in their Region", times.ONE_REGION)


def members_of_cluster(graph: Graph, resource: Resource) -> list[Resource]:
    """The clusters of one multi-Region cluster.

    At home its name is a reference, since MemoryDB makes the first half up; elsewhere it is a text that ends as the
    reference does.
    """
    suffix = _suffix(graph, resource)
    if suffix is None:
        return []
    return [other for other in graph.of_type(_CLUSTER) if other is not resource and _suffix(graph, other) == suffix]


def _suffix(graph: Graph, member: Resource) -> str | None:
    value = member.get("MultiRegionClusterName")
    if value is None:
        return None
    shared = graph.at(value)
    if shared is not None and shared.type == _SHARED:
        return shared.text("MultiRegionClusterNameSuffix")
    return value.partition("-")[2] if isinstance(value, str) and known(value) else None


def _deletion(resource: Resource) -> Judgement:
    """AWS Backup does not know MemoryDB: its own snapshots are all there is."""
    if first_unknown(resource, "SnapshotRetentionLimit"):
        return unknown("SnapshotRetentionLimit is known only at deployment")
    kept = resource.number("SnapshotRetentionLimit") or 0
    if kept < 1:
        return lost("no snapshots are kept", times.NO_BACKUP, snapshots=0)
    return by_runbook("restored from a daily snapshot into a new cluster", facts.RESTORE, facts.DAILY, days=int(kept))


JUDGES: dict[str, Judge] = {_CLUSTER: cluster}
