"""The Code Quality report of GitLab, held against the fields that its documentation asks for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cdk_standby_review import review, review_templates
from cdk_standby_review.acknowledgements import Acknowledgement
from cdk_standby_review.report import as_gitlab

SEVERITIES = {"info", "minor", "major", "critical", "blocker"}


def weak(make):
    return make.network() | make.rds(MultiAZ=False, DeletionProtection=False) | {"B": make.resource("AWS::S3::Bucket")}


def test_every_entry_has_what_gitlab_asks_for(make):
    found = json.loads(as_gitlab(review_templates([make.template(weak(make))])))

    assert {tuple(entry) for entry in found} == {("description", "check_name", "fingerprint", "severity", "location")}
    assert {entry["severity"] for entry in found} <= SEVERITIES
    assert len({entry["fingerprint"] for entry in found}) == len(found) > 2
    assert not [entry for entry in found if entry["location"]["path"].startswith(("/", "./"))]
    assert min(entry["location"]["lines"]["begin"] for entry in found) == 1


def test_an_entry_says_what_where_and_how_to_put_it_right(make, written, monkeypatch: pytest.MonkeyPatch):
    text = json.dumps({"Resources": make.rds(MultiAZ=False)}, indent=2)
    monkeypatch.chdir(written({"infra/t.json": text}))

    relative, absolute = (json.loads(as_gitlab(review(path))) for path in ("infra", Path.cwd() / "infra" / "t.json"))

    line = next(number for number, each in enumerate(text.splitlines(), 1) if '"Db": {' in each)
    entry = next(entry for entry in relative if entry["check_name"] == "rds-needs-standby")
    assert len(entry.pop("fingerprint")) == 64
    assert entry == {
        "description": "MultiAZ is off: the loss of its zone means a restore from backups. Fix: set MultiAZ to true",
        "check_name": "rds-needs-standby",
        "severity": "critical",
        "location": {"path": "infra/t.json", "lines": {"begin": line}},
    }
    assert {each["location"]["path"] for each in absolute} == {"infra/t.json"}


def test_what_is_meant_is_left_out_and_a_change_is_told(make):
    meant = [Acknowledgement(rule="rds-needs-standby", resource="Db", reason="a lab")]
    base = [make.template(make.network() | make.rds())]

    found = json.loads(as_gitlab(review_templates([make.template(weak(make))], against=base, acknowledged=meant)))

    rules = {entry["check_name"] for entry in found}
    assert "protection-weakened" in rules
    assert "rds-needs-standby" not in rules


def test_nothing_to_say_is_an_empty_list(make):
    assert as_gitlab(review_templates([make.template({"Topic": make.resource("AWS::SNS::Topic")})])) == "[]\n"
