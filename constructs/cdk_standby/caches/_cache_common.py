"""What options must be that several caches take."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from constructs import Construct

from cdk_standby_review.facts import Fact
from cdk_standby_review.facts import elasticache as facts

from .._checks import Options, Problem, Rule
from .._durations import days, lasting
from .._tokens import is_token
from .._windows import daily, overlap, weekly
from ..relational._rules import of_the_region
from ._cache_users import CacheUser

_TOPICS = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html"


def rule(option: str, broken: Callable[[Options], bool], allowed: str, fact: Fact[Any], *reads: str) -> Rule:
    """A rule whose reason is a fact."""
    return Rule(option=option, broken=broken, allowed=allowed, why=fact.says, source=fact.source, reads=reads)


def written(fact: Fact[str], text: str) -> bool:
    """Whether a text is written as a fact's pattern says."""
    return re.fullmatch(fact.value, text) is not None


def family_of(node_type: str) -> str:
    """The family of a node type: r7g of cache.r7g.large."""
    return node_type.split(".")[1] if node_type.count(".") == 2 else ""


def size_of(node_type: str) -> str:
    """The size of a node type: large of cache.r7g.large."""
    return node_type.rpartition(".")[2]


def is_node_type(node_type: str) -> bool:
    """Whether it is of a current family; not every size exists in each."""
    families = [family for kind in facts.NODE_TYPES.value.values() for family in kind]
    prefix = node_type.partition(".")[0]
    return prefix == "cache" and family_of(node_type) in families and size_of(node_type) in facts.SIZES.value


def at_least(version: str, least: str) -> bool:
    """Whether a version is as new as another."""
    return _number(version) >= _number(least)


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))


def neighbours(what: str) -> tuple[Rule, ...]:
    """Network, topics and key are those of the cache's Region; `what` lives in the network."""
    return (
        Rule(
            option="vpc",
            broken=lambda o: o["number_of_zones"] < facts.ZONES.value,
            allowed="subnets in two Availability Zones or more",
            why=facts.ZONES.says,
            source=facts.ZONES.source,
        ),
        of_the_region("vpc", f"{what} live in the Region of their cache", facts.ZONES.source),
        of_the_region("alarms", "alarms tell topics of their own Region only", _TOPICS),
    )


TELLS = (
    of_the_region("events", facts.TOPICS.says, facts.TOPICS.source),
    rule("events", lambda o: o["bad_events"] is not None, "a standard topic that is not encrypted", facts.TOPICS),
)
"""`events` is a topic that ElastiCache can tell."""
KEY = of_the_region("key", facts.KEYS.says, facts.KEYS.source)


def retention(none: str) -> tuple[Rule, ...]:
    """`snapshot_retention` is in whole days, as many as ElastiCache keeps; `none` is the option that gives it up."""
    limit = facts.SNAPSHOTS

    def bad_days(options: Options) -> bool:
        kept = days(options["snapshot_retention"])
        return kept is not None and kept in limit.value and not float(kept).is_integer()

    def both(options: Options) -> bool:
        return options["snapshot_retention"] is not None and options[none] is not None

    return (
        lasting("snapshot_retention", limit, days),
        rule("snapshot_retention", bad_days, "whole days", limit),
        rule("snapshot_retention", both, f"left out with '{none}'", limit),
    )


def _bad_snapshots(options: Options) -> bool:
    every_day, every_week = daily(options["snapshot_window"]), weekly(options["maintenance_window"])
    if every_day is None or len(every_day) < facts.SNAPSHOT_WINDOW.value:
        return True
    return every_week is not None and overlap(every_day, every_week)


SNAPSHOT_WINDOW = Rule(
    option="snapshot_window",
    reads=("maintenance_window",),
    broken=_bad_snapshots,
    allowed=lambda o: f"'hh:mm-hh:mm' in UTC, 60 minutes or more, apart from '{o['maintenance_window']}'",
    why=facts.SNAPSHOT_WINDOW.says,
    source=facts.SNAPSHOT_WINDOW.source,
)
"""Snapshots and maintenance share no minute."""


def _bad_maintenance(options: Options) -> bool:
    every_week = weekly(options["maintenance_window"])
    return every_week is None or len(every_week) < facts.MAINTENANCE_WINDOW.value


MAINTENANCE = rule(
    "maintenance_window",
    _bad_maintenance,
    "'ddd:hh:mm-ddd:hh:mm' in UTC, 60 minutes or more, such as 'sun:03:00-sun:04:00'",
    facts.MAINTENANCE_WINDOW,
)


def _bad_users(options: Options) -> bool:
    names = [user.name for user in options["users"] or ()]
    bad = [n for n in names if not is_token(n) and re.fullmatch(facts.USERS.value, n) is None]
    return bool(bad) or "default" in names or len(set(names)) < len(names) or any(map(is_token, names))


def _bad_access(options: Options) -> bool:
    strings = [user.access for user in options["users"] or ()]
    return any(re.fullmatch(facts.ACCESS.value, s) is None or ">" in s for s in strings if not is_token(s))


def _by_iam(users: Sequence[CacheUser] | None) -> bool:
    return any(user.iam for user in users or ())


def users() -> tuple[Rule, ...]:
    """`users` are known by names that are theirs alone, and by IAM where the engine can ask it."""

    def too_old(options: Options) -> bool:
        least = facts.IAM.value.get(options["engine"])
        known = least is not None and options["version"] is not None
        return known and _by_iam(options["users"]) and not at_least(options["version"], str(least))

    return (
        rule(
            "users", _bad_users, "names of their own in small letters, digits and hyphens, not 'default'", facts.USERS
        ),
        rule("users", _bad_access, "access strings such as 'on ~* +@read'", facts.ACCESS),
        rule("users", too_old, "users with a password", facts.IAM, "engine", "version"),
    )


def in_days(where: Construct, options: Options) -> Iterator[Problem]:
    """A retention that only the deployment knows has to come in days: nobody can convert it."""
    kept = options["snapshot_retention"]
    if kept is not None and kept.is_unresolved() and kept.unit_label() != "days":
        yield Problem(
            where=where.node.path,
            option="snapshot_retention",
            got="a token",
            allowed="a value known at synth, or a token in days",
            why="what only the deployment knows cannot be converted",
        )
