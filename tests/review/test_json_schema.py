"""The JSON of the review keeps to its published schema."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from cdk_standby_review import Fate, Severity, Status, review_templates
from cdk_standby_review.changes import Kind
from cdk_standby_review.facts import Confidence
from cdk_standby_review.objectives import Fault
from cdk_standby_review.report import as_json
from cdk_standby_review.report.json import FORMAT

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/review.schema.json").read_text("utf-8"))


def strict(schema):
    """The schema, and nothing beside it: a field that we write and do not publish is found."""
    if isinstance(schema, list):
        return [strict(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    found = {name: strict(value) for name, value in schema.items()}
    closed = "properties" in schema and "type" in schema and schema["type"] == "object"
    return found | ({"additionalProperties": False} if closed else {})


@pytest.fixture(scope="module")
def validator():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    return jsonschema.Draft202012Validator(strict(SCHEMA))


def problems(validator, found):
    document = json.loads(as_json(found))
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(document)]


def test_a_well_built_standby_keeps_to_it(validator, good):
    assert problems(validator, good) == []


def test_a_bad_change_keeps_to_it(validator, make):
    unknown = {"X": make.resource("AWS::New::Thing")}
    base = make.network() | make.rds(StorageEncrypted=True) | {"B": make.resource("AWS::S3::Bucket")}
    head = make.network() | make.rds(StorageEncrypted=False, MultiAZ=False) | unknown

    found = review_templates([make.template(head)], against=[make.template(base)])

    assert problems(validator, found) == []
    assert {str(c.kind) for c in found.changes} >= {"data-replaced", "data-deleted", "outcome-worse"}


def test_no_resources_keep_to_it(validator, make):
    assert problems(validator, review_templates([make.template({})])) == []


def test_the_words_of_the_schema_are_those_of_the_review():
    defined = SCHEMA["$defs"]

    assert SCHEMA["properties"]["format"]["const"] == FORMAT
    assert defined["severity"]["enum"] == list(map(str, Severity))
    assert defined["fate"]["enum"] == list(map(str, Fate))
    assert defined["fault"]["enum"] == list(map(str, Fault))
    assert set(defined["confidence"]["enum"]) == set(map(str, Confidence))
    assert defined["change"]["properties"]["kind"]["enum"] == list(map(str, Kind))
    assert defined["objective"]["properties"]["status"]["enum"] == list(map(str, Status))
