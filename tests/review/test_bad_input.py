"""Bad and hostile input: one line that says what is wrong, exit code 2, and never a stack trace."""

from __future__ import annotations

import argparse
import copy
import json
import os
import resource
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdk_standby_review import Template, UnreadableInput, review, review_templates
from cdk_standby_review.cli import add_command
from cdk_standby_review.graph import Graph
from cdk_standby_review.report import FORMATS, as_markdown, as_text

BUCKET = {"Resources": {"Bucket": {"Type": "AWS::S3::Bucket"}}}
SHA = "0123456789abcdef" * 4
NO_TEMPLATE = "not a CloudFormation template, it has no 'Resources' that each have a 'Type'"


def run(*arguments):
    parser = argparse.ArgumentParser()
    add_command(parser.add_subparsers(required=True))
    options = parser.parse_args(["review", *map(str, arguments)])
    return options.run(options)


def manifest(**artifacts):
    return {"version": "54.0.0", "artifacts": artifacts}


def stack(file, **more):
    where = "aws://111111111111/eu-west-1"
    return {"type": "aws:cloudformation:stack", "environment": where, "properties": {"templateFile": file}, **more}


def nested(*ids):
    url = {"TemplateURL": f"https://s3.amazonaws.com/{SHA}.json"}
    return {"Resources": {each: {"Type": "AWS::CloudFormation::Stack", "Properties": url} for each in ids}}


def asset(path):
    return {"files": {SHA: {"source": {"path": path}}}}


def properties(text):
    return f'{{"Resources": {{"A": {{"Type": "AWS::S3::Bucket", "Properties": {text}}}}}}}'


