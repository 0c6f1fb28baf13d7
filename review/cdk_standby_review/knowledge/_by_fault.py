"""Judges that are made of parts: one for each fault, and what several of them share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ..facts import Fact, Range
from ..facts import recovery_times as times
from ..graph import Graph, Resource
from ..intrinsics import known
from ..objectives import Fault
from ..outcomes import Case, Judgement, lost, survives, unknown
from ..placement import Placement, of_subnets
from ._judge import Judge, restored_elsewhere, restored_here, served_elsewhere


@dataclass(frozen=True, slots=True, kw_only=True)
class ByFault:
    """A judge of its own for each fault; one left out is not felt."""

    instance: Judge | None = None
    zone: Judge | None = None
    region: Judge | None = None
    deletion: Judge | None = None
    reads: Mapping[Fault, tuple[str, ...]] = field(default_factory=dict[Fault, tuple[str, ...]])
    """The properties that decide, dotted where they are nested: when one is not known, nothing is guessed."""
    vital: bool = True

    def __call__(self, graph: Graph, resource: Resource, case: Case) -> Judgement | None:
        """A resource under a fault."""
        parts = {
            Fault.INSTANCE: self.instance,
            Fault.ZONE: self.zone,
            Fault.REGION: self.region,
            Fault.DELETION: self.deletion,
        }
        judge = parts.get(case.fault)
        if judge is None:
            return None
        gap = next((name for name in self.reads.get(case.fault, ()) if not is_told(resource, name)), None)
        found = unknown(f"{gap} is known only at deployment") if gap else judge(graph, resource, case)
        return replace(found, vital=False) if found and not self.vital else found


def is_told(resource: Resource, dotted: str) -> bool:
    """Whether a property is known at synth, and all that it stands in."""
    names = dotted.split(".")
    return all(known(resource.get(*names[:depth])) for depth in range(1, len(names) + 1))


def goes_on(fact: Fact[Range]) -> Judge:
    """A judge of what a fault does not stop."""

    def judge(_graph: Graph, _resource: Resource, _case: Case) -> Judgement:
        return survives(fact.says, fact)

    return judge


def copies_alone(says: str = "no copy of it is in another Region") -> Judge:
    """A judge of what only copies of backups bring back when its Region is lost.

    Args:
        says: What is said when there are none; left out, that.
    """

    def judge(graph: Graph, resource: Resource, case: Case) -> Judgement:
        waiting = served_elsewhere(graph, resource, case) or restored_elsewhere(graph, resource)
        return waiting or lost(says, times.ONE_REGION)

    return judge


def backups_alone(graph: Graph, resource: Resource, _case: Case) -> Judgement:
    """A judge of what only a backup plan brings back when its data is deleted."""
    return restored_here(graph, resource) or lost("no backup in the templates holds the data", times.NO_BACKUP)


def out_of_reach(placed: Placement, case: Case) -> Judgement | None:
    """A zone is lost in which it cannot stand."""
    if placed.known and case.zone and case.zone not in placed.zones:
        return survives("it cannot stand in that zone", times.AT_ONCE, zones=placed.zones)
    return None


def of_group(graph: Graph, resource: Resource, property: str, kind: str, named: str) -> Placement:
    """The zones of the subnet group that a resource names, by reference or by its name."""
    group = graph.named(resource.get(property), named, kind, region=resource.region)
    return of_subnets(graph, group.get("SubnetIds") if group else None)
