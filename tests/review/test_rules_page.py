"""Every rule is told to people: what it finds, why that is bad, what puts it right, and the page behind it."""

from __future__ import annotations

import pytest

import rule_table
from cdk_standby_review import RULES
from cdk_standby_review.acknowledgements import KNOWN


def test_the_page_has_every_rule_as_it_is():
    assert rule_table.PAGE.read_text("utf-8") == rule_table.page(), "run python tools/rule_table.py"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_says_what_it_finds_and_what_puts_it_right(rule):
    assert (rule.finds.__doc__ or "").strip()
    assert rule_table.fixes(rule)


def test_everything_that_can_be_acknowledged_is_on_the_page():
    page = rule_table.PAGE.read_text("utf-8")

    assert [rule for rule in sorted(KNOWN) if f"`{rule}`" not in page] == []


def test_no_two_rules_have_one_id():
    assert len({rule.id for rule in RULES}) == len(RULES)


def test_the_fix_of_a_finding_is_the_one_that_the_page_shows():
    shown = rule_table.fixes(next(rule for rule in RULES if rule.id == "standby-maximum"))

    assert shown == ["set MaxSize to ..."]
