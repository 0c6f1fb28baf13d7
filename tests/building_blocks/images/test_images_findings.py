"""Validators and this family: nothing to find."""

from __future__ import annotations


def test_cdk_nag_and_the_cdk_itself_find_nothing(world, findings):
    ours = [found for found in findings(world.app) if not found[1].startswith("Frankfurt/")]  # a user's own group

    assert ours == []


def test_cfn_lint_finds_nothing(world, lint):
    assert lint(world.template) == []
