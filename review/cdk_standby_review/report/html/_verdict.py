"""The top of the page: the verdict, and every objective against what was estimated."""

from __future__ import annotations

from collections.abc import Iterable

from ..._review import Review
from ...findings import Severity
from ...outcomes import Fate
from ...spans import span, spans
from ...verdict import Status, Verdict
from .._changes import summary, to_look_at
from .._costs import moved
from .._summary import headline
from ._dom import Html, el, folded, joined, section, table
from ._fates import CLASSES_OF, fate, icon, status
from ._faults import Struck

NAMED, MANY = 3, 8
"""Faults that the first lines name; objectives from which on those that are met are folded."""


def verdict(review: Review, faults: tuple[Struck, ...]) -> Html:
    """The verdict in one line, then the objectives."""
    said = el("p", status(review.status), " ", headline(review), ".", class_="headline")
    return section("verdict", "Verdict", said, _changed(review), _worst(faults), _objectives(review))


def _changed(review: Review) -> Html | None:
    """What the change does, in one line."""
    if review.changes is None:
        return None
    worse = [line.change.severity for line in to_look_at(review.changes)]
    kind = CLASSES_OF[min(worse, key=list(Severity).index)] if worse else "survives"
    told = el("p", icon(kind), " ", el("a", summary(review.changes), href="#changes"), ".", class_=f"said {kind}")
    bill = review.cost if review.cost and review.cost.sites and review.cost.difference is not None else None
    return joined(told, el("p", el("a", moved(bill), href="#cost"), ".") if bill else None)


def _worst(faults: tuple[Struck, ...]) -> Html | None:
    """What breaks, in one line."""
    lost = [fault for fault in faults if fault.fate is Fate.LOST]
    if not faults:
        return el("p", "Nothing in these templates has a fate of its own that the review knows.")
    if not lost:
        return el("p", "No fault that was looked at leaves a workload down for good.")
    links = [joined(", " if n else "", el("a", str(f.case), href=f"#{f.slug}")) for n, f in enumerate(lost[:NAMED])]
    more = f" and {len(lost) - NAMED} more" if len(lost) > NAMED else ""
    return el("p", icon("lost"), el("strong", " Nothing brings it back after: "), links, more, ".", class_="said lost")


def _objectives(review: Review) -> Html | None:
    if not review.verdicts:
        return None
    ordered = sorted(review.verdicts, key=lambda verdict: -verdict.status.badness)
    first = [v for v in ordered if v.status is not Status.MET] if len(ordered) > MANY else ordered
    rest = ordered[len(first) :]
    told = _table(first, "Objectives: the worst case of each fault against what is promised") if first else None
    return joined(
        told, folded(f"Objectives that are met ({len(rest)})", _table(rest, "Objectives met")) if rest else None
    )


def _table(verdicts: Iterable[Verdict], caption: str) -> Html:
    head = (
        "Workload", "Fault", "What happens", "RTO promised", "RTO estimated", "RPO promised", "RPO estimated", "Status",
    )  # fmt: skip
    return table(head, map(_objective, verdicts), caption=caption, class_="figures")


def _objective(verdict: Verdict) -> tuple[object, ...]:
    estimate, promise = verdict.estimate, verdict.promise
    return (
        estimate.deployment.workload or "the workload",
        str(estimate.case),
        fate(estimate.fate),
        span(promise.rto.total_seconds()),
        spans(estimate.rto),
        span(promise.rpo.total_seconds()),
        spans(estimate.rpo),
        status(verdict.status),
    )
