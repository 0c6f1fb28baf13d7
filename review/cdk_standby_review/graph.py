"""The resources of all templates, with their references, and the deployments they belong to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import isfinite
from typing import Any, TypeVar, cast

from .deployments import Deployment, deployments_of
from .intrinsics import Reference, references_in
from .nesting import NESTING
from .objectives import Objectives
from .plain import is_list, is_object, list_of, object_of, within
from .serving import inferred
from .templates import Template
from .twins import Twins
from .world import World

Key = tuple[str, str]
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Resource:
    """One resource of one template, its properties evaluated."""

    template: Template
    logical_id: str
    type: str
    properties: Mapping[str, Any]
    path: str = ""
    deletion_policy: str = "Delete"
    references: tuple[Reference, ...] = field(default=(), repr=False)

    @property
    def key(self) -> Key:
        """What tells it from every other resource of the review."""
        return (self.template.name, self.logical_id)

    @property
    def region(self) -> str:
        """The Region it is deployed to; empty when the template does not say."""
        return self.template.region or ""

    @property
    def name(self) -> str:
        """What to call it in a report."""
        return self.path or f"{self.template.name}/{self.logical_id}"

    def get(self, *names: str) -> Any:
        """A nested property, or None."""
        return within(self.properties, *names)

    def text(self, *names: str) -> str | None:
        """A property that is known, as text."""
        found = self.get(*names)
        return str(found) if isinstance(found, str | int | float) and not isinstance(found, bool) else None

    def number(self, *names: str) -> float | None:
        """A property that is a known number, also when it is written as text."""
        text = self.text(*names)
        try:
            found = None if text is None else float(text)
        except ValueError:
            return None
        return found if found is None or isfinite(found) else None

    def flag(self, *names: str) -> bool | None:
        """A property that is known to be true or false, also when it is written as text."""
        return {"true": True, "false": False}.get(str(self.get(*names)).lower())

    def items(self, *names: str) -> list[dict[str, Any]]:
        """A property that is a list of objects."""
        return [item for item in list_of(self.get(*names)) if is_object(item)]


class Graph:
    """Everything that the templates say, ready to be asked."""

    def __init__(
        self,
        templates: Iterable[Template],
        objectives: Objectives | None = None,
        *,
        numbered: str = "",
        zone: str = "",
    ) -> None:
        """Build the graph.

        Args:
            templates: What is reviewed.
            objectives: What every deployment is held to; left out, what its own templates promise.
            numbered: A zone that is only numbered, to ask what if it is one with a name; left out, nobody asks.
            zone: That name.
        """
        self._objectives = objectives
        self.templates = tuple(sorted(templates, key=lambda t: t.name))
        world = World(self.templates)
        same = (numbered, zone) if numbered else None
        built = (resource for template in self.templates for resource in _resources(template, world, same))
        self.resources: tuple[Resource, ...] = tuple(sorted(built, key=lambda r: r.key))
        self._by_key = {r.key: r for r in self.resources}
        self._by_type: dict[str, list[Resource]] = defaultdict(list)
        self._by_template: dict[str, list[Resource]] = defaultdict(list)
        self._memory: dict[str, object] = {}
        self._users: dict[Key, list[Resource]] = defaultdict(list)
        for resource in self.resources:
            self._by_type[resource.type].append(resource)
            self._by_template[resource.template.name].append(resource)
            passes_on = resource.type in NESTING  # who uses it then stands in the nested stack
            for key in () if passes_on else {(r.template, r.logical_id) for r in resource.references}:
                self._users[key].append(resource)

    def if_same(self, numbered: str, zone: str) -> Graph:
        """The same templates, would a numbered zone (`zone 1 of eu-west-1`) be one with a name (`eu-west-1a`)."""
        return Graph(self.templates, self._objectives, numbered=numbered, zone=zone)

    def __iter__(self) -> Iterator[Resource]:
        return iter(self.resources)

    def of_type(self, *types: str) -> list[Resource]:
        """All resources of some types."""
        return [resource for each in types for resource in self._by_type.get(each, [])]

    def inside(self, templates: Iterable[str]) -> Iterator[Resource]:
        """All resources of some templates."""
        return (resource for name in sorted(templates) for resource in self._by_template.get(name, []))

    def at(self, value: Any) -> Resource | None:
        """The resource that a reference points at."""
        if isinstance(value, Reference):
            return self._by_key.get((value.template, value.logical_id))
        return None

    def remembered(self, what: str, make: Callable[[], T]) -> T:
        """Something that is worked out once for the whole graph."""
        if what not in self._memory:
            self._memory[what] = make()
        return cast("T", self._memory[what])

    def users_of(self, resource: Resource, *types: str) -> list[Resource]:
        """The resources that refer to this one."""
        users = self._users.get(resource.key, [])
        return [user for user in users if not types or user.type in types]

    def named(self, value: Any, property: str, *types: str, region: str | None = None) -> Resource | None:
        """The resource that a value means: by reference, or by a name that both sides agreed on."""
        if (found := self.at(value)) is not None:
            return found
        if not isinstance(value, str):
            return None
        for same_type in types:
            for same in self._by_name(same_type, property).get(value.lower(), ()):
                if region is None or same.region == region:
                    return same
        return None

    def _by_name(self, type: str, property: str) -> dict[str, list[Resource]]:
        return self.remembered(f"{type} by {property}", lambda: _by_text(self.of_type(type), property))

    @cached_property
    def deployments(self) -> tuple[Deployment, ...]:
        """The deployments that the templates belong to."""
        said = deployments_of(self.templates, self._objectives)
        return tuple(inferred(self, deployment) for deployment in said)

    def deployment_of(self, resource: Resource) -> Deployment:
        """The deployment that a resource belongs to."""
        return self.deployments[self.number_of(resource)]

    def number_of(self, resource: Resource) -> int:
        """Which of the deployments a resource belongs to."""
        return self._numbers[resource.template.name]

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {name: number for number, d in enumerate(self.deployments) for name in d.templates}

    def twin(self, resource: Resource) -> Resource | None:
        """The resource that stands for this one in another Region of the same deployment.

        The same logical id, or the only one of its type there: ids never contain a role or a Region.
        """
        return self._twins.of(resource)

    @cached_property
    def _twins(self) -> Twins:
        return Twins(self.resources, self.number_of)


def _by_text(resources: Iterable[Resource], property: str) -> dict[str, list[Resource]]:
    found: dict[str, list[Resource]] = defaultdict(list)
    for resource in resources:
        if (text := resource.text(property)) is not None:
            found[text.lower()].append(resource)
    return found


def _renamed(value: Any, same: tuple[str, str]) -> Any:
    if is_object(value):
        return {name: _renamed(each, same) for name, each in value.items()}
    if is_list(value):
        return [_renamed(each, same) for each in value]
    return same[1] if value == same[0] else value


def _resources(template: Template, world: World, same: tuple[str, str] | None = None) -> Iterator[Resource]:
    evaluator = world.evaluator(template)
    for logical_id, raw in object_of(template.body.get("Resources")).items():
        if str(logical_id).startswith("Fn::"):  # what a macro makes of it is known only at deployment
            made_by = "::".join(str(logical_id).split("::")[:2])
            yield Resource(template=template, logical_id=str(logical_id), type=made_by, properties={})
            continue
        if "Condition" in raw and evaluator.condition(str(raw["Condition"])) is False:
            continue
        properties = evaluator.value(raw.get("Properties") or {})
        properties = properties if same is None else _renamed(properties, same)
        path = within(raw, "Metadata", "aws:cdk:path")
        yield Resource(
            template=template,
            logical_id=str(logical_id),
            type=str(raw["Type"]),
            properties=object_of(properties),
            path=str(path or template.paths.get(str(logical_id), "")).removesuffix("/Resource"),
            deletion_policy=str(raw.get("DeletionPolicy", "Delete")),
            references=tuple(references_in(properties)),
        )
