"""The command `cdk-standby review`."""

from __future__ import annotations

import argparse
import sys
import traceback
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from ._review import Review, review_templates
from .acknowledgements import check_rules, read_acknowledgements
from .changes import Kind
from .costs import read_prices
from .errors import UnreadableInput
from .findings import Severity
from .promises import read_promises
from .regions import settled
from .report import FORMATS
from .templates import Template, read
from .verdict import Status

FINE, FOUND, UNREADABLE = 0, 1, 2
FAIL_ON = ("error", "warning", "replacement", "missed", "never")
LOSES: Final = frozenset({str(Kind.REPLACED), str(Kind.DELETED)})
EXIT_CODES = """exit codes: 0 nothing of what --fail-on names, 1 something of it, 2 the input cannot be read.
--fail-on error: an error, or an objective that the worst case exceeds; warning: those, and warnings;
replacement: data that would be replaced or deleted, by --against or --lock; missed: an objective that the worst case
exceeds; never: nothing. What is acknowledged counts for none of them, but an objective stays missed."""


def add_command(commands: Any) -> argparse.ArgumentParser:
    """Add `review` to what `add_subparsers` gives; `run` of the parsed arguments takes them and gives the exit code."""
    parser: argparse.ArgumentParser = commands.add_parser(
        "review",
        help="say what faults would do to CloudFormation templates, before they are deployed",
        description="Reads a cloud assembly (cdk.out), a folder of templates or one template. Needs no AWS account.",
        epilog=EXIT_CODES,
    )
    parser.add_argument("path", metavar="PATH", help="a cdk.out folder, a folder of templates, or one template")
    parser.add_argument(
        "--against", metavar="BASE", help="the same app before the change: what the change would do is told first"
    )
    parser.add_argument("--format", choices=sorted(FORMATS), default="text", help="how to say it (default: text)")
    parser.add_argument("--output", metavar="FILE", help="write to a file instead of standard output")
    add_options(parser)
    parser.set_defaults(run=run)
    return parser


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add what decides about the verdict, wherever the templates come from."""
    parser.add_argument(
        "--objectives", metavar="FILE", help="what is promised, as JSON or YAML; else what the templates promise"
    )
    parser.add_argument(
        "--acknowledge", metavar="FILE", help="what is meant, as JSON or YAML: a list of rule, resource and reason"
    )
    parser.add_argument(
        "--region",
        action="append",
        default=[],
        metavar="[GLOB=]REGION",
        help="where templates stand that do not say it: all of them, or those whose files fit a glob; repeatable",
    )
    parser.add_argument("--lock", metavar="FILE", help="the data that must stay, as 'cdk-standby lock' wrote it down")
    parser.add_argument(
        "--prices", metavar="FILE", help="what things cost, as JSON or YAML, laid over our table; 'prices' shows ours"
    )
    parser.add_argument(
        "--fail-on", choices=FAIL_ON, default="error", help="what makes the exit code 1 (default: error)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Review, report, and judge."""
    try:
        found = reviewed(arguments)
        _write(FORMATS[arguments.format](found), arguments.output)
    except OSError:  # standard output is closed, which is no matter of the review
        raise
    except Exception as error:
        print(f"cdk-standby review: {why_not(error, arguments.path)}", file=sys.stderr)
        return UNREADABLE
    return exit_code(found, arguments.fail_on)


def why_not(error: Exception, path: str) -> str:
    """Why there is no review, in one line. Whoever writes a template shall not have to read a stack trace."""
    if isinstance(error, UnreadableInput):
        said = str(error)
    elif isinstance(error, RecursionError):
        said = f"{path}: nested too deep"
    else:
        *_, last = traceback.extract_tb(error.__traceback__)
        where = f"{Path(last.filename).name}, line {last.lineno}"
        said = f"{path}: a defect of cdk-standby, please report it: {type(error).__name__}: {error} ({where})"
    return " ".join(said.split())


def reviewed(arguments: argparse.Namespace, given: Iterable[Template] = (), *, whole: bool = True) -> Review:
    """What was asked for.

    Args:
        arguments: The parsed options.
        given: Templates that have been read; left out, they are read from the path.
        whole: Whether these are all templates that there are; else a glob of `--region` may fit none of them.

    Raises:
        UnreadableInput: one line says what is wrong with the input.
    """
    if not arguments.path:
        raise UnreadableInput("PATH is empty")
    if arguments.fail_on == "replacement" and not (arguments.against or arguments.lock):
        raise UnreadableInput("--fail-on replacement needs --against or --lock, to know what is there")
    objectives, assumptions = read_promises(arguments.objectives) if arguments.objectives else (None, None)
    meant = read_acknowledgements(arguments.acknowledge) if arguments.acknowledge else ()
    base: tuple[Template, ...] | None = read(arguments.against) if arguments.against else None
    head, base = settled(tuple(given) or read(arguments.path), base, arguments.region, whole=whole)
    if not head:
        raise UnreadableInput(f"{arguments.path}: a cloud assembly without stacks")
    check_rules(head)
    prices = read_prices(arguments.prices) if arguments.prices else None
    return review_templates(
        head, objectives, assumptions, arguments.lock, against=base, acknowledged=meant, prices=prices
    )


def exit_code(found: Review, fail_on: str) -> int:
    """0 when nothing is as bad as what was asked to fail, 1 otherwise."""
    missed = found.status in (Status.AT_RISK, Status.MISSED)
    if fail_on in {"never", "missed"}:
        return FOUND if missed and fail_on == "missed" else FINE
    if fail_on == "replacement":
        lost = [f.rule for f in found.findings] + [str(c.kind) for c in found.worst_changes(Severity.ERROR)]
        return FOUND if LOSES.intersection(lost) else FINE
    bad = [Severity.ERROR] if fail_on == "error" else [Severity.ERROR, Severity.WARNING]
    return FOUND if found.worst(*bad) or found.worst_changes(*bad) or missed else FINE


def _write(text: str, output: str | None) -> None:
    if output is None:
        sys.stdout.write(text)
        return
    try:
        Path(output).write_text(text, encoding="utf-8")
    except OSError as error:
        raise UnreadableInput(f"{output}: cannot be written: {error.strerror}") from None
