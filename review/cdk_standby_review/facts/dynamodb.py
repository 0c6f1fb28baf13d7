"""What DynamoDB allows, and what it goes through."""

from __future__ import annotations

from types import MappingProxyType

from ._model import Confidence, Fact, Range

_GUIDE = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"
_API = "https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/"
_CLOUDFORMATION = (
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-globaltable.html"
)
_GLOBAL = _GUIDE + "V2globaltables_HowItWorks.html"
_QUOTAS = _GUIDE + "ServiceQuotas.html"
_CONSTRAINTS = _GUIDE + "Constraints.html"
_DATE = "2026-11-21"

# Keys, names and indexes

TYPES = Fact(
    value=("S", "N", "B"),
    unit="types",
    says="a key attribute is a string, a number or binary",
    source=_API + "API_AttributeDefinition.html",
    date=_DATE,
)
ATTRIBUTE_NAME = Fact(
    value=Range(1, 255),
    unit="characters",
    says="the name of a key attribute has 1 to 255 characters",
    source=_API + "API_AttributeDefinition.html",
    date=_DATE,
)
TABLE_NAME = Fact(
    value=r"[a-zA-Z0-9_.-]{3,255}",
    unit="pattern",
    says="the name of a table or index has 3 to 255 letters, digits, '_', '.' and '-'",
    source=_CONSTRAINTS,
    date=_DATE,
)
GLOBAL_INDEXES = Fact(
    value=20,
    unit="indexes",
    says="a table has at most 20 global secondary indexes until its quota is raised",
    source=_QUOTAS,
    date=_DATE,
)
LOCAL_INDEXES = Fact(
    value=5,
    unit="indexes",
    says="a table has at most 5 local secondary indexes, which are made with the table",
    source=_QUOTAS,
    date=_DATE,
)
KEYS_OF_INDEX = Fact(
    value=4,
    unit="attributes",
    says="a global secondary index has 1 to 4 partition keys and up to 4 sort keys",
    source=_GUIDE + "GSI.DesignPattern.MultiAttributeKeys.html",
    date=_DATE,
)
INCLUDED = Fact(
    value=Range(1, 20),
    unit="attributes",
    says="an index includes 1 to 20 named attributes",
    source=_API + "API_Projection.html",
    date=_DATE,
)
PROJECTED = Fact(
    value=100,
    unit="attributes",
    says="the indexes of a table include at most 100 named attributes together",
    source=_QUOTAS,
    date=_DATE,
)
LOCAL_SORT_KEY = Fact(
    value="a sort key",
    unit="key",
    says="a local index sorts the items of one partition key in another way, so the table has a sort key too",
    source=_GUIDE + "LSI.html",
    date=_DATE,
)

# Throughput

