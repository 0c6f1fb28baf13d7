"""Routing controls: turned in five Regions, never all off, followed by health checks."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_route53 as route53
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cdk_standby._checks import InvalidOptions
from cdk_standby.edge.records import Alias, WeightedAnswer, WeightedRecords
from cdk_standby.edge.routing_controls import RoutingControls
from cdk_standby_review.facts import Range
from cdk_standby_review.facts import arc as facts

CELLS = ["eu-west-1", "eu-central-1"]
CLUSTER = "arn:aws:route53-recovery-control::111111111111:cluster/01234567-89ab-cdef-0123-456789abcdef"
GUIDE = "https://docs.aws.amazon.com/r53recovery/latest/dg/"
ARC = "AWS::Route53RecoveryControl::"


@pytest.fixture(scope="module")
def world(make_stack: Callable[..., cdk.Stack], template: Callable[..., Any]) -> SimpleNamespace:
    """Controls with a cluster of their own and a gate, and others in a shared cluster."""
    stack = make_stack(region="us-west-2", name="Controls")
    cdk.Tags.of(stack).add("Team", "shop")
    controls = RoutingControls(stack, "Shop", name="shop", cells=CELLS, gate="by-hand", dual_stack=True)
    shared = RoutingControls(
        stack, "Desk", name="desk", cells=[*CELLS, "us-east-1"], at_least_on=2, cluster_arn=CLUSTER,
        wait=cdk.Duration.seconds(1),
    )  # fmt: skip
    zone = route53.HostedZone.from_hosted_zone_attributes(
        stack, "Zone", hosted_zone_id="Z0123456789ABCDEFGHIJ", zone_name="example.com"
    )
    records = WeightedRecords(
        stack,
        "Records",
        hosted_zone=zone,
        domain="shop.example.com",
        answers=[
            WeightedAnswer(
                id=cell, weight=50, leads_to=Alias(name=f"{cell}.shop.example.com"), check=controls.checks[cell]
            )
            for cell in CELLS
        ],
    )
    granted = controls.grant_flip(iam.Role(stack, "OnCall", assumed_by=iam.AccountRootPrincipal()))
    return SimpleNamespace(controls=controls, shared=shared, records=records, granted=granted, made=template(stack))


@pytest.fixture(scope="module")
def properties(world: SimpleNamespace) -> Callable[[str], dict[str, Any]]:
    """Of the resources of a kind, by logical id."""
    return lambda kind: {
        name: r["Properties"] for name, r in world.made["Resources"].items() if r["Type"] == ARC + kind
    }


@pytest.mark.capability("DR-07")
def test_each_cell_has_a_control_and_a_health_check_that_follows_it(world, properties, resources):
    controls = properties("RoutingControl")
    followed = [
        r["HealthCheckConfig"]["RoutingControlArn"]["Fn::GetAtt"][0]
        for r in resources(world.made, "AWS::Route53::HealthCheck").values()
        if r["HealthCheckConfig"]["Type"] == "RECOVERY_CONTROL"
    ]

    assert [c["Name"] for c in controls.values()] == [*CELLS, "by-hand", *CELLS, "us-east-1"]
    assert [controls[name]["Name"] for name in followed] == [*CELLS, *CELLS, "us-east-1"]
    assert [*world.controls.checks] == CELLS


@pytest.mark.capability("DR-07")
def test_a_safety_rule_keeps_one_cell_on(properties):
    rules = [*properties("SafetyRule").values()]

    asserted = [
        (r["RuleConfig"], len(r["AssertionRule"]["AssertedControls"]), r["AssertionRule"]["WaitPeriodMs"])
        for r in rules
        if "AssertionRule" in r
    ]
    assert asserted == [
        ({"Inverted": False, "Threshold": 1, "Type": "ATLEAST"}, 2, 5000),
        ({"Inverted": False, "Threshold": 2, "Type": "ATLEAST"}, 3, 1000),
    ]


def test_a_gate_stands_before_all_cells(world, properties):
    controls = properties("RoutingControl")
    [gating] = [r["GatingRule"] for r in properties("SafetyRule").values() if "GatingRule" in r]

    assert [controls[one["Fn::GetAtt"][0]]["Name"] for one in gating["GatingControls"]] == ["by-hand"]
    assert [controls[one["Fn::GetAtt"][0]]["Name"] for one in gating["TargetControls"]] == CELLS
    assert world.shared.gate is None


def test_a_tag_never_replaces_a_cluster(properties):
    [cluster] = properties("Cluster").values()

    assert cluster == {"Name": "shop", "NetworkType": "DUALSTACK"}
    assert all("Tags" not in panel for panel in properties("ControlPanel").values())


def test_a_cluster_is_dear_and_can_be_shared(world, properties):
    panels = [panel["ClusterArn"] for panel in properties("ControlPanel").values()]

    assert facts.PRICE.value * 730 > 1800
    assert (world.shared.cluster, panels[1]) == (None, CLUSTER)


def test_records_move_as_soon_as_a_control_is_turned_and_forgotten(world):
    assert (world.records.detection, world.records.moves) == (facts.FLIP.value, facts.FLIP.value + Range(0, 60))


def test_who_flips_may_turn_these_controls_and_override_nothing(world):
    [statement] = world.granted.principal_statements

    assert statement.actions == [
        "route53-recovery-cluster:GetRoutingControlState",
        "route53-recovery-cluster:UpdateRoutingControlStates",
    ]
    assert len(statement.resources) == 3


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"cells": ["eu-west-1"]}, "'cells' is ['eu-west-1']; allowed: 2 to 10, because one call turns at most ten routing "
     f"controls, and fewer than two leave nowhere to go ({GUIDE}routing-control.quotas.html)"),
    ({"cells": ["a", "a"]}, "'cells' is ['a', 'a']; allowed: names that differ, from that of the gate too, because a "
     "control is known by its name (https://docs.aws.amazon.com/recovery-cluster/latest/api/cluster.html)"),
    ({"cells": ["a", "b c"]}, "'cells' is ['a', 'b c']; allowed: names of 1 to 64 characters without spaces, because "
     "names have 1 to 64 characters, none of them a space "
     "(https://docs.aws.amazon.com/recovery-cluster/latest/api/cluster.html)"),
    ({"cells": ["a", cdk.Aws.REGION]}, f"'cells' is ['a', '{cdk.Aws.REGION}']; allowed: names that are known at synth, "
     "such as Regions, because each is a part of logical ids"),
    ({"name": "my shop"}, "'name' is 'my shop'; allowed: 1 to 64 characters without spaces, because names have 1 to 64 "
     "characters, none of them a space (https://docs.aws.amazon.com/recovery-cluster/latest/api/cluster.html)"),
    ({"at_least_on": 2}, "'at_least_on' is 2; allowed: 1 to 1, because with 0 every cell may be turned off, and with "
     f"all of them none ever ({GUIDE}routing-control.safety-rules.html)"),
    ({"at_least_on": 0}, "'at_least_on' is 0; allowed: 1 to 1, because with 0 every cell may be turned off, and with "
     f"all of them none ever ({GUIDE}routing-control.safety-rules.html)"),
    ({"wait": cdk.Duration.hours(1)}, "'wait' is 1 hour; allowed: 0 to 60 seconds, because after a change a safety "
     "rule refuses the next one for a while, 5000 milliseconds unless told otherwise "
     "(https://docs.aws.amazon.com/recovery-cluster/latest/api/safetyrule.html; the upper end is this library's own)"),
    ({"cluster_arn": "shop"}, "'cluster_arn' is 'shop'; allowed: the ARN of a cluster of routing controls, because "
     "routing controls live in a cluster "
     "(https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonroute53recoverycontrols.html)"),
]  # fmt: skip


@pytest.mark.capability("DR-07")
@pytest.mark.parametrize(("options", "message"), REFUSED)
def test_controls_that_cannot_work_are_refused(make_stack, options, message):
    with pytest.raises(InvalidOptions) as error:
        RoutingControls(make_stack(region="us-west-2"), "Shop", **{"name": "shop", "cells": CELLS, **options})

    assert str(error.value) == f"Test/Shop: {message}"


def test_they_are_made_where_cloudformation_knows_them(make_stack):
    with pytest.raises(InvalidOptions) as error:
        RoutingControls(make_stack(region="eu-west-1"), "Shop", name="shop", cells=CELLS)

    assert str(error.value) == (
        "Test/Shop: 'stack' is 'eu-west-1'; allowed: a stack of us-east-1 or us-west-2, because CloudFormation has the "
        f"types of routing controls in these Regions only ({GUIDE}introduction-regions-routing.html)"
    )


names = st.sampled_from(["", "a", "b", "c d", "x" * 65, cdk.Aws.REGION])


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=names,
    cells=st.lists(names | st.sampled_from(["one", "two", "three"]), max_size=4),
    at_least_on=st.integers(-1, 4) | st.just(cdk.Token.as_number({"Ref": "On"})),
    gate=st.none() | names,
    wait=st.sampled_from([None, cdk.Duration.millis(1), cdk.Duration.days(1)]),
    cluster_arn=st.sampled_from([None, "", CLUSTER, cdk.Aws.STACK_ID]),
)
def test_any_options_are_built_or_refused(make_stack, **options):
    stack = make_stack(region=None)

    try:
        built = RoutingControls(stack, "Shop", **options)
    except InvalidOptions:
        return

    assert [*built.checks] == options["cells"]
    assert len(built.safety_rules) == (2 if options["gate"] else 1)
