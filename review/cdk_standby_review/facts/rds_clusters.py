"""What RDS allows of Multi-AZ DB clusters: a writer and two readable standbys."""

from __future__ import annotations

from types import MappingProxyType

from ._model import Confidence, Fact, Range

_GUIDE = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/"
_API = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html"
_PAGE = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbcluster.html"
_DATE = "2026-11-21"

ENGINES = Fact(
    value=("postgres", "mysql"),
    unit="engine",
    says="a Multi-AZ DB cluster runs PostgreSQL or MySQL; other engines have a Multi-AZ instance",
    source=_GUIDE + "multi-az-db-clusters-concepts.html",
    date=_DATE,
)
VERSIONS = Fact(
    value=MappingProxyType(
        {
            "postgres": MappingProxyType({13: (13, 8), 14: (14, 5), 15: (15, 2), 16: (16, 1), 17: (17, 1)}),
            "mysql": MappingProxyType({8: (8, 0, 28)}),
        }
    ),
    unit="first versions, by major version",
    says="Multi-AZ DB clusters came with MySQL 8.0.28 and PostgreSQL 13.8, 14.5 and 15.2",
    source=_GUIDE + "Concepts.RDS_Fea_Regions_DB-eng.Feature.MultiAZDBClusters.html",
    date=_DATE,
    confidence=Confidence.ASSUMED,  # the page lists versions by Region, which were not compared one by one
)
CLASSES = Fact(
    value=r"(c6gd|m5d|m6gd|m6idn?|m8gd|r5d|r6gd|r6idn?|r8gd|x2idn|x2iedn)\.(medium|large|\d*xlarge)",
    unit="pattern",
    says="a Multi-AZ DB cluster needs classes with a local disk: c6gd, m5d, m6gd, m6id, m6idn, m8gd, r5d, r6gd, r6id, "
    "r6idn, r8gd, x2idn or x2iedn",
    source=_GUIDE + "multi-az-db-clusters-concepts.html",
    date=_DATE,
)
MEDIUM = Fact(
    value=("c6gd",),
    unit="families",
    says="of those classes only c6gd comes in the size medium",
    source=_GUIDE + "multi-az-db-clusters-concepts.html",
    date=_DATE,
)
ZONES = Fact(
    value=3,
    unit="zones",
    says="a writer and two standbys live in three Availability Zones, which the subnet group has to cover",
    source=_GUIDE + "multi-az-db-clusters-concepts.html",
    date=_DATE,
)
STORAGE_TYPES = Fact(
    value=("gp3", "io1", "io2"),
    unit="storage type",
    says="a Multi-AZ DB cluster stores on gp3, io1 or io2, each with IOPS that are stated",
    source=_API,
    date=_DATE,
)
STORAGE = Fact(
    value=MappingProxyType({"gp3": Range(20, 65536), "io1": Range(100, 65536), "io2": Range(100, 65536)}),
    unit="GiB for each instance",
    says="storage starts at 20 GiB, with provisioned IOPS at 100 GiB, and ends at 64 TiB",
    source=_GUIDE + "CHAP_Storage.html",
    date=_DATE,
)
GP3_STRIPED = Fact(
    value=400,
    unit="GiB",
    says="gp3 gives 3,000 IOPS below 400 GiB, and 12,000 to 64,000 from there on",
    source=_GUIDE + "CHAP_Storage.html#gp3-storage",
    date=_DATE,
)
GP3_BASELINE = Fact(
    value=3000,
    unit="IOPS",
    says=GP3_STRIPED.says,
    source=GP3_STRIPED.source,
    date=_DATE,
)
GP3_IOPS = Fact(
    value=Range(12000, 64000),
    unit="IOPS",
    says=GP3_STRIPED.says,
    source=GP3_STRIPED.source,
    date=_DATE,
)
IOPS = Fact(
    value=Range(1000, 256000),
    unit="IOPS",
    says="provisioned IOPS run from 1,000 to 256,000",
    source=_GUIDE + "CHAP_Storage.html#USER_PIOPS",
    date=_DATE,
)
IOPS_RATIO = Fact(
    value=Range(0.5, 50),
    unit="IOPS for each GiB",
    says="IOPS are half to fifty times the storage in GiB",
    source=_API,
    date=_DATE,
)
IDENTIFIER = Fact(
    value=r"[a-zA-Z](?!.*--)([a-zA-Z0-9-]{0,50}[a-zA-Z0-9])?",
    unit="pattern",
    says="the identifier of a Multi-AZ DB cluster holds up to 52 letters, digits and hyphens, starting with a letter",
    source=_API,
    date=_DATE,
)
LOG_TYPES = Fact(
    value=MappingProxyType(
        {
            "postgres": ("postgresql", "upgrade", "iam-db-auth-error"),
            "mysql": ("error", "slowquery", "general", "iam-db-auth-error"),
        }
    ),
    unit="log types",
    says="Multi-AZ DB clusters export these logs; MySQL's have no audit log, which takes an option group",
    source=_API,
    date=_DATE,
)
IAM_AUTHENTICATION = Fact(
    value=False,
    unit="",
    says="CloudFormation turns IAM authentication on for Aurora clusters only",
    source=_PAGE,
    date=_DATE,
)
BACKUP_RETENTION = Fact(
    value=Range(1, 35),
    unit="days",
    says="a cluster keeps automated backups for 1 to 35 days and cannot go without",
    source=_API,
    date=_DATE,
)
LAG = Fact(
    value="ReplicaLag",
    unit="metric, in seconds",
    says="for a Multi-AZ DB cluster ReplicaLag is the time between the last transaction of the writer and the last one "
    "that a standby has applied",
    source=_GUIDE + "rds-metrics.html",
    date=_DATE,
)
COPIES = Fact(
    value=False,
    unit="",
    says="no snapshot and no automated backup of a Multi-AZ DB cluster is copied to another Region",
    source=_GUIDE + "multi-az-db-clusters-concepts.Limitations.html",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
REPLICA_SOURCES = Fact(
    value=MappingProxyType({13: (13, 10), 14: (14, 7), 15: (15, 2)}),
    unit="first versions of PostgreSQL, by major version",
    says="a Multi-AZ DB cluster has read replicas from PostgreSQL 13.10, 14.7 and 15.2 on, in its own Region",
    source=_GUIDE + "multi-az-db-clusters-create-instance-read-replica.html",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
