"""What all reports for people say: one line for everything, one row per fault."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from .._review import Review
from ..estimate import Estimate
from ..findings import Severity
from ..nesting import NESTING
from ..objectives import Fault
from ..outcomes import Case
from ..spans import span, spans
from ..verdict import Status, against
from ._changes import some


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


def left_alone(review: Review) -> str:
    """Which templates are not what CloudFormation will make of them; empty when all are."""
    files: dict[str, list[str]] = {}
    for template in review.templates:
        for transform in template.transforms:
            files.setdefault(transform, []).append(template.file)
    told = "; ".join(f"{transform} ({some(names)})" for transform, names in files.items())
    made = f"Transforms are not run, what they make is not judged: {told}" if told else ""
    return ". ".join(filter(None, (made, _without_region(review))))


def _without_region(review: Review) -> str:
    """Which templates may stand anywhere, beside others whose Region is known: told once, not with every fault."""
    nowhere = [template.file for template in review.templates if not template.region]
    if not nowhere or len(nowhere) == len(review.templates):
        return ""
    return f"No Region is known of {some(nowhere)}: 'the Region' is theirs alone, and --region says which it is"


def why_not_judged(name: str) -> str:
    """What is to be added to a type that was not judged: of a nested stack, it is its template that is not there."""
    return " (its template is not there)" if name in NESTING else ""


def _plural(word: str, count: int) -> str:
    return word if count == 1 or word == "info" else word + "s"


def rows(review: Review) -> list[Row]:
    """A row per workload and fault; zones of a Region that fare alike share one."""
    alike: dict[Row, list[Case]] = {}
    for estimate in review.estimates:
        case = estimate.case
        place = case.region if case.fault is Fault.ZONE else str(case)
        alike.setdefault(_row(estimate, review, place), []).append(case)
    every = [estimate.case for estimate in review.estimates]
    return [replace(row, fault=one_name(cases, every)) for row, cases in alike.items()]


def one_name(cases: list[Case], every: Iterable[Case]) -> str:
    """One name for faults that do the same, among all that there are."""
    first = cases[0]
    zones = {case.zone for case in every if case.fault is Fault.ZONE and case.region == first.region}
    if len(cases) > 1 and len(zones) == len(cases):
        return f"loss of any zone of {first.region or 'the Region'}"
    return f"loss of zone {' or '.join(case.zone for case in cases)}" if len(cases) > 1 else str(first)


def _row(estimate: Estimate, review: Review, fault: str) -> Row:
    decided = [v for v in review.verdicts if v.estimate.deployment == estimate.deployment]
    verdict = next((against(estimate, v.fault, v.promise) for v in decided if v.fault is estimate.case.fault), None)
    promise = verdict.promise if verdict else None
    return Row(
        workload=estimate.deployment.workload,
        fault=fault,
        outcome=str(estimate.fate),
        rto=spans(estimate.rto),
        rpo=spans(estimate.rpo),
        promised=f"{span(promise.rto.total_seconds())} / {span(promise.rpo.total_seconds())}" if promise else "-",
        verdict=str(verdict.status) if verdict else "-",
        confidence=str(estimate.confidence) if estimate.rto else "-",
    )
