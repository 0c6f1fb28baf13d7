"""From the options of a Valkey cache to what CloudFormation is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aws_cdk import Duration
from aws_cdk import aws_elasticache as elasticache
from aws_cdk import aws_sns as sns
from constructs import Construct

from .._checks import Options
from ..relational._parts import NIST, accept
from ..relational._place import Place, placed
from ._cache_alarms import Watch, watches
from ._cache_common import at_least
from ._cache_parts import OF_ITS_OWN, parameter_group
from ._cache_users import CacheUser

LONGEST_DESCRIPTION = 255
USUAL_DAYS = 15
"""That snapshots are kept; NIST 800-53 asks for as many."""
NO_AUTH = "AwsSolutions::AwsSolutions-AEC6"
NO_TLS = "AwsSolutions::AwsSolutions-AEC3"
ONE_ZONE = "AwsSolutions::AwsSolutions-AEC4"
NO_BACKUPS = NIST + "ElastiCacheRedisClusterAutomaticBackup"


def completed(scope: Construct, typed: Mapping[str, Any]) -> dict[str, Any]:
    """The options with everything that was left out, and what rules want to know besides."""
    member = typed["member_of"]
    engine = member.engine if member else _or(typed["engine"], "valkey")
    own: dict[str, Any] = {
        **typed,
        "engine": engine,
        "node_type": typed["node_type"] or "cache.r7g.large",
        "cluster_mode": member.cluster_mode if member else _or(typed["cluster_mode"], "disabled"),
        "shards": member.shards if member else _or(typed["shards"], 1),
        "ip_discovery": typed["ip_discovery"] or ("ipv6" if typed["network_type"] == "ipv6" else "ipv4"),
        "minor_upgrades": typed["minor_upgrades"] and member is None,
        "users": _users(typed),
        "users_engine": engine,
        "kind": "cache",
        "number_of_zones": len(Place.of(scope, typed["vpc"], typed["subnets"]).zones),
        "bad_events": bad_events(typed["events"]),
    }
    own |= placed(scope, typed["vpc"], typed["key"], typed["alarms"])
    events: sns.ITopic | None = typed["events"]
    if events is not None:
        own["regions"]["events"] = events.env.region
        own["events"] = events.node.path
    return own


def _or(value: Any, otherwise: Any) -> Any:
    return otherwise if value is None else value


def _users(typed: Mapping[str, Any]) -> Sequence[CacheUser] | None:
    asked: Sequence[CacheUser] | None = typed["users"]
    open_or_secondary = typed["plaintext_because"] is not None or typed["member_of"] is not None
    return asked if asked is not None or open_or_secondary else (CacheUser(name="app"),)


def bad_events(topic: sns.ITopic | None) -> str | None:
    """What keeps ElastiCache from telling a topic, as far as it is known."""
    if topic is None:
        return None
    if topic.fifo:
        return "FIFO"
    made = topic.node.default_child
    return "encrypted" if isinstance(made, sns.CfnTopic) and made.kms_master_key_id is not None else None


def parameters(scope: Construct, given: Options) -> elasticache.CfnParameterGroup | None:
    """A group for each of the two modes, since the mode is a parameter that no group in use can change."""
    if given["member_of"] is not None:
        return None
    sharded = given["cluster_mode"] != "disabled"
    asked: Mapping[str, str] = given["parameters"] or {}
    own = {**asked, **({"cluster-enabled": "yes"} if sharded else {})}
    named = "ClusterParameters" if sharded else "Parameters"
    return parameter_group(scope, named, given["engine"], given["version"], own)


def properties(given: Options) -> dict[str, Any]:
    """What `CfnReplicationGroup` takes."""
    failover = given["replicas"] > 0
    kept: Duration | None = given["snapshot_retention"]
    days = USUAL_DAYS if kept is None else kept.to_days()
    own = _of_a_secondary(given) if given["member_of"] is not None else _of_a_founder(given)
    restore = given["restore"]
    return {
        **own,
        "replication_group_id": given["name"],
        "replicas_per_node_group": given["replicas"],
        "automatic_failover_enabled": failover,
        "multi_az_enabled": failover,
        "network_type": given["network_type"],
        "ip_discovery": given["ip_discovery"],
        "port": given["port"],
        "snapshot_name": restore if isinstance(restore, str) else None,
        "snapshot_arns": None if restore is None or isinstance(restore, str) else list(restore),
        "snapshot_retention_limit": 0 if given["no_snapshots_because"] is not None else days,
        "snapshot_window": given["snapshot_window"],
        "preferred_maintenance_window": given["maintenance_window"],
        "auto_minor_version_upgrade": given["minor_upgrades"],
    }


def _of_a_founder(given: Options) -> dict[str, Any]:
    required = given["plaintext_because"] is None
    return {
        "engine": given["engine"],
        "engine_version": given["version"],
        "cache_node_type": given["node_type"],
        "num_node_groups": given["shards"],
        "cluster_mode": given["cluster_mode"],
        "durability": given["durability"] or ("disabled" if _could_be_durable(given) else None),
        "data_tiering_enabled": given["data_tiering"] or None,
        "at_rest_encryption_enabled": True,
        "transit_encryption_enabled": True,
        "transit_encryption_mode": "required" if required else "preferred",
    }


def _of_a_secondary(given: Options) -> dict[str, Any]:
    """ElastiCache refuses what the datastore decides, encryption included."""
    return {"global_replication_group_id": given["member_of"].id}


def _could_be_durable(given: Options) -> bool:
    """Said where AWS would decide it otherwise."""
    valkey = given["engine"] == "valkey" and at_least(given["version"], "9.0")
    return valkey and given["cluster_mode"] == "enabled"


def watched(given: Options) -> list[Watch]:
    """What the cache rings for."""
    member = given["member_of"] is not None
    node_type = None if member else given["node_type"]
    return list(watches(node_type, replicas=given["replicas"], member=member, users=bool(given["users"])))


def accept_cache(cache: elasticache.CfnReplicationGroup, given: Options) -> None:
    """What validators say, and why it is meant."""
    if given["users"]:
        accept(cache, "users with passwords of their own, or known by IAM, are more than one AUTH token", NO_AUTH)
    if given["plaintext_because"] is not None:
        accept(cache, given["plaintext_because"], NO_AUTH)
    if given["port"] == 6379:
        accept(cache, "the security group is closed: who is not let in by name finds no port", OF_ITS_OWN)
    if given["member_of"] is not None:
        accept(cache, "a secondary has encryption from its global datastore, and may not say it", NO_TLS)
    if given["no_replicas_because"] is not None:
        accept(cache, given["no_replicas_because"], ONE_ZONE)
    kept: Duration | None = given["snapshot_retention"]
    if given["no_snapshots_because"] is not None:
        accept(cache, given["no_snapshots_because"], NO_BACKUPS)
    elif kept is not None and (kept.is_unresolved() or kept.to_days() < USUAL_DAYS):
        accept(cache, "snapshots are kept for as long as was asked", NO_BACKUPS)