FILES = {
    "a folder with nothing in it": ({"a/": None}, "a", "{}/a: no CloudFormation template in this folder"),
    "an OpenAPI document": ({"x.json": {"openapi": "3.1.0", "paths": {}}}, "x.json", "{}/x.json: " + NO_TEMPLATE),
    "a list": ({"x.json": [1]}, "x.json", "{}/x.json: " + NO_TEMPLATE),
    "Terraform": ({"x.tf.json": {"resource": {"aws_s3_bucket": {}}}}, "x.tf.json", "{}/x.tf.json: " + NO_TEMPLATE),
    "Kubernetes": ({"x.yaml": "kind: Pod\nmetadata: {name: x}\n"}, "x.yaml", "{}/x.yaml: " + NO_TEMPLATE),
    "several documents": (
        {"x.yaml": "a: 1\n---\nb: 2\n"},
        "x.yaml",
        "{}/x.yaml: not valid YAML: but found another document in line 2",
    ),
    "an empty file": ({"x.json": ""}, "x.json", "{}/x.json: not valid JSON: Expecting value in line 1"),
    "an empty file of YAML": ({"x.yaml": ""}, "x.yaml", "{}/x.yaml: " + NO_TEMPLATE),
    "UTF-16": ({"x.json": "{}".encode("utf-16")}, "x.json", "{}/x.json: not a text file in UTF-8"),
    "NaN": ({"x.json": properties("NaN")}, "x.json", "{}/x.json: not valid JSON: NaN is no number that JSON knows"),
    "a number without end": (
        {"x.json": properties("9" * 5000)},
        "x.json",
        "{}/x.json: not valid JSON: a number is too long",
    ),
    "a number beyond all": (
        {"x.json": properties("1e999")},
        "x.json",
        "{}/x.json: not valid JSON: 1e999 is no number that JSON knows",
    ),
    "such a number in YAML": (
        {"x.yaml": f"Resources:\n  A: {'9' * 5000}\n"},
        "x.yaml",
        "{}/x.yaml: not valid YAML: a number is too long in line 2",
    ),
    "a number that counts in sixties": (
        {"x.yaml": f"a: 1{':59' * 90}\n"},
        "x.yaml",
        "{}/x.yaml: not valid YAML: a number is too long in line 1",
    ),
    "half of a character": (
        {"x.json": properties('"\\ud83d"')},
        "x.json",
        "{}/x.json: holds half of a character, such as \\ud83d alone",
    ),
    "a value that is not what its tag says": (
        {"x.yaml": "a: !!int x\n"},
        "x.yaml",
        "{}/x.yaml: not valid YAML: a value does not fit its tag",
    ),
    "a set": (
        {"x.yaml": "a: !!set {b, c}\n"},
        "x.yaml",
        "{}/x.yaml: not valid YAML: could not determine a constructor for the tag 'tag:yaml.org,2002:set' in line 1",
    ),
    "a list for a key": ({"x.yaml": "[a]: b\n"}, "x.yaml", "{}/x.yaml: not valid YAML: found unhashable key in line 1"),
    "billions of laughs": (
        {"x.yaml": "a: &a [x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in pairwise("abcdefghi"))},
        "x.yaml",
        "{}/x.yaml: YAML aliases are not taken; CloudFormation templates do without",
    ),
    "YAML in itself": (
        {"x.yaml": "a: &a\n  b: *a\n"},
        "x.yaml",
        "{}/x.yaml: YAML aliases are not taken; CloudFormation templates do without",
    ),
    "YAML of 100,000 levels": ({"x.yaml": "a: " + "[" * 100_000}, "x.yaml", "{}/x.yaml: nested too deep"),
    "JSON of 100,000 levels": (
        {"x.json": properties('{"a":' * 100_000 + "1" + "}" * 100_000)},
        "x.json",
        "{}/x.json: nested too deep",
    ),
    "more YAML than CloudFormation takes": (
        {"x.yaml": "#" * (1024 * 1024 + 1)},
        "x.yaml",
        "{}/x.yaml: YAML of more than 1 MB, which CloudFormation does not take",
    ),
    "a manifest that ends early": (
        {"manifest.json": '{"version": "54.0.0", "artif'},
        "",
        "{}/manifest.json: not valid JSON: Unterminated string starting at in line 1",
    ),
    "a manifest of nothing": ({"manifest.json": manifest()}, "", "{}: a cloud assembly without stacks"),
    "an artifact that is a text": ({"manifest.json": manifest(A="x")}, "", "{}: a cloud assembly without stacks"),
    "a stack without a template": (
        {"manifest.json": manifest(A=stack(None))},
        "",
        "{}/manifest.json: not the manifest of a cloud assembly",
    ),
    "a template that is a folder": (
        {"manifest.json": manifest(A=stack("a.json")), "a.json/x": "y"},
        "",
        "{}/a.json: not a file",
    ),
    "metadata that are missing": (
        {"manifest.json": manifest(A=stack("a.json", additionalMetadataFile="m.json")), "a.json": BUCKET},
        "",
        "{}: a half-written cloud assembly, m.json is missing; run 'cdk synth' again",
    ),
    "a manifest of assets that ends early": (
        {"manifest.json": manifest(A=stack("a.json")), "a.json": BUCKET, "A.assets.json": '{"fi'},
        "",
        "{}/A.assets.json: not valid JSON: Unterminated string starting at in line 1",
    ),
    "a nested stack that is missing": (
        {"manifest.json": manifest(A=stack("a.json")), "a.json": nested("N"), "A.assets.json": asset("n.json")},
        "",
        "{}: a half-written cloud assembly, n.json is missing; run 'cdk synth' again",
    ),
    "a nested stack outside": (
        {"cdk.out/manifest.json": manifest(A=stack("a.json")), "cdk.out/a.json": nested("N"), "x.json": BUCKET}
        | {"cdk.out/A.assets.json": asset("../x.json")},
        "cdk.out",
        "{}/cdk.out/manifest.json: '../x.json' points outside the assembly",
    ),
    "a nested stack in itself": (
        {"manifest.json": manifest(A=stack("a.json")), "a.json": nested("N", "M"), "A.assets.json": asset("a.json")},
        "",
        "{}/a.json: a nested stack that holds itself, or too many in one another",
    ),
    "an assembly in itself": (
        {"manifest.json": manifest(A={"type": "cdk:cloud-assembly", "properties": {"directoryName": "."}})},
        "",
        "{}/manifest.json: the assembly holds itself",
    ),
}


@pytest.mark.parametrize("what", FILES)
def test_what_cannot_be_reviewed_is_told_in_one_line(what, tmp_path, complaint):
    files, path, message = FILES[what]
    for name, content in files.items():
        file = tmp_path / name
        (file if content is None else file.parent).mkdir(parents=True, exist_ok=True)
        if content is not None:
            plain = content if isinstance(content, bytes | str) else json.dumps(content)
            file.write_bytes(plain if isinstance(plain, bytes) else plain.encode())

    code = run(tmp_path / path)

    assert code == 2
    assert complaint() == f"cdk-standby review: {message.replace('{}', str(tmp_path))}\n"


NONSENSE = [
    ("3", 'objectives look like {"region": {"rto": 900, "rpo": 60}}, in seconds'),
    ('{"region": ', "not valid JSON: Expecting value in line 1"),
    ('{"region": null}', "each objective needs 'rto' and 'rpo' in seconds; 'rto' is missing for 'region'"),
    ('{"region": {"rto": true, "rpo": 1}}', "'rto' of 'region' is True; allowed: a number of seconds"),
    ('{"region": {"rto": 1, "rpo": 1, "rpo_max": 1}}', "unknown rpo_max of 'region'; known: rto, rpo"),
    ('{"region": {"rto": 1, "rpo": -1}}', "'rpo' is -1 day, 23:59:59; allowed: zero or more"),
    ('{"region": {"rto": 1e99, "rpo": 1}}', "'rto' of 'region' is 1e+99; allowed: a number of seconds"),
    ('{"assumptions": 3}', "'assumptions' is an object of ranges, such as {\"decide\": [60, 300]}"),
    ('{"assumptions": {"decide": [5, 1]}}', "a range runs from low to high, got 5.0 to 1.0"),
    (
        '{"assumptions": {"decide": true}}',
        "assumption 'decide' is True; allowed: seconds, or [low, high] in seconds",
    ),
]


@pytest.mark.parametrize(("text", "message"), NONSENSE)
def test_objectives_that_make_no_sense_are_told_with_their_file(text, message, written, complaint):
    folder = written({"t.json": BUCKET, "o.json": text})

    code = run(folder / "t.json", "--objectives", folder / "o.json")

    assert code == 2
    assert complaint() == f"cdk-standby review: {folder}/o.json: {message}\n"


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("", "PATH is empty"),
        ("a\0b", "a\0b: there is no such file or folder"),
        ("a" * 5000, f"{'a' * 5000}: cannot be read: File name too long"),
        (os.devnull, f"{os.devnull}: neither a file nor a folder"),
    ],
)
def test_a_path_that_is_none_is_told(path, message, complaint):
    assert run(path) == 2
    assert complaint() == f"cdk-standby review: {message}\n"


