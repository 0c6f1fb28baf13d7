"""What the options of a hot spare may be."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from aws_cdk import Duration
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from cdk_standby_review.facts import Fact, Range, autoscaling
from cdk_standby_review.facts import ec2_addresses as facts

from .._checks import InvalidOptions, Options, Problem, Rule, one_of, shown, within
from .._tokens import is_token

_GROUPS = "https://docs.aws.amazon.com/autoscaling/ec2/userguide/auto-scaling-benefits.html"
_FIELDS = ("availability_zones", "one_per_az", "subnet_filters", "subnet_group_name", "subnets", "subnet_type")


def _after(start: Fact[Range], says: str) -> Fact[Range]:
    """A start, and the checks that have to be passed before anybody is led there."""
    value = start.value + facts.CHECKED.value
    return Fact(
        value=value, unit="seconds", says=says, source=start.source, date=start.date, confidence=start.confidence
    )


WAYS: dict[str, Fact[Range]] = {
    "running": Fact(value=Range(0, 0), unit="seconds", says="it runs", source=_GROUPS, date=facts.MOVE.date),
    "stopped": _after(facts.FROM_STOPPED, "it boots from its disk"),
    "launched": _after(autoscaling.BOOT, "it is launched from its image"),
}
"""The kinds of spares, and the seconds until one can serve."""


def zones_of(scope: Construct, vpc: ec2.IVpc, subnets: ec2.SubnetSelection) -> tuple[str, ...]:
    """The zones of the chosen subnets, by name where the names are known.

    Raises:
        InvalidOptions: the network has no such subnets.
    """
    try:
        found = tuple(dict.fromkeys(vpc.select_subnets(**_selection(subnets)).availability_zones))
    except RuntimeError as unknown:
        raise InvalidOptions([_no_subnets(scope)]) from unknown
    return found if any(map(is_token, found)) else tuple(sorted(found))


def in_zones(vpc: ec2.IVpc, subnets: ec2.SubnetSelection, zone: str) -> ec2.SubnetSelection:
    """Those of the chosen subnets that are in one zone, the first of them."""
    found = vpc.select_subnets(**_selection(subnets)).subnets
    return ec2.SubnetSelection(subnets=[next(one for one in found if one.availability_zone == zone)])


def seconds(duration: Duration) -> float:
    """A duration as a number, in fractions too."""
    return duration.to_seconds(integral=False)


def minutes(duration: Duration) -> float:
    """A duration as a number, in fractions too."""
    return duration.to_minutes(integral=False)


def whole(option: str, limit: Fact[Range], unit: Callable[[Duration], float]) -> Rule:
    """The option is a duration of whole seconds inside a range, or is left out; what only a deployment knows is not."""

    def broken(options: Options) -> bool:
        span: Duration | None = options[option]
        if span is None:
            return False
        return span.is_unresolved() or seconds(span) % 1 != 0 or unit(span) not in limit.value

    return Rule(
        option=option,
        broken=broken,
        allowed=f"{limit.value.low:g} to {limit.value.high:g} {limit.unit}, in whole seconds that are known at synth",
        why=limit.says,
        source=limit.source,
    )


def unknown_numbers(where: Construct, options: Options, *names: str) -> list[Problem]:
    """The options among these that are tokens: resources are counted by them, or durations made of them."""
    return [
        Problem(
            where=where.node.path,
            option=name,
            got="a number that only the deployment knows",
            allowed="a number that is known at synth",
            why="what is built depends on it",
        )
        for name in names
        if is_token(options[name])
    ]


def _selection(subnets: ec2.SubnetSelection) -> dict[str, Any]:
    return {field: value for field in _FIELDS if (value := getattr(subnets, field)) is not None}


def _no_subnets(scope: Construct) -> Problem:
    return Problem(
        where=scope.node.path,
        option="vpc",
        got="a VPC without subnets of that kind",
        allowed="public subnets in two Availability Zones or more, or 'subnets' that exist",
        why="an Elastic IP address is reached through an internet gateway",
        source=facts.GATEWAY.source,
    )


def _known(options: Options) -> bool:
    return not any(map(is_token, (*options["zones"], *options["there"])))


RULES = [
    Rule(
        option="zones",
        broken=lambda o: len(o["zones"]) != 2 or o["zones"][0] == o["zones"][1],
        allowed=lambda o: f"two different zones of {shown(list(o['there']))}",
        why="a spare in the zone of the active server is lost with it",
        source=_GROUPS,
    ),
    Rule(
        option="zones",
        broken=lambda o: _known(o) and not set(o["zones"]) <= set(o["there"]),
        allowed=lambda o: f"zones of the chosen subnets, {shown(list(o['there']))}",
        why="an instance stands in a subnet of its zone",
        source=_GROUPS,
    ),
    one_of("spare", tuple(WAYS), why="these are the ways in which a spare can wait", source=facts.FROM_STOPPED.source),
    Rule(
        option="instance_type",
        broken=lambda o: not re.fullmatch(r"[a-z]+\d+[a-z-]*\.[a-z0-9-]+", o["instance_type"]),
        allowed="a type such as 'm7g.large'",
        why="its family and generation tell the processor that the image has to be for",
        source="https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html",
    ),
    within("volume_gib", autoscaling.VOLUME_SIZE),
    within("addresses", facts.ADDRESSES),
    whole("boot_time", autoscaling.GRACE, seconds),
]
