"""A way to existing networks: IPsec over two devices, each with two tunnels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aws_cdk import Duration, RemovalPolicy, Stack, Tags
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from constructs import Construct

from .._alarms import AlarmSpec, add_alarms
from .._checks import check
from .._reasons import weakened
from .._tokens import is_token
from ..alarm_topic import AlarmTopic
from ..keys import allow_logs
from ._vpn_rules import RULES, route_tables

__all__ = ["CustomerGateway", "SiteToSiteVpn"]

_EXTENDED = 2**31
"""From here on AWS has another property for the number of an autonomous system."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerGateway:
    """A device at your end."""

    name: str
    """In construct ids: another name is another connection."""
    ip_address: str
    """Its public IPv4 address; another one replaces the connection."""
    asn: int = 65000
    """Its autonomous system number; left out: 65000."""


class SiteToSiteVpn(Construct):
    """IPsec from a VPC to an existing network, over two devices there and two tunnels to each.

    Zone loss: the tunnels of a connection end in different zones, and traffic takes the other. Loss of a device:
    traffic takes the other device's connection, at once with BGP, after dead peer detection with static routes.
    Maintenance by AWS takes one tunnel at a time. Region loss: not survived; the other Region's VPC has a VPN of its
    own, and both ends at the same devices.

    AWS keeps the pre-shared keys in Secrets Manager, under a name of its own.
    """

    gateway: ec2.CfnVPNGateway
    connections: dict[str, ec2.CfnVPNConnection]
    """By the name of their device."""
    log_group: logs.LogGroup
    alarms: dict[str, cloudwatch.Alarm]

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        vpc: ec2.IVpc,
        devices: Sequence[CustomerGateway],
        key: kms.IKey,
        one_device_because: str | None = None,
        static_routes: Sequence[str] | None = None,
        amazon_asn: int = 64512,
        log_retention: logs.RetentionDays = logs.RetentionDays.THREE_MONTHS,
        alarms: AlarmTopic | None = None,
        alarm_thresholds: Mapping[str, float] | None = None,
        alarms_off_because: Mapping[str, str] | None = None,
    ) -> None:
        """Make the gateway and a connection to each device.

        Args:
            scope: the parent.
            id: unique among the parent's children.
            vpc: any VPC without a virtual private gateway: it can have one. Its private and isolated route tables learn
                the routes.
            devices: two or more, with names and public addresses of their own.
            key: encrypts the logs of the tunnels.
            one_device_because: why one device is enough.
            static_routes: the networks behind the devices, for devices without BGP; left out: the devices announce them
                by BGP.
            amazon_asn: the number of the AWS end; left out: 64512. Another one replaces the gateway.
            log_retention: how long the logs of the tunnels are kept; left out: three months.
            alarms: who is told; left out: alarms exist, but notify nobody.
            alarm_thresholds: other thresholds by name: Tunnel-<device> (1 as long as both tunnels are up).
            alarms_off_because: alarms to leave out, by name, with reasons.

        Raises:
            InvalidOptions: with every option that cannot work, and the AWS page that says so
                (https://docs.aws.amazon.com/vpn/latest/s2svpn/vpn-redundant-connection.html).
        """
        super().__init__(scope, id)
        options: dict[str, Any] = {**locals(), "vpc": vpc.node.path, "alarms": alarms.node.path if alarms else None}
        regions = {"vpc": vpc.env.region, "alarms": Stack.of(alarms).region if alarms else None}
        tables, problems = route_tables(self, vpc)
        check(
            self, RULES, {**options, "region": Stack.of(self).region, "regions": regions, "kind": "VPN"}, also=problems
        )
        weakened(self, "one_device", one_device_because)
        self.gateway = self._gateway(vpc, amazon_asn, tables)
        allow_logs(key)
        self.log_group = logs.LogGroup(
            self, "Log", encryption_key=key, retention=log_retention, removal_policy=RemovalPolicy.RETAIN
        )
        self.connections = {device.name: self._connection(device, static_routes) for device in devices}
        specs = [self._watch(device.name) for device in devices]
        self.alarms = add_alarms(self, specs, topic=alarms, thresholds=alarm_thresholds, off_because=alarms_off_because)

    def metric(self, device: str, name: str, *, statistic: str = "Minimum") -> cloudwatch.Metric:
        """A metric of the connection to a device, such as ``TunnelDataIn``; by the minute."""
        return cloudwatch.Metric(
            namespace="AWS/VPN",
            metric_name=name,
            dimensions_map={"VpnId": self.connections[device].ref},
            statistic=statistic,
            period=Duration.minutes(1),
        )

    def _gateway(self, vpc: ec2.IVpc, asn: int, tables: Sequence[str]) -> ec2.CfnVPNGateway:
        gateway = ec2.CfnVPNGateway(self, "Gateway", type="ipsec.1", amazon_side_asn=asn)
        Tags.of(gateway).add("Name", self.node.path)
        attached = ec2.CfnVPCGatewayAttachment(self, "Attachment", vpc_id=vpc.vpc_id, vpn_gateway_id=gateway.ref)
        if tables:
            propagation = ec2.CfnVPNGatewayRoutePropagation(
                self, "Routes", route_table_ids=list(tables), vpn_gateway_id=gateway.ref
            )
            propagation.node.add_dependency(attached)
        return gateway

    def _connection(self, device: CustomerGateway, routes: Sequence[str] | None) -> ec2.CfnVPNConnection:
        scope = Construct(self, device.name)
        theirs = ec2.CfnCustomerGateway(
            scope,
            "Device",
            type="ipsec.1",
            ip_address=device.ip_address,
            device_name=device.name,
            bgp_asn=device.asn if device.asn < _EXTENDED else None,
            bgp_asn_extended=device.asn if device.asn >= _EXTENDED else None,
        )
        Tags.of(scope).add("Name", scope.node.path)
        connection = ec2.CfnVPNConnection(
            scope,
            "Connection",
            type="ipsec.1",
            customer_gateway_id=theirs.ref,
            vpn_gateway_id=self.gateway.ref,
            static_routes_only=routes is not None,
            pre_shared_key_storage="SecretsManager",
            vpn_tunnel_options_specifications=[self._tunnel(), self._tunnel()],
        )
        for number, route in enumerate(routes or (), 1):
            name = f"To-{number if is_token(route) else route.replace('/', '-')}"
            ec2.CfnVPNConnectionRoute(scope, name, destination_cidr_block=route, vpn_connection_id=connection.ref)
        return connection

    def _tunnel(self) -> ec2.CfnVPNConnection.VpnTunnelOptionsSpecificationProperty:
        """One tunnel: IKEv2, begun by AWS, logged; and what devices older than this decade cannot do is refused."""
        own = ec2.CfnVPNConnection
        written = own.CloudwatchLogOptionsSpecificationProperty(
            log_enabled=True,
            log_group_arn=self._log_group_arn(),
            log_output_format="json",
            bgp_log_enabled=True,
            bgp_log_group_arn=self._log_group_arn(),
            bgp_log_output_format="json",
        )
        return own.VpnTunnelOptionsSpecificationProperty(
            ike_versions=[own.IKEVersionsRequestListValueProperty(value="ikev2")],
            dpd_timeout_action="restart",
            startup_action="start",
            log_options=own.VpnTunnelLogOptionsSpecificationProperty(cloudwatch_log_options=written),
        )

    def _log_group_arn(self) -> str:
        name = self.log_group.log_group_name
        return Stack.of(self).format_arn(service="logs", resource=f"log-group:{name}")

    def _watch(self, device: str) -> AlarmSpec:
        return AlarmSpec(
            name=f"Tunnel-{device}",
            metric=self.metric(device, "TunnelState"),
            threshold=1,
            comparison=cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
            says=f"A tunnel to {device} is down: the next failure of the other cuts this device off. "
            "Look at the log group of the VPN, then at the device.",
        )
