"""What a cluster rings for."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch

from .._alarms import AlarmSpec

Metric = Callable[..., cloudwatch.Metric]
GIB = 1024**3
_LESS = cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD
_QUIET = cloudwatch.TreatMissingData.NOT_BREACHING

LAG_THRESHOLDS = {"GlobalLag": 10_000.0, "GlobalRpoLag": 30_000.0}
"""Milliseconds; whoever promised a shorter recovery point lowers them."""


def cluster_alarms(metric: Metric) -> Iterator[AlarmSpec]:
    """Of every cluster that runs instances."""
    yield AlarmSpec(
        name="Cpu",
        metric=metric("CPUUtilization", statistic="Maximum", period=Duration.minutes(5)),
        threshold=85,
        says="An instance of the cluster is busy above this share (%) for 15 minutes: look at Database Insights.",
    )
    yield AlarmSpec(
        name="Memory",
        metric=metric("FreeableMemory", statistic="Minimum", period=Duration.minutes(5)),
        threshold=1 * GIB,
        comparison=_LESS,
        says="An instance of the cluster has less memory (bytes) left: a larger class, or fewer connections.",
    )
    yield AlarmSpec(
        name="LocalStorage",
        metric=metric("FreeLocalStorage", statistic="Minimum", period=Duration.minutes(5)),
        threshold=2 * GIB,
        comparison=_LESS,
        missing=_QUIET,  # serverless instances have none
        says="An instance has less local storage (bytes) left for sorts and logs: look for queries that spill.",
    )
    yield AlarmSpec(
        name="Deadlocks",
        metric=metric("Deadlocks", statistic="Average", period=Duration.minutes(5)),
        threshold=1,
        missing=_QUIET,
        says="More deadlocks a second than this: transactions wait for each other in circles.",
    )


def replica_alarms(lag: cloudwatch.IMetric) -> Iterator[AlarmSpec]:
    """Of a cluster with readers."""
    yield AlarmSpec(
        name="ReplicaLag",
        metric=lag,
        threshold=2000,
        periods=5,
        missing=_QUIET,  # emitted by the writer: a secondary has none
        says="A reader lags (milliseconds) for 5 minutes: reads are stale, and a promotion would take longer.",
    )


def global_alarms(lag: cloudwatch.IMetric, rpo_lag: cloudwatch.IMetric, *, quiet: bool) -> Iterator[AlarmSpec]:
    """Of a member of a global database. Only a member that replicates emits lag.

    Silence of one that should is bad news; of the one that writes it is none (`quiet`), and of a cluster without
    instances it is not known to be any.
    """
    missing = _QUIET if quiet else cloudwatch.TreatMissingData.BREACHING
    silence = "" if quiet else " Also when no figure arrives: replication broke, or this Region has become the writer."
    yield AlarmSpec(
        name="GlobalLag",
        metric=lag,
        threshold=LAG_THRESHOLDS["GlobalLag"],
        periods=5,
        missing=missing,
        says="This Region lags behind the writer (milliseconds) for 5 minutes: a failover now loses as much." + silence,
    )
    yield AlarmSpec(
        name="GlobalRpoLag",
        metric=rpo_lag,
        threshold=LAG_THRESHOLDS["GlobalRpoLag"],
        periods=3,
        missing=missing,
        says="A failover now would lose this many milliseconds of writes or more: the recovery point is at risk."
        + silence,
    )
