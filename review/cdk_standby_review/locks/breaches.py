"""What an assembly would do to the data that a lock holds, in words for whoever has to decide."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ..errors import UnreadableInput
from ..templates import Template
from . import updates
from .differences import Difference, Effect, differences
from .entries import Entry, entry_of
from .kinds import DATA
from .lock import Lock
from .places import Place, found_again, places

LEFT: Final = {
    "Retain": "leave the old one behind, outside of the stack",
    "RetainExceptOnCreate": "leave the old one behind, outside of the stack",
    "Snapshot": "delete the old one, with a last snapshot",
    "Delete": "delete the old one with all that is in it",
}
POLICIES: Final = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html"
MEANT: Final = 'cdk-standby lock cdk.out --file {file} --because "..."'


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """One thing that must not happen unless somebody says why."""

    effect: Effect
    stack: str
    logical_id: str
    """Empty when the whole stack is gone."""
    property: str = ""
    before: Any = None
    after: Any = None
    message: str
    fix: str
    source: str
    template: Template | None = None
    """Where the resource is, when it is still there under its id."""


def breaches(lock: Lock, templates: Iterable[Template], file: str, *, another_app: bool = True) -> list[Breach]:
    """Everything in an assembly that the lock forbids, in a fixed order.

    Args:
        lock: what is deployed.
        templates: what is to be.
        file: what the lock's file is called, for the messages.
        another_app: whether it is an error that no stack of the lock is here; left out: it is.

    Raises:
        UnreadableInput: the lock is that of another app: no stack of it is here.
    """
    now = places(templates)
    again = found_again(lock.stacks, now)
    if another_app and lock.stacks and not again:
        raise UnreadableInput(
            f"{file}: the lock of another app: it knows {_names(lock.stacks)}, and here are {_names(now)}"
        )
    return list(_all(lock, now, again, file))


def _all(lock: Lock, now: Mapping[str, Place], again: Mapping[str, Place], file: str) -> Iterator[Breach]:
    known = {(again[key].key, logical_id) for key in again for logical_id in lock.stacks[key]}
    fresh = [(p, i, e) for p in now.values() for i, e in p.entries.items() if (p.key, i) not in known]
    for key in sorted(lock.stacks):
        entries = lock.stacks[key]
        if key not in again:
            if entries:
                yield _stack_gone(key, entries, fresh, file)
            continue
        for difference in differences(entries, again[key].resources):
            yield _breach(key, again[key], difference, fresh, file)


Fresh = tuple[Place, str, Entry]


def _breach(key: str, place: Place, one: Difference, fresh: Iterable[Fresh], file: str) -> Breach:
    what = {Effect.REPLACED: _replaced, Effect.DELETED: _deleted, Effect.UNPROTECTED: _unprotected}[one.effect]
    words, back, source = what(place, one, list(fresh))
    there = one.effect is not Effect.DELETED or one.logical_id in place.resources
    return Breach(
        effect=one.effect,
        stack=key,
        logical_id=one.logical_id,
        property=one.property,
        before=one.before,
        after=one.after,
        message=f"{one.entry.path or one.logical_id} ({one.logical_id} of stack {_stack(key)}): {words}",
        fix=f"{back}; if it is meant: {MEANT.format(file=file)}",
        source=source,
        template=place.template if there else None,
    )


def _replaced(place: Place, one: Difference, _fresh: list[Fresh]) -> tuple[str, str, str]:
    kind, name = one.entry.type, one.property
    source = updates.source(kind, name)
    if one.by:
        cause = f"{name} points at {one.by}, which would be replaced"
    else:
        may = " in some cases, and this is none of those that AWS documents as in place" * (
            updates.is_conditional(kind, name) and (kind, name) not in updates.conditions()
        )
        cause = f"{name} would change from {_shown(one.before)} to {_shown(one.after)}, which replaces an {kind}{may}"
        cause += "; they differ in case only" * _only_case(one.before, one.after)
    after = entry_of(_resource(place, one.logical_id))
    same_name = after.name is not None and updates.same(after.name, one.entry.name)
    return f"{cause}; CloudFormation would {_making(one.entry, after.replacement, same_name)}", "put it back", source


def _making(entry: Entry, policy: str, same_name: bool) -> str:
    if same_name:
        return "try to make another one of the same name beside it, and fail"
    fresh = "a new, empty one" if entry.type in DATA else "another one"
    return f"make {fresh} and {LEFT.get(policy, LEFT['Delete'])}"


def _deleted(place: Place, one: Difference, fresh: list[Fresh]) -> tuple[str, str, str]:
    left = LEFT.get(one.entry.deletion, LEFT["Delete"]).replace("the old one", "this one")
    if one.after is not None:
        words = f"its type would change from {one.before} to {one.after}, which CloudFormation refuses"
        return words, "keep the type, or give the other resource an id of its own", POLICIES
    if taken := _taken(place, one, fresh):
        return (
            f"{taken}, which is another resource to CloudFormation: it would make a new, empty one and {left}",
            ("keep the id and the stack"),
            POLICIES,
        )
    return f"it is gone; CloudFormation would {left}", "put it back", POLICIES


def _taken(place: Place, one: Difference, fresh: list[Fresh]) -> str:
    """What became of a resource that is gone: another id, or another stack."""
    alike = [(p, i, e) for p, i, e in fresh if e.type == one.entry.type]
    here = [(i, e) for p, i, e in alike if p is place]
    for logical_id, _ in here:
        if logical_id.lower() == one.logical_id.lower():
            return f"its id would become {logical_id}, the same but for case"
    for logical_id, entry in here:
        if (entry.path and entry.path == one.entry.path) or _same_name(entry, one.entry):
            return f"its id would become {logical_id}"
    for other, logical_id, entry in alike:
        if other is not place and (logical_id == one.logical_id or _same_name(entry, one.entry)):
            return f"it would move to stack {_stack(other.key)}" + f" as {logical_id}" * (logical_id != one.logical_id)
    if len(here) == 1 and updates.same(here[0][1].values, one.entry.values):
        return f"its id would become {here[0][0]}"
    return ""


def _same_name(one: Entry, other: Entry) -> bool:
    return isinstance(one.name, str) and isinstance(other.name, str) and one.name.lower() == other.name.lower()


def _unprotected(_place: Place, one: Difference, _fresh: list[Fresh]) -> tuple[str, str, str]:
    when = "removed" if one.property == "DeletionPolicy" else "replaced"
    left = LEFT.get(one.after, LEFT["Delete"]).replace("the old one", "this one")
    words = (
        f"{one.property} would change from {one.before} to {one.after}; once it is {when}, CloudFormation would {left}"
    )
    return words, f"keep {one.property} {one.before}", POLICIES


def _stack_gone(key: str, entries: Mapping[str, Entry], fresh: Iterable[Fresh], file: str) -> Breach:
    moved = sorted({_stack(p.key) for p, i, e in fresh if i in entries and e.type == entries[i].type})
    where = f"; the same ids are in {', '.join(moved)}, as new, empty resources" if moved else ""
    listed = ", ".join(entries)
    return Breach(
        effect=Effect.DELETED,
        stack=key,
        logical_id="",
        message=f"stack {_stack(key)} is gone, with {listed}{where}; nobody would look after them any more",
        fix=f"put it back, or give each set of stacks a lock of its own; if it is meant: {MEANT.format(file=file)}",
        source=POLICIES,
    )


def _resource(place: Place, logical_id: str) -> Mapping[str, Any]:
    found: Any = place.resources.get(logical_id)
    return found or {}


def _shown(value: Any) -> str:
    return "nothing" if value is None else json.dumps(value, sort_keys=True, ensure_ascii=False)


def _only_case(before: Any, after: Any) -> bool:
    return isinstance(before, str) and isinstance(after, str) and before.lower() == after.lower()


def _stack(key: str) -> str:
    """The stack's name, with account and Region where they are known."""
    account, region, name = key.split("/", 2) if key.count("/") >= 2 else ("*", "*", key)
    where = "/".join(part for part in (account, region) if part != "*")
    return f"{name} in {where}" if where else name


def _names(keys: Iterable[str]) -> str:
    names = [key.rsplit("/", 1)[-1] for key in keys]
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "") if names else "no stacks"
