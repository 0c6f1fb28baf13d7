"""What each service has across Regions: service by mode, with what takes its place where it has nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ._model import Confidence

_DOCS = "https://docs.aws.amazon.com/"
DATE = "2026-11-21"
"""When the sources were last read."""


class Mode(StrEnum):
    """A way to be in two Regions, the cheapest first."""

    COPY = "copy"
    """Backups or snapshots lie in the other Region, and are restored there."""
    REPLICA = "replica"
    """A copy that can be read follows in the other Region."""
    ACTIVE_PASSIVE = "active-passive"
    """The other Region takes the writes over, and gives them back, without being built anew."""
    ACTIVE_ACTIVE = "active-active"
    """Both Regions write."""


class Loses(StrEnum):
    """What the loss of the writing Region costs."""

    NOTHING = "nothing"
    SECONDS = "the last seconds"
    MINUTES = "the last minutes"
    INTERVAL = "what came after the last copy"


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """What a service has for a mode."""

    by: str
    """The feature, as AWS calls it."""
    loses: Loses
    source: str
    ours: str = ""
    """The construct of this library that does it; empty: none does."""
    confidence: Confidence = Confidence.DOCUMENTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A service, what it has across Regions, and what to take where it has nothing."""

    name: str
    modes: Mapping[Mode, How] = field(default_factory=dict[Mode, How])
    instead: Mapping[Mode, str] = field(default_factory=dict[Mode, str])
    """For each mode that it lacks: the alternative."""
    source: str
    """The page that shows what there is, and so what there is not."""


def _how(by: str, loses: Loses, page: str, ours: str = "", confidence: Confidence = Confidence.DOCUMENTED) -> How:
    return How(by=by, loses=loses, source=_DOCS + page, ours=ours, confidence=confidence)


_COPIES = "aws-backup/latest/devguide/cross-region-backup.html"
_BACKUP = _how("copies by AWS Backup", Loses.INTERVAL, _COPIES, "BackupPlan")
_GLOBAL_AURORA = "AmazonRDS/latest/AuroraUserGuide/aurora-global-database.html"
_REPLICAS = "AmazonRDS/latest/UserGuide/USER_ReadRepl.XRgn.html"
_DATASTORE = "AmazonElastiCache/latest/dg/Redis-Global-Datastore.html"
_DSQL = "aurora-dsql/latest/userguide/what-is-aurora-dsql.html"
_TABLES = "amazondynamodb/latest/developerguide/GlobalTables.html"
_DOCDB = "documentdb/latest/developerguide/global-clusters.html"
_NEPTUNE = "neptune/latest/userguide/neptune-global-database.html"
_KEYSPACES = "keyspaces/latest/devguide/multiRegion-replication.html"
_CCR = "opensearch-service/latest/developerguide/replication.html"
_S3 = "AmazonS3/latest/userguide/replication.html"
_EFS = "efs/latest/ug/efs-replication.html"
_EMR = "emr/latest/ManagementGuide/emr-plan-ha-considerations.html"
_MEMORYDB = "memorydb/latest/devguide/multi-region.html"
_DAX = "amazondynamodb/latest/developerguide/DAX.concepts.cluster.html"
_SNAPSHOTS = "redshift/latest/mgmt/cross-region-snapshot-copy.html"
_WRITES = "DynamoDB global tables (Table with replicas), or Aurora DSQL (DsqlCluster)"
_CACHE_SNAPSHOTS = "export its snapshots to a bucket that S3 replicates, or fill a cache there from its source"
_C, _R, _P, _A = Mode.COPY, Mode.REPLICA, Mode.ACTIVE_PASSIVE, Mode.ACTIVE_ACTIVE

