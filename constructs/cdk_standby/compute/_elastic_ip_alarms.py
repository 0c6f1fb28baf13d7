"""What tells that a server fails, and what tells that its addresses do not follow."""

from __future__ import annotations

from collections.abc import Iterator

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from cdk_standby_review.facts import Range

from .._alarms import AlarmSpec
from ._elastic_ip_sides import Sides

_MINUTE = Duration.minutes(1)
_SILENT = cloudwatch.TreatMissingData.NOT_BREACHING
_SAYS = {
    "active": "The active server fails its status checks, or none runs. The addresses move to the spare by themselves "
    "if that is healthy: see the message of the takeover, and mend this one.",
    "spare": "The spare fails its status checks, or none runs: nobody could take over. Look at the activity of its "
    "group, or at the instance.",
}


def detection(period: Duration, evaluations: int) -> Range:
    """Seconds from a failure to the alarm: the failure may have missed the first period by a moment."""
    length = period.to_seconds(integral=False)
    return Range(length * evaluations, length * (evaluations + 1))


def failing(sides: Sides, period: Duration, evaluations: int) -> Iterator[AlarmSpec]:
    """An alarm for each server; no check at all is a failed one, except of a server that rests."""
    for side, dimensions in sides.dimensions.items():
        yield AlarmSpec(
            name=f"{side.capitalize()}Failed",
            metric=cloudwatch.Metric(
                namespace="AWS/EC2",
                metric_name="StatusCheckFailed",
                dimensions_map=dimensions,
                statistic="Maximum",
                period=period,
            ),
            threshold=1,
            comparison=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            periods=evaluations,
            missing=cloudwatch.TreatMissingData.BREACHING if sides.watched(side) else _SILENT,
            says=_SAYS[side],
        )


def takeover(
    scope: Construct, function: lambda_.Function, dead_letters: sqs.Queue, every: Duration, *, paused: bool
) -> Iterator[AlarmSpec]:
    """Whether what moves the addresses does its work; paused, nobody is to miss it."""
    yield AlarmSpec(
        name="Unserved",
        metric=cloudwatch.Metric(
            namespace="cdk-standby",
            metric_name="Served",
            dimensions_map={"Failover": scope.node.path},
            statistic="Maximum",
            period=every,
        ),
        threshold=1,
        comparison=cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
        periods=3,
        missing=_SILENT if paused else cloudwatch.TreatMissingData.BREACHING,
        says="The addresses are on no healthy server, or nobody looks: both servers fail, or the function does. Read "
        "its log, and start a server.",
    )
    yield AlarmSpec(
        name="TakeoverErrors",
        metric=function.metric_errors(statistic="Sum", period=_MINUTE),
        threshold=0,
        periods=2,
        missing=_SILENT,
        says="The function that moves the addresses fails. It looks again every minute; read its log for the call that "
        "is refused.",
    )
    yield AlarmSpec(
        name="DeadLetters",
        metric=dead_letters.metric_approximate_number_of_messages_visible(statistic="Maximum", period=_MINUTE),
        threshold=0,
        periods=1,
        missing=_SILENT,
        says="Events were given up after three tries. The schedule has looked since then: if Unserved is quiet, purge "
        "the queue.",
    )
