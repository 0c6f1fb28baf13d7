"""A Valkey cache: what is in the template, and who may do what."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns

from cdk_standby.alarm_topic import AlarmTopic
from cdk_standby.caches.valkey_cache import CacheUser, ValkeyCache
from cdk_standby.keys import DataKey

GROUP = "AWS::ElastiCache::ReplicationGroup"
SHAPES: dict[str, dict[str, Any]] = {
    "Usual": {"name": "usual"},
    "Sharded": {
        "version": "9.0",
        "cluster_mode": "enabled",
        "shards": 4,
        "durability": "sync",
        "users": (CacheUser(name="shop-reader", access="on ~* +@read", iam=True),),
        "parameters": {"maxmemory-policy": "allkeys-lru"},
    },
    "Lab": {
        "engine": "redis",
        "version": "7.1",
        "node_type": "cache.t4g.small",
        "replicas": 0,
        "no_replicas_because": "a lab",
        "no_snapshots_because": "a lab",
        "deletable_because": "rebuilt nightly",
    },
    "Moving": {"plaintext_because": "clients move in June", "cluster_mode": "compatible"},
    "Restored": {"restore": "shop-final", "node_type": "cache.r6gd.xlarge", "data_tiering": True},
    "Files": {"restore": ("arn:aws:s3:::backups/shop.rdb",), "version": "9.1", "cluster_mode": "enabled"},
    "Dual": {"network_type": "dual_stack", "ip_discovery": "ipv6", "minor_upgrades": False},
}


def network(stack: cdk.Stack) -> ec2.IVpc:
    return ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-0123456789abcdef0",
        availability_zones=[f"{stack.region}a", f"{stack.region}b"],
        isolated_subnet_ids=["subnet-0aaaaaaaaaaaaaaa0", "subnet-0aaaaaaaaaaaaaaa1"],
        isolated_subnet_route_table_ids=["rtb-0aaaaaaaaaaaaaaa0", "rtb-0aaaaaaaaaaaaaaa1"],
    )


@pytest.fixture(scope="module")
def world(make_stack: Callable[..., cdk.Stack], template: Callable[..., Any]) -> SimpleNamespace:
    """Every shape in one stack, with somebody who may connect."""
    stack = make_stack()
    vpc, key = network(stack), DataKey(stack, "Key").key
    topic = AlarmTopic(stack, "Alarms", key=key)
    caches = {
        name: ValkeyCache(stack, name, vpc=vpc, key=key, **{"version": "8.2", "alarms": topic, **options})
        for name, options in SHAPES.items()
    }
    reader = iam.Role(stack, "Reader", assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com"))
    caches["Usual"].grant_connect(reader)
    caches["Sharded"].grant_connect(reader, "shop-reader")
    caches["Sharded"].scale_replicas(2, 5)
    caches["Sharded"].scale_shards(4, 10, cpu=60)
    peer = ec2.SecurityGroup(stack, "Peer", vpc=vpc)
    caches["Usual"].connections.allow_default_port_from(peer)
    return SimpleNamespace(stack=stack, caches=caches, template=template(stack))


@pytest.fixture(scope="module")
def groups(world: SimpleNamespace) -> dict[str, Any]:
    """The whole replication group of each shape."""
    of = world.stack.get_logical_id
    return {name: world.template["Resources"][of(cache.cache)] for name, cache in world.caches.items()}


def parts(world: SimpleNamespace, shape: str, kind: str) -> dict[str, Any]:
    return {
        name: one for name, one in world.template["Resources"].items() if one["Type"] == kind and name.startswith(shape)
    }


@pytest.mark.capability("MEM-01", "MEM-02", "NET-06")
def test_the_usual_cache_has_two_replicas_in_other_zones_and_fails_over(world, groups):
    properties = groups["Usual"]["Properties"]

    assert properties["Engine"] == "valkey"
    assert properties["EngineVersion"] == "8.2"
    assert properties["MultiAZEnabled"] is True
    assert properties["AutomaticFailoverEnabled"] is True
    assert properties["ReplicasPerNodeGroup"] == 2
    [(subnets, _)] = parts(world, "Usual", "AWS::ElastiCache::SubnetGroup").items()
    assert properties["CacheSubnetGroupName"] == {"Ref": subnets}


@pytest.mark.capability("MEM-01")
def test_nothing_is_readable_on_the_way_or_at_rest(world, groups):
    properties = groups["Usual"]["Properties"]

    assert properties["TransitEncryptionEnabled"] is True
    assert properties["TransitEncryptionMode"] == "required"
    assert properties["AtRestEncryptionEnabled"] is True
    assert properties["KmsKeyId"] == {"Fn::GetAtt": ["Key9BCD29C7", "Arn"]}


def test_redis_is_an_engine_too(world, groups):
    [(_, parameters)] = parts(world, "Lab", "AWS::ElastiCache::ParameterGroup").items()

    assert groups["Lab"]["Properties"]["Engine"] == "redis"
    assert parameters["Properties"]["CacheParameterGroupFamily"] == "redis7"


@pytest.mark.capability("MEM-03")
def test_a_sharded_cache_is_resharded_online(groups):
    properties = groups["Sharded"]["Properties"]

    assert (properties["NumNodeGroups"], properties["ReplicasPerNodeGroup"]) == (4, 2)
    assert properties["ClusterMode"] == "enabled"
    assert {group["UpdatePolicy"]["UseOnlineResharding"] for group in groups.values()} == {True}


@pytest.mark.capability("MEM-03")
def test_cluster_mode_is_a_parameter_too_and_each_mode_has_a_group_of_its_own(world):
    kind = "AWS::ElastiCache::ParameterGroup"
    by_shape = {shape: next(iter(parts(world, shape, kind).values()))["Properties"]["Properties"] for shape in SHAPES}

    assert by_shape["Usual"] == {}
    assert by_shape["Moving"] == {"cluster-enabled": "yes"}
    assert by_shape["Sharded"] == {"cluster-enabled": "yes", "maxmemory-policy": "allkeys-lru"}
    assert [name[:-8] for name in parts(world, "Usual", kind)] == ["UsualParameters"]
    assert [name[:-8] for name in parts(world, "Moving", kind)] == ["MovingClusterParameters"]


@pytest.mark.capability("MEM-04")
def test_a_durable_cache_says_how_and_others_that_could_be_say_that_they_are_not(groups):
    durable = {shape: group["Properties"].get("Durability") for shape, group in groups.items()}

    assert durable["Sharded"] == "sync"
    assert groups["Sharded"]["Properties"]["EngineVersion"] == "9.0"
    assert durable["Files"] == "disabled"
    assert durable["Usual"] is None


@pytest.mark.capability("MEM-07")
def test_both_logs_go_to_groups_of_the_caches_own_as_json(world, groups):
    deliveries = groups["Usual"]["Properties"]["LogDeliveryConfigurations"]
    logs = parts(world, "Usual", "AWS::Logs::LogGroup")

    assert [(one["LogType"], one["LogFormat"]) for one in deliveries] == [("slow-log", "json"), ("engine-log", "json")]
    details = [one["DestinationDetails"]["CloudWatchLogsDetails"]["LogGroup"] for one in deliveries]
    assert details == [{"Ref": name} for name in logs]
    names = {one["Properties"]["LogGroupName"] for one in logs.values()}
    assert names == {f"/aws/vendedlogs/elasticache/usual/{kind}" for kind in ("slow-log", "engine-log")}
    assert all(one["Properties"]["KmsKeyId"] for one in logs.values())


@pytest.mark.capability("MEM-08")
def test_elasticache_tells_a_topic_that_it_can_tell(world, groups):
    [(events, topic)] = parts(world, "Usual", "AWS::SNS::Topic").items()
    [policy] = parts(world, "Usual", "AWS::SNS::TopicPolicy").values()

    assert groups["Usual"]["Properties"]["NotificationTopicArn"] == {"Ref": events}
    assert "KmsMasterKeyId" not in topic.get("Properties", {})
    publish = [s for s in policy["Properties"]["PolicyDocument"]["Statement"] if s["Effect"] == "Allow"]
    assert publish == [
        {
            "Action": "sns:Publish",
            "Condition": {"StringEquals": {"aws:SourceOwner": {"Ref": "AWS::AccountId"}}},
            "Effect": "Allow",
            "Principal": {"Service": "elasticache.amazonaws.com"},
            "Resource": {"Ref": events},
            "Sid": "1",
        }
    ]


@pytest.mark.capability("MEM-09")
def test_snapshots_are_daily_and_a_cache_starts_from_one(groups):
    usual = groups["Usual"]["Properties"]

    assert usual["SnapshotRetentionLimit"] == 15
    assert usual["SnapshotWindow"] == "01:00-02:00"
    assert usual["PreferredMaintenanceWindow"] == "sun:03:00-sun:04:00"
    assert groups["Lab"]["Properties"]["SnapshotRetentionLimit"] == 0
    assert groups["Restored"]["Properties"]["SnapshotName"] == "shop-final"
    assert groups["Files"]["Properties"]["SnapshotArns"] == ["arn:aws:s3:::backups/shop.rdb"]


def test_the_cache_is_retained_with_all_its_parts(world):
    kept = {
        one["Type"]: (one.get("DeletionPolicy"), one.get("UpdateReplacePolicy"))
        for name, one in world.template["Resources"].items()
        if name.startswith("Usual") and one["Type"].startswith(("AWS::ElastiCache", "AWS::Logs", "AWS::Secrets"))
    }

    assert len(kept) == 7
    assert set(kept.values()) == {("Retain", "Retain")}
    [door] = [one for name, one in parts(world, "Usual", "AWS::EC2::SecurityGroup").items()]
    assert door["DeletionPolicy"] == "Retain"


def test_a_lab_leaves_a_snapshot_and_nothing_else(world, groups):
    assert (groups["Lab"]["DeletionPolicy"], groups["Lab"]["UpdateReplacePolicy"]) == ("Snapshot", "Snapshot")
    policies = {
        one["DeletionPolicy"]
        for name, one in world.template["Resources"].items()
        if name.startswith("Lab") and one["Type"] != GROUP and "DeletionPolicy" in one
    }
    assert policies == {"Delete"}
    tags = {tag["Key"]: tag["Value"] for tag in groups["Lab"]["Properties"]["Tags"]}
    assert tags["cdk-standby:weakened:no_replicas"] == "a lab"


def test_whoever_has_no_name_may_do_nothing(world):
    users = [one["Properties"] for one in parts(world, "Usual", "AWS::ElastiCache::User").values()]

    assert {user["UserName"]: user["AccessString"] for user in users} == {
        "default": "off -@all",
        "app": "on ~* &* +@all -@dangerous +info",
    }
    assert {user["AuthenticationMode"]["Type"] for user in users} == {"password"}
    [group] = parts(world, "Usual", "AWS::ElastiCache::UserGroup").values()
    assert group["Properties"]["Engine"] == "valkey"
    assert len(group["Properties"]["UserIds"]) == 2


def test_a_user_known_by_iam_has_one_name_and_no_password(world):
    users = [one["Properties"] for one in parts(world, "Sharded", "AWS::ElastiCache::User").values()]
    [user] = [user for user in users if user["UserName"] != "default"]

    assert user["UserId"] == user["UserName"] == "shop-reader"
    assert user["AuthenticationMode"] == {"Type": "iam"}


def test_clients_that_are_on_the_way_to_encryption_are_asked_for_nothing(world, groups):
    properties = groups["Moving"]["Properties"]

    assert properties["TransitEncryptionMode"] == "preferred"
    assert "UserGroupIds" not in properties
    assert parts(world, "Moving", "AWS::ElastiCache::User") == {}


def test_a_reader_gets_the_password_and_no_more_or_connects_by_iam(world):
    [policy] = parts(world, "Reader", "AWS::IAM::Policy").values()
    statements = policy["Properties"]["PolicyDocument"]["Statement"]
    actions = [one["Action"] for one in statements]

    assert actions == [
        ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
        "kms:Decrypt",
        "elasticache:Connect",
    ]
    arns = [str(arn) for arn in statements[2]["Resource"]]
    assert ":replicationgroup:" in arns[0]
    assert ":user:" in arns[1]


def test_the_door_opens_to_named_peers_only(world):
    rules = parts(world, "Usual", "AWS::EC2::SecurityGroupIngress")
    [rule] = rules.values()

    assert rule["Properties"]["FromPort"] == rule["Properties"]["ToPort"] == 6379


def test_clients_find_the_primary_the_replicas_or_all_shards(world):
    usual, sharded = world.caches["Usual"], world.caches["Sharded"]
    resolve = world.stack.resolve

    assert resolve(usual.endpoint.hostname)["Fn::GetAtt"][1] == "PrimaryEndPoint.Address"
    assert resolve(usual.reader_endpoint.hostname)["Fn::GetAtt"][1] == "ReaderEndPoint.Address"
    assert resolve(sharded.endpoint.hostname)["Fn::GetAtt"][1] == "ConfigurationEndPoint.Address"


@pytest.mark.capability("MEM-13")
def test_replicas_and_shards_follow_the_load(world):
    targets = parts(world, "Sharded", "AWS::ApplicationAutoScaling::ScalableTarget").values()
    policies = parts(world, "Sharded", "AWS::ApplicationAutoScaling::ScalingPolicy").values()

    assert {
        (t["Properties"]["ScalableDimension"], t["Properties"]["MinCapacity"], t["Properties"]["MaxCapacity"])
        for t in targets
    } == {
        ("elasticache:replication-group:Replicas", 2, 5),
        ("elasticache:replication-group:NodeGroups", 4, 10),
    }
    measured = [
        p["Properties"]["TargetTrackingScalingPolicyConfiguration"]["PredefinedMetricSpecification"] for p in policies
    ]
    assert sorted(m["PredefinedMetricType"] for m in measured) == [
        "ElastiCacheDatabaseMemoryUsageCountedForEvictPercentage",
        "ElastiCachePrimaryEngineCPUUtilization",
        "ElastiCacheReplicaEngineCPUUtilization",
    ]


@pytest.mark.capability("MEM-14")
def test_alarms_watch_every_node_of_every_shard(world):
    alarms = parts(world, "Sharded", "AWS::CloudWatch::Alarm").values()
    lag = [one["Properties"] for one in alarms if "further behind" in one["Properties"]["AlarmDescription"]]

    watched = [
        metric["MetricStat"]["Metric"]["Dimensions"][0]["Value"]["Fn::Join"][1][1]
        for alarm in lag
        for metric in alarm["Metrics"]
        if "MetricStat" in metric
    ]
    assert sorted(watched) == [f"-{shard:04d}-{node:03d}" for shard in range(1, 5) for node in range(1, 4)]
    assert {alarm["Metrics"][0]["Expression"][:5] for alarm in lag} == {"MAX(["}


@pytest.mark.capability("MEM-14")
def test_a_cache_rings_for_what_keeps_it_from_serving(world):
    usual, lab = world.caches["Usual"].alarms, world.caches["Lab"].alarms

    assert list(usual) == [
        "EngineCpu", "Cpu", "Memory", "Evictions", "Connections", "ReplicationLag", "Swap", "Refused",
    ]  # fmt: skip
    assert set(lab) == set(usual) - {"ReplicationLag"} | {"CpuCredits"}
    alarms = parts(world, "Usual", "AWS::CloudWatch::Alarm").values()
    assert all(alarm["Properties"]["AlarmActions"] for alarm in alarms)


@pytest.mark.capability("MEM-14")
def test_a_cache_that_was_moved_to_cluster_mode_keeps_the_names_of_its_first_nodes(make_stack, template):
    stack = make_stack()
    options = {"version": "8.2", "cluster_mode": "enabled", "shards": 2, "replicas": 1, "born_unsharded": True}

    ValkeyCache(stack, "Cache", vpc=network(stack), key=DataKey(stack, "Key").key, **options)

    resources = template(stack)["Resources"]
    alarms = [r["Properties"] for r in resources.values() if r["Type"] == "AWS::CloudWatch::Alarm"]
    [alarm] = [alarm for alarm in alarms if "snapshots, TLS" in alarm["AlarmDescription"]]
    metrics = [m["MetricStat"]["Metric"]["Dimensions"][0]["Value"] for m in alarm["Metrics"] if "MetricStat" in m]
    assert [value["Fn::Join"][1][1] for value in metrics] == ["-001", "-002", "-0002-001", "-0002-002"]


def test_a_threshold_goes_for_all_nodes(make_stack, template):
    stack = make_stack()
    options = {"version": "8.2", "cluster_mode": "enabled", "shards": 4, "alarm_thresholds": {"Memory": 60}}
    options |= {"alarms_off_because": {"Swap": "seen elsewhere"}}
    topic = sns.Topic(stack, "Events")

    cache = ValkeyCache(stack, "Cache", vpc=network(stack), key=DataKey(stack, "Key").key, events=topic, **options)

    assert [name for name in cache.alarms if "Swap" in name] == []
    alarms = [r["Properties"] for r in template(stack)["Resources"].values() if r["Type"] == "AWS::CloudWatch::Alarm"]
    assert {a["Threshold"] for a in alarms if "memory is used" in a["AlarmDescription"]} == {60}
    assert cache.events is topic
