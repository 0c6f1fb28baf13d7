"""The command `cdk-standby review`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from ._review import Review, review
from .errors import UnreadableInput
from .findings import Severity
from .promises import read_promises
from .report import FORMATS
from .verdict import Status

FINE, FOUND, UNREADABLE = 0, 1, 2
FAIL_ON = ("error", "warning", "never")


def add_command(commands: Any) -> argparse.ArgumentParser:
    """Add `review` to what `add_subparsers` gives; `run` of the parsed arguments takes them and gives the exit code."""
    parser: argparse.ArgumentParser = commands.add_parser(
        "review",
        help="say what faults would do to CloudFormation templates, before they are deployed",
        description="Reads a cloud assembly (cdk.out), a folder of templates or one template. Needs no AWS account.",
        epilog="exit codes: 0 fine, 1 findings or an objective missed, 2 the input cannot be read",
    )
    parser.add_argument("path", metavar="PATH", help="a cdk.out folder, a folder of templates, or one template")
    parser.add_argument(
        "--objectives", metavar="FILE", help="what is promised, as JSON; else what the templates promise"
    )
    parser.add_argument("--lock", metavar="FILE", help="the data that must stay, as 'cdk-standby lock' wrote it down")
    parser.add_argument("--format", choices=sorted(FORMATS), default="text", help="how to say it (default: text)")
    parser.add_argument("--output", metavar="FILE", help="write to a file instead of standard output")
    parser.add_argument(
        "--fail-on", choices=FAIL_ON, default="error", help="what makes the exit code 1 (default: error)"
    )
    parser.set_defaults(run=run)
    return parser


def run(arguments: argparse.Namespace) -> int:
    """Review, report, and judge."""
    try:
        objectives, assumptions = read_promises(arguments.objectives) if arguments.objectives else (None, None)
        found = review(arguments.path, objectives, assumptions, arguments.lock)
        _write(FORMATS[arguments.format](found), arguments.output)
    except UnreadableInput as error:
        print(f"cdk-standby review: {error}", file=sys.stderr)
        return UNREADABLE
    return exit_code(found, arguments.fail_on)


def exit_code(found: Review, fail_on: str) -> int:
    """0 when nothing is as bad as what was asked to fail, 1 otherwise."""
    if fail_on == "never":
        return FINE
    bad = [Severity.ERROR] if fail_on == "error" else [Severity.ERROR, Severity.WARNING]
    return FOUND if found.worst(*bad) or found.status in (Status.AT_RISK, Status.MISSED) else FINE


def _write(text: str, output: str | None) -> None:
    if output is None:
        sys.stdout.write(text)
        return
    try:
        Path(output).write_text(text, encoding="utf-8")
    except OSError as error:
        raise UnreadableInput(f"{output}: cannot be written: {error.strerror}") from None
