"""Rules about stores beyond RDS and Aurora: one that stands in one zone, and one that nothing backs up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..findings import Found, Severity, rule
from ..graph import Graph, Resource
from ..knowledge import cluster_volumes, elasticache, files, memorydb, messaging, opensearch, redshift, stores
from ..objectives import Fault
from ..outcomes import Case, Fate, Judgement
from ..placement import zones_of_region
from ..protection import tags_of

_PILLAR = "https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_fault_isolation_multiaz_region_system.html"
_BACKUPS = "https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/back-up-data.html"
_JUDGES = {
    **cluster_volumes.JUDGES,
    **elasticache.JUDGES,
    **files.JUDGES,
    **memorydb.JUDGES,
    **messaging.JUDGES,
    **opensearch.JUDGES,
    **redshift.JUDGES,
    **stores.JUDGES,
}
_STANDBYS: Mapping[str, str] = {
    "AWS::AmazonMQ::Broker": "set DeploymentMode to ACTIVE_STANDBY_MULTI_AZ, or to CLUSTER_MULTI_AZ for RabbitMQ",
    "AWS::DocDB::DBCluster": "add a replica in another zone",
    "AWS::EFS::FileSystem": "leave AvailabilityZoneName out, and add a mount target in each zone",
    "AWS::ElastiCache::CacheCluster": "make it a replication group with a replica, with AutomaticFailoverEnabled and "
    "MultiAZEnabled true",
    "AWS::ElastiCache::ReplicationGroup": "add a replica, and set AutomaticFailoverEnabled and MultiAZEnabled to true",
    "AWS::Elasticsearch::Domain": "set ZoneAwarenessEnabled to true",
    "AWS::FSx::FileSystem": "set DeploymentType to MULTI_AZ_1, with a second subnet",
    "AWS::MSK::Cluster": "keep more replicas than have to be in sync, in three zones",
    "AWS::MemoryDB::Cluster": "give it subnets in three zones",
    "AWS::Neptune::DBCluster": "add a replica in another zone",
    "AWS::OpenSearchService::Domain": "set ZoneAwarenessEnabled to true, over three zones",
    "AWS::Redshift::Cluster": "set MultiAZ or AvailabilityZoneRelocation to true",
    "AWS::S3Express::DirectoryBucket": "keep what has to outlive the zone in an AWS::S3::Bucket, or tag one whose "
    f"content is made anew with {elasticache.MADE_ANEW}",
    "AWS::Timestream::InfluxDBInstance": "set DeploymentType to WITH_MULTIAZ_STANDBY",
}
"""By type, what lets it outlive a zone."""
_KEPT: Mapping[str, str] = {
    "AWS::Cassandra::Table": "set PointInTimeRecoveryEnabled to true",
    "AWS::EFS::FileSystem": "set BackupPolicy.Status to ENABLED",
    "AWS::FSx::FileSystem": "set AutomaticBackupRetentionDays to 7 or more",
    "AWS::MemoryDB::Cluster": "set SnapshotRetentionLimit to 7 or more",
    "AWS::Redshift::Cluster": "set AutomatedSnapshotRetentionPeriod to 7 or more",
    "AWS::Timestream::Table": "select it in a plan of AWS Backup",
}
"""By type, what keeps its data."""


def one_zone(graph: Graph) -> Iterable[Found]:
    """A store, a cache or a broker that is gone, or waits for somebody, when one zone is lost."""
    for resource in graph.of_type(*_STANDBYS):
        if _waits(graph, resource) or elasticache.MADE_ANEW in tags_of(resource):
            continue
        for zone in zones_of_region(graph, resource.region) or ("",):
            judged = _judged(graph, resource, Case(Fault.ZONE, resource.region, zone))
            if judged and judged.vital and judged.fate in {Fate.LOST, Fate.RUNBOOK} and not _moves(resource):
                yield resource, _without(judged), f"let another zone go on: {_STANDBYS[resource.type]}"
                break


def no_backups(graph: Graph) -> Iterable[Found]:
    """A store of which nothing is left once its data is deleted."""
    for resource in graph.of_type(*_KEPT):
        judged = _judged(graph, resource, Case(Fault.DELETION))
        if judged and judged.fate is Fate.LOST and not _scratch(resource):
            yield resource, judged.says, f"keep its data: {_KEPT[resource.type]}"


def _without(judged: Judgement) -> str:
    """What becomes of it without its zone."""
    return judged.says if judged.fate is Fate.LOST else f"it waits for somebody ({judged.says})"


def _judged(graph: Graph, resource: Resource, case: Case) -> Judgement | None:
    return _JUDGES[resource.type](graph, resource, case)


def _waits(graph: Graph, resource: Resource) -> bool:
    """Whether it stands at a site that only waits."""
    active = graph.deployment_of(resource).active
    return bool(active) and resource.region != active


def _moves(resource: Resource) -> bool:
    """Whether a warehouse is relocated, data and all."""
    return bool(resource.flag("AvailabilityZoneRelocation"))


def _scratch(resource: Resource) -> bool:
    """Whether a file system is for what is there only while it is worked on."""
    deployed = resource.text("LustreConfiguration", "DeploymentType") or "SCRATCH_1"
    return resource.text("FileSystemType") == "LUSTRE" and deployed.startswith("SCRATCH")


RULES = (
    rule("store-single-zone", one_zone, "the loss of a zone stops it", _PILLAR, Severity.WARNING),
    rule("store-no-backups", no_backups, "deleted or corrupted data is gone", _BACKUPS, Severity.WARNING),
)
