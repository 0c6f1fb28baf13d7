"""What a hot spare is made of: groups of one that stay in their zones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from aws_cdk import Duration, Tags
from aws_cdk import aws_autoscaling as autoscaling
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from .._reasons import tag_value
from ..relational._parts import NIST, accept

SPARE_TAG = "cdk-standby:spare"
_NIC = "LaunchTemplateData.NetworkInterfaces.0.SecondaryPrivateIpAddressCount"


@dataclass(frozen=True, kw_only=True)
class Shared:
    """What both groups have in common."""

    vpc: ec2.IVpc
    template: ec2.LaunchTemplate
    boot_time: Duration


def with_addresses(template: ec2.LaunchTemplate, addresses: int) -> None:
    """A private address for each public one, and EC2's own recovery, which is the default, in writing."""
    resource = cast("ec2.CfnLaunchTemplate", template.node.default_child)
    resource.add_property_override("LaunchTemplateData.MaintenanceOptions.AutoRecovery", "default")
    if addresses > 1:
        resource.add_property_override(_NIC, addresses - 1)


def group_of_one(
    scope: Construct, id: str, shared: Shared, *, subnets: ec2.SubnetSelection, runs: bool
) -> autoscaling.AutoScalingGroup:
    """One instance at most. Desired capacity is never rendered: a deployment would undo a takeover."""
    grace = shared.boot_time
    group = autoscaling.AutoScalingGroup(
        scope,
        id,
        vpc=shared.vpc,
        vpc_subnets=subnets,
        launch_template=shared.template,
        min_capacity=1 if runs else 0,
        max_capacity=1,
        group_metrics=[autoscaling.GroupMetrics.all()],
        default_instance_warmup=shared.boot_time,
        health_checks=autoscaling.HealthChecks.with_additional_checks(
            additional_types=[autoscaling.AdditionalHealthCheckType.EBS], grace_period=grace
        ),
        update_policy=_anew(shared.boot_time) if runs else _refreshed(shared.boot_time),
    )
    events = "EventBridge has launches and terminations, and the alarms of the takeover ring when one matters"
    accept(group, events, "AwsSolutions::AwsSolutions-AS3")
    no_balancer = "no load balancer stands before a server that cannot run twice"
    accept(group, no_balancer, NIST + "AutoScalingGroupELBHealthCheckRequired")
    return group


def are_a_pair(scope: Construct, *groups: autoscaling.AutoScalingGroup) -> None:
    """Say so in tags, where a review finds it."""
    for group in groups:
        Tags.of(group).add(SPARE_TAG, tag_value(scope.node.path))


def one_after_the_other(*, first: autoscaling.AutoScalingGroup, then: autoscaling.AutoScalingGroup) -> None:
    """A new image replaces one server, and the other only when that is done."""
    then.node.add_dependency(first)


def keep_stopped(group: autoscaling.AutoScalingGroup) -> None:
    """A group replaces an instance that is stopped: only its warm pool may keep one so."""
    group.add_warm_pool(
        pool_state=autoscaling.PoolState.STOPPED, max_group_prepared_capacity=1, min_size=0, reuse_on_scale_in=True
    )


def _anew(boot_time: Duration) -> autoscaling.UpdatePolicy:
    return autoscaling.UpdatePolicy.rolling_update(
        max_batch_size=1, min_instances_in_service=0, pause_time=boot_time, suspend_processes=_SUSPENDED
    )


def _refreshed(boot_time: Duration) -> autoscaling.UpdatePolicy:
    """A refresh reaches the warm pool too."""
    return autoscaling.UpdatePolicy.instance_refresh(
        strategy=autoscaling.InstanceRefreshStrategy.ROLLING,
        min_healthy_percentage=0,
        max_healthy_percentage=100,
        instance_warmup=boot_time,
        skip_matching=True,
    )


_SUSPENDED = [
    autoscaling.ScalingProcess.HEALTH_CHECK,
    autoscaling.ScalingProcess.REPLACE_UNHEALTHY,
    autoscaling.ScalingProcess.AZ_REBALANCE,
    autoscaling.ScalingProcess.ALARM_NOTIFICATION,
    autoscaling.ScalingProcess.SCHEDULED_ACTIONS,
]
"""What would replace the instance a second time while an update does."""
