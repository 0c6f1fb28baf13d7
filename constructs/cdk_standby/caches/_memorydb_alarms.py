"""What a MemoryDB cluster rings for.

MemoryDB measures nodes. A query takes the worst of all nodes that there are, so that alarms follow the shards and
replicas of the cluster by themselves:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/query_with_cloudwatch-metrics-insights.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aws_cdk import aws_cloudwatch as cloudwatch

from .._alarms import AlarmSpec

if TYPE_CHECKING:
    from .memorydb import MemoryDb


@dataclass(frozen=True, slots=True, kw_only=True)
class _Watch:
    name: str
    metric: str
    threshold: float
    says: str
    of: str = "MAX"
    quiet: bool = False
    """True: nothing is reported where nothing happened."""
    once: bool = False
    """True: one bad minute of five is enough."""


_WATCHES = (
    _Watch(
        name="EngineCpu",
        metric="EngineCPUUtilization",
        threshold=90,
        says="The engine, which works in one thread, is busier than this (%): look for slow commands, then add shards, "
        "or replicas for reads.",
    ),
    _Watch(
        name="Cpu",
        metric="CPUUtilization",
        threshold=90,
        says="A node is busier than this (%): snapshots, TLS and the network take what the engine leaves.",
    ),
    _Watch(
        name="Memory",
        metric="DatabaseMemoryUsagePercentage",
        threshold=80,
        says="More than this (%) of a node's memory is used: writes are refused, or keys evicted, when it is full. Add "
        "shards, or take larger nodes.",
    ),
    _Watch(
        name="Evictions",
        metric="Evictions",
        of="SUM",
        threshold=0,
        once=True,
        says="Keys are evicted: a database loses data that somebody wrote. Look at maxmemory-policy, then add shards.",
    ),
    _Watch(
        name="Connections",
        metric="CurrConnections",
        threshold=50_000,
        says="A node has more connections than this, of 65,000: look for clients that open without closing.",
    ),
    _Watch(
        name="DelayedWrites",
        metric="ReplicationDelayedWriteCommands",
        of="SUM",
        threshold=1000,
        quiet=True,
        says="More writes than this wait in a minute for the log that makes them durable: a shard writes more than it "
        "takes. Add shards.",
    ),
    _Watch(
        name="Throughput",
        metric="MaxReplicationThroughput",
        threshold=90_000_000,
        quiet=True,
        says="A shard writes more than this (bytes a second) to its log, which takes 100 MB a second: add shards.",
    ),
    _Watch(
        name="Swap",
        metric="SwapUsage",
        threshold=300_000_000,
        says="A node swaps more than this (bytes): it is short of memory, and slow.",
    ),
    _Watch(
        name="Refused",
        metric="AuthenticationFailures",
        of="SUM",
        threshold=10,
        quiet=True,
        says="More logins than this fail in a minute: a client with an old password, or somebody who tries.",
    ),
)
_REPLICATION = _Watch(
    name="ReplicationLag",
    metric="ReplicationLag",
    threshold=10,
    says="A replica is further behind than this (seconds): reads from it are that old. A failover loses nothing, and "
    "takes longer.",
)
_TIERED = _Watch(
    name="Capacity",
    metric="DatabaseCapacityUsagePercentage",
    threshold=80,
    says="More than this (%) of a node's memory and disk is used: add shards, or take larger nodes.",
)
_CREDITS = _Watch(
    name="CpuCredits",
    metric="CPUCreditBalance",
    of="MIN",
    threshold=50,
    says="A burstable node has fewer credits left than this: it is slow without. Take another family.",
)
_GLOBAL = _Watch(
    name="GlobalLag",
    metric="MultiRegionClusterReplicationLag",
    threshold=5_000,
    quiet=True,
    says="A member in another Region is further behind than this (milliseconds), or cut off: what was written there is "
    "not here yet. Move traffic away from a Region that is in trouble.",
)


def cluster_alarms(
    cluster: MemoryDb, node_type: str, *, replicas: int, tiered: bool, member: bool
) -> Iterator[AlarmSpec]:
    """All alarms of such a cluster."""
    also = ((_REPLICATION, replicas > 0), (_TIERED, tiered), (_CREDITS, ".t" in node_type), (_GLOBAL, member))
    for watch in (*_WATCHES, *(watch for watch, there in also if there)):
        yield _spec(cluster, watch)


def _spec(cluster: MemoryDb, watch: _Watch) -> AlarmSpec:
    comparison, missing = cloudwatch.ComparisonOperator, cloudwatch.TreatMissingData
    low = watch.of == "MIN"
    return AlarmSpec(
        name=watch.name,
        metric=cluster.metric(watch.metric, of=watch.of),
        threshold=watch.threshold,
        says=watch.says,
        comparison=comparison.LESS_THAN_THRESHOLD if low else comparison.GREATER_THAN_THRESHOLD,
        periods=5,
        datapoints=1 if watch.once else None,
        missing=missing.NOT_BREACHING if watch.quiet else missing.BREACHING,
    )
