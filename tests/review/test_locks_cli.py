"""The command `lock`, and `review --lock`: files, exit codes, and one clear line for what cannot be used."""

from __future__ import annotations

import argparse
import json

import pytest

from cdk_standby_review import cli as review_cli
from cdk_standby_review.locks import cli as lock_cli

QUEUE = {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "jobs"}, "DeletionPolicy": "Retain"}
TABLE = {"Type": "AWS::DynamoDB::Table", "Properties": {"TableName": "orders"}}


def run(*arguments):
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers(required=True)
    lock_cli.add_command(commands)
    review_cli.add_command(commands)
    options = parser.parse_args([*map(str, arguments)])
    return options.run(options)


@pytest.fixture
def app(written):
    """`app(Jobs=..., Orders=...)`: writes the app's only template, and gives its file and that of the lock."""

    def write(name="Shop", **resources):
        folder = written({f"{name}.json": {"Resources": resources}})
        return folder / f"{name}.json", folder / "data.lock.json"

    return write


def test_the_first_lock_holds_everything(app, capsys):
    path, lock = app(Jobs=QUEUE, Orders=TABLE, Told={"Type": "AWS::SNS::Topic"})

    code = run("lock", path, "--file", lock)

    assert code == 0
    assert capsys.readouterr().out == f"{lock}: 2 resources in 1 stack locked; 2 resources added\n"
    assert list(json.loads(lock.read_text())["stacks"]["*/*/Shop"]) == ["Jobs", "Orders"]


def test_what_is_new_is_added_without_a_word(app, capsys):
    run("lock", *_(app(Jobs=QUEUE)))

    code = run("lock", *_(app(Jobs=QUEUE, Orders=TABLE)))

    assert code == 0
    assert capsys.readouterr().out.splitlines()[-1].endswith("2 resources in 1 stack locked; 1 resource added")


def test_twice_the_same_writes_the_same_bytes(app):
    path, lock = app(Jobs=QUEUE)
    run("lock", path, "--file", lock)
    once = lock.read_bytes()

    run("lock", path, "--file", lock)

    assert lock.read_bytes() == once


def test_a_change_is_refused_with_the_list_and_writes_nothing(app, capsys):
    path, lock = app(Jobs=QUEUE, Orders=TABLE)
    run("lock", path, "--file", lock)
    before = lock.read_bytes()
    capsys.readouterr()

    code = run("lock", *_(app(Jobs=QUEUE | {"Properties": {"QueueName": "other"}}, New=QUEUE)))

    out, err = capsys.readouterr()
    assert code == 1
    assert out == ""
    assert lock.read_bytes() == before
    page = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide"
    fix = f'if it is meant: cdk-standby lock cdk.out --file {lock} --because "..."'
    assert err.splitlines() == [
        'data-replaced: Jobs (Jobs of stack Shop): QueueName would change from "jobs" to "other", which replaces an '
        "AWS::SQS::Queue; CloudFormation would make a new, empty one and delete the old one with all that is in it",
        f"  put it back; {fix}",
        f"  {page}/using-cfn-updating-stacks-update-behaviors.html",
        "data-deleted: Orders (Orders of stack Shop): it is gone; CloudFormation would delete this one with all that "
        "is in it",
        f"  put it back; {fix}",
        f"  {page}/aws-attribute-deletionpolicy.html",
        f"cdk-standby lock: {lock}: 2 changes refused, nothing written",
    ]


def test_a_reason_lets_the_change_through_and_stays(app, capsys):
    run("lock", *_(app(Jobs=QUEUE, Orders=TABLE)))
    path, lock = app(Jobs=QUEUE)
    capsys.readouterr()

    code = run("lock", path, "--file", lock, "--because", "orders live in Aurora since June")

    assert code == 0
    assert capsys.readouterr().out == (f"{lock}: 1 resource in 1 stack locked; 0 resources added, 1 change accepted\n")
    assert json.loads(lock.read_text())["history"] == [
        {
            "stack": "*/*/Shop",
            "resource": "Orders",
            "effect": "data-deleted",
            "before": "AWS::DynamoDB::Table",
            "after": None,
            "because": "orders live in Aurora since June",
        }
    ]
    assert run("lock", path, "--file", lock) == 0


def test_an_app_whose_only_stack_has_another_name_is_let_through_with_a_reason(app):
    run("lock", *_(app(Jobs=QUEUE)))
    path, lock = app("Renamed", Jobs=QUEUE)

    assert run("lock", path, "--file", lock) == 2
    assert run("lock", path, "--file", lock, "--because", "the stack is made anew, the queue was empty") == 0
    assert list(json.loads(lock.read_text())["stacks"]) == ["*/*/Renamed"]


