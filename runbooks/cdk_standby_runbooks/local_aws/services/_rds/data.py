"""Which rows a database has: its own, or what has reached it of its source's.

Built on what RDS describes, so that the Data API and RDS see the same.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

from ...wire import Call
from .globals import lag as global_lag
from .globals import region_of
from .writes import ledger

ENDED = "terminated"


def rows(call: Call, arn: str) -> list[float]:
    """When the rows that an instance has were written."""
    if ":cluster:" in arn:
        return rows_of_cluster(call, arn)
    source = source_of(call, arn)
    if source is None:
        return list(ledger(call, arn).written)
    there = rows(call, source)
    if not there:
        return []
    # A Region that went dark is taken to be lost right after its last write: the worst moment.
    now = there[-1] if region_of(source) in call.dark else time.monotonic()
    return [at for at in there if at <= now - lag(call, arn)]


def source_of(call: Call, arn: str) -> str | None:
    """What an instance replicates from now."""
    name, region = arn.rsplit(":", 1)[-1], region_of(arn)
    found: Any = call.client("rds", region).describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0]
    instance, cluster = (found.get(f"ReadReplicaSourceDB{kind}Identifier") for kind in ("Instance", "Cluster"))
    if not (instance or cluster) or any(info["Status"] == ENDED for info in found.get("StatusInfos", [])):
        return None
    source, kind = (str(instance), "db") if instance else (str(cluster), "cluster")
    return source if source.startswith("arn:") else ":".join([*arn.split(":")[:5], kind, source])


def lag(call: Call, arn: str) -> float:
    """Seconds that a replica was behind when it last said so."""
    now = datetime.now(UTC)
    answer = call.client("cloudwatch", region_of(arn)).get_metric_statistics(
        Namespace="AWS/RDS",
        MetricName="ReplicaLag",
        Dimensions=[{"Name": "DBInstanceIdentifier", "Value": arn.rsplit(":", 1)[-1]}],
        StartTime=now - timedelta(hours=3),
        EndTime=now + timedelta(seconds=60),
        Period=60,
        Statistics=["Maximum"],
    )
    points = sorted(answer["Datapoints"], key=lambda point: point["Timestamp"])
    return float(points[-1]["Maximum"]) if points else 0.0


def until(written: list[float], moment: datetime) -> list[float]:
    """The rows that were there at a moment of the past."""
    ago = (datetime.now(UTC) - moment).total_seconds()
    return [at for at in written if at <= time.monotonic() - ago]


def rows_of_cluster(call: Call, arn: str) -> list[float]:
    """When the rows that a cluster has were written: its own, or those of its global database that reached it."""
    name, region = arn.rsplit(":", 1)[-1], region_of(arn)
    rds = call.client("rds", region)
    found: Any = rds.describe_db_clusters(DBClusterIdentifier=name)["DBClusters"][0]
    whole = found.get("GlobalClusterIdentifier")
    if not whole:
        return list(ledger(call, arn).written)
    writer = found.get("ReplicationSourceIdentifier")
    mine = ledger(call, whole)
    if not writer:
        return list(mine.written)
    dark = region_of(writer) in call.dark
    return mine.written[: mine.reached(seconds_behind=global_lag(call, arn), writer_is_dark=dark)]
