"""What rings when a table suffers, in the Region where it does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch

from .._alarms import AlarmSpec
from .._tokens import is_token
from ._table_access import TableAccess
from ._table_values import Capacity, Provisioned

_FINE = cloudwatch.TreatMissingData.NOT_BREACHING
_MINUTE = Duration.minutes(1)
# CloudWatch adds up ten metrics at most: these are what callers wait for.
_OPERATIONS = (
    "GetItem",
    "BatchGetItem",
    "Query",
    "Scan",
    "PutItem",
    "UpdateItem",
    "DeleteItem",
    "BatchWriteItem",
    "TransactGetItems",
    "TransactWriteItems",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What the alarms of a table in one Region depend on."""

    others: Sequence[str] = ()
    """The Regions that it replicates to, unless it is strongly consistent."""
    global_indexes: Sequence[str] = ()
    maxima: Mapping[str, int]
    """The most that "Read" and "Write" may take a second, where there is such a thing."""
    kinesis: bool = False


def maxima(capacity: Capacity, max_reads: int | None = None) -> dict[str, int]:
    """What `Watched` wants to know of a capacity."""
    if isinstance(capacity, Provisioned):
        most = {"Read": max_reads or capacity.reads.maximum, "Write": capacity.writes.maximum}
    else:
        most = {"Read": max_reads or capacity.max_reads or 0, "Write": capacity.max_writes or 0}
    return known(most)


def known(most: Mapping[str, int | None]) -> dict[str, int]:
    """Only with a number that is known at synth can be said how near something comes to it."""
    return {kind: units for kind, units in most.items() if units and not is_token(units)}


def table_alarms(table: TableAccess, watched: Watched) -> Iterator[AlarmSpec]:
    """All alarms of a table in one Region."""
    yield from _throttles(table, watched.global_indexes)
    yield from _errors(table)
    for kind, units in watched.maxima.items():
        yield _near_maximum(table, kind, units)
    for region in watched.others:
        yield _lag(table, region)
    if watched.kinesis:
        yield _kinesis(table)


def _throttles(table: TableAccess, indexes: Sequence[str]) -> Iterator[AlarmSpec]:
    for kind in ("Read", "Write"):
        for index in (None, *indexes):
            dimensions = {"GlobalSecondaryIndexName": index} if index else {}
            of = f" of index {index}" if index else ""
            yield AlarmSpec(
                name=f"{kind}Throttles-{index}" if index else f"{kind}Throttles",
                metric=table.metric(f"{kind}ThrottleEvents", dimensions=dimensions),
                threshold=10,
                periods=5,
                datapoints=3,
                missing=_FINE,
                says=f"{kind}s{of} are throttled. One key may be hot: Contributor Insights names it. Otherwise raise "
                "the maximum, or the quota of the table.",
            )


def _errors(table: TableAccess) -> Iterator[AlarmSpec]:
    yield AlarmSpec(
        name="SystemErrors",
        metric=cloudwatch.MathExpression(
            expression=" + ".join(f"FILL(m{n}, 0)" for n, _ in enumerate(_OPERATIONS)),
            using_metrics={
                f"m{n}": table.metric("SystemErrors", dimensions={"Operation": operation})
                for n, operation in enumerate(_OPERATIONS)
            },
            label="requests that failed inside DynamoDB",
            period=_MINUTE,
        ),
        threshold=10,
        missing=_FINE,
        says="DynamoDB answers with errors of its own. Callers try again; look at AWS Health, and move the traffic to "
        "another replica if it stays.",
    )
    yield AlarmSpec(
        name="UserErrors",
        metric=cloudwatch.Metric(
            namespace="AWS/DynamoDB", metric_name="UserErrors", statistic="Sum", period=Duration.minutes(5)
        ),
        threshold=100,
        missing=_FINE,
        says="Requests are refused as invalid or not allowed, of any table in this account and Region: DynamoDB does "
        "not say which. Look at the last deployment of a caller, and at its permissions.",
    )


def _near_maximum(table: TableAccess, kind: str, units: int) -> AlarmSpec:
    return AlarmSpec(
        name=f"{kind}Capacity",
        metric=cloudwatch.MathExpression(
            expression=f"100 * consumed / {60 * units}",
            using_metrics={"consumed": table.metric(f"Consumed{kind}CapacityUnits")},
            label=f"percent of {units} {kind.lower()} units a second",
            period=_MINUTE,
        ),
        threshold=80,
        periods=5,
        missing=_FINE,
        says=f"More than 80 % of the {units} {kind.lower()} units a second are used, and no more will come by "
        "themselves: raise the maximum before requests are throttled.",
    )


def _lag(table: TableAccess, region: str) -> AlarmSpec:
    return AlarmSpec(
        name=f"ReplicationLatency-{region}",
        metric=table.metric("ReplicationLatency", statistic="Average", dimensions={"ReceivingRegion": region}),
        threshold=30_000,
        periods=5,
        missing=_FINE,
        says=f"What is written here takes more than 30 seconds to {region}: so much is missing there if this Region is "
        f"lost. Look at AWS Health of both; if {region} is impaired, its callers belong here.",
    )


def _kinesis(table: TableAccess) -> AlarmSpec:
    return AlarmSpec(
        name="KinesisAge",
        metric=table.metric(
            "AgeOfOldestUnreplicatedRecord",
            statistic="Maximum",
            dimensions={"DelegatedOperation": "PutItem"},
        ),
        threshold=300_000,
        missing=_FINE,
        says="Changes wait for more than five minutes to get into the Kinesis data stream. Give it more shards.",
    )
