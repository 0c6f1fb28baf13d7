"""What each strategy does when a Region or a zone is lost, put together from the facts that the review uses too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..databases import is_aurora
from ..deployments import Deployment
from ..estimate import Estimate, Step
from ..facts import Fact, Range, dsql, dynamodb, restore_times, route53, s3
from ..facts import recovery_times as times
from ..facts.strategies import BY_NAME, Standby
from ..graph import Resource
from ..objectives import Fault
from ..outcomes import Case, Fate

CHECKED = Fact(
    value=route53.detection(10, 3),
    unit="seconds",
    says="a health check turns unhealthy when the endpoint has failed often enough in a row",
    source=route53.RESPONSE_TIMEOUT.source,
    date=route53.RESPONSE_TIMEOUT.date,
)
"""Every 10 seconds, three failures: what our traffic asks for."""
CACHED = Fact(
    value=Range(0, float(route53.ALIAS_TTL.value)),
    unit="seconds",
    says=f"resolvers keep an answer for up to {route53.ALIAS_TTL.value:g} seconds",
    source=route53.ALIAS_TTL.source,
    date=route53.ALIAS_TTL.date,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """A kind of store of record, under the loss of its zone and of its Region."""

    says: str
    zone: Fact[Range]
    restore: Fact[Range]
    lag: Fact[Range]
    promote: Fact[Range] | None = None
    """How long it takes to let the other Region write; None where it writes already."""


STORES: Mapping[str, Store] = {
    "aurora": Store(
        says="an Aurora database", zone=times.AURORA_FAILOVER, restore=times.RESTORE, lag=times.AURORA_GLOBAL_LAG,
        promote=times.AURORA_GLOBAL_FAILOVER,
    ),
    "rds": Store(
        says="an RDS database", zone=times.RDS_FAILOVER, restore=times.RESTORE, lag=times.REPLICA_LAG,
        promote=times.REPLICA_PROMOTION,
    ),
    "dynamodb": Store(
        says="DynamoDB tables", zone=dynamodb.MULTI_ZONE, restore=restore_times.TABLE, lag=dynamodb.LAG
    ),
    "dynamodb-strong": Store(
        says="DynamoDB tables with strong consistency over Regions (MRSC)", zone=dynamodb.MULTI_ZONE,
        restore=restore_times.TABLE, lag=dynamodb.STRONG,
    ),
    "dsql": Store(
        says="an Aurora DSQL cluster", zone=dsql.MULTI_ZONE, restore=restore_times.DISTRIBUTED, lag=dsql.MULTI_REGION
    ),
    "s3": Store(says="S3 buckets", zone=times.AT_ONCE, restore=restore_times.OBJECTS, lag=s3.REPLICATION_TIME),
}  # fmt: skip
DEFAULT = ("aurora",)
"""What is taken when nobody says what a workload keeps."""
EVERYWHERE = ("dynamodb-strong", "dsql")
"""The kinds that commit in several Regions before they answer."""
_TYPES = {
    "AWS::DynamoDB::Table": "dynamodb",
    "AWS::DSQL::Cluster": "dsql",
    "AWS::RDS::DBInstance": "rds",
    "AWS::S3::Bucket": "s3",
}


def stores_among(resources: Iterable[Resource]) -> tuple[str, ...]:
    """The kinds of stores among some resources."""
    return tuple(sorted({kind for resource in resources if (kind := _kind(resource))}))


def _kind(resource: Resource) -> str:
    match resource.type:
        case "AWS::RDS::DBCluster":
            return "aurora" if is_aurora(resource) else "rds"
        case "AWS::RDS::DBInstance" if resource.get("DBClusterIdentifier") is not None:
            return ""
        case "AWS::DynamoDB::GlobalTable":
            return "dynamodb-strong" if resource.text("MultiRegionConsistency") == "STRONG" else "dynamodb"
        case other:
            return _TYPES.get(other, "")


def model(strategy: str, stores: Iterable[str], fault: Fault, *, period: float = 86400) -> Estimate:
    """What a fault does to a well-built workload: a service over some stores.

    Args:
        strategy: its name in `facts.strategies.LADDER`.
        stores: kinds of `STORES`; none for a workload that keeps nothing.
        fault: the loss of a zone or of a Region.
        period: seconds between two backups.
    """
    kept = [STORES[kind] for kind in stores]
    standby = BY_NAME[strategy]
    if fault is Fault.ZONE:
        parts = [_step("what stood in the lost zone is taken over", store.zone) for store in kept]
        parts.append(_step("the load balancer leaves the zone", times.ZONE_EVICTION, low=0))
        return _estimate(standby, fault, Fate.ITSELF, alongside=parts)
    return _REGION[strategy](standby, kept, period)


def _lost(standby: Standby, _stores: list[Store], _period: float) -> Estimate:
    return _estimate(standby, Fault.REGION, Fate.LOST)


def _restored(standby: Standby, stores: list[Store], period: float) -> Estimate:
    stages = [
        [_step("detect", times.DETECTION)],
        [_step("decide", times.DECISION)],
        [_step("deploy the network", restore_times.NETWORK)],
        [_step("restore from copies of backups", store.restore) for store in stores],
        [_step("deploy the service", restore_times.SERVICE)],
        [_step("lead users there", restore_times.RECORD, CACHED)],
        [_step("validate", times.VALIDATION)],
    ]
    copied = Range(0, period) + times.BACKUP_COPY.value
    losses = [Step(what="since the last copy", takes=copied, facts=(times.BACKUP_COPY,)) for _ in stores[:1]]
    return _estimate(standby, Fault.REGION, Fate.RUNBOOK, stages=stages, losses=losses)


def _failed_over(standby: Standby, stores: list[Store], _period: float) -> Estimate:
    """Pilot light and warm standby: what runs decides what it costs; each instance that is missing takes as long."""
    raised = [_step("start instances", times.INSTANCE_START)]
    stages = [
        [_step("detect", CHECKED)],
        [_step("decide", times.DECISION)],
        [*_promotions(stores), *raised],
        [_step("switch traffic", route53.SWITCH, CACHED)],
        [_step("validate", times.VALIDATION)],
    ]
    return _estimate(standby, Fault.REGION, Fate.RUNBOOK, stages=stages, losses=_lags(stores))


def _side_by_side(standby: Standby, stores: list[Store], _period: float) -> Estimate:
    promotions = _promotions(stores)
    left = [_step("its health check leaves the lost Region out", CHECKED, CACHED)]
    stages = [
        [_step("detect", CHECKED)],
        [_step("decide", times.DECISION)],
        promotions,
        [_step("validate", times.VALIDATION)],
    ]
    return _estimate(
        standby,
        Fault.REGION,
        Fate.RUNBOOK if promotions else Fate.ITSELF,
        stages=stages if promotions else [],
        alongside=left,
        losses=_lags(stores),
    )


_REGION = {
    "multi-az": _lost,
    "backup-and-restore": _restored,
    "pilot-light": _failed_over,
    "warm-standby": _failed_over,
    "multi-site": _side_by_side,
}


def _promotions(stores: list[Store]) -> list[Step]:
    return [_step(f"promote {store.says}", store.promote) for store in stores if store.promote]


def _lags(stores: list[Store]) -> list[Step]:
    return [_step("not replicated yet", store.lag) for store in stores if store.lag.value.high > 0]


def _step(what: str, *facts: Fact[Range], low: float | None = None) -> Step:
    takes = Range(0, 0)
    for fact in facts:
        takes += fact.value
    return Step(what=what, takes=takes if low is None else Range(low, takes.high), facts=facts)


def _estimate(
    standby: Standby,
    fault: Fault,
    fate: Fate,
    *,
    stages: Iterable[Iterable[Step]] = (),
    alongside: Iterable[Step] = (),
    losses: Iterable[Step] = (),
) -> Estimate:
    return Estimate(
        deployment=Deployment(workload="", strategy=standby.name),
        case=Case(fault),
        fate=fate,
        stages=tuple(tuple(stage) for stage in stages if stage),
        alongside=tuple(step for step in alongside if step.takes.high > 0),
        losses=tuple(losses),
    )
