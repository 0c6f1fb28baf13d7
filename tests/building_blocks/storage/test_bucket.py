"""A bucket: what is in the template, who may copy what where, what rings in which Region."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam

from cdk_standby.alarm_topic import AlarmTopic
from cdk_standby.keys import DataKey
from cdk_standby.storage.bucket import Bucket, BucketReplica, ObjectLock
from cdk_standby.storage.multi_region_access_point import MultiRegionAccessPoint

DAYS = cdk.Duration.days
FRANKFURT = BucketReplica(region="eu-central-1", bucket_name="shop-eu-central-1", key="alias/shop")
OTHER_ACCOUNT = BucketReplica(
    region="us-east-1",
    bucket_name="shop-us-east-1",
    key="arn:aws:kms:us-east-1:222222222222:key/0a0a",
    account="222222222222",
    replicates_back=False,
)
SHAPES: dict[str, dict[str, Any]] = {
    "Alone": {},
    "Shared": {"bucket_name": "shop-eu-west-1", "replicate_to": [FRANKFURT]},
    "Abroad": {
        "bucket_name": "shop-abroad",
        "replicate_to": [OTHER_ACCOUNT],
        "object_lock": ObjectLock(mode="COMPLIANCE", retention=DAYS(30)),
        "no_time_control_because": "the other account accepts hours",
        "replicates": False,
    },
    "First": {"bucket_name": "shop-first", "replicate_to": [FRANKFURT], "partners_exist": False},
    "Cold": {
        "transitions": {"STANDARD_IA": DAYS(30), "GLACIER_IR": DAYS(90), "DEEP_ARCHIVE": DAYS(365)},
        "expire_after": DAYS(3650),
        "keep_versions": DAYS(35),
        "abort_uploads_after": DAYS(1),
        "archive_after": DAYS(90),
        "deep_archive_after": DAYS(180),
        "mfa_to_delete": True,
        "deletable_because": "a lab",
    },
}


@pytest.fixture(scope="module")
def world(make_stack: Callable[..., cdk.Stack], template: Callable[..., Any]) -> SimpleNamespace:
    """Every shape in one stack, with a reader, a writer, and an access point that a runbook moves."""
    stack = make_stack()
    key = DataKey(stack, "Key").key
    alarms = AlarmTopic(stack, "Alarms", key=key)
    built: dict[str, Bucket] = {}
    for shape, options in SHAPES.items():
        logs = built["Alone"].access_logs if built else None
        built[shape] = Bucket(stack, shape, key=key, alarms=alarms, access_logs=logs, **options)
    role = iam.Role(stack, "Service", assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com"))
    built["Shared"].grant_read(iam.ManagedPolicy(stack, "Reader", roles=[role]))
    built["Shared"].grant_read_write(iam.ManagedPolicy(stack, "Writer", roles=[role]))
    built["Cold"].back_up_by(role)
    point = MultiRegionAccessPoint(stack, "Point", name="shop", buckets=["shop-eu-west-1", "shop-eu-central-1"])
    point.grant_failover(iam.ManagedPolicy(stack, "OnCall", roles=[role]))
    point.grant_read(iam.ManagedPolicy(stack, "PointReader", roles=[role]))
    point.grant_read_write(iam.ManagedPolicy(stack, "PointWriter", roles=[role]))
    there = make_stack(app=stack.node.root, name="There", region="eu-central-1")
    ireland = BucketReplica(region="eu-west-1", bucket_name="shop-eu-west-1", key="alias/shop")
    key = DataKey(there, "Key", alias="shop").key
    Bucket(there, "Shared", key=key, bucket_name="shop-eu-central-1", replicate_to=[ireland])
    return SimpleNamespace(stack=stack, built=built, point=point, template=template(stack), there=template(there))


@pytest.fixture
def bucket(world: SimpleNamespace) -> Callable[[str], dict[str, Any]]:
    """The bucket of a shape, as CloudFormation gets it."""

    def of(shape: str) -> dict[str, Any]:
        name = world.stack.get_logical_id(world.built[shape].bucket.node.default_child)
        return dict(world.template["Resources"][name])

    return of


@pytest.fixture
def statements(world: SimpleNamespace) -> Callable[[str], list[dict[str, Any]]]:
    """The statements of the one policy whose logical id begins so."""

    def of(beginning: str) -> list[dict[str, Any]]:
        [found] = [
            resource["Properties"]["PolicyDocument"]["Statement"]
            for name, resource in world.template["Resources"].items()
            if name.startswith(beginning) and "PolicyDocument" in resource["Properties"]
        ]
        return list(found)

    return of


def rules(bucket: dict[str, Any]) -> list[dict[str, Any]]:
    return list(bucket["Properties"]["ReplicationConfiguration"]["Rules"])


@pytest.mark.capability("STO-01")
@pytest.mark.capability("STO-12")
def test_nobody_outside_reaches_it_and_its_owner_owns_all_objects(bucket, statements):
    properties = bucket("Alone")["Properties"]

    assert set(properties["PublicAccessBlockConfiguration"].values()) == {True}
    assert properties["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    assert {str(s["Condition"]) for s in statements("AloneBucketPolicy")} == {
        str({"Bool": {"aws:SecureTransport": "false"}}),
        str({"NumericLessThan": {"s3:TlsVersion": 1.2}}),
    }
    assert {s["Effect"] for s in statements("AloneBucketPolicy")} == {"Deny"}


def test_objects_are_encrypted_with_the_users_key_and_a_key_of_the_bucket(bucket):
    [rule] = bucket("Alone")["Properties"]["BucketEncryption"]["ServerSideEncryptionConfiguration"]

    assert rule["BucketKeyEnabled"] is True
    assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"
    assert rule["ServerSideEncryptionByDefault"]["KMSMasterKeyID"] == {"Fn::GetAtt": ["Key9BCD29C7", "Arn"]}


def test_it_stays_when_its_stack_goes_and_not_when_its_first_deployment_failed(bucket):
    assert bucket("Shared")["DeletionPolicy"] == "RetainExceptOnCreate"
    assert bucket("Shared")["UpdateReplacePolicy"] == "Retain"
    assert bucket("Cold")["DeletionPolicy"] == "Delete"


@pytest.mark.capability("STO-03")
@pytest.mark.capability("STO-04")
def test_versions_come_back_for_a_quarter_and_unfinished_uploads_go(bucket):
    properties = bucket("Alone")["Properties"]

    assert properties["VersioningConfiguration"] == {"Status": "Enabled"}
    assert properties["LifecycleConfiguration"]["Rules"] == [
        {
            "Id": "by-age",
            "Status": "Enabled",
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
            "NoncurrentVersionExpiration": {"NoncurrentDays": 90},
        }
    ]


@pytest.mark.capability("STO-06")
def test_objects_grow_cold_step_by_step(bucket):
    [rule] = bucket("Cold")["Properties"]["LifecycleConfiguration"]["Rules"]

    assert [(step["StorageClass"], step["TransitionInDays"]) for step in rule["Transitions"]] == [
        ("STANDARD_IA", 30),
        ("GLACIER_IR", 90),
        ("DEEP_ARCHIVE", 365),
    ]
    assert rule["ExpirationInDays"] == 3650
    assert rule["NoncurrentVersionExpiration"] == {"NoncurrentDays": 35}
    assert rule["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 1}


@pytest.mark.capability("STO-07")
def test_what_nobody_reads_is_archived(bucket):
    [found] = bucket("Cold")["Properties"]["IntelligentTieringConfigurations"]

    assert sorted((tier["AccessTier"], tier["Days"]) for tier in found["Tierings"]) == [
        ("ARCHIVE_ACCESS", 90),
        ("DEEP_ARCHIVE_ACCESS", 180),
    ]


@pytest.mark.capability("STO-05")
def test_versions_are_deleted_with_a_second_factor_only(statements):
    [found] = [s for s in statements("ColdBucketPolicy") if s.get("Sid") == "VersionsAreDeletedWithMfa"]

    assert (found["Effect"], found["Action"]) == ("Deny", "s3:DeleteObjectVersion")
    assert found["Condition"] == {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}


@pytest.mark.capability("STO-13")
def test_locked_objects_cannot_be_deleted_and_their_locks_replicate(bucket, statements):
    properties = bucket("Abroad")["Properties"]
    actions = {action for s in statements("AbroadReplicationPolicy") for action in _list(s["Action"])}

    assert properties["ObjectLockEnabled"] is True
    assert properties["ObjectLockConfiguration"] == {
        "ObjectLockEnabled": "Enabled",
        "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 30}},
    }
    assert {"s3:GetObjectLegalHold", "s3:GetObjectRetention"} <= actions


@pytest.mark.capability("STO-08")
@pytest.mark.capability("STO-10")
@pytest.mark.capability("STO-11")
def test_everything_replicates_both_ways_deletions_and_changes_of_replicas_included(bucket):
    [rule] = rules(bucket("Shared"))

    assert rule == {
        "Id": "shop-eu-central-1",
        "Priority": 1,
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "DeleteMarkerReplication": {"Status": "Enabled"},
        "SourceSelectionCriteria": {
            "ReplicaModifications": {"Status": "Enabled"},
            "SseKmsEncryptedObjects": {"Status": "Enabled"},
        },
        "Destination": {
            "Bucket": {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":s3:::shop-eu-central-1"]]},
            "EncryptionConfiguration": {
                "ReplicaKmsKeyID": {
                    "Fn::Join": [
                        "",
                        ["arn:", {"Ref": "AWS::Partition"}, ":kms:eu-central-1:111111111111:alias/shop"],
                    ]
                }
            },
            "Metrics": {"Status": "Enabled", "EventThreshold": {"Minutes": 15}},
            "ReplicationTime": {"Status": "Enabled", "Time": {"Minutes": 15}},
        },
    }


def test_a_rule_is_switched_off_and_stays_where_it_is(bucket):
    [rule] = rules(bucket("Abroad"))

    assert rule["Status"] == "Disabled"
    assert "ReplicationTime" not in rule["Destination"]
    assert rule["Destination"]["Metrics"] == {"Status": "Enabled"}


def test_before_its_partners_exist_it_has_a_role_and_no_rule(world, bucket):
    assert "ReplicationConfiguration" not in bucket("First")["Properties"]
    assert world.built["First"].replication_role is not None
    assert set(world.built["First"].alarms) == {"ServerErrors"}


@pytest.mark.capability("STO-08")
def test_s3_reads_this_bucket_and_writes_its_partner_through_keys_that_only_s3_can_use(statements):
    found = {
        s["Action"] if isinstance(s["Action"], str) else s["Action"][0]: s for s in statements("SharedReplicationP")
    }
    decrypt, encrypt, write = found["kms:Decrypt"], found["kms:Encrypt"], found["s3:ReplicateDelete"]

    assert decrypt["Resource"] == {"Fn::GetAtt": ["Key9BCD29C7", "Arn"]}
    assert decrypt["Condition"]["StringEquals"] == {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}
    assert encrypt["Condition"]["StringEquals"] == {"kms:ViaService": "s3.eu-central-1.amazonaws.com"}
    assert encrypt["Condition"]["ForAnyValue:StringEquals"] == {"kms:ResourceAliases": "alias/shop"}
    assert write["Action"] == ["s3:ReplicateDelete", "s3:ReplicateObject", "s3:ReplicateTags"]
    assert "shop-eu-central-1/*" in str(write["Resource"])
    assert all(s["Resource"] != "*" for s in statements("SharedReplicationP"))


def test_the_bucket_waits_for_the_permissions_of_its_role(world, bucket):
    [policy] = [name for name in world.template["Resources"] if name.startswith("SharedReplicationPolicy")]

    assert policy in bucket("Shared")["DependsOn"]


def test_a_partner_of_another_account_is_let_in_by_the_name_of_its_role(world, statements):
    allowed = [s for s in statements("AbroadBucketPolicy") if s["Effect"] == "Allow"]
    roles = {str(s["Condition"]["ArnEquals"]["aws:PrincipalArn"]) for s in allowed}

    assert ["s3:GetBucketVersioning", "s3:ListBucket"] in [s["Action"] for s in allowed]
    assert len(roles) == 1
    assert ":iam::222222222222:role/shop-us-east-1-replication" in roles.pop()
    assert "shop-abroad-replication" in [r["Properties"].get("RoleName") for r in iam_roles(world.template)]


def test_failures_ring_where_objects_leave_and_lag_where_they_should_arrive(world):
    alarms = {
        a["Properties"]["MetricName"]: a["Properties"]
        for name, a in world.template["Resources"].items()
        if a["Type"] == "AWS::CloudWatch::Alarm" and name.startswith("Shared")
    }
    from_here = {"SourceBucket": "shop-eu-west-1", "DestinationBucket": "shop-eu-central-1"}
    to_here = {"SourceBucket": "shop-eu-central-1", "DestinationBucket": "shop-eu-west-1"}

    assert dimensions(alarms["OperationsFailedReplication"]) == {**from_here, "RuleId": "shop-eu-central-1"}
    assert dimensions(alarms["ReplicationLatency"]) == {**to_here, "RuleId": "shop-eu-west-1"}
    assert dimensions(alarms["BytesPendingReplication"]) == {**to_here, "RuleId": "shop-eu-west-1"}
    assert {name: a["TreatMissingData"] for name, a in alarms.items()} == {
        "5xxErrors": "notBreaching",
        "OperationsFailedReplication": "notBreaching",
        "ReplicationLatency": "breaching",
        "BytesPendingReplication": "notBreaching",
    }
    assert alarms["ReplicationLatency"]["Threshold"] == 900


@pytest.mark.capability("STO-10")
def test_two_regions_agree_on_names_and_neither_template_reads_the_other(world, bucket):
    [there] = [
        r["Properties"]
        for name, r in world.there["Resources"].items()
        if r["Type"] == "AWS::S3::Bucket" and name.startswith("SharedBucket")
    ]
    lag = {
        region: dimensions(resources["SharedReplicationLagFrom" + suffix]["Properties"])
        for region, resources, suffix in (
            ("here", by_stem(world.template), "eucentral1"),
            ("there", by_stem(world.there), "euwest1"),
        )
    }
    [rule_here], [rule_there] = rules(bucket("Shared")), rules({"Properties": there})

    assert lag["here"] == {
        "SourceBucket": there["BucketName"],
        "DestinationBucket": bucket("Shared")["Properties"]["BucketName"],
        "RuleId": rule_there["Id"],
    }
    assert lag["there"]["RuleId"] == rule_here["Id"]
    assert rule_there["SourceSelectionCriteria"] == rule_here["SourceSelectionCriteria"]
    assert rule_there["DeleteMarkerReplication"] == rule_here["DeleteMarkerReplication"]
    assert "Fn::ImportValue" not in str(world.there)
    assert "Fn::GetStackOutput" not in str(world.there)


def test_nobody_waits_for_a_partner_that_sends_nothing(world):
    assert set(world.built["Abroad"].alarms) == {"ServerErrors", "FailedReplicationTo-us-east-1"}


def test_errors_of_s3_are_counted_for_the_whole_bucket(world, bucket):
    alarms = [r["Properties"] for name, r in world.template["Resources"].items() if "ServerErrors" in name]

    assert bucket("Alone")["Properties"]["MetricsConfigurations"] == [{"Id": "EntireBucket"}]
    assert {dimensions(alarm)["FilterId"] for alarm in alarms} == {"EntireBucket"}


def test_who_called_is_logged_in_another_bucket(bucket, statements):
    logging = bucket("Shared")["Properties"]["LoggingConfiguration"]
    delivers = [s for s in statements("AloneAccessLogsBucketPolicy") if s["Effect"] == "Allow"]

    assert logging["LogFilePrefix"] == "Test/Shared/Bucket/"
    assert {s["Principal"]["Service"] for s in delivers} == {"logging.s3.amazonaws.com"}
    assert all(s["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}} for s in delivers)


def test_a_reader_reads_and_a_writer_deletes_no_version(statements):
    read = {action for s in statements("Reader") for action in _list(s["Action"])}
    write = {action for s in statements("Writer") for action in _list(s["Action"])}

    assert not any("Put" in action or "Delete" in action for action in read)
    assert {"s3:GetObject", "s3:ListBucket", "kms:Decrypt"} <= read
    assert {"s3:PutObject", "s3:DeleteObject", "kms:GenerateDataKey*"} <= write
    assert not any("*" in action for action in read | write if action.startswith("s3:"))
    assert "s3:DeleteObjectVersion" not in write


def test_what_was_weakened_stands_in_the_template(world):
    assert world.template["Metadata"]["cdk-standby:weakened"] == {
        "Test/Abroad": {"no_time_control": "the other account accepts hours"},
        "Test/Cold": {"deletable": "a lab"},
    }


def test_logical_ids_of_buckets_never_change(world):
    found = {name for name, r in world.template["Resources"].items() if r["Type"] == "AWS::S3::Bucket"}

    assert found == {
        "AbroadBucket792368DA",
        "AloneAccessLogsBucketF5A9A8D3",
        "AloneBucket1FC076F9",
        "ColdBucket6A4F96D3",
        "FirstBucket9790D06D",
        "SharedBucketE0A46A06",
    }


def test_a_backup_plan_reads_one_bucket_and_hears_of_its_objects(world, bucket):
    [policy] = [r for name, r in world.template["Resources"].items() if name.startswith("ServiceBackup")]
    text = str(policy["Properties"]["PolicyDocument"])

    assert bucket("Cold")["Properties"]["NotificationConfiguration"] == {
        "EventBridgeConfiguration": {"EventBridgeEnabled": True}
    }
    assert "s3:GetObjectVersion" in text
    assert "ColdBucket" in text
    assert "SharedBucket" not in text
    assert "s3:PutObject" not in text


@pytest.mark.capability("STO-10")
def test_one_address_leads_to_both_buckets_and_whoever_is_on_call_moves_it(world, statements):
    [found] = [r for r in world.template["Resources"].values() if r["Type"] == "AWS::S3::MultiRegionAccessPoint"]
    [routes] = statements("OnCall")

    assert found["Properties"]["Regions"] == [{"Bucket": "shop-eu-west-1"}, {"Bucket": "shop-eu-central-1"}]
    assert set(found["Properties"]["PublicAccessBlockConfiguration"].values()) == {True}
    assert routes["Action"] == ["s3:GetMultiRegionAccessPointRoutes", "s3:SubmitMultiRegionAccessPointRoutes"]
    assert world.point.failover_regions[0] == "us-east-1"
    assert "s3:PutObject" not in str(statements("PointReader"))
    assert "s3:PutObject" in str(statements("PointWriter"))


def _list(one_or_more: str | list[str]) -> list[str]:
    return [one_or_more] if isinstance(one_or_more, str) else one_or_more


def dimensions(alarm: dict[str, Any]) -> dict[str, Any]:
    return {each["Name"]: each["Value"] for each in alarm["Dimensions"]}


def iam_roles(template: dict[str, Any]) -> list[dict[str, Any]]:
    return [resource for resource in template["Resources"].values() if resource["Type"] == "AWS::IAM::Role"]


def by_stem(template: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Resources by their logical ids without the hash."""
    return {name[:-8]: resource for name, resource in template["Resources"].items()}
