"""Fates and severities as a page shows them: a word and an icon each, never a colour alone."""

from __future__ import annotations

from ...findings import Severity
from ...outcomes import Fate
from ...verdict import Status
from ._dom import Html, el, joined

LETTERS = {Fate.SURVIVES: "s", Fate.ITSELF: "i", Fate.RUNBOOK: "r", Fate.LOST: "l", Fate.UNKNOWN: "u"}
"""A fate in an attribute that the page's script reads."""
CLASSES = {
    Fate.SURVIVES: "survives",
    Fate.ITSELF: "itself",
    Fate.RUNBOOK: "runbook",
    Fate.LOST: "lost",
    Fate.UNKNOWN: "unknown",
}
SHORT = {**CLASSES, Fate.ITSELF: "by itself", Fate.RUNBOOK: "by runbook"}
_STATUS = {Status.MET: "survives", Status.AT_RISK: "runbook", Status.UNKNOWN: "unknown", Status.MISSED: "lost"}
CLASSES_OF = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "info"}
_ICONS = {
    "survives": "M3 8.5 6.5 12 13 4.5",
    "itself": "M13 8a5 5 0 1 1-1.6-3.7M13 2v3.2h-3.2",
    "runbook": "M3 4h10M3 8h10M3 12h6",
    "lost": "M4 4l8 8M12 4l-8 8",
    "unknown": "M5.7 6a2.3 2.3 0 1 1 3.4 2c-.8.5-1.1.9-1.1 1.8M8 12.6v.6",
    "none": "M4 8h8",
    "error": "M8 3.5v6M8 12.2v.6",
    "warning": "M8 2 14.5 13.5h-13zM8 6.5v3.2M8 11.4v.5",
    "info": "M8 4.2v.6M8 7v5.5",
}
WORST_FIRST = (Fate.LOST, Fate.UNKNOWN, Fate.RUNBOOK, Fate.ITSELF, Fate.SURVIVES)


def symbols() -> Html:
    """What every picture and every badge of the page refers to."""
    icons = [el("symbol", el("path", d=path), id=f"i-{name}", viewBox="0 0 16 16") for name, path in _ICONS.items()]
    tips = [
        el(
            "marker", el("path", d="M0 0 10 5 0 10z"), id=f"tip-{name}", viewBox="0 0 10 10", refX=9, refY=5,
            markerWidth=7, markerHeight=7, orient="auto-start-reverse",
        )
        for name in ("path", "copy", "cut")
    ]  # fmt: skip
    patterns = [_pattern(name, d) for name, d in _PATTERNS.items()]
    return el("svg", el("defs", icons, tips, patterns), class_="symbols", aria_hidden="true", focusable="false")


_PATTERNS = {
    "lost": "M-1 1 1-1M0 6 6 0M5 7 7 5",
    "runbook": "M1 1h2v2h-2zM4 4h2v2h-2z",
    "itself": "M0 1h6M0 4h6",
    "unknown": "M0 0 6 6M6 0 0 6",
    "struck": "M0 6 6 0",
}


def _pattern(name: str, d: str) -> Html:
    return el(
        "pattern", el("path", d=d), id=f"p-{name}", width=6, height=6, patternUnits="userSpaceOnUse", class_=f"p-{name}"
    )


def icon(name: str) -> Html:
    """An icon beside a word that says the same."""
    return el("svg", el("use", href=f"#i-{name}"), class_="icon", aria_hidden="true", viewBox="0 0 16 16")


def badge(kind: str, word: object) -> Html:
    """A word with its icon and its colour."""
    return el("span", icon(kind), joined(" ", word), class_=f"badge {kind}")


def fate(of: Fate) -> Html:
    """What becomes of something."""
    return badge(CLASSES[of], of)


def status(of: Status | None) -> Html:
    """How something stands to its objective."""
    return badge("none", "not promised") if of is None else badge(_STATUS[of], of)


def severity(of: Severity) -> Html:
    """How bad something is."""
    return badge(CLASSES_OF[of], of)
