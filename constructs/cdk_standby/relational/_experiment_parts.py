"""What every experiment of FIS is made with: a role, alarms that stop it, a log."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Aws, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_fis as fis
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from constructs import Construct

from cdk_standby_review.facts import rds_operations as facts

from .._checks import Rule

LOGGING = (
    "logs:CreateLogDelivery",
    "logs:DescribeLogGroups",
    "logs:DescribeResourcePolicies",
    "logs:PutResourcePolicy",
)
"""What FIS needs in order to log: https://docs.aws.amazon.com/fis/latest/userguide/monitoring-logging.html"""

_STOPS = "https://docs.aws.amazon.com/fis/latest/userguide/stop-conditions.html"
_Template = fis.CfnExperimentTemplate


def experiment_role(scope: Construct, policy: iam.ManagedPolicy) -> iam.Role:
    """A role that the experiments of this account and Region, and nobody else, can assume."""
    experiments = Stack.of(scope).format_arn(service="fis", resource="experiment", resource_name="*")
    mine = {"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}, "ArnLike": {"aws:SourceArn": experiments}}
    fis_itself = iam.ServicePrincipal("fis.amazonaws.com", conditions=mine)
    return iam.Role(scope, "Role", assumed_by=fis_itself, managed_policies=[policy])


def stop_conditions(
    alarms: Sequence[cloudwatch.IAlarm],
) -> list[fis.CfnExperimentTemplate.ExperimentTemplateStopConditionProperty]:
    """Every alarm stops it; without one nothing does."""
    return [
        _Template.ExperimentTemplateStopConditionProperty(source="aws:cloudwatch:alarm", value=alarm.alarm_arn)
        for alarm in alarms
    ] or [_Template.ExperimentTemplateStopConditionProperty(source="none")]


def logged_to(group: logs.ILogGroup) -> fis.CfnExperimentTemplate.ExperimentTemplateLogConfigurationProperty:
    """The log configuration; the CDK passes the inner part on as it is written."""
    return _Template.ExperimentTemplateLogConfigurationProperty(
        log_schema_version=2, cloud_watch_logs_configuration={"LogGroupArn": group.log_group_arn}
    )


STOP_RULES = (
    Rule(
        option="stop_on",
        reads=("no_stop_because",),
        broken=lambda o: not o["stop_on"] and o["no_stop_because"] is None,
        allowed="one to five alarms, or none with 'no_stop_because'",
        why="an experiment that hurts more than it should must come to an end",
        source=_STOPS,
    ),
    Rule(
        option="stop_on",
        broken=lambda o: len(o["stop_on"]) > facts.STOP_CONDITIONS.value.high,
        allowed="one to five alarms",
        why=facts.STOP_CONDITIONS.says,
        source=facts.STOP_CONDITIONS.source,
    ),
    Rule(
        option="no_stop_because",
        reads=("stop_on",),
        broken=lambda o: o["no_stop_because"] is not None and bool(o["stop_on"]),
        allowed="left out, or with an empty 'stop_on'",
        why="with alarms that stop the experiment no safeguard is given away",
    ),
)
