"""How often a schedule expression runs."""

from __future__ import annotations

import re

HOUR, DAY = 3600.0, 86400.0
_UNITS = {"minute": 60.0, "hour": HOUR, "day": DAY}


def interval_of(expression: str) -> float | None:
    """The longest time in seconds between two runs of `rate(...)` or `cron(...)`; None when it is not understood.

    AWS Backup runs daily when the expression is left out.
    """
    if not expression:
        return DAY
    if rate := re.fullmatch(r"rate\((\d+) (minute|hour|day)s?\)", expression):
        return float(rate.group(1)) * _UNITS[rate.group(2)]
    cron = re.fullmatch(r"cron\((\S+) (\S+) (\S+) \* (\S+) \*\)", expression)
    return _cron(*cron.groups()) if cron else None


def _cron(minute: str, hour: str, day_of_month: str, day_of_week: str) -> float | None:
    """Every year and month, as backups run."""
    if day_of_week not in {"*", "?"}:
        return None if "," in day_of_week or "-" in day_of_week else 7 * DAY
    if day_of_month not in {"*", "?"}:
        return 31 * DAY if day_of_month.isdigit() else None
    return _minutes(minute) if hour == "*" else _hours(hour)


def _minutes(minute: str) -> float | None:
    if minute.isdigit():
        return HOUR
    every = re.fullmatch(r"(?:\*|0)/(\d+)", minute)
    return float(every.group(1)) * 60 if every else None


def _hours(hour: str) -> float | None:
    if every := re.fullmatch(r"(?:\*|\d+)/(\d+)", hour):
        return float(every.group(1)) * HOUR
    if not re.fullmatch(r"\d+(,\d+)*", hour):
        return None
    hours = sorted({int(h) for h in hour.split(",")})
    gaps = [b - a for a, b in zip(hours, [*hours[1:], hours[0] + 24], strict=True)]
    return max(gaps) * HOUR
