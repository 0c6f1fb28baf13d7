"""What the options of a DAX cluster must be."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from aws_cdk import Duration

from cdk_standby_review.facts import Fact
from cdk_standby_review.facts import dax as facts

from .._checks import Options, Rule, within
from .._windows import weekly
from ..relational._rules import of_the_region

_TOPICS = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html"


def _rule(option: str, broken: Callable[[Options], bool], allowed: str, fact: Fact[Any], *reads: str) -> Rule:
    return Rule(option=option, broken=broken, allowed=allowed, why=fact.says, source=fact.source, reads=reads)


def _too_few(options: Options) -> bool:
    few = options["nodes"] < facts.FAULT_TOLERANT.value
    return options["nodes"] in facts.NODES.value and few != (options["few_nodes_because"] is not None)


def _bad_node_type(options: Options) -> bool:
    prefix, _, rest = options["node_type"].partition(".")
    family, _, size = rest.partition(".")
    return prefix != "dax" or size not in facts.NODE_TYPES.value.get(family, ())


def _bad_name(options: Options) -> bool:
    name = options["name"]
    return name is not None and re.fullmatch(facts.NAMES.value, name.lower()) is None


def _bad_window(options: Options) -> bool:
    every_week = weekly(options["maintenance_window"])
    return every_week is None or len(every_week) < facts.MAINTENANCE_WINDOW.value


def _kept(option: str) -> Rule:
    """The option is a time to live; what is kept for ever is stale for ever."""

    def bad(options: Options) -> bool:
        ttl: Duration = options[option]
        return ttl.is_unresolved() or ttl.to_milliseconds(integral=False) < 1

    return _rule(option, bad, "a millisecond or longer, known at synth", facts.TTL)


RULES = (
    within("nodes", facts.NODES),
    _rule(
        "nodes",
        _too_few,
        "3 to 11, or 1 or 2 together with 'few_nodes_because'",
        facts.FAULT_TOLERANT,
        "few_nodes_because",
    ),
    _rule(
        "vpc", lambda o: o["zones"] < facts.ZONES.value.low, "subnets in two Availability Zones or more", facts.ZONES
    ),
    _rule("node_type", _bad_node_type, "a type such as 'dax.r7i.large'", facts.NODE_TYPES),
    _rule("name", _bad_name, "a name such as 'orders'", facts.NAMES),
    _rule(
        "maintenance_window",
        _bad_window,
        "'ddd:hh:mm-ddd:hh:mm' in UTC, 60 minutes or more, such as 'sun:03:00-sun:04:00'",
        facts.MAINTENANCE_WINDOW,
    ),
    _kept("item_ttl"),
    _kept("query_ttl"),
    of_the_region("vpc", "nodes live in the Region of their cluster", facts.ZONES.source),
    of_the_region("alarms", "alarms and DAX tell topics of their own Region only", _TOPICS),
)
