"""Calls to AWS by the clock: EventBridge Scheduler with a role that may do just this."""

from __future__ import annotations

import re
from collections.abc import Mapping

from aws_cdk import Aws, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_scheduler as scheduler
from constructs import Construct

from .._checks import Options, Rule

DAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
WEEKDAYS = DAYS[:5]
CRON = "https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html"
RETRIES = 3
WITHIN = 3600
"""Seconds in which a call is tried again: a database that is being backed up is not ready, and soon is."""


def group(scope: Construct) -> scheduler.CfnScheduleGroup:
    """Schedules of their own, so that a role can be theirs alone."""
    return scheduler.CfnScheduleGroup(scope, "Schedules")


def role(scope: Construct, schedules: scheduler.CfnScheduleGroup, policy: iam.ManagedPolicy) -> iam.Role:
    """A role that the schedules of a group assume, and no others; what it may do stands in the policy."""
    of_group = Stack.of(scope).format_arn(service="scheduler", resource="schedule-group", resource_name=schedules.ref)
    mine = {"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID, "aws:SourceArn": of_group}}
    clock = iam.ServicePrincipal("scheduler.amazonaws.com", conditions=mine)
    return iam.Role(scope, "Role", assumed_by=clock, managed_policies=[policy])


def call(
    scope: Construct,
    id: str,
    *,
    schedules: scheduler.CfnScheduleGroup,
    assumes: iam.Role,
    api: str,
    given: Mapping[str, str],
    when: str,
    timezone: str,
    says: str,
) -> scheduler.CfnSchedule:
    """Call an API of AWS, such as ``rds:stopDBCluster``, at the times of a cron expression.

    https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html
    """
    return scheduler.CfnSchedule(
        scope,
        id,
        description=says,
        group_name=schedules.ref,
        flexible_time_window=scheduler.CfnSchedule.FlexibleTimeWindowProperty(mode="OFF"),
        schedule_expression=f"cron({when})",
        schedule_expression_timezone=timezone,
        target=scheduler.CfnSchedule.TargetProperty(
            arn=f"arn:{Aws.PARTITION}:scheduler:::aws-sdk:{api}",
            role_arn=assumes.role_arn,
            input=Stack.of(scope).to_json_string(dict(given)),
            retry_policy=scheduler.CfnSchedule.RetryPolicyProperty(
                maximum_retry_attempts=RETRIES, maximum_event_age_in_seconds=WITHIN
            ),
        ),
    )


def bad_days(option: str) -> Rule:
    """The option is days of the week."""
    return Rule(
        option=option,
        broken=lambda o: not o[option] or not set(o[option]) <= set(DAYS) or len(set(o[option])) < len(o[option]),
        allowed="one or more of " + ", ".join(DAYS) + ", each once",
        why="these are the days of a week",
        source=CRON,
    )


def _bad_zone(options: Options) -> bool:
    return not re.fullmatch(r"[A-Za-z]+([/_+-][A-Za-z0-9]+)*", options["timezone"])


ZONE = Rule(
    option="timezone",
    broken=_bad_zone,
    allowed="a name of the tz database, such as 'Europe/Berlin'",
    why="hours are hours of a place",
    source=CRON,
)
