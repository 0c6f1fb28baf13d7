"""Databases that change their Region, by a plan of ARC Region switch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from aws_cdk import Duration
from aws_cdk import aws_arcregionswitch as arc
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from constructs import Construct

from .._checks import check
from .._reasons import weakened
from .._regions import unknown_region
from . import _region_switch_parts as parts
from ._operated import unknown_at_synth

Plan = arc.CfnPlan


class DatabaseRegionSwitch(Construct):
    """A Region switch plan that moves databases to the other of two Regions, and back.

    Region loss: started in the other Region, ungracefully, it fails over and loses what had not been replicated,
    usually seconds. Started gracefully, it switches over and loses nothing: for drills, and for the way back. AWS keeps
    the plan in both Regions, so that neither is needed to leave the other.

    Aurora goes both ways. A promoted read replica does not: the plan's post-recovery workflow makes a new one in the
    old Region, where the old primary is renamed, runs on and is paid on until somebody deletes it.
    """

    plan: arc.CfnPlan
    role: iam.Role

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        primary: str,
        recovery: str,
        global_cluster: str | None = None,
        clusters: Mapping[str, str] | None = None,
        instances: Mapping[str, str] | None = None,
        switchover: bool = False,
        approval: iam.IRole | None = None,
        timeout: Duration | None = None,
        rto: Duration | None = None,
        alarms: Mapping[str, cloudwatch.IAlarm] | None = None,
        trigger_on: Mapping[str, cloudwatch.IAlarm] | None = None,
        automatic_because: str | None = None,
    ) -> None:
        """Make the plan, and the role by which it acts.

        Args:
            scope: the parent.
            id: unique among the parent's children.
            name: of the plan, up to 32 letters, digits and hyphens. Create-only.
            primary: the Region that writes when nothing has happened. Create-only.
            recovery: the other Region. Create-only.
            global_cluster: the identifier of a global Aurora database; left out: there is none.
            clusters: ARNs of its clusters, by Region; left out: there is none.
            instances: ARNs of a primary instance and its cross-Region read replica, by Region; left out: there is none.
            switchover: True for Oracle, whose primary and replica can change roles; left out: False, a replica is
                promoted.
            approval: whoever can assume it has to approve first; left out: a run starts to act at once.
            timeout: of each step, in whole minutes; left out: 60 minutes.
            rto: the recovery time objective that AWS compares runs with, in whole minutes; left out: none.
            alarms: that show by name whether the application is healthy again; left out: AWS measures the steps alone.
            trigger_on: alarms that start the move to `recovery` by themselves when all of them ring, by name; left out:
                people start it.
            automatic_because: why a false alarm may move the databases.

        Raises:
            InvalidOptions: a Region, a name or an ARN that a plan cannot have
                (https://docs.aws.amazon.com/r53recovery/latest/dg/region-switch.html).
        """
        super().__init__(scope, id)
        regions = {"primary": primary, "recovery": recovery}
        limit = timeout or Duration.minutes(60)
        given: dict[str, Any] = {**regions, "name": name, "global_cluster": global_cluster, "clusters": clusters}
        given |= {"instances": instances, "switchover": switchover, "timeout": limit, "rto": rto}
        given |= {"alarms": alarms, "trigger_on": trigger_on, "automatic_because": automatic_because}
        unknown = [unknown_region(self.node.path, option, region) for option, region in regions.items()]
        late = unknown_at_synth(self, name=name, timeout=limit, **regions)
        problems = [*(problem for problem in unknown if problem), *late, *parts.misplaced(self, given)]
        check(self, parts.RULES, given, also=problems)
        weakened(self, "automatic", automatic_because)
        self.role, policy = parts.role(
            self,
            name,
            global_cluster=global_cluster,
            clusters=list((clusters or {}).values()),
            instances=list((instances or {}).values()),
        )
        each = limit.to_minutes()
        steps = [parts.approval_step(approval, each)] if approval is not None else []
        if global_cluster is not None and clusters:
            steps.append(parts.aurora_step(global_cluster, clusters, each))
        if instances:
            steps.append((parts.switch_step if switchover else parts.promote_step)(instances, each))
        after = [parts.replica_step(instances, each)] if instances and not switchover else []
        self.plan = Plan(
            self,
            "Plan",
            name=name,
            execution_role=self.role.role_arn,
            recovery_approach="activePassive",
            regions=[primary, recovery],
            primary_region=primary,
            recovery_time_objective_minutes=rto.to_minutes() if rto else None,
            workflows=[*(_activate(region, steps) for region in (recovery, primary)), *_afterwards(after)],
            associated_alarms=associated(alarms or {}, trigger_on or {}),
            triggers=[trigger(recovery, trigger_on)] if trigger_on else None,
        )
        self.plan.node.add_dependency(cast("Construct", policy))


def _activate(region: str, steps: list[arc.CfnPlan.StepProperty]) -> arc.CfnPlan.WorkflowProperty:
    return Plan.WorkflowProperty(
        workflow_target_action="activate",
        workflow_target_region=region,
        workflow_description=f"Databases write in {region}",
        steps=steps,
    )


def _afterwards(steps: list[arc.CfnPlan.StepProperty]) -> list[arc.CfnPlan.WorkflowProperty]:
    described = "A new replica follows from the Region that was left"
    workflow = Plan.WorkflowProperty(workflow_target_action="postRecovery", workflow_description=described, steps=steps)
    return [workflow] if steps else []


def associated(
    health: Mapping[str, cloudwatch.IAlarm], trigger: Mapping[str, cloudwatch.IAlarm]
) -> dict[str, arc.CfnPlan.AssociatedAlarmProperty] | None:
    """The alarms of a plan, by name, each with its purpose."""
    kinds = (("applicationHealth", health), ("trigger", trigger))
    return {
        name: Plan.AssociatedAlarmProperty(alarm_type=kind, resource_identifier=alarm.alarm_arn)
        for kind, alarms in kinds
        for name, alarm in alarms.items()
    } or None


def trigger(region: str, alarms: Mapping[str, cloudwatch.IAlarm]) -> arc.CfnPlan.TriggerProperty:
    """Starts a plan towards a Region when all of these alarms ring."""
    return Plan.TriggerProperty(
        action="activate",
        target_region=region,
        min_delay_minutes_between_executions=_APART,
        conditions=[Plan.TriggerConditionProperty(associated_alarm_name=name, condition="red") for name in alarms],
    )


_APART = 60
"""Minutes; a second run in that time would be about the same fault."""
