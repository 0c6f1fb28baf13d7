"""Spans of time as people read them."""

from __future__ import annotations

from .facts import Range

_UNITS = (("d", 86400), ("h", 3600), ("min", 60))


def span(seconds: float) -> str:
    """``90`` becomes ``1.5 min``."""
    for unit, size in _UNITS:
        if seconds >= size:
            return f"{round(seconds / size, 1):g} {unit}"
    return f"{round(seconds, 1):g} s"


def spans(figure: Range | None) -> str:
    """``Range(60, 300)`` becomes ``1 min to 5 min``; None becomes a dash."""
    if figure is None:
        return "-"
    return span(figure.high) if figure.low == figure.high else f"{span(figure.low)} to {span(figure.high)}"
