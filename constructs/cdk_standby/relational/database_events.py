"""Events of databases that were made elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_rds as rds
from aws_cdk import aws_sns as sns
from constructs import Construct

from ..alarm_topic import AlarmTopic
from ._events import FAILOVERS, failover_rule, subscribe


class DatabaseEvents(Construct):
    """Tells a topic what RDS says of databases, snapshots, proxies or parameter groups that somebody else made.

    The databases of this library do it themselves when they get `alarms`. Failovers are told twice: by RDS, and by
    EventBridge, since either may lose an event. Both are regional, and go with their Region.
    """

    subscription: rds.CfnEventSubscription

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        topic: AlarmTopic | sns.ITopic,
        source_type: str | None = None,
        sources: Sequence[str] = (),
        categories: Sequence[str] | None = None,
    ) -> None:
        """Subscribe the topic.

        Args:
            scope: the parent.
            id: unique among the parent's children.
            topic: who is told: an `AlarmTopic`, or any standard topic that lets ``events.rds`` publish. Another topic
                is another subscription.
            source_type: what the sources are: ``"db-instance"``, ``"db-cluster"``, ``"db-parameter-group"``,
                ``"db-security-group"``, ``"db-snapshot"``, ``"db-cluster-snapshot"``, ``"db-proxy"``, ``"zero-etl"``,
                ``"custom-engine-version"`` or ``"blue-green-deployment"``; left out: everything that RDS says.
            sources: names of the sources; left out: all of the type in the account and Region.
            categories: which events; left out: those that are worth a message.

        Raises:
            InvalidOptions: a type or category that RDS does not know, sources without a type, or a FIFO topic
                (https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateEventSubscription.html).
        """
        super().__init__(scope, id)
        self.subscription = subscribe(self, "Events", topic, source_type, sources=sources, categories=categories)
        if source_type is not None and source_type in FAILOVERS and sources:
            failover_rule(self, topic, {source_type: sources})
