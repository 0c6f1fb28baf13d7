"""The table of prices: ours, dated and with sources, and whatever file is laid over it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ..facts import Confidence
from ._items import unit_of
from ._model import Price, PriceSource

FORMAT = 1
ANYWHERE = "*"
"""Stands for every Region of the partition `aws` that has no price of its own."""
OURS = "the table that comes with the review"
_ELSEWHERE = ("cn-", "us-gov-", "us-iso", "eusc-")
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Prices:
    """Prices by item and Region."""

    table: Mapping[Key, Price]
    source: PriceSource
    region: str = ""
    """The Region of templates that do not say theirs."""

    def of(self, item: str, region: str) -> Price | None:
        """What an item costs in a Region; None when nobody knows. Never a price of another Region."""
        found = self.table.get((item, region))
        if found is None and not region.startswith(_ELSEWHERE):
            found = self.table.get((item, ANYWHERE))
        return found

    def over(self, below: Prices) -> Prices:
        """These prices, and those of another table where these say nothing."""
        lower, upper = below.source, self.source
        return Prices(
            {**_uncovered(below.table, self.table), **self.table},
            PriceSource(names=(*lower.names, *upper.names), dates=(*lower.dates, *upper.dates)),
            self.region or below.region,
        )

    def __iter__(self) -> Iterator[Price]:
        return iter(self.table[key] for key in sorted(self.table))


def _uncovered(below: Mapping[Key, Price], above: Mapping[Key, Price]) -> dict[Key, Price]:
    """A price for every Region takes the place of all prices of that item."""
    everywhere = {item for item, region in above if region == ANYWHERE}
    return {key: price for key, price in below.items() if key[0] not in everywhere}


def prices_in(document: Mapping[str, Any], name: str) -> Prices:
    """The prices of a table that has been checked."""
    table: dict[Key, Price] = {}
    for each in document["lists"]:
        source, date = str(each["source"]), str(each.get("date", document["date"]))
        confidence = Confidence(each.get("confidence", Confidence.DOCUMENTED))
        for item, regions in each["prices"].items():
            for region, amount in regions.items():
                table[item, region] = Price(
                    item=item, region=region, amount=float(amount), unit=str(unit_of(item)), source=source, date=date,
                    confidence=confidence,
                )  # fmt: skip
    found = PriceSource(names=(name,), dates=(str(document["date"]),))
    return Prices(table, found, str(document.get("region", "")))


@cache
def documents() -> tuple[Mapping[str, Any], ...]:
    """Our tables, as they are written."""
    folder = Path(__file__).parent / "prices"
    return tuple(json.loads(file.read_text(encoding="utf-8")) for file in sorted(folder.glob("*.json")))


@cache
def our_prices() -> Prices:
    """All of our tables."""
    found = [prices_in(document, OURS) for document in documents()]
    table = {key: price for each in found for key, price in each.table.items()}
    return Prices(table, PriceSource(names=(OURS,), dates=(max(each.source.date for each in found),)))
