"""SQS: a queue in one Region, and what waits in it."""

from __future__ import annotations

from ..facts import recovery_times as times
from ..facts import sqs as facts
from ..graph import Graph, Resource
from ..outcomes import Case, Judgement, by_itself, lost
from ._judge import not_vital, served_elsewhere


def queue_region(graph: Graph, resource: Resource, case: Case) -> Judgement | None:
    """A queue, its Region lost: its twin takes what is sent from now on, what waits here waits until it returns."""
    if waiting := served_elsewhere(graph, resource, case):
        return waiting
    if _takes_dead_letters(graph, resource):
        return not_vital(lost(facts.REGION.says, times.ONE_REGION))
    if twin := graph.twin(resource):
        says = f"its twin in {twin.region} takes new messages; those that wait here wait until the Region returns"
        return by_itself(says, times.AT_ONCE, twin=twin.name)
    return lost(f"no other Region has such a queue; {facts.REGION.says}", times.ONE_REGION)


def _takes_dead_letters(graph: Graph, queue: Resource) -> bool:
    """Whether it only takes what another queue puts aside."""
    senders = graph.users_of(queue, "AWS::SQS::Queue")
    return any(graph.at(sender.get("RedrivePolicy", "deadLetterTargetArn")) is queue for sender in senders)
