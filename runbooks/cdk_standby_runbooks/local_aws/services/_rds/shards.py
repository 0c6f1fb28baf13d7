"""Shard groups of Aurora Limitless: kept as told.

https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/limitless.html
"""

from __future__ import annotations

from typing import Any

from ...errors import ServiceError
from ...wire import Call
from . import cluster, tags

Values = dict[str, Any]


def _all(call: Call) -> dict[str, Values]:
    regions: dict[str, dict[str, Values]] = call.state.setdefault("shard groups", {})
    return regions.setdefault(call.region, {})


def _find(call: Call) -> Values:
    name = call.parameters["DBShardGroupIdentifier"].lower()
    if name not in _all(call):
        raise ServiceError("DBShardGroupNotFound", f"DBShardGroup {name} not found.", 404)
    return _all(call)[name]


def create(call: Call) -> Values:
    """CreateDBShardGroup: one, in a cluster that scales without limit."""
    given = {name: value for name, value in call.parameters.items() if name != "Tags"}
    name, of = given["DBShardGroupIdentifier"].lower(), given["DBClusterIdentifier"].lower()
    found = cluster.find(call, of)
    if found.get("ClusterScalabilityType") != "limitless":
        raise ServiceError("InvalidDBClusterStateFault", f"The cluster {of} is not one of Aurora Limitless.")
    if any(one["DBClusterIdentifier"] == of for one in _all(call).values()):
        raise ServiceError("MaxDBShardGroupLimitReached", f"The cluster {of} has a shard group already.")
    if name in _all(call):
        raise ServiceError("DBShardGroupAlreadyExists", f"DBShardGroup {name} already exists.")
    if given.get("MinACU", 0) > given["MaxACU"]:
        raise ServiceError("InvalidMaxAcu", "MaxACU must not be less than MinACU.")
    resource = f"shardgroup-{str(found['DbClusterResourceId']).removeprefix('cluster-').lower()}"
    made: Values = {
        "ComputeRedundancy": 0,
        "PubliclyAccessible": False,
        **given,
        "DBShardGroupIdentifier": name,
        "DBClusterIdentifier": of,
        "DBShardGroupResourceId": resource,
        "DBShardGroupArn": f"arn:aws:rds:{call.region}:{call.account}:shard-group:{name}",
        "Endpoint": str(found["Endpoint"]).replace(".cluster-", ".shardgrp-"),
        "Status": "available",
    }
    _all(call)[name] = made
    tags.put(call, made["DBShardGroupArn"], call.parameters.get("Tags", []))
    return made


def describe(call: Call) -> Values:
    """DescribeDBShardGroups."""
    if "DBShardGroupIdentifier" in call.parameters:
        return {"DBShardGroups": [_find(call)]}
    told: list[Any] = list(_all(call).values())
    return {"DBShardGroups": told}


def modify(call: Call) -> Values:
    """ModifyDBShardGroup: capacity and redundancy."""
    found = _find(call)
    changed = {**found, **{k: v for k, v in call.parameters.items() if k != "DBShardGroupIdentifier"}}
    if changed.get("MinACU", 0) > changed["MaxACU"]:
        raise ServiceError("InvalidMaxAcu", "MaxACU must not be less than MinACU.")
    found |= changed
    return found


def delete(call: Call) -> Values:
    """DeleteDBShardGroup."""
    found = _find(call)
    _all(call).pop(found["DBShardGroupIdentifier"])
    tags.forget(call, found["DBShardGroupArn"])
    return {**found, "Status": "deleting"}


def of(call: Call, name: str) -> bool:
    """Whether a cluster has one still: it must go first."""
    return any(one["DBClusterIdentifier"] == name.lower() for one in _all(call).values())
