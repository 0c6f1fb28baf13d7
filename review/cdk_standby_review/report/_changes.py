"""What a change does, in the words of a pull request."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from ..changes import Change, Kind
from ..findings import Severity

FIRST = (Kind.REPLACED, Kind.DELETED, Kind.MISSED, Kind.UNPROTECTED, Kind.WEAKENED, Kind.WORSE, Kind.WIDENED)
"""What a reviewer has to see."""
WORDS = {
    Kind.REPLACED: "replaced",
    Kind.DELETED: "deleted",
    Kind.MISSED: "objective missed",
    Kind.UNPROTECTED: "kept less when removed",
    Kind.WEAKENED: "protection weaker",
    Kind.WORSE: "outcome worse",
    Kind.WIDENED: "access wider",
    Kind.BETTER: "outcome better",
    Kind.REMOVED: "removed",
    Kind.ADDED: "added",
}
SHOWN = 3
"""Names on a line."""
MARKS = {
    Severity.ERROR: "\N{LARGE RED CIRCLE}",
    Severity.WARNING: "\N{LARGE YELLOW CIRCLE}",
    Severity.INFO: "\N{WHITE CIRCLE}",
}


def summary(changes: Iterable[Change]) -> str:
    """The change in one line."""
    counts = Counter(
        change.kind
        for change in changes
        if not change.meant and not (change.kind in FIRST and change.severity is Severity.INFO)
    )
    told = [f"{counts[kind]} {WORDS[kind]}" for kind in FIRST if counts[kind]]
    if told:
        return f"This change: {', '.join(told)}"
    better = f"; {counts[Kind.BETTER]} {WORDS[Kind.BETTER]}" if counts[Kind.BETTER] else ""
    return f"This change replaces, deletes and weakens nothing{better}"


@dataclass(frozen=True, slots=True)
class Line:
    """A change, with the names of all resources to which it happens in the same way."""

    change: Change
    names: tuple[str, ...]


def lines(changes: Iterable[Change]) -> list[Line]:
    """One line for what happens to many resources in the same way."""
    alike: dict[tuple[str, ...], list[Change]] = {}
    for change in changes:
        alike.setdefault((change.kind, change.severity, change.message, change.source, change.meant), []).append(change)
    return [Line(each[0], tuple(c.resource.name for c in each if c.resource)) for each in alike.values()]


def to_look_at(changes: Iterable[Change]) -> list[Line]:
    """What got worse, and is not meant."""
    return lines(c for c in changes if c.kind in FIRST and c.severity is not Severity.INFO and not c.meant)


def minor(changes: Iterable[Change]) -> list[Line]:
    """What got worse and stops nobody."""
    return lines(c for c in changes if c.kind in FIRST and c.severity is Severity.INFO and not c.meant)


def some(names: Iterable[str], quote: str = "") -> str:
    """The first names of a list, and how many there are beside them."""
    listed = [f"{quote}{name}{quote}" for name in names]
    return ", ".join(listed[:SHOWN]) + (f" and {len(listed) - SHOWN} more" if len(listed) > SHOWN else "")
