"""The GitHub Action: review, summary, files, one comment on the pull request, and an exit code.

`action.yml` passes its inputs as `INPUT_...`; nothing that a pull request names is ever part of a script.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from .._review import Review
from ..cli import FAIL_ON, UNREADABLE, add_options, exit_code, reviewed, why_not
from ..errors import UnreadableInput
from ..findings import Severity
from ..plain import within
from ..report import FORMATS, as_markdown
from ..report._comment import cut
from ..report._summary import headline
from .comments import LARGEST, Comments, NotWritten

TITLE: Final = "## Resilience review"
NAME = re.compile(r"(?!.*--)[A-Za-z0-9][A-Za-z0-9 ._/-]{0,59}")
_NAMES = {"markdown": "review.md", "json": "review.json", "sarif": "review.sarif", "html": "review.html"}
FILES: Final = {kind: name for kind, name in _NAMES.items() if kind in FORMATS}
"""The formats that are written, and the files they are written to."""
PASSED: Final = ("objectives", "acknowledge", "lock", "prices", "fail-on")
"""Inputs that the command takes too, and which are left to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What came of it."""

    text: str
    """For the comment and the summary, in Markdown."""
    code: int
    said: str
    """For the log, in one line."""
    outputs: Mapping[str, str] = field(default_factory=dict[str, str])


class Asked:
    """The inputs, and what the runner says about itself."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        """Nothing is checked yet."""
        self._environment = environment

    def input(self, name: str) -> str:
        """An input of the Action; empty when it was not given."""
        return self._environment.get(f"INPUT_{name.upper().replace('-', '_')}", "").strip()

    def runner(self, name: str) -> str:
        """A variable of the runner."""
        return self._environment.get(f"GITHUB_{name}", "")

    @property
    def name(self) -> str:
        """Which of several comments this one is."""
        name = self.input("comment-name")
        if name and not NAME.fullmatch(name):
            raise UnreadableInput(
                f"comment-name is {name!r}; allowed: up to 60 letters, digits, spaces and ._/-, "
                "the first a letter or digit, no two dashes together"
            )
        return name

    @property
    def folder(self) -> Path:
        """Where the reports go; each comment has a folder of its own."""
        if self.input("folder"):
            return Path(self.input("folder"))
        own = re.sub(r"[^A-Za-z0-9]+", "-", f"cdk-standby-review {self.name}".strip())
        return Path(self._environment.get("RUNNER_TEMP") or ".", own)

    @property
    def formats(self) -> list[str]:
        """What to write."""
        asked = re.split(r"[\s,]+", self.input("formats")) if self.input("formats") else [*FILES]
        if unknown := [each for each in asked if each not in FILES]:
            raise UnreadableInput(f"formats: unknown {', '.join(unknown)}; known: {', '.join(FILES)}")
        return asked

    @property
    def options(self) -> argparse.Namespace:
        """As the command line would have them."""
        if (fail_on := self.input("fail-on")) and fail_on not in FAIL_ON:
            raise UnreadableInput(f"fail-on is {fail_on!r}; allowed: {', '.join(FAIL_ON)}")
        if (comment := self.input("comment")) not in {"", "true", "false"}:
            raise UnreadableInput(f"comment is {comment!r}; allowed: true, false")
        if not self.input("path"):
            raise UnreadableInput("path is empty; it names a cdk.out folder, a folder of templates, or one template")
        parser = argparse.ArgumentParser()
        add_options(parser)
        given = [f"--{name}={self.input(name)}" for name in PASSED if self.input(name)]
        given += [f"--region={each}" for each in re.split(r"[\s,]+", self.input("regions")) if each]
        asked = argparse.Namespace(path=self.input("path"), against=self.input("against") or None)
        return parser.parse_args(given, asked)

    @property
    def event(self) -> Any:
        """What started the workflow."""
        try:
            return json.loads(Path(self.runner("EVENT_PATH")).read_text("utf-8"))
        except (OSError, ValueError):
            return None

    @property
    def pull_request(self) -> int | None:
        """The number of the pull request, or None: a push has none."""
        number = within(self.event, "pull_request", "number")
        return number if isinstance(number, int) else None


def main(environment: Mapping[str, str] = os.environ) -> int:
    """Do it; returns the exit code of the review, whatever becomes of the comment."""
    asked = Asked(environment)
    try:
        told = _told(asked)
    except Exception as error:
        told = _unread(why_not(error, asked.input("path")))
    address, note = "", ""
    try:
        address = _comment(asked, told.text)
    except (NotWritten, UnreadableInput) as error:
        note = f"No comment was written: {error}."
        print(f"::warning::{_escaped(note)}")
    _append(asked.runner("STEP_SUMMARY"), "\n\n".join(filter(None, (told.text, note))) + "\n")
    _put_out(asked, {**told.outputs, "exit-code": str(told.code), "comment-url": address})
    print(f"::error::{_escaped(told.said)}" if told.code == UNREADABLE else told.said)
    return told.code


def _told(asked: Asked) -> Told:
    name, formats, folder, options = asked.name, asked.formats, asked.folder, asked.options
    found = reviewed(options)
    text = as_markdown(found)
    title = f"{TITLE}: {name}" if name else TITLE
    return Told(
        text=text.replace(TITLE, title, 1).strip(),
        code=exit_code(found, options.fail_on),
        said=f"{headline(found)}.",
        outputs={**_counts(found), **{each: str(_write(found, each, folder)) for each in formats}},
    )


def _unread(why: str) -> Told:
    quoted = why.replace("`", "'")
    return Told(
        text=f"{TITLE}\n\nThere is none, the input cannot be read: `{quoted}`",
        code=UNREADABLE,
        said=f"cdk-standby review: {why}",
        outputs={"verdict": "unreadable"},
    )


def _counts(found: Review) -> dict[str, str]:
    changes = found.worst_changes(Severity.ERROR, Severity.WARNING)
    return {
        "verdict": str(found.status or "not promised"),
        "findings": str(len(found.findings)),
        "errors": str(len(found.worst(Severity.ERROR))),
        "changes": str(len(changes)),
    }


def _write(found: Review, kind: str, folder: Path) -> Path:
    file = folder / FILES[kind]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file.write_text(FORMATS[kind](found), encoding="utf-8")
    except OSError as error:
        raise UnreadableInput(f"{file}: cannot be written: {error.strerror}") from None
    return file


def _comment(asked: Asked, text: str) -> str:
    number = asked.pull_request
    if asked.input("comment") == "false" or number is None:
        return ""
    if not asked.input("token"):
        raise NotWritten("there is no token")
    head = f"<!-- cdk-standby review{': ' * bool(asked.name)}{asked.name} -->\n"
    foot = f"\n\n<sub>{_origin(asked)}</sub>\n"
    body = f"{head}{cut(text, LARGEST - len(head) - len(foot))}{foot}"
    api = asked.runner("API_URL") or "https://api.github.com"
    return Comments(api, asked.runner("REPOSITORY"), number, asked.input("token")).write(head.strip(), body)


def _origin(asked: Asked) -> str:
    """Of which commit it speaks, and the run that has all of it."""
    commit = within(asked.event, "pull_request", "head", "sha") or asked.runner("SHA")
    run = f"{asked.runner('SERVER_URL')}/{asked.runner('REPOSITORY')}/actions/runs/{asked.runner('RUN_ID')}"
    return f"Commit {str(commit)[:12]}, [run]({run})"


def _put_out(asked: Asked, outputs: Mapping[str, str]) -> None:
    """Values may hold anything but a delimiter that nobody can guess."""
    end = secrets.token_hex(16)
    _append(asked.runner("OUTPUT"), "".join(f"{name}<<{end}\n{value}\n{end}\n" for name, value in outputs.items()))


def _append(file: str, text: str) -> None:
    if file:
        with Path(file).open("a", encoding="utf-8") as opened:
            opened.write(text)


def _escaped(text: str) -> str:
    """The words of a command to the runner, which end where they should."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


if __name__ == "__main__":
    sys.exit(main())
