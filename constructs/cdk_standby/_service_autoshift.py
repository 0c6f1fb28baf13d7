"""Zonal autoshift: AWS moves traffic out of a zone that it finds impaired, and practises it every week."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aws_cdk import aws_arczonalshift as arc
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_elasticloadbalancingv2 as elb
from constructs import Construct

from ._checks import InvalidOptions, Problem

_GUARDS = ("TargetErrors", "BalancerErrors")
"""Alarms that no shift of one zone may set off, the best first: a practice run ends by one alarm only."""


def shift_automatically(
    scope: Construct, balancer: elb.ApplicationLoadBalancer, alarms: Mapping[str, cloudwatch.Alarm]
) -> arc.CfnZonalAutoshiftConfiguration:
    """Let AWS shift, with the alarms that end a practice run."""
    guard = next((alarms[name] for name in _GUARDS if name in alarms), None)
    if guard is None:
        raise InvalidOptions([_unguarded(scope)])
    return autoshift(scope, balancer.load_balancer_arn, guard)


def autoshift(
    scope: Construct,
    resource: str,
    outcome: cloudwatch.IAlarm,
    *,
    blocking: cloudwatch.IAlarm | None = None,
    blocked_dates: Sequence[str] = (),
    blocked_windows: Sequence[str] = (),
) -> arc.CfnZonalAutoshiftConfiguration:
    """Let AWS shift a resource, and practise it when nothing blocks it; `outcome` ends a practice run that hurts."""
    return arc.CfnZonalAutoshiftConfiguration(
        scope,
        "Autoshift",
        resource_identifier=resource,
        zonal_autoshift_status="ENABLED",
        practice_run_configuration=arc.CfnZonalAutoshiftConfiguration.PracticeRunConfigurationProperty(
            outcome_alarms=[_condition(outcome)],
            blocking_alarms=[_condition(blocking)] if blocking is not None else None,
            blocked_dates=list(blocked_dates) or None,
            blocked_windows=list(blocked_windows) or None,
        ),
    )


def _condition(alarm: cloudwatch.IAlarm) -> arc.CfnZonalAutoshiftConfiguration.ControlConditionProperty:
    return arc.CfnZonalAutoshiftConfiguration.ControlConditionProperty(
        alarm_identifier=alarm.alarm_arn, type="CLOUDWATCH"
    )


def _unguarded(scope: Construct) -> Problem:
    return Problem(
        where=scope.node.path,
        option="zonal_autoshift",
        got="True, with its guarding alarms left out",
        allowed=f"one of the alarms {', '.join(_GUARDS)} in place",
        why="the weekly practice run ends by an alarm when it hurts",
        source="https://docs.aws.amazon.com/r53recovery/latest/dg/arc-zonal-autoshift.considerations.html",
    )
