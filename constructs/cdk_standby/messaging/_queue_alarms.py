"""What a queue rings for. A queue that nobody uses says nothing, so silence is no news here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from aws_cdk import aws_cloudwatch as cloudwatch

from .._alarms import AlarmSpec

if TYPE_CHECKING:
    from .queue import Queue

_FINE = cloudwatch.TreatMissingData.NOT_BREACHING


def queue_alarms(queue: Queue) -> Iterator[AlarmSpec]:
    """All alarms of a queue."""
    yield AlarmSpec(
        name="OldestMessage",
        metric=queue.metric("ApproximateAgeOfOldestMessage"),
        threshold=900,
        periods=5,
        says="A message waits longer than this (seconds): its consumers are down, held, or too slow. It is lost when "
        "its retention ends, so start them, or make the retention longer now, which holds for what waits already.",
        missing=_FINE,
    )
    if queue.dead_letters is not None:
        yield AlarmSpec(
            name="DeadLetters",
            metric=queue.dead_letters.metric_approximate_number_of_messages_visible(statistic="Maximum"),
            threshold=0,
            periods=1,
            says="Messages were put aside because they failed too often. Repair what they fail of, then move them "
            "back: aws sqs start-message-move-task. They are deleted 14 days after they were sent.",
            missing=_FINE,
        )
