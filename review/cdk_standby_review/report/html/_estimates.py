"""How the figures come about: the longest path of each recovery as a small timeline, its steps, its sources."""

from __future__ import annotations

from ..._review import Review
from ...estimate import Estimate, Step
from ...facts import Fact, Range
from ...spans import span, spans
from ._dom import Html, el, folded, joined, link, section, table
from ._fates import fate

WIDE, HIGH = 600, 22
"""Pixels of a timeline."""


def estimates(review: Review) -> Html | None:
    """One entry per path; faults of which the path is the same share it."""
    alike: dict[tuple[object, ...], list[Estimate]] = {}
    for estimate in review.estimates:
        if estimate.path or estimate.because:
            alike.setdefault(_path(estimate), []).append(estimate)
    if not alike:
        return None
    told = [_estimate(found, review) for found in alike.values()]
    legend = "Of each step the dark part is its good end, and the light one how much longer it may take."
    return section("estimates", "How the figures come about", el("p", legend, class_="quiet"), told, _sources(review))


def _path(estimate: Estimate) -> tuple[object, ...]:
    steps = tuple((s.what, s.resource.key if s.resource else None, s.takes) for s in estimate.path)
    return (estimate.fate, steps, tuple(o.resource.key for o in estimate.because))


def _estimate(alike: list[Estimate], review: Review) -> Html:
    first = alike[0]
    names = "; ".join(f"{e.deployment.workload or 'the workload'}, {e.case}" for e in alike)
    title = joined(fate(first.fate), f" {names}")
    if first.because:
        reasons = [el("li", el("code", o.resource.name), f": {o.judgement.says}") for o in first.because]
        return folded(title, el("ul", reasons))
    title = joined(title, el("span", f" {spans(first.rto)}", class_="quiet"))
    rows = [_step(number, step) for number, step in enumerate(first.path, 1)]
    head = ("Step", "What", "Resource", "Takes", "Known by")
    steps = table(head, rows, caption=f"Longest path: {names}", class_="steps")
    return folded(title, timeline(first, _promise(alike, review)), steps)


def _promise(alike: list[Estimate], review: Review) -> float | None:
    """The shortest of the promises about these faults."""
    ours = {(e.deployment.workload, e.case.fault) for e in alike}
    found = [
        v.promise.rto.total_seconds() for v in review.verdicts if (v.estimate.deployment.workload, v.fault) in ours
    ]
    return min(found, default=None)


def _step(number: int, step: Step) -> tuple[object, ...]:
    source = step.facts[0].source if step.facts else ""
    known = link(source, step.confidence) if "https://" in source else str(step.confidence)
    return (number, step.what, el("code", step.resource.name) if step.resource else "-", spans(step.takes), known)


def timeline(estimate: Estimate, promise: float | None) -> Html:
    """Each step from its good end to its bad one, and where the promise lies; the table below says the same."""
    total = sum(step.takes.high for step in estimate.path)
    scale = WIDE / max(total, promise or 0, 1)
    bars: list[Html] = []
    at = 0.0
    for number, step in enumerate(estimate.path, 1):
        wide = step.takes.high * scale
        bars.append(_bar(number, step, round(at, 1), round(wide, 1), round(step.takes.low * scale, 1)))
        at += wide
    marks = [_mark(f"worst case {span(total)}", total * scale, HIGH + 14, "worst")]
    said = f"worst case {span(total)}"
    if promise is not None:
        marks.append(_mark(f"promised {span(promise)}", promise * scale, HIGH + 28, "promise"))
        said += f", promised {span(promise)}"
    return el(
        "svg", el("title", f"Longest path: {said}"), bars, marks,
        class_="timeline", role="img", viewBox=f"-2 -2 {WIDE + 4} {HIGH + (36 if promise is not None else 22)}",
    )  # fmt: skip


def _mark(says: str, at: float, low: float, kind: str) -> Html:
    """A line at a time, with a word on the side where there is room."""
    x, left = round(at, 1), at > WIDE / 2
    word = el("text", says, x=x - 5 if left else x + 5, y=low, text_anchor="end" if left else "start")
    return joined(el("path", d=f"M{x:g} 0V{low:g}", class_=kind), word)


def _bar(number: int, step: Step, x: float, wide: float, low: float) -> Html:
    return el(
        "g",
        el("title", f"{number}. {step.what}: {spans(step.takes)}"),
        el("rect", x=x, y=0, width=max(wide, 1), height=HIGH, class_="high"),
        el("rect", x=x, y=0, width=min(low, wide), height=HIGH, class_="low"),
        el("text", number, x=x + wide / 2, y=HIGH - 7, text_anchor="middle") if wide >= 14 else None,
        class_="step",
    )


def _sources(review: Review) -> Html | None:
    facts: dict[str, Fact[Range]] = {}
    for estimate in review.estimates:
        for step in (*estimate.path, *estimate.losses):
            facts |= {fact.says: fact for fact in step.facts}
    if not facts:
        return None
    rows = [
        (f.says, spans(f.value), str(f.confidence), link(f.source), f.date)
        for f in (facts[key] for key in sorted(facts))
    ]
    return folded(
        "Times and where they come from",
        table(("Fact", "Time", "Known by", "Source", "Read"), rows, caption="Times, and where they come from"),
    )
