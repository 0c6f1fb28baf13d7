"""What the options of a failover of addresses may be."""

from __future__ import annotations

from aws_cdk import Duration, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from constructs import Construct

from cdk_standby_review.facts import Range
from cdk_standby_review.facts import ec2_addresses as facts

from .._checks import Options, Problem, Rule, shown, within
from .._tokens import is_token
from ..alarm_topic import AlarmTopic
from ._elastic_ip_alarms import detection
from ._elastic_ip_sides import InstancePair, zone_of
from ._hot_spare_rules import minutes, seconds, unknown_numbers, whole
from .elastic_ip_recovery import not_recovered
from .hot_spare import HotSpare

_LONGEST_ALARM = 86_400


def _minutely(option: str, most: int) -> Rule:
    def broken(options: Options) -> bool:
        span = options[option]
        return span.is_unresolved() or seconds(span) % 60 != 0 or not 1 <= minutes(span) <= most

    return Rule(
        option=option,
        broken=broken,
        allowed=f"whole minutes, 1 to {most}, that are known at synth",
        why=facts.PERIOD.says,
        source=facts.PERIOD.source,
    )


def _is_plain(options: Options) -> bool:
    span = options["period"]
    return not span.is_unresolved() and not is_token(options["evaluations"]) and options["evaluations"] > 0


def _too_slow(options: Options) -> bool:
    asked: Duration | None = options["detect_within"]
    if asked is None or asked.is_unresolved() or not _is_plain(options):
        return False
    return detection(options["period"], options["evaluations"]).high > seconds(asked)


def _detected(options: Options) -> str:
    found = detection(options["period"], options["evaluations"]) if _is_plain(options) else Range(0, 0)
    return (
        f"{found.high:g} seconds or more with {options['evaluations']} evaluations of {shown(options['period'])}, "
        f"which detect within {found} seconds"
    )


RULES = [
    within("addresses", facts.ADDRESSES),
    _minutely("period", 60),
    _minutely("look_every", 5),
    within("evaluations", facts.EVALUATIONS),
    Rule(
        option="evaluations",
        broken=lambda o: _is_plain(o) and seconds(o["period"]) * o["evaluations"] > _LONGEST_ALARM,
        allowed="a day at most, as evaluations times the period",
        why=facts.EVALUATIONS.says,
        source=facts.EVALUATIONS.source,
    ),
    Rule(
        option="detect_within",
        broken=_too_slow,
        allowed=_detected,
        why="a server has failed once its alarm has seen all evaluations, each a whole period",
        source=facts.PERIOD.source,
        reads=["evaluations"],
    ),
    whole("cool_down", facts.COOL_DOWN, minutes),
    Rule(
        option="fail_back",
        broken=lambda o: bool(o["fail_back"]) and o["paused_because"] is not None,
        allowed="left out while 'paused_because' is given",
        why="nothing moves by itself then",
    ),
]


def problems_of(where: Construct, options: Options) -> list[Problem]:
    """What is wrong with the servers, and with the stack as far as it was built."""
    between: HotSpare | InstancePair = options["between"]
    found = unknown_numbers(where, options, "addresses", "evaluations")
    found += _too_many(where, options["addresses"], options["quota"])
    found += _elsewhere(where, options["key"], options["alarms"])
    if isinstance(between, InstancePair):
        found += _same_zone(where, between)
    else:
        found += _too_few_private(where, between, options["addresses"])
    if options["recover"]:
        found += not_recovered(where, between)
    return found


def _too_many(where: Construct, addresses: int, quota: int) -> list[Problem]:
    """Those of the stack so far, NAT gateways' included; of what is added later CloudFormation tells."""
    if is_token(addresses) or is_token(quota):
        return []
    there = sum(isinstance(one, ec2.CfnEIP) for one in Stack.of(where).node.find_all())
    if there + addresses <= quota:
        return []
    return [
        Problem(
            where=where.node.path,
            option="addresses",
            got=f"{addresses}, and the stack has {there} already",
            allowed=f"{quota} in the stack, or a larger 'quota' once AWS raised it",
            why=facts.QUOTA.says,
            source=facts.QUOTA.source,
        )
    ]


def _too_few_private(where: Construct, spare: HotSpare, addresses: int) -> list[Problem]:
    if is_token(addresses) or addresses <= spare.private_addresses:
        return []
    return [
        Problem(
            where=where.node.path,
            option="addresses",
            got=shown(addresses),
            allowed=f"{spare.private_addresses}, or more with 'addresses' of {spare.node.path}",
            why=facts.ADDRESSES.says,
            source=facts.ADDRESSES.source,
        )
    ]


def _elsewhere(where: Construct, key: kms.IKey, alarms: AlarmTopic | None) -> list[Problem]:
    here = Stack.of(where).region
    regions = {"key": key.env.region, "alarms": Stack.of(alarms).region if alarms else here}
    return [
        Problem(
            where=where.node.path,
            option=option,
            got=f"in {region}",
            allowed=f"in {here}",
            why="what serves addresses of a Region is in that Region",
        )
        for option, region in regions.items()
        if region != here and not is_token(region) and not is_token(here)
    ]


def _same_zone(where: Construct, pair: InstancePair) -> list[Problem]:
    zones = [zone_of(pair.active), zone_of(pair.spare)]
    if None in zones or is_token([zone or "" for zone in zones]) or zones[0] != zones[1]:
        return []
    return [
        Problem(
            where=where.node.path,
            option="between",
            got=f"two instances in {zones[0]}",
            allowed="an active instance and a spare in another zone",
            why="a spare in the zone of the active server is lost with it",
            source="https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/availability-zones.html",
        )
    ]
