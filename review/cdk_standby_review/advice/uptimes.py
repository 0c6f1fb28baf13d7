"""What the service level agreements of all parts promise together: what has to be there at once is multiplied."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import prod

from ..facts import Fact, slas

_HUNDRED = 100.0
ONE_REGION: Mapping[str, Fact[float]] = {
    "aurora": slas.AURORA,
    "rds": slas.RDS,
    "dynamodb": slas.TABLE,
    "dynamodb-strong": slas.TABLE,
    "dsql": slas.DSQL,
    "s3": slas.BUCKET,
}
SEVERAL: Mapping[str, Fact[float]] = {
    **ONE_REGION,
    "dynamodb": slas.GLOBAL_TABLE,
    "dynamodb-strong": slas.GLOBAL_TABLE,
    "dsql": slas.MULTI_REGION_DSQL,
}
"""Where both Regions write; a database with one writer promises what it promises in one."""


def together(strategy: str, stores: Iterable[str]) -> float:
    """The percentage of a month that all parts promise together.

    A failover by people is no part of an agreement: only sites that both serve count twice, and of stores those that
    take writes in both.
    """
    kinds = tuple(stores)
    serving = _share(slas.INSTANCES.value) * _share(slas.BALANCER.value)
    if strategy != "multi-site":
        return _HUNDRED * serving * prod(_share(ONE_REGION[kind].value) for kind in kinds)
    kept = prod(_share(SEVERAL[kind].value) if kind != "s3" else _twice(_share(slas.BUCKET.value)) for kind in kinds)
    return _HUNDRED * _twice(serving) * kept


def said(percent: float) -> str:
    """``99.97%``; never rounded up to what is not promised."""
    return f"{int(percent * 10_000) / 10_000:g}%"


def _share(percent: float) -> float:
    return percent / _HUNDRED


def _twice(share: float) -> float:
    """Two of which one is enough."""
    return 1 - (1 - share) ** 2
