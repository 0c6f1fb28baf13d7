"""The properties that AWS replaces for in some cases only: which cases are in place, and who says so.

From the pages of AWS, and from what CloudFormation's own handlers refuse to update:
https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-rds
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from .kinds import LOCKED, SETTINGS
from .schemas import listed
from .values import plain

INSTANCE: Final = (
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbinstance.html"
)
CLUSTER: Final = (
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbcluster.html"
)
CREDENTIALS: Final = (
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-secret.html"
)
UPDATES: Final = (
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html"
)
CONVERTED: Final = frozenset(
    {
        ("aurora", "aurora-mysql"),
        ("oracle-se", "oracle-se2"),
        ("oracle-se1", "oracle-se2"),
        ("oracle-ee", "oracle-ee-cdb"),
        ("oracle-se2", "oracle-se2-cdb"),
    }
)
"""Engines that RDS turns into one another in place."""

Harmless = Callable[[Any, Any, Mapping[str, Any]], bool]
"""From the value before, the value after and all properties after: whether the resource stays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """How AWS treats the change of one conditional property."""

    harmless: Harmless
    source: str


def _always(_before: Any, _after: Any, _properties: Mapping[str, Any]) -> bool:
    return True


def _when_removed(_before: Any, after: Any, _properties: Mapping[str, Any]) -> bool:
    return after in (None, "", False, "false")


def _when_added_or_removed(before: Any, after: Any, _properties: Mapping[str, Any]) -> bool:
    return before in (None, "") or after in (None, "")


def _when_converted(before: Any, after: Any, _properties: Mapping[str, Any]) -> bool:
    return (str(before).lower(), str(after).lower()) in CONVERTED


def _when_left_to_multi_az(_before: Any, after: Any, properties: Mapping[str, Any]) -> bool:
    return after in (None, "") and plain(properties.get("MultiAZ")) == "true"


def _when_unnamed(kind: str) -> Harmless:
    """Another group is made beside the old one, which goes last; a fixed name could not be had twice."""
    name = str(LOCKED[kind])
    return lambda _before, _after, properties: name not in properties


def _rows() -> dict[tuple[str, str], Update]:
    instance = {
        "AutoMinorVersionUpgrade": _always,
        "BackupRetentionPeriod": _always,
        "DBParameterGroupName": _always,
        "MultiAZ": _always,
        "PreferredMaintenanceWindow": _always,
        "AvailabilityZone": _when_left_to_multi_az,
        "Engine": _when_converted,
        "DBSnapshotIdentifier": _when_removed,
        "DBClusterSnapshotIdentifier": _when_removed,
        "SourceDBInstanceIdentifier": _when_removed,
        "SourceDBClusterIdentifier": _when_removed,
        "SourceDBInstanceAutomatedBackupsArn": _when_removed,
        "SourceDbiResourceId": _when_removed,
        "RestoreTime": _when_removed,
        "UseLatestRestorableTime": _when_removed,
        "PerformanceInsightsKMSKeyId": _when_added_or_removed,
    }
    cluster = {"Engine": _when_converted, "GlobalClusterIdentifier": _when_removed}
    neptune = {
        "AutoMinorVersionUpgrade": _always,
        "DBParameterGroupName": _always,
        "PreferredMaintenanceWindow": _always,
    }
    rows = {("AWS::RDS::DBInstance", name): Update(harmless=when, source=INSTANCE) for name, when in instance.items()}
    rows |= {("AWS::RDS::DBCluster", name): Update(harmless=when, source=CLUSTER) for name, when in cluster.items()}
    rows |= {
        ("AWS::Neptune::DBInstance", name): Update(harmless=when, source=UPDATES) for name, when in neptune.items()
    }
    for kind in SETTINGS:
        for name in set(listed(kind)) - {LOCKED[kind]}:
            rows[kind, name] = Update(harmless=_when_unnamed(kind), source=UPDATES)
    return rows


@lru_cache(maxsize=1)
def conditions() -> Mapping[tuple[str, str], Update]:
    """The documented updates of conditional properties, by type and property."""
    return _rows()


def always_in_place(kind: str, name: str) -> bool:
    """Whether no change of a property that AWS calls conditional ever replaces the resource."""
    found = conditions().get((kind, name))
    return found is not None and found.harmless is _always
