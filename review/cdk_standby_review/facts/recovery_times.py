"""How long recovery takes, where no other module of facts says so: detection, decision, promotion, restore."""

from __future__ import annotations

from . import autoscaling
from ._model import Confidence, Fact, Range

_RDS = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/"
_AURORA = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/"
_WHITEPAPER = "https://docs.aws.amazon.com/whitepapers/latest/disaster-recovery-workloads-on-aws/"
_DATE = "2026-11-21"


def _seconds(low: float, high: float, says: str, source: str, *, assumed: bool = False) -> Fact[Range]:
    confidence = Confidence.ASSUMED if assumed else Confidence.DOCUMENTED
    return Fact(value=Range(low, high), unit="seconds", says=says, source=source, date=_DATE, confidence=confidence)


DECISION = _seconds(
    60, 300, "somebody on call is paged and decides to act", "assumed: one to five minutes; measure it in drills",
    assumed=True,
)  # fmt: skip
VALIDATION = _seconds(
    30, 60, "a look at the new site before it is called recovered", "assumed: a few requests; measure it in drills",
    assumed=True,
)  # fmt: skip
AURORA_FAILOVER = _seconds(
    30, 60, "Aurora promotes a reader in another zone, typically within 60 and often within 30 seconds",
    _AURORA + "Concepts.AuroraHighAvailability.html#Aurora.Managing.FaultTolerance",
)  # fmt: skip
AURORA_RECREATE = _seconds(
    0, 600, "without a reader Aurora makes a new instance, typically within 10 minutes, at best effort",
    _AURORA + "Concepts.AuroraHighAvailability.html#Aurora.Managing.FaultTolerance",
)  # fmt: skip
AURORA_FIRST_INSTANCE = _seconds(
    300, 900, "a headless secondary cluster gets an instance before it can be promoted",
    f"assumed: 5 to 15 minutes, the guide gives no time ({_AURORA}aurora-global-database-disaster-recovery.html); "
    "measure it in drills", assumed=True,
)  # fmt: skip
AURORA_GLOBAL_FAILOVER = _seconds(
    60, 300, "a managed failover of an Aurora global database takes minutes",
    f"assumed: one to five minutes, the guide says minutes ({_AURORA}aurora-global-database-disaster-recovery.html)",
    assumed=True,
)  # fmt: skip
AURORA_GLOBAL_LAG = _seconds(
    0, 1, "storage replication of an Aurora global database typically lags less than a second",
    _AURORA + "aurora-global-database.html",
)  # fmt: skip
RDS_FAILOVER = _seconds(
    60, 120, "RDS fails over to the standby in another zone, typically in 60 to 120 seconds",
    _RDS + "Concepts.MultiAZ.Failover.html",
)  # fmt: skip
RDS_CLUSTER_FAILOVER = _seconds(
    0, 35, "a Multi-AZ DB cluster typically fails over in under 35 seconds",
    _RDS + "multi-az-db-clusters-concepts.html",
)  # fmt: skip
RDS_HOST_REPLACEMENT = _seconds(
    300, 1800, "RDS replaces the host of a single-AZ instance by itself",
    "assumed: minutes to half an hour, the guide gives no time (" + _RDS + "Concepts.MultiAZ.html)", assumed=True,
)  # fmt: skip
RESTORE = _seconds(
    1200, 14400, "restoring a database from a backup takes longer the larger it is",
    "assumed: 20 minutes to 4 hours; AWS Backup restore testing measures it", assumed=True,
)  # fmt: skip
POINT_IN_TIME = _seconds(
    0, 300, "the latest restorable time is typically within the last five minutes", _RDS + "USER_PIT.html",
)  # fmt: skip
BACKUP_COPY = _seconds(
    600, 14400, "a copy of a backup arrives in the other Region some time after the backup",
    "assumed: 10 minutes to 4 hours, by size and distance", assumed=True,
)  # fmt: skip
INSTANCE_START = _seconds(
    autoscaling.BOOT.value.low + 20, autoscaling.BOOT.value.high + 60,
    "a new EC2 instance boots, starts its service and passes its load balancer's health checks",
    "assumed: one to three minutes, and two to four health checks; measure it in drills", assumed=True,
)  # fmt: skip
EC2_RECOVERY = _seconds(
    120, 900, "simplified automatic recovery moves an EC2 instance to another host of its zone",
    "assumed: minutes (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-recover.html gives no time)",
    assumed=True,
)  # fmt: skip
UNDELETE = _seconds(
    60, 3600, "a deleted secret or key waits out a recovery window of at least 7 days, and is restored by one call",
    "assumed: minutes to an hour until somebody notices and calls", assumed=True,
)  # fmt: skip
OBJECT_RESTORE = _seconds(
    60, 3600, "earlier versions of objects are brought back by deleting markers or copying versions",
    "assumed: minutes to an hour, by the number of objects", assumed=True,
)  # fmt: skip
DETECTION = _seconds(
    60, 300, "an alarm rings and somebody sees it", "assumed: one to five minutes; a health check is quicker",
    assumed=True,
)  # fmt: skip
ZONE_EVICTION = _seconds(
    60, 120, "a zone without healthy targets leaves the balancer's DNS name, and resolvers forget it within 60 seconds",
    "assumed: detection plus time to live "
    "(https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html)",
    assumed=True,
)  # fmt: skip
WARM_START = _seconds(
    20, 60, "an instance of a warm pool is booted already and only joins", "assumed: 20 to 60 seconds "
    "(https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-warm-pools.html gives no time)",
    assumed=True,
)  # fmt: skip
ONE_ZONE = _seconds(
    0, 0, "what stands in one Availability Zone fails with it",
    "https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/availability-zones.html",
)  # fmt: skip
ONE_REGION = _seconds(
    0, 0, "what stands in one Region fails with it",
    "https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/regions.html",
)  # fmt: skip
NO_BACKUP = _seconds(
    0, 0, "data without a backup or an earlier version cannot be brought back",
    "https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/back-up-data.html",
)  # fmt: skip
AT_ONCE = _seconds(
    0, 0, "it runs over several zones at once, so that nothing has to move",
    _WHITEPAPER + "disaster-recovery-options-in-the-cloud.html",
)  # fmt: skip
NO_LOSS = _seconds(0, 0, "nothing is lost", _WHITEPAPER + "disaster-recovery-options-in-the-cloud.html")
REPLICA_PROMOTION = _seconds(
    300, 1800, "promoting a read replica reboots it and takes minutes",
    "assumed: 5 to 30 minutes (" + _RDS + "USER_ReadRepl.Promote.html says several minutes or longer)", assumed=True,
)  # fmt: skip
REPLICA_LAG = _seconds(
    0, 60, "a cross-Region read replica lags behind its source",
    "assumed: up to a minute; alarm on ReplicaLag (" + _RDS + "USER_ReadRepl.Monitoring.html)", assumed=True,
)  # fmt: skip
REPLICA_REBUILD = _seconds(
    600, 14400, "a read replica that is lost is made anew from its source, which goes on",
    "assumed: 10 minutes to 4 hours, by size (" + _RDS + "USER_ReadRepl.html gives no time)", assumed=True,
)  # fmt: skip
REPLICATED_BACKUP = _seconds(
    300, 1800, "automated backups that RDS replicates to another Region are typically 5 to 30 minutes behind",
    "https://docs.aws.amazon.com/prescriptive-guidance/latest/dr-standard-edition-amazon-rds/rds-pitr-snapshot.html",
)  # fmt: skip
PROXY = _seconds(
    0, 0, "a proxy stands in two zones or more, and keeps the connections of applications during a failover",
    _RDS + "rds-proxy.html",
)  # fmt: skip
