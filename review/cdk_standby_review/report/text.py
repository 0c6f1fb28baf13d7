"""The review for a terminal: plain text, no colours, readable in a log."""

from __future__ import annotations

import re
import textwrap

from .._review import Review
from ..estimate import Estimate
from ..findings import Finding
from ..paths import Way
from ._changes import WORDS, Line, some, summary, to_look_at
from ._costs import HEAD, basis, cells, lacking, moved
from ._summary import Row, headline, left_alone, rows, why_not_judged
from ._ways import worst

WIDTH = 110
_HIDDEN = re.compile("[\\x00-\\x09\\x0b-\\x1f\\x7f-\\x9f\\u2028-\\u202e\\u2066-\\u2069]")
_COMMAND = re.compile(r"^(\s*)::", re.MULTILINE)
LACKING = 5
"""Lines of what no figure has."""
REASONS = 4
"""Reasons that are told for each thing that is lost."""


def as_text(review: Review) -> str:
    """The review as plain text."""
    parts = [headline(review) + ".", *_changes(review), _table(rows(review)), *_because(review), _ways(review)]
    parts += map(_finding, review.findings)
    if types := [f"{name}{why_not_judged(name)}" for name in review.coverage.unknown]:
        parts.append("Not judged, types that the review does not know: " + ", ".join(types))
    parts += [left_alone(review), *_cost(review)]
    return _printable("\n\n".join(part for part in parts if part) + "\n")


def _printable(text: str) -> str:
    """Names in a template may hold what moves the cursor, or what a runner of GitHub takes for a command (`::`)."""
    shown = _HIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)
    return _COMMAND.sub(r"\1: :", shown)


def _cost(review: Review) -> list[str]:
    cost = review.cost
    if cost is None or not cost.sites:
        return []
    unknown = [f"not known: {line}" for line in lacking(cost)]
    more = [f"not known: {len(unknown) - LACKING} more; --format json has all"] if len(unknown) > LACKING else []
    return [
        *([] if cost.difference is None else [f"{moved(cost)}."]),
        textwrap.fill(f"Cost of a month, from what idles to full size ({basis(cost)}):", WIDTH)
        + f"\n{_columns(HEAD, cells(cost))}",
        "\n".join([*unknown[:LACKING], *more]),
    ]


def _changes(review: Review) -> list[str]:
    if review.changes is None:
        return []
    return [f"{summary(review.changes)}.", *map(_change, to_look_at(review.changes))]


def _change(line: Line) -> str:
    change = line.change
    where = f" {some(line.names)}:" if line.names else ""
    said = f"{change.severity}: {WORDS[change.kind]}:{where} {change.message}"
    return _filled(said)


def _table(found: list[Row]) -> str:
    head: tuple[str, ...] = ("workload", "fault", "what happens", "RTO", "RPO", "promised", "verdict", "known by")
    body: list[tuple[str, ...]] = [
        (r.workload, r.fault, r.outcome, r.rto, r.rpo, r.promised, r.verdict, r.confidence) for r in found
    ]
    if not any(r.workload for r in found):
        head, body = head[1:], [line[1:] for line in body]
    return _columns(head, body)


def _because(review: Review) -> list[str]:
    """What is lost, and what is not known, by the faults that do it."""
    alike: dict[tuple[str, str, tuple[str, ...]], list[str]] = {}
    for e in review.estimates:
        if e.because:
            alike.setdefault((e.deployment.workload, str(e.fate), _reasons(e)), []).append(str(e.case))
    return [_reason(workload, fate, faults, why) for (workload, fate, why), faults in alike.items()]


def _reasons(estimate: Estimate) -> tuple[str, ...]:
    told: dict[str, list[str]] = {}
    for outcome in estimate.because:
        told.setdefault(outcome.judgement.says, []).append(outcome.resource.name)
    return tuple(f"{some(names)}: {says}" for says, names in told.items())


def _reason(workload: str, fate: str, faults: list[str], why: tuple[str, ...]) -> str:
    head = f"{fate}{f' ({workload})' * bool(workload)} after {'; '.join(faults)}:"
    more = [f"{len(why) - REASONS} more"] if len(why) > REASONS else []
    return "\n".join([_filled(head), *(_filled(f"  {line}", "    ") for line in (*why[:REASONS], *more))])


def _columns(head: tuple[str, ...], body: list[tuple[str, ...]]) -> str:
    body = [tuple(" ".join(cell.split()) for cell in line) for line in body]
    widths = [max(len(cell) for cell in column) for column in zip(head, *body, strict=True)]
    lines = (head, *body) if body else ()
    return "\n".join("  ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)).rstrip() for line in lines)


def _ways(review: Review) -> str:
    return "\n".join(map(_way, review.ways))


def _way(way: Way) -> str:
    row = worst(way)
    figures = f", RTO {row.rto}, RPO {row.rpo}" if row and row.rto != "-" else ""
    end = f": at worst {row.outcome} ({row.fault}){figures}" if row else ""
    return _filled(f"way {way.path}{end}")


def _filled(text: str, hanging: str = "  ") -> str:
    return textwrap.fill(text, WIDTH, subsequent_indent=hanging, break_long_words=False, break_on_hyphens=False)


def _finding(finding: Finding) -> str:
    where = f" {finding.resource.name}" if finding.resource else ""
    said = f"{finding.severity}: {finding.rule}{where}: {finding.message}"
    return "\n".join(
        [
            _filled(said),
            textwrap.fill(f"fix: {finding.fix}", WIDTH, initial_indent="  ", subsequent_indent="  "),
        ]
    )
