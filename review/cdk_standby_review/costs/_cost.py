"""The bill put together: per site, in all, and what a change does to it."""

from __future__ import annotations

from collections.abc import Iterable

from ..changes._pairs import Pairs
from ..graph import Graph
from ._bill import Bill, Entry, Where
from ._difference import difference
from ._model import Cost, CostCoverage, CostLine, SiteCost, Usage, total
from ._prices import Prices, our_prices


def cost_of(graph: Graph, prices: Prices | None = None, pairs: Pairs | None = None) -> Cost:
    """What some templates cost in a month.

    Args:
        graph: the templates.
        prices: what things cost; left out, our own table.
        pairs: base and head; left out, there is no difference to tell.
    """
    table = prices or our_prices()
    bill = Bill(graph, table)
    by_site: dict[Where, list[Entry]] = {}
    for entry in bill:
        by_site.setdefault(entry.where, []).append(entry)
    sites = (_site(where, bill.role(where), by_site[where]) for where in sorted(by_site))
    return Cost(
        sites=tuple(site for site in sites if site.lines or site.unknown or site.usage),
        difference=None if pairs is None else difference(Bill(pairs.base, table), bill, pairs),
        coverage=_coverage(bill),
        prices=table.source,
    )


def _site(where: Where, role: str, entries: list[Entry]) -> SiteCost:
    lines = sorted((line for entry in entries for line in entry.lines), key=_dearest)
    return SiteCost(
        workload=where.workload,
        region=where.region,
        role=role,
        monthly=total(line.monthly for line in lines),
        lines=tuple(lines),
        unknown=tuple(gap for entry in entries for gap in entry.gaps),
        usage=tuple(_together(entry.usage for entry in entries)),
    )


def _dearest(line: CostLine) -> tuple[float, float, tuple[str, str], str]:
    return (-line.monthly.high, -line.monthly.low, line.resource.key, line.what)


def _together(usages: Iterable[tuple[Usage, ...]]) -> list[Usage]:
    """What several resources use alike, told once."""
    alike: dict[str, list[Usage]] = {}
    for usage in (each for group in usages for each in group):
        alike.setdefault(usage.what, []).append(usage)
    return [
        Usage(
            what=what, price=alike[what][0].price, resources=tuple(r for usage in alike[what] for r in usage.resources)
        )
        for what in sorted(alike)
    ]


def _coverage(bill: Bill) -> CostCoverage:
    counts = {"priced": 0, "by_use": 0, "free": 0, "unknown": 0}
    for entries in bill.entries.values():
        gaps, lines, usage = (
            any(entry.gaps for entry in entries),
            any(entry.lines for entry in entries),
            any(entry.usage for entry in entries),
        )
        counts["unknown" if gaps else "priced" if lines else "by_use" if usage else "free"] += 1
    return CostCoverage(**counts)
