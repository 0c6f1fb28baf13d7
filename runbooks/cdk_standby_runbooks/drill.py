"""A rehearsal: the Region goes dark, failover, proof; it returns, failback, proof.

What was measured here and what AWS documents stand side by side and are never added up together.
"""

from __future__ import annotations

import json
import tempfile
from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from .boto import BotoClients, allowed_endpoint, is_loopback
from .clients import Clients
from .clock import Clock, SystemClock
from .commands import read_plan
from .drill_report import drill_dict, drill_lines
from .errors import DrillFailed, NotReady, Usage
from .journal import Journal
from .outage import LocalOutage, Outage
from .plan import Plan
from .run import LOCAL_PACE, Run
from .runner import PROVEN, Event, Outcome, execute, preview, with_aws_errors
from .steps.aurora import global_state
from .steps.groups import group_state

REPORTS = Path(".cdk-standby/drills")
Tell = Callable[[str, str, bool], None]
"""Hears the name of a phase, what it is doing, and whether that is a result."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """One part of a drill."""

    name: str
    says: str
    measured_seconds: float
    steps: tuple[Outcome, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Drill:
    """A drill that went as the plan says."""

    plan: Plan
    began: datetime
    phases: tuple[Phase, ...]
    deployed: bool = False
    """True when the stacks were deployed for it, so that it says something about the templates too."""
    dropped: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    """By resource type, the properties that the local AWS does not model."""


class Rehearsal:
    """Runs the phases; `heard` collects the Regions that were called, so that the lost one can be proven uncalled."""

    def __init__(
        self, plan: Plan, clients: Clients, outage: Outage, *, clock: Clock, heard: list[str], tell: Tell
    ) -> None:
        self._plan = plan
        self._clients = clients
        self._outage = outage
        self._clock = clock
        self._heard = heard
        self._tell = tell
        self._phases: list[Phase] = []

    def run(self) -> Drill:
        """From start to start.

        Raises:
            DrillFailed: something did not end as the plan says.
            RunbookError: a runbook refused or could not prove a step.
        """
        began = self._clock.now()
        with tempfile.TemporaryDirectory(prefix="cdk-standby-drill-") as folder:
            self._journal = Path(folder) / "journal.jsonl"
            try:
                self._all()
            finally:
                self._outage.end()
        return Drill(plan=self._plan, began=began, phases=tuple(self._phases))

    def _all(self) -> None:
        primary, recovery = self._plan.regions
        start = self._phase("before", lambda: self._standing(primary))
        self._phase(f"{primary} goes dark", self._darken)
        self._runbook("failover", "failover")
        self._phase("planned move refused", self._refused)
        self._phase("proof of failover", lambda: self._settled(recovery))
        self._phase(f"{primary} returns", self._lighten)
        self._runbook("failback", "failback")
        self._phase("proof of failback", lambda: self._restored(primary, start))

    def _phase(self, name: str, does: Callable[[], tuple[Any, str]]) -> Any:
        self._tell(name, "", False)
        started = self._clock.elapsed()
        result, says = with_aws_errors(does)
        self._phases.append(Phase(name=name, says=says, measured_seconds=self._clock.elapsed() - started))
        self._tell(name, says, True)
        return result

    def _runbook(self, name: str, runbook: str) -> None:
        def say(event: Event) -> None:
            done = event.what == PROVEN
            self._tell(name, f"{event.number}/{event.total} {event.step.title}: {event.says}", done)

        self._tell(name, "", False)
        del self._heard[:]
        started = self._clock.elapsed()
        outcomes = execute(self._run(runbook), say)
        seconds = self._clock.elapsed() - started
        called = sorted(set(self._heard))
        if runbook == "failover" and self._plan.primary in called:
            raise DrillFailed(f"the failover called {self._plan.primary}, which was dark: it must not need it")
        acts = sum(outcome.acted for outcome in outcomes)
        says = f"{acts} acts, {len(outcomes)} proofs; Regions called: {', '.join(called)}"
        self._phases.append(Phase(name=name, says=says, measured_seconds=seconds, steps=tuple(outcomes)))
        self._tell(name, says, True)

    def _run(self, runbook: str) -> Run:
        return Run(
            plan=self._plan,
            runbook=runbook,
            clients=self._clients,
            clock=self._clock,
            journal=Journal.read(self._journal, self._plan.workload),
            pace=LOCAL_PACE,
        )

    def _standing(self, region: str) -> tuple[dict[str, Any], str]:
        """Everything is where it starts; asking also makes sure that the lag was told while both Regions live."""
        preview(self._run("planned"))
        state = self._state()
        wrong = {name: where for name, where in state["writers"].items() if where != region}
        if wrong:
            raise DrillFailed(
                f"a drill starts with everything in {region}; the writer is elsewhere: {wrong}; fail back first"
            )
        return state, f"writer and traffic in {region}, capacity {_sizes(state)}"

    def _state(self) -> dict[str, Any]:
        plan, clients = self._plan, self._clients
        groups = {
            group.groups[region]: [state.minimum, state.desired]
            for group in plan.groups
            for region in plan.regions
            for state in [group_state(clients, group, region)]
        }
        writers = {d.global_cluster: global_state(clients, d, plan.recovery).writer_region for d in plan.databases}
        return {"writers": writers, "groups": groups, "thrown": self._thrown()}

    def _thrown(self) -> bool:
        if self._plan.traffic is None:
            return False
        switch = self._plan.traffic.switch
        alarms = self._clients.cloudwatch(switch.held_in).describe_alarms(AlarmNames=[switch.alarm])["MetricAlarms"]
        return bool(alarms) and alarms[0]["StateValue"] == "ALARM"

    def _darken(self) -> tuple[None, str]:
        self._outage.begin(self._plan.primary)
        return None, "every call to it is answered 503"

    def _lighten(self) -> tuple[None, str]:
        self._outage.end()
        return None, "it answers again"

    def _refused(self) -> tuple[None, str]:
        try:
            preview(self._run("failback"))
        except NotReady as refusal:
            return None, str(refusal)
        raise DrillFailed(f"a failback was not refused although {self._plan.primary} is dark")

    def _settled(self, region: str) -> tuple[None, str]:
        writers = {d.global_cluster: global_state(self._clients, d, region).writer_region for d in self._plan.databases}
        thrown = self._thrown() or self._plan.traffic is None
        if set(writers.values()) - {region} or not thrown:
            raise DrillFailed(f"after the failover the writers are {writers}, the switch is thrown: {thrown}")
        return None, f"one writer, in {region}; the switch is thrown"

    def _restored(self, region: str, start: dict[str, Any]) -> tuple[None, str]:
        end = self._state()
        if end != start:
            raise DrillFailed(f"the failback did not restore the start: before {start}, after {end}")
        return None, f"as before: writer and traffic in {region}, capacity {_sizes(end)}"


def _sizes(state: dict[str, Any]) -> str:
    return ", ".join(f"{name} {minimum} (desired {desired})" for name, (minimum, desired) in state["groups"].items())


def rehearse(plan: Plan, endpoint: str, tell: Tell, *, deployed: bool) -> Drill:
    """A drill on the local AWS at `endpoint`; `deployed`: the stacks were deployed to it for this drill."""
    heard: list[str] = []
    clients = BotoClients(endpoint, heard=lambda _, region: heard.append(region))
    outage = LocalOutage(endpoint)
    rehearsal = Rehearsal(plan, clients, outage, clock=SystemClock(), heard=heard, tell=tell)
    return replace(rehearsal.run(), deployed=deployed, dropped=outage.dropped())


def store(drill: Drill, path: Path | None) -> Path:
    """Write the times as JSON; `path` left out: ``.cdk-standby/drills/<workload>-<time>.json``."""
    path = path or REPORTS / f"{drill.plan.workload}-{drill.began:%Y%m%dT%H%M%SZ}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(drill_dict(drill), indent=2) + "\n")
    return path


def command(options: Namespace) -> int:
    """``cdk-standby drill``."""
    if options.aws:
        raise Usage(
            "a drill takes a Region away, which only a local AWS can; "
            "on AWS rehearse with: cdk-standby failover --planned, then cdk-standby failback"
        )
    deployed = _deployed(options) if options.local else nullcontext(options.endpoint_url)
    with deployed as given:
        endpoint = allowed_endpoint(given, aws=False)
        assert endpoint is not None
        assert is_loopback(endpoint)
        plan = read_plan(options, BotoClients(endpoint))
        drill = rehearse(plan, endpoint, _printer(options), deployed=options.local)
    path = store(drill, Path(options.report) if options.report else None)
    print(json.dumps(drill_dict(drill), indent=2) if options.json else "\n".join(drill_lines(drill)))
    if not options.json:
        print(f"stored in {path}")
    return 0


def _printer(options: Namespace) -> Tell:
    def tell(phase: str, says: str, done: bool) -> None:
        if done and not options.json:
            print(f"{phase}: {says}", flush=True)

    return tell


def _deployed(options: Namespace) -> Any:
    from .demo.deployed import deployed  # noqa: PLC0415  (pulls in the local AWS)

    if not options.plan and not options.from_region:
        options.plan = _only_plan(Path(options.cdk_out))
    return deployed(Path(options.cdk_out), read_plan(options, None))


def _only_plan(assembly: Path) -> str:
    found = sorted(assembly.glob("*.plan.json"))
    if len(found) != 1:
        raise Usage(f"{assembly} holds {len(found)} plans; name one with --plan FILE")
    return str(found[0])
