"""What tells that changes do not arrive."""

from __future__ import annotations

from dataclasses import dataclass

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from .._alarms import AlarmSpec

_MINUTE = Duration.minutes(1)
_SILENT = cloudwatch.TreatMissingData.NOT_BREACHING
"""An idle replicator has nothing to say."""


@dataclass(frozen=True, kw_only=True)
class Moving:
    """The parts that are watched."""

    waiting: sqs.Queue
    parked: sqs.Queue
    missed: sqs.Queue
    capture: lambda_.Function
    apply: lambda_.Function
    unstamped: cloudwatch.IMetric
    retention: Duration


def unstamped(scope: Construct, capture: lambda_.Function) -> cloudwatch.Metric:
    """Counts the writes that the capturing function names in its log."""
    name = f"Unstamped-{scope.node.path}"
    made = logs.MetricFilter(
        scope,
        "UnstampedFilter",
        log_group=capture.log_group,
        filter_pattern=logs.FilterPattern.string_value("$.message", "=", "unstamped"),
        metric_namespace="cdk-standby",
        metric_name=name,
        metric_value="1",
    )
    return made.metric(statistic="Sum", period=_MINUTE)


def replicator_alarms(moving: Moving) -> list[AlarmSpec]:
    """By name, in the Region that is written in: it is there that somebody can still do something."""
    oldest = moving.waiting.metric_approximate_age_of_oldest_message(statistic="Maximum", period=_MINUTE)
    retention = moving.retention.to_seconds()
    iterator = moving.capture.metric("IteratorAge", statistic="Maximum", period=_MINUTE)
    return [
        _spec("Lag", oldest, 300, "Changes wait for minutes. Does the other Region answer? Nothing is lost yet.", 5),
        _spec(
            "Retention",
            oldest,
            retention // 2,
            "Changes have waited for half of the time that SQS keeps them. Pause writers or restore the other side.",
        ),
        _spec("Parked", _depth(moving.parked), 0, "Messages that cannot be applied. Read why in the log, redrive.", 1),
        _spec("Missed", _depth(moving.missed), 0, "The stream gave up changes. Invoke the capture with resend.", 1),
        _spec("StreamAge", iterator, 60_000, "The queue of this Region does not take changes as fast as they come."),
        _spec("Unstamped", moving.unstamped, 0, "Writes without a stamp: they stay here. Read which in the log.", 1),
        *_function("Capture", moving.capture),
        *_function("Apply", moving.apply),
    ]


def _function(name: str, function: lambda_.Function) -> list[AlarmSpec]:
    errors = function.metric_errors(statistic="Sum", period=_MINUTE)
    throttles = function.metric_throttles(statistic="Sum", period=_MINUTE)
    return [
        _spec(f"{name}Errors", errors, 0, f"{name} crashes; what it had comes again. Read its log."),
        _spec(f"{name}Throttles", throttles, 0, f"{name} is not started: the account's concurrency is used up."),
    ]


def _depth(queue: sqs.Queue) -> cloudwatch.Metric:
    return queue.metric_approximate_number_of_messages_visible(statistic="Maximum", period=_MINUTE)


def _spec(name: str, metric: cloudwatch.IMetric, threshold: float, says: str, periods: int = 3) -> AlarmSpec:
    return AlarmSpec(name=name, metric=metric, threshold=threshold, says=says, periods=periods, missing=_SILENT)
