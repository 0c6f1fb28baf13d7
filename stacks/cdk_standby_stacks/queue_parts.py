"""How a queue tier becomes a queue at a site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from constructs import Construct

from cdk_standby import Queue as HeldQueue

from .role_parts import accept_of_role
from .sites import Offer, Site

if TYPE_CHECKING:
    from cdk_standby import Service

    from .tiers.queue import Queue


def build_queue(scope: Construct, tier: Queue, site: Site) -> Offer:
    """One Region's queue."""
    queue = HeldQueue(
        scope,
        tier.name.capitalize(),
        key=site.data_key,
        queue_name=site.names.queue(tier.name, site.region, fifo=tier.fifo),
        fifo=tier.fifo,
        retention=tier.retention,
        bridges=tier.bridges,
        visibility_timeout=tier.visibility_timeout,
        alarms=site.alarms,
    )

    def admit(service: Service) -> None:
        queue.grant_send(service)
        queue.grant_consume(service)
        for action in ("GenerateDataKey*", "ReEncrypt*"):
            accept_of_role(service, "variants of one action, with the key of the queue alone", f"Action::kms:{action}")

    return Offer(environment={"QUEUE": queue.queue_url}, admit=admit)
