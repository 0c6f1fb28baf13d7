"""The GitHub Action: its script as a process of its own, against recorded events and a GitHub of a few lines."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
import tomllib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import yaml

from cdk_standby_review.integrations import github
from cdk_standby_review.integrations.comments import LARGEST, Comments, NotWritten

ROOT = Path(__file__).parents[2]
EVENTS = Path(__file__).parent / "events"
ACTION = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
STEPS = {step.get("id", step.get("name")): step for step in ACTION["runs"]["steps"]}
QUEUE = {"Resources": {"Jobs": {"Type": "AWS::SQS::Queue"}}}
LONE = {"Resources": {"Db": {"Type": "AWS::RDS::DBInstance", "Properties": {"Engine": "postgres"}}}}
BOT = {"login": "github-actions[bot]", "type": "Bot"}
MARK = "<!-- cdk-standby review -->"


class Server(ThreadingHTTPServer):
    """The comments of pull requests, as GitHub's API keeps them."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answers)
        self.comments = []
        self.asked = []
        self.troubles = []

    def says(self, status, message="", **headers):
        """Trouble for the next request, in place of its answer."""
        self.troubles.append((status, message, headers))

    def has(self, body, user=BOT):
        self.comments.append({"id": len(self.comments) + 1, "body": body, "user": user})

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"


class Answers(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self):
        self.server.asked.append((self.command, self.path, self.headers["Authorization"]))
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"] or 0)) or "null")
        if self.server.troubles:
            status, message, headers = self.server.troubles.pop(0)
            return self.answer(status, {"message": message}, headers)
        if self.command == "POST":
            self.server.has(body["body"])
        if self.command == "PATCH":
            self.server.comments[int(self.path.split("/")[-1]) - 1]["body"] = body["body"]
        if self.command == "GET":
            asked = re.fullmatch(r"/repos/octo-org/shop/issues/\d+/comments\?per_page=(\d+)&page=(\d+)", self.path)
            size, page = map(int, asked.groups())
            return self.answer(200, self.server.comments[size * (page - 1) : size * page])
        return self.answer(200, {"html_url": f"https://github.com/octo-org/shop/pull/7#{self.command.lower()}"})

    do_POST = do_PATCH = do_GET  # noqa: N815

    def answer(self, status, body, headers=()):
        self.send_response(status)
        for name, value in dict(headers).items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *_):
        pass


@pytest.fixture
def hub():
    with Server() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def runner(tmp_path, hub):
    """What the runner sets for every step, and the inputs of one."""

    def variables(event="pull_request", **inputs):
        return {
            "RUNNER_TEMP": str(tmp_path / "temp"),
            "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_API_URL": hub.url,
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_REPOSITORY": "octo-org/shop",
            "GITHUB_RUN_ID": "42",
            "GITHUB_SHA": "f" * 40,
            "GITHUB_EVENT_PATH": str(EVENTS / f"{event}.json"),
            "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
            "GITHUB_OUTPUT": str(tmp_path / "output.txt"),
            "INPUT_TOKEN": "ghs_test",
            "INPUT_COMMENT": "true",
            **{f"INPUT_{name.upper()}": str(value) for name, value in inputs.items()},
        }

    return variables


@pytest.fixture
def told(tmp_path):
    """The summary and the outputs, as the runner reads them."""

    def read():
        found = re.findall(
            r"^([\w-]+)<<(\w+)\n(.*?)\n\2$", (tmp_path / "output.txt").read_text(), re.MULTILINE | re.DOTALL
        )
        return (tmp_path / "summary.md").read_text(), {name: value for name, _, value in found}

    return read


