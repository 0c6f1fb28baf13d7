"""What CloudFormation does to a resource whose properties change: updates it in place, or makes another one.

By AWS's resource schemas, and by what AWS documents for the properties that these call conditional. What is conditional
and not encoded here counts as replaced: better one reason too many than a database too few.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

from ..plain import is_list, is_object
from .kinds import LOCKED, SETTINGS

INSTANCE: Final = (
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbinstance.html"
)
CLUSTER: Final = (
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbcluster.html"
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

LARGEST: Final = 400
"""Characters of JSON. A larger value is remembered by its hash."""

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
def _known() -> dict[str, dict[str, list[str]]]:
    text = (files("cdk_standby_review.locks") / "create_only.json").read_text(encoding="utf-8")
    known: dict[str, dict[str, list[str]]] = json.loads(text)
    return known


def listed(kind: str) -> tuple[str, ...]:
    """The properties of a type whose change replaces it, always or in some cases, as `A.B` or `A.*.B`."""
    schema = _known().get(kind, {})
    return (*schema.get("create_only", ()), *schema.get("conditional", ()))


@lru_cache(maxsize=1)
def conditions() -> Mapping[tuple[str, str], Update]:
    """The documented updates of conditional properties, by type and property."""
    return _rows()


def always_in_place(kind: str, name: str) -> bool:
    """Whether no change of a property that AWS calls conditional ever replaces the resource."""
    found = conditions().get((kind, name))
    return found is not None and found.harmless is _always


def is_conditional(kind: str, name: str) -> bool:
    """Whether AWS replaces for this property in some cases only."""
    return name in _known().get(kind, {}).get("conditional", ())


def source(kind: str, name: str) -> str:
    """The page of AWS that says how a property is updated."""
    found = conditions().get((kind, name))
    page = {"AWS::RDS::DBInstance": INSTANCE, "AWS::RDS::DBCluster": CLUSTER}.get(kind, UPDATES)
    return found.source if found else page


def values(kind: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    """The create-only properties of a resource that are set, in the order of their names."""
    found = {name: at(properties, name.split(".")) for name in listed(kind) if not always_in_place(kind, name)}
    return {name: found[name] for name in sorted(found) if found[name] is not None}


def replacing(kind: str, before: Mapping[str, Any], properties: Mapping[str, Any]) -> list[str]:
    """The properties because of which CloudFormation makes another resource.

    Args:
        kind: the type.
        before: the create-only properties that were, as `values` gives them.
        properties: all properties that are to be.
    """
    after = values(kind, properties)
    return [
        name
        for name in sorted({*before, *after})
        if not same(before.get(name), after.get(name))
        and not _harmless(kind, name, before.get(name), after.get(name), properties)
    ]


def _harmless(kind: str, name: str, before: Any, after: Any, properties: Mapping[str, Any]) -> bool:
    found = conditions().get((kind, name))
    return found is not None and found.harmless(before, after, properties)


def at(value: Any, parts: list[str]) -> Any:
    """A value inside properties; of lists, those of all items that have it."""
    if not parts:
        return value
    if parts[0] == "*":
        found = [at(item, parts[1:]) for item in value] if is_list(value) else []
        return [item for item in found if item is not None] or None
    return at(value.get(parts[0]), parts[1:]) if is_object(value) else None


def plain(value: Any) -> Any:
    """A value as CloudFormation compares it: `true` and `"true"`, 5432 and `"5432"` are the same to it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(value)
    if is_object(value):
        return {name: plain(value[name]) for name in sorted(value)}
    return [plain(item) for item in value] if is_list(value) else value


def kept(value: Any) -> Any:
    """A value as a lock keeps it: itself, or its hash when it is large."""
    text = json.dumps(plain(value), sort_keys=True)
    return value if len(text) <= LARGEST else {"sha256": hashlib.sha256(text.encode()).hexdigest()}


def same(before: Any, after: Any) -> bool:
    """Whether CloudFormation sees no difference."""
    return bool(plain(kept(before)) == plain(kept(after)))


def cascaded(resources: Mapping[str, Mapping[str, Any]], replaced: Iterable[str]) -> dict[str, tuple[str, str]]:
    """What is replaced because a create-only property of it points at something replaced: {id: (property, that id)}."""
    found: dict[str, tuple[str, str]] = {}
    fresh = set(replaced)
    while fresh:
        hit = {
            logical_id: (name, target)
            for logical_id, resource in resources.items()
            if logical_id not in found
            for name, value in values(str(resource.get("Type")), resource.get("Properties") or {}).items()
            for target in pointed_at(value)
            if target in fresh
        }
        found |= hit
        fresh = set(hit)
    return found


def pointed_at(value: Any) -> set[str]:
    """The logical ids that a value refers to."""
    if is_list(value):
        return {name for item in value for name in pointed_at(item)}
    if not is_object(value):
        return set()
    if isinstance(value.get("Ref"), str):
        return {value["Ref"]}
    attribute = value.get("Fn::GetAtt")
    if isinstance(attribute, str):
        return {attribute.split(".")[0]}
    if is_list(attribute):
        return {str(attribute[0])} if attribute else set()
    return {name for item in value.values() for name in pointed_at(item)} | _in_text(value.get("Fn::Sub"))


def _in_text(sub: Any) -> set[str]:
    """The logical ids in the text of an `Fn::Sub`; names of its own map do no harm."""
    text = sub[0] if is_list(sub) and sub else sub
    return {name.split(".")[0] for name in re.findall(r"\$\{([^!}][^}]*)\}", text)} if isinstance(text, str) else set()
