"""Memcached over several zones: what is there, and what is not."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2

from cdk_standby._checks import InvalidOptions
from cdk_standby.alarm_topic import AlarmTopic
from cdk_standby.caches.memcached_cache import MemcachedCache

CLUSTER = "AWS::ElastiCache::CacheCluster"
GUIDE = "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/"
CREATE = "https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateCacheCluster.html"
SHAPES: dict[str, dict[str, Any]] = {
    "Usual": {},
    "Placed": {"nodes": 4, "zones": ("eu-west-1a", "eu-west-1b", "eu-west-1c", "eu-west-1a"), "name": "placed"},
    "Lab": {
        "nodes": 1,
        "single_node_because": "a lab",
        "plaintext_because": "a client from 2012",
        "deletable_because": "a lab",
        "parameters": {"max_item_size": "2097152"},
    },
    "Large": {"nodes": 60, "more_nodes_because": "AWS raised it in 2025"},
}


def network(stack: cdk.Stack, zones: str = "abc", id: str = "Vpc") -> ec2.IVpc:
    return ec2.Vpc.from_vpc_attributes(
        stack,
        id,
        vpc_id="vpc-0123456789abcdef0",
        availability_zones=[f"eu-west-1{zone}" for zone in zones],
        isolated_subnet_ids=[f"subnet-0aaaaaaaaaaaaaaa{zone}" for zone in zones],
        isolated_subnet_route_table_ids=[f"rtb-0aaaaaaaaaaaaaaa{zone}" for zone in zones],
    )


@pytest.fixture(scope="module")
def world(make_stack: Callable[..., cdk.Stack], template: Callable[..., Any]) -> SimpleNamespace:
    stack = make_stack()
    vpc, topic = network(stack), AlarmTopic(stack, "Alarms")
    caches = {shape: MemcachedCache(stack, shape, vpc=vpc, alarms=topic, **o) for shape, o in SHAPES.items()}
    made = template(stack)
    clusters = {shape: made["Resources"][stack.get_logical_id(cache.cluster)] for shape, cache in caches.items()}
    return SimpleNamespace(stack=stack, template=made, clusters=clusters, caches=caches)


@pytest.mark.capability("MEM-05")
def test_nodes_are_spread_over_zones(world):
    usual, placed = world.clusters["Usual"]["Properties"], world.clusters["Placed"]["Properties"]

    assert (usual["AZMode"], usual["NumCacheNodes"]) == ("cross-az", 3)
    assert "PreferredAvailabilityZones" not in usual
    assert len(placed["PreferredAvailabilityZones"]) == placed["NumCacheNodes"] == 4
    assert (world.clusters["Lab"]["Properties"]["AZMode"], world.clusters["Large"]["Properties"]["NumCacheNodes"]) == (
        "single-az",
        60,
    )


def test_connections_are_encrypted_unless_a_reason_says_why_not(world):
    encrypted = {shape: one["Properties"]["TransitEncryptionEnabled"] for shape, one in world.clusters.items()}

    assert encrypted == {"Usual": True, "Placed": True, "Lab": False, "Large": True}


def test_the_cache_is_retained_with_its_parts_or_goes_with_them(world):
    kept = {shape: one["DeletionPolicy"] for shape, one in world.clusters.items()}
    parts = {
        (name.startswith("Lab"), one["DeletionPolicy"])
        for name, one in world.template["Resources"].items()
        if one["Type"] in ("AWS::ElastiCache::SubnetGroup", "AWS::ElastiCache::ParameterGroup")
    }

    assert kept == {"Usual": "Retain", "Placed": "Retain", "Lab": "Delete", "Large": "Retain"}
    assert parts == {(False, "Retain"), (True, "Delete")}


@pytest.mark.capability("MEM-08", "MEM-14")
def test_somebody_hears_of_lost_nodes_and_of_full_ones(world):
    usual = world.caches["Usual"]

    assert world.clusters["Usual"]["Properties"]["NotificationTopicArn"]["Ref"].startswith("UsualEvents")
    assert list(usual.alarms) == ["Cpu", "Evictions", "Connections", "Swap"]
    assert world.stack.resolve(usual.endpoint.hostname)["Fn::GetAtt"][1] == "ConfigurationEndpoint.Address"


NODES = f"because a Memcached cluster has 40 nodes at most until the quota is raised ({CREATE})"
ZONES = (
    "allowed: a zone of the subnets for each node, two or more of them, because nodes in several zones are at least "
    f"two, and a list of zones names one for each node ({CREATE})"
)
REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"nodes": 41}, f"'nodes' is 41; allowed: 1 to 40, or up to 60 with 'more_nodes_because', {NODES}"),
    ({"nodes": 61, "more_nodes_because": "asked"},
     f"'nodes' is 61; allowed: 1 to 40, or up to 60 with 'more_nodes_because', {NODES}"),
    ({"nodes": 1},
     "'nodes' is 1; allowed: 2 or more, or 1 together with 'single_node_because', because Memcached nodes know "
     f"nothing of each other, and keep nothing: what a lost node held is lost ({GUIDE}SelectEngine.html)"),
    ({"zones": ("eu-west-1a", "eu-west-1b")}, f"'zones' is ['eu-west-1a', 'eu-west-1b']; {ZONES}"),
    ({"nodes": 2, "zones": ("eu-west-1a", "eu-west-1a")}, f"'zones' is ['eu-west-1a', 'eu-west-1a']; {ZONES}"),
    ({"nodes": 2, "zones": ("eu-west-1a", "eu-west-1f")}, f"'zones' is ['eu-west-1a', 'eu-west-1f']; {ZONES}"),
    ({"version": "1.4.34"},
     "'version' is '1.4.34'; allowed: '1.6.12', '1.6.17', '1.6.22', because these versions of Memcached encrypt "
     f"connections ({GUIDE}supported-engine-versions-mc.html)"),
    ({"node_type": "cache.r6gd.xlarge"},
     "'node_type' is 'cache.r6gd.xlarge'; allowed: a type such as 'cache.r7g.large', without a disk, because these "
     f"are the node families of the current generations ({GUIDE}CacheNodes.SupportedTypes.html)"),
]  # fmt: skip


@pytest.mark.capability("MEM-05", "MEM-06")
@pytest.mark.parametrize(("options", "message"), REFUSED)
def test_what_memcached_cannot_do_is_refused(make_stack, options, message):
    stack = make_stack()

    with pytest.raises(InvalidOptions) as refused:
        MemcachedCache(stack, "Cache", vpc=network(stack), **options)

    assert str(refused.value) == f"Test/Cache: {message}"


@pytest.mark.capability("MEM-05", "MEM-06")
@pytest.mark.parametrize(
    "feature", ["replicas", "durability", "snapshot_retention", "restore", "users", "key", "shards", "member_of"]
)
def test_memcached_has_none_of_what_valkey_has(make_stack, feature):
    stack = make_stack()

    with pytest.raises(TypeError, match=f"unexpected keyword argument '{feature}'"):
        MemcachedCache(stack, "Cache", vpc=network(stack), **{feature: None})
