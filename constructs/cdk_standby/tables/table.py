"""DynamoDB: a table in one Region, or a global table in several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import jsii
from aws_cdk import Annotations, Duration, ITaggableV2, RemovalPolicy, Stack, TagManager, TagType
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_kms as kms
from constructs import Construct

from cdk_standby_review.facts import dynamodb as facts

from .._alarms import add_alarms
from .._checks import InvalidOptions
from .._reasons import weakened
from ..alarm_topic import AlarmTopic
from . import _table_capacity as capacities
from . import _table_parts as parts
from ._table_access import TableAccess
from ._table_accounts import allow_replication, others, sharing
from ._table_alarms import table_alarms
from ._table_capacity import Throughput
from ._table_checks import check_table
from ._table_keys import Keys
from ._table_replicas import Everywhere, render, tag_replicas
from ._table_seen import Seen
from ._table_values import (
    Autoscaled,
    Capacity,
    GlobalIndex,
    Insights,
    Key,
    LocalIndex,
    OnDemand,
    Provisioned,
    Replica,
    StreamView,
    WarmThroughput,
)
from .table_replica import TableReplica

__all__ = [
    "Autoscaled",
    "GlobalIndex",
    "LocalIndex",
    "OnDemand",
    "Provisioned",
    "Replica",
    "Table",
    "WarmThroughput",
]

ONE_AT_A_TIME = "cdk-standby:one-replica-at-a-time"
"""The id by which the note on adding and removing replicas is acknowledged."""
_TYPE = "AWS::DynamoDB::GlobalTable"


@jsii.implements(ITaggableV2)
class Table(TableAccess):
    """A DynamoDB table that takes reads and writes in every zone and, with replicas, in every one of its Regions.

    Instance or zone loss: nothing happens, no write is lost. Region loss: alone, not survived; with replicas the others
    go on by themselves and only traffic has to move. Eventually consistent replicas lose the last second or so, and the
    last writer of an item wins; strongly consistent ones lose nothing. Deletion or corruption: protected, retained, and
    restored to any second of the last 35 days, always into a new table.

    It is an AWS::DynamoDB::GlobalTable even in one Region, so that a Region can be added later without touching it.
    Everything about it is rendered on every replica; in the stacks of the other Regions it is a `TableReplica`.
    """

    table: dynamodb.CfnGlobalTable
    regions: tuple[str, ...]
    """Where it can be read and written, its own Region first."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        partition_key: Key,
        sort_key: Key | None = None,
        key: kms.IKey,
        table_name: str | None = None,
        replicas: Sequence[Replica] = (),
        consistency: Literal["eventual", "strong"] = "eventual",
        witness: str | None = None,
        capacity: Capacity | None = None,
        warm_throughput: WarmThroughput | None = None,
        quota: int = 40_000,
        global_indexes: Sequence[GlobalIndex] = (),
        local_indexes: Sequence[LocalIndex] = (),
        stream: StreamView | None = "NEW_AND_OLD_IMAGES",
        kinesis_stream: kinesis.IStream | None = None,
        ttl: str | None = None,
        recovery_window: Duration | None = None,
        recovery_off_because: str | None = None,
        contributor_insights: Insights | None = "THROTTLED_KEYS",
        table_class: Literal["STANDARD", "STANDARD_INFREQUENT_ACCESS"] = "STANDARD",
        policy: Sequence[iam.PolicyStatement] = (),
        shared_with: Sequence[str] = (),
        deletable_because: str | None = None,
        alarms: AlarmTopic | None = None,
        alarm_thresholds: Mapping[str, float] | None = None,
        alarms_off_because: Mapping[str, str] | None = None,
    ) -> None:
        """Build the table.

        Args:
            scope: the parent.
            id: unique among the parent's children; another id is another table, so keep it.
            partition_key: the attribute that tells items apart and spreads them: a name, which is a string, or a name
                with its type, ``("order_id", "N")``. Create-only.
            sort_key: the attribute that sorts the items of one partition key; left out: there is one item for each.
                Create-only.
            key: encrypts the table in this Region. CloudFormation and the callers use it under their own permissions,
                through DynamoDB; another key replaces nothing.
            table_name: by which Regions agree on it; left out: CloudFormation makes one up, and the stacks of other
                Regions have to be told after the first deployment. Create-only.
            replicas: the other Regions, each with its key; left out: one Region. A new table may have several at once,
                later add or remove one per deployment, and change nothing else in it.
            consistency: "strong": a write is in two Regions before it is acknowledged, and reads can see it everywhere,
                in exactly three Regions of one set; chosen when the replicas are made, and never changed after. Left
                out: "eventual".
            witness: the third Region of a strongly consistent table with one replica; left out: there is none.
            capacity: `OnDemand`, with maximums if you like, or `Provisioned`, which scales by itself; left out: on
                demand up to the quota.
            warm_throughput: what the table can take at once; left out: what DynamoDB starts with, 12,000 reads and
                4,000 writes a second. Never less than before.
            quota: units a second of reads and of writes that AWS lets a table have in your account; left out: 40,000.
            global_indexes: up to 20; CloudFormation makes or deletes one of an existing table per deployment. Left out:
                none.
            local_indexes: up to 5, made with the table; left out: none. Create-only.
            stream: what the stream of changes shows; it costs nothing until somebody reads it, and replicas need it.
                Left out: new and old images; None: no stream.
            kinesis_stream: a Kinesis data stream of this Region that gets the changes too; left out: none does.
            ttl: the attribute that says, in seconds since 1970, when an item may be deleted; left out: none are.
            recovery_window: how far point-in-time recovery reaches back, 1 to 35 whole days, on every replica; left
                out: 35 days.
            recovery_off_because: why no point in time needs to come back; otherwise recovery is on.
            contributor_insights: which keys CloudWatch names, in every Region: those that are throttled, or all; None:
                none. Left out: those that are throttled.
            table_class: "STANDARD_INFREQUENT_ACCESS": storage costs less and requests more; left out: "STANDARD".
            policy: statements of the resource policy of every replica, on the resource ``*``; left out: there is no
                policy, and IAM alone decides.
            shared_with: ARNs that replicas of this table have, or will have, in other accounts and Regions, where
                `TableAccountReplica` makes them; left out: the table stays in this account.
            deletable_because: why the table may be deleted with its stack, in a lab; otherwise every replica is
                protected, and all are retained.
            alarms: who is told of what happens in this Region; left out: alarms exist, but notify nobody.
            alarm_thresholds: other thresholds by name: ReadThrottles, WriteThrottles and the same with ``-<index>``
                (events a minute), SystemErrors (a minute), UserErrors (in 5 minutes, of all tables), ReadCapacity and
                WriteCapacity (% of the maximum, where there is one), ReplicationLatency-<Region> (milliseconds),
                KinesisAge (milliseconds).
            alarms_off_because: alarms to leave out, by name, with reasons.

        Raises:
            InvalidOptions: with every option that cannot work, and the AWS page that says so
                (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html).
        """
        super().__init__(scope, id)
        keys = Keys(
            partition_key=partition_key,
            sort_key=sort_key,
            global_indexes=global_indexes,
            local_indexes=local_indexes,
        )
        throughput = Throughput(
            capacity=capacity or OnDemand(),
            warm=warm_throughput,
            global_indexes=global_indexes,
            replicas=replicas,
            quota=quota,
        )
        check_table(self, locals(), keys, throughput)
        weakened(self, "recovery_off", recovery_off_because)
        weakened(self, "deletable", deletable_because)

        self.key = key
        self.regions = (Stack.of(self).region, *(replica.region for replica in replicas))
        everywhere = Everywhere(
            throughput=throughput,
            recovery_days=parts.days(recovery_window, recovery_off_because),
            protected=deletable_because is None,
            insights=contributor_insights,
            table_class=table_class,
            policy=[*policy, *sharing(self, shared_with, associate=True)],
            shared=bool(shared_with),
        )
        if shared_with:
            allow_replication(key)
        self.table = dynamodb.CfnGlobalTable(
            self,
            "Table",
            table_name=table_name,
            key_schema=keys.schema(),
            attribute_definitions=keys.attributes(),
            local_secondary_indexes=keys.local() or None,
            global_secondary_indexes=parts.global_indexes(keys, throughput) or None,
            billing_mode=throughput.mode,
            warm_throughput=capacities.warmed(warm_throughput),
            sse_specification=dynamodb.CfnGlobalTable.SSESpecificationProperty(sse_enabled=True, sse_type="KMS"),
            stream_specification=parts.stream(stream),
            time_to_live_specification=parts.ttl(ttl),
            multi_region_consistency=parts.consistency(consistency, replicas),
            global_table_witnesses=parts.witnesses(witness),
            replicas=render(self, everywhere, key, kinesis_stream.stream_arn if kinesis_stream else None),
            **capacities.writes(throughput.capacity),
        )
        self.table.apply_removal_policy(RemovalPolicy.DESTROY if deletable_because else RemovalPolicy.RETAIN)
        self._tags = TagManager(TagType.STANDARD, _TYPE)
        tag_replicas(self.table, len(self.regions), self._tags)
        self.table_name = self.table.ref
        self.indexes = (*(index.name for index in global_indexes), *(index.name for index in local_indexes))
        self.recovers = recovery_off_because is None
        self.stream_arn = self.table.attr_stream_arn if stream else None
        self._note_replicas()
        own = Replica(region=self.regions[0], key=key, kinesis_stream="there" if kinesis_stream else None)
        self._seen = Seen(
            table_name=table_name,
            lags=consistency == "eventual",
            throughput=throughput,
            local_indexes=[index.name for index in local_indexes],
            replicas=(own, *replicas),
            elsewhere=[other.region for other in others(shared_with)],
        )
        self.alarms = add_alarms(
            self,
            table_alarms(self, self._seen.watched(own.region)),
            topic=alarms,
            thresholds=alarm_thresholds,
            off_because=alarms_off_because,
        )

    @property
    def table_arn(self) -> str:
        """In this Region."""
        return self.table.attr_arn

    @property
    def cdk_tag_manager(self) -> TagManager:
        """Where `Tags.of(...)` puts tags for all replicas."""
        return self._tags

    def in_region(
        self,
        scope: Construct,
        id: str,
        *,
        key: kms.IKey,
        alarms: AlarmTopic | None = None,
        alarm_thresholds: Mapping[str, float] | None = None,
        alarms_off_because: Mapping[str, str] | None = None,
    ) -> TableReplica:
        """The replica in another Region, for the stacks of that Region: by name, without a reference to this stack.

        Args:
            scope: the parent, in a stack of the other Region.
            id: unique among the parent's children.
            key: that of the other Region.
            alarms: as `TableReplica` takes them; left out: alarms exist, but notify nobody.
            alarm_thresholds: as `TableReplica` takes them.
            alarms_off_because: as `TableReplica` takes them.

        Raises:
            InvalidOptions: the table has no `table_name`, or no replica there.
        """
        region = Stack.of(scope).region
        if problems := self._seen.problems(self.node.path, scope.node.path, region):
            raise InvalidOptions(problems)
        seen = self._seen.watched(region)
        return TableReplica(
            scope,
            id,
            table_name=self._seen.table_name or "",
            key=key,
            replicates_to=seen.others,
            global_indexes=seen.global_indexes,
            local_indexes=self._seen.local_indexes,
            max_reads=seen.maxima.get("Read"),
            max_writes=seen.maxima.get("Write"),
            kinesis=seen.kinesis,
            alarms=alarms,
            alarm_thresholds=alarm_thresholds,
            alarms_off_because=alarms_off_because,
        )

    def _note_replicas(self) -> None:
        if len(self.regions) > 1:
            Annotations.of(self).add_info_v2(
                ONE_AT_A_TIME,
                f"{self.node.path} has {len(self.regions)} replicas: {facts.ONE_CHANGE.says}; keep other changes out "
                f"of such a deployment, since a rollback leaves the new replica behind; {facts.SOURCE_STAYS.says}",
            )
