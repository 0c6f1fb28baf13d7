"""What CloudFormation would do to data, from what is there to what a template wants."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ..plain import object_of
from . import updates
from .entries import Entry, entry_of, keeps_less
from .kinds import SETTINGS
from .values import kept


class Effect(StrEnum):
    """What happens to a resource."""

    REPLACED = "data-replaced"
    DELETED = "data-deleted"
    UNPROTECTED = "data-unprotected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that a template would do to a resource that is there."""

    effect: Effect
    logical_id: str
    entry: Entry
    """The resource as it is."""
    property: str = ""
    """Because of which it is replaced, or which lost its protection; empty when the resource is gone."""
    before: Any = None
    after: Any = None
    by: str = ""
    """The other resource whose replacement replaces this one."""


def differences(before: Mapping[str, Entry], resources: Mapping[str, Any]) -> list[Difference]:
    """Everything that would be replaced, deleted or unprotected, in a fixed order."""
    found = [
        difference
        for logical_id, entry in before.items()
        for difference in _of(logical_id, entry, object_of(resources.get(logical_id)))
    ]
    replaced = {
        one.logical_id
        for one in found
        if one.effect is Effect.REPLACED and not updates.writes_anew(one.entry.type, one.property)
    }
    return sorted([*found, *_cascaded(before, resources, replaced)], key=lambda d: (d.logical_id, d.effect, d.property))


def _of(logical_id: str, entry: Entry, resource: Mapping[str, Any]) -> Iterator[Difference]:
    if not resource and entry.type in SETTINGS:
        return  # a database that still needed it would point at it, and could not be deployed
    if resource.get("Type") != entry.type:
        yield Difference(
            effect=Effect.DELETED, logical_id=logical_id, entry=entry, before=entry.type, after=resource.get("Type")
        )
        return
    properties = object_of(resource.get("Properties"))
    after = updates.values(entry.type, properties)
    for name in updates.replacing(entry.type, entry.values, properties):
        yield Difference(
            effect=Effect.REPLACED,
            logical_id=logical_id,
            entry=entry,
            property=name,
            before=entry.values.get(name),
            after=kept(after.get(name)),
        )
    now = entry_of(resource)
    for attribute, was, is_now in (
        ("DeletionPolicy", entry.deletion, now.deletion),
        ("UpdateReplacePolicy", entry.replacement, now.replacement),
    ):
        if keeps_less(was, is_now):
            yield Difference(
                effect=Effect.UNPROTECTED,
                logical_id=logical_id,
                entry=entry,
                property=attribute,
                before=was,
                after=is_now,
            )


def _cascaded(before: Mapping[str, Entry], resources: Mapping[str, Any], replaced: set[str]) -> Iterator[Difference]:
    for logical_id, (name, target) in updates.cascaded(resources, replaced).items():
        if logical_id in before and logical_id not in replaced:
            entry = before[logical_id]
            value = entry.values.get(name)
            yield Difference(
                effect=Effect.REPLACED,
                logical_id=logical_id,
                entry=entry,
                property=name,
                before=value,
                after=value,
                by=target,
            )