def run_step(environment, cwd):
    """The step of action.yml, by the shell that it names and with nothing in its environment but what it is given."""
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", STEPS["review"]["run"]],
        env={"PATH": os.environ["PATH"], "PYTHON": sys.executable, **environment},
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_pull_request_gets_one_comment_a_summary_and_files(runner, told, hub, written):
    folder = written({"head/t.json": LONE, "base/t.json": QUEUE | LONE})

    done = run_step(runner(path="head", against="base", fail_on="missed"), folder)

    summary, outputs = told()
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("No objectives are promised, so there is no verdict; ")
    assert summary.startswith("## Resilience review\n\n**No objectives are promised")
    assert [c["body"].partition("\n\n<sub>") for c in hub.comments] == [
        (
            f"{MARK}\n{summary.strip()}",
            "\n\n<sub>",
            "Commit 0a1b2c3d4e5f, [run](https://github.com/octo-org/shop/actions/runs/42)</sub>\n",
        )
    ]
    assert {name: outputs[name] for name in ("verdict", "exit-code", "comment-url", "changes")} == {
        "verdict": "not promised",
        "exit-code": "0",
        "comment-url": "https://github.com/octo-org/shop/pull/7#post",
        "changes": "0",
    }
    assert int(outputs["findings"]) >= int(outputs["errors"]) > 0
    assert json.loads(Path(outputs["json"]).read_text())["compared"] is True
    assert json.loads(Path(outputs["sarif"]).read_text())["version"] == "2.1.0"
    assert Path(outputs["markdown"]).read_text().strip() == summary.strip()


def test_what_a_stranger_names_runs_nothing_and_reads_as_it_is(runner, told, hub, written):
    """A path with spaces, quotes and a command, in a branch of such a name; and a module that hides the library's."""
    hostile = "cdk out $(touch pwned) `touch pwned`; touch pwned \"'&&.json"
    folder = written({hostile: QUEUE, "argparse.py": "open('pwned', 'w')", "yaml.py": "open('pwned', 'w')"})

    done = run_step(runner(path=hostile, folder="re ports", comment_name="shop $(touch pwned)"), folder)
    again = run_step(runner(path=hostile, folder="re ports"), folder)

    assert (done.returncode, again.returncode) == (2, 0)
    assert not (folder / "pwned").exists()
    assert done.stdout.endswith(
        "::error::cdk-standby review: comment-name is 'shop $(touch pwned)'; allowed: up to 60 letters, digits, "
        "spaces and ._/-, the first a letter or digit, no two dashes together\n"
    )
    assert told()[1]["json"] == "re ports/review.json"
    assert json.loads((folder / "re ports" / "review.json").read_text())["templates"][0]["file"] == hostile


def test_the_script_needs_nothing_but_pythons_own_library(runner, written):
    """No CDK, no boto3, not even PyYAML: `-S` leaves out what is installed."""
    folder = written({"t.json": QUEUE})
    start = "import runpy, sys; sys.path[:0] = sys.argv[1:]; "
    start += "runpy.run_module('cdk_standby_review.integrations.github', run_name='__main__')"

    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", start, str(ROOT / "review")],
        env=runner("push", path="t.json", folder="found"),
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )

    driver = json.loads((folder / "found" / "review.sarif").read_text())["runs"][0]["tool"]["driver"]
    assert (done.returncode, done.stderr) == (0, "")
    assert driver["semanticVersion"] == tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]


def test_a_second_run_writes_the_comment_anew(runner, hub, written):
    folder = written({"a.json": QUEUE, "b.json": LONE})

    codes = [github.main(runner(path=folder / file)) for file in ("a.json", "b.json", "b.json")]

    assert codes == [0, 1, 1]
    assert len(hub.comments) == 1
    assert "rds-needs-standby" in hub.comments[0]["body"]
    assert {authorization for _, _, authorization in hub.asked} == {"Bearer ghs_test"}


def test_each_name_has_a_comment_and_a_folder_of_its_own(runner, told, hub, written):
    folder = written({"t.json": QUEUE})

    for name in ("", "shop eu", "bank", "shop eu"):
        github.main(runner(path=folder / "t.json", comment_name=name))

    assert [c["body"].splitlines()[:2] for c in hub.comments] == [
        [MARK, "## Resilience review"],
        ["<!-- cdk-standby review: shop eu -->", "## Resilience review: shop eu"],
        ["<!-- cdk-standby review: bank -->", "## Resilience review: bank"],
    ]
    assert Path(told()[1]["json"]).parent.name == "cdk-standby-review-shop-eu"


