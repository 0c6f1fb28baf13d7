"""Throughput of a table and its indexes: what is wrong with it, and how CloudFormation is told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from aws_cdk import aws_dynamodb as dynamodb

from cdk_standby_review.facts import Fact
from cdk_standby_review.facts import dynamodb as facts

from .._checks import Problem, shown
from .._tokens import is_token
from ._table_values import Autoscaled, Capacity, GlobalIndex, OnDemand, Provisioned, Replica, WarmThroughput

Table = dynamodb.CfnGlobalTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Throughput:
    """What a table and its indexes can take, in each Region."""

    capacity: Capacity
    warm: WarmThroughput | None
    global_indexes: Sequence[GlobalIndex]
    replicas: Sequence[Replica]
    quota: int

    @property
    def mode(self) -> str:
        """As CloudFormation calls it."""
        return "PROVISIONED" if isinstance(self.capacity, Provisioned) else "PAY_PER_REQUEST"

    def of_index(self, index: GlobalIndex) -> Capacity:
        """Its own, or that of the table."""
        return index.capacity or self.capacity

    def problems(self, where: str) -> Iterator[Problem]:
        """What DynamoDB would refuse, or throttle without anybody having meant it."""
        yield from self._of(where, "capacity", self.capacity)
        yield from self._warm(where, "warm_throughput", self.warm)
        for index in self.global_indexes:
            option = f"global_indexes['{index.name}']"
            yield from self._warm(where, f"{option}.warm_throughput", index.warm_throughput)
            if index.capacity is not None and type(index.capacity) is not type(self.capacity):
                allowed = f"{type(self.capacity).__name__}, as the table"
                yield _problem(where, f"{option}.capacity", type(index.capacity).__name__, allowed, _ONE_MODE)
            elif index.capacity is not None:
                yield from self._of(where, f"{option}.capacity", index.capacity)
        for replica in self.replicas:
            yield from self._of_replica(where, f"replicas['{replica.region}']", replica)

    def _of(self, where: str, option: str, capacity: Capacity) -> Iterator[Problem]:
        if isinstance(capacity, OnDemand):
            yield from self._limited(where, f"{option}.max_reads", capacity.max_reads)
            yield from self._limited(where, f"{option}.max_writes", capacity.max_writes)
        else:
            yield from self._scaled(where, f"{option}.reads", capacity.reads)
            yield from self._scaled(where, f"{option}.writes", capacity.writes)

    def _of_replica(self, where: str, option: str, replica: Replica) -> Iterator[Problem]:
        provisioned = isinstance(self.capacity, Provisioned)
        if provisioned and replica.max_reads is not None:
            got = shown(replica.max_reads)
            yield _problem(where, f"{option}.max_reads", got, "'reads' on a provisioned table", _ONE_MODE)
        if not provisioned and replica.reads is not None:
            got = type(replica.reads).__name__
            yield _problem(where, f"{option}.reads", got, "'max_reads' on an on-demand table", _ONE_MODE)
        yield from self._limited(where, f"{option}.max_reads", replica.max_reads)
        if replica.reads is not None:
            yield from self._scaled(where, f"{option}.reads", replica.reads)

    def _scaled(self, where: str, option: str, scaled: Autoscaled) -> Iterator[Problem]:
        yield from self._limited(where, f"{option}.maximum", scaled.maximum)
        seed = scaled.minimum if scaled.seed is None else scaled.seed
        ordered = is_token([scaled.minimum, seed, scaled.maximum]) or 1 <= scaled.minimum <= seed <= scaled.maximum
        if not ordered:
            got = f"minimum {scaled.minimum}, seed {seed}, maximum {scaled.maximum}"
            yield _problem(where, option, got, "1 <= minimum <= seed <= maximum", facts.TABLE_QUOTA)
        if not is_token(scaled.target) and scaled.target not in facts.TARGET.value:
            yield _problem(where, f"{option}.target", shown(scaled.target), f"{facts.TARGET.value} %", facts.TARGET)

    def _warm(self, where: str, option: str, warm: WarmThroughput | None) -> Iterator[Problem]:
        if warm is not None:
            yield from self._limited(where, f"{option}.reads", warm.reads)
            yield from self._limited(where, f"{option}.writes", warm.writes)

    def _limited(self, where: str, option: str, units: int | None) -> Iterator[Problem]:
        if units is None or is_token(units) or 1 <= units <= self.quota:
            return
        hint = "; a larger quota is asked of Service Quotas first, then told by 'quota'" if units > self.quota else ""
        yield _problem(where, option, shown(units), f"1 to {self.quota}{hint}", facts.TABLE_QUOTA)


_ONE_MODE = Fact(
    value="one mode",
    unit="mode",
    says="a table, its indexes and its replicas are all on demand, or all provisioned",
    source=facts.AUTOSCALED_WRITES.source,
    date=facts.AUTOSCALED_WRITES.date,
)


def scaling(scaled: Autoscaled) -> Table.CapacityAutoScalingSettingsProperty:
    """Follow the load between two bounds."""
    return Table.CapacityAutoScalingSettingsProperty(
        min_capacity=scaled.minimum,
        max_capacity=scaled.maximum,
        seed_capacity=scaled.minimum if scaled.seed is None else scaled.seed,
        target_tracking_scaling_policy_configuration=Table.TargetTrackingScalingPolicyConfigurationProperty(
            target_value=scaled.target
        ),
    )


def writes(capacity: Capacity) -> dict[str, Any]:
    """Of a table or a global index: the same in every Region."""
    if isinstance(capacity, Provisioned):
        settings = Table.WriteProvisionedThroughputSettingsProperty(
            write_capacity_auto_scaling_settings=scaling(capacity.writes)
        )
        return {"write_provisioned_throughput_settings": settings}
    if capacity.max_writes is None:
        return {}
    limit = Table.WriteOnDemandThroughputSettingsProperty(max_write_request_units=capacity.max_writes)
    return {"write_on_demand_throughput_settings": limit}


def reads(capacity: Capacity, replica: Replica | None = None) -> dict[str, Any]:
    """Of a table or a global index in one Region; what the replica says goes first."""
    if isinstance(capacity, Provisioned):
        scaled = (replica.reads if replica else None) or capacity.reads
        settings = Table.ReadProvisionedThroughputSettingsProperty(read_capacity_auto_scaling_settings=scaling(scaled))
        return {"read_provisioned_throughput_settings": settings}
    own = replica.max_reads if replica else None
    most = capacity.max_reads if own is None else own
    if most is None:
        return {}
    limit = Table.ReadOnDemandThroughputSettingsProperty(max_read_request_units=most)
    return {"read_on_demand_throughput_settings": limit}


def warmed(warm: WarmThroughput | None) -> Table.WarmThroughputProperty | None:
    """What it can take at once."""
    if warm is None:
        return None
    return Table.WarmThroughputProperty(read_units_per_second=warm.reads, write_units_per_second=warm.writes)


def _problem(where: str, option: str, got: str, allowed: str, fact: Fact[Any]) -> Problem:
    return Problem(where=where, option=option, got=got, allowed=allowed, why=fact.says, source=fact.source)
