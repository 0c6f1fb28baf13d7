"""Which Region serves, when only failover records tell: no metadata of ours stands in these templates."""

from __future__ import annotations

from typing import Any

import pytest

from cdk_standby_review.faults import outcomes
from cdk_standby_review.graph import Graph

IRELAND, FRANKFURT = "eu-west-1", "eu-central-1"
FAILOVER = ({"Failover": "PRIMARY"}, {"Failover": "SECONDARY"})


def record(make: Any, region: str, name: str = "shop.example.com", **policy: Any) -> dict[str, Any]:
    target = {"DNSName": f"dualstack.shop-1.{region}.elb.amazonaws.com"}
    return make.resource("AWS::Route53::RecordSet", Name=name, Type="A", AliasTarget=target, **policy)


def graph_of(make: Any, records: dict[str, Any], *more: Any, **standby: Any) -> Graph:
    sites = [
        make.template(make.network(region=at) | make.balancer() | make.group("a"), region=at, **standby)
        for at in (IRELAND, FRANKFURT)
    ]
    return Graph([*sites, make.template(records, region="us-east-1"), *more])


def pair(
    make: Any, policies: Any = FAILOVER, *, first: str = IRELAND, name: str = "shop.example.com"
) -> dict[str, Any]:
    second = FRANKFURT if first == IRELAND else IRELAND
    return {
        f"{name}{n}": record(make, at, name, SetIdentifier=at, **policy)
        for n, (at, policy) in enumerate(zip((first, second), policies, strict=True))
    }


def grouped(make: Any) -> dict[str, Any]:
    sets = [each["Properties"] for each in pair(make).values()]
    return {"Names": make.resource("AWS::Route53::RecordSetGroup", RecordSets=sets)}


def through_the_accelerator(make: Any) -> dict[str, Any]:
    endpoints = make.resource("AWS::GlobalAccelerator::EndpointGroup", EndpointGroupRegion=FRANKFURT)
    return {**pair(make), "Endpoints": endpoints}


@pytest.mark.parametrize(
    ("records", "active"),
    [
        (pair, IRELAND),
        (lambda m: pair(m, first=FRANKFURT), FRANKFURT),
        (grouped, IRELAND),
        (lambda m: pair(m) | pair(m, name="api.example.com"), IRELAND),
        (lambda m: pair(m) | pair(m, name="api.example.com", first=FRANKFURT), ""),
        (lambda m: pair(m, ({"Weight": 1}, {"Weight": 1})), ""),
        (lambda m: pair(m, ({"Region": IRELAND}, {"Region": FRANKFURT})), ""),
        (lambda m: pair(m) | pair(m, ({"Weight": 1}, {"Weight": 1}), name="api.example.com"), ""),
        (lambda m: {"Alone": record(m, IRELAND, Failover="PRIMARY")}, ""),
        (lambda m: pair(m, FAILOVER) | {"More": record(m, "us-east-2", "x.example.com", Failover="PRIMARY")}, ""),
        (through_the_accelerator, ""),
    ],
    ids=[
        "a pair", "the other way round", "in a group of records", "pairs that agree", "pairs that do not agree",
        "weights", "latencies", "weights of another name", "no secondary", "a target that is not known",
        "an accelerator leads to both",
    ],
)  # fmt: skip
def test_the_region_of_the_primary_records_serves_when_all_agree(make, records, active):
    graph = graph_of(make, records(make))

    assert {each.active for each in graph.deployments} == {active}


def test_a_third_region_leaves_it_open(make):
    graph = graph_of(make, pair(make), make.template(make.group("a"), region="eu-north-1"))

    assert graph.deployments[0].active == ""


def test_another_way_in_beside_the_records_leaves_it_open(make):
    other = {"Other": make.balancer()["Balancer"]}

    graph = graph_of(make, pair(make), make.template(other, region=FRANKFURT, name="another-app"))

    assert graph.deployments[0].active == ""


def test_metadata_is_never_overruled(make):
    graph = graph_of(make, pair(make), workload="shop", strategy="multi-site")

    assert {each.active for each in graph.deployments} == {""}


def test_what_waits_by_its_record_stops_nobody_and_the_report_says_by_which(make):
    found = outcomes(graph_of(make, pair(make)))

    lost = {
        o.case.region: o.judgement for o in found if o.resource.logical_id == "Group" and o.case.region == o.case.where
    }
    zones = {o.case.zone: o.judgement for o in found if o.resource.logical_id == "Group" and o.case.zone.endswith("a")}

    name = "stack-us-east-1/shop.example.com0"
    assert lost[FRANKFURT].says == f"eu-west-1 serves, as the PRIMARY record {name} says; what stood here was waiting"
    assert (zones[f"{IRELAND}a"].vital, zones[f"{FRANKFURT}a"].vital) == (True, False)
    assert zones[f"{FRANKFURT}a"].evidence["waits, by record"] == name
