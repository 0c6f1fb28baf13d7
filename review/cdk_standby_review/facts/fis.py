"""Faults that AWS Fault Injection Service makes on request. How many alarms stop one is in `rds_operations`."""

from __future__ import annotations

from ._model import Confidence, Fact, Range

_GUIDE = "https://docs.aws.amazon.com/fis/latest/userguide/"
_DATE = "2026-11-21"

DURATION = Fact(
    value=Range(1, 720),
    unit="minutes",
    says="an action of an experiment lasts a minute to 12 hours",
    source=_GUIDE + "fis-actions-reference.html",
    date=_DATE,
)
ZONE_POWER = Fact(
    value=30,
    unit="minutes",
    says="AWS's own scenario of a zone without power lasts 30 minutes",
    source=_GUIDE + "az-availability-scenario.html",
    date=_DATE,
)
ZONE_NETWORK = Fact(
    value=2,
    unit="minutes",
    says="in AWS's own scenario the zone's network is cut for its first 2 minutes only",
    source=_GUIDE + "az-availability-scenario.html",
    date=_DATE,
    confidence=Confidence.ASSUMED,  # read from copies of the scenario
)
REGION_CUT = Fact(
    value=180,
    unit="minutes",
    says="AWS's own scenario of a Region that is cut off lasts 3 hours",
    source=_GUIDE + "cross-region-scenario.html",
    date=_DATE,
)
TABLE_PAUSE = Fact(
    value=5,
    unit="minutes",
    says="a table may go on replicating for up to 5 minutes after its pause has begun",
    source=_GUIDE + "fis-actions-reference.html#dynamodb-actions-reference",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
