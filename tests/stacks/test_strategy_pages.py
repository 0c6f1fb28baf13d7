"""The pages of the strategies: their figures are those of the review, and what they lead to is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cdk_standby_review.advice.costs import factor
from cdk_standby_review.facts.strategies import LADDER
from cdk_standby_review.report._summary import rows

DOCS = Path(__file__).parents[2] / "docs"
PAGES = [*sorted((DOCS / "strategies").glob("*.md")), DOCS / "warm-standby.md"]
TABLE = re.compile(r"<!-- review: (?P<word>\w+) -->\n(?P<table>.*?)<!-- end -->", re.DOTALL)
IDLE = re.compile(r"<!-- idle: (?P<word>\w+) -->(?P<factor>[^<]*)<!-- end -->")
HEAD = ["| lost | what happens | back after | writes lost |", "|---|---|---|---|"]


def figures(reviewed, word):
    """What the review says of the stage of that name of `app.py`."""
    return [
        f"| {row.fault.removeprefix('loss of ')} | {row.outcome} | {row.rto} | {row.rpo} |"
        for row in rows(reviewed)
        if row.workload == f"{word}/Shop"
    ]


@pytest.mark.parametrize(
    ("word", "table"),
    [found.groups() for page in PAGES for found in TABLE.finditer(page.read_text("utf-8"))],
    ids=lambda value: value if value.isalnum() else "",
)
def test_the_figures_of_a_page_are_those_of_the_review(reviewed, word, table):
    assert table.splitlines() == [*HEAD, *figures(reviewed, word)]


@pytest.mark.capability("DR-19")
def test_what_a_page_says_of_the_idle_cost_is_what_advice_says():
    told = {word: cost for page in PAGES for word, cost in IDLE.findall(page.read_text("utf-8"))}

    assert {"MultiAz", "PilotLight", "WarmStandby", "MultiSite"} <= told.keys()
    assert told == {word: idle(word) for word in told}


def idle(word):
    [standby] = [one for one in LADDER if one.word == word]
    cost = factor(standby).value
    return f"{cost.low:g}" if cost.low == cost.high else f"{cost.low:g} to {cost.high:g}"
