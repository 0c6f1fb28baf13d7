"""Intrinsic functions, conditions, parameters and rules, without a stack."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cdk_standby_runbooks.local_aws.cloudformation.inputs import parameters
from cdk_standby_runbooks.local_aws.cloudformation.intrinsics import Evaluator, World
from cdk_standby_runbooks.local_aws.cloudformation.store import Resource
from cdk_standby_runbooks.local_aws.cloudformation.template import Template, in_order, references
from cdk_standby_runbooks.local_aws.errors import ServiceError
from cdk_standby_runbooks.local_aws.resources._model import Made

HERE = {"AWS::Region": "eu-west-1", "AWS::AccountId": "111111111111"}
MAPS = {"Sizes": {"eu-west-1": {"small": "s", "list": ["a", "b"]}}}
CONDITIONS = {
    "Yes": {"Fn::Equals": [{"Ref": "AWS::Region"}, "eu-west-1"]},
    "No": {"Fn::Not": [{"Condition": "Yes"}]},
    "Both": {"Fn::And": [{"Condition": "Yes"}, {"Condition": "No"}]},
    "Either": {"Fn::Or": [{"Condition": "Yes"}, {"Condition": "No"}]},
}


def _evaluator(**sections: Any) -> Evaluator:
    raw = {"Resources": {"Queue": {}}, "Mappings": MAPS, "Conditions": CONDITIONS, **sections}
    made = Made("queue-1", {"Arn": "arn:queue-1", "Endpoint.Port": 5432})
    queue = Resource("Queue", "AWS::SQS::Queue", made, {}, {})
    world = World(HERE, {"Size": "small", "Many": ["x", "y"]}, lambda name: f"import of {name}")
    return Evaluator(Template(raw), world, {"Queue": queue})


@pytest.mark.parametrize(
    ("given", "value"),
    [
        ({"Ref": "Queue"}, "queue-1"),
        ({"Ref": "Many"}, ["x", "y"]),
        ({"Fn::GetAtt": ["Queue", "Arn"]}, "arn:queue-1"),
        ({"Fn::GetAtt": "Queue.Endpoint.Port"}, 5432),
        (
            {"Fn::Sub": "${AWS::Region}/${Queue}/${Queue.Endpoint.Port}/${!Literal}"},
            "eu-west-1/queue-1/5432/${Literal}",
        ),
        ({"Fn::Sub": ["${A}-${Size}", {"A": {"Ref": "Queue"}}]}, "queue-1-small"),
        ({"Fn::Join": ["-", ["a", {"Ref": "Size"}, 3, True]]}, "a-small-3-true"),
        ({"Fn::Join": [",", {"Ref": "Many"}]}, "x,y"),
        ({"Fn::Select": ["1", {"Fn::Split": [":", {"Fn::GetAtt": ["Queue", "Arn"]}]}]}, "queue-1"),
        ({"Fn::FindInMap": ["Sizes", {"Ref": "AWS::Region"}, "small"]}, "s"),
        ({"Fn::FindInMap": ["Sizes", "mars", "small", {"DefaultValue": "none"}]}, "none"),
        ({"Fn::Base64": {"Fn::Sub": "${Size}"}}, "c21hbGw="),
        ({"Fn::GetAZs": ""}, ["eu-west-1a", "eu-west-1b", "eu-west-1c"]),
        ({"Fn::GetAZs": "eu-central-1"}, ["eu-central-1a", "eu-central-1b", "eu-central-1c"]),
        ({"Fn::Cidr": ["10.0.0.0/16", 2, "8"]}, ["10.0.0.0/24", "10.0.1.0/24"]),
        ({"Fn::ImportValue": {"Fn::Sub": "${Size}-topic"}}, "import of small-topic"),
        ({"Fn::ToJsonString": {"a": [{"Ref": "Size"}]}}, '{"a":["small"]}'),
        ({"Fn::Length": {"Ref": "Many"}}, 2),
        ({"Fn::If": ["Yes", 1, {"Ref": "Nowhere"}]}, 1),
        ({"a": {"Fn::If": ["No", 1, {"Ref": "AWS::NoValue"}]}, "b": [{"Ref": "AWS::NoValue"}, 2]}, {"b": [2]}),
        ([{"Fn::If": ["Both", 1, 2]}, {"Fn::If": ["Either", 1, 2]}], [2, 1]),
    ],
    ids=lambda part: json.dumps(part)[:60],
)
def test_an_intrinsic_has_its_value(given: Any, value: Any) -> None:
    assert _evaluator().value(given) == value


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"Ref": "Nowhere"}, "Template error: unresolved resource dependency [Nowhere]"),
        (
            {"Fn::GetAtt": ["Queue", "Colour"]},
            "Template error: Queue (AWS::SQS::Queue) gives no attribute Colour on this local AWS",
        ),
        ({"Fn::Select": [3, ["a"]]}, "Template error: Fn::Select cannot select nonexistent value at index 3"),
        ({"Fn::FindInMap": ["Sizes", "mars", "big"]}, "Template error: Unable to get mapping for Sizes::mars::big"),
        ({"Fn::Transform": {"Name": "M"}}, "Template error: Fn::Transform is not modelled by this local AWS"),
        ({"Fn::Join": ["", [{"a": 1}]]}, 'Template error: a text is needed where {"a": 1} was given'),
        ({"Fn::If": ["Maybe", 1, 2]}, "Template error: unresolved condition dependency Maybe"),
    ],
)
def test_a_wrong_intrinsic_says_what_is_wrong(given: Any, message: str) -> None:
    with pytest.raises(ServiceError) as told:
        _evaluator().value(given)

    assert told.value.message == message


def test_resources_without_their_condition_are_not_wanted() -> None:
    resources = {"A": {"Condition": "No"}, "B": {"Condition": "Yes"}, "C": {}}

    assert list(_evaluator(Resources=resources).wanted("Resources")) == ["B", "C"]


def test_a_broken_rule_stops_the_deployment() -> None:
    assertion = {"Assert": {"Fn::Not": [{"Fn::Contains": [["1", "2"], "2"]}]}, "AssertDescription": "bootstrap again"}

    with pytest.raises(ServiceError) as told:
        _evaluator(Rules={"CheckBootstrapVersion": {"Assertions": [assertion]}}).hold_rules()

    assert told.value.message == "Template error: rule CheckBootstrapVersion failed: bootstrap again"


def test_parameters_take_defaults_lists_and_values_from_ssm() -> None:
    declared = {
        "Plain": {"Type": "String", "Default": "p"},
        "Number": {"Type": "Number"},
        "List": {"Type": "CommaDelimitedList", "Default": "a, b"},
        "Image": {"Type": "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>", "Default": "/ami"},
    }

    values = parameters(Template({"Parameters": declared}), {"Number": "3"}, lambda name: f"value of {name}")

    assert values == {"Plain": "p", "Number": "3", "List": ["a", "b"], "Image": "value of /ami"}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "Parameters: [A, B] must have values"),
        ({"A": "1", "B": "1", "X": "1", "Y": "2"}, "Parameters: [X, Y] do not exist in the template"),
        ({"A": "3", "B": "1"}, "Parameter 'A' must be one of AllowedValues"),
        ({"A": "1", "B": "one"}, "Parameter B failed to satisfy constraint: digits"),
    ],
)
def test_wrong_parameters_are_named(given: dict[str, str], message: str) -> None:
    declared = {
        "A": {"Type": "String", "AllowedValues": [1, 2]},
        "B": {"Type": "String", "AllowedPattern": "[0-9]+", "ConstraintDescription": "digits"},
    }

    with pytest.raises(ServiceError) as told:
        parameters(Template({"Parameters": declared}), given, str)

    assert told.value.message == message


def test_references_are_found_wherever_they_hide() -> None:
    value = {
        "a": [{"Ref": "A"}, {"Fn::GetAtt": ["B", "Arn"]}, {"Fn::GetAtt": "C.Arn"}],
        "b": {"Fn::Sub": ["${D.Arn} ${own} ${!E}", {"own": {"Ref": "F"}}]},
    }

    assert references(value) == {"A", "B", "C", "D", "F"}


def test_a_circle_is_named() -> None:
    bodies = {"A": {"Properties": {"x": {"Ref": "B"}}}, "B": {"DependsOn": ["A"]}, "C": {}}

    with pytest.raises(ServiceError) as told:
        in_order(bodies)

    assert told.value.message == "Circular dependency between resources: [A, B]"


def test_yaml_with_short_forms_reads_like_json() -> None:
    text = """
AWSTemplateFormatVersion: 2010-09-09
Resources:
  Topic:
    Type: AWS::SNS::Topic
    Properties:
      DisplayName: !Join ["-", [!Ref AWS::Region, !GetAtt Queue.Arn, !Sub "${Queue}"]]
"""

    template = Template.parse(text)

    assert template.resources["Topic"]["Properties"]["DisplayName"] == {
        "Fn::Join": ["-", [{"Ref": "AWS::Region"}, {"Fn::GetAtt": ["Queue", "Arn"]}, {"Fn::Sub": "${Queue}"}]]
    }
    assert template.raw["AWSTemplateFormatVersion"] == "2010-09-09"
