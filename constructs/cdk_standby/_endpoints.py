"""Private ways to AWS services: free for S3 and DynamoDB, by the hour for the others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

ENDPOINTS = ("logs", "secretsmanager", "ssm", "ssmmessages")
"""What an instance in a private subnet needs to start, to read its secret, to be reached and to log.

Each costs by the hour in every zone (`cdk_standby_review.facts.network.INTERFACE_ENDPOINT_PRICE`): these four
in three zones come to about 96 USD a month and Region. They work without any; traffic then takes the NAT gateway.
"""


def add_endpoints(
    scope: Construct, *, vpc: ec2.IVpc, cidr: str, private: Sequence[ec2.ISubnet], services: Iterable[str]
) -> dict[str, ec2.InterfaceVpcEndpoint]:
    """Interface endpoints with private DNS in every private subnet, by service; open to the VPC on 443 only."""
    names = tuple(services)
    if not names:
        return {}
    group = ec2.SecurityGroup(
        scope,
        "EndpointGroup",
        vpc=vpc,
        description="AWS services inside the VPC",
        allow_all_outbound=False,
    )
    group.add_ingress_rule(ec2.Peer.ipv4(cidr), ec2.Port.tcp(443), "HTTPS from the VPC")
    return {
        name: ec2.InterfaceVpcEndpoint(
            scope,
            "Endpoint" + "".join(part.capitalize() for part in name.replace("-", ".").split(".")),
            vpc=vpc,
            service=ec2.InterfaceVpcEndpointAwsService(name),
            subnets=ec2.SubnetSelection(subnets=private),
            security_groups=[group],
            open=False,
            private_dns_enabled=True,
        )
        for name in names
    }


def add_gateways(
    scope: Construct, *, vpc: ec2.IVpc, subnets: Sequence[ec2.ISubnet]
) -> dict[str, ec2.GatewayVpcEndpoint]:
    """The gateway endpoints of S3 and DynamoDB, in the route tables of these subnets."""
    services = {
        "s3": ec2.GatewayVpcEndpointAwsService.S3,
        "dynamodb": ec2.GatewayVpcEndpointAwsService.DYNAMODB,
    }
    return {
        name: ec2.GatewayVpcEndpoint(
            scope,
            f"Gateway{name.capitalize()}",
            vpc=vpc,
            service=service,
            subnets=[ec2.SubnetSelection(subnets=subnets)],
        )
        for name, service in services.items()
    }
