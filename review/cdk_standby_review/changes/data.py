"""Data that a change would replace, delete or protect less: by AWS's resource schemas, as the lock knows them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..findings import Severity
from ..graph import Resource
from ..intrinsics import Reference
from ..locks import updates
from ..locks.differences import Difference, Effect, differences
from ..locks.entries import Entry, entry_of
from ..locks.places import Place
from ..locks.words import LEFT, POLICIES, Fresh, stack_name, words_of
from ..plain import object_of
from ._model import Change, Kind
from ._pairs import Pairs
from ._words import shown

KINDS = {Effect.REPLACED: Kind.REPLACED, Effect.DELETED: Kind.DELETED, Effect.UNPROTECTED: Kind.UNPROTECTED}


def data_changes(pairs: Pairs) -> Iterator[Change]:
    """Everything that would happen to what holds data, and to what data cannot do without."""
    known = {(pairs.again[key].key, i) for key in pairs.again for i in pairs.was[key].entries}
    fresh = [(p, i, e) for p in pairs.now.values() for i, e in p.entries.items() if (p.key, i) not in known]
    for key, was in pairs.was.items():
        now = pairs.again.get(key)
        if now is None:
            yield from (_stack_gone(pairs, was, i, e, fresh) for i, e in was.entries.items())
        else:
            found = differences(was.entries, now.resources)
            yield from (_change(pairs, was, now, one, fresh) for one in found)


def _change(pairs: Pairs, was: Place, now: Place, one: Difference, fresh: Sequence[Fresh]) -> Change:
    words, back, source = words_of(now, one, fresh)
    there = one.effect is not Effect.DELETED
    return Change(
        kind=KINDS[one.effect],
        severity=_severity(one),
        message=words + _policy(pairs, was, now, one),
        fix=back,
        source=source,
        resource=_resource(pairs, now if there else was, one.logical_id, gone=not there),
        property=one.property,
        before=shown(one.before) if one.property else "",
        after=shown(one.after) if one.property else "",
        gone=not there,
    )


def _severity(one: Difference) -> Severity:
    loses = one.entry.holds_data or updates.writes_anew(one.entry.type, one.property)
    return Severity.ERROR if loses and one.effect is not Effect.UNPROTECTED else Severity.WARNING


def _policy(pairs: Pairs, was: Place, now: Place, one: Difference) -> str:
    """Which policy decides what becomes of the old one."""
    if one.effect is Effect.DELETED:
        old = _resource(pairs, was, one.logical_id, gone=True)
        return f" ({_as_said(old, 'DeletionPolicy', one.entry.deletion)})"
    if one.effect is Effect.REPLACED and not updates.writes_anew(one.entry.type, one.property):
        comes_to = entry_of(object_of(now.resources.get(one.logical_id))).replacement
        return f" ({_as_said(_resource(pairs, now, one.logical_id, gone=False), 'UpdateReplacePolicy', comes_to)})"
    return ""


def _as_said(resource: Resource | None, attribute: str, comes_to: str) -> str:
    """A policy; one that asks for a snapshot of what can have none comes to `Delete`."""
    raw = object_of(resource.template.body.get("Resources")).get(resource.logical_id) if resource else None
    in_vain = object_of(raw).get(attribute) == "Snapshot" != comes_to
    return f"{attribute} Snapshot, which it cannot have" if in_vain else f"{attribute} {comes_to}"


def _stack_gone(pairs: Pairs, was: Place, logical_id: str, entry: Entry, fresh: Sequence[Fresh]) -> Change:
    moved = [p for p, i, e in fresh if i == logical_id and e.type == entry.type]
    where = f"; the same id is in {stack_name(moved[0].key)}, as a new, empty resource" if moved else ""
    left = LEFT.get(entry.deletion, LEFT["Delete"]).replace("the old one", "this one")
    return Change(
        kind=Kind.DELETED,
        severity=Severity.ERROR if entry.holds_data else Severity.WARNING,
        message=f"its stack {stack_name(was.key)} is gone{where}; once that is deleted, CloudFormation would {left} "
        f"({_as_said(_resource(pairs, was, logical_id, gone=True), 'DeletionPolicy', entry.deletion)})",
        fix="put the stack back",
        source=POLICIES,
        resource=_resource(pairs, was, logical_id, gone=True),
        gone=True,
    )


def _resource(pairs: Pairs, place: Place, logical_id: str, *, gone: bool) -> Resource | None:
    graph = pairs.base if gone else pairs.head
    return graph.at(Reference(place.template.name, logical_id))
