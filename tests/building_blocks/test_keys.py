"""The key of a Region's data."""

import re

import pytest
from aws_cdk import Aws
from aws_cdk import aws_kms as kms
from hypothesis import given
from hypothesis import strategies as st

from cdk_standby._checks import InvalidOptions
from cdk_standby.keys import DataKey, allow_logs, allow_publishers
from cdk_standby_review.facts import kms as facts

KEY = "AWS::KMS::Key"


def statements_for(properties, service):
    """Under the recommended flags the CDK merges statements that differ in their principals only."""
    return [s for s in properties["KeyPolicy"]["Statement"] if service in services_of(s)]


def services_of(statement):
    named = statement["Principal"].get("Service", [])
    return [named] if isinstance(named, str) else named


@pytest.fixture(scope="module")
def built(make_stack, template):
    stack = make_stack()
    data = DataKey(stack, "Data", alias="alias/shop-eu-west-1-data")
    for allow in (allow_logs, allow_publishers, allow_logs, allow_publishers):
        allow(data.key)
    DataKey(stack, "Other")
    return template(stack)


@pytest.fixture(scope="module")
def key(built, resources):
    [properties] = [p for name, p in resources(built, KEY).items() if name.startswith("Data")]
    return properties


def test_the_key_is_rotated_and_outlives_its_stack(built, resources):
    for name, properties in resources(built, KEY).items():
        assert properties["EnableKeyRotation"] is True
        assert built["Resources"][name]["DeletionPolicy"] == "Retain"
        assert built["Resources"][name]["UpdateReplacePolicy"] == "Retain"


def test_the_logical_id_of_the_key_never_changes(built, resources):
    """A new id is a new key, and data that nobody can read any more: release it as a major version."""
    assert sorted(resources(built, KEY)) == ["DataKey5F086070", "OtherKey97A5E793"]


def test_only_a_key_that_is_given_an_alias_has_one(built, resources):
    [alias] = resources(built, "AWS::KMS::Alias").values()

    assert alias["AliasName"] == "alias/shop-eu-west-1-data"


def test_log_groups_of_this_account_and_region_may_use_it_and_are_let_in_once(key):
    [statement] = statements_for(key, "logs.eu-west-1.amazonaws.com")

    [pattern] = statement["Condition"].values()
    assert pattern == {"kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:eu-west-1:111111111111:*"}


def test_publishers_may_use_it_and_are_let_in_once(key):
    [alarms] = statements_for(key, "cloudwatch.amazonaws.com")
    [events] = statements_for(key, "events.amazonaws.com")
    [rds] = statements_for(key, "events.rds.amazonaws.com")

    assert alarms["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
    assert "Condition" not in events, "EventBridge sends KMS no source account: notifications would be lost in silence"
    assert sorted(rds["Action"]) == ["kms:Decrypt", "kms:GenerateDataKey*"]


def test_a_key_that_was_imported_is_left_to_its_owner(make_stack):
    key = kms.Key.from_key_arn(make_stack(), "Key", f"arn:aws:kms:eu-west-1:111111111111:key/{'1' * 36}")

    allow_logs(key)
    allow_publishers(key)


@pytest.mark.parametrize("alias", ["", "aws/shop", "alias/aws/shop", "shop data", "x" * 251, "alias/"])
def test_an_alias_that_kms_refuses_is_refused_here(make_stack, alias):
    with pytest.raises(InvalidOptions) as raised:
        DataKey(make_stack(), "Data", alias=alias)

    assert str(raised.value) == (
        f"Test/Data: 'alias' is '{alias}'; allowed: 1 to 250 letters, digits, '/', '_' and '-', not starting with"
        " 'aws/', because KMS takes no other alias, and keeps 'alias/aws/' for the keys that AWS manages"
        " (https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html)"
    )


def test_an_alias_known_only_at_deployment_is_left_alone(make_stack):
    DataKey(make_stack(), "Data", alias=f"shop-{Aws.REGION}")


@given(st.from_regex(facts.ALIAS_NAME.value, fullmatch=True))
def test_no_alias_that_passes_is_one_of_aws(alias):
    assert not alias.removeprefix("alias/").startswith("aws/")
    assert re.fullmatch(r"[A-Za-z0-9/_-]{1,256}", alias)


def test_keys_leave_no_finding(make_stack, flags, findings, lint, template):
    stack = make_stack(flags=flags)
    data = DataKey(stack, "Data", alias="shop")
    allow_logs(data.key)
    allow_publishers(data.key)

    assert findings(stack.node.root) == []
    assert lint(template(stack)) == []
