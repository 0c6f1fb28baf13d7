"""Spans of time as people type them."""

from __future__ import annotations

import re

_UNITS = {"s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0, "d": 86400.0}
_TYPED = re.compile(r"(\d{1,9}(?:\.\d{1,3})?)(s|m|min|h|d)")


def seconds_of(typed: str) -> float:
    """``15m`` becomes 900.

    Raises:
        ValueError: it is something else; the message says what is allowed.
    """
    found = _TYPED.fullmatch(typed)
    if found is None:
        raise ValueError(f"{typed!r} is no span of time; allowed: a number with s, m, h or d, such as 90s, 15m, 4h, 1d")
    return float(found.group(1)) * _UNITS[found.group(2)]
