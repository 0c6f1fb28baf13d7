"""The review beside cfn-lint and checkov on the same templates: ours, one of 500 resources, 50 stacks in one."""

from __future__ import annotations

import subprocess
import sys
import venv
from collections.abc import Iterator, Sequence
from pathlib import Path

from measure import Contest

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
CHECKOV = ROOT / ".venv" / "checkov"
"""An environment of its own: what checkov needs and what the CDK needs have fought before."""
LARGE = (("one", "500 resources"), ("many", "50 stacks of 100 resources"))


def write_large(out: Path) -> None:
    """The templates that are larger than ours."""
    subprocess.run([sys.executable, str(ROOT / "tests/support/large_templates.py"), str(out)], check=True)


def contests(ours: Path, large: Path) -> Iterator[Contest]:
    """Each reviewer on each set of templates."""
    sets = [("our templates", ours, 0), *((says, large / name, 1) for name, says in LARGE)]
    for says, folder, turns in sets:
        for name, command in (("cfn-lint", cfn_lint(folder)), ("checkov", checkov(folder))):
            yield Contest(
                says=f"cdk-standby review / {name}, {says}",
                ours=[str(BIN / "cdk-standby"), "review", str(folder), "--format", "json"],
                theirs=command,
                aim="< 1.0",
                found=1,
                repetitions=turns,
            )


def cfn_lint(folder: Path) -> Sequence[str]:
    """It says by its exit code what it found: only what it calls an error, and there is none."""
    templates = sorted(map(str, folder.glob("*.template.json")))
    return [str(BIN / "cfn-lint"), "--non-zero-exit-code", "none", "--ignore-checks", "I", "--", *templates]


def checkov(folder: Path) -> Sequence[str]:
    """Offline, CloudFormation alone, and never failing for what it finds."""
    options = ["--framework", "cloudformation", "--soft-fail", "--compact", "--quiet", "--skip-download"]
    return [str(CHECKOV / "bin" / "checkov"), "-d", str(folder), *options]


def make_checkov() -> None:
    """Installs checkov once, beside the environment that everything else runs from."""
    if not (CHECKOV / "bin" / "checkov").exists():
        venv.create(CHECKOV, with_pip=True)
        subprocess.run([str(CHECKOV / "bin" / "pip"), "install", "--quiet", "checkov>=3.2,<4"], check=True)
