"""An Application Load Balancer behind a Network Load Balancer: static addresses for HTTPS."""

from __future__ import annotations

from collections.abc import Mapping

from aws_cdk import Duration
from aws_cdk import aws_autoscaling as autoscaling
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elb
from aws_cdk import aws_elasticloadbalancingv2_targets as elb_targets
from constructs import Construct

from cdk_standby_review.facts import elb as facts

from .._checks import check
from ._health_rules import unknown_values
from ._network_rules import BEFORE_ANOTHER
from ._pool import TargetPool
from .application_balancer import ApplicationBalancer

__all__ = ["BalancerTargets"]


class BalancerTargets(TargetPool):
    """An `ApplicationBalancer` as the target of a `NetworkBalancer`, which gives it static addresses.

    Zone loss: both stand in all zones, and the outer one leads to nodes of the inner one that are left. Region loss:
    not survived alone.
    """

    target_group: elb.NetworkTargetGroup
    protocol: str
    sticky: bool

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        vpc: ec2.IVpc,
        balancer: ApplicationBalancer,
        health_path: str = "/healthz",
        health_interval: Duration | None = None,
        health_timeout: Duration | None = None,
        healthy_after: int = 2,
        unhealthy_after: int = 3,
        alarm_thresholds: Mapping[str, float] | None = None,
        alarms_off_because: Mapping[str, str] | None = None,
    ) -> None:
        """Make the target group.

        Args:
            scope: the parent.
            id: unique among the parent's children.
            vpc: the VPC of both load balancers.
            balancer: better one without `internet_facing`, so that nobody passes the static addresses by. What it
                listens on is what the outer one has to listen on.
            health_path: what answers 2xx or 3xx through the inner load balancer, without a sign-in; left out:
                ``/healthz``.
            health_interval: between two checks, 5 to 300 seconds; left out: 10 seconds.
            health_timeout: how long one waits, 2 to 120 seconds; left out: 5 seconds.
            healthy_after: good answers in a row, 2 to 10; left out: 2.
            unhealthy_after: bad ones in a row, 2 to 10; left out: 3.
            alarm_thresholds: other thresholds by alarm name: `HealthyHosts`, `UnhealthyHosts`, `FailOpen`.
            alarms_off_because: alarms to leave out, by name, with reasons.

        Raises:
            InvalidOptions: options that cannot work, all of them at once.
        """
        super().__init__(scope, id)
        interval, timeout = health_interval or Duration.seconds(10), health_timeout or Duration.seconds(5)
        options = {name: value for name, value in locals().items() if name not in ("self", "scope", "id")}
        options |= {"health_interval": interval, "health_timeout": timeout}
        check(self, BEFORE_ANOTHER, options, also=unknown_values(self.node.path, options))
        self.vpc, self.kind, self.port, self.health_port = vpc, "alb", balancer.port, None
        self.needed, self.cross_zone, self.addresses = None, None, None
        self.protocol, self.sticky, self.by_zone = "TCP", False, False
        self.thresholds, self.off_because = alarm_thresholds, alarms_off_because
        self.detection = facts.detection(interval.to_seconds(), unhealthy_after, timeout.to_seconds())
        self._inner = balancer
        self.target_group = elb.NetworkTargetGroup(
            self,
            "Targets",
            vpc=vpc,
            target_type=elb.TargetType.ALB,
            protocol=elb.Protocol.TCP,
            port=balancer.port,
            targets=[elb_targets.AlbListenerTarget(balancer.listener)],
            health_check=elb.HealthCheck(
                protocol=elb.Protocol.HTTPS if balancer.port == facts.HTTPS_PORT.value else elb.Protocol.HTTP,
                path=health_path,
                interval=interval,
                timeout=timeout,
                healthy_threshold_count=healthy_after,
                unhealthy_threshold_count=unhealthy_after,
                healthy_http_codes="200-399",
            ),
        )

    def meet(self, balancer: ec2.Connections, zones: tuple[str, ...], *, crosses: bool) -> None:
        """The outer load balancer leads here, and is let in by the inner one."""
        super().meet(balancer, zones, crosses=crosses)
        for port in self.ports:
            self._inner.connections.allow_from(balancer, port, f"from the load balancer before {self.node.path}")

    def _register(self, group: autoscaling.AutoScalingGroup) -> None:
        raise NotImplementedError
