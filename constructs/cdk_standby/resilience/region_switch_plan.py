"""A workload that changes its Region, by a plan of ARC Region switch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from aws_cdk import Duration
from aws_cdk import aws_arcregionswitch as arc
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from constructs import Construct

from .._checks import check
from .._reasons import all_weakened
from .._regions import unknown_region
from ..relational import _region_switch_parts as blocks
from ..relational._operated import unknown_at_synth
from ..relational._parts import accept
from ..relational.region_switch import associated, trigger
from . import _switch_rules as rules
from .data_steps import ReadReplica
from .switch_steps import Moved

Plan = arc.CfnPlan
_PARALLEL = "Together"
_NEW = "CloudFormation-Validate::F3002"


class RegionSwitchPlan(Construct):
    """A Region switch plan: capacity and data of a workload move together, then traffic does, in either direction.

    Region loss: AWS keeps the plan in both Regions, so that the one that is lost is not needed to leave it. Started
    ungracefully, it moves the database at any price and loses what had not been replicated. Started gracefully, it
    loses nothing: for drills, and for the way back.

    A plan knows two Regions. Further ones that serve are not moved by it: users are led away from them by their
    health checks, and members of a global database there follow the new writer.
    """

    plan: arc.CfnPlan
    role: iam.Role
    slowest: tuple[tuple[str, Duration], ...]
    """The steps that come one after the other, each with the longest that it is expected to take."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        primary: str,
        recovery: str,
        moves: Sequence[Moved],
        approach: str = "activePassive",
        approval: iam.IRole | None = None,
        timeout: Duration | None = None,
        rto: Duration | None = None,
        alarms: Mapping[str, cloudwatch.IAlarm] | None = None,
        no_alarms_because: str | None = None,
        trigger_on: Mapping[str, cloudwatch.IAlarm] | None = None,
        automatic_because: str | None = None,
        description: str | None = None,
    ) -> None:
        """Make the plan, and the role by which it acts.

        Args:
            scope: the parent, in a stack of the Region that takes over.
            id: unique among the parent's children.
            name: of the plan, up to 32 letters, digits and hyphens. Create-only.
            primary: the Region that serves, or writes, when nothing has happened. Create-only.
            recovery: the other Region. Create-only.
            moves: the parts, each with its block: `GroupCapacity`, `AuroraWriter`, `ReadReplica`, `FunctionStep`,
                `HealthChecks`.
            approach: activePassive, where one Region serves at a time, or activeActive, where both do and one of them
                can be deactivated. Create-only.
            approval: whoever can assume it has to approve first; left out: a run starts to act at once.
            timeout: of each step, in whole minutes; left out: 60 minutes.
            rto: the recovery time objective that AWS compares runs with, in whole minutes. The steps have to fit into
                it. Left out: none.
            alarms: that show by name whether the application is healthy again, up to ten; left out: refused.
            no_alarms_because: why nothing shows AWS when the application is healthy again: it measures steps alone.
            trigger_on: alarms that start the move to `recovery` by themselves when all of them ring, by name; left out:
                people start it.
            automatic_because: why a false alarm may move the workload.
            description: what the plan is for; left out: none.

        Raises:
            InvalidOptions: what a plan cannot have, or steps that take longer than `rto`, by name
                (https://docs.aws.amazon.com/r53recovery/latest/dg/region-switch.html).
        """
        super().__init__(scope, id)
        regions, limit = {"primary": primary, "recovery": recovery}, timeout or Duration.minutes(60)
        self.slowest = rules.critical_path(moves, approved=approval is not None)
        given: dict[str, Any] = {**locals(), "timeout": limit, "slowest": self.slowest}
        unknown = [unknown_region(self.node.path, option, region) for option, region in regions.items()]
        late = unknown_at_synth(self, name=name, timeout=limit, **regions)
        misfits = [problem for part in moves for problem in part.misfits(self.node.path, (primary, recovery))]
        check(self, rules.RULES, given, also=[*(problem for problem in unknown if problem), *late, *misfits])
        all_weakened(self, given)

        statements = [statement for part in moves for statement in part.statements()]
        self.role, policy = blocks.plan_role(self, name, statements, accepted=_wildcards(moves))
        self.plan = Plan(
            self,
            "Plan",
            name=name,
            description=description,
            execution_role=self.role.role_arn,
            recovery_approach=approach,
            regions=[primary, recovery],
            primary_region=primary if approach == "activePassive" else None,
            recovery_time_objective_minutes=rto.to_minutes() if rto else None,
            workflows=_workflows(moves, approach, (recovery, primary), approval, limit.to_minutes()),
            associated_alarms=associated(alarms or {}, trigger_on or {}),
            triggers=[trigger(recovery, trigger_on)] if trigger_on else None,
            service_quota_checks_enabled=True,
        )
        accept(self.plan, "CloudFormation knows the checks of quotas, the validator's table does not", _NEW)
        self.plan.node.add_dependency(cast("Construct", policy))


def _workflows(
    moves: Sequence[Moved], approach: str, regions: tuple[str, str], approval: iam.IRole | None, minutes: float
) -> list[arc.CfnPlan.WorkflowProperty]:
    """To each Region; away from each of two that serve; and what follows a promotion."""
    first = [blocks.approval_step(approval, minutes)] if approval is not None else []
    leaving = [part for part in moves if part.leaves]
    made = [_workflow("activate", region, [*first, *_in_turn(moves, minutes)]) for region in regions]
    if approach == "activeActive" and leaving:
        made += [_workflow("deactivate", region, [*first, *_in_turn(leaving, minutes)]) for region in regions]
    replicas = [part for part in moves if isinstance(part, ReadReplica)]
    if replicas:
        rebuilt = [part.rebuild(minutes) for part in replicas]
        made.append(Plan.WorkflowProperty(workflow_target_action="postRecovery", steps=rebuilt))
    return made


def _workflow(action: str, region: str, steps: list[arc.CfnPlan.StepProperty]) -> arc.CfnPlan.WorkflowProperty:
    return Plan.WorkflowProperty(workflow_target_action=action, workflow_target_region=region, steps=steps)


def _in_turn(moves: Sequence[Moved], minutes: float) -> list[arc.CfnPlan.StepProperty]:
    """Those of one turn at the same time."""
    steps: list[arc.CfnPlan.StepProperty] = []
    for turn in sorted({part.turn for part in moves}):
        now = [part.step(minutes) for part in moves if part.turn == turn]
        config = Plan.ParallelExecutionBlockConfigurationProperty(steps=now)
        together = blocks.step(f"{_PARALLEL}{turn}", "Parallel", parallel_config=config)
        steps.append(now[0] if len(now) == 1 else together)
    return steps


def _wildcards(moves: Sequence[Moved]) -> list[str]:
    replicas = [part for part in moves if isinstance(part, ReadReplica)]
    return blocks.groups_of([arn for part in replicas for arn in part.instances.values()])
