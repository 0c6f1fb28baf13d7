"""The review for a pull request: the verdict first, the rest folded."""

from __future__ import annotations

from collections.abc import Iterable

from .._review import Review
from ..changes import Change, Kind
from ..costs import Cost, Usage
from ..estimate import Estimate
from ..facts import Fact, Range
from ..findings import Finding
from ..outcomes import Fate, Outcome
from ..paths import Way
from ..spans import spans
from ._changes import MARKS, WORDS, Line, lines, minor, some, summary, to_look_at
from ._comment import as_comment, harmless
from ._costs import HEAD, LINES, basis, cells, dearest, gaps, lacking, least, moved, sources
from ._summary import headline, left_alone, rows, why_not_judged
from ._ways import rows_of

SHOWN = 12
"""Changes that stand unfolded."""
DEAR = 1
"""USD a month from which on a line of the bill is told."""


def as_markdown(review: Review) -> str:
    """The review as Markdown."""
    parts = [
        f"## Resilience review\n\n**{headline(review)}.**",
        *(_beside_changes(review) if review.changes is not None else (_faults(review), _findings(review))),
        _acknowledged(review),
        _unknown(review),
        harmless(left_alone(review)),
        _cost(review),
        _paths(review),
        _ways(review),
        _details(review),
        _sources(review),
        _quotas(review),
    ]
    return as_comment(parts)


def _beside_changes(review: Review) -> tuple[str, ...]:
    """What the change does stands first, and the state of things is folded."""
    fresh = set(map(id, review.new))
    old = [finding for finding in review.findings if id(finding) not in fresh]
    new = "### New findings\n\n" + "\n".join(map(_finding, review.new)) if review.new else ""
    return (
        _changes(review.changes or ()),
        _cost_of_change(review),
        new,
        _folded("Faults, as things are after this change", _faults(review)),
        _folded(f"Findings that were there before ({len(old)})", "\n".join(map(_finding, old))) if old else "",
        _other_changes(review.changes or ()),
    )


def _changes(changes: tuple[Change, ...]) -> str:
    found = to_look_at(changes)
    first, more = found[:SHOWN], found[SHOWN:]
    rest = _folded(f"{len(more)} more", "\n".join(map(_change, more))) if more else ""
    return "\n\n".join(filter(None, (f"### {summary(changes)}", "\n".join(map(_change, first)), rest)))


def _change(line: Line) -> str:
    change = line.change
    where = f" {some(line.names, '`')}" if line.names else ""
    page = f" ([why]({change.source}))" if change.source.startswith("http") else ""
    fix = f" Fix: {change.fix}." if change.fix else ""
    return harmless(f"- {MARKS[change.severity]} **{WORDS[change.kind]}**{where}: {change.message}.{fix}{page}")


def _other_changes(changes: tuple[Change, ...]) -> str:
    better = [*map(_change, lines(c for c in changes if c.kind is Kind.BETTER))]
    moved = [harmless(f"- {WORDS[c.kind]}: {c.message}") for c in changes if c.kind in {Kind.ADDED, Kind.REMOVED}]
    meant = [f"{_change(each)} Meant: {harmless(each.change.meant)}" for each in lines(c for c in changes if c.meant)]
    parts = (
        ("Worse, and nobody is stopped by it", [*map(_change, minor(changes))]),
        ("Better than before", better),
        ("Added and removed", moved),
        ("Changes that are meant", meant),
    )
    return "\n\n".join(_folded(f"{title} ({len(told)})", "\n".join(told)) for title, told in parts if told)


def _faults(review: Review) -> str:
    if not review.estimates:
        return "Nothing in these templates has a fate of its own that the review knows."
    head = ("Workload", "Fault", "What happens", "RTO", "RPO", "Promised RTO / RPO", "Verdict", "Known by")
    body = [
        (r.workload or "-", r.fault, r.outcome, r.rto, r.rpo, r.promised, r.verdict, r.confidence) for r in rows(review)
    ]
    return "### Faults\n\n" + _table(head, body)


def _findings(review: Review) -> str:
    if not review.findings:
        return "### Findings\n\nNone."
    return "### Findings\n\n" + "\n".join(map(_finding, review.findings))


def _finding(finding: Finding) -> str:
    where = f" `{finding.resource.name}` ({finding.resource.template.file})" if finding.resource else ""
    page = f" ([why]({finding.source}))" if finding.source.startswith("http") else ""
    return harmless(f"- **{finding.severity}** `{finding.rule}`{where}: {finding.message}. Fix: {finding.fix}.{page}")


def _acknowledged(review: Review) -> str:
    lines = [f"{_finding(finding)} Meant: {harmless(reason)}" for finding, reason in review.acknowledged]
    return _folded(f"Acknowledged findings ({len(lines)})", "\n".join(lines)) if lines else ""


def _unknown(review: Review) -> str:
    unknown = review.coverage.unknown
    if not unknown:
        return ""
    rows = [
        (f"`{name}`{why_not_judged(name)}", str(len(found)), ", ".join(r.name for r in found))
        for name, found in unknown.items()
    ]
    return "### Not judged: types that the review does not know\n\n" + _table(("Type", "Resources", "Which"), rows)


