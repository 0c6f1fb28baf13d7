"""The command `cdk-standby advise`."""

from __future__ import annotations

import argparse
import re
import sys
from typing import Any

from ..errors import UnreadableInput
from ..objectives import Fault
from .durations import seconds_of
from .options import Objective, advise
from .report import FORMATS
from .subjects import read_subject

FITS, NONE_FITS, UNREADABLE = 0, 1, 2


def add_command(commands: Any) -> argparse.ArgumentParser:
    """Add `advise` to what `add_subparsers` gives; `run` of the parsed arguments takes them and gives the exit code."""
    parser: argparse.ArgumentParser = commands.add_parser(
        "advise",
        help="say which strategies keep an objective, and what they cost while nothing happens",
        description="Needs no code, no template and no AWS account.",
        epilog="exit codes: 0 a strategy fits, 1 none does, 2 the input cannot be read",
    )
    parser.add_argument("--rto", required=True, metavar="SPAN", help="the longest outage, such as 90s, 15m, 4h, 1d")
    parser.add_argument("--rpo", required=True, metavar="SPAN", help="the longest span of lost writes, 0s for none")
    parser.add_argument("--fault", choices=("region", "zone"), default="region", help="what is lost (default: region)")
    parser.add_argument("--uptime", metavar="PERCENT", help="what the agreements of AWS have to promise, such as 99.95")
    parser.add_argument("--format", choices=sorted(FORMATS), default="text", help="how to say it (default: text)")
    parser.add_argument(
        "path",
        metavar="WORKLOAD",
        nargs="?",
        help='a cdk.out of ours, or {"name": "shop", "stores": ["aurora", "s3"]} in a file; '
        "left out: a service over an Aurora database",
    )
    parser.set_defaults(run=run)
    return parser


def run(arguments: argparse.Namespace) -> int:
    """Read, judge, and say it."""
    try:
        objective = Objective(
            rto=_span("--rto", arguments.rto),
            rpo=_span("--rpo", arguments.rpo),
            fault=Fault(arguments.fault),
            uptime=None if arguments.uptime is None else _percent(arguments.uptime),
        )
        advice = advise(objective, read_subject(arguments.path))
    except UnreadableInput as error:
        print(f"cdk-standby advise: {error}", file=sys.stderr)
        return UNREADABLE
    sys.stdout.write(FORMATS[arguments.format](advice))
    return FITS if advice.fitting else NONE_FITS


def _span(option: str, typed: str) -> float:
    try:
        return seconds_of(typed)
    except ValueError as error:
        raise UnreadableInput(f"{option}: {error}") from None


def _percent(typed: str) -> float:
    if not re.fullmatch(r"\d{1,2}(\.\d{1,9})?", typed) or float(typed) == 0:
        raise UnreadableInput(f"--uptime: {typed!r} is no percentage; allowed: more than 0 and less than 100, as 99.95")
    return float(typed)
