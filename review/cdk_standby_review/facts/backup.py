"""AWS Backup: retention, vault lock, windows, copies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ._model import Confidence, Fact, Range

_GUIDE = "https://docs.aws.amazon.com/aws-backup/latest/devguide/"
_DATE = "2026-11-21"

COLD_STORAGE_MINIMUM = Fact(
    value=90,
    unit="days",
    says="a backup that moved to cold storage stays there for at least 90 days",
    source=_GUIDE + "API_Lifecycle.html",
    date=_DATE,
)
CONTINUOUS = Fact(
    value=("AWS::RDS::DBCluster", "AWS::RDS::DBInstance", "AWS::S3::Bucket"),
    unit="types",
    says="AWS Backup keeps continuous backups of Aurora, RDS and S3; of all others a rule makes one backup at a time",
    source=_GUIDE + "point-in-time-recovery.html",
    date=_DATE,
)
CONTINUOUS_RETENTION = Fact(
    value=Range(1, 35),
    unit="days",
    says="a continuous backup can be restored to any second of the last 1 to 35 days",
    source=_GUIDE + "point-in-time-recovery.html",
    date=_DATE,
)
LOCK_RETENTION = Fact(
    value=Range(1, 36500),
    unit="days",
    says="a vault lock holds backups for one day to 100 years",
    source=_GUIDE + "API_PutBackupVaultLockConfiguration.html",
    date=_DATE,
)
LOCK_COOLING_OFF = Fact(
    value=Range(3, 36500),
    unit="days",
    says="a lock in compliance mode can still be changed for at least three days, and by nobody ever after",
    source=_GUIDE + "vault-lock.html",
    date=_DATE,
)
START_WINDOW = Fact(
    value=Range(60, 52_560_000),
    unit="minutes",
    says="a job that has not started within its window of an hour or more expires",
    source=_GUIDE + "API_BackupRuleInput.html",
    date=_DATE,
)
COMPLETION_WINDOW = Fact(
    value=Range(60, 52_560_000),
    unit="minutes",
    says="a job that has not ended within its window is cancelled, and few end within an hour",
    source=_GUIDE + "API_BackupRuleInput.html",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
VAULT_NAME = Fact(
    value=r"[A-Za-z0-9_-]{2,50}",
    unit="regular expression",
    says="a vault is known by 2 to 50 letters, digits, '-' and '_'",
    source=_GUIDE + "API_CreateBackupVault.html",
    date=_DATE,
)
EVENT_DELAY = Fact(
    value=Range(0, 300),
    unit="seconds",
    says="AWS Backup sends events every five minutes, at best effort",
    source=_GUIDE + "eventbridge.html",
    date=_DATE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Copies:
    """What a copy of a service's backups may cross."""

    region: bool = True
    account: bool = True
    both: bool = True
    """Region and account in one copy; where it may not, two copies one after the other do."""
    instead: str = "a copy across one of the two, and from there another"


CROSS_ACCOUNT = Fact(
    value=True,
    unit="supported",
    says="AWS Backup copies between accounts of one organization, which has cross-account backup switched on",
    source=_GUIDE + "create-cross-account-backup.html",
    date=_DATE,
)
ORGANIZATION = Fact(
    value=r"o-[a-z0-9]{10,32}",
    unit="regular expression",
    says="an organization is known by o- and 10 to 32 small letters and digits",
    source="https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html",
    date=_DATE,
)
COPIES: Fact[Mapping[str, Copies]] = Fact(
    value={
        **dict.fromkeys(("dsql", "dynamodb", "ec2", "elasticfilesystem", "fsx", "s3"), Copies()),
        # In one copy since autumn 2025; AWS's older pages deny it.
        **dict.fromkeys(("docdb", "neptune", "rds"), Copies()),
        "redshift": Copies(
            region=False,
            account=False,
            both=False,
            instead="a copy that Redshift makes (`SnapshotCopyGrantName`, `DestinationRegion`)",
        ),
        "redshift-serverless": Copies(
            region=False,
            account=False,
            both=False,
            instead="a copy that Redshift Serverless makes (`SnapshotCopyConfigurations`)",
        ),
    },
    unit="what copies may cross, by the service in the ARN",
    says="AWS Backup makes no such copies of it",
    source=_GUIDE + "backup-feature-availability.html",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
PARTITION_COPIES = Fact(
    value=False,
    unit="supported",
    says="AWS, AWS in China and GovCloud share no accounts, so a copy cannot leave its own",
    source=_GUIDE + "cross-region-backup.html",
    date=_DATE,
)
AIR_GAPPED_MINIMUM = Fact(
    value=Range(7, 36500),
    unit="days",
    says="a logically air-gapped vault keeps every backup for seven days or more",
    source=_GUIDE + "API_CreateLogicallyAirGappedBackupVault.html",
    date=_DATE,
)
TEST_WINDOW = Fact(
    value=Range(1, 365),
    unit="days",
    says="a restore test looks for recovery points of the last 1 to 365 days",
    source=_GUIDE + "API_RestoreTestingRecoveryPointSelection.html",
    date=_DATE,
)
TEST_START = Fact(
    value=Range(1, 168),
    unit="hours",
    says="a restore test starts within its window of at most a week, or never",
    source=_GUIDE + "API_RestoreTestingPlanForCreate.html",
    date=_DATE,
)
TEST_VALIDATION = Fact(
    value=Range(0, 168),
    unit="hours",
    says="what was restored is kept for validation for at most a week, then deleted",
    source=_GUIDE + "API_RestoreTestingSelectionForCreate.html",
    date=_DATE,
)
TEST_NAME = Fact(
    value=r"[A-Za-z0-9_]{1,50}",
    unit="regular expression",
    says="a restore testing plan is known by up to 50 letters, digits and underscores",
    source=_GUIDE + "API_RestoreTestingPlanForCreate.html",
    date=_DATE,
)
TEST_RESOURCES = Fact(
    value=30,
    unit="ARNs",
    says="a selection names up to 30 resources, or all by '*'",
    source=_GUIDE + "API_RestoreTestingSelectionForCreate.html",
    date=_DATE,
)
TESTED_TYPES = Fact(
    value=("Aurora", "DocumentDB", "DynamoDB", "EBS", "EC2", "EFS", "FSx", "Neptune", "RDS", "S3"),
    unit="protected resource types",
    says="restore testing knows these and no others",
    source=_GUIDE + "API_RestoreTestingSelectionForCreate.html",
    date=_DATE,
)
REPORT_NAME = Fact(
    value=r"[A-Za-z][A-Za-z0-9_]{0,255}",
    unit="regular expression",
    says="reports and frameworks are known by a letter and up to 255 letters, digits and underscores",
    source=_GUIDE + "API_CreateReportPlan.html",
    date=_DATE,
)
ALARM_REACH = Fact(
    value=Range(1, 7),
    unit="days",
    says="an alarm looks back for at most seven days",
    source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html",
    date=_DATE,
)
