"""What the options of a MemoryDB cluster must be."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from constructs import Construct

from cdk_standby_review.facts import Fact
from cdk_standby_review.facts import memorydb as facts

from .._checks import Options, Problem, Rule, one_of, shown, within
from .._durations import days, lasting
from .._tokens import is_token
from .._windows import daily, overlap, weekly
from ..relational._rules import of_the_region
from ._cache_users import CacheUser

_TOPICS = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html"
INHERITED = ("engine", "version", "node_type", "shards", "parameters", "plaintext_because")
"""What a member must not say."""


def rule(option: str, broken: Callable[[Options], bool], allowed: str, fact: Fact[Any], *reads: str) -> Rule:
    """A rule whose reason is a fact."""
    return Rule(option=option, broken=broken, allowed=allowed, why=fact.says, source=fact.source, reads=reads)


def is_node_type(node_type: str) -> bool:
    """Whether it is one that MemoryDB has."""
    prefix, _, rest = node_type.partition(".")
    family, _, size = rest.partition(".")
    return prefix == "db" and size in facts.NODE_TYPES.value.get(family, ())


def _family(node_type: str) -> str:
    return node_type.split(".")[1] if node_type.count(".") == 2 else ""


def _written(fact: Fact[str], text: str) -> bool:
    return is_token(text) or re.fullmatch(fact.value, text) is not None


def _versions(options: Options) -> tuple[str, ...]:
    return facts.VERSIONS.value.get(options["engine"], ())


_NODES = (
    one_of("engine", tuple(facts.VERSIONS.value), why=facts.VERSIONS.says, source=facts.VERSIONS.source),
    Rule(
        option="version",
        reads=("engine",),
        broken=lambda o: o["version"] not in _versions(o),
        allowed=lambda o: ", ".join(map(shown, _versions(o))) or "that of an engine that there is",
        why=facts.VERSIONS.says,
        source=facts.VERSIONS.source,
    ),
    rule("node_type", lambda o: not is_node_type(o["node_type"]), "a type such as 'db.r7g.large'", facts.NODE_TYPES),
    rule(
        "data_tiering",
        lambda o: o["data_tiering"] != (_family(o["node_type"]) == facts.TIERED.value),
        "True with a node of the family r6gd, and False with any other",
        facts.TIERED,
        "node_type",
    ),
    within("shards", facts.SHARDS),
    within("replicas", facts.REPLICAS),
    rule(
        "shards",
        lambda o: o["shards"] in facts.SHARDS.value and o["shards"] * (max(o["replicas"], 0) + 1) > facts.NODES.value,
        "as many that all nodes together are 500 or fewer",
        facts.NODES,
        "replicas",
    ),
    rule(
        "replicas",
        lambda o: (o["replicas"] == 0) != (o["no_replicas_because"] is not None),
        "1 to 5, or 0 together with 'no_replicas_because'",
        facts.MULTI_AZ,
        "no_replicas_because",
    ),
)


def _bad_restore(options: Options) -> bool:
    given = options["restore"]
    if given is None:
        return False
    if isinstance(given, str):
        return not _written(facts.RESTORES, given) or given.startswith("arn:")
    return not given or not all(each.startswith("arn:") and _written(facts.RESTORES, each) for each in given)


_PLACE = (
    rule(
        "vpc",
        lambda o: o["number_of_zones"] < facts.ZONES.value.low,
        "subnets in two Availability Zones or more",
        facts.ZONES,
    ),
    of_the_region("vpc", "nodes live in the Region of their cluster", facts.ZONES.source),
    of_the_region("key", facts.KEYS.says, facts.KEYS.source),
    of_the_region("alarms", "alarms tell topics of their own Region only", _TOPICS),
    of_the_region("events", facts.TOPICS.says, facts.TOPICS.source),
    rule("events", lambda o: o["bad_events"], "a standard topic that is not encrypted", facts.TOPICS),
    rule(
        "name",
        lambda o: o["name"] is not None and not _written(facts.NAMES, o["name"]),
        "a name such as 'orders'",
        facts.NAMES,
    ),
    within("port", facts.PORTS),
    rule("restore", _bad_restore, "the name of a snapshot, or ARNs of files in S3", facts.RESTORES),
)


def _bad_snapshot_window(options: Options) -> bool:
    every_day, every_week = daily(options["snapshot_window"]), weekly(options["maintenance_window"])
    if every_day is None or len(every_day) < facts.SNAPSHOT_WINDOW.value:
        return True
    return every_week is not None and overlap(every_day, every_week)


def _bad_maintenance(options: Options) -> bool:
    every_week = weekly(options["maintenance_window"])
    return every_week is None or len(every_week) < facts.MAINTENANCE_WINDOW.value


def _broken_days(options: Options) -> bool:
    kept = days(options["snapshot_retention"])
    return kept is not None and kept in facts.SNAPSHOTS.value and not float(kept).is_integer()


_SNAPSHOTS = (
    lasting("snapshot_retention", facts.SNAPSHOTS, days),
    rule("snapshot_retention", _broken_days, "whole days", facts.SNAPSHOTS),
    rule(
        "snapshot_retention",
        lambda o: o["snapshot_retention"] is not None and o["no_snapshots_because"] is not None,
        "left out with 'no_snapshots_because'",
        facts.SNAPSHOTS,
    ),
    Rule(
        option="snapshot_window",
        reads=("maintenance_window",),
        broken=_bad_snapshot_window,
        allowed=lambda o: f"'hh:mm-hh:mm' in UTC, 60 minutes or more, apart from '{o['maintenance_window']}'",
        why=facts.SNAPSHOT_WINDOW.says,
        source=facts.SNAPSHOT_WINDOW.source,
    ),
    rule(
        "maintenance_window",
        _bad_maintenance,
        "'ddd:hh:mm-ddd:hh:mm' in UTC, 60 minutes or more, such as 'sun:03:00-sun:04:00'",
        facts.MAINTENANCE_WINDOW,
    ),
)


def _bad_users(options: Options) -> bool:
    users: Sequence[CacheUser] = options["users"] or ()
    names = [user.name for user in users]
    if names == [options["name"]] and not re.fullmatch(facts.NAMES.value, names[0]):
        return False  # the user who is named as the cluster: another rule speaks of the name
    known = all(re.fullmatch(facts.USERS.value, name) and name != "default" for name in names)  # a token is no name yet
    return not known or len(set(names)) < len(names)


_USERS = (
    rule("users", _bad_users, "each name once, such as 'orders-service'", facts.USERS),
    rule(
        "users",
        lambda o: any(not _written(facts.ACCESS, user.access) for user in o["users"] or ()),
        "access strings such as 'on ~orders:* &* +@all -@dangerous'",
        facts.ACCESS,
    ),
    rule(
        "users",
        lambda o: any(user.iam for user in o["users"] or ()) and o["version"] == "6.2",
        "users with passwords, in version 6.2",
        facts.IAM,
        "version",
    ),
    rule(
        "users",
        lambda o: bool(o["users"]) == (o["plaintext_because"] is not None),
        "one or more, and none with 'plaintext_because'",
        facts.OPEN,
    ),
)


def _elsewhere(options: Options) -> bool:
    """A reference into a stack of another Region: that stack would have to be deployed first, for ever."""
    member = options["member_of"]
    return member is not None and is_token(member.name) and member.region not in (None, options["region"])


_MEMBER = (
    rule(
        "member_of",
        lambda o: o["member_of"] is not None and not _written(facts.MULTI_REGION_NAME, o["member_of"].name),
        "the name of a multi-Region cluster as MemoryDB made it, such as 'virxk-shop'",
        facts.MULTI_REGION_NAME,
    ),
    rule(
        "member_of",
        _elsewhere,
        "`member`, with the name from a committed file: `home` is for the Region of the multi-Region cluster",
        facts.MULTI_REGION_NAME,
    ),
    rule(
        "data_tiering",
        lambda o: o["member_of"] is not None and o["data_tiering"],
        "False with 'member_of'",
        facts.INHERITED,
    ),
)
RULES = (*_NODES, *_PLACE, *_SNAPSHOTS, *_USERS, *_MEMBER)


def own_of_a_member(where: Construct, typed: Options) -> Iterator[Problem]:
    """What a member says although it has it from the multi-Region cluster."""
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
