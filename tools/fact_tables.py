"""Fills the tables of the documentation that show facts: what spans zones, and what spans Regions.

A page asks for a table by two lines, ``<!-- facts: multi-region -->`` and ``<!-- end -->``. `python
tools/fact_tables.py` writes what belongs between them; a test says which pages are behind.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from cdk_standby_review.facts import multi_az, multi_region

ROOT = Path(__file__).parents[1]
TABLE = re.compile(r"<!-- facts: (?P<name>[\w-]+) -->\n.*?<!-- end -->", re.DOTALL)
TABLES: Mapping[str, Callable[[], Iterator[str]]] = {
    "multi-az": multi_az.table,
    "multi-region": multi_region.table,
}


def filled(page: str) -> str:
    """The text of a page with its tables as they have to be."""
    return TABLE.sub(lambda found: "\n".join(_table(found["name"])), page)


def pages() -> Iterator[Path]:
    """Every page that asks for a table."""
    yield from (path for path in sorted(ROOT.glob("docs/**/*.md")) if TABLE.search(path.read_text("utf-8")))


def _table(name: str) -> Iterator[str]:
    yield f"<!-- facts: {name} -->"
    yield ""
    yield from TABLES[name]()
    yield ""
    yield "<!-- end -->"


if __name__ == "__main__":
    for page in pages():
        text = page.read_text("utf-8")
        if filled(text) != text:
            print(page.relative_to(ROOT).as_posix())
            page.write_text(filled(text), "utf-8")
