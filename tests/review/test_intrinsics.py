"""What intrinsic functions come to without deploying, and what stays unknown."""

from __future__ import annotations

import pytest

from cdk_standby_review import Template
from cdk_standby_review.graph import Graph
from cdk_standby_review.intrinsics import Partial, Reference, Unknown
from cdk_standby_review.placement import placement

BODY = {
    "Parameters": {
        "Size": {"Type": "Number", "Default": 3},
        "Zones": {"Type": "CommaDelimitedList", "Default": "a, b"},
        "Given": {"Type": "String"},
        "Latest": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/x"},
    },
    "Mappings": {"ByRegion": {"eu-west-1": {"Image": "ami-1"}}},
    "Conditions": {
        "Big": {"Fn::Equals": [{"Ref": "Size"}, "3"]},
        "Asked": {"Fn::Equals": [{"Ref": "Given"}, "x"]},
        "Small": {"Fn::Not": [{"Condition": "Big"}]},
        "Both": {"Fn::And": [{"Condition": "Big"}, {"Condition": "Asked"}]},
        "Neither": {"Fn::And": [{"Condition": "Small"}, {"Condition": "Asked"}]},
        "Any": {"Fn::Or": [{"Condition": "Big"}, {"Condition": "Asked"}]},
        "Circle": {"Fn::Not": [{"Condition": "Circle"}]},
    },
}

KNOWN = [
    ({"Ref": "Size"}, 3),
    ({"Ref": "Zones"}, ["a", "b"]),
    ({"Ref": "AWS::Region"}, "eu-west-1"),
    ({"Ref": "AWS::Partition"}, "aws"),
    ({"Ref": "AWS::StackName"}, "shop"),
    ({"Fn::Sub": "${AWS::Region}-${Size}-${!Kept}"}, "eu-west-1-3-${Kept}"),
    ({"Fn::Sub": ["${A}-x", {"A": {"Ref": "Size"}}]}, "3-x"),
    ({"Fn::Join": ["-", ["a", {"Ref": "Size"}]]}, "a-3"),
    ({"Fn::Select": [1, {"Ref": "Zones"}]}, "b"),
    ({"Fn::Select": [0, {"Fn::GetAZs": ""}]}, "zone 1 of eu-west-1"),
    ({"Fn::Select": ["1", {"Fn::Split": ["-", "a-b"]}]}, "b"),
    ({"Fn::FindInMap": ["ByRegion", {"Ref": "AWS::Region"}, "Image"]}, "ami-1"),
    ({"Fn::If": ["Big", "yes", "no"]}, "yes"),
    ({"Fn::If": ["Small", "yes", "no"]}, "no"),
    ({"Fn::If": ["Neither", "yes", "no"]}, "no"),
    ({"Fn::If": ["Any", "yes", "no"]}, "yes"),
    (["a", {"Fn::If": ["Small", "x", {"Ref": "AWS::NoValue"}]}], ["a"]),
    ({"Ref": "Bucket"}, Reference("shop", "Bucket")),
    ({"Fn::GetAtt": ["Bucket", "Arn"]}, Reference("shop", "Bucket", "Arn")),
    ({"Fn::GetAtt": "Bucket.Arn"}, Reference("shop", "Bucket", "Arn")),
    ({"Fn::Sub": "${Bucket.Arn}/*"}, Partial("${Bucket.Arn}/*", (Reference("shop", "Bucket", "Arn"),))),
]
NOT_KNOWN = [
    ({"Ref": "Given"}, "parameter Given"),
    ({"Ref": "Latest"}, "parameter Latest"),
    ({"Ref": "Nobody"}, "Nobody is not in the template"),
    ({"Fn::If": ["Both", 1, 2]}, "condition Both"),
    ({"Fn::If": ["Circle", 1, 2]}, "condition Circle"),
    ({"Fn::Cidr": ["10.0.0.0/16", 6, 5]}, "Fn::Cidr"),
    ({"Fn::ImportValue": "nobody"}, "import nobody"),
    ({"Fn::Select": [9, ["a"]]}, "Fn::Select"),
    ({"Fn::FindInMap": ["ByRegion", "x", "Image"]}, "Fn::FindInMap"),
]


