"""What CloudFormation does to a resource whose properties change: updates it in place, or makes another one.

By AWS's resource schemas, and by what AWS documents for the properties that these call conditional. What is conditional
and not encoded here counts as replaced: better one reason too many than a database too few.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .conditions import CLUSTER, CREDENTIALS, INSTANCE, UPDATES, always_in_place, conditions
from .kinds import WRITTEN_ANEW
from .schemas import listed
from .values import at, pointed_at, same


def source(kind: str, name: str) -> str:
    """The page of AWS that says how a property is updated."""
    found = conditions().get((kind, name))
    pages = {
        "AWS::RDS::DBInstance": INSTANCE,
        "AWS::RDS::DBCluster": CLUSTER,
        "AWS::SecretsManager::Secret": CREDENTIALS,
    }
    page = pages.get(kind, UPDATES)
    return found.source if found else page


def writes_anew(kind: str, name: str) -> bool:
    """Whether a change of this property keeps the resource, and loses what is in it."""
    return name in WRITTEN_ANEW.get(kind, ())


def values(kind: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    """The properties of a resource that must not change and are set, in the order of their names."""
    names = (*(name for name in listed(kind) if not always_in_place(kind, name)), *WRITTEN_ANEW.get(kind, ()))
    found = {name: at(properties, name.split(".")) for name in names}
    return {name: found[name] for name in sorted(found) if found[name] is not None}


def replacing(kind: str, before: Mapping[str, Any], properties: Mapping[str, Any]) -> list[str]:
    """The properties because of which CloudFormation makes another resource.

    Args:
        kind: the type.
        before: the create-only properties that were, as `values` gives them.
        properties: all properties that are to be.
    """
    after = values(kind, properties)
    return [
        name
        for name in sorted({*before, *after})
        if not same(before.get(name), after.get(name))
        and not _harmless(kind, name, before.get(name), after.get(name), properties)
    ]


def _harmless(kind: str, name: str, before: Any, after: Any, properties: Mapping[str, Any]) -> bool:
    found = conditions().get((kind, name))
    return found is not None and found.harmless(before, after, properties)


def cascaded(resources: Mapping[str, Mapping[str, Any]], replaced: Iterable[str]) -> dict[str, tuple[str, str]]:
    """What is replaced because a create-only property of it points at something replaced: {id: (property, that id)}."""
    found: dict[str, tuple[str, str]] = {}
    fresh = set(replaced)
    while fresh:
        hit = {
            logical_id: (name, target)
            for logical_id, resource in resources.items()
            if logical_id not in found
            for name, value in values(str(resource.get("Type")), resource.get("Properties") or {}).items()
            for target in pointed_at(value)
            if target in fresh
        }
        found |= hit
        fresh = set(hit)
    return found
