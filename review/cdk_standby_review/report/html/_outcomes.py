"""What every fault does to the resources that it reaches: a table that the choice of a fault filters."""

from __future__ import annotations

from collections.abc import Sequence

from ...graph import Resource
from ...outcomes import Outcome
from ...paths import PathFate
from ...spans import spans
from ...user_paths import RECORD, STORES
from ._dom import Html, el, folded, joined, link, scrolling
from ._fates import WORST_FIRST, fate
from ._faults import Struck
from ._kinds import kind_of

NAMED = 3
"""Names that stand in a row; the others are folded."""
LISTED = 200
"""Names that a folded list has at most."""
WAYS = 6
"""Ways of users that a fault lists."""
HEAD = ("Resource", "Outcome", "Because", "RTO", "RPO", "Known by")


def outcomes(faults: Sequence[Struck]) -> Html:
    """One part of the table per fault; resources that fare alike share a row."""
    head = el("thead", el("tr", [el("th", title, scope="col") for title in HEAD]))
    caption = el("caption", "Outcomes per fault, the worst first")
    return scrolling(el("table", caption, head, map(_fault, faults), class_="outcomes"), "Outcomes per fault")


def _fault(fault: Struck) -> Html:
    groups: dict[tuple[object, ...], list[Outcome]] = {}
    for outcome in fault.outcomes:
        judgement = outcome.judgement
        alike = (
            WORST_FIRST.index(outcome.fate), not judgement.vital, outcome.resource.type, judgement.says,
            spans(judgement.rto), spans(judgement.rpo), str(outcome.confidence), outcome.source,
        )  # fmt: skip
        groups.setdefault(alike, []).append(outcome)
    title = joined(f"{fault.title} ", fate(fault.fate), el("span", f" {fault.counts}", class_="quiet"))
    ways = [_way(way) for way in fault.ways[:WAYS]]
    more = f"and {len(fault.ways) - WAYS} more ways of users" if len(fault.ways) > WAYS else ""
    ways += [el("tr", el("th", more, scope="row"), el("td", colspan=len(HEAD) - 1))] if more else []
    rows = [_row(groups[key]) for key in sorted(groups, key=lambda key: key[:3])]
    above = el("tr", el("th", title, scope="rowgroup", colspan=len(HEAD)))
    return el("tbody", above, ways, rows, id=fault.slug, data_fault=fault.number)


def _way(told: PathFate) -> Html:
    """What becomes of a way of users: of all that stands on it."""
    steps: list[Html] = []
    last: Resource | None = None
    for part in told.path.parts:
        if part.type != RECORD and part.name != told.path.entry:
            steps.append(joined(_between(last, part), el("code", part.name)))
            last = part
    before = "; " if steps else ""
    gaps = el("span", f"{before}not told: {'; '.join(told.path.gaps)}", class_="quiet") if told.path.gaps else None
    return el(
        "tr",
        el("th", el("span", "Way of users", class_="quiet"), el("br"), el("code", told.path.entry), scope="row"),
        el("td", fate(told.fate)),
        el("td", steps, gaps),
        el("td", spans(told.rto)),
        el("td", spans(told.rpo)),
        el("td", str(told.estimate.confidence) if told.rto else "-"),
        class_="way",
    )


def _between(before: Resource | None, part: Resource) -> str:
    """Stores stand beside one another, everything else follows."""
    if before is None:
        return ""
    return ", " if {before.type, part.type} <= STORES else " \N{RIGHTWARDS ARROW} "


def _row(alike: list[Outcome]) -> Html:
    first = alike[0]
    judgement = first.judgement
    beside = "" if judgement.vital else "; the workload does not wait for it"
    return el(
        "tr",
        el("th", _which(alike), scope="row"),
        el("td", fate(first.fate)),
        el("td", judgement.says, el("span", beside, class_="quiet") if beside else None),
        el("td", spans(judgement.rto)),
        el("td", spans(judgement.rpo)),
        el("td", _known(first)),
    )


def _known(outcome: Outcome) -> object:
    if not outcome.judgement.facts:
        return "-"
    return link(outcome.source, outcome.confidence) if "https://" in outcome.source else str(outcome.confidence)


def _which(alike: list[Outcome]) -> Html:
    kind = el("span", kind_of(alike[0].resource.type), class_="quiet")
    names = [outcome.resource.name for outcome in alike]
    if len(names) <= NAMED:
        return joined(kind, [joined(el("br"), el("code", name)) for name in names])
    more = [f"and {len(names) - LISTED} more"] if len(names) > LISTED else []
    listed = el("ul", [el("li", el("code", name)) for name in names[:LISTED]], [el("li", one) for one in more])
    return joined(kind, folded(f"{len(names)} resources", listed))
