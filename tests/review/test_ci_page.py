"""docs/ci.md: what it tells people to paste is valid, and names only what is there."""

from __future__ import annotations

import argparse
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from cdk_standby_review.cli import add_command
from cdk_standby_review.integrations import pre_commit

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "ci.md").read_text("utf-8")
BLOCKS = [yaml.safe_load(block) for block in re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)]
WORKFLOW, STEPS, GITLAB, HOOK, FOLDER, LOCAL = BLOCKS
ACTION = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
OURS = [
    step
    for step in [*WORKFLOW["jobs"]["review"]["steps"], *STEPS]
    if step.get("uses", "").startswith("OWNER/cdk-standby")
]


def test_the_workflows_give_the_action_inputs_that_it_has():
    assert len(OURS) == 2
    for step in OURS:
        assert {"path"} <= set(step["with"]) <= set(ACTION["inputs"])


def test_the_workflow_has_the_permission_that_the_comment_needs_and_no_more():
    assert WORKFLOW["permissions"] == {"contents": "read", "pull-requests": "write"}
    assert WORKFLOW[True] == "pull_request"  # YAML 1.1 reads `on` so; GitHub does not


def test_the_steps_use_outputs_that_the_action_has():
    used = set(re.findall(r"steps\.review\.outputs\.([\w-]+)", PAGE))

    assert used == {"sarif", "html"}
    assert used <= set(ACTION["outputs"])


def test_the_table_of_inputs_is_whole():
    table = set(re.findall(r"`([\w-]+)`", " ".join(re.findall(r"^\| (`.*?) \|", PAGE, re.MULTILINE))))

    assert table == set(ACTION["inputs"]) - {"path", "against"}


def commands():
    return [line for line in GITLAB["resilience"]["script"] if line.startswith("cdk-standby ")]


@pytest.mark.parametrize("line", commands())
def test_the_job_of_gitlab_runs_commands_that_there_are(line):
    parser = argparse.ArgumentParser(exit_on_error=False)
    add_command(parser.add_subparsers(required=True))

    asked = parser.parse_args(shlex.split(line)[1:])

    assert asked.path == "templates"


def test_the_command_needs_nothing_but_pythons_own_library(written):
    """As `pip install --no-deps` leaves it: no CDK, no AWS library. `-S` leaves out what is installed."""
    folder = written({"t.json": {"Resources": {"Jobs": {"Type": "AWS::SQS::Queue"}}}})
    start = "import sys; sys.path[:0] = sys.argv[1:3]; from cdk_standby_runbooks.cli import main; "
    start += "sys.exit(main(sys.argv[3:]))"
    roots = [str(ROOT / "review"), str(ROOT / "runbooks")]

    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", start, *roots, "review", "t.json", "--format", "gitlab"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "[]\n", "")


def test_the_job_of_gitlab_keeps_what_it_writes():
    artifacts = GITLAB["resilience"]["artifacts"]
    written = {words[words.index("--output") + 1] for words in map(shlex.split, commands())}

    assert written == {artifacts["reports"]["codequality"], *artifacts["paths"]}
    assert artifacts["when"] == "always"


def test_the_hooks_are_those_of_the_manifest_and_their_options_are_taken(written):
    manifest = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    hooks = [config["repos"][0]["hooks"][0] for config in (HOOK, FOLDER)]

    assert [hook["id"] for hook in hooks] == [manifest[0]["id"]] * 2
    assert pre_commit.parser().parse_args([*hooks[1]["args"], "a.json"]).folder == "templates"
    assert LOCAL["repos"][0]["hooks"][0]["pass_filenames"] is False
