"""The breaches of a lock as findings of the review, so that report, gate and command say the same."""

from __future__ import annotations

from pathlib import Path

from ..findings import Finding, Severity
from ..graph import Graph
from .breaches import breaches
from .differences import Effect
from .lock import read_lock

RULE_IDS = tuple(str(effect) for effect in Effect)


def lock_findings(path: str | Path, graph: Graph) -> list[Finding]:
    """Everything in the templates of a graph that would break a lock, as errors.

    Raises:
        UnreadableInput: the lock cannot be read, or is that of another app.
    """
    resources = {(r.template.name, r.logical_id): r for r in graph}
    return [
        Finding(
            rule=str(breach.effect),
            severity=Severity.ERROR,
            message=breach.message,
            fix=breach.fix,
            source=breach.source,
            resource=resources.get((breach.template.name, breach.logical_id)) if breach.template else None,
        )
        for breach in breaches(read_lock(path), graph.templates, str(path))
    ]
