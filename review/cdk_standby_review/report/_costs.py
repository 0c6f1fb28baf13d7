"""What a month costs, in the words of all reports for people."""

from __future__ import annotations

from collections.abc import Iterable

from ..costs import BASIS, BEFORE, Cost, CostLine, Gap, Site, SiteCost, total
from ..facts import Confidence, Range
from ._changes import some

EXACT = 100
"""USD from which on cents are left out."""


HEAD = ("Workload", "Region", "Role", "USD a month", "Known by", "Not known")
"""The last one is how many things the figure lacks."""


LINES = ("Site", "Resources", "What", "USD a month", "Known by")


def money(amount: float) -> str:
    """`2,872`, and `6.40` where cents matter."""
    return f"{amount:,.0f}" if abs(amount) >= EXACT or not amount else f"{amount:,.2f}"


def spread(monthly: Range) -> str:
    """`1,050 to 2,872`, or one figure."""
    low, high = money(monthly.low), money(monthly.high)
    return low if low == high else f"{low} to {high}"


def least(monthly: Range, *, complete: bool) -> str:
    """`1,050 to 2,872`, and `at least` before it where parts of the bill are not known."""
    return spread(monthly) if complete else f"at least {spread(monthly)}"


def step(monthly: Range, unknown: Iterable[Gap]) -> str:
    """`+312 to +890`, and that something is not in it; what is gone and was not known makes it less."""
    gaps = [gap.why for gap in unknown]
    so_far = "as far as known " if any(why.startswith(BEFORE) for why in gaps) else "at least "
    return f"{so_far if gaps else ''}{signed(monthly)}"


def signed(monthly: Range) -> str:
    """`+312 to +890`, or one figure."""
    ends = [f"{'+' if end > 0 else ''}{money(end)}" for end in (monthly.low, monthly.high)]
    return ends[0] if ends[0] == ends[1] else " to ".join(ends)


def basis(cost: Cost) -> str:
    """What every figure is, how it is known and from when: it stands beside the figures."""
    return f"{BASIS}; prices of {cost.prices}; {cost.confidence}"


def cells(cost: Cost) -> list[tuple[str, ...]]:
    """A row per site, per workload of several sites, and for all workloads; for the columns of `HEAD`."""
    by_workload: dict[str, list[SiteCost]] = {}
    for site in cost.sites:
        by_workload.setdefault(site.workload, []).append(site)
    found: list[tuple[str, ...]] = []
    for workload, sites in by_workload.items():
        found += [_row(workload, site.region or "-", site.role or "-", [site]) for site in sites]
        found += [_row(workload, "together", "-", sites)] if len(sites) > 1 else []
    return [*found, _row("together", "-", "-", cost.sites)] if len(by_workload) > 1 else found


def _row(workload: str, region: str, role: str, sites: Iterable[SiteCost]) -> tuple[str, ...]:
    sites = [*sites]
    lacking, known = sum(len(site.unknown) for site in sites), any(site.lines for site in sites)
    confidence = Confidence.weakest(*(site.confidence for site in sites))
    return (
        workload or "-",
        region,
        role,
        least(total(site.monthly for site in sites), complete=not lacking) if known else "nothing known",
        str(confidence) if known else "-",
        str(lacking or "-"),
    )


def gaps(unknown: Iterable[Gap], quote: str = "") -> list[str]:
    """What no figure has, one line for what is lacking alike."""
    alike: dict[str, list[str]] = {}
    for gap in unknown:
        alike.setdefault(gap.why, []).append(gap.resource.name)
    return [f"{why}: {some(names, quote)}" for why, names in alike.items()]


def dearest(cost: Cost, least: float) -> list[tuple[str, ...]]:
    """Lines of the bill from some USD a month on, told once for what runs alike; for the columns of `LINES`."""
    found: list[tuple[str, ...]] = []
    for site in cost.sites:
        alike: dict[tuple[str, str], list[CostLine]] = {}
        for line in site.lines:
            alike.setdefault((line.what, str(line.confidence)), []).append(line)
        for (what, confidence), lines in alike.items():
            monthly = total(line.monthly for line in lines)
            if monthly.high >= least:
                names = some((line.resource.name for line in lines), "`")
                found.append((site.name, names, what, spread(monthly), confidence))
    return found


def sources(cost: Cost) -> list[str]:
    """Where the prices of all lines come from, and from when."""
    prices = (price for site in cost.sites for line in site.lines for price in line.prices)
    return sorted({f"{price.source} ({price.date})" for price in prices})


def moved(cost: Cost) -> str:
    """What a change does to the bill, in one line."""
    sites = [site for site in cost.difference or () if site.more or site.less]
    if not sites:
        lacking = any(site.unknown for site in cost.difference or ())
        return "Costs of a month: what changes is not known" if lacking else "Costs of a month: unchanged"
    told = ", ".join(f"{step(site.monthly, site.unknown)} USD a month in {_place(site)}" for site in sites)
    unknown = [gap for site in cost.difference or () for gap in site.unknown]
    together = f"; together {step(cost.change, unknown)} USD" if len(sites) > 1 and cost.change else ""
    return f"Costs: {told}{together}"


def _place(site: Site) -> str:
    return f"{site.region or 'a Region not told'}{f' ({site.workload})' * bool(site.workload)}"


def lacking(cost: Cost, quote: str = "") -> list[str]:
    """What the figures do not have: those of a change, where there is one."""
    sites = cost.sites if cost.difference is None else cost.difference
    return gaps((gap for site in sites for gap in site.unknown), quote)
