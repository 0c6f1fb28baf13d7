"""Validators and load balancers: nothing to find in any of them."""

from __future__ import annotations

import pytest


@pytest.mark.capability("CMP-22")
def test_cdk_nag_the_cdk_itself_and_cfn_lint_find_nothing(world, findings, lint):
    assert findings(world.app) == []
    assert lint(world.template) == []
