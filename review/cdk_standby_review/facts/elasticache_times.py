"""How long ElastiCache takes to come back, and what it loses then."""

from __future__ import annotations

from ._model import Confidence, Fact, Range

_GUIDE = "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/"
_DATE = "2026-11-21"

ASYNC_LOSS = Fact(
    value=Range(0, 10),
    unit="seconds",
    says="with asynchronous durability writes of the last ten seconds may be lost, and never more",
    source=_GUIDE + "Durability.Options.html",
    date=_DATE,
)
DURABLE_FAILOVER = Fact(
    value=Range(0, 0),
    unit="seconds",
    says="an acknowledged write is in a log over several zones",
    source=_GUIDE + "Durability.Options.html",
    date=_DATE,
)
GLOBAL_LAG = Fact(
    value=Range(0, 1),
    unit="seconds",
    says="a global datastore typically lags less than a second",
    source=_GUIDE + "Redis-Global-Datastore.html",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
GLOBAL_PROMOTION = Fact(
    value=Range(0, 60),
    unit="seconds",
    says="a secondary is promoted by hand, typically in less than a minute",
    source="assumed: third parties repeat it, the guide gives no time (" + _GUIDE + "Redis-Global-Datastore.html)",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
FAILOVER_TIME = Fact(
    value=Range(10, 180),
    unit="seconds",
    says="a replica is promoted in seconds to a few minutes",
    source="assumed: the guide says typically a few seconds (" + _GUIDE + "AutoFailover.html)",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
FAILOVER_LOSS = Fact(
    value=Range(0, 1),
    unit="seconds",
    says="replication is asynchronous, so that the last writes may be lost",
    source=_GUIDE + "AutoFailover.html",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
NODE_REPLACED = Fact(
    value=Range(300, 1800),
    unit="seconds",
    says="ElastiCache replaces a lost node by itself, and the new one is empty",
    source="assumed: minutes to half an hour, the guide gives no time (" + _GUIDE + "FaultTolerance.html)",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
DAILY = Fact(
    value=Range(0, 86_400),
    unit="seconds",
    says="snapshots are taken once a day, so that a restore loses up to a day",
    source=_GUIDE + "backups-automatic.html",
    date=_DATE,
)
RESTORE = Fact(
    value=Range(600, 7200),
    unit="seconds",
    says="a cache is made anew from a snapshot, and takes longer the larger it is",
    source="assumed: ten minutes to two hours; measure it in drills",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
PRIMARY_REPLACED = Fact(
    value=Range(300, 1800),
    unit="seconds",
    says="without automatic failover a lost primary is made anew, and filled from one of its replicas",
    source="assumed: minutes to half an hour, the guide gives no time (" + _GUIDE + "FaultTolerance.html)",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
PROMOTION = Fact(
    value=Range(60, 900),
    unit="seconds",
    says="a replica is promoted by hand",
    source="assumed: one to 15 minutes, the guide gives no time (" + _GUIDE + "Replication.PromoteReplica.html)",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
