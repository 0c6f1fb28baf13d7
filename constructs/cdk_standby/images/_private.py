"""Subnets that nobody reaches from outside, and that reach what they need."""

from __future__ import annotations

from typing import Any

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from .._checks import InvalidOptions, Problem

_FIELDS = ("availability_zones", "one_per_az", "subnet_filters", "subnet_group_name", "subnets", "subnet_type")


def private_subnets(
    scope: Construct, vpc: ec2.IVpc, subnets: ec2.SubnetSelection | None, *, zone: str | None = None
) -> ec2.SelectedSubnets:
    """The private subnets with a way out, or those that were chosen; in one zone only where one is given.

    Raises:
        InvalidOptions: the network has no such subnets.
    """
    chosen = subnets or ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS)
    wanted: dict[str, Any] = {field: value for field in _FIELDS if (value := getattr(chosen, field)) is not None}
    if zone is not None and "subnets" not in wanted:
        wanted["availability_zones"] = [zone]
    try:
        found = vpc.select_subnets(**wanted)
    except RuntimeError as unknown:
        raise InvalidOptions([_none(scope, zone)]) from unknown
    if not found.subnet_ids or (zone is not None and set(found.availability_zones) != {zone}):
        raise InvalidOptions([_none(scope, zone)])
    return found


def _none(scope: Construct, zone: str | None) -> Problem:
    place = f" in {zone}, and in no other zone" if zone else ""
    return Problem(
        where=scope.node.path,
        option="vpc",
        got="a VPC without subnets of that kind",
        allowed=f"private subnets with a way out{place}, or 'subnets' that exist",
        why="instances have no public address, and need what they install",
    )
