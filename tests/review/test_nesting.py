"""Nested stacks of plain templates: a folder that holds parent and child is read as one app."""

from __future__ import annotations

from typing import Any

import pytest

from cdk_standby_review import Template, read, review
from cdk_standby_review.graph import Graph
from cdk_standby_review.knowledge import is_known

CHILD = {
    "Parameters": {"Zones": {"Type": "String", "Default": "false"}},
    "Resources": {"Db": {"Type": "AWS::RDS::DBInstance", "Properties": {"MultiAZ": {"Ref": "Zones"}}}},
}


def nested(url: Any, **parameters: str) -> dict[str, Any]:
    return {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": url, "Parameters": parameters}}


def app(*stacks: dict[str, Any]) -> dict[str, Any]:
    parent = {"Resources": {f"Nested{n}": stack for n, stack in enumerate(stacks)}}
    return {"main.json": parent, "templates/db.json": CHILD}


@pytest.mark.parametrize(
    "url",
    [
        "https://s3.amazonaws.com/somebodys-bucket/templates/db.json",
        "./templates/db.json",
        {"Fn::Sub": "https://${Bucket}.s3.${AWS::URLSuffix}/${Prefix}templates/db.json"},
        {"Fn::Join": ["/", ["https://s3.amazonaws.com", {"Ref": "Bucket"}, "templates/db.json"]]},
    ],
)
def test_what_the_parent_passes_reaches_the_child(url, written):
    folder = written(app(nested(url, Zones="true")))

    [database] = Graph(read(folder)).of_type("AWS::RDS::DBInstance")
    assert (database.template.parent, database.get("MultiAZ")) == ("main.json", "true")


def test_a_child_of_several_stacks_is_judged_by_its_own_defaults(written):
    folder = written(app(nested("db.json", Zones="true"), nested("db.json", Zones="true")))

    [database] = Graph(read(folder)).of_type("AWS::RDS::DBInstance")
    assert (database.template.parent, database.get("MultiAZ")) == (None, "false")


def test_templates_that_nest_one_another_end(written):
    folder = written({f"{a}.json": {"Resources": {"Other": nested(f"{b}.json")}} for a, b in ("ab", "ba")})

    assert sorted(t.parent or "" for t in read(folder)) == ["", "a.json"]


def test_a_stack_whose_template_is_not_there_counts_as_unknown(written):
    folder = written({"main.json": {"Resources": {"Elsewhere": nested("https://example.com/elsewhere.yaml")}}})

    found = review(folder)
    assert (found.coverage.percent, [*found.coverage.unknown]) == (0.0, ["AWS::CloudFormation::Stack"])


def test_a_stack_whose_template_is_there_is_known(written):
    folder = written(app(nested("db.json"), nested("db.json")))

    assert review(folder).coverage.percent == 100.0


def test_of_two_files_of_one_name_neither_is_taken(written):
    folder = written({**app(nested("db.json", Zones="true")), "old/db.json": CHILD})

    assert [t.parent for t in read(folder)] == [None, None, None]


def test_a_stack_of_an_assembly_is_known_by_its_parent():
    body = {"Resources": {"Nested": nested({"Fn::Sub": "https://bucket/0123.json"})}}
    parent = Template(name="App", file="App.template.json", body=body)
    child = Template(name="App/Nested", file="x.json", body=CHILD, parent="App", parent_id="Nested")

    assert is_known(Graph([parent, child]), Graph([parent, child]).of_type("AWS::CloudFormation::Stack")[0])


@pytest.mark.parametrize(
    ("location", "coverage"),
    [
        ("./templates/db.json", 100.0),
        ({"ApplicationId": "arn:aws:serverlessrepo:us-east-1:1:applications/db", "SemanticVersion": "1.0.0"}, 50.0),
    ],
    ids=["a file beside it", "the repository of AWS"],
)
def test_an_application_of_sam_is_known_when_its_template_is_there(location, coverage, written):
    application = {"Type": "AWS::Serverless::Application", "Properties": {"Location": location}}
    folder = written({"main.json": {"Resources": {"App": application}}, "templates/db.json": CHILD})

    assert review(folder).coverage.percent == coverage
