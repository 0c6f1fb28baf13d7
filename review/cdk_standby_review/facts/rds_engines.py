"""What differs between the engines of RDS: versions, classes, licences, logs, storage."""

from __future__ import annotations

from types import MappingProxyType
from typing import TypeVar

from ._model import Confidence, Fact, Range

_GUIDE = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/"
_API = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html"
_DATE = "2026-11-21"

Value = TypeVar("Value")
ORACLE = ("oracle-ee", "oracle-ee-cdb", "oracle-se2", "oracle-se2-cdb")
SQLSERVER = ("sqlserver-ee", "sqlserver-se", "sqlserver-web")
DB2 = ("db2-ae", "db2-se", "db2-ce")
_X86 = r"(m[5-8][a-z]*|r[5-8][a-z]*|t3|x1e?|x2[a-z]*|z1d)"
_ARM = r"(m[6-9]g?[a-z]*|r[6-8]g?[a-z]*|t4g|x2g)"
_SIZE = r"\.(micro|small|medium|large|\d*xlarge|metal[a-z0-9-]*)"
_MEMORY = r"(\.tpc\d\.mem\dx)?"
_GRAVITON = r"(?!\w*g[d]?\.)"
_OPEN = rf"({_X86}|{_ARM}){_SIZE}"


def _each(engines: tuple[str, ...], value: Value) -> dict[str, Value]:
    return dict.fromkeys(engines, value)


