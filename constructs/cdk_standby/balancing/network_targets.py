"""What a Network Load Balancer leads to: instances, or addresses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from aws_cdk import Duration
from aws_cdk import aws_autoscaling as autoscaling
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elb
from constructs import Construct

from cdk_standby_review.facts import elb as facts

from .._checks import check
from ._entrance import cidr_of
from ._health_rules import thresholds, unknown_values
from ._network_rules import DATAGRAMS, TARGETS
from ._pool import TargetPool, ip_targets, zone_was_chosen
from .hybrid_targets import HybridTargets, address_problems, seen

__all__ = ["NetworkTargets"]


class NetworkTargets(TargetPool):
    """A target group of a `NetworkBalancer`: which instances or addresses answer, and when they are healthy.

    Target loss: it gets no new connections within `detection`, and those it has are ended, so that clients connect
    anew. Zone loss: with balancing over zones the same for all targets there; without, the zone's address leads nowhere
    until DNS drops it. Region loss: not survived alone.
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
        port: int,
        protocol: str = "TCP",
        kind: str = "instance",
        addresses: HybridTargets | None = None,
        needed: int | None = None,
        health_protocol: str = "TCP",
        health_path: str | None = None,
        health_port: int | None = None,
        health_interval: Duration | None = None,
        health_timeout: Duration | None = None,
        healthy_after: int = 2,
        unhealthy_after: int = 3,
        cross_zone: bool | None = None,
        preserve_client_ip: bool | None = None,
        proxy_protocol: bool = False,
        sticky: bool = False,
        deregistration_delay: Duration | None = None,
        terminate_after_deregistration: bool = True,
        unhealthy_draining: Duration | None = None,
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
            port: where targets listen.
            protocol: `"TCP"`, `"UDP"`, `"TCP_UDP"` for both on one port, or `"TLS"` when targets speak it behind a
                balancer that ends it; left out: TCP.
            kind: `"instance"`, or `"ip"` for containers and addresses; left out: instances, or addresses where
                `addresses` names some.
            addresses: targets by address, in the VPC or on premises; left out: whatever joins later.
            needed: targets that carry the load when a zone is lost; groups too small for that are refused, and without
                balancing over zones every zone counts as its emptiest. 0: nothing runs until somebody starts it, and
                the alarms of zones are silent. Left out: the size of groups is theirs.
            health_protocol: `"TCP"`, `"HTTP"` or `"HTTPS"`; left out: TCP, which tells that somebody listens and no
                more.
            health_path: what answers 2xx by HTTP; left out: no path, by TCP.
            health_port: where the health check is answered; left out: on `port`. Required for UDP, which has no check
                of its own.
            health_interval: between two checks, 5 to 300 seconds; left out: 10 seconds.
            health_timeout: how long one waits, 2 to 120 seconds; left out: 5 seconds.
            healthy_after: good answers in a row, 2 to 10; left out: 2.
            unhealthy_after: bad ones in a row, 2 to 10; left out: 3.
            cross_zone: another choice than the load balancer's for these targets; left out: as the load balancer has
                it.
            preserve_client_ip: whether targets see the client's address. A target that calls its own load balancer
                fails then, when it is led to itself. Left out: AWS decides: yes for instances and for UDP, no for
                addresses by TCP.
            proxy_protocol: True sends the client's address in a header that targets have to read; left out: no.
            sticky: True keeps a client address on its target, which outlives neither it nor its zone; left out: no.
            deregistration_delay: how long a leaving target keeps its connections, up to an hour; left out: 30 seconds.
            terminate_after_deregistration: False leaves connections open after that; left out: they are ended, and
                clients connect to targets that stay.
            unhealthy_draining: how long connections to an unhealthy target live on; left out: they are ended at once,
                except for UDP, which has none.
            dns_failover_count: fewer healthy targets in a zone take it out of DNS; left out: 1.
            dns_failover_percent: the same as a share of the zone's targets, 1 to 100; left out: by count only.
            fail_open_count: fewer healthy targets make the balancer use unhealthy ones too, at most
                `dns_failover_count`; left out: 1.
            fail_open_percent: the same as a share, at most `dns_failover_percent`; left out: by count only.
            alarm_thresholds: other thresholds by alarm name: `HealthyHosts-a` and so on for each zone (`HealthyHosts`
                with `addresses`), `UnhealthyHosts`, `FailOpen`.
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
        self.vpc, self.kind, self.port, self.protocol, self.health_port = vpc, kind, port, protocol, health_port
        self.needed, self.cross_zone, self.addresses = needed, cross_zone, addresses
        self.by_zone = addresses is None
        self.sticky, self.thresholds, self.off_because = sticky, alarm_thresholds, alarms_off_because
        self.detection = facts.detection(interval.to_seconds(), unhealthy_after, timeout.to_seconds())
        self.target_group = elb.NetworkTargetGroup(
            self,
            "Targets",
            vpc=vpc,
            target_type=elb.TargetType.INSTANCE if kind == "instance" else elb.TargetType.IP,
            protocol=elb.Protocol[protocol],
            port=port,
            targets=ip_targets(addresses, port),
            preserve_client_ip=preserve_client_ip,
            proxy_protocol_v2=proxy_protocol,
            deregistration_delay=deregistration_delay or Duration.seconds(30),
            connection_termination=terminate_after_deregistration,
            health_check=elb.HealthCheck(
                protocol=elb.Protocol[health_protocol],
                path=health_path,
                port=None if health_port is None else str(health_port),
                interval=interval,
                timeout=timeout,
                healthy_threshold_count=healthy_after,
                unhealthy_threshold_count=unhealthy_after,
                healthy_http_codes=None if health_path is None else "200-299",
            ),
        )
        for name, value in {**thresholds(options), **_attributes(options)}.items():
            self.target_group.set_attribute(name, value)
        zone_was_chosen(self, self.target_group.node.default_child, addresses)

    @property
    def ports(self) -> tuple[ec2.Port, ...]:
        """What the balancer calls on: the service and, where it differs, its health."""
        service = {
            "UDP": [ec2.Port.udp(self.port)],
            "TCP_UDP": [ec2.Port.tcp(self.port), ec2.Port.udp(self.port)],
        }.get(self.protocol, [ec2.Port.tcp(self.port)])
        asked = self.health_port is not None and (self.health_port != self.port or self.protocol == "UDP")
        return (*service, *([ec2.Port.tcp(self.health_port)] if asked and self.health_port is not None else []))

    def _register(self, group: autoscaling.AutoScalingGroup) -> None:
        group.attach_to_network_target_group(cast("elb.INetworkTargetGroup", self.target_group))


def _attributes(options: Mapping[str, Any]) -> dict[str, str]:
    crosses = {None: "use_load_balancer_configuration", True: "true", False: "false"}[options["cross_zone"]]
    attributes = {"load_balancing.cross_zone.enabled": crosses}
    if options["protocol"] != "TLS":  # which keeps no client on its target
        attributes["stickiness.enabled"] = str(options["sticky"]).lower()
    if options["sticky"]:
        attributes["stickiness.type"] = "source_ip"
    if options["protocol"] in DATAGRAMS:
        return attributes
    ended, draining = "target_health_state.unhealthy.connection_termination.enabled", options["unhealthy_draining"]
    if draining is None:
        return attributes | {ended: "true"}
    interval = "target_health_state.unhealthy.draining_interval_seconds"
    return attributes | {ended: "false", interval: f"{draining.to_seconds():.0f}"}
