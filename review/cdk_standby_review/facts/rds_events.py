"""What RDS and Aurora tell of themselves: sources, categories, and the ids that mean a failover."""

from __future__ import annotations

from types import MappingProxyType

from ._model import Confidence, Fact

_RDS = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/"
_AURORA = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/"
_MESSAGES = _RDS + "USER_Events.Messages.html"
_AURORA_MESSAGES = _AURORA + "USER_Events.Messages.html"
_SUBSCRIPTION = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateEventSubscription.html"
_DATE = "2026-11-21"

SOURCES = Fact(
    value=MappingProxyType(
        {
            "db-instance": (
                "availability",
                "backtrack",
                "backup",
                "configuration change",
                "creation",
                "deletion",
                "failover",
                "failure",
                "low storage",
                "maintenance",
                "notification",
                "read replica",
                "recovery",
                "restoration",
                "security",
                "security patching",
                "serverless",
            ),
            "db-cluster": (
                "configuration change",
                "creation",
                "deletion",
                "failover",
                "failure",
                "global-failover",
                "maintenance",
                "migration",
                "notification",
                "serverless",
            ),
            "db-parameter-group": ("configuration change",),
            "db-security-group": ("configuration change", "failure"),
            "db-snapshot": ("creation", "deletion", "failure", "notification", "restoration"),
            "db-cluster-snapshot": ("backup", "failure", "notification"),
            "db-proxy": ("configuration change", "creation", "deletion", "failure"),
            "zero-etl": ("creation", "deletion", "failure", "notification"),
            "custom-engine-version": ("creation", "failure", "restoring"),
            "blue-green-deployment": ("creation", "deletion", "failure", "notification"),
        }
    ),
    unit="event categories by source type",
    says="RDS knows these types of source, and these categories of each",
    source=_MESSAGES,
    date=_DATE,
    confidence=Confidence.ASSUMED,  # types: the API reference; categories: the tables; zero-etl has no table there
)
SOURCE_IDS = Fact(
    value=True,
    unit="",
    says="a name says nothing to RDS without the type of what it names",
    source=_SUBSCRIPTION,
    date=_DATE,
)
NO_FIFO = Fact(
    value=False,
    unit="",
    says="RDS does not publish to FIFO topics",
    source=_SUBSCRIPTION,
    date=_DATE,
)
PATTERN = Fact(
    value=2048,
    unit="characters",
    says="an EventBridge pattern has at most 2048 characters",
    source="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html",
    date=_DATE,
)
DETAIL_TYPES = Fact(
    value=MappingProxyType(
        {
            "db-instance": "RDS DB Instance Event",
            "db-cluster": "RDS DB Cluster Event",
            "db-proxy": "RDS DB Proxy Event",
            "blue-green-deployment": "RDS Blue Green Deployment Event",
        }
    ),
    unit="detail-type by source type",
    says="EventBridge receives events of each source under a type of their own, at best effort",
    source="https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-rds.html",
    date=_DATE,
)
INSTANCE_FAILOVER = Fact(
    value=MappingProxyType(
        {
            "RDS-EVENT-0013": "a failover to the standby has started",
            "RDS-EVENT-0015": "the standby has taken over; its name takes minutes to spread in DNS",
            "RDS-EVENT-0034": "a failover that was asked for is refused, since one happened a short while ago",
            "RDS-EVENT-0049": "a failover has ended",
            "RDS-EVENT-0050": "the instance is being activated again in the zone where it was",
            "RDS-EVENT-0051": "the instance is active again and takes connections",
            "RDS-EVENT-0065": "the instance has recovered from a failover that went half way",
        }
    ),
    unit="event",
    says="these tell of a failover of a Multi-AZ instance; 0025 tells that an instance was converted to Multi-AZ",
    source=_MESSAGES,
    date=_DATE,
)
CLUSTER_FAILOVER = Fact(
    value=MappingProxyType(
        {
            "RDS-EVENT-0069": "a failover of the cluster has failed",
            "RDS-EVENT-0070": "the writer of before is being promoted again",
            "RDS-EVENT-0071": "a failover of the cluster has ended",
            "RDS-EVENT-0072": "a failover within the zone has started",
            "RDS-EVENT-0073": "a failover to another zone has started",
        }
    ),
    unit="event",
    says="these tell of a failover within an Aurora or Multi-AZ DB cluster",
    source=_AURORA_MESSAGES,
    date=_DATE,
)
GLOBAL_FAILOVER = Fact(
    value=MappingProxyType(
        {
            "RDS-EVENT-0181": "a switchover to another Region has started",
            "RDS-EVENT-0182": "the writer of before takes no writes any more, and all volumes are level",
            "RDS-EVENT-0183": "a switchover waits for Regions that lag behind",
            "RDS-EVENT-0184": "the new writer is promoted",
            "RDS-EVENT-0185": "a switchover has ended; replicas may still take a while",
            "RDS-EVENT-0186": "a switchover was cancelled",
            "RDS-EVENT-0187": "a switchover has failed",
            "RDS-EVENT-0238": "a failover to another Region has ended",
            "RDS-EVENT-0239": "a failover to another Region has failed",
            "RDS-EVENT-0240": "the other Regions are being rebuilt from the new writer",
            "RDS-EVENT-0241": "the other Regions follow the new writer again",
            "RDS-EVENT-0397": "the global writer endpoint leads to the new writer",
            "RDS-EVENT-0423": "a switchover waits for its target, which lags behind",
        }
    ),
    unit="event",
    says="these tell of a switchover or failover of a global database",
    source=_AURORA_MESSAGES,
    date=_DATE,
)
UNFENCED = Fact(
    value=MappingProxyType(
        {"RDS-EVENT-0391": "writes could not be blocked before a failover: the last ones are in a snapshot at most"}
    ),
    unit="event",
    says="an instance of the Region that was left says so",
    source=_AURORA_MESSAGES,
    date=_DATE,
)
WEAKENED = Fact(
    value=MappingProxyType(
        {
            "RDS-EVENT-0028": "automated backups were turned off",
            "RDS-EVENT-0029": "the instance has no standby any more",
            "RDS-EVENT-0086": "an option group does not fit: what is restored will be without it",
        }
    ),
    unit="event",
    says="these tell that a safeguard is gone; that an automated backup failed, no event of RDS tells",
    source=_MESSAGES,
    date=_DATE,
)
REPLICATION = Fact(
    value=MappingProxyType(
        {
            "RDS-EVENT-0045": "replication has stopped with an error",
            "RDS-EVENT-0046": "replication goes on",
            "RDS-EVENT-0057": "replication was ended, as by a promotion",
            "RDS-EVENT-0062": "replication was stopped by hand",
            "RDS-EVENT-0202": "a replica could not be made",
            "RDS-EVENT-0233": "a switchover to the replica has started",
        }
    ),
    unit="event",
    says="these tell of a read replica",
    source=_MESSAGES,
    date=_DATE,
)
BLUE_GREEN = Fact(
    value=MappingProxyType(
        {
            "RDS-EVENT-0244": "the green environment is there",
            "RDS-EVENT-0245": "the green environment could not be made",
            "RDS-EVENT-0246": "the deployment was deleted",
            "RDS-EVENT-0247": "a switchover to green has started",
            "RDS-EVENT-0248": "green is production now",
            "RDS-EVENT-0249": "a switchover to green was cancelled; blue is still production",
            "RDS-EVENT-0252": "a switchover of one instance was cancelled",
        }
    ),
    unit="event",
    says="these tell of a blue/green deployment",
    source=_MESSAGES,
    date=_DATE,
)
AUTOMATIC_START = Fact(
    value=MappingProxyType(
        {
            "RDS-EVENT-0153": "a stopped cluster is started, since it was stopped for seven days",
            "RDS-EVENT-0154": "a stopped instance is started, since it was stopped for seven days",
        }
    ),
    unit="event",
    says="RDS starts what was stopped for seven days",
    source=_AURORA_MESSAGES,
    date=_DATE,
)
