"""What RDS Proxy takes and allows."""

from __future__ import annotations

from types import MappingProxyType

from ._model import Confidence, Fact, Range

_GUIDE = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/"
_API = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/"
_QUOTAS = _GUIDE + "rds-proxy.html"
_POOL = _API + "API_ConnectionPoolConfiguration.html"
_DATE = "2026-11-21"

FAMILIES = Fact(
    value=MappingProxyType(
        {
            "aurora-postgresql": "POSTGRESQL",
            "postgres": "POSTGRESQL",
            "aurora-mysql": "MYSQL",
            "mysql": "MYSQL",
            "mariadb": "MYSQL",
            "sqlserver-ee": "SQLSERVER",
            "sqlserver-se": "SQLSERVER",
            "sqlserver-web": "SQLSERVER",
            "sqlserver-ex": "SQLSERVER",
        }
    ),
    unit="family by engine",
    says="a proxy speaks the protocols of MySQL, PostgreSQL and SQL Server, and no other",
    source=_API + "API_CreateDBProxy.html",
    date=_DATE,
)
PORTS = Fact(
    value=MappingProxyType({"POSTGRESQL": 5432, "MYSQL": 3306, "SQLSERVER": 1433}),
    unit="port by family",
    says="a proxy listens on the usual port of its family, whatever port the database has",
    source=_GUIDE + "rds-proxy-connecting.html",
    date=_DATE,
    confidence=Confidence.ASSUMED,  # as every example has it; no sentence of the guide says so
)
ZONES = Fact(
    value=Range(2, 6),
    unit="zones",
    says="a proxy has subnets in two Availability Zones or more",
    source=_QUOTAS,
    date=_DATE,
)
DEFAULT_ENDPOINT_ZONES = Fact(
    value=2,
    unit="zones",
    says="the default endpoint of a proxy stands in two of its zones; a further endpoint stands in all of them",
    source=_QUOTAS,
    date=_DATE,
)
CLOSED_ZONES = Fact(
    value=("use1-az3", "usw1-az2"),
    unit="zone ids",
    says="there are no proxies in these zones, which each account knows by another name",
    source=_QUOTAS,
    date=_DATE,
)
TENANCY = Fact(
    value="dedicated",
    unit="tenancy",
    says="there are no proxies in a VPC of dedicated tenancy",
    source=_QUOTAS,
    date=_DATE,
)
SAME_NETWORK = Fact(
    value=True,
    unit="",
    says="a proxy stands in the network of its database",
    source=_QUOTAS,
    date=_DATE,
)
PROXIES = Fact(
    value=20,
    unit="proxies",
    says="an account has 20 proxies in a Region unless AWS was asked for more",
    source=_QUOTAS,
    date=_DATE,
)
ENDPOINTS = Fact(
    value=20,
    unit="endpoints",
    says="a proxy has up to 20 endpoints beside its default one",
    source=_QUOTAS,
    date=_DATE,
)
SECRETS = Fact(
    value=Range(1, 200),
    unit="secrets",
    says="a proxy knows the credentials of 1 to 200 database users",
    source=_QUOTAS,
    date=_DATE,
)
NAME = Fact(
    value=r"[a-zA-Z](?!.*--)([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?",
    unit="pattern",
    says="the name of a proxy holds letters, digits and single hyphens, starting with a letter",
    source=_API + "API_CreateDBProxy.html",
    date=_DATE,
)
MAX_CONNECTIONS = Fact(
    value=Range(1, 100),
    unit="% of max_connections",
    says="a proxy opens up to this share of the connections that its database allows",
    source=_POOL,
    date=_DATE,
)
USUAL_CONNECTIONS = Fact(
    value=90,
    unit="% of max_connections",
    says="the default of AWS, 100, leaves administrators and direct clients no room: we leave them a tenth",
    source="assumed: " + _POOL,
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
SQLSERVER_CONNECTIONS = Fact(
    value=10,
    unit="% of max_connections",
    says="SQL Server allows 32,767 connections, of which RDS gives a proxy a tenth",
    source=_POOL,
    date=_DATE,
)
IDLE_CONNECTIONS = Fact(
    value=0,
    unit="% of max_connections",
    says="a proxy keeps idle connections open up to a share that is no larger than that of all",
    source=_POOL,
    date=_DATE,
)
FORWARDED_CONNECTIONS = Fact(
    value=10,
    unit="% of max_connections",
    says="write forwarding has connections of its own, a tenth unless aurora_fwd_writer_max_connections_pct says "
    "otherwise, which the proxy has to leave free",
    source=_GUIDE + "rds-proxy-gdb.html",
    date=_DATE,
)
BORROW_TIMEOUT = Fact(
    value=Range(0, 300),
    unit="seconds",
    says="a client waits for a connection of the pool for up to five minutes",
    source=_POOL,
    date=_DATE,
)
IDLE_CLIENT_TIMEOUT = Fact(
    value=Range(60, 28800),
    unit="seconds",
    says="a client may be silent for one minute to eight hours before the proxy hangs up",
    source=_GUIDE + "rds-proxy-connections.html",
    date=_DATE,
    confidence=Confidence.ASSUMED,  # the page gives the default of 30 minutes; the bounds are those of the console
)
PINNING_FILTERS = Fact(
    value=("EXCLUDE_VARIABLE_SETS",),
    unit="filter",
    says="statements that set variables can be kept from pinning a session, for MySQL and MariaDB only",
    source=_GUIDE + "rds-proxy-pinning.html",
    date=_DATE,
)
PASSWORD_TYPES = Fact(
    value=MappingProxyType(
        {
            "MYSQL": ("MYSQL_CACHING_SHA2_PASSWORD", "MYSQL_NATIVE_PASSWORD"),
            "POSTGRESQL": ("POSTGRES_SCRAM_SHA_256", "POSTGRES_MD5"),
            "SQLSERVER": ("SQL_SERVER_AUTHENTICATION",),
        }
    ),
    unit="authentication by family",
    says="each family has its own ways for clients to prove a password",
    source=_API + "API_UserAuthConfig.html",
    date=_DATE,
)
END_TO_END = Fact(
    value=("MYSQL", "POSTGRESQL"),
    unit="families",
    says="a proxy logs in by IAM where the database knows IAM users: MySQL, MariaDB and PostgreSQL, but no Multi-AZ "
    "cluster",
    source=_GUIDE + "rds-proxy-iam-setup.html",
    date=_DATE,
    confidence=Confidence.ASSUMED,  # the API says which engines know IAM users; the page lists no engines
)
READ_ONLY = Fact(
    value="clusters",
    unit="databases",
    says="a read-only endpoint leads to the readers of a cluster; of a single instance there are none",
    source=_GUIDE + "rds-proxy-endpoints.html",
    date=_DATE,
)
REPLICAS = Fact(
    value=False,
    unit="",
    says="a proxy stands before the instance that writes, not before its read replica",
    source="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.html",
    date=_DATE,
    confidence=Confidence.ASSUMED,  # the one page that says so, read before and not again
)
AUTO_PAUSE = Fact(
    value=False,
    unit="",
    says="a proxy holds a connection to every instance, so that none ever pauses",
    source=_GUIDE + "aurora-serverless-v2-auto-pause.html",
    date=_DATE,
    confidence=Confidence.ASSUMED,  # the one page that says so, read before and not again
)
GLOBAL_DATABASES = Fact(
    value="queued",
    unit="writes",
    says="each Region's proxy targets its own cluster: before a failover the secondary's answers reads only, and from "
    "then on writes, for which its read/write endpoint waits",
    source=_GUIDE + "rds-proxy-gdb.html",
    date=_DATE,
)
METRICS = Fact(
    value="ProxyName; AvailabilityPercentage also by TargetGroup and TargetRole",
    unit="dimensions",
    says="metrics of a proxy are kept by its name; how available its databases are, by target group and role",
    source=_GUIDE + "rds-proxy.monitoring.html",
    date=_DATE,
)
TAG_LENGTH = Fact(
    value=128,
    unit="characters",
    says="CloudFormation takes tags of up to 128 characters on a proxy",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbproxy.html",
    date=_DATE,
)
