"""The comparison with neighbouring libraries: whole, and every claim of ours leads to the test that proves it."""

import functools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "comparison.md"
TABLE = re.compile(r"<!-- rows: (?P<count>\d+) -->\n\n(?P<lines>(?:\|.*\n)+)")
USED = re.compile(r"\[[^\]]+\]\[(?P<name>[\w.]+)\]")
DEFINED = re.compile(r"^\[(?P<name>[\w.]+)\]: (?P<path>\S+)#(?P<test>\w+)$", re.MULTILINE)
NOT_THERE = "\N{EN DASH}"
SIGN = f"[●○◐{NOT_THERE}]"
SIGNS = re.compile(rf"(?P<signs>{SIGN}( {SIGN}| / {SIGN})*)( \d+( d)?)? (?=\S)")


class Row(NamedTuple):
    table: str
    feature: str
    cells: tuple[str, ...]

    @property
    def ours(self) -> str:
        return self.cells[-1]


def tables() -> Iterator[tuple[str, int, list[Row]]]:
    """Every table of features: its heading, how many rows were measured, and those that are there."""
    text = PAGE.read_text("utf-8")
    for found in TABLE.finditer(text):
        heading = text[: found.start()].rstrip().splitlines()[-1].removeprefix("## ")
        lines = [[cell.strip() for cell in line.strip()[1:-1].split("|")] for line in found["lines"].splitlines()]
        yield heading, int(found["count"]), [Row(heading, cells[0], tuple(cells)) for cells in lines[:1] + lines[2:]]


def rows() -> Iterator[Row]:
    for _, _, (_, *body) in tables():
        yield from body


@functools.cache
def defined() -> dict[str, tuple[Path, str]]:
    """The test behind the name of a link."""
    found = DEFINED.finditer(PAGE.read_text("utf-8"))
    return {each["name"]: ((PAGE.parent / each["path"]).resolve(), each["test"]) for each in found}


def test_every_table_and_every_row_of_it_is_there():
    found = {heading: (count, len(body)) for heading, count, (_, *body) in tables()}

    assert len(found) == 9
    assert [heading for heading, (count, there) in found.items() if count != there] == []
    assert len({(row.table, row.feature) for row in rows()}) == sum(count for count, _ in found.values())


def test_every_row_has_a_cell_for_each_neighbour_and_one_of_ours():
    ragged = [
        row.feature
        for _, _, (head, *body) in tables()
        for row in body
        if len(row.cells) != len(head.cells) or not row.ours
    ]

    assert {head.ours for _, _, (head, *_) in tables()} == {"**cdk-standby**"}
    assert ragged == []


@pytest.mark.parametrize("row", [*rows()], ids=lambda row: f"{row.table}: {row.feature}")
def test_a_cell_of_ours_leads_to_tests_or_says_that_nothing_is_there(row: Row):
    signs = SIGNS.match(row.ours)
    links = [found["name"] for found in USED.finditer(row.ours)]

    assert signs is not None
    assert links != [] or set(signs["signs"]) <= {NOT_THERE, " ", "/"}
    assert [name for name in links if name not in defined()] == []


def test_every_link_names_a_test_that_is_there():
    texts = {path: path.read_text("utf-8") if path.exists() else "" for path, _ in defined().values()}

    gone = [
        f"{path.relative_to(ROOT)}::{test}"
        for path, test in defined().values()
        if not re.search(rf"^def {test}\(", texts[path], re.MULTILINE)
    ]

    assert gone == []


def test_no_test_is_named_that_no_row_needs():
    used = {found["name"] for row in rows() for found in USED.finditer(row.ours)}

    assert sorted(set(defined()) - used) == []
