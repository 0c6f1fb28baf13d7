"""How messages get out of dead-letter queues, and how a replication is cut for practice."""

from __future__ import annotations

from ._model import Confidence, Fact, Range

_SQS = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/"
_FIS = "https://docs.aws.amazon.com/fis/latest/userguide/"
_DATE = "2026-11-21"

VELOCITY = Fact(
    value=Range(1, 500),
    unit="messages a second",
    says="a task moves 500 messages a second at most, and one task at a time moves those of a queue",
    source=_SQS + "API_StartMessageMoveTask.html",
    date=_DATE,
)
REDRIVES = Fact(
    value=Range(1, 10),
    unit="redrives a day",
    says="what fails again and again is not mended by another try, and keeps everything behind it waiting",
    source=_SQS + "API_StartMessageMoveTask.html",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
BLACKOUT = Fact(
    value=Range(1, 720),
    unit="minutes",
    says="an action of an experiment lasts a minute to 12 hours",
    source=_FIS + "fis-actions-reference.html",
    date=_DATE,
)
STOP_CONDITIONS = Fact(
    value=Range(1, 5),
    unit="alarms",
    says="an experiment is stopped by one to five alarms",
    source=_FIS + "fis-quotas.html",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
