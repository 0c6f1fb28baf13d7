"""Resilience Hub is told what was promised, and nothing that was not."""

from __future__ import annotations

import contextlib
from types import SimpleNamespace

import pytest
from aws_cdk import Token
from hypothesis import given, settings
from hypothesis import strategies as st
from resilient import WHOLE, ZONE

from cdk_standby._checks import InvalidOptions
from cdk_standby.resilience.resilience_policy import ResiliencePolicy
from cdk_standby_review.objectives import Objectives

PILLAR = "https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/availability.html"
TEMPLATES = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/"


@pytest.fixture(scope="module")
def built(made, resources):
    policies = {one["Name"]: one for one in resources(made.policies, "AWS::ResilienceHubV2::Policy").values()}
    return SimpleNamespace(template=made.policies, policies=policies)


@pytest.mark.capability("DR-01")
@pytest.mark.capability("DR-02")
def test_the_classic_policy_says_the_promises_to_the_second(built, resources):
    [classic] = resources(built.template, "AWS::ResilienceHub::ResiliencyPolicy").values()

    assert classic["Policy"] == {
        "AZ": {"RtoInSecs": 300, "RpoInSecs": 0},
        "Hardware": {"RtoInSecs": 300, "RpoInSecs": 0},
        "Region": {"RtoInSecs": 1800, "RpoInSecs": 90},
        "Software": {"RtoInSecs": 28800, "RpoInSecs": 86400},
    }


@pytest.mark.capability("DR-24")
def test_the_next_generation_says_them_in_minutes_with_the_strategy(built):
    kept = ("MultiAz", "MultiRegion", "DataRecovery", "AvailabilitySlo")

    assert {key: built.policies["shop"].get(key) for key in kept} == {
        "MultiAz": {"RtoInMinutes": 5, "RpoInMinutes": 0},
        "MultiRegion": {"RtoInMinutes": 30, "RpoInMinutes": 2, "DisasterRecoveryApproach": "WARM_STANDBY"},
        "DataRecovery": {"TimeBetweenBackupsInMinutes": 1440},
        "AvailabilitySlo": {"Target": 99.995},
    }


def test_what_nobody_promised_is_in_no_policy(built, resources):
    assert set(built.policies["zone"]) == {"Name", "Description", "MultiAz"}
    assert [
        one["PolicyName"] for one in resources(built.template, "AWS::ResilienceHub::ResiliencyPolicy").values()
    ] == ["shop"]


def test_the_workload_is_found_by_its_tag_in_every_region_and_read_only(built, resources):
    [service] = resources(built.template, "AWS::ResilienceHubV2::Service").values()

    assert service["Regions"] == ["eu-west-1", "eu-central-1"]
    assert service["InputSources"] == [
        {"ResourceConfiguration": {"ResourceTags": [{"Key": "cdk-standby:experiments", "Values": ["shop"]}]}}
    ]
    assert service["Assertions"] == [{"Text": "The cache is empty after a failover."}]


@pytest.fixture(scope="module")
def refused(make_stack):
    """`refused(name="-")`: what is wrong, line by line."""
    stack = make_stack(name="Refused")
    count = iter(range(1000))

    def run(**changes):
        with pytest.raises(InvalidOptions) as caught:
            ResiliencePolicy(stack, f"Policy{next(count)}", **{"name": "shop", "objectives": WHOLE, **changes})
        return [line.split(": ", 1)[1] for line in str(caught.value).splitlines()]

    return run


@pytest.mark.capability("DR-24")
def test_one_region_does_not_reach_more_than_it_can(refused):
    assert refused(objectives=Objectives(zone=ZONE), availability=99.999) == [
        "'availability' is 99.999; allowed: up to 99.99, or a promise for the loss of a Region, because several zones "
        f"of one Region reach 99.99 percent, and more takes a second Region ({PILLAR})"
    ]


def test_what_a_policy_cannot_be_is_told_at_once(refused):
    assert refused(name="-", objectives=Objectives(), approach="WARM_STANDBY", tier="Gold", regions=["eu-west-1"]) == [
        "'name' is '-'; allowed: 2 to 60 letters, digits, '_' and '-', starting with a letter or digit, because names "
        "of Resilience Hub hold 2 to 60 letters, digits, '_' and '-', starting with a letter or digit "
        f"({TEMPLATES}aws-resource-resiliencehub-resiliencypolicy.html)",
        "'objectives' is Objectives(instance=None, zone=None, region=None, deletion=None, account=None); allowed: a "
        "promise for the loss of a zone, or of a Region, because a policy without one promises nothing",
        "'approach' is 'WARM_STANDBY'; allowed: left out, or with a promise for the loss of a Region, because it says "
        "how another Region takes over",
        "'tier' is 'Gold'; allowed: 'MissionCritical', 'Critical', 'Important', 'CoreServices', 'NonCritical', because "
        f"Resilience Hub sorts policies by these ({TEMPLATES}aws-resource-resiliencehub-resiliencypolicy.html)",
        "'tags' is not given; allowed: together with 'regions', or neither, because resources are found by their tags, "
        f"Region by Region ({TEMPLATES}aws-resource-resiliencehubv2-service.html)",
    ]


@settings(max_examples=10, deadline=None)
@given(
    name=st.sampled_from(["", "shop", "x" * 61, Token.as_string({"Ref": "A"})]),
    objectives=st.sampled_from([WHOLE, Objectives(), Objectives(zone=ZONE)]),
    approach=st.sampled_from([None, "", "PILOT_LIGHT"]),
    availability=st.sampled_from([None, -1.0, 100.0, 99.99, 99.9999]),
    regions=st.sampled_from([[], ["nowhere"], ["eu-west-1"] * 11]),
    tags=st.sampled_from([None, {}, {"a": "b"}]),
)
def test_no_options_at_all_end_in_an_error_that_is_not_ours(make_stack, **options):
    with contextlib.suppress(InvalidOptions):
        ResiliencePolicy(make_stack(), "Policy", **options)
