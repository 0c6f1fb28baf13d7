"""What a DAX cluster rings for. It says nothing of what did not happen, so silence is news about the hosts only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aws_cdk import aws_cloudwatch as cloudwatch

from .._alarms import AlarmSpec

if TYPE_CHECKING:
    from .dax import DaxCluster


@dataclass(frozen=True, slots=True)
class _Watch:
    name: str
    metric: str
    statistic: str
    threshold: float
    says: str


# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/dax-metrics-dimensions-dax.html
_WATCHES = (
    _Watch(
        "Cpu",
        "CPUUtilization",
        "Maximum",
        80,
        "A node is busier than this (%), or none reports at all: look at the events of the cluster for lost nodes, "
        "then add nodes for reads.",
    ),
    _Watch(
        "Memory",
        "CacheMemoryUtilization",
        "Maximum",
        90,
        "More than this (%) of a node's memory is used; at 100 writes are throttled. More nodes do not help, each "
        "holds all: a cluster of larger nodes does.",
    ),
    _Watch(
        "Evictions",
        "EvictedSize",
        "Sum",
        100_000_000,
        "More than this (bytes a minute) is evicted to make room: the working set does not fit, and the tables feel "
        "it.",
    ),
    _Watch(
        "Throttles",
        "ThrottledRequestCount",
        "Sum",
        10,
        "DAX itself throttles more requests than this in a minute: nodes are too small, or too few.",
    ),
    _Watch(
        "Faults",
        "FaultRequestCount",
        "Sum",
        5,
        "More requests than this fail inside of DAX in a minute: look at AWS Health and at the events of the cluster, "
        "and let clients ask the tables themselves.",
    ),
    _Watch(
        "Errors",
        "ErrorRequestCount",
        "Sum",
        100,
        "More requests than this are refused in a minute: failed conditions, wrong requests, or a role that lacks a "
        "permission on a table.",
    ),
    _Watch(
        "Connections",
        "ClientConnections",
        "Maximum",
        36_000,
        "A node has more connections than this, of 40,000: look for clients that open without closing.",
    ),
)
_CREDITS = _Watch(
    "CpuCredits",
    "CPUCreditBalance",
    "Minimum",
    10,
    "A burstable node has fewer credits left than this: it is slow without. Take another family.",
)


def cluster_alarms(cluster: DaxCluster, node_type: str) -> Iterator[AlarmSpec]:
    """All alarms of a cluster."""
    yield from (_spec(cluster, watch) for watch in _WATCHES)
    if node_type.startswith("dax.t"):
        yield _spec(cluster, _CREDITS)


def _spec(cluster: DaxCluster, watch: _Watch) -> AlarmSpec:
    over = cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD
    missing = cloudwatch.TreatMissingData
    return AlarmSpec(
        name=watch.name,
        metric=cluster.metric(watch.metric, statistic=watch.statistic),
        threshold=watch.threshold,
        says=watch.says,
        comparison=cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD if watch is _CREDITS else over,
        periods=5,
        missing=missing.BREACHING if watch.name == "Cpu" else missing.NOT_BREACHING,
    )
