"""SARIF 2.1.0, as its schema and GitHub ask for it."""

from __future__ import annotations

import json
import random
import re

import pytest

from cdk_standby_review import review, review_templates
from cdk_standby_review.acknowledgements import Acknowledgement
from cdk_standby_review.report import as_sarif

URI = re.compile(r"^[a-z]+:///?[^\s]+$|^[^\s:]+$")
LEVELS = {"none", "note", "warning", "error"}


def sound(log):
    """What the schema of OASIS requires of the parts that we write; every broken requirement, in words."""
    wrong = []
    if set(log) - {"$schema", "version", "runs"} or log["version"] != "2.1.0" or len(log["runs"]) != 1:
        wrong.append("log")
    run = log["runs"][0]
    driver = run["tool"]["driver"]
    if not driver["name"] or set(driver) - {"name", "semanticVersion", "rules", "informationUri"}:
        wrong.append("driver")
    ids = [rule["id"] for rule in driver["rules"]]
    if len(set(ids)) != len(ids):
        wrong.append("rules must be unique")
    for rule in driver["rules"]:
        if set(rule) - {"id", "shortDescription", "help", "helpUri", "defaultConfiguration", "properties"}:
            wrong.append(f"{rule['id']}: unknown field")
        if not rule["shortDescription"]["text"] or not rule["help"]["text"]:
            wrong.append(f"{rule['id']}: no text")
        if rule["defaultConfiguration"]["level"] not in LEVELS or not URI.match(rule.get("helpUri", "x")):
            wrong.append(f"{rule['id']}: level or page")
    for result in run["results"]:
        wrong += [f"{result['ruleId']}: {problem}" for problem in result_problems(result, ids)]
    return wrong


def result_problems(result, ids):
    known = {"ruleId", "ruleIndex", "level", "message", "locations", "partialFingerprints", "suppressions"}
    if set(result) - known:
        yield "unknown field"
    if ids[result["ruleIndex"]] != result["ruleId"]:
        yield "ruleIndex"
    if result["level"] not in LEVELS or not result["message"]["text"]:
        yield "level or message"
    if any(not re.fullmatch("[0-9a-f]{64}", mark) for mark in result["partialFingerprints"].values()):
        yield "fingerprint"
    if not result["locations"]:
        yield "GitHub shows nothing without a location"
    yield from location_problems(result["locations"])
    for one in result.get("suppressions", []):
        if one["kind"] not in {"inSource", "external"} or not one["justification"]:
            yield "suppression"


def location_problems(locations):
    for location in locations:
        place = location["physicalLocation"]
        if not URI.match(place["artifactLocation"]["uri"]) or place["region"]["startLine"] < 1:
            yield "location"
        for logical in location.get("logicalLocations", []):
            if set(logical) - {"name", "fullyQualifiedName", "kind"} or not logical["name"]:
                yield "logical location"


def results(found):
    return json.loads(as_sarif(found))["runs"][0]["results"]


@pytest.fixture(scope="module")
def weak(make):
    return make.network() | make.rds(MultiAZ=False, DeletionProtection=False) | {"B": make.resource("AWS::S3::Bucket")}


def test_every_log_is_sound(make, good, weak):
    meant = [Acknowledgement(rule="rds-needs-standby", resource="Db", reason="a lab")]
    base = [make.template(make.network() | make.rds())]
    found = review_templates([make.template(weak)], against=base, acknowledged=meant)

    assert sound(json.loads(as_sarif(found))) == []
    assert sound(json.loads(as_sarif(good))) == []
    assert {r["ruleId"] for r in results(found)} >= {"rds-needs-standby", "protection-weakened", "outcome-worse"}


def test_a_result_says_what_where_and_how_to_put_it_right(make, weak):
    found = next(r for r in results(review_templates([make.template(weak)])) if r["ruleId"] == "rds-needs-standby")

    mark = found.pop("partialFingerprints")
    found.pop("ruleIndex")

    assert [*mark] == ["cdkStandby/v1"]
    assert found == {
        "ruleId": "rds-needs-standby",
        "level": "error",
        "message": {
            "text": "MultiAZ is off: the loss of its zone means a restore from backups. Fix: set MultiAZ to true"
        },
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "stack-eu-west-1.template.json"},
                    "region": {"startLine": 1},
                },
                "logicalLocations": [{"name": "Db", "fullyQualifiedName": "stack-eu-west-1/Db", "kind": "resource"}],
            }
        ],
    }


def test_what_is_meant_is_suppressed_with_its_reason(make, weak):
    meant = [Acknowledgement(rule="rds-needs-standby", resource="Db", reason="a lab")]

    found = results(review_templates([make.template(weak)], acknowledged=meant))

    suppressed = {r["ruleId"]: r["suppressions"] for r in found if "suppressions" in r}
    assert suppressed == {"rds-needs-standby": [{"kind": "external", "justification": "a lab"}]}


JSON = """{
  "Parameters": {"Bucket": {"Type": "String"}},
  "Resources": {
    "Topic": {
      "Type": "AWS::SNS::Topic", "Properties": {
        "Bucket": 1
      }
    },
    "Bucket": {
      "Type": "AWS::S3::Bucket"
    }
  },
  "Outputs": {
    "Bucket": {"Value": 1}
  }
}
"""
YAML = """# a comment
Parameters:
  Bucket:
    Type: String

Resources:
  # another one
  Topic:
    Type: AWS::SNS::Topic
    Properties:
      Bucket: 1
  Bucket:
    Type: AWS::S3::Bucket
Outputs:
  Bucket: {Value: 1}
"""


@pytest.mark.parametrize(("name", "text", "line"), [("t.json", JSON, 9), ("t.yaml", YAML, 12)])
def test_a_result_points_at_the_line_of_its_resource(name, text, line, written):
    file = written({name: text}) / name

    found = results(review(file))

    places = {(r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
               r["locations"][0]["physicalLocation"]["region"]["startLine"]) for r in found}  # fmt: skip
    assert places == {(file.as_uri(), line)}


def test_paths_stay_relative_to_where_the_review_was_started(written, monkeypatch):
    monkeypatch.chdir(written({"some folder/t.json": JSON}))

    found = results(review("some folder"))

    assert {r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in found} == {"some%20folder/t.json"}


def test_fingerprints_do_not_depend_on_order_or_lines(make, weak):
    shuffled = list(weak.items())
    random.Random(7).shuffle(shuffled)

    one, other = (results(review_templates([make.template(r)])) for r in (weak, dict(shuffled)))

    assert [r["partialFingerprints"] for r in one] == [r["partialFingerprints"] for r in other]
    marks = [r["partialFingerprints"]["cdkStandby/v1"] for r in one]
    assert len(set(marks)) == len(marks)


def test_a_resource_that_is_gone_is_told_at_the_first_line_of_what_is_there(make):
    topic = {"Topic": make.resource("AWS::SNS::Topic")}
    base = make.template(topic | {"Bucket": make.resource("AWS::S3::Bucket")})

    found = results(review_templates([make.template(topic)], against=[base]))

    gone = next(r for r in found if r["ruleId"] == "data-deleted")
    assert gone["locations"][0]["physicalLocation"]["region"] == {"startLine": 1}
    assert gone["locations"][0]["logicalLocations"][0]["name"] == "Bucket"


def test_every_rule_that_is_found_is_explained(make, weak):
    rules = json.loads(as_sarif(review_templates([make.template(weak)])))["runs"][0]["tool"]["driver"]["rules"]

    assert [r["id"] for r in rules if not r.get("helpUri", "").startswith("https://docs.aws.amazon.com/")] == []
