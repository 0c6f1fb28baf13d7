"""What could be changed when an objective is missed: each lever with what it gains and its relative cost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from .advice.costs import factor
from .advice.models import EVERYWHERE, model, stores_among
from .estimate import Estimate, Step
from .facts import Fact, Range, aurora, s3
from .facts import recovery_times as times
from .facts.strategies import BY_NAME, LADDER, Standby
from .objectives import Fault
from .schedules import HOUR
from .spans import span, spans

QUICK_CHECK = 30.0
"""Seconds until three checks at the short interval of 10 seconds have failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lever:
    """One change that makes recovery faster or loses less."""

    change: str
    cost: int
    """Relative, 1 is nearly nothing; for ordering only."""
    costs: str
    applies: Callable[[Step], bool]
    becomes: Range
    of_loss: bool = False
    """Whether it lessens the loss (RPO) instead of the outage (RTO)."""

    def pulled(self, estimate: Estimate) -> Estimate:
        """The estimate with this change made; the same when it does not apply."""
        if self.of_loss:
            return replace(estimate, losses=tuple(map(self._eased, estimate.losses)))
        stages = tuple(tuple(map(self._eased, stage)) for stage in estimate.stages)
        return replace(estimate, stages=stages, alongside=tuple(map(self._eased, estimate.alongside)))

    def _eased(self, step: Step) -> Step:
        if not self.applies(step):
            return step
        low, high = min(step.takes.low, self.becomes.low), min(step.takes.high, self.becomes.high)
        return replace(step, takes=Range(low, high))


def _uses(fact: Fact[Range]) -> Callable[[Step], bool]:
    return lambda step: any(f.says == fact.says for f in step.facts)


def _detects(step: Step) -> bool:
    return step.what.startswith("detect")


def _decides(step: Step) -> bool:
    return step.what.startswith("decide")


LEVERS = (
    Lever(
        change="check the endpoint every 10 seconds, three failures (RequestInterval 10, FailureThreshold 3)",
        cost=1,
        costs="about the price of one more health check",
        applies=_detects,
        becomes=Range(QUICK_CHECK, QUICK_CHECK + 20),
    ),
    Lever(
        change="cap the lag of the global database with rds.global_db_rpo (Aurora PostgreSQL)",
        cost=2,
        costs="no money; commits wait while the other Region lags behind",
        applies=_uses(times.AURORA_GLOBAL_LAG),
        becomes=Range(0, aurora.RPO_CAP.value.low),
        of_loss=True,
    ),
    Lever(
        change="replicate objects in 15 minutes at most (ReplicationTime)",
        cost=1,
        costs="a price per gigabyte that is replicated",
        applies=_uses(s3.REPLICATION_WITHOUT_TIME),
        becomes=s3.REPLICATION_TIME.value,
        of_loss=True,
    ),
    Lever(
        change="back up every hour",
        cost=2,
        costs="the changes of each hour, kept and copied",
        applies=_uses(times.BACKUP_COPY),
        becomes=Range(0, HOUR) + times.BACKUP_COPY.value,
        of_loss=True,
    ),
    Lever(
        change="let an alarm decide instead of a person",
        cost=3,
        costs="no money; a false alarm fails over, and loses the last writes without asking",
        applies=_decides,
        becomes=Range(0, 0),
    ),
    Lever(
        change="keep stopped instances in a warm pool at the standby",
        cost=4,
        costs="the volumes of the stopped instances",
        applies=_uses(times.INSTANCE_START),
        becomes=times.WARM_START.value,
    ),
    Lever(
        change="add a reader in another zone",
        cost=5,
        costs="one more database instance",
        applies=_uses(times.AURORA_RECREATE),
        becomes=times.AURORA_FAILOVER.value,
    ),
    Lever(
        change="run an instance in the secondary cluster of the global database (no headless secondary)",
        cost=5,
        costs="a database instance or more in the other Region",
        applies=_uses(times.AURORA_FIRST_INSTANCE),
        becomes=times.AURORA_GLOBAL_FAILOVER.value,
    ),
    Lever(
        change="run the database with a standby in another zone (MultiAZ)",
        cost=5,
        costs="a second database instance",
        applies=_uses(times.RDS_HOST_REPLACEMENT),
        becomes=times.RDS_FAILOVER.value,
    ),
    Lever(
        change="run the standby at full scale (scale=1)",
        cost=6,
        costs="a second full set of instances",
        applies=_uses(times.INSTANCE_START),
        becomes=Range(0, 0),
    ),
    Lever(
        change="replicate live instead of restoring: a secondary cluster of a global database",
        cost=7,
        costs="a database in the other Region",
        applies=_uses(times.RESTORE),
        becomes=times.AURORA_GLOBAL_FAILOVER.value,
    ),
    Lever(
        change="replicate live instead of copying backups: a secondary cluster of a global database",
        cost=7,
        costs="a database in the other Region",
        applies=_uses(times.BACKUP_COPY),
        becomes=times.AURORA_GLOBAL_LAG.value,
        of_loss=True,
    ),
    Lever(
        change="move the data to a store that commits in several Regions at once (DynamoDB MRSC, Aurora DSQL)",
        cost=9,
        costs="a change of the data store, and the write latency between Regions",
        applies=lambda _: True,
        becomes=Range(0, 0),
        of_loss=True,
    ),
)


