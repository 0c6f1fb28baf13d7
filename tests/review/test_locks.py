"""The lock of data: what it holds, what breaks it, and in which words."""

from __future__ import annotations

import contextlib
import copy
import dataclasses
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdk_standby_review import UnreadableInput, review_templates
from cdk_standby_review.locks.accepting import accepted, added, locked
from cdk_standby_review.locks.breaches import breaches
from cdk_standby_review.locks.lock import Lock, read_lock, text_of

PAGE = "https://docs.aws.amazon.com/AWSCloudFormation/latest"
FIX = 'if it is meant: cdk-standby lock cdk.out --file data.lock.json --because "..."'


@pytest.fixture(scope="module")
def data(make):
    """`data()`: resources of a small app, to be changed: a database with its parts, and a queue."""
    kept = {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}
    group = make.resource("AWS::RDS::DBSubnetGroup", DBSubnetGroupName="orders", SubnetIds=["subnet-1", "subnet-2"])
    parameters = make.resource("AWS::RDS::DBParameterGroup", Family="postgres17", Description="orders")
    database = make.resource(
        "AWS::RDS::DBInstance",
        DBInstanceIdentifier="orders",
        DBSubnetGroupName={"Ref": "Subnets"},
        DBParameterGroupName={"Ref": "Parameters"},
        Engine="postgres",
        EngineVersion="17.4",
        KmsKeyId={"Fn::GetAtt": ["Key", "Arn"]},
        MultiAZ=True,
        StorageEncrypted=True,
    )
    resources = {
        "Key": make.resource("AWS::KMS::Key") | kept,
        "Subnets": group | kept,
        "Parameters": parameters | kept,
        "Orders": database | kept,
        "Secret": make.resource("AWS::SecretsManager::Secret") | kept,
        "Jobs": make.resource("AWS::SQS::Queue", QueueName="jobs"),
        "Topic": make.resource("AWS::SNS::Topic", TopicName="told"),
    }
    return lambda: copy.deepcopy(resources)


@pytest.fixture
def stack(make):
    def of(resources, *, name="Shop-data", region="eu-west-1", account="111111111111", paths=()):
        made = make.template(resources, region=region, name=name)
        return dataclasses.replace(made, account=account, paths=dict(paths))

    return of


def said(lock, *templates):
    return [(str(b.effect), b.message, b.fix, b.source) for b in breaches(lock, templates, "data.lock.json")]


def broken(lock, *templates):
    return [(str(b.effect), b.logical_id, b.property) for b in breaches(lock, templates, "data.lock.json")]


def test_a_lock_is_a_file_with_one_line_per_property(stack, data):
    resources = {name: data()[name] for name in ("Orders", "Secret", "Topic")}

    lock = locked([stack(resources, paths={"Orders": "Shop/data/Orders"})])

    assert text_of(lock) == (
        """\
{
  "format": 1,
  "stacks": {
    "111111111111/eu-west-1/Shop-data": {
      "Orders": {
        "type": "AWS::RDS::DBInstance",
        "path": "Shop/data/Orders",
        "DeletionPolicy": "Retain",
        "UpdateReplacePolicy": "Retain",
        "named_by": "DBInstanceIdentifier",
        "properties": {
          "DBInstanceIdentifier": "orders",
          "DBSubnetGroupName": {"Ref": "Subnets"},
          "Engine": "postgres",
          "KmsKeyId": {"Fn::GetAtt": ["Key", "Arn"]},
          "StorageEncrypted": true
        }
      },
      "Secret": {
        "type": "AWS::SecretsManager::Secret",
        "DeletionPolicy": "Retain",
        "UpdateReplacePolicy": "Retain",
        "properties": {}
      }
    }
  },
  "history": []
}
"""
    )


