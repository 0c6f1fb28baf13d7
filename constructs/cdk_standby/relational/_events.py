"""What RDS tells a topic."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_rds as rds
from aws_cdk import aws_sns as sns
from constructs import Construct

EVENTS = {
    "Events": ("db-cluster", ("failover", "failure", "global-failover", "maintenance", "notification")),
    "InstanceEvents": ("db-instance", ("availability", "failure", "low storage", "maintenance", "recovery")),
}
"""By construct id: failovers are told by the cluster; crashes, restarts and full disks by its instances.
https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_Events.Messages.html"""


def cluster_events(scope: Construct, cluster: str, instances: Sequence[str], topic: sns.ITopic) -> None:
    """Tell a topic what happens to the cluster, failovers above all, and to its instances."""
    sources = {"db-cluster": [cluster], "db-instance": list(instances)}
    for name, (kind, categories) in EVENTS.items():
        if sources[kind]:  # none would mean all instances of the account
            rds.CfnEventSubscription(
                scope,
                name,
                sns_topic_arn=topic.topic_arn,
                source_type=kind,
                source_ids=sources[kind],
                event_categories=list(categories),
            )
