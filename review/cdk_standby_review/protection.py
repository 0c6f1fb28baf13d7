"""Who protects whom: backup plans and their selections, how often they run, where copies go."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from . import snapshot_policies
from .arns import means
from .databases import is_multi_az
from .graph import Graph, Key, Resource
from .intrinsics import Partial, references_in
from .plain import is_object, is_true, list_of, within
from .schedules import interval_of

_KEPT_IN = ("TargetBackupVault", "TargetLogicallyAirGappedBackupVaultArn")


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupRule:
    """One rule of a backup plan that covers a resource."""

    plan: Resource
    interval: float | None
    """Seconds between backups; None when the schedule is not understood."""
    continuous: bool = False
    days: float | None = None
    """How long a backup is kept; None is for ever."""
    copies: tuple[str, ...] = ()
    """The Regions that copies go to."""
    vaults: tuple[tuple[str, Any], ...] = ()
    """The Region and the vault of each copy: an ARN, or a reference to one."""
    kept_in: tuple[Any, ...] = ()
    """The vaults that the backup itself goes to: names, ARNs or references; snapshots lie in none."""


def backups_of(graph: Graph, resource: Resource) -> tuple[BackupRule, ...]:
    """Every rule of every backup plan that covers a resource, and every schedule of snapshots."""
    return graph.remembered(f"backups of {'/'.join(resource.key)}", lambda: _backups_of(graph, resource))


def _backups_of(graph: Graph, resource: Resource) -> tuple[BackupRule, ...]:
    found: list[BackupRule] = []
    for selection in graph.remembered("backup selections", lambda: _Selections(graph)).that_may_cover(resource):
        plan = graph.at(selection.get("BackupPlanId"))
        if plan and selection.region == resource.region and selects(graph, selection, resource):
            found += [_rule(graph, plan, raw) for raw in plan.items("BackupPlan", "BackupPlanRule")]
    return (*found, *_snapshots_of(graph, resource))


class _Selections:
    """Backup selections by what they name, so that not every one is asked about every store."""

    def __init__(self, graph: Graph) -> None:
        self._by_reference: dict[Key, list[Resource]] = defaultdict(list)
        self._by_tag: dict[tuple[str, str], list[Resource]] = defaultdict(list)
        self._by_pattern: dict[str, list[Resource]] = defaultdict(list)
        for selection in graph.of_type("AWS::Backup::BackupSelection"):
            named = list_of(selection.get("BackupSelection", "Resources"))
            for reference in references_in(named):
                self._by_reference[reference.template, reference.logical_id].append(selection)
            for tag in selection.items("BackupSelection", "ListOfTags"):
                self._by_tag[str(tag.get("ConditionKey")), str(tag.get("ConditionValue"))].append(selection)
            if not all(references_in(each) for each in named):
                self._by_pattern[selection.region].append(selection)

    def that_may_cover(self, resource: Resource) -> list[Resource]:
        """Those that name a resource, one of its tags, or patterns of ARNs in its Region, in their order."""
        found = [*self._by_reference.get(resource.key, ()), *self._by_pattern.get(resource.region, ())]
        for tag in tags_of(resource).items():
            found += self._by_tag.get(tag, ())
        return sorted({selection.key: selection for selection in found}.values(), key=lambda each: each.key)


def _snapshots_of(graph: Graph, resource: Resource) -> Iterator[BackupRule]:
    for policy, schedule in snapshot_policies.schedules_for(graph, resource):
        yield BackupRule(
            plan=policy,
            interval=snapshot_policies.interval(schedule),
            days=snapshot_policies.days(schedule),
            copies=snapshot_policies.copies(schedule),
        )


def copied_to(graph: Graph, resource: Resource) -> tuple[str, ...]:
    """The other Regions that hold backups of a resource; of a Multi-AZ DB cluster AWS copies none.

    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/multi-az-db-clusters-concepts.Limitations.html
    """
    if is_multi_az(resource):
        return ()
    regions = {region for rule in backups_of(graph, resource) for region in rule.copies}
    if replicated := resource.text("AutomaticBackupReplicationRegion"):
        regions.add(replicated)
    return tuple(sorted(regions - {resource.region}))


def selects(graph: Graph, selection: Resource, resource: Resource) -> bool:
    """Whether a backup selection covers a resource: by ARN, by reference or by tag."""
    if any(_means(graph, arn, resource) for arn in list_of(selection.get("BackupSelection", "NotResources"))):
        return False
    if any(_means(graph, arn, resource) for arn in list_of(selection.get("BackupSelection", "Resources"))):
        return _tagged_as_asked(selection, resource)
    tags = tags_of(resource)
    return any(
        tags.get(str(tag.get("ConditionKey"))) == tag.get("ConditionValue")
        for tag in selection.items("BackupSelection", "ListOfTags")
    )


def tags_of(resource: Resource) -> dict[str, str]:
    """The tags of a resource, as far as they are known; of a global table, those of the replica in its Region."""
    replicas = [replica for replica in resource.items("Replicas") if replica.get("Region") == resource.region]
    written = [resource.get("Tags"), resource.get("FileSystemTags"), *(replica.get("Tags") for replica in replicas)]
    pairs = [tag for tags in written for tag in list_of(tags) if is_object(tag)]
    by_name = {key: value for tags in written if is_object(tags) for key, value in tags.items()}
    return {str(key): str(value) for key, value in by_name.items()} | {
        str(tag.get("Key")): str(tag.get("Value")) for tag in pairs
    }


def _tagged_as_asked(selection: Resource, resource: Resource) -> bool:
    tags = tags_of(resource)
    return all(
        tags.get(str(asked.get("ConditionKey")).removeprefix("aws:ResourceTag/")) == asked.get("ConditionValue")
        for asked in selection.items("BackupSelection", "Conditions", "StringEquals")
    )


def _means(graph: Graph, arn: Any, resource: Resource) -> bool:
    if references := references_in(arn):
        return any(graph.at(reference) is resource for reference in references)
    return isinstance(arn, str | Partial) and means(str(arn), resource)


def _rule(graph: Graph, plan: Resource, raw: dict[str, Any]) -> BackupRule:
    days = within(raw, "Lifecycle", "DeleteAfterDays")
    vaults = [within(copy, "DestinationBackupVaultArn") for copy in list_of(raw.get("CopyActions"))]
    placed = tuple((region, vault) for vault in vaults if (region := _region_of(graph, vault)))
    return BackupRule(
        plan=plan,
        interval=interval_of(str(raw.get("ScheduleExpression") or "")),
        continuous=is_true(raw.get("EnableContinuousBackup")),
        days=float(days) if isinstance(days, int | float) else None,
        copies=tuple(sorted({region for region, _ in placed})),
        vaults=placed,
        kept_in=tuple(value for name in _KEPT_IN if (value := raw.get(name)) is not None),
    )


def _region_of(graph: Graph, arn: Any) -> str:
    """The Region of a copy's vault, from its ARN or from the vault itself."""
    vault = graph.at(arn)
    if vault is not None:
        return vault.region
    found = re.match(r"arn:[^:]*:backup:([a-z0-9-]+):", str(arn))
    return found.group(1) if found else ""
