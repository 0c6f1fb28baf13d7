"""What MemoryDB allows, and what it goes through."""

from __future__ import annotations

from types import MappingProxyType

from ._model import Confidence, Fact, Range

_GUIDE = "https://docs.aws.amazon.com/memorydb/latest/devguide/"
_API = "https://docs.aws.amazon.com/memorydb/latest/APIReference/"
_CREATE = _API + "API_CreateCluster.html"
_MULTI = _GUIDE + "multi-region.prereq.html"
_FAILOVER = _GUIDE + "autofailover.html"
_DATE = "2026-11-21"

VERSIONS = Fact(
    value=MappingProxyType({"valkey": ("7.2", "7.3"), "redis": ("6.2", "7.0", "7.1")}),
    unit="versions",
    says="these are the versions of the engine",
    source=_GUIDE + "engine-versions.html",
    date=_DATE,
)
FAMILIES = Fact(
    value=MappingProxyType(
        {"valkey": {"7": "memorydb_valkey7"}, "redis": {"6": "memorydb_redis6", "7": "memorydb_redis7"}}
    ),
    unit="parameter group families",
    says="a parameter group belongs to one major version of an engine",
    source=_GUIDE + "parametergroups.html",
    date=_DATE,
)
NODE_TYPES = Fact(
    value=MappingProxyType(
        {
            "r7g": ("large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"),
            "r6g": ("large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"),
            "r6gd": ("xlarge", "2xlarge", "4xlarge", "8xlarge"),
            "t4g": ("small", "medium"),
        }
    ),
    unit="node types",
    says="a node type is one of these families and sizes",
    source=_GUIDE + "nodes.supportedtypes.html",
    date=_DATE,
)
TIERED = Fact(
    value="r6gd",
    unit="family",
    says="nodes with a local disk keep what is seldom read there, and no other nodes do",
    source=_GUIDE + "data-tiering.html",
    date=_DATE,
)
SHARDS = Fact(
    value=Range(1, 500), unit="shards", says="a cluster has 1 to 500 shards", source=_GUIDE + "shards.html", date=_DATE
)
REPLICAS = Fact(
    value=Range(0, 5), unit="replicas", says="a shard has at most five replicas", source=_CREATE, date=_DATE
)
NODES = Fact(
    value=500,
    unit="nodes",
    says="a cluster has 500 nodes at most, 90 until the quota is raised",
    source=_GUIDE + "servicename-feature-overview.html",
    date=_DATE,
)
MULTI_AZ = Fact(
    value=1,
    unit="replicas",
    says="a shard fails over to a replica; without one it takes no writes until its only node is replaced",
    source=_FAILOVER,
    date=_DATE,
)
ZONES = Fact(
    value=Range(2, 6),
    unit="zones",
    says="a cluster survives the loss of a zone when its nodes are in two or more",
    source=_FAILOVER,
    date=_DATE,
)
NAMES = Fact(
    value=r"[a-z](?:-?[a-z0-9]){0,39}",
    unit="pattern",
    says="a name has 1 to 40 small letters, digits and single hyphens, starts with a letter and does not end with a "
    "hyphen",
    source=_CREATE,
    date=_DATE,
)
PORTS = Fact(value=Range(1024, 65535), unit="port", says="nodes listen on one port", source=_CREATE, date=_DATE)
KEYS = Fact(
    value="one Region",
    unit="Region",
    says="disks, snapshots and credentials are encrypted with a key of the cluster's Region",
    source=_GUIDE + "at-rest-encryption.html",
    date=_DATE,
)
USERS = Fact(
    value=NAMES.value,
    unit="pattern",
    says="a user is known by a name in small letters, digits and single hyphens, once in an account and Region; "
    "'default' is taken",
    source=_GUIDE + "clusters.acls.html",
    date=_DATE,
)
ACCESS = Fact(
    value=r"on(\s+\S+)+",
    unit="pattern",
    says="an access string switches a user on and names keys and commands; passwords are no part of it",
    source=_GUIDE + "clusters.acls.html",
    date=_DATE,
)
IAM = Fact(
    value="7.0",
    unit="version",
    says="IAM lets in users in version 7.0 or newer",
    source=_GUIDE + "auth-iam.html",
    date=_DATE,
)
OPEN = Fact(
    value="open-access",
    unit="ACL",
    says="a cluster without TLS takes the ACL open-access only, which lets in whoever reaches the port",
    source=_GUIDE + "in-transit-encryption.html",
    date=_DATE,
)
SNAPSHOTS = Fact(
    value=Range(1, 35),
    unit="days",
    says="automatic snapshots are kept for 1 to 35 days",
    source=_GUIDE + "snapshots-automatic.html",
    date=_DATE,
)
SNAPSHOT_WINDOW = Fact(
    value=60,
    unit="minutes",
    says="snapshots begin in a window of at least 60 minutes, in UTC, that maintenance does not share",
    source=_GUIDE + "snapshots-automatic.html",
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
    says="a cluster starts from a snapshot by its name, or from files in S3 by their ARNs, and not from both",
    source=_CREATE,
    date=_DATE,
)
TOPICS = Fact(
    value="memorydb.amazonaws.com",
    unit="principal",
    says="MemoryDB tells one topic of its own account and Region, and none that is encrypted",
    # The page names the conditions, and nobody that publishes: the principal is that of the service.
    source=_GUIDE + "memorydbsns.html",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
METRIC_DIMENSION = Fact(
    value="ClusterName",
    unit="dimension",
    says="every metric of a node is filed under the name of its cluster, among others",
    # The page of metrics names no dimension; public users read them under this one.
    source=_GUIDE + "metrics.memorydb.html",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
FAILOVER = Fact(
    value=Range(0, 20),
    unit="seconds",
    says="a replica that has every acknowledged write is promoted, in seconds",
    source="assumed: up to twenty seconds, the guide gives no time (" + _FAILOVER + ")",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
NODE_REPLACED = Fact(
    value=Range(300, 1800),
    unit="seconds",
    says="the only node of a shard is replaced, and filled from the log that spans zones",
    source="assumed: minutes to half an hour, the guide gives no time (" + _FAILOVER + ")",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
DURABLE = Fact(
    value=Range(0, 0),
    unit="seconds",
    says="a write is in a log over several zones before it is acknowledged",
    source=_GUIDE + "consistency.html",
    date=_DATE,
)
DAILY = Fact(
    value=Range(0, 86_400),
    unit="seconds",
    says="snapshots are taken once a day, so that a restore loses up to a day",
    source=_GUIDE + "snapshots-automatic.html",
    date=_DATE,
)
RESTORE = Fact(
    value=Range(600, 7200),
    unit="seconds",
    says="a cluster is made anew from a snapshot, and takes longer the larger it is",
    source="assumed: ten minutes to two hours; measure it in drills",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
MULTI_REGIONS = Fact(
    value=(
        "ap-northeast-1", "ap-northeast-2", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "eu-central-1",
        "eu-west-1", "eu-west-2", "us-east-1", "us-east-2", "us-west-1", "us-west-2",
    ),
    unit="Regions",
    says="these Regions can be members of a multi-Region cluster",
    source=_MULTI,
    date=_DATE,
)  # fmt: skip
MEMBERS = Fact(
    value=Range(1, 5), unit="Regions", says="a multi-Region cluster has members in up to five Regions", source=_MULTI,
    date=_DATE,
)  # fmt: skip
MULTI_REGION_NODES = Fact(
    value=("xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"),
    unit="sizes of r7g",
    says="a multi-Region cluster takes nodes of the family r7g, xlarge or larger",
    source=_MULTI,
    date=_DATE,
)
MULTI_REGION_VERSION = Fact(
    value="7.3",
    unit="version",
    says="multi-Region clusters are there since Valkey 7.3",
    source=_MULTI,
    date=_DATE,
)
INHERITED = Fact(
    value=("engine", "version", "node type", "shards", "TLS", "parameters"),
    unit="options",
    says="members have engine, version, node type, shards, TLS and parameters from the multi-Region cluster, and no "
    "tiered data; users, key, replicas and snapshots are their own",
    source=_MULTI,
    date=_DATE,
)
MULTI_REGION_NAME = Fact(
    value=r"[a-z0-9]{5}-[a-z][a-z0-9-]*",
    unit="pattern",
    says="MemoryDB puts a prefix of its own before the suffix, so that the name is known after the first deployment "
    "only",
    source=_API + "API_CreateMultiRegionCluster.html",
    date=_DATE,
)
UPDATES = Fact(
    value=("coordinated", "uncoordinated"),
    unit="strategies",
    says="an update is made in all members together, or in each when it is ready",
    source=_API + "API_UpdateMultiRegionCluster.html",
    date=_DATE,
)
MULTI_REGION = Fact(
    value=Range(0, 0),
    unit="seconds",
    says="every member takes reads and writes; only traffic has to move",
    source=_GUIDE + "multi-region.html",
    date=_DATE,
)
MULTI_REGION_LAG = Fact(
    value=Range(0, 1),
    unit="seconds",
    says="members typically lag less than a second behind each other; AWS promises no number",
    source=_GUIDE + "multi-region.html",
    date=_DATE,
)
