"""Nested stacks of plain templates: which file of a folder a `TemplateURL` means.

A cloud assembly says it itself. Elsewhere the file's name has to do: it is the same wherever it is uploaded to.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from .plain import object_of, within

if TYPE_CHECKING:
    from .templates import Template  # which links what it has read

NESTING: Mapping[str, str] = {"AWS::CloudFormation::Stack": "TemplateURL", "AWS::Serverless::Application": "Location"}
"""The types that stand for a stack of their own, and the property that says where its template is."""
_FILE = re.compile(r"[\w./-]*\.(?:ya?ml|json|template)\b")


def linked(templates: Iterable[Template]) -> tuple[Template, ...]:
    """The templates, each with the stack that nests it; one that several stacks nest stays alone."""
    every = {t.name: t for t in templates}
    uses: dict[str, list[tuple[Template, str]]] = defaultdict(list)
    for template in every.values():
        for logical_id, raw in object_of(template.body.get("Resources")).items():
            if template.parent is None and (child := meant_by(raw, template, every.values())):
                uses[child.name].append((template, logical_id))
    for name, found in uses.items():
        parent, logical_id = found[0]
        if len(found) == 1 and every[name].parent is None and not _holds(every, name, parent.name):
            every[name] = replace(every[name], parent=parent.name, parent_id=logical_id)
    return tuple(every.values())


def stands(parent: Template, logical_id: str, templates: Iterable[Template]) -> bool:
    """Whether the template of a nested stack is among some templates."""
    every = tuple(templates)
    if any((t.parent, t.parent_id) == (parent.name, logical_id) for t in every):
        return True
    return meant_by(within(parent.body, "Resources", logical_id), parent, every) is not None


def meant_by(raw: Any, template: Template, templates: Iterable[Template]) -> Template | None:
    """The template that a nested stack is made of; None when none of these is it, or several may be."""
    where = NESTING.get(str(object_of(raw).get("Type")))
    found = _FILE.findall(json.dumps(within(raw, "Properties", where), default=str)) if where else []
    if not found:
        return None
    path = found[-1].split("/")
    named = [t for t in templates if t.file.rsplit("/", 1)[-1] == path[-1] and t.name != template.name]
    same = {t.name: _shared(t.file.split("/"), path) for t in named}
    best = [t for t in named if same[t.name] == max(same.values())]
    return best[0] if len(best) == 1 else None


def _shared(one: list[str], other: list[str]) -> int:
    """How many parts two paths have in common at their ends."""
    pairs = zip(reversed(one), reversed(other), strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _holds(every: dict[str, Template], name: str, inner: str) -> bool:
    """Whether a template is among those that nest another one: nothing nests itself."""
    seen: str | None = inner
    while seen is not None:
        if seen == name:
            return True
        seen = every[seen].parent if seen in every else None
    return False
