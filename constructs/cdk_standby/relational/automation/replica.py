"""What a runbook asks of a read replica, in Systems Manager."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, cast

import boto3


def look(events: dict[str, Any], _context: object) -> dict[str, Any]:
    """Whose replica it is, how many seconds it lags at most (-1: nobody knows), and how long it keeps backups."""
    found = _instance(events["Instance"])
    end = datetime.now(UTC)
    cloudwatch = _client("cloudwatch")
    points = cloudwatch.get_metric_statistics(
        Namespace="AWS/RDS",
        MetricName="ReplicaLag",
        Dimensions=[{"Name": "DBInstanceIdentifier", "Value": events["Instance"]}],
        StartTime=end - timedelta(minutes=5),
        EndTime=end + timedelta(minutes=1),
        Period=60,
        Statistics=["Maximum"],
    )["Datapoints"]
    lags = [point["Maximum"] for point in points]
    lag = -1 if not lags or min(lags) < 0 else int(max(lags))
    source = found.get("ReadReplicaSourceDBInstanceIdentifier") or found.get("ReadReplicaSourceDBClusterIdentifier")
    return {
        "Role": "replica" if source else "primary",
        "Lag": lag,
        "Retention": found.get("BackupRetentionPeriod", 0),
        "MayGo": "yes" if events["AcceptLoss"] == "yes" or 0 <= lag <= int(events["MaxLag"]) else "no",
    }


def refuse(events: dict[str, Any], _context: object) -> None:
    """Say why nothing was done."""
    raise RuntimeError(
        f"{events['Instance']} lags {events['Lag']} s (-1: unknown), and {events['MaxLag']} s are allowed. "
        "Wait, or run again with AcceptLoss=yes: what had not been replicated is lost then."
    )


def prove(events: dict[str, Any], _context: object) -> dict[str, Any]:
    """It follows nobody, takes writes and keeps backups."""
    found = _instance(events["Instance"])
    if found.get("ReadReplicaSourceDBInstanceIdentifier") or found.get("ReadReplicaSourceDBClusterIdentifier"):
        raise RuntimeError(f"{events['Instance']} is still a replica")
    if found["DBInstanceStatus"] != "available" or not found.get("BackupRetentionPeriod"):
        raise RuntimeError(f"{events['Instance']} is {found['DBInstanceStatus']}, or keeps no backups")
    return {"Endpoint": found["Endpoint"]["Address"]}


def _instance(name: str) -> dict[str, Any]:
    rds = _client("rds")
    found: dict[str, Any] = rds.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0]
    return found


def _client(service: str) -> Any:
    return cast("Any", boto3).client(service)