def test_links_in_a_circle_are_no_file_and_no_endless_folder(written, complaint):
    folder = written({"app/t.json": BUCKET})
    (folder / "app" / "again").symlink_to(folder)
    (folder / "loop.json").symlink_to("loop.json")

    codes = [run(folder / "loop.json"), run(folder / "app")]

    assert codes == [2, 0]
    assert complaint() == f"cdk-standby review: {folder}/loop.json: there is no such file or folder\n"


def test_a_link_out_of_an_assembly_is_not_followed(written, complaint):
    folder = written({"cdk.out/manifest.json": manifest(A=stack("a.json")), "x.json": BUCKET})
    (folder / "cdk.out" / "a.json").symlink_to(folder / "x.json")

    assert run(folder / "cdk.out") == 2
    assert complaint() == f"cdk-standby review: {folder}/cdk.out/manifest.json: 'a.json' points outside the assembly\n"


def test_what_may_not_be_read_or_written_is_told(written, complaint):
    folder = written({"t.json": BUCKET, "secret/x.json": BUCKET})
    for name in ("secret/x.json", "secret"):
        (folder / name).chmod(0o000)
    me = os.geteuid()
    if me == 0:
        for name in (*folder.parents, folder):  # what pytest keeps for its user alone
            name.chmod(name.stat().st_mode | 0o055)
        os.seteuid(65534)

    try:
        codes = [run(folder / "secret" / "x.json"), run(folder / "t.json", "--output", folder / "secret" / "x.md")]
    finally:
        os.seteuid(me)
        (folder / "secret").chmod(0o700)

    assert codes == [2, 2]
    assert complaint() == (
        f"cdk-standby review: {folder}/secret/x.json: cannot be read: Permission denied\n"
        f"cdk-standby review: {folder}/secret/x.md: cannot be written: Permission denied\n"
    )


def test_a_hundred_megabytes_are_refused_in_little_memory(tmp_path):
    """In a process of its own that may take no more than 300 MB of address space."""
    file = tmp_path / "x.json"
    with file.open("wb") as opened:
        opened.truncate(100 * 1024 * 1024)
    limit = 300 * 1024 * 1024

    done = subprocess.run(
        [sys.executable, "-m", "cdk_standby_runbooks.cli", "review", "x.json"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)),
    )

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "cdk-standby review: x.json: larger than 16 MB, which is no template\n"


def test_a_byte_order_mark_is_no_part_of_a_template(tmp_path):
    for name, text in (("a.json", json.dumps(BUCKET)), ("b.yaml", "Resources: {Bucket: {Type: AWS::S3::Bucket}}")):
        (tmp_path / name).write_text(text, encoding="utf-8-sig")

    assert [t.name for t in review(tmp_path).templates] == ["a.json", "b.yaml"]


