"""Auto Scaling groups."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..facts import recovery_times as times
from ..graph import Graph, Resource
from ..objectives import Fault
from ..outcomes import Case, Judgement, by_itself, by_runbook, lost, survives, unknown
from ..placement import placement
from ._hot_spare import spared
from ._judge import Judge, served_elsewhere
from ._kept import kept


def group(graph: Graph, resource: Resource, case: Case) -> Judgement | None:
    """An Auto Scaling group under a fault."""
    if case.fault is Fault.DELETION or case.fault is Fault.ACCOUNT:
        return None
    minimum = kept(graph, resource)
    if minimum is None:
        return unknown("MinSize is known only at deployment")
    if minimum == 0 and case.fault is not Fault.REGION:
        return survives("it runs no instance that could be lost", times.AT_ONCE, MinSize=0)
    match case.fault:
        case Fault.INSTANCE:
            return spared(graph, resource, case) or _counted(resource, _instance(minimum), minimum)
        case Fault.ZONE:
            judged = spared(graph, resource, case) or _zone(graph, resource, case, minimum)
            return _counted(resource, judged, minimum)
        case Fault.REGION:
            return _region(graph, resource, case)


def _counted(resource: Resource, judgement: Judgement, count: float) -> Judgement:
    """A judgement that rests on DesiredCapacity says so: nothing in the templates scales the group in."""
    if judgement.evidence.get("MinSize") is None or count == resource.number("MinSize"):
        return judgement
    evidence = {**judgement.evidence, "MinSize": resource.number("MinSize"), "DesiredCapacity": count}
    return replace(judgement, evidence=evidence)


def _instance(minimum: float) -> Judgement:
    if minimum >= 2:
        return survives("the other instances serve while one is replaced", times.AT_ONCE, MinSize=minimum)
    return by_itself("the group starts another instance", times.INSTANCE_START, MinSize=minimum)


def _zone(graph: Graph, resource: Resource, case: Case, minimum: float) -> Judgement:
    placed = placement(graph, resource)
    if not placed.known:
        return unknown("the templates do not say which zones its subnets are in")
    if case.zone and case.zone not in placed.zones:
        return survives("none of its subnets is in that zone", times.AT_ONCE, zones=placed.zones)
    if not placed.spread:
        others = elsewhere(graph, resource)
        if others and minimum >= 1:
            zones = tuple(sorted({zone for other in others for zone in placement(graph, other).zones}))
            return survives(
                f"its copies in {', '.join(zones)} serve; it comes back with its zone", times.AT_ONCE, zones=zones
            )
        return lost("all its subnets are in one zone", times.ONE_ZONE, zones=placed.zones)
    if minimum >= 2:
        return survives("the instances in the other zones serve", times.AT_ONCE, MinSize=minimum, zones=placed.zones)
    return by_itself("the group starts its one instance in another zone", times.INSTANCE_START, MinSize=minimum)


def elsewhere(graph: Graph, resource: Resource) -> list[Resource]:
    """The groups that run the same in other zones: of its stack and launch template, each pinned like it."""
    template, zones = _template(resource), placement(graph, resource).zones
    return [
        other
        for other in graph.of_type(resource.type)
        if other.template.name == resource.template.name
        and template is not None
        and _template(other) == template
        and (kept(graph, other) or 0) >= 1
        and placement(graph, other).known
        and not set(placement(graph, other).zones) & set(zones)
    ]


def _template(resource: Resource) -> Any:
    """The launch template of a group, as it is referred to."""
    mixed = resource.get("MixedInstancesPolicy", "LaunchTemplate", "LaunchTemplateSpecification", "LaunchTemplateId")
    return mixed or resource.get("LaunchTemplate", "LaunchTemplateId")


def _region(graph: Graph, resource: Resource, case: Case) -> Judgement:
    if waiting := served_elsewhere(graph, resource, case):
        return waiting
    twin = graph.twin(resource)
    if twin is None:
        return lost("no group stands for it in another Region", times.ONE_REGION)
    own, there = kept(graph, resource) or 0, kept(graph, twin)
    if there is not None and there >= own:
        runs: dict[str, Any] = {"MinSize" if there == twin.number("MinSize") else "DesiredCapacity": there}
        return by_itself(f"the group in {twin.region} already runs as many", times.AT_ONCE, **runs)
    judgement = by_runbook(
        f"the group in {twin.region} is raised from {there or 0:g} to {own:g} instances", times.INSTANCE_START,
        standby=there, full=own,
    )  # fmt: skip
    return replace(judgement, evidence={**judgement.evidence, "twin": twin.name})


JUDGES: dict[str, Judge] = {"AWS::AutoScaling::AutoScalingGroup": group}
