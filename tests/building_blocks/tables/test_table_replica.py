"""A global table seen from its other Region, and backups and exports by the clock."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_backup as backup
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from cdk_standby._checks import InvalidOptions
from cdk_standby.alarm_topic import AlarmTopic
from cdk_standby.backup_plan import BackupPlan
from cdk_standby.keys import DataKey
from cdk_standby.locked_vault import LockedVault
from cdk_standby.tables.table import Autoscaled, GlobalIndex, LocalIndex, Provisioned, Replica, Table
from cdk_standby.tables.table_replica import TableReplica
from cdk_standby.tables.table_schedule import TableSchedule

GUIDE = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"
GLOBAL_TABLE = (
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-globaltable.html"
)
CRON = "https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html"
ONE_EACH = f"a global table has one replica in each of its Regions, the stack's own among them ({GLOBAL_TABLE})"
STREAM = "arn:aws:dynamodb:eu-central-1:111111111111:table/baskets/stream/2026-11-21T00:00:00.000"
KEY = "arn:aws:kms:{}:111111111111:key/12345678-1234-1234-1234-123456789012"


@pytest.fixture(scope="module")
def world(make_stack: Callable[..., cdk.Stack], template: Callable[..., Any]) -> SimpleNamespace:
    """A table in Ireland, and what Frankfurt's stack makes of its replica there; one of another app beside it."""
    home = make_stack(name="Home")
    there = make_stack(name="There", region="eu-central-1", app=home.node.root)
    key, key_there = DataKey(home, "Key").key, DataKey(there, "Key", alias="orders").key
    table = Table(
        home,
        "Orders",
        partition_key="order_id",
        sort_key="at",
        key=key,
        table_name="orders",
        replicas=[Replica(region="eu-central-1", key="alias/orders", reads=Autoscaled(minimum=1, maximum=30))],
        capacity=Provisioned(reads=Autoscaled(minimum=1, maximum=10), writes=Autoscaled(minimum=1, maximum=20)),
        global_indexes=[GlobalIndex(name="by-customer", partition_keys=["customer"])],
        local_indexes=[LocalIndex(name="by-price", sort_key="price")],
    )
    seen = table.in_region(there, "Orders", key=key_there, alarms=AlarmTopic(there, "Alarms", key=key_there))
    other = TableReplica(there, "Baskets", table_name="baskets", key=key_there, stream_arn=STREAM)
    roles = [iam.Role(there, name, assumed_by=iam.AccountRootPrincipal()) for name in ("Service", "Follower")]
    seen.grant_read(roles[0])
    other.grant_stream_read(roles[1])
    bucket = s3.Bucket(there, "Bucket", encryption_key=key_there)
    TableSchedule(
        there,
        "Nightly",
        table=seen,
        backups="0 3 ? * SUN *",
        never_expire_because="the auditors count them",
        exports="30 1 * * ? *",
        bucket=bucket,
        format="ION",
        timezone="Europe/Berlin",
    )
    return SimpleNamespace(home=home, there=there, table=table, seen=seen, template=template(there))


@pytest.mark.capability("DDB-10")
def test_the_other_region_reads_nothing_from_the_tables_stack(world):
    text = json.dumps(world.template)

    assert "eu-west-1" not in text.replace("ReplicationLatency-eu-west-1", "").replace(
        json.dumps({"Name": "ReceivingRegion", "Value": "eu-west-1"}), ""
    ).replace("seconds to eu-west-1", "").replace("if eu-west-1 is", "")
    assert "Fn::ImportValue" not in text
    assert "AWS::DynamoDB::GlobalTable" not in text


@pytest.mark.capability("DDB-10")
def test_callers_are_served_by_the_replica_of_their_region(world, resources):
    policies = resources(world.template, "AWS::IAM::Policy")
    [service] = [p for name, p in policies.items() if name.startswith("Service")]
    arn = "arn:aws:dynamodb:eu-central-1:111111111111:table/orders"

    statements = service["PolicyDocument"]["Statement"]

    assert statements[0]["Resource"] == arn
    assert statements[1]["Resource"] == [f"{arn}/index/by-customer", f"{arn}/index/by-price"]
    assert statements[2]["Condition"] == {"StringEquals": {"kms:ViaService": "dynamodb.eu-central-1.amazonaws.com"}}


