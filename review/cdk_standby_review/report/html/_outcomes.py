"""What every fault does to the resources that it reaches: a table that the choice of a fault filters."""

from __future__ import annotations

from collections.abc import Sequence

from ...outcomes import Outcome
from ...spans import spans
from ._dom import Html, el, folded, joined, link, scrolling
from ._fates import WORST_FIRST, fate
from ._faults import Struck
from ._kinds import kind_of

NAMED = 3
"""Names that stand in a row; the others are folded."""
LISTED = 200
"""Names that a folded list has at most."""
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
    rows = [_row(groups[key]) for key in sorted(groups, key=lambda key: key[:3])]
    above = el("tr", el("th", title, scope="rowgroup", colspan=len(HEAD)))
    return el("tbody", above, rows, id=fault.slug, data_fault=fault.number)


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
