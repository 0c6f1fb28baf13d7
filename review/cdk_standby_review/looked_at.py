"""What was looked at before something is said to be lost: the properties and backups that would have kept it.

A judgement that rests on what is there names it itself. One that rests on what is missing gets it from here, so that
whoever reads the JSON sees what would have to be there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from .databases import followers
from .graph import Graph, Resource
from .objectives import Fault
from .outcomes import Fate, Outcome
from .protection import backups_of

Look = Callable[[Graph, Resource], Any]
Looks = tuple[str, ...]
"""Properties by their path, and names of `_LOOKS`."""

_CLUSTERS = ("AWS::RDS::DBCluster", "AWS::DocDB::DBCluster", "AWS::Neptune::DBCluster")
_TABLES = ("AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable")
_CACHES = ("AWS::ElastiCache::CacheCluster", "AWS::ElastiCache::ReplicationGroup", "AWS::ElastiCache::ServerlessCache")
_VAULTS = ("AWS::Backup::BackupVault", "AWS::Backup::LogicallyAirGappedBackupVault")
_PLAN, _COPIES, _KEPT, _TWIN, _REPLICAS, _REPLICATOR, _FSX_DAYS = (
    "BackupPlan",
    "CopyActions",
    "Vaults",
    "twin",
    "replicas",
    "replicator",
    "AutomaticBackupRetentionDays",
)
_FSX_KINDS = ("WindowsConfiguration", "OntapConfiguration", "OpenZFSConfiguration", "LustreConfiguration")
_ELSEWHERE = (_PLAN, _COPIES)

_REGION: Mapping[str, Looks] = {
    "AWS::RDS::DBInstance": (
        "SourceDBInstanceIdentifier", "AutomaticBackupReplicationRegion", _REPLICAS, *_ELSEWHERE
    ),
    **dict.fromkeys(_CLUSTERS, ("GlobalClusterIdentifier", _REPLICAS, *_ELSEWHERE)),
    **dict.fromkeys(_TABLES, ("Replicas", *_ELSEWHERE)),
    "AWS::S3::Bucket": ("ReplicationConfiguration", *_ELSEWHERE),
    "AWS::EFS::FileSystem": ("ReplicationConfiguration", *_ELSEWHERE),
    "AWS::FSx::FileSystem": _ELSEWHERE,
    "AWS::EC2::Volume": _ELSEWHERE,
    "AWS::ElastiCache::ReplicationGroup": ("GlobalReplicationGroupId",),
    "AWS::ElastiCache::ServerlessCache": (),
    "AWS::MemoryDB::Cluster": ("MultiRegionClusterName",),
    "AWS::MSK::Cluster": (_REPLICATOR,),
    "AWS::Redshift::Cluster": ("DestinationRegion", *_ELSEWHERE),
    "AWS::RedshiftServerless::Namespace": ("SnapshotCopyConfigurations", *_ELSEWHERE),
    "AWS::OpenSearchService::Domain": (),
}  # fmt: skip
"""What would keep it when a Region is lost; every type that is not here, a twin in another Region."""
_DELETION: Mapping[str, Looks] = {
    "AWS::RDS::DBInstance": ("BackupRetentionPeriod", _PLAN),
    **dict.fromkeys(_CLUSTERS, ("BackupRetentionPeriod", _PLAN)),
    **dict.fromkeys(_TABLES, ("PointInTimeRecoverySpecification", _PLAN)),
    "AWS::S3::Bucket": ("VersioningConfiguration", _PLAN),
    "AWS::EFS::FileSystem": ("BackupPolicy", _PLAN),
    "AWS::FSx::FileSystem": (_FSX_DAYS, _PLAN),
    "AWS::EC2::Volume": (_PLAN,),
    **dict.fromkeys(_CACHES, ("SnapshotRetentionLimit", _PLAN)),
    "AWS::MemoryDB::Cluster": ("SnapshotRetentionLimit",),
    "AWS::Redshift::Cluster": ("AutomatedSnapshotRetentionPeriod", _PLAN),
    "AWS::KMS::Key": ("PendingWindowInDays",),
}
_ACCOUNT: Mapping[str, Looks] = {
    "AWS::S3::Bucket": (
        "ObjectLockConfiguration.Rule.DefaultRetention.Mode", "ReplicationConfiguration", _PLAN, _KEPT
    ),
    **dict.fromkeys(_VAULTS, ("LockConfiguration.ChangeableForDays",)),
    "AWS::KMS::Key": ("Origin",),
    "AWS::KMS::ReplicaKey": ("Origin",),
    "AWS::SecretsManager::Secret": (),
}  # fmt: skip
"""What nobody in the account could delete; every type that is not here, backups and the vaults they are kept in."""


def with_looks(graph: Graph, outcome: Outcome) -> Outcome:
    """An outcome whose evidence names what was looked at: all of what is lost, and what else has no evidence."""
    judgement = outcome.judgement
    silent = judgement.fate is Fate.RUNBOOK and not judgement.evidence
    if judgement.fate is not Fate.LOST and not silent:
        return outcome
    evidence = {**dict(_looked_at(graph, outcome)), **judgement.evidence}
    return replace(outcome, judgement=replace(judgement, evidence=evidence))


def _looked_at(graph: Graph, outcome: Outcome) -> Iterator[tuple[str, Any]]:
    resource = outcome.resource
    for name in _looks(outcome.case.fault, resource.type, outcome.fate):
        look = _LOOKS.get(name)
        yield name, look(graph, resource) if look else resource.get(*name.split("."))


def _looks(fault: Fault, kind: str, fate: Fate) -> Looks:
    """By the fault; a runbook that is silent was not made of backups, nor of a twin."""
    lost = fate is Fate.LOST
    match fault:
        case Fault.REGION:
            return _REGION.get(kind, (_TWIN,)) if lost else ()
        case Fault.DELETION:
            return _DELETION.get(kind, ())
        case Fault.ACCOUNT:
            return _ACCOUNT.get(kind, (_PLAN, _KEPT) if lost else ())
        case _:
            return ()


def _plan(graph: Graph, resource: Resource) -> str | None:
    return next((rule.plan.name for rule in backups_of(graph, resource)), None)


def _copies(graph: Graph, resource: Resource) -> list[str]:
    return sorted({region for rule in backups_of(graph, resource) for region in rule.copies})


def _vaults(graph: Graph, resource: Resource) -> list[str]:
    """Those of backups and of their copies; the lock of each is told at the vault."""
    rules = backups_of(graph, resource)
    values = (value for rule in rules for value in (*rule.kept_in, *(vault for _, vault in rule.vaults)))
    return sorted({vault.name if (vault := graph.at(value)) else str(value) for value in values})


def _twin(graph: Graph, resource: Resource) -> str | None:
    found = graph.twin(resource)
    return found.name if found else None


def _replicas(graph: Graph, resource: Resource) -> list[str]:
    return sorted(other.name for other, _ in followers(graph, resource) if other.region != resource.region)


def _replicator(graph: Graph, resource: Resource) -> str | None:
    return next((each.name for each in graph.users_of(resource, "AWS::MSK::Replicator")), None)


def _fsx_days(_: Graph, resource: Resource) -> Any:
    said = (resource.get(kind, _FSX_DAYS) for kind in _FSX_KINDS)
    return next((days for days in said if days is not None), None)


_LOOKS: Mapping[str, Look] = {
    _PLAN: _plan,
    _COPIES: _copies,
    _KEPT: _vaults,
    _TWIN: _twin,
    _REPLICAS: _replicas,
    _REPLICATOR: _replicator,
    _FSX_DAYS: _fsx_days,
}
