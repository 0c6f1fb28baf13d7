"""A Network Load Balancer over all zones of a VPC, with an address of its own in each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import jsii
from aws_cdk import Annotations, RemovalPolicy, Stack, Tags
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elb
from constructs import Construct

from cdk_standby_review.facts import elb_network as facts
from cdk_standby_review.facts.ec2_addresses import QUOTA as QUOTA_OF_ADDRESSES

from .._alarms import add_alarms
from .._checks import Problem, check
from .._reasons import all_weakened
from .._tokens import is_token
from ..access_logs import AccessLogs
from ..alarm_topic import AlarmTopic
from ..relational._parts import NIST, accept
from ._certificates import certificate_problems, policy_problems
from ._entrance import EVERYBODY, Entrance, caller_problems, callers, letter, peer
from ._neighbours import log_problems
from ._network_alarms import balancer_alarms, target_alarms
from ._network_ports import NetworkPort, listen, port_problems
from ._network_rules import BALANCER
from ._pool import met_already
from ._pool_alarms import Watched
from .balancer_targets import BalancerTargets
from .network_targets import NetworkTargets

__all__ = ["NetworkBalancer", "NetworkPort"]

QUOTA = "cdk-standby:elastic-ip-quota"
"""The id by which the warning about the quota of addresses is acknowledged."""
_OPEN = "an internet-facing load balancer answers everybody; 'allow_from' narrows it"
_DELETABLE = "the construct carries the written reason ('deletable_because')"
_NOTHING_TO_LOG = (
    "access logs of a Network Load Balancer hold TLS requests only, and it has no TLS listener: flow logs of the VPC "
    "tell who called"
)


@jsii.implements(ec2.IConnectable)
class NetworkBalancer(Construct):
    """A Network Load Balancer that survives the loss of a zone, for TCP, UDP and TLS, with static addresses.

    Zone loss with `cross_zone`: the addresses in other zones answer, over all targets that are left. Without it: they
    answer over the targets of their own zones, each of which has to bear its new share. Either way the lost zone's
    address fails until DNS drops it, and clients that pinned that one address fail until the zone is back. Region loss:
    not survived alone; the addresses belong to the Region.
    """

    load_balancer: elb.NetworkLoadBalancer
    listeners: dict[int, elb.NetworkListener]
    security_group: ec2.SecurityGroup
    elastic_ips: dict[str, ec2.CfnEIP]
    """The addresses made here, by zone."""
    access_logs: AccessLogs | None
    availability_zones: tuple[str, ...]
    alarms: dict[str, cloudwatch.Alarm]
    """Those of the load balancer; those of targets stand with the targets."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        vpc: ec2.IVpc,
        ports: Sequence[NetworkPort],
        cross_zone: bool,
        old_tls_because: str | None = None,
        subnets: ec2.SubnetSelection | None = None,
        internet_facing: bool = True,
        dual_stack: bool = False,
        static_ips: bool = True,
        elastic_ips: Mapping[str, str] | None = None,
        allow_from: Sequence[str] | None = None,
        client_routing: str = "any_availability_zone",
        access_logs: AccessLogs | None = None,
        deletable_because: str | None = None,
        alarms: AlarmTopic | None = None,
        alarm_thresholds: Mapping[str, float] | None = None,
        alarms_off_because: Mapping[str, str] | None = None,
    ) -> None:
        """Build the load balancer.

        Args:
            scope: the parent.
            id: unique among the parent's children.
            vpc: any VPC with public subnets in two zones or more, better three; the private ones without
                `internet_facing`.
            ports: where it listens, and who answers there.
            cross_zone: True: each zone's address leads to the targets of all zones, and the loss of targets in one zone
                is everybody's; traffic between zones is paid for. False: it leads to those of its own zone only: no
                zone feels another one, each needs targets for its own share, and groups that are too small or not in
                every zone are refused.
            old_tls_because: why clients may use TLS 1.0 or 1.1; otherwise such policies are refused.
            subnets: where the load balancer stands, one subnet of each zone; left out: the public subnets, or the
                private ones.
            internet_facing: False puts it into the private subnets; left out: True. Another value is another load
                balancer, with another name in DNS.
            dual_stack: True answers on IPv6 too, which the VPC must have; left out: IPv4 only.
            static_ips: False lets AWS choose the public addresses, which stay for the life of the load balancer; left
                out: an Elastic IP address for each zone, which outlives it.
            elastic_ips: allocations that are there already, such as `{"eu-west-1a": "eipalloc-0123456789abcdef0"}`, one
                for each zone; left out: made here, and retained.
            allow_from: CIDR blocks that may call; left out: everybody, and without `internet_facing` the VPC.
            client_routing: what clients inside the VPC are told by DNS: `"any_availability_zone"`,
                `"availability_zone_affinity"` for addresses of their own zone while it is healthy, or
                `"partial_availability_zone_affinity"` in 85 of 100 cases; left out: any. Affinity needs a balanced
                spread of clients.
            access_logs: a bucket of this Region, shared with other load balancers; left out: one of its own, kept 365
                days, where a port ends TLS. Nothing else is logged by a Network Load Balancer.
            deletable_because: why the load balancer may be deleted with its stack, and its addresses with it; left
                out: deletion protection.
            alarms: who is told, of the targets too; left out: the alarms exist but tell nobody.
            alarm_thresholds: other thresholds by alarm name: `PortAllocationErrors`, `BlockedFlows`. Targets have
                thresholds of their own.
            alarms_off_because: alarms to leave out, by name, with reasons.

        Raises:
            InvalidOptions: options that cannot work, all of them at once.
        """
        super().__init__(scope, id)
        entrance = Entrance.of(self, vpc, subnets, public=internet_facing, needs=facts.ZONES)
        blocks = callers(vpc, allow_from, public=internet_facing, dual_stack=dual_stack)
        options = {**locals(), "env": _env(self), "zones": entrance.zones}
        check(self, BALANCER, options, also=self._problems(options))
        all_weakened(self, {name: value for name, value in options.items() if name.endswith("_because")})
        self.availability_zones = entrance.zones
        self.security_group = self._closed_door(vpc)
        self.elastic_ips = {}
        if internet_facing and static_ips and elastic_ips is None:
            self.elastic_ips = self._addresses(entrance.zones, deletable=deletable_because is not None)
        self.load_balancer = self._balancer(options)
        self.access_logs = self._log(ports, access_logs)
        self.listeners = listen(self.load_balancer, ports)
        self._let_in(blocks, ports)
        self.alarms = add_alarms(
            self,
            balancer_alarms(self._watched("")),
            topic=alarms,
            thresholds=alarm_thresholds,
            off_because=alarms_off_because,
        )
        for pool in _pools(ports):
            pool.meet(self.connections, self.availability_zones, crosses=cross_zone)
            watched = self._watched(pool.target_group.target_group_full_name)
            specs = target_alarms(pool, watched, crosses=cross_zone)
            pool.alarms = add_alarms(
                pool, specs, topic=alarms, thresholds=pool.thresholds, off_because=pool.off_because
            )

    @property
    def connections(self) -> ec2.Connections:
        """The load balancer: who may call it, beside `allow_from`."""
        return ec2.Connections(security_groups=[self.security_group])

    def _problems(self, options: Mapping[str, Any]) -> list[Problem]:
        """What no rule of a single option says."""
        where, region, ports = self.node.path, Stack.of(self).region, options["ports"]
        pools = {f"targets of {pool.node.id}": pool for pool in _pools(ports)}
        return [
            *options["entrance"].problems(where, facts.ZONES.value, facts.ZONES),
            *caller_problems(where, options["allow_from"], options["blocks"]),
            *port_problems(where, ports),
            *certificate_problems(where, region, {f"certificate of {port.port}": port.certificate for port in ports}),
            *policy_problems(
                where,
                {f"tls_policy of {port.port}": port.tls_policy for port in ports},
                options["old_tls_because"],
            ),
            *met_already(where, pools),
            *log_problems(where, region, options["access_logs"]),
        ]

    def _closed_door(self, vpc: ec2.IVpc) -> ec2.SecurityGroup:
        """A load balancer that was made without a group can never be given one."""
        group = ec2.SecurityGroup(
            self, "SecurityGroup", vpc=vpc, allow_all_outbound=False, description=f"Load balancer {self.node.path}"
        )
        Tags.of(group).add("Name", self.node.path)
        return group

    def _addresses(self, zones: Sequence[str], *, deletable: bool) -> dict[str, ec2.CfnEIP]:
        """An address outlives the load balancer: it stands in other people's firewalls."""
        made: dict[str, ec2.CfnEIP] = {}
        for position, zone in enumerate(zones):
            address = ec2.CfnEIP(self, f"Address-{letter(zone, Stack.of(self).region, position)}", domain="vpc")
            address.apply_removal_policy(RemovalPolicy.DESTROY if deletable else RemovalPolicy.RETAIN)
            Tags.of(address).add("Name", f"{self.node.path} {zone}")
            made[zone] = address
        if len(zones) > QUOTA_OF_ADDRESSES.value:
            Annotations.of(self).add_warning_v2(QUOTA, f"{len(zones)} zones, and {QUOTA_OF_ADDRESSES.says}")
        return made

    def _balancer(self, options: Mapping[str, Any]) -> elb.NetworkLoadBalancer:
        protected, entrance = options["deletable_because"] is None, options["entrance"]
        given: Mapping[str, str] = options["elastic_ips"] or {}
        allocations = {zone: address.attr_allocation_id for zone, address in self.elastic_ips.items()} | dict(given)
        balancer = elb.NetworkLoadBalancer(
            self,
            "LoadBalancer",
            vpc=options["vpc"],
            subnet_mappings=[
                elb.SubnetMapping(subnet=subnet, allocation_id=allocations.get(zone))
                for subnet, zone in zip(entrance.subnets, entrance.zones, strict=True)
            ],
            internet_facing=options["internet_facing"],
            ip_address_type=elb.IpAddressType.DUAL_STACK if options["dual_stack"] else elb.IpAddressType.IPV4,
            security_groups=[self.security_group],
            cross_zone_enabled=options["cross_zone"],
            deletion_protection=protected,
            zonal_shift=True,
        )
        balancer.set_attribute("dns_record.client_routing_policy", options["client_routing"])
        if not protected:
            accept(balancer, _DELETABLE, NIST + "ELBDeletionProtectionEnabled")
        return balancer

    def _log(self, ports: Sequence[NetworkPort], given: AccessLogs | None) -> AccessLogs | None:
        if given is None and not any(port.spoken == "TLS" for port in ports):
            accept(self.load_balancer, _NOTHING_TO_LOG, "AwsSolutions::AwsSolutions-ELB2", NIST + "ELBLoggingEnabled")
            return None
        logs = given or AccessLogs(self, "AccessLogs")
        self.load_balancer.log_access_logs(logs.bucket, f"{self.node.id.lower()}/access")
        return logs

    def _let_in(self, blocks: Sequence[str], ports: Sequence[NetworkPort]) -> None:
        for block in blocks:
            for port in ports:
                for opened in port.opened:
                    self.connections.allow_from(peer(block), opened, f"{port.spoken} of {block} on {port.port}")
        if EVERYBODY & set(blocks):
            accept(self.security_group, _OPEN, "AwsSolutions::AwsSolutions-EC23")

    def _watched(self, targets: str) -> Watched:
        balancer, region = self.load_balancer.load_balancer_full_name, Stack.of(self).region
        return Watched("AWS/NetworkELB", balancer, targets, self.availability_zones, region)


def _pools(ports: Sequence[NetworkPort]) -> list[NetworkTargets | BalancerTargets]:
    """All targets, each once."""
    return list(dict.fromkeys(port.targets for port in ports))


def _env(balancer: Construct) -> str | None:
    """None in a stack that does not say where it will be."""
    region = Stack.of(balancer).region
    return None if is_token(region) else region
