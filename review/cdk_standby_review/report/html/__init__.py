"""The review as one HTML page: no other file, no network, the same bytes for the same input."""

from __future__ import annotations

import base64
import hashlib
from importlib.resources import files

from ..._review import Review
from ...graph import Graph
from ._changes import changes, marks
from ._choice import choice
from ._cost import cost
from ._dom import Html, el
from ._estimates import estimates
from ._fates import symbols
from ._faults import faults
from ._findings import coverage, findings
from ._verdict import verdict


def as_html(review: Review) -> str:
    """The review as a page of HTML."""
    found = faults(review)
    parts = [
        verdict(review, found),
        changes(review),
        choice(Graph(review.templates), found, marks(review)),
        findings(review),
        estimates(review),
        cost(review),
        coverage(review),
    ]
    return "<!doctype html>\n" + el("html", _head(), _body(review, [p for p in parts if p]), lang="en") + "\n"


def _file(name: str) -> Html:
    return Html(files(__name__).joinpath(name).read_text(encoding="utf-8"))


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _head() -> Html:
    style, script = _file("page.css"), _file("page.js")
    allowed = (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    return el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", http_equiv="Content-Security-Policy", content=allowed),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("meta", name="color-scheme", content="light dark"),
        el("meta", name="referrer", content="no-referrer"),
        el("title", "Resilience review"),
        el("link", rel="icon", href="data:,"),
        el("style", style),
        el("script", script, type="module"),
    )


def _body(review: Review, parts: list[Html]) -> Html:
    regions = sorted({template.region or "" for template in review.templates} - {""})
    where = f" in {', '.join(regions)}" if regions else ""
    read = f"{_count(len(review.templates), 'template')}{where}, {_count(review.coverage.total, 'resource')}"
    return el(
        "body",
        el("a", "Skip to the verdict", href="#verdict", class_="skip"),
        symbols(),
        el("header", el("h1", "Resilience review"), el("p", read, class_="quiet"), _contents(review)),
        el("main", *parts, id="main"),
        el(
            "footer",
            el("p", "Made by cdk-standby from templates alone: nothing was deployed, nothing was asked of AWS."),
        ),
    )


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'s' * (number != 1)}"


def _contents(review: Review) -> Html:
    said = [
        ("verdict", "Verdict"),
        *([("changes", "Changes")] if review.changes is not None else []),
        ("faults", "Faults"),
        ("findings", f"Findings ({len(review.findings)})"),
        *([("estimates", "Figures")] if any(e.path or e.because for e in review.estimates) else []),
        *([("cost", "Cost")] if review.cost and review.cost.sites else []),
        ("coverage", "Coverage"),
    ]
    return el(
        "nav", el("ul", [el("li", el("a", title, href=f"#{name}")) for name, title in said]), aria_label="Sections"
    )


__all__ = ["as_html"]
