"""What all reports for people say: one line for everything, one row per fault."""

from __future__ import annotations

from dataclasses import dataclass

from .._review import Review
from ..estimate import Estimate
from ..findings import Severity
from ..spans import span, spans
from ..verdict import Status, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What one fault does to one workload."""

    workload: str
    fault: str
    outcome: str
    rto: str
    rpo: str
    promised: str
    verdict: str
    confidence: str


def headline(review: Review) -> str:
    """The review in one line."""
    if review.status is None:
        said = "No objectives are promised, so there is no verdict"
    else:
        said = {
            Status.MET: "All objectives are met",
            Status.AT_RISK: "An objective is at risk",
            Status.UNKNOWN: "An objective can be neither met nor missed from these templates",
            Status.MISSED: "An objective is missed",
        }[review.status]
    counts = [f"{len(review.worst(s))} {_plural(str(s), len(review.worst(s)))}" for s in Severity if review.worst(s)]
    if review.acknowledged:
        counts.append(f"{len(review.acknowledged)} acknowledged")
    return f"{said}; {', '.join(counts) or 'no findings'}; {review.coverage.percent:g}% of the resources are known"


def _plural(word: str, count: int) -> str:
    return word if count == 1 or word == "info" else word + "s"


def rows(review: Review) -> list[Row]:
    """A row per workload and fault."""
    decided = {(v.estimate.deployment.workload, v.estimate.case): v for v in review.verdicts}
    return [_row(e, decided.get((e.deployment.workload, e.case)), review) for e in review.estimates]


def _row(estimate: Estimate, verdict: Verdict | None, review: Review) -> Row:
    promise = next(
        (
            v.promise
            for v in review.verdicts
            if v.estimate.deployment == estimate.deployment and v.fault is estimate.case.fault
        ),
        None,
    )
    return Row(
        workload=estimate.deployment.workload,
        fault=str(estimate.case),
        outcome=str(estimate.fate),
        rto=spans(estimate.rto),
        rpo=spans(estimate.rpo),
        promised=f"{span(promise.rto.total_seconds())} / {span(promise.rpo.total_seconds())}" if promise else "-",
        verdict=str(verdict.status) if verdict else "-",
        confidence=str(estimate.confidence) if estimate.rto else "-",
    )
