"""Resources that wait for one another in a circle: CloudFormation refuses them, and the review says so."""

from __future__ import annotations

import pytest

from cdk_standby_review.graph import Graph
from cdk_standby_review.rules.circles import RULES

TOPIC, QUEUE, GROUP = "AWS::SNS::Topic", "AWS::SQS::Queue", "AWS::EC2::SecurityGroup"


@pytest.fixture(scope="module")
def found(make):
    def ask(resources, **body):
        template = make.template(resources)
        template.body.update(body)
        return [(f.message.partition(":")[0], f.fix) for f in RULES[0].check(Graph([template]))]

    return ask


def refers(make, to, kind=QUEUE, **more):
    return {**make.resource(kind, Said=to), **more}


CIRCLES = [
    lambda m: {"A": refers(m, {"Ref": "B"}), "B": refers(m, {"Ref": "A"})},
    lambda m: {"A": refers(m, {"Fn::GetAtt": ["B", "Arn"]}), "B": refers(m, {"Fn::GetAtt": "A.Arn"})},
    lambda m: {"A": refers(m, {"Fn::Sub": "x ${B.Arn}"}), "B": refers(m, [{"Fn::Join": ["", [{"Ref": "A"}]]}])},
    lambda m: {"A": refers(m, {"Fn::Sub": ["${Its}", {"Its": {"Ref": "B"}}]}), "B": refers(m, {"Ref": "A"})},
    lambda m: {"A": refers(m, "", DependsOn="B"), "B": refers(m, "", DependsOn=["A"])},
]
NONE = [
    lambda m: {"A": refers(m, {"Ref": "B"}), "B": refers(m, {"Ref": "AWS::Region"})},
    lambda m: {"A": refers(m, {"Ref": "B"}), "B": refers(m, {"Fn::Sub": "${!A} ${AWS::Region}"})},
    lambda m: {"A": refers(m, {"Ref": "B"}), "B": refers(m, {"Fn::Sub": ["${A}", {"A": "text"}]})},
    lambda m: {"A": m.resource(GROUP), "In": refers(m, [{"Ref": "A"}, {"Fn::GetAtt": ["A", "GroupId"]}])},
    lambda m: {"A": refers(m, {"Ref": "B"}, "AWS::Serverless::Function"), "B": refers(m, {"Ref": "A"})},
    lambda m: {"A": refers(m, {"Fn::If": ["Asked", {"Ref": "B"}, ""]}), "B": refers(m, {"Ref": "A"})},
    lambda m: {"A": refers(m, {"Ref": "B"}, Condition="Asked"),
               "B": refers(m, {"Ref": "A"}, Condition="NotAsked")},
]  # fmt: skip
ASKED = {"Fn::Equals": [{"Ref": "Mode"}, "a"]}
CONDITIONS = {
    "Parameters": {"Mode": {"Type": "String"}},
    "Conditions": {"Asked": ASKED, "NotAsked": {"Fn::Not": [{"Condition": "Asked"}]}},
}


@pytest.mark.parametrize("build", CIRCLES)
def test_a_circle_is_told_in_order_however_it_is_written(build, make, found):
    assert found(build(make)) == [
        ("A -> B -> A is a circle", "take one of these references away, such as that of B to A")
    ]


@pytest.mark.parametrize("build", NONE)
def test_what_is_no_circle_raises_no_alarm(build, make, found):
    assert found(build(make), **CONDITIONS) == []


def test_a_circle_in_whatever_a_deployment_chooses_is_one(make, found):
    both = {"Fn::If": ["Asked", {"Ref": "B"}, {"Fn::GetAtt": ["B", "Arn"]}]}

    assert len(found({"A": refers(make, both), "B": refers(make, {"Ref": "A"})}, **CONDITIONS)) == 1


def test_a_long_circle_begins_with_its_first_name(make, found):
    names = {"C": "A", "A": "D", "D": "B", "B": "C", "Beside": "A"}

    assert [told for told, _ in found({name: refers(make, {"Ref": to}) for name, to in names.items()})] == [
        "A -> D -> B -> C -> A is a circle"
    ]


def test_a_resource_that_waits_for_itself_is_a_circle(make, found):
    assert [told for told, _ in found({"A": refers(make, "", DependsOn="A")})] == ["A -> A is a circle"]


def test_a_security_group_that_lets_itself_in_needs_a_rule_beside_it(make, found):
    inside = {"A": refers(make, [{"SourceSecurityGroupId": {"Fn::GetAtt": ["A", "GroupId"]}}], GROUP)}

    assert [told for told, _ in found(inside)] == ["A -> A is a circle"]


def test_what_another_macro_writes_is_not_guessed(make, found):
    assert found(CIRCLES[0](make), Transform="Ours") == []


def test_a_long_way_is_walked_without_recursion(make, found):
    way = {f"Q{n:04}": refers(make, {"Ref": f"Q{n + 1:04}"}) for n in range(2000)}

    assert found(way) == []
