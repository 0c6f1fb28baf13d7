"""What a DSQL cluster rings for. An idle one emits nothing, so silence is no news."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch

from cdk_standby_review.facts import dsql as facts

from .._alarms import AlarmSpec

if TYPE_CHECKING:
    from .dsql import DsqlCluster

_QUIET = cloudwatch.TreatMissingData.NOT_BREACHING
_FIVE = Duration.minutes(5)


def cluster_alarms(cluster: DsqlCluster) -> Iterator[AlarmSpec]:
    """All alarms of a cluster; each Region's member has its own."""
    yield AlarmSpec(
        name="Conflicts",
        metric=_share_of_conflicts(cluster),
        threshold=5,
        missing=_QUIET,
        says="More than this share (%) of transactions is aborted and tried again for 15 minutes, since others changed "
        "the same rows first: look for a hot key.",
    )
    yield AlarmSpec(
        name="Timeouts",
        metric=cluster.metric("QueryTimeouts", statistic="Sum", period=_FIVE),
        threshold=0,
        missing=_QUIET,
        says="Queries reach the longest time that a transaction may take, for 15 minutes: make them smaller.",
    )
    yield AlarmSpec(
        name="CommitLatency",
        metric=cluster.metric("CommitLatency", period=_FIVE),
        threshold=500,
        missing=_QUIET,
        says="Commits take longer than this (milliseconds) for 15 minutes: look at AWS Health for the Regions of the "
        "cluster, its witness included.",
    )
    yield AlarmSpec(
        name="Storage",
        metric=cluster.metric("ClusterStorageSize", statistic="Maximum", period=Duration.hours(1)),
        threshold=0.8 * facts.STORAGE.value,
        periods=1,
        missing=_QUIET,
        says="The cluster holds more than this (bytes): writes stop at its quota, which AWS raises on request.",
    )
    yield AlarmSpec(
        name="Connections",
        metric=_connections(cluster),
        threshold=0.8 * facts.CONNECTIONS.value,
        missing=_QUIET,
        says="More connections are open than this: new ones are refused at the quota, which AWS raises on request.",
    )


def _share_of_conflicts(cluster: DsqlCluster) -> cloudwatch.MathExpression:
    return cloudwatch.MathExpression(
        expression="IF(total > 0, 100 * conflicts / total, 0)",
        using_metrics={
            "conflicts": cluster.metric("OccConflicts", statistic="Sum", period=_FIVE),
            "total": cluster.metric("TotalTransactions", statistic="Sum", period=_FIVE),
        },
        label="Transactions in conflict (%)",
        period=_FIVE,
    )


def _connections(cluster: DsqlCluster) -> cloudwatch.Metric:
    """https://docs.aws.amazon.com/aurora-dsql/latest/userguide/cloudwatch-monitoring.html."""
    return cloudwatch.Metric(
        namespace="AWS/Usage",
        metric_name="ResourceCount",
        dimensions_map={
            "Service": "AuroraDSQL",
            "Type": "Resource",
            "Resource": "ClusterConnectionCount",
            "ResourceId": f"cluster/{cluster.cluster_id}",
        },
        statistic="Maximum",
        period=_FIVE,
    )
