"""The bill for programs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..costs import BASIS, Cost, CostLine, Gap, Price, Site, SiteCost, SiteDifference, Usage
from ..facts import Range
from ..graph import Resource

ToJson = Callable[[Resource], dict[str, Any]]


def cost_document(cost: Cost | None, resource: ToJson) -> dict[str, Any] | None:
    """The bill as plain values; amounts are in USD.

    Args:
        cost: the bill; None when there is none.
        resource: how a resource is written.
    """
    if cost is None:
        return None
    return {
        "currency": "USD",
        "per": "month",
        "basis": BASIS,
        "monthly": _range(cost.monthly),
        "complete": cost.complete,
        "confidence": str(cost.confidence),
        "sites": [_site(site, resource) for site in cost.sites],
        "difference": None
        if cost.difference is None
        else {
            "monthly": _range(cost.change),
            "complete": all(site.complete for site in cost.difference),
            "sites": [_difference(site, resource) for site in cost.difference],
        },
        "coverage": {
            "percent": cost.coverage.percent,
            "resources": cost.coverage.total,
            "priced": cost.coverage.priced,
            "by_use": cost.coverage.by_use,
            "free": cost.coverage.free,
            "unknown": cost.coverage.unknown,
        },
        "prices": {
            "date": cost.prices.date,
            "names": [*cost.prices.names],
            "dates": [*cost.prices.dates],
            "used": [*map(_price, _used(cost))],
        },
    }


def _site(site: SiteCost, resource: ToJson) -> dict[str, Any]:
    return {
        **_where(site),
        "monthly": _range(site.monthly),
        "complete": site.complete,
        "confidence": str(site.confidence),
        "lines": [_line(line, resource) for line in site.lines],
        "unknown": [_gap(gap, resource) for gap in site.unknown],
        "usage": [_usage(usage, resource) for usage in site.usage],
    }


def _difference(site: SiteDifference, resource: ToJson) -> dict[str, Any]:
    return {
        **_where(site),
        "monthly": _range(site.monthly),
        "complete": site.complete,
        "more": [_line(line, resource) for line in site.more],
        "less": [_line(line, resource) for line in site.less],
        "unknown": [_gap(gap, resource) for gap in site.unknown],
    }


def _where(site: Site) -> dict[str, Any]:
    return {"workload": site.workload, "region": site.region, "role": site.role}


def _line(line: CostLine, resource: ToJson) -> dict[str, Any]:
    return {
        "resource": resource(line.resource),
        "what": line.what,
        "monthly": _range(line.monthly),
        "confidence": str(line.confidence),
        "items": [price.item for price in line.prices],
    }


def _gap(gap: Gap, resource: ToJson) -> dict[str, Any]:
    return {"resource": resource(gap.resource), "why": gap.why}


def _usage(usage: Usage, resource: ToJson) -> dict[str, Any]:
    return {
        "what": usage.what,
        "price": _price(usage.price) if usage.price else None,
        "resources": [resource(each) for each in usage.resources],
    }


def _used(cost: Cost) -> list[Price]:
    lines = [line for site in cost.sites for line in site.lines]
    lines += [line for site in cost.difference or () for line in (*site.more, *site.less)]
    found = {(price.item, price.region): price for line in lines for price in line.prices}
    return [found[key] for key in sorted(found)]


def _price(price: Price) -> dict[str, Any]:
    return {
        "item": price.item,
        "region": price.region,
        "amount": price.amount,
        "unit": price.unit,
        "source": price.source,
        "date": price.date,
        "confidence": str(price.confidence),
    }


def _range(monthly: Range | None) -> dict[str, float] | None:
    return None if monthly is None else {"low": monthly.low, "high": monthly.high}
