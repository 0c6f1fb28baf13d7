"""How much a promotion would lose: replication lag, as the recovery Region's own CloudWatch tells it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from ..clients import Clients, CloudWatch
from ..clock import Clock
from ..plan import GlobalDatabase

# The first is about commits, the second about storage; both in milliseconds, both told by the secondary:
# https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.AuroraMonitoring.Metrics.html
METRICS: Final = ("AuroraGlobalDBRPOLag", "AuroraGlobalDBReplicationLag")
WINDOW: Final = timedelta(minutes=5)
PERIOD: Final = 60
# The end of the window is left out of it; the figure of the running minute counts.
LATEST: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Lag:
    """The worst figure of the last minutes; `seconds` is None when there is none."""

    seconds: float | None
    metric: str = ""
    newest: datetime | None = None

    def __str__(self) -> str:
        if self.seconds is None:
            return f"replication lag unknown: no figure in the last {WINDOW.seconds // 60} minutes"
        return f"replication lag {self.seconds:.3f} s ({self.metric}, worst of the last {WINDOW.seconds // 60} minutes)"


def replication_lag(clients: Clients, clock: Clock, database: GlobalDatabase, region: str) -> Lag:
    """Ask the Region that would be promoted; the first metric that has a recent figure counts."""
    cloudwatch = clients.cloudwatch(region)
    for metric in METRICS:
        points = [*_points(cloudwatch, clock.now(), metric, database.clusters[region])]
        if points:
            return Lag(max(value for _, value in points) / 1000, metric, max(at for at, _ in points))
    return Lag(None)


def _points(cloudwatch: CloudWatch, now: datetime, metric: str, cluster: str) -> Iterator[tuple[datetime, float]]:
    """Every dimension set that names the cluster: which others AWS adds is not worth guessing."""
    mine = [{"Name": "DBClusterIdentifier", "Value": cluster}]
    listed = cloudwatch.list_metrics(Namespace="AWS/RDS", MetricName=metric, Dimensions=mine)
    queries: list[dict[str, Any]] = [
        {
            "Id": f"m{index}",
            "MetricStat": {
                "Metric": {"Namespace": "AWS/RDS", "MetricName": metric, "Dimensions": known["Dimensions"]},
                "Period": PERIOD,
                "Stat": "Maximum",
            },
        }
        for index, known in enumerate(listed["Metrics"])
    ]
    if queries:
        answer = cloudwatch.get_metric_data(MetricDataQueries=queries, StartTime=now - WINDOW, EndTime=now + LATEST)
        for result in answer["MetricDataResults"]:
            yield from zip(result["Timestamps"], result["Values"], strict=True)
