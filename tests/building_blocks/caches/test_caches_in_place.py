"""What CloudFormation replaces when an option changes: exactly what the docstring says, under ids that never change."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns
from replacement import Together, create_only_options, in_place, replacing, template_of

from cdk_standby.alarm_topic import AlarmTopic
from cdk_standby.caches.global_datastore import GlobalDatastore, GlobalMember
from cdk_standby.caches.memcached_cache import MemcachedCache
from cdk_standby.caches.serverless_cache import ServerlessCache
from cdk_standby.caches.valkey_cache import CacheUser, ValkeyCache

KEY = "arn:aws:kms:eu-west-1:111111111111:key/12345678-1234-1234-1234-12345678901{}"
KNOWN = (CacheUser(name="shop", iam=True),)
TWO = ec2.SubnetSelection(availability_zones=["eu-west-1a", "eu-west-1b"])
LAB = {"deletable_because": "a lab"}
BELLS = {"alarms": True, "alarm_thresholds": {"Evictions": 5}, "alarms_off_because": {"Refused": "noise"}}
BASE: dict[type[Any], dict[str, Any]] = {ValkeyCache: {"version": "7.1", "engine": "redis"}}
ANEW: dict[type[Any], dict[str, Any]] = {
    ValkeyCache: {
        "key": KEY.format(9),
        "data_tiering": Together(data_tiering=True, node_type="cache.r6gd.xlarge"),
        "member_of": Together(member_of=GlobalMember(id="sgaui-shop"), users=KNOWN, version=None, engine=None),
        "name": "shop",
        "port": 7000,
        "network_type": "dual_stack",
        "restore": "shop-final",
    },
    MemcachedCache: {"zones": ("eu-west-1a", "eu-west-1b", "eu-west-1c"), "name": "shop", "port": 7000},
    ServerlessCache: {
        "vpc": "others",
        "key": KEY.format(9),
        "name": "shop",
        "subnets": TWO,
        "restore": ("arn:aws:s3:::backups/shop.rdb",),
    },
}
"""What replaces the cache, one by one."""
IN_PLACE: dict[type[Any], list[dict[str, Any]]] = {
    ValkeyCache: [
        {
            "engine": "valkey",
            "version": "9.0",
            "vpc": "others",
            "subnets": TWO,
            "node_type": "cache.r7g.xlarge",
            "replicas": 3,
            "cluster_mode": "enabled",
            "shards": 3,
            "born_unsharded": True,
            "durability": "sync",
            "users": KNOWN,
            "parameters": {"maxmemory-policy": "allkeys-lru"},
            "snapshot_retention": cdk.Duration.days(35),
            "snapshot_window": "05:00-06:00",
            "maintenance_window": "mon:02:30-mon:03:30",
            "minor_upgrades": False,
            "log_retention": logs.RetentionDays.ONE_WEEK,
            "events": True,
            **BELLS,
        },
        {
            "no_replicas_because": "a lab",
            "replicas": 0,
            "no_snapshots_because": "a lab",
            "plaintext_because": "x",
            **LAB,
        },
    ],
    MemcachedCache: [
        {
            "vpc": "others",
            "subnets": TWO,
            "version": "1.6.17",
            "node_type": "cache.r7g.xlarge",
            "nodes": 50,
            "more_nodes_because": "raised",
            "parameters": {"max_item_size": "2097152"},
            "maintenance_window": "mon:02:30-mon:03:30",
            "minor_upgrades": False,
            "events": True,
            **BELLS,
            "alarms_off_because": {"Swap": "noise"},
        },
        {"single_node_because": "a lab", "nodes": 1, "plaintext_because": "an old client", **LAB},
    ],
    ServerlessCache: [
        {
            "version": "9",
            "min_storage": 1,
            "max_storage": 10,
            "min_rate": 1000,
            "max_rate": 5000,
            "users": KNOWN,
            "snapshot_retention": cdk.Duration.days(35),
            "snapshot_time": "04:00",
            **BELLS,
        },
        {"engine": "redis", "no_snapshots_because": "a lab", **LAB},
    ],
}
"""What changes in place, all at once."""
OTHERWISE: dict[type[Any], set[str]] = {ValkeyCache: {"ip_discovery"}, MemcachedCache: set(), ServerlessCache: set()}
"""Options that need another one that replaces."""
IDS = {
    ValkeyCache: ["CacheDAF337C5", "CacheSubnets75A36213"],
    MemcachedCache: ["CacheDAF337C5", "CacheSubnets75A36213"],
    ServerlessCache: ["CacheDAF337C5"],
}


@pytest.fixture(scope="module")
def builders(make_stack: Callable[..., cdk.Stack]) -> Callable[[type[Any]], Callable[..., cdk.Stack]]:
    """For each class a function that builds a stack; networks, keys and topics by what is said of them."""

    def of(cls: type[Any]) -> Callable[..., cdk.Stack]:
        def build(
            vpc: str = "", key: str = KEY.format(2), alarms: bool = False, events: bool = False, **options: Any
        ) -> cdk.Stack:
            stack = make_stack()
            network = ec2.Vpc.from_vpc_attributes(
                stack,
                "Vpc",
                vpc_id="vpc-0123456789abcdef0",
                availability_zones=[f"eu-west-1{letter}" for letter in "abc"],
                isolated_subnet_ids=[f"subnet-{vpc}{letter}" for letter in "abc"],
                isolated_subnet_route_table_ids=[f"rtb-{letter}" for letter in "abc"],
            )
            given: dict[str, Any] = {"alarms": AlarmTopic(stack, "Alarms") if alarms else None}
            if cls is not MemcachedCache:
                given["key"] = kms.Key.from_key_arn(stack, "Key", key)
            if events:
                given["events"] = sns.Topic(stack, "Events")
            cls(stack, "Cache", vpc=network, **given, **options)
            return stack

        return build

    return of


@pytest.mark.parametrize("cls", ANEW)
def test_every_option_is_tried(cls):
    known = set(inspect.signature(cls.__init__).parameters) - {"self", "scope", "id"}

    assert {*ANEW[cls], *OTHERWISE[cls], *(option for group in IN_PLACE[cls] for option in group)} == known


@pytest.mark.capability("MEM-03", "MEM-04", "MEM-09")
@pytest.mark.parametrize("cls", ANEW)
def test_an_option_replaces_the_cache_exactly_where_its_text_says_so(builders, cls):
    groups = {f"group {number}": Together(group) for number, group in enumerate(IN_PLACE[cls])}

    found = in_place(builders(cls), BASE.get(cls, {}), {**ANEW[cls], **groups})

    assert replacing(found) == create_only_options(cls) == set(ANEW[cls]), found


@pytest.mark.parametrize("cls", IDS)
def test_the_ids_of_caches_never_change(builders, cls):
    """A new id is a cold cache: release it as a major version."""
    variants = [{}, *IN_PLACE[cls]]

    templates = [template_of(builders(cls)(**{**BASE.get(cls, {}), **options})) for options in variants]

    for template in templates:
        kinds = ("ReplicationGroup", "CacheCluster", "ServerlessCache", "SubnetGroup")
        ids = [name for name, r in template["Resources"].items() if r["Type"].endswith(kinds)]
        assert sorted(ids) == IDS[cls]


@pytest.mark.capability("MEM-10")
def test_founding_a_datastore_replaces_no_cache_and_its_own_options_change_in_place(make_stack):
    def build(founded: bool = True, **options: Any) -> cdk.Stack:
        stack = make_stack()
        network = ec2.Vpc.from_vpc_attributes(
            stack,
            "Vpc",
            vpc_id="vpc-0123456789abcdef0",
            availability_zones=["eu-west-1a", "eu-west-1b"],
            isolated_subnet_ids=["subnet-a", "subnet-b"],
            isolated_subnet_route_table_ids=["rtb-a", "rtb-b"],
        )
        key = kms.Key.from_key_arn(stack, "Key", KEY.format(2))
        cache = ValkeyCache(stack, "Cache", vpc=network, key=key, version="8.2", minor_upgrades=False)
        if founded:
            GlobalDatastore(stack, "Global", primary=cache, suffix="shop", **options)
        return stack

    followers = {"secondaries": {"eu-central-1": "shop"}}
    changes = {
        "datastore_id": "sgaui-shop",
        "secondaries": Together(followers),
        "writes_in": Together(**followers, writes_in="eu-central-1"),
        "deletable_because": "a lab",
    }

    assert in_place(build, {"founded": False}, {"founded": True}) == {"founded": []}
    assert replacing(in_place(build, {}, changes)) == create_only_options(GlobalDatastore) == set()
