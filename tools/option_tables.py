"""Fills the option tables of the documentation from signatures and docstrings.

A page asks for a table by two lines, ``<!-- options: Network -->`` and ``<!-- end -->``; `make docs` writes what
belongs between them. `python tools/option_tables.py --check` only says which pages are behind.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cdk_standby
from docstrings import described, options

ROOT = Path(__file__).parents[1]
TABLE = re.compile(r"<!-- options: (?P<name>\w+) -->\n.*?<!-- end -->", re.DOTALL)


def filled(page: str) -> str:
    """The text of a page with its tables as they have to be."""
    return TABLE.sub(lambda found: "\n".join(_table(found["name"])), page)


def pages() -> Iterator[Path]:
    """Every page that asks for a table."""
    yield from (path for path in sorted(ROOT.glob("docs/**/*.md")) if TABLE.search(path.read_text("utf-8")))


def _table(name: str) -> Iterator[str]:
    cls: type[Any] = getattr(cdk_standby, name)
    said = described(cls)
    yield f"<!-- options: {name} -->"
    yield ""
    yield "| option | default | |"
    yield "|---|---|---|"
    for option, parameter in options(cls).items():
        text = " ".join(said.get(option, "").split()).replace("``", "`").replace("|", "\\|")
        yield f"| `{option}` | {_default(parameter)} | {text} |"
    yield ""
    yield "<!-- end -->"


def _default(parameter: inspect.Parameter) -> str:
    value = parameter.default
    if value is parameter.empty:
        return "required"
    if value is None or value == ():
        return ""
    if hasattr(value, "name") and not callable(value):
        return f"`{value.name}`"
    return f"`{value}`"


if __name__ == "__main__":
    behind = [page for page in pages() if filled(page.read_text("utf-8")) != page.read_text("utf-8")]
    for page in behind:
        print(page.relative_to(ROOT).as_posix())
        if "--check" not in sys.argv:
            page.write_text(filled(page.read_text("utf-8")), "utf-8")
    sys.exit("--check" in sys.argv and bool(behind))
