"""The engine: order, rollback, replacement, policies, references between stacks, and what it refuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from cdk_standby_runbooks.local_aws.errors import ServiceError

Topic = Callable[..., dict[str, Any]]
ROLLED = "The following resource(s) failed to create: [B]. Rollback requested by user."


def test_resources_are_made_in_the_order_of_their_references(cloud: Any, topic: Topic) -> None:
    resources = {"B": topic({"Fn::GetAtt": ["A", "TopicName"]}), "A": topic(DependsOn="C"), "C": topic()}

    stack = cloud.deploy(resources)

    assert stack.status == "CREATE_COMPLETE"
    assert cloud.topics.log == ["create C", "create A", "create B"]


def test_a_failed_creation_is_undone_and_says_why(cloud: Any, topic: Topic) -> None:
    stack = cloud.deploy({"A": topic(), "B": topic("explodes", DependsOn="A")})

    assert cloud.history() == [
        "Shop CREATE_IN_PROGRESS: User Initiated",
        "A CREATE_IN_PROGRESS",
        "A CREATE_COMPLETE",
        "B CREATE_IN_PROGRESS",
        "B CREATE_FAILED: it explodes",
        f"Shop ROLLBACK_IN_PROGRESS: {ROLLED}",
        "A DELETE_IN_PROGRESS",
        "A DELETE_COMPLETE",
        "Shop ROLLBACK_COMPLETE",
    ]
    assert stack.resources == {}
    assert cloud.topics.living == {}


def test_a_failed_update_restores_what_it_changed(cloud: Any, topic: Topic) -> None:
    cloud.deploy({"A": topic("before")})

    stack = cloud.deploy({"A": topic("after"), "B": topic("explodes", DependsOn="A")})

    assert stack.status == "UPDATE_ROLLBACK_COMPLETE"
    assert [properties["DisplayName"] for properties in cloud.topics.living.values()] == ["before"]
    assert stack.resources["A"].properties == {"DisplayName": "before"}


def test_without_rollback_a_failed_stack_stays_as_it_is(cloud: Any, topic: Topic) -> None:
    cloud.call("CreateStack", StackName="Shop", TemplateBody=_body(A=topic("explodes")), DisableRollback=True)

    assert cloud.history()[-1] == "Shop CREATE_FAILED: The following resource(s) failed to create: [A]"


def test_a_create_only_property_replaces_and_the_old_one_goes_last(cloud: Any, topic: Topic) -> None:
    cloud.deploy({"A": topic(name="one")})

    stack = cloud.deploy({"A": topic(name="two")})

    assert cloud.topics.log == ["create A", "create A", "delete A"]
    assert list(cloud.topics.living) == ["two"]
    assert cloud.history()[-5:] == [
        "A UPDATE_COMPLETE",
        "Shop UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
        "A DELETE_IN_PROGRESS",
        "A DELETE_COMPLETE",
        "Shop UPDATE_COMPLETE",
    ]
    assert stack.status == "UPDATE_COMPLETE"


def test_a_failed_replacement_keeps_the_old_one(cloud: Any, topic: Topic) -> None:
    cloud.deploy({"A": topic(name="one")})

    stack = cloud.deploy({"A": topic(name="two"), "B": topic("explodes", DependsOn="A")})

    assert stack.status == "UPDATE_ROLLBACK_COMPLETE"
    assert list(cloud.topics.living) == ["one"]


@pytest.mark.parametrize(
    ("policies", "left"),
    [
        ({"DeletionPolicy": "Retain"}, 1),
        ({"DeletionPolicy": "RetainExceptOnCreate"}, 1),
        ({"DeletionPolicy": "Delete"}, 0),
        ({"UpdateReplacePolicy": "Retain"}, 0),
    ],
)
def test_what_leaves_a_template_obeys_its_deletion_policy(
    cloud: Any, topic: Topic, policies: dict[str, str], left: int
) -> None:
    cloud.deploy({"A": topic(**policies), "B": topic()})

    cloud.deploy({"B": topic()})

    assert len(cloud.topics.living) == 1 + left


@pytest.mark.parametrize(("policy", "left"), [("Retain", 1), ("RetainExceptOnCreate", 0), ("Delete", 0)])
def test_a_rollback_of_a_creation_keeps_only_what_is_retained(cloud: Any, topic: Topic, policy: str, left: int) -> None:
    cloud.deploy({"A": topic(DeletionPolicy=policy), "B": topic("explodes", DependsOn="A")})

    assert len(cloud.topics.living) == left


def test_a_snapshot_that_nobody_models_fails_the_deletion_by_name(cloud: Any, topic: Topic) -> None:
    cloud.deploy({"A": topic(DeletionPolicy="Snapshot")})

    cloud.call("DeleteStack", StackName="Shop")

    assert cloud.history()[-2:] == [
        "A DELETE_FAILED: a final snapshot of AWS::SNS::Topic is not modelled by this local AWS",
        "Shop DELETE_FAILED: The following resource(s) failed to delete: [A].",
    ]


def test_the_same_template_again_is_no_change(cloud: Any, topic: Topic) -> None:
    cloud.deploy({"A": topic()})

    with pytest.raises(AssertionError, match="The submitted information didn't contain changes"):
        cloud.deploy({"A": topic()})
    with pytest.raises(ServiceError) as told:
        cloud.call("UpdateStack", StackName="Shop", TemplateBody=_body(A=topic()))

    assert told.value.message == "No updates are to be performed."


def test_a_change_set_says_what_it_adds_changes_replaces_and_removes(cloud: Any, topic: Topic) -> None:
    kept = {"Same": topic(), "User": topic({"Ref": "Replaced"})}
    cloud.deploy({**kept, "Changed": topic("one"), "Replaced": topic(name="one"), "Gone": topic()})
    made = len(cloud.topics.log)
    after = _body(**kept, Changed=topic("two"), Replaced=topic(name="two"), New=topic())

    cloud.call("CreateChangeSet", StackName="Shop", ChangeSetName="next", TemplateBody=after)
    told = cloud.call("DescribeChangeSet", StackName="Shop", ChangeSetName="next")

    found = [change["ResourceChange"] for change in told["Changes"]]
    assert sorted((c["Action"], c["LogicalResourceId"], c.get("Replacement")) for c in found) == [
        ("Add", "New", None),
        ("Modify", "Changed", "False"),
        ("Modify", "Replaced", "True"),
        ("Modify", "User", "False"),
        ("Remove", "Gone", None),
    ]
    assert len(cloud.topics.log) == made


def test_types_that_nobody_models_fail_before_anything_is_made(cloud: Any, topic: Topic) -> None:
    odd = {"Odd": {"Type": "AWS::Nonsense::Thing"}, "Custom": {"Type": "Custom::Any"}}

    with pytest.raises(AssertionError) as told:
        cloud.deploy({"A": topic(), **odd})

    assert str(told.value) == "types that this local AWS does not model: AWS::Nonsense::Thing, Custom::Any"
    assert cloud.topics.log == []


def test_every_property_that_aws_forbids_is_named_at_once(cloud: Any) -> None:
    properties = {
        "Colour": "red",
        "TopicArn": "mine",
        "Subscription": [{"Protocol": "sqs", "Endpoint": "x", "Size": 1}, {}],
    }

    with pytest.raises(AssertionError) as told:
        cloud.deploy({"A": {"Type": "AWS::SNS::Topic", "Properties": properties, "DeletionPolicy": "Keep"}})

    assert str(told.value).split("; ") == [
        "A (AWS::SNS::Topic): property 'Colour' is not in AWS's schema",
        "A (AWS::SNS::Topic): property 'Subscription.0.Size' is not in AWS's schema",
        "A (AWS::SNS::Topic): property 'Subscription.1.Endpoint' is required and missing",
        "A (AWS::SNS::Topic): property 'Subscription.1.Protocol' is required and missing",
        "A (AWS::SNS::Topic): property 'TopicArn' is read-only",
        "A: DeletionPolicy is Keep",
        "allowed: Delete, Retain, RetainExceptOnCreate, Snapshot",
    ]


def test_a_macro_is_refused_by_name(cloud: Any, topic: Topic) -> None:
    with pytest.raises(ServiceError) as told:
        cloud.deploy({"A": topic()}, Transform=["AWS::LanguageExtensions", "AWS::Serverless-2016-10-31"])

    assert told.value.message == "Transforms are not modelled by this local AWS: AWS::Serverless-2016-10-31"


def test_a_dropped_property_that_decides_what_a_fault_does_fails_the_deployment(cloud: Any, topic: Topic) -> None:
    stack = cloud.deploy({"A": topic("unencrypted")})

    assert stack.status == "ROLLBACK_COMPLETE"
    why = "this local AWS does not keep KmsMasterKeyId of AWS::SNS::Topic, which decides what a fault does"
    assert f"A CREATE_FAILED: {why}" in cloud.history()
    assert cloud.topics.living == {}


def test_other_dropped_properties_stand_in_the_report(cloud: Any, topic: Topic) -> None:
    stack = cloud.deploy({"A": topic("dropped")})

    assert stack.status == "CREATE_COMPLETE"
    assert cloud.service.report.told() == {"dropped": {"AWS::SNS::Topic": ["Tags"]}, "policies": {}, "warnings": []}


def test_an_export_in_use_can_neither_change_nor_go(cloud: Any, topic: Topic) -> None:
    export = {"Name": {"Value": {"Ref": "A"}, "Export": {"Name": "the-topic"}}}
    cloud.deploy({"A": topic(name="one")}, stack="Base", Outputs=export)
    cloud.deploy({"B": topic({"Fn::ImportValue": "the-topic"})}, stack="Top")

    cloud.deploy({"A": topic(name="two")}, stack="Base", Outputs=export)
    cloud.call("DeleteStack", StackName="Base")

    why = "Cannot update export the-topic as it is in use by Top. Rollback requested by user."
    assert f"Base UPDATE_ROLLBACK_IN_PROGRESS: {why}" in cloud.history("Base")
    assert cloud.history("Base")[-1] == "Base DELETE_FAILED: Cannot delete export the-topic as it is in use by Top."
    assert cloud.call("ListImports", ExportName="the-topic") == {"Imports": ["Top"]}


def test_an_import_of_nothing_is_named(cloud: Any, topic: Topic) -> None:
    with pytest.raises(AssertionError, match=r"^No export named nowhere found\.$"):
        cloud.deploy({"A": topic({"Fn::ImportValue": "nowhere"})})


def test_a_weak_reference_reads_another_region_until_it_is_dark(cloud: Any, topic: Topic) -> None:
    cloud.deploy(
        {"A": topic(name="far")}, stack="There", region="eu-central-1", Outputs={"Name": {"Value": {"Ref": "A"}}}
    )
    weak = {"Fn::GetStackOutput": {"StackName": "There", "OutputName": "Name", "Region": "eu-central-1"}}

    stack = cloud.deploy({"B": topic(weak)})
    cloud.dark.add("eu-central-1")

    assert stack.resources["B"].properties == {"DisplayName": "far"}
    with pytest.raises(AssertionError, match=r"^Fn::GetStackOutput cannot read There\.Name: eu-central-1 is dark$"):
        cloud.deploy({"B": topic(weak), "C": topic()})


def test_a_handler_cannot_reach_into_a_dark_region(cloud: Any, topic: Topic) -> None:
    cloud.dark.add("eu-central-1")

    cloud.deploy({"A": topic("afar")})

    assert "A CREATE_FAILED: eu-central-1 is dark" in cloud.history()


def test_a_protected_stack_is_not_deleted(cloud: Any, topic: Topic) -> None:
    cloud.deploy({"A": topic()})
    cloud.call("UpdateTerminationProtection", StackName="Shop", EnableTerminationProtection=True)

    with pytest.raises(ServiceError) as told:
        cloud.call("DeleteStack", StackName="Shop")

    assert told.value.message == "Stack [Shop] cannot be deleted while TerminationProtection is enabled"


def test_a_deleted_stack_is_found_by_id_only_and_its_name_is_free(cloud: Any, topic: Topic) -> None:
    first = cloud.deploy({"A": topic()})
    cloud.call("DeleteStack", StackName="Shop")

    with pytest.raises(ServiceError) as told:
        cloud.call("DescribeStacks", StackName="Shop")
    by_id = cloud.call("DescribeStacks", StackName=first.id)["Stacks"]
    second = cloud.deploy({"A": topic()})

    assert told.value.message == "Stack with id Shop does not exist"
    assert [stack["StackStatus"] for stack in by_id] == ["DELETE_COMPLETE"]
    assert second.id != first.id


def test_what_cannot_be_deleted_stays_and_is_named(cloud: Any, topic: Topic) -> None:
    stack = cloud.deploy({"A": topic("stays"), "B": topic()})

    cloud.call("DeleteStack", StackName="Shop")

    assert stack.status == "DELETE_FAILED"
    assert list(stack.resources) == ["A"]
    assert stack.reason == "The following resource(s) failed to delete: [A]."


def test_a_secret_that_changed_does_not_show_and_a_resolved_one_arrives(cloud: Any, topic: Topic) -> None:
    arn = "arn:aws:secretsmanager:eu-west-1:111111111111:secret:db-AbCdEf"
    cloud.shelf.secrets[arn] = '{"password": "tiger"}'
    cloud.shelf.parameters["/names/topic"] = "from-ssm"
    secret = {"Fn::Join": ["", ["{{resolve:secretsmanager:", arn, ":SecretString:password::}}"]]}

    stack = cloud.deploy({"A": topic(secret), "B": topic("{{resolve:ssm:/names/topic}}")})

    assert stack.resources["A"].properties == {"DisplayName": "tiger"}
    assert stack.resources["B"].properties == {"DisplayName": "from-ssm"}


def test_a_failed_change_set_is_not_executed(cloud: Any) -> None:
    body = _body(A={"Type": "AWS::Nonsense::Thing"})
    cloud.call("CreateChangeSet", StackName="Shop", ChangeSetName="set", ChangeSetType="CREATE", TemplateBody=body)

    with pytest.raises(ServiceError) as told:
        cloud.call("ExecuteChangeSet", StackName="Shop", ChangeSetName="set")

    assert told.value.code == "InvalidChangeSetStatus"


def _body(**resources: Any) -> str:
    return json.dumps({"Resources": resources})


def test_what_was_replaced_and_what_left_go_in_one_order(cloud: Any, topic: Topic) -> None:
    cloud.deploy({"Base": topic(name="one"), "User": topic({"Ref": "Base"})})

    cloud.deploy({"Base": topic(name="two")})

    assert cloud.topics.log[-2:] == ["delete User", "delete Base"]


def test_a_replaced_resource_obeys_its_own_policy(cloud: Any, topic: Topic) -> None:
    cloud.deploy({"A": topic(name="one", UpdateReplacePolicy="Retain")})

    cloud.deploy({"A": topic(name="two", UpdateReplacePolicy="Retain")})

    assert list(cloud.topics.living) == ["one", "two"]


def test_policies_that_nothing_acts_on_stand_in_the_report(cloud: Any, topic: Topic) -> None:
    cloud.deploy({"A": topic(CreationPolicy={"ResourceSignal": {"Count": 1}})})

    assert cloud.service.report.told()["policies"] == {"AWS::SNS::Topic": ["CreationPolicy"]}


def test_a_stack_holds_five_hundred_resources(cloud: Any, topic: Topic) -> None:
    with pytest.raises(ServiceError) as told:
        cloud.call("ValidateTemplate", TemplateBody=_body(**{f"T{n}": {"Type": "X"} for n in range(501)}))

    assert told.value.message == "Template format error: Number of resources, 501, is greater than maximum allowed, 500"


def test_a_template_in_a_request_is_small(cloud: Any, topic: Topic) -> None:
    with pytest.raises(ServiceError) as told:
        cloud.call("ValidateTemplate", TemplateBody=_body(A=topic("x" * 52_000)))

    assert told.value.message == "a TemplateBody holds at most 51200 bytes; give a TemplateURL"


@pytest.mark.parametrize(
    ("name", "capabilities", "missing"),
    [
        ({}, [], "CAPABILITY_IAM"),
        ({"RoleName": "r"}, ["CAPABILITY_IAM"], "CAPABILITY_NAMED_IAM"),
        ({}, ["CAPABILITY_IAM"], ""),
        ({"RoleName": "r"}, ["CAPABILITY_NAMED_IAM"], ""),
    ],
)
def test_iam_resources_need_the_callers_word(
    cloud: Any, name: dict[str, str], capabilities: list[str], missing: str
) -> None:
    role = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {}, **name}}
    parameters = {"StackName": "Shop", "TemplateBody": _body(A=role), "Capabilities": capabilities}

    if missing:
        with pytest.raises(ServiceError) as told:
            cloud.call("CreateStack", **parameters)
        assert told.value.message == f"Requires capabilities : [{missing}]"
    else:
        cloud.call("CreateStack", **parameters)
    assert len(cloud.topics.living) == (0 if missing else 1)
