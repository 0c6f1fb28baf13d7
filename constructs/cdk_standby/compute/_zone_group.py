"""The instances of one zone: a group that is pinned there, and whoever asks it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from aws_cdk import Duration
from aws_cdk import aws_autoscaling as autoscaling
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elb
from aws_cdk import aws_iam as iam
from constructs import Construct

from .._alarms import AlarmSpec
from .._service_alarms import capacity_alarms, pool_alarms
from .._service_balancer import HEALTH_FAILURES, HEALTH_INTERVAL, HEALTH_TIMEOUT, target_group
from .._service_group import EBS, ELB, scaling_group
from .._service_options import add_options
from ._fleet_rules import MARGIN
from ._fleet_targets import attach

Target = elb.ApplicationTargetGroup | elb.NetworkTargetGroup


class ZoneGroup(Construct):
    """The Auto Scaling group of one zone. It grows and heals there only: what a lost zone takes, the others carry."""

    group: autoscaling.AutoScalingGroup
    target_group: Target | None
    availability_zone: str
    letter: str
    """Of its zone: what tells its id and its alarms from those of the others."""

    def __init__(self, scope: Construct, letter: str, *, subnet: ec2.ISubnet, options: Mapping[str, Any]) -> None:
        """Build the group of a zone from what all zones have in common."""
        super().__init__(scope, f"Zone-{letter}")
        self.letter, self.availability_zone = letter, subnet.availability_zone
        own = zonal_targets(self, options) if options["targets_each"] else None
        self.target_group = own or options["shared_targets"]
        self._pool = options["warm_pool"]
        boot_time: Duration = options["boot_time"]
        self.group = scaling_group(
            self,
            vpc=options["vpc"],
            subnets=ec2.SubnetSelection(subnets=[subnet]),
            template=options["launch_template"],
            instance_types=options["instance_types"],
            minimum=options["running_per_zone"],
            maximum=options["maximum_per_zone"],
            name=None,
            boot_time=boot_time,
            grace=boot_time.plus(Duration.seconds(MARGIN)),
            health=[EBS, ELB] if self.target_group else [EBS],
            refresh=options["refresh"],
            pinned=True,
        )
        attach(self.group, [self.target_group] if self.target_group else (), ())
        if options["cpu_target"] is not None:
            self.group.scale_on_cpu_utilization("Cpu", target_utilization_percent=options["cpu_target"])
        role: iam.IRole = options["role"]
        add_options(self, self.group, role, options, zones=2)

    def specs(self) -> Iterator[AlarmSpec]:
        """Its alarms, by the letter of its zone."""
        yield from capacity_alarms(self.group, f"-{self.letter}")
        yield from pool_alarms(self.group, self._pool, f"-{self.letter}")


def zonal_targets(scope: Construct, options: Mapping[str, Any]) -> Target:
    """A target group that no load balancer leads to from another zone."""
    if options["protocol"] == "HTTP":
        asked: Target = target_group(
            scope,
            vpc=options["vpc"],
            port=options["port"],
            health_path=options["health_path"],
            deregistration_delay=None,
            slow_start=None,
            dns_failover_percent=None,
            fail_open_percent=None,
        )
        asked.set_attribute("load_balancing.cross_zone.enabled", "false")
        return asked
    return elb.NetworkTargetGroup(
        scope,
        "Targets",
        vpc=options["vpc"],
        target_type=elb.TargetType.INSTANCE,
        protocol=elb.Protocol.TCP,
        port=options["port"],
        cross_zone_enabled=False,
        deregistration_delay=Duration.seconds(30),
        health_check=elb.HealthCheck(
            protocol=elb.Protocol.TCP,
            interval=Duration.seconds(HEALTH_INTERVAL),
            timeout=Duration.seconds(HEALTH_TIMEOUT),
            healthy_threshold_count=2,
            unhealthy_threshold_count=HEALTH_FAILURES,
        ),
    )


def healthy_hosts(
    zones: Sequence[ZoneGroup], balancer: elb.ApplicationLoadBalancer | elb.NetworkLoadBalancer, *, expected: bool
) -> Iterator[AlarmSpec]:
    """An alarm per zone for its last healthy target, as this balancer sees it."""
    namespace = "AWS/NetworkELB" if isinstance(balancer, elb.NetworkLoadBalancer) else "AWS/ApplicationELB"
    treat = cloudwatch.TreatMissingData
    for zone in zones:
        targets = zone.target_group
        assert targets is not None  # asked before
        yield AlarmSpec(
            name=f"HealthyHosts-{zone.letter}",
            metric=cloudwatch.Metric(
                namespace=namespace,
                metric_name="HealthyHostCount",
                dimensions_map={
                    "LoadBalancer": balancer.load_balancer_full_name,
                    "TargetGroup": targets.target_group_full_name,
                    "AvailabilityZone": zone.availability_zone,
                },
                statistic="Minimum",
                period=Duration.minutes(1),
            ),
            threshold=1 if expected else 0,
            comparison=cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
            missing=treat.BREACHING if expected else treat.NOT_BREACHING,
            says=f"No healthy instance in {zone.availability_zone}, and nobody else answers what arrives there. Shift "
            "the zone away (arc-zonal-shift start-zonal-shift): the others carry the load.",
        )
