"""What others' rules say of the reference stacks: nothing that is not acknowledged beside its resource."""

from __future__ import annotations

import pytest
import validators


@pytest.mark.parametrize("flags", validators.FLAG_SETS)
def test_cdk_nag_and_the_cdk_find_nothing(synthesize, flags):
    assert validators.findings(synthesize(flags=flags).app) == []


def test_a_zone_of_ones_own_has_to_be_pinned_and_is_fine_otherwise(synthesize):
    found = validators.findings(synthesize(hosted_zone_id=None).app)

    assert {rule for rule, _ in found} == {"cross-region-weak-reference"}


def test_cfn_lint_finds_nothing(standby):
    assert {name: found for name, template in standby.templates.items() if (found := validators.lint(template))} == {}