def cheapest(estimate: Estimate, limit: float, *, of_loss: bool = False) -> tuple[Lever, ...]:
    """The cheapest change, or else the cheapest few together, that bring a figure under its limit; empty if none do."""
    candidates = [
        lever
        for lever in sorted(LEVERS, key=lambda each: each.cost)
        if lever.of_loss is of_loss and _figure(lever.pulled(estimate), of_loss) < _figure(estimate, of_loss)
    ]
    for lever in candidates:
        if _figure(lever.pulled(estimate), of_loss) <= limit:
            return (lever,)
    pulled: list[Lever] = []
    for lever in candidates:
        better = lever.pulled(estimate)
        if _figure(better, of_loss) < _figure(estimate, of_loss):
            estimate = better
            pulled.append(lever)
        if _figure(estimate, of_loss) <= limit:
            return tuple(pulled)
    return ()


def _figure(estimate: Estimate, of_loss: bool) -> float:
    figure = estimate.rpo if of_loss else estimate.rto
    return float("inf") if figure is None else figure.high


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """Another strategy, from the one that is there: one word in the app."""

    instead_of: Standby
    standby: Standby
    becomes: Estimate
    cost: int
    """On the scale of the levers."""
    moved: bool = False
    """Whether the data has to move to another kind of store, too."""

    def __str__(self) -> str:
        paid = factor(self.standby).value
        store = "a store that takes writes in several Regions (DynamoDB MRSC, Aurora DSQL)"
        where = f" over {store}" if self.moved else ""
        also = ", and a change of the data store" if self.moved else ""
        change = f"choose {self.standby.word}{where} instead of {self.instead_of.word}"
        if self.standby is self.instead_of:
            change = f"move the data to {store}"
        return (
            f"{change}: "
            f"RTO {spans(self.becomes.rto)}, RPO {spans(self.becomes.rpo)} "
            f"(costs {paid.low:g} to {paid.high:g} times the bill of one Region while nothing happens{also})"
        )


_RUNG_COSTS = {"backup-and-restore": 4, "pilot-light": 7, "warm-standby": 8, "multi-site": 9}
_MOVE = 3
"""What it costs more to move the data."""


def next_strategy(estimate: Estimate, rto: float, rpo: float) -> Rung | None:
    """The cheapest strategy above that of a deployment that would keep an objective; None if there is none."""
    here = BY_NAME.get(estimate.deployment.strategy)
    if here is None or estimate.case.fault is not Fault.REGION:
        return None
    steps = (*estimate.losses, *estimate.alongside, *(step for stage in estimate.stages for step in stage))
    struck = [step.resource for step in steps if step.resource] + [o.resource for o in estimate.because]
    stores = stores_among(struck)
    for kinds, moved in ((stores, False), (EVERYWHERE[:1], True)):
        for standby in LADDER[LADDER.index(here) + (not moved) :]:
            becomes = model(standby.name, kinds, Fault.REGION)
            if becomes.rto and becomes.rpo and becomes.rto.high <= rto and becomes.rpo.high <= rpo:
                cost = _RUNG_COSTS[standby.name] + _MOVE * moved
                return Rung(instead_of=here, standby=standby, becomes=becomes, cost=cost, moved=moved)
    return None


def advise(estimate: Estimate, missed: list[tuple[float, bool]], rto: float, rpo: float) -> str:
    """What to change: the cheapest levers for each figure that is missed, or another strategy where that is cheaper.

    Args:
        estimate: What is expected.
        missed: The limits that are missed, each with whether it is one of loss.
        rto: The limit of the outage, in seconds.
        rpo: That of the loss.
    """
    up = next_strategy(estimate, rto, rpo)
    found = [(limit, cheapest(estimate, limit, of_loss=of_loss)) for limit, of_loss in missed]
    price = sum(lever.cost for _, levers in found for lever in levers)
    if up and (price >= up.cost or not all(levers for _, levers in found)):
        return str(up)
    return "; ".join(_told(limit, levers) for limit, levers in found)


def _told(limit: float, levers: tuple[Lever, ...]) -> str:
    if not levers:
        return f"no known change brings it under {span(limit)}; choose another objective"
    return " and ".join(f"{lever.change} (costs {lever.costs})" for lever in levers)
