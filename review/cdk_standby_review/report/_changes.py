"""What a change does, in the words of a pull request."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

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
MARKS = {Severity.ERROR: "\N{LARGE RED CIRCLE}", Severity.WARNING: "\N{LARGE YELLOW CIRCLE}"}


def summary(changes: Iterable[Change]) -> str:
    """The change in one line."""
    counts = Counter(change.kind for change in changes if not change.meant)
    told = [f"{counts[kind]} {WORDS[kind]}" for kind in FIRST if counts[kind]]
    if told:
        return f"This change: {', '.join(told)}"
    better = f"; {counts[Kind.BETTER]} {WORDS[Kind.BETTER]}" if counts[Kind.BETTER] else ""
    return f"This change replaces, deletes and weakens nothing{better}"


def name_of(change: Change) -> str:
    """The resource of a change, when it has one."""
    return change.resource.name if change.resource else ""


def to_look_at(changes: Iterable[Change]) -> list[Change]:
    """What got worse, and is not meant."""
    return [change for change in changes if change.kind in FIRST and not change.meant]
