"""The file of `--prices`: prices that take the place of ours, or fill what ours do not know."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from math import inf
from pathlib import Path
from typing import Any

from ..documents import read_document
from ..errors import UnreadableInput
from ..facts import Confidence
from ..plain import is_list, is_object
from ._items import nearest, unit_of
from ._prices import ANYWHERE, FORMAT, Prices, our_prices, prices_in

_TOP = {"format", "currency", "date", "region", "alone", "says", "lists"}
_LIST = {"source", "date", "confidence", "says", "prices"}
_REGION = re.compile(r"[a-z]{2,4}(-[a-z]+)+-\d")
_SHAPE = (
    'prices look like {"format": 1, "currency": "USD", "date": "2026-11-21", "lists": [{"source": "our agreement", '
    '"prices": {"ec2/linux/m7g.large": {"eu-west-1": 0.08}}}]}'
)
SHOWN = 10
"""Problems told at once."""


def read_prices(path: str | Path) -> Prices:
    """Read a table of prices, JSON or YAML, of the same form as ours; ours stays below it unless it is to be alone.

    Raises:
        UnreadableInput: there is no such file, or it says something else; one line says all that is wrong.
    """
    file = Path(path)
    if not file.is_file():
        raise UnreadableInput(f"{file}: there is no such file")
    document = read_document(file)
    if not is_object(document):
        raise UnreadableInput(f"{file}: {_SHAPE}")
    if problems := [*_problems(document)]:
        more = f"; and {len(problems) - SHOWN} more" if len(problems) > SHOWN else ""
        raise UnreadableInput(f"{file}: {'; '.join(problems[:SHOWN])}{more}")
    found = prices_in(document, file.name)
    return found if document.get("alone") else found.over(our_prices())


def _problems(document: Mapping[str, Any]) -> Iterator[str]:
    yield from _unknown("the table", document, _TOP)
    if document.get("format") != FORMAT:
        yield f"'format' is {document.get('format')!r}; allowed: {FORMAT}"
    if document.get("currency") != "USD":
        yield f"'currency' is {document.get('currency')!r}; allowed: USD"
    yield from _dated("the table", document.get("date"))
    if "region" in document and not _is_region(document["region"]):
        yield f"'region' is {document['region']!r}; allowed: a Region, such as eu-west-1"
    if not isinstance(document.get("alone", False), bool):
        yield f"'alone' is {document['alone']!r}; allowed: true, for these prices and no others"
    lists = document.get("lists")
    if not is_list(lists):
        yield f"'lists' is no list; {_SHAPE}"
        return
    for number, each in enumerate(lists, 1):
        yield from _list_problems(f"list {number}", each)


def _list_problems(where: str, each: Any) -> Iterator[str]:
    if not is_object(each):
        yield f"{where} is no object; {_SHAPE}"
        return
    yield from _unknown(where, each, _LIST)
    if not isinstance(each.get("source"), str) or not each["source"].strip():
        yield f"{where}: 'source' is missing: where do its prices come from?"
    if "date" in each:
        yield from _dated(where, each["date"])
    if each.get("confidence", Confidence.DOCUMENTED) not in [*map(str, Confidence)]:
        yield f"{where}: 'confidence' is {each['confidence']!r}; allowed: {', '.join(Confidence)}"
    prices = each.get("prices")
    if not is_object(prices):
        yield f"{where}: 'prices' is no object of items"
        return
    for item, regions in prices.items():
        yield from _item_problems(f"{where}: '{item}'", str(item), regions)


def _item_problems(where: str, item: str, regions: Any) -> Iterator[str]:
    if unit_of(item) is None:
        near = nearest(item)
        yield f"{where} is no item" + (f"; did you mean '{near}'?" if near else "")
    if not is_object(regions):
        yield f"{where} is {regions!r}; allowed: prices by Region, such as {{'eu-west-1': 0.08}}"
        return
    for region, amount in regions.items():
        if region != ANYWHERE and not _is_region(region):
            yield f"{where}: {region!r} is no Region; allowed: such as eu-west-1, or '{ANYWHERE}' for every one"
        if isinstance(amount, bool) or not isinstance(amount, int | float) or not 0 <= amount < inf:
            yield f"{where} costs {amount!r} in {region}; allowed: 0 or more"


def _unknown(where: str, said: Mapping[str, Any], known: set[str]) -> Iterator[str]:
    if unknown := sorted(map(str, set(said) - known)):
        yield f"{where} has an unknown field {', '.join(unknown)}; known: {', '.join(sorted(known))}"


def _dated(where: str, value: Any) -> Iterator[str]:
    try:
        date.fromisoformat(str(value))
    except ValueError:
        yield f"{where}: 'date' is {value!r}; allowed: YYYY-MM-DD"


def _is_region(value: Any) -> bool:
    return isinstance(value, str) and _REGION.fullmatch(value) is not None
