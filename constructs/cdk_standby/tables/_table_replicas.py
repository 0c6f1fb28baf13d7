"""The replicas of a table, as CloudFormation is told: the stack's own Region first, all protected alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

import jsii
from aws_cdk import (
    CfnResource,
    IStableAnyProducer,
    Lazy,
    Stack,
    TagManager,
)
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from . import _table_capacity as capacities
from ._table_capacity import Throughput
from ._table_values import Insights, Replica

Table = dynamodb.CfnGlobalTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Everywhere:
    """What is the same in every Region, so that any of them can be the last one."""

    throughput: Throughput
    recovery_days: float | None
    protected: bool
    insights: Insights | None
    table_class: str | None
    policy: Sequence[iam.PolicyStatement]
    shared: bool = False


def render(
    scope: Construct, everywhere: Everywhere, key: kms.IKey, kinesis_stream: str | None
) -> list[Table.ReplicaSpecificationProperty]:
    """All replicas, each with its key, recovery, protection, policy and settings of indexes."""
    own = Replica(region=Stack.of(scope).region, key=key, kinesis_stream=kinesis_stream)
    return [_replica(scope, everywhere, replica) for replica in (own, *everywhere.throughput.replicas)]


def _replica(scope: Construct, everywhere: Everywhere, replica: Replica) -> Table.ReplicaSpecificationProperty:
    throughput = everywhere.throughput
    return Table.ReplicaSpecificationProperty(
        region=replica.region,
        sse_specification=Table.ReplicaSSESpecificationProperty(kms_master_key_id=key_arn(scope, replica)),
        point_in_time_recovery_specification=Table.PointInTimeRecoverySpecificationProperty(
            point_in_time_recovery_enabled=everywhere.recovery_days is not None,
            recovery_period_in_days=everywhere.recovery_days,
        ),
        deletion_protection_enabled=everywhere.protected,
        contributor_insights_specification=_insights(everywhere.insights),
        global_secondary_indexes=list(_indexes(everywhere, replica)) or None,
        kinesis_stream_specification=_kinesis(replica.kinesis_stream),
        resource_policy=_policy((*everywhere.policy, *replica.policy)),
        table_class=everywhere.table_class,
        global_table_settings_replication_mode="ENABLED" if everywhere.shared else None,
        **capacities.reads(throughput.capacity, replica),
    )


def _indexes(
    everywhere: Everywhere, replica: Replica
) -> Iterator[Table.ReplicaGlobalSecondaryIndexSpecificationProperty]:
    for index in everywhere.throughput.global_indexes:
        own = None if index.capacity else replica
        yield Table.ReplicaGlobalSecondaryIndexSpecificationProperty(
            index_name=index.name,
            contributor_insights_specification=_insights(everywhere.insights),
            **capacities.reads(everywhere.throughput.of_index(index), own),
        )


def _insights(mode: Insights | None) -> Table.ContributorInsightsSpecificationProperty:
    return Table.ContributorInsightsSpecificationProperty(enabled=mode is not None, mode=mode)


def _kinesis(arn: str | None) -> Table.KinesisStreamSpecificationProperty | None:
    return None if arn is None else Table.KinesisStreamSpecificationProperty(stream_arn=arn)


def _policy(statements: Sequence[iam.PolicyStatement]) -> Table.ResourcePolicyProperty | None:
    if not statements:
        return None
    return Table.ResourcePolicyProperty(policy_document=iam.PolicyDocument(statements=list(statements)))


def key_arn(scope: Construct, replica: Replica) -> str:
    """The key of a replica; an alias is one of the replica's Region and the table's account."""
    key = replica.key
    if not isinstance(key, str):
        return key.key_arn
    if not key.startswith("alias/"):
        return key
    name = key.removeprefix("alias/")
    return Stack.of(scope).format_arn(service="kms", region=replica.region, resource="alias", resource_name=name)


def tag_replicas(table: CfnResource, count: int, tags: TagManager) -> None:
    """Put the tags of the construct, whoever adds them and when, on each replica.

    A global table has no tags of its own, so `Tags.of(...)` finds nothing to tag there.
    """
    late = Lazy.any(cast("IStableAnyProducer", _Tags(tags)))
    for number in range(count):
        table.add_property_override(f"Replicas.{number}.Tags", late)


@jsii.implements(IStableAnyProducer)
class _Tags:
    """Tags as CloudFormation writes them, as late as the template is written."""

    def __init__(self, tags: TagManager) -> None:
        self._tags = tags

    def produce(self) -> Any:
        found = self._tags.tag_values()
        return [{"Key": name, "Value": found[name]} for name in sorted(found)] or None
