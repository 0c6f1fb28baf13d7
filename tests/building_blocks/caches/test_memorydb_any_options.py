"""Whatever somebody asks of MemoryDB: a template that keeps the promises, or `InvalidOptions` that say why."""

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
from cdk_standby.caches.memorydb import CacheUser, MemoryDb, MemoryDbMember
from cdk_standby.caches.memorydb_multi_region import MemoryDbMultiRegion

KEY = "arn:aws:kms:eu-west-1:111111111111:key/12345678-1234-1234-1234-123456789012"
TOKEN = cdk.Aws.STACK_NAME
reasons = st.sampled_from([None, "a lab", ""])
names = st.sampled_from([None, "orders", "Orders", "o" * 41, "a--b", "", TOKEN])
numbers = st.integers(-1, 7) | st.sampled_from([90, 500, 501, cdk.Token.as_number({"Ref": "Shards"})])
users = st.builds(
    CacheUser,
    name=st.sampled_from(["orders", "default", "", "Orders Service", "ördérs", TOKEN]),
    access=st.sampled_from(["on ~* +@all", "off", ""]),
    iam=st.booleans(),
)
types = st.sampled_from(
    ["db.r7g.xlarge", "db.r6gd.xlarge", "db.t4g.small", "db.r7g.large", "cache.r7g.large", "", TOKEN]
)
versions = st.sampled_from([None, "7.2", "7.3", "7.1", "6.2", "8.0", "", TOKEN])
anything = st.fixed_dictionaries(
    {},
    optional={
        "engine": st.sampled_from([None, "valkey", "redis", "memcached", ""]),
        "version": versions,
        "node_type": st.none() | types,
        "shards": st.none() | numbers,
        "replicas": numbers,
        "no_replicas_because": reasons,
        "data_tiering": st.booleans(),
        "member_of": st.none() | st.builds(MemoryDbMember, name=st.sampled_from(["virxk-shop", "shop", "", TOKEN])),
        "name": names,
        "port": st.sampled_from([0, 6379, 70_000]),
        "users": st.none() | st.lists(users, max_size=2),
        "plaintext_because": reasons,
        "parameters": st.sampled_from([None, {"maxmemory-policy": "noeviction"}]),
        "restore": st.sampled_from([None, "orders", "", [], ["arn:aws:s3:::b/a.rdb"], ["arn:aws:s3:::b/a"], TOKEN]),
        "snapshot_retention": st.sampled_from([None, *map(cdk.Duration.days, (0, 7, 36)), cdk.Duration.hours(30)]),
        "no_snapshots_because": reasons,
        "snapshot_window": st.sampled_from(["01:00-02:00", "23:30-00:30", "", "daily"]),
        "maintenance_window": st.sampled_from(["sun:03:00-sun:04:00", "sun:01:30-sun:02:30", ""]),
        "minor_upgrades": st.booleans(),
        "deletable_because": reasons,
        "alarm_thresholds": st.sampled_from([None, {"Cpu": 1.0}, {"Lag": 1.0}]),
        "alarms_off_because": st.sampled_from([None, {"Swap": "noise"}, {"Swap": ""}]),
    },
)
shared = st.fixed_dictionaries(
    {
        "suffix": st.sampled_from(["shop", "Shop", "", TOKEN]),
        "regions": st.lists(st.sampled_from(["eu-west-1", "eu-central-1", "sa-east-1", "", TOKEN]), max_size=6),
    },
    optional={
        "cluster_name": st.sampled_from([None, "virxk-shop", "virxk-other", "", TOKEN]),
        "node_type": types,
        "version": versions.filter(lambda version: version is not None),
        "shards": numbers,
        "update_strategy": st.sampled_from(["coordinated", "COORDINATED", "", TOKEN]),
        "deletable_because": reasons,
    },
)


@pytest.fixture(scope="module")
def attempt(make_stack: Callable[..., cdk.Stack], template: Callable[..., Any]) -> Callable[..., dict[str, Any] | None]:
    """The resources that something builds, or None when it was refused."""

    def build(what: type[Any], options: dict[str, Any]) -> dict[str, Any] | None:
        stack = make_stack()
        try:
            what(stack, "Database", **(_surroundings(stack) if what is MemoryDb else {}), **options)
        except InvalidOptions as refused:
            return None if refused.problems else {}
        return dict(template(stack)["Resources"])

    return build


def _surroundings(stack: cdk.Stack) -> dict[str, Any]:
    vpc = ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-0123456789abcdef0",
        availability_zones=["eu-west-1a", "eu-west-1b"],
        isolated_subnet_ids=["subnet-0aaaaaaaaaaaaaaa0", "subnet-0aaaaaaaaaaaaaaa1"],
    )
    return {"vpc": vpc, "key": kms.Key.from_key_arn(stack, "Key", KEY)}


def promises_are_kept(resources: dict[str, Any], options: dict[str, Any]) -> None:
    [cluster] = [r for r in resources.values() if r["Type"] == "AWS::MemoryDB::Cluster"]
    properties = cluster["Properties"]

    assert properties["KmsKeyId"] == KEY
    assert properties["TLSEnabled"] is not bool(options.get("plaintext_because"))
    assert (properties["ACLName"] == "open-access") is bool(options.get("plaintext_because"))
    assert properties["NumReplicasPerShard"] >= 1 or options.get("no_replicas_because")
    assert properties["SnapshotRetentionLimit"] >= 1 or options.get("no_snapshots_because")
    assert cluster["DeletionPolicy"] == ("Delete" if options.get("deletable_because") else "Retain")


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(options=anything)
def test_any_options_are_built_or_refused(attempt, options):
    resources = attempt(MemoryDb, options)

    if resources is not None:
        promises_are_kept(resources, options)


@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    shards=st.integers(1, 80),
    replicas=st.integers(1, 5),
    version=st.sampled_from(["7.2", "7.3"]),
    because=st.sampled_from([None, "a lab"]),
)
def test_reasonable_options_are_built(attempt, shards, replicas, version, because):
    options = {"shards": shards, "replicas": replicas, "version": version, "deletable_because": because}

    resources = attempt(MemoryDb, options)

    assert resources is not None
    promises_are_kept(resources, options)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(options=shared)
def test_whatever_members_share_is_built_or_refused(attempt, options):
    resources = attempt(MemoryDbMultiRegion, options)

    if resources is not None:
        [cluster] = [r for r in resources.values() if r["Type"] == "AWS::MemoryDB::MultiRegionCluster"]
        assert cluster["Properties"]["TLSEnabled"] is True
        assert cluster["DeletionPolicy"] == ("Delete" if options.get("deletable_because") else "Retain")
