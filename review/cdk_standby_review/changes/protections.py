"""Protections that a change takes away or weakens, a row each: deletion, backups, encryption, replicas, spare parts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ..findings import Severity
from ..graph import Resource
from ._measures import (
    Measure,
    Protection,
    attribute,
    copies,
    flag,
    given,
    kept_days,
    length,
    number,
    rules,
    word,
)
from ._model import Change, Kind
from ._pairs import Pairs
from ._words import shown

CLUSTERS = ("AWS::RDS::DBCluster", "AWS::DocDB::DBCluster", "AWS::Neptune::DBCluster")
RDS = ("AWS::RDS::DBInstance", *CLUSTERS)
TABLE, GLOBAL_TABLE = "AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable"
CACHE, MEMORY = "AWS::ElastiCache::ReplicationGroup", "AWS::MemoryDB::Cluster"
BUCKET, FILES, VOLUME = "AWS::S3::Bucket", "AWS::EFS::FileSystem", "AWS::EC2::Volume"
SEARCH, BALANCER, GROUP = (
    "AWS::OpenSearchService::Domain",
    "AWS::ElasticLoadBalancingV2::LoadBalancer",
    "AWS::AutoScaling::AutoScalingGroup",
)
PLAN, VAULT, KEY = "AWS::Backup::BackupPlan", "AWS::Backup::BackupVault", "AWS::KMS::Key"
ALARM = "AWS::CloudWatch::Alarm"
DAYS_OF_AWS = 1
"""Backups of RDS are kept one day when nothing is said:
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbinstance.html
"""


def _row(types: tuple[str, ...] | str, property: str, what: str, measure: Measure | None = None) -> Protection:
    """A protection; without a measure, the property is a flag."""
    names = (types,) if isinstance(types, str) else types
    return Protection(types=names, property=property, what=what, measure=measure or flag(*property.split(".")))


def _number(types: tuple[str, ...] | str, property: str, what: str, default: float = 0) -> Protection:
    return _row(types, property, what, number(*property.split("."), default=default))


def _given(types: tuple[str, ...] | str, property: str, what: str) -> Protection:
    return _row(types, property, what, given(*property.split(".")))


def _word(types: tuple[str, ...] | str, property: str, what: str, good: str) -> Protection:
    return _row(types, property, what, word(*property.split("."), good=good))


def _length(types: tuple[str, ...] | str, property: str, what: str) -> Protection:
    return _row(types, property, what, length(*property.split(".")))


DELETION = (
    _row((*RDS, "AWS::RDS::GlobalCluster"), "DeletionProtection", "deletion protection"),
    _row((TABLE, "AWS::DSQL::Cluster"), "DeletionProtectionEnabled", "deletion protection"),
    _row(GLOBAL_TABLE, "Replicas.DeletionProtectionEnabled", "deletion protection of a replica",
         length("Replicas", where=("DeletionProtectionEnabled",))),
    _word("AWS::Cognito::UserPool", "DeletionProtection", "deletion protection", "ACTIVE"),
    _row(BALANCER, "LoadBalancerAttributes.deletion_protection.enabled", "deletion protection",
         attribute("deletion_protection.enabled")),
    _given(VAULT, "LockConfiguration", "the lock of the vault"),
    _given(VAULT, "LockConfiguration.ChangeableForDays", "the compliance mode of the lock of the vault"),
    _row(BUCKET, "ObjectLockEnabled", "the lock of objects"),
    _number(KEY, "PendingWindowInDays", "days in which the deletion of the key can be called off", 30),
    _word(BUCKET, "ObjectLockConfiguration.Rule.DefaultRetention.Mode", "the compliance mode of the lock of objects",
          "COMPLIANCE"),
)  # fmt: skip
BACKUPS = (
    _number(RDS, "BackupRetentionPeriod", "days of backups", DAYS_OF_AWS),
    _number((CACHE, MEMORY), "SnapshotRetentionLimit", "days of snapshots"),
    _number("AWS::Redshift::Cluster", "AutomatedSnapshotRetentionPeriod", "days of snapshots", DAYS_OF_AWS),
    _row(TABLE, "PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled", "point-in-time recovery"),
    _row(GLOBAL_TABLE, "Replicas.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled",
         "point-in-time recovery of a replica",
         length("Replicas", where=("PointInTimeRecoverySpecification", "PointInTimeRecoveryEnabled"))),
    _number(TABLE, "PointInTimeRecoverySpecification.RecoveryPeriodInDays", "days to go back to", 35),
    _word(BUCKET, "VersioningConfiguration.Status", "versioning", "Enabled"),
    _word(FILES, "BackupPolicy.Status", "automatic backups", "ENABLED"),
    _length(PLAN, "BackupPlan.BackupPlanRule", "rules of the backup plan"),
    _row(PLAN, "BackupPlan.BackupPlanRule.CopyActions", "copies of backups", copies),
    _row(PLAN, "BackupPlan.BackupPlanRule.Lifecycle", "days that backups are kept", kept_days),
    _number("AWS::Kinesis::Stream", "RetentionPeriodHours", "hours that records are kept", 24),
    _row(RDS, "EnableCloudwatchLogsExports", "exported logs", length("EnableCloudwatchLogsExports")),
)  # fmt: skip
ENCRYPTION = (
    _row(RDS, "StorageEncrypted", "encryption of storage"),
    _row((VOLUME, FILES, "AWS::Redshift::Cluster"), "Encrypted", "encryption of storage"),
    _row(CACHE, "AtRestEncryptionEnabled", "encryption of storage"),
    _row(CACHE, "TransitEncryptionEnabled", "encryption on the way"),
    _row(MEMORY, "TLSEnabled", "encryption on the way", flag("TLSEnabled", default=True)),
    _row((TABLE, GLOBAL_TABLE), "SSESpecification.SSEEnabled", "encryption with a key of the account"),
    _row(SEARCH, "EncryptionAtRestOptions.Enabled", "encryption of storage"),
    _row(SEARCH, "NodeToNodeEncryptionOptions.Enabled", "encryption on the way"),
    _given(BUCKET, "BucketEncryption", "encryption as configured"),
    _given(("AWS::SQS::Queue", "AWS::SNS::Topic"), "KmsMasterKeyId", "encryption with a key of the account"),
    _given("AWS::Kinesis::Stream", "StreamEncryption", "encryption"),
    _given(("AWS::Logs::LogGroup", "AWS::SecretsManager::Secret"), "KmsKeyId", "encryption with a key of the account"),
    _row(KEY, "EnableKeyRotation", "rotation of the key"),
)
REDUNDANCY = (
    _row("AWS::RDS::DBInstance", "MultiAZ", "the standby in another zone"),
    _row(CACHE, "AutomaticFailoverEnabled", "automatic failover"),
    _row(CACHE, "MultiAZEnabled", "nodes in several zones"),
    _number(CACHE, "NumCacheClusters", "nodes", 1),
    _number(CACHE, "ReplicasPerNodeGroup", "replicas of a shard"),
    _number(MEMORY, "NumReplicasPerShard", "replicas of a shard", 1),
    _row(SEARCH, "ClusterConfig.ZoneAwarenessEnabled", "nodes in several zones"),
    _number(SEARCH, "ClusterConfig.InstanceCount", "nodes", 1),
    _length(GLOBAL_TABLE, "Replicas", "replicas"),
    _length("AWS::SecretsManager::Secret", "ReplicaRegions", "Regions that have the secret"),
    _row(BUCKET, "ReplicationConfiguration.Rules", "rules of replication", rules("ReplicationConfiguration", "Rules")),
    _given(FILES, "ReplicationConfiguration", "replication"),
    _given("AWS::RDS::DBCluster", "GlobalClusterIdentifier", "membership in a global cluster"),
    _length("AWS::ECR::ReplicationConfiguration", "ReplicationConfiguration.Rules", "rules of replication"),
    _number(GROUP, "MinSize", "instances at least"),
    _row(GROUP, "VPCZoneIdentifier", "subnets", length("VPCZoneIdentifier", default=None)),
    _row(BALANCER, "Subnets", "subnets", length("Subnets", default=None)),
    _row("AWS::ECS::Service", "DesiredCount", "tasks", number("DesiredCount", default=None)),
    _given(("AWS::SQS::Queue",), "RedrivePolicy", "the queue of what could not be delivered"),
)
ALARMS = (
    _row(ALARM, "ActionsEnabled", "what the alarm does", flag("ActionsEnabled", default=True)),
    _given(ALARM, "AlarmActions", "whom the alarm tells"),
)
PROTECTIONS = (*DELETION, *BACKUPS, *ENCRYPTION, *REDUNDANCY, *ALARMS)
GUARDS = {
    PLAN: "a backup plan",
    "AWS::Backup::BackupSelection": "a selection of what is backed up",
    "AWS::DLM::LifecyclePolicy": "a schedule of snapshots",
    ALARM: "an alarm",
    "AWS::Route53::HealthCheck": "a health check",
    "AWS::ECR::ReplicationConfiguration": "the replication of images",
    "AWS::ApplicationAutoScaling::ScalableTarget": "automatic scaling",
    "AWS::SecretsManager::RotationSchedule": "the rotation of a secret",
    "AWS::WAFv2::WebACLAssociation": "a web ACL in front",
}
"""Resources that protect others by being there."""


def protection_changes(pairs: Pairs) -> Iterator[Change]:
    """Every protection that is weaker than it was, and every guard that is gone."""
    for was, now in pairs.kept:
        for row in _ROWS.get(now.type, ()):
            before, after = row.measure(was), row.measure(now)
            if before is not None and after is not None and after < before:
                yield _weakened(row, was, now)
    yield from _guards(pairs)


def _rows_by_type() -> dict[str, list[Protection]]:
    found: dict[str, list[Protection]] = {}
    for row in PROTECTIONS:
        for name in row.types:
            found.setdefault(name, []).append(row)
    return found


_ROWS = _rows_by_type()


def _weakened(row: Protection, was: Resource, now: Resource) -> Change:
    names = row.property.split(".")
    before, after = shown(was.get(*names)), shown(now.get(*names))
    told = f": {before} before, {after} now" if before != after else " is less than before"
    return Change(
        kind=Kind.WEAKENED,
        severity=Severity.WARNING,
        message=f"{row.what} ({row.property}){told}",
        fix=f"keep {row.property}",
        source=page_of(now.type),
        resource=now,
        property=row.property,
        before=before if before != after else "",
        after=after if before != after else "",
    )


def _guards(pairs: Pairs) -> Iterator[Change]:
    """Guards that are gone; those of a type of which there are as many as before have got another id."""
    was, now = Counter(r.type for r in pairs.base), Counter(r.type for r in pairs.head)
    for resource in pairs.removed:
        if resource.type in GUARDS and now[resource.type] < was[resource.type]:
            yield Change(
                kind=Kind.WEAKENED,
                severity=Severity.WARNING,
                message=f"{GUARDS[resource.type]} is gone",
                fix="put it back",
                source=page_of(resource.type),
                resource=resource,
                gone=True,
            )


def page_of(kind: str) -> str:
    """The page of AWS about the properties of a type."""
    name = "-".join(kind.lower().split("::")[1:])
    return f"https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-{name}.html"
