"""Endpoints of a Gateway Load Balancer in the networks whose packets it inspects: one in each zone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from aws_cdk import Stack
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from cdk_standby_review.facts import elb_network as facts

from .._checks import InvalidOptions, Problem, check
from ._entrance import Entrance, letter

__all__ = ["GatewayEndpoints"]


class GatewayEndpoints(Construct):
    """A Gateway Load Balancer endpoint in each zone of a network, and routes that stay in their zone.

    Zone loss: the endpoint there is lost with the subnets that route through it; the other zones use their own.
    Region loss: not survived; the other Region's network has endpoints of its own.
    """

    endpoints: dict[str, ec2.CfnVPCEndpoint]
    """The endpoints, by zone."""
    availability_zones: tuple[str, ...]

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        vpc: ec2.IVpc,
        service_name: str,
        subnets: ec2.SubnetSelection | None = None,
    ) -> None:
        """Make the endpoints.

        Args:
            scope: the parent.
            id: unique among the parent's children.
            vpc: the network whose packets are inspected, with private subnets in two zones or more.
            service_name: `GatewayBalancer.service_name`, of this Region; of another account it has to allow this one.
            subnets: where endpoints stand, one subnet of each zone, apart from those whose packets they take; left
                out: the private subnets.

        Raises:
            InvalidOptions: fewer than two zones, or a zone twice.
        """
        super().__init__(scope, id)
        entrance = Entrance.of(self, vpc, subnets, public=False, needs=facts.ZONES)
        check(self, (), {}, also=entrance.problems(self.node.path, facts.ZONES.value, facts.ZONES))
        self.availability_zones, region = entrance.zones, Stack.of(self).region
        self.endpoints = {
            zone: ec2.CfnVPCEndpoint(
                self,
                f"Endpoint-{letter(zone, region, position)}",
                vpc_id=vpc.vpc_id,
                service_name=service_name,
                vpc_endpoint_type="GatewayLoadBalancer",
                subnet_ids=[subnet.subnet_id],
            )
            for position, (zone, subnet) in enumerate(zip(entrance.zones, entrance.subnets, strict=True))
        }

    def route(self, subnets: Sequence[ec2.ISubnet], destination: str = "0.0.0.0/0") -> list[ec2.CfnRoute]:
        """Send what subnets send to a destination through the endpoint of their own zone.

        Args:
            subnets: with route tables of their own, and no other route to the destination.
            destination: a CIDR block; left out: everything.

        Raises:
            InvalidOptions: a subnet in a zone without an endpoint: its packets would depend on another zone.
        """
        tables = {subnet: _table(subnet) for subnet in subnets}
        if problems := [*self._unserved(tables)]:
            raise InvalidOptions(problems)
        return [
            ec2.CfnRoute(
                self,
                f"Route-{subnet.node.addr[-8:]}-{destination.replace('/', '_')}",
                route_table_id=str(table),
                destination_cidr_block=destination,
                vpc_endpoint_id=self.endpoints[subnet.availability_zone].ref,
            )
            for subnet, table in tables.items()
        ]

    def _unserved(self, tables: Mapping[ec2.ISubnet, str | None]) -> Iterator[Problem]:
        for subnet, table in tables.items():
            if subnet.availability_zone not in self.endpoints:
                got = f"{subnet.node.path} in {subnet.availability_zone}"
                yield self._problem(got, f"subnets in {', '.join(self.availability_zones)}")
            if table is None:
                got = f"{subnet.node.path}, imported without its route table"
                yield self._problem(got, "subnets with route tables, 'route_table_id' of Subnet.from_subnet_attributes")

    def _problem(self, got: str, allowed: str) -> Problem:
        where, fact = self.node.path, facts.ENDPOINT_ZONE
        return Problem(where=where, option="subnets", got=got, allowed=allowed, why=fact.says, source=fact.source)


def _table(subnet: ec2.ISubnet) -> str | None:
    """None where an imported subnet does not say."""
    try:
        return subnet.route_table.route_table_id or None
    except RuntimeError:
        return None
