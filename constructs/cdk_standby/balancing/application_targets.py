"""What an Application Load Balancer leads to: instances, or addresses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from aws_cdk import Annotations, Duration
from aws_cdk import aws_autoscaling as autoscaling
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elb
from constructs import Construct

from cdk_standby_review.facts import elb as facts

from .._checks import check
from ._application_rules import TARGETS
from ._entrance import cidr_of
from ._health_rules import thresholds, unknown_values
from ._pool import TargetPool, ip_targets, zone_was_chosen
from .hybrid_targets import HybridTargets, address_problems, seen

__all__ = ["ApplicationTargets"]

STICKY = "cdk-standby:sticky-targets"
"""The id by which the warning about stickiness is acknowledged."""


class ApplicationTargets(TargetPool):
    """A target group of an `ApplicationBalancer`: which instances or addresses answer, and when they are healthy.

    Target loss: it gets no more requests within `detection`. Zone loss: the same for all targets there; those in other
    zones are enough when `needed` says how many have to be. Region loss: not survived alone.
    """

    target_group: elb.ApplicationTargetGroup

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        vpc: ec2.IVpc,
        port: int = 8080,
        protocol: str = "HTTP",
        kind: str = "instance",
        addresses: HybridTargets | None = None,
        needed: int | None = None,
        health_path: str = "/healthz",
        health_port: int | None = None,
        health_interval: Duration | None = None,
        health_timeout: Duration | None = None,
        healthy_after: int = 2,
        unhealthy_after: int = 3,
        cross_zone: bool = True,
        algorithm: str | None = None,
        slow_start: Duration | None = None,
        stickiness: Duration | None = None,
        deregistration_delay: Duration | None = None,
        dns_failover_count: int = 1,
        dns_failover_percent: int | None = None,
        fail_open_count: int = 1,
        fail_open_percent: int | None = None,
        alarm_thresholds: Mapping[str, float] | None = None,
        alarms_off_because: Mapping[str, str] | None = None,
    ) -> None:
        """Make the target group; a balancer leads to it, and groups join by `attach`.

        Args:
            scope: the parent.
            id: unique among the parent's children.
            vpc: the VPC of the targets.
            port: where targets listen; left out: 8080.
            protocol: `"HTTP"` or `"HTTPS"`, of which the certificate is not looked at; left out: HTTP.
            kind: `"instance"`, or `"ip"` for containers and addresses; left out: instances,
                or addresses where `addresses` names some.
            addresses: targets by address, in the VPC or on premises; left out: whatever joins later.
            needed: targets that carry the load when a zone is lost; groups too small for that are refused. 0: nothing
                runs until somebody starts it (a pilot light), and the alarms of zones are silent. Left out: the size
                of groups is theirs, and each zone rings when it has no healthy target.
            health_path: what answers 2xx when a target can serve; left out: ``/healthz``. It must not depend on what
                all targets share: one failed database would make all of them unhealthy.
            health_port: where the health check is answered; left out: on `port`.
            health_interval: between two checks, 5 to 300 seconds; left out: 10 seconds.
            health_timeout: how long one waits, 2 to 120 seconds; left out: 5 seconds.
            healthy_after: good answers in a row, 2 to 10; left out: 2.
            unhealthy_after: bad ones in a row, 2 to 10; left out: 3.
            cross_zone: False keeps requests in the zone where they came in: each zone needs targets for its own share
                then, and neither stickiness nor functions work. Left out: all zones share all requests.
            algorithm: `"round_robin"`, `"least_outstanding_requests"` or `"weighted_random"`; left out: the last, with
                anomaly mitigation: a target that answers health checks but fails requests gets fewer of them, where
                three or more are healthy. With `slow_start`: round_robin.
            slow_start: how long a new target gets a growing share, 30 to 900 seconds; left out: none.
            stickiness: how long a client stays with its target, 1 second to 7 days. It is warned about: sessions die
                with their target, and clients stay away from new ones. Left out: none.
            deregistration_delay: how long a leaving target may finish requests, up to an hour; left out: 30 seconds.
            dns_failover_count: fewer healthy targets in a zone take it out of DNS; left out: 1.
            dns_failover_percent: the same as a share of the zone's targets, 1 to 100; left out: by count only.
            fail_open_count: fewer healthy targets make the balancer use unhealthy ones too, at most
                `dns_failover_count`; left out: 1.
            fail_open_percent: the same as a share, at most `dns_failover_percent`; left out: by count only.
            alarm_thresholds: other thresholds by alarm name: `HealthyHosts-a` and so on for each zone (`HealthyHosts`
                with `addresses`), `UnhealthyHosts`, `FailOpen`, `TargetErrors`, `ResponseTime`.
            alarms_off_because: alarms to leave out, by name, with reasons.

        Raises:
            InvalidOptions: options that cannot work, all of them at once.
        """
        super().__init__(scope, id)
        kind = "ip" if addresses is not None and kind == "instance" else kind
        interval, timeout = health_interval or Duration.seconds(10), health_timeout or Duration.seconds(5)
        options = {name: value for name, value in locals().items() if name not in ("self", "scope", "id")}
        options |= {"health_interval": interval, "health_timeout": timeout}
        where = self.node.path
        more = [*unknown_values(where, options), *address_problems(where, addresses, cidr_of(vpc))]
        check(self, TARGETS, {**options, **seen(addresses)}, also=more)
        self.vpc, self.kind, self.port, self.health_port = vpc, kind, port, health_port
        self.needed, self.cross_zone, self.addresses = needed, cross_zone, addresses
        self.by_zone = addresses is None
        self.thresholds, self.off_because = alarm_thresholds, alarms_off_because
        self.detection = facts.detection(interval.to_seconds(), unhealthy_after, timeout.to_seconds())
        self.target_group = elb.ApplicationTargetGroup(
            self,
            "Targets",
            vpc=vpc,
            target_type=elb.TargetType.INSTANCE if kind == "instance" else elb.TargetType.IP,
            protocol=elb.ApplicationProtocol[protocol],
            port=port,
            targets=ip_targets(addresses, port),
            deregistration_delay=deregistration_delay or Duration.seconds(30),
            slow_start=slow_start,
            stickiness_cookie_duration=stickiness,
            health_check=elb.HealthCheck(
                path=health_path,
                port=None if health_port is None else str(health_port),
                protocol=elb.Protocol[protocol],
                interval=interval,
                timeout=timeout,
                healthy_threshold_count=healthy_after,
                unhealthy_threshold_count=unhealthy_after,
                healthy_http_codes="200-299",
            ),
        )
        self._attributes(options)
        zone_was_chosen(self, self.target_group.node.default_child, addresses)
        if stickiness is not None:
            Annotations.of(self).add_warning_v2(STICKY, _WHY_NOT_STICKY)

    def _attributes(self, options: Mapping[str, Any]) -> None:
        algorithm = options["algorithm"] or ("weighted_random" if options["slow_start"] is None else "round_robin")
        crosses = "use_load_balancer_configuration" if options["cross_zone"] else "false"
        attributes = {
            **thresholds(options),
            "load_balancing.cross_zone.enabled": crosses,
            "load_balancing.algorithm.type": algorithm,
        }
        if algorithm == "weighted_random":
            attributes["load_balancing.algorithm.anomaly_mitigation"] = "on"
        for name, value in attributes.items():
            self.target_group.set_attribute(name, value)

    def _register(self, group: autoscaling.AutoScalingGroup) -> None:
        group.attach_to_application_target_group(cast("elb.IApplicationTargetGroup", self.target_group))


_WHY_NOT_STICKY = (
    "clients stay with one target: their sessions are lost with it and with its zone, and new targets stay idle; keep "
    "sessions in a cache instead"
)
