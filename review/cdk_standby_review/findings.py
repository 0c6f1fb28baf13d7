"""What a rule finds, and what a rule is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from .graph import Graph, Resource


class Severity(StrEnum):
    """How bad a finding is, worst first."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing to change, and how."""

    rule: str
    severity: Severity
    message: str
    fix: str
    source: str
    resource: Resource | None = None
    """None when it is about the whole workload."""


Found = tuple[Resource, str, str]
"""A resource, what is wrong with it, and how to put it right."""
Finds = Callable[[Graph], Iterable[Found]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A pure function over the graph, with what a person needs to know about it."""

    id: str
    severity: Severity
    why: str
    source: str
    finds: Finds

    def check(self, graph: Graph) -> list[Finding]:
        """Everything that this rule has to say, in a fixed order."""
        found = [
            Finding(
                rule=self.id,
                severity=self.severity,
                message=f"{message}: {self.why}",
                fix=fix,
                source=self.source,
                resource=resource,
            )
            for resource, message, fix in self.finds(graph)
        ]
        return sorted(found, key=lambda f: (f.resource.key if f.resource else ("", ""), f.message))


def rule(id: str, finds: Finds, why: str, source: str, severity: Severity = Severity.ERROR) -> Rule:
    """A row of a table of rules."""
    return Rule(id=id, severity=severity, why=why, source=source, finds=finds)
