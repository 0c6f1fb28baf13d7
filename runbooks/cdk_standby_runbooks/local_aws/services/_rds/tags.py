"""Tags of what the emulator does not know: option groups, proxies, endpoints."""

from __future__ import annotations

from typing import Any

from ...errors import ServiceError
from ...wire import Call

Values = dict[str, Any]
OURS = (
    "deployment",
    "og",
    "db-proxy",
    "target-group",
    "db-proxy-endpoint",
    "cluster-endpoint",
    "auto-backup",
    "global-cluster",
    "shard-group",
)


def put(call: Call, arn: str, tags: list[Values]) -> None:
    """Add tags to a thing of ours."""
    mine: dict[str, str] = call.state.setdefault("tags", {}).setdefault(arn, {})
    mine.update({tag["Key"]: tag.get("Value", "") for tag in tags})


def forget(call: Call, arn: str) -> None:
    """The thing is gone."""
    call.state.get("tags", {}).pop(arn, None)


def _ours(call: Call) -> bool:
    parts = str(call.parameters["ResourceName"]).split(":")
    if len(parts) < 7:
        raise ServiceError("InvalidParameterValue", f"Invalid resource name: {call.parameters['ResourceName']}")
    return parts[5] in OURS


def add(call: Call) -> Values:
    """AddTagsToResource."""
    if not _ours(call):
        return call.moto()
    put(call, call.parameters["ResourceName"], call.parameters["Tags"])
    return {}


def remove(call: Call) -> Values:
    """RemoveTagsFromResource."""
    if not _ours(call):
        return call.moto()
    for key in call.parameters["TagKeys"]:
        call.state.get("tags", {}).get(call.parameters["ResourceName"], {}).pop(key, None)
    return {}


def show(call: Call) -> Values:
    """ListTagsForResource."""
    if not _ours(call):
        return call.moto()
    mine: dict[str, str] = call.state.get("tags", {}).get(call.parameters["ResourceName"], {})
    told: list[Any] = [{"Key": key, "Value": value} for key, value in mine.items()]
    return {"TagList": told}
