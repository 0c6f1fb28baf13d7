"""Whatever somebody asks of a table: a template that keeps the promises, or `InvalidOptions` that say why."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cdk_standby._checks import InvalidOptions
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
from cdk_standby.tables.table_account_replica import TableAccountReplica
from cdk_standby.tables.table_replica import TableReplica
from cdk_standby.tables.table_schedule import TableSchedule

KEY = "arn:aws:kms:eu-west-1:111111111111:key/12345678-1234-1234-1234-123456789012"
LATER = cdk.Aws.STACK_NAME
NUMBER_LATER = cdk.Token.as_number({"Ref": "Units"})
reasons = st.sampled_from([None, "a lab", ""])
names = st.sampled_from(["id", "at", "shop", "", "ö" * 200, "a" * 256, LATER])
keys = names | st.tuples(names, st.sampled_from(["S", "N", "B", "X"]))
units = st.sampled_from([-1, 0, 1, 10, 40_000, 40_001, NUMBER_LATER])
scaled = st.builds(
    Autoscaled,
    minimum=units,
    maximum=units,
    target=st.sampled_from([10.0, 70.0, 91.0]),
    seed=st.none() | units,
)
capacities = st.builds(OnDemand, max_reads=st.none() | units, max_writes=st.none() | units) | st.builds(
    Provisioned, reads=scaled, writes=scaled
)
projections = st.sampled_from(["all", "keys", "some"]) | st.lists(st.sampled_from("pqr"), max_size=3)
index_names = st.sampled_from(["by-shop", "by-date", "x", "a b", LATER])
global_indexes = st.builds(
    GlobalIndex,
    name=index_names,
    partition_keys=st.lists(keys, max_size=5),
    sort_keys=st.lists(keys, max_size=5),
    project=projections,
    capacity=st.none() | capacities,
    warm_throughput=st.none() | st.builds(WarmThroughput, reads=units, writes=units),
)
regions = st.sampled_from(["eu-west-1", "eu-central-1", "eu-west-2", "us-east-1", "eu-wset-1", "", cdk.Aws.REGION])
replicas = st.builds(
    Replica,
    region=regions,
    key=st.sampled_from(["alias/orders", "orders", KEY, KEY.replace("eu-west-1", "eu-central-1"), LATER, ""]),
    reads=st.none() | scaled,
    max_reads=st.none() | units,
    kinesis_stream=st.sampled_from([None, "", "arn:aws:kinesis:eu-central-1:111111111111:stream/orders", LATER]),
)
anything = st.fixed_dictionaries(
    {"partition_key": keys},
    optional={
        "sort_key": st.none() | keys,
        "table_name": st.sampled_from([None, "orders", "o", "my orders", "o" * 256, LATER]),
        "replicas": st.lists(replicas, max_size=3),
        "consistency": st.sampled_from(["eventual", "strong", "quorum"]),
        "witness": st.none() | regions,
        "capacity": st.none() | capacities,
        "warm_throughput": st.none() | st.builds(WarmThroughput, reads=units, writes=units),
        "quota": units,
        "global_indexes": st.lists(global_indexes, max_size=2),
        "local_indexes": st.lists(
            st.builds(LocalIndex, name=index_names, sort_key=keys, project=projections), max_size=2
        ),
        "stream": st.sampled_from([None, "NEW_AND_OLD_IMAGES", "KEYS_ONLY", "ALL"]),
        "ttl": st.none() | names,
        "recovery_window": st.sampled_from(
            [None, cdk.Duration.days(7), cdk.Duration.hours(36), cdk.Duration.days(0), cdk.Duration.days(NUMBER_LATER)]
        ),
        "recovery_off_because": reasons,
        "contributor_insights": st.sampled_from([None, "THROTTLED_KEYS", "ALL"]),
        "table_class": st.sampled_from(["STANDARD", "COLD"]),
        "deletable_because": reasons,
        "alarm_thresholds": st.sampled_from([None, {"SystemErrors": 1.0}, {"Lag": 1.0}]),
        "alarms_off_because": st.sampled_from([None, {"UserErrors": "noisy"}, {"UserErrors": ""}]),
    },
)


@pytest.fixture(scope="module")
def attempt(make_stack: Callable[..., cdk.Stack], template: Callable[..., Any]) -> Callable[..., dict[str, Any] | None]:
    """The resources of a table with these options, or None when they were refused."""

    def build(options: dict[str, Any]) -> dict[str, Any] | None:
        stack = make_stack()
        try:
            Table(stack, "Orders", key=kms.Key.from_key_arn(stack, "Key", KEY), **options)
        except InvalidOptions as refused:
            return None if refused.problems else {}
        return dict(template(stack)["Resources"])

    return build


def promises_are_kept(resources: dict[str, Any], options: dict[str, Any]) -> None:
    [table] = [r for r in resources.values() if r["Type"] == "AWS::DynamoDB::GlobalTable"]
    properties, deletable = table["Properties"], options.get("deletable_because")
    recovers = options.get("recovery_off_because") is None
    defined = {str(a["AttributeName"]) for a in properties["AttributeDefinitions"]}
    indexes = [*properties.get("GlobalSecondaryIndexes", []), *properties.get("LocalSecondaryIndexes", [])]
    used = {str(k["AttributeName"]) for schema in [properties, *indexes] for k in schema["KeySchema"]}

    assert used == defined
    assert len(properties["Replicas"]) == 1 + len(options.get("replicas", []))
    for replica in properties["Replicas"]:
        assert replica["DeletionProtectionEnabled"] is not bool(deletable)
        assert replica["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is recovers
        assert replica["SSESpecification"]["KMSMasterKeyId"]
    assert table["DeletionPolicy"] == ("Delete" if deletable else "Retain")


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(options=anything)
def test_any_options_are_built_or_refused(attempt, options):
    resources = attempt(options)

    if resources is not None:
        promises_are_kept(resources, options)


few = st.sampled_from([1, 10, 40_000, NUMBER_LATER])
spread = st.builds(Autoscaled, minimum=st.just(1), maximum=few)
plain_keys = st.sampled_from(["shop", "total", ("at", "N"), LATER])


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    capacity=st.builds(OnDemand, max_reads=st.none() | few, max_writes=st.none() | few)
    | st.builds(Provisioned, reads=spread, writes=spread),
    partition_keys=st.lists(plain_keys, min_size=1, max_size=4, unique=True),
    project=st.sampled_from(["all", "keys", ["colour", "size"]]),
    regions=st.lists(st.sampled_from(["eu-central-1", "us-east-1", "ap-south-1"]), unique=True, max_size=2),
    table_name=st.sampled_from([None, "orders", LATER]),
    ttl=st.sampled_from([None, "expires", LATER]),
    recovery_window=st.sampled_from([None, cdk.Duration.days(7), cdk.Duration.days(NUMBER_LATER)]),
    deletable_because=st.sampled_from([None, "a lab"]),
)
def test_reasonable_options_are_built(attempt, partition_keys, project, regions, **options):
    asked = {
        "partition_key": "id",
        "global_indexes": [GlobalIndex(name="by-any", partition_keys=partition_keys, project=project)],
        "replicas": [Replica(region=region, key="alias/orders") for region in regions],
        **options,
    }

    resources = attempt(asked)

    assert resources is not None


index_lists = st.lists(st.sampled_from(["by-shop", "by-date", "x", "a/b", LATER]), max_size=2)
table_arns = st.sampled_from(
    [
        "arn:aws:dynamodb:eu-central-1:222222222222:table/orders",
        "arn:aws:dynamodb:eu-west-2:333333333333:table/orders",
        "arn:aws:dynamodb:eu-west-1:111111111111:table/orders",
        "arn:aws:dynamodb:eu-central-1:222222222222:table/o",
        "orders",
        "",
        LATER,
    ]
)
views = st.fixed_dictionaries(
    {"table_name": st.sampled_from(["orders", "o", "", LATER])},
    optional={
        "replicates_to": st.lists(regions, max_size=2),
        "global_indexes": index_lists,
        "local_indexes": index_lists,
        "max_reads": st.none() | units,
        "max_writes": st.none() | units,
        "stream_arn": st.sampled_from([None, "", LATER]),
        "kinesis": st.booleans(),
    },
)
replicas_of_accounts = st.fixed_dictionaries(
    {"source_arn": table_arns},
    optional={
        "further_arns": st.lists(table_arns, max_size=2),
        "global_indexes": index_lists,
        "local_indexes": index_lists,
        "deletable_because": reasons,
    },
)
schedules = st.fixed_dictionaries(
    {},
    optional={
        "backups": st.sampled_from([None, "", "0 3 ? * SUN *", LATER]),
        "never_expire_because": reasons,
        "exports": st.sampled_from([None, "daily", "0 3 * * ? *", LATER]),
        "bucket": st.sampled_from([None, "exports"]),
        "prefix": st.sampled_from(["exports", "", "a b", LATER]),
        "format": st.sampled_from(["ION", "CSV"]),
        "timezone": st.sampled_from(["UTC", "Europe/Berlin", "", LATER]),
    },
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_replicas_and_schedules_are_built_or_refused(make_stack, template, data):
    kind, options = data.draw(
        st.one_of(
            st.tuples(st.just(TableReplica), views),
            st.tuples(st.just(TableAccountReplica), replicas_of_accounts),
            st.tuples(st.just(TableSchedule), schedules),
        )
    )
    stack = make_stack()
    key = kms.Key.from_key_arn(stack, "Key", KEY)
    given_too: dict[str, Any] = {"key": key}
    if kind is TableSchedule:
        given_too = {"table": TableReplica(stack, "Seen", table_name="orders", key=key)}
        name = options.get("bucket")
        options = {**options, "bucket": s3.Bucket.from_bucket_name(stack, "Bucket", name) if name else None}

    try:
        kind(stack, "Orders", **given_too, **options)
    except InvalidOptions as refused:
        said = refused.problems
    else:
        said = template(stack)["Resources"]

    assert said
