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


def changing(make: Any, kind: str = "AutoScaling::ScalingPolicy", of: Any = None) -> dict[str, Any]:
    return {"Change": make.resource(f"AWS::{kind}", AutoScalingGroupName=of or {"Ref": "Group"})}


def desired(make: Any, zones: str = "ab", minimum: int = 1, **properties: Any) -> dict[str, Any]:
    return make.group(zones, minimum, **{"DesiredCapacity": "2", **properties})


SURVIVES, ITSELF = "survives", "recovers by itself"
BY_TAG = [{"Key": "k8s.io/cluster-autoscaler/enabled", "Value": "true"}]


@pytest.mark.parametrize(
    ("build", "fate"),
    [
        (desired, SURVIVES),
        (lambda m: desired(m) | changing(m), ITSELF),
        (lambda m: desired(m) | changing(m, "AutoScaling::ScheduledAction"), ITSELF),
        (lambda m: desired(m, AutoScalingGroupName="web") | changing(m, of="web"), ITSELF),
        (lambda m: desired(m) | changing(m, of={"Ref": "OfADeployment"}), ITSELF),
        (lambda m: desired(m, AutoScalingGroupName="web") | changing(m, of="another"), SURVIVES),
        (lambda m: desired(m) | changing(m, "AutoScalingPlans::ScalingPlan"), ITSELF),
        (lambda m: desired(m, Tags=BY_TAG), ITSELF),
        (lambda m: desired(m, DesiredCapacity={"Ref": "OfADeployment"}), ITSELF),
        (lambda m: desired(m, "a", 0), "lost"),
    ],
    ids=[
        "nothing scales it", "a policy", "a schedule", "a policy by name", "a policy of nobody knows which",
        "a policy of another", "a plan", "the autoscaler of Kubernetes", "a number that a deployment tells",
        "none at least, two desired",
    ],
)  # fmt: skip
def test_a_group_stays_at_what_is_desired_when_nothing_scales_it(make, fates, build, fate):
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/asg-capacity-limits.html"""
    found = fates(make.template(make.network("ab") | build(make)))

    assert found["zone", A, "Group"] == fate


def test_the_evidence_tells_what_is_desired_beside_the_minimum(make):
    graph = Graph([make.template(make.network("ab") | desired(make))])

    [one] = [o for o in outcomes(graph) if o.case.zone == A and o.resource.logical_id == "Group"]

    assert (one.judgement.evidence["MinSize"], one.judgement.evidence["DesiredCapacity"]) == (1, 2)


def test_a_group_that_stays_at_two_has_something_left(make, broken):
    still, moving = (
        broken(make.template(make.network("ab") | r)) for r in (desired(make), desired(make) | changing(make))
    )

    assert [("capacity-zone-loss", "Group") in found for found in (still, moving)] == [False, True]
