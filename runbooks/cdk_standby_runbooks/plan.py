"""The recovery plan: plain data, made at synth, stored in both Regions, read without the repository.

A plan knows names that both Regions agreed on at synth, and the ordered steps of each runbook. It survives the loss of
either Region, of the repository and of Node; it does not know what runs right now: that is asked at the time.

Format 1 is JSON of at most 4096 characters, the size of a standard SSM parameter
(https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from cdk_standby_review.objectives import Objectives

from ._contradictions import contradictions
from ._order import order_steps
from ._plan_parts import Capacity, GlobalDatabase, Headless, ReplicatedInstance, ScalingGroup, StepSpec, Switch, Traffic
from ._shape import PLAN, misfits
from .errors import PlanUnreadable

FORMAT: Final = 1
LONGEST: Final = 4096

__all__ = [
    "Capacity",
    "GlobalDatabase",
    "Headless",
    "Plan",
    "PlanInvalid",
    "ReplicatedInstance",
    "ScalingGroup",
    "StepSpec",
    "Switch",
    "Traffic",
    "make_plan",
]


class PlanInvalid(ValueError):  # noqa: N818  (beside InvalidOptions)
    """The parts of a plan do not fit together; every problem on a line of its own. Raised at synth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything that a failover and a failback of one workload need to know."""

    workload: str
    account: str
    strategy: str
    primary: str
    recovery: str
    objectives: Objectives
    databases: tuple[GlobalDatabase, ...] = ()
    replicas: tuple[ReplicatedInstance, ...] = ()
    groups: tuple[ScalingGroup, ...] = ()
    traffic: Traffic | None = None
    runbooks: Mapping[str, tuple[StepSpec, ...]]

    @property
    def regions(self) -> tuple[str, str]:
        """The primary, then the recovery Region."""
        return self.primary, self.recovery

    def other(self, region: str) -> str:
        """The Region at the other end."""
        return self.recovery if region == self.primary else self.primary

    def database(self, name: str) -> GlobalDatabase:
        """The database of that name; the plan was checked, so it exists."""
        return next(database for database in self.databases if database.name == name)

    def replica(self, name: str) -> ReplicatedInstance:
        """The pair of instances of that name; the plan was checked, so it exists."""
        return next(replica for replica in self.replicas if replica.name == name)

    def group(self, name: str) -> ScalingGroup:
        """The Auto Scaling groups of that name; the plan was checked, so they exist."""
        return next(group for group in self.groups if group.name == name)

    def to_json(self) -> str:
        """Compact, sorted, the same bytes for the same plan."""
        return json.dumps(_as_dict(self), sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str, *, source: str = "the plan") -> Plan:
        """Read a plan.

        Args:
            text: JSON as `to_json` writes it.
            source: how messages name the place it came from; left out, they say "the plan".

        Raises:
            PlanUnreadable: not JSON, of another format, or incomplete; every problem on a line of its own.
        """
        plan = _from_dict(_read(text, source))
        if problems := contradictions(plan):
            raise PlanUnreadable(_listed(f"{source} contradicts itself", problems))
        return plan


def make_plan(
    *,
    workload: str,
    account: str,
    strategy: str,
    primary: str,
    recovery: str,
    objectives: Objectives | Mapping[str, Mapping[str, float]],
    databases: Sequence[GlobalDatabase] = (),
    replicas: Sequence[ReplicatedInstance] = (),
    groups: Sequence[ScalingGroup] = (),
    traffic: Traffic | None = None,
) -> Plan:
    """Make a plan from the resources alone; the order of the steps follows from what there is.

    Args:
        workload: its name; the plan is stored as ``/cdk-standby/<workload>/plan``.
        account: the AWS account; a runner with credentials of another one refuses to act.
        strategy: for people and for the review.
        primary: the Region that is active in normal times.
        recovery: the Region that takes over.
        objectives: what was promised; without one for the Region, every unplanned failover needs a written consent.
        databases: left out, nothing is promoted.
        replicas: RDS instances that a person promotes; left out, traffic moves without a look at any.
        groups: left out, nothing is scaled.
        traffic: left out, traffic is not moved, which only suits workloads that nobody calls.

    Raises:
        PlanInvalid: the parts contradict each other, or the plan is longer than a standard SSM parameter.
    """
    promised = objectives if isinstance(objectives, Objectives) else Objectives.from_seconds(objectives)
    plan = Plan(
        workload=workload,
        account=account,
        strategy=strategy,
        primary=primary,
        recovery=recovery,
        objectives=promised,
        databases=tuple(databases),
        replicas=tuple(replicas),
        groups=tuple(groups),
        traffic=traffic,
        runbooks={},
    )
    if problems := contradictions(plan):
        raise PlanInvalid(_listed(f"the recovery plan of {workload} contradicts itself", problems))
    steps = order_steps(
        [d.name for d in plan.databases],
        [g.name for g in plan.groups],
        traffic is not None,
        plan.regions,
        replicas=[r.name for r in plan.replicas],
        headless={d.name: d.headless.region for d in plan.databases if d.headless},
    )
    plan = replace(plan, runbooks={name: tuple(StepSpec(**spec) for spec in specs) for name, specs in steps.items()})
    if len(plan.to_json()) > LONGEST:
        raise PlanInvalid(
            f"the recovery plan of {workload} has {len(plan.to_json())} characters; allowed: {LONGEST}, the size of a "
            "standard SSM parameter; shorten names or split the workload "
            "(https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html)"
        )
    return plan


def _read(text: str, source: str) -> dict[str, Any]:
    try:
        written: Any = json.loads(text)
    except ValueError as error:
        raise PlanUnreadable(f"{source} is not JSON: {error}") from None
    if not isinstance(written, dict):
        raise PlanUnreadable(f"{source} is not a recovery plan: expected an object with 'format', 'workload' and so on")
    fields: dict[str, Any] = written  # pyright: ignore[reportUnknownVariableType]
    if fields.get("format") != FORMAT:
        raise PlanUnreadable(
            f"{source} has format {fields.get('format')!r}; this version of cdk-standby reads format {FORMAT}"
        )
    if problems := misfits(fields, PLAN):
        raise PlanUnreadable(_listed(f"{source} is incomplete", problems))
    try:
        Objectives.from_seconds(fields["objectives"])
    except ValueError as error:
        raise PlanUnreadable(f"{source} has objectives that cannot be read: {error}") from None
    return fields


def _listed(headline: str, problems: Sequence[str]) -> str:
    return "\n".join([f"{headline}:", *(f"  {problem}" for problem in problems)])


def _whole(objectives: Objectives) -> dict[str, dict[str, float]]:
    """900, not 900.0: the plan is read by people."""
    return {
        fault: {key: int(value) if value == int(value) else value for key, value in promise.items()}
        for fault, promise in objectives.as_seconds().items()
    }


def _as_dict(plan: Plan) -> dict[str, Any]:
    written: dict[str, Any] = {
        "format": FORMAT,
        "workload": plan.workload,
        "account": plan.account,
        "strategy": plan.strategy,
        "primary": plan.primary,
        "recovery": plan.recovery,
        "objectives": _whole(plan.objectives),
        "databases": [_as_database(database) for database in plan.databases],
        "groups": [asdict(group) for group in plan.groups],
        "runbooks": {name: [spec.to_dict() for spec in specs] for name, specs in plan.runbooks.items()},
    }
    if plan.replicas:
        written["replicas"] = [asdict(replica) for replica in plan.replicas]
    if plan.traffic is not None:
        written["traffic"] = asdict(plan.traffic)
    return written


def _as_database(database: GlobalDatabase) -> dict[str, Any]:
    return {key: value for key, value in asdict(database).items() if value is not None}


def _from_dict(fields: Mapping[str, Any]) -> Plan:
    traffic = fields.get("traffic")
    return Plan(
        workload=fields["workload"],
        account=fields["account"],
        strategy=fields["strategy"],
        primary=fields["primary"],
        recovery=fields["recovery"],
        objectives=Objectives.from_seconds(fields["objectives"]),
        databases=tuple(_database(**database) for database in fields["databases"]),
        replicas=tuple(ReplicatedInstance(**replica) for replica in fields.get("replicas", [])),
        groups=tuple(
            ScalingGroup(
                name=group["name"],
                groups=group["groups"],
                full=Capacity(**group["full"]),
                standby=Capacity(**group["standby"]),
            )
            for group in fields["groups"]
        ),
        traffic=None if traffic is None else _traffic(**traffic),
        runbooks={name: tuple(StepSpec(**spec) for spec in specs) for name, specs in fields["runbooks"].items()},
    )


def _database(*, headless: Mapping[str, Any] | None = None, **fields: Any) -> GlobalDatabase:
    return GlobalDatabase(headless=None if headless is None else Headless(**headless), **fields)


def _traffic(*, switch: Mapping[str, str], **fields: Any) -> Traffic:
    return Traffic(switch=Switch(**switch), **fields)
