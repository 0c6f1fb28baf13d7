"""How long planned changes of roles take: what a runbook waits for beyond the figures of the single services."""

from __future__ import annotations

from ._model import Confidence, Fact, Range
from .route53 import ALIAS_TTL, SWITCH

_AURORA = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database-disaster-recovery.html"
_DATE = "2026-11-21"

AURORA_GLOBAL_SWITCHOVER = Fact(
    value=Range(60, 600),
    unit="seconds",
    says="a switchover waits until the new writer has caught up, then moves the role within minutes",
    source="assumed: one to ten minutes, the guide says minutes (" + _AURORA + ")",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
AURORA_GLOBAL_REJOIN = Fact(
    value=Range(300, 7200),
    unit="seconds",
    says="a Region that returns is rebuilt as a secondary from the new writer's storage; the larger, the longer",
    source="assumed: five minutes to two hours, the guide gives no time (" + _AURORA + ")",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
TRAFFIC = Fact(
    value=SWITCH.value + Range(ALIAS_TTL.value, ALIAS_TTL.value),
    unit="seconds",
    says="the switch's alarm changes state, its health check follows, and resolvers forget the old answer",
    source=SWITCH.source,
    date=_DATE,
    confidence=Confidence.weakest(SWITCH.confidence, ALIAS_TTL.confidence),
)
