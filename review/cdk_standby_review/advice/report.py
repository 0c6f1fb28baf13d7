"""Advice as people and programs read it."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ..estimate import Estimate
from ..facts import Range
from ..facts.strategies import COMPUTE
from ..outcomes import Fate
from ..spans import spans
from .options import Advice, Option
from .uptimes import said

FORMAT, WIDTH = 1, 110
HEAD = ("strategy", "fits", "Region lost: RTO", "RPO", "zone lost: RTO", "RPO", "idle cost", "SLA", "known by")


def as_text(advice: Advice) -> str:
    """For a terminal."""
    parts = [
        _wrapped(f"Objective: {advice.objective}."),
        _wrapped(f"Workload: {_workload(advice)}."),
        _columns([HEAD, *(_row(advice, option) for option in advice.options)]),
        _wrapped(_verdict(advice)),
        *(_told(advice, option) for option in advice.options),
        _wrapped(_costs(advice)),
    ]
    return "\n\n".join(parts) + "\n"


def as_markdown(advice: Advice) -> str:
    """For a decision record."""
    told = [
        f"- **{o.standby.word}**: {'; '.join(f'{what}: {says}' for what, says in _lines(advice, o))}"
        for o in advice.options
    ]
    parts = [
        f"## When {advice.objective}",
        f"**{_verdict(advice)}**",
        f"Workload: {_workload(advice)}.",
        _table([HEAD, tuple("---" for _ in HEAD), *(_row(advice, option) for option in advice.options)]),
        "\n".join(told),
        _costs(advice),
    ]
    return "\n\n".join(parts) + "\n"


def as_json(advice: Advice) -> str:
    """For programs: times in seconds. `format` counts up when a field changes its meaning."""
    asked, subject = advice.objective, advice.subject
    document = {
        "format": FORMAT,
        "objective": {"fault": str(asked.fault), "rto": asked.rto, "rpo": asked.rpo, "uptime": asked.uptime},
        "workload": {"name": subject.name, "stores": [*subject.stores], "known": subject.known},
        "cheapest": advice.fitting[0].standby.word if advice.fitting else None,
        "instead": [*advice.instead],
        "strategies": [_document(advice, option) for option in advice.options],
    }
    return json.dumps(document, indent=2) + "\n"


FORMATS: Mapping[str, Callable[[Advice], str]] = {"text": as_text, "json": as_json, "markdown": as_markdown}


def _document(advice: Advice, option: Option) -> dict[str, Any]:
    return {
        "name": option.standby.name,
        "word": option.standby.word,
        "fits": not option.missing(advice.objective),
        "missing": [*option.missing(advice.objective)],
        "region": _figures(option.region),
        "zone": _figures(option.zone),
        "redundancy_factor": _range(option.cost.value),
        "uptime": round(option.uptime, 6),
        "has": option.standby.has,
        "loses": option.standby.loses,
        "meanwhile": option.standby.meanwhile,
        "from": "assembly" if option.found else "model",
    }


def _figures(estimate: Estimate) -> dict[str, Any]:
    return {
        "outcome": str(estimate.fate),
        "rto": _range(estimate.rto),
        "rpo": _range(estimate.rpo),
        "confidence": str(estimate.confidence),
        "path": [{"step": s.what, "takes": _range(s.takes), "confidence": str(s.confidence)} for s in estimate.path],
    }


def _range(figure: Range | None) -> dict[str, float] | None:
    return None if figure is None else {"low": figure.low, "high": figure.high}


def _row(advice: Advice, option: Option) -> tuple[str, ...]:
    region, zone, cost = option.region, option.zone, option.cost.value
    return (
        option.standby.word,
        "no" if option.missing(advice.objective) else "yes",
        _rto(region),
        spans(region.rpo),
        _rto(zone),
        spans(zone.rpo),
        f"{cost.low:g}" if cost.low == cost.high else f"{cost.low:g} to {cost.high:g}",
        said(option.uptime),
        "this assembly" if option.found else str(option.confidence),
    )


def _rto(estimate: Estimate) -> str:
    return str(estimate.fate) if estimate.fate in {Fate.LOST, Fate.UNKNOWN} else spans(estimate.rto)


def _verdict(advice: Advice) -> str:
    if not advice.fitting:
        return " ".join(["No strategy fits.", *(f"{each[0].upper()}{each[1:]}." for each in advice.instead)])
    first = advice.fitting[0].standby
    there = [o.standby.word for o in advice.options if o.found]
    if there == [first.word]:
        return f"Cheapest that fits: {first.word}, which is what stands there."
    change = f"write {first.word} where {there[0]} stands" if len(there) == 1 else f"write {first.word}(app, ...)"
    return f"Cheapest that fits: {first.word}. One word in the app: {change}; no data is replaced."


def _workload(advice: Advice) -> str:
    subject = advice.subject
    hint = "assumed; name a workload.json or a cdk.out" if subject.known == "assumed" else f"from {subject.known}"
    return f"{subject.says} ({hint})"


def _lines(advice: Advice, option: Option) -> Iterable[tuple[str, str]]:
    if missing := option.missing(advice.objective):
        yield "does not fit", "; ".join(missing)
    yield "in the second Region", option.standby.has
    yield "lost with a Region", option.standby.loses
    yield "answers meanwhile", option.standby.meanwhile


def _told(advice: Advice, option: Option) -> str:
    lines = [
        textwrap.fill(f"{what}: {says}", WIDTH, initial_indent="  ", subsequent_indent="    ")
        for what, says in _lines(advice, option)
    ]
    return "\n".join([option.standby.word, *lines])


def _costs(advice: Advice) -> str:
    bill = advice.subject.bill
    known = f"by {bill.known} for what idles" if bill.known else f"as of {COMPUTE.date}"
    return (
        f"Idle cost is a multiple of the bill of the same workload in one Region{', and assumed' * (not bill.known)}: "
        f"{_percent(bill.compute)} of it compute, {_percent(bill.data)} data, {known}; "
        "'shares' in a workload.json says it better. SLA: what the agreements of all parts promise together, in "
        "percent of a month; a failover by people is no part of them."
    )


def _percent(share: Range) -> str:
    return f"{share.low:.0%}" if share.low == share.high else f"{share.low:.0%} to {share.high:.0%}"


def _wrapped(text: str) -> str:
    return textwrap.fill(text, WIDTH, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)


def _columns(lines: list[tuple[str, ...]]) -> str:
    widths = [max(len(cell) for cell in column) for column in zip(*lines, strict=True)]
    return "\n".join("  ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)).rstrip() for line in lines)


def _table(lines: Iterable[tuple[str, ...]]) -> str:
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
