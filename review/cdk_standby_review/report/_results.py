"""What programs show that point at lines of files: findings, and the changes that somebody has to look at."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from .._review import Review
from ..findings import Finding, Severity
from ._lines import Lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A finding, or a change that somebody has to look at, and where it stands."""

    finding: Finding
    meant: str
    """Why it is acknowledged; empty when it is not."""
    fingerprint: str
    """Of rule, template and logical id, so that it stays the same when lines move."""
    file: str
    """As its path was given, or relative to what was reviewed."""
    line: int

    @property
    def text(self) -> str:
        """What it is, and how to put it right."""
        return f"{self.finding.message}. Fix: {self.finding.fix}" if self.finding.fix else self.finding.message


def results(review: Review) -> Iterator[Result]:
    """Everything that a program which shows lines of files has to show, in a fixed order."""
    seen: dict[str, int] = {}
    lines = Lines()
    by_name = {template.name: template for template in review.templates}
    for finding, meant in sorted(_found(review), key=_order):
        resource = finding.resource
        place = "|".join((finding.rule, *(resource.key if resource else ("", ""))))
        seen[place] = seen.get(place, 0) + 1
        again = f"|{seen[place]}" if seen[place] > 1 else ""
        here = by_name.get(resource.template.name) if resource else None
        template = here or next(iter(review.templates), None)
        yield Result(
            finding=finding,
            meant=meant,
            fingerprint=hashlib.sha256(f"{place}{again}".encode()).hexdigest(),
            file=(template.origin or template.file) if template else ".",
            line=(lines.of(resource) if resource and here is resource.template else None) or 1,
        )


def _found(review: Review) -> Iterator[tuple[Finding, str]]:
    """Findings, and of the changes those that somebody has to look at; each with the reason when it is meant."""
    yield from ((finding, "") for finding in review.findings)
    yield from review.acknowledged
    for change in review.changes or ():
        if change.severity is not Severity.INFO:
            yield change.as_finding(), change.meant


def _order(found: tuple[Finding, str]) -> tuple[str, tuple[str, str], str]:
    finding, _ = found
    return (finding.rule, finding.resource.key if finding.resource else ("", ""), finding.message)
