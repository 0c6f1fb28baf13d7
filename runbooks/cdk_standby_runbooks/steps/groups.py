"""How an Auto Scaling group stands."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from ..clients import Clients
from ..errors import NotReady
from ..plan import Capacity, ScalingGroup


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupState:
    """Bounds as set, instances as they are."""

    name: str
    minimum: int
    maximum: int
    desired: int
    total: int
    in_service: int
    target_groups: tuple[str, ...]


def group_state(clients: Clients, group: ScalingGroup, region: str) -> GroupState:
    """Ask the Region.

    Raises:
        NotReady: there is no such group.
    """
    name = group.groups[region]
    found = clients.autoscaling(region).describe_auto_scaling_groups(AutoScalingGroupNames=[name])["AutoScalingGroups"]
    if not found:
        raise NotReady(
            f"{region} has no Auto Scaling group {name}; deploy the stacks, or give the plan of this deployment"
        )
    told = found[0]
    instances = [(i.get("LifecycleState"), i.get("HealthStatus", "").lower()) for i in told.get("Instances", [])]
    return GroupState(
        name=name,
        minimum=told["MinSize"],
        maximum=told["MaxSize"],
        desired=told["DesiredCapacity"],
        total=len(instances),
        in_service=Counter(instances)["InService", "healthy"],
        target_groups=tuple(told.get("TargetGroupARNs", ())),
    )


def healthy_targets(clients: Clients, state: GroupState, region: str) -> int | None:
    """Targets that a balancer would send traffic to, in the worst target group; None without one."""
    counts = [
        sum(
            target["TargetHealth"]["State"] == "healthy"
            for target in clients.elbv2(region).describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]
        )
        for arn in state.target_groups
    ]
    return min(counts, default=None)


def wanted(group: ScalingGroup, to: str) -> Capacity:
    """The bounds that the plan calls `full` or `standby`."""
    return group.full if to == "full" else group.standby
