"""The review itself: templates in, outcomes, findings and verdicts out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from . import rules, verdict
from .acknowledgements import Acknowledgement, reasons, unused
from .changes import Change, Side, compare
from .changes._pairs import Pairs
from .costs import Cost, Prices, cost_of
from .estimate import Assumptions, Estimate, estimates
from .faults import outcomes, unknown_types
from .findings import Finding, Severity
from .graph import Graph, Resource
from .knowledge import JUDGES
from .locks.judged import lock_findings
from .looked_at import with_looks
from .objectives import Objectives
from .outcomes import Outcome
from .parity import Need, needs
from .paths import Way, ways_of
from .regions import settled
from .templates import Template, read
from .verdict import Status, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How much of the templates the review knows."""

    judged: int
    """Resources with a fate of their own, known to the review."""
    glue: int
    """Resources that only connect or configure others."""
    unknown: dict[str, list[Resource]]
    """Resources of types that nobody taught the review: they were not judged."""

    @property
    def total(self) -> int:
        """All resources."""
        return self.judged + self.glue + sum(map(len, self.unknown.values()))

    @property
    def percent(self) -> float:
        """The share that is known, in percent; 100 for no resources at all."""
        return 100.0 if not self.total else round(100 * (self.judged + self.glue) / self.total, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What the review says about some templates. The same input gives the same review."""

    templates: tuple[Template, ...]
    findings: tuple[Finding, ...]
    """What is to be put right."""
    acknowledged: tuple[tuple[Finding, str], ...] = ()
    """What somebody meant, with the reason."""
    outcomes: tuple[Outcome, ...]
    estimates: tuple[Estimate, ...]
    verdicts: tuple[Verdict, ...]
    coverage: Coverage
    ways: tuple[Way, ...] = ()
    """How users get to data, and what every fault does to each way."""
    needs: tuple[Need, ...] = ()
    """What the Regions that take over have to be allowed."""
    changes: tuple[Change, ...] | None = None
    """What the step from the base does, the worst first; None when there is no base."""

    new: tuple[Finding, ...] = ()
    """Those of the findings that the base did not have; none without a base."""
    cost: Cost | None = None
    """What a month costs, per workload and site; None in a review that was put together without it."""

    @property
    def status(self) -> Status | None:
        """The worst verdict; None when nothing was promised."""
        return max((v.status for v in self.verdicts), key=lambda s: s.badness, default=None)

    def worst(self, *severities: Severity) -> list[Finding]:
        """The findings of some severities."""
        return [finding for finding in self.findings if finding.severity in severities]

    def worst_changes(self, *severities: Severity) -> list[Change]:
        """The changes of some severities that nobody acknowledged."""
        return [change for change in self.changes or () if change.severity in severities and not change.meant]


def review(
    path: str | Path,
    objectives: Objectives | None = None,
    assumptions: Assumptions | None = None,
    lock: str | Path | None = None,
    *,
    against: str | Path | None = None,
    acknowledged: Iterable[Acknowledgement] = (),
    prices: Prices | None = None,
    regions: Iterable[str] = (),
) -> Review:
    """Review a cloud assembly, a folder of templates or one template. Reads files and nothing else.

    Args:
        path: Where the templates are.
        objectives: What is promised; left out, what the templates promise in their `cdk-standby` metadata.
        assumptions: How fast people are; left out, the assumed times of `facts.recovery_times`.
        lock: The lock of data to hold the templates against; left out, none.
        against: Where the templates are that were there before; left out, the review tells no changes.
        acknowledged: What somebody meant, beside what the templates acknowledge themselves; left out, nothing.
        prices: What things cost, by `costs.read_prices`; left out, the table that comes with the review.
        regions: Where templates stand that do not say it: `eu-west-1` for all of them, `recovery*.yaml=eu-central-1`
            for those whose files fit; left out, where their zones prove it.

    Raises:
        UnreadableInput: the path holds no templates that can be read, or the Regions make no sense; one line says why.
    """
    head, base = settled(read(path), None if against is None else read(against), regions)
    return review_templates(head, objectives, assumptions, lock, against=base, acknowledged=acknowledged, prices=prices)


def review_templates(
    templates: Iterable[Template],
    objectives: Objectives | None = None,
    assumptions: Assumptions | None = None,
    lock: str | Path | None = None,
    *,
    against: Iterable[Template] | None = None,
    acknowledged: Iterable[Acknowledgement] = (),
    prices: Prices | None = None,
) -> Review:
    """Review templates that have been read already."""
    head = _side(templates, objectives, assumptions)
    graph, given = head.graph, tuple(acknowledged)
    meant = reasons(given)
    base = None if against is None else _side(against, objectives, assumptions)
    changes = None if base is None else compare(base, head, meant)
    found = _findings(head)
    before = None if base is None else set(map(_same, _findings(base)))
    if lock is not None:
        found += lock_findings(lock, graph)
    found += unused(given, [*found, *(change.as_finding() for change in changes or ())])
    order = list(Severity)
    found = sorted(found, key=lambda f: (order.index(f.severity), f.rule))
    to_mend = tuple(f for f in found if meant(f) is None)
    return Review(
        templates=graph.templates,
        findings=to_mend,
        acknowledged=tuple((f, reason) for f in found if (reason := meant(f)) is not None),
        outcomes=head.outcomes,
        estimates=head.estimates,
        verdicts=head.verdicts,
        coverage=_coverage(graph),
        ways=ways_of(graph, head.outcomes, assumptions),
        needs=needs(graph),
        changes=changes,
        new=() if before is None else tuple(f for f in to_mend if _same(f) not in before),
        cost=cost_of(graph, prices, None if base is None else Pairs(base.graph, graph)),
    )


def _side(templates: Iterable[Template], objectives: Objectives | None, assumptions: Assumptions | None) -> Side:
    graph = Graph(templates, objectives)
    judged = tuple(with_looks(graph, outcome) for outcome in outcomes(graph))
    estimated = estimates(graph, judged, assumptions)
    return Side(graph=graph, outcomes=judged, estimates=estimated, verdicts=verdict.verdicts(estimated))


def _findings(side: Side) -> list[Finding]:
    return [*rules.check(side.graph), *verdict.findings_of(side.verdicts)]


def _same(finding: Finding) -> tuple[str, ...]:
    """What a finding of the head and one of the base have in common when they are the same."""
    resource = finding.resource
    return (finding.rule, *((resource.region, resource.logical_id) if resource else ()))


def _coverage(graph: Graph) -> Coverage:
    judged, unknown = sum(r.type in JUDGES for r in graph), unknown_types(graph)
    glue = len(graph.resources) - judged - sum(map(len, unknown.values()))
    return Coverage(judged=judged, glue=glue, unknown=unknown)
