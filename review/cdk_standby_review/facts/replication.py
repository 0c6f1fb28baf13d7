"""What streams, queues and functions allow where they carry the changes of a table to another place."""

from __future__ import annotations

from ._model import Confidence, Fact, Range

_SQS = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/"
_LAMBDA = "https://docs.aws.amazon.com/lambda/latest/dg/"
_DYNAMODB = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"
_DATE = "2026-11-21"

RETENTION = Fact(
    value=Range(1 / 1440, 14),
    unit="days",
    says="SQS keeps a message for a minute to 14 days, and then deletes it without a word",
    source=_SQS + "quotas-messages.html",
    date=_DATE,
)
OUTAGE = Fact(
    value=Range(1, 14),
    unit="days",
    says="less than a day is bridged by the stream alone, which keeps changes for 24 hours, and no queue keeps more "
    "than 14 days",
    source=_SQS + "quotas-messages.html",
    date=_DATE,
)
RECEIVES = Fact(
    value=Range(1, 1000),
    unit="receives",
    says="a message is received 1 to 1000 times before it is moved to the dead-letter queue",
    source="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html",
    date=_DATE,
)
VISIBILITY = Fact(
    value=6,
    unit="times the function's timeout",
    says="a message is hidden for at least six times the timeout of the function that gets it",
    source=_LAMBDA + "services-sqs-configure.html",
    date=_DATE,
)
CONCURRENCY = Fact(
    value=Range(2, 1000),
    unit="invocations",
    says="a queue invokes its function 2 to 1000 times at once",
    source=_LAMBDA + "services-sqs-scaling.html",
    date=_DATE,
)
MESSAGE = Fact(
    value=1_048_576,
    unit="bytes",
    says="a message, and a batch of up to ten, has at most a mebibyte",
    source=_SQS + "quotas-messages.html",
    date=_DATE,
)
REDRIVE = Fact(
    value="from the beginning",
    unit="retention",
    says="a message that is moved back from a dead-letter queue is kept as long as a new one",
    source=_SQS + "sqs-configure-dead-letter-queue-redrive.html",
    date=_DATE,
)
TOMBSTONES = Fact(
    value=Range(29, 3650),
    unit="days",
    says="a change may be a day in the stream, 14 days in queues and, after a redrive, 14 more: a tombstone that is "
    "gone by then lets a deleted item come back",
    source=REDRIVE.source,
    date=_DATE,
)
IMAGES = Fact(
    value=("NEW_AND_OLD_IMAGES",),
    unit="view types",
    says="the new image is what is sent, and the old one tells a write without a stamp",
    source=_DYNAMODB + "Streams.html",
    date=_DATE,
)
ONE_OF_BOTH = Fact(
    value="one",
    unit="replication",
    says="DynamoDB replicates there already: two replications of one table undo each other's writes",
    source=_DYNAMODB + "V2globaltables_HowItWorks.html",
    date=_DATE,
)
ATTRIBUTES = Fact(
    value="dynamodb:Attributes",
    unit="condition key",
    says="IAM sees the names of the top-level attributes of a request, and can insist on one of them",
    source=_DYNAMODB + "specifying-conditions.html",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
ROLE_NAME = Fact(
    value=r"[\w+=,.@-]{1,64}",
    unit="pattern",
    says="the name of a role has 1 to 64 letters, digits and '+=,.@_-'",
    source="https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html",
    date=_DATE,
)
