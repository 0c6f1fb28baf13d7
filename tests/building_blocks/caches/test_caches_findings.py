"""Validators and caches: nothing to find in any shape, under either set of feature flags."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2

from cdk_standby.alarm_topic import AlarmTopic
from cdk_standby.caches.global_datastore import GlobalDatastore, GlobalMember
from cdk_standby.caches.memcached_cache import MemcachedCache
from cdk_standby.caches.serverless_cache import ServerlessCache
from cdk_standby.caches.valkey_cache import CacheUser, ValkeyCache
from cdk_standby.keys import DataKey

KNOWN = (CacheUser(name="shop", iam=True),)
CACHES: dict[str, tuple[type[Any], dict[str, Any]]] = {
    "Usual": (ValkeyCache, {"version": "8.2", "name": "usual", "minor_upgrades": False}),
    "Durable": (ValkeyCache, {"version": "9.0", "cluster_mode": "enabled", "shards": 2, "durability": "sync"}),
    "Lab": (
        ValkeyCache,
        {
            "engine": "redis",
            "version": "7.1",
            "replicas": 0,
            "no_replicas_because": "a lab",
            "no_snapshots_because": "a lab",
            "plaintext_because": "a lab",
            "deletable_because": "a lab",
        },
    ),
    "Short": (ValkeyCache, {"version": "8.2", "snapshot_retention": cdk.Duration.days(1), "port": 7000}),
    "Follower": (ValkeyCache, {"member_of": GlobalMember(id="sgaui-shop"), "users": KNOWN}),
    "Memcached": (MemcachedCache, {}),
    "OldMemcached": (MemcachedCache, {"plaintext_because": "a lab", "nodes": 1, "single_node_because": "a lab"}),
    "Serverless": (ServerlessCache, {"max_storage": 10, "max_rate": 5000}),
    "ServerlessMemcached": (ServerlessCache, {"engine": "memcached", "deletable_because": "a lab"}),
}


@pytest.fixture(scope="module")
def world(make_stack: Callable[..., cdk.Stack], template: Callable[..., Any], flags: str) -> SimpleNamespace:
    stack = make_stack(flags=flags)
    vpc = ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-0123456789abcdef0",
        availability_zones=[f"eu-west-1{zone}" for zone in "ab"],
        isolated_subnet_ids=[f"subnet-0aaaaaaaaaaaaaaa{n}" for n in range(2)],
        isolated_subnet_route_table_ids=[f"rtb-0aaaaaaaaaaaaaaa{n}" for n in range(2)],
    )
    key = DataKey(stack, "Key").key
    topic = AlarmTopic(stack, "Alarms", key=key)
    made = {}
    for name, (cls, options) in CACHES.items():
        common = {"vpc": vpc, "alarms": topic} | ({} if cls is MemcachedCache else {"key": key})
        made[name] = cls(stack, name, **common, **options)
    made["Durable"].scale_replicas(2, 4)
    GlobalDatastore(stack, "Global", primary=made["Usual"], suffix="shop", datastore_id="sgaui-shop")
    return SimpleNamespace(app=stack.node.root, template=template(stack))


@pytest.mark.capability("MEM-01", "MEM-05", "MEM-10", "MEM-13")
def test_cdk_nag_the_cdk_itself_and_cfn_lint_find_nothing(world, findings, lint):
    assert findings(world.app) == []
    assert lint(world.template) == []
