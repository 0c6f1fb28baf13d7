"""How many instances run, where, and how they are replaced."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Acknowledgment, Duration, Validations
from aws_cdk import aws_autoscaling as autoscaling
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elb
from constructs import Construct

from ._service_launch import overrides

_REPLACE_AT_ONCE = 120  # percent of the group while instances are replaced, of which 100 are in service
_ACCEPTED = {
    "AwsSolutions::AwsSolutions-AS3": "launches and terminations are ordinary and stand in EventBridge; what somebody "
    "has to know rings as an alarm (BelowMinimum, AtMaximum, HealthyHosts of each zone)",
    "NIST.800.53.R5::NIST.800.53.R5-AutoScalingGroupELBHealthCheckRequired": "it has ELB health checks, and EBS ones "
    "beside: the rule reads a list of one only",
}
_ACCEPTED_MIXED = {
    "AwsSolutions::AwsSolutions-EC26": "the launch template encrypts its volume: the rule cannot read mixed groups",
    "NIST.800.53.R5::NIST.800.53.R5-EC2IMDSv2Enabled": "the launch template requires IMDSv2: the rule looks for it "
    "outside mixed instances policies only",
}


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
    mixed = len(instance_types) > 1
    group = autoscaling.AutoScalingGroup(
        scope,
        "Group",
        vpc=vpc,
        vpc_subnets=subnets,
        launch_template=None if mixed else template,
        mixed_instances_policy=_mixed(template, instance_types) if mixed else None,
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
    for rule, reason in (_ACCEPTED | (_ACCEPTED_MIXED if mixed else {})).items():
        Validations.of(group).acknowledge(Acknowledgment(id=rule, reason=reason))
    return group


def scale_by_requests(
    scope: Construct,
    group: autoscaling.AutoScalingGroup,
    *,
    balancer: elb.ApplicationLoadBalancer,
    listener: elb.ApplicationListener,
    targets: elb.ApplicationTargetGroup,
    per_minute: int,
) -> None:
    """Keep the requests of each instance. The metric exists once a listener joined targets and balancer."""
    policy = autoscaling.TargetTrackingScalingPolicy(
        scope,
        "Requests",
        auto_scaling_group=group,
        predefined_metric=autoscaling.PredefinedMetric.ALB_REQUEST_COUNT_PER_TARGET,
        resource_label=f"{balancer.load_balancer_full_name}/{targets.target_group_full_name}",
        target_value=per_minute,
    )
    policy.node.add_dependency(listener)


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
