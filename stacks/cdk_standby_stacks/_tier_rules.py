"""What a strategy cannot make of the tiers of a workload, and what nothing could."""

from __future__ import annotations

from collections.abc import Iterator

from constructs import Construct

from cdk_standby._checks import InvalidOptions, Options, Problem

from ._construct_rules import unbuildable
from .strategies import STRATEGIES_PAGE, Strategy, Traffic
from .tiers import Placing, Tier


def check_tiers(where: Construct, options: Options) -> None:
    """Raise InvalidOptions with what is wrong with each tier, in the order in which they are built."""
    strategy: Strategy = options["strategy"]
    placing = Placing(
        strategy=strategy.name,
        regions=tuple(options["regions"]),
        everywhere=strategy.traffic is Traffic.LATENCY,
        standby=strategy.standby,
    )
    path = where.node.path
    if problems := [
        problem for tier in options["workload"].tiers for problem in _of(tier, f"{path}: workload.{tier.name}", placing)
    ]:
        raise InvalidOptions(problems)


def _of(tier: Tier, where: str, placing: Placing) -> Iterator[Problem]:
    if tier.kind not in placing.standby:
        yield _without_posture(tier, where, placing)
        return
    yield from tier.misfits(where, placing)
    yield from unbuildable(tier, where, placing)


def _without_posture(tier: Tier, where: str, placing: Placing) -> Problem:
    return Problem(
        where=where,
        option="kind",
        got=f"'{tier.kind}'",
        allowed=", ".join(f"'{kind}'" for kind in placing.standby) + f"; or a posture for it in {placing.strategy}",
        why="nobody said what is left of it when a Region is lost",
        source=STRATEGIES_PAGE,
    )
