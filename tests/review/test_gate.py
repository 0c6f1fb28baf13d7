"""The review inside `cdk synth`: errors stop it, warnings do not, what is acknowledged is let through."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import aws_cdk as cdk
import pytest
from aws_cdk import aws_rds as rds
from aws_cdk import aws_s3 as s3

from cdk_standby.review_gate import ReviewGate
from cdk_standby_review import RULES, Finding, Severity, review
from cdk_standby_review._review import Coverage, Review


def build(outdir: Path, gate: ReviewGate, *, protected: bool = True, meant: str = "") -> cdk.App:
    app = cdk.App(outdir=str(outdir))
    home = cdk.Environment(account="111111111111", region="eu-west-1")
    stage = cdk.Stage(app, "Prod", env=home)
    data = cdk.Stack(stage, "Data")
    database = rds.CfnDBInstance(
        data, "Orders", multi_az=True, deletion_protection=protected, backup_retention_period=35,
    )  # fmt: skip
    s3.Bucket(cdk.NestedStack(data, "Inner"), "Uploads")
    if meant:
        cdk.Validations.of(database).acknowledge(
            cdk.Acknowledgment(id="cdk-standby::database-deletion-protection", reason=meant)
        )
    cdk.Validations.of(app).add_plugins(gate)
    return app


def report(outdir: Path) -> dict[str, object]:
    plugins = json.loads((outdir / "validation-report.json").read_text())["pluginReports"]
    ours = next(p for p in plugins if p["pluginName"] == "cdk-standby")
    return {
        "conclusion": ours["conclusion"],
        "found": [
            (v["ruleName"], v["severity"], [c["constructPath"] for c in v["violatingConstructs"]])
            for v in ours["violations"]
        ],
        "meant": [(v["acknowledgedId"], v["reason"]) for v in ours.get("suppressedViolations") or []],
    }


FOUND = Review(
    templates=(),
    findings=(),
    outcomes=(),
    estimates=(),
    verdicts=(),
    coverage=Coverage(judged=0, glue=0, unknown={}),
)
VERSIONS = ("bucket-versioning", "warning", ["Prod/Data/Inner/Uploads/Resource"])


def test_warnings_stand_in_the_report_and_let_synth_pass(tmp_path):
    build(tmp_path, ReviewGate()).synth()

    assert report(tmp_path) == {"conclusion": "success", "found": [VERSIONS], "meant": []}


def test_an_error_stops_synth_and_names_the_construct(tmp_path):
    app = build(tmp_path, ReviewGate(), protected=False)

    with pytest.raises(RuntimeError, match="ValidationFailed"):
        app.synth()

    assert report(tmp_path) == {
        "conclusion": "failure",
        "found": [("database-deletion-protection", "error", ["Prod/Data/Orders"]), VERSIONS],
        "meant": [],
    }


def test_an_acknowledged_error_passes_here_and_in_the_command(tmp_path):
    build(tmp_path, ReviewGate(), protected=False, meant="a cache of another store").synth()

    told = review(tmp_path)

    assert report(tmp_path) == {
        "conclusion": "success",
        "found": [VERSIONS],
        "meant": [("cdk-standby::database-deletion-protection", "a cache of another store")],
    }
    assert [f.rule for f in told.findings] == ["bucket-versioning"]
    assert [(f.rule, reason) for f, reason in told.acknowledged] == [
        ("database-deletion-protection", "a cache of another store")
    ]


def test_a_strict_gate_stops_at_warnings_even_when_something_else_is_acknowledged(tmp_path):
    gate = ReviewGate(fail_on=(Severity.ERROR, Severity.WARNING))
    app = build(tmp_path, gate, protected=False, meant="a cache of another store")

    with pytest.raises(RuntimeError, match="ValidationFailed"):
        app.synth()

    assert report(tmp_path)["conclusion"] == "failure"


def test_a_gate_that_never_fails_still_reports(tmp_path):
    build(tmp_path, ReviewGate(fail_on=()), protected=False).synth()

    assert report(tmp_path) == {
        "conclusion": "success",
        "found": [("database-deletion-protection", "warning", ["Prod/Data/Orders"]), VERSIONS],
        "meant": [],
    }


def test_the_gate_names_every_rule_that_can_be_broken():
    assert ReviewGate().rule_ids == [
        *(rule.id for rule in RULES),
        "objective-at-risk",
        "objective-missed",
        "objective-not-proven",
    ]


def test_a_gate_of_a_missed_objective_says_what_would_close_it(tmp_path):
    app = build(tmp_path, ReviewGate())
    stack = next(c for c in app.node.find_all() if isinstance(c, cdk.Stack) and c.node.id == "Data")
    stack.template_options.metadata = {
        "cdk-standby": {"workload": "shop", "role": "active", "objectives": {"region": {"rto": 900, "rpo": 60}}}
    }

    with pytest.raises(RuntimeError, match="ValidationFailed"):
        app.synth()

    assert report(tmp_path)["found"][-1] == VERSIONS
    assert ("objective-missed", "error", ["Prod/Data/Orders"]) in report(tmp_path)["found"]


def test_a_finding_about_no_single_resource_stops_synth_too(tmp_path, monkeypatch):
    finding = Finding(
        rule="objective-missed", severity=Severity.ERROR, message="too slow", fix="be faster", source="https://x"
    )
    monkeypatch.setattr("cdk_standby.review_gate.review_templates", lambda *_: replace(FOUND, findings=(finding,)))

    with pytest.raises(RuntimeError, match="ValidationFailed"):
        build(tmp_path, ReviewGate()).synth()

    assert [rule for rule, *_ in report(tmp_path)["found"]] == ["objective-missed"]
