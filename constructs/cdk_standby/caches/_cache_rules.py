"""What the options of a Valkey cache must be."""

from __future__ import annotations

import re
from collections.abc import Iterator

from constructs import Construct

from cdk_standby_review.facts import elasticache as facts

from .._checks import Options, Problem, Rule, one_of, shown, within
from .._tokens import is_token
from ._cache_common import (
    KEY,
    MAINTENANCE,
    SNAPSHOT_WINDOW,
    TELLS,
    at_least,
    family_of,
    is_node_type,
    neighbours,
    retention,
    rule,
    users,
    written,
)

INHERITED = ("engine", "version", "node_type", "cluster_mode", "shards", "parameters", "durability", "restore")
"""What a secondary must not say."""


def _is_secondary(options: Options) -> bool:
    return options["member_of"] is not None


def _bad_version(options: Options) -> bool:
    known = facts.VERSIONS.value.get(options["engine"])
    return not _is_secondary(options) and known is not None and options["version"] not in known


def _versions(options: Options) -> str:
    return ", ".join(map(shown, facts.VERSIONS.value[options["engine"]]))


def _bad_durability(options: Options) -> bool:
    if options["durability"] not in facts.DURABILITY.value or _is_secondary(options):
        return False
    engine = options["engine"] == "valkey" and at_least(options["version"] or "", "9.0")
    sharded = options["cluster_mode"] == "enabled" and options["replicas"] > 0
    kept = options["plaintext_because"] is None and not options["data_tiering"]
    return not (engine and sharded and kept and family_of(options["node_type"]) in facts.DURABLE.value)


_SHARDS = (
    Rule(
        option="parameters",
        broken=lambda o: "cluster-enabled" in (o["parameters"] or {}),
        allowed="parameters other than 'cluster-enabled'",
        why="'cluster_mode' says it",
        source=facts.CLUSTER_MODES.source,
    ),
    rule(
        "born_unsharded",
        lambda o: o["born_unsharded"] and o["cluster_mode"] != "enabled",
        "False unless cluster_mode='enabled'",
        facts.CLUSTER_MODES,
        "cluster_mode",
    ),
    one_of("cluster_mode", facts.CLUSTER_MODES.value, why=facts.CLUSTER_MODES.says, source=facts.CLUSTER_MODES.source),
    rule(
        "shards",
        lambda o: o["shards"] not in facts.SHARDS.value or (o["shards"] > 1 and o["cluster_mode"] != "enabled"),
        "1, or 2 to 500 with cluster_mode='enabled'",
        facts.SHARDS,
        "cluster_mode",
    ),
    rule(
        "shards",
        lambda o: o["shards"] in facts.SHARDS.value and o["shards"] * (max(o["replicas"], 0) + 1) > facts.NODES.value,
        "as many that all nodes together are 500 or fewer",
        facts.NODES,
        "replicas",
    ),
    within("replicas", facts.REPLICAS),
    rule(
        "replicas",
        lambda o: (o["replicas"] == 0) != (o["no_replicas_because"] is not None),
        "1 to 5, or 0 together with 'no_replicas_because'",
        facts.FAILOVER,
        "no_replicas_because",
    ),
    rule(
        "no_replicas_because",
        lambda o: o["no_replicas_because"] is not None and o["cluster_mode"] == "enabled",
        "left out in cluster mode",
        facts.FAILOVER,
        "cluster_mode",
    ),
)
_NODES = (
    one_of("engine", ("valkey", "redis"), why="Memcached has a construct of its own, MemcachedCache"),
    Rule(
        option="version",
        reads=("engine",),
        broken=_bad_version,
        allowed=_versions,
        why=facts.VERSIONS.says,
        source=facts.VERSIONS.source,
    ),
    rule(
        "node_type",
        lambda o: not is_node_type(o["node_type"]),
        "a type such as 'cache.r7g.large'",
        facts.NODE_TYPES,
    ),
    rule(
        "data_tiering",
        lambda o: o["data_tiering"] != (family_of(o["node_type"]) == facts.TIERED.value),
        "True with a node of the family r6gd, and False with any other",
        facts.TIERED,
        "node_type",
    ),
    one_of("durability", facts.DURABILITY.value, why=facts.DURABILITY.says, source=facts.DURABILITY.source),
    rule(
        "durability",
        _bad_durability,
        "left out, or with all that it needs",
        facts.DURABLE,
        "engine",
        "version",
        "node_type",
        "cluster_mode",
        "replicas",
    ),
)


