"""Parked messages, tried again when the other side answers: slowly, a few times a day, then put aside for good."""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import boto3
from botocore.exceptions import ClientError

LOG = logging.getLogger(__name__)
DAY = 86_400
_MOVES = {"RUNNING", "CANCELLING"}
_ONE_AT_A_TIME = {"UnsupportedOperation", "AWS.SimpleQueueService.UnsupportedOperation"}


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The queues, and how often messages go from one to the other."""

    parked_url: str
    parked_arn: str
    waiting_arn: str
    poison_arn: str
    state: str
    at_most: int
    """Redrives a day."""
    velocity: int
    """Messages a second."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """As the construct sets it."""
        return cls(
            parked_url=environment["PARKED_URL"],
            parked_arn=environment["PARKED_ARN"],
            waiting_arn=environment["WAITING_ARN"],
            poison_arn=environment["POISON_ARN"],
            state=environment["STATE"],
            at_most=int(environment["AT_MOST"]),
            velocity=int(environment["VELOCITY"]),
        )


def handler(_event: Mapping[str, Any], _context: Any) -> dict[str, Any]:
    """What EventBridge calls when an alarm is quiet again. It looks for itself: an event may come twice."""
    return redrive(_client("sqs"), _client("ssm"), Settings.from_environment(os.environ), time.time())


def redrive(sqs: Any, ssm: Any, settings: Settings, now: float) -> dict[str, Any]:
    """Move what is parked: back to where it came from, or aside once that was tried often enough."""
    found = sqs.get_queue_attributes(QueueUrl=settings.parked_url, AttributeNames=["ApproximateNumberOfMessages"])
    parked = int(found["Attributes"]["ApproximateNumberOfMessages"])
    if parked == 0:
        return _said("nothing is parked", parked)
    tasks = sqs.list_message_move_tasks(SourceArn=settings.parked_arn, MaxResults=1)["Results"]
    if any(task["Status"] in _MOVES for task in tasks):
        return _said("messages are on their way already", parked)
    earlier = [at for at in _remembered(ssm, settings.state) if now - at < DAY]
    if len(earlier) >= settings.at_most:
        moves = _move(sqs, settings, settings.poison_arn)
        return _said("put aside: tried often enough" if moves else "messages are on their way already", parked)
    # Counted before it happens: who is killed in between has tried once less, never once more.
    ssm.put_parameter(Name=settings.state, Value=json.dumps([*earlier, now]), Overwrite=True)
    moves = _move(sqs, settings, settings.waiting_arn)
    return _said("tried again" if moves else "messages are on their way already", parked)


def _move(sqs: Any, settings: Settings, to: str) -> bool:
    try:
        sqs.start_message_move_task(
            SourceArn=settings.parked_arn, DestinationArn=to, MaxNumberOfMessagesPerSecond=settings.velocity
        )
    except ClientError as refused:
        if refused.response.get("Error", {}).get("Code") not in _ONE_AT_A_TIME:
            raise
        return False
    return True


def _remembered(ssm: Any, name: str) -> list[float]:
    value = ssm.get_parameter(Name=name)["Parameter"]["Value"]
    return [float(at) for at in json.loads(value)]


def _said(says: str, parked: int) -> dict[str, Any]:
    LOG.info("redrive", extra={"says": says, "parked": parked})
    return {"says": says, "parked": parked}


@cache
def _client(service: str) -> Any:
    make: Any = boto3.client  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    return make(service)
