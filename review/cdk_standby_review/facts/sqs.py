"""What SQS allows of queues and of the functions that empty them."""

from __future__ import annotations

from . import replication
from ._model import Fact, Range

_GUIDE = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/"
_LAMBDA = "https://docs.aws.amazon.com/lambda/latest/dg/"
_API = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/"
_DATE = "2026-11-21"

RETENTION = replication.RETENTION
RECEIVES = replication.RECEIVES
CONCURRENCY = replication.CONCURRENCY
TIMES_THE_FUNCTION = replication.VISIBILITY
NAMES = Fact(
    value=r"[A-Za-z0-9_-]{1,80}",
    unit="pattern",
    says="a name has up to 80 letters, digits, hyphens and underscores, and of a FIFO queue it ends with '.fifo'",
    source=_GUIDE + "quotas-queues.html",
    date=_DATE,
)
BRIDGED = Fact(
    value="deleted without a word",
    unit="message",
    says="SQS deletes a message when its retention ends, read or not: what nobody takes until then is lost",
    source=_GUIDE + "quotas-messages.html",
    date=_DATE,
)
VISIBILITY = Fact(
    value=Range(0, 43_200),
    unit="seconds",
    says="a message that was received is hidden for 0 seconds to 12 hours",
    source=_GUIDE + "sqs-visibility-timeout.html",
    date=_DATE,
)
DELAY = Fact(
    value=Range(0, 900),
    unit="seconds",
    says="a queue delays new messages by up to 15 minutes",
    source=_GUIDE + "sqs-delay-queues.html",
    date=_DATE,
)
MESSAGE = Fact(
    value=Range(1024, 1_048_576),
    unit="bytes",
    says="a queue takes messages of up to 1 KiB to 1 MiB",
    source=_GUIDE + "quotas-messages.html",
    date=_DATE,
)
DEAD_LETTER_AGE = Fact(
    value="from the beginning",
    unit="age",
    says="in a standard dead-letter queue a message keeps the age that it had: its time there begins when it was sent",
    source=_GUIDE + "sqs-dead-letter-queues.html",
    date=_DATE,
)
BATCH = Fact(
    value=Range(1, 10_000),
    unit="messages",
    says="a function gets up to 10 messages at once, or up to 10,000 of a standard queue with a window in which they "
    "are collected",
    source=_LAMBDA + "services-sqs-configure.html",
    date=_DATE,
)
PLAIN_BATCH = Fact(value=10, unit="messages", says=BATCH.says, source=BATCH.source, date=_DATE)
WINDOW = Fact(
    value=Range(0, 300),
    unit="seconds",
    says="messages of a standard queue are collected for up to 300 seconds; a FIFO queue knows no such window",
    source=_LAMBDA + "services-sqs-configure.html",
    date=_DATE,
)
HELD = Fact(
    value="enabled",
    unit="property",
    says="a mapping that is disabled polls nothing: messages wait, and their retention goes on",
    source=_LAMBDA + "API_UpdateEventSourceMapping.html",
    date=_DATE,
)
REDRIVE = Fact(
    value="StartMessageMoveTask",
    unit="action",
    says="messages of a dead-letter queue are moved back to where they came from by one task at a time",
    source=_API + "API_StartMessageMoveTask.html",
    date=_DATE,
)
REGION = Fact(
    value="one",
    unit="Region",
    says="a queue lives in one Region: what waits in it when the Region is lost waits there until it returns",
    source=_GUIDE + "disaster-recovery-resiliency.html",
    date=_DATE,
)
