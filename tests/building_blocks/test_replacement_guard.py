"""The lock inside `cdk synth`: what would replace, delete or unprotect data stops it, until somebody says why."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_rds as rds
from aws_cdk import aws_sqs as sqs

from cdk_standby.replacement_guard import ReplacementGuard
from cdk_standby.review_gate import ReviewGate
from cdk_standby_runbooks.cli import main

HOME = cdk.Environment(account="111111111111", region="eu-west-1")
WHERE = "Prod/Data/Orders (Orders of stack Prod-Data in 111111111111/eu-west-1)"
PAGE = "https://docs.aws.amazon.com/AWSCloudFormation/latest"
MEANT = 'if it is meant: cdk-standby lock cdk.out --file data.lock.json --because "..."'


@pytest.fixture(autouse=True)
def _beside_the_app(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def synth(*, id: str = "Orders", kept: bool = True, gone: bool = False, **changes: Any) -> str:
    """Why synth fails: "" when it does not."""
    app = cdk.App(outdir=str(Path("cdk.out").absolute()), analytics_reporting=False)
    data = cdk.Stack(cdk.Stage(app, "Prod", env=HOME), "Data")
    sqs.Queue(cdk.NestedStack(data, "Inner"), "Jobs", removal_policy=cdk.RemovalPolicy.RETAIN)
    if not gone:
        usual = {"db_instance_identifier": "orders", "multi_az": True, "storage_encrypted": True}
        protected = {"deletion_protection": True, "backup_retention_period": 35}
        orders = rds.CfnDBInstance(data, id, **{**usual, **protected, **changes})
        orders.apply_removal_policy(cdk.RemovalPolicy.RETAIN if kept else cdk.RemovalPolicy.DESTROY)
    cdk.Validations.of(app).add_plugins(ReplacementGuard())
    cdk.Validations.of(app).add_plugins(ReviewGate())
    try:
        app.synth()
    except RuntimeError as failed:
        return str(failed)
    return ""


def lock(*arguments: str) -> int:
    return main(["lock", "cdk.out", *arguments])


def found() -> list[tuple[str, str, str]]:
    """What the guard reported: rule, message, way out."""
    reports = json.loads(Path("cdk.out", "validation-report.json").read_text())["pluginReports"]
    [ours] = [report for report in reports if report["pluginName"] == "cdk-standby-lock"]
    return [(v["ruleName"], v["description"], v["suggestedFix"]) for v in ours["violations"]]


def constructs() -> list[str]:
    reports = json.loads(Path("cdk.out", "validation-report.json").read_text())["pluginReports"]
    return [
        construct["constructPath"]
        for report in reports
        if report["pluginName"] == "cdk-standby-lock"
        for violation in report["violations"]
        for construct in violation["violatingConstructs"]
    ]


def test_without_its_lock_synth_fails_and_says_how_to_make_one():
    why = synth()

    assert "ValidationFailed" in why
    assert found() == [
        (
            "data-lock-unusable",
            "data.lock.json: there is no such lock; make one with 'cdk-standby lock cdk.out --file data.lock.json'",
            "give the file that is committed, or make one: cdk-standby lock cdk.out --file data.lock.json "
            f"({PAGE}/UserGuide/using-cfn-updating-stacks-update-behaviors.html)",
        )
    ]


def test_a_failed_synth_has_written_what_the_first_lock_is_made_of():
    synth()

    code = lock()

    assert code == 0
    assert synth() == ""
    stacks = json.loads(Path("data.lock.json").read_text())["stacks"]
    assert {key.split("/")[-1]: [one["path"] for one in held.values()] for key, held in stacks.items()} == {
        "Prod-Data": ["Prod/Data/Orders"],
        next(key.split("/")[-1] for key in stacks if "Inner" in key): ["Prod/Data/Inner/Jobs/Resource"],
    }


@pytest.fixture
def _locked() -> None:
    synth()
    lock()


@pytest.mark.usefixtures("_locked")
def test_what_is_changed_in_place_passes():
    assert synth(engine_version="17.5", allocated_storage="400", db_instance_class="db.r7g.2xlarge") == ""


@pytest.mark.usefixtures("_locked")
def test_a_replacement_stops_synth_and_names_the_construct():
    why = synth(kms_key_id="alias/other")

    assert "ValidationFailed" in why
    assert found() == [
        (
            "data-replaced",
            f'{WHERE}: KmsKeyId would change from nothing to "alias/other", which replaces an AWS::RDS::DBInstance; '
            "CloudFormation would try to make another one of the same name beside it, and fail",
            f"put it back; {MEANT} ({PAGE}/TemplateReference/aws-resource-rds-dbinstance.html)",
        )
    ]
    assert constructs() == ["Prod/Data/Orders"]


@pytest.mark.usefixtures("_locked")
def test_another_id_stops_synth_though_nothing_is_there_to_point_at():
    why = synth(id="orders")

    assert "ValidationFailed" in why
    assert found() == [
        (
            "data-deleted",
            f"{WHERE}: its id would become orders, the same but for case, which is another resource to CloudFormation: "
            "it would make a new, empty one and leave this one behind, outside of the stack",
            f"keep the id and the stack; {MEANT} ({PAGE}/UserGuide/aws-attribute-deletionpolicy.html)",
        )
    ]


@pytest.mark.usefixtures("_locked")
def test_lost_protection_stops_synth():
    why = synth(kept=False)

    assert "ValidationFailed" in why
    assert [(rule, message.split(";")[0]) for rule, message, _ in found()] == [
        ("data-unprotected", f"{WHERE}: DeletionPolicy would change from Retain to Delete"),
        ("data-unprotected", f"{WHERE}: UpdateReplacePolicy would change from Retain to Delete"),
    ]


@pytest.mark.usefixtures("_locked")
def test_a_reason_lets_synth_pass_and_stays_in_the_lock():
    assert synth(gone=True) != ""

    refused = lock()
    meant = lock("--because", "orders are kept by another team")

    assert (refused, meant) == (1, 0)
    assert synth(gone=True) == ""
    [one] = json.loads(Path("data.lock.json").read_text())["history"]
    assert one["resource"] == "Orders"
    assert one["because"] == "orders are kept by another team"


@pytest.mark.usefixtures("_locked")
@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "data.lock.json: not valid JSON: Expecting property name enclosed in double quotes in line 1"),
        ("[]", "data.lock.json: not a lock of data, it has no 'stacks'; make one with 'cdk-standby lock'"),
        (
            '{"format": 1, "stacks": {"*/*/Blog": {"Posts": {"type": "AWS::S3::Bucket"}}}}',
            "data.lock.json: the lock of another app: it knows Blog, and here are Prod-Data, ",
        ),
    ],
)
def test_a_lock_that_guards_nothing_stops_synth_in_one_line(text, message):
    Path("data.lock.json").write_text(text)

    why = synth()

    assert "ValidationFailed" in why
    [(rule, said, _)] = found()
    assert rule == "data-lock-unusable"
    assert said.startswith(message)


@pytest.mark.usefixtures("_locked")
def test_synth_and_review_say_the_same():
    synth(kms_key_id="alias/other", kept=False)

    code = main(["review", "cdk.out", "--lock", "data.lock.json", "--format", "json", "--output", "review.json"])

    told = json.loads(Path("review.json").read_text())
    assert code == 1
    assert [(f["rule"], f["message"]) for f in told["findings"] if f["rule"].startswith("data-")] == [
        (rule, message) for rule, message, _ in found()
    ]


def test_the_guard_names_everything_that_it_can_find():
    assert ReplacementGuard(lock="locks/prod.json").rule_ids == [
        "data-replaced",
        "data-deleted",
        "data-unprotected",
        "data-lock-unusable",
    ]
