"""A replica of a table that belongs to another account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import jsii
from aws_cdk import ITaggableV2, RemovalPolicy, Stack, TagManager, TagType
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_kms as kms
from constructs import Construct

from cdk_standby_review.facts import dynamodb as facts

from .._alarms import add_alarms
from .._checks import check
from .._reasons import weakened
from ..alarm_topic import AlarmTopic
from ._table_access import TableAccess
from ._table_accounts import account_problems, allow_replication, others, sharing
from ._table_alarms import Watched, table_alarms
from ._table_capacity import Throughput
from ._table_names import index_problems
from ._table_replicas import Everywhere, render, tag_replicas
from ._table_rules import NEIGHBOURS
from ._table_values import OnDemand


@jsii.implements(ITaggableV2)
class TableAccountReplica(TableAccess):
    """A replica, in this account, of a table in another account and Region; both take reads and writes.

    The loss of one account, to a mistake or an intruder, leaves the data of the other; so does the loss of a Region.
    What one of them deletes is deleted in both: recovery to a point in time is on here too.

    First the `Table` is deployed with `shared_with`, then this. Keys, indexes, throughput and time to live come from
    the source and are never set here. Eventually consistent only: the last writer of an item wins.
    """

    table: dynamodb.CfnGlobalTable

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        source_arn: str,
        key: kms.IKey,
        further_arns: Sequence[str] = (),
        global_indexes: Sequence[str] = (),
        local_indexes: Sequence[str] = (),
        deletable_because: str | None = None,
        alarms: AlarmTopic | None = None,
        alarm_thresholds: Mapping[str, float] | None = None,
        alarms_off_because: Mapping[str, str] | None = None,
    ) -> None:
        """Build the replica.

        Args:
            scope: the parent, in a stack of another account and Region than the source's.
            id: unique among the parent's children; another id is another replica, so keep it.
            source_arn: of the table that was first; the replica has its name. Create-only.
            key: encrypts the replica; DynamoDB is let in to it, unless it is imported: then its owner must do that.
            further_arns: ARNs of replicas in further accounts; left out: source and this one are all.
            global_indexes: names of the source's global indexes; left out: callers cannot query any, and none is
                watched.
            local_indexes: names of the source's local indexes; left out: callers cannot query any.
            deletable_because: why the replica may be deleted with its stack, in a lab; otherwise it is protected and
                retained.
            alarms: who is told of what happens in this Region; left out: alarms exist, but notify nobody.
            alarm_thresholds: other thresholds, by the names of `Table`.
            alarms_off_because: alarms to leave out, by name, with reasons.

        Raises:
            InvalidOptions: an ARN is none, or not of another account and Region
                (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_MA_HowItWorks.html).
        """
        super().__init__(scope, id)
        arns = [source_arn, *further_arns]
        indexes = {"global_indexes": global_indexes, "local_indexes": local_indexes}
        also = [*account_problems(self, "source_arn", arns), *index_problems(self.node.path, indexes)]
        check(self, NEIGHBOURS, _named(self, key, alarms), also=also)
        weakened(self, "deletable", deletable_because)
        self.key = key
        self.indexes = (*global_indexes, *local_indexes)
        self.recovers = True
        self.table = dynamodb.CfnGlobalTable(
            self,
            "Table",
            table_name=others([source_arn])[0].name,
            global_table_source_arn=source_arn,
            replicas=render(self, _settings(self, arns, protected=deletable_because is None), key, None),
        )
        self.table.apply_removal_policy(RemovalPolicy.DESTROY if deletable_because else RemovalPolicy.RETAIN)
        self._tags = TagManager(TagType.STANDARD, "AWS::DynamoDB::GlobalTable")
        tag_replicas(self.table, 1, self._tags)
        allow_replication(key)
        self.table_name = self.table.ref
        self.stream_arn = self.table.attr_stream_arn
        watched = Watched(others=[other.region for other in others(arns)], global_indexes=global_indexes, maxima={})
        self.alarms = add_alarms(
            self, table_alarms(self, watched), topic=alarms, thresholds=alarm_thresholds, off_because=alarms_off_because
        )

    @property
    def table_arn(self) -> str:
        """In this Region and account."""
        return self.table.attr_arn

    @property
    def cdk_tag_manager(self) -> TagManager:
        """Where `Tags.of(...)` puts tags for the replica."""
        return self._tags


def _named(scope: Construct, key: kms.IKey, alarms: AlarmTopic | None) -> dict[str, Any]:
    return {
        "kind": "replica",
        "region": Stack.of(scope).region,
        "regions": {"key": key.env.region, "alarms": Stack.of(alarms).region if alarms else None},
        "key": key.node.path,
        "alarms": alarms.node.path if alarms else None,
    }


def _settings(scope: Construct, arns: Sequence[str], *, protected: bool) -> Everywhere:
    """What is not taken over from the source."""
    throughput = Throughput(
        capacity=OnDemand(), warm=None, global_indexes=(), replicas=(), quota=facts.TABLE_QUOTA.value
    )
    return Everywhere(
        throughput=throughput,
        recovery_days=int(facts.RECOVERY.value.high),
        protected=protected,
        insights="THROTTLED_KEYS",
        table_class=None,
        policy=sharing(scope, arns, associate=False),
        shared=True,
    )
