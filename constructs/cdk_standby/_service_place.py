"""Where instances stand: the zones of a network, found in our words or refused in them."""

from __future__ import annotations

from typing import Any

from aws_cdk import Stack
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from ._checks import InvalidOptions, Problem
from ._tokens import is_token


def zones_of(scope: Construct, vpc: ec2.IVpc, subnets: ec2.SubnetSelection) -> tuple[str, ...]:
    """The zones of the chosen subnets, each once.

    Raises:
        InvalidOptions: the network has no such subnets.
    """
    return tuple(dict.fromkeys(subnets_of(scope, vpc, subnets).availability_zones))


def subnets_of(scope: Construct, vpc: ec2.IVpc, subnets: ec2.SubnetSelection) -> ec2.SelectedSubnets:
    """The chosen subnets.

    Raises:
        InvalidOptions: the network has no such subnets.
    """
    problem = Problem(
        where=scope.node.path,
        option="vpc",
        got="a VPC without subnets of that kind",
        allowed="private subnets with a way out in 2 zones or more, or 'subnets' that exist",
        why="instances have no public address",
    )
    try:
        return vpc.select_subnets(**_selection(subnets))
    except RuntimeError as unknown:
        raise InvalidOptions([problem]) from unknown


def with_a_way_out(subnets: ec2.SubnetSelection | None) -> ec2.SubnetSelection:
    """What was chosen, or the private subnets."""
    return subnets or ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS)


def region_of(scope: Construct) -> str | None:
    """None in a stack that does not say where it will be."""
    region = Stack.of(scope).region
    return None if is_token(region) else region


def _selection(subnets: ec2.SubnetSelection) -> dict[str, Any]:
    """`IVpc.select_subnets` takes the fields of a selection, one by one."""
    fields = ("availability_zones", "one_per_az", "subnet_filters", "subnet_group_name", "subnets", "subnet_type")
    return {field: value for field in fields if (value := getattr(subnets, field)) is not None}
