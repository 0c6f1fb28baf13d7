"""Runs a runbook: refuse early, act once, prove everything, remember each word of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from cdk_standby_review.facts import Fact, Range

from .clients import ApiError
from .errors import (
    AlreadyActive,
    CallFailed,
    NotReady,
    OppositeRunUnfinished,
    PlanOfAnotherWorkload,
    RunbookError,
    StepNotProven,
)
from .run import Run
from .steps import Found, Need, Step, make_steps
from .steps.aurora import cluster_status, global_state
from .steps.groups import group_state

Result = TypeVar("Result")

STARTED: Final = "started"
WAITING: Final = "waiting"
PROVEN: Final = "proven"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What the runner tells whoever watches."""

    what: str
    """started, waiting or proven."""
    step: Step
    number: int
    total: int
    says: str
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A step that has been proven."""

    title: str
    acted: bool
    proof: str
    measured_seconds: float
    aws: Fact[Range] | None
    beside: bool = False

    def to_dict(self) -> dict[str, Any]:
        """For JSON; what was measured here and what AWS takes stay apart."""
        return {
            "step": self.title,
            "acted": self.acted,
            "proof": self.proof,
            "measured_seconds": round(self.measured_seconds, 3),
            "aws": describe_fact(self.aws),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A step that would run."""

    step: Step
    found: Found | None
    refusal: RunbookError | None = None


def describe_fact(fact: Fact[Range] | None) -> dict[str, Any] | None:
    """A time with everything that says how well it is known."""
    if fact is None:
        return None
    return {
        "seconds": [fact.value.low, fact.value.high],
        "confidence": str(fact.confidence),
        "says": fact.says,
        "source": fact.source,
        "read": fact.date,
    }


def preview(run: Run) -> list[Preview]:
    """What a run would do now; changes nothing, writes nothing. A step that would be refused says so.

    Raises:
        RunbookError: the run as a whole would be refused.
    """
    with_aws_errors(lambda: _refuse(run))
    return [_look(step) for step in make_steps(run)]


def _look(step: Step) -> Preview:
    try:
        return Preview(step=step, found=with_aws_errors(step.check))
    except RunbookError as refusal:
        return Preview(step=step, found=None, refusal=refusal)


def execute(run: Run, tell: Callable[[Event], None] = lambda _: None) -> list[Outcome]:
    """Run to the end, from wherever an earlier try stopped.

    Args:
        run: what to run; its journal is written before and after each act.
        tell: hears about each step as it goes.

    Raises:
        RunbookError: refused, or a step could not be proven; running again goes on from there.
    """
    previews = preview(run)
    for refused in (previewed.refusal for previewed in previews if previewed.refusal):
        raise refused
    steps = [previewed.step for previewed in previews]
    _begin(run)
    outcomes = [_one(run, step, number, len(steps), tell) for number, step in enumerate(steps, start=1)]
    run.note("finished")
    return outcomes


def _refuse(run: Run) -> None:
    """Whatever speaks against the run as a whole."""
    begun = run.journal.begun
    if begun and begun["direction"] != run.direction:
        raise OppositeRunUnfinished(
            f"a {begun['direction']} of {run.plan.workload} that began at {begun['at']} is half-way through "
            f"({run.journal.path}); finish it: cdk-standby {begun['direction']} --yes; or, when it is certain that "
            'this is right, close it: --close-unfinished "why"'
        )
    if not run.unplanned:
        _both_answer(run)
    _same_account(run)
    if not begun:
        refuse_active(run, run.to)


def _same_account(run: Run) -> None:
    account = run.clients.sts(run.to).get_caller_identity()["Account"]
    if account != run.plan.account:
        raise PlanOfAnotherWorkload(
            f"the plan of {run.plan.workload} is for account {run.plan.account}, the credentials are for {account}"
        )


def _both_answer(run: Run) -> None:
    """A planned move asks something of each Region: a dark one is better noticed before anything has moved."""
    for region in (run.to, run.away):
        try:
            for database in run.plan.databases:
                cluster_status(run.clients, database, region)
            for group in run.plan.groups:
                group_state(run.clients, group, region)
        except ApiError as error:
            if error.reachable:
                raise
            raise NotReady(
                f"{region} does not answer, and a planned move needs both Regions; {_instead(run)}"
            ) from None


def _instead(run: Run) -> str:
    if run.direction == "failback":
        return "run the failback again when both are back"
    return "if the Region is lost, run the failover without --planned"


def refuse_active(run: Run, region: str) -> None:
    """Refuse to lead somewhere that everything is already.

    Raises:
        AlreadyActive: writer and traffic are in that Region.
    """
    if with_aws_errors(lambda: _active(run, region)):
        raise AlreadyActive(
            f"{region} is already the active Region of {run.plan.workload}: the writer and the traffic are there; "
            "nothing to do"
        )


def _active(run: Run, region: str) -> bool:
    """Asks the Region that the run leads to, which has to live."""
    plan = run.plan
    if any(global_state(run.clients, database, run.to).writer_region != region for database in plan.databases):
        return False
    if plan.traffic is None:
        return bool(plan.databases)
    switch = plan.traffic.switch
    alarms = run.clients.cloudwatch(switch.held_in).describe_alarms(AlarmNames=[switch.alarm])["MetricAlarms"]
    thrown = bool(alarms) and alarms[0]["StateValue"] == "ALARM"
    return thrown == (region != switch.leaves)


def _begin(run: Run) -> None:
    begun = run.journal.begun
    if begun and begun["runbook"] == run.runbook:
        run.note("resumed")
    else:
        if begun:
            run.note("closed", because=f"overtaken by {run.runbook}")
        run.note("begun", workload=run.plan.workload, direction=run.direction, runbook=run.runbook, to=run.to)
    if run.consent:
        run.note("consent", words=run.consent.words)


def _one(run: Run, step: Step, number: int, total: int, tell: Callable[[Event], None]) -> Outcome:
    def say(what: str, says: str, seconds: float = 0.0) -> None:
        tell(Event(what=what, step=step, number=number, total=total, says=says, seconds=seconds))

    started = run.clock.elapsed()
    found = with_aws_errors(step.check)
    say(STARTED, found.says)
    if found.need is Need.ACT:
        run.note("intended", step=step.title)
        with_aws_errors(step.act)
        run.note("acted", step=step.title)
    proof = _await(run, step, lambda says: say(WAITING, says))
    seconds = run.clock.elapsed() - started
    run.note("proven", step=step.title, proof=proof, seconds=round(seconds, 3))
    say(PROVEN, proof, seconds)
    acted = found.need is Need.ACT and bool(step.calls)
    return Outcome(
        title=step.title, acted=acted, proof=proof, measured_seconds=seconds, aws=step.takes, beside=step.beside
    )


def _await(run: Run, step: Step, say: Callable[[str], None]) -> str:
    until = run.clock.elapsed() + step.limit * run.pace.patience
    while True:
        proof = with_aws_errors(step.prove)
        if proof.holds:
            return proof.says
        if run.clock.elapsed() >= until:
            raise StepNotProven(
                f"'{step.title}' is not proven after {step.limit * run.pace.patience:.0f} s: {proof.says}; "
                "the journal is kept: look at it, then run the same command again to go on"
            )
        say(proof.says)
        run.clock.sleep(run.pace.poll)


def with_aws_errors(look: Callable[[], Result]) -> Result:
    """Turn AWS's refusals into ours, which carry an exit code."""
    try:
        return look()
    except ApiError as error:
        said = "does not answer" if not error.reachable else f"refuses: {error.code}"
        raise CallFailed(f"{error.region} {said} ({error.call}: {error.message})") from None
