"""Load balancers as AWS documents their fate, and what the review says about them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cdk_standby_review.faults import outcomes, unknown_types
from cdk_standby_review.graph import Graph
from cdk_standby_review.rules import check

A, B = "eu-west-1a", "eu-west-1b"
_NLB = "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/availability-zones.html"
_GWLB = "https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-load-balancer-endpoints.html"
_CLASSIC = "https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/enable-disable-az.html"
Build = Callable[[Any], dict[str, Any]]


def network_balancer(m: Any, zones: str = "abc", crosses: str | None = None) -> dict[str, Any]:
    attributes = [{"Key": "load_balancing.cross_zone.enabled", "Value": crosses}] if crosses else []
    mappings = [{"SubnetId": subnet} for subnet in m.subnets(zones)]
    return {
        "Balancer": m.resource(
            "AWS::ElasticLoadBalancingV2::LoadBalancer",
            Type="network",
            SubnetMappings=mappings,
            LoadBalancerAttributes=attributes,
        )
    }


def gateway_balancer(m: Any, **properties: Any) -> dict[str, Any]:
    found = m.resource("AWS::ElasticLoadBalancingV2::LoadBalancer", Type="gateway", Subnets=m.subnets("ab"))
    service = m.resource("AWS::EC2::VPCEndpointService", GatewayLoadBalancerArns=[{"Ref": "Balancer"}], **properties)
    allowed = m.resource("AWS::EC2::VPCEndpointServicePermissions", ServiceId={"Ref": "Service"})
    return {"Balancer": found, "Service": service, "Allowed": allowed}


def endpoint(m: Any) -> dict[str, Any]:
    return {"Balancer": m.resource("AWS::EC2::VPCEndpoint", VpcEndpointType="GatewayLoadBalancer",
                                   SubnetIds=m.subnets("a"))}  # fmt: skip


def classic(m: Any, zones: str = "ab") -> dict[str, Any]:
    return {"Balancer": m.resource("AWS::ElasticLoadBalancing::LoadBalancer", Subnets=m.subnets(zones))}


# (what, what stands there, the zone that is lost, fate, where AWS says so)
TRUTH: list[tuple[str, Build, str, str, str]] = [
    ("a network balancer over three zones, mapped", network_balancer, A, "survives", _NLB),
    ("a network balancer that is not in the zone", lambda m: network_balancer(m, "bc"), A, "survives", _NLB),
    ("a gateway balancer over two zones", gateway_balancer, A, "survives", _GWLB),
    ("a gateway endpoint, its zone lost", endpoint, A, "lost", _GWLB),
    ("a gateway endpoint, another zone lost", endpoint, B, "survives", _GWLB),
    ("a classic balancer in one zone", lambda m: classic(m, "a"), A, "lost", _CLASSIC),
    ("a classic balancer over two zones", classic, A, "survives", _CLASSIC),
]


@pytest.mark.parametrize(("what", "build", "zone", "fate", "source"), TRUTH, ids=[t[0] for t in TRUTH])
def test_the_review_judges_as_aws_documents(what, build, zone, fate, source, make, fates):
    found = fates(make.template(make.network() | build(make)))

    assert found.get(("zone", zone, "Balancer"), "survives") == fate
    assert source.startswith("https://docs.aws.amazon.com/")


@pytest.mark.capability("CMP-25")
@pytest.mark.parametrize(
    ("crosses", "says"),
    [
        ("true", "its nodes in other zones answer; requests to the lost one fail until DNS drops it"),
        (None, "its nodes in other zones answer, each over the targets of its own zone; the lost one's address fails "
               "until DNS drops it"),
    ],
)  # fmt: skip
def test_a_network_balancer_that_keeps_zones_apart_is_told_from_one_that_does_not(crosses, says, make):
    graph = Graph([make.template(make.network() | network_balancer(make, crosses=crosses))])

    [found] = [o for o in outcomes(graph) if o.resource.logical_id == "Balancer" and o.case.zone == A]

    assert found.judgement.says == says
    assert found.judgement.rto.high == 120


@pytest.mark.capability("CMP-22")
def test_a_classic_balancer_is_found_with_its_fix(make):
    graph = Graph([make.template(make.network() | classic(make))])

    [found] = [finding for finding in check(graph) if finding.rule == "classic-load-balancer"]

    assert found.message == (
        "it is a Classic Load Balancer, of the previous generation: it can neither be shifted out of a zone nor "
        "protected from deletion, and knows no target health thresholds"
    )
    assert found.fix == (
        "an AWS::ElasticLoadBalancingV2::LoadBalancer: application for HTTP, network for TCP, UDP and TLS"
    )


def test_what_belongs_to_them_is_known(make):
    graph = Graph([make.template(make.network() | gateway_balancer(make))])

    assert not unknown_types(graph)