def test_the_comment_is_found_on_any_page_and_nobody_elses_is_touched(runner, hub, written):
    folder = written({"t.json": QUEUE})
    for number in range(250):
        hub.has(f"comment {number}")
    hub.comments[3] = {"id": 4, "body": f"{MARK}\nall is fine, trust me", "user": {"login": "eve", "type": "User"}}
    hub.comments[240]["body"] = f"{MARK}\nold"

    github.main(runner(path=folder / "t.json"))

    assert [(method, path[-6:]) for method, path, _ in hub.asked] == [
        ("GET", "page=1"),
        ("GET", "page=2"),
        ("GET", "page=3"),
        ("PATCH", "ts/241"),
    ]
    assert len(hub.comments) == 250
    assert hub.comments[3]["body"].endswith("trust me")


def test_a_fork_may_not_comment_and_does_not_fail(runner, told, hub, written, capsys):
    folder = written({"t.json": QUEUE})
    hub.says(403, "Resource not accessible by integration")

    code = github.main(runner("pull_request_from_fork", path=folder / "t.json"))

    summary, outputs = told()
    note = (
        "No comment was written: GitHub answers 403 Forbidden: the token may not write comments here, as in pull "
        "requests from forks."
    )
    assert code == 0
    assert summary.endswith(f"\n\n{note}\n")
    assert capsys.readouterr().out.splitlines()[0] == f"::warning::{note}"
    assert outputs["comment-url"] == ""
    assert len(hub.asked) == 1


@pytest.mark.parametrize("inputs", [{"event": "push"}, {"comment": "false"}, {"event": "none"}])
def test_no_comment_where_none_is_wanted(inputs, runner, told, hub, written):
    folder = written({"t.json": QUEUE})

    code = github.main(runner(path=folder / "t.json", **inputs))

    assert (code, hub.asked, told()[1]["comment-url"]) == (0, [], "")


@pytest.mark.parametrize(
    ("status", "message", "headers"),
    [
        (500, "", {"Retry_After": "0"}),
        (502, "", {"Retry_After": "0"}),
        (403, "You have exceeded a secondary rate limit", {"Retry_After": "0"}),
        (429, "", {"X_RateLimit_Remaining": "0", "X_RateLimit_Reset": "1"}),
    ],
)
def test_what_passes_is_waited_for(status, message, headers, runner, told, hub, written):
    folder = written({"t.json": QUEUE})
    hub.says(status, message, **headers)

    github.main(runner(path=folder / "t.json"))

    assert [method for method, _, _ in hub.asked] == ["GET", "GET", "POST"]
    assert told()[1]["comment-url"].endswith("#post")


def comments(hub, slept, token="ghs_test"):
    return Comments(hub.url, "octo-org/shop", 7, token, slept.append)


def test_what_does_not_pass_is_given_up(hub):
    slept = []
    for _ in range(4):
        hub.says(503)

    with pytest.raises(NotWritten) as stopped:
        comments(hub, slept).write(MARK, "text")

    assert str(stopped.value) == "GitHub answers 503 Service Unavailable"
    assert slept == [2.0, 4.0, 8.0]


def test_nobody_waits_for_an_hour(hub):
    slept = []
    hub.says(429, Retry_After="3600")

    with pytest.raises(NotWritten) as stopped:
        comments(hub, slept).write(MARK, "text")

    assert (str(stopped.value), slept) == ("GitHub answers 429 Too Many Requests: too many requests", [])


def test_a_comment_whose_answer_was_lost_is_not_written_twice(hub):
    """The request arrived and the answer did not: the next attempt looks again."""
    lost = []

    class Lossy(Comments):
        def _ask(self, method, path, said=None):
            answer = super()._ask(method, path, said)
            if method == "POST" and not lost:
                lost.append(path)
                hub.says(504)
                return super()._ask("GET", path)
            return answer

    address = Lossy(hub.url, "octo-org/shop", 7, "ghs_test", [].append).write(MARK, f"{MARK}\ntext")

    assert address.endswith("#patch")
    assert len(hub.comments) == 1


def test_a_github_that_is_not_there_is_told(hub):
    hub.server_close()
    slept = []

    with pytest.raises(NotWritten) as stopped:
        comments(hub, slept).write(MARK, "text")

    assert re.sub(r"\d+", "N", str(stopped.value)) == "GitHub does not answer: [Errno N] Connection refused"
    assert len(slept) == 3


