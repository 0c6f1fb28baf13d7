"""Queue to the other table: written if newer, left in the queue if nobody answers, parked if it never can be."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import Enum
from functools import partial
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from .merge import condition, is_too_old
from .messages import MOST, decode

LOG = logging.getLogger(__name__)
LONGEST_PAUSE = 1800
"""Seconds between two tries while the other side is dark: 1000 receives of it are more than 14 days."""
_FIRST_PAUSE = 15
_NEVER = {"ValidationException", "ItemCollectionSizeLimitExceededException"}
"""What no repetition changes."""
# A dark Region is told from a slow one in seconds; SQS repeats, not the SDK.
_PATIENCE = Config(connect_timeout=2, read_timeout=5, retries={"total_max_attempts": 2}, max_pool_connections=MOST)
_ROLE_LASTS = 2700


class Outcome(Enum):
    """What became of a message."""

    APPLIED = "applied"
    DECLINED = "declined"
    RETRIED = "retried"
    PARKED = "parked"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Where changes come from, go to, and are put aside."""

    table: str
    queue_url: str
    parked_url: str
    oldest: int
    """Seconds after which a change is not applied any more: a tombstone may be gone."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """As the construct sets it."""
        return cls(
            table=environment["TARGET_TABLE"],
            queue_url=environment["QUEUE_URL"],
            parked_url=environment["PARKED_URL"],
            oldest=int(environment["OLDEST_SECONDS"]),
        )


def handler(event: Mapping[str, Any], _context: Any) -> dict[str, Any]:
    """What Lambda calls with messages of the queue."""
    return apply(_target(), _client("sqs"), event["Records"], Settings.from_environment(os.environ))


def apply(
    dynamodb: Any, sqs: Any, records: Sequence[Mapping[str, Any]], settings: Settings, now: float | None = None
) -> dict[str, Any]:
    """Write what is newer; name the messages that have to come again."""
    one = partial(_one, dynamodb, settings, time.time() if now is None else now)
    with ThreadPoolExecutor(MOST) as pool:
        outcomes = list(pool.map(one, records))
    again = [record for record, outcome in zip(records, outcomes, strict=True) if outcome is Outcome.RETRIED]
    parked = [record for record, outcome in zip(records, outcomes, strict=True) if outcome is Outcome.PARKED]
    again += _park(sqs, settings.parked_url, parked)
    _pause(sqs, settings.queue_url, again)
    LOG.info("batch", extra={outcome.value: outcomes.count(outcome) for outcome in Outcome})
    return {"batchItemFailures": [{"itemIdentifier": record["messageId"]} for record in again]}


def _one(dynamodb: Any, settings: Settings, now: float, record: Mapping[str, Any]) -> Outcome:
    told = {"message_id": record["messageId"]}
    try:
        change = decode(record["body"])
    except ValueError as wrong:
        LOG.error("parked: no change", extra={**told, "error": str(wrong)})
        return Outcome.PARKED
    if is_too_old(change, now, settings.oldest):
        LOG.error("parked: older than tombstones", extra={**told, "seen": change.seen})
        return Outcome.PARKED
    try:
        dynamodb.put_item(TableName=settings.table, **condition(change.item))
    except ClientError as refused:
        return _refused(refused, told)
    except BotoCoreError as silent:
        LOG.warning("no answer", extra={**told, "error": str(silent)})
        return Outcome.RETRIED
    return Outcome.APPLIED


def _refused(refused: ClientError, told: Mapping[str, Any]) -> Outcome:
    code = refused.response.get("Error", {}).get("Code", "")
    if code == "ConditionalCheckFailedException":
        return Outcome.DECLINED
    said = {**told, "code": code, "error": str(refused)}
    if code in _NEVER:
        LOG.error("parked: refused", extra=said)
        return Outcome.PARKED
    LOG.warning("refused for now", extra=said)  # throttled, not permitted, no such table: people mend that
    return Outcome.RETRIED


def _park(sqs: Any, url: str, records: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Put messages aside, one by one, since ten may be more than a batch holds; those that could not be."""
    failed: list[Mapping[str, Any]] = []
    for record in records:
        entry = {"Id": "0", "MessageBody": record["body"]}
        if sqs.send_message_batch(QueueUrl=url, Entries=[entry]).get("Failed"):
            failed.append(record)
    return failed


def _pause(sqs: Any, url: str, records: list[Mapping[str, Any]]) -> None:
    """Let messages wait, longer each time; without an answer they wait as long as the queue says."""
    entries = [
        {
            "Id": str(place),
            "ReceiptHandle": record["receiptHandle"],
            "VisibilityTimeout": pause(int(record["attributes"]["ApproximateReceiveCount"])),
        }
        for place, record in enumerate(records)
    ]
    if entries:
        sqs.change_message_visibility_batch(QueueUrl=url, Entries=entries)


def pause(receives: int) -> int:
    """Seconds until a message that was received so often comes again."""
    return int(min(LONGEST_PAUSE, _FIRST_PAUSE * 2 ** min(receives - 1, 10)))


_new: Any = boto3.client  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
_clients: dict[str, tuple[float, Any]] = {}


def _target() -> Any:
    """A client of the other side; its role, where it needs one, is assumed again before it ends."""
    made, client = _clients.get("target", (0.0, None))
    if client is None or time.monotonic() - made > _ROLE_LASTS:
        client = _new("dynamodb", os.environ["TARGET_REGION"], config=_PATIENCE, **_credentials())
        _clients["target"] = (time.monotonic(), client)
    return client


def _credentials() -> dict[str, str]:
    role = os.environ.get("TARGET_ROLE")
    if not role:
        return {}
    given = _client("sts").assume_role(RoleArn=role, RoleSessionName="stream-replicator")["Credentials"]
    return {
        "aws_access_key_id": given["AccessKeyId"],
        "aws_secret_access_key": given["SecretAccessKey"],
        "aws_session_token": given["SessionToken"],
    }


def _client(service: str) -> Any:
    if service not in _clients:
        _clients[service] = (time.monotonic(), _new(service))
    return _clients[service][1]
