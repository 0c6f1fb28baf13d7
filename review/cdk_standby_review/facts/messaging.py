"""What brokers and streams do when a node, a zone or a Region is lost."""

from __future__ import annotations

from ._made import DOCS, assumed, spans

_MSK = "msk/latest/developerguide/"
_MQ = "amazon-mq/latest/developer-guide/"

KINESIS = spans("a stream is kept in three zones", "streams/latest/dev/disaster-recovery-resiliency.html")
FIREHOSE = spans("Firehose spans the zones of a Region", "firehose/latest/dev/disaster-recovery-resiliency.html")
MSK_SPREAD = spans("the replicas of a partition are in different zones", _MSK + "bestpractices.html")
MSK_SERVERLESS = spans("MSK Serverless spans the zones of a Region", _MSK + "serverless.html")
MSK_BROKER = assumed(
    300, 1800, "MSK replaces a lost broker by itself, with the volume it had",
    f"minutes to half an hour ({DOCS}{_MSK}bestpractices.html gives no time)",
)  # fmt: skip
MSK_STOPS = spans("a partition that lacks a replica in sync takes no writes", _MSK + "bestpractices.html")
MSK_REPLICATOR = assumed(
    60, 1800, "clients are led to the cluster that the replicator copies to",
    f"minutes to half an hour ({DOCS}{_MSK}msk-replicator.html gives no time)",
)  # fmt: skip
MSK_LAG = assumed(
    0, 60, "a replicator copies asynchronously",
    f"up to a minute; alarm on ReplicationLatency ({DOCS}{_MSK}msk-replicator.html)",
)  # fmt: skip
MQ_FAILOVER = assumed(
    0, 120, "the standby broker, over the same storage of several zones, becomes the active one",
    f"up to two minutes; the guide says a short while ({DOCS}{_MQ}active-standby-broker-deployment.html)",
)  # fmt: skip
MQ_CLUSTER = spans(
    "the other nodes of the cluster, each in a zone of its own, have the queues",
    _MQ + "rabbitmq-broker-architecture-cluster.html",
)
MQ_REPLACED = assumed(
    120, 1800, "Amazon MQ replaces a lost broker by itself, with the storage it had",
    f"minutes to half an hour ({DOCS}{_MQ}single-broker-deployment.html gives no time)",
)  # fmt: skip
MQ_ONE_ZONE = spans("a single broker stands in one zone", _MQ + "single-broker-deployment.html")
MQ_PROMOTION = assumed(
    60, 1800, "the replica broker in the other Region is promoted",
    f"minutes to half an hour ({DOCS}{_MQ}crdr-for-active-mq.html gives no time)",
)  # fmt: skip
MQ_LAG = assumed(
    0, 60, "messages are replicated to the other Region asynchronously",
    f"up to a minute ({DOCS}{_MQ}crdr-for-active-mq.html gives no time)",
)  # fmt: skip
