"""Whatever somebody asks of a cache: a template that keeps the promises, or an `InvalidOptions` that says why."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cdk_standby._checks import InvalidOptions
from cdk_standby.caches.memcached_cache import MemcachedCache
from cdk_standby.caches.serverless_cache import ServerlessCache
from cdk_standby.caches.valkey_cache import CacheUser, GlobalMember, ValkeyCache

KEY = "arn:aws:kms:eu-west-1:111111111111:key/12345678-1234-1234-1234-123456789012"
EXAMPLES = settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

reasons = st.sampled_from([None, "a lab"])
days = st.none() | st.integers(0, 40).map(cdk.Duration.days) | st.just(cdk.Duration.hours(36))
nodes = st.sampled_from(["cache.r7g.large", "cache.t4g.micro", "cache.r6gd.xlarge", "r7g.large", "", "cache.m1.huge"])
windows = st.sampled_from(["01:00-02:00", "23:30-00:45", "03:00-03:10", "03:00-05:00", "noon"])
weeks = st.sampled_from(["sun:03:00-sun:04:00", "sun:23:30-mon:00:45", "Sun:03:00-Sun:04:00", "daily"])
names = st.sampled_from([None, "shop", "Shop", "-shop", "shop--a", "s" * 60, "1shop"])
users = st.sampled_from(
    [
        None,
        (),
        (CacheUser(name="app"),),
        (CacheUser(name="app"), CacheUser(name="app")),
        (CacheUser(name="App Users"),),
        (CacheUser(name="shop", iam=True), CacheUser(name="reader", access="on ~* +@read")),
        (CacheUser(name="odd", access="off"),),
    ]
)
valkey = st.fixed_dictionaries(
    {"version": st.sampled_from(["8.2", "9.0", "7.1", "", None])},
    optional={
        "engine": st.sampled_from(["valkey", "redis", "memcached", ""]),
        "node_type": nodes,
        "replicas": st.integers(-1, 7),
        "no_replicas_because": reasons,
        "cluster_mode": st.sampled_from([None, "disabled", "compatible", "enabled", "on"]),
        "shards": st.sampled_from([None, -1, 0, 1, 3, 501]),
        "born_unsharded": st.booleans(),
        "durability": st.sampled_from([None, "sync", "async", "disabled"]),
        "data_tiering": st.booleans(),
        "member_of": st.sampled_from([None, GlobalMember(id="sgaui-shop"), GlobalMember(id="shop", shards=0)]),
        "name": names,
        "port": st.sampled_from([6379, 80, 70_000]),
        "network_type": st.sampled_from(["ipv4", "dual_stack", "ipv5"]),
        "ip_discovery": st.sampled_from([None, "ipv4", "ipv6", "any"]),
        "users": users,
        "plaintext_because": reasons,
        "parameters": st.sampled_from([None, {"maxmemory-policy": "allkeys-lru"}, {"cluster-enabled": "yes"}]),
        "restore": st.sampled_from([None, "shop-final", (), ("arn:aws:s3:::a/b.rdb",), "a b"]),
        "snapshot_retention": days,
        "no_snapshots_because": reasons,
        "snapshot_window": windows,
        "maintenance_window": weeks,
        "minor_upgrades": st.booleans(),
        "deletable_because": reasons,
    },
)
usual = st.fixed_dictionaries(
    {"version": st.sampled_from(["7.2", "8.0", "8.2"])},
    optional={
        "replicas": st.integers(1, 5),
        "cluster_mode": st.just("enabled"),
        "name": st.sampled_from([None, "shop"]),
        "node_type": st.sampled_from(["cache.r7g.large", "cache.m6g.4xlarge", "cache.t4g.medium"]),
        "snapshot_retention": st.none() | st.integers(1, 35).map(cdk.Duration.days),
        "deletable_because": reasons,
    },
)
memcached = st.fixed_dictionaries(
    {},
    optional={
        "version": st.sampled_from(["1.6.22", "1.4", ""]),
        "node_type": nodes,
        "nodes": st.integers(-1, 62),
        "single_node_because": reasons,
        "more_nodes_because": reasons,
        "zones": st.sampled_from([None, (), ("eu-west-1a", "eu-west-1b"), ("eu-west-1f",)]),
        "name": names,
        "port": st.sampled_from([11211, 80]),
        "plaintext_because": reasons,
        "maintenance_window": weeks,
        "deletable_because": reasons,
    },
)
serverless = st.fixed_dictionaries(
    {},
    optional={
        "engine": st.sampled_from(["valkey", "redis", "memcached", ""]),
        "version": st.sampled_from([None, "8", "7", "1.6", "8.2"]),
        "name": names,
        "min_storage": st.none() | st.integers(-1, 6000),
        "max_storage": st.none() | st.integers(-1, 6000),
        "min_rate": st.none() | st.integers(0, 20_000_000),
        "max_rate": st.none() | st.integers(0, 20_000_000),
        "users": users,
        "restore": st.sampled_from([(), ("shop",), ("arn:aws:s3:::a/b.rdb",)]),
        "snapshot_retention": days,
        "no_snapshots_because": reasons,
        "snapshot_time": st.sampled_from(["01:00", "1am"]),
        "deletable_because": reasons,
    },
)


@pytest.fixture(scope="module")
def attempt(make_stack: Callable[..., cdk.Stack], template: Callable[..., Any]) -> Callable[..., dict[str, Any] | None]:
    """The resources of a cache with these options, or None when they were refused."""

    def build(cls: type[Any], options: dict[str, Any], **given: Any) -> dict[str, Any] | None:
        stack = make_stack(**given)
        vpc = ec2.Vpc.from_vpc_attributes(
            stack,
            "Vpc",
            vpc_id="vpc-0123456789abcdef0",
            availability_zones=["eu-west-1a", "eu-west-1b"],
            isolated_subnet_ids=[f"subnet-0aaaaaaaaaaaaaaa{n}" for n in range(2)],
            isolated_subnet_route_table_ids=[f"rtb-0aaaaaaaaaaaaaaa{n}" for n in range(2)],
        )
        key = {} if cls is MemcachedCache else {"key": kms.Key.from_key_arn(stack, "Key", KEY)}
        try:
            cls(stack, "Cache", vpc=vpc, **key, **options)
        except InvalidOptions as refused:
            return None if refused.problems else {}
        return dict(template(stack)["Resources"])

    return build


def of_type(resources: dict[str, Any], kind: str) -> dict[str, Any]:
    [found] = [r for r in resources.values() if r["Type"] == f"AWS::ElastiCache::{kind}"]
    return found


def valkey_keeps_its_promises(resources: dict[str, Any], options: dict[str, Any]) -> None:
    group = of_type(resources, "ReplicationGroup")
    properties = group["Properties"]
    replicas, member = options.get("replicas", 2), options.get("member_of")

    assert properties["KmsKeyId"] == KEY
    assert properties["MultiAZEnabled"] is properties["AutomaticFailoverEnabled"] is (replicas > 0)
    assert properties["ReplicasPerNodeGroup"] == replicas
    assert group["DeletionPolicy"] == ("Snapshot" if options.get("deletable_because") else "Retain")
    if member is None:
        assert properties["TransitEncryptionEnabled"] is properties["AtRestEncryptionEnabled"] is True
    if not options.get("plaintext_because"):
        assert len(properties["UserGroupIds"]) == 1
    if not options.get("no_snapshots_because"):
        assert 1 <= properties["SnapshotRetentionLimit"] <= 35


@EXAMPLES
@given(options=valkey)
def test_any_options_of_valkey_are_built_or_refused(attempt, options):
    resources = attempt(ValkeyCache, options)

    if resources is not None:
        valkey_keeps_its_promises(resources, options)


@settings(EXAMPLES, max_examples=8)
@given(options=usual)
def test_reasonable_options_of_valkey_are_built(attempt, options):
    resources = attempt(ValkeyCache, options)

    assert resources is not None
    valkey_keeps_its_promises(resources, options)


@EXAMPLES
@given(options=memcached)
def test_any_options_of_memcached_are_built_or_refused(attempt, options):
    resources = attempt(MemcachedCache, options)

    if resources is not None:
        properties = of_type(resources, "CacheCluster")["Properties"]
        assert (properties["AZMode"] == "cross-az") is (properties["NumCacheNodes"] > 1)


@EXAMPLES
@given(options=serverless)
def test_any_options_of_a_serverless_cache_are_built_or_refused(attempt, options):
    resources = attempt(ServerlessCache, options)

    if resources is not None:
        properties = of_type(resources, "ServerlessCache")["Properties"]
        assert properties["KmsKeyId"] == KEY
        assert ("UserGroupId" in properties) is (properties["Engine"] != "memcached")


@pytest.mark.parametrize("option", ["version", "replicas", "shards"])
def test_what_resources_are_made_after_has_to_be_known_at_synth(attempt, option):
    token = cdk.Aws.STACK_NAME if option == "version" else cdk.Token.as_number({"Ref": "Number"})

    assert attempt(ValkeyCache, {"version": "8.2", option: token}) is None


@pytest.mark.parametrize(
    ("cls", "options"),
    [
        (ValkeyCache, {"version": "8.2", "name": cdk.Aws.STACK_NAME, "restore": cdk.Aws.STACK_NAME}),
        (ServerlessCache, {"name": cdk.Aws.STACK_NAME}),
        (MemcachedCache, {"name": cdk.Aws.STACK_NAME}),
    ],
)
def test_what_only_the_deployment_knows_is_taken_as_it_is(attempt, cls, options):
    resources = attempt(cls, options, region=None)

    assert resources is not None
    assert "${Token[" not in str(resources)


@pytest.mark.parametrize("cls", [ValkeyCache, ServerlessCache])
def test_a_retention_known_only_at_deployment_comes_in_days(attempt, cls):
    number = cdk.Token.as_number({"Ref": "Number"})
    version = {"version": "8.2"} if cls is ValkeyCache else {}

    assert attempt(cls, {**version, "snapshot_retention": cdk.Duration.hours(number)}) is None
    assert attempt(cls, {**version, "snapshot_retention": cdk.Duration.days(number)}) is not None
