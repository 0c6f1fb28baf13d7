"""What rings for a Network Load Balancer and what it leads to."""

from __future__ import annotations

from collections.abc import Iterator

from .._alarms import AlarmSpec
from ._pool import TargetPool
from ._pool_alarms import FINE, Watched, host_alarms


def balancer_alarms(watched: Watched) -> Iterator[AlarmSpec]:
    """What the load balancer itself cannot bear."""
    yield AlarmSpec(
        name="PortAllocationErrors",
        metric=watched.of_balancer("PortAllocationErrorCount", "Sum"),
        threshold=0,
        missing=FINE,
        says="Connections fail since the load balancer ran out of source ports towards a target: start more targets, "
        "or keep the clients' addresses.",
    )
    yield AlarmSpec(
        name="BlockedFlows",
        metric=watched.of_balancer("SecurityGroupBlockedFlowCount_Outbound", "Sum"),
        threshold=0,
        missing=FINE,
        says="The load balancer's own security group keeps it from its targets: somebody changed a rule, or a target "
        "listens where no rule leads.",
    )


def target_alarms(targets: TargetPool, watched: Watched, *, crosses: bool) -> Iterator[AlarmSpec]:
    """How instances and addresses answer; `crosses` is what the load balancer has."""
    chosen = crosses if targets.cross_zone is None else targets.cross_zone
    yield from host_alarms(watched, by_zone=targets.by_zone, crosses=chosen, needed=targets.needed)
    yield AlarmSpec(
        name="FailOpen",
        metric=watched.of_targets("UnhealthyRoutingFlowCount", "Sum"),
        threshold=0,
        missing=FINE,
        says="Connections go to unhealthy targets, for want of healthy ones: 'fail_open_count' or 'fail_open_percent' "
        "is reached.",
    )
