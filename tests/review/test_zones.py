"""Every zone that a template names is one that can be lost, by whatever property it is named."""

from __future__ import annotations

from typing import Any

import pytest

from cdk_standby_review import review_templates
from cdk_standby_review.faults import outcomes
from cdk_standby_review.graph import Graph

IN_B: dict[str, tuple[str, dict[str, Any]]] = {
    "a file system of one zone": ("AWS::EFS::FileSystem", {"AvailabilityZoneName": "eu-west-1b"}),
    "a group": ("AWS::AutoScaling::AutoScalingGroup", {"AvailabilityZones": ["eu-west-1b"], "MinSize": "2"}),
    "a cache": (
        "AWS::ElastiCache::CacheCluster",
        {"Engine": "memcached", "NumCacheNodes": 2, "PreferredAvailabilityZone": "eu-west-1b"},
    ),
}


@pytest.mark.parametrize("what", IN_B)
def test_a_zone_that_no_subnet_names_is_lost_too(make: Any, what: str) -> None:
    kind, properties = IN_B[what]
    subnet = make.resource("AWS::EC2::Subnet", AvailabilityZone="eu-west-1a")

    found = outcomes(Graph([make.template({"Subnet": subnet, "Alone": make.resource(kind, **properties)})]))

    fates = {o.case.zone: str(o.fate) for o in found if o.case.zone and o.resource.logical_id == "Alone"}
    assert fates.keys() == {"eu-west-1a", "eu-west-1b"}
    assert fates["eu-west-1b"] in {"lost", "recovers by runbook"}


@pytest.mark.parametrize(
    ("kind", "properties", "said"),
    [
        (
            "AWS::EFS::FileSystem",
            {"AvailabilityZoneName": "eu-west-1b"},
            "it waits for somebody (restored from an automatic backup): the loss of a zone stops it",
        ),
        (
            "AWS::ElastiCache::CacheCluster",
            {"Engine": "redis", "NumCacheNodes": 1},
            "its one node comes back empty; no snapshot holds its data: the loss of a zone stops it",
        ),
    ],
)
def test_a_store_of_one_zone_says_what_becomes_of_it(
    make: Any, kind: str, properties: dict[str, Any], said: str
) -> None:
    found = review_templates([make.template({"Alone": make.resource(kind, **properties)})]).findings

    assert [f.message for f in found if f.rule == "store-single-zone"] == [said]


def test_a_cache_that_is_filled_anew_may_stand_in_one_zone(make: Any) -> None:
    cache = make.resource("AWS::ElastiCache::CacheCluster", Engine="memcached", NumCacheNodes=2)

    assert review_templates([make.template({"Cache": cache})]).findings == ()
