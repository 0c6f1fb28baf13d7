"""What rings when a distribution's origins fail, where CloudFront's metrics are."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from aws_cdk import aws_cloudwatch as cloudwatch

from .._alarms import AlarmSpec

LATENCY = "OriginLatency"
"""The alarm that needs CloudFront's additional metrics, which cost money."""


def site_alarms(metric: Callable[..., cloudwatch.Metric]) -> Iterator[AlarmSpec]:
    """Errors that viewers see, and how long origins take; both are quiet while nobody asks for anything."""
    yield AlarmSpec(
        name="ServerErrors",
        metric=metric("5xxErrorRate", statistic="Average"),
        threshold=1,
        periods=5,
        datapoints=3,
        missing=cloudwatch.TreatMissingData.NOT_BREACHING,
        says="Viewers see errors of the server in more than 1% of their requests: both origins fail, or one without a "
        "second, or writes. Look which path in the access logs; see whether the secondary Region answers by itself.",
    )
    yield AlarmSpec(
        name=LATENCY,
        metric=metric(LATENCY, statistic="p90"),
        threshold=3000,
        periods=5,
        datapoints=3,
        missing=cloudwatch.TreatMissingData.NOT_BREACHING,
        says="Origins take more than 3 seconds for one request in ten. A primary that hangs makes every uncached read "
        "wait before the secondary is asked: fail over, or shorten 'response_timeout'.",
    )
