"""A table and its replica in another account: who lets whom do what, and what is refused."""

from __future__ import annotations

import copy
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from replacement import create_only_options, described, in_place, replacing

from cdk_standby._checks import InvalidOptions
from cdk_standby.alarm_topic import AlarmTopic
from cdk_standby.keys import DataKey
from cdk_standby.tables.table import GlobalIndex, Replica, Table
from cdk_standby.tables.table_account_replica import TableAccountReplica

GLOBAL = "AWS::DynamoDB::GlobalTable"
SOURCE = "arn:aws:dynamodb:eu-west-1:111111111111:table/orders"
OTHER = "arn:aws:dynamodb:eu-central-1:222222222222:table/orders"
SAME_ACCOUNT = OTHER.replace("222222222222", "111111111111")
SAME_REGION = OTHER.replace("222222222222", "333333333333")
KEY = "arn:aws:kms:eu-central-1:222222222222:key/12345678-1234-1234-1234-123456789012"
EACH = (
    "each replica of a multi-account global table is in an account and a Region of its own, of a table that started "
    "alone and is eventually consistent "
    "(https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_MA_HowItWorks.html)"
)
ACTIONS = ["dynamodb:ReadDataForReplication", "dynamodb:ReplicateSettings", "dynamodb:WriteDataForReplication"]


def other_account(make_stack: Callable[..., cdk.Stack], **options: Any) -> cdk.Stack:
    return make_stack(**{"name": "Other", "region": "eu-central-1", "account": "222222222222", **options})


@pytest.fixture(scope="module")
def world(make_stack: Callable[..., cdk.Stack], template: Callable[..., Any], flags: str) -> SimpleNamespace:
    home = make_stack(name="Home", flags=flags)
    away = other_account(make_stack, app=home.node.root)
    table = Table(
        home,
        "Orders",
        partition_key="order_id",
        key=DataKey(home, "Key").key,
        table_name="orders",
        shared_with=[OTHER],
        global_indexes=[GlobalIndex(name="by-shop", partition_keys=["shop"])],
    )
    key = DataKey(away, "Key").key
    told = AlarmTopic(away, "Alarms", key=key)
    replica = TableAccountReplica(away, "Orders", source_arn=SOURCE, key=key, global_indexes=["by-shop"], alarms=told)
    cdk.Tags.of(home.node.root).add("team", "shop")
    return SimpleNamespace(app=home.node.root, table=table, replica=replica, home=template(home), away=template(away))


def only(template: dict[str, Any]) -> dict[str, Any]:
    [found] = [resource for resource in template["Resources"].values() if resource["Type"] == GLOBAL]
    return copy.deepcopy(dict(found))


@pytest.mark.capability("DDB-08")
def test_the_replica_of_another_account_names_its_source(world):
    resource = only(world.away)
    properties = resource["Properties"]
    [replica] = properties.pop("Replicas")

    assert properties == {"GlobalTableSourceArn": SOURCE, "TableName": "orders"}
    assert replica.pop("ResourcePolicy")
    assert replica.pop("SSESpecification") == {"KMSMasterKeyId": {"Fn::GetAtt": ["Key9BCD29C7", "Arn"]}}
    assert replica == {
        "Region": "eu-central-1",
        "GlobalTableSettingsReplicationMode": "ENABLED",
        "DeletionProtectionEnabled": True,
        "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True, "RecoveryPeriodInDays": 35},
        "ContributorInsightsSpecification": {"Enabled": True, "Mode": "THROTTLED_KEYS"},
        "Tags": [{"Key": "team", "Value": "shop"}],
    }
    assert (resource["DeletionPolicy"], resource["UpdateReplacePolicy"]) == ("Retain", "Retain")


@pytest.mark.capability("DDB-08")
def test_both_accounts_let_dynamodb_replicate_and_the_source_lets_the_other_join(world):
    policies = {
        name: only(template)["Properties"]["Replicas"][0]["ResourcePolicy"]["PolicyDocument"]["Statement"]
        for name, template in (("home", world.home), ("away", world.away))
    }
    replicate = {
        name: next(s for s in statements if s["Sid"] == "ReplicateBetweenAccounts")
        for name, statements in policies.items()
    }

    assert [s["Sid"] for s in policies["home"]] == ["JoinFromOtherAccounts", "ReplicateBetweenAccounts"]
    assert policies["home"][0]["Action"] == "dynamodb:AssociateTableReplica"
    assert [s["Sid"] for s in policies["away"]] == ["ReplicateBetweenAccounts"]
    for statement in replicate.values():
        assert statement["Principal"] == {"Service": "replication.dynamodb.amazonaws.com"}
        assert statement["Action"] == ACTIONS
    assert [s["Condition"]["StringEquals"]["aws:SourceAccount"] for s in replicate.values()] == [
        ["111111111111", "222222222222"],
        ["222222222222", "111111111111"],
    ]
    assert only(world.home)["Properties"]["Replicas"][0]["GlobalTableSettingsReplicationMode"] == "ENABLED"