def value_of(raw):
    resources = {"Bucket": {"Type": "AWS::S3::Bucket"}, "Asked": {"Type": "X::Y::Z", "Properties": {"Value": raw}}}
    template = Template(
        name="shop", file="shop.json", stack="shop", region="eu-west-1", body={**BODY, "Resources": resources}
    )
    return next(r.get("Value") for r in Graph([template]) if r.logical_id == "Asked")


@pytest.mark.parametrize(("raw", "value"), KNOWN)
def test_what_can_be_known_is_known(raw, value):
    assert value_of(raw) == value


@pytest.mark.parametrize(("raw", "why"), NOT_KNOWN)
def test_what_cannot_be_known_says_why(raw, why):
    assert value_of(raw) == Unknown(why)


@pytest.mark.parametrize(
    "malformed",
    [
        {"Fn::GetAtt": 7},
        {"Fn::Join": "x"},
        {"Fn::Select": "x"},
        {"Fn::Split": 1},
        {"Fn::If": []},
        {"Fn::FindInMap": []},
        {"Fn::Sub": []},
        {"Fn::Sub": 5},
        {"Fn::GetStackOutput": 1},
    ],
)
def test_malformed_functions_are_unknown_and_break_nothing(malformed):
    assert isinstance(value_of(malformed), Unknown)


def test_values_that_import_each_other_in_a_circle_end():
    def exporting(name, other):
        output = {"Value": {"Fn::ImportValue": other}, "Export": {"Name": name}}
        resource = {"Type": "X::Y::Z", "Properties": {"Value": {"Fn::ImportValue": other}}}
        return Template(name=name, file=name, body={"Resources": {"R": resource}, "Outputs": {"O": output}})

    found = Graph([exporting("a", "b"), exporting("b", "a")])

    assert [r.get("Value") for r in found] == [Unknown("nested too deep")] * 2


def test_a_resource_whose_condition_does_not_hold_is_not_there(make):
    template = make.template({"Bucket": {"Type": "AWS::S3::Bucket", "Condition": "Never"}})
    template.body["Conditions"] = {"Never": {"Fn::Equals": ["a", "b"]}}

    assert list(Graph([template])) == []


def test_subnets_are_found_through_exports_outputs_and_nested_parameters(make):
    network = make.template(make.network(), name="network")
    network.body["Outputs"] = {
        "A": {"Value": {"Ref": "SubnetA"}, "Export": {"Name": "network:A"}},
        "B": {"Value": {"Ref": "SubnetB"}},
    }
    inner = {
        "Type": "AWS::CloudFormation::Stack",
        "Properties": {"Parameters": {"C": {"Fn::ImportValue": "network:A"}}},
    }
    output = {"Fn::GetStackOutput": {"StackName": "network", "OutputName": "B"}}
    wanted = [{"Fn::ImportValue": "network:A"}, output]
    group = make.resource("AWS::AutoScaling::AutoScalingGroup", MinSize="2", VPCZoneIdentifier=wanted)
    service = make.template({"Group": group, "Inner": inner}, name="service")
    child = Template(
        name="service/Inner", file="inner", region="eu-west-1", parent="service", parent_id="Inner",
        body={
            "Parameters": {"C": {"Type": "String"}},
            "Resources": {"Vm": make.resource("AWS::EC2::Instance", SubnetId={"Ref": "C"})},
        },
    )  # fmt: skip

    graph = Graph([network, service, child])
    zones = {r.logical_id: placement(graph, r).zones for r in graph if r.logical_id in {"Group", "Vm"}}

    assert zones == {"Group": ("eu-west-1a", "eu-west-1b"), "Vm": ("eu-west-1a",)}
