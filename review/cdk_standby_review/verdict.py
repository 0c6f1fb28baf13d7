"""Estimates against objectives: met, at risk, missed, or not known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from .deployments import Deployment
from .estimate import Estimate
from .facts import Range
from .facts.strategies import LADDER
from .findings import Finding, Severity
from .graph import Resource
from .levers import advise, next_strategy
from .objectives import Fault, Recovery
from .outcomes import Fate
from .spans import span, spans

MISSED, AT_RISK, UNPROVEN = "objective-missed", "objective-at-risk", "objective-not-proven"
_SOURCE = "https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_planning_for_recovery_objective_defined_recovery.html"


_STANDBY = "give what is lost a standby, a replica or a copy of its backups where the fault does not reach"
_OUT_OF_REACH = (
    "back it up to a vault locked in compliance mode (LockConfiguration.ChangeableForDays), to a logically air-gapped "
    "one, or copy the backups to a vault of another account; objects also by Object Lock in compliance mode"
)


class Status(StrEnum):
    """How an estimate stands to its objective, best first."""

    MET = "met"
    AT_RISK = "at risk"
    """The good end of the range meets it, the bad end does not."""
    UNKNOWN = "unknown"
    MISSED = "missed"

    @property
    def badness(self) -> int:
        """For comparing: the higher, the worse."""
        return list(Status).index(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One objective of one deployment against its worst estimate."""

    fault: Fault
    promise: Recovery
    estimate: Estimate
    rto: Status
    rpo: Status

    @property
    def status(self) -> Status:
        """The worse of the two."""
        return max(self.rto, self.rpo, key=lambda s: s.badness)


def verdicts(estimates: Iterable[Estimate]) -> tuple[Verdict, ...]:
    """Every objective of every deployment against the worst estimate of its fault."""
    by_deployment: dict[Deployment, list[Estimate]] = {}
    for estimate in estimates:
        by_deployment.setdefault(estimate.deployment, []).append(estimate)
    found: list[Verdict] = []
    for deployment, ours in by_deployment.items():
        for fault, promise in deployment.objectives:
            if mine := [against(e, fault, promise) for e in ours if e.case.fault is fault]:
                found.append(max(mine, key=_worst))
    return tuple(found)


def against(estimate: Estimate, fault: Fault, promise: Recovery) -> Verdict:
    """One estimate against one promise."""
    return Verdict(
        fault=fault,
        promise=promise,
        estimate=estimate,
        rto=_status(estimate, estimate.rto, promise.rto.total_seconds()),
        rpo=_status(estimate, estimate.rpo, promise.rpo.total_seconds()),
    )


def _status(estimate: Estimate, figure: Range | None, limit: float) -> Status:
    if figure is None:
        return Status.MISSED if estimate.fate is Fate.LOST else Status.UNKNOWN
    if figure.high <= limit:
        return Status.MET
    return Status.AT_RISK if figure.low <= limit else Status.MISSED


def _worst(verdict: Verdict) -> tuple[int, float]:
    return (verdict.status.badness, verdict.estimate.rto.high if verdict.estimate.rto else 0)


def findings_of(verdicts: Iterable[Verdict]) -> list[Finding]:
    """A finding for every objective that is not met: the critical path, the shortfall, the cheapest change."""
    return [_finding(v) for v in verdicts if v.status is not Status.MET]


def _finding(verdict: Verdict) -> Finding:
    rule, severity = {
        Status.MISSED: (MISSED, Severity.ERROR),
        Status.AT_RISK: (AT_RISK, Severity.ERROR),  # a promise covers the bad night, not the good one
    }.get(verdict.status, (UNPROVEN, Severity.WARNING))
    return Finding(
        rule=rule, severity=severity, message=_message(verdict), fix=_fix(verdict), source=_SOURCE,
        resource=_culprit(verdict.estimate),
    )  # fmt: skip


def _culprit(estimate: Estimate) -> Resource | None:
    """The resource to look at first: what is lost, or else what takes longest."""
    if estimate.because:
        return estimate.because[0].resource
    steps = [step for step in (*estimate.path, *estimate.losses) if step.resource]
    return max(steps, key=lambda step: step.takes.high).resource if steps else None


def _message(verdict: Verdict) -> str:
    estimate, promise = verdict.estimate, verdict.promise
    start = f"{estimate.deployment.workload or 'the workload'}, {estimate.case}"
    if estimate.fate is Fate.LOST:
        gone = "; ".join(f"{o.resource.name}: {o.judgement.says}" for o in estimate.because[:3])
        more = f" (and {len(estimate.because) - 3} more)" if len(estimate.because) > 3 else ""
        return f"{start}: nothing brings it back within any objective. {gone}{more}"
    if estimate.fate is Fate.UNKNOWN:
        gaps = "; ".join(f"{o.resource.name}: {o.judgement.says}" for o in estimate.because[:3])
        return f"{start}: the objective can be neither met nor missed. {gaps}"
    said: list[str] = []
    for name, status, figure, limit in (
        ("RTO", verdict.rto, estimate.rto, promise.rto.total_seconds()),
        ("RPO", verdict.rpo, estimate.rpo, promise.rpo.total_seconds()),
    ):
        if status is not Status.MET and figure:
            over = span(figure.high - limit)
            said.append(f"{name} is {spans(figure)}, promised {span(limit)}, up to {over} too much")
    path = " -> ".join(f"{s.what} ({spans(s.takes)}, {s.confidence})" for s in estimate.path)
    return f"{start}: {'; '.join(said)}. Longest path: {path}"


def _fix(verdict: Verdict) -> str:
    estimate, promise = verdict.estimate, verdict.promise
    rto, rpo = promise.rto.total_seconds(), promise.rpo.total_seconds()
    if estimate.fate is Fate.LOST and verdict.fault is Fault.ACCOUNT:
        return _OUT_OF_REACH
    if estimate.fate is Fate.LOST:
        alone = estimate.deployment.strategy == LADDER[0].name  # any other one has a second Region, and lacks a part
        return str((alone and next_strategy(estimate, rto, rpo)) or _STANDBY)
    if estimate.fate is Fate.UNKNOWN:
        return "review the templates of the whole app together, so that its subnets and sizes are known"
    missed = [(limit, of_loss) for status, limit, of_loss in ((verdict.rto, rto, False), (verdict.rpo, rpo, True))
              if status is not Status.MET]  # fmt: skip
    return advise(estimate, missed, rto, rpo)
