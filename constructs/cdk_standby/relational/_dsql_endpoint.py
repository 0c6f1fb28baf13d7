"""The private way from a VPC to DSQL clusters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import jsii
from aws_cdk import Stack
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from cdk_standby_review.facts import dsql as facts

from .._checks import Rule, check
from ._parts import security_group
from ._place import Place
from ._rules import of_the_region

if TYPE_CHECKING:
    from .dsql import DsqlCluster

_RULES = (
    of_the_region("vpc", facts.PRIVATE.says, facts.PRIVATE.source),
    of_the_region("cluster", facts.PRIVATE.says, facts.PRIVATE.source),
    Rule(
        option="vpc",
        broken=lambda o: o["zones"] < facts.ENDPOINT_ZONES.value.low,
        allowed="isolated (or chosen) subnets in two Availability Zones or more",
        why=facts.ENDPOINT_ZONES.says,
        source=facts.ENDPOINT_ZONES.source,
    ),
)


@jsii.implements(ec2.IConnectable)
class DsqlEndpoint(Construct):
    """An interface endpoint in two zones or more, through which peers in a VPC reach a DSQL cluster of its Region.

    Zone loss: names resolve to the network interfaces of the other zones. Closed until peers are let in by
    `connections`. It holds no data and may stand in the stack of the service.

    Clusters of one Region may share a service name: the endpoint then leads to all of them, and a second one in the
    same VPC is refused by AWS, since its private names are taken.
    """

    resource: ec2.CfnVPCEndpoint
    security_group: ec2.SecurityGroup

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        cluster: DsqlCluster,
        vpc: ec2.IVpc,
        subnets: ec2.SubnetSelection | None = None,
    ) -> None:
        """Build the endpoint.

        Args:
            scope: the parent, in the Region of the cluster.
            id: unique among the parent's children.
            cluster: where it leads.
            vpc: any VPC with subnets in two zones or more, its DNS support and host names on.
            subnets: where its network interfaces stand, one in each zone; left out: the isolated subnets.

        Raises:
            InvalidOptions: no subnets in two zones, or a VPC or a cluster of another Region
                (https://docs.aws.amazon.com/aurora-dsql/latest/userguide/privatelink-managing-clusters.html).
        """
        super().__init__(scope, id)
        place = Place.of(self, vpc, _one_in_each_zone(subnets))
        there = {"vpc": vpc.env.region, "cluster": Stack.of(cluster).region}
        options = {"vpc": vpc.node.path, "cluster": cluster.node.path, "regions": there, "kind": "endpoint"}
        check(self, _RULES, {**options, "region": Stack.of(self).region, "zones": len(place.zones)})
        self.security_group = security_group(self, vpc)
        self.resource = ec2.CfnVPCEndpoint(
            self,
            "Endpoint",
            service_name=cluster.cluster.attr_vpc_endpoint_service_name,
            vpc_endpoint_type="Interface",
            vpc_id=vpc.vpc_id,
            subnet_ids=list(place.subnets),
            security_group_ids=[self.security_group.security_group_id],
            private_dns_enabled=True,
        )

    @property
    def connections(self) -> ec2.Connections:
        """Who may use the endpoint: nobody until let in here."""
        return ec2.Connections(security_groups=[self.security_group], default_port=ec2.Port.tcp(facts.PRIVATE.value))


def _one_in_each_zone(subnets: ec2.SubnetSelection | None) -> ec2.SubnetSelection:
    if subnets is None:
        return ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED, one_per_az=True)
    return subnets
