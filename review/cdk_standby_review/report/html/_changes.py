"""What the change does: what got worse or would be lost first, in words, with an icon and a colour."""

from __future__ import annotations

from ..._review import Review
from ...changes import Change, Kind
from ...graph import Key
from .._changes import FIRST, WORDS, Line, lines, minor, some, summary, to_look_at
from ._dom import Html, el, fixed, folded, joined, section
from ._fates import severity

_MARKS = {
    Kind.REPLACED: "replaced",
    Kind.UNPROTECTED: "kept less",
    Kind.WEAKENED: "weaker",
    Kind.WORSE: "worse",
    Kind.WIDENED: "opened",
}
_LOSES = frozenset({Kind.REPLACED, Kind.DELETED})


def changes(review: Review) -> Html | None:
    """The changes, the worst on top; None when there is no base."""
    if review.changes is None:
        return None
    first = to_look_at(review.changes)
    told = el("ul", map(_change, first), class_="cards") if first else None
    return section(
        "changes",
        "What this change does",
        el("p", f"{summary(review.changes)}.", class_="headline"),
        told,
        _others(review),
    )


def marks(review: Review) -> dict[Key, str]:
    """What the change does to resources that are there, in a word each; the worst is the one that counts."""
    found = [
        (FIRST.index(change.kind), change.resource.key, _MARKS[change.kind])
        for change in review.changes or ()
        if change.kind in _MARKS and change.resource and not change.gone and not change.meant
    ]
    worst: dict[Key, str] = {}
    for _, key, word in sorted(found):
        worst.setdefault(key, word)
    return worst


def _change(line: Line) -> Html:
    change = line.change
    names = joined(" ", el("code", some(line.names))) if line.names else None
    loses = " loses" if change.kind in _LOSES else ""
    return el(
        "li",
        el("p", severity(change.severity), " ", el("strong", WORDS[change.kind]), names),
        el("p", change.message, "."),
        _values(change),
        fixed(change.fix, change.source),
        el("p", el("strong", "Meant: "), change.meant) if change.meant else None,
        class_=f"card {change.severity}{loses}",
    )


def _values(change: Change) -> Html | None:
    if not change.property or change.before == change.after:
        return None
    becomes = joined(el("del", change.before), " becomes ", el("ins", change.after))
    return el("p", el("code", change.property), ": ", becomes)


def _others(review: Review) -> list[Html]:
    found = review.changes or ()
    groups = (
        ("Worse, and nobody is stopped by it", minor(found)),
        ("Better than before", lines(c for c in found if c.kind is Kind.BETTER)),
        ("Added and removed", lines(c for c in found if c.kind in {Kind.ADDED, Kind.REMOVED})),
        ("Changes that are meant", lines(c for c in found if c.meant)),
    )
    return [
        folded(joined(f"{title} ({len(told)})"), el("ul", map(_change, told), class_="cards"))
        for title, told in groups
        if told
    ]