def _cost_of_change(review: Review) -> str:
    cost = review.cost
    if cost is None or cost.difference is None:
        return ""
    if not cost.difference:
        return f"**{moved(cost)}.**"
    unknown = lacking(cost, "`")
    told = "".join(f"\n- not known: {harmless(line)}" for line in unknown[:SHOWN])
    more = f"\n- not known: {len(unknown) - SHOWN} more" if len(unknown) > SHOWN else ""
    return f"**{harmless(moved(cost))}** ({harmless(basis(cost))}).{told}{more}"


def _cost(review: Review) -> str:
    cost = review.cost
    if cost is None or not cost.sites:
        return ""
    unknown = "\n".join(
        f"- {harmless(line)}" for line in gaps((gap for site in cost.sites for gap in site.unknown), "`")
    )
    lines = dearest(cost, DEAR)
    used = dict.fromkeys(f"{u.what}{_unit(u)}" for site in cost.sites for u in site.usage)
    parts = (
        f"From what idles to what runs at full size; {harmless(basis(cost))}. "
        f"{cost.coverage.percent:g}% of the resources have a known price, are paid by use or are free.",
        _table(HEAD, cells(cost)),
        f"Not known, and in no figure:\n\n{unknown}" if unknown else "",
        harmless(f"Paid by use, and in no figure: {'; '.join(used)}.") if used else "",
        _table(LINES, lines) if lines else "",
        f"Prices from: {'; '.join(sources(cost))}." if lines else "",
    )
    monthly = least(cost.monthly, complete=cost.complete)
    return _folded(f"Cost of a month: USD {monthly}{_lacks(cost)}", "\n\n".join(filter(None, parts)))


def _lacks(cost: Cost) -> str:
    count = sum(len(site.unknown) for site in cost.sites)
    return f", and what {count} more thing{'s cost' if count > 1 else ' costs'} is not known" if count else ""


def _unit(usage: Usage) -> str:
    return f" ({usage.price.amount:g} USD for each {usage.price.unit} in {usage.price.region})" if usage.price else ""


def _paths(review: Review) -> str:
    told: dict[str, list[str]] = {}
    for estimate in review.estimates:
        if text := _path(estimate):
            head = f"{estimate.deployment.workload or 'workload'}, {estimate.case}"
            told.setdefault(text, []).append(head)
    parts = [f"**{harmless('; '.join(heads))}**\n\n{text}" for text, heads in told.items()]
    return _folded("How the figures come about", "\n\n".join(parts)) if parts else ""


def _path(estimate: Estimate) -> str:
    if estimate.because:
        return "\n".join(harmless(f"- {o.resource.name}: {o.judgement.says}") for o in estimate.because)
    if not estimate.path:
        return ""
    steps = [(s.what, s.resource.name if s.resource else "-", spans(s.takes), str(s.confidence)) for s in estimate.path]
    return _table(("Step", "Resource", "Takes", "Known by"), steps)


def _ways(review: Review) -> str:
    if not review.ways:
        return ""
    return _folded(f"From users to data ({len(review.ways)})", "\n\n".join(map(_way, review.ways)))


def _way(way: Way) -> str:
    rows = [(row.fault, row.outcome, row.rto, row.rpo) for row in rows_of(way)]
    gaps = "\n".join(harmless(f"- not told: {gap}") for gap in way.path.gaps)
    table = _table(("Fault", "What happens", "RTO", "RPO"), rows) if rows else "Every fault leaves it as it is."
    return "\n\n".join(filter(None, (f"**{harmless(str(way.path))}**", gaps, table)))


def _details(review: Review) -> str:
    told = [o for o in review.outcomes if o.fate is not Fate.SURVIVES]
    silent = len(review.outcomes) - len(told)
    head = ("Fault", "Resource", "Outcome", "Because", "RTO", "RPO", "Known by")
    table = _table(head, map(_detail, told)) if told else ""
    return _folded(f"Every resource that a fault reaches ({silent} more outcomes: survives)", table)


def _detail(outcome: Outcome) -> tuple[str, ...]:
    judgement = outcome.judgement
    return (
        str(outcome.case),
        f"`{outcome.resource.name}`",
        str(outcome.fate),
        judgement.says,
        spans(judgement.rto),
        spans(judgement.rpo),
        str(outcome.confidence),
    )


def _sources(review: Review) -> str:
    facts: dict[str, Fact[Range]] = {}
    for estimate in review.estimates:
        for step in (*estimate.path, *estimate.losses):
            facts |= {fact.says: fact for fact in step.facts}
    if not facts:
        return ""
    body = [(f.says, spans(f.value), str(f.confidence), f.source, f.date) for f in (facts[k] for k in sorted(facts))]
    return _folded("Times and where they come from", _table(("Fact", "Time", "Known by", "Source", "Read"), body))


def _quotas(review: Review) -> str:
    if not review.needs:
        return ""
    rows = [(n.workload or "-", n.region, n.quota.value, str(n.amount)) for n in review.needs]
    table = _table(("Workload", "Region", "Quota", "At least"), rows)
    return _folded("What the Regions that take over have to be allowed", table)


def _folded(title: str, text: str) -> str:
    return f"<details><summary>{title}</summary>\n\n{text}\n\n</details>"


def _table(head: tuple[str, ...], body: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *body]
    return "\n".join("| " + " | ".join(harmless(cell).replace("|", "\\|") for cell in line) + " |" for line in lines)
