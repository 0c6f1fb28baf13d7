"""The demo, phase by phase."""

from __future__ import annotations

import contextlib
import io
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ..drill import Drill, rehearse, store
from ..drill_report import drill_lines
from ..errors import DemoFailed
from ..local_aws import LocalAws
from ..plan import Plan
from ..show import took
from ..source import plan_from_file
from .deployed import bootstrap, deploy, environments, prepare, stack_names
from .display import Display
from .processes import ended_by_signals, run
from .tools import cdk_cli, offline, repository, with_tools

# It has a command, and no module that runs; a command need not be on the PATH.
CFN_LINT = "from cfnlint.runner import main; main()"
SYNTH, VALIDATE, START = "synth", "validate", "local AWS"
BOOTSTRAP, DEPLOY, REVIEW, DRILL = "bootstrap", "deploy", "review", "drill"
PHASES = (SYNTH, VALIDATE, START, BOOTSTRAP, DEPLOY, REVIEW, DRILL)


def tell_story(out: Path, *, strategy: str = "warm-standby", keep: bool = False) -> int:
    """Run all phases, print the review and the timeline, and leave nothing running behind.

    Args:
        out: where the review and the drill's times are written.
        strategy: which one of the app: one that something stands ready to be failed over to.
        keep: keep the work folder.

    Raises:
        RunbookError: a phase failed; everything that was started has been ended.
    """
    began = time.monotonic()
    display = Display(PHASES)
    with ended_by_signals(), _work_folder(keep) as folder:
        with display.whole():
            demo = Demo(folder, out, display, strategy)
            demo.run()
        print(demo.review_text)
        assert demo.drill is not None
        print("\n".join(drill_lines(demo.drill)))
    print(f"\nreview: {demo.review_file}; times: {demo.drill_file}")
    print(f"the whole demo took {took(time.monotonic() - began)} on this machine: {display.summary()}")
    return 0


@contextmanager
def _work_folder(keep: bool) -> Generator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="cdk-standby-demo-"))
    try:
        yield folder
    finally:
        if keep:
            print(f"kept: {folder}", file=sys.stderr)
        else:
            shutil.rmtree(folder, ignore_errors=True)


class Demo:
    """What one phase makes and a later one needs."""

    def __init__(self, folder: Path, out: Path, display: Display, strategy: str) -> None:
        self._folder = folder
        self._strategy = strategy
        self._assembly = folder / "cdk.out"
        self._display = display
        self.review_file = out / "demo-review.md"
        self.drill_file = out / "demo-drill.json"
        self.review_text = ""
        self.drill: Drill | None = None

    def run(self) -> None:
        """All phases; the local AWS lives around all but the first two."""
        show = self._display
        with show.phase(SYNTH):
            self._synth()
        with show.phase(VALIDATE):
            self._validate()
        plan = self._plan()
        aws = LocalAws(account=plan.account, region=plan.primary)
        try:
            with show.phase(START):
                aws.start()
                prepare(aws, plan)
                show.say(f"listens on {aws.endpoint}, on this machine only")
            self._on(aws, plan)
        finally:
            aws.stop()

    def _on(self, aws: LocalAws, plan: Plan) -> None:
        show, env = self._display, with_tools(aws.environment())
        with show.phase(BOOTSTRAP):
            bootstrap(self._assembly, env, self._folder, self._hear_bootstrap)
            show.say(", ".join(environments(self._assembly)))
        with show.phase(DEPLOY):
            deploy(self._assembly, env, self._folder, self._hear_deploy)
            show.say(f"{len(stack_names(self._assembly))} stacks by the CDK CLI")
        with show.phase(REVIEW):
            self._review()
        with show.phase(DRILL):
            self.drill = rehearse(plan, aws.endpoint, self._hear_drill, deployed=True)
            store(self.drill, self.drill_file)
            show.say("failed over, failed back, all as before")

    def _synth(self) -> None:
        home = self._folder / "home"
        home.mkdir()
        chosen = ["-c", f"strategy={self._strategy}"]
        command = [str(cdk_cli(repository())), "synth", "--quiet", "--output", str(self._assembly), *chosen]
        run(command, cwd=repository(), env=offline(home), log=self._folder / "synth.log")
        self._display.say(f"{len(stack_names(self._assembly))} stacks in {len(environments(self._assembly))} Regions")

    def _validate(self) -> None:
        reports = _validation_reports(self._assembly)
        templates = sorted(str(path) for path in self._assembly.rglob("*.template.json"))
        command = [sys.executable, "-c", CFN_LINT, "--non-zero-exit-code", "warning", *templates]
        run(command, cwd=self._folder, env=offline(self._folder / "home"), log=self._folder / "cfn-lint.log")
        self._display.say(f"{reports}; cfn-lint: no findings in {len(templates)} templates")

    def _review(self) -> None:
        self.review_text = _reviewed(self._assembly, "text")
        self.review_file.parent.mkdir(parents=True, exist_ok=True)
        self.review_file.write_text(_reviewed(self._assembly, "markdown"))
        self._display.say(f"written to {self.review_file}")

    def _plan(self) -> Plan:
        plans = sorted(self._assembly.glob("*.plan.json"))
        if len(plans) != 1:
            raise DemoFailed(f"synth made {len(plans)} recovery plans; the demo rehearses exactly one")
        return plan_from_file(plans[0])

    def _hear_drill(self, phase: str, says: str, done: bool) -> None:
        self._display.say(f"{phase}: {says}", line=done)

    def _hear_bootstrap(self, line: str) -> None:
        if "bootstrapped" in line:
            self._display.say(line.split("Environment", 1)[-1].strip(), line=True)

    def _hear_deploy(self, line: str) -> None:
        if line.startswith("✅"):
            self._display.say(line.lstrip("✅ "), line=True)
        elif "|" in line:
            self._display.say(line)


def _validation_reports(assembly: Path) -> str:
    """What the CDK and every plugin of the app wrote at synth; a violation would have stopped it there."""
    try:
        reports: list[Any] = json.loads((assembly / "validation-report.json").read_text())["pluginReports"]
    except (OSError, ValueError, KeyError):
        return "the CDK wrote no validation report"
    return "; ".join(_validated(report) for report in reports)


def _validated(report: Any) -> str:
    acknowledged = len(report.get("suppressedViolations", []))
    found = len(report.get("violations", []))
    return f"{report['pluginName']}: {found or 'no'} findings, {acknowledged} acknowledged with a reason"


def _reviewed(assembly: Path, form: str) -> str:
    """The review as its own command gives it; findings are shown, and do not stop a demo."""
    from cdk_standby_review.cli import UNREADABLE  # noqa: PLC0415

    from ..cli import main  # noqa: PLC0415

    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        code = main(["review", str(assembly), "--format", form, "--fail-on", "never"])
    if code == UNREADABLE:
        raise DemoFailed(f"the review cannot read {assembly}")
    return said.getvalue()
