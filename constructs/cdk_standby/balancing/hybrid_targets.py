"""Targets that are addresses: of the VPC, or beyond it, where a VPN or Direct Connect leads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network
from typing import Any

from cdk_standby_review.facts import elb as facts

from .._checks import Problem, shown
from .._tokens import is_token

OWN = tuple(map(IPv4Network, facts.OWN_ADDRESSES.value))
EVERY_ZONE = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class HybridTargets:
    """Addresses that a load balancer leads to, in AWS and on premises.

    AWS learns the zone of an address of the VPC by itself. An address outside gets requests from every zone, or, where
    the targets turned balancing over zones off, from the one that is named.
    """

    inside: Sequence[str] = ()
    """IPv4 addresses of the VPC; left out: none."""
    outside: Sequence[str] = ()
    """IPv4 addresses beyond the VPC, of RFC 1918 or RFC 6598: on premises, or in a peered VPC; left out: none."""
    outside_zone: str = EVERY_ZONE
    """The zone whose requests go to the addresses outside; left out: all zones."""

    def __len__(self) -> int:
        """How many addresses there are."""
        return len(self.inside) + len(self.outside)


def address_problems(where: str, targets: HybridTargets | None, vpc_cidr: str | None) -> Iterator[Problem]:
    """What is wrong with the addresses; `vpc_cidr` is None where nobody knows it."""
    if targets is None:
        return
    if not len(targets):
        yield _problem(where, "addresses", "empty", "one address or more", "something has to answer")
    vpc = IPv4Network(vpc_cidr) if vpc_cidr and not is_token(vpc_cidr) else None
    yield from _no_addresses(where, targets, vpc)
    yield from _repeated(where, [*targets.inside, *targets.outside])
    for text in targets.outside:
        address = _address(text)
        if vpc and address and address in vpc:
            why = f"it belongs to the VPC ({vpc}), where AWS finds its zone by itself"
            yield _problem(where, "addresses.outside", shown(text), "'addresses.inside'", why)


def seen(targets: HybridTargets | None) -> dict[str, Any]:
    """The parts of the addresses as options, for messages."""
    parts = () if targets is None else ("inside", "outside", "outside_zone")
    return {f"addresses.{part}": getattr(targets, part) for part in parts}


def _no_addresses(where: str, targets: HybridTargets, vpc: IPv4Network | None) -> Iterator[Problem]:
    for option, texts in (("addresses.inside", targets.inside), ("addresses.outside", targets.outside)):
        for text in texts:
            if is_token(text):
                continue
            address = _address(text)
            if address is None:
                yield _problem(where, option, shown(text), "an IPv4 address such as '10.0.1.5'", "IP targets are these")
            elif not any(address in network for network in (*OWN, *([vpc] if vpc else []))):
                allowed = f"an address of {', '.join(facts.OWN_ADDRESSES.value)}"
                yield _problem(where, option, shown(text), allowed, facts.OWN_ADDRESSES.says)


def _repeated(where: str, texts: Sequence[str]) -> Iterator[Problem]:
    if twice := sorted({text for text in texts if texts.count(text) > 1}):
        yield _problem(where, "addresses", shown(twice), "each address once", "a target that is counted twice is one")


def _address(text: str) -> IPv4Address | None:
    try:
        return IPv4Address(text)
    except ValueError:
        return None


def _problem(where: str, option: str, got: str, allowed: str, why: str) -> Problem:
    source = facts.OWN_ADDRESSES.source
    return Problem(where=where, option=option, got=got, allowed=allowed, why=why, source=source)
