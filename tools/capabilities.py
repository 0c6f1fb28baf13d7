"""What the library is to be able to do, and what proves it: a marked test, or a marked passage of the documentation.

`make capabilities` prints the rows that are done and all of them, per group, and the open ones.
"""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
CATALOGUE = Path(__file__).with_name("capabilities.toml")
PASSAGE = re.compile(r"<!-- capability: ([^>]+?) -->")


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that belong together, by the first letters of their ids."""

    name: str
    title: str
    rows: Mapping[str, str]


def catalogue() -> list[Group]:
    """Every group of the catalogue, in its order."""
    read = tomllib.loads(CATALOGUE.read_text("utf-8"))
    return [
        Group(name, table["title"], {row: says for row, says in table.items() if row != "title"})
        for name, table in read.items()
    ]


def proofs() -> dict[str, list[str]]:
    """Where each row is proven: `file:line` of the marks in tests and of the passages in the documentation."""
    found: dict[str, list[str]] = {}
    for path in sorted(ROOT.glob("tests/**/*.py")):
        for row, line in _marks(ast.parse(path.read_text("utf-8"))):
            found.setdefault(row, []).append(f"{path.relative_to(ROOT).as_posix()}:{line}")
    for path in sorted(ROOT.glob("docs/**/*.md")):
        for number, text in enumerate(path.read_text("utf-8").splitlines(), 1):
            for passage in PASSAGE.findall(text):
                for row in re.split(r"[,\s]+", passage):
                    found.setdefault(row, []).append(f"{path.relative_to(ROOT).as_posix()}:{number}")
    return found


def _marks(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """`pytest.mark.capability("RDS-01")`, wherever it stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "capability":
            for argument in node.args:
                if isinstance(argument, ast.Constant):
                    yield str(argument.value), node.lineno


def report(groups: list[Group], proven: Mapping[str, list[str]]) -> Iterator[str]:
    """A line per group, then the rows that only a page holds, with the page, and the open ones."""
    for group in groups:
        done = sum(row in proven for row in group.rows)
        yield f"{group.name:<5}{group.title:<44}{done:>4} / {len(group.rows)}"
    rows = {row for group in groups for row in group.rows}
    yield f"{'':<5}{'all':<44}{len(rows & set(proven)):>4} / {len(rows)}"
    told = {row: places for row, places in proven.items() if all(place.startswith("docs/") for place in places)}
    if told:
        yield "\ndocumentation only:"
        yield from (
            f"  {row:<8}{group.rows[row]}: {told[row][0]}" for group in groups for row in group.rows if row in told
        )
    for group in groups:
        still = {row: says for row, says in group.rows.items() if row not in proven}
        if still:
            yield f"\nopen in {group.name}, {group.title}:"
            yield from (f"  {row:<8}{says}" for row, says in still.items())


if __name__ == "__main__":
    proven = proofs()
    if sys.argv[1:]:
        print("\n".join(f"{row:<8}{place}" for row in sys.argv[1:] for place in proven.get(row, ["open"])))
    else:
        print("\n".join(report(catalogue(), proven)))
