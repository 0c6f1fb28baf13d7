"""What a month costs: per site a range, what is in no figure, and what the change does to the bill."""

from __future__ import annotations

from ..._review import Review
from ...costs import Cost, CostLine, Usage
from .._costs import HEAD, basis, cells, gaps, lacking, least, moved, spread, step
from ._dom import Html, el, folded, section, table
from ._fates import icon

DEAR = 1
"""USD a month from which on a line of the bill is told."""


def cost(review: Review) -> Html | None:
    """The bill; None when nothing was priced."""
    told = review.cost
    if told is None or not told.sites:
        return None
    monthly = least(told.monthly, complete=told.complete)
    headline = f"USD {monthly} a month" if any(site.lines for site in told.sites) else "Nothing known"
    known = (
        f"From what idles to what runs at full size; {basis(told)}. {told.coverage.percent:g}% of the resources have a "
        "known price, are paid by use or are free."
    )
    return section(
        "cost",
        "Cost",
        _change(told),
        el("p", headline, class_="headline"),
        el("p", known, class_="quiet"),
        table(HEAD, cells(told), caption="USD a month per site"),
        _lines(told),
        _not_known(told),
        _by_use(told),
    )


def _change(told: Cost) -> Html | None:
    if told.difference is None:
        return None
    rows = [
        (sign, site.name, line.resource.name, line.what, spread(line.monthly), str(line.confidence))
        for site in told.difference
        for sign, lines in (("more", site.more), ("less", site.less))
        for line in lines
    ]
    by_site = [(site.name, step(site.monthly, site.unknown)) for site in told.difference if site.more or site.less]
    head = ("Is paid", "Site", "Resource", "What", "USD a month", "Known by")
    unknown = [el("li", line) for line in lacking(told)]
    return el(
        "div",
        el("p", icon("info"), f" {moved(told)}.", class_="headline"),
        table(("Site", "USD a month"), by_site, caption="What the change does per site") if by_site else None,
        folded(f"Lines that change ({len(rows)})", table(head, rows, caption="Lines that change")) if rows else None,
        folded(f"Changes of unknown price ({len(unknown)})", el("ul", unknown)) if unknown else None,
    )


def _lines(told: Cost) -> Html | None:
    dear = [(site.name, line) for site in told.sites for line in site.lines if line.monthly.high >= DEAR]
    if not dear:
        return None
    rows = [(name, el("code", at.resource.name), at.what, spread(at.monthly), _known(at)) for name, at in dear]
    head = ("Site", "Resource", "What", "USD a month", "Known by")
    return folded(
        f"Lines of the bill ({len(rows)})", table(head, rows, caption="Lines of the bill, from USD 1 a month")
    )


def _known(line: CostLine) -> str:
    return str(line.confidence) if line.prices else "-"


def _not_known(told: Cost) -> Html | None:
    found = gaps(gap for site in told.sites for gap in site.unknown)
    title = f"Not known, and in no figure ({len(found)})"
    return folded(title, el("ul", [el("li", line) for line in found])) if found else None


def _by_use(told: Cost) -> Html | None:
    used = dict.fromkeys(f"{use.what}{_unit(use)}" for site in told.sites for use in site.usage)
    title = f"Paid by use, and in no figure ({len(used)})"
    return folded(title, el("ul", [el("li", line) for line in used])) if used else None


def _unit(use: Usage) -> str:
    return f": USD {use.price.amount:g} for each {use.price.unit} in {use.price.region}" if use.price else ""
