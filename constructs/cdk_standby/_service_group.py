"""How many instances run, where, and how they are replaced."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Acknowledgment, Duration, Validations
from aws_cdk import aws_autoscaling as autoscaling
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elb
from constructs import Construct

from ._service_launch import overrides
from ._service_values import InstanceRefresh, Spot

_REPLACE_AT_ONCE = 120  # percent of the group while instances are replaced, of which 100 are in service
_QUIET = {
    "AwsSolutions::AwsSolutions-AS3": "launches and terminations are ordinary and stand in EventBridge; what somebody "
    "has to know rings as an alarm (BelowMinimum, AtMaximum, HealthyHosts of each zone)",
}
_ACCEPTED_BALANCED = {
    "NIST.800.53.R5::NIST.800.53.R5-AutoScalingGroupELBHealthCheckRequired": "it has ELB health checks, and EBS ones "
    "beside: the rule reads a list of one only",
}
_ACCEPTED_MIXED = {
    "AwsSolutions::AwsSolutions-EC26": "the launch template encrypts its volume: the rule cannot read mixed groups",
    "NIST.800.53.R5::NIST.800.53.R5-EC2IMDSv2Enabled": "the launch template requires IMDSv2: the rule looks for it "
    "outside mixed instances policies only",
}
ELB, EBS, LATTICE = (
    autoscaling.AdditionalHealthCheckType.ELB,
    autoscaling.AdditionalHealthCheckType.EBS,
    autoscaling.AdditionalHealthCheckType.VPC_LATTICE,
)


def scaling_group(
    scope: Construct,
    *,
    vpc: ec2.IVpc,
    subnets: ec2.SubnetSelection,
    template: ec2.LaunchTemplate,
    instance_types: Sequence[str],
    minimum: int,
    maximum: int,
    name: str | None,
    boot_time: Duration,
    grace: Duration | None = None,
    health: Sequence[autoscaling.AdditionalHealthCheckType] = (ELB, EBS),
    refresh: InstanceRefresh | None = None,
    spot: Spot | None = None,
    pinned: bool = False,
    shifts: bool = True,
) -> autoscaling.AutoScalingGroup:
    """The group. Its desired capacity is never rendered: a deployment would undo what scaling or a failover did.

    A pinned one has a single zone, where there is nothing to balance and nowhere to shift to.
    """
    mixed = len(instance_types) > 1
    group = autoscaling.AutoScalingGroup(
        scope,
        "Group",
        vpc=vpc,
        vpc_subnets=subnets,
        launch_template=None if mixed else template,
        mixed_instances_policy=_mixed(template, instance_types, spot, minimum) if mixed else None,
        capacity_rebalance=True if spot else None,
        min_capacity=minimum,
        max_capacity=maximum,
        auto_scaling_group_name=name,
        group_metrics=[autoscaling.GroupMetrics.all()],
        default_instance_warmup=boot_time,
        health_checks=autoscaling.HealthChecks.with_additional_checks(
            additional_types=[*health],
            grace_period=grace or boot_time,
        ),
        az_capacity_distribution_strategy=None
        if pinned
        else autoscaling.CapacityDistributionStrategy.BALANCED_BEST_EFFORT,
        update_policy=_refresh(boot_time, refresh or InstanceRefresh()),
    )
    _maintain(group)
    if shifts and not pinned:
        _for_zones(group)
    accepted = _QUIET | (_ACCEPTED_BALANCED if ELB in health else {}) | (_ACCEPTED_MIXED if mixed else {})
    for rule, reason in accepted.items():
        Validations.of(group).acknowledge(Acknowledgment(id=rule, reason=reason))
    return group


def scale_by_cpu_and_requests(
    scope: Construct,
    group: autoscaling.AutoScalingGroup,
    *,
    cpu_target: float | None,
    requests_per_target: int | None,
    balancer: elb.ApplicationLoadBalancer,
    listener: elb.ApplicationListener,
    targets: elb.ApplicationTargetGroup,
) -> None:
    """Keep CPU and the requests of each instance. The metric of requests exists once a listener joined the two."""
    if cpu_target is not None:
        group.scale_on_cpu_utilization("Cpu", target_utilization_percent=cpu_target)
    if requests_per_target is not None:
        policy = autoscaling.TargetTrackingScalingPolicy(
            scope,
            "Requests",
            auto_scaling_group=group,
            predefined_metric=autoscaling.PredefinedMetric.ALB_REQUEST_COUNT_PER_TARGET,
            resource_label=f"{balancer.load_balancer_full_name}/{targets.target_group_full_name}",
            target_value=requests_per_target,
        )
        policy.node.add_dependency(listener)


def _refresh(boot_time: Duration, wanted: InstanceRefresh) -> autoscaling.UpdatePolicy:
    """A new launch template replaces the instances, new ones first."""
    rolling = wanted.strategy == "Rolling"
    own = autoscaling.InstanceRefreshStrategy
    return autoscaling.UpdatePolicy.instance_refresh(
        strategy=own.ROLLING if rolling else own.REPLACE_ROOT_VOLUME,
        min_healthy_percentage=wanted.min_healthy,
        max_healthy_percentage=wanted.max_healthy,
        instance_warmup=boot_time,
        skip_matching=True,
        checkpoint_percentages=[*wanted.checkpoints] or None,
        checkpoint_delay=wanted.checkpoint_delay,
        bake_time=wanted.bake_time,
        alarms=[*wanted.alarms] or None,
    )


def _mixed(
    template: ec2.LaunchTemplate, instance_types: Sequence[str], spot: Spot | None, minimum: int
) -> autoscaling.MixedInstancesPolicy:
    return autoscaling.MixedInstancesPolicy(
        launch_template=template,
        launch_template_overrides=overrides(instance_types),
        instances_distribution=autoscaling.InstancesDistribution(
            on_demand_base_capacity=on_demand_base(spot, minimum) if spot else None,
            on_demand_percentage_above_base_capacity=spot.on_demand_percent if spot else 100,
            on_demand_allocation_strategy=autoscaling.OnDemandAllocationStrategy.PRIORITIZED,
            spot_allocation_strategy=autoscaling.SpotAllocationStrategy[spot.strategy.upper().replace("-", "_")]
            if spot
            else None,
        ),
    )


def on_demand_base(spot: Spot, minimum: int) -> int:
    """On-Demand Instances that start first: all that a zone's loss must leave enough of, unless said otherwise."""
    return minimum if spot.base is None else spot.base


def _maintain(group: autoscaling.AutoScalingGroup) -> None:
    """Launch before terminate, whatever the reason."""
    _resource(group).instance_maintenance_policy = autoscaling.CfnAutoScalingGroup.InstanceMaintenancePolicyProperty(
        min_healthy_percentage=100, max_healthy_percentage=_REPLACE_AT_ONCE
    )


def _for_zones(group: autoscaling.AutoScalingGroup) -> None:
    """No replacements in a zone that traffic was shifted out of.

    https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-zonal-shift.html
    """
    _resource(
        group
    ).availability_zone_impairment_policy = autoscaling.CfnAutoScalingGroup.AvailabilityZoneImpairmentPolicyProperty(
        zonal_shift_enabled=True, impaired_zone_health_check_behavior="IgnoreUnhealthy"
    )


def _resource(group: autoscaling.AutoScalingGroup) -> autoscaling.CfnAutoScalingGroup:
    resource = group.node.default_child
    assert isinstance(resource, autoscaling.CfnAutoScalingGroup)
    return resource