def test_a_lock_reads_as_it_was_written(stack, data, tmp_path):
    lock = accepted(locked([stack(data())]), [stack(data(), name="Other")], [], "x")
    lock = dataclasses.replace(
        lock, history=accepted(lock, [], breaches(lock, [], "f", another_app=False), "y").history
    )
    (tmp_path / "data.lock.json").write_text(text_of(lock))

    assert read_lock(tmp_path / "data.lock.json") == lock


def test_the_order_of_resources_and_stacks_changes_no_byte(stack, data):
    turned = dict(reversed(data().items()))

    one = text_of(locked([stack(data()), stack(data(), name="Other")]))
    other = text_of(locked([stack(turned, name="Other"), stack(turned)]))

    assert one == other


def test_a_large_value_is_kept_as_its_hash(stack, make):
    table = make.resource("AWS::DynamoDB::Table", KeySchema=[{"AttributeName": "k" * 500, "KeyType": "HASH"}])
    other = make.resource("AWS::DynamoDB::Table", KeySchema=[{"AttributeName": "j" * 500, "KeyType": "HASH"}])

    lock = locked([stack({"Table": table})])

    assert text_of(lock).count("kkk") == 0
    assert broken(lock, stack({"Table": table})) == []
    assert broken(lock, stack({"Table": other})) == [("data-replaced", "Table", "KeySchema")]


def test_what_is_the_same_breaks_nothing(stack, data):
    assert broken(locked([stack(data())]), stack(data())) == []


@pytest.mark.parametrize(
    ("changed", "value"),
    [
        ("EngineVersion", "18.1"),
        ("DBInstanceClass", "db.r7g.4xlarge"),
        ("AllocatedStorage", "400"),
        ("MultiAZ", False),
        ("BackupRetentionPeriod", 35),
        ("PreferredMaintenanceWindow", "sun:03:00-sun:04:00"),
        ("DBParameterGroupName", {"Ref": "OtherParameters"}),
        ("AutoMinorVersionUpgrade", True),
        ("StorageEncrypted", "true"),
        ("KmsKeyId", {"Fn::GetAtt": "Key.Arn"}),
    ],
)
def test_what_rds_changes_in_place_breaks_nothing(stack, data, changed, value):
    lock, after = locked([stack(data())]), data()

    after["Orders"]["Properties"][changed] = value

    assert broken(lock, stack(after)) == []


def test_a_replacement_is_told_with_path_property_both_values_and_the_way_out(stack, data):
    lock = locked([stack(data(), paths={"Orders": "Shop/data/Orders"})])
    after = data()
    after["Orders"]["Properties"] |= {"KmsKeyId": "alias/other", "DBInstanceIdentifier": "orders-2"}

    found = said(lock, stack(after))

    where = "Shop/data/Orders (Orders of stack Shop-data in 111111111111/eu-west-1)"
    replaces = "which replaces an AWS::RDS::DBInstance"
    left = "CloudFormation would make a new, empty one and leave the old one behind, outside of the stack"
    page = f"{PAGE}/TemplateReference/aws-resource-rds-dbinstance.html"
    assert found == [
        (
            "data-replaced",
            f'{where}: DBInstanceIdentifier would change from "orders" to "orders-2", {replaces}; {left}',
            f"put it back; {FIX}",
            page,
        ),
        (
            "data-replaced",
            f'{where}: KmsKeyId would change from {{"Fn::GetAtt": ["Key", "Arn"]}} to "alias/other", {replaces} unless '
            f"the two come to the same; {left}",
            f"put it back; {FIX}",
            page,
        ),
    ]


@pytest.mark.parametrize(
    ("policy", "left"),
    [
        ("Delete", "make a new, empty one and delete the old one with all that is in it"),
        ("Snapshot", "make a new, empty one and delete the old one, with a last snapshot"),
        ("RetainExceptOnCreate", "make a new, empty one and leave the old one behind, outside of the stack"),
    ],
)
def test_what_becomes_of_the_old_one_is_what_its_policy_says(stack, data, policy, left):
    before, after = data(), data()
    before["Orders"]["UpdateReplacePolicy"] = after["Orders"]["UpdateReplacePolicy"] = policy
    after["Orders"]["Properties"] |= {"DBInstanceIdentifier": "orders-2"}

    [(_, message, _, _)] = said(locked([stack(before)]), stack(after))

    assert message.endswith(f"CloudFormation would {left}")


