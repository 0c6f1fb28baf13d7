"""How targets are asked whether they serve, and what happens when too few do: the same for all balancers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from aws_cdk import Duration

from cdk_standby_review.facts import Fact, Range
from cdk_standby_review.facts import elb as facts

from .._checks import Options, Problem, Rule, within
from .._tokens import is_token


def whole_seconds(option: str, limit: Fact[Range]) -> Rule:
    """The option is a duration of whole seconds inside a documented range, known at synth, or is left out."""

    def broken(options: Options) -> bool:
        seconds = seconds_of(options[option])
        return seconds is not None and not (seconds in limit.value and float(seconds).is_integer())

    allowed = f"{limit.value} seconds, known at synth"
    return Rule(option=option, broken=broken, allowed=allowed, why=limit.says, source=limit.source)


def seconds_of(span: Duration | None) -> float | None:
    """Seconds, in fractions too; None when it is left out, and -1 for what only a deployment knows."""
    if span is None:
        return None
    return -1 if span.is_unresolved() else span.to_seconds(integral=False)


def _interval_too_short(options: Options) -> bool:
    interval, timeout = seconds_of(options["health_interval"]), seconds_of(options["health_timeout"])
    return interval is not None and timeout is not None and 0 <= interval <= timeout


def _count(option: str) -> Rule:
    return Rule(
        option=option,
        broken=lambda o: o[option] < facts.HEALTHY_COUNT.value,
        allowed="1 or more",
        why=facts.HEALTHY_COUNT.says,
        source=facts.HEALTHY_COUNT.source,
    )


def _fails_open_first(kind: str) -> Rule:
    def broken(options: Options) -> bool:
        first, second = options[f"fail_open_{kind}"], options[f"dns_failover_{kind}"]
        return (first or 0) > (second or 0)

    return Rule(
        option=f"fail_open_{kind}",
        reads=[f"dns_failover_{kind}"],
        broken=broken,
        allowed=f"at most 'dns_failover_{kind}'",
        why="traffic has to leave by DNS before, or when, the balancer starts to use unhealthy targets",
        source=facts.HEALTHY_PERCENT.source,
    )


CHECKS = [
    whole_seconds("health_interval", facts.HEALTH_INTERVAL),
    whole_seconds("health_timeout", facts.HEALTH_TIMEOUT),
    Rule(
        option="health_timeout",
        reads=["health_interval"],
        broken=_interval_too_short,
        allowed="less than 'health_interval'",
        why=facts.HEALTH_OVERLAP.says,
        source=facts.HEALTH_INTERVAL.source,
    ),
    within("healthy_after", facts.HEALTH_THRESHOLD),
    within("unhealthy_after", facts.HEALTH_THRESHOLD),
]
"""How often, how long, how many times."""

PATH = [
    Rule(
        option="health_path",
        broken=lambda o: o["health_path"] is not None and not o["health_path"].startswith("/"),
        allowed="a path that begins with '/'",
        why="the load balancer asks for it by HTTP",
        source=facts.HEALTH_PATH_LENGTH.source,
    ),
    Rule(
        option="health_path",
        broken=lambda o: o["health_path"] is not None and len(o["health_path"]) not in facts.HEALTH_PATH_LENGTH.value,
        allowed=f"{facts.HEALTH_PATH_LENGTH.value} characters",
        why=facts.HEALTH_PATH_LENGTH.says,
        source=facts.HEALTH_PATH_LENGTH.source,
    ),
]

THRESHOLDS = [
    _count("dns_failover_count"),
    _count("fail_open_count"),
    within("dns_failover_percent", facts.HEALTHY_PERCENT),
    within("fail_open_percent", facts.HEALTHY_PERCENT),
    _fails_open_first("count"),
    _fails_open_first("percent"),
]
"""When a zone leaves DNS, and when a balancer uses unhealthy targets for want of healthy ones."""

NEEDED = Rule(
    option="needed",
    broken=lambda o: o["needed"] is not None and o["needed"] < 0,
    allowed="0 (nothing runs: a pilot light) or more",
    why="it is the number of targets that carries the load when a zone is lost",
)


def thresholds(options: Mapping[str, Any]) -> dict[str, str]:
    """The attributes of `THRESHOLDS`, all written, so that a reader sees when traffic leaves and when it fails open."""
    names = {"dns_failover": "dns_failover", "fail_open": "unhealthy_state_routing"}
    return {
        f"target_group_health.{attribute}.minimum_healthy_targets.{long}": _written(options[f"{option}_{short}"])
        for option, attribute in names.items()
        for short, long in (("count", "count"), ("percent", "percentage"))
    }


def _written(value: float | None) -> str:
    return "off" if value is None else f"{value:.0f}"


def unknown_values(where: str, options: Mapping[str, Any]) -> Iterator[Problem]:
    """What only a deployment knows, of that which ids, attributes and arithmetic are made of."""
    for option, value in options.items():
        chosen = option in _CHOICES if isinstance(value, str) else isinstance(value, int | float)
        if chosen and is_token(value):
            why = "ids, attributes and the arithmetic of zones are made of it"
            yield Problem(where=where, option=option, got="a token", allowed="a value known at synth", why=why)


_CHOICES = {"algorithm", "desync_mode", "health_protocol", "kind", "protocol"}