SERVICES: Mapping[str, Service] = {
    service.name: service
    for service in (
        Service(
            name="RDS",
            modes={
                _C: _how("copies by AWS Backup, or of automated backups", Loses.INTERVAL, _COPIES, "BackupPlan"),
                _R: _how("cross-Region read replica", Loses.SECONDS, _REPLICAS, "ReadReplica"),
            },
            instead={
                _P: "a replica that is promoted (ReadReplica with a DatabaseRegionSwitch), or Aurora (GlobalAurora)",
                _A: "Aurora DSQL (DsqlCluster)",
            },
            source=_DOCS + _REPLICAS,
        ),
        Service(
            name="Aurora",
            modes={
                _C: _BACKUP,
                _R: _how("secondary cluster of a global database", Loses.SECONDS, _GLOBAL_AURORA, "GlobalAurora"),
                _P: _how("switchover and failover of a global database", Loses.SECONDS, _GLOBAL_AURORA, "GlobalAurora"),
            },
            instead={_A: "Aurora DSQL (DsqlCluster): a global database has one writer, to which others may forward"},
            source=_DOCS + _GLOBAL_AURORA,
        ),
        Service(
            name="Aurora DSQL",
            modes={
                _C: _how("copies by AWS Backup", Loses.INTERVAL, "aurora-dsql/latest/userguide/backup-aurora-dsql.html",
                         "BackupPlan"),
                _A: _how("peered clusters and a witness Region", Loses.NOTHING, _DSQL, "DsqlCluster"),
            },
            instead={
                _R: "active-active: both clusters answer reads",
                _P: "active-active: both clusters write, and one is enough",
            },
            source=_DOCS + _DSQL,
        ),
        Service(
            name="DynamoDB",
            modes={
                _C: _BACKUP,
                _R: _how("replica of a global table", Loses.SECONDS, _TABLES, "Table"),
                _P: _how("global table, to which one Region writes", Loses.SECONDS, _TABLES, "Table"),
                _A: _how("global table; with strong consistency nothing is lost", Loses.SECONDS, _TABLES, "Table"),
            },
            source=_DOCS + _TABLES,
        ),
        Service(
            name="DAX",
            instead={
                _C: "nothing: a cluster holds what its tables hold",
                _R: "a DaxCluster in each Region, in front of the replicas of its tables there",
                _P: "a DaxCluster in each Region, in front of the replicas of its tables there",
                _A: "a DaxCluster in each Region, in front of the replicas of its tables there",
            },
            source=_DOCS + _DAX,
        ),
        Service(
            name="ElastiCache for Valkey and Redis OSS",
            modes={
                _R: _how("secondary of a global datastore", Loses.SECONDS, _DATASTORE, "GlobalDatastore"),
                _P: _how("promotion in a global datastore", Loses.SECONDS, _DATASTORE, "GlobalDatastore"),
            },
            instead={_C: _CACHE_SNAPSHOTS, _A: f"MemoryDB Multi-Region (MemoryDbMultiRegion), or {_WRITES}"},
            source=_DOCS + _DATASTORE,
        ),
        Service(
            name="Memcached",
            instead={
                _C: "nothing: a cache that has no backups is filled from its source",
                _R: "Valkey in a global datastore (GlobalDatastore)",
                _P: "a MemcachedCache in each Region that fills itself, or Valkey in a global datastore",
                _A: "a MemcachedCache in each Region that fills itself",
            },
            source=_DOCS + "AmazonElastiCache/latest/dg/SelectEngine.html",
        ),
        Service(
            name="MemoryDB",
            modes={_A: _how("MemoryDB Multi-Region", Loses.SECONDS, _MEMORYDB, "MemoryDbMultiRegion")},
            instead={
                _C: _CACHE_SNAPSHOTS,
                _R: "active-active: both clusters answer reads",
                _P: "active-active: both clusters write, and one is enough",
            },
            source=_DOCS + _MEMORYDB,
        ),
        Service(
            name="DocumentDB",
            modes={
                _C: _how("copies by AWS Backup", Loses.INTERVAL, _COPIES, "BackupPlan"),
                _R: _how("secondary of a global cluster", Loses.SECONDS, _DOCDB),
                _P: _how("switchover and failover of a global cluster", Loses.SECONDS, _DOCDB),
            },
            instead={_A: _WRITES},
            source=_DOCS + _DOCDB,
        ),
        Service(
            name="Neptune",
            modes={
                _C: _how("copies by AWS Backup", Loses.INTERVAL, _COPIES, "BackupPlan"),
                _R: _how("secondary of a global database", Loses.SECONDS, _NEPTUNE),
                _P: _how("switchover and failover of a global database", Loses.SECONDS, _NEPTUNE),
            },
            instead={_A: "two graphs that are fed from one stream of changes"},
            source=_DOCS + _NEPTUNE,
        ),
        Service(
            name="Keyspaces",
            modes={_A: _how("multi-Region keyspace", Loses.SECONDS, _KEYSPACES)},
            instead={
                _C: "active-active: its backups restore in their own Region",
                _R: "active-active: every Region answers reads",
                _P: "active-active: every Region writes, and one is enough",
            },
            source=_DOCS + _KEYSPACES,
        ),
        Service(
            name="Redshift",
            modes={_C: _how("cross-Region snapshot copy", Loses.INTERVAL, _SNAPSHOTS)},
            instead={
                _R: "copy: there are no read replicas, and data sharing across Regions reads the one copy there is",
                _P: "copy, and a cluster that is restored from a snapshot",
                _A: "two clusters that are loaded from the same source",
            },
            source=_DOCS + _SNAPSHOTS,
        ),
        Service(
            name="OpenSearch",
            modes={
                _R: _how("cross-cluster replication: a follower that is read", Loses.SECONDS, _CCR),
                _P: _how("cross-cluster replication, stopped so that the follower writes", Loses.SECONDS, _CCR,
                         confidence=Confidence.ASSUMED),
            },
            instead={
                _C: "manual snapshots to a bucket that S3 replicates",
                _A: "two domains that are fed from one stream of changes",
            },
            source=_DOCS + _CCR,
        ),
        Service(
            name="Timestream for InfluxDB",
            instead={
                _C: "an export to a bucket that S3 replicates",
                _R: "two instances that both get every point",
                _P: "two instances that both get every point",
                _A: "two instances that both get every point",
            },
            source=_DOCS + "timestream/latest/developerguide/timestream-for-influxdb.html",
        ),
        Service(
            name="S3",
            modes={
                _C: _how("copies by AWS Backup", Loses.INTERVAL, _COPIES, "BackupPlan"),
                _R: _how("replication", Loses.MINUTES, _S3, "Bucket"),
                _P: _how("replication both ways behind a Multi-Region Access Point", Loses.MINUTES, _S3,
                         "MultiRegionAccessPoint"),
                _A: _how("replication both ways behind a Multi-Region Access Point", Loses.MINUTES, _S3,
                         "MultiRegionAccessPoint"),
            },
            source=_DOCS + _S3,
        ),
        Service(
            name="EFS",
            modes={
                _C: _how("copies by AWS Backup", Loses.INTERVAL, _COPIES, "BackupPlan"),
                _R: _how("replication to a file system that is read", Loses.MINUTES, _EFS),
                _P: _how("replication, deleted to fail over and turned round to fail back", Loses.MINUTES, _EFS),
            },
            instead={_A: "S3, replicated both ways"},
            source=_DOCS + _EFS,
        ),
        Service(
            name="EMR",
            instead={
                _C: "nothing: a cluster keeps its data in S3, which is replicated",
                _R: "an EmrCluster in each Region, on buckets that replicate",
                _P: "an EmrCluster in the other Region, launched when it is needed, on buckets that replicate",
                _A: "an EmrCluster in each Region, on buckets that replicate",
            },
            source=_DOCS + _EMR,
        ),
    )
}  # fmt: skip
"""Every service that we know, by name."""


def table() -> Iterator[str]:
    """The matrix as the lines of a Markdown table: what there is, or in italics what to take instead."""
    yield f"| service | {' | '.join(Mode)} |"
    yield f"|---|{'---|' * len(Mode)}"
    for service in SERVICES.values():
        yield f"| [{service.name}]({service.source}) | {' | '.join(_cell(service, mode) for mode in Mode)} |"


def _cell(service: Service, mode: Mode) -> str:
    how = service.modes.get(mode)
    if how is None:
        return f"*no: {service.instead[mode]}*"
    ours = f" `{how.ours}`;" if how.ours else ""
    guess = " (assumed)" if how.confidence is Confidence.ASSUMED else ""
    return f"{how.by};{ours} loses {how.loses}{guess}"