def test_an_instance_of_a_cluster_is_another_one_and_not_empty(stack, make):
    """The data is the cluster's."""
    first, second = (
        make.resource("AWS::RDS::DBInstance", "Delete", DBClusterIdentifier="shop", AvailabilityZone=zone)
        for zone in "ab"
    )

    [(_, message, _, _)] = said(locked([stack({"Reader": first})]), stack({"Reader": second}))

    assert message.endswith("CloudFormation would make another one and delete the old one")


def test_under_a_fixed_name_a_replacement_fails_halfway(stack, data):
    after = data()
    after["Orders"]["Properties"] |= {"Engine": "mysql"}

    [(_, message, _, _)] = said(locked([stack(data())]), stack(after))

    assert message == (
        'Orders (Orders of stack Shop-data in 111111111111/eu-west-1): Engine would change from "postgres" to "mysql", '
        "which replaces an AWS::RDS::DBInstance; CloudFormation would try to make another one of the same name beside "
        "it, and fail"
    )


def test_a_replaced_part_replaces_the_database_that_points_at_it(stack, data):
    after = data()
    after["Subnets"]["Properties"]["DBSubnetGroupName"] = "other"

    found = said(locked([stack(data())]), stack(after))

    assert [(effect, message.split(": ", 1)[1].split(";")[0]) for effect, message, _, _ in found] == [
        ("data-replaced", "DBSubnetGroupName points at Subnets, which would be replaced"),
        (
            "data-replaced",
            'DBSubnetGroupName would change from "orders" to "other", which replaces an AWS::RDS::DBSubnetGroup',
        ),
    ]


def test_a_new_family_of_parameters_is_no_replacement_of_data(stack, data):
    """A major upgrade makes the new group beside the old one, which goes last."""
    after = data()
    after["Parameters"]["Properties"]["Family"] = "postgres18"
    after["Orders"]["Properties"]["EngineVersion"] = "18.1"

    assert broken(locked([stack(data())]), stack(after)) == []


def test_a_new_family_under_a_fixed_name_cannot_be_made(stack, data):
    before, after = data(), data()
    before["Parameters"]["Properties"]["DBParameterGroupName"] = "orders"
    after["Parameters"]["Properties"] |= {"DBParameterGroupName": "orders", "Family": "postgres18"}

    [(_, message, _, _)] = said(locked([stack(before)]), stack(after))

    assert message.endswith("CloudFormation would try to make another one of the same name beside it, and fail")


def test_a_password_that_would_be_generated_anew_is_told(stack, data):
    before, after = data(), data()
    before["Secret"]["Properties"]["GenerateSecretString"] = {"PasswordLength": 32}
    after["Secret"]["Properties"]["GenerateSecretString"] = {"PasswordLength": 40}

    assert said(locked([stack(before)]), stack(after)) == [
        (
            "data-replaced",
            "Secret (Secret of stack Shop-data in 111111111111/eu-west-1): GenerateSecretString would change from "
            '{"PasswordLength": 32} to {"PasswordLength": 40}; CloudFormation would write another value into it, and a '
            "database that was made with the old one keeps that",
            f"put it back; {FIX}",
            f"{PAGE}/TemplateReference/aws-resource-secretsmanager-secret.html",
        )
    ]


def test_an_unknown_condition_counts_as_a_replacement_and_says_so(stack, make):
    before = make.resource("AWS::DynamoDB::Table", KeySchema=[{"AttributeName": "id"}])
    after = make.resource("AWS::DynamoDB::Table", KeySchema=[{"AttributeName": "ID"}])

    [(_, message, _, _)] = said(locked([stack({"Table": before})]), stack({"Table": after}))

    assert message == (
        "Table (Table of stack Shop-data in 111111111111/eu-west-1): KeySchema would change from "
        '[{"AttributeName": "id"}] to [{"AttributeName": "ID"}], which replaces an AWS::DynamoDB::Table in some cases, '
        "and this is none of those that AWS documents as in place; CloudFormation would make a new, empty one and "
        "delete the old one with all that is in it"
    )


