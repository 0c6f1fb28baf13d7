"""What a good template holds, one pure function per rule, a file per theme.

To add a rule, write a function over the graph in the file of its theme and list it in that file's `RULES`.
"""

from __future__ import annotations

from ..findings import Finding, Rule
from ..graph import Graph
from . import (
    aurora,
    backups,
    balancers,
    capacity,
    circles,
    compute,
    databases,
    dsql,
    edge,
    foundations,
    parity,
    recovery,
    regions,
    replicas,
    retention,
    standbys,
    traffic,
    zones,
)

RULES: tuple[Rule, ...] = tuple(
    sorted(
        (
            *aurora.RULES,
            *backups.RULES,
            *balancers.RULES,
            *capacity.RULES,
            *circles.RULES,
            *compute.RULES,
            *databases.RULES,
            *dsql.RULES,
            *edge.RULES,
            *foundations.RULES,
            *parity.RULES,
            *recovery.RULES,
            *regions.RULES,
            *replicas.RULES,
            *retention.RULES,
            *standbys.RULES,
            *traffic.RULES,
            *zones.RULES,
        ),
        key=lambda rule: rule.id,
    )
)

__all__ = ["RULES", "check"]


def check(graph: Graph) -> list[Finding]:
    """Every finding of every rule."""
    return [finding for rule in RULES for finding in rule.check(graph)]
