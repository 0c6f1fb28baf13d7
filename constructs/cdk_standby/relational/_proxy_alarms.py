"""What a proxy rings for."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch

from .._alarms import AlarmSpec

Metric = Callable[..., cloudwatch.Metric]
_LESS = cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD
_QUIET = cloudwatch.TreatMissingData.NOT_BREACHING
_FIVE = Duration.minutes(5)
_WRITER, _READERS = "READ_WRITE", "READ_ONLY"


def proxy_alarms(name: str, metric: Metric, *, in_global: bool) -> Iterator[AlarmSpec]:
    """Of every proxy. Its figures come from each of its hosts: sums count, averages measure."""
    yield AlarmSpec(
        name="Availability",
        metric=_available(name, _WRITER, _READERS) if in_global else availability(name, _WRITER),
        threshold=90,
        comparison=_LESS,
        says="The proxy reaches its database less often (% of health checks) than this for 3 minutes, or says nothing: "
        + ("look at both roles." if in_global else "a failover that takes longer, or refused credentials."),
    )
    yield AlarmSpec(
        name="Pinned",
        metric=_share(metric, "DatabaseConnectionsCurrentlySessionPinned", "DatabaseConnections", "pinned"),
        threshold=50,
        missing=_QUIET,
        says="More of the database's connections (%) belong to single clients for 15 minutes: look in the log for what "
        "pins them, such as SET or prepared statements.",
    )
    yield AlarmSpec(
        name="BorrowLatency",
        metric=metric("DatabaseConnectionsBorrowLatency", period=_FIVE),
        threshold=100_000,
        missing=_QUIET,
        says="Clients wait for a connection of the pool (microseconds) for 15 minutes: a larger share, a larger "
        "instance, or shorter transactions.",
    )
    yield AlarmSpec(
        name="PoolUsage",
        metric=_share(metric, "DatabaseConnectionsCurrentlyBorrowed", "MaxDatabaseConnectionsAllowed", "in use"),
        threshold=80,
        missing=_QUIET,
        says="Most connections that the proxy may open (%) are in use for 15 minutes: further clients will wait.",
    )
    yield AlarmSpec(
        name="ResponseLatency",
        metric=metric("QueryDatabaseResponseLatency", period=_FIVE),
        threshold=1_000_000,
        missing=_QUIET,
        says="The database takes longer to answer (microseconds, on average) for 15 minutes: look at Database "
        "Insights.",
    )
    yield AlarmSpec(
        name="FailedLogins",
        metric=metric("ClientConnectionsSetupFailedAuth", statistic="Sum", period=_FIVE),
        threshold=10,
        missing=_QUIET,
        says="Clients are turned away for wrong credentials or without TLS (in 5 minutes), for 15 minutes.",
    )


def availability(name: str, role: str) -> cloudwatch.Metric:
    """The share (%) of health checks that found a database in a role."""
    return cloudwatch.Metric(
        namespace="AWS/RDS",
        metric_name="AvailabilityPercentage",
        dimensions_map={"ProxyName": name, "TargetGroup": "default", "TargetRole": role},
        statistic="Average",
        period=Duration.minutes(1),
    )


def _available(name: str, *roles: str) -> cloudwatch.MathExpression:
    """In one role or another: a Region of a global database that follows has no writer, and may get one."""
    metrics = {f"m{number}": availability(name, role) for number, role in enumerate(roles, 1)}
    return cloudwatch.MathExpression(
        expression="MAX([" + ", ".join(f"FILL({label}, 0)" for label in metrics) + "])",
        label="available in some role (%)",
        using_metrics=dict(metrics),
        period=Duration.minutes(1),
    )


def _share(metric: Metric, part: str, whole: str, says: str) -> cloudwatch.MathExpression:
    return cloudwatch.MathExpression(
        expression="100 * m1 / m2",
        label=f"{says} (%)",
        using_metrics={
            label: metric(name, statistic="Sum", period=_FIVE) for label, name in (("m1", part), ("m2", whole))
        },
        period=_FIVE,
    )
