"""The subnets of a VPC and their way out, zone by zone. Ids carry a zone's letter, never its place in a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import cast

from aws_cdk import Acknowledgment, Tags, Validations
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from ._cidrs import zone_blocks
from ._named_zones import zone_is_meant

_OPEN_ROUTE = "NIST.800.53.R5::NIST.800.53.R5-VPCNoUnrestrictedRouteToIGW"


@dataclass(frozen=True, slots=True)
class ZoneSubnets:
    """The subnets of one zone."""

    zone: str
    public: ec2.PublicSubnet
    private: ec2.PrivateSubnet
    isolated: ec2.PrivateSubnet


class Internet(Construct):
    """The internet gateway of a VPC."""

    gateway: ec2.CfnInternetGateway
    attachment: ec2.CfnVPCGatewayAttachment

    def __init__(self, scope: Construct, id: str, *, vpc_id: str) -> None:
        """Attach an internet gateway to the VPC."""
        super().__init__(scope, id)
        self.gateway = ec2.CfnInternetGateway(self, "Gateway")
        self.attachment = ec2.CfnVPCGatewayAttachment(
            self, "Attachment", internet_gateway_id=self.gateway.ref, vpc_id=vpc_id
        )


def make_zone(scope: Construct, vpc_id: str, cidr: IPv4Network, zone: str, internet: Internet) -> ZoneSubnets:
    """The subnets of a zone; the public one reaches the internet, the others nothing yet."""
    letter, blocks = zone[-1].upper(), zone_blocks(cidr, zone[-1])
    public = ec2.PublicSubnet(
        scope,
        f"Public{letter}",
        vpc_id=vpc_id,
        availability_zone=zone,
        cidr_block=str(blocks.public),
        map_public_ip_on_launch=False,
    )
    private, isolated = (
        ec2.PrivateSubnet(scope, f"{kind}{letter}", vpc_id=vpc_id, availability_zone=zone, cidr_block=str(block))
        for kind, block in (("Private", blocks.private), ("Isolated", blocks.isolated))
    )
    public.add_default_internet_route(internet.gateway.ref, internet.attachment)
    reason = "a public subnet is one with this route; only load balancers and NAT gateways live there"
    Validations.of(public).acknowledge(Acknowledgment(id=_OPEN_ROUTE, reason=reason))
    for subnet, kind in ((public, "Public"), (private, "Private"), (isolated, "Isolated")):
        _mark(subnet, kind)
    return ZoneSubnets(zone, public, private, isolated)


def _mark(subnet: ec2.Subnet, kind: str) -> None:
    """Tag as the CDK does, so that `Vpc.from_lookup` of another app finds the subnets of each kind."""
    resource = cast("ec2.CfnSubnet", subnet.node.default_child)
    tags = Tags.of(resource)
    tags.add("aws-cdk:subnet-name", kind)
    tags.add("aws-cdk:subnet-type", kind)
    zone_is_meant(resource)


def zonal_nat(zones: Sequence[ZoneSubnets], *, single: bool) -> list[ec2.CfnNatGateway]:
    """A NAT gateway in every zone, or in the first only; each private subnet uses that of its zone if it can."""
    gateways = [zone.public.add_nat_gateway() for zone in (zones[:1] if single else zones)]
    for index, zone in enumerate(zones):
        zone.private.add_default_nat_route(gateways[0 if single else index].ref)
    return gateways


def regional_nat(
    scope: Construct, vpc_id: str, zones: Sequence[ZoneSubnets], internet: Internet
) -> list[ec2.CfnNatGateway]:
    """One NAT gateway of the whole Region, that follows the zones with instances by itself."""
    gateway = ec2.CfnNatGateway(
        scope, "RegionalNat", vpc_id=vpc_id, availability_mode="regional", connectivity_type="public"
    )
    gateway.node.add_dependency(internet.attachment)
    for zone in zones:
        zone.private.add_default_nat_route(gateway.ref)
    return [gateway]
