"""What S3 allows of buckets, their replication and their access points, and what it promises."""

from __future__ import annotations

from types import MappingProxyType

from ._model import Confidence, Fact, Range

_GUIDE = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/"
_API = "https://docs.aws.amazon.com/AmazonS3/latest/API/"
_DATE = "2026-11-21"

NAMES = Fact(
    value=r"(?!xn--|sthree-|amzn-s3-demo-)(?!.*(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$)(?!.*\.\.)"
    r"(?!\d+\.\d+\.\d+\.\d+$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]",
    unit="pattern",
    says="a bucket's name has 3 to 63 lower-case letters, digits, hyphens and single dots, and is unique in the world",
    source=_GUIDE + "bucketnamingrules.html",
    date=_DATE,
)
DURABILITY = Fact(
    value=3,
    unit="zones",
    says="S3 keeps objects in at least three zones, except in the One Zone classes",
    source=_GUIDE + "DataDurability.html",
    date=_DATE,
)
ONE_ZONE = Fact(
    value=("ONEZONE_IA", "EXPRESS_ONEZONE"),
    unit="storage classes",
    says="a One Zone class keeps the only copy in a single zone, and loses it with that zone",
    source=_GUIDE + "storage-class-intro.html",
    date=_DATE,
)
OBJECT_SIZE = Fact(
    value=50,
    unit="TB",
    says="an object has at most 50 TB, of which a single PUT uploads 5 GB; what is larger goes up in parts",
    source=_GUIDE + "UploadingObjects.html",
    date=_DATE,
)
CLASSES = Fact(
    value=("STANDARD_IA", "INTELLIGENT_TIERING", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"),
    unit="storage classes",
    says="a lifecycle moves objects only towards colder classes",
    source=_GUIDE + "lifecycle-transition-general-considerations.html",
    date=_DATE,
)
BEFORE_IA = Fact(
    value=30,
    unit="days",
    says="objects stay in S3 Standard for 30 days before a lifecycle moves them to Standard-IA",
    source=_GUIDE + "lifecycle-transition-general-considerations.html",
    date=_DATE,
)
LIFECYCLE_DAYS = Fact(
    value=Range(1, 36500),
    unit="days",
    says="a lifecycle counts in whole days",
    source=_GUIDE + "intro-lifecycle-rules.html",
    date=_DATE,
)
ARCHIVE_ACCESS = Fact(
    value=Range(90, 730),
    unit="days",
    says="Intelligent-Tiering archives what was not read for 90 to 730 days",
    source=_API + "API_Tiering.html",
    date=_DATE,
)
DEEP_ARCHIVE_ACCESS = Fact(
    value=Range(180, 730),
    unit="days",
    says="Intelligent-Tiering archives deeply what was not read for 180 to 730 days",
    source=_API + "API_Tiering.html",
    date=_DATE,
)
LOCK_MODES = Fact(
    value=("GOVERNANCE", "COMPLIANCE"),
    unit="modes",
    says="governance can be lifted by whoever may bypass it, compliance by nobody, the root user included",
    source=_GUIDE + "object-lock.html",
    date=_DATE,
)
LOCK_DAYS = Fact(
    value=Range(1, 36500),
    unit="days",
    says="a default retention lasts 1 to 36500 whole days",
    source=_GUIDE + "object-lock.html",
    date=_DATE,
)
LOCK_IS_FOR_EVER = Fact(
    value="never off again",
    unit="lock",
    says="Object Lock can be switched on for a bucket that exists, and never off again",
    source=_GUIDE + "object-lock-managing.html",
    date=_DATE,
)
LOCK_ON_BOTH_SIDES = Fact(
    value="both",
    unit="buckets",
    says="objects of a bucket with Object Lock replicate only to buckets with Object Lock",
    source=_GUIDE + "replication-failure-codes.html",
    date=_DATE,
)
MFA_DELETE = Fact(
    value="root only",
    unit="user",
    says="MFA Delete is switched on by the root user through the API, and excludes a lifecycle",
    source=_GUIDE + "MultiFactorAuthenticationDelete.html",
    date=_DATE,
)
DESTINATION_EXISTS = Fact(
    value="Destination bucket must exist",
    unit="error",
    says="S3 refuses a replication rule whose destination does not exist, or is not versioned",
    # The API answers so; users report it of two buckets that name each other:
    # https://github.com/hashicorp/terraform-provider-aws/issues/749
    source=_GUIDE + "replication-requirements.html",
    date=_DATE,
)
REPLICATION_RULES = Fact(
    value=1000,
    unit="rules",
    says="a bucket has at most 1,000 replication rules, each with a priority of its own",
    source=_API + "API_PutBucketReplication.html",
    date=_DATE,
)
REPLICA_KEY = Fact(
    value="key ARN or alias ARN",
    unit="key",
    says="S3 encrypts replicas with a key of the destination's Region, which is named by its ARN or by its alias; of "
    "another account, by its ARN",
    source=_API + "API_EncryptionConfiguration.html",
    date=_DATE,
)
EXISTING_OBJECTS = Fact(
    value="S3 Batch Replication",
    unit="job",
    says="a rule replicates what is written after it; what was there before takes a job of S3 Batch Replication",
    source=_GUIDE + "s3-batch-replication-batch.html",
    date=_DATE,
)
REPLICATION_TIME = Fact(
    value=Range(0, 900),
    unit="seconds",
    says="with Replication Time Control 99.99% of objects arrive within 15 minutes",
    source=_GUIDE + "replication-time-control.html",
    date=_DATE,
)
REPLICATION_WITHOUT_TIME = Fact(
    value=Range(0, 24 * 3600),
    unit="seconds",
    says="without Replication Time Control no time is promised: most objects arrive in minutes, large ones in hours",
    source="assumed: the guide promises a time with Replication Time Control only (" + _GUIDE + "replication.html)",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
TIME_CONTROL_PRICE = Fact(
    value=0.015,
    unit="USD a GB",
    says="Replication Time Control costs about 0.015 USD for each GB replicated, beside requests and transfer",
    source="https://aws.amazon.com/s3/pricing/",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
METRIC_REGIONS = Fact(
    value=MappingProxyType(
        {
            "OperationsFailedReplication": "source",
            "ReplicationLatency": "destination",
            "BytesPendingReplication": "destination",
            "OperationsPendingReplication": "destination",
        }
    ),
    unit="Region of a metric",
    says="S3 publishes failures in the Region of the source, and what is pending in the Region of the destination",
    source=_GUIDE + "repl-metrics.html",
    date=_DATE,
)
ROUTING_REGIONS = Fact(
    value=("us-east-1", "us-west-2", "ap-southeast-2", "ap-northeast-1", "eu-west-1"),
    unit="Regions",
    says="routes of a Multi-Region Access Point are read and changed in five Regions, any of which will do",
    source=_API + "API_control_SubmitMultiRegionAccessPointRoutes.html",
    date=_DATE,
)
ROUTING = Fact(
    value=Range(0, 120),
    unit="seconds",
    says="a change of routes takes up to two minutes; what is under way ends where it began",
    source=_API + "API_control_SubmitMultiRegionAccessPointRoutes.html",
    date=_DATE,
)
ROUTES_AT_FIRST = Fact(
    value="active-active",
    unit="routes",
    says="a new Multi-Region Access Point sends requests to the closest of its buckets, and around a Region that "
    "the network does not reach",
    source=_GUIDE + "FailoverConfiguration.html",
    date=_DATE,
)
ACCESS_POINT_REGIONS = Fact(
    value=Range(2, 17),
    unit="buckets",
    says="a Multi-Region Access Point joins the buckets of up to 17 Regions, one of each",
    source=_GUIDE + "MultiRegionAccessPointRestrictions.html",
    date=_DATE,
)
ACCESS_POINT_NAMES = Fact(
    value=r"(?!xn--)[a-z0-9][a-z0-9-]{1,48}[a-z0-9]",
    unit="pattern",
    says="its name has 3 to 50 lower-case letters, digits and hyphens, and cannot be changed",
    source=_GUIDE + "MultiRegionAccessPointRestrictions.html",
    date=_DATE,
)
POINT_IN_TIME = Fact(
    value=Range(1, 35),
    unit="days",
    says="AWS Backup restores a versioned bucket to any second of the last 35 days",
    source="https://docs.aws.amazon.com/aws-backup/latest/devguide/s3-backups.html",
    date=_DATE,
)
ENCRYPTED = Fact(
    value="SseKmsEncryptedObjects",
    unit="source selection",
    says="objects encrypted with KMS keys are not replicated unless the rule selects them",
    source=_GUIDE + "replication-config-for-kms-objects.html",
    date=_DATE,
)
