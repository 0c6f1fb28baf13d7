"""What rings for an Application Load Balancer and what it leads to."""

from __future__ import annotations

from collections.abc import Iterator

from aws_cdk import aws_cloudwatch as cloudwatch

from .._alarms import AlarmSpec
from ._pool_alarms import FINE, MINUTE, Watched, host_alarms
from .application_targets import ApplicationTargets


def balancer_alarms(watched: Watched) -> Iterator[AlarmSpec]:
    """What the load balancer itself does wrong, or cannot bear."""
    yield AlarmSpec(
        name="BalancerErrors",
        metric=watched.of_balancer("HTTPCode_ELB_5XX_Count", "Sum"),
        threshold=10,
        missing=FINE,
        says="The load balancer itself answers with 5xx: no healthy target, or targets that close connections.",
    )
    yield AlarmSpec(
        name="RejectedConnections",
        metric=watched.of_balancer("RejectedConnectionCount", "Sum"),
        threshold=0,
        missing=FINE,
        says="Connections are turned away: the load balancer has no more of them to give. Look for clients that open "
        "without closing, and ask AWS for capacity beforehand when a peak is planned.",
    )


def target_alarms(targets: ApplicationTargets, watched: Watched) -> Iterator[AlarmSpec]:
    """How instances and addresses answer."""
    yield from host_alarms(watched, by_zone=targets.by_zone, crosses=bool(targets.cross_zone), needed=targets.needed)
    yield AlarmSpec(
        name="FailOpen",
        metric=watched.of_targets("UnhealthyRoutingRequestCount", "Sum"),
        threshold=0,
        missing=FINE,
        says="Requests go to unhealthy targets, for want of healthy ones: 'fail_open_count' or 'fail_open_percent' is "
        "reached.",
    )
    yield AlarmSpec(
        name="TargetErrors",
        metric=_share_of_errors(watched),
        threshold=5,
        missing=FINE,
        says="More than 5 % of the requests end in a 5xx of the targets. Look at their log and at what they depend on.",
    )
    yield AlarmSpec(
        name="ResponseTime",
        metric=watched.of_targets("TargetResponseTime", "p99"),
        threshold=2,
        periods=5,
        missing=FINE,
        says="One request in a hundred takes longer than 2 seconds. Look at CPU, and at what the targets depend on.",
    )


def function_alarms(watched: Watched) -> Iterator[AlarmSpec]:
    """How a function answers."""
    metric = cloudwatch.MathExpression(
        expression="FILL(theirs, 0) + FILL(ours, 0)",
        using_metrics={
            "theirs": watched.of_targets("LambdaUserError", "Sum"),
            "ours": watched.of_targets("LambdaInternalError", "Sum"),
        },
        label="failed invocations",
        period=MINUTE,
    )
    yield AlarmSpec(
        name="FunctionErrors",
        metric=metric,
        threshold=5,
        missing=FINE,
        says="Invocations fail, or are refused. Look at the function's log and its concurrency; roll its alias back.",
    )


def _share_of_errors(watched: Watched) -> cloudwatch.MathExpression:
    return cloudwatch.MathExpression(
        expression="100 * FILL(errors, 0) / requests",
        using_metrics={
            "errors": watched.of_targets("HTTPCode_Target_5XX_Count", "Sum"),
            "requests": watched.of_targets("RequestCount", "Sum"),
        },
        label="percent of requests answered with 5xx",
        period=MINUTE,
    )
