"""The pre-commit hook: its manifest by the rules that pre-commit documents, and its entry as pre-commit calls it."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from cdk_standby_review.integrations.pre_commit import main

ROOT = Path(__file__).parents[2]
(HOOK,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
REQUIRED = {"id", "name", "entry", "language"}
OPTIONAL = {"files", "types", "require_serial", "description", "additional_dependencies"}
QUEUE = {"Resources": {"Jobs": {"Type": "AWS::SQS::Queue"}}}
LONE = {"Resources": {"Db": {"Type": "AWS::RDS::DBInstance", "Properties": {"Engine": "postgres"}}}}


def test_the_manifest_says_what_pre_commit_asks_for():
    assert set(HOOK) >= REQUIRED
    assert set(HOOK) <= REQUIRED | OPTIONAL
    assert all(isinstance(HOOK[name], str) for name in REQUIRED | {"files", "description"})
    assert HOOK["require_serial"] is True  # several at once would each see a part of the templates


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("shop.template.json", True),
        ("infra/shop.template.yaml", True),
        ("shop.template", True),
        ("templates/shop.yml", True),
        ("infra/cloudformation/network/vpc.json", True),
        ("template.yaml", True),
        ("package.json", False),
        ("src/templates.py", False),
        ("my-templates/shop.yaml", False),
        ("charts/shop/values.yaml", False),
    ],
)
def test_it_is_asked_about_files_that_may_be_templates(name, asked):
    assert bool(re.search(HOOK["files"], name)) is asked


def test_the_entry_runs_as_pre_commit_calls_it(written):
    """The entry's words, the arguments, then the files of the commit, from the root of the repository."""
    folder = written(
        {"a/template.json": LONE, "b/template.json": QUEUE, "templates/deploy.yaml": "kind: {{ .Values.kind }}\n"}
    )
    python = Path(sys.executable).parent
    words = [*shlex.split(HOOK["entry"]), "--fail-on", "error"]

    done = subprocess.run(
        [*words, "a/template.json", "b/template.json", "templates/deploy.yaml"],
        cwd=folder,
        env={"PATH": f"{python}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (1, "")
    assert "error: rds-needs-standby a/template.json/Db: MultiAZ is off" in done.stdout


def test_hook_and_action_install_the_pyyaml_that_was_tested():
    tested = re.search(r"^PyYAML==.*$", (ROOT / "constraints.txt").read_text("utf-8"), re.MULTILINE)

    assert tested
    assert HOOK["additional_dependencies"] == [tested[0]]
    assert re.findall(r"PyYAML==[\d.]+", (ROOT / "action.yml").read_text("utf-8")) == [tested[0]]


def test_files_that_are_no_templates_are_no_reason_to_stop(written, capsys):
    folder = written({"templates/x.yaml": "a: {{ b }}", "templates/y.json": {"name": "web"}})

    code = main([str(folder / "templates" / name) for name in ("x.yaml", "y.json")])

    assert code == 0
    assert capsys.readouterr() == ("", "")


def test_a_template_that_cannot_be_read_is_told_in_one_line(written, complaint):
    folder = written({"x.template.json": '{"Resources": '})

    code = main([str(folder / "x.template.json")])

    assert code == 2
    assert complaint() == (f"cdk-standby review: {folder}/x.template.json: not valid JSON: Expecting value in line 1\n")


def test_a_folder_is_reviewed_whole_whatever_changed_in_it(written, capsys):
    folder = written({"app/a.json": QUEUE, "app/b.json": LONE})

    codes = [main([str(folder / "app" / "a.json")]), main(["--folder", str(folder / "app"), "app/a.json"])]

    assert codes == [0, 1]
    assert "rds-needs-standby" in capsys.readouterr().out


def test_no_files_are_nothing_to_review():
    assert main([]) == 0
