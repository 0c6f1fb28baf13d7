"""Groups that are pinned to a zone each, and what the review says when one of the zones is lost."""

from __future__ import annotations

from typing import Any

import pytest

from cdk_standby_review.faults import outcomes, unknown_types
from cdk_standby_review.graph import Graph

A = "eu-west-1a"
TEMPLATE = {"LaunchTemplateId": {"Ref": "Template"}, "Version": "1"}


def pinned(m: Any, *, zones: str = "abc", minimum: int = 2, **properties: Any) -> dict[str, Any]:
    """A group in each zone, of one launch template."""
    groups = {
        f"Group{zone.upper()}": m.group(zone, minimum, LaunchTemplate=TEMPLATE, **properties)["Group"] for zone in zones
    }
    return {"Template": m.resource("AWS::EC2::LaunchTemplate"), **groups}


def alien(m: Any) -> dict[str, Any]:
    """A group in another zone that runs something else."""
    other = m.group("b", 2, LaunchTemplate={"LaunchTemplateId": {"Ref": "Other"}, "Version": "1"})["Group"]
    return pinned(m, zones="a") | {"Other": m.resource("AWS::EC2::LaunchTemplate"), "GroupB": other}


def mixed(m: Any) -> dict[str, Any]:
    policy = {"LaunchTemplate": {"LaunchTemplateSpecification": TEMPLATE, "Overrides": []}}
    groups = {f"Group{z.upper()}": m.group(z, 2, MixedInstancesPolicy=policy)["Group"] for z in "ab"}
    return {"Template": m.resource("AWS::EC2::LaunchTemplate"), **groups}


@pytest.mark.parametrize(
    ("build", "fate"),
    [
        (pinned, "survives"),
        (mixed, "survives"),
        (lambda m: pinned(m, zones="a"), "lost"),
        (lambda m: pinned(m, minimum=0), "survives"),
        (alien, "lost"),
    ],
    ids=["a copy in each zone", "copies of several types", "no copy", "none of them runs", "another group"],
)
def test_a_pinned_group_is_as_good_as_its_copies_elsewhere(make, fates, build, fate):
    found = fates(make.template(make.network() | build(make)))

    assert found["zone", A, "GroupA"] == fate


@pytest.mark.capability("CMP-12")
def test_the_review_says_who_serves_when_the_zone_of_a_group_is_lost(make):
    graph = Graph([make.template(make.network() | pinned(make))])

    (said,) = {
        o.judgement.says
        for o in outcomes(graph)
        if str(o.case.fault) == "zone" and o.case.zone == A and o.resource.logical_id == "GroupA"
    }

    assert said == "its copies in eu-west-1b, eu-west-1c serve; it comes back with its zone"


@pytest.mark.capability("CMP-12")
def test_groups_in_one_zone_are_no_finding_when_there_is_one_in_each(make, broken):
    found = broken(make.template(make.network() | pinned(make)))

    assert [one for one in found if one[0] == "autoscaling-single-zone"] == []


@pytest.mark.capability("CMP-16")
def test_a_group_that_names_a_launch_configuration_is_found_out(make, broken):
    named = make.group(LaunchConfigurationName="old")

    found = broken(make.template(make.network() | named))

    assert ("launch-configuration", "Group") in found


def test_what_belongs_to_groups_is_known(make):
    kinds = ["LifecycleHook", "ScalingPolicy", "ScheduledAction", "WarmPool"]
    parts = {f"Part{n}": make.resource(f"AWS::AutoScaling::{kind}") for n, kind in enumerate(kinds)}

    assert unknown_types(Graph([make.template(pinned(make) | parts)])) == {}
