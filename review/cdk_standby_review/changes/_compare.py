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
    """What the step from base to head does, in a fixed order: data first, then what got worse, then the rest.

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


def _order(change: Change) -> tuple[int, int, tuple[str, str], str]:
    key = change.resource.key if change.resource else ("", "")
    return (list(Kind).index(change.kind), list(Severity).index(change.severity), key, change.message)


def _counted(kind: Kind, resources: list[Resource]) -> Iterator[Change]:
    by_type: dict[str, list[str]] = {}
    for resource in resources:
        by_type.setdefault(resource.type, []).append(resource.name)
    for name, which in by_type.items():
        listed = ", ".join(which[:5]) + (f" and {len(which) - 5} more" if len(which) > 5 else "")
        yield Change(kind=kind, severity=Severity.INFO, message=f"{len(which)} {name}: {listed}")
