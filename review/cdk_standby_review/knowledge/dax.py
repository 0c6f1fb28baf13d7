"""DAX: a cache in front of tables; what it held is in the tables."""

from __future__ import annotations

from ..facts import dax as facts
from ..facts import recovery_times as times
from ..graph import Graph, Resource
from ..objectives import Fault
from ..outcomes import Case, Judgement, by_itself, lost, unknown
from ..placement import Placement, placement
from ._judge import Judge, first_unknown, with_its_region


def cluster(graph: Graph, resource: Resource, case: Case) -> Judgement | None:
    """A DAX cluster under a fault. Deletion loses nothing: the tables are judged by themselves."""
    match case.fault:
        case Fault.INSTANCE:
            return _instance(resource)
        case Fault.ZONE:
            return _zone(graph, resource, case)
        case Fault.REGION:
            return with_its_region(graph, resource, case, "the cache")
        case Fault.DELETION | Fault.ACCOUNT:
            return None


def _instance(resource: Resource) -> Judgement:
    nodes = resource.number("ReplicationFactor")
    if nodes is None:
        return unknown("ReplicationFactor is known only at deployment")
    if nodes < 2:
        return by_itself("its only node is replaced, and empty then", facts.NODE_REPLACED, nodes=1)
    return by_itself(facts.FAILOVER.says, facts.FAILOVER, nodes=int(nodes))


def _zone(graph: Graph, resource: Resource, case: Case) -> Judgement | None:
    nodes = resource.number("ReplicationFactor")
    placed = _placed(graph, resource)
    if nodes is None or not placed.known or first_unknown(resource, "AvailabilityZones"):
        return unknown("its zones are not in the templates")
    if case.zone and case.zone not in placed.zones:
        return None
    others = [zone for zone in placed.zones if zone != (case.zone or placed.zones[0])]
    if others and nodes > 1:
        return by_itself(facts.FAILOVER.says, facts.FAILOVER, zones=placed.zones)
    return lost("all its nodes are in one zone", times.ONE_ZONE, zones=placed.zones)


def _placed(graph: Graph, resource: Resource) -> Placement:
    """The zones that it names for its nodes, or those of its subnets, over which DAX spreads them."""
    if resource.get("AvailabilityZones"):
        return placement(graph, resource)
    group = graph.named(
        resource.get("SubnetGroupName"), "SubnetGroupName", "AWS::DAX::SubnetGroup", region=resource.region
    )
    return placement(graph, group) if group else Placement((), known=False)


JUDGES: dict[str, Judge] = {"AWS::DAX::Cluster": cluster}