def test_the_review_fails_on_what_the_lock_forbids(app, capsys):
    run("lock", *_(app(Jobs=QUEUE, Orders=TABLE)))
    path, lock = app(Jobs=QUEUE)

    code = run("review", path, "--lock", lock)

    assert code == 1
    assert "data-deleted" in capsys.readouterr().out
    assert run("review", path) == 0


UNUSABLE = [
    ("none.json", None, "there is no such lock; make one with 'cdk-standby lock cdk.out --file {lock}'"),
    ("half.json", '{"format": 1, "sta', "not valid JSON: Unterminated string starting at in line 1"),
    ("list.json", [], "not a lock of data, it has no 'stacks'; make one with 'cdk-standby lock'"),
    ("other.json", {"name": "x"}, "not a lock of data, it has no 'stacks'; make one with 'cdk-standby lock'"),
    (
        "history.json",
        {"format": 1, "stacks": {}, "history": "x"},
        "not a lock of data, it has no 'stacks'; make one with 'cdk-standby lock'",
    ),
    ("newer.json", {"format": 2, "stacks": {}}, "'format' is 2; this version reads 1"),
    ("stack.json", {"format": 1, "stacks": {"*/*/Shop": []}}, "stack '*/*/Shop' is no object"),
    (
        "entry.json",
        {"format": 1, "stacks": {"*/*/Shop": {"Jobs": {"path": "x"}}}},
        "'Jobs' of '*/*/Shop' is no locked resource: it needs a 'type', and texts beside it",
    ),
    (
        "text.json",
        {"format": 1, "stacks": {"*/*/Shop": {"Jobs": {"type": "AWS::SQS::Queue", "DeletionPolicy": 5}}}},
        "'Jobs' of '*/*/Shop' is no locked resource: it needs a 'type', and texts beside it",
    ),
    (
        "properties.json",
        {"format": 1, "stacks": {"*/*/Shop": {"Jobs": {"type": "AWS::SQS::Queue", "properties": []}}}},
        "'properties' of 'Jobs' of '*/*/Shop' is no object",
    ),
    (
        "because.json",
        {"format": 1, "stacks": {}, "history": [{"stack": "x", "resource": "y", "effect": "data-deleted"}]},
        "an entry of 'history' lacks one of stack, resource, effect, because",
    ),
    (
        "another.json",
        {"format": 1, "stacks": {"*/*/Blog": {"Jobs": {"type": "AWS::SQS::Queue"}}}},
        "the lock of another app: it knows Blog, and here are Shop",
    ),
]


@pytest.mark.parametrize(("name", "content", "message"), UNUSABLE, ids=[name for name, _, _ in UNUSABLE])
def test_an_unusable_lock_is_one_line_and_exit_code_2(app, written, complaint, name, content, message):
    path, _lock = app(Jobs=QUEUE)
    lock = written({} if content is None else {name: content}) / name

    code = run("review", path, "--lock", lock)

    assert code == 2
    assert complaint() == f"cdk-standby review: {lock}: {message.format(lock=lock)}\n"


@pytest.mark.parametrize(("name", "content", "message"), UNUSABLE[1:], ids=[name for name, _, _ in UNUSABLE[1:]])
def test_the_command_refuses_the_same_files_and_leaves_them_alone(app, written, complaint, name, content, message):
    path, _lock = app(Jobs=QUEUE)
    lock = written({name: content}) / name
    before = lock.read_bytes()

    code = run("lock", path, "--file", lock)

    assert code == 2
    assert complaint() == f"cdk-standby lock: {lock}: {message}\n"
    assert lock.read_bytes() == before


def test_no_templates_a_half_written_assembly_and_an_empty_reason_are_one_line(app, written, tmp_path, complaint):
    path, lock = app(Jobs=QUEUE)
    half = written({"out/cdk.out": "{}"}) / "out"

    codes = [
        run("lock", tmp_path / "none", "--file", lock),
        run("lock", half, "--file", lock),
        run("lock", path, "--file", lock, "--because", " "),
        run("lock", path, "--file", tmp_path / "no" / "such" / "folder.json"),
    ]

    assert codes == [2, 2, 2, 2]
    assert complaint().splitlines() == [
        f"cdk-standby lock: {tmp_path / 'none'}: there is no such file or folder",
        f"cdk-standby lock: {half}: a half-written cloud assembly, manifest.json is missing; run 'cdk synth' again",
        "cdk-standby lock: --because: say why; an empty reason helps nobody who reads it later",
        f"cdk-standby lock: {tmp_path / 'no' / 'such' / 'folder.json'}: cannot be written: No such file or directory",
    ]
    assert not lock.exists()


def _(files):
    """The arguments of an app's files."""
    path, lock = files
    return path, "--file", lock
