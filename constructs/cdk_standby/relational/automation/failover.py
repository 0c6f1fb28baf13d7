"""What a runbook asks of a cluster, or of an instance with a standby, in Systems Manager."""

from __future__ import annotations

from typing import Any, cast

import boto3


def look(events: dict[str, Any], _context: object) -> dict[str, str]:
    """Who writes, or where; and whether it has already left what it was to leave."""
    now, others = _writer(events)
    if not others:
        raise RuntimeError(f"{events['Database']} has nobody to fail over to")
    left = events["Leave"] not in ("", now)
    return {"Writer": now, "Done": "yes" if left else "no"}


def prove(events: dict[str, Any], _context: object) -> dict[str, str]:
    """Somebody else writes than before."""
    now, _ = _writer(events)
    if now == events["Before"]:
        raise RuntimeError(f"{events['Database']} is still written by or in {now}")
    return {"Writer": now}


def _writer(events: dict[str, Any]) -> tuple[str, bool]:
    """The writing instance of a cluster, or the zone of an instance; and whether there is another one."""
    rds = _client("rds")
    if events["Kind"] == "cluster":
        [cluster] = rds.describe_db_clusters(DBClusterIdentifier=events["Database"])["DBClusters"]
        members = {m["DBInstanceIdentifier"]: m["IsClusterWriter"] for m in cluster["DBClusterMembers"]}
        return next((name for name, writes in members.items() if writes), "nobody"), len(members) > 1
    [instance] = rds.describe_db_instances(DBInstanceIdentifier=events["Database"])["DBInstances"]
    return str(instance["AvailabilityZone"]), bool(instance["MultiAZ"])


def _client(service: str) -> Any:
    return cast("Any", boto3).client(service)
