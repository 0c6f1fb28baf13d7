"""A queue: SQS replicates nothing, so every Region that can serve has one of its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aws_cdk import Duration
from constructs import Construct

from cdk_standby._checks import Problem

from ..queue_parts import build_queue
from ._tier import Kind, Layer, Placing, Posture

if TYPE_CHECKING:
    from ..sites import Site


@dataclass(frozen=True, slots=True)
class Queue:
    """An SQS queue with its dead letters in every Region that can serve; the service sends to it and takes from it.

    What waits in a lost Region waits there until the Region returns, and comes then: whoever takes it has to bear a
    message twice, and late. What must not be lost is in a store before it is in a queue.

    Args:
        name: unique in the workload.
        fifo: True keeps the order within a group. Left out: order is not promised.
        retention: how long a message waits to be taken. Left out: 7 days.
        bridges: the longest outage that must lose nothing; a shorter retention is refused. Left out: not compared.
        visibility_timeout: how long a message is hidden once it was received. Left out: 6 minutes.
    """

    name: str
    fifo: bool = False
    retention: Duration | None = None
    bridges: Duration | None = None
    visibility_timeout: Duration | None = None

    @property
    def kind(self) -> Kind:
        """The row of a strategy's table."""
        return Kind.QUEUE

    @property
    def layer(self) -> Layer:
        """The stack of a site that it lives in."""
        return Layer.DATA

    def problems(self, where: str) -> Iterable[Problem]:
        """The construct checks what it is given."""
        return ()

    def misfits(self, where: str, placing: Placing) -> Iterable[Problem]:
        """It fits everywhere."""
        return ()

    def build(self, scope: Construct, site: Site, posture: Posture) -> None:
        """A queue of this Region alone; idle, it has nobody who takes from it, since no instance runs."""
        site.offers[self.name] = build_queue(scope, self, site)