def test_keys_of_yaml_are_texts(written):
    """As CloudFormation has them: the number of an account finds its line of a mapping, and `on` is no truth."""
    text = """
Mappings: {Sizes: {012345678901: {on: db.r7g.large}}}
Resources:
  Db: {Type: AWS::RDS::DBInstance, Properties: {DBInstanceClass: !FindInMap [Sizes, "012345678901", "on"]}}
  2020-01-01: {Type: AWS::SQS::Queue, Properties: {MessageRetentionPeriod: .nan, QueueName: !!binary aGk=}}
"""
    found = Graph(review(written({"t.yaml": text})).templates)

    assert [r.text("DBInstanceClass") for r in found.of_type("AWS::RDS::DBInstance")] == ["db.r7g.large"]
    assert [(r.logical_id, r.text("QueueName")) for r in found.of_type("AWS::SQS::Queue")] == [("2020-01-01", "aGk=")]


def circles():
    ref = "SourceDBInstanceIdentifier"
    return {
        "Parameters": {"P": {"Type": "String", "Default": {"Ref": "P"}}},
        "Mappings": {"M": {"a": {"b": [{"Fn::FindInMap": ["M", "a", "b"]}] * 2}}, "N": 3},
        "Conditions": {
            "A": {"Condition": "B"},
            "B": {"Fn::Not": [{"Condition": "A"}]},
            "C": {"Fn::Or": [{"Condition": "C"}] * 3},
        },
        "Resources": {
            "One": {"Type": "AWS::RDS::DBInstance", "Condition": "A", "Properties": {ref: {"Ref": "Two"}}},
            "Two": {"Type": "AWS::RDS::DBInstance", "Condition": "C", "Properties": {ref: {"Ref": "One"}}},
            "Self": {
                "Type": "AWS::RDS::DBInstance",
                "Properties": {"DBSubnetGroupName": {"Fn::GetAtt": ["Self", "X"]}},
            },
            "Bucket": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": {"Fn::FindInMap": ["M", "a", "b"]}}},
            "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": {"Fn::FindInMap": ["N", "x", "y"]}}},
            "Topic": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": {"Fn::If": ["C", {"Ref": "P"}, "x"]}}},
        },
        "Outputs": {"O": {"Value": {"Fn::ImportValue": "o"}, "Export": {"Name": "o"}}},
    }


def test_what_refers_to_itself_ends(written):
    """CloudFormation takes none of it, so that nobody has to be told more than what the parts are."""
    folder = written({"t.json": circles()})

    assert len(review(folder).coverage.unknown) == 0
    assert run(folder, "--fail-on", "never") == 0