TABLE_QUOTA = Fact(
    value=40_000,
    unit="units per second",
    says="a table gets 40,000 read and 40,000 write units a second until AWS raises its quota",
    source=_QUOTAS,
    date=_DATE,
)
ACCOUNT_QUOTA = Fact(
    value=80_000,
    unit="units per second",
    says="the provisioned tables of an account and Region share 80,000 read and 80,000 write units until AWS raises it",
    source=_QUOTAS,
    date=_DATE,
)
TARGET = Fact(
    value=Range(20, 90),
    unit="%",
    says="autoscaling of tables aims at 20 to 90 percent of what is provisioned",
    source=_GUIDE + "AutoScaling.html",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
AUTOSCALED_WRITES = Fact(
    value="auto scaling",
    unit="mode",
    says="a provisioned global table scales its writes by itself: a replica must be able to take what the others write",
    source=_CLOUDFORMATION,
    date=_DATE,
)

# Recovery and streams

RECOVERY = Fact(
    value=Range(1, 35),
    unit="days",
    says="point-in-time recovery reaches back 1 to 35 days",
    source=_GUIDE + "PointInTimeRecovery_Howitworks.html",
    date=_DATE,
)
STREAM_TYPES = Fact(
    value=("NEW_AND_OLD_IMAGES", "NEW_IMAGE", "OLD_IMAGE", "KEYS_ONLY"),
    unit="view types",
    says="a stream shows keys, new images, old images, or both",
    source=_API + "API_StreamSpecification.html",
    date=_DATE,
)
STREAM_READERS = Fact(
    value=2,
    unit="readers",
    says="two readers at most share a shard of a stream, and one only where the table is global",
    source=_GUIDE + "Streams.html",
    date=_DATE,
)
STREAM_RETENTION = Fact(
    value=Range(0, 86_400),
    unit="seconds",
    says="a stream keeps changes for 24 hours",
    source=_GUIDE + "Streams.html",
    date=_DATE,
)
EXPORT = Fact(
    value="point-in-time recovery",
    unit="setting",
    says="an export reads what point-in-time recovery keeps, and costs the table no throughput",
    source=_GUIDE + "S3DataExport.HowItWorks.html",
    date=_DATE,
)
EXPORT_WINDOW = Fact(
    value=Range(15, 1440),
    unit="minutes",
    says="an incremental export covers 15 minutes to 24 hours",
    source=_GUIDE + "S3DataExport_Requesting.html",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
EXPORT_FORMATS = Fact(
    value=("DYNAMODB_JSON", "ION"),
    unit="formats",
    says="an export is written as DynamoDB JSON or Amazon Ion",
    source=_API + "API_ExportTableToPointInTime.html",
    date=_DATE,
)
BACKUPS_KEPT = Fact(
    value="for ever",
    unit="time",
    says="a backup made by CreateBackup is kept and paid until somebody deletes it; AWS Backup deletes its own",
    source=_GUIDE + "Backup.Tutorial.html",
    date=_DATE,
)

# Several Regions

KEYS = Fact(
    value="one Region",
    unit="Region",
    says="each replica is encrypted with a key of its own Region",
    source=_GUIDE + "globaltables-security.html",
    date=_DATE,
)
REPLICAS = Fact(
    value="other Regions",
    unit="Regions",
    says="a global table has one replica in each of its Regions, the stack's own among them",
    source=_CLOUDFORMATION,
    date=_DATE,
)
ONE_CHANGE = Fact(
    value=1,
    unit="replica per deployment",
    says="a new table may have all its replicas at once, later CloudFormation adds or removes one per deployment",
    source=_CLOUDFORMATION,
    date=_DATE,
)
SOURCE_STAYS = Fact(
    value=Range(0, 86_400),
    unit="seconds",
    says="a replica that others were made from cannot be deleted for 24 hours",
    source=_GUIDE + "V2globaltables.DeleteReplica.html",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
REPLICA_STREAM = Fact(
    value="NEW_AND_OLD_IMAGES",
    unit="view type",
    says="replicas of an eventually consistent global table follow each other's streams of new and old images",
    source=_CLOUDFORMATION,
    date=_DATE,
)
STRONG_REGIONS = Fact(
    value=3,
    unit="Regions",
    says="a strongly consistent global table stands in exactly three Regions: three replicas, or two and a witness",
    source=_GLOBAL,
    date=_DATE,
)
REGION_SETS = Fact(
    value=MappingProxyType(
        {
            "US": ("us-east-1", "us-east-2", "us-west-2"),
            "Europe": ("eu-central-1", "eu-west-1", "eu-west-2", "eu-west-3"),
            "Asia Pacific": ("ap-northeast-1", "ap-northeast-2", "ap-northeast-3"),
        }
    ),
    unit="Regions",
    says="the three Regions of a strongly consistent global table are of one set",
    source=_GLOBAL,
    date=_DATE,
)
WITNESS = Fact(
    value="strong consistency",
    unit="mode",
    says="a witness keeps the changes of a strongly consistent global table in a Region without a replica",
    source=_GLOBAL,
    date=_DATE,
)
STRONG_TTL = Fact(
    value="no TTL",
    unit="limit",
    says="a strongly consistent global table deletes no items by their time to live",
    source=_GLOBAL,
    date=_DATE,
)
STRONG_LOCAL_INDEXES = Fact(
    value="no local indexes",
    unit="limit",
    says="a strongly consistent global table has no local secondary indexes",
    source=_GLOBAL,
    date=_DATE,
)
ACCOUNTS = Fact(
    value="one Region and one account each",
    unit="replica",
    says="each replica of a multi-account global table is in an account and a Region of its own, of a table that "
    "started alone and is eventually consistent",
    source=_GUIDE + "V2globaltables_MA_HowItWorks.html",
    date=_DATE,
)

# What happens to it

MULTI_ZONE = Fact(
    value=Range(0, 0),
    unit="seconds",
    says="DynamoDB keeps tables in three zones",
    source=_GUIDE + "disaster-recovery-resiliency.html",
    date=_DATE,
)
REPLICA = Fact(
    value=Range(0, 0),
    unit="seconds",
    says="replicas of a global table take reads and writes in every Region",
    source=_GLOBAL,
    date=_DATE,
)
LAG = Fact(
    value=Range(0, 1),
    unit="seconds",
    says="eventually consistent replicas are typically a second apart or less",
    source=_GLOBAL,
    date=_DATE,
)
STRONG = Fact(
    value=Range(0, 0),
    unit="seconds",
    says="a strongly consistent write is in two Regions before it is acknowledged",
    source=_GLOBAL,
    date=_DATE,
)
