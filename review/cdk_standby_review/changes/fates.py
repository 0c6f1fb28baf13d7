"""What faults do now, against what they did before: outcomes of resources, and objectives of workloads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

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


class Fared(NamedTuple):
    """How something comes out of a fault."""

    fate: Fate
    rto: Range | None
    rpo: Range | None

    def __str__(self) -> str:
        if self.rto is None and self.rpo is None:
            return str(self.fate)
        return f"{self.fate} (RTO {spans(self.rto)}, RPO {spans(self.rpo)})"

    @property
    def figures(self) -> tuple[float, float]:
        """The bad ends."""
        return (_high(self.rto), _high(self.rpo))


def _high(figure: Range | None) -> float:
    return float("inf") if figure is None else figure.high


def _kind(before: Fared, now: Fared) -> Kind | None:
    """Whether it fares worse or better; None for neither."""
    goes_on = {before.fate, now.fate} <= {Fate.SURVIVES, Fate.ITSELF}
    if before.fate is not now.fate and not goes_on:
        return Kind.WORSE if RANK[now.fate] > RANK[before.fate] else Kind.BETTER
    was, is_now = before.figures, now.figures
    if was == is_now:
        return None
    return Kind.WORSE if any(b > a for a, b in zip(was, is_now, strict=True)) else Kind.BETTER


def outcome_changes(pairs: Pairs, base: Side, head: Side) -> Iterator[Change]:
    """Every workload and resource that fares worse or better; faults in which one fares alike are told together."""
    yield from _workloads(base, head)
    was = {(o.case, o.resource.key): o for o in base.outcomes}
    alike: dict[tuple[Resource, Kind, Fared, Fared, str], list[Outcome]] = {}
    for now in head.outcomes:
        old = pairs.before(now.resource)
        before = was.get((now.case, old.key)) if old else None
        if before is not None:
            ends = _fared(before), _fared(now)
            if kind := _kind(*ends):
                alike.setdefault((now.resource, kind, *ends, now.judgement.says), []).append(now)
    for (resource, kind, old_end, new_end, says), found in alike.items():
        vital = any(outcome.judgement.vital for outcome in found)
        change = _told(kind, [o.case for o in found], old_end, new_end, vital=vital)
        yield replace(change, message=f"{change.message}: {says}", resource=resource, source=found[0].source)


def _fared(outcome: Outcome) -> Fared:
    judgement = outcome.judgement
    return Fared(judgement.fate, judgement.rto, judgement.rpo)


def _workloads(base: Side, head: Side) -> Iterator[Change]:
    was = {(e.deployment.workload, e.case): e for e in base.estimates}
    alike: dict[tuple[str, Kind, Fared, Fared], list[Case]] = {}
    for now in head.estimates:
        old = _same(now.deployment, base.graph.deployments)
        before = was.get((old.workload, now.case)) if old else None
        if before is not None:
            ends = Fared(before.fate, before.rto, before.rpo), Fared(now.fate, now.rto, now.rpo)
            if kind := _kind(*ends):
                alike.setdefault((now.deployment.workload, kind, *ends), []).append(now.case)
    for (workload, kind, old_end, new_end), cases in alike.items():
        change = _told(kind, cases, old_end, new_end)
        yield replace(change, message=f"{workload or 'the workload'}, {change.message}", source=OBJECTIVES)


def _told(kind: Kind, cases: list[Case], before: Fared, after: Fared, *, vital: bool = True) -> Change:
    faults = " and ".join(map(str, cases))
    worse = kind is Kind.WORSE
    return Change(
        kind=kind,
        severity=Severity.WARNING if worse and vital else Severity.INFO,
        message=f"{faults}: {before} before, {after} now",
        fix="keep what it had" if worse else "",
        before=str(before),
        after=str(after),
        fault=faults,
    )


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


_WHAT = {
    Fault.INSTANCE: "an instance",
    Fault.ZONE: "a zone",
    Fault.REGION: "a Region",
    Fault.DELETION: "data",
    Fault.ACCOUNT: "the account's deletion safeguards",
}


def _said(promise: Recovery) -> str:
    return f"RTO {span(promise.rto.total_seconds())}, RPO {span(promise.rpo.total_seconds())}"