def test_input_that_cannot_be_read_is_told_in_the_comment_too(runner, told, hub, tmp_path, capsys):
    code = github.main(runner(path=tmp_path / "none`x\n::error::%0A"))

    summary, outputs = told()
    assert (code, outputs["verdict"], outputs["exit-code"]) == (2, "unreadable", "2")
    why = f"{tmp_path}/none'x ::error::%0A: there is no such file or folder"
    assert summary == f"## Resilience review\n\nThere is none, the input cannot be read: `{why}`\n"
    assert f"`{why}`" in hub.comments[0]["body"]
    line = f"::error::cdk-standby review: {tmp_path}/none`x ::error::%250A: there is no such file or folder\n"
    assert capsys.readouterr().out == line


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ({"path": ""}, "path is empty; it names a cdk.out folder, a folder of templates, or one template"),
        ({"fail_on": "all"}, "fail-on is 'all'; allowed: error, warning, replacement, missed, never"),
        ({"formats": "json,pdf text"}, f"formats: unknown pdf, text; known: {', '.join(github.FILES)}"),
        ({"objectives": "{}/none.json"}, "{}/none.json: there is no such file"),
        ({"prices": "{}/none.json"}, "{}/none.json: there is no such file"),
        ({"comment": "no"}, "comment is 'no'; allowed: true, false"),
        ({"folder": "{}/t.json/x"}, "{}/t.json/x/review.md: cannot be written: Not a directory"),
    ],
)
def test_an_input_that_makes_no_sense_is_told_in_one_line(inputs, message, runner, written, capsys):
    folder = written({"t.json": QUEUE})
    given = {"path": folder / "t.json"} | {name: value.format(folder) for name, value in inputs.items()}

    code = github.main(runner("push", **given))

    assert code == 2
    assert capsys.readouterr().out == f"::error::cdk-standby review: {message.format(folder)}\n"


def test_a_report_of_any_length_fits_into_a_comment(runner, hub, make, written):
    many = {f"Database{n}": make.resource("AWS::RDS::DBInstance", Engine="postgres") for n in range(200)}
    folder = written({"t.json": {"Resources": many}})

    github.main(runner(path=folder / "t.json", comment_name="x" * 60))

    body = hub.comments[0]["body"]
    assert 30_000 < len(body) <= LARGEST
    assert body.count("<details>") == body.count("</details>")
    assert "so that it fits into a comment" in body
    assert body.endswith("</sub>\n")


def test_every_input_and_output_of_the_action_is_used_and_described():
    scripts = [step.get("env", {}) for step in STEPS.values()] + [step.get("with", {}) for step in STEPS.values()]
    used = {name for each in scripts for value in each.values() for name in re.findall(r"inputs\.([\w-]+)", str(value))}
    env = STEPS["review"]["env"]

    assert used == set(ACTION["inputs"])
    assert all(len(each["description"]) > 10 for each in [*ACTION["inputs"].values(), *ACTION["outputs"].values()])
    assert {f"INPUT_{name.upper().replace('-', '_')}" for name in used - {"python-version"}} == set(env) - {"PYTHON"}
    assert {o: v["value"] for o, v in ACTION["outputs"].items()} == {
        name: f"${{{{ steps.review.outputs.{name} }}}}" for name in ACTION["outputs"]
    }


def test_every_script_of_the_action_names_its_shell_and_holds_no_expression():
    scripts = [step for step in STEPS.values() if "run" in step]

    assert len(scripts) == 2
    assert [step["shell"] for step in scripts] == ["bash", "bash"]
    assert [step["run"] for step in scripts if "${{" in step["run"]] == []


def test_actions_of_others_are_pinned_to_a_commit():
    used = re.findall(r"uses: *(.*)", (ROOT / "action.yml").read_text())

    assert used == [use for use in used if re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", use)]
    assert len(used) == 1


def test_where_templates_stand_is_an_input(runner, told, hub, written):
    folder = written({"a/t.json": QUEUE, "b/t.json": QUEUE})

    code = github.main(runner(path=folder, regions="eu-west-1\nb/*=eu-central-1", formats="json"))

    found = json.loads((folder / "temp/cdk-standby-review/review.json").read_text("utf-8"))
    assert (code, [t["region"] for t in found["templates"]]) == (0, ["eu-west-1", "eu-central-1"])