@pytest.mark.capability("DDB-07")
def test_the_region_that_takes_over_watches_what_it_can_see(world, resources):
    alarms = resources(world.template, "AWS::CloudWatch::Alarm")
    orders = {name: alarm for name, alarm in alarms.items() if name.startswith("Orders")}

    [lag] = [a for a in orders.values() if a.get("MetricName") == "ReplicationLatency"]

    assert set(world.seen.alarms) == {
        "ReadThrottles",
        "ReadThrottles-by-customer",
        "WriteThrottles",
        "WriteThrottles-by-customer",
        "SystemErrors",
        "UserErrors",
        "ReadCapacity",
        "WriteCapacity",
        "ReplicationLatency-eu-west-1",
    }
    assert lag["Dimensions"] == [
        {"Name": "ReceivingRegion", "Value": "eu-west-1"},
        {"Name": "TableName", "Value": "orders"},
    ]
    [reads] = [a for name, a in orders.items() if name.startswith("OrdersReadCapacity")]
    assert next(m["Expression"] for m in reads["Metrics"] if "Expression" in m) == "100 * consumed / 1800"


def test_the_stream_of_a_replica_is_known_once_it_is_written_down(world, resources):
    policies = resources(world.template, "AWS::IAM::Policy")
    [follower] = [p for name, p in policies.items() if name.startswith("Follower")]

    assert follower["PolicyDocument"]["Statement"][0]["Resource"] == STREAM
    with pytest.raises(ValueError, match="There/Orders: it has no stream that is known here"):
        world.seen.grant_stream_read(iam.AccountRootPrincipal())


@pytest.mark.capability("DDB-11")
@pytest.mark.capability("DDB-12")
@pytest.mark.capability("DDB-16")
def test_backups_and_exports_are_made_by_the_clock(world, resources):
    schedules = resources(world.template, "AWS::Scheduler::Schedule")
    found = {json.dumps(s["Target"]["Arn"]).strip('"]}').rsplit(":", 1)[1]: s for s in schedules.values()}

    assert {api: (s["ScheduleExpression"], s["ScheduleExpressionTimezone"]) for api, s in found.items()} == {
        "createBackup": ("cron(0 3 ? * SUN *)", "Europe/Berlin"),
        "exportTableToPointInTime": ("cron(30 1 * * ? *)", "Europe/Berlin"),
    }
    assert json.loads(found["createBackup"]["Target"]["Input"]) == {
        "TableName": "arn:aws:dynamodb:eu-central-1:111111111111:table/orders",
        "BackupName": "scheduled-<aws.scheduler.execution-id>",
    }
    export = "".join(map(str, found["exportTableToPointInTime"]["Target"]["Input"]["Fn::Join"][1]))
    assert '"S3Prefix":"exports","ExportFormat":"ION","S3SseAlgorithm":"KMS"' in export
    assert world.template["Metadata"]["cdk-standby:weakened"]["There/Nightly"] == {
        "never_expire": "the auditors count them"
    }


@pytest.mark.capability("DDB-11")
@pytest.mark.capability("DDB-16")
def test_the_clock_may_do_just_this(world, resources):
    [policy] = resources(world.template, "AWS::IAM::ManagedPolicy").values()
    arn = "arn:aws:dynamodb:eu-central-1:111111111111:table/orders"

    may = [(s["Action"], s["Resource"]) for s in policy["PolicyDocument"]["Statement"]]

    assert may == [
        (["dynamodb:CreateBackup", "dynamodb:ExportTableToPointInTime"], arn),
        (
            ["s3:AbortMultipartUpload", "s3:PutObject", "s3:PutObjectAcl"],
            {"Fn::Join": ["", [{"Fn::GetAtt": ["Bucket83908E77", "Arn"]}, "/exports/*"]]},
        ),
        (["kms:Decrypt", "kms:GenerateDataKey"], {"Fn::GetAtt": ["Key9BCD29C7", "Arn"]}),
    ]


@pytest.fixture(scope="module")
def scopes(make_stack: Callable[..., cdk.Stack]) -> SimpleNamespace:
    """For calls that are refused before anything is rendered."""
    home = make_stack()
    there = make_stack(name="There", region="eu-central-1", app=home.node.root)
    key = kms.Key.from_key_arn(home, "Key", KEY.format("eu-west-1"))
    alone = Table(home, "Alone", partition_key="id", key=key, recovery_off_because="holds nothing")
    nameless = Table(
        home, "Nameless", partition_key="id", key=key, replicas=[Replica(region="eu-central-1", key="alias/orders")]
    )
    return SimpleNamespace(
        home=home,
        there=there,
        key=key,
        key_there=kms.Key.from_key_arn(there, "Key", KEY.format("eu-central-1")),
        alone=alone,
        nameless=nameless,
        bucket=s3.Bucket.from_bucket_name(home, "Bucket", "exports"),
        told=AlarmTopic(there, "Alarms"),
    )


