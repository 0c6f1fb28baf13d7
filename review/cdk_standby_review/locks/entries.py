"""What a lock remembers of a resource."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from ..plain import object_of
from . import updates
from .kinds import DATA, LOCKED
from .values import kept

POLICIES: Final = ("Delete", "Snapshot", "RetainExceptOnCreate", "Retain")
"""What keeps least first."""
SNAPSHOT_BY_DEFAULT: Final = frozenset({"AWS::RDS::DBCluster", "AWS::RDS::DBInstance"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A resource that holds data, or that data cannot do without."""

    type: str
    path: str = ""
    """The construct path, when the CDK wrote it down."""
    deletion: str = "Delete"
    """The DeletionPolicy."""
    replacement: str = "Delete"
    """The UpdateReplacePolicy."""
    values: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """The create-only properties that are set."""

    @property
    def holds_data(self) -> bool:
        """Whether the data is in it: that of a cluster is not in its instances."""
        member = self.type.endswith("::DBInstance") and "DBClusterIdentifier" in self.values
        return self.type in DATA and not member

    @property
    def name(self) -> Any:
        """What AWS calls the resource, when the template says it."""
        named_by = LOCKED.get(self.type)
        return None if named_by is None else self.values.get(named_by)


def entries(resources: Mapping[str, Any], paths: Mapping[str, str] | None = None) -> dict[str, Entry]:
    """What is to be locked of a template's resources, by logical id, in order."""
    return {
        logical_id: entry_of(object_of(resources[logical_id]), (paths or {}).get(logical_id, ""))
        for logical_id in sorted(resources)
        if object_of(resources[logical_id]).get("Type") in LOCKED
    }


def entry_of(resource: Mapping[str, Any], path: str = "") -> Entry:
    """A resource of a template as a lock remembers it."""
    kind, properties = str(resource.get("Type")), object_of(resource.get("Properties"))
    found = updates.values(kind, properties)
    return Entry(
        type=kind,
        path=path or str(object_of(resource.get("Metadata")).get("aws:cdk:path", "")),
        deletion=_policy(resource, "DeletionPolicy"),
        replacement=_policy(resource, "UpdateReplacePolicy"),
        values={name: kept(value) for name, value in found.items()},
    )


def _policy(resource: Mapping[str, Any], attribute: str) -> str:
    """What holds when nothing is said: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/
    aws-attribute-deletionpolicy.html.
    """
    said = resource.get(attribute)
    if isinstance(said, str):
        return said
    alone = "DBClusterIdentifier" not in object_of(resource.get("Properties"))
    snapshot = attribute == "DeletionPolicy" and resource.get("Type") in SNAPSHOT_BY_DEFAULT and alone
    return "Snapshot" if snapshot else "Delete"


def keeps_less(before: str, after: str) -> bool:
    """Whether a policy protects less than the one before it."""
    return after in POLICIES and before in POLICIES and POLICIES.index(after) < POLICIES.index(before)
