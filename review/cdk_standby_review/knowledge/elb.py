"""Elastic Load Balancing."""

from __future__ import annotations

from dataclasses import replace

from ..facts import Range
from ..facts import recovery_times as times
from ..graph import Graph, Resource
from ..objectives import Fault
from ..outcomes import Case, Fate, Judgement, survives, unknown
from ..placement import Placement, placement
from ..traffic import moves_traffic
from ._fleet import in_any
from ._judge import Judge, with_its_region


def balancer(graph: Graph, resource: Resource, case: Case) -> Judgement | None:
    """A load balancer of any kind."""
    match case.fault:
        case Fault.INSTANCE:
            return survives("AWS runs several nodes of it", times.AT_ONCE)
        case Fault.ZONE:
            return _zone(graph, resource, case)
        case Fault.REGION:
            return entrance(graph, resource, case, "the load balancer")
        case Fault.DELETION | Fault.ACCOUNT:
            return None


def entrance(graph: Graph, resource: Resource, case: Case, what: str) -> Judgement:
    """A Region is lost with what users enter by: a twin in another Region helps where something leads there."""
    judgement = with_its_region(graph, resource, case, what)
    if judgement.fate is Fate.ITSELF and not moves_traffic(graph):
        return unknown("its twin in another Region runs, but nothing in the templates moves traffic there")
    return judgement


def _zone(graph: Graph, resource: Resource, case: Case) -> Judgement:
    placed = placement(graph, resource)
    left = replace(_others_answer(resource, placed), rto=Range(0, times.ZONE_EVICTION.value.high))
    return in_any(placed, case, left)


def _others_answer(resource: Resource, placed: Placement) -> Judgement:
    if resource.text("Type") == "gateway":
        says = "its nodes in other zones send packets on; the endpoint in the lost zone goes with its clients"
    elif resource.text("Type") == "network" and not _crosses(resource):
        says = "its nodes in other zones answer, each over the targets of its own zone; the lost one's address fails "
        says += "until DNS drops it"
    else:
        says = "its nodes in other zones answer; requests to the lost one fail until DNS drops it"
    return survives(says, times.ZONE_EVICTION, zones=placed.zones)


def _crosses(resource: Resource) -> bool:
    """Whether it balances over zones; what AWS does when nobody says so is no."""
    chosen = {item.get("Key"): item.get("Value") for item in resource.items("LoadBalancerAttributes")}
    return str(chosen.get("load_balancing.cross_zone.enabled", "false")).lower() == "true"


JUDGES: dict[str, Judge] = {
    "AWS::ElasticLoadBalancing::LoadBalancer": balancer,
    "AWS::ElasticLoadBalancingV2::LoadBalancer": balancer,
}
