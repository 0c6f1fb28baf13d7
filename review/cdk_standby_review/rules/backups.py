"""Rules about backups: every store has them, long enough, and out of reach of what destroys it."""

from __future__ import annotations

from collections.abc import Iterable

from ..databases import is_multi_az, is_primary, is_replica, others_of_global
from ..findings import Found, Severity, rule
from ..graph import Graph, Resource
from ..knowledge.backup import lock_is_told
from ..knowledge.dynamodb import recovery_is_told
from ..knowledge.s3 import only_logs, says_versions
from ..plain import is_true, within
from ..protection import backups_of, copied_to

SHORT = 7
"""Days: mistakes are often found a week later."""
_BACKUPS = (
    "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.BackupRetention.html"
)
_COPIES = "https://docs.aws.amazon.com/aws-backup/latest/devguide/cross-region-backup.html"
_PITR = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Point-in-time-recovery.html"
_VERSIONS = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html"
_TABLES = ("AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable", "AWS::Serverless::SimpleTable")
_RECOVERY = ("PointInTimeRecoverySpecification", "PointInTimeRecoveryEnabled")
_LOCK = "https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html"


def _databases(graph: Graph) -> Iterable[Resource]:
    yield from graph.of_type("AWS::RDS::DBCluster")
    for instance in graph.of_type("AWS::RDS::DBInstance"):
        if instance.get("DBClusterIdentifier") is None and not is_replica(instance):
            yield instance


def no_backups(graph: Graph) -> Iterable[Found]:
    """A database with automated backups switched off and no backup plan."""
    for database in _databases(graph):
        if database.number("BackupRetentionPeriod") == 0 and not backups_of(graph, database):
            yield (
                database,
                "BackupRetentionPeriod is 0 and no backup plan selects it",
                "keep backups for 7 days or more",
            )


def short_backups(graph: Graph) -> Iterable[Found]:
    """A database whose backups are gone before a mistake is found."""
    for database in _databases(graph):
        days = database.number("BackupRetentionPeriod")
        kept = 1.0 if days is None and database.get("BackupRetentionPeriod") is None else days
        plans = [float("inf") if rule.days is None else rule.days for rule in backups_of(graph, database)]
        if kept is not None and 0 < kept < SHORT and max(plans, default=0) < SHORT:
            yield (
                database,
                f"backups are kept for {kept:g} day{'s' * (kept != 1)}",
                f"keep them for {SHORT} days or more",
            )


def no_copies(graph: Graph) -> Iterable[Found]:
    """A store without any copy of its backups in another Region, though a Region may be lost."""
    for database in _databases(graph):
        if graph.deployment_of(database).objectives.region is None:
            continue
        secondary = others_of_global(graph, database) and not is_primary(graph, database)
        if not secondary and not copied_to(graph, database):
            fix = "back it up with AWS Backup and copy to a locked vault in the recovery Region"
            if is_multi_az(database):
                fix = "AWS copies no snapshot of a Multi-AZ DB cluster: use Aurora, or an instance with a replica there"
            yield database, "no copy of its backups leaves the Region", fix


def table_recovery(graph: Graph) -> Iterable[Found]:
    """A table without point-in-time recovery, which no backup plan selects."""
    for table in graph.of_type(*_TABLES):
        if not recovery_is_told(table) or backups_of(graph, table):
            continue
        if table.type != "AWS::DynamoDB::GlobalTable":
            if not table.flag(*_RECOVERY):
                yield table, "point-in-time recovery is off", "set PointInTimeRecoveryEnabled to true"
            continue
        for replica in table.items("Replicas"):
            if not is_true(within(replica, *_RECOVERY)):
                yield (
                    table,
                    f"point-in-time recovery is off in {replica.get('Region')}",
                    "set PointInTimeRecoveryEnabled to true in every replica",
                )


def versions(graph: Graph) -> Iterable[Found]:
    """A bucket that keeps no earlier versions."""
    for bucket in graph.of_type("AWS::S3::Bucket"):
        kept = bucket.text("VersioningConfiguration", "Status") == "Enabled" or not says_versions(bucket)
        if not kept and not backups_of(graph, bucket) and not only_logs(graph, bucket):
            yield bucket, "versioning is off", "set VersioningConfiguration.Status to Enabled"


def locks(graph: Graph) -> Iterable[Found]:
    """A vault from which backups can be deleted."""
    for vault in graph.of_type("AWS::Backup::BackupVault"):
        if not vault.number("LockConfiguration", "MinRetentionDays") and lock_is_told(vault):
            yield vault, "it has no lock", "set LockConfiguration.MinRetentionDays"


RULES = (
    rule("database-no-backups", no_backups, "deleted or corrupted data is gone", _BACKUPS),
    rule("database-short-backups", short_backups, "mistakes are often found later", _BACKUPS, Severity.WARNING),
    rule("backup-copy-missing", no_copies, "replication carries mistakes along, and the Region may be lost", _COPIES),
    rule("table-point-in-time", table_recovery, "deleted or corrupted items are gone", _PITR, Severity.WARNING),
    rule("bucket-versioning", versions, "overwritten or deleted objects are gone", _VERSIONS, Severity.WARNING),
    rule("vault-unlocked", locks, "whoever takes over an account deletes the backups first", _LOCK, Severity.WARNING),
)
