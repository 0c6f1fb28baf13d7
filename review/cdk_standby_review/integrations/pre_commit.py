"""The pre-commit hook: the templates of a commit, reviewed together."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from ..cli import FINE, UNREADABLE, add_options, exit_code, reviewed, why_not
from ..report import as_text
from ..templates import read, read_files


def main(argv: Sequence[str] | None = None) -> int:
    """Review what pre-commit names; returns the exit code of the review."""
    asked = parser().parse_args(argv)
    asked.path, asked.against = asked.folder or "the files of the commit", None
    try:
        templates = read(asked.folder) if asked.folder else read_files(asked.files)
        if not templates:
            return FINE
        found = reviewed(asked, templates, whole=bool(asked.folder))
    except Exception as error:
        print(f"cdk-standby review: {why_not(error, asked.path)}", file=sys.stderr)
        return UNREADABLE
    print(as_text(found), end="")
    return exit_code(found, asked.fail_on)


def parser() -> argparse.ArgumentParser:
    """What the hook takes: files, and the options of the review."""
    made = argparse.ArgumentParser(prog="cdk-standby-review", description=__doc__)
    made.add_argument("files", metavar="FILE", nargs="*", help="what pre-commit names; no template: left alone")
    made.add_argument(
        "--folder", metavar="FOLDER", help="review this folder as one app, and the files only say that it changed"
    )
    add_options(made)
    return made


if __name__ == "__main__":
    sys.exit(main())