ENGINES = Fact(
    value=("postgres", "mysql", "mariadb", *ORACLE, *SQLSERVER, *DB2),
    unit="engine",
    says="these are the engines of RDS that have a Multi-AZ standby; Aurora has a construct of its own",
    source=_GUIDE + "Concepts.MultiAZSingleStandby.html",
    date=_DATE,
)
WITHOUT_STANDBY = Fact(
    value=MappingProxyType(
        {
            "sqlserver-ex": "the Express edition has no Multi-AZ deployment",
            "sqlserver-dev-ee": "the Developer edition is not licensed for production",
            "vmware": "RDS on VMware is retired",
        }
    ),
    unit="why",
    says="some engines and editions have no Multi-AZ deployment",
    source=_GUIDE + "USER_SQLServerMultiAZ.html",
    date=_DATE,
)
VERSIONS = Fact(
    value=MappingProxyType(
        {
            "postgres": r"\d{2}\.\d+(-rds\.\d{8})?",
            "mysql": r"\d\.\d\.\d+(-rds\.\d{8})?",
            "mariadb": r"\d{2}\.\d+\.\d+(-rds\.\d{8})?",
            **_each(ORACLE, r"\d{2}\.0\.0\.0\.ru-\d{4}-\d{2}\.(rur-\d{4}-\d{2}|spb-\d+)\.r\d+"),
            **_each(SQLSERVER, r"\d{2}\.00\.\d+\.\d+\.v\d+"),
            **_each(DB2, r"\d{2}\.\d\.\d+\.\d+\.sb\d{8}\.r\d+"),
        }
    ),
    unit="pattern",
    says="a version is written in full, since a prefix means another one every few months",
    source=_GUIDE + "USER_UpgradeDBInstance.Upgrading.html",
    date=_DATE,
)
EXAMPLES = MappingProxyType(
    {
        "postgres": "17.6",
        "mysql": "8.4.6",
        "mariadb": "11.4.8",
        **_each(ORACLE, "19.0.0.0.ru-2025-07.rur-2025-07.r1"),
        **_each(SQLSERVER, "16.00.4215.2.v1"),
        **_each(DB2, "11.5.9.0.sb00063198.r1"),
    }
)
"""A version of each engine, as one is written."""
OLDEST = Fact(
    value=MappingProxyType(
        {
            "postgres": MappingProxyType(
                {"11": "11.22", "12": "12.22", "13": "13.23", "14": "14.18", "15": "15.13", "16": "16.9", "17": "17.5"}
            ),
            "mysql": MappingProxyType({"5.7": "5.7.44", "8.0": "8.0.42", "8.4": "8.4.5"}),
            "mariadb": MappingProxyType({"10.5": "10.5.8", "10.6": "10.6.5", "10.11": "10.11.4", "11.4": "11.4.3"}),
            **_each(ORACLE, MappingProxyType({"19": "19.0.0.0", "21": "21.0.0.0"})),
            **_each(SQLSERVER, MappingProxyType({"13.00": "13.00.5216.0", "14.00": "14.00.3049.1"})),
            **_each(DB2, MappingProxyType({"11.5": "11.5.9.0"})),
        }
    ),
    unit="first version that RDS still makes, by major version",
    says="RDS has deprecated older versions and makes no new instances of them",
    source=_GUIDE + "USER_UpgradeDBInstance.Upgrading.html",
    date=_DATE,
    confidence=Confidence.ASSUMED,  # read from cfn-lint's copy of describe-db-engine-versions
)
LIFECYCLES = Fact(
    value=("postgres", "mysql"),
    unit="engines",
    says="past its standard support a major version of MySQL or PostgreSQL is supported longer for a price, or "
    "upgraded by force",
    source=_GUIDE + "extended-support.html",
    date=_DATE,
)
STANDARD_SUPPORT_ENDED = Fact(
    value=MappingProxyType({"postgres": ("11", "12", "13"), "mysql": ("5.7", "8.0")}),
    unit="major versions",
    says="RDS makes no instance of a major version past its standard support, unless it enters Extended Support",
    source=_GUIDE + "extended-support-creating-db-instance.html",
    date=_DATE,
)
PASSWORD_LENGTH = Fact(
    value=MappingProxyType({"oracle": 30, "others": 32}),
    unit="characters",
    says="a password of Oracle has 30 characters at most; every other engine takes 32",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbinstance.html",
    date=_DATE,
)
CLASSES = Fact(
    value=MappingProxyType(
        {
            **_each(("postgres", "mysql", "mariadb"), _OPEN),
            **_each(ORACLE, _GRAVITON + _X86 + _SIZE + _MEMORY),
            **_each(SQLSERVER, _GRAVITON + _X86 + _SIZE),
            **_each(DB2, _GRAVITON + r"(m6i[dn]*|m7i|r6i[dn]*|r7i|t3|x2iedn)" + _SIZE),
        }
    ),
    unit="pattern",
    says="Oracle, SQL Server and Db2 run on Intel and AMD classes, the others on Graviton too",
    source=_GUIDE + "Concepts.DBInstanceClass.Support.html",
    date=_DATE,
)
LICENSES = Fact(
    value=MappingProxyType(
        {
            "postgres": ("postgresql-license",),
            "mysql": ("general-public-license",),
            "mariadb": ("general-public-license",),
            "oracle-ee": ("bring-your-own-license",),
            "oracle-ee-cdb": ("bring-your-own-license",),
            "oracle-se2": ("license-included", "bring-your-own-license"),
            "oracle-se2-cdb": ("license-included", "bring-your-own-license"),
            **_each(SQLSERVER, ("license-included",)),
            **_each(DB2, ("bring-your-own-license", "marketplace-license")),
        }
    ),
    unit="licence models, the usual one first",
    says="each engine knows these licence models",
    source=_API,
    date=_DATE,
)
LOG_TYPES = Fact(
    value=MappingProxyType(
        {
            "postgres": ("postgresql", "upgrade", "iam-db-auth-error"),
            "mysql": ("error", "slowquery", "audit", "general", "iam-db-auth-error"),
            "mariadb": ("error", "slowquery", "audit", "general", "iam-db-auth-error"),
            **_each(ORACLE, ("alert", "audit", "listener", "trace", "oemagent")),
            **_each(SQLSERVER, ("error", "agent")),
            **_each(DB2, ("diag.log", "notify.log", "iam-db-auth-error")),
        }
    ),
    unit="log types",
    says="each engine exports logs of these types",
    source=_API,
    date=_DATE,
)
_USUAL = {"gp3": Range(20, 65536), "io1": Range(100, 65536), "io2": Range(100, 65536)}
_OF_SQLSERVER = {"gp3": Range(20, 16384), "io1": Range(20, 16384), "io2": Range(20, 65536)}
_STORAGE = _GUIDE + "CHAP_Storage.html"
STORAGE = Fact(
    value=MappingProxyType(
        {
            **_each(("postgres", "mysql", "mariadb", *ORACLE, *DB2), _USUAL),
            **_each(SQLSERVER, _OF_SQLSERVER),
        }
    ),
    unit="GiB, by storage type",
    says="storage starts at 20 GiB, with io1 and io2 at 100 GiB, and ends at 64 TiB; SQL Server's ends at 16 TiB, with "
    "io2 at 64 TiB",
    source=_STORAGE,
    date=_DATE,
)
STRIPED_FROM = Fact(
    value=MappingProxyType(
        {
            **_each(("postgres", "mysql", "mariadb", *DB2), 400),
            **_each(ORACLE, 200),
            **_each(SQLSERVER, 20),  # never striped, and adjustable from the start
        }
    ),
    unit="GiB",
    says="gp3 has 3,000 IOPS and 125 MiB/s and no other until it is striped over four volumes, from 400 GiB on, 200 of "
    "Oracle; SQL Server's is adjustable at any size, to half an IOPS for each GiB or more",
    source=_STORAGE,
    date=_DATE,
)
GP3_IOPS = Fact(
    value=MappingProxyType({"sqlserver": Range(3000, 16000), "others": Range(12000, 64000)}),
    unit="IOPS, the lower figure without being asked for",
    says="adjustable gp3 gives 12,000 to 64,000 IOPS, of SQL Server 3,000 to 16,000",
    source=_STORAGE,
    date=_DATE,
)
GP3_THROUGHPUT = Fact(
    value=MappingProxyType({"sqlserver": Range(125, 1000), "others": Range(500, 4000)}),
    unit="MiB/s, the lower figure without being asked for",
    says="gp3 moves at most a quarter of its IOPS in MiB/s",
    source=_STORAGE,
    date=_DATE,
)
IOPS_FOR_EACH_THROUGHPUT = Fact(
    value=MappingProxyType({"mysql": (32000, 64), "mariadb": (32000, 64)}),
    unit="IOPS, and from then on for each MiB/s",
    says="above 32,000 IOPS MySQL and MariaDB need a MiB/s for each 64 of them",
    source=_STORAGE,
    date=_DATE,
)
PROVISIONED_IOPS = Fact(
    value=MappingProxyType({"sqlserver io1": Range(1000, 64000), "others": Range(1000, 256000)}),
    unit="IOPS",
    says="io1 and io2 give 1,000 to 256,000 IOPS, io1 of SQL Server 64,000",
    source=_STORAGE,
    date=_DATE,
)
IOPS_RATIO = Fact(
    value=MappingProxyType(
        {
            "io1": Range(0.5, 50),
            "io2": Range(0.5, 1000),
            "sqlserver io1": Range(1, 50),
            "sqlserver io2": Range(0.5, 1000),
            "sqlserver gp3": Range(0.5, 500),
            "gp3": Range(0, 500),
        }
    ),
    unit="IOPS for each GiB",
    says="io1 takes half to fifty IOPS for each GiB, one to fifty of SQL Server, io2 half to a thousand, also at the "
    "size that storage may grow to",
    source=_STORAGE,
    date=_DATE,
)
WITHOUT_INSIGHTS = Fact(
    value=MappingProxyType({"mysql": r"t\w+\.(micro|small)", "mariadb": r"t\w+\.(micro|small)", **_each(DB2, ".*")}),
    unit="pattern of classes",
    says="Database Insights knows neither Db2 nor the micro and small classes of MySQL and MariaDB",
    source=_GUIDE + "USER_DatabaseInsights.Engines.html",
    date=_DATE,
)
IAM_ENGINES = Fact(
    value=("postgres", "mysql", "mariadb"),
    unit="engines",
    says="MariaDB, MySQL and PostgreSQL let users in by IAM",
    source=_GUIDE + "UsingWithRDS.IAMDBAuth.html",
    date=_DATE,
)
FORCED_TLS = Fact(
    value=MappingProxyType(
        {
            "postgres": ("rds.force_ssl", "1", "0"),
            "mysql": ("require_secure_transport", "1", "0"),
            "mariadb": ("require_secure_transport", "1", "0"),
            **_each(SQLSERVER, ("rds.force_ssl", "1", "0")),
            **_each(DB2, ("DB2COMM", "SSL", "TCPIP,SSL")),
        }
    ),
    unit="parameter, with its value when TLS is required and when it is not",
    says="a parameter requires TLS; Oracle requires encryption by an option",
    source=_GUIDE + "UsingWithRDS.SSL.html",
    date=_DATE,
)
MIRRORING = Fact(
    value=MappingProxyType(
        {
            "sqlserver-ee": "Always On availability groups from 13.00.5216.0 and 14.00.3049.1 on, mirroring before",
            "sqlserver-se": "Always On availability groups from 14.00.3401.7 and 15.00.4073.23 on, mirroring before",
            "sqlserver-web": "block-level replication",
        }
    ),
    unit="technology",
    says="RDS chooses how SQL Server reaches its standby from edition and version; nobody adds an option for it",
    source=_GUIDE + "USER_SQLServerMultiAZ.html",
    date=_DATE,
)
