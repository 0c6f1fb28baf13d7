"""The shape of a fact."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar


class Confidence(StrEnum):
    """How a figure is known. Weaker ones never hide behind stronger ones: `weakest` wins in a sum."""

    DOCUMENTED = "documented"
    MEASURED = "measured"
    ASSUMED = "assumed"

    @staticmethod
    def weakest(*known: Confidence) -> Confidence:
        """The confidence of a figure that was made from several others."""
        order = [Confidence.ASSUMED, Confidence.MEASURED, Confidence.DOCUMENTED]
        return min(known, key=order.index, default=Confidence.DOCUMENTED)


@dataclass(frozen=True, slots=True)
class Range:
    """An inclusive range: of what is allowed, or of how long something takes."""

    low: float
    high: float

    def __post_init__(self) -> None:
        if self.low > self.high:
            raise ValueError(f"a range runs from low to high, got {self.low} to {self.high}")

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high

    def __add__(self, other: Range) -> Range:
        return Range(self.low + other.low, self.high + other.high)

    def __str__(self) -> str:
        return f"{self.low:g} to {self.high:g}"


Value = TypeVar("Value")


@dataclass(frozen=True, kw_only=True)
class Fact(Generic[Value]):
    """One thing known about AWS."""

    value: Value
    unit: str
    says: str
    """One sentence, in our words, that completes an error message or a row of a table."""
    source: str
    """The AWS page; for an assumption, how it was arrived at."""
    date: str
    """When the source was last read, as YYYY-MM-DD."""
    confidence: Confidence = Confidence.DOCUMENTED
