"""EC2 instances and volumes on their own."""

from __future__ import annotations

from dataclasses import replace

from ..facts import recovery_times as times
from ..graph import Graph, Resource
from ..objectives import Fault
from ..outcomes import Case, Judgement, by_itself, lost, survives, unknown
from ..placement import placement
from ._judge import Judge, restored_elsewhere, restored_here


def instance(graph: Graph, resource: Resource, case: Case) -> Judgement | None:
    """A single EC2 instance: its zone's fate is its own."""
    match case.fault:
        case Fault.INSTANCE:
            return by_itself("EC2 moves it to another host of its zone", times.EC2_RECOVERY)
        case Fault.ZONE:
            return _zone(graph, resource, case)
        case Fault.REGION:
            return restored_elsewhere(graph, resource) or lost("nothing stands for it elsewhere", times.ONE_REGION)
        case Fault.DELETION | Fault.ACCOUNT:
            return restored_here(graph, resource)


def volume(graph: Graph, resource: Resource, case: Case) -> Judgement | None:
    """An EBS volume: it exists in one zone."""
    match case.fault:
        case Fault.INSTANCE:
            return survives("EBS keeps several copies within the zone", times.AT_ONCE)
        case Fault.ZONE:
            return _zone(graph, resource, case)
        case Fault.REGION:
            return restored_elsewhere(graph, resource) or lost("no copy in another Region", times.ONE_REGION)
        case Fault.DELETION | Fault.ACCOUNT:
            return restored_here(graph, resource) or lost("no backup holds the data", times.NO_BACKUP)


def _zone(graph: Graph, resource: Resource, case: Case) -> Judgement:
    placed = placement(graph, resource)
    if not placed.known:
        return unknown("its zone is not in the templates")
    if case.zone and case.zone not in placed.zones:
        return survives("it stands in another zone", times.AT_ONCE, zones=placed.zones)
    if rule := restored_here(graph, resource):
        return replace(rule, says=f"restored in another zone: {rule.says}")
    return lost("it stands in that zone only", times.ONE_ZONE, zones=placed.zones)


JUDGES: dict[str, Judge] = {"AWS::EC2::Instance": instance, "AWS::EC2::Volume": volume}
