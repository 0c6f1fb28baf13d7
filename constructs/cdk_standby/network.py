"""The network of one Region."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from ipaddress import IPv4Network
from typing import Literal, cast

from aws_cdk import Acknowledgment, Tags, Validations
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from constructs import Construct, DependencyGroup

from cdk_standby_review.facts import network as facts

from ._checks import Options, Rule, check, one_of
from ._cidrs import PREFIXES, check_cidrs_disjoint, network_or_none, token_cidr
from ._default_group import ClosedDefaultGroup
from ._endpoints import ENDPOINTS, add_endpoints, add_gateways
from ._flow_logs import FlowLogs
from ._named_zones import zones_are_meant
from ._reasons import weakened
from ._subnets import Internet, ZoneSubnets, make_zone, regional_nat, zonal_nat
from ._zones import choose_zones, zone_problems

__all__ = ["ENDPOINTS", "Network", "check_cidrs_disjoint"]


class Network(Construct):
    """A VPC over three zones, with a public, a private and an isolated subnet in each.

    Zone loss: the other zones keep their own way out (a NAT gateway per zone, or a regional one). Region loss: not
    survived alone; the network of another site has other addresses, so that the two can be peered.

    A zone that is added or removed leaves the ids and addresses of all other subnets as they are. No lookup is ever
    made, unlike `ec2.Vpc`, which asks the account for its zones even when they are named.

    `vpc` is what every CDK construct takes. Load balancers and services go into `PUBLIC` and `PRIVATE_WITH_EGRESS`
    subnets, data into `PRIVATE_ISOLATED` ones.
    """

    vpc: ec2.IVpc
    cidr: str
    availability_zones: tuple[str, ...]
    zones: tuple[ZoneSubnets, ...]
    nat_gateways: tuple[ec2.CfnNatGateway, ...]
    flow_logs: FlowLogs
    gateway_endpoints: dict[str, ec2.GatewayVpcEndpoint]
    interface_endpoints: dict[str, ec2.InterfaceVpcEndpoint]

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        cidr: str = "10.0.0.0/16",
        zones: int = 3,
        availability_zones: Sequence[str] | None = None,
        nat: Literal["zonal", "regional"] = "zonal",
        single_nat_because: str | None = None,
        interface_endpoints: Sequence[str] = ENDPOINTS,
        flow_log_retention: logs.RetentionDays = logs.RetentionDays.THREE_MONTHS,
        flow_log_key: kms.IKey | None = None,
    ) -> None:
        """Make the network.

        Args:
            scope: the construct or stack that the network belongs to.
            id: its construct id.
            cidr: all addresses, /16 to /21; left out: 10.0.0.0/16. Give each site its own (`check_cidrs_disjoint`).
            zones: how many zones, 2 to 6; left out: 3. Not read when `availability_zones` names them.
            availability_zones: the zones by name; left out: the first of the stack's Region, as accounts commonly
                see them, and a stack without a Region is refused.
            nat: ``"zonal"``, a NAT gateway per zone, or ``"regional"``, one that spans zones by itself, but may take
                an hour to reach a zone that is new to it; left out: zonal.
            single_nat_because: why one NAT gateway in the first zone is enough, though all zones lose their way out
                with it; left out: there is one per zone.
            interface_endpoints: AWS services by the last part of their endpoint name, reached inside the VPC; each
                costs by the hour in every zone. Left out: logs, secretsmanager, ssm and ssmmessages, about 96 USD a
                month over three zones. S3 and DynamoDB always have gateway endpoints, which are free.
            flow_log_retention: how long flow logs are kept; left out: three months.
            flow_log_key: the KMS key of the flow logs; left out: a key of their own.

        Raises:
            InvalidOptions: an option is out of range, or the zones cannot be known
                (https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html).
        """
        super().__init__(scope, id)
        unknown = [*zone_problems(self, zones, availability_zones), *token_cidr(self, cidr)]
        check(self, RULES, locals(), also=unknown)
        self.cidr = cidr
        self.availability_zones = choose_zones(self, zones, availability_zones)
        single = weakened(self, "single_nat", single_nat_because)
        zones_are_meant(self, "ids and addresses follow the letter of a zone, so that adding one moves no other")
        resource, internet = self._vpc()
        self.zones = tuple(
            make_zone(self, resource.ref, IPv4Network(cidr), zone, internet) for zone in self.availability_zones
        )
        self.nat_gateways = tuple(
            regional_nat(self, resource.ref, self.zones, internet)
            if nat == "regional"
            else zonal_nat(self.zones, single=single)
        )
        self.vpc = self._as_vpc(resource)
        self.flow_logs = FlowLogs(self, "FlowLogs", vpc=self.vpc, retention=flow_log_retention, key=flow_log_key)
        self.gateway_endpoints = add_gateways(self, vpc=self.vpc, subnets=self._inner_subnets())
        self.interface_endpoints = add_endpoints(
            self, vpc=self.vpc, cidr=cidr, private=self.vpc.private_subnets, services=interface_endpoints
        )

    def _vpc(self) -> tuple[ec2.CfnVPC, Internet]:
        vpc = ec2.CfnVPC(self, "Resource", cidr_block=self.cidr, enable_dns_hostnames=True, enable_dns_support=True)
        Tags.of(self).add("Name", self.node.path, include_resource_types=["AWS::EC2::VPC"])
        ClosedDefaultGroup(self, "DefaultGroup", group_id=vpc.attr_default_security_group)
        reason = "the runbook of DefaultGroup removes its rules after creation, and again every day"
        Validations.of(vpc).acknowledge(Acknowledgment(id=_DEFAULT_GROUP, reason=reason))
        return vpc, Internet(self, "Internet", vpc_id=vpc.ref)

    def _as_vpc(self, resource: ec2.CfnVPC) -> ec2.IVpc:
        """What was made, in the shape that every CDK construct takes."""
        public, private, isolated = zip(*((z.public, z.private, z.isolated) for z in self.zones), strict=True)
        vpc = ec2.Vpc.from_vpc_attributes(
            self,
            "Vpc",
            vpc_id=resource.ref,
            vpc_cidr_block=self.cidr,
            availability_zones=list(self.availability_zones),
            public_subnet_ids=[s.subnet_id for s in public],
            public_subnet_route_table_ids=[s.route_table.route_table_id for s in public],
            public_subnet_ipv4_cidr_blocks=[s.ipv4_cidr_block for s in public],
            private_subnet_ids=[s.subnet_id for s in private],
            private_subnet_route_table_ids=[s.route_table.route_table_id for s in private],
            private_subnet_ipv4_cidr_blocks=[s.ipv4_cidr_block for s in private],
            isolated_subnet_ids=[s.subnet_id for s in isolated],
            isolated_subnet_route_table_ids=[s.route_table.route_table_id for s in isolated],
            isolated_subnet_ipv4_cidr_blocks=[s.ipv4_cidr_block for s in isolated],
        )
        _wait_for_routes(vpc, dict(zip([*vpc.public_subnets, *vpc.private_subnets], [*public, *private], strict=True)))
        return vpc

    def _inner_subnets(self) -> list[ec2.ISubnet]:
        return [*self.vpc.private_subnets, *self.vpc.isolated_subnets]


def _wait_for_routes(vpc: ec2.IVpc, subnets: Mapping[ec2.ISubnet, ec2.ISubnet]) -> None:
    """Let whoever needs the internet in the same stack, a public load balancer say, wait for the routes to it."""
    whole = vpc.internet_connectivity_established
    for seen, made in subnets.items():
        there = made.internet_connectivity_established
        for dependents in (whole, seen.internet_connectivity_established):
            cast("DependencyGroup", dependents).add(there)


_DEFAULT_GROUP = "NIST.800.53.R5::NIST.800.53.R5-VPCDefaultSecurityGroupClosed"
_NAT = "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html"


def _bad_cidr(options: Options) -> bool:
    network = network_or_none(options["cidr"])
    return network is None or not PREFIXES[0] <= network.prefixlen <= PREFIXES[1]


RULES = [
    Rule(
        option="cidr",
        broken=_bad_cidr,
        allowed=f"a network of /{PREFIXES[0]} to /{PREFIXES[1]}, such as '10.0.0.0/16', no bit set behind the prefix",
        why="it is cut into eight zones of three subnets each, and each subnet of a load balancer is at least a "
        f"/{facts.BALANCER_SUBNET_PREFIX.value}",
        source=facts.BALANCER_SUBNET_PREFIX.source,
    ),
    one_of("nat", ["zonal", "regional"], why="these are the two kinds of NAT gateway", source=_NAT),
    Rule(
        option="single_nat_because",
        broken=lambda o: o["single_nat_because"] is not None and o["nat"] == "regional",
        allowed="left out when nat is 'regional'",
        why="a regional NAT gateway is not lost with one zone",
        source=_NAT,
        reads=["nat"],
    ),
    Rule(
        option="interface_endpoints",
        broken=lambda o: len(set(o["interface_endpoints"])) < len(o["interface_endpoints"]),
        allowed="each service once",
        why="a VPC has one private DNS name per service",
        source="https://docs.aws.amazon.com/vpc/latest/privatelink/interface-endpoints.html",
    ),
    Rule(
        option="interface_endpoints",
        broken=lambda o: bool({"s3", "dynamodb"} & set(o["interface_endpoints"])),
        allowed="services other than s3 and dynamodb",
        why="these two have gateway endpoints here already, which are free",
        source=facts.GATEWAY_ENDPOINT_PRICE.source,
    ),
]
