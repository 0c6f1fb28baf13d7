"""A rule about templates that can never be deployed: resources that wait for one another in a circle."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..findings import Found, rule
from ..graph import Graph, Resource
from ..intrinsics import DEEPEST, Evaluator
from ..plain import is_list, is_object, list_of, object_of
from ..templates import Template
from ..world import World

PAGE = (
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html"
    "#troubleshooting-errors-dependency-error"
)
WHY = "CloudFormation refuses a template whose resources wait for one another in a circle"
_NAME = re.compile(r"\$\{([^}!][^}]*)\}")
Needs = Mapping[str, frozenset[str]]
NOTHING: frozenset[str] = frozenset()


def circles(graph: Graph) -> Iterable[Found]:
    """Resources of one template that need one another, by DependsOn, Ref, Fn::GetAtt or Fn::Sub."""
    world = World(graph.templates)
    for template in graph.templates:
        if all(name.startswith("AWS::") for name in template.transforms):  # another macro writes what it likes
            there = {r.logical_id: r for r in graph.inside([template.name]) if not _is_written_anew(r)}
            for circle in _of_template(template, there, world.evaluator(template)):
                fix = f"take one of these references away, such as that of {circle[-1]} to {circle[0]}"
                yield there[circle[0]], f"{' -> '.join((*circle, circle[0]))} is a circle", fix


def _is_written_anew(resource: Resource) -> bool:
    """Whether a macro of AWS puts other resources in the place of this one."""
    return resource.type.startswith(("AWS::Serverless::", "Fn::"))


def _of_template(template: Template, there: Mapping[str, Resource], evaluator: Evaluator) -> Iterator[list[str]]:
    raw = object_of(template.body.get("Resources"))
    reader = _Reader(frozenset(there), evaluator)
    needs = {name: reader.needs(object_of(raw[name])) for name in sorted(there)}
    for circle in _circles(needs):
        undecided = {reader.undecided(object_of(raw[name])) for name in circle} - {""}
        if len(undecided) <= 1:  # of several, no deployment may ever have all
            yield circle


class _Reader:
    """Reads which resources of its template a resource needs; shared parts of a template are read once."""

    def __init__(self, names: frozenset[str], evaluator: Evaluator) -> None:
        self._names, self._evaluator = names, evaluator
        self._read: dict[int, frozenset[str]] = {}

    def needs(self, resource: Mapping[str, Any]) -> frozenset[str]:
        """The logical ids that a resource has to wait for."""
        said = resource.get("DependsOn")
        named = {str(each) for each in (list_of(said) if is_list(said) else [said])}
        return (self._names & named) | self._of(resource.get("Properties"), 0)

    def undecided(self, resource: Mapping[str, Any]) -> str:
        """The condition of a resource that only a deployment decides; empty for none."""
        name = str(resource.get("Condition", ""))
        return name if name and self._evaluator.condition(name) is None else ""

    def _of(self, value: Any, depth: int) -> frozenset[str]:
        if depth > DEEPEST or not (is_list(value) or is_object(value)):
            return NOTHING
        if id(value) in self._read:
            return self._read[id(value)]
        self._read[id(value)] = NOTHING  # for a value that holds itself
        if is_list(value):
            self._read[id(value)] = self._in_list(value, depth)
        elif is_object(value):
            self._read[id(value)] = self._in_object(value, depth)
        return self._read[id(value)]

    def _in_list(self, items: Iterable[Any], depth: int) -> frozenset[str]:
        return NOTHING.union(*(self._of(item, depth + 1) for item in items))

    def _in_object(self, value: Mapping[str, Any], depth: int) -> frozenset[str]:
        if len(value) != 1:
            return self._in_list(value.values(), depth)
        [(function, given)] = value.items()
        match function:
            case "Ref":
                return frozenset({str(given)}) & self._names
            case "Fn::GetAtt":
                first = given.split(".")[0] if isinstance(given, str) else next(iter(list_of(given)), "")
                return frozenset({str(first)}) & self._names
            case "Fn::Sub":
                return self._in_text(given, depth)
            case "Fn::If":
                return self._in_branches(list_of(given), depth)
            case _:
                return self._of(given, depth + 1)

    def _in_text(self, given: Any, depth: int) -> frozenset[str]:
        """What a text names, where the text itself does not say what the name stands for."""
        parts: list[Any] = [*list_of(given), "", {}] if is_list(given) else [given, {}]
        text, own = parts[0], object_of(parts[1])
        named = {name.split(".")[0] for name in _NAME.findall(str(text)) if name not in own}
        return (self._names & named) | self._in_list(own.values(), depth)

    def _in_branches(self, given: list[Any], depth: int) -> frozenset[str]:
        """What the branch needs that is taken; where only a deployment tells, what both need."""
        if len(given) != 3:
            return NOTHING
        holds = self._evaluator.condition(str(given[0]))
        first, second = (self._of(branch, depth + 1) for branch in given[1:])
        return first & second if holds is None else first if holds else second


def _circles(needs: Needs) -> Iterator[list[str]]:
    """Circles that share no resource, each from its first name on: a walk in depth that meets its own way again."""
    done: set[str] = set()
    told: set[str] = set()
    for root in needs:
        way = {root: _ahead(needs, root)} if root not in done else {}
        while way:
            here = next(reversed(way))
            there = next(way[here], None)
            if there is None:
                way.popitem()
                done.add(here)
            elif there in way:
                if there not in told:
                    circle = _from([*way], there)
                    told.update(circle)
                    yield circle
            elif there not in done:
                way[there] = _ahead(needs, there)


def _ahead(needs: Needs, name: str) -> Iterator[str]:
    return iter(sorted(needs[name]))


def _from(way: list[str], met: str) -> list[str]:
    circle = way[way.index(met) :]
    first = circle.index(min(circle))
    return [*circle[first:], *circle[:first]]


RULES = (rule("circular-dependency", circles, WHY, PAGE),)
