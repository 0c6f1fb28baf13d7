"""A table alone and in several Regions: what is rendered, on every replica, and who may do what."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kinesis as kinesis
from aws_cdk.assertions import Annotations, Match

from cdk_standby.alarm_topic import AlarmTopic
from cdk_standby.keys import DataKey
from cdk_standby.tables.table import (
    ONE_AT_A_TIME,
    Autoscaled,
    GlobalIndex,
    LocalIndex,
    OnDemand,
    Provisioned,
    Replica,
    Table,
    WarmThroughput,
)

GLOBAL = "AWS::DynamoDB::GlobalTable"
FRANKFURT = Replica(region="eu-central-1", key="alias/orders")
STREAM = "arn:aws:kinesis:eu-central-1:111111111111:stream/orders"
BY_CUSTOMER = GlobalIndex(name="by-customer", partition_keys=["customer", "shop"], sort_keys=[("at", "N")])
ANYBODY = iam.PolicyStatement(
    sid="Audit",
    principals=[iam.AccountPrincipal("222222222222")],
    actions=["dynamodb:DescribeTable"],
    resources=["*"],
)
SHAPES: dict[str, dict[str, Any]] = {
    "Alone": {},
    "Lab": {"deletable_because": "rebuilt nightly", "recovery_off_because": "holds nothing"},
    "Global": {
        "sort_key": ("at", "N"),
        "table_name": "orders",
        "replicas": [FRANKFURT],
        "ttl": "expires",
        "global_indexes": [BY_CUSTOMER],
        "local_indexes": [LocalIndex(name="by-price", sort_key=("price", "N"), project="keys")],
        "policy": [ANYBODY],
        "recovery_window": cdk.Duration.days(14),
        "contributor_insights": "ACCESSED_AND_THROTTLED_KEYS",
    },
    "Strong": {"consistency": "strong", "witness": "eu-west-2", "replicas": [FRANKFURT]},
    "StrongInThree": {
        "consistency": "strong",
        "replicas": [FRANKFURT, Replica(region="eu-west-3", key="alias/orders")],
        "stream": None,
    },
    "Provisioned": {
        "capacity": Provisioned(
            reads=Autoscaled(minimum=5, maximum=100), writes=Autoscaled(minimum=2, maximum=50, target=60, seed=10)
        ),
        "replicas": [Replica(region="eu-central-1", key="alias/orders", reads=Autoscaled(minimum=1, maximum=10))],
        "global_indexes": [
            BY_CUSTOMER,
            GlobalIndex(
                name="by-shop",
                partition_keys=["shop"],
                project=["total"],
                capacity=Provisioned(reads=Autoscaled(minimum=1, maximum=9), writes=Autoscaled(minimum=1, maximum=8)),
            ),
        ],
    },
    "Limited": {
        "capacity": OnDemand(max_reads=1000, max_writes=500),
        "warm_throughput": WarmThroughput(reads=15_000, writes=5_000),
        "replicas": [Replica(region="eu-central-1", key="alias/orders", max_reads=2000, kinesis_stream=STREAM)],
        "global_indexes": [BY_CUSTOMER],
        "table_class": "STANDARD_INFREQUENT_ACCESS",
        "contributor_insights": None,
    },
}


@pytest.fixture(scope="module")
def world(make_stack: Callable[..., cdk.Stack], template: Callable[..., Any]) -> SimpleNamespace:
    """Every shape in one stack, with a caller, a follower and tags that come late."""
    stack = make_stack()
    key = DataKey(stack, "Key").key
    alarms = AlarmTopic(stack, "Alarms", key=key)
    kept = kinesis.Stream(stack, "Changes")
    more: dict[str, dict[str, Any]] = {"Limited": {"kinesis_stream": kept}}
    built = {
        shape: Table(stack, shape, partition_key="order_id", key=key, alarms=alarms, **options, **more.get(shape, {}))
        for shape, options in SHAPES.items()
    }
    for name, grant in (("read", "grant_read"), ("write", "grant_write"), ("both", "grant_read_write")):
        getattr(built["Global"], grant)(iam.Role(stack, name, assumed_by=iam.AccountRootPrincipal()))
    built["Global"].grant_stream_read(iam.Role(stack, "follow", assumed_by=iam.AccountRootPrincipal()))
    cdk.Tags.of(stack).add("team", "shop")
    return SimpleNamespace(stack=stack, built=built, template=template(stack))


@pytest.fixture
def table(world: SimpleNamespace) -> Callable[[str], dict[str, Any]]:
    """The resource of a shape."""

    def find(shape: str) -> dict[str, Any]:
        [found] = [
            r
            for name, r in world.template["Resources"].items()
            if r["Type"] == GLOBAL and name.startswith(shape + "Ta")
        ]
        return dict(found)

    return find


@pytest.fixture
def properties(table: Callable[[str], dict[str, Any]]) -> Callable[[str], dict[str, Any]]:
    return lambda shape: dict(table(shape)["Properties"])


@pytest.mark.capability("DDB-01")
@pytest.mark.parametrize("shape", [shape for shape in SHAPES if shape != "Lab"])
def test_every_replica_is_protected_and_all_are_kept(table, shape):
    resource = table(shape)

    assert [r["DeletionProtectionEnabled"] for r in resource["Properties"]["Replicas"]] == [True] * len(
        resource["Properties"]["Replicas"]
    )
    assert (resource["DeletionPolicy"], resource["UpdateReplacePolicy"]) == ("Retain", "Retain")


@pytest.mark.capability("DDB-01")
def test_a_table_is_of_the_type_that_takes_regions_later(world, table):
    types = {resource["Type"] for resource in world.template["Resources"].values()}

    assert "AWS::DynamoDB::Table" not in types
    assert [r["Region"] for r in table("Alone")["Properties"]["Replicas"]] == ["eu-west-1"]


def test_a_lab_goes_with_its_stack_and_says_why(world, table):
    lab = table("Lab")
    [replica] = lab["Properties"]["Replicas"]

    assert (lab["DeletionPolicy"], replica["DeletionProtectionEnabled"]) == ("Delete", False)
    assert world.template["Metadata"]["cdk-standby:weakened"]["Test/Lab"] == {
        "recovery_off": "holds nothing",
        "deletable": "rebuilt nightly",
    }
    assert replica["Tags"] == [
        {"Key": "cdk-standby:weakened:deletable", "Value": "rebuilt nightly"},
        {"Key": "cdk-standby:weakened:recovery_off", "Value": "holds nothing"},
        {"Key": "team", "Value": "shop"},
    ]


@pytest.mark.parametrize("shape", ["Global", "Strong", "StrongInThree", "Provisioned", "Limited"])
def test_tags_are_on_every_replica(properties, shape):
    for replica in properties(shape)["Replicas"]:
        assert replica["Tags"] == [{"Key": "team", "Value": "shop"}]


@pytest.mark.capability("DDB-02")
def test_keys_have_types_and_each_attribute_is_defined_once(properties):
    found = properties("Global")

    assert found["KeySchema"] == [
        {"AttributeName": "order_id", "KeyType": "HASH"},
        {"AttributeName": "at", "KeyType": "RANGE"},
    ]
    assert {a["AttributeName"]: a["AttributeType"] for a in found["AttributeDefinitions"]} == {
        "order_id": "S",
        "at": "N",
        "price": "N",
        "customer": "S",
        "shop": "S",
    }
    assert len(found["AttributeDefinitions"]) == 5


@pytest.mark.capability("DDB-02")
def test_a_global_index_has_several_keys_and_a_local_one_sorts(properties):
    [wide], [local] = properties("Global")["GlobalSecondaryIndexes"], properties("Global")["LocalSecondaryIndexes"]

    assert [(k["AttributeName"], k["KeyType"]) for k in wide["KeySchema"]] == [
        ("customer", "HASH"),
        ("shop", "HASH"),
        ("at", "RANGE"),
    ]
    assert wide["Projection"] == {"ProjectionType": "ALL"}
    assert [k["AttributeName"] for k in local["KeySchema"]] == ["order_id", "price"]
    assert local["Projection"] == {"ProjectionType": "KEYS_ONLY"}
    assert properties("Provisioned")["GlobalSecondaryIndexes"][1]["Projection"] == {
        "ProjectionType": "INCLUDE",
        "NonKeyAttributes": ["total"],
    }


@pytest.mark.capability("DDB-03")
def test_a_table_is_paid_by_the_request_unless_told_otherwise(properties):
    limited = properties("Limited")

    assert properties("Alone")["BillingMode"] == "PAY_PER_REQUEST"
    assert limited["WriteOnDemandThroughputSettings"] == {"MaxWriteRequestUnits": 500}
    assert [r["ReadOnDemandThroughputSettings"]["MaxReadRequestUnits"] for r in limited["Replicas"]] == [1000, 2000]
    assert limited["GlobalSecondaryIndexes"][0]["WriteOnDemandThroughputSettings"] == {"MaxWriteRequestUnits": 500}
    assert {r["TableClass"] for r in limited["Replicas"]} == {"STANDARD_INFREQUENT_ACCESS"}


def _scaled(minimum: int, maximum: int, seed: int, target: int = 70) -> dict[str, Any]:
    return {
        "MinCapacity": minimum,
        "MaxCapacity": maximum,
        "SeedCapacity": seed,
        "TargetTrackingScalingPolicyConfiguration": {"TargetValue": target},
    }


@pytest.mark.capability("DDB-04")
@pytest.mark.capability("DDB-03")
def test_provisioned_throughput_scales_by_itself_in_every_region(properties):
    found = properties("Provisioned")
    reads = "ReadProvisionedThroughputSettings", "ReadCapacityAutoScalingSettings"
    writes = "WriteProvisionedThroughputSettings", "WriteCapacityAutoScalingSettings"

    assert found["BillingMode"] == "PROVISIONED"
    assert found[writes[0]][writes[1]] == _scaled(2, 50, 10, 60)
    assert [r[reads[0]][reads[1]] for r in found["Replicas"]] == [_scaled(5, 100, 5), _scaled(1, 10, 1)]
    assert [i[writes[0]][writes[1]] for i in found["GlobalSecondaryIndexes"]] == [
        _scaled(2, 50, 10, 60),
        _scaled(1, 8, 1),
    ]
    assert [i[reads[0]][reads[1]] for i in found["Replicas"][1]["GlobalSecondaryIndexes"]] == [
        _scaled(1, 10, 1),
        _scaled(1, 9, 1),
    ]


@pytest.mark.capability("DDB-06")
def test_changes_can_be_followed_unless_nobody_wants_to(properties):
    streams = {shape: properties(shape).get("StreamSpecification", {}).get("StreamViewType") for shape in SHAPES}

    assert streams == {**dict.fromkeys(SHAPES, "NEW_AND_OLD_IMAGES"), "StrongInThree": None}


@pytest.mark.capability("DDB-07")
def test_a_global_table_stands_in_its_regions_each_with_its_key(properties):
    found = properties("Global")

    assert [r["Region"] for r in found["Replicas"]] == ["eu-west-1", "eu-central-1"]
    assert found["SSESpecification"] == {"SSEEnabled": True, "SSEType": "KMS"}
    assert found["Replicas"][0]["SSESpecification"] == {"KMSMasterKeyId": {"Fn::GetAtt": ["Key9BCD29C7", "Arn"]}}
    assert found["Replicas"][1]["SSESpecification"] == {
        "KMSMasterKeyId": "arn:aws:kms:eu-central-1:111111111111:alias/orders"
    }
    assert found["MultiRegionConsistency"] == "EVENTUAL"


def test_the_policy_is_on_every_replica(properties):
    policies = [r["ResourcePolicy"]["PolicyDocument"]["Statement"] for r in properties("Global")["Replicas"]]

    assert [[s["Sid"] for s in policy] for policy in policies] == [["Audit"], ["Audit"]]


@pytest.mark.capability("DDB-09")
def test_a_strong_table_has_a_witness_or_a_third_replica(properties):
    with_witness, in_three = properties("Strong"), properties("StrongInThree")

    assert with_witness["MultiRegionConsistency"] == in_three["MultiRegionConsistency"] == "STRONG"
    assert with_witness["GlobalTableWitnesses"] == [{"Region": "eu-west-2"}]
    assert [r["Region"] for r in in_three["Replicas"]] == ["eu-west-1", "eu-central-1", "eu-west-3"]
    assert "GlobalTableWitnesses" not in in_three


@pytest.mark.capability("DDB-14")
def test_every_replica_can_be_restored_to_a_point_in_time(properties):
    windows = {
        shape: [
            (r["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"],
             r["PointInTimeRecoverySpecification"].get("RecoveryPeriodInDays"))
            for r in properties(shape)["Replicas"]
        ]
        for shape in ("Alone", "Global", "StrongInThree", "Lab")
    }  # fmt: skip

    assert windows == {
        "Alone": [(True, 35)],
        "Global": [(True, 14)] * 2,
        "StrongInThree": [(True, 35)] * 3,
        "Lab": [(False, None)],
    }


@pytest.mark.capability("DDB-18")
@pytest.mark.parametrize("shape", SHAPES)
def test_every_replica_is_encrypted_with_a_key_of_ours(properties, shape):
    assert all("KMSMasterKeyId" in r["SSESpecification"] for r in properties(shape)["Replicas"])


@pytest.mark.capability("DDB-19")
def test_changes_go_to_kinesis_hot_keys_are_named_and_tables_are_warm(properties):
    limited, wide = properties("Limited"), properties("Global")

    assert [r["KinesisStreamSpecification"]["StreamArn"] for r in limited["Replicas"]] == [
        {"Fn::GetAtt": ["Changes510ED4B0", "Arn"]},
        STREAM,
    ]
    assert limited["WarmThroughput"] == {"ReadUnitsPerSecond": 15000, "WriteUnitsPerSecond": 5000}
    assert [r["ContributorInsightsSpecification"] for r in limited["Replicas"]] == [{"Enabled": False}] * 2
    for replica in wide["Replicas"]:
        named = {"Enabled": True, "Mode": "ACCESSED_AND_THROTTLED_KEYS"}
        assert replica["ContributorInsightsSpecification"] == named
        assert replica["GlobalSecondaryIndexes"] == [
            {"IndexName": "by-customer", "ContributorInsightsSpecification": named}
        ]


def test_items_may_expire(properties):
    assert properties("Global")["TimeToLiveSpecification"] == {"AttributeName": "expires", "Enabled": True}


def _granted(world: SimpleNamespace, role: str) -> list[tuple[Any, Any, Any]]:
    [policy] = [
        r["Properties"]["PolicyDocument"]["Statement"]
        for name, r in world.template["Resources"].items()
        if r["Type"] == "AWS::IAM::Policy" and name.startswith(role)
    ]
    return [(sorted(s["Action"]), s["Resource"], s.get("Condition")) for s in policy]


ARN = {"Fn::GetAtt": ["GlobalTableCA4E5CF4", "Arn"]}
KEY = {"Fn::GetAtt": ["Key9BCD29C7", "Arn"]}
THROUGH = {"StringEquals": {"kms:ViaService": "dynamodb.eu-west-1.amazonaws.com"}}
INDEXES = [{"Fn::Join": ["", [ARN, f"/index/{name}"]]} for name in ("by-customer", "by-price")]


def test_a_reader_reads_the_table_and_its_indexes_and_nothing_else(world):
    assert _granted(world, "read") == [
        (
            [
                "dynamodb:BatchGetItem",
                "dynamodb:ConditionCheckItem",
                "dynamodb:DescribeTable",
                "dynamodb:GetItem",
                "dynamodb:Query",
                "dynamodb:Scan",
            ],
            ARN,
            None,
        ),
        (["dynamodb:Query", "dynamodb:Scan"], INDEXES, None),
        (["kms:Decrypt", "kms:DescribeKey"], KEY, THROUGH),
    ]


def test_a_writer_does_not_read(world):
    [on_table, on_key] = _granted(world, "write")

    assert on_table[:2] == (
        [
            "dynamodb:BatchWriteItem",
            "dynamodb:DeleteItem",
            "dynamodb:DescribeTable",
            "dynamodb:PutItem",
            "dynamodb:UpdateItem",
        ],
        ARN,
    )
    assert on_key[1:] == (KEY, THROUGH)


def test_who_reads_and_writes_may_do_both_and_no_more(world):
    [on_table, on_indexes, _] = _granted(world, "both")

    assert len(on_table[0]) == 10
    assert on_indexes[0] == ["dynamodb:Query", "dynamodb:Scan"]


@pytest.mark.capability("DDB-06")
def test_a_follower_reads_the_stream_only(world):
    assert [granted[:2] for granted in _granted(world, "follow")] == [
        (
            ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"],
            {"Fn::GetAtt": ["GlobalTableCA4E5CF4", "StreamArn"]},
        ),
        (["kms:Decrypt", "kms:DescribeKey"], KEY),
    ]


@pytest.mark.capability("DDB-06")
def test_a_table_without_stream_cannot_be_followed(world):
    with pytest.raises(ValueError, match="Test/StrongInThree: it has no stream that is known here"):
        world.built["StrongInThree"].grant_stream_read(iam.AccountRootPrincipal())


COMMON = {"ReadThrottles", "WriteThrottles", "SystemErrors", "UserErrors"}
OF_INDEX = {"ReadThrottles-by-customer", "WriteThrottles-by-customer"}


@pytest.mark.parametrize(
    ("shape", "more"),
    [
        ("Alone", set()),
        ("Global", OF_INDEX | {"ReplicationLatency-eu-central-1"}),
        ("Strong", set()),
        (
            "Provisioned",
            OF_INDEX
            | {"ReadThrottles-by-shop", "WriteThrottles-by-shop", "ReplicationLatency-eu-central-1"}
            | {"ReadCapacity", "WriteCapacity"},
        ),
        ("Limited", OF_INDEX | {"ReplicationLatency-eu-central-1", "ReadCapacity", "WriteCapacity", "KinesisAge"}),
    ],
)
def test_alarms_ring_for_what_callers_feel_and_for_what_the_others_miss(world, shape, more):
    assert set(world.built[shape].alarms) == COMMON | more


def test_lag_is_measured_towards_each_other_region(world, resources):
    alarms = resources(world.template, "AWS::CloudWatch::Alarm")
    [lag] = [a for name, a in alarms.items() if name.startswith("GlobalReplicationLatency")]

    assert (lag["MetricName"], lag["Threshold"], lag["Statistic"]) == ("ReplicationLatency", 30_000, "Average")
    assert lag["Dimensions"] == [
        {"Name": "ReceivingRegion", "Value": "eu-central-1"},
        {"Name": "TableName", "Value": {"Ref": "GlobalTableCA4E5CF4"}},
    ]
    assert all(a["AlarmActions"] == a["OKActions"] != [] for a in alarms.values())


def test_a_global_table_says_how_replicas_are_added(world):
    said = Annotations.from_stack(world.stack).find_info("/Test/Global", Match.any_value())

    assert [note.entry.data for note in said] == [
        "Test/Global has 2 replicas: a new table may have all its replicas at once, later CloudFormation adds or "
        "removes one per deployment; keep other changes out of such a deployment, since a rollback leaves the new "
        "replica behind; a replica that others were made from cannot be deleted for 24 hours "
        f"[ack: {ONE_AT_A_TIME}]"
    ]
