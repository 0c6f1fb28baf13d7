"""NAT gateways and VPC endpoints: what instances reach the rest of the world through."""

from __future__ import annotations

from typing import Any

from ..facts import recovery_times as times
from ..graph import Graph, Key, Resource
from ..objectives import Fault
from ..outcomes import Case, Judgement, lost, survives, unknown
from ..placement import Placement, of_subnets, placement
from ._judge import Judge, not_vital, plumbing


def nat_gateway(graph: Graph, resource: Resource, case: Case) -> Judgement | None:
    """A NAT gateway: one zone, unless it is a regional one."""
    match case.fault:
        case Fault.INSTANCE:
            return survives("AWS runs it with redundancy inside its zone", times.AT_ONCE)
        case Fault.ZONE:
            return _nat_zone(graph, resource, case)
        case Fault.REGION:
            return plumbing(graph, resource, case, "the NAT gateway")
        case Fault.DELETION | Fault.ACCOUNT:
            return None


def _nat_zone(graph: Graph, resource: Resource, case: Case) -> Judgement:
    if resource.text("AvailabilityMode") == "regional":
        return survives("a regional NAT gateway spans the zones", times.AT_ONCE, AvailabilityMode="regional")
    placed = placement(graph, resource)
    served = served_zones(graph, resource)
    if not placed.known or served is None:
        return unknown("the templates do not say which zone its subnet is in")
    if case.zone and case.zone not in placed.zones:
        return survives("it stands in another zone", times.AT_ONCE, zone=placed.zones)
    if cut_off := sorted(set(served) - set(placed.zones)):
        return lost(
            f"subnets in {', '.join(cut_off)} lose their way out, since they route through it", times.ONE_ZONE,
            zone=placed.zones, serves=served,
        )  # fmt: skip
    return survives("it served only the zone that is lost", times.AT_ONCE, zone=placed.zones, serves=served)


def served_zones(graph: Graph, nat: Resource) -> tuple[str, ...] | None:
    """The zones whose subnets route through a NAT gateway; None when one of them is not known."""
    tables = {
        table.key
        for route in graph.users_of(nat, "AWS::EC2::Route")
        if (table := graph.at(route.get("RouteTableId"))) is not None
    }
    by_table = graph.remembered("subnets of route tables", lambda: _subnets_by_table(graph))
    subnets = [subnet for table in sorted(tables) for subnet in by_table.get(table, [])]
    placed = of_subnets(graph, subnets)
    return placed.zones if placed.known else None if subnets else ()


def _subnets_by_table(graph: Graph) -> dict[Key, list[Any]]:
    found: dict[Key, list[Any]] = {}
    for association in graph.of_type("AWS::EC2::SubnetRouteTableAssociation"):
        if table := graph.at(association.get("RouteTableId")):
            found.setdefault(table.key, []).append(association.get("SubnetId"))
    return found


def endpoint(graph: Graph, resource: Resource, case: Case) -> Judgement | None:
    """A VPC endpoint: gateways are regional, interfaces stand in their subnets' zones."""
    match case.fault:
        case Fault.INSTANCE:
            return survives("AWS runs it with redundancy", times.AT_ONCE)
        case Fault.ZONE:
            return _endpoint_zone(graph, resource, case)
        case Fault.REGION:
            return plumbing(graph, resource, case, "the endpoint")
        case Fault.DELETION | Fault.ACCOUNT:
            return None


def _endpoint_zone(graph: Graph, resource: Resource, case: Case) -> Judgement:
    if resource.text("VpcEndpointType") not in {"Interface", "GatewayLoadBalancer"}:
        return survives("a gateway endpoint is regional", times.AT_ONCE)
    return by_interfaces(placement(graph, resource), case)


def by_interfaces(placed: Placement, case: Case) -> Judgement:
    """A zone is lost with what is reached through network interfaces in subnets."""
    if not placed.known:
        return unknown("the templates do not say which zones its subnets are in")
    if placed.spread or (case.zone and case.zone not in placed.zones):
        return survives("it has network interfaces in other zones", times.AT_ONCE, zones=placed.zones)
    return lost("all its network interfaces are in one zone", times.ONE_ZONE, zones=placed.zones)


def connect_endpoint(graph: Graph, resource: Resource, case: Case) -> Judgement | None:
    """An endpoint by which people reach instances: one network interface, and no user waits for it."""
    if case.fault is Fault.ZONE:
        return not_vital(by_interfaces(placement(graph, resource), case))
    if case.fault is Fault.REGION:
        return plumbing(graph, resource, case, "the endpoint")
    return None if case.fault is Fault.DELETION else survives("AWS runs it with redundancy", times.AT_ONCE)


JUDGES: dict[str, Judge] = {
    "AWS::EC2::InstanceConnectEndpoint": connect_endpoint,
    "AWS::EC2::NatGateway": nat_gateway,
    "AWS::EC2::VPCEndpoint": endpoint,
}
