"""What a runbook asks of a global database, in Systems Manager."""

from __future__ import annotations

from typing import Any, cast

import boto3


def look(events: dict[str, Any], _context: object) -> dict[str, str]:
    """Whether the target writes already, is on its way, or may be moved to."""
    found = _container(events["Global"])
    members = {m["DBClusterArn"]: m["IsWriter"] for m in found["GlobalClusterMembers"]}
    if events["Target"] not in members:
        raise RuntimeError(f"{events['Target']} is no member of {events['Global']}: {', '.join(members)}")
    if members[events["Target"]]:
        return {"State": "writer"}
    return {"State": "moving" if _moves(found) else "ready"}


def refuse(_events: dict[str, Any], _context: object) -> None:
    """Say why nothing was done."""
    raise RuntimeError(
        "A failover loses what had not been replicated. Run it again with AllowDataLoss=yes, or run the switchover, "
        "which loses nothing and needs the Region that writes now."
    )


def prove(events: dict[str, Any], _context: object) -> dict[str, str]:
    """The target is the only writer, and nothing moves any more."""
    found = _container(events["Global"])
    writers = [m["DBClusterArn"] for m in found["GlobalClusterMembers"] if m["IsWriter"]]
    if writers != [events["Target"]] or _moves(found):
        raise RuntimeError(f"{events['Global']} is written by {', '.join(writers) or 'nobody'}")
    return {"Writer": writers[0]}


def _moves(found: dict[str, Any]) -> bool:
    state: dict[str, Any] = found.get("FailoverState") or {}
    return bool(state.get("Status"))


def _container(name: str) -> dict[str, Any]:
    rds = _client("rds")
    found: dict[str, Any] = rds.describe_global_clusters(GlobalClusterIdentifier=name)["GlobalClusters"][0]
    return found


def _client(service: str) -> Any:
    return cast("Any", boto3).client(service)
