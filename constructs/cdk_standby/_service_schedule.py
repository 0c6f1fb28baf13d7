"""When a scheduled size applies: five fields of a cron expression, moments in UTC, and time zones."""

from __future__ import annotations

import re
import zoneinfo
from datetime import datetime

from cdk_standby_review.facts import autoscaling_options as facts

from ._checks import Options, Rule
from ._service_value_rules import UNNAMED, by_fact

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_FIELDS = (
    (0, 59, ()),
    (0, 23, ()),
    (1, 31, ()),
    (1, 12, _MONTHS),
    (0, 7, _DAYS),
)
_PART = re.compile(r"(?:\*|(?P<first>\w+)(?:-(?P<last>\w+))?)(?:/(?P<step>[1-9]\d*))?", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)


def is_cron(text: str) -> bool:
    """Whether these are the five fields of a schedule, each within its range."""
    fields = text.split()
    return len(fields) == len(_FIELDS) and all(map(_is_field, fields, _FIELDS))


def moment(text: str) -> datetime | None:
    """A moment in UTC, or None when the text is none."""
    if not _MOMENT.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def is_time_zone(name: str) -> bool:
    """Whether the IANA database has it; everything is, on a machine without the database."""
    known = zoneinfo.available_timezones()
    return name in known if known else bool(name)


def _is_field(text: str, field: tuple[int, int, tuple[str, ...]]) -> bool:
    return all(_is_part(part, *field) for part in text.split(","))


def _is_part(text: str, low: int, high: int, names: tuple[str, ...]) -> bool:
    found = _PART.fullmatch(text)
    if not found:
        return False
    ends = [_number(end, low, names) for end in (found["first"], found["last"]) if end is not None]
    return all(end is not None and low <= end <= high for end in ends) and ends == sorted(ends, key=lambda n: n or 0)


def _number(text: str, low: int, names: tuple[str, ...]) -> int | None:
    if text.isdecimal():
        return int(text)
    return names.index(text.upper()) + low if text.upper() in names else None


def _floor(o: Options) -> int:
    """The size that a scheduled minimum comes to, or the group's own."""
    return int(o["running"] if o["minimum"] is None else o["sized"](o["minimum"]))


def _ceiling(o: Options) -> int:
    return int(o["group_maximum"] if o["maximum"] is None else o["maximum"])


def _wrong_moment(option: str) -> Rule:
    return Rule(
        option=option,
        broken=lambda o: o[option] is not None and moment(o[option]) is None,
        allowed="a moment in UTC such as 2026-11-27T06:00:00Z",
        why="Auto Scaling takes moments in no other time zone",
        source=facts.TIME_ZONES.source,
    )


def _ends_before(o: Options) -> bool:
    begin, end = (moment(o[name] or "") for name in ("at", "until"))
    return bool(begin and end and end <= begin)


SCHEDULE = (
    UNNAMED,
    by_fact(
        "cron",
        lambda o: o["cron"] is not None and not is_cron(o["cron"]),
        "five fields such as '0 6 * * MON-FRI'",
        facts.SCHEDULED,
    ),
    Rule(
        option="cron",
        reads=("at",),
        broken=lambda o: o["cron"] is o["at"] is None,
        allowed="'cron', 'at' or both",
        why="something has to say when",
        source=facts.SCHEDULED.source,
    ),
    _wrong_moment("at"),
    _wrong_moment("until"),
    Rule(
        option="until",
        reads=("cron",),
        broken=lambda o: o["until"] is not None and o["cron"] is None,
        allowed="left out without 'cron'",
        why="what happens once has no end",
        source=facts.SCHEDULED.source,
    ),
    Rule(
        option="until",
        reads=("at",),
        broken=_ends_before,
        allowed="later than 'at'",
        why="it ends what began then",
        source=facts.SCHEDULED.source,
    ),
    by_fact(
        "time_zone",
        lambda o: not is_time_zone(o["time_zone"]),
        "a name of the IANA database such as Europe/Dublin",
        facts.TIME_ZONES,
    ),
    Rule(
        option="minimum",
        broken=lambda o: o["minimum"] is o["desired"] is o["maximum"] is None,
        allowed="one of 'minimum', 'desired' and 'maximum'",
        why="a schedule changes a size",
        source=facts.TIME_ZONES.source,
    ),
    Rule(
        option="minimum",
        broken=lambda o: o["minimum"] is not None and o["minimum"] < 0,
        allowed="0 or more",
        why="it is the number of instances that carries the load when a zone is lost",
    ),
    Rule(
        option="desired",
        reads=("minimum", "maximum"),
        broken=lambda o: o["desired"] is not None and not _floor(o) <= o["desired"] <= _ceiling(o),
        allowed=lambda o: f"{_floor(o)} to {_ceiling(o)}",
        why="it lies between the sizes of then",
        source=facts.TIME_ZONES.source,
    ),
    Rule(
        option="maximum",
        reads=("minimum",),
        broken=lambda o: _ceiling(o) < _floor(o),
        allowed=lambda o: f"{_floor(o)} or more",
        why="that many instances run in all from then on",
        source=facts.TIME_ZONES.source,
    ),
)
