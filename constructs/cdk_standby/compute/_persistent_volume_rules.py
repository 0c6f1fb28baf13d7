"""What the options of a persistent volume must be."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from cdk_standby_review.facts import Fact
from cdk_standby_review.facts import autoscaling as scaling
from cdk_standby_review.facts import volumes as facts

from .._checks import Options, Rule, one_of, within
from .._durations import minutes
from .._tokens import is_token
from ..relational._rules import of_the_region

_REGIONS = "https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/regions.html"
_GP3 = "gp3"


def _rule(
    option: str,
    broken: Callable[[Options], bool],
    allowed: str | Callable[[Options], str],
    fact: Fact[Any],
    *reads: str,
) -> Rule:
    return Rule(option=option, broken=broken, allowed=allowed, why=fact.says, source=fact.source, reads=reads)


def _ranged(option: str, fact: Fact[Any]) -> Rule:
    """What a type of volume allows."""

    def broken(options: Options) -> bool:
        limit = fact.value.get(options["volume_type"])
        return limit is not None and options[option] is not None and options[option] not in limit

    return _rule(
        option, broken, lambda o: f"{fact.value[o['volume_type']]} for {o['volume_type']}", fact, "volume_type"
    )


def _elsewhere(options: Options) -> bool:
    return not is_token(options["region"]) and options["zone"][:-1] != options["region"]


def _bad_boot_time(options: Options) -> bool:
    known = minutes(options["boot_time"])
    return known is not None and known * 60 not in scaling.GRACE.value


def _bad_instance(options: Options) -> bool:
    found = re.fullmatch(r"([a-z][a-z0-9-]*)\.[a-z0-9-]+", options["instance_type"])
    return found is None or re.fullmatch(facts.XEN.value, found[1]) is not None


RULES = (
    _rule("instance_type", _bad_instance, "a type of the Nitro system, such as 'm7g.large'", facts.XEN),
    _rule("zone", _elsewhere, lambda o: f"one zone of {o['region']}, such as '{o['region']}a'", facts.SAME_ZONE),
    one_of("volume_type", tuple(facts.SIZES.value), why=facts.SIZES.says, source=facts.SIZES.source),
    _ranged("size_gib", facts.SIZES),
    _ranged("iops", facts.IOPS),
    _rule(
        "iops",
        lambda o: o["volume_type"] == "io2" and o["iops"] is None,
        "a number for io2",
        facts.IOPS,
        "volume_type",
    ),
    within("throughput", facts.THROUGHPUT),
    _rule(
        "throughput",
        lambda o: o["throughput"] is not None and o["volume_type"] != _GP3,
        "nothing but with gp3",
        facts.THROUGHPUT,
        "volume_type",
    ),
    _rule(
        "snapshot",
        lambda o: o["snapshot"] is not None and re.fullmatch(facts.SNAPSHOT_IDS.value, o["snapshot"]) is None,
        "an id such as 'snap-0123456789abcdef0'",
        facts.SNAPSHOT_IDS,
    ),
    Rule(
        option="mount",
        broken=lambda o: re.fullmatch(r"(/[A-Za-z0-9_.-]+)+", o["mount"]) is None,
        allowed="a path such as '/data'",
        why="the file system is mounted there",
    ),
    within("root_gib", scaling.VOLUME_SIZE),
    Rule(
        option="boot_time",
        broken=_bad_boot_time,
        allowed=f"{scaling.GRACE.value} seconds",
        why=scaling.GRACE.says,
        source=scaling.GRACE.source,
    ),
    Rule(
        option="copies",
        reads=("one_region_because", "no_snapshots_because"),
        broken=lambda o: (
            bool(o["copies"]) + (o["one_region_because"] is not None) + (o["no_snapshots_because"] is not None) != 1
        ),
        allowed="one copy in another Region or more, or one of 'one_region_because' and 'no_snapshots_because'",
        why="what is in one Region is lost with it",
        source=_REGIONS,
    ),
    of_the_region("vpc", "an instance lives in the Region of its volume", facts.SAME_ZONE.source),
    of_the_region("key", "a key encrypts in its own Region only", facts.UNCHANGEABLE.source),
    of_the_region("alarms", "alarms tell topics of their own Region only", _REGIONS),
)
