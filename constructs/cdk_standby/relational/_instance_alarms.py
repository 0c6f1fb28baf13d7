"""What an instance rings for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch

from .._alarms import AlarmSpec
from .._tokens import is_token

Metric = Callable[..., cloudwatch.Metric]
GIB = 1024**3
_LESS = cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD
_QUIET = cloudwatch.TreatMissingData.NOT_BREACHING
_GIB_PER_CPU = {"t": 4, "m": 4, "r": 8, "x": 16, "z": 8}
_SMALL = {"micro": 1, "small": 2, "medium": 4}
_BYTES_PER_CONNECTION = {"postgres": 9_531_392, "mysql": 12_582_880, "mariadb": 12_582_880}
"""max_connections is the memory by this, unless a parameter says otherwise.
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html"""


def memory(instance: str) -> float:
    """About how much memory a class has, in bytes: enough to tell a full one from an idle one."""
    family, _, size = instance.partition(".")
    if size in _SMALL:
        return _SMALL[size] * GIB
    found = re.match(r"(\d*)xlarge", size)
    cpus = 4 * int(found[1] or 1) if found else 2
    return cpus * _GIB_PER_CPU.get(family[:1], 4) * GIB


def connections(engine: str, instance: str) -> float:
    """Four fifths of the connections that a class takes by default."""
    each = _BYTES_PER_CONNECTION.get(engine)
    return 1000 if each is None else round(min(0.8 * memory(instance) / each, 4000), -1)


def instance_alarms(metric: Metric, *, engine: str, instance: str, storage: float) -> Iterator[AlarmSpec]:
    """Of every instance, a standby or none, a replica or not; `storage` is in GiB."""
    known = "r7g.large" if is_token(instance) else instance
    yield AlarmSpec(
        name="Cpu",
        metric=metric("CPUUtilization", statistic="Average", period=Duration.minutes(5)),
        threshold=85,
        says="The instance is busy above this share (%) for 15 minutes: look at Database Insights.",
    )
    yield AlarmSpec(
        name="Memory",
        metric=metric("FreeableMemory", statistic="Minimum", period=Duration.minutes(5)),
        threshold=round(0.05 * memory(known)),
        comparison=_LESS,
        says="Less than a twentieth of the memory (bytes) is left: a larger class, or fewer connections.",
    )
    yield AlarmSpec(
        name="Storage",
        metric=metric("FreeStorageSpace", statistic="Minimum", period=Duration.minutes(5)),
        threshold=round(0.1 * (100 if is_token(storage) else storage) * GIB),
        comparison=_LESS,
        says="Less than a tenth of the storage (bytes) is left. It grows by itself up to 'max_storage', at most every "
        "six hours; a full disk stops the database.",
    )
    yield AlarmSpec(
        name="Connections",
        metric=metric("DatabaseConnections", statistic="Maximum", period=Duration.minutes(1)),
        threshold=connections(engine, known),
        says="More connections than four fifths of what the class takes: a pool or a proxy before the next is refused.",
    )
    yield from _disk_alarms(metric)
    yield from _special_alarms(metric, engine, known)


def _disk_alarms(metric: Metric) -> Iterator[AlarmSpec]:
    yield AlarmSpec(
        name="DiskQueue",
        metric=metric("DiskQueueDepth", statistic="Average", period=Duration.minutes(5)),
        threshold=64,
        says="More requests than this wait for the disk for 15 minutes: more IOPS, or fewer reads.",
    )
    for name, figure in {"IoCredits": "EBSIOBalance%", "ThroughputCredits": "EBSByteBalance%"}.items():
        yield AlarmSpec(
            name=name,
            metric=metric(figure, statistic="Minimum", period=Duration.minutes(5)),
            threshold=20,
            comparison=_LESS,
            missing=_QUIET,  # large classes have none
            says="The class has spent its burst (%) towards the disk and is about to slow down: a larger class.",
        )


def _special_alarms(metric: Metric, engine: str, instance: str) -> Iterator[AlarmSpec]:
    if instance.startswith("t"):
        yield AlarmSpec(
            name="CpuCredits",
            metric=metric("CPUCreditBalance", statistic="Minimum", period=Duration.minutes(5)),
            threshold=20,
            comparison=_LESS,
            says="A burstable class has spent its credits and is about to slow down: another class for production.",
        )
    if engine == "postgres":
        yield AlarmSpec(
            name="TransactionIds",
            metric=metric("MaximumUsedTransactionIDs", statistic="Maximum", period=Duration.minutes(5)),
            threshold=1_000_000_000,
            missing=_QUIET,
            says="Half of the transaction ids are used: vacuum before PostgreSQL stops taking writes.",
        )
