"""What a judge is, and what several judges share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ..facts import Range
from ..facts import recovery_times as times
from ..facts.backup import CONTINUOUS
from ..graph import Graph, Resource
from ..intrinsics import known
from ..outcomes import Case, Judgement, by_itself, by_runbook, lost, survives
from ..protection import backups_of
from ..restored import from_copies
from ..snapshot_policies import POLICY

Judge = Callable[[Graph, Resource, Case], Judgement | None]
"""What a fault does to a resource; None when it does not reach it."""


def is_struck(resource: Resource, case: Case) -> bool:
    """Whether a fault's place is this resource's: faults without a place are everywhere."""
    if case.account and resource.template.account not in {None, case.account}:
        return False
    return not case.region or not resource.region or resource.region == case.region


def first_unknown(resource: Resource, *properties: str) -> str | None:
    """The first of some properties that only a deployment can tell."""
    return next((name for name in properties if not known(resource.get(name))), None)


def served_elsewhere(graph: Graph, resource: Resource, case: Case) -> Judgement | None:
    """A Region is lost that does not serve: what stood there was a copy."""
    deployment = graph.deployment_of(resource)
    active, record = deployment.active, deployment.inferred_from
    if not active or active == case.region:
        return None
    if record:
        says = f"{active} serves, as the PRIMARY record {record} says; what stood here was waiting"
        return survives(says, times.AT_ONCE, active=active, inferred_from=record)
    return survives(f"{active} serves; what stood here was waiting", times.AT_ONCE, active=active)


def serves_everywhere(graph: Graph, resource: Resource) -> bool:
    """Whether every Region of its deployment serves, and writes what it may write: none of them only waits."""
    return graph.deployment_of(resource).strategy == "multi-site"


def with_its_region(graph: Graph, resource: Resource, case: Case, what: str, does: str = "") -> Judgement:
    """The fate of what keeps no data of its own: a twin stands in another Region, or nothing does.

    Args:
        graph: All resources.
        resource: What is struck.
        case: The loss of its Region.
        what: What to call it.
        does: What the one in the other Region does, and what it does not have; left out, it runs.
    """
    if waiting := served_elsewhere(graph, resource, case):
        return waiting
    if twin := graph.twin(resource):
        says = f"its twin in {twin.region} already runs; traffic decides"
        return by_itself(f"{what} in {twin.region} {does}" if does else says, times.AT_ONCE, twin=twin.name)
    return lost(f"{what} is gone until the Region returns; nothing stands for it in another Region", times.ONE_REGION)


def plumbing(graph: Graph, resource: Resource, case: Case, what: str, does: str = "") -> Judgement:
    """A Region is lost with what serves only its inside: whoever needs it there is gone too, and judged itself."""
    return replace(with_its_region(graph, resource, case, what, does), vital=False)


def not_vital(judgement: Judgement | None) -> Judgement | None:
    """Worth knowing, but the workload does not stand still without it."""
    return None if judgement is None else replace(judgement, vital=False)


def restored_elsewhere(graph: Graph, resource: Resource) -> Judgement | None:
    """A Region is lost and copies of backups lie in another one, which can or cannot be opened there."""
    return from_copies(graph, resource)


def restored_here(graph: Graph, resource: Resource) -> Judgement | None:
    """Data is deleted or corrupted and a backup plan covers the resource."""
    rules = [r for r in backups_of(graph, resource) if r.interval is not None]
    if not rules:
        return None
    always = resource.type in CONTINUOUS.value
    best = min(times.POINT_IN_TIME.value.high if always and r.continuous else (r.interval or 0) for r in rules)
    plan = rules[0].plan.name
    kind = "snapshot policy" if rules[0].plan.type == POLICY else "backup plan"
    judgement = by_runbook(f"restored from the {kind} {plan}", times.RESTORE, times.POINT_IN_TIME, plan=plan)
    return replace(judgement, rpo=Range(0, best))
