"""The command with a base, thresholds and acknowledgements; bad input is one line."""

from __future__ import annotations

import argparse
import json

import pytest

from cdk_standby_review.cli import add_command

BAD = {"Resources": {"Db": {"Type": "AWS::RDS::DBInstance", "Properties": {"MultiAZ": True}}}}
WORRYING = {"Resources": {"Bucket": {"Type": "AWS::S3::Bucket"}}}
FINE = {"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}
TABLE = {"Type": "AWS::DynamoDB::Table", "Properties": {"DeletionProtectionEnabled": True}}
TOPIC = {"Type": "AWS::SNS::Topic"}
BASE = {"Resources": {"Topic": TOPIC, "Orders": TABLE}}
GONE = {"Resources": {"Topic": TOPIC}}
WEAKER = {"Resources": {"Topic": TOPIC, "Orders": {"Type": "AWS::DynamoDB::Table"}}}
MISSED = {"region": {"rto": 60, "rpo": 0}}


def run(*arguments):
    parser = argparse.ArgumentParser()
    add_command(parser.add_subparsers(required=True))
    options = parser.parse_args(["review", *map(str, arguments)])
    return options.run(options)


@pytest.mark.parametrize(
    ("head", "fail_on", "code"),
    [
        (BASE, "replacement", 0),
        (GONE, "replacement", 1),
        (GONE, "error", 1),
        (GONE, "missed", 0),
        (GONE, "never", 0),
        (WEAKER, "replacement", 0),
        (WEAKER, "warning", 1),
    ],
)
def test_thresholds_count_what_the_change_does(head, fail_on, code, written):
    folder = written({"base/t.json": BASE, "head/t.json": head})

    assert run(folder / "head", "--against", folder / "base", "--fail-on", fail_on) == code


@pytest.mark.parametrize(("fail_on", "code"), [("missed", 1), ("error", 1), ("never", 0)])
def test_a_missed_objective_is_a_threshold(fail_on, code, written):
    folder = written({"t/t.json": BASE, "o.json": MISSED})

    assert run(folder / "t", "--objectives", folder / "o.json", "--fail-on", fail_on) == code


def test_findings_alone_miss_no_objective(written):
    folder = written({"t.json": BAD})

    assert run(folder, "--fail-on", "missed") == 0


@pytest.mark.parametrize("name", ["meant.json", "meant.yaml"])
def test_what_a_file_acknowledges_counts_no_more_and_keeps_its_reason(name, written, capsys):
    meant = [{"rule": "data-deleted", "resource": "Orders", "reason": "moved to the new stack"}]
    text = "- rule: data-deleted\n  resource: Orders\n  reason: moved to the new stack\n"
    folder = written({"base/t.json": BASE, "head/t.json": GONE, name: text if name.endswith("yaml") else meant})

    how = ("--fail-on", "replacement", "--format", "json")
    code = run(folder / "head", "--against", folder / "base", "--acknowledge", folder / name, *how)

    told = json.loads(capsys.readouterr().out)["changes"]
    assert code == 0
    assert (told[0]["kind"], told[0]["acknowledged"]) == ("data-deleted", "moved to the new stack")


def test_an_acknowledged_finding_fails_nothing(written, capsys):
    meant = [{"rule": "bucket-versioning", "resource": "t.json/Bucket", "reason": "only thumbnails"}]
    folder = written({"t/t.json": WORRYING, "meant.json": meant})

    run(folder / "t", "--acknowledge", folder / "meant.json", "--format", "json")

    told = json.loads(capsys.readouterr().out)
    assert "bucket-versioning" not in [f["rule"] for f in told["findings"]]
    assert [(f["rule"], f["reason"]) for f in told["acknowledged"]] == [("bucket-versioning", "only thumbnails")]


def test_an_acknowledgement_of_nothing_is_told(written, capsys):
    meant = [{"rule": "bucket-versioning", "resource": "Gone", "reason": "only thumbnails"}]
    folder = written({"t/t.json": FINE, "meant.json": meant})

    run(folder / "t", "--acknowledge", folder / "meant.json")

    assert (
        "info: acknowledgement-unused: meant.json: bucket-versioning of Gone is acknowledged, and not found\n"
        "  fix: remove the entry\n"
    ) in capsys.readouterr().out


FORM = 'acknowledgements are a list of {{"rule": "...", "resource": "...", "reason": "..."}}'
MANIFEST = {
    "version": "1",
    "artifacts": {"Shop": {"type": "aws:cloudformation:stack", "properties": {"templateFile": "Shop.template.json"}}},
}
UNUSABLE = [
    (["{}/t", "--against", "{}/none"], "{}/none: there is no such file or folder"),
    (
        ["{}/t", "--against", "{}/other"],
        "base and head are different apps: no stack is in both; the base has other, the head t",
    ),
    (["{}/t", "--fail-on", "replacement"], "--fail-on replacement needs --against or --lock, to know what is there"),
    (["{}/t", "--acknowledge", "{}/none.yaml"], "{}/none.yaml: there is no such file"),
    (
        ["{}/t", "--acknowledge", "{}/typo.json"],
        "{}/typo.json: entry 1: unknown rule 'bucket-version'; did you mean 'bucket-versioning'?",
    ),
    (["{}/t", "--acknowledge", "{}/reason.json"], "{}/reason.json: entry 1: 'reason' is missing; " + FORM),
    (["{}/t", "--acknowledge", "{}/object.json"], "{}/object.json: " + FORM),
    (["{}/t", "--acknowledge", "{}/texts.json"], "{}/texts.json: entry 1: " + FORM),
    (
        ["{}/t", "--acknowledge", "{}/more.json"],
        "{}/more.json: entry 1: unknown field until; known: rule, resource, reason",
    ),
    (["{}/t", "--acknowledge", "{}/broken.json"], "{}/broken.json: not valid JSON: Expecting value in line 1"),
    (
        ["{}/half"],
        "{}/half: a half-written cloud assembly, Shop.template.json is missing; run 'cdk synth' again",
    ),
    (["{}/marker"], "{}/marker: a half-written cloud assembly, manifest.json is missing; run 'cdk synth' again"),
    (["{}/cut"], "{}/cut/manifest.json: not valid JSON: Expecting property name enclosed in double quotes in line 1"),
    (["{}/empty"], "{}/empty/manifest.json: not the manifest of a cloud assembly"),
    (
        ["{}/meant"],
        "Shop.template.json: Shop/Bucket: acknowledgement: unknown rule 'bucket-versionin'; "
        "did you mean 'bucket-versioning'?",
    ),
    (
        ["{}/typo.json"],
        "{}/typo.json: not a CloudFormation template, it has no 'Resources' that each have a 'Type'",
    ),
    (["{}/texts"], "{}/texts: no CloudFormation template in this folder"),
    (["{}/bomb.yaml"], "{}/bomb.yaml: YAML aliases are not taken; CloudFormation templates do without"),
    (["{}/deep.json"], "{}/deep.json: nested too deep"),
    (["{}/deep.yaml"], "{}/deep.yaml: nested too deep"),
    (["{}/nested.json", "--against", "{}/nested.json"], "{}/nested.json: nested too deep"),
    (["{}/bytes.json"], "{}/bytes.json: not valid JSON: Expecting value in line 1"),
]
DEEP = '{"Resources": {"A": {"Type": "AWS::RDS::DBInstance", "Properties": {"Engine": ' + "[" * 900 + "]" * 900 + "}}}}"
SHOP = {
    **MANIFEST["artifacts"]["Shop"],
    "metadata": {
        "/Shop/Bucket": [{"type": "aws:cdk:acknowledged-rules", "data": {"cdk-standby::bucket-versionin": "why"}}]
    },
}


@pytest.fixture
def unusable(written):
    def entry(**more):
        return [{"rule": "bucket-versioning", "resource": "B", "reason": "why"} | more]

    return written(
        {
            "t/t.json": BASE,
            "other/other.json": WORRYING,
            "typo.json": entry(rule="bucket-version"),
            "reason.json": entry(reason=" "),
            "object.json": {"rule": "bucket-versioning"},
            "texts.json": ["bucket-versioning"],
            "more.json": entry(until="2027-01-01"),
            "broken.json": "nonsense",
            "half/manifest.json": MANIFEST,
            "marker/cdk.out": "{}",
            "cut/manifest.json": "{",
            "empty/manifest.json": {},
            "meant/manifest.json": {"artifacts": {"Shop": SHOP}},
            "meant/Shop.template.json": WORRYING,
            "texts/readme.txt": "Resources",
            "bomb.yaml": "a: &a [x, x]\nb: [*a, *a]\nResources: {}\n",
            "deep.json": "[" * 200_000,
            "deep.yaml": "Resources: " + "[" * 5_000,
            "nested.json": DEEP,
            "bytes.json": "\x00\x01",
        }
    )


@pytest.mark.parametrize(("arguments", "message"), UNUSABLE, ids=lambda value: str(value)[:60])
def test_bad_input_is_one_line_and_exit_code_2(arguments, message, unusable, complaint):
    code = run(*(argument.format(unusable) for argument in arguments))

    assert code == 2
    assert complaint() == f"cdk-standby review: {message.format(unusable)}\n"


STRANGE = [
    {"Resources": {"A": {"Type": "AWS::IAM::Role", "Properties": properties}}}
    for properties in (
        {"AssumeRolePolicyDocument": "text"},
        {"AssumeRolePolicyDocument": {"Statement": "text"}},
        {"AssumeRolePolicyDocument": {"Statement": [1, {"Effect": 5, "Principal": 7, "Action": {"a": []}}]}},
        {"Policies": "x", "ManagedPolicyArns": {"Ref": "A"}},
        "text",
        [],
    )
] + [
    {"Resources": {"A": {"Type": "AWS::EC2::SecurityGroup", "Properties": {"SecurityGroupIngress": rules}}}}
    for rules in ("x", [5], [{}], {"Fn::If": ["No", [], []]}, [{"CidrIp": ["a"]}])
]


@pytest.mark.parametrize("strange", STRANGE, ids=lambda value: str(value)[60:100])
@pytest.mark.parametrize("reverse", [False, True], ids=["to it", "from it"])
def test_properties_of_strange_shapes_break_nothing(strange, reverse, written, complaint):
    kind = strange["Resources"]["A"]["Type"]
    plain = {"Resources": {"A": {"Type": kind}}}
    base, head = (strange, plain) if reverse else (plain, strange)
    folder = written({"base/t.json": base, "head/t.json": head})

    code = run(folder / "head", "--against", folder / "base", "--fail-on", "never")

    assert code == 0
    assert complaint() == ""
