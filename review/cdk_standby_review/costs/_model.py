"""What a month costs: per workload and site, what runs while nothing happens, as a range."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..facts import Confidence, Range
from ..graph import Resource

BASIS = "list prices, on demand, no discounts, USD"
"""What every figure is; it stands beside each of them."""
HOURS = 730
"""Of a month, as AWS counts them in its calculator."""
NOTHING = Range(0, 0)
BEFORE = "before: "
"""How a gap begins that only the base had: the bill without it is less than what the figure says."""


def total(ranges: Iterable[Range]) -> Range:
    """Ranges added up, to the cent."""
    found = [*ranges]
    return Range(round(sum(r.low for r in found), 2), round(sum(r.high for r in found), 2))


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What one unit of something costs in one Region, in USD."""

    item: str
    """Its name in the table, such as `ec2/linux/m7g.large`."""
    region: str
    amount: float
    unit: str
    """`hour`, `month`, or what is used, such as `GB-month` and `million requests`."""
    source: str
    """The page or the price list of AWS; for an assumption, how it was arrived at."""
    date: str
    """When the source said so, as YYYY-MM-DD."""
    confidence: Confidence


@dataclass(frozen=True, slots=True, kw_only=True)
class CostLine:
    """What one resource costs in one Region while nothing happens."""

    resource: Resource
    what: str
    """How the figure is made, such as `2 to 6 x m7g.large`."""
    monthly: Range
    """USD."""
    prices: tuple[Price, ...] = ()
    """What the figure is made of."""

    @property
    def confidence(self) -> Confidence:
        """The weakest of its prices."""
        return Confidence.weakest(*(price.confidence for price in self.prices))


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Something that costs money, and nobody knows how much: it is in no figure."""

    resource: Resource
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What is paid by use. No template tells how much is used, so it is in no figure."""

    what: str
    """Such as `objects kept`."""
    price: Price | None
    """Of one unit; None where the table does not know it."""
    resources: tuple[Resource, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One workload in one Region."""

    workload: str
    """Empty for templates that do not say."""
    region: str
    """Empty for templates that do not say."""
    role: str
    """`active`, `standby` or `outside`, as the templates say; empty when they do not."""

    @property
    def name(self) -> str:
        """What to call it in a report."""
        return " in ".join(filter(None, (self.workload, self.region))) or "the templates"


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteCost(Site):
    """What one workload costs in one Region."""

    monthly: Range = NOTHING
    """USD: the sum of the lines, and nothing else."""
    lines: tuple[CostLine, ...] = ()
    """Most expensive first."""
    unknown: tuple[Gap, ...] = ()
    """What the sum does not have though it costs money, or may."""
    usage: tuple[Usage, ...] = ()
    """What the sum does not have because use decides."""

    @property
    def confidence(self) -> Confidence:
        """The weakest of its lines."""
        return Confidence.weakest(*(line.confidence for line in self.lines))

    @property
    def complete(self) -> bool:
        """Whether the sum has all that costs money while nothing happens."""
        return not self.unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteDifference(Site):
    """What a change does to the bill of one workload in one Region: what stayed the same is not in it."""

    monthly: Range = NOTHING
    """USD; below zero where less is paid."""
    more: tuple[CostLine, ...] = ()
    """Lines that are new, or as they are to be."""
    less: tuple[CostLine, ...] = ()
    """Lines that are gone, or as they were."""
    unknown: tuple[Gap, ...] = ()
    """What changed, and nobody knows by how much."""

    @property
    def complete(self) -> bool:
        """Whether the figure has all that changed."""
        return not self.unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceSource:
    """Where the prices of a figure come from."""

    names: tuple[str, ...]
    """The table that comes with the review, then the file that was laid over it."""
    dates: tuple[str, ...]
    """When each of them was put together, as YYYY-MM-DD."""

    @property
    def date(self) -> str:
        """That of the uppermost."""
        return self.dates[-1]

    def __str__(self) -> str:
        return " and of ".join(f"{date}, {name}" for name, date in zip(self.names, self.dates, strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class CostCoverage:
    """How many resources the figures know what to do with."""

    priced: int
    """In the sum."""
    by_use: int
    """Paid by use alone."""
    free: int
    """Known to cost nothing."""
    unknown: int
    """Of a type that nobody taught the review, or with a price or size that is not known."""

    @property
    def total(self) -> int:
        """All resources."""
        return self.priced + self.by_use + self.free + self.unknown

    @property
    def percent(self) -> float:
        """The share that is known, in percent; 100 for no resources at all."""
        return 100.0 if not self.total else round(100 * (self.total - self.unknown) / self.total, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What all templates cost in a month. The same input gives the same figures."""

    sites: tuple[SiteCost, ...]
    """By workload, then Region."""
    difference: tuple[SiteDifference, ...] | None = None
    """Per site that a change touches; None when there is no base."""
    coverage: CostCoverage
    prices: PriceSource

    @property
    def monthly(self) -> Range:
        """The sum of all sites, in USD."""
        return total(site.monthly for site in self.sites)

    @property
    def complete(self) -> bool:
        """Whether no sum lacks anything that costs money while nothing happens."""
        return all(site.complete for site in self.sites)

    @property
    def change(self) -> Range | None:
        """The sum of all differences, in USD; None when there is no base."""
        return None if self.difference is None else total(site.monthly for site in self.difference)

    @property
    def confidence(self) -> Confidence:
        """The weakest of all sites."""
        return Confidence.weakest(*(site.confidence for site in self.sites))
