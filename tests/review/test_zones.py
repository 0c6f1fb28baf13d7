"""Every zone that a template names is one that can be lost, by whatever property it is named."""

from __future__ import annotations

from typing import Any

import pytest

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
