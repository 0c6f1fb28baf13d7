"""DocumentDB and Neptune: a volume over three zones, and instances over it, as Aurora has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..facts import Fact, Range
from ..facts import cluster_volumes as facts
from ..facts import recovery_times as times
from ..graph import Graph, Resource
from ..objectives import Fault
from ..outcomes import Case, Judgement, by_itself, by_runbook, lost, survives, unknown
from ..placement import Placement
from ._by_fault import ByFault, backups_alone, copies_alone, of_group
from ._judge import Judge, restored_elsewhere, restored_here, served_elsewhere

_DAYS = "BackupRetentionPeriod"


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """One service of this build: its types, and how long it takes."""

    types: str
    failover: Fact[Range]
    recreate: Fact[Range]
    point_in_time: Fact[Range]
    lag: Fact[Range]

    def judge(self) -> ByFault:
        """The judge of its clusters."""
        return ByFault(
            instance=self.instance,
            zone=self.zone,
            region=self.region,
            deletion=self.deletion,
            reads={Fault.DELETION: (_DAYS,)},
        )

    def instance(self, graph: Graph, cluster: Resource, _case: Case) -> Judgement:
        """A host is lost."""
        count = len(self._members(graph, cluster))
        if count == 0:
            return survives("the cluster has no instance that could be lost", times.AT_ONCE, instances=0)
        if count >= 2:
            return by_itself("a replica is promoted", self.failover, instances=count)
        return by_itself("a new instance is made, since there is no replica", self.recreate, instances=count)

    def zone(self, graph: Graph, cluster: Resource, case: Case) -> Judgement:
        """A zone is lost: the volume is in two more."""
        members, placed = self._members(graph, cluster), self._placed(graph, cluster)
        named = [zone for member in members if (zone := member.text("AvailabilityZone"))]
        free = len(members) - len(named)
        if not members or (case.zone and not free and case.zone not in named):
            return survives("storage spans three zones, and no instance stands in that one", times.AT_ONCE)
        if placed.known and case.zone and case.zone not in {*placed.zones, *named}:
            return survives("none of its subnets is in that zone", times.AT_ONCE, zones=placed.zones)
        if free >= 2 and not placed.known:
            return unknown("the templates do not say which zones its subnets are in")
        if any(zone != case.zone for zone in named) or (placed.spread and free >= 2):
            return by_itself("a replica in another zone is promoted", self.failover, instances=len(members))
        return by_runbook(
            "storage survives in other zones, but no replica stands there; somebody adds an instance", self.recreate,
            instances=len(members),
        )  # fmt: skip

    def region(self, graph: Graph, cluster: Resource, case: Case) -> Judgement:
        """A Region is lost."""
        if waiting := served_elsewhere(graph, cluster, case):
            return waiting
        others = self._others(graph, cluster)
        if leading := next((o for o in others if _is_born(o) and not _is_born(cluster)), None):
            return survives(f"the primary cluster in {leading.region} goes on", times.AT_ONCE, primary=leading.name)
        if others:
            where = ", ".join(sorted({other.region for other in others}))
            return by_runbook(
                f"the secondary cluster in {where} is promoted", facts.PROMOTION, self.lag, secondary=where
            )
        return restored_elsewhere(graph, cluster) or lost(
            "no secondary cluster and no copy of a backup in another Region", times.ONE_REGION
        )

    def deletion(self, graph: Graph, cluster: Resource, _case: Case) -> Judgement:
        """Data is deleted: the least that is kept is one day."""
        days = cluster.number(_DAYS)
        if days is None or days > 0:
            return by_runbook(
                "restored to a point in time into a new cluster", times.RESTORE, self.point_in_time,
                BackupRetentionPeriod=1 if days is None else days,
            )  # fmt: skip
        return restored_here(graph, cluster) or lost("no backup holds the data", times.NO_BACKUP)

    def _members(self, graph: Graph, cluster: Resource) -> Sequence[Resource]:
        kind = f"{self.types}::DBCluster"
        return [
            instance
            for instance in graph.of_type(f"{self.types}::DBInstance")
            if graph.named(instance.get("DBClusterIdentifier"), "DBClusterIdentifier", kind, region=instance.region)
            is cluster
        ]

    def _placed(self, graph: Graph, cluster: Resource) -> Placement:
        return of_group(graph, cluster, "DBSubnetGroupName", f"{self.types}::DBSubnetGroup", "DBSubnetGroupName")

    def _others(self, graph: Graph, cluster: Resource) -> list[Resource]:
        name = self._global(graph, cluster)
        return [
            other
            for other in graph.of_type(cluster.type)
            if name and other.region != cluster.region and self._global(graph, other) == name
        ]

    def _global(self, graph: Graph, cluster: Resource) -> str:
        """The global cluster that it belongs to, by the name that the Regions agreed on."""
        value = cluster.get("GlobalClusterIdentifier")
        container = graph.at(value)
        name = (container.text("GlobalClusterIdentifier") or container.logical_id) if container else value
        return str(name).lower() if name is not None else ""


def _is_born(cluster: Resource) -> bool:
    """Whether a cluster of a global one is its primary: only that one is told its user."""
    return any(cluster.get(name) is not None for name in ("MasterUsername", "ManageMasterUserPassword"))


DOCDB = Family(
    types="AWS::DocDB",
    failover=facts.DOCDB_FAILOVER,
    recreate=facts.DOCDB_RECREATE,
    point_in_time=facts.DOCDB_POINT_IN_TIME,
    lag=facts.DOCDB_LAG,
)
NEPTUNE = Family(
    types="AWS::Neptune",
    failover=facts.NEPTUNE_FAILOVER,
    recreate=facts.NEPTUNE_RECREATE,
    point_in_time=facts.NEPTUNE_POINT_IN_TIME,
    lag=facts.NEPTUNE_LAG,
)


def member(_graph: Graph, _resource: Resource, _case: Case) -> Judgement | None:
    """An instance of a cluster, which is judged with its cluster."""
    return None


def _replicated(count: str, least: int) -> Judge:
    """A judge of what stands over several zones when it has enough instances."""

    def judge(_graph: Graph, resource: Resource, case: Case) -> Judgement:
        there = resource.number(count)
        if there is None or there >= least:
            found = by_itself("a replica in another zone takes over", facts.DOCDB_FAILOVER)
        elif case.fault is Fault.INSTANCE:
            found = by_itself("it has no replica, and is made anew", facts.SHARDS_RECREATE)
        else:
            found = by_runbook("it has no replica, and is made anew in another zone", facts.SHARDS_RECREATE)
        return replace(found, evidence={count: there})

    return judge


def _kept(graph: Graph, resource: Resource, case: Case) -> Judgement:
    days = resource.number(_DAYS)
    if resource.type == "AWS::DocDBElastic::Cluster" and (days is None or days > 0):
        return by_runbook("restored from an automatic snapshot into a new cluster", times.RESTORE, times.POINT_IN_TIME)
    return backups_alone(graph, resource, case)


def _sharded(count: str, least: int) -> ByFault:
    both = _replicated(count, least)
    reads = {Fault.INSTANCE: (count,), Fault.ZONE: (count,), Fault.DELETION: (_DAYS,)}
    return ByFault(instance=both, zone=both, region=copies_alone(), deletion=_kept, reads=reads)


JUDGES: dict[str, Judge] = {
    "AWS::DocDB::DBCluster": DOCDB.judge(),
    "AWS::DocDB::DBInstance": member,
    "AWS::DocDBElastic::Cluster": _sharded("ShardInstanceCount", 2),
    "AWS::Neptune::DBCluster": NEPTUNE.judge(),
    "AWS::Neptune::DBInstance": member,
    "AWS::NeptuneGraph::Graph": _sharded("ReplicaCount", 1),
}
