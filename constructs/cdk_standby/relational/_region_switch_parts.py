"""What a Region switch plan of databases is made of: its steps, its role, its rules."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from aws_cdk import Aws
from aws_cdk import aws_arcregionswitch as arc
from aws_cdk import aws_iam as iam
from constructs import Construct

from cdk_standby_review.facts import rds_operations as facts

from .._checks import Options, Problem, Rule, shown
from .._durations import minutes
from .._tokens import is_token
from ._parts import accept

Plan = arc.CfnPlan


def aurora_step(
    identifier: str, clusters: Mapping[str, str], timeout: float, *, name: str = "MoveAuroraWriter"
) -> arc.CfnPlan.StepProperty:
    """The writer of a global database goes to the Region that is activated: without loss, or in need at any price."""
    config = Plan.GlobalAuroraConfigurationProperty(
        behavior="switchoverOnly",
        global_cluster_identifier=identifier,
        database_cluster_arns=list(clusters.values()),
        timeout_minutes=timeout,
        ungraceful=Plan.GlobalAuroraUngracefulProperty(ungraceful="failover"),
    )
    return step(name, "AuroraGlobalDatabase", global_aurora_config=config)


def promote_step(
    instances: Mapping[str, str], timeout: float, *, name: str = "PromoteReplica"
) -> arc.CfnPlan.StepProperty:
    """The replica of the Region that is activated becomes a primary of its own; there is no way back but a new one."""
    config = Plan.RdsPromoteReadReplicaConfigurationProperty(
        db_instance_arn_map=dict(instances), timeout_minutes=timeout
    )
    return step(name, "RdsPromoteReadReplica", rds_promote_read_replica_config=config)


def switch_step(instances: Mapping[str, str], timeout: float) -> arc.CfnPlan.StepProperty:
    """Primary and replica change roles (Oracle): without loss, or in need by a promotion."""
    config = Plan.RdsSwitchoverReadReplicaConfigurationProperty(
        db_instance_arn_map=dict(instances),
        timeout_minutes=timeout,
        ungraceful=Plan.RdsUngracefulProperty(ungraceful="promoteReadReplica"),
    )
    return step("SwitchReplica", "RdsSwitchoverReadReplica", rds_switchover_read_replica_config=config)


def replica_step(
    instances: Mapping[str, str], timeout: float, *, name: str = "RebuildReplica"
) -> arc.CfnPlan.StepProperty:
    """After the recovery a new replica follows the new primary; the old primary is renamed, and runs on."""
    config = Plan.RdsCreateCrossRegionReplicaConfigurationProperty(
        db_instance_arn_map=dict(instances), timeout_minutes=timeout
    )
    return step(name, "RdsCreateCrossRegionReplica", rds_create_cross_region_read_replica_config=config)


def approval_step(role: iam.IRole, timeout: float) -> arc.CfnPlan.StepProperty:
    """Somebody says yes first."""
    config = Plan.ExecutionApprovalConfigurationProperty(approval_role=role.role_arn, timeout_minutes=timeout)
    return step("Approve", "ManualApproval", execution_approval_config=config)


def step(name: str, kind: str, **config: Any) -> arc.CfnPlan.StepProperty:
    """One execution block under a name."""
    return Plan.StepProperty(
        name=name,
        execution_block_type=kind,
        execution_block_configuration=Plan.ExecutionBlockConfigurationProperty(**config),
    )


def role(
    scope: Construct, plan: str, *, global_cluster: str | None, clusters: list[str], instances: list[str]
) -> tuple[iam.Role, iam.ManagedPolicy]:
    """What Region switch may do: look, act on these databases, and see whether it may.

    https://docs.aws.amazon.com/r53recovery/latest/dg/security_iam_id-based-policy-examples-region-switch.html
    """
    statements: list[iam.PolicyStatement] = []
    if global_cluster is not None:
        statements.append(may_move_aurora(global_cluster, clusters))
    if instances:
        statements.append(may_promote(instances))
    return plan_role(scope, plan, statements, accepted=groups_of(instances))


def plan_role(
    scope: Construct, plan: str, statements: list[iam.PolicyStatement], *, accepted: Sequence[str] = ()
) -> tuple[iam.Role, iam.ManagedPolicy]:
    """The execution role of a plan: it looks, sees whether it may, and does what the statements say.

    `accepted` are the ARNs among them that hold a wildcard.
    """
    made = iam.Role(scope, "Role", assumed_by=iam.ServicePrincipal("arc-region-switch.amazonaws.com"))
    mine = f"arn:{Aws.PARTITION}:arc-region-switch::{Aws.ACCOUNT_ID}:plan/{plan}:*"
    look = ["cloudwatch:DescribeAlarmHistory", "cloudwatch:DescribeAlarms", *_LOOK]
    plans = ["arc-region-switch:GetPlan", "arc-region-switch:GetPlanExecution", "arc-region-switch:ListPlanExecutions"]
    common = [
        iam.PolicyStatement(actions=["iam:SimulatePrincipalPolicy"], resources=[made.role_arn]),
        iam.PolicyStatement(actions=plans, resources=[mine]),
        iam.PolicyStatement(actions=look, resources=["*"]),
    ]
    policy = iam.ManagedPolicy(scope, "Policy", statements=[*common, *statements], roles=[made])
    accept(policy, "looking at alarms and databases cannot be allowed for one alone", _IAM5 + "[Resource::*]")
    text = f"arn:<AWS::Partition>:arc-region-switch::<AWS::AccountId>:plan/{plan}:*"
    accept(policy, "the last part of a plan's ARN is chosen by AWS", f"{_IAM5}[Resource::{text}]")
    for arn in accepted:
        because = "a new replica takes the groups of the old one, whatever they are called"
        accept(policy, because, f"{_IAM5}[Resource::{arn}]")
    return made, policy


def may_move_aurora(identifier: str, clusters: Sequence[str]) -> iam.PolicyStatement:
    """Moves the writer of one global database."""
    container = f"arn:{Aws.PARTITION}:rds::{Aws.ACCOUNT_ID}:global-cluster:{identifier}"
    act = ["rds:FailoverGlobalCluster", "rds:SwitchoverGlobalCluster"]
    return iam.PolicyStatement(actions=act, resources=[container, *clusters])


def may_promote(instances: list[str]) -> iam.PolicyStatement:
    """Promotes replicas, and makes new ones with the groups of the old."""
    return iam.PolicyStatement(actions=list(_ACT), resources=_with_parts(instances))


_IAM5 = "AwsSolutions::AwsSolutions-IAM5"
_LOOK = (
    "rds:DescribeDBClusters",
    "rds:DescribeDBInstances",
    "rds:DescribeGlobalClusters",
    "rds:DescribePendingMaintenanceActions",
)
_ACT = (
    "rds:CreateDBInstanceReadReplica",
    "rds:ModifyDBInstance",
    "rds:PromoteReadReplica",
    "rds:SwitchoverReadReplica",
)


def groups_of(instances: list[str]) -> list[str]:
    """The groups that a new replica is made with, in each Region."""
    homes = sorted({arn.rsplit(":", 2)[0] for arn in instances})
    return [f"{home}:{kind}:*" for home in homes for kind in ("og", "pg", "subgrp")]


def _with_parts(instances: list[str]) -> list[str]:
    return [*instances, *groups_of(instances)]


def misplaced(where: Construct, options: Options) -> Iterator[Problem]:
    """ARNs that are not of the two Regions, one for each, in this account."""
    for option, kind in (("clusters", "cluster"), ("instances", "db")):
        given: Mapping[str, str] = options[option] or {}
        if not given:
            continue
        if set(given) != {options["primary"], options["recovery"]}:
            allowed = f"one ARN for each of '{options['primary']}' and '{options['recovery']}'"
            yield _problem(where, option, shown(sorted(given)), allowed)
        for region, arn in given.items():
            pattern = rf"arn:aws[a-z-]*:rds:{re.escape(region)}:\d{{12}}:{kind}:[a-zA-Z][a-zA-Z0-9-]*"
            if not is_token(arn) and re.fullmatch(pattern, arn) is None:
                allowed = f"'arn:aws:rds:{region}:<account>:{kind}:<identifier>'"
                yield _problem(where, f"{option}['{region}']", shown(arn), allowed)


def _problem(where: Construct, option: str, got: str, allowed: str) -> Problem:
    fact = facts.PLAN_REGIONS
    return Problem(where=where.node.path, option=option, got=got, allowed=allowed, why=fact.says, source=fact.source)


def _bad_rto(options: Options) -> bool:
    rto = minutes(options["rto"])
    return rto is not None and not (rto in facts.PLAN_RTO.value and float(rto).is_integer())


def _bad_delay(options: Options) -> bool:
    delay = minutes(options["timeout"])
    return delay is not None and not (delay >= 1 and float(delay).is_integer())


RULES = (
    Rule(
        option="name",
        broken=lambda o: re.fullmatch(facts.PLAN_NAME.value, o["name"]) is None,
        allowed="up to 32 letters, digits and hyphens, with a letter or digit at both ends",
        why=facts.PLAN_NAME.says,
        source=facts.PLAN_NAME.source,
    ),
    Rule(
        option="recovery",
        reads=("primary",),
        broken=lambda o: o["recovery"] == o["primary"],
        allowed=lambda o: f"another Region than '{o['primary']}'",
        why=facts.PLAN_REGIONS.says,
        source=facts.PLAN_REGIONS.source,
    ),
    Rule(
        option="clusters",
        reads=("instances",),
        broken=lambda o: not o["clusters"] and not o["instances"],
        allowed="the members of a global database, or 'instances'",
        why="a plan without a database moves nothing",
    ),
    Rule(
        option="global_cluster",
        reads=("clusters",),
        broken=lambda o: (o["global_cluster"] is None) == bool(o["clusters"]),
        allowed="the identifier of the global database, with its 'clusters'",
        why="a writer moves within a global database",
        source="https://docs.aws.amazon.com/arc-region-switch/latest/api/API_GlobalAuroraConfiguration.html",
    ),
    Rule(
        option="switchover",
        reads=("instances",),
        broken=lambda o: o["switchover"] and not o["instances"],
        allowed="False, or with 'instances' of Oracle",
        why=facts.PLAN_SWITCHOVER.says,
        source=facts.PLAN_SWITCHOVER.source,
    ),
    Rule(
        option="rto",
        broken=_bad_rto,
        allowed="whole minutes, 1 to 10080",
        why=facts.PLAN_RTO.says,
        source=facts.PLAN_RTO.source,
    ),
    Rule(
        option="timeout",
        broken=_bad_delay,
        allowed="whole minutes, 1 or more",
        why="a step that is not done by then fails",
        source="https://docs.aws.amazon.com/arc-region-switch/latest/api/API_GlobalAuroraConfiguration.html",
    ),
    Rule(
        option="trigger_on",
        reads=("alarms",),
        broken=lambda o: bool(set(o["trigger_on"] or ()) & set(o["alarms"] or ())),
        allowed="other names than those of 'alarms'",
        why="a plan knows each alarm by one name and one purpose",
        source="https://docs.aws.amazon.com/arc-region-switch/latest/api/API_AssociatedAlarm.html",
    ),
    Rule(
        option="trigger_on",
        broken=lambda o: len(o["trigger_on"] or ()) > facts.PLAN_CONDITIONS.value.high,
        allowed="up to ten alarms",
        why=facts.PLAN_CONDITIONS.says,
        source=facts.PLAN_CONDITIONS.source,
    ),
    Rule(
        option="automatic_because",
        reads=("trigger_on",),
        broken=lambda o: (o["automatic_because"] is None) != (not o["trigger_on"]),
        allowed="a reason together with 'trigger_on', or neither",
        why="an alarm that moves a database by itself moves it on a false alarm too",
        source="https://docs.aws.amazon.com/arc-region-switch/latest/api/API_Trigger.html",
    ),
)
