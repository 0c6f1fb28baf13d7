"""What copies data elsewhere is watched without being asked: in the Region that notices, by a topic of that Region."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_backup as backup
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms

from cdk_standby.alarm_topic import AlarmTopic
from cdk_standby.backup_plan import BackupPlan
from cdk_standby.caches.global_datastore import GlobalMember
from cdk_standby.caches.valkey_cache import CacheUser, ValkeyCache
from cdk_standby.relational.aurora import AuroraCluster
from cdk_standby.relational.read_replica import ReadReplica, SourceInstance
from cdk_standby.storage.bucket import Bucket, BucketReplica
from cdk_standby.tables.table import Replica, Table

IRELAND, FRANKFURT = "eu-west-1", "eu-central-1"
KEY = "arn:aws:kms:{}:111111111111:key/12345678-1234-1234-1234-123456789012"
VAULT = f"arn:aws:backup:{FRANKFURT}:111111111111:backup-vault:shop"
GLOBAL = {"global_cluster": "shop", "engine": "aurora-postgresql", "version": "17.4", "secret_name": "shop/database"}

# (what is copied, the Region in which it must ring, metric, a dimension that tells one copy from another)
# File systems (TimeSinceLastSync of EFS) join with the construct that will replicate them.
WATCHED = [
    ("Aurora global database: what a failover would lose", FRANKFURT, "AuroraGlobalDBRPOLag", "DBClusterIdentifier"),
    ("Aurora global database: how far behind", FRANKFURT, "AuroraGlobalDBReplicationLag", "DBClusterIdentifier"),
    ("RDS: a read replica in another Region", FRANKFURT, "ReplicaLag", "DBInstanceIdentifier"),
    ("ElastiCache: replicas of a node", FRANKFURT, "ReplicationLag", "CacheClusterId"),
    ("ElastiCache: a global datastore", FRANKFURT, "GlobalDatastoreReplicationLag", "CacheClusterId"),
    ("DynamoDB: from here to the replica", IRELAND, "ReplicationLatency", "ReceivingRegion"),
    ("DynamoDB: from the replica to here", FRANKFURT, "ReplicationLatency", "ReceivingRegion"),
    ("S3: objects that failed to get there", IRELAND, "OperationsFailedReplication", "DestinationBucket"),
    ("S3: objects that arrive late", FRANKFURT, "ReplicationLatency", "SourceBucket"),
    ("S3: bytes that wait", FRANKFURT, "BytesPendingReplication", "SourceBucket"),
]


def vpc(stack: cdk.Stack) -> ec2.IVpc:
    return ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-0123456789abcdef0",
        availability_zones=[stack.region + zone for zone in "abc"],
        isolated_subnet_ids=[f"subnet-0aaaaaaaaaaaaaaa{n}" for n in range(3)],
        isolated_subnet_route_table_ids=[f"rtb-0aaaaaaaaaaaaaaa{n}" for n in range(3)],
    )


def home(stack: cdk.Stack, **given: Any) -> Table:
    """What is copied, with everything left out that may be."""
    BackupPlan(
        stack,
        "Backups",
        vault=backup.BackupVault.from_backup_vault_name(stack, "Vault", "shop"),
        resources=[backup.BackupResource.from_tag("backup", "daily")],
        copy_to=VAULT,
        alarms=given["alarms"],
    )
    replica = Replica(region=FRANKFURT, key="alias/shop")
    return Table(stack, "Table", partition_key="id", table_name="orders", replicas=[replica], **given)


def away(stack: cdk.Stack, table: Table, **given: Any) -> None:
    """The copies, which ring where they are: their sources may be lost."""
    table.in_region(stack, "Table", **given)
    placed = {"vpc": vpc(stack), **given}
    source = SourceInstance(identifier="books", region=IRELAND, engine="postgres", version="17.6")
    ReadReplica(stack, "Rds", source=source, instance_identifier="books-away", secret_name="books", **placed)
    AuroraCluster(stack, "Aurora", cluster_identifier=f"shop-{FRANKFURT}", **GLOBAL, secondary=True, **placed)
    ValkeyCache(
        stack,
        "Cache",
        name="shop-away",
        member_of=GlobalMember(id="sgaui-shop"),
        users=(CacheUser(name="shop", iam=True),),
        **placed,
    )


def bucket(stack: cdk.Stack, there: str, **given: Any) -> None:
    partner = BucketReplica(region=there, bucket_name=f"shop-{there}", key=KEY.format(there))
    Bucket(stack, "Bucket", bucket_name=f"shop-{stack.region}", replicate_to=[partner], **given)


@pytest.fixture(scope="module")
def world(make_stack: Callable[..., cdk.Stack], template: Callable[..., Any]) -> SimpleNamespace:
    """Home in Ireland, copies in Frankfurt, and a plan that copies backups there."""
    ireland = make_stack(name="Home", region=IRELAND)
    frankfurt = make_stack(name="Away", region=FRANKFURT, app=ireland.node.root)
    given = {
        stack: {
            "key": kms.Key.from_key_arn(stack, "Key", KEY.format(stack.region)),
            "alarms": AlarmTopic(stack, "Alarms"),
        }
        for stack in (ireland, frankfurt)
    }
    away(frankfurt, home(ireland, **given[ireland]), **given[frankfurt])
    bucket(ireland, FRANKFURT, **given[ireland])
    bucket(frankfurt, IRELAND, **given[frankfurt])
    return SimpleNamespace(templates={stack.region: template(stack) for stack in (ireland, frankfurt)})


def topics(template: dict[str, Any]) -> list[dict[str, str]]:
    """What an alarm of this template can tell: nothing of another Region is a reference here."""
    return [{"Ref": name} for name, r in template["Resources"].items() if r["Type"] == "AWS::SNS::Topic"]


def words(alarm: dict[str, Any]) -> set[str]:
    """Of what an alarm looks at: metrics and dimensions, also those of a query."""
    return set(re.findall(r"\w+", str({**alarm, "AlarmDescription": ""})))


@pytest.mark.parametrize(("what", "region", "metric", "dimension"), WATCHED, ids=[row[0] for row in WATCHED])
def test_a_lag_rings_by_default_where_it_matters(what, region, metric, dimension, world, resources):
    template = world.templates[region]

    watching = [
        alarm for alarm in resources(template, "AWS::CloudWatch::Alarm").values() if {metric, dimension} <= words(alarm)
    ]

    assert watching != []
    assert all(action in topics(template) for alarm in watching for action in alarm["AlarmActions"])
    assert all(alarm["AlarmActions"] for alarm in watching)


def test_a_copy_of_a_backup_that_fails_is_told_where_the_backup_is(world, resources):
    rules = resources(world.templates[IRELAND], "AWS::Events::Rule").values()

    [copies] = [rule for rule in rules if rule["EventPattern"].get("detail-type") == ["Copy Job State Change"]]

    assert "FAILED" in str(copies["EventPattern"]["detail"]["state"])
    assert all(target["Arn"] in topics(world.templates[IRELAND]) for target in copies["Targets"])


def test_every_alarm_of_a_region_tells_a_topic_of_that_region(world, resources):
    untold = {
        region: [
            name
            for name, alarm in resources(template, "AWS::CloudWatch::Alarm").items()
            if not alarm.get("AlarmActions") or any(a not in topics(template) for a in alarm["AlarmActions"])
        ]
        for region, template in world.templates.items()
    }

    assert untold == {IRELAND: [], FRANKFURT: []}
