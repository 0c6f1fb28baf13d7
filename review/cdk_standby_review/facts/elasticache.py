"""What ElastiCache allows of Valkey and Redis OSS, alone and in global datastores."""

from __future__ import annotations

from types import MappingProxyType

from ._model import Confidence, Fact, Range

_GUIDE = "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/"
_API = "https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/"
_CREATE = _API + "API_CreateReplicationGroup.html"
_GLOBAL = _GUIDE + "Redis-Global-Datastores-Getting-Started.html"
_TYPES = _GUIDE + "CacheNodes.SupportedTypes.html"
_DATE = "2026-11-21"

VERSIONS = Fact(
    value=MappingProxyType(
        {"valkey": ("7.2", "8.0", "8.1", "8.2", "9.0", "9.1"), "redis": ("6.2", "7.0", "7.1")},
    ),
    unit="versions",
    says="these are the versions of the engine that know users and write both logs",
    source=_GUIDE + "engine-versions.html",
    date=_DATE,
)
FAMILIES = Fact(
    value=MappingProxyType(
        {
            "valkey": {"7": "valkey7", "8": "valkey8", "9": "valkey9"},
            "redis": {"6": "redis6.x", "7": "redis7"},
            "memcached": {"1.6": "memcached1.6", "1.5": "memcached1.5"},
        }
    ),
    unit="parameter group families",
    says="a parameter group belongs to one major version of an engine",
    # The family of Valkey 9 follows the pattern of 7 and 8; no page that was read names it.
    source=_GUIDE + "ParameterGroups.Engine.html",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
NODE_TYPES = Fact(
    value=MappingProxyType(
        {
            "general": ("m5", "m6g", "m7g", "m8g"),
            "memory": ("r5", "r6g", "r7g", "r8g"),
            "network": ("c7gn", "c8gn"),
            "tiered": ("r6gd",),
            "burstable": ("t3", "t4g"),
        }
    ),
    unit="families",
    says="these are the node families of the current generations",
    source=_TYPES,
    date=_DATE,
)
SIZES = Fact(
    value=(
        "micro", "small", "medium", "large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge",
        "24xlarge",
    ),
    unit="sizes",
    says="a node type is a family and a size",
    source=_TYPES,
    date=_DATE,
)  # fmt: skip
REPLICAS = Fact(
    value=Range(0, 5), unit="replicas", says="a shard has at most five replicas", source=_CREATE, date=_DATE
)
FAILOVER = Fact(
    value=1,
    unit="replicas",
    says="automatic failover promotes a replica, so that each shard needs one",
    source=_GUIDE + "AutoFailover.html",
    date=_DATE,
)
SHARDS = Fact(
    value=Range(1, 500),
    unit="shards",
    says="a cluster has 500 shards at most, and more than one in cluster mode only",
    source=_GUIDE + "Scaling.RedisReplGrps.html",
    date=_DATE,
)
NODES = Fact(
    value=500,
    unit="nodes",
    says="a cluster has 500 nodes at most, 90 until the quota is raised",
    source=_GUIDE + "Shards.html",
    date=_DATE,
)
ZONES = Fact(
    value=2,
    unit="zones",
    says="a cache survives the loss of a zone when its nodes are in two or more",
    source=_GUIDE + "AutoFailover.html",
    date=_DATE,
)
CLUSTER_MODES = Fact(
    value=("disabled", "compatible", "enabled"),
    unit="modes",
    says="clients of both kinds can connect in compatible mode, which lies between disabled and enabled",
    source=_CREATE,
    date=_DATE,
)
DURABILITY = Fact(
    value=("async", "sync"),
    unit="modes",
    says="durability keeps writes in a log over several zones: before they are acknowledged, or within ten seconds",
    source=_GUIDE + "Durability.Options.html",
    date=_DATE,
)
DURABLE = Fact(
    value=("m6g", "m7g", "m8g", "r6g", "r7g", "r8g", "c7gn", "c8gn"),
    unit="families",
    says="durability needs Valkey 9.0, cluster mode, a replica for each shard, TLS and a node of these families; a "
    "cache in a global datastore or with tiered data has none",
    source=_GUIDE + "Durability.Limitations.html",
    date=_DATE,
)
TIERED = Fact(
    value="r6gd",
    unit="family",
    says="nodes with a local disk keep what is seldom read there, and no other nodes do",
    source=_GUIDE + "data-tiering.html",
    date=_DATE,
)
IPV6 = Fact(
    value=("ipv4", "dual_stack", "ipv6"),
    unit="network types",
    says="nodes speak IPv4, IPv6 or both, and clients are told one of them",
    source=_GUIDE + "network-type.html",
    date=_DATE,
)
IAM = Fact(
    value=MappingProxyType({"valkey": "7.2", "redis": "7.0"}),
    unit="versions",
    says="IAM lets in users whose name is their id too, in Valkey 7.2 and Redis OSS 7.0 or newer",
    source=_GUIDE + "auth-iam.html",
    date=_DATE,
)
USERS = Fact(
    value=r"[a-z][a-z0-9-]{0,39}",
    unit="pattern",
    says="a user is known by a name in small letters, digits and hyphens",
    source=_API + "API_CreateUser.html",
    date=_DATE,
)
USERS_NEED_TLS = Fact(
    value="required",
    unit="mode",
    says="users and passwords need connections that are all encrypted",
    source=_GUIDE + "Clusters.RBAC.html",
    date=_DATE,
)
ACCESS = Fact(
    value=r"on(\s+\S+)+",
    unit="pattern",
    says="an access string switches a user on and names keys and commands; passwords are no part of it",
    source=_GUIDE + "Clusters.RBAC.html",
    date=_DATE,
)
NAMES = Fact(
    value=r"[A-Za-z](?:-?[A-Za-z0-9]){0,39}",
    unit="pattern",
    says="a name has 1 to 40 letters, digits and single hyphens, starts with a letter and does not end with a hyphen",
    source=_CREATE,
    date=_DATE,
)
PORTS = Fact(value=Range(1024, 65535), unit="port", says="nodes listen on one port", source=_CREATE, date=_DATE)
SNAPSHOTS = Fact(
    value=Range(1, 35),
    unit="days",
    says="automatic snapshots are kept for 1 to 35 days",
    source=_GUIDE + "backups-automatic.html",
    date=_DATE,
)
SNAPSHOT_WINDOW = Fact(
    value=60,
    unit="minutes",
    says="snapshots begin in a window of at least 60 minutes, in UTC, that maintenance does not share",
    source=_GUIDE + "backups-automatic.html",
    date=_DATE,
)
MAINTENANCE_WINDOW = Fact(
    value=60,
    unit="minutes",
    says="maintenance happens in a weekly window of at least 60 minutes, in UTC",
    source=_CREATE,
    date=_DATE,
)
RESTORES = Fact(
    value=r"[a-zA-Z][a-zA-Z0-9:.-]*|arn:aws[a-z-]*:s3:::[^,]+\.rdb",
    unit="pattern",
    says="a cache starts from a snapshot by its name, or from files in S3 by their ARNs, and not from both",
    source=_CREATE,
    date=_DATE,
)
KEYS = Fact(
    value="one Region",
    unit="Region",
    says="disks, snapshots and credentials are encrypted with a key of the cache's Region",
    source=_GUIDE + "at-rest-encryption.html",
    date=_DATE,
)
TOPICS = Fact(
    value="aws:SourceOwner",
    unit="condition",
    says="ElastiCache tells one topic of its own account and Region, and none that is encrypted",
    source=_GUIDE + "ElastiCacheSNS.html",
    date=_DATE,
)
LOGS = Fact(
    value=("slow-log", "engine-log"),
    unit="logs",
    says="slow commands and what the engine says are written to CloudWatch Logs, as JSON or text",
    source=_GUIDE + "Log_Delivery.html",
    date=_DATE,
)
SCALED = Fact(
    value=("m5", "m6g", "m7g", "m8g", "r5", "r6g", "r6gd", "r7g", "r8g", "c7gn", "c8gn"),
    unit="families",
    says="shards and replicas follow the load in cluster mode, outside of global datastores, on nodes of these "
    "families in the sizes large, xlarge and 2xlarge",
    source=_GUIDE + "AutoScaling.html",
    date=_DATE,
)
SCALED_SIZES = Fact(
    value=("large", "xlarge", "2xlarge"), unit="sizes", says=SCALED.says, source=SCALED.source, date=_DATE
)
GLOBAL = Fact(
    value=("m5", "m6g", "m7g", "m8g", "r5", "r6g", "r6gd", "r7g", "r8g", "c7gn", "c8gn"),
    unit="families",
    says="a global datastore takes nodes of these families, large or larger, over IPv4, without durability, and "
    "without minor upgrades by themselves",
    source=_GLOBAL,
    date=_DATE,
)
SECONDARIES = Fact(
    value=2,
    unit="Regions",
    says="a global datastore has one Region that writes and at most two others",
    source=_GLOBAL,
    date=_DATE,
)
INHERITED = Fact(
    value=("engine", "version", "node type", "shards", "parameters"),
    unit="options",
    says="a secondary has engine, version, node type, shards and parameters from the datastore; only its replicas are "
    "its own",
    source=_GLOBAL,
    date=_DATE,
)
GLOBAL_ID = Fact(
    value=r"[a-z0-9]{5}-[a-zA-Z][a-zA-Z0-9-]*",
    unit="pattern",
    says="ElastiCache puts five characters of its own before the suffix, so that the id is known after the first "
    "deployment only",
    source=_API + "API_CreateGlobalReplicationGroup.html",
    date=_DATE,
)
