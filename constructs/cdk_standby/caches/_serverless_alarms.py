"""What a serverless cache rings for. An idle one emits little, so silence is no news."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from aws_cdk import aws_cloudwatch as cloudwatch

from .._alarms import AlarmSpec
from .._checks import Options

if TYPE_CHECKING:
    from .serverless_cache import ServerlessCache

_QUIET = cloudwatch.TreatMissingData.NOT_BREACHING
SHARE = 0.8
"""Of a limit, at which it is near."""


def serverless_alarms(cache: ServerlessCache, options: Options) -> Iterator[AlarmSpec]:
    """All alarms of a cache with these options."""

    def spec(name: str, metric: cloudwatch.Metric, threshold: float, says: str) -> AlarmSpec:
        return AlarmSpec(name=name, metric=metric, threshold=threshold, says=says, periods=5, missing=_QUIET)

    yield spec(
        "Throttled",
        cache.metric("ThrottledCmds", statistic="Sum"),
        0,
        "More commands than this are throttled in a minute: the load grew faster than the cache, or to `max_rate`. "
        "Raise it, or `min_rate` before an event that is known.",
    )
    yield spec(
        "Evictions",
        cache.metric("Evictions", statistic="Sum"),
        1000,
        "More keys than this are evicted in a minute: `max_storage` is reached, and the database behind the cache "
        "feels it.",
    )
    yield spec(
        "Latency",
        cache.metric("SuccessfulReadRequestLatency", statistic="p99"),
        5000,
        "One read of a hundred takes longer than this (microseconds): look at AWS Health for the Region.",
    )
    if options["users"]:
        yield spec(
            "Refused",
            cache.metric("AuthenticationFailures", statistic="Sum"),
            10,
            "More logins than this fail in a minute: a client with an old password, or somebody who tries.",
        )
    if options["max_storage"] is not None:
        yield spec(
            "Storage",
            cache.metric("BytesUsedForCache", statistic="Maximum"),
            SHARE * 1_000_000_000 * options["max_storage"],
            "The cache holds more than this (bytes), and is near `max_storage`.",
        )
    if options["max_rate"] is not None:
        yield spec(
            "Rate",
            cache.metric("ElastiCacheProcessingUnits", statistic="Sum"),
            SHARE * 60 * options["max_rate"],
            "The cache does more than this (ECPUs a minute), and is near `max_rate`.",
        )
