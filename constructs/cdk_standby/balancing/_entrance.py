"""Where a load balancer stands: one subnet in each zone; and who may call it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Any

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from cdk_standby_review.facts import Fact
from cdk_standby_review.facts import elb as facts

from .._checks import InvalidOptions, Problem, shown
from .._tokens import is_token

EVERYBODY = frozenset({"0.0.0.0/0", "::/0"})
_CIDRS = "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html"
_FIELDS = ("availability_zones", "one_per_az", "subnet_filters", "subnet_group_name", "subnets", "subnet_type")


@dataclass(frozen=True, slots=True)
class Entrance:
    """The subnets of a load balancer, and their zones, in the same order."""

    subnets: tuple[ec2.ISubnet, ...]
    zones: tuple[str, ...]

    @staticmethod
    def of(
        scope: Construct, vpc: ec2.IVpc, subnets: ec2.SubnetSelection | None, *, public: bool, needs: Fact[Any]
    ) -> Entrance:
        """The chosen subnets; left out: the public ones, or the private ones with a way out. `needs` is why.

        Raises:
            InvalidOptions: the network has no such subnets, or does not know their zones.
        """
        usual = ec2.SubnetType.PUBLIC if public else ec2.SubnetType.PRIVATE_WITH_EGRESS
        chosen = subnets or ec2.SubnetSelection(subnet_type=usual)
        asked: dict[str, Any] = {name: value for name in _FIELDS if (value := getattr(chosen, name)) is not None}
        try:
            found = vpc.select_subnets(**asked).subnets
            return Entrance(tuple(found), tuple(subnet.availability_zone for subnet in found))
        except RuntimeError as unknown:
            problem = _no_zone(scope) if chosen.subnets else _no_subnets(scope, needs, public=public)
            raise InvalidOptions([problem]) from unknown

    def problems(self, where: str, fewest: int, needs: Fact[Any]) -> Iterator[Problem]:
        """Too few zones, or two subnets in one of them."""
        repeated = sorted({zone for zone in self.zones if self.zones.count(zone) > 1})
        if len(set(self.zones)) < fewest:
            got = shown(sorted(set(self.zones)))
            yield _problem(where, got, f"subnets in {fewest} zones or more, better 3", needs.says, needs.source)
        if repeated:
            got, allowed = f"more than one subnet of {', '.join(repeated)}", "one subnet of each zone"
            yield _problem(where, got, allowed, facts.SUBNETS.says, facts.SUBNETS.source)

    @property
    def selection(self) -> ec2.SubnetSelection:
        """The very same subnets, for the CDK."""
        return ec2.SubnetSelection(subnets=list(self.subnets))


def letter(zone: str, region: str, position: int) -> str:
    """`a` for eu-west-1a, so that sites share names; a zone that is unknown at synth goes by its position from 1."""
    return str(position + 1) if is_token(zone) else zone.removeprefix(region).strip("-")


def cidr_of(vpc: ec2.IVpc) -> str | None:
    """The VPC's first block; None where an imported VPC does not say."""
    try:
        return vpc.vpc_cidr_block
    except RuntimeError:
        return None


def callers(vpc: ec2.IVpc, allow_from: Sequence[str] | None, *, public: bool, dual_stack: bool) -> tuple[str, ...]:
    """The blocks that may call; nothing where the VPC's own block is meant, and not known."""
    if allow_from is not None:
        return tuple(allow_from)
    if public:
        return ("0.0.0.0/0", "::/0") if dual_stack else ("0.0.0.0/0",)
    block = cidr_of(vpc)
    return () if block is None else (block,)


def caller_problems(where: str, allow_from: Sequence[str] | None, blocks: Sequence[str]) -> Iterator[Problem]:
    """Blocks that are none, or nobody who may call although nobody was left out."""
    allowed = "CIDR blocks such as 0.0.0.0/0 or 203.0.113.0/24"
    if allow_from is None and not blocks:
        why = "the imported VPC does not say what its own block is"
        yield Problem(where=where, option="allow_from", got="not given", allowed=allowed, why=why, source=_CIDRS)
    for block in blocks:
        if not is_token(block) and _no_block(block):
            why = "security groups open by block"
            yield Problem(where=where, option="allow_from", got=shown(block), allowed=allowed, why=why, source=_CIDRS)


def peer(block: str) -> ec2.IPeer:
    """A block, as security groups name it."""
    return ec2.Peer.ipv6(block) if ":" in block and not is_token(block) else ec2.Peer.ipv4(block)


def _no_block(text: str) -> bool:
    try:
        ip_network(text)
    except ValueError:
        return True
    return "/" not in text


def _no_subnets(scope: Construct, needs: Fact[Any], *, public: bool) -> Problem:
    kind = "public subnets" if public else "private subnets with a way out"
    allowed = f"{kind} in 2 zones or more, or 'subnets' that exist"
    return _problem(scope.node.path, "a VPC without subnets of that kind", allowed, needs.says, needs.source)


def _no_zone(scope: Construct) -> Problem:
    allowed = "subnets that were imported with their zones, 'availability_zone' of Subnet.from_subnet_attributes"
    got, fact = "a subnet whose zone nobody knows", facts.SUBNETS
    return _problem(scope.node.path, got, allowed, fact.says, fact.source)


def _problem(where: str, got: str, allowed: str, why: str, source: str) -> Problem:
    return Problem(where=where, option="vpc", got=got, allowed=allowed, why=why, source=source)
