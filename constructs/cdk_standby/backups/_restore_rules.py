"""What the options of a `RestoreTesting` must be."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

from aws_cdk import Duration

from cdk_standby_review.facts import Fact, Range
from cdk_standby_review.facts import backup as facts

from .._checks import Options, Rule, shown
from .._durations import days, lasting
from .._tokens import is_token


def in_hours(duration: Duration | None) -> float | None:
    """Hours, in fractions too; None when the duration is not given or a token."""
    return None if duration is None or duration.is_unresolved() else duration.to_hours(integral=False)


def hours(duration: Duration) -> int:
    """Whole hours, as AWS Backup counts them; the rules have refused all others."""
    return int(duration.to_hours())


def whole_days(duration: Duration) -> int:
    """Whole days, as AWS Backup counts them; the rules have refused all others."""
    return int(duration.to_days())


def _whole(option: str, limit: Fact[Range], unit: Callable[[Duration | None], float | None]) -> tuple[Rule, ...]:
    """Within the limits, in whole units, and known: AWS Backup takes numbers."""

    def in_parts(options: Options) -> bool:
        value = unit(options[option])
        return value is not None and value in limit.value and value != int(value)

    return (
        lasting(option, limit, unit),
        Rule(option=option, broken=in_parts, allowed=f"whole {limit.unit}", why=f"it is counted in {limit.unit}"),
        Rule(
            option=option,
            broken=lambda o: o[option] is not None and o[option].is_unresolved(),
            allowed="known at synth",
            why="it decides what is tested, and when an alarm rings",
        ),
    )


def _most(options: Options) -> int | None:
    """Days: twice the recovery point objective, since a backup and its copy take their time."""
    rpo = days(options["rpo"])
    return None if rpo is None else max(1, math.ceil(2 * rpo))


def _too_old(options: Options) -> bool:
    most, window = _most(options), days(options["newest_within"])
    return most is not None and window is not None and window > most


def _misnamed(options: Options) -> bool:
    tests = options["tests"]
    return any(len(test.resources) > facts.TEST_RESOURCES.value or not test.resources for test in tests) or any(
        "*" in test.resources and len(test.resources) > 1 for test in tests
    )


def _strangers(options: Options) -> list[str]:
    return [kind for kind in options["kinds"] if not is_token(kind) and kind not in facts.TESTED_TYPES.value]


RULES = [
    Rule(
        option="vaults",
        broken=lambda o: not o["vaults"],
        allowed="the ARN of one vault or more",
        why="there is nothing else to restore from",
    ),
    Rule(
        option="tests",
        broken=lambda o: not o["kinds"] or len(set(o["kinds"])) < len(o["kinds"]),
        allowed="one RestoreTest for each kind, and one at least",
        why="a selection is of one kind",
        source=facts.TESTED_TYPES.source,
        reads=["kinds"],
    ),
    Rule(
        option="kinds",
        broken=lambda o: bool(_strangers(o)),
        allowed=", ".join(map(shown, facts.TESTED_TYPES.value)),
        why=facts.TESTED_TYPES.says,
        source=facts.TESTED_TYPES.source,
    ),
    Rule(
        option="tests",
        broken=_misnamed,
        allowed="for each kind 1 to 30 ARNs, or '*' alone",
        why=facts.TEST_RESOURCES.says,
        source=facts.TEST_RESOURCES.source,
    ),
    Rule(
        option="name",
        broken=lambda o: o["name"] is not None and not re.fullmatch(facts.TEST_NAME.value, o["name"]),
        allowed="1 to 50 letters, digits and underscores",
        why=facts.TEST_NAME.says,
        source=facts.TEST_NAME.source,
    ),
    Rule(
        option="schedule",
        broken=lambda o: not o["schedule"].expression_string.startswith("cron("),
        allowed="a cron expression, such as events.Schedule.cron(week_day='SUN', hour='5', minute='0')",
        why="AWS Backup knows no rates",
        source=facts.TEST_START.source,
    ),
    *_whole("newest_within", facts.TEST_WINDOW, days),
    Rule(
        option="newest_within",
        broken=_too_old,
        allowed=lambda o: f"up to {_most(o)} days",
        why="a test that restores older data proves nothing about the recovery point objective",
    ),
    *_whole("start_window", facts.TEST_START, in_hours),
    *_whole("validation_window", facts.TEST_VALIDATION, in_hours),
    *_whole("missing_after", facts.ALARM_REACH, days),
]
