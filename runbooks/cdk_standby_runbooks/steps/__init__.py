"""The kinds of steps, by the name that a plan calls them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from ..errors import PlanUnreadable
from ..plan import StepSpec
from ..run import Run
from ._model import Found, Need, Proof, Step
from .promote import Promote, Switchover
from .promoted import Promoted
from .ready import Ready
from .record import Record
from .scale import AwaitCapacity, Scale
from .settle import Settle
from .switch import SwitchTraffic
from .verify import Verify
from .wake import Wake

__all__ = ["STEPS", "Found", "Need", "Proof", "Step", "make_steps"]

Maker = Callable[[Run, StepSpec], Step]

STEPS: Final[dict[str, Maker]] = {
    "record": lambda run, spec: Record(run, run.plan.database(spec.of)),
    "ready": lambda run, spec: Ready(run, run.plan.database(spec.of)),
    "wake": lambda run, spec: _wake(run, spec),  # noqa: PLW0108  defined below
    "promote": lambda run, spec: Promote(run, run.plan.database(spec.of)),
    "confirm": lambda run, spec: Promoted(run, run.plan.replica(spec.of)),
    "switchover": lambda run, spec: Switchover(run, run.plan.database(spec.of)),
    "scale": lambda run, spec: Scale(run, run.plan.group(spec.of), spec.at, spec.to),
    "capacity": lambda run, spec: AwaitCapacity(run, run.plan.group(spec.of), spec.at, spec.to),
    "switch": lambda run, _: _switch(run),
    "settle": lambda run, spec: Settle(run, spec.at),
    "verify": lambda run, _: Verify(run, _proofs(run)),
}


def make_steps(run: Run) -> list[Step]:
    """The steps of the run's runbook, in order.

    Raises:
        PlanUnreadable: the plan asks for a step that this version does not know.
    """
    specs = run.plan.runbooks[run.runbook]
    if unknown := sorted({spec.step for spec in specs} - set(STEPS)):
        raise PlanUnreadable(
            f"the plan asks for steps this version does not know: {', '.join(unknown)}; upgrade cdk-standby"
        )
    return [STEPS[spec.step](run, spec) for spec in specs]


def _switch(run: Run) -> Step:
    if run.plan.traffic is None:
        raise PlanUnreadable("the plan asks to switch traffic, but describes none")
    return SwitchTraffic(run, run.plan.traffic)


def _wake(run: Run, spec: StepSpec) -> Step:
    database = run.plan.database(spec.of)
    assert database.headless is not None  # the plan was checked
    return Wake(run, database, database.headless, spec.to)


def _proofs(run: Run) -> list[Step]:
    """What must hold at the end, wherever the plan has put it."""
    return [
        *(Switchover(run, database) for database in run.plan.databases),
        *(Promoted(run, replica) for replica in run.plan.replicas),
        *(AwaitCapacity(run, group, run.to, "full") for group in run.plan.groups),
        *([SwitchTraffic(run, run.plan.traffic)] if run.plan.traffic else []),
    ]