@pytest.mark.capability("DDB-08")
def test_dynamodb_is_let_in_to_both_keys(world):
    for template in (world.home, world.away):
        [key] = [r for r in template["Resources"].values() if r["Type"] == "AWS::KMS::Key"]

        allowed = [s for s in key["Properties"]["KeyPolicy"]["Statement"] if "replication.dynamodb" in str(s)]

        assert [s["Principal"] for s in allowed] == [{"Service": "replication.dynamodb.amazonaws.com"}]


@pytest.mark.capability("DDB-08")
def test_each_account_watches_the_lag_to_the_other(world):
    assert "ReplicationLatency-eu-central-1" in world.table.alarms
    assert set(world.replica.alarms) == {
        "ReadThrottles",
        "ReadThrottles-by-shop",
        "WriteThrottles",
        "WriteThrottles-by-shop",
        "SystemErrors",
        "UserErrors",
        "ReplicationLatency-eu-west-1",
    }


def test_the_validators_find_nothing(world, findings, lint):
    assert findings(world.app) == []
    assert lint(world.home) + lint(world.away, region="eu-central-1") == []


def test_only_the_source_of_a_replica_replaces_it(make_stack):
    def build(**options: Any) -> cdk.Stack:
        stack = other_account(make_stack)
        alarms = AlarmTopic(stack, "Alarms") if options.pop("alarms", False) else None
        key = kms.Key.from_key_arn(stack, "Key", KEY.replace("1234", options.pop("key", "1234")))
        TableAccountReplica(stack, "Orders", key=key, alarms=alarms, **options)
        return stack

    found = in_place(
        build,
        {"source_arn": SOURCE},
        {
            "source_arn": SOURCE.replace("orders", "baskets"),
            "key": "4321",
            "further_arns": ["arn:aws:dynamodb:eu-west-2:333333333333:table/orders"],
            "global_indexes": ["by-shop"],
            "local_indexes": ["by-price"],
            "deletable_because": "a lab",
            "alarms": True,
            "alarm_thresholds": {"SystemErrors": 1.0},
            "alarms_off_because": {"UserErrors": "watched by the account"},
        },
    )

    assert set(found) == set(described(TableAccountReplica)) - {"scope", "id"}
    assert replacing(found) == create_only_options(TableAccountReplica) == {"source_arn"}


def test_a_caller_of_the_other_account_is_let_in_there(make_stack, template, resources):
    stack = other_account(make_stack)
    built = TableAccountReplica(stack, "Orders", source_arn=SOURCE, key=kms.Key.from_key_arn(stack, "Key", KEY))
    built.grant_read(iam.Role(stack, "Service", assumed_by=iam.AccountRootPrincipal()))

    [policy] = resources(template(stack), "AWS::IAM::Policy").values()

    [on_table, on_key] = policy["PolicyDocument"]["Statement"]
    assert on_table["Resource"] == {"Fn::GetAtt": ["OrdersTableC3D8F3FA", "Arn"]}
    assert on_key["Resource"] == KEY


@pytest.mark.capability("DDB-08")
@pytest.mark.parametrize(
    ("options", "said"),
    [
        (
            {"shared_with": ["orders"]},
            ["'shared_with' is 'orders'; allowed: the ARN of a table in another account and Region, known at synth"],
        ),
        (
            {"shared_with": [SAME_ACCOUNT]},
            [f"'shared_with' is ['{SAME_ACCOUNT}']; allowed: tables each in another account than 111111111111"],
        ),
        (
            {"shared_with": [OTHER, SAME_REGION]},
            [f"'shared_with' is ['{OTHER}', '{SAME_REGION}']; allowed: tables each in another Region than eu-west-1"],
        ),
        (
            {"shared_with": [OTHER], "replicas": [Replica(region="eu-west-2", key="alias/orders")]},
            [f"'shared_with' is ['{OTHER}']; allowed: left out with 'replicas'"],
        ),
        (
            {"shared_with": [OTHER], "table_name": "baskets"},
            ["'table_name' is 'baskets'; allowed: 'orders', as in 'shared_with'"],
        ),
    ],
    ids=["no ARN", "one account", "one Region", "replicas", "another name"],
)
def test_a_table_that_cannot_be_shared_is_refused_in_one_sentence(make_stack, options, said):
    stack = make_stack()
    key = kms.Key.from_key_arn(stack, "Key", KEY.replace("eu-central-1:2222", "eu-west-1:2222"))

    with pytest.raises(InvalidOptions) as caught:
        Table(stack, "Orders", **{"partition_key": "id", "key": key, "table_name": "orders", **options})

    assert str(caught.value).split("\n") == [f"Test/Orders: {line}, because {EACH}" for line in said]


@pytest.mark.capability("DDB-08")
def test_a_replica_stands_in_another_account_than_its_source(make_stack):
    stack = other_account(make_stack, account="111111111111")

    with pytest.raises(InvalidOptions) as caught:
        TableAccountReplica(stack, "Orders", source_arn=SOURCE, key=kms.Key.from_key_arn(stack, "Key", KEY))

    assert str(caught.value) == (
        f"Other/Orders: 'source_arn' is ['{SOURCE}']; allowed: tables each in another account than 111111111111, "
        f"because {EACH}"
    )
