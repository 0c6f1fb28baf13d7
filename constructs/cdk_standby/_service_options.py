"""What a group gets beyond its size: pool, hooks, schedules, further scaling, protection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from aws_cdk import aws_autoscaling as autoscaling
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from ._service_balancer import accept
from ._service_values import (
    CapacityReservations,
    LifecycleHook,
    MetricTarget,
    PredictiveScaling,
    ScheduledSize,
    WarmPool,
)
from .capacity import group_size

_Group = autoscaling.CfnAutoScalingGroup
_PREDEFINED = {
    "cpu": "ASGCPUUtilization",
    "network-in": "ASGNetworkIn",
    "network-out": "ASGNetworkOut",
    "requests": "ALBRequestCount",
}


def add_options(
    scope: Construct,
    group: autoscaling.AutoScalingGroup,
    role: iam.IRole,
    options: Mapping[str, Any],
    *,
    zones: int,
    label: str | None = None,
) -> None:
    """Give the group what was asked for; `label` says which balancer and targets its requests are counted by."""
    resource = cast("autoscaling.CfnAutoScalingGroup", group.node.default_child)
    _protect(resource, options)
    _reserve(resource, options["capacity_reservations"])
    if options["hooks"]:
        _hook(scope, resource, options["hooks"])
        _let_complete(scope, resource, role)
    if options["warm_pool"] is not None:
        _warm(scope, group, options["warm_pool"])
    for size in options["schedule"]:
        _schedule(scope, group, size, zones)
    for target in options["metric_targets"]:
        _track(scope, group, target)
    if options["predictive"] is not None:
        _predict(scope, group, options["predictive"], label)


def _protect(resource: autoscaling.CfnAutoScalingGroup, options: Mapping[str, Any]) -> None:
    """How long instances live, which go first, and what cannot be deleted by one call."""
    if options["maximum_lifetime"] is not None:
        resource.max_instance_lifetime = options["maximum_lifetime"].to_seconds()
    if options["group_protection"] is not None:
        resource.deletion_protection = options["group_protection"]
    if options["termination_policies"]:
        resource.termination_policies = [*options["termination_policies"]]
    if options["distribution"] != "balanced-best-effort":
        resource.availability_zone_distribution = _Group.AvailabilityZoneDistributionProperty(
            capacity_distribution_strategy=options["distribution"]
        )
    if options["retain_abandoned"]:
        resource.instance_lifecycle_policy = _Group.InstanceLifecyclePolicyProperty(
            retention_triggers=_Group.RetentionTriggersProperty(terminate_hook_abandon="retain")
        )


def _reserve(resource: autoscaling.CfnAutoScalingGroup, reserved: CapacityReservations | None) -> None:
    if reserved is None:
        return
    named = bool(reserved.ids or reserved.groups)
    resource.capacity_reservation_specification = _Group.CapacityReservationSpecificationProperty(
        capacity_reservation_preference=reserved.preference,
        capacity_reservation_target=_Group.CapacityReservationTargetProperty(
            capacity_reservation_ids=[*reserved.ids] or None,
            capacity_reservation_resource_group_arns=[*reserved.groups] or None,
        )
        if named
        else None,
    )


def _hook(scope: Construct, resource: autoscaling.CfnAutoScalingGroup, hooks: Sequence[LifecycleHook]) -> None:
    """Hooks stand in the group itself: as resources of their own they would miss its first instances."""
    told = [hook.tells for hook in hooks if hook.tells is not None]
    role = _teller(scope, told) if told else None
    resource.lifecycle_hook_specification_list = [
        _Group.LifecycleHookSpecificationProperty(
            lifecycle_hook_name=hook.name,
            lifecycle_transition=f"autoscaling:EC2_INSTANCE_{hook.at.upper()}",
            heartbeat_timeout=hook.heartbeat.to_seconds(),
            default_result=hook.otherwise,
            notification_target_arn=_arn(hook.tells),
            notification_metadata=hook.metadata,
            role_arn=role.role_arn if role and hook.tells is not None else None,
        )
        for hook in hooks
    ]
    if role is not None:
        resource.node.add_dependency(role.node.find_child("DefaultPolicy"))  # the group sends a test message at once


def _let_complete(scope: Construct, resource: autoscaling.CfnAutoScalingGroup, role: iam.IRole) -> None:
    """Instances say themselves that they are done.

    Beside the role, not in it: the launch template waits for the role's own policy, and the group for the template.
    It is there seconds after the group, long before the first instance has booted.
    """
    complete = ["autoscaling:CompleteLifecycleAction", "autoscaling:RecordLifecycleActionHeartbeat"]
    iam.ManagedPolicy(
        scope,
        "Hooks",
        statements=[iam.PolicyStatement(actions=complete, resources=[resource.attr_auto_scaling_group_arn])],
        roles=[role],
        description="lets instances end the pauses of their lifecycle hooks",
    )


def _teller(scope: Construct, told: Sequence[sqs.IQueue | sns.ITopic]) -> iam.Role:
    """Lets Auto Scaling send to queues and topics, and nothing else."""
    service = cast("iam.IPrincipal", iam.ServicePrincipal("autoscaling.amazonaws.com"))
    role = iam.Role(scope, "HookRole", assumed_by=service)
    accept(role, "NIST.800.53.R5::NIST.800.53.R5-IAMNoInlinePolicy", "what it may send to belongs to these hooks alone")
    to = cast("iam.IGrantable", role)
    for target in told:
        queue, topic = _as_queue(target), _as_topic(target)
        if queue is not None:
            queue.grant_send_messages(to)
        if topic is not None:
            topic.grant_publish(to)
    return role


def _arn(target: object) -> str | None:
    queue, topic = _as_queue(target), _as_topic(target)
    return queue.queue_arn if queue is not None else topic.topic_arn if topic is not None else None


def _as_queue(target: object) -> sqs.IQueue | None:
    """What it is, told by what it has: imported ones are of no class that could be asked for."""
    return cast("sqs.IQueue", target) if hasattr(target, "queue_arn") else None


def _as_topic(target: object) -> sns.ITopic | None:
    return cast("sns.ITopic", target) if hasattr(target, "topic_arn") else None


def _warm(scope: Construct, group: autoscaling.AutoScalingGroup, pool: WarmPool) -> None:
    autoscaling.CfnWarmPool(
        scope,
        "WarmPool",
        auto_scaling_group_name=group.auto_scaling_group_name,
        pool_state=pool.state,
        min_size=pool.minimum,
        max_group_prepared_capacity=pool.prepared,
        instance_reuse_policy=autoscaling.CfnWarmPool.InstanceReusePolicyProperty(reuse_on_scale_in=pool.reuse),
    )


def _schedule(scope: Construct, group: autoscaling.AutoScalingGroup, size: ScheduledSize, zones: int) -> None:
    autoscaling.CfnScheduledAction(
        scope,
        f"Schedule-{size.name}",
        auto_scaling_group_name=group.auto_scaling_group_name,
        recurrence=size.cron,
        time_zone=size.time_zone if size.cron else None,
        start_time=size.at,
        end_time=size.until,
        min_size=None if size.minimum is None else group_size(size.minimum, zones),
        desired_capacity=size.desired,
        max_size=size.maximum,
    )


def _track(scope: Construct, group: autoscaling.AutoScalingGroup, target: MetricTarget) -> None:
    autoscaling.TargetTrackingScalingPolicy(
        scope,
        f"Track-{target.name}",
        auto_scaling_group=group,
        custom_metric=target.metric,
        target_value=target.target,
        disable_scale_in=not target.scale_in,
    )


def _predict(
    scope: Construct, group: autoscaling.AutoScalingGroup, forecast: PredictiveScaling, label: str | None
) -> None:
    own = autoscaling.CfnScalingPolicy
    pair = own.PredictiveScalingPredefinedMetricPairProperty(
        predefined_metric_type=_PREDEFINED[forecast.metric],
        resource_label=label if forecast.metric == "requests" else None,
    )
    beyond = forecast.beyond_maximum_percent
    own(
        scope,
        "Predictive",
        auto_scaling_group_name=group.auto_scaling_group_name,
        policy_type="PredictiveScaling",
        predictive_scaling_configuration=own.PredictiveScalingConfigurationProperty(
            metric_specifications=[
                own.PredictiveScalingMetricSpecificationProperty(
                    target_value=forecast.target, predefined_metric_pair_specification=pair
                )
            ],
            mode="ForecastOnly" if forecast.forecast_only else "ForecastAndScale",
            scheduling_buffer_time=forecast.ahead.to_seconds() if forecast.ahead else None,
            max_capacity_breach_behavior="HonorMaxCapacity" if beyond is None else "IncreaseMaxCapacity",
            max_capacity_buffer=beyond,
        ),
    )
