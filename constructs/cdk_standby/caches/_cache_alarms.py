"""What a cache rings for.

CloudWatch knows nodes, not shards: an alarm takes the worst of as many nodes as one alarm can watch, whole shards.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aws_cdk import Duration, Fn
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from .._alarms import AlarmSpec, add_alarms
from .._checks import Options
from ..alarm_topic import AlarmTopic

_MINUTE = Duration.minutes(1)
MOST_METRICS = 10
"""That one alarm computes with: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """One thing to watch in every node."""

    name: str
    metric: str
    threshold: float
    says: str
    statistic: str = "Maximum"
    low: bool = False
    """True: too little is bad."""


WATCHES = (
    Watch(
        name="EngineCpu",
        metric="EngineCPUUtilization",
        threshold=90,
        says="The engine, which works in one thread, is busier than this (%): look for slow commands in the slow log, "
        "then add shards, or replicas for reads.",
    ),
    Watch(
        name="Cpu",
        metric="CPUUtilization",
        threshold=90,
        says="A node is busier than this (%): snapshots, TLS and the network take what the engine leaves.",
    ),
    Watch(
        name="Memory",
        metric="DatabaseMemoryUsagePercentage",
        threshold=80,
        says="More than this (%) of a node's memory is used: keys are evicted, or writes refused, when it is full. "
        "Look for keys without an expiry, then take larger nodes or more shards.",
    ),
    Watch(
        name="Evictions",
        metric="Evictions",
        statistic="Sum",
        threshold=1000,
        says="More keys than this are evicted in a minute: the working set does not fit, and the database behind the "
        "cache feels it.",
    ),
    Watch(
        name="Connections",
        metric="CurrConnections",
        threshold=50_000,
        says="A node has more connections than this, of 65,000: look for clients that open without closing.",
    ),
    Watch(
        name="ReplicationLag",
        metric="ReplicationLag",
        threshold=10,
        says="A replica is further behind than this (seconds): a failover would lose that much.",
    ),
    Watch(
        name="Swap",
        metric="SwapUsage",
        threshold=300_000_000,
        says="A node swaps more than this (bytes): it is short of memory, and slow.",
    ),
    Watch(
        name="Refused",
        metric="AuthenticationFailures",
        statistic="Sum",
        threshold=10,
        says="More logins than this fail in a minute: a client with an old password, or somebody who tries.",
    ),
)
CREDITS = Watch(
    name="CpuCredits",
    metric="CPUCreditBalance",
    statistic="Minimum",
    threshold=50,
    low=True,
    says="A burstable node has fewer credits left than this: it is slow without. Take another family.",
)
GLOBAL_LAG = Watch(
    name="GlobalLag",
    metric="GlobalDatastoreReplicationLag",
    threshold=5,
    says="This Region is further behind the one that writes than this (seconds): promoting it now would lose that "
    "much. Nothing is reported in the Region that writes.",
)


def watches(node_type: str | None, *, replicas: int, member: bool, users: bool) -> Iterator[Watch]:
    """What can be watched in such a cache."""
    for watch in WATCHES:
        if (watch.name != "ReplicationLag" or replicas) and (watch.name != "Refused" or users):
            yield watch
    if node_type is not None and node_type.startswith("cache.t"):
        yield CREDITS
    if member:
        yield GLOBAL_LAG


def nodes(cache: str, *, shards: int, replicas: int, numbered: int | None) -> list[list[str]]:
    """The names of nodes, by shard, as ElastiCache makes them up.

    `numbered` is the first shard whose number is in the names of its nodes; None: no shard's is.
    """
    shard = [f"-{n:04d}" if numbered is not None and n >= numbered else "" for n in range(1, shards + 1)]
    return [[Fn.join("", [cache, f"{s}-{n:03d}"]) for n in range(1, replicas + 2)] for s in shard]


def add_node_alarms(
    scope: Construct,
    shards: Sequence[Sequence[str]],
    watched: Sequence[Watch],
    options: Options,
    *,
    topic: AlarmTopic | None,
) -> dict[str, cloudwatch.Alarm]:
    """Alarms over all nodes; a threshold or a reason under one name goes for all groups of nodes."""
    groups = _grouped(shards)
    names = [""] + [f"-{n}" for n in range(2, len(groups) + 1)]
    specs = [_spec(watch, group, name) for watch in watched for group, name in zip(groups, names, strict=True)]

    def spread(given: Mapping[str, Any] | None) -> dict[str, Any]:
        known = {watch.name for watch in watched}
        return {
            name + more: value for name, value in (given or {}).items() for more in (names if name in known else [""])
        }

    return add_alarms(
        scope,
        specs,
        topic=topic,
        thresholds=spread(options["alarm_thresholds"]),
        off_because=spread(options["alarms_off_because"]),
    )


def _grouped(shards: Sequence[Sequence[str]]) -> list[list[str]]:
    together = max(1, MOST_METRICS // len(shards[0]))
    return [
        [node for shard in shards[start : start + together] for node in shard]
        for start in range(0, len(shards), together)
    ]


def _spec(watch: Watch, group: Sequence[str], more: str) -> AlarmSpec:
    comparison = cloudwatch.ComparisonOperator
    return AlarmSpec(
        name=watch.name + more,
        metric=worst(watch, group),
        threshold=watch.threshold,
        says=watch.says,
        comparison=comparison.LESS_THAN_THRESHOLD if watch.low else comparison.GREATER_THAN_THRESHOLD,
        periods=5,
        missing=_missing(watch),
    )


def _missing(watch: Watch) -> cloudwatch.TreatMissingData:
    """The lag behind another Region is reported by followers only, and refusals where there were any."""
    treat = cloudwatch.TreatMissingData
    return treat.NOT_BREACHING if watch.name in ("GlobalLag", "Refused") else treat.BREACHING


def worst(watch: Watch, group: Sequence[str]) -> cloudwatch.IMetric:
    """The node that is worst off."""
    metrics = {f"node{number}": _metric(watch, node) for number, node in enumerate(group, 1)}
    if len(metrics) == 1:
        return metrics["node1"]
    worse = "MIN" if watch.low else "MAX"
    return cloudwatch.MathExpression(
        expression=f"{worse}([{', '.join(metrics)}])",
        using_metrics=dict(metrics),
        label=f"{watch.metric}, the worst node",
        period=_MINUTE,
    )


def _metric(watch: Watch, node: str) -> cloudwatch.Metric:
    return cloudwatch.Metric(
        namespace="AWS/ElastiCache",
        metric_name=watch.metric,
        dimensions_map={"CacheClusterId": node},
        statistic=watch.statistic,
        period=_MINUTE,
    )
