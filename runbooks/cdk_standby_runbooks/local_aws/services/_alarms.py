"""When an alarm rings: thresholds over periods, and rules over other alarms."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Values = dict[str, Any]
Point = dict[str, float]

COMPARE: dict[str, Callable[[float, float], bool]] = {
    "GreaterThanOrEqualToThreshold": operator.ge,
    "GreaterThanThreshold": operator.gt,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}

WORD = re.compile(
    r'\s*(?:(?P<state>ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*"?(?P<name>[^")]+?)"?\s*\)|(?P<word>AND|OR|NOT|TRUE|FALSE|[()]))'
)


def evaluate(alarm: Mapping[str, Any], points: Sequence[Point]) -> str | None:
    """The state that the latest points give, oldest first; None when the model cannot tell.

    Time is compressed: each call of `PutMetricData` counts as one period.
    """
    holds = COMPARE.get(alarm.get("ComparisonOperator", ""))
    statistic = alarm.get("Statistic")
    if holds is None or statistic is None or "Threshold" not in alarm:
        return None
    periods = int(alarm["EvaluationPeriods"])
    needed = int(alarm.get("DatapointsToAlarm") or periods)
    missing = alarm.get("TreatMissingData", "missing")
    recent = points[-periods:]
    breaching = sum(holds(point[statistic], float(alarm["Threshold"])) for point in recent)
    absent = periods - len(recent)
    if not recent:
        return {"breaching": "ALARM", "notBreaching": "OK"}.get(missing)
    breaching += absent if missing == "breaching" else 0
    return "ALARM" if breaching >= needed else "OK"


def point_of(datum: Mapping[str, Any]) -> Point:
    """Statistics of one datum, which carries a value, values, or statistics of its own."""
    if "StatisticValues" in datum:
        held = datum["StatisticValues"]
        sum_, count = float(held["Sum"]), float(held["SampleCount"])
        low, high = float(held["Minimum"]), float(held["Maximum"])
    else:
        values = [float(value) for value in datum.get("Values", [datum.get("Value", 0.0)])]
        counts = [float(count) for count in datum.get("Counts", [1.0] * len(values))]
        sum_, count = sum(v * c for v, c in zip(values, counts, strict=True)), sum(counts)
        low, high = min(values), max(values)
    return {
        "Sum": sum_,
        "SampleCount": count,
        "Minimum": low,
        "Maximum": high,
        "Average": sum_ / count if count else 0.0,
    }


def rule_holds(rule: str, state_of: Callable[[str], str]) -> bool:
    """Whether a composite alarm's rule is true now.

    Raises:
        ValueError: the rule cannot be read.
    """
    words = _words(rule)
    value, rest = _either(words, state_of)
    if rest:
        raise ValueError(f"Failed to parse expression: {rule}")
    return value


def alarms_in(rule: str) -> list[str]:
    """Names of the alarms that a rule looks at."""
    return [name for kind, name in _words(rule) if kind in ("ALARM", "OK", "INSUFFICIENT_DATA")]


Words = list[tuple[str, str]]


def _words(rule: str) -> Words:
    found: Words = []
    at = 0
    while at < len(rule.rstrip()):
        match = WORD.match(rule, at)
        if match is None:
            raise ValueError(f"Failed to parse expression: {rule}")
        at = match.end()
        found.append(
            (match["state"], match["name"].rsplit(":alarm:", 1)[-1]) if match["state"] else (match["word"], "")
        )
    return found


def _either(words: Words, state_of: Callable[[str], str]) -> tuple[bool, Words]:
    value, words = _both(words, state_of)
    while words and words[0][0] == "OR":
        other, words = _both(words[1:], state_of)
        value = value or other
    return value, words


def _both(words: Words, state_of: Callable[[str], str]) -> tuple[bool, Words]:
    value, words = _one(words, state_of)
    while words and words[0][0] == "AND":
        other, words = _one(words[1:], state_of)
        value = value and other
    return value, words


def _one(words: Words, state_of: Callable[[str], str]) -> tuple[bool, Words]:
    if not words:
        raise ValueError("Failed to parse expression: it ends too early")
    (kind, name), rest = words[0], words[1:]
    if kind == "NOT":
        value, rest = _one(rest, state_of)
        return not value, rest
    if kind == "(":
        value, rest = _either(rest, state_of)
        if not rest or rest[0][0] != ")":
            raise ValueError("Failed to parse expression: a bracket stays open")
        return value, rest[1:]
    if kind in ("TRUE", "FALSE"):
        return kind == "TRUE", rest
    return state_of(name) == kind, rest