@pytest.mark.parametrize(
    "value",
    [{"Fn::ImportValue": "key"}, {"Fn::GetStackOutput": {"StackName": "Keys"}}, ["a", {"Fn::Sub": "${AWS::Region}"}]],
)
def test_what_only_the_deployment_knows_may_come_to_the_same(stack, data, value):
    after = data()
    after["Orders"]["Properties"]["KmsKeyId"] = value

    [(_, message, _, _)] = said(locked([stack(data())]), stack(after))

    assert ", which replaces an AWS::RDS::DBInstance unless the two come to the same; " in message


def test_an_identifier_that_differs_in_case_only_is_told_as_such(stack, data):
    after = data()
    after["Orders"]["Properties"]["DBInstanceIdentifier"] = "Orders"

    [(_, message, _, _)] = said(locked([stack(data())]), stack(after))

    assert 'from "orders" to "Orders", which replaces an AWS::RDS::DBInstance; they differ in case only; ' in message


def test_a_resource_that_is_gone_is_told(stack, data):
    after = data()
    del after["Jobs"]

    assert said(locked([stack(data())]), stack(after)) == [
        (
            "data-deleted",
            "Jobs (Jobs of stack Shop-data in 111111111111/eu-west-1): it is gone; CloudFormation would delete this "
            "one with all that is in it",
            f"put it back; {FIX}",
            f"{PAGE}/UserGuide/aws-attribute-deletionpolicy.html",
        )
    ]


def test_settings_that_no_database_needs_any_more_may_go(stack, data):
    after = data()
    del after["Parameters"], after["Orders"]["Properties"]["DBParameterGroupName"]

    assert broken(locked([stack(data())]), stack(after)) == []


def test_another_type_under_the_same_id_is_told(stack, data, make):
    after = data() | {"Jobs": make.resource("AWS::SNS::Topic")}

    [(effect, message, fix, _)] = said(locked([stack(data())]), stack(after))

    assert effect == "data-deleted"
    assert message.endswith(
        ": its type would change from AWS::SQS::Queue to AWS::SNS::Topic, which CloudFormation refuses"
    )
    assert fix == f"keep the type, or give the other resource an id of its own; {FIX}"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("Orders", "orders", "its id would become orders, the same but for case"),
        ("Orders", "Bookings", "its id would become Bookings"),
        ("Secret", "Credentials", "its id would become Credentials"),
    ],
)
def test_another_logical_id_is_told_as_such(stack, data, old, new, words):
    after = data()
    after[new] = after.pop(old)

    [(effect, message, fix, _)] = said(locked([stack(data())]), stack(after))

    assert effect == "data-deleted"
    assert message.split(": ", 1)[1] == (
        f"{words}, which is another resource to CloudFormation: it would make a new, empty one and leave this one "
        "behind, outside of the stack"
    )
    assert fix == f"keep the id and the stack; {FIX}"


def test_the_same_construct_under_another_id_is_told_by_its_path(stack, make):
    one, other = make.resource("AWS::S3::Bucket"), make.resource("AWS::S3::Bucket", BucketName="named")
    lock = locked([stack({"Uploads1A": one}, paths={"Uploads1A": "Shop/data/Uploads/Resource"})])

    [(_, message, _, _)] = said(lock, stack({"Uploads2B": other}, paths={"Uploads2B": "Shop/data/Uploads/Resource"}))

    assert "its id would become Uploads2B, which is another resource" in message


