"""What Amazon Aurora allows. How long its failovers take stands in `recovery_times` and `role_changes`."""

from __future__ import annotations

from ._model import Fact, Range

_GUIDE = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/"
_DATE = "2026-11-21"

ENGINES = Fact(
    value=("aurora-postgresql", "aurora-mysql"),
    unit="engine",
    says="these are the engines of Aurora",
    source=_GUIDE + "CHAP_AuroraOverview.html",
    date=_DATE,
)
READERS = Fact(
    value=Range(0, 15),
    unit="readers",
    says="a cluster has one writer and at most 15 readers",
    source=_GUIDE + "Aurora.Replication.html",
    date=_DATE,
)
BACKUP_RETENTION = Fact(
    value=Range(1, 35),
    unit="days",
    says="Aurora keeps continuous backups for 1 to 35 days and cannot go without",
    source=_GUIDE + "Aurora.Managing.Backups.html",
    date=_DATE,
)
ZONES = Fact(
    value=Range(2, 6),
    unit="zones",
    says="a subnet group covers two Availability Zones or more, and a failover needs a reader in another zone",
    source=_GUIDE + "USER_VPC.WorkingWithRDSInstanceinaVPC.html",
    date=_DATE,
)
CAPACITY = Fact(
    value=Range(0, 256),
    unit="ACU",
    says="serverless v2 scales in half steps between 0 and 256 Aurora capacity units, with a maximum of 1 or more",
    source=_GUIDE + "aurora-serverless-v2.setting-capacity.html",
    date=_DATE,
)
MONITORING_INTERVALS = Fact(
    value=(0, 1, 5, 10, 15, 30, 60),
    unit="seconds",
    says="enhanced monitoring knows these intervals; 0 turns it off",
    source=_GUIDE + "USER_Monitoring.OS.Enabling.html",
    date=_DATE,
)
RPO_CAP = Fact(
    value=Range(20, 2147483647),
    unit="seconds",
    says="rds.global_db_rpo holds commits back once every secondary lags more than this; 20 seconds is the least",
    source=_GUIDE + "aurora-global-database-disaster-recovery.html",
    date=_DATE,
)
GLOBAL_CLASSES = Fact(
    value=("r", "x"),
    unit="instance family",
    says="a global database needs memory-optimized instances, r5 or newer, and takes no burstable ones",
    source=_GUIDE + "aurora-global-database.configuration.requirements.html",
    date=_DATE,
)
SECONDARY_CREDENTIALS = Fact(
    value=False,
    unit="",
    says="a secondary receives users and databases with the data and may not name its own",
    source=_GUIDE + "aurora-global-database-attaching.html",
    date=_DATE,
)
MANAGED_PASSWORDS = Fact(
    value=False,
    unit="",
    says="RDS does not manage passwords for members of a global database",
    source=_GUIDE + "rds-secrets-manager.html",
    date=_DATE,
)
IDENTIFIER = Fact(
    value=r"[a-zA-Z](?!.*--)[a-zA-Z0-9-]{0,61}[a-zA-Z0-9]",
    unit="pattern",
    says="identifiers hold up to 63 letters, digits and hyphens, starting with a letter",
    source="https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html",
    date=_DATE,
)
