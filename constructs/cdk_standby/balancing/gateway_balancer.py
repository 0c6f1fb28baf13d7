"""A Gateway Load Balancer: packets on their way go through a fleet of appliances."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aws_cdk import Duration, Fn, Stack
from aws_cdk import aws_autoscaling as autoscaling
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elb
from constructs import Construct

from cdk_standby_review.facts import elb as elb_facts
from cdk_standby_review.facts import elb_network as facts

from .._alarms import add_alarms
from .._checks import check
from .._reasons import all_weakened
from ..alarm_topic import AlarmTopic
from ..relational._parts import NIST, accept
from ._entrance import Entrance, cidr_of
from ._gateway_rules import RULES
from ._health_rules import unknown_values
from ._pool import TargetPool
from ._pool_alarms import Watched, host_alarms

__all__ = ["GatewayBalancer"]

_DELETABLE = "the construct carries the written reason ('deletable_because')"
_NO_LOGS = "a Gateway Load Balancer writes no access logs: appliances and flow logs of the VPC tell what passed"
_NO_TLS = "a Gateway Load Balancer passes packets on, in GENEVE: it ends no TLS that a certificate could be for"


class GatewayBalancer(TargetPool):
    """A Gateway Load Balancer in front of appliances such as firewalls, offered as an endpoint service.

    Appliance loss: its flows go on to another one, which knows nothing of them; new flows do so within `detection`.
    Zone loss: with `cross_zone` the endpoints in other zones use whatever appliances are left; without it they use
    those of their own zone, and the lost zone's endpoint is lost with its clients either way. It cannot be shifted out
    of a zone. Region loss: not survived alone.
    """

    load_balancer: elb.CfnLoadBalancer
    target_group: elb.CfnTargetGroup
    listener: elb.CfnListener
    service: ec2.CfnVPCEndpointService
    availability_zones: tuple[str, ...]

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        vpc: ec2.IVpc,
        cross_zone: bool,
        kind: str = "instance",
        needed: int | None = None,
        failover: str = "rebalance",
        flow_stickiness: str | None = None,
        health_protocol: str = "TCP",
        health_path: str | None = None,
        health_port: int = 80,
        health_interval: Duration | None = None,
        health_timeout: Duration | None = None,
        healthy_after: int = 2,
        unhealthy_after: int = 3,
        deregistration_delay: Duration | None = None,
        allowed_principals: Sequence[str] = (),
        acceptance_required: bool = False,
        subnets: ec2.SubnetSelection | None = None,
        deletable_because: str | None = None,
        alarms: AlarmTopic | None = None,
        alarm_thresholds: Mapping[str, float] | None = None,
        alarms_off_because: Mapping[str, str] | None = None,
    ) -> None:
        """Build the load balancer and its endpoint service; appliances join by `attach`.

        Args:
            scope: the parent.
            id: unique among the parent's children.
            vpc: where the appliances are, with private subnets in two zones or more, better three.
            cross_zone: True: an endpoint uses the appliances of all zones; traffic between zones is paid for. False:
                those of its own zone only, so each zone needs enough of them, and a zone without a healthy one drops
                what its clients send.
            kind: `"instance"` or `"ip"`; left out: instances.
            needed: appliances that carry the load when a zone is lost; groups too small for that are refused. 0:
                nothing runs, and alarms of zones are silent. Left out: the size of groups is theirs.
            failover: `"rebalance"` sends the flows of a failed appliance to another one; `"no_rebalance"` drops them
                until they end, for appliances that turn away flows they have not seen begin; senders of TCP are reset,
                so that they connect anew, unless `flow_stickiness` is given. Left out: rebalance.
            flow_stickiness: what makes packets one flow: `"source_ip_dest_ip"` or `"source_ip_dest_ip_proto"`; left
                out: both addresses, both ports and the protocol.
            health_protocol: `"TCP"`, `"HTTP"` or `"HTTPS"`; left out: TCP.
            health_path: what answers 2xx by HTTP; left out: no path, by TCP.
            health_port: where appliances answer the health check; left out: 80.
            health_interval: between two checks, 5 to 300 seconds; left out: 10 seconds.
            health_timeout: how long one waits, 2 to 120 seconds; left out: 5 seconds.
            healthy_after: good answers in a row, 2 to 10; left out: 2.
            unhealthy_after: bad ones in a row, 2 to 10; left out: 3.
            deregistration_delay: how long a leaving appliance keeps its flows, up to an hour; left out: 30 seconds.
            allowed_principals: ARNs of other accounts that may make endpoints; left out: this account only.
            acceptance_required: True has somebody accept each endpoint; left out: those allowed connect at once, in a
                recovery too.
            subnets: where the load balancer stands, one subnet of each zone; left out: the private subnets.
            deletable_because: why the load balancer may be deleted with its stack; left out: deletion protection.
            alarms: who is told; left out: the alarms exist but tell nobody.
            alarm_thresholds: other thresholds by alarm name: `HealthyHosts-a` and so on for each zone,
                `UnhealthyHosts`.
            alarms_off_because: alarms to leave out, by name, with reasons.

        Raises:
            InvalidOptions: options that cannot work, all of them at once.
        """
        super().__init__(scope, id)
        entrance = Entrance.of(self, vpc, subnets, public=False, needs=facts.ZONES)
        interval, timeout = health_interval or Duration.seconds(10), health_timeout or Duration.seconds(5)
        options = {name: value for name, value in locals().items() if name not in ("self", "scope", "id")}
        options |= {"health_interval": interval, "health_timeout": timeout}
        where = self.node.path
        more = [*unknown_values(where, options), *entrance.problems(where, facts.ZONES.value, facts.ZONES)]
        check(self, RULES, {**options, "block": cidr_of(vpc)}, also=more)
        all_weakened(self, {name: value for name, value in options.items() if name.endswith("_because")})
        self.vpc, self.kind, self.port, self.health_port = vpc, kind, facts.GENEVE.value, health_port
        self.needed, self.cross_zone, self.addresses = needed, cross_zone, None
        self.thresholds, self.off_because = alarm_thresholds, alarms_off_because
        self.availability_zones, self._block, self._health = entrance.zones, vpc.vpc_cidr_block, health_port
        self.detection = elb_facts.detection(interval.to_seconds(), unhealthy_after, timeout.to_seconds())
        self.load_balancer = self._balancer(entrance, cross_zone=cross_zone, deletable=deletable_because is not None)
        self.target_group = self._targets(options, interval, timeout)
        forward = elb.CfnListener.ActionProperty(type="forward", target_group_arn=self.target_group.ref)
        self.listener = elb.CfnListener(
            self, "Listener", load_balancer_arn=self.load_balancer.ref, default_actions=[forward]
        )
        accept(self.listener, _NO_TLS, NIST + "ELBv2ACMCertificateRequired")
        self.service = self._service(allowed_principals, acceptance_required=acceptance_required)
        self._entrance = entrance.zones
        region = Stack.of(self).region
        watched = Watched(
            "AWS/GatewayELB",
            self.load_balancer.attr_load_balancer_full_name,
            self.target_group.attr_target_group_full_name,
            entrance.zones,
            region,
        )
        specs = host_alarms(watched, by_zone=True, crosses=cross_zone, needed=needed)
        self.alarms = add_alarms(self, specs, topic=alarms, thresholds=alarm_thresholds, off_because=alarms_off_because)

    @property
    def service_name(self) -> str:
        """What an endpoint is made for."""
        stack = Stack.of(self)
        return Fn.join(".", ["com.amazonaws.vpce", stack.region, self.service.ref])

    def _balancer(self, entrance: Entrance, *, cross_zone: bool, deletable: bool) -> elb.CfnLoadBalancer:
        attributes = {
            "deletion_protection.enabled": str(not deletable).lower(),
            "load_balancing.cross_zone.enabled": str(cross_zone).lower(),
        }
        balancer = elb.CfnLoadBalancer(
            self,
            "LoadBalancer",
            type="gateway",
            subnets=[subnet.subnet_id for subnet in entrance.subnets],
            load_balancer_attributes=[
                elb.CfnLoadBalancer.LoadBalancerAttributeProperty(key=key, value=value)
                for key, value in attributes.items()
            ],
        )
        accept(balancer, _NO_LOGS, "AwsSolutions::AwsSolutions-ELB2", NIST + "ELBLoggingEnabled")
        if deletable:
            accept(balancer, _DELETABLE, NIST + "ELBDeletionProtectionEnabled")
        return balancer

    def _targets(self, options: Mapping[str, Any], interval: Duration, timeout: Duration) -> elb.CfnTargetGroup:
        attributes = {
            "target_failover.on_deregistration": options["failover"],
            "target_failover.on_unhealthy": options["failover"],
            "deregistration_delay.timeout_seconds": f"{_seconds(options['deregistration_delay']):.0f}",
            "stickiness.enabled": str(options["flow_stickiness"] is not None).lower(),
        }
        if options["flow_stickiness"] is not None:
            attributes["stickiness.type"] = options["flow_stickiness"]
        elif options["failover"] == "no_rebalance":
            attributes |= {f"send_tcp_reset.{when}.enabled": "true" for when in ("on_deregistration", "on_unhealthy")}
        path = options["health_path"]
        return elb.CfnTargetGroup(
            self,
            "Targets",
            vpc_id=options["vpc"].vpc_id,
            target_type=options["kind"],
            protocol="GENEVE",
            port=facts.GENEVE.value,
            health_check_protocol=options["health_protocol"],
            health_check_path=path,
            health_check_port=str(options["health_port"]),
            health_check_interval_seconds=interval.to_seconds(),
            health_check_timeout_seconds=timeout.to_seconds(),
            healthy_threshold_count=options["healthy_after"],
            unhealthy_threshold_count=options["unhealthy_after"],
            matcher=None if path is None else elb.CfnTargetGroup.MatcherProperty(http_code="200-299"),
            target_group_attributes=[
                elb.CfnTargetGroup.TargetGroupAttributeProperty(key=key, value=value)
                for key, value in attributes.items()
            ],
        )

    def _service(self, principals: Sequence[str], *, acceptance_required: bool) -> ec2.CfnVPCEndpointService:
        service = ec2.CfnVPCEndpointService(
            self,
            "Service",
            gateway_load_balancer_arns=[self.load_balancer.ref],
            acceptance_required=acceptance_required,
        )
        if principals:
            ec2.CfnVPCEndpointServicePermissions(
                self, "Permissions", service_id=service.ref, allowed_principals=list(principals)
            )
        return service

    def _register(self, group: autoscaling.AutoScalingGroup) -> None:
        # A group only needs the ARN; the CDK has no class for a target group of this kind.
        found = elb.NetworkTargetGroup.from_target_group_attributes(
            self, f"Joins-{group.node.addr[-8:]}", target_group_arn=self.target_group.ref
        )
        group.attach_to_network_target_group(found)

    def _open(self, group: autoscaling.AutoScalingGroup) -> None:
        """Packets and health checks come from the load balancer's addresses, which lie in the VPC."""
        block = ec2.Peer.ipv4(self._block)
        group.connections.allow_from(block, ec2.Port.udp(self.port), "GENEVE of the gateway load balancer")
        group.connections.allow_from(block, ec2.Port.tcp(self._health), "health checks of the gateway load balancer")


def _seconds(span: Duration | None) -> float:
    return 30 if span is None else span.to_seconds()
