"""What single features of Amazon Aurora ask for: capacity, endpoints, the Data API, scaling readers, Limitless."""

from __future__ import annotations

from types import MappingProxyType

from ._model import Confidence, Fact, Range

_GUIDE = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/"
_DATE = "2026-11-21"

RETIRED = Fact(
    value=("aurora", "aurora-multimaster", "aurora-parallelquery", "aurora-serverless"),
    unit="engine",
    says="MySQL 5.6 with Multi-Master ended in 2023, and Serverless v1 in 2025: an Aurora DSQL cluster takes writes in "
    "two Regions, `serverless` scales, and write forwarding lets readers take writes",
    source=_GUIDE + "Aurora.VersionPolicy.html",
    date=_DATE,
)
TIERS = Fact(
    value=Range(0, 15),
    unit="tier",
    says="an instance has a promotion tier of 0, which is promoted first, to 15",
    source=_GUIDE + "Concepts.AuroraHighAvailability.html",
    date=_DATE,
)
STANDBY_TIERS = Fact(
    value=Range(0, 1),
    unit="tier",
    says="readers of the tiers 0 and 1 keep the writer's capacity and are promoted first: one that is smaller, or that "
    "scales with its own load alone, cannot carry the writer's",
    source=_GUIDE + "aurora-serverless-v2.how-it-works.html",
    date=_DATE,
)
AUTO_PAUSE = Fact(
    value=Range(300, 86400),
    unit="seconds",
    says="serverless instances pause after 5 minutes to 24 hours without connections, when their least capacity is 0",
    source=_GUIDE + "aurora-serverless-v2-auto-pause.html",
    date=_DATE,
)
AUTO_PAUSE_VERSIONS = Fact(
    value=MappingProxyType({"aurora-mysql": ((3, 8),), "aurora-postgresql": ((13, 15), (14, 12), (15, 7), (16, 3))}),
    unit="first versions",
    says="serverless instances pause from Aurora MySQL 3.08 and Aurora PostgreSQL 16.3, 15.7, 14.12 and 13.15 on",
    source=_GUIDE + "aurora-serverless-v2.how-it-works.html",
    date=_DATE,
)
STORAGE = Fact(
    value=("aurora", "aurora-iopt1"),
    unit="storage type",
    says="the first is paid by size and by request, the second by size alone, and either can follow the other",
    source=_GUIDE + "Aurora.Overview.StorageReliability.html",
    date=_DATE,
)
CERTIFICATES = Fact(
    value=("rds-ca-rsa2048-g1", "rds-ca-rsa4096-g1", "rds-ca-ecc384-g1"),
    unit="certificate authority",
    says="these authorities sign the certificates of instances",
    source=_GUIDE + "UsingWithRDS.SSL.html",
    date=_DATE,
)
DATA_API_VERSIONS = Fact(
    value=MappingProxyType(
        {"aurora-mysql": ((3, 7),), "aurora-postgresql": ((13, 11), (14, 8), (15, 3), (16, 1), (17, 4), (18, 3))}
    ),
    unit="first versions",
    says="the Data API speaks to Aurora MySQL 3.07, and to Aurora PostgreSQL 18.3, 17.4, 16.1, 15.3, 14.8 and 13.11, "
    "and later ones",
    source=_GUIDE + "Concepts.Aurora_Fea_Regions_DB-eng.Feature.Data_API.html",
    date=_DATE,
)
DATA_API_CLASSES = Fact(
    value=r"t\d.*",
    unit="pattern",
    says="the Data API does not speak to burstable instances",
    source=_GUIDE + "data-api.limitations.html",
    date=_DATE,
)
ENDPOINTS = Fact(
    value=5,
    unit="custom endpoints",
    says="a cluster has five custom endpoints at most",
    source=_GUIDE + "CHAP_Limits.html",
    date=_DATE,
)
ENDPOINT_KINDS = Fact(
    value=("READER", "ANY"),
    unit="kind",
    says="a custom endpoint leads to readers alone, or to any instance",
    source=_GUIDE + "Aurora.Endpoints.Custom.html",
    date=_DATE,
)
ENDPOINT_NAMES = Fact(
    value=r"[a-zA-Z](?!.*--)[a-zA-Z0-9-]{0,62}(?<!-)",
    unit="pattern",
    says="a custom endpoint has a name of up to 63 letters, digits and single hyphens, starting with a letter",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-rds-dbclusterendpoint.html",
    date=_DATE,
)
SCALED_READERS = Fact(
    value=Range(1, 15),
    unit="readers",
    says="auto scaling counts all readers, those in the template too, measures at least one, and adds up to the 15 "
    "that a cluster takes",
    source=_GUIDE + "Aurora.Integrating.AutoScaling.html",
    date=_DATE,
    confidence=Confidence.ASSUMED,  # the page gives 0 to 15 and the removal of its own readers, not how it counts
)
SCALED_SECONDARIES = Fact(
    value=False,
    unit="",
    says="readers are not scaled automatically in a Region that follows",
    source=_GUIDE + "Aurora.Integrating.AutoScaling.html",
    date=_DATE,
)
SECONDARIES = Fact(
    value=10,
    unit="secondary Regions",
    says="a global database has ten secondary Regions at most",
    source=_GUIDE + "aurora-global-database.html",
    date=_DATE,
)
JOINING = Fact(
    value=False,
    unit="",
    says="CloudFormation replaces a cluster that names a global database from some day on; a container made from a "
    "cluster takes it in as it is",
    source="https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-rds",
    date=_DATE,
)
LIFECYCLE_OF_CONTAINER = Fact(
    value=("aurora-postgresql",),
    unit="engine",
    says="extended support of a global database is said by its container for PostgreSQL, and by its members for MySQL",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-rds-globalcluster.html",
    date=_DATE,
)
CLUSTER_ARN = Fact(
    value=r"arn:aws[a-z-]*:rds:[a-z0-9-]+:\d{12}:cluster:[A-Za-z][A-Za-z0-9-]*",
    unit="pattern",
    says="the container of a global database is made empty, or from a cluster that it names by its ARN",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-rds-globalcluster.html",
    date=_DATE,
)
LIMITLESS_VERSIONS = Fact(
    value=r"16\.\d+(\.\d+)?-limitless",
    unit="pattern",
    says="Limitless runs on versions of its own, such as 16.6-limitless",
    source=_GUIDE + "limitless-reqs-limits.html",
    date=_DATE,
)
LIMITLESS_CAPACITY = Fact(
    value=Range(16, 6144),
    unit="ACU",
    says="a shard group has a capacity of 16 to 6144 Aurora capacity units",
    source=_GUIDE + "limitless-reqs-limits.html",
    date=_DATE,
)
LIMITLESS_STANDBYS = Fact(
    value=Range(0, 2),
    unit="standbys",
    says="each shard has a standby in none, one or two other zones",
    source="https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBShardGroup.html",
    date=_DATE,
)
LIMITLESS_ZONES = Fact(
    value=3,
    unit="zones",
    says="two standbys need subnets in three zones",
    source=_GUIDE + "limitless-reqs-limits.html",
    date=_DATE,
)
LIMITLESS_MONITORING = Fact(
    value=(1, 5, 10, 15, 30, 60),
    unit="seconds",
    says="Limitless cannot do without enhanced monitoring",
    source=_GUIDE + "limitless-reqs-limits.html",
    date=_DATE,
)
LIMITLESS_CLONES = Fact(
    value=False,
    unit="",
    says="Limitless clusters are not cloned",
    source=_GUIDE + "limitless-reqs-limits.html",
    date=_DATE,
)
