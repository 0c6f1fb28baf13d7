"""What Amazon Aurora allows. How long its failovers take stands in `recovery_times` and `role_changes`."""

from __future__ import annotations

from types import MappingProxyType

from ._model import Confidence, Fact, Range

_GUIDE = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/"
_API = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html"
_GLOBAL = _GUIDE + "aurora-global-database.html"
_REQUIREMENTS = _GUIDE + "aurora-global-database.configuration.requirements.html"
_DATE = "2026-11-21"

ENGINES = Fact(
    value=("aurora-postgresql", "aurora-mysql"),
    unit="engine",
    says="these are the engines of Aurora",
    source=_GUIDE + "CHAP_AuroraOverview.html",
    date=_DATE,
)
VERSIONS = Fact(
    value=MappingProxyType(
        {"aurora-postgresql": r"\d{2}\.\d+", "aurora-mysql": r"\d+\.\d+\.mysql_aurora\.\d+\.\d+\.\d+"}
    ),
    unit="pattern",
    says="a version is written in full, since a prefix means another one every few months",
    source=_GUIDE + "Aurora.VersionPolicy.html",
    date=_DATE,
)
READERS = Fact(
    value=Range(0, 15),
    unit="readers",
    says="a cluster has one writer and at most 15 readers",
    source=_GUIDE + "Aurora.Replication.html",
    date=_DATE,
)
GLOBAL_READERS = Fact(
    value=Range(0, 14),
    unit="readers",
    says="the writer's Region of a global database has 15 readers less one for each other Region, and any member may "
    "become it",
    source=_REQUIREMENTS,
    date=_DATE,
)
BACKUP_RETENTION = Fact(
    value=Range(1, 35),
    unit="days",
    says="Aurora keeps continuous backups for 1 to 35 days and cannot go without",
    source=_GUIDE + "Aurora.Managing.Backups.html",
    date=_DATE,
)
BACKUP_WINDOW = Fact(
    value=30,
    unit="minutes",
    says="a backup window lasts half an hour or more, and keeps clear of the maintenance window",
    source=_API,
    date=_DATE,
)
MAINTENANCE_WINDOW = Fact(
    value=30,
    unit="minutes",
    says="a maintenance window lasts half an hour or more",
    source=_API,
    date=_DATE,
)
ZONES = Fact(
    value=Range(2, 6),
    unit="zones",
    says="a subnet group covers two Availability Zones or more, and a failover needs a reader in another zone",
    source=_GUIDE + "USER_VPC.WorkingWithRDSInstanceinaVPC.html",
    date=_DATE,
)
STORAGE_ZONES = Fact(
    value=3,
    unit="zones",
    says="a cluster's storage holds six copies over three zones",
    source=_GUIDE + "Aurora.Overview.StorageReliability.html",
    date=_DATE,
)
CAPACITY = Fact(
    value=Range(0, 256),
    unit="ACU",
    says="serverless v2 scales in half steps between 0 and 256 Aurora capacity units, with a maximum of 1 or more",
    source=_GUIDE + "aurora-serverless-v2.setting-capacity.html",
    date=_DATE,
)
CLASSES = Fact(
    value=r"[rtx]\d+[a-z]*\.(medium|large|\d*xlarge)",
    unit="pattern",
    says="Aurora runs on memory-optimized and burstable classes",
    source=_GUIDE + "Concepts.DBInstanceClass.Types.html",
    date=_DATE,
)
GLOBAL_CLASSES = Fact(
    value=r"(r([5-9]|\d\d)|x\d+)[a-z]*\..+",
    unit="pattern",
    says="a global database needs memory-optimized instances, r5 or newer, and takes no burstable ones",
    source=_REQUIREMENTS,
    date=_DATE,
)
GLOBAL_VERSIONS = Fact(
    value=True,
    unit="",
    says="a managed failover or switchover needs the same engine version in all Regions",
    source=_GUIDE + "aurora-global-database-disaster-recovery.html",
    date=_DATE,
)
GLOBAL_MEMBERS = Fact(
    value=1,
    unit="cluster for each Region",
    says="a global database has one cluster in a Region, and one of them is born with the data",
    source=_REQUIREMENTS,
    date=_DATE,
)
HEADLESS = Fact(
    value=1,
    unit="instance",
    says="before a switchover or failover to a headless secondary cluster, an instance must be added to it",
    source=_GUIDE + "aurora-global-database-disaster-recovery.html",
    date=_DATE,
)
GLOBAL_MINOR_UPGRADES = Fact(
    value=False,
    unit="",
    says="minor versions are not upgraded automatically in a global database, whatever is set",
    source=_GLOBAL,
    date=_DATE,
)
MONITORING_INTERVALS = Fact(
    value=(0, 1, 5, 10, 15, 30, 60),
    unit="seconds",
    says="enhanced monitoring knows these intervals; 0 turns it off",
    source=_GUIDE + "USER_Monitoring.OS.Enabling.html",
    date=_DATE,
)
INSIGHTS_DAYS = Fact(
    value=MappingProxyType({"advanced": 465, "standard": 7}),
    unit="days kept",
    says="Database Insights knows these modes; the advanced one keeps 15 months and is paid by the vCPU or the ACU",
    source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Database-Insights.html",
    date=_DATE,
)
RPO_CAP = Fact(
    value=Range(20, 2147483647),
    unit="seconds",
    says="rds.global_db_rpo holds commits back once every secondary lags more than this; 20 seconds is the least",
    source=_GUIDE + "aurora-global-database-disaster-recovery.html",
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
    value=r"[a-zA-Z](?!.*--)([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?",
    unit="pattern",
    says="identifiers hold up to 63 letters, digits and hyphens, starting with a letter",
    source=_API,
    date=_DATE,
)
MASTER_USERNAME = Fact(
    value=r"(?!(admin|rdsadmin|rdsproxyadmin)$)[a-zA-Z][a-zA-Z0-9_]{0,15}",
    unit="pattern",
    says="a master user has up to 16 letters, digits and underscores, and no name that the engines keep for themselves",
    source=_API,
    date=_DATE,
    confidence=Confidence.ASSUMED,  # the page says "a reserved word" and lists none
)
DATABASE_NAME = Fact(
    value=r"[a-zA-Z][a-zA-Z0-9_]{0,62}",
    unit="pattern",
    says="a database has up to 63 letters, digits and underscores, starting with a letter",
    source=_GUIDE + "CHAP_Limits.html",
    date=_DATE,
)
BACKTRACK = Fact(
    value=Range(1, 259200),
    unit="seconds",
    says="backtrack goes back 72 hours at most, on Aurora MySQL outside of global databases",
    source=_GUIDE + "AuroraMySQL.Managing.Backtrack.html",
    date=_DATE,
)
LOCAL_WRITE_FORWARDING = Fact(
    value=MappingProxyType({"aurora-mysql": ((3, 4),), "aurora-postgresql": ((14, 13), (15, 8), (16, 4))}),
    unit="first versions",
    says="readers forward writes from Aurora MySQL 3.04 and Aurora PostgreSQL 16.4, 15.8 and 14.13 on",
    source=_GUIDE + "aurora-postgresql-write-forwarding.html",
    date=_DATE,
)
