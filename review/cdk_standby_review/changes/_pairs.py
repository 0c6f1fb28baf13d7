"""Which stack and which resource of the base is which of the head."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from ..errors import UnreadableInput
from ..estimate import Estimate
from ..graph import Graph, Resource
from ..intrinsics import DEEPEST, Evaluator
from ..locks.kinds import LOCKED
from ..locks.places import Place, found_again, places
from ..locks.words import names_of
from ..outcomes import Outcome
from ..plain import is_list, is_object, list_of, object_of
from ..templates import Template
from ..verdict import Verdict
from ..world import World
from ._snapshots import has_snapshots

NO_VALUE = {"Ref": "AWS::NoValue"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """Base or head, reviewed."""

    graph: Graph
    outcomes: tuple[Outcome, ...]
    estimates: tuple[Estimate, ...]
    verdicts: tuple[Verdict, ...]


class Pairs:
    """The stacks of the base and what became of them."""

    def __init__(self, base: Graph, head: Graph) -> None:
        """Pair the stacks.

        Raises:
            UnreadableInput: no stack is in both.
        """
        self.base, self.head = base, head
        self.was, self.now = places(_deployed(base)), places(_deployed(head))
        self.again = found_again(self.was, self.now) or _only_ones(self.was, self.now)
        if self.was and self.now and not self.again:
            raise UnreadableInput(
                f"base and head are different apps: no stack is in both; the base has {names_of(self.was)}, "
                f"the head {names_of(self.now)}"
            )

    @cached_property
    def _names(self) -> dict[str, str]:
        return {self.again[key].template.name: self.was[key].template.name for key in self.again}

    def before(self, resource: Resource) -> Resource | None:
        """What a resource of the head was in the base; None when it is new, or was of another type."""
        return self._before.get(resource.key)

    @cached_property
    def _before(self) -> dict[tuple[str, str], Resource]:
        there = {resource.key: resource for resource in self.base}
        found: dict[tuple[str, str], Resource] = {}
        for resource in self.head:
            was = there.get((self._names.get(resource.template.name, ""), resource.logical_id))
            if was is not None and was.type == resource.type:
                found[resource.key] = was
        return found

    @property
    def kept(self) -> Iterator[tuple[Resource, Resource]]:
        """Every resource that is in both: as it was, and as it is to be."""
        return ((self._before[resource.key], resource) for resource in self.head if resource.key in self._before)

    @property
    def added(self) -> list[Resource]:
        """What is new."""
        return [resource for resource in self.head if resource.key not in self._before]

    @property
    def removed(self) -> list[Resource]:
        """What is gone."""
        kept = {resource.key for resource in self._before.values()}
        return [resource for resource in self.base if resource.key not in kept]


def _only_ones(was: Mapping[str, Place], now: Mapping[str, Place]) -> dict[str, Place]:
    """One template against one template: their files are called as they like, when they have a resource in common."""
    if len(was) != 1 or len(now) != 1:
        return {}
    (key, one), (other,) = next(iter(was.items())), now.values()
    if any(place.template.name != place.template.file for place in (one, other)):
        return {}  # from an assembly, where the name is that of the stack
    types = {logical_id: object_of(raw).get("Type") for logical_id, raw in other.resources.items()}
    alike = any(object_of(raw).get("Type") == types.get(i) for i, raw in one.resources.items() if i in types)
    return {key: other} if alike or not one.resources or not types else {}


def _deployed(graph: Graph) -> Iterator[Template]:
    """The templates with what they really deploy: conditions decided where their outcome is known."""
    world = World(graph.templates)
    for template in graph.templates:
        there = {resource.logical_id for resource in graph if resource.template is template}
        raw = object_of(template.body.get("Resources"))
        evaluator = world.evaluator(template)
        kept = {name: _settled_resource(evaluator, object_of(raw[name])) for name in raw if name in there}
        yield replace(template, body={**template.body, "Resources": kept})


def _settled_resource(evaluator: Evaluator, raw: dict[str, Any]) -> dict[str, Any]:
    if raw.get("Type") not in LOCKED:
        return raw
    settled = {**raw, "Properties": _settled(evaluator, raw["Properties"], 0)} if "Properties" in raw else raw
    return settled | _in_vain(evaluator, raw)


def _in_vain(evaluator: Evaluator, raw: dict[str, Any]) -> dict[str, str]:
    """The policies that ask for a snapshot where none can be taken, as what they come to."""
    asked = [name for name in ("DeletionPolicy", "UpdateReplacePolicy") if raw.get(name) == "Snapshot"]
    engine = evaluator.value(object_of(raw.get("Properties")).get("Engine")) if asked else None
    return {} if has_snapshots(str(raw["Type"]), str(engine)) else dict.fromkeys(asked, "Delete")


def _settled(evaluator: Evaluator, value: Any, depth: int) -> Any:
    """A value with its conditions and mappings looked up, so that a change behind them is seen."""
    if depth > DEEPEST:
        return value
    if is_list(value):
        settled = [_settled(evaluator, item, depth + 1) for item in value]
        return [item for item in settled if item != NO_VALUE]
    if not is_object(value):
        return value
    branches = list_of(value.get("Fn::If"))
    if len(branches) == 3:
        return _branch(evaluator, str(branches[0]), branches[1:], depth + 1)
    if "Fn::FindInMap" in value:
        found = evaluator.value(value)
        return found if is_list(found) or isinstance(found, str | int | float) else value
    found = {name: _settled(evaluator, inner, depth + 1) for name, inner in value.items()}
    return {name: inner for name, inner in found.items() if inner != NO_VALUE}


def _branch(evaluator: Evaluator, condition: str, branches: list[Any], depth: int) -> Any:
    """What a condition chooses; both, where only a deployment can tell."""
    holds = evaluator.condition(condition)
    settled = [_settled(evaluator, branch, depth) for branch in branches]
    return {"Fn::If": [condition, *settled]} if holds is None else settled[0 if holds else 1]
