"""What a strategy costs while nothing happens, as a multiple of the same workload in one Region."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

from ..facts import Confidence, Fact, Range
from ..facts.strategies import COMPUTE, DATA, SCALE, Standby


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """How the bill of one Region is shared out; what is neither compute nor data is the rest."""

    compute: Range = COMPUTE.value
    data: Range = DATA.value
    known: str = ""
    """By which prices the shares are known; empty when they are assumed, or somebody said them."""

    def __post_init__(self) -> None:
        if not 0 <= self.compute.low <= self.compute.high or not 0 <= self.data.low <= self.data.high:
            raise ValueError("shares are 0 or more")
        if self.compute.high + self.data.high > 1 + 1e-9:
            raise ValueError("compute and data together are more than the whole bill")


def factor(standby: Standby, bill: Bill | None = None) -> Fact[Range]:
    """The idle cost of a strategy: 1 is the same workload in one Region over its zones."""
    bill = bill or Bill()
    low, high = float("inf"), 0.0
    for compute, data in product(_ends(bill.compute), _ends(bill.data)):
        parts = ((compute, standby.compute), (data, standby.data), (1 - compute - data, standby.other))
        low = min(low, sum(share * paid.low for share, paid in parts))
        high = max(high, sum(share * paid.high for share, paid in parts))
    low += sum(fact.value.low for fact in standby.extra)
    high += sum(fact.value.high for fact in standby.extra)
    shares = f"shares by {bill.known}" if bill.known else f"{COMPUTE.says}; {DATA.says}"
    return Fact(
        value=Range(round(1 + low, 2), round(1 + high, 2)),
        unit="times the bill of one Region",
        says=f"{standby.word} costs that much while nothing happens",
        source=f"assumed: {shares}; {SCALE.says}",
        date=COMPUTE.date,
        confidence=Confidence.ASSUMED,
    )


def _ends(share: Range) -> tuple[float, float]:
    return (share.low, share.high)