def test_a_move_to_another_stack_is_told_as_such(stack, data):
    after = data()
    moved = {name: after.pop(name) for name in ("Jobs",)}

    [(_, message, fix, _)] = said(locked([stack(data())]), stack(after), stack(moved, name="Shop-jobs"))

    assert message.split(": ", 1)[1] == (
        "it would move to stack Shop-jobs in 111111111111/eu-west-1, which is another resource to CloudFormation: it "
        "would make a new, empty one and delete this one with all that is in it"
    )
    assert fix == f"keep the id and the stack; {FIX}"


def test_a_stack_that_is_gone_is_told_once(stack, make):
    queue = {"Jobs": make.resource("AWS::SQS::Queue"), "More": make.resource("AWS::SQS::Queue")}
    lock = locked([stack(queue), stack(queue, name="Shop-b")])

    found = said(lock, stack(queue), stack({"Jobs": queue["Jobs"]}, name="Shop-c"))

    assert found == [
        (
            "data-deleted",
            "stack Shop-b in 111111111111/eu-west-1 is gone, with Jobs, More; the same ids are in Shop-c in "
            "111111111111/eu-west-1, as new, empty resources; nobody would look after them any more",
            f"put it back, or give each set of stacks a lock of its own; {FIX}",
            f"{PAGE}/UserGuide/aws-attribute-deletionpolicy.html",
        )
    ]


@pytest.mark.parametrize(("attribute", "when"), [("DeletionPolicy", "removed"), ("UpdateReplacePolicy", "replaced")])
def test_protection_that_is_lost_is_told(stack, data, attribute, when):
    after = data()
    after["Secret"][attribute] = "Delete"

    assert said(locked([stack(data())]), stack(after)) == [
        (
            "data-unprotected",
            f"Secret (Secret of stack Shop-data in 111111111111/eu-west-1): {attribute} would change from Retain to "
            f"Delete; once it is {when}, CloudFormation would delete this one with all that is in it",
            f"keep {attribute} Retain; {FIX}",
            f"{PAGE}/UserGuide/aws-attribute-deletionpolicy.html",
        )
    ]


def test_more_protection_breaks_nothing(stack, data):
    after = data()
    after["Jobs"] |= {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}

    assert broken(locked([stack(data())]), stack(after)) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"account": None, "region": None}, {"account": "111111111111", "region": "eu-west-1"}),
        ({"account": "111111111111", "region": "eu-west-1"}, {"account": None, "region": "eu-west-1"}),
    ],
)
def test_a_stack_stays_the_same_when_its_account_becomes_known(stack, data, before, after):
    lock = locked([stack(data(), **before)])

    assert broken(lock, stack(data(), **after)) == []
    assert added(lock, [stack(data(), **after)]) == []


def test_the_same_stack_in_two_regions_is_locked_twice(stack, data):
    here, there = stack(data()), stack(data(), region="eu-central-1")
    after = data()
    del after["Jobs"]

    found = breaches(locked([here, there]), [here, stack(after, region="eu-central-1")], "data.lock.json")

    assert [(b.stack, b.logical_id) for b in found] == [("111111111111/eu-central-1/Shop-data", "Jobs")]


def test_the_same_stack_of_two_stages_is_told_apart_by_its_place(stack, data):
    one, other = (dataclasses.replace(stack(data()), name=name) for name in ("Blue/Data", "Green/Data"))

    assert list(locked([one, other]).stacks) == [
        "111111111111/eu-west-1/Shop-data",
        "111111111111/eu-west-1/Shop-data (Green/Data)",
    ]
    assert broken(locked([one, other]), other, one) == []


def test_a_lock_of_another_app_is_no_lock(stack, data):
    lock = locked([stack(data()), *(stack(data(), name=f"Shop-{n}") for n in range(4))])

    with pytest.raises(UnreadableInput) as error:
        breaches(lock, [stack(data(), name="Blog")], "data.lock.json")

    assert str(error.value) == (
        "data.lock.json: the lock of another app: it knows Shop-0, Shop-1, Shop-2 and 2 more, and here are Blog"
    )


def test_an_empty_lock_holds_against_anything(stack, data):
    assert broken(Lock(), stack(data())) == []


