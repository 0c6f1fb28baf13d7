"""What several services share that keep a number of equal things running: tasks, nodes, instances."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from ..facts import Fact, Range
from ..facts import recovery_times as times
from ..graph import Graph, Resource
from ..objectives import Fault
from ..outcomes import Case, Judgement, by_itself, by_runbook, lost, survives, unknown
from ..placement import Placement
from ._judge import served_elsewhere


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """Equal things that a service keeps running."""

    one: str
    many: str
    keeper: str
    """Who starts another one."""
    start: Fact[Range]
    count: Callable[[Graph, Resource], float | None]
    """How many run at least; None when only a deployment can tell."""
    place: Callable[[Graph, Resource], Placement]
    spread: Callable[[Resource], bool] = lambda _: True
    """Whether they are spread over the zones that they may use."""

    def __call__(self, graph: Graph, resource: Resource, case: Case) -> Judgement | None:
        """The fleet under a fault."""
        count = self.count(graph, resource)
        match case.fault:
            case Fault.INSTANCE:
                return self._instance(count)
            case Fault.ZONE:
                return self._zone(self.place(graph, resource), resource, case, count)
            case Fault.REGION:
                return self._region(graph, resource, case, count)
            case Fault.DELETION | Fault.ACCOUNT:
                return None

    def _instance(self, count: float | None) -> Judgement:
        if count == 0:
            return survives(f"it runs no {self.one} that could be lost", times.AT_ONCE)
        if count is None:
            return unknown(f"how many {self.many} it runs is known only at deployment")
        if count >= 2:
            return survives(f"the other {self.many} serve while one is replaced", times.AT_ONCE, count=count)
        return by_itself(f"{self.keeper} starts another {self.one}", self.start, count=count)

    def _zone(self, placed: Placement, resource: Resource, case: Case, count: float | None) -> Judgement:
        if count == 0:
            return survives(f"it runs no {self.one} that could be lost", times.AT_ONCE)
        if placed.spread and count is None:
            return unknown(f"how many {self.many} it runs is known only at deployment")
        return in_any(placed, case, self._left(placed, resource, count or 0))

    def _left(self, placed: Placement, resource: Resource, count: float) -> Judgement:
        """A zone is lost, and others are left."""
        if count < 2:
            says = f"{self.keeper} starts its one {self.one} in another zone"
            return by_itself(says, self.start, count=count, zones=placed.zones)
        if not self.spread(resource):
            says = f"its {self.many} may all be in the zone that is lost; {self.keeper} starts them in another one"
            return by_itself(says, self.start, count=count, zones=placed.zones)
        return survives(f"the {self.many} in the other zones serve", times.AT_ONCE, count=count, zones=placed.zones)

    def _region(self, graph: Graph, resource: Resource, case: Case, own: float | None) -> Judgement:
        if waiting := served_elsewhere(graph, resource, case):
            return waiting
        twin = graph.twin(resource)
        if twin is None:
            return lost(f"no {self.many} run in another Region in its stead", times.ONE_REGION)
        there = self.count(graph, twin)
        if own is None or there is None:
            return unknown(f"how many {self.many} run in {twin.region} is known only at deployment", twin=twin.name)
        if there >= own:
            return by_itself(f"as many {self.many} already run in {twin.region}", times.AT_ONCE, twin=twin.name)
        says = f"its twin in {twin.region} is raised from {there:g} to {own:g} {self.many}"
        judgement = by_runbook(says, self.start, standby=there, full=own)
        return replace(judgement, evidence={**judgement.evidence, "twin": twin.name})


def in_any(placed: Placement, case: Case, left: Judgement) -> Judgement:
    """A zone is lost with one of the subnets that something may use: what is left decides, where anything is."""
    if not placed.known:
        return unknown("the templates do not say which zones its subnets are in")
    if case.zone and case.zone not in placed.zones:
        return survives("none of its subnets is in that zone", times.AT_ONCE, zones=placed.zones)
    if not placed.spread:
        return lost("all its subnets are in one zone", times.ONE_ZONE, zones=placed.zones)
    return left
