"""Tries the review on templates of others, which stay outside of this repository, and prints what it could say.

`python tools/try_public.py FOLDER` reviews every file under a folder that may be a template, each alone.
`python tools/try_public.py --list FILE` reads lines of `name path`, of which a path may be a folder that is reviewed
as one app. Prints a row per template for docs/public-templates.md, then what came out in all. `--json`, an object per
template instead: findings and unknown types too. The exit code is 1 when a review crashed or took too long.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from cdk_standby_review import Review, UnreadableInput, review
from cdk_standby_review.report import FORMATS
from cdk_standby_review.templates import SUFFIXES

LONGEST = 5.0
"""Seconds that a review of one template may take."""
HEAD = "| template | resources | coverage | errors | warnings | hints | unknown types |\n|---|---|---|---|---|---|---|"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What came of one template."""

    name: str
    outcome: str
    """reviewed, no template, refused or crashed."""
    why: str = ""
    """Of what was not reviewed."""
    seconds: float = 0.0
    resources: int = 0
    coverage: float = 100.0
    findings: tuple[tuple[str, str, str, str], ...] = ()
    """Severity, rule, logical id and message."""
    unknown: dict[str, int] = field(default_factory=dict[str, int])
    """Resources by type that the review was not taught."""

    @property
    def row(self) -> str:
        """A row of the table."""
        counts = Counter(severity for severity, *_ in self.findings)
        kinds = ", ".join(f"{kind} {count}" if count > 1 else kind for kind, count in self.unknown.items())
        cells = (self.name, self.resources, f"{self.coverage:g}%", counts["error"], counts["warning"], counts["info"])
        return f"| {' | '.join(map(str, cells))} | {kinds} |"


def tried(name: str, path: Path) -> Tried:
    """Review a template, and write every report of it."""
    start = time.perf_counter()
    try:
        found = review(path)
        for write in FORMATS.values():
            write(found)
    except UnreadableInput as error:
        no_template = "not a CloudFormation template" in str(error) or "no CloudFormation template" in str(error)
        return Tried(name=name, outcome="no template" if no_template else "refused", why=str(error))
    except Exception:  # whatever it is, it is what this tool looks for
        return Tried(name=name, outcome="crashed", why=traceback.format_exc())
    return _reviewed(name, found, time.perf_counter() - start)


def _reviewed(name: str, found: Review, seconds: float) -> Tried:
    return Tried(
        name=name,
        outcome="reviewed",
        seconds=seconds,
        resources=found.coverage.total,
        coverage=found.coverage.percent,
        findings=tuple(
            (str(f.severity), f.rule, f.resource.logical_id if f.resource else "", f.message) for f in found.findings
        ),
        unknown={kind: len(resources) for kind, resources in found.coverage.unknown.items()},
    )


def in_folder(folder: Path) -> Iterator[tuple[str, Path]]:
    """Every file that may be a template, in a fixed order."""
    for file in sorted(folder.rglob("*")):
        if file.suffix in SUFFIXES and file.is_file():
            yield file.relative_to(folder).as_posix(), file


def in_list(listed: Path) -> Iterator[tuple[str, Path]]:
    """What a list names, its paths relative to the list."""
    for line in listed.read_text("utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            name, path = line.split(maxsplit=1)
            yield name, listed.parent / path.strip()


def summary(all_tried: Iterable[Tried]) -> str:
    """What came out in all."""
    every = list(all_tried)
    counts = Counter(each.outcome for each in every)
    reviewed = [each for each in every if each.outcome == "reviewed" and each.resources]
    lines = [f"{len(every)} files: " + ", ".join(f"{count} {outcome}" for outcome, count in sorted(counts.items()))]
    if reviewed:
        resources = sum(each.resources for each in reviewed)
        unknown = sum((Counter(each.unknown) for each in reviewed), Counter[str]())
        known = 100 * (1 - unknown.total() / resources)
        lines.append(
            f"coverage: median {median(each.coverage for each in reviewed):g}%, "
            f"{known:.1f}% of {resources} resources; {sum(e.coverage == 100 for e in reviewed)} templates whole"
        )
        lines.append(f"slowest: {max(each.seconds for each in reviewed):.1f} s")
        lines += [f"unknown: {kind} {count}" for kind, count in unknown.most_common()]
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Try, and print."""
    parser = argparse.ArgumentParser(description="Tries the review on templates of others.")
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--list", type=Path, metavar="FILE")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(arguments)
    if (given.folder is None) == (given.list is None):
        parser.error("give either a folder or --list FILE")
    found: list[Tried] = []
    print("" if given.json else HEAD, end="" if given.json else "\n")
    for name, path in in_list(given.list) if given.list else in_folder(given.folder):
        found.append(each := tried(name, path))
        if given.json:
            print(json.dumps({s: getattr(each, s) for s in each.__slots__}))
        elif each.outcome == "reviewed":
            print(each.row)
        if each.outcome == "crashed":
            print(f"{name}: {each.why}", file=sys.stderr)
    if not given.json:
        print("\n" + summary(found))
    return int(any(each.outcome == "crashed" or each.seconds > LONGEST for each in found))


if __name__ == "__main__":
    sys.exit(main())