def test_what_is_accepted_is_written_down_beside_its_reason(stack, data):
    after = data()
    del after["Jobs"]
    after["Orders"]["Properties"]["KmsKeyId"] = "alias/other"
    lock = locked([stack(data())])

    once = accepted(lock, [stack(after)], breaches(lock, [stack(after)], "data.lock.json"), "another key, restored")

    assert broken(once, stack(after)) == []
    where = {"stack": "111111111111/eu-west-1/Shop-data", "because": "another key, restored"}
    assert json.loads(text_of(once))["history"] == [
        where | {"resource": "Jobs", "effect": "data-deleted", "before": "AWS::SQS::Queue", "after": None},
        where
        | {
            "resource": "Orders",
            "effect": "data-replaced",
            "property": "KmsKeyId",
            "before": {"Fn::GetAtt": ["Key", "Arn"]},
            "after": "alias/other",
        },
    ]
    assert accepted(once, [stack(after)], [], "nothing").history == once.history


def test_the_review_finds_what_the_lock_forbids(stack, data, tmp_path):
    file = tmp_path / "data.lock.json"
    file.write_text(text_of(locked([stack(data())])))
    after = data()
    after["Orders"]["Properties"]["KmsKeyId"] = "alias/other"
    after["Secret"]["DeletionPolicy"] = "Delete"
    del after["Jobs"]

    found = review_templates([stack(after)], lock=file).findings

    ours = [
        (f.rule, str(f.severity), f.resource and f.resource.logical_id) for f in found if f.rule.startswith("data-")
    ]
    assert ours == [
        ("data-deleted", "error", None),
        ("data-replaced", "error", "Orders"),
        ("data-unprotected", "error", "Secret"),
    ]


def test_without_a_lock_the_review_says_nothing_of_it(stack, data):
    assert [f for f in review_templates([stack(data())]).findings if f.rule.startswith("data-")] == []


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-9, 9)
    | st.text(max_size=5)
    | st.sampled_from(["Ref", "Orders", "${Orders}"]),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(["Ref", "Fn::GetAtt", "Fn::Sub", "x"]) | st.text(max_size=3), inner, max_size=2
        )
    ),
    max_leaves=5,
)
RESOURCES = st.dictionaries(
    st.sampled_from(["Orders", "orders", "Subnets", "Other"]),
    st.fixed_dictionaries(
        {"Type": st.sampled_from(["AWS::RDS::DBInstance", "AWS::RDS::DBSubnetGroup", "AWS::SNS::Topic"])},
        optional={
            "Properties": st.dictionaries(
                st.sampled_from(["KmsKeyId", "Engine", "MultiAZ", "AvailabilityZone", "DBSubnetGroupName"]), ANYTHING
            )
            | ANYTHING,
            "DeletionPolicy": st.sampled_from(["Retain", "Delete", "Snapshot"]) | ANYTHING,
            "Metadata": ANYTHING,
        },
    ),
    max_size=3,
)


@given(before=RESOURCES, after=RESOURCES)
def test_no_template_however_odd_breaks_the_comparison(make, before, after):
    one, other = (make.template(resources, name="Shop-data") for resources in (before, after))
    lock = locked([one])

    found = breaches(lock, [other], "data.lock.json", another_app=False)
    meant = accepted(lock, [other], found, "so it is")

    assert breaches(lock, [one], "data.lock.json", another_app=False) == []
    assert breaches(meant, [other], "data.lock.json", another_app=False) == []
    assert len(meant.history) == len(found)


@given(document=ANYTHING | st.fixed_dictionaries({"format": st.just(1), "stacks": ANYTHING, "history": ANYTHING}))
def test_a_lock_that_is_none_is_never_a_stack_trace(tmp_path_factory, document):
    file = tmp_path_factory.mktemp("lock") / "data.lock.json"
    file.write_text(json.dumps(document))

    with contextlib.suppress(UnreadableInput):
        read_lock(file)
