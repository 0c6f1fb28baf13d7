"""NAT gateways, addresses, endpoints, VPNs and transit gateways."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...facts import Range
from ...graph import Graph, Resource
from ...placement import zones_of_region
from ...plain import is_list
from .._parts import ONE, Part, Pricer, Unsaid, by_use, flat, late, paid, used

_ATTACHMENT = flat("transit-gateway/attachment", "transit gateway attachment")


def nat_gateway(graph: Graph, resource: Resource) -> Iterator[Part]:
    """One in a zone; a regional one costs for each zone that it serves."""
    yield from used(("data through NAT gateways", "vpc-use/nat-gateway-data"))
    mode = resource.get("AvailabilityMode")
    if mode != "regional":
        yield (
            paid("vpc/nat-gateway", 1, "NAT gateway")
            if mode is None or isinstance(mode, str)
            else late("AvailabilityMode")
        )
        return
    zones = len(zones_of_region(graph, resource.region))
    if zones:
        yield paid("vpc/nat-gateway", Range(1, zones), "zones of a regional NAT gateway")
    else:
        yield Unsaid(why="how many zones it serves is not told")


def endpoint(_graph: Graph, resource: Resource) -> Iterator[Part]:
    """An interface in each subnet; endpoints of gateways are free."""
    kind = resource.get("VpcEndpointType") or "Gateway"
    if kind == "Gateway":
        return
    item = {"Interface": "vpc/interface-endpoint", "GatewayLoadBalancer": "vpc/gateway-balancer-endpoint"}.get(
        str(kind)
    )
    subnets = resource.get("SubnetIds")
    if item is None:
        yield Unsaid(why=f"what endpoints of the type {kind} cost is not known")
    elif subnets is not None and not is_list(subnets):
        yield late("SubnetIds")
    else:
        yield paid(item, max(1, len(subnets or [])), "interface of an endpoint")
        yield from used(("data through endpoints", "vpc-use/interface-endpoint-data"))


def vpn(_graph: Graph, resource: Resource) -> Iterable[Part]:
    """A connection, with its attachment where it ends at a transit gateway."""
    attached = resource.get("TransitGatewayId") is not None
    parts: list[Part] = [paid("vpn/connection", ONE, "VPN connection"), *used("data out of AWS")]
    return [*parts, *_ATTACHMENT(_graph, resource)] if attached else parts


def resolver(_graph: Graph, resource: Resource) -> Iterable[Part]:
    """An address in each subnet."""
    addresses = resource.items("IpAddresses")
    if not addresses:
        return [late("IpAddresses")]
    return [paid("route53/resolver-address", len(addresses), "address of a resolver endpoint"), *used("queries")]


PRICERS: dict[str, Pricer] = {
    "AWS::EC2::EIP": flat("vpc/public-ipv4", "public IPv4 address"),
    "AWS::EC2::FlowLog": by_use("flow logs delivered"),
    "AWS::EC2::NatGateway": nat_gateway,
    "AWS::EC2::TransitGatewayAttachment": _ATTACHMENT,
    "AWS::EC2::TransitGatewayConnect": _ATTACHMENT,
    "AWS::EC2::TransitGatewayPeeringAttachment": _ATTACHMENT,
    "AWS::EC2::TransitGatewayVpcAttachment": _ATTACHMENT,
    "AWS::EC2::VPCEndpoint": endpoint,
    "AWS::EC2::VPNConnection": vpn,
    "AWS::Route53Resolver::ResolverEndpoint": resolver,
}
