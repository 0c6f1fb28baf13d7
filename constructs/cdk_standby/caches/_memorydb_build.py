"""From the options of a MemoryDB cluster to what CloudFormation is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aws_cdk import Duration, Names
from aws_cdk import aws_sns as sns
from constructs import Construct

from ..relational._place import Place, placed
from . import _memorydb_parts as parts
from ._cache_users import CacheUser
from ._memorydb_member import MemoryDbMember

LONGEST_NAME = 40


def completed(scope: Construct, typed: Mapping[str, Any]) -> dict[str, Any]:
    """The options with everything that was left out, and what rules want to know besides."""
    member: MemoryDbMember | None = typed["member_of"]
    name = typed["name"] or Names.unique_resource_name(scope, max_length=LONGEST_NAME, separator="-").lower()
    place = Place.of(scope, typed["vpc"], typed["subnets"])
    users = typed["users"]
    if users is None and typed["plaintext_because"] is None:
        users = (CacheUser(name=name),)
    own: dict[str, Any] = {
        **typed,
        "engine": typed["engine"] or "valkey",
        "version": typed["version"] or (member.version if member else "7.3"),
        "node_type": typed["node_type"] or (member.node_type if member else "db.r7g.large"),
        "shards": _or(typed["shards"], member.shards if member else 1),
        "name": name if typed["name"] is None else typed["name"],
        "users": users,
        "subnet_ids": place.subnets,
        "number_of_zones": len(place.zones),
        "bad_events": parts.bad_events(typed["events"]),
        **placed(scope, typed["vpc"], typed["key"], typed["alarms"]),
    }
    topic: sns.ITopic | None = typed["events"]
    if topic is not None:
        own["regions"]["events"], own["events"] = topic.env.region, topic.node.path
    return own


def _or(value: Any, otherwise: Any) -> Any:
    return otherwise if value is None else value


def properties(given: Mapping[str, Any]) -> dict[str, Any]:
    """What `CfnCluster` takes as it was given."""
    kept: Duration | None = given["snapshot_retention"]
    restore = given["restore"]
    return {
        "engine": given["engine"],
        "engine_version": given["version"],
        "node_type": given["node_type"],
        "num_shards": given["shards"],
        "num_replicas_per_shard": given["replicas"],
        "data_tiering": "true" if given["data_tiering"] else None,
        "multi_region_cluster_name": given["member_of"].name if given["member_of"] else None,
        "tls_enabled": given["plaintext_because"] is None,
        "port": given["port"],
        "snapshot_name": restore if isinstance(restore, str) else None,
        "snapshot_arns": None if restore is None or isinstance(restore, str) else list(restore),
        "snapshot_retention_limit": 0 if given["no_snapshots_because"] else kept.to_days() if kept else 35,
        "snapshot_window": given["snapshot_window"],
        "maintenance_window": given["maintenance_window"],
        "auto_minor_version_upgrade": given["minor_upgrades"],
        "final_snapshot_name": f"{given['name']}-final" if given["deletable_because"] else None,
    }
