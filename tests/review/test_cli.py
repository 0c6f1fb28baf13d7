"""The command `review`: formats, files, exit codes."""

from __future__ import annotations

import argparse
import json

import pytest

from cdk_standby_review.cli import add_command

BAD = {"Resources": {"Db": {"Type": "AWS::RDS::DBInstance", "Properties": {"MultiAZ": True}}}}
WORRYING = {"Resources": {"Bucket": {"Type": "AWS::S3::Bucket"}}}
FINE = {"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}


def run(*arguments):
    parser = argparse.ArgumentParser()
    add_command(parser.add_subparsers(required=True))
    options = parser.parse_args(["review", *map(str, arguments)])
    return options.run(options)


@pytest.mark.parametrize(
    ("template", "fail_on", "code"),
    [
        (FINE, "error", 0),
        (WORRYING, "error", 0),
        (WORRYING, "warning", 1),
        (BAD, "error", 1),
        (BAD, "never", 0),
    ],
)
def test_the_exit_code_is_what_was_asked_to_fail(template, fail_on, code, written):
    folder = written({"t.json": template})

    assert run(folder, "--fail-on", fail_on) == code


def test_a_missed_objective_fails(written):
    folder = written({"t.json": FINE | {"Resources": {"Table": {"Type": "AWS::SQS::Queue"}}}})
    objectives = written({"o.txt": '{"region": {"rto": 900, "rpo": 60}}'}) / "o.txt"

    assert run(folder, "--objectives", objectives) == 1


def test_json_goes_to_standard_output_and_nothing_else(written, capsys):
    folder = written({"t.json": FINE})

    run(folder, "--format", "json")

    out, err = capsys.readouterr()
    assert json.loads(out)["verdict"] == "not promised"
    assert err == ""


def test_the_report_goes_to_a_file(written, capsys):
    folder = written({"t.json": FINE})

    run(folder, "--format", "markdown", "--output", folder / "review.md")

    assert (folder / "review.md").read_text().startswith("## Resilience review\n")
    assert capsys.readouterr().out == ""


UNUSABLE = [
    ("{}/nothing", [], "{}/nothing: there is no such file or folder"),
    ("{}/t.json", ["--objectives", "{}/none.json"], "{}/none.json: there is no such file"),
    (
        "{}/t.json",
        ["--objectives", "{}/fault.txt"],
        "{}/fault.txt: unknown fault planet; known: account, deletion, instance, region, zone",
    ),
    (
        "{}/t.json",
        ["--objectives", "{}/half.txt"],
        "{}/half.txt: each objective needs 'rto' and 'rpo' in seconds; 'rpo' is missing for 'region'",
    ),
    (
        "{}/t.json",
        ["--objectives", "{}/words.txt"],
        "{}/words.txt: 'rto' of 'region' is 'soon'; allowed: a number of seconds",
    ),
    (
        "{}/t.json",
        ["--objectives", "{}/list.txt"],
        '{}/list.txt: objectives look like {{"region": {{"rto": 900, "rpo": 60}}}}, in seconds',
    ),
    (
        "{}/t.json",
        ["--objectives", "{}/people.txt"],
        "{}/people.txt: unknown assumption sleep; known: detect, decide, validate",
    ),
    (
        "{}/t.json",
        ["--objectives", "{}/times.txt"],
        "{}/times.txt: assumption 'decide' is 'quick'; allowed: seconds, or [low, high] in seconds",
    ),
    (
        "{}/t.json",
        ["--output", "{}/no/such/folder.md"],
        "{}/no/such/folder.md: cannot be written: No such file or directory",
    ),
]


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"region": 5}, "each objective needs 'rto' and 'rpo' in seconds; 'rto' is missing for 'region'"),
        ({"region": {"rto": 9, "rpo": "nan"}}, "'rpo' of 'region' is 'nan'; allowed: a number of seconds"),
        (
            {"region": {"rto": 0, "rpo": 1}},
            "'rto' is 0:00:00; allowed: more than zero, because nothing recovers in no time at all",
        ),
        (["x"], 'objectives are [\'x\']; allowed: {"region": {"rto": 900, "rpo": 60}}, in seconds'),
    ],
)
def test_nonsense_in_the_metadata_of_a_template_is_told_with_its_file(said, message, written, complaint):
    folder = written({"t.json": FINE | {"Metadata": {"cdk-standby": {"objectives": said}}}})

    code = run(folder)

    assert code == 2
    assert complaint() == f"cdk-standby review: t.json: Metadata 'cdk-standby': {message}\n"


@pytest.mark.parametrize(("path", "options", "message"), UNUSABLE)
def test_unusable_input_is_one_line_and_exit_code_2(path, options, message, written, complaint):
    folder = written(
        {
            "t.json": FINE,
            "fault.txt": {"planet": {"rto": 1, "rpo": 1}},
            "half.txt": {"region": {"rto": 1}},
            "words.txt": {"region": {"rto": "soon", "rpo": 1}},
            "list.txt": [],
            "people.txt": {"assumptions": {"sleep": 8}},
            "times.txt": {"assumptions": {"decide": "quick"}},
        }
    )

    code = run(path.format(folder), *(option.format(folder) for option in options))

    assert code == 2
    assert complaint() == f"cdk-standby review: {message.format(folder)}\n"


def test_given_times_of_people_change_the_estimate(make, written, capsys):
    folder = written({f"{t.name}.json": t.body for t in make.warm_standby()})
    promises = written({"o.txt": {"region": {"rto": 600, "rpo": 60}, "assumptions": {"decide": [0, 10]}}}) / "o.txt"

    code = run(folder, "--objectives", promises, "--fail-on", "warning")

    assert code == 0
    assert capsys.readouterr().out.startswith("All objectives are met; no findings;")
