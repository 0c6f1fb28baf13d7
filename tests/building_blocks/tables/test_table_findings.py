"""The validators find nothing in tables, replicas and schedules, and only options that say so replace a table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk.assertions import Template
from replacement import Together, create_only_options, described, in_place, replacing

from cdk_standby.alarm_topic import AlarmTopic
from cdk_standby.keys import DataKey
from cdk_standby.tables.table import (
    Autoscaled,
    GlobalIndex,
    LocalIndex,
    OnDemand,
    Provisioned,
    Replica,
    Table,
    WarmThroughput,
)
from cdk_standby.tables.table_schedule import TableSchedule

KEY = "arn:aws:kms:eu-west-1:111111111111:key/12345678-1234-1234-1234-123456789012"
FRANKFURT = Replica(region="eu-central-1", key="alias/orders")
LONDON = Replica(region="eu-west-2", key="alias/orders")
SCALED = Provisioned(reads=Autoscaled(minimum=1, maximum=10), writes=Autoscaled(minimum=1, maximum=20))


def test_the_validators_find_nothing(make_stack, findings, lint, flags):
    home = make_stack(name="Home", flags=flags)
    there = make_stack(name="There", region="eu-central-1", app=home.node.root)
    key, key_there = DataKey(home, "Key").key, DataKey(there, "Key", alias="orders").key
    alarms = AlarmTopic(home, "Alarms", key=key)
    orders = Table(
        home,
        "Orders",
        partition_key="order_id",
        sort_key=("at", "N"),
        key=key,
        table_name="orders",
        replicas=[FRANKFURT],
        capacity=SCALED,
        global_indexes=[GlobalIndex(name="by-customer", partition_keys=["customer", "shop"])],
        local_indexes=[LocalIndex(name="by-price", sort_key="price", project=["total"])],
        ttl="expires",
        alarms=alarms,
    )
    Table(home, "Lab", partition_key="id", key=key, deletable_because="a lab", recovery_off_because="empty")
    strong: dict[str, Any] = {"consistency": "strong", "witness": "eu-west-2"}
    Table(home, "Strong", partition_key="id", key=key, replicas=[FRANKFURT], **strong, capacity=OnDemand(max_reads=10))
    seen = orders.in_region(there, "Orders", key=key_there)
    bucket = s3.Bucket.from_bucket_attributes(there, "Exports", bucket_name="exports", encryption_key=key_there)
    TableSchedule(
        there,
        "Nightly",
        table=seen,
        backups="0 3 ? * SUN *",
        never_expire_because="counted by auditors",
        exports="0 4 * * ? *",
        bucket=bucket,
    )

    found = findings(home.node.root)

    templates = [Template.from_stack(stack).to_json() for stack in (home, there)]
    assert found == []
    assert lint(templates[0]) + lint(templates[1], region="eu-central-1") == []


def test_the_logical_id_of_a_table_never_changes(make_stack, template):
    """A new id means that CloudFormation makes another table: release it as a major version."""
    shapes: list[dict[str, Any]] = [
        {},
        {"table_name": "orders", "replicas": [FRANKFURT]},
        {"consistency": "strong", "witness": "eu-west-2", "replicas": [FRANKFURT]},
        {"capacity": SCALED, "deletable_because": "a lab"},
    ]
    ids = []
    for options in shapes:
        stack = make_stack()
        Table(stack, "Orders", partition_key="id", key=kms.Key.from_key_arn(stack, "Key", KEY), **options)
        found = template(stack)["Resources"].items()
        ids += [name for name, resource in found if resource["Type"] == "AWS::DynamoDB::GlobalTable"]

    assert ids == ["OrdersTableC3D8F3FA"] * len(shapes)


def test_no_option_replaces_the_table_that_does_not_say_so(make_stack: Callable[..., cdk.Stack]):
    def build(**options: Any) -> cdk.Stack:
        stack = make_stack()
        alarms = AlarmTopic(stack, "Alarms") if options.pop("alarms", False) else None
        changes = kinesis.Stream(stack, "Changes") if options.pop("kinesis_stream", False) else None
        key = kms.Key.from_key_arn(stack, "AnyKey", KEY.replace("1234", options.pop("key", "1234")))
        Table(stack, "Orders", key=key, alarms=alarms, kinesis_stream=changes, **options)
        return stack

    found = in_place(
        build,
        {"partition_key": "id", "sort_key": "at", "table_name": "orders"},
        {
            "partition_key": "order_id",
            "sort_key": None,
            "key": "4321",
            "table_name": "baskets",
            "replicas": [FRANKFURT],
            "consistency": Together(consistency="strong", replicas=[FRANKFURT, LONDON]),
            "witness": Together(consistency="strong", replicas=[FRANKFURT], witness="eu-west-3"),
            "capacity": SCALED,
            "warm_throughput": WarmThroughput(reads=15_000, writes=5_000),
            "quota": 80_000,
            "global_indexes": [GlobalIndex(name="by-shop", partition_keys=["shop"])],
            "local_indexes": [LocalIndex(name="by-price", sort_key="price")],
            "stream": "KEYS_ONLY",
            "kinesis_stream": True,
            "ttl": "expires",
            "recovery_window": cdk.Duration.days(7),
            "recovery_off_because": "holds nothing",
            "contributor_insights": None,
            "table_class": "STANDARD_INFREQUENT_ACCESS",
            "shared_with": ["arn:aws:dynamodb:eu-central-1:222222222222:table/orders"],
            "policy": [
                iam.PolicyStatement(
                    principals=[iam.AccountRootPrincipal()], actions=["dynamodb:GetItem"], resources=["*"]
                )
            ],
            "deletable_because": "a lab",
            "alarms": True,
            "alarm_thresholds": {"SystemErrors": 1.0},
            "alarms_off_because": {"UserErrors": "watched by the account"},
        },
    )

    assert set(found) == set(described(Table)) - {"scope", "id"}
    assert replacing(found) == create_only_options(Table)
    assert create_only_options(Table) == {"partition_key", "sort_key", "table_name", "local_indexes"}
