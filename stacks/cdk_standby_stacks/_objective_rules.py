"""Objectives that no template of a strategy could keep, told before there is one.

The review holds the templates against every objective at synth. What is asked here needs no template: the least that
a restore takes, and whether a store answers before another Region has the write.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from aws_cdk import Duration
from constructs import Construct

from cdk_standby._checks import InvalidOptions, Options, Problem
from cdk_standby_review.advice.models import STORES, Store, model
from cdk_standby_review.facts.strategies import BY_NAME
from cdk_standby_review.objectives import Fault
from cdk_standby_review.spans import span

from .objectives import Objectives, Recovery
from .strategies import BACKUP_AND_RESTORE, STRATEGIES_PAGE, Strategy
from .tiers import AuroraMysql, AuroraPostgres, Bucket, Dsql, Kind, MultiAzDbCluster, Posture, Rds, Table, Tier

_KINDS = {
    AuroraPostgres: "aurora",
    AuroraMysql: "aurora",
    Rds: "rds",
    MultiAzDbCluster: "rds",
    Table: "dynamodb",
    Dsql: "dsql",
    Bucket: "s3",
}
_AT_ONCE = "Dsql with 'witness', or a Table with consistency 'strong', which have a write in two Regions first"
_LIVE = "PilotLight, WarmStandby or MultiSite, whose replicas are live"


def check_objectives(where: Construct, options: Options) -> None:
    """Raise InvalidOptions with every promise that cannot be kept, and which store keeps it from being kept."""
    if problems := list(_problems(where.node.path, options)):
        raise InvalidOptions(problems)


def _problems(where: str, options: Options) -> Iterator[Problem]:
    objectives: Objectives = options["objectives"] or Objectives()
    strategy: Strategy = options["strategy"]
    tiers: tuple[Tier, ...] = options["workload"].tiers
    for fault in fields(objectives):
        yield from _impossible(where, fault.name, getattr(objectives, fault.name))
    promised = objectives.region
    if promised is None:
        return
    if all(posture is Posture.ABSENT for posture in strategy.standby.values()):
        yield _nothing_there(where, strategy, promised)
        return
    stores = [tier for tier in tiers if type(tier) in _KINDS and tier.kind in strategy.standby]
    copied = [tier for tier in stores if strategy.standby[tier.kind] is Posture.BACKUPS]
    if copied or strategy.standby[Kind.SERVICE] is Posture.ABSENT:
        yield from _too_soon(where, copied, promised)
    for tier in stores:
        if tier not in copied:
            yield from _asynchronous(where, tier, promised)


def _impossible(where: str, fault: str, promised: Recovery | None) -> Iterator[Problem]:
    if promised is not None and _seconds(promised.rto) <= 0:
        why = "nothing recovers in no time at all"
        yield _problem(where, f"{fault}.rto", promised.rto, allowed="more than zero", why=why)


def _nothing_there(where: str, strategy: Strategy, promised: Recovery) -> Problem:
    return Problem(
        where=where,
        option="objectives.region",
        got=f"an RTO of {span(_seconds(promised.rto))} and an RPO of {span(_seconds(promised.rpo))}",
        allowed="left out; or BackupRestore, PilotLight, WarmStandby or MultiSite",
        why=f"{strategy.name} has nothing in a second Region",
        source=STRATEGIES_PAGE,
    )


def _too_soon(where: str, copied: list[Tier], promised: Recovery) -> Iterator[Problem]:
    """What comes back from copies of backups: the app is deployed, the data restored, and a copy is not the last write.

    Automated backups that are copied continuously are minutes behind, and are judged by the templates.
    """
    least = model(BACKUP_AND_RESTORE.name, [_KINDS[type(tier)] for tier in copied], Fault.REGION)
    source = BY_NAME[BACKUP_AND_RESTORE.name].source
    if least.rto is not None and _seconds(promised.rto) < least.rto.low:
        allowed = f"{span(least.rto.low)} or more; or {_LIVE}"
        data = f"{_named(copied)} restored from copies of backups" if copied else "nothing restored"
        steps = f"people are called, the network is deployed, {data}, the service deployed and users are moved"
        why = f"{steps}, one after the other ({least.confidence} times)"
        yield _problem(where, "region.rto", promised.rto, allowed=allowed, why=why, source=source)
    daily = [tier for tier in copied if not getattr(tier, "continuous_copies", False)]
    if daily and least.rpo is not None and _seconds(promised.rpo) < least.rpo.low:
        allowed = f"{span(least.rpo.low)} or more; or {_LIVE}"
        why = f"what is in {_named(daily)} since the last copy that arrived is lost with the Region"
        yield _problem(where, "region.rpo", promised.rpo, allowed=allowed, why=why, source=source)


def _named(tiers: list[Tier]) -> str:
    *first, last = [f"'{tier.name}'" for tier in tiers]
    return f"{', '.join(first)} and {last}" if first else last


def _asynchronous(where: str, tier: Tier, promised: Recovery) -> Iterator[Problem]:
    store = _store(tier)
    lag = store.lag
    if lag.value.high > 0 and _seconds(promised.rpo) <= lag.value.low:
        source = lag.source if lag.source.startswith("https://") else STRATEGIES_PAGE
        why = f"'{tier.name}' answers before another Region has the write: {lag.says}"
        allowed = f"more than 0 s; or {_AT_ONCE}"
        yield _problem(where, "region.rpo", promised.rpo, allowed=allowed, why=why, source=source)


def _store(tier: Tier) -> Store:
    strong = isinstance(tier, Table) and tier.consistency == "strong"
    return STORES["dynamodb-strong" if strong else _KINDS[type(tier)]]


def _seconds(duration: Duration) -> float:
    return float(duration.to_milliseconds()) / 1000


def _problem(where: str, option: str, got: Duration, *, allowed: str, why: str, source: str = "") -> Problem:
    return Problem(
        where=where, option=f"objectives.{option}", got=span(_seconds(got)), allowed=allowed, why=why, source=source
    )