def refused(call: Callable[[], object]) -> list[str]:
    with pytest.raises(InvalidOptions) as caught:
        call()
    return str(caught.value).split("\n")


@pytest.mark.capability("DDB-10")
def test_a_region_without_replica_cannot_be_looked_at(scopes):
    assert refused(lambda: scopes.alone.in_region(scopes.there, "Alone", key=scopes.key_there)) == [
        f"There: 'region' is 'eu-central-1'; allowed: for Test/Alone: nothing: it has no replicas, because {ONE_EACH}",
        "There: 'table_name' is not given; allowed: a name that is known at synth, given to Test/Alone, because "
        f"{ONE_EACH}",
    ]


@pytest.mark.capability("DDB-10")
def test_regions_agree_on_the_name_of_a_table(scopes):
    assert refused(lambda: scopes.nameless.in_region(scopes.there, "Orders", key=scopes.key_there)) == [
        "There: 'table_name' is not given; allowed: a name that is known at synth, given to Test/Nameless, because "
        f"{ONE_EACH}",
    ]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"table_name": "or"},
            "'table_name' is 'or'; allowed: 3 to 255 letters, digits, '_', '.' and '-', because the name of a table or "
            f"index has 3 to 255 letters, digits, '_', '.' and '-' ({GUIDE}Constraints.html)",
        ),
        (
            {"replicates_to": ["eu-west-1"]},
            "'replicates_to' is ['eu-west-1']; allowed: each other Region than eu-west-1 once, because " + ONE_EACH,
        ),
        (
            {"replicates_to": ["eu-wset-2"]},
            "'replicates_to[0]' is 'eu-wset-2'; allowed: a Region of AWS; did you mean eu-west-2 or us-west-2 or "
            "eu-west-3?, because what cannot be found can neither be deployed to nor failed over to "
            "(https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html)",
        ),
        (
            {"max_writes": 0},
            "'max_writes' is 0; allowed: 1 or more, because a table gets 40,000 read and 40,000 write units a second "
            f"until AWS raises its quota ({GUIDE}ServiceQuotas.html)",
        ),
        (
            {"key": "there"},
            "'key' is 'There/Key'; allowed: one of eu-west-1, where the replica is, because each replica is encrypted "
            f"with a key of its own Region ({GUIDE}globaltables-security.html)",
        ),
        (
            {"alarms": "there"},
            "'alarms' is 'There/Alarms'; allowed: one of eu-west-1, where the replica is, because alarms tell topics "
            "of their own Region only "
            "(https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html)",
        ),
    ],
    ids=lambda value: None if isinstance(value, str) else "-".join(value),
)
def test_a_replica_that_cannot_be_is_refused_in_one_sentence(scopes, options, message):
    elsewhere = {"key": scopes.key_there, "alarms": scopes.told}
    asked = {name: elsewhere[name] if value == "there" else value for name, value in options.items()}
    name = f"Replica{len(scopes.home.node.children)}"

    said = refused(lambda: TableReplica(scopes.home, name, **{"table_name": "orders", "key": scopes.key, **asked}))

    assert said == [f"Test/{name}: {message}"]


