"""Which templates belong together, and what they promise: from the `cdk-standby` metadata of our own stacks.

Templates without it, anybody's, form one deployment without a name.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .errors import UnreadableInput
from .objectives import Objectives
from .templates import Template


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """A workload at its sites."""

    workload: str
    """Its name, or where it stands in the app when several have that name; empty for templates that do not say."""
    strategy: str = ""
    objectives: Objectives = field(default_factory=Objectives)
    active: str = ""
    """The Region that serves; empty when nothing says so."""
    inferred_from: str = ""
    """The PRIMARY failover record that says so, where no metadata does."""
    regions: tuple[str, ...] = ()
    """The Regions of its sites; what stands outside of both is not counted."""
    templates: frozenset[str] = frozenset()


def deployments_of(templates: Iterable[Template], objectives: Objectives | None = None) -> tuple[Deployment, ...]:
    """The deployments among some templates, by name; given objectives take the place of their own."""
    by_name = {t.name: t for t in templates}
    groups: dict[tuple[str, str], list[tuple[Template, Mapping[str, Any]]]] = defaultdict(list)
    for template in by_name.values():
        top = template
        while top.parent in by_name:
            top = by_name[top.parent]
        said = top.standby
        groups[str(said.get("workload", "")), str(said.get("deployment", ""))].append((template, said))
    names = [workload for workload, _ in groups]
    return tuple(
        _deployment(path if names.count(workload) > 1 else workload, groups[workload, path], objectives)
        for workload, path in sorted(groups)
    )


def _deployment(
    workload: str, members: list[tuple[Template, Mapping[str, Any]]], objectives: Objectives | None
) -> Deployment:
    said = [standby for _, standby in members if standby]
    active = {t.region for t, s in members if s.get("role") == "active" and t.region}
    regions = {t.region for t, s in members if s.get("role") != "outside" and t.region}
    return Deployment(
        workload=workload,
        strategy=next((str(s["strategy"]) for s in said if s.get("strategy")), ""),
        objectives=_promised(members) if objectives is None else objectives,
        active=next(iter(active)) if len(active) == 1 else "",
        regions=tuple(sorted(regions)),
        templates=frozenset(t.name for t, _ in members),
    )


def _promised(members: list[tuple[Template, Mapping[str, Any]]]) -> Objectives:
    for template, said in members:
        if written := said.get("objectives"):
            try:
                return Objectives.from_seconds(written)
            except ValueError as error:
                raise UnreadableInput(f"{template.file}: Metadata 'cdk-standby': {error}") from None
    return Objectives()
