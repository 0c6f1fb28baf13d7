"""Everything that a change does, the worst first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from ..findings import Finding, Severity
from ..graph import Resource
from ._model import Change, Kind
from ._pairs import Pairs, Side
from .access import access_changes
from .data import data_changes
from .fates import objective_changes, outcome_changes
from .protections import protection_changes


def compare(base: Side, head: Side, meant: Callable[[Finding], str | None]) -> tuple[Change, ...]:
    """What the step from base to head does, by severity, and in it what a reviewer has to see first.

    Data that is lost, doors open to everybody, weaker protections, worse outcomes, and the rest.

    Args:
        base: the templates that are there.
        head: the templates that are to be.
        meant: the reason of a finding that somebody acknowledged, or None.

    Raises:
        UnreadableInput: base and head have no stack in common.
    """
    pairs = Pairs(base.graph, head.graph)
    found = [
        *data_changes(pairs),
        *protection_changes(pairs),
        *objective_changes(base, head),
        *outcome_changes(pairs, base, head),
        *access_changes(pairs),
        *_counted(Kind.REMOVED, pairs.removed),
        *_counted(Kind.ADDED, pairs.added),
    ]
    return tuple(replace(one, meant=meant(one.as_finding()) or "") for one in sorted(found, key=_order))


_FIRST = (
    Kind.REPLACED,
    Kind.DELETED,
    Kind.WIDENED,
    Kind.UNPROTECTED,
    Kind.WEAKENED,
    Kind.MISSED,
    Kind.WORSE,
)
"""What a reviewer has to see first of what is equally severe; doors stand there that are open to everybody."""


def _urgency(change: Change) -> int:
    first = change.kind in _FIRST and (change.everybody or change.kind is not Kind.WIDENED)
    return _FIRST.index(change.kind) if first else len(_FIRST) + list(Kind).index(change.kind)


def _order(change: Change) -> tuple[int, int, tuple[str, str], str]:
    key = change.resource.key if change.resource else ("", "")
    return (list(Severity).index(change.severity), _urgency(change), key, change.message)


def _counted(kind: Kind, resources: list[Resource]) -> Iterator[Change]:
    by_type: dict[str, list[str]] = {}
    for resource in resources:
        by_type.setdefault(resource.type, []).append(resource.name)
    for name, which in by_type.items():
        listed = ", ".join(which[:5]) + (f" and {len(which) - 5} more" if len(which) > 5 else "")
        yield Change(kind=kind, severity=Severity.INFO, message=f"{len(which)} {name}: {listed}")
