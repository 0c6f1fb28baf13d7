"""What RDS allows of read replicas. How many an engine may have, and how deep, stands here; their lag is measured."""

from __future__ import annotations

from types import MappingProxyType

from ._model import Confidence, Fact, Range
from .rds_engines import DB2, ORACLE

_GUIDE = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/"
_API = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstanceReadReplica.html"
_PAGE = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbinstance.html"
_SQLSERVER = _GUIDE + "SQLServer.ReadReplicas.Limitations.html"
_OPEN = ("postgres", "mysql", "mariadb")
_DATE = "2026-11-21"

EDITIONS = Fact(
    value=MappingProxyType(
        {
            "oracle-se2": "read replicas need Oracle Enterprise Edition",
            "oracle-se2-cdb": "read replicas need Oracle Enterprise Edition",
            "sqlserver-se": "read replicas need SQL Server Enterprise Edition",
            "sqlserver-web": "read replicas need SQL Server Enterprise Edition",
            "sqlserver-ex": "read replicas need SQL Server Enterprise Edition",
        }
    ),
    unit="why",
    says="some editions have no read replicas",
    source=_GUIDE + "USER_ReadRepl.html",
    date=_DATE,
)
MOST = Fact(
    value=MappingProxyType(
        {
            **dict.fromkeys(_OPEN, 15),
            **dict.fromkeys(ORACLE[:2], 5),
            "sqlserver-ee": 15,
            **dict.fromkeys(DB2, 3),
        }
    ),
    unit="replicas of one source",
    says="an instance has at most 15 read replicas, of Oracle 5, of Db2 3",
    source=_API,
    date=_DATE,
)
MANY = Fact(
    value=MappingProxyType({"sqlserver-ee": 5}),
    unit="replicas of one source",
    says="SQL Server takes 15 read replicas, but they may lag once there are more than 5",
    source=_SQLSERVER,
    date=_DATE,
)
DEEPEST = Fact(
    value=MappingProxyType({**dict.fromkeys(_OPEN, 3)}),
    unit="replicas in a row",
    says="of MySQL, MariaDB and, from 14.1 on, PostgreSQL up to three replicas follow one another; of Oracle, SQL "
    "Server and Db2 none follows a replica",
    source=_GUIDE + "USER_PostgreSQL.Replication.ReadReplicas.Cascading.html",
    date=_DATE,
)
CHAINS_SINCE = Fact(
    value=MappingProxyType({"postgres": (14, 1)}),
    unit="first version",
    says="PostgreSQL has replicas of replicas, and backups of replicas, from 14.1 on",
    source=_GUIDE + "USER_PostgreSQL.Replication.ReadReplicas.Cascading.html",
    date=_DATE,
)
REGIONS_IN_A_CHAIN = Fact(
    value=MappingProxyType({"postgres": 2}),
    unit="Regions",
    says="a chain of PostgreSQL replicas spans two Regions at most, and four levels with its source",
    source=_GUIDE + "USER_ReadRepl.XRgn.html",
    date=_DATE,
    confidence=Confidence.ASSUMED,  # the page was read by somebody else for the catalogue of capabilities
)
SOURCE_BACKUPS = Fact(
    value=Range(1, 35),
    unit="days",
    says="RDS makes a replica from a backup of its source, which has to keep backups for a day or more, also when it "
    "is a replica itself",
    source=_API,
    date=_DATE,
)
WITHOUT_BACKUPS = Fact(
    value=("sqlserver",),
    unit="engines",
    says="SQL Server makes no backups of a replica, PostgreSQL does from 14.1 on, the others always",
    source=_GUIDE + "USER_ReadRepl.Overview.Differences.html",
    date=_DATE,
)
MULTI_AZ = Fact(
    value=False,
    unit="",
    says="a replica of SQL Server has no standby until it is promoted",
    source=_SQLSERVER,
    date=_DATE,
    confidence=Confidence.ASSUMED,  # the catalogue of capabilities has it from the page
)
ONE_STANDBY_ZONE = Fact(
    value=False,
    unit="",
    says="RDS chooses the zones of a replica that has a standby; one without lives where it is told to",
    source=_API,
    date=_DATE,
)
MODES = Fact(
    value=("open-read-only", "mounted"),
    unit="modes",
    says="a replica of Oracle or Db2 is readable, or mounted (a standby) for recovery alone, which takes fewer "
    "licences; those of other engines are readable",
    source=_API,
    date=_DATE,
)
SAME_MAJOR = Fact(
    value=("mysql", "mariadb"),
    unit="engines whose replicas may be ahead of their source by a major version",
    says="a replica is upgraded before its source and never runs an older version; by a major version only replicas of "
    "MySQL and MariaDB can be ahead, those of other engines follow their source block by block",
    source=_GUIDE + "USER_UpgradeDBInstance.MySQL.ReadReplicas.html",
    date=_DATE,
)
CLUSTER_SOURCES = Fact(
    value=False,
    unit="",
    says="a Multi-AZ DB cluster has read replicas in its own Region only",
    source=_API,
    date=_DATE,
)
NAMED_SOURCE = Fact(
    value=True,
    unit="",
    says="a replica names a source of another Region by its ARN, which both Regions have to know beforehand",
    source=_PAGE,
    date=_DATE,
)
ONE_ACCOUNT = Fact(
    value=True,
    unit="",
    says="a replica lives in the account of its source",
    source=_GUIDE + "USER_ReadRepl.XRgn.html",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
ONE_VPC = Fact(
    value=1,
    unit="VPC of a Region",
    says="all replicas that one source has in a Region live in one VPC",
    source=_API,
    date=_DATE,
)
INSIGHTS_MODE = Fact(
    value=("standard",),
    unit="modes",
    says="RDS takes no mode of Database Insights for a replica that it makes; once it is promoted, it takes any",
    source=_API,
    date=_DATE,
)
OPTION_GROUPS = Fact(
    value=("sqlserver", "postgres"),
    unit="engines",
    says="a replica of SQL Server has the option group of its source, PostgreSQL has none",
    source=_API,
    date=_DATE,
)
PROMOTION = Fact(
    value="SourceDBInstanceIdentifier",
    unit="property",
    says="CloudFormation promotes a replica when the property that names its source goes, and nothing undoes that",
    source=_PAGE,
    date=_DATE,
)
PROMOTED_TWICE = Fact(
    value=False,
    unit="",
    says="RDS promotes a replica once: when that was done by API, CloudFormation would fail to do it again, and goes "
    "on only with a template that names the source still",
    source="https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_PromoteReadReplica.html",
    date=_DATE,
    confidence=Confidence.ASSUMED,  # from the published source code of the resource type, which passes the refusal on
)
LAG = Fact(
    value="ReplicaLag",
    unit="metric, in seconds",
    says="ReplicaLag is the time by which a replica lags behind its source, of every engine; -1 when replication is "
    "broken, or RDS cannot tell",
    source=_GUIDE + "USER_ReadRepl.Monitoring.html",
    date=_DATE,
)
APART = Fact(
    value=True,
    unit="",
    says="reads go on while a source is maintained, if its replicas are maintained at another time",
    source=_GUIDE + "USER_ReadRepl.html",
    date=_DATE,
)
