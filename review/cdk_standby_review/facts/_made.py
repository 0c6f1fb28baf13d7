"""How modules of facts write down times shortly."""

from __future__ import annotations

from ._model import Confidence, Fact, Range

DOCS = "https://docs.aws.amazon.com/"
_DATE = "2026-11-21"


def documented(low: float, high: float, says: str, page: str) -> Fact[Range]:
    """Seconds that a page of AWS gives; the page below the root of its documentation."""
    return Fact(value=Range(low, high), unit="seconds", says=says, source=DOCS + page, date=_DATE)


def assumed(low: float, high: float, says: str, how: str) -> Fact[Range]:
    """Seconds that AWS does not give, and how we came to them."""
    return Fact(
        value=Range(low, high),
        unit="seconds",
        says=says,
        source=f"assumed: {how}",
        date=_DATE,
        confidence=Confidence.ASSUMED,
    )


def spans(says: str, page: str) -> Fact[Range]:
    """What no zone and no host holds alone."""
    return documented(0, 0, says, page)
