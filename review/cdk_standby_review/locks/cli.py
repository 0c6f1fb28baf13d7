"""The command `cdk-standby lock`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from ..errors import UnreadableInput
from ..templates import read
from .accepting import accepted, added, locked
from .breaches import breaches
from .lock import FILE, Lock, read_lock, text_of

FINE, REFUSED, UNREADABLE = 0, 1, 2


def add_command(commands: Any) -> argparse.ArgumentParser:
    """Add `lock` to what `add_subparsers` gives; `run` of the parsed arguments takes them and gives the exit code."""
    parser: argparse.ArgumentParser = commands.add_parser(
        "lock",
        help="write down the data that no deployment may replace, or accept a change of it",
        description="Locks the resources of a cloud assembly (cdk.out) that hold data. New ones are added; what would "
        "replace, delete or unprotect a locked one is refused unless --because says why. Needs no AWS account.",
        epilog="exit codes: 0 written, 1 refused: something locked would change, 2 the input cannot be read",
    )
    parser.add_argument("path", metavar="PATH", help="a cdk.out folder, a folder of templates, or one template")
    parser.add_argument("--file", metavar="FILE", default=FILE, help=f"the lock (default: {FILE}); commit it")
    parser.add_argument("--because", metavar="WHY", help="accept every change of locked data, for this reason")
    parser.set_defaults(run=run)
    return parser


def run(arguments: argparse.Namespace) -> int:
    """Compare, then write or refuse."""
    try:
        return _lock(arguments.path, Path(arguments.file), arguments.because)
    except UnreadableInput as error:
        print(f"cdk-standby lock: {error}", file=sys.stderr)
        return UNREADABLE


def _lock(path: str, file: Path, because: str | None) -> int:
    if because is not None and not because.strip():
        raise UnreadableInput("--because: say why; an empty reason helps nobody who reads it later")
    templates = read(path)
    before = read_lock(file) if file.exists() else Lock()
    found = breaches(before, templates, str(file), another_app=because is None)
    if found and because is None:
        for breach in found:
            print(f"{breach.effect}: {breach.message}\n  {breach.fix}\n  {breach.source}", file=sys.stderr)
        print(f"cdk-standby lock: {file}: {_many(len(found), 'change')} refused, nothing written", file=sys.stderr)
        return REFUSED
    new = added(before, templates)
    after = accepted(before, templates, found, because) if because else locked(templates, before.history)
    _write(file, text_of(after))
    said = [f"{_many(len(new), 'resource')} added", *([f"{_many(len(found), 'change')} accepted"] if found else [])]
    stacks = _many(len(after.stacks), "stack")
    print(f"{file}: {_many(after.resources, 'resource')} in {stacks} locked; {', '.join(said)}")
    return FINE


def _many(count: int, thing: str) -> str:
    return f"{count} {thing}{'s' * (count != 1)}"


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UnreadableInput(f"{file}: cannot be written: {error.strerror}") from None
