"""A cache without nodes."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms

from cdk_standby._checks import InvalidOptions
from cdk_standby.alarm_topic import AlarmTopic
from cdk_standby.caches.serverless_cache import CacheUser, ServerlessCache
from cdk_standby.keys import DataKey

KEY = "arn:aws:kms:eu-west-1:111111111111:key/12345678-1234-1234-1234-123456789012"
GUIDE = "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/"
CREATE = "https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateServerlessCache.html"
SHAPES: dict[str, dict[str, Any]] = {
    "Usual": {},
    "Limited": {
        "name": "limited",
        "version": "9",
        "min_storage": 1,
        "max_storage": 10,
        "max_rate": 5000,
        "users": (CacheUser(name="limited-app", iam=True),),
        "snapshot_retention": cdk.Duration.days(35),
        "snapshot_time": "04:30",
        "restore": ("arn:aws:elasticache:eu-west-1:111111111111:serverlesscachesnapshot:old",),
    },
    "Lab": {"engine": "memcached", "deletable_because": "a lab", "no_snapshots_because": "a lab"},
}


def network(stack: cdk.Stack, zones: str = "abc") -> ec2.IVpc:
    return ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-0123456789abcdef0",
        availability_zones=[f"eu-west-1{zone}" for zone in zones],
        isolated_subnet_ids=[f"subnet-0aaaaaaaaaaaaaaa{zone}" for zone in zones],
        isolated_subnet_route_table_ids=[f"rtb-0aaaaaaaaaaaaaaa{zone}" for zone in zones],
    )


@pytest.fixture(scope="module")
def world(make_stack: Callable[..., cdk.Stack], template: Callable[..., Any]) -> SimpleNamespace:
    stack = make_stack()
    vpc, key = network(stack), DataKey(stack, "Key").key
    topic = AlarmTopic(stack, "Alarms", key=key)
    caches = {s: ServerlessCache(stack, s, vpc=vpc, key=key, alarms=topic, **o) for s, o in SHAPES.items()}
    reader = iam.Role(stack, "Reader", assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com"))
    caches["Limited"].grant_connect(reader, "limited-app")
    caches["Usual"].connections.allow_default_port_from(ec2.SecurityGroup(stack, "Peer", vpc=vpc))
    made = template(stack)
    found = {shape: made["Resources"][stack.get_logical_id(cache.cache)] for shape, cache in caches.items()}
    return SimpleNamespace(stack=stack, template=made, found=found, caches=caches)


@pytest.mark.capability("MEM-13")
def test_a_cache_grows_up_to_its_limits(world):
    limited = world.found["Limited"]["Properties"]

    assert "CacheUsageLimits" not in world.found["Usual"]["Properties"]
    assert limited["CacheUsageLimits"] == {
        "DataStorage": {"Unit": "GB", "Minimum": 1, "Maximum": 10},
        "ECPUPerSecond": {"Maximum": 5000},
    }
    assert (limited["Engine"], limited["MajorEngineVersion"]) == ("valkey", "9")


@pytest.mark.capability("MEM-09")
def test_snapshots_are_daily_and_a_cache_starts_from_some(world):
    usual, limited, lab = (world.found[shape]["Properties"] for shape in SHAPES)

    assert (usual["SnapshotRetentionLimit"], usual["DailySnapshotTime"]) == (15, "01:00")
    assert (limited["SnapshotRetentionLimit"], limited["DailySnapshotTime"]) == (35, "04:30")
    assert limited["SnapshotArnsToRestore"][0].endswith(":old")
    assert lab["SnapshotRetentionLimit"] == 0
    assert lab["FinalSnapshotName"] == f"{lab['ServerlessCacheName']}-final"


def test_the_cache_is_retained_with_its_users_or_goes_with_them(world):
    kept = {shape: one["DeletionPolicy"] for shape, one in world.found.items()}

    assert kept == {"Usual": "Retain", "Limited": "Retain", "Lab": "Delete"}
    users = [r for r in world.template["Resources"].values() if r["Type"].startswith("AWS::ElastiCache::User")]
    assert {one["DeletionPolicy"] for one in users} == {"Retain"}


def test_users_close_the_cache_and_memcached_knows_none(world):
    assert world.found["Usual"]["Properties"]["UserGroupId"]["Ref"].startswith("UsualUsers")
    assert "UserGroupId" not in world.found["Lab"]["Properties"]


def test_both_doors_open_together(world):
    [rule] = [r for r in world.template["Resources"].values() if r["Type"] == "AWS::EC2::SecurityGroupIngress"]

    assert (rule["Properties"]["FromPort"], rule["Properties"]["ToPort"]) == (6379, 6380)
    usual = world.caches["Usual"]
    names = [world.stack.resolve(end.hostname)["Fn::GetAtt"][1] for end in (usual.endpoint, usual.reader_endpoint)]
    assert names == ["Endpoint.Address", "ReaderEndpoint.Address"]
    assert usual.reader_endpoint.port == 6380


@pytest.mark.capability("MEM-14")
def test_a_cache_rings_when_limits_are_near(world):
    assert list(world.caches["Usual"].alarms) == ["Throttled", "Evictions", "Latency", "Refused"]
    assert list(world.caches["Limited"].alarms)[4:] == ["Storage", "Rate"]
    assert "Refused" not in world.caches["Lab"].alarms


@pytest.mark.capability("MEM-08")
def test_what_goes_wrong_is_told_to_the_topic(world):
    rules = [
        r["Properties"]["EventPattern"]
        for r in world.template["Resources"].values()
        if r["Type"] == "AWS::Events::Rule"
    ]

    assert len(rules) == 3
    assert rules[0]["source"] == ["aws.elasticache"]
    assert "Cache Limit Approaching" in rules[0]["detail-type"]
    assert rules[0]["detail"]["SourceIdentifier"][0]["Ref"].startswith("UsualCache")


MAJORS = f"because a serverless cache is of one of these major versions ({CREATE})"
REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"engine": "dragonfly"}, f"'engine' is 'dragonfly'; allowed: 'valkey', 'redis', 'memcached', {MAJORS}"),
    ({"version": "8.2"}, f"'version' is '8.2'; allowed: '7', '8', '9', {MAJORS}"),
    ({"max_storage": 6000},
     f"'max_storage' is 6000; allowed: 1 to 5000, because a serverless cache holds 1 to 5,000 GB ({CREATE})"),
    ({"min_storage": 9, "max_storage": 8},
     f"'min_storage' is 9; allowed: 'max_storage' or less, because the least cannot be more than the most ({CREATE})"),
    ({"max_rate": 10},
     "'max_rate' is 10; allowed: 1000 to 1.5e+07, because a serverless cache is limited to 1,000 to 15,000,000 ECPUs a "
     f"second ({CREATE})"),
    ({"snapshot_time": "1am"},
     "'snapshot_time' is '1am'; allowed: 'hh:mm' in UTC, because a daily snapshot begins at a time of the day, in UTC "
     f"({CREATE})"),
    ({"name": "Shop"},
     "'name' is 'Shop'; allowed: 1 to 40 small letters, digits and single hyphens, because a serverless cache has a "
     f"name of 1 to 40 small letters, digits and single hyphens ({CREATE})"),
    ({"restore": ("shop-final",)},
     "'restore' is ['shop-final']; allowed: ARNs of snapshots, or of files in S3, because a serverless cache starts "
     f"from snapshots, or from files in S3, by their ARNs ({CREATE})"),
    ({"engine": "memcached", "users": (CacheUser(name="app"),)},
     "'users' is [CacheUser(name='app')]; allowed: one or more, and none with Memcached, because users are how a "
     f"serverless cache is closed, and Memcached knows none ({GUIDE}Clusters.RBAC.html)"),
]  # fmt: skip


@pytest.mark.capability("MEM-06", "MEM-13")
@pytest.mark.parametrize(("options", "message"), REFUSED)
def test_what_no_serverless_cache_can_do_is_refused(make_stack, options, message):
    stack = make_stack()

    with pytest.raises(InvalidOptions) as refused:
        ServerlessCache(stack, "Cache", vpc=network(stack), key=kms.Key.from_key_arn(stack, "Key", KEY), **options)

    assert str(refused.value) == f"Test/Cache: {message}"


def test_one_zone_is_not_enough(make_stack):
    stack = make_stack()

    with pytest.raises(InvalidOptions, match="'vpc' is 'Test/Vpc'; allowed: subnets in two Availability Zones or more"):
        ServerlessCache(stack, "Cache", vpc=network(stack, "a"), key=kms.Key.from_key_arn(stack, "Key", KEY))
