"""What carries a recovery out, practises it or assesses it holds no state, and has no fate of its own."""

from __future__ import annotations

import pytest

from cdk_standby_review.knowledge import JUDGES, is_glue


@pytest.mark.parametrize(
    "kind",
    [
        "AWS::ARCRegionSwitch::Plan",
        "AWS::FIS::ExperimentTemplate",
        "AWS::ResilienceHub::ResiliencyPolicy",
        "AWS::ResilienceHubV2::Policy",
        "AWS::ResilienceHubV2::Service",
    ],
)
def test_plans_experiments_and_policies_are_known_and_not_judged(kind):
    assert is_glue(kind)
    assert kind not in JUDGES
