"""What an Application Load Balancer leads to: a function."""

from __future__ import annotations

from collections.abc import Mapping

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elb
from aws_cdk import aws_elasticloadbalancingv2_targets as elb_targets
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from .._checks import check
from ._application_rules import FUNCTION
from ._health_rules import unknown_values

__all__ = ["FunctionTargets"]


class FunctionTargets(Construct):
    """A Lambda function behind an `ApplicationBalancer`.

    Zone loss: survived, Lambda runs in several zones of the Region. Region loss: not survived alone. Requests and
    answers have a megabyte each, and no WebSockets.
    """

    target_group: elb.ApplicationTargetGroup
    alarms: dict[str, cloudwatch.Alarm]
    """Filled once a load balancer leads here."""
    thresholds: Mapping[str, float] | None
    off_because: Mapping[str, str] | None

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        function: lambda_.IFunction,
        health_path: str | None = None,
        health_interval: Duration | None = None,
        health_timeout: Duration | None = None,
        healthy_after: int = 2,
        unhealthy_after: int = 3,
        alarm_thresholds: Mapping[str, float] | None = None,
        alarms_off_because: Mapping[str, str] | None = None,
    ) -> None:
        """Make the target group, and let load balancers invoke the function.

        Args:
            scope: the parent.
            id: unique among the parent's children.
            function: of this account and Region; better an alias, so that a deployment can go back.
            health_path: asked as a request of its own, each an invocation that is paid for; left out: not asked, and
                the function counts as healthy.
            health_interval: between two checks, 5 to 300 seconds; left out: 35 seconds.
            health_timeout: how long one waits, 2 to 120 seconds; left out: 30 seconds.
            healthy_after: good answers in a row, 2 to 10; left out: 2.
            unhealthy_after: bad ones in a row, 2 to 10; left out: 3.
            alarm_thresholds: other thresholds by alarm name: `FunctionErrors`.
            alarms_off_because: alarms to leave out, by name, with reasons.

        Raises:
            InvalidOptions: options that cannot work, all of them at once.
        """
        super().__init__(scope, id)
        interval = health_interval if health_interval or health_path is None else Duration.seconds(35)
        timeout = health_timeout if health_timeout or health_path is None else Duration.seconds(30)
        counts = {"healthy_after": healthy_after, "unhealthy_after": unhealthy_after}
        options = {**locals(), "health_interval": interval, "health_timeout": timeout}
        check(self, FUNCTION, options, also=unknown_values(self.node.path, counts))
        self.thresholds, self.off_because, self._met = alarm_thresholds, alarms_off_because, False
        asked = health_path is not None
        self.target_group = elb.ApplicationTargetGroup(
            self,
            "Targets",
            target_type=elb.TargetType.LAMBDA,
            targets=[elb_targets.LambdaTarget(function)],
            multi_value_headers_enabled=True,
            health_check=elb.HealthCheck(
                enabled=asked,
                path=health_path,
                interval=interval,
                timeout=timeout,
                healthy_threshold_count=healthy_after if asked else None,
                unhealthy_threshold_count=unhealthy_after if asked else None,
            ),
        )

    def meet(self, balancer: ec2.Connections, zones: tuple[str, ...], *, crosses: bool) -> None:  # noqa: ARG002
        """A load balancer leads here; it invokes the function without a network between them."""
        self._met = True

    @property
    def met(self) -> bool:
        """Whether a load balancer leads here already."""
        return self._met
