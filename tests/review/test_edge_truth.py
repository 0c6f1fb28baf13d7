"""CloudFront and Global Accelerator as AWS documents their fate, and what the review says about them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cdk_standby_review.faults import outcomes, unknown_types
from cdk_standby_review.graph import Graph

IRELAND, FRANKFURT = "eu-west-1", "eu-central-1"
SURVIVES, LOST = "survives", "lost"
_CDN = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/high_availability_origin_failover.html"
_GLOBAL = "https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/global-services.html"
_GA = (
    "https://docs.aws.amazon.com/global-accelerator/latest/dg/about-endpoints-endpoint-weights.unhealthy-endpoints.html"
)
Build = Callable[[Any], dict[str, Any]]
"""What stands in the stack outside of both Regions."""


def site(m: Any, *names: str, codes: tuple[int | str, ...] = (500, 503, "504")) -> dict[str, Any]:
    origins = [{"Id": f"o{n}", "DomainName": name} for n, name in enumerate(names)]
    members = [{"OriginId": origin["Id"]} for origin in origins]
    on = {"StatusCodes": {"Items": list(codes)}}
    groups = {"Items": [{"Id": "both", "Members": {"Items": members}, "FailoverCriteria": on}]} if names[1:] else {}
    config = {
        "Origins": origins,
        "OriginGroups": groups,
        "DefaultCacheBehavior": {"TargetOriginId": "both" if groups else "o0"},
    }
    return {"Site": m.resource("AWS::CloudFront::Distribution", DistributionConfig=config)}


def entrance(m: Any, there: int | None, *, dial: int = 100) -> dict[str, Any]:
    def group(region: str, weight: int, dial: int = 100) -> dict[str, Any]:
        return m.resource(
            "AWS::GlobalAccelerator::EndpointGroup",
            ListenerArn={"Ref": "Listener"},
            EndpointGroupRegion=region,
            TrafficDialPercentage=dial,
            EndpointConfigurations=[{"EndpointId": f"arn-{region}", "Weight": weight}],
        )

    found = {
        "Accelerator": m.resource("AWS::GlobalAccelerator::Accelerator", Name="shop"),
        "Listener": m.resource("AWS::GlobalAccelerator::Listener", AcceleratorArn={"Ref": "Accelerator"}),
        "Here": group(IRELAND, 128),
    }
    return found if there is None else {**found, "There": group(FRANKFURT, there, dial)}


BOTH = (f"{IRELAND}.shop.example.com", f"{FRANKFURT}.shop.example.com")
# (what, what stands outside of both Regions, fault, place, logical id, fate, where AWS says so)
TRUTH: list[tuple[str, Build, str, str, str, str, str]] = [
    ("a distribution with two origins, the secondary's Region lost", lambda m: site(m, *BOTH), "region", FRANKFURT,
     "Site", SURVIVES, _CDN),
    ("a distribution with two origins, that does not fail over when one times out",
     lambda m: site(m, *BOTH, codes=(500, 502, 503)), "region", IRELAND, "Site", LOST, _CDN),
    ("a distribution with a name that fails over itself", lambda m: site(m, "shop.example.com"), "region", IRELAND,
     "Site", SURVIVES, _GLOBAL),
    ("a distribution, its own control plane's Region lost", lambda m: site(m, *BOTH), "region", "us-east-1", "Site",
     SURVIVES, _GLOBAL),
    ("an endpoint group alone, its Region lost", lambda m: entrance(m, None), "region", IRELAND, "Here", LOST, _GA),
    ("an endpoint group, another Region lost", lambda m: entrance(m, 128), "region", FRANKFURT, "Here", SURVIVES, _GA),
    ("an accelerator, a Region lost", lambda m: entrance(m, 128), "region", IRELAND, "Accelerator", SURVIVES, _GLOBAL),
]  # fmt: skip


def judged(make: Any, build: Build) -> list[Any]:
    """Both sites, and a stack in us-east-1 that leads to them."""
    sites = [make.template(make.network(region=region), region=region) for region in (IRELAND, FRANKFURT)]
    return [*sites, make.template(build(make), region="us-east-1")]


@pytest.mark.parametrize(
    ("what", "build", "fault", "place", "logical_id", "fate", "source"), TRUTH, ids=[t[0] for t in TRUTH]
)
def test_the_review_judges_as_aws_documents(what, build, fault, place, logical_id, fate, source, make, fates):
    found = fates(*judged(make, build))

    assert found[fault, place, logical_id] == fate


def test_every_truth_has_an_aws_page():
    assert [what for what, *_, source in TRUTH if not source.startswith("https://docs.aws.amazon.com/")] == []


@pytest.mark.capability("DR-23")
def test_the_review_says_that_a_dial_of_zero_does_not_keep_traffic_away(make):
    found = outcomes(Graph(judged(make, lambda m: entrance(m, 128, dial=0))))

    [moved] = [o for o in found if str(o.case) == "loss of eu-west-1" and o.resource.logical_id == "Here"]
    assert moved.judgement.says == "new connections go to eu-central-1, whatever the dial there"
    assert (moved.judgement.rto.low, moved.judgement.rto.high) == (60, 130)
    assert moved.source == _GA


def test_what_belongs_to_them_is_known(make):
    kinds = [
        "CloudFront::CachePolicy", "CloudFront::MonitoringSubscription", "CloudFront::OriginAccessControl",
        "CloudFront::OriginRequestPolicy", "CloudFront::ResponseHeadersPolicy", "Logs::Delivery",
        "Logs::DeliveryDestination", "Logs::DeliverySource",
    ]  # fmt: skip
    parts = {f"Part{n}": make.resource(f"AWS::{kind}") for n, kind in enumerate(kinds)}

    assert unknown_types(Graph([make.template(site(make, *BOTH) | entrance(make, 128) | parts)])) == {}
