"""Address arithmetic: where each subnet lies, and whether networks overlap.

A block of the VPC belongs to a zone by the zone's letter, not by its place in a list. So a zone that is added,
or one that goes, moves no other subnet; and a firewall can name a zone by one prefix.

    10.0.0.0/16   zone a  10.0.0.0/19    private  10.0.0.0/20
                                         isolated 10.0.16.0/21
                                         public   10.0.24.0/22   (10.0.28.0/22 is spare)
                  zone b  10.0.32.0/19   ...     up to zone h
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network
from itertools import combinations

from constructs import Construct

from cdk_standby_review.facts import network as facts

from ._checks import InvalidOptions, Problem, shown
from ._tokens import is_token

LETTERS = "abcdefgh"
_ZONE_BITS = 3  # eight letters
PREFIXES = (int(facts.VPC_PREFIX.value.low), facts.BALANCER_SUBNET_PREFIX.value - _ZONE_BITS - 3)
"""The widest and the narrowest VPC that can be divided so that a load balancer fits into every public subnet."""


@dataclass(frozen=True, slots=True)
class ZoneBlocks:
    """The subnets of one zone."""

    public: IPv4Network
    private: IPv4Network
    isolated: IPv4Network


def zone_blocks(vpc: IPv4Network, letter: str) -> ZoneBlocks:
    """The subnets of the zone with this letter; they depend on nothing else."""
    zone = _part(vpc, LETTERS.index(letter), _ZONE_BITS)
    return ZoneBlocks(private=_part(zone, 0, 1), isolated=_part(zone, 2, 2), public=_part(zone, 6, 3))


def _part(network: IPv4Network, index: int, bits: int) -> IPv4Network:
    """The part with this index when a network is cut into 2**bits equal ones."""
    size = network.num_addresses >> bits
    return IPv4Network((int(network.network_address) + index * size, network.prefixlen + bits))


def network_or_none(cidr: str) -> IPv4Network | None:
    """The network that a CIDR names; None when it names none."""
    try:
        return IPv4Network(cidr) if "/" in cidr else None
    except ValueError:
        return None


def check_cidrs_disjoint(where: Construct | str, cidrs: Mapping[str, str]) -> None:
    """Raise InvalidOptions when the networks of two sites overlap: they could never be peered or routed.

    Args:
        where: the construct to name in the message.
        cidrs: a CIDR per site, e.g. ``{"eu-west-1": "10.0.0.0/16", "eu-central-1": "10.1.0.0/16"}``; tokens are
            left alone.

    Raises:
        InvalidOptions: a line for each pair that overlaps, naming both, and for each CIDR that is none.
    """
    path = where if isinstance(where, str) else where.node.path
    known = {site: network_or_none(cidr) for site, cidr in cidrs.items() if not is_token(cidr)}
    malformed = [
        Problem(
            where=path,
            option=f"cidr of {site}",
            got=shown(cidrs[site]),
            allowed="a network such as '10.0.0.0/16', no bit set behind the prefix",
            why=facts.VPC_PREFIX.says,
            source=facts.VPC_PREFIX.source,
        )
        for site, network in known.items()
        if not network
    ]
    networks = [(site, network) for site, network in known.items() if network]
    overlaps = [
        Problem(
            where=path,
            option=f"cidr of {two}",
            got=shown(cidrs[two]),
            allowed=f"a network apart from {cidrs[one]} of {one}",
            why="sites whose addresses overlap can never be peered or share a transit gateway",
            source="https://docs.aws.amazon.com/vpc/latest/peering/invalid-peering-configurations.html",
        )
        for (one, first), (two, second) in combinations(networks, 2)
        if first.overlaps(second)
    ]
    if malformed or overlaps:
        raise InvalidOptions(malformed + overlaps)


def token_cidr(scope: Construct, cidr: str) -> Iterator[Problem]:
    """Why addresses that are known only at deployment cannot be divided."""
    if is_token(cidr):
        why = "a network is divided before deployment"
        yield Problem(where=scope.node.path, option="cidr", got="a token", allowed="addresses known at synth", why=why)
