"""The parts of a table that are the same in every Region, as CloudFormation is told."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Duration
from aws_cdk import aws_dynamodb as dynamodb

from cdk_standby_review.facts import dynamodb as facts

from . import _table_capacity as capacities
from ._table_capacity import Throughput
from ._table_keys import Keys, projection
from ._table_values import Replica, StreamView

Table = dynamodb.CfnGlobalTable


def days(window: Duration | None, off_because: str | None) -> float | None:
    """How far recovery reaches back; None: it is off."""
    if off_because is not None:
        return None
    if window is None:
        return int(facts.RECOVERY.value.high)
    return window.to_days() if window.is_unresolved() else int(window.to_days())


def global_indexes(keys: Keys, throughput: Throughput) -> list[Table.GlobalSecondaryIndexProperty]:
    """The global indexes."""
    return [
        Table.GlobalSecondaryIndexProperty(
            index_name=index.name,
            key_schema=keys.schema_of(index),
            projection=projection(index.project),
            warm_throughput=capacities.warmed(index.warm_throughput),
            **capacities.writes(throughput.of_index(index)),
        )
        for index in keys.global_indexes
    ]


def stream(view: StreamView | None) -> Table.StreamSpecificationProperty | None:
    """The stream of changes."""
    return Table.StreamSpecificationProperty(stream_view_type=view) if view else None


def ttl(attribute: str | None) -> Table.TimeToLiveSpecificationProperty | None:
    """The attribute that says when items may go."""
    if attribute is None:
        return None
    return Table.TimeToLiveSpecificationProperty(enabled=True, attribute_name=attribute)


def consistency(consistency: str, replicas: Sequence[Replica]) -> str | None:
    """Said of global tables only: a table in one Region has no choice."""
    return {"eventual": "EVENTUAL", "strong": "STRONG"}[consistency] if replicas else None


def witnesses(witness: str | None) -> list[Table.GlobalTableWitnessProperty] | None:
    """The Region without a replica."""
    return [Table.GlobalTableWitnessProperty(region=witness)] if witness else None
