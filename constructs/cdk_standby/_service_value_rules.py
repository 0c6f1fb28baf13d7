"""What each of the shared values of `Service`, `Fleet` and `ZonalFleets` may be."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from typing import Any

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2

from cdk_standby_review.facts import Fact, Range
from cdk_standby_review.facts import autoscaling as groups
from cdk_standby_review.facts import autoscaling_options as facts

from ._checks import Options, Rule, one_of, within

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,63}")


def seconds(option: str, limit: Fact[Range]) -> Rule:
    """The option is a Duration of whole seconds inside a range, or is left out."""

    def outside(o: Options) -> bool:
        span = length(o.get(option))
        return span is not None and span not in limit.value

    return Rule(option=option, broken=outside, allowed=f"{limit.value} seconds", why=limit.says, source=limit.source)


def length(span: Duration | None) -> float | None:
    """Whole seconds; no number for what has none, and None for what is not given or known at deployment only."""
    if span is None:
        return None
    if span.is_unresolved():
        return None if span.unit_label() == "seconds" else math.nan
    found = span.to_seconds(integral=False)
    return found if found == int(found) else math.nan


def by_fact(
    option: str,
    broken: Callable[[Options], bool],
    allowed: str | Callable[[Options], str],
    fact: Fact[Any],
    *reads: str,
) -> Rule:
    """A rule that speaks by a fact."""
    return Rule(option=option, broken=broken, allowed=allowed, why=fact.says, source=fact.source, reads=reads)


def choice(option: str, fact: Fact[Any]) -> Rule:
    return one_of(option, fact.value, why=fact.says, source=fact.source)


def _below(o: Options, base: int) -> bool:
    return base < o["running"] and o["spot_only_because"] is None


def _ascending(percents: Sequence[int]) -> bool:
    return [*percents] == sorted(set(percents)) and percents[0] >= 1 and percents[-1] == 100


UNNAMED = Rule(
    option="name",
    broken=lambda o: not _NAME.fullmatch(o["name"]),
    allowed="up to 64 letters, digits and hyphens, a letter first",
    why="it is part of a logical id",
)
WARM_POOL = (
    choice("state", facts.WARM_POOL_STATES),
    Rule(option="minimum", broken=lambda o: o["minimum"] < 0, allowed="0 or more", why="it is a number of instances"),
    by_fact(
        "prepared",
        lambda o: o["prepared"] is not None and o["prepared"] < o["running"] + max(o["minimum"], 0),
        lambda o: f"{o['running'] + max(o['minimum'], 0)} or more",
        facts.WARM_POOL_PREPARED,
        "minimum",
    ),
)
HOOK = (
    by_fact(
        "name",
        lambda o: not re.fullmatch(facts.HOOK_NAME.value, o["name"]),
        "up to 255 letters, digits, hyphens, underscores and slashes",
        facts.HOOK_NAME,
    ),
    one_of(
        "at", ("launching", "terminating"), why="an instance pauses at these moments", source=facts.HEARTBEAT.source
    ),
    one_of(
        "otherwise",
        ("CONTINUE", "ABANDON"),
        why="somebody has to decide what silence means",
        source=facts.HEARTBEAT.source,
    ),
    seconds("heartbeat", facts.HEARTBEAT),
    by_fact(
        "metadata",
        lambda o: o["metadata"] is not None and not 0 < len(o["metadata"]) <= facts.HOOK_METADATA.value,
        f"1 to {facts.HOOK_METADATA.value} characters",
        facts.HOOK_METADATA,
    ),
    Rule(
        option="metadata",
        broken=lambda o: o["metadata"] is not None and o["tells"] is None,
        allowed="together with 'tells'",
        why="it is sent with the messages to a queue or topic",
        source=facts.HEARTBEAT.source,
    ),
)
METRIC = (
    UNNAMED,
    Rule(
        option="metric",
        broken=lambda o: not isinstance(o["metric"], cloudwatch.Metric),
        allowed="a Metric of CloudWatch",
        why="target tracking follows one metric as it is",
        source=groups.CPU_TARGET.source,
    ),
    Rule(
        option="target",
        broken=lambda o: o["target"] <= 0,
        allowed="more than 0",
        why="capacity is set in proportion to it",
        source=groups.CPU_TARGET.source,
    ),
)
PREDICTIVE = (
    choice("metric", facts.TRACKED),
    Rule(
        option="metric",
        broken=lambda o: o["metric"] == "requests" and not o["balanced"],
        allowed="cpu, network-in or network-out without a load balancer",
        why="a balancer counts requests",
        source=facts.TRACKED.source,
    ),
    Rule(
        option="target",
        reads=("metric",),
        broken=lambda o: o["target"] <= 0 or (o["metric"] == "cpu" and o["target"] > 100),
        allowed=lambda o: "1 to 100" if o["metric"] == "cpu" else "more than 0",
        why="capacity is forecast in proportion to it",
        source=facts.TRACKED.source,
    ),
    seconds("ahead", facts.PREDICTIVE_BUFFER),
    within("beyond_maximum_percent", facts.CAPACITY_BUFFER),
)
SPOT = (
    choice("strategy", facts.SPOT_STRATEGIES),
    within("on_demand_percent", facts.SPOT_SHARE),
    Rule(
        option="base",
        broken=lambda o: o["base"] is not None and o["base"] < 0,
        allowed="0 or more",
        why="it is a number of instances",
        source=facts.SPOT_SHARE.source,
    ),
    Rule(
        option="base",
        broken=lambda o: o["base"] is not None and o["base"] >= 0 and _below(o, o["base"]),
        allowed=lambda o: f"{o['running']} or more, or less with 'spot_only_because'",
        why="when a zone is lost, everybody asks for its capacity elsewhere and Spot is reclaimed: On-Demand Instances "
        "have to be enough",
        source=facts.SPOT_POOLS.source,
    ),
)
REFRESH = (
    one_of(
        "strategy",
        ("Rolling", "ReplaceRootVolume"),
        why="a deployment knows these two",
        source=facts.MIN_HEALTHY.source,
    ),
    within("min_healthy", facts.MIN_HEALTHY),
    within("max_healthy", facts.MAX_HEALTHY),
    by_fact(
        "max_healthy",
        lambda o: o["max_healthy"] - o["min_healthy"] > facts.HEALTHY_SPAN.value,
        lambda o: f"{max(100, o['min_healthy'] + 100):g} or less",
        facts.HEALTHY_SPAN,
        "min_healthy",
    ),
    by_fact(
        "min_healthy",
        lambda o: o["strategy"] == "ReplaceRootVolume" and (o["min_healthy"] >= 100 or o["max_healthy"] != 100),
        "less than 100, and 'max_healthy' 100, with ReplaceRootVolume",
        facts.ROOT_VOLUME,
        "strategy",
        "max_healthy",
    ),
    by_fact(
        "checkpoints",
        lambda o: bool(o["checkpoints"]) and not _ascending(o["checkpoints"]),
        "percents that ascend and end with 100",
        facts.CHECKPOINTS,
    ),
    by_fact(
        "checkpoint_delay",
        lambda o: o["checkpoint_delay"] is not None and not o["checkpoints"],
        "left out without 'checkpoints'",
        facts.CHECKPOINTS,
        "checkpoints",
    ),
    seconds("checkpoint_delay", facts.REFRESH_WAIT),
    seconds("bake_time", facts.REFRESH_WAIT),
    by_fact(
        "alarms",
        lambda o: len(o["alarms"]) > facts.REFRESH_ALARMS.value,
        f"{facts.REFRESH_ALARMS.value} or fewer",
        facts.REFRESH_ALARMS,
    ),
    by_fact(
        "alarms",
        lambda o: bool(o["alarms"]) and isinstance(o["image"], ec2.ResolveSsmParameterAtLaunchImage),
        "left out, or an 'image' that is known when the stack is deployed",
        facts.REFRESH_IMAGE,
    ),
)
RESERVED = (
    choice("preference", facts.RESERVATIONS),
    Rule(
        option="preference",
        reads=("ids", "groups"),
        broken=lambda o: bool(o["ids"] or o["groups"]) and o["preference"] in ("none", "default"),
        allowed="capacity-reservations-first or capacity-reservations-only",
        why="reservations are named to be used",
        source=facts.RESERVATIONS.source,
    ),
)
