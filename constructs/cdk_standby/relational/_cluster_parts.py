"""What a Multi-AZ DB cluster rings for, and what its parameters are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_rds as rds
from constructs import Construct

from .._alarms import AlarmSpec
from ._aurora_alarms import GIB, Metric
from ._engines import Engine

_LESS = cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD
_QUIET = cloudwatch.TreatMissingData.NOT_BREACHING
STORAGE_LEFT = 0.1
"""Of the storage, when somebody should add some: it does not grow by itself."""


def parameter_group(
    scope: Construct, engine: Engine, version: str, given: Mapping[str, str], *, plaintext: bool
) -> rds.CfnDBClusterParameterGroup:
    """A group of the cluster's own, since defaults cannot be changed; its instances take no other."""
    return rds.CfnDBClusterParameterGroup(
        scope,
        "ClusterParameters",
        family=engine.family(version),
        description=f"Cluster of {scope.node.path}",
        parameters=engine.parameters(given, plaintext=plaintext),
    )


def cluster_alarms(metric: Metric, lag: cloudwatch.IMetric, storage: int) -> Iterator[AlarmSpec]:
    """Of a writer and two standbys; the worst of the three counts."""
    five = Duration.minutes(5)
    yield AlarmSpec(
        name="Cpu",
        metric=metric("CPUUtilization", statistic="Maximum", period=five),
        threshold=85,
        says="An instance of the cluster is busy above this share (%) for 15 minutes: look at Database Insights.",
    )
    yield AlarmSpec(
        name="Memory",
        metric=metric("FreeableMemory", statistic="Minimum", period=five),
        threshold=1 * GIB,
        comparison=_LESS,
        says="An instance of the cluster has less memory (bytes) left: a larger class, or fewer connections.",
    )
    yield AlarmSpec(
        name="Storage",
        metric=metric("FreeStorageSpace", statistic="Minimum", period=five),
        threshold=storage * GIB * STORAGE_LEFT,
        comparison=_LESS,
        says="An instance has less storage (bytes) left: raise 'storage', since a cluster's does not grow by itself.",
    )
    yield AlarmSpec(
        name="ReplicaLag",
        metric=lag,
        threshold=60,
        periods=5,
        says="A standby lags (seconds) for 5 minutes, or nobody says how far: reads are stale, and a failover waits "
        "until it has caught up.",
    )
    yield AlarmSpec(
        name="Deadlocks",
        metric=metric("Deadlocks", statistic="Average", period=five),
        threshold=1,
        missing=_QUIET,
        says="More deadlocks a second than this: transactions wait for each other in circles.",
    )
