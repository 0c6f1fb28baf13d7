"""What RDS allows outside of Aurora.

What differs between its engines stands in `rds_engines`; how long its failovers take, in `recovery_times`.
"""

from __future__ import annotations

from types import MappingProxyType

from ._model import Fact, Range

_GUIDE = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/"
_API = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html"
_DATE = "2026-11-21"

# Instances.

ZONES = Fact(
    value=Range(2, 6),
    unit="zones",
    says="the standby lives in another Availability Zone, and a subnet group covers two of them or more",
    source=_GUIDE + "USER_VPC.WorkingWithRDSInstanceinaVPC.html",
    date=_DATE,
)
STANDBY_ZONE = Fact(
    value=False,
    unit="",
    says="RDS chooses the zones of a Multi-AZ instance itself, and swaps them at every failover",
    source=_API,
    date=_DATE,
)
BACKUP_RETENTION = Fact(
    value=Range(1, 35),
    unit="days",
    says="RDS keeps automated backups for 1 to 35 days; without them there is no restore to a moment and no replica",
    source=_GUIDE + "USER_WorkingWithAutomatedBackups.BackupRetention.html",
    date=_DATE,
)
COPIED_RETENTION = Fact(
    value=Range(1, 35),
    unit="days",
    says="backups in another Region are kept for 1 to 35 days",
    source=_GUIDE + "USER_ReplicateBackups.html",
    date=_DATE,
)
COPIES = Fact(
    value=("postgres", "mysql", "mariadb", "oracle", "sqlserver", "db2"),
    unit="engines",
    says="automated backups are copied to one other Region of the partition, encrypted there with a key of that Region",
    source=_GUIDE + "USER_ReplicateBackups.html",
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
    says="Database Insights knows these modes; the advanced one keeps 15 months and is paid by the vCPU",
    source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Database-Insights.html",
    date=_DATE,
)
GROWTH = Fact(
    value=1.1,
    unit="times the storage",
    says="RDS takes no limit closer to the storage than 10 %, since it grows by as much at the least",
    source=_GUIDE + "USER_PIOPS.Autoscaling.html",
    date=_DATE,
)
CERTIFICATES = Fact(
    value=("rds-ca-rsa2048-g1", "rds-ca-rsa4096-g1", "rds-ca-ecc384-g1"),
    unit="certificate authorities",
    says="server certificates are signed by one of these authorities, and renewed without an outage of most engines",
    source=_GUIDE + "UsingWithRDS.SSL.html",
    date=_DATE,
)
MANAGED_PASSWORDS = Fact(
    value=False,
    unit="",
    says="RDS does not manage the password of an instance that has read replicas, SQL Server apart, or that a "
    "blue/green deployment upgrades",
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
    value=r"[a-zA-Z][a-zA-Z0-9_]{0,15}",
    unit="pattern",
    says="a master user has up to 16 letters, digits and underscores, and no name that the engine keeps for itself",
    source=_API,
    date=_DATE,
)
DATABASE_NAME = Fact(
    value=MappingProxyType({"oracle": r"[a-zA-Z][a-zA-Z0-9]{0,7}", "others": r"[a-zA-Z][a-zA-Z0-9_]{0,62}"}),
    unit="pattern",
    says="a database has up to 63 letters, digits and underscores, an Oracle system 8 letters and digits, and SQL "
    "Server makes none with the instance",
    source=_API,
    date=_DATE,
)
IBM_IDS = Fact(
    value=("rds.ibm_customer_id", "rds.ibm_site_id"),
    unit="parameters",
    says="whoever brings a licence of Db2 names customer and site as IBM knows them, in a parameter group",
    source=_GUIDE + "db2-licensing.html",
    date=_DATE,
)
ORACLE_ENCRYPTION = Fact(
    value="NATIVE_NETWORK_ENCRYPTION",
    unit="option",
    says="Oracle encrypts every session when this option requires it; it excludes the option SSL, which leaves a "
    "plain listener open beside its own",
    source=_GUIDE + "Appendix.Oracle.Options.NetworkEncryption.html",
    date=_DATE,
)
