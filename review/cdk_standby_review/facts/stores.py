"""Timestream, Keyspaces, directory buckets, DMS and Cognito: what spans zones, and what comes back."""

from __future__ import annotations

from ._made import DOCS, assumed, documented, spans

_INFLUX = "timestream/latest/developerguide/timestream-for-influx-managing-multi-az-instance-deployments.html"

TIMESTREAM = spans(
    "Timestream keeps data in several zones", "timestream/latest/developerguide/disaster-recovery-resiliency.html"
)
INFLUX_FAILOVER = assumed(
    60, 120, "the synchronous standby in another zone takes over", f"as RDS does ({DOCS}{_INFLUX})"
)  # fmt: skip
INFLUX_REPLACED = assumed(
    300, 1800, "the host is replaced; there is no standby", f"minutes to half an hour ({DOCS}{_INFLUX} gives no time)"
)  # fmt: skip
INFLUX_ONE_ZONE = spans("it has no standby, and stands in one zone", _INFLUX)
KEYSPACES = spans(
    "Keyspaces keeps three copies in several zones", "keyspaces/latest/devguide/disaster-recovery-resiliency.html"
)
KEYSPACES_LAG = documented(
    0, 1, "writes reach the other Regions typically within a second",
    "keyspaces/latest/devguide/multiRegion-replication.html",
)  # fmt: skip
KEYSPACES_PITR = documented(
    0, 300, "a table is restored to any second of the last 35 days",
    "keyspaces/latest/devguide/PointInTimeRecovery.html",
)  # fmt: skip
DIRECTORY = spans(
    "a directory bucket is kept in one zone", "AmazonS3/latest/userguide/directory-bucket-high-performance.html"
)
DMS_FAILOVER = assumed(
    60, 600, "the synchronous standby in another zone takes over, and tasks resume",
    f"minutes ({DOCS}dms/latest/userguide/CHAP_ReplicationInstance.html gives no time)",
)  # fmt: skip
DMS_REPLACED = assumed(
    300, 1800, "the host is replaced; there is no standby",
    f"minutes to half an hour ({DOCS}dms/latest/userguide/CHAP_ReplicationInstance.html gives no time)",
)  # fmt: skip
COGNITO = spans(
    "Cognito spans the zones of a Region", "cognito/latest/developerguide/disaster-recovery-resiliency.html"
)
TABLES = spans("a table bucket is kept in three zones", "AmazonS3/latest/userguide/s3-tables.html")
FLINK = spans(
    "Managed Service for Apache Flink starts applications in any zone, from their snapshots in S3",
    "managed-flink/latest/java/disaster-recovery-resiliency.html",
)
VECTORS = spans("a vector bucket is kept in several zones, as S3 is", "AmazonS3/latest/userguide/s3-vectors.html")
HEALTH = spans("HealthLake spans the zones of a Region", "healthlake/latest/devguide/disaster-recovery-resiliency.html")
EVENTS = spans(
    "CloudTrail spans the zones of a Region", "awscloudtrail/latest/userguide/disaster-recovery-resiliency.html"
)
