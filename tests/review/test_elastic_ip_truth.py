"""A server with a spare in another zone, as the review sees it."""

from __future__ import annotations

from typing import Any

import pytest

from cdk_standby_review.faults import outcomes, unknown_types
from cdk_standby_review.graph import Graph

A = "eu-west-1a"
PAIR = {"cdk-standby:spare": "Servers"}
LED = {**PAIR, "cdk-standby:takeover": "Web"}


def servers(make: Any, tags: dict[str, str], zones: str = "ab", spare: int = 1) -> dict[str, Any]:
    """Two groups of one with a shared launch template, each in its zone."""
    said = [{"Key": key, "Value": value, "PropagateAtLaunch": True} for key, value in tags.items()]

    def group(zone: str, minimum: int) -> Any:
        return make.resource(
            "AWS::AutoScaling::AutoScalingGroup", MinSize=str(minimum), MaxSize="1", Tags=said,
            VPCZoneIdentifier=make.subnets(zone), LaunchTemplate={"LaunchTemplateId": {"Ref": "Template"}},
        )  # fmt: skip

    template = make.resource("AWS::EC2::LaunchTemplate")
    return {"Template": template, "First": group(zones[0], 1), "Second": group(zones[1], spare)}


@pytest.mark.capability("CMP-07")
@pytest.mark.parametrize(
    ("given", "fault", "place", "fate"),
    [
        ({"tags": LED}, "zone", A, "recovers by itself"),
        ({"tags": LED, "spare": 0}, "zone", A, "recovers by itself"),
        ({"tags": LED}, "instance", "", "recovers by itself"),
        ({"tags": PAIR}, "zone", A, "recovers by runbook"),
        ({"tags": LED, "zones": "aa"}, "zone", A, "lost"),
        ({"tags": {}}, "zone", A, "survives"),
    ],
    ids=["runs", "rests", "an instance", "nobody leads there", "in the same zone", "no spare but a copy"],
)
def test_a_spare_in_another_zone_takes_over(make, fates, given, fault, place, fate):
    template = make.template(make.network("ab") | servers(make, **given))

    found = fates(template)

    assert found[fault, place, "First"] == fate


def test_a_spare_that_has_to_boot_takes_longer(make):
    times = {}
    for spare in (1, 0):
        graph = Graph([make.template(make.network("ab") | servers(make, LED, spare=spare))])
        [zone] = [o for o in outcomes(graph) if o.resource.logical_id == "First" and o.case.where == A]
        times[spare] = (zone.judgement.rto.low, zone.judgement.rto.high)

    assert times == {1: (122, 315), 0: (212, 675)}


def test_everything_around_an_address_is_known(make):
    kinds = ("EC2::EIP", "FIS::ExperimentTemplate", "SSM::Document", "SSM::Parameter", "AutoScaling::WarmPool")
    made = {kind.split("::")[1]: make.resource(f"AWS::{kind}") for kind in kinds}

    assert list(unknown_types(Graph([make.template(made)]))) == []


def test_nobody_asks_a_server_with_a_spare_to_stand_in_three_zones(make, broken):
    templates = {name: make.template(make.network("ab") | servers(make, tags, spare=0)) for name, tags in TAGS.items()}

    found = {name: ("autoscaling-single-zone", "First") in broken(one) for name, one in templates.items()}

    assert found == {"spared": False, "alone": True}


TAGS: dict[str, dict[str, str]] = {"spared": PAIR, "alone": {}}