def _bad_name(options: Options) -> bool:
    name = options["name"]
    return name is not None and (len(name) > 40 or re.fullmatch(facts.NAMES.value, name) is None)


def _bad_restore(options: Options) -> bool:
    origin = options["restore"]
    if origin is None:
        return False
    if isinstance(origin, str):
        return re.fullmatch(facts.RESTORES.value, origin) is None or origin.startswith("arn:")
    files = [one for one in origin if not is_token(one)]
    return not origin or any(re.fullmatch(facts.RESTORES.value, f) is None or ":s3:::" not in f for f in files)


_PLACE = (
    *neighbours("nodes"),
    KEY,
    *TELLS,
    rule("name", _bad_name, "1 to 40 letters, digits and single hyphens", facts.NAMES),
    within("port", facts.PORTS),
    one_of("network_type", facts.IPV6.value, why=facts.IPV6.says, source=facts.IPV6.source),
    rule(
        "ip_discovery",
        lambda o: o["ip_discovery"] not in _told(o["network_type"]),
        "'ipv4' or 'ipv6', whichever nodes speak",
        facts.IPV6,
        "network_type",
    ),
    rule("restore", _bad_restore, "the name of a snapshot, or ARNs of files in S3", facts.RESTORES),
)


def _told(network_type: str) -> tuple[str, ...]:
    return ("ipv4", "ipv6") if network_type == "dual_stack" else (network_type,)


_USERS = (
    *users(),
    rule(
        "users",
        lambda o: bool(o["users"]) and o["plaintext_because"] is not None,
        "left out with 'plaintext_because'",
        facts.USERS_NEED_TLS,
    ),
    Rule(
        option="users",
        broken=lambda o: _is_secondary(o) and any(not user.iam for user in o["users"] or ()),
        allowed="users that IAM knows, in a secondary",
        why="a password is made up in one Region, and clients of the other would not know it",
        source=facts.IAM.source,
    ),
    Rule(
        option="users",
        broken=lambda o: not o["users"] and o["plaintext_because"] is None,
        allowed="one or more, in a secondary known by IAM",
        why="whoever reaches the port of a cache without users is let in",
        source=facts.ACCESS.source,
    ),
)


def _bad_member(options: Options) -> bool:
    pinned = options["member_of"].id if _is_secondary(options) else None
    return pinned is not None and not is_token(pinned) and not written(facts.GLOBAL_ID, pinned)


_MEMBER = (
    rule(
        "member_of",
        _bad_member,
        "the id of a global datastore as ElastiCache made it, such as 'sgaui-shop'",
        facts.GLOBAL_ID,
    ),
    rule(
        "network_type",
        lambda o: _is_secondary(o) and o["network_type"] != "ipv4",
        "'ipv4' in a global datastore",
        facts.GLOBAL,
    ),
    rule(
        "replicas",
        lambda o: _is_secondary(o) and o["replicas"] == 0,
        "1 to 5 in a global datastore",
        facts.FAILOVER,
    ),
)
RULES = (
    *_NODES,
    *_SHARDS,
    *_PLACE,
    *retention("no_snapshots_because"),
    SNAPSHOT_WINDOW,
    MAINTENANCE,
    *_USERS,
    *_MEMBER,
)


def own_of_a_secondary(where: Construct, typed: Options) -> Iterator[Problem]:
    """What a secondary says although it has it from the datastore."""
    for option in INHERITED if typed["member_of"] is not None else ():
        if typed[option] is not None:
            yield Problem(
                where=where.node.path,
                option=option,
                got=shown(typed[option]),
                allowed="left out with 'member_of'",
                why=facts.INHERITED.says,
                source=facts.INHERITED.source,
            )
