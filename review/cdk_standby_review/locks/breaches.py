"""What an assembly would do to the data that a lock holds, in words for whoever has to decide."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ..errors import UnreadableInput
from ..templates import Template
from .differences import Difference, Effect, differences
from .entries import Entry
from .lock import Lock
from .places import Place, found_again, places
from .words import POLICIES, Fresh, names_of, stack_name, words_of

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
            f"{file}: the lock of another app: it knows {names_of(lock.stacks)}, and here are {names_of(now)}"
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


def _breach(key: str, place: Place, one: Difference, fresh: Sequence[Fresh], file: str) -> Breach:
    words, back, source = words_of(place, one, fresh)
    there = one.effect is not Effect.DELETED or one.logical_id in place.resources
    return Breach(
        effect=one.effect,
        stack=key,
        logical_id=one.logical_id,
        property=one.property,
        before=one.before,
        after=one.after,
        message=f"{one.entry.path or one.logical_id} ({one.logical_id} of stack {stack_name(key)}): {words}",
        fix=f"{back}; if it is meant: {MEANT.format(file=file)}",
        source=source,
        template=place.template if there else None,
    )


def _stack_gone(key: str, entries: Mapping[str, Entry], fresh: Sequence[Fresh], file: str) -> Breach:
    moved = sorted({stack_name(p.key) for p, i, e in fresh if i in entries and e.type == entries[i].type})
    where = f"; the same ids are in {', '.join(moved)}, as new, empty resources" if moved else ""
    listed = ", ".join(entries)
    return Breach(
        effect=Effect.DELETED,
        stack=key,
        logical_id="",
        message=f"stack {stack_name(key)} is gone, with {listed}{where}; nobody would look after them any more",
        fix=f"put it back, or give each set of stacks a lock of its own; if it is meant: {MEANT.format(file=file)}",
        source=POLICIES,
    )
