"""One thing that a change does, and what kind of thing it is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ..findings import Finding, Severity
from ..graph import Resource


class Kind(StrEnum):
    """What a change does. The names are the ids to acknowledge them by."""

    REPLACED = "data-replaced"
    DELETED = "data-deleted"
    MISSED = "objective-newly-missed"
    UNPROTECTED = "data-unprotected"
    """A DeletionPolicy or an UpdateReplacePolicy that keeps less."""
    WEAKENED = "protection-weakened"
    WORSE = "outcome-worse"
    WIDENED = "access-widened"
    BETTER = "outcome-better"
    REMOVED = "resources-removed"
    ADDED = "resources-added"

    @property
    def about(self) -> str:
        """What it means, in a sentence."""
        return _ABOUT[self]


_ABOUT = {
    Kind.REPLACED: "The change makes CloudFormation replace a resource that holds data, or that data cannot do without",
    Kind.DELETED: "The change removes a resource that holds data, or that data cannot do without",
    Kind.MISSED: "The change makes an objective be missed that was met",
    Kind.UNPROTECTED: "The change makes CloudFormation keep less of a resource that is removed or replaced",
    Kind.WEAKENED: "The change takes a protection away, or makes it weaker",
    Kind.WORSE: "The change makes a fault do more harm",
    Kind.WIDENED: "The change lets more callers in, or lets them do more",
    Kind.BETTER: "The change makes a fault do less harm",
    Kind.REMOVED: "The change removes resources",
    Kind.ADDED: "The change adds resources",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that a change does."""

    kind: Kind
    severity: Severity
    message: str
    fix: str = ""
    """Empty where there is nothing to put right."""
    source: str = ""
    resource: Resource | None = None
    """As it is to be; as it was when it is gone; None when it is about the whole workload."""
    property: str = ""
    before: str = ""
    after: str = ""
    fault: str = ""
    gone: bool = False
    """Whether the resource is not there any more."""
    meant: str = ""
    """The reason, when somebody acknowledged it."""
    everybody: bool = False
    """Whether it opens something to everybody."""

    def as_finding(self) -> Finding:
        """The same as a finding, for whoever asks by rule."""
        return Finding(
            rule=str(self.kind), severity=self.severity, message=self.message, fix=self.fix, source=self.source,
            resource=self.resource,
        )  # fmt: skip
