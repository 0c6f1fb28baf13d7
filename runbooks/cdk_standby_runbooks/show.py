"""How runbooks speak to people: plain lines, so that they read the same in a terminal, a log and a ticket."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from cdk_standby_review.facts import Confidence, Fact, Range

from .plan import Plan
from .run import Run
from .runner import PROVEN, STARTED, Event, Outcome, Preview

VERBS: Final = {
    "record": "record the writer of {of}, and how far {at} is behind",
    "ready": "wait until {of} in {at} has caught up",
    "scale": "scale {of} in {at} to {to}",
    "capacity": "wait until {of} in {at} runs at {to}",
    "promote": "promote {of} in {at}",
    "wake": "give {of} in {at} its instances: {to}",
    "confirm": "look whether {of} in {at} takes writes: promote it by hand before",
    "switchover": "switch {of} over to {at}",
    "switch": "switch {of} to {at}",
    "settle": "wait until resolvers have forgotten {at}",
    "verify": "verify {at}",
}


def took(seconds: float) -> str:
    """A measured time."""
    return f"{seconds:.1f} s"


def aws_time(fact: Fact[Range] | None) -> str:
    """How long AWS takes, and how well that is known."""
    if fact is None:
        return ""
    span = f"{fact.value.low:g}" if fact.value.low == fact.value.high else str(fact.value)
    return f"{span} s, {fact.confidence}"


def aws_sum(steps: Iterable[tuple[Fact[Range] | None, bool]]) -> tuple[Range, Confidence]:
    """How long AWS takes for all of them, as well known as the least known.

    Args:
        steps: each step's time, and whether it runs beside what came before; else one waits for the other.
    """
    total, known = Range(0, 0), list[Confidence]()
    for fact, beside in steps:
        if fact is not None:
            known.append(fact.confidence)
            longer = Range(max(total.low, fact.value.low), max(total.high, fact.value.high))
            total = longer if beside else total + fact.value
    return total, Confidence.weakest(*known)


def headline(run: Run) -> str:
    """Which run this is."""
    kind = {"failover": "failover", "planned": "planned failover", "failback": "failback"}[run.runbook]
    return f"{run.plan.workload}: {kind} from {run.away} to {run.to}"


def preview_lines(run: Run, previews: Sequence[Preview]) -> Iterator[str]:
    """What a run would do, step by step."""
    yield f"{headline(run)} (dry run: nothing was changed)"
    for number, previewed in enumerate(previews, start=1):
        step, found = previewed.step, previewed.found
        yield ""
        yield f"{number}. {step.title}: {step.says}"
        yield f"   now    {found.says} [{found.need}]" if found else f"   now    refused: {previewed.refusal}"
        yield from (f"   calls  {call}" for call in step.calls)
        if step.takes:
            yield f"   AWS    {aws_time(step.takes)}: {step.takes.says}"
    yield ""
    yield _against_objective(run, previews)
    if run.unplanned:
        yield f"this asks nothing of {run.away}; if it answers, --planned loses no write"


def _against_objective(run: Run, previews: Sequence[Preview]) -> str:
    total, confidence = aws_sum((previewed.step.takes, previewed.step.beside) for previewed in previews)
    promised = run.plan.objectives.region
    objective = f"; the RTO is {promised.rto.total_seconds():g} s" if promised else ""
    return f"on AWS these steps take {total} s ({confidence}), after somebody has decided{objective}"


def event_line(event: Event) -> str | None:
    """One line per step begun and proven; waiting is for progress displays."""
    place = f"[{event.number}/{event.total}]"
    if event.what == STARTED:
        return f"{place} {event.step.title}: {event.step.says}"
    if event.what == PROVEN:
        return f"{' ' * len(place)} proven after {took(event.seconds)}: {event.says}"
    return None


def outcome_lines(run: Run, outcomes: Sequence[Outcome], *, local: bool) -> Iterator[str]:
    """The end of a run."""
    seconds = sum(outcome.measured_seconds for outcome in outcomes)
    where = "on this machine, which says nothing about AWS" if local else "here"
    yield f"{headline(run)}: done, {took(seconds)} measured {where}; journal {run.journal.path}"


def plan_lines(plan: Plan) -> Iterator[str]:
    """A plan for people, as Markdown."""
    yield f"# {plan.workload}: {plan.strategy}, {plan.primary} -> {plan.recovery} (account {plan.account})"
    for fault, promise in plan.objectives:
        yield f"- {fault}: RTO {promise.rto.total_seconds():g} s, RPO {promise.rpo.total_seconds():g} s"
    names = {"failover": "Failover (unplanned)", "planned": "Failover (planned)", "failback": "Failback (planned)"}
    for name, title in names.items():
        yield ""
        yield f"## {title}"
        for number, spec in enumerate(plan.runbooks[name], start=1):
            words = VERBS.get(spec.step, spec.step + " {of} in {at}")
            yield f"{number}. {words.format(of=spec.of, at=spec.at, to=spec.to)}"
