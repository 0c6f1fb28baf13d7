"""What the options of zonal autoshift must be."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from constructs import Construct

from cdk_standby_review.facts import zonal_shift as facts

from .._checks import Options, Problem, Rule
from .._tokens import is_token
from .._windows import WEEK, weekly
from ..relational._rules import of_the_region

_SHOWN = "Mon:10:00-Mon:12:00"


def _bad_resource(options: Options) -> bool:
    return re.fullmatch(facts.RESOURCES.value, options["resource"]) is None


def _window(text: str) -> range | None:
    """Minutes of the week; ARC writes days with a capital letter."""
    return weekly(text.lower()) if re.fullmatch(r"[A-Z][a-z]{2}:.{5}-[A-Z][a-z]{2}:.{5}", text) else None


def _bad_windows(options: Options) -> bool:
    windows: Sequence[str] = options["blocked_windows"]
    return len(windows) not in facts.BLOCKED.value or any(_window(text) is None for text in windows)


def _no_time_left(options: Options) -> bool:
    if _bad_windows(options):
        return False
    spans = [span for text in options["blocked_windows"] if (span := _window(text))]
    free = [minute for minute in range(WEEK) if not any(minute in s or minute + WEEK in s for s in spans)]
    return not _a_run_fits(free)


def _a_run_fits(free: Sequence[int]) -> bool:
    """Whether some half hour, perhaps past Sunday, is free; minutes are in order."""
    whole = [*free, *(minute + WEEK for minute in free[: facts.PRACTICE.value])]
    needed = facts.PRACTICE.value - 1
    return any(later - first == needed for first, later in zip(whole, whole[needed:], strict=False))


def _bad_dates(options: Options) -> bool:
    dates: Sequence[str] = options["blocked_dates"]
    return len(dates) not in facts.BLOCKED.value or not all(map(_is_date, dates))


def _is_date(text: str) -> bool:
    try:
        return is_token(text) or date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


RULES = [
    Rule(
        option="resource",
        broken=_bad_resource,
        allowed="an Application or Network Load Balancer, an Auto Scaling group or an EKS cluster, or the ARN of one",
        why=facts.RESOURCES.says,
        source=facts.RESOURCES.source,
    ),
    *(
        of_the_region(option, facts.OUTCOME_ALARM.says, facts.OUTCOME_ALARM.source)
        for option in ("outcome_alarm", "blocking_alarm")
    ),
    Rule(
        option="blocked_windows",
        broken=_bad_windows,
        allowed=f"up to {facts.BLOCKED.value.high:g} windows such as '{_SHOWN}', in UTC",
        why=facts.BLOCKED.says,
        source=facts.BLOCKED.source,
    ),
    Rule(
        option="blocked_windows",
        broken=_no_time_left,
        allowed=f"windows that leave {facts.PRACTICE.value} minutes of the week free",
        why=facts.PRACTICE.says,
        source=facts.PRACTICE.source,
    ),
    Rule(
        option="blocked_dates",
        broken=_bad_dates,
        allowed=f"up to {facts.BLOCKED.value.high:g} dates such as '2026-12-24'",
        why=facts.BLOCKED.says,
        source=facts.BLOCKED.source,
    ),
]


def unknown_group(where: Construct, arn: str) -> list[Problem]:
    """The CDK knows the name of an imported group, not the id that is in its ARN."""
    if ":autoScalingGroup:*:" not in arn:
        return []
    problem = Problem(
        where=where.node.path,
        option="resource",
        got="an imported Auto Scaling group, whose ARN is not known",
        allowed="the ARN of the group",
        why=facts.RESOURCES.says,
        source=facts.RESOURCES.source,
    )
    return [problem]