EXPORT = (
    "an export reads what point-in-time recovery keeps, and costs the table no throughput "
    f"({GUIDE}S3DataExport.HowItWorks.html)"
)
BAD_SCHEDULES: list[tuple[dict[str, Any], str]] = [
    ({}, "'backups' is not given; allowed: a time for 'backups', for 'exports', or for both, because a schedule "
     "without a time does nothing"),
    ({"backups": "0 3 ? * SUN *"},
     "'never_expire_because' is not given; allowed: a reason in words, or a BackupPlan in place of 'backups', because "
     "a backup made by CreateBackup is kept and paid until somebody deletes it; AWS Backup deletes its own "
     f"({GUIDE}Backup.Tutorial.html)"),
    ({"exports": "sunday", "bucket": True},
     "'exports' is 'sunday'; allowed: six fields of cron, such as '0 3 ? * SUN *', because minutes, hours, days of the "
     f"month, months, days of the week and years say when ({CRON})"),
    ({"exports": "0 3 ? * SUN *"},
     f"'bucket' is not given; allowed: given with 'exports', and only then, because {EXPORT}"),
    ({"exports": "0 3 ? * SUN *", "bucket": True, "table": "alone"},
     f"'table' is 'Test/Alone'; allowed: a table without 'recovery_off_because', because {EXPORT}"),
    ({"exports": "0 3 ? * SUN *", "bucket": True, "format": "CSV"},
     "'format' is 'CSV'; allowed: 'DYNAMODB_JSON', 'ION', because an export is written as DynamoDB JSON or Amazon Ion "
     "(https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExportTableToPointInTime.html)"),
    ({"exports": "0 3 ? * SUN *", "bucket": True, "prefix": "a/"},
     "'prefix' is 'a/'; allowed: 1 to 200 letters, digits and '/!_.()-', not ending with '/', because it is the "
     "beginning of the names of objects (https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html)"),
    ({"exports": "0 3 ? * SUN *", "bucket": True, "timezone": "here!"},
     "'timezone' is 'here!'; allowed: a name of the tz database, such as 'Europe/Berlin', because hours are hours of a "
     f"place ({CRON})"),
]  # fmt: skip


@pytest.mark.capability("DDB-12")
@pytest.mark.capability("DDB-16")
@pytest.mark.parametrize(("options", "message"), BAD_SCHEDULES, ids=[str(n) for n, _ in enumerate(BAD_SCHEDULES)])
def test_a_schedule_that_cannot_work_is_refused_in_one_sentence(scopes, options, message):
    given = {**options, "table": scopes.alone if options.get("table") else scopes.nameless}
    if "bucket" in given:
        given["bucket"] = scopes.bucket
    name = f"Nightly{len(scopes.home.node.children)}"

    said = refused(lambda: TableSchedule(scopes.home, name, **given))

    assert said == [f"Test/{name}: {message}"]


def test_a_schedule_stands_in_the_region_of_its_table(scopes):
    said = refused(lambda: TableSchedule(scopes.there, "Nightly", table=scopes.nameless, exports="0 3 * * ? *"))

    assert said[0] == (
        "There/Nightly: 'table' is 'Test/Nameless'; allowed: one of eu-central-1, where the schedule is, because "
        f"Scheduler calls DynamoDB in its own Region ({CRON})"
    )


@pytest.mark.capability("DDB-12")
@pytest.mark.capability("DDB-13")
def test_a_plan_keeps_backups_of_a_table_cold_and_locked_and_lets_them_expire(make_stack, template, resources):
    stack = make_stack()
    key = DataKey(stack, "Key").key
    table = Table(stack, "Orders", partition_key="id", key=key)
    BackupPlan(
        stack,
        "Backups",
        vault=LockedVault(stack, "Vault", key=key).vault,
        resources=[backup.BackupResource.from_arn(table.table_arn)],
        retention=cdk.Duration.days(120),
        cold_after=cdk.Duration.days(30),
    )

    found = template(stack)

    [vault] = resources(found, "AWS::Backup::BackupVault").values()
    [plan] = resources(found, "AWS::Backup::BackupPlan").values()
    [selection] = resources(found, "AWS::Backup::BackupSelection").values()
    [rule] = plan["BackupPlan"]["BackupPlanRule"]
    assert vault["LockConfiguration"]["MinRetentionDays"] > 0
    assert rule["Lifecycle"] == {"DeleteAfterDays": 120, "MoveToColdStorageAfterDays": 30}
    assert selection["BackupSelection"]["Resources"] == [{"Fn::GetAtt": ["OrdersTableC3D8F3FA", "Arn"]}]


@pytest.mark.capability("DDB-13")
def test_backups_of_a_table_are_not_deleted_before_they_were_cold_for_90_days(make_stack):
    stack = make_stack()
    table = Table(stack, "Orders", partition_key="id", key=kms.Key.from_key_arn(stack, "Key", KEY.format("eu-west-1")))
    vault = backup.BackupVault(stack, "Vault")

    said = refused(
        lambda: BackupPlan(
            stack,
            "Backups",
            vault=vault,
            resources=[backup.BackupResource.from_arn(table.table_arn)],
            retention=cdk.Duration.days(50),
            cold_after=cdk.Duration.days(10),
        )
    )

    assert said[0].startswith("Test/Backups: 'retention' is 50 days; allowed: 100 days or more, because")
