"""How many instances run, where, and how they are replaced."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Acknowledgment, Duration, Validations
from aws_cdk import aws_autoscaling as autoscaling
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from ._service_launch import overrides

_REPLACE_AT_ONCE = 120  # percent of the group while instances are replaced, of which 100 are in service
_NO_NOTIFICATIONS = (
    "launches and terminations are ordinary and stand in EventBridge; what somebody has to know rings as an alarm "
    "(BelowMinimum, AtMaximum, HealthyHosts of each zone)"
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
) -> autoscaling.AutoScalingGroup:
    """The group. Its desired capacity is never rendered: a deployment would undo what scaling or a failover did."""
    group = autoscaling.AutoScalingGroup(
        scope,
        "Group",
        vpc=vpc,
        vpc_subnets=subnets,
        launch_template=None if len(instance_types) > 1 else template,
        mixed_instances_policy=_mixed(template, instance_types) if len(instance_types) > 1 else None,
        min_capacity=minimum,
        max_capacity=maximum,
        auto_scaling_group_name=name,
        group_metrics=[autoscaling.GroupMetrics.all()],
        default_instance_warmup=boot_time,
        health_checks=autoscaling.HealthChecks.with_additional_checks(
            additional_types=[autoscaling.AdditionalHealthCheckType.ELB, autoscaling.AdditionalHealthCheckType.EBS],
            grace_period=boot_time,
        ),
        az_capacity_distribution_strategy=autoscaling.CapacityDistributionStrategy.BALANCED_BEST_EFFORT,
        update_policy=_refresh(boot_time),
    )
    _for_zones(group)
    reason = Acknowledgment(id="AwsSolutions::AwsSolutions-AS3", reason=_NO_NOTIFICATIONS)
    Validations.of(group).acknowledge(reason)
    return group


def _refresh(boot_time: Duration) -> autoscaling.UpdatePolicy:
    """A new launch template replaces the instances, new ones first."""
    return autoscaling.UpdatePolicy.instance_refresh(
        strategy=autoscaling.InstanceRefreshStrategy.ROLLING,
        min_healthy_percentage=100,
        max_healthy_percentage=_REPLACE_AT_ONCE,
        instance_warmup=boot_time,
        skip_matching=True,
    )


def _mixed(template: ec2.LaunchTemplate, instance_types: Sequence[str]) -> autoscaling.MixedInstancesPolicy:
    return autoscaling.MixedInstancesPolicy(
        launch_template=template,
        launch_template_overrides=overrides(instance_types),
        instances_distribution=autoscaling.InstancesDistribution(
            on_demand_percentage_above_base_capacity=100,
            on_demand_allocation_strategy=autoscaling.OnDemandAllocationStrategy.PRIORITIZED,
        ),
    )


def _for_zones(group: autoscaling.AutoScalingGroup) -> None:
    """Launch before terminate, and no replacements in a zone that traffic was shifted out of.

    https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-zonal-shift.html
    """
    resource = group.node.default_child
    assert isinstance(resource, autoscaling.CfnAutoScalingGroup)
    resource.instance_maintenance_policy = autoscaling.CfnAutoScalingGroup.InstanceMaintenancePolicyProperty(
        min_healthy_percentage=100, max_healthy_percentage=_REPLACE_AT_ONCE
    )
    resource.availability_zone_impairment_policy = (
        autoscaling.CfnAutoScalingGroup.AvailabilityZoneImpairmentPolicyProperty(
            zonal_shift_enabled=True, impaired_zone_health_check_behavior="IgnoreUnhealthy"
        )
    )
