"""What experiments that cut a replication have in common: who stops them, where they log, and what may run them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aws_cdk import Aws, Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_fis as fis
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from constructs import Construct

from cdk_standby_review.facts import redrive as facts

from .._checks import Options, Rule, shown
from .._durations import minutes
from .._tokens import is_token
from ..keys import allow_logs
from ..relational._parts import accept

_LOGGING = (
    "logs:CreateLogDelivery",
    "logs:DescribeLogGroups",
    "logs:DescribeResourcePolicies",
    "logs:PutResourcePolicy",
)
"""What FIS needs in order to log: https://docs.aws.amazon.com/fis/latest/userguide/monitoring-logging.html"""


@dataclass(frozen=True, kw_only=True)
class Action:
    """What FIS does for the time of a blackout."""

    name: str
    parameters: Mapping[str, str]
    target: tuple[str, str, str] | None = None
    """What it calls its target, the target's type, and its ARN; None: the action names none."""


def log_group(scope: Construct, key: kms.IKey, retention: logs.RetentionDays) -> logs.LogGroup:
    """Of the experiments."""
    allow_logs(key)
    return logs.LogGroup(scope, "Log", encryption_key=key, retention=retention)


def fis_role(
    scope: Construct, may: Sequence[iam.PolicyStatement], look: Sequence[str], *, because: str, wild: Sequence[str] = ()
) -> iam.Role:
    """For FIS of this account; `wild` are the ARNs with a star, as validators write them."""
    stack = Stack.of(scope)
    everywhere = iam.PolicyStatement(actions=[*look, *_LOGGING], resources=["*"])
    policy = iam.ManagedPolicy(scope, "Policy", statements=[*may, everywhere])
    for what in ("*", *wild):
        accept(policy, because, f"AwsSolutions::AwsSolutions-IAM5[Resource::{what}]")
    experiments = stack.format_arn(service="fis", resource="experiment", resource_name="*")
    mine = {"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}, "ArnLike": {"aws:SourceArn": experiments}}
    fis_itself = iam.ServicePrincipal("fis.amazonaws.com", conditions=mine)
    return iam.Role(scope, "Role", assumed_by=fis_itself, managed_policies=[policy])


def experiment(
    scope: Construct,
    says: str,
    action: Action,
    *,
    role: iam.Role,
    log: logs.LogGroup,
    alarms: Sequence[cloudwatch.IAlarm],
) -> fis.CfnExperimentTemplate:
    """Started by hand only; stopped by any of the alarms."""
    template = fis.CfnExperimentTemplate
    stops = [
        template.ExperimentTemplateStopConditionProperty(source="aws:cloudwatch:alarm", value=alarm.alarm_arn)
        for alarm in alarms
    ]
    targets, named = _target(action)
    return template(
        scope,
        "Experiment",
        description=says[:512],
        role_arn=role.role_arn,
        stop_conditions=stops or [template.ExperimentTemplateStopConditionProperty(source="none")],
        targets=targets,
        actions={
            "Blackout": template.ExperimentTemplateActionProperty(
                action_id=action.name, parameters=dict(action.parameters), targets=named
            )
        },
        log_configuration=template.ExperimentTemplateLogConfigurationProperty(
            log_schema_version=2,
            # The CDK passes this on as it is written.
            cloud_watch_logs_configuration={"LogGroupArn": log.log_group_arn},
        ),
        tags={"Name": scope.node.path},
    )


def _target(action: Action) -> tuple[dict[str, Any], dict[str, str] | None]:
    if action.target is None:
        return {}, None
    named, kind, arn = action.target
    target = fis.CfnExperimentTemplate.ExperimentTemplateTargetProperty(
        resource_type=kind, resource_arns=[arn], selection_mode="ALL"
    )
    return {"Dark": target}, {named: "Dark"}


def here(option: str) -> Rule:
    """An experiment acts in its own Region; `regions` are that, and that of what it cuts off."""
    return Rule(
        option=option,
        broken=lambda o: not any(map(is_token, o["regions"])) and len(set(o["regions"])) > 1,
        allowed=lambda o: f"one in {o['regions'][0]}",
        why="an experiment acts in its own Region",
        source=facts.BLACKOUT.source,
    )


def blackout_rules(spare: float = 0) -> list[Rule]:
    """Of `lasts`, which leaves `spare` minutes of what FIS allows, `stop_on` and `no_stop_because`."""
    most = facts.BLACKOUT.value.high - spare

    def odd(options: Options) -> bool:
        span: Duration = options["lasts"]
        lasting = minutes(span)
        return lasting is None or lasting % 1 != 0 or not 1 <= lasting <= most

    return [
        Rule(
            option="lasts",
            broken=odd,
            allowed=f"whole minutes, 1 to {most:g}, that are known at synth",
            why=facts.BLACKOUT.says,
            source=facts.BLACKOUT.source,
        ),
        Rule(
            option="stop_on",
            broken=lambda o: (
                len(o["stop_on"]) > facts.STOP_CONDITIONS.value.high
                or (not o["stop_on"] and o["no_stop_because"] is None)
            ),
            allowed="one to five alarms, or 'no_stop_because'",
            why=facts.STOP_CONDITIONS.says,
            source=facts.STOP_CONDITIONS.source,
        ),
        Rule(
            option="no_stop_because",
            broken=lambda o: o["no_stop_because"] is not None and bool(o["stop_on"]),
            allowed=lambda o: f"left out with alarms that stop it, {shown(o['stop_on'])}",
            why="it would give a reason for what is not so",
        ),
    ]
