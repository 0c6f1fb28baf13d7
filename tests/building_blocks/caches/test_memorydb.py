"""A MemoryDB cluster: what is in the template, who may do what, what validators say."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from replacement import Together, create_only_options, described, in_place, replacing

from cdk_standby._checks import InvalidOptions
from cdk_standby.alarm_topic import AlarmTopic
from cdk_standby.caches.memorydb import CacheUser, MemoryDb, MemoryDbMember
from cdk_standby.caches.memorydb_multi_region import MemoryDbMultiRegion
from cdk_standby.keys import DataKey

CLUSTER = "AWS::MemoryDB::Cluster"
KEY = "arn:aws:kms:eu-west-1:111111111111:key/12345678-1234-1234-1234-123456789012"
READER = CacheUser(name="orders-reader", access="on ~* +@read", iam=True)
SHAPES: dict[str, dict[str, Any]] = {
    "Usual": {},
    "Sharded": {
        "name": "orders",
        "shards": 3,
        "replicas": 1,
        "node_type": "db.r6gd.xlarge",
        "data_tiering": True,
        "users": (READER, CacheUser(name="orders-service")),
        "parameters": {"maxmemory-policy": "noeviction"},
        "restore": "orders-final",
        "minor_upgrades": False,
    },
    "Lab": {
        "engine": "redis",
        "version": "7.1",
        "node_type": "db.t4g.small",
        "replicas": 0,
        "no_replicas_because": "a lab",
        "no_snapshots_because": "a lab",
        "plaintext_because": "an old client",
        "deletable_because": "rebuilt nightly",
    },
    "Member": {"member_of": MemoryDbMember(name="virxk-shop", shards=2), "users": (CacheUser(name="shop", iam=True),)},
}


def network(stack: cdk.Stack, zones: str = "ab") -> ec2.IVpc:
    return ec2.Vpc.from_vpc_attributes(
        stack,
        f"Vpc-{zones}",
        vpc_id="vpc-0123456789abcdef0",
        availability_zones=[f"{stack.region}{zone}" for zone in zones],
        isolated_subnet_ids=[f"subnet-0aaaaaaaaaaaaaaa{zone}" for zone in zones],
        isolated_subnet_route_table_ids=[f"rtb-0aaaaaaaaaaaaaaa{zone}" for zone in zones],
        region=stack.region,
    )


@pytest.fixture(scope="module")
def world(make_stack: Callable[..., cdk.Stack], template: Callable[..., Any], flags: str) -> SimpleNamespace:
    """Every shape in one stack, with somebody who may connect."""
    stack = make_stack(flags=flags)
    key, vpc = DataKey(stack, "Key").key, network(stack)
    alarms = AlarmTopic(stack, "Alarms", key=key)
    events = sns.Topic(stack, "Plain", enforce_ssl=True)
    cdk.Validations.of(events).acknowledge(
        cdk.Acknowledgment(id="NIST.800.53.R5::NIST.800.53.R5-SNSEncryptedKMS", reason="MemoryDB tells no other")
    )
    told = {"Sharded": {"events": events}}
    built = {
        shape: MemoryDb(stack, shape, vpc=vpc, key=key, alarms=alarms, **options, **told.get(shape, {}))
        for shape, options in SHAPES.items()
    }
    MemoryDbMultiRegion(
        stack, "Shared", suffix="shop", regions=("eu-west-1", "us-east-1"), cluster_name="virxk-shop", shards=2
    )
    service = iam.Role(stack, "Service", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"))
    built["Usual"].grant_connect(iam.ManagedPolicy(stack, "ByPassword", roles=[service]))
    built["Sharded"].grant_connect(iam.ManagedPolicy(stack, "ByIam", roles=[service]), "orders-reader")
    client = ec2.SecurityGroup(stack, "Client", vpc=vpc, allow_all_outbound=False)
    built["Usual"].connections.allow_default_port_from(client)
    built["Lab"].let_in(client)
    return SimpleNamespace(app=stack.node.root, stack=stack, built=built, template=template(stack))


@pytest.fixture
def cluster(world: SimpleNamespace) -> Callable[[str], dict[str, Any]]:
    """The resource of the cluster of a shape."""
    return lambda shape: dict(world.template["Resources"][world.stack.get_logical_id(world.built[shape].cluster)])


@pytest.fixture
def of(world: SimpleNamespace) -> Callable[[str, str], list[dict[str, Any]]]:
    """The resources of a type that belong to a shape."""
    return lambda shape, kind: [
        r for name, r in world.template["Resources"].items() if r["Type"] == kind and name.startswith(shape)
    ]


def test_the_validators_find_nothing(world, findings, lint):
    assert findings(world.app) == []
    assert lint(world.template) == []


@pytest.mark.capability("MEM-15")
def test_a_cluster_has_replicas_is_encrypted_and_asks_for_names(cluster):
    properties = cluster("Usual")["Properties"]

    assert properties["NumReplicasPerShard"] == 2
    assert properties["TLSEnabled"] is True
    assert properties["KmsKeyId"] == {"Fn::GetAtt": ["Key9BCD29C7", "Arn"]}
    assert properties["ACLName"] == {"Ref": "UsualUsersFB8BE5CA"}
    assert (properties["Engine"], properties["EngineVersion"]) == ("valkey", "7.3")


@pytest.mark.capability("MEM-15")
def test_nodes_may_live_in_every_zone(of):
    [subnets] = of("Usual", "AWS::MemoryDB::SubnetGroup")

    assert len(subnets["Properties"]["SubnetIds"]) == 2


@pytest.mark.capability("MEM-19")
def test_snapshots_are_kept_for_35_days_and_events_are_told(cluster):
    properties = cluster("Usual")["Properties"]

    assert (properties["SnapshotRetentionLimit"], properties["SnapshotWindow"]) == (35, "01:00-02:00")
    assert properties["SnsTopicArn"]["Ref"].startswith("UsualEvents")
    assert cluster("Sharded")["Properties"]["SnsTopicArn"]["Ref"].startswith("Plain")
    assert cluster("Lab")["Properties"]["SnapshotRetentionLimit"] == 0


def test_memorydb_may_publish_to_the_topic_of_its_events(of):
    [policy] = of("Usual", "AWS::SNS::TopicPolicy")

    statements = policy["Properties"]["PolicyDocument"]["Statement"]

    assert [s["Action"] for s in statements if s["Principal"] == {"Service": "memorydb.amazonaws.com"}] == [
        "sns:Publish"
    ]


@pytest.mark.capability("MEM-18")
def test_the_password_of_a_user_is_made_up_and_kept_in_a_secret(of):
    [user] = of("Usual", "AWS::MemoryDB::User")
    [secret] = of("Usual", "AWS::SecretsManager::Secret")
    mode = user["Properties"]["AuthenticationMode"]

    assert mode["Type"] == "password"
    assert "resolve:secretsmanager" in json.dumps(mode["Passwords"])
    assert secret["Properties"]["GenerateSecretString"]["PasswordLength"] == 32
    assert user["Properties"]["AccessString"] == "on ~* &* +@all -@dangerous +info"


def test_a_user_that_iam_knows_has_no_password(of):
    users = {r["Properties"]["UserName"]: r["Properties"] for r in of("Sharded", "AWS::MemoryDB::User")}

    assert users["orders-reader"]["AuthenticationMode"] == {"Type": "iam"}
    assert users["orders-service"]["AuthenticationMode"]["Type"] == "password"


@pytest.mark.capability("MEM-18")
def test_a_client_reads_the_secret_or_connects_by_iam(of):
    [by_password], [by_iam] = of("ByPassword", "AWS::IAM::ManagedPolicy"), of("ByIam", "AWS::IAM::ManagedPolicy")
    actions = [sorted(s["Action"]) for s in by_password["Properties"]["PolicyDocument"]["Statement"]]
    [connect] = by_iam["Properties"]["PolicyDocument"]["Statement"]

    assert actions[0] == ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"]
    assert by_password["Properties"]["PolicyDocument"]["Statement"][1]["Action"] == "kms:Decrypt"
    assert connect["Action"] == "memorydb:Connect"
    assert [r["Fn::GetAtt"][1] for r in connect["Resource"]] == ["ARN", "Arn"]


def test_a_client_reaches_the_port_and_no_other(world, resources):
    rules = resources(world.template, "AWS::EC2::SecurityGroupIngress").values()

    assert {(rule["FromPort"], rule["ToPort"]) for rule in rules} == {(6379, 6379)}


@pytest.mark.capability("MEM-17")
def test_every_cluster_has_users_groups_and_parameters_of_its_own(world, cluster):
    named = {
        shape: {cluster(shape)["Properties"].get(p, {}).get("Ref") for p in ("SubnetGroupName", "ParameterGroupName")}
        for shape in ("Usual", "Sharded")
    }

    assert len(world.built) == 4
    assert named["Usual"] & named["Sharded"] == set()


def test_everything_about_the_data_is_retained(of, cluster):
    kinds = ("ACL", "User", "SubnetGroup", "ParameterGroup")
    parts = [r for kind in kinds for r in of("Usual", f"AWS::MemoryDB::{kind}")]
    parts += of("Usual", "AWS::SecretsManager::Secret") + of("Usual", "AWS::EC2::SecurityGroup")

    assert len(parts) == 6
    assert {r["DeletionPolicy"] for r in [cluster("Usual"), *parts]} == {"Retain"}
    assert {r["UpdateReplacePolicy"] for r in [cluster("Usual"), *parts]} == {"Retain"}


def test_a_lab_leaves_a_last_snapshot_and_says_why(world, cluster):
    lab = cluster("Lab")

    assert lab["DeletionPolicy"] == "Delete"
    assert lab["Properties"]["FinalSnapshotName"].endswith("-final")
    assert lab["Properties"]["ACLName"] == "open-access"
    assert world.template["Metadata"]["cdk-standby:weakened"]["Test/Lab"] == {
        "no_replicas": "a lab",
        "no_snapshots": "a lab",
        "plaintext": "an old client",
        "deletable": "rebuilt nightly",
    }


def test_a_cluster_starts_from_a_snapshot_and_keeps_what_is_cold_on_disks(cluster):
    properties = cluster("Sharded")["Properties"]

    assert (properties["SnapshotName"], properties["DataTiering"]) == ("orders-final", "true")
    assert (properties["NumShards"], properties["AutoMinorVersionUpgrade"]) == (3, False)


def test_the_parameter_group_is_of_the_engines_family(of):
    groups = {shape: of(shape, "AWS::MemoryDB::ParameterGroup")[0]["Properties"] for shape in ("Sharded", "Lab")}

    assert groups["Sharded"]["ParameterGroupName"] == "orders-valkey7"
    assert groups["Sharded"]["Parameters"] == {"maxmemory-policy": "noeviction"}
    assert groups["Lab"]["Family"] == "memorydb_redis7"


@pytest.mark.capability("MEM-16")
def test_a_member_has_shards_nodes_and_parameters_from_its_multi_region_cluster(cluster):
    properties = cluster("Member")["Properties"]

    assert properties["MultiRegionClusterName"] == "virxk-shop"
    assert (properties["NodeType"], properties["NumShards"]) == ("db.r7g.xlarge", 2)
    assert properties["TLSEnabled"] is True
    assert "ParameterGroupName" not in properties


def test_alarms_take_the_worst_of_all_nodes_that_there_are(of):
    alarms = [alarm["Properties"] for alarm in of("Sharded", "AWS::CloudWatch::Alarm")]
    queries = {a["Metrics"][0]["Expression"]: a["Threshold"] for a in alarms}

    assert queries["SELECT MAX(EngineCPUUtilization) FROM \"AWS/MemoryDB\" WHERE ClusterName = 'orders'"] == 90
    assert queries["SELECT MAX(ReplicationLag) FROM \"AWS/MemoryDB\" WHERE ClusterName = 'orders'"] == 10
    assert all(a["AlarmActions"] == a["OKActions"] != [] for a in alarms)


def test_one_minute_of_evictions_is_enough_to_ring(of):
    alarms = [alarm["Properties"] for alarm in of("Usual", "AWS::CloudWatch::Alarm")]

    needed = {a["Metrics"][0]["Expression"].split("(")[1].split(")")[0]: a["DatapointsToAlarm"] for a in alarms}

    assert (needed["Evictions"], needed["EngineCPUUtilization"]) == (1, 5)


def test_alarms_are_those_of_the_shape(world):
    usual = {
        "EngineCpu", "Cpu", "Memory", "Evictions", "Connections", "DelayedWrites", "Throughput", "Swap", "Refused",
    }  # fmt: skip

    assert set(world.built["Usual"].alarms) == {*usual, "ReplicationLag"}
    assert set(world.built["Sharded"].alarms) == {*usual, "ReplicationLag", "Capacity"}
    assert set(world.built["Lab"].alarms) == {*usual, "CpuCredits"}
    assert set(world.built["Member"].alarms) == {*usual, "ReplicationLag", "GlobalLag"}


def test_a_cluster_keeps_its_id(world):
    assert world.stack.get_logical_id(world.built["Usual"].cluster) == "UsualCluster2741D237"


@pytest.mark.parametrize(
    ("shape", "user", "message"),
    [
        (
            "Sharded",
            "somebody",
            "'user' is 'somebody'; allowed: 'orders-reader', 'orders-service', because these are the users of the "
            "cluster",
        ),
        (
            "Lab",
            None,
            "'user' is not given; allowed: nobody, because it has no users: whoever reaches the port is let in",
        ),
    ],
)
def test_nobody_else_is_let_in(world, shape, user, message):
    with pytest.raises(InvalidOptions) as refused:
        world.built[shape].grant_connect(iam.AccountRootPrincipal(), user)

    assert str(refused.value) == f"Test/{shape}: {message}"


def test_options_replace_the_cluster_only_where_they_say_so(make_stack):
    def build(**options: Any) -> cdk.Stack:
        stack = make_stack()
        alarms = AlarmTopic(stack, "Alarms") if options.pop("alarms", False) else None
        if options.pop("events", False):
            options["events"] = sns.Topic(stack, "Plain")
        vpc = network(stack, options.pop("vpc", "ab"))
        key = kms.Key.from_key_arn(stack, "AnyKey", KEY.replace("1234", options.pop("key", "1234")))
        MemoryDb(stack, "Database", vpc=vpc, key=key, alarms=alarms, **options)
        return stack

    anew = {
        "key": "4321",
        "data_tiering": Together(data_tiering=True, node_type="db.r6gd.xlarge"),
        "member_of": MemoryDbMember(name="virxk-shop"),
        "name": "other",
        "port": 6380,
        "plaintext_because": "an old client",
        "restore": "orders-final",
    }
    changed = {
        "vpc": "abc",
        "engine": "valkey",
        "version": "7.2",
        "node_type": "db.r7g.xlarge",
        "shards": 3,
        "replicas": 1,
        "subnets": ec2.SubnetSelection(availability_zones=["eu-west-1a", "eu-west-1b"]),
        "users": (READER,),
        "parameters": {"maxmemory-policy": "noeviction"},
        "snapshot_retention": cdk.Duration.days(7),
        "snapshot_window": "05:00-06:00",
        "maintenance_window": "mon:03:00-mon:04:00",
        "minor_upgrades": False,
        "events": True,
        "alarms": True,
        "alarm_thresholds": {"Cpu": 50.0},
        "alarms_off_because": {"Swap": "noise"},
    }
    a_lab = {"no_replicas_because": "a lab", "no_snapshots_because": "a lab", "deletable_because": "a lab"}
    together = {"changed": Together(changed), "a lab": Together(replicas=0, **a_lab)}

    found = in_place(build, {}, {**anew, **together}, types={CLUSTER})

    assert {*anew, *changed, *a_lab} == set(described(MemoryDb)) - {"scope", "id"}
    assert replacing(found) == create_only_options(MemoryDb) == set(anew)
