"""The command `cdk-standby prices`: our table, to start one's own from."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from ._prices import ANYWHERE, FORMAT, documents, our_prices

SHOWN, NOTHING = 0, 1


def add_command(commands: Any) -> argparse.ArgumentParser:
    """Add `prices` to what `add_subparsers` gives; `run` of the parsed arguments takes them and gives the exit code."""
    parser: argparse.ArgumentParser = commands.add_parser(
        "prices",
        help="show the prices that the review knows, as a file for 'review --prices'",
        description="Dated list prices in USD, each list with its source. Needs no AWS account and no network.",
        epilog="exit codes: 0 shown, 1 nothing is known for these Regions",
    )
    parser.add_argument(
        "--region", action="append", default=[], metavar="REGION", help="only this Region; may be given several times"
    )
    parser.set_defaults(run=run)
    return parser


def run(arguments: argparse.Namespace) -> int:
    """Write the table to standard output."""
    lists = [*_lists(set(arguments.region))]
    head = {"format": FORMAT, "currency": "USD", "date": our_prices().source.date}
    sys.stdout.write(_written(head, lists))
    wanted = {*arguments.region}
    told = {region for each in lists for regions in each["prices"].values() for region in regions}
    if not wanted or wanted & told:
        return SHOWN
    print(f"cdk-standby prices: nothing is known for {', '.join(sorted(wanted))} alone", file=sys.stderr)
    return NOTHING


def _lists(wanted: set[str]) -> Iterator[dict[str, Any]]:
    for each in (each for document in documents() for each in document["lists"]):
        prices = {item: _only(regions, wanted) for item, regions in each["prices"].items()}
        if kept := {item: regions for item, regions in prices.items() if regions}:
            yield {**each, "prices": kept}


def _only(regions: Mapping[str, float], wanted: set[str]) -> dict[str, float]:
    return {region: amount for region, amount in regions.items() if not wanted or region in {*wanted, ANYWHERE}}


def _written(head: Mapping[str, Any], lists: list[dict[str, Any]]) -> str:
    """JSON with a line for each item."""
    told = ",\n".join(map(_list, lists))
    fields = "".join(f'  "{name}": {json.dumps(value)},\n' for name, value in head.items())
    return f'{{\n{fields}  "lists": [\n{told}\n  ]\n}}\n'


def _list(each: Mapping[str, Any]) -> str:
    fields = "".join(f'      "{name}": {json.dumps(value)},\n' for name, value in each.items() if name != "prices")
    items = ",\n".join(f"        {json.dumps(item)}: {json.dumps(prices)}" for item, prices in each["prices"].items())
    return f'    {{\n{fields}      "prices": {{\n{items}\n      }}\n    }}'