def test_values_that_double_each_other_are_refused(written, complaint, monkeypatch):
    """The laughs without an alias: each export is twice the one before."""
    monkeypatch.setattr("cdk_standby_review.intrinsics.MOST", 10_000)
    outputs = {
        f"O{n}": {"Value": [{"Fn::ImportValue": f"o{n + 1}"}] * 2, "Export": {"Name": f"o{n}"}} for n in range(25)
    }
    topic = {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": {"Fn::ImportValue": "o0"}}}
    folder = written({"t.json": {"Resources": {"Topic": topic}, "Outputs": outputs}})

    assert run(folder) == 2
    assert complaint() == "cdk-standby review: t.json: its values come to more than 10,000\n"


EVIL = (
    "x`</code><img src=x></details>|\n\n# Approved by @octo-org/security\n<!-- cdk-standby review -->\x1b[2J\n"
    "::error::x"
)


@pytest.fixture(scope="module")
def evil():
    """A template that names everything so that a reader of the report is deceived."""
    database = {"Type": "AWS::RDS::DBInstance", "Properties": {"Engine": EVIL, "DBInstanceClass": EVIL}}
    body = {"Resources": {EVIL: database, "U": {"Type": f"X::{EVIL}"}}, "Metadata": {"cdk-standby": {"workload": EVIL}}}
    before = copy.deepcopy(body)
    before["Resources"][EVIL]["Properties"]["Engine"] = "postgres"
    head, base = (Template(name=EVIL, file=EVIL, body=each, stack=EVIL, region="eu-west-1") for each in (body, before))
    return review_templates([head], against=[base])


def test_names_in_a_template_are_no_markdown(evil):
    """A stranger names the parts of a template, and the comment is CI's."""
    text = as_markdown(evil)

    assert [line for line in text.splitlines() if line.startswith("#") and "Approved" in line] == []
    assert "<img" not in text
    assert "<!--" not in text
    assert "@octo-org" not in text
    assert text.count("<details>") == text.count("</details>")


def test_names_in_a_template_are_no_commands_of_a_terminal_or_runner(evil):
    text = as_text(evil)

    assert "\x1b" not in text
    assert [line for line in text.splitlines() if line.lstrip().startswith("::")] == []


def test_every_report_of_such_names_is_whole(evil):
    assert [json.loads(FORMATS[kind](evil)) != {} for kind in ("json", "sarif", "gitlab")] == [True] * 3


def test_a_file_whose_name_is_no_text_is_told_in_every_report(tmp_path):
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.json")).write_text(json.dumps(BUCKET))

    for path in (tmp_path, next(tmp_path.iterdir())):
        found = review(path)
        assert [t.name for t in found.templates] == ["\\udcff.json"]
        assert all(FORMATS[kind](found).encode() for kind in FORMATS)


def test_what_a_transform_will_make_is_left_alone_and_said(written, capsys):
    text = "Transform: [AWS::LanguageExtensions, {Name: Our}]\nResources: {Made: {Type: Our::Macro::Thing}}\n"
    folder = written({"t.yaml": text, "plain.json": BUCKET})

    code = run(folder)
    found = review(folder)

    said = "Transforms are not run, what they make is not judged: AWS::LanguageExtensions (t.yaml); Our (t.yaml)"
    assert code == 0
    told = capsys.readouterr().out
    assert "Not judged, types that the review does not know: Our::Macro::Thing\n" in told
    assert said in told
    assert all(said in FORMATS[kind](found) for kind in ("markdown", "html"))
    assert [each["transforms"] for each in json.loads(FORMATS["json"](found))["templates"]] == [
        [],
        ["AWS::LanguageExtensions", "Our"],
    ]


def test_a_defect_of_ours_is_one_line_too(written, complaint, monkeypatch):
    folder = written({"t.json": BUCKET})
    monkeypatch.setitem(FORMATS, "text", lambda review: [].pop())  # type: ignore[arg-type]

    assert run(folder) == 2
    said = complaint()
    assert said.startswith(f"cdk-standby review: {folder}: a defect of cdk-standby, please report it: IndexError: ")
    assert said.count("\n") == 1


HOSTILE = st.sampled_from(
    [
        *(None, True, 0, -1, 10**200, 1e308, "", "nan", "inf", "9" * 400, "\u00b2", "arn", ":::::", "${", "a" * 2000),
        *("cron(", "rate(x)", "cron(99 99 99 99 99 99)", "10.0.0.0/99", [], {}, [[]], [None, 1, {}], {"x": []}),
        *({"Ref": "Db"}, {"Ref": "AWS::NoValue"}, {"Ref": 1}, {"Fn::GetAtt": "Db"}, {"Fn::Sub": "${Db}${"}),
        *({"Fn::Select": ["\u00b2", []]}, {"Fn::If": ["Never", 1, 2]}, {"Fn::Split": ["", "a"]}, {"Fn::GetAZs": []}),
        *({"Fn::Join": [{}, ["a"]]}, {"Fn::FindInMap": [1]}, {"Fn::ImportValue": []}, {"Fn::Transform": {"Name": 1}}),
    ]
)


def places(value, path=()):
    """The paths of everything in a template that is below a resource."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path] * (len(path) > 1) + [each for name, item in inner for each in places(item, (*path, name))]


@settings(max_examples=20)
@given(data=st.data())
def test_a_mangled_template_is_reviewed_or_refused_and_never_crashes(make, data):
    """Below the command, whose last resort would hide a defect."""
    whole = {name: part for each in make.warm_standby() for name, part in each.body["Resources"].items()}
    mangled = copy.deepcopy(whole)
    for path in data.draw(st.lists(st.sampled_from(places(whole)), min_size=1, max_size=12)):
        inner = mangled
        try:
            for name in path[:-1]:
                inner = inner[name]
            inner[path[-1]] = data.draw(HOSTILE)
        except (KeyError, IndexError, TypeError):
            continue  # what is above it has been mangled already
    head = {name: part for name, part in mangled.items() if isinstance(part.get("Type"), str)}

    try:
        found = review_templates([make.template(head)], against=[make.template(whole)])
        reports = [FORMATS[kind](found) for kind in FORMATS]
    except UnreadableInput as refused:
        reports = [str(refused)]

    assert all(reports)
