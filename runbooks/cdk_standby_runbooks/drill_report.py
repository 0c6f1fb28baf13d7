"""A drill as a timeline for people and as JSON for machines."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from .claims import ADVICE, DEPLOYED, DOES_NOT_PROVE, PROVES
from .show import aws_sum, aws_time, took

if TYPE_CHECKING:
    from .drill import Drill, Phase

HERE = "measured here"
AWS = "on AWS"


def drill_dict(drill: Drill) -> dict[str, Any]:
    """Everything, with what was measured and what AWS takes under different names."""
    return {
        "workload": drill.plan.workload,
        "began": drill.began.isoformat(timespec="seconds"),
        "measured_on": f"local AWS, {platform.system()} {platform.machine()}",
        "phases": [_phase_dict(phase) for phase in drill.phases],
        "proves": [*_proves(drill)],
        "does_not_prove": [*DOES_NOT_PROVE, ADVICE],
        "dropped": drill.dropped,
    }


def _phase_dict(phase: Phase) -> dict[str, Any]:
    return {
        "phase": phase.name,
        "says": phase.says,
        "measured_seconds": round(phase.measured_seconds, 3),
        "steps": [step.to_dict() for step in phase.steps],
    }


def _proves(drill: Drill) -> tuple[str, ...]:
    return (DEPLOYED, *PROVES) if drill.deployed else PROVES


def drill_lines(drill: Drill) -> Iterator[str]:
    """The timeline, the sums against the objective, and what all of it is worth."""
    yield ""
    yield from table([("phase", HERE, AWS), *_rows(drill)])
    yield ""
    yield from _objective(drill)
    yield ""
    yield "What this drill proves:"
    yield from (f"  + {claim}" for claim in _proves(drill))
    yield "What it does not prove:"
    yield from (f"  - {claim}" for claim in (*DOES_NOT_PROVE, ADVICE))
    if drill.dropped:
        yield "What the local AWS left out of the templates, none of it about availability:"
        yield from (f"  {kind}: {', '.join(names)}" for kind, names in drill.dropped.items())


def _rows(drill: Drill) -> Iterator[tuple[str, str, str]]:
    for phase in drill.phases:
        total = ""
        if phase.steps:
            span, confidence = aws_sum((step.aws, step.beside) for step in phase.steps)
            total = f"{span} s, {confidence}"
        yield phase.name, took(phase.measured_seconds), total
        for step in phase.steps:
            yield f"  {step.title}", took(step.measured_seconds), aws_time(step.aws)


def _objective(drill: Drill) -> Iterator[str]:
    """Only AWS's times are held against the objective: the laptop's say nothing about it."""
    promised = drill.plan.objectives.region
    failover = next(phase for phase in drill.phases if phase.name == "failover")
    span, confidence = aws_sum((step.aws, step.beside) for step in failover.steps)
    if promised is None:
        yield f"{AWS}, the steps of the failover take {span} s ({confidence}); no RTO was promised for a Region"
        return
    rto = promised.rto.total_seconds()
    verdict = "within" if span.high <= rto else ("perhaps within" if span.low <= rto else "beyond")
    yield f"{AWS}, the steps of the failover take {span} s ({confidence}): {verdict} the RTO of {rto:g} s"
    yield "detecting the loss and deciding to fail over come before that, and are not in it"


def table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Left-aligned columns; the first row is the head."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for number, row in enumerate(rows):
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        if number == 0:
            yield "  ".join("-" * width for width in widths)
