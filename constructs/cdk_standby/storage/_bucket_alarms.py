"""What a bucket rings for: replication fails where objects leave, and lags where they should arrive.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/repl-metrics.html
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch

from .._alarms import AlarmSpec
from ._bucket_parts import EVERYTHING
from ._bucket_values import BucketReplica

if TYPE_CHECKING:
    from .bucket import Bucket

_FINE = cloudwatch.TreatMissingData.NOT_BREACHING


def bucket_alarms(bucket: Bucket, name: str | None, replicas: Sequence[BucketReplica]) -> Iterator[AlarmSpec]:
    """All alarms of a bucket, those of the other direction included."""
    yield AlarmSpec(
        name="ServerErrors",
        metric=bucket.metric("5xxErrors", statistic="Sum", FilterId=EVERYTHING),
        threshold=10,
        says="S3 answered more requests than this in a minute with an error of its own: let clients retry more slowly, "
        "then look at AWS Health; if it lasts, use the bucket of the other Region.",
        missing=_FINE,
    )
    for replica in replicas:
        yield from _replication(name or "", replica)


def _replication(name: str, replica: BucketReplica) -> Iterator[AlarmSpec]:
    there = replica.region
    yield AlarmSpec(
        name=f"FailedReplicationTo-{there}",
        metric=_metric("OperationsFailedReplication", name, replica.bucket_name, "Sum"),
        threshold=0,
        periods=1,
        says=f"Objects failed to replicate to {there}, and S3 does not try again: repair what the failure names, most "
        "often the key, its policy or the role, then repeat them with S3 Batch Replication.",
        missing=_FINE,
    )
    if not replica.replicates_back:
        return
    yield AlarmSpec(
        name=f"ReplicationLagFrom-{there}",
        metric=_metric("ReplicationLatency", replica.bucket_name, name, "Maximum"),
        threshold=900,
        periods=15,
        datapoints=10,
        says=f"What was written in {there} arrives later than this (seconds), or nothing is heard of it: whoever fails "
        f"over now loses it until {there} returns. Look at failures there first.",
    )
    yield AlarmSpec(
        name=f"BytesPendingFrom-{there}",
        metric=_metric("BytesPendingReplication", replica.bucket_name, name, "Maximum"),
        threshold=10_000_000_000,
        periods=15,
        says=f"More bytes than this wait in {there} to be replicated: a bulk upload, or replication that is slower "
        "than the writers.",
        missing=_FINE,
    )


def _metric(name: str, source: str, destination: str, statistic: str) -> cloudwatch.Metric:
    """Of a rule, which is called by the bucket that it leads to."""
    dimensions = {"SourceBucket": source, "DestinationBucket": destination, "RuleId": destination}
    return cloudwatch.Metric(
        namespace="AWS/S3",
        metric_name=name,
        dimensions_map=dimensions,
        statistic=statistic,
        period=Duration.minutes(1),
    )
