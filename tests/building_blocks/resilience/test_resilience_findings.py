"""Validators find nothing in what this family makes."""

from __future__ import annotations


def test_the_validators_find_nothing(made, findings, lint):
    found = [finding for finding in findings(made.app) if not finding[1].startswith("Struck/")]

    assert found == []


def test_cfn_lint_finds_nothing(made, lint):
    here, there = (made.faults, made.policies), (made.plans, made.functions)

    assert [lint(template) for template in here] == [[], []]
    assert [lint(template, region="eu-central-1") for template in there] == [[], []]
