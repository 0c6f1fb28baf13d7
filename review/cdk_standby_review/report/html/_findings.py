"""What is to be put right, what is meant, and what nobody has taught the review."""

from __future__ import annotations

from collections.abc import Iterable

from ..._review import Review
from ...findings import Finding
from ...regions import ZONES
from ...templates import Template
from .._summary import left_alone, why_not_judged
from ._dom import Html, el, fixed, folded, joined, section, table
from ._fates import severity

LISTED = 50
"""Names of resources of an unknown type."""


def findings(review: Review) -> Html:
    """All findings; those that the base did not have are marked."""
    fresh = set(map(id, review.new))
    told = el("ul", [_finding(f, new=id(f) in fresh) for f in review.findings], class_="cards")
    meant = el("ul", [_finding(f, meant=reason) for f, reason in review.acknowledged], class_="cards")
    return section(
        "findings",
        f"Findings ({len(review.findings)})",
        told if review.findings else el("p", "None."),
        folded(f"Acknowledged, with the reason ({len(review.acknowledged)})", meant) if review.acknowledged else None,
    )


def _finding(finding: Finding, *, new: bool = False, meant: str = "") -> Html:
    where = finding.resource
    place = el("p", el("code", where.name), el("span", f" {where.template.file}", class_="quiet")) if where else None
    return el(
        "li",
        el("p", severity(finding.severity), " ", el("code", finding.rule), el("strong", " new") if new else None),
        place,
        el("p", finding.message, "."),
        fixed(finding.fix, finding.source),
        el("p", el("strong", "Meant: "), meant) if meant else None,
        class_=f"card {finding.severity}",
    )


def coverage(review: Review) -> Html:
    """How much is known; which types are not; what the Regions that take over have to be allowed."""
    known = review.coverage
    said = (
        f"{known.percent:g}% of {known.total} resources are known: {known.judged} judged, {known.glue} that only "
        f"connect or configure others, {known.total - known.judged - known.glue} not judged."
    )
    made = left_alone(review)
    parts = (
        el("p", said),
        el("p", f"{made}.") if made else None,
        _unknown(review),
        _quotas(review),
        _templates(review),
    )
    return section("coverage", "Coverage", *parts)


def _unknown(review: Review) -> Html | None:
    if not review.coverage.unknown:
        return None
    rows = [
        (joined(el("code", name), why_not_judged(name)), len(found), _names(resource.name for resource in found))
        for name, found in review.coverage.unknown.items()
    ]
    return table(("Type", "Resources", "Which"), rows, caption="Not judged: types that the review does not know")


def _names(names: Iterable[str]) -> Html:
    listed = [*names]
    more = f" and {len(listed) - LISTED} more" if len(listed) > LISTED else ""
    return joined(", ".join(listed[:LISTED]), more)


def _quotas(review: Review) -> Html | None:
    if not review.needs:
        return None
    rows = [(n.workload or "the workload", n.region, n.quota.value, n.amount) for n in review.needs]
    caption = "Quotas that the Regions that take over need"
    return folded("Quotas", table(("Workload", "Region", "Quota", "At least"), rows, caption=caption))


def _region(template: Template) -> str:
    inferred = " (inferred from its zones)" if template.region_from == ZONES else ""
    return f"{template.region}{inferred}" if template.region else "not said"


def _templates(review: Review) -> Html:
    rows = [(t.name, el("code", t.file), _region(t)) for t in review.templates]
    name = f"Templates ({len(review.templates)})"
    return folded(name, table(("Template", "File", "Region"), rows, caption="Templates that were read"))
