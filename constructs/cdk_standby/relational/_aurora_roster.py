"""Which instances a cluster has: of what class, and in which order they are promoted."""

from __future__ import annotations

from dataclasses import dataclass

from cdk_standby_review.facts import aurora as facts
from cdk_standby_review.facts import aurora_features as features

from .._checks import Options, Rule
from ._aurora_names import since

SERVERLESS = "db.serverless"


@dataclass(frozen=True, slots=True)
class Seat:
    """An instance by its number; any of them may be the writer tomorrow."""

    number: int
    instance_class: str
    tier: int


def roster(options: Options) -> tuple[Seat, ...]:
    """The instances that the options ask for."""
    if options["headless_because"]:
        return ()
    tiers = options["promotion_tiers"]
    return tuple(
        Seat(number, _class_of(options, number), tiers[number - 1] if tiers else min(number - 1, 1))
        for number in range(1, options["readers"] + 2)
    )


def _class_of(options: Options, number: int) -> str:
    """Serverless with `serverless`, all of them or those that `serverless_members` counts."""
    if options["serverless"] is None:
        return f"db.{options['instance']}"
    chosen = options["serverless_members"]
    return SERVERLESS if chosen is None or number in chosen else f"db.{options['instance']}"


def _numbers(options: Options) -> range:
    return range(1, options["readers"] + 2)


def _bad_members(options: Options) -> bool:
    chosen = options["serverless_members"]
    if chosen is None:
        return False
    counted = all(isinstance(number, int) and number in _numbers(options) for number in chosen)
    return options["serverless"] is None or not chosen or not counted or len(set(chosen)) < len(chosen)


def _bad_tiers(options: Options) -> bool:
    tiers = options["promotion_tiers"]
    if tiers is None:
        return False
    return len(tiers) != len(_numbers(options)) or not all(_is_tier(tier) for tier in tiers)


def _is_tier(tier: object) -> bool:
    return isinstance(tier, int) and not isinstance(tier, bool) and tier in features.TIERS.value


def _has_standby(options: Options) -> bool:
    """A reader that is promoted first and carries what the writer carries; true where there is no reader at all."""
    if options["readers"] not in facts.READERS.value or _bad_members(options) or _bad_tiers(options):
        return True  # other rules speak of it
    writer, *readers = roster({**options, "headless_because": None})
    first = [one for one in readers if one.tier in features.STANDBY_TIERS.value]
    return not readers or any(one.instance_class == writer.instance_class for one in first)


def _bad_pause(options: Options) -> bool:
    pause = options["pause_after"]
    if pause is None or pause.is_unresolved():
        return False
    seconds = pause.to_seconds(integral=False)
    pauses = options["serverless"] is not None and options["serverless"][0] == 0
    return not (pauses and seconds in features.AUTO_PAUSE.value and float(seconds).is_integer())


def _cannot_pause(options: Options) -> bool:
    if options["serverless"] is None or options["auto_pause_known"]:
        return False
    return options["serverless"][0] == 0 and not since(features.AUTO_PAUSE_VERSIONS, options)


_READS = ("readers", "serverless", "serverless_members", "promotion_tiers", "instance")
ROSTER_RULES = (
    Rule(
        option="serverless_members",
        reads=("readers", "serverless"),
        broken=_bad_members,
        allowed=lambda o: f"numbers of instances, 1 to {o['readers'] + 1}, each once, together with 'serverless'",
        why="instances are counted from 1, and those that are not serverless have the class of 'instance'",
        source=features.STANDBY_TIERS.source,
    ),
    Rule(
        option="promotion_tiers",
        reads=("readers",),
        broken=_bad_tiers,
        allowed=lambda o: f"a tier of 0 to 15 for each of the {o['readers'] + 1} instances",
        why=features.TIERS.says,
        source=features.TIERS.source,
    ),
    Rule(
        option="smaller_standby_because",
        reads=_READS,
        broken=lambda o: o["smaller_standby_because"] is None and not _has_standby(o),
        allowed="a reason, or a reader of tier 0 or 1 that is of the class of instance 1",
        why=features.STANDBY_TIERS.says,
        source=features.STANDBY_TIERS.source,
    ),
    Rule(
        option="smaller_standby_because",
        reads=_READS,
        broken=lambda o: o["smaller_standby_because"] is not None and _has_standby(o),
        allowed="left out where a reader of tier 0 or 1 is of the class of instance 1",
        why="no safeguard is given away",
    ),
    Rule(
        option="pause_after",
        reads=("serverless",),
        broken=_bad_pause,
        allowed="300 to 86400 seconds, in whole seconds, with a least capacity of 0",
        why=features.AUTO_PAUSE.says,
        source=features.AUTO_PAUSE.source,
    ),
    Rule(
        option="serverless",
        reads=("engine", "version"),
        broken=_cannot_pause,
        allowed="a least capacity of 0.5 for this version, or 0 with 'auto_pause_known' where AWS has added it since",
        why=features.AUTO_PAUSE_VERSIONS.says,
        source=features.AUTO_PAUSE_VERSIONS.source,
    ),
)
