"""What faults do now, against what they did before: outcomes of resources, and objectives of workloads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..deployments import Deployment
from ..facts import Range
from ..findings import Severity
from ..graph import Resource
from ..objectives import Fault, Recovery
from ..outcomes import Case, Fate, Outcome
from ..spans import span, spans
from ..verdict import Status, Verdict
from ._model import Change, Kind
from ._pairs import Pairs, Side

OBJECTIVES = (
    "https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/"
    "rel_planning_for_recovery_objective_defined_recovery.html"
)
RANK = {Fate.SURVIVES: 0, Fate.ITSELF: 1, Fate.RUNBOOK: 2, Fate.UNKNOWN: 3, Fate.LOST: 4}
"""How bad a fate is. What is not known may be lost: it is worse than a runbook, and better than the certainty."""


def outcome_changes(pairs: Pairs, base: Side, head: Side) -> Iterator[Change]:
    """Every resource that fares worse or better than it did; faults in which it fares alike are told together."""
    was = {(o.case, o.resource.key): o for o in base.outcomes}
    alike: dict[tuple[Kind, tuple[str, str], str], list[tuple[Case, Resource, Outcome]]] = {}
    for now in head.outcomes:
        old = pairs.before(now.resource)
        before = was.get((now.case, old.key)) if old else None
        if before is None or (kind := _kind(before, now)) is None:
            continue
        says = f"{_told(before)} before, {_told(now)} now: {now.judgement.says}"
        alike.setdefault((kind, now.resource.key, says), []).append((now.case, now.resource, now))
    for (kind, _, says), found in alike.items():
        _, resource, outcome = found[0]
        faults = " and ".join(str(case) for case, _, _ in found)
        yield Change(
            kind=kind,
            severity=Severity.WARNING if kind is Kind.WORSE else Severity.INFO,
            message=f"{faults}: {says}",
            fix="keep what it had, or say in the pull request why it is not needed" if kind is Kind.WORSE else "",
            source=outcome.source,
            resource=resource,
            before=says.split(" before, ")[0],
            after=_told(outcome),
            fault=faults,
        )


def _kind(before: Outcome, now: Outcome) -> Kind | None:
    if before.fate is not now.fate:
        return Kind.WORSE if RANK[now.fate] > RANK[before.fate] else Kind.BETTER
    was, is_now = _figures(before), _figures(now)
    if was == is_now:
        return None
    return Kind.WORSE if any(b > a for a, b in zip(was, is_now, strict=True)) else Kind.BETTER


def _figures(outcome: Outcome) -> tuple[float, float]:
    return (_high(outcome.judgement.rto), _high(outcome.judgement.rpo))


def _high(figure: Range | None) -> float:
    return float("inf") if figure is None else figure.high


def _told(outcome: Outcome) -> str:
    judgement = outcome.judgement
    if judgement.rto is None and judgement.rpo is None:
        return str(outcome.fate)
    return f"{outcome.fate} (RTO {spans(judgement.rto)}, RPO {spans(judgement.rpo)})"


def objective_changes(base: Side, head: Side) -> Iterator[Change]:
    """Objectives that are missed now, or met again, and promises that were taken back."""
    was, now = _by_fault(base), _by_fault(head)
    for deployment in head.graph.deployments:
        old = _same(deployment, base.graph.deployments)
        for fault, promise in old.objectives if old else ():
            yield from _taken_back(deployment, fault, promise)
        for fault, _ in deployment.objectives:
            verdict = now.get((deployment.workload, fault))
            before = was.get((old.workload, fault)) if old else None
            if verdict:
                yield from _verdict(verdict, before)


def _by_fault(side: Side) -> dict[tuple[str, Fault], Verdict]:
    return {(v.estimate.deployment.workload, v.fault): v for v in side.verdicts}


def _same(deployment: Deployment, others: Iterable[Deployment]) -> Deployment | None:
    others = tuple(others)
    named = [other for other in others if other.workload == deployment.workload]
    return next(iter(named), others[0] if len(others) == 1 else None)


def _verdict(now: Verdict, before: Verdict | None) -> Iterator[Change]:
    was = before.status if before else Status.MET
    if was is now.status:
        return
    workload = now.estimate.deployment.workload or "the workload"
    worse = now.status.badness > was.badness
    missed = now.status in {Status.MISSED, Status.AT_RISK}
    figures = f"RTO {spans(now.estimate.rto)}, RPO {spans(now.estimate.rpo)}"
    yield Change(
        kind=Kind.MISSED if worse else Kind.BETTER,
        severity=Severity.INFO if not worse else Severity.ERROR if missed else Severity.WARNING,
        message=f"{workload}, {now.estimate.case}: the objective ({_said(now.promise)}) was "
        f"{was if before else 'not promised'}, and is {now.status}: {now.estimate.fate}, {figures}",
        fix="see the finding about this objective" if worse else "",
        source=OBJECTIVES,
        before=str(was) if before else "not promised",
        after=str(now.status),
        fault=str(now.estimate.case),
    )


def _taken_back(deployment: Deployment, fault: Fault, old: Recovery) -> Iterator[Change]:
    new = dict(deployment.objectives).get(fault)
    if new is not None and new.rto <= old.rto and new.rpo <= old.rpo:
        return
    after = _said(new) if new else "nothing"
    yield Change(
        kind=Kind.WEAKENED,
        severity=Severity.WARNING,
        message=f"{deployment.workload or 'the workload'}: the promise for the loss of {_WHAT[fault]} was "
        f"{_said(old)}, and is {after}",
        fix="keep the promise",
        source=OBJECTIVES,
        before=_said(old),
        after=after,
        fault=str(fault),
    )


_WHAT = {Fault.INSTANCE: "an instance", Fault.ZONE: "a zone", Fault.REGION: "a Region", Fault.DELETION: "data"}


def _said(promise: Recovery) -> str:
    return f"RTO {span(promise.rto.total_seconds())}, RPO {span(promise.rpo.total_seconds())}"
