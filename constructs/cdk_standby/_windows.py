"""Times of the week at which AWS may work on a database, as RDS writes them."""

from __future__ import annotations

import re

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_TIME = r"([01]\d|2[0-3]):([0-5]\d)"
_DAILY = re.compile(f"{_TIME}-{_TIME}")
_WEEKLY = re.compile(f"({'|'.join(_DAYS)}):{_TIME}-({'|'.join(_DAYS)}):{_TIME}")
DAY = 24 * 60
WEEK = 7 * DAY


def daily(window: str) -> range | None:
    """The minutes of the day of ``hh:mm-hh:mm``, perhaps past midnight; None when it is written otherwise."""
    found = _DAILY.fullmatch(window)
    if found is None:
        return None
    start, end = _minutes(found[1], found[2]), _minutes(found[3], found[4])
    return range(start, end if end > start else end + DAY)


def weekly(window: str) -> range | None:
    """The minutes of the week of ``ddd:hh:mm-ddd:hh:mm``, perhaps past Sunday; None when it is written otherwise."""
    found = _WEEKLY.fullmatch(window)
    if found is None:
        return None
    start = _DAYS.index(found[1]) * DAY + _minutes(found[2], found[3])
    end = _DAYS.index(found[4]) * DAY + _minutes(found[5], found[6])
    return range(start, end if end > start else end + WEEK)


def overlap(every_day: range, every_week: range) -> bool:
    """Whether a daily window and a weekly one ever share a minute."""
    starts = (every_day.start + day * DAY for day in range(-1, 15))  # a weekly window may reach into the next week
    return any(start < every_week.stop and every_week.start < start + len(every_day) for start in starts)


def _minutes(hours: str, minutes: str) -> int:
    return 60 * int(hours) + int(minutes)
