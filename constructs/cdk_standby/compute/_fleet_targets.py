"""What a fleet stands behind: target groups that somebody else owns, and what scaling keeps by them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import cast

from aws_cdk import Stack
from aws_cdk import aws_autoscaling as autoscaling
from aws_cdk import aws_elasticloadbalancingv2 as elb
from constructs import Construct

from cdk_standby_review.facts import autoscaling_options as facts

from .._checks import InvalidOptions, Problem

Targets = Sequence[elb.IApplicationTargetGroup | elb.INetworkTargetGroup]
_REGISTER = "https://docs.aws.amazon.com/autoscaling/ec2/userguide/attach-load-balancer-asg.html"
_REQUESTS = "https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-target-tracking.html"
_PREDEFINED = autoscaling.PredefinedMetric


def attach(group: autoscaling.AutoScalingGroup, targets: Targets, lattice: Sequence[str]) -> None:
    """Register the instances wherever they are asked for."""
    for target in targets:
        if hasattr(target, "register_connectable"):
            group.attach_to_application_target_group(cast("elb.IApplicationTargetGroup", target))
        else:
            group.attach_to_network_target_group(target)
    if lattice:
        resource = cast("autoscaling.CfnAutoScalingGroup", group.node.default_child)
        resource.traffic_sources = [
            autoscaling.CfnAutoScalingGroup.TrafficSourceIdentifierProperty(identifier=arn, type="vpc-lattice")
            for arn in lattice
        ]


def track(
    scope: Construct,
    group: autoscaling.AutoScalingGroup,
    *,
    cpu: float | None,
    network_in: float | None,
    network_out: float | None,
    requests: float | None,
    label: str | None,
) -> None:
    """Keep what every group can be measured by."""
    for name, metric, value in (
        ("Cpu", _PREDEFINED.ASG_AVERAGE_CPU_UTILIZATION, cpu),
        ("NetworkIn", _PREDEFINED.ASG_AVERAGE_NETWORK_IN, network_in),
        ("NetworkOut", _PREDEFINED.ASG_AVERAGE_NETWORK_OUT, network_out),
        ("Requests", _PREDEFINED.ALB_REQUEST_COUNT_PER_TARGET, requests),
    ):
        if value is not None:
            autoscaling.TargetTrackingScalingPolicy(
                scope,
                name,
                auto_scaling_group=group,
                predefined_metric=metric,
                resource_label=label if name == "Requests" else None,
                target_value=value,
            )


def _counted(targets: Targets) -> elb.ApplicationTargetGroup:
    return next(target for target in targets if isinstance(target, elb.ApplicationTargetGroup))


def counted_by(scope: Construct, targets: Targets) -> str:
    """By what the requests of a group are counted: its load balancer and target group.

    Raises:
        InvalidOptions: no listener leads to the target group yet.
    """
    counted = _counted(targets)
    try:
        return f"{counted.first_load_balancer_full_name}/{counted.target_group_full_name}"
    except RuntimeError as unattached:
        problem = Problem(
            where=scope.node.path,
            option="targets",
            got=f"{counted.node.path}, which no listener leads to yet",
            allowed="a target group that a listener was given before",
            why="requests are counted by the load balancer",
            source=_REQUESTS,
        )
        raise InvalidOptions([problem]) from unattached


def target_problems(path: str, targets: Targets, *, shifts: bool) -> Iterator[Problem]:
    """Target groups that the instances cannot join, as far as they are of this app."""
    for target in targets:
        resource = target.node.default_child
        if not isinstance(resource, elb.CfnTargetGroup):
            continue
        said = Stack.of(target).resolve({"kind": resource.target_type, "with": resource.target_group_attributes})
        kind = said.get("kind")
        if kind not in (None, "instance"):
            yield Problem(
                where=path,
                option="targets",
                got=f"{target.node.path}, which is of type {kind}",
                allowed="target groups of instances",
                why="Auto Scaling registers instances by their ids, not by addresses or as functions",
                source=_REGISTER,
            )
        if shifts and {"key": facts.ZONAL_SHIFT.value, "value": "false"} in said.get("with", ()):
            yield Problem(
                where=path,
                option="zonal_shift",
                got=f"True, with {target.node.path} not balanced across zones",
                allowed="False",
                why=facts.ZONAL_SHIFT.says,
                source=facts.ZONAL_SHIFT.source,
            )
