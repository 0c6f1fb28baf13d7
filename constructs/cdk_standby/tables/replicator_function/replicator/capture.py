"""Stream to queue, in the table's own Region: nothing here asks the other side.

Invoked by hand with `{"resend": {}}` it sends every item that was written here once more; the other side takes what it
does not have.
"""

from __future__ import annotations

import functools
import logging
import os
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from .merge import Change, Fate, change_of, fate_of, origin_of, version_of
from .messages import batches, encode

LOG = logging.getLogger(__name__)
_STOP_BEFORE = 30_000
"""Milliseconds before its timeout that a resend takes no other page."""


def handler(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    """What Lambda calls: with records of the stream, or with the wish to resend."""
    queue = Queue(_client("sqs"), os.environ["QUEUE_URL"])
    if "resend" in event:
        table = Table(_client("dynamodb"), os.environ["TABLE"], os.environ["SITE"])
        return resend(table, queue, event["resend"].get("from"), context)
    return capture(queue, event["Records"], os.environ["SITE"])


@dataclass(frozen=True)
class Queue:
    """Where changes wait."""

    sqs: Any
    url: str


@dataclass(frozen=True)
class Table:
    """What is written here."""

    dynamodb: Any
    name: str
    site: str


def capture(queue: Queue, records: Iterable[Mapping[str, Any]], site: str) -> dict[str, Any]:
    """Send what was written here; Lambda goes on from the first record that could not be sent."""
    to_send: list[tuple[str, Change]] = []
    for record in records:
        number = record["dynamodb"]["SequenceNumber"]
        fate = fate_of(record, site)
        if fate is Fate.UNSTAMPED:
            keys, event = record["dynamodb"]["Keys"], record["eventName"]
            LOG.warning("unstamped", extra={"event": event, "keys": keys, "sequence_number": number})
        if fate is Fate.SENT:
            to_send.append((number, change_of(record)))
    failed = send(queue, to_send)
    return {"batchItemFailures": [{"itemIdentifier": number} for number in failed]}


def send(queue: Queue, changes: Iterable[tuple[str, Change]]) -> list[str]:
    """Put changes into the queue; the tags of those that it did not take."""
    failed: list[str] = []
    for batch in batches((tag, encode(change)) for tag, change in changes):
        entries = [{"Id": str(place), "MessageBody": body} for place, (_, body) in enumerate(batch)]
        try:
            answer = queue.sqs.send_message_batch(QueueUrl=queue.url, Entries=entries)
        except (ClientError, BotoCoreError) as wrong:
            LOG.error("the queue did not answer", extra={"error": str(wrong)})
            failed += [tag for tag, _ in batch]
            continue
        failed += [batch[int(entry["Id"])][0] for entry in answer.get("Failed", ())]
    return failed


def resend(table: Table, queue: Queue, start: Any, context: Any) -> dict[str, Any]:
    """Send all that was written here, from a key on; invoke again, `from` being `next`, until it is done."""
    sent = 0
    while context.get_remaining_time_in_millis() > _STOP_BEFORE:
        since = {"ExclusiveStartKey": start} if start else {}
        page = table.dynamodb.scan(TableName=table.name, ConsistentRead=True, **since)
        mine = [item for item in page["Items"] if origin_of(item) == table.site and version_of(item)]
        now = int(time.time())
        if send(queue, [("", Change(item, now)) for item in mine]):
            return {"sent": sent, "next": start, "done": False}
        sent, start = sent + len(mine), page.get("LastEvaluatedKey")
        if start is None:
            return {"sent": sent, "next": None, "done": True}
    return {"sent": sent, "next": start, "done": False}


_new: Any = boto3.client  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]


@functools.cache
def _client(service: str) -> Any:
    return _new(service)
