"""What the members of one multi-Region cluster must agree on, as far as one app builds them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from aws_cdk import Stack
from constructs import Construct, IConstruct

from cdk_standby_review.facts import dsql as facts

from .._checks import Problem, shown
from .._tokens import is_token

_KNOWN: WeakKeyDictionary[IConstruct, list[Member]] = WeakKeyDictionary()
"""By app. Members stand in stacks of other Regions, and none holds the other: only their name is common."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One cluster of a multi-Region cluster."""

    path: str
    account: str
    name: str
    region: str
    witness: str
    peers: Mapping[str, str]

    @staticmethod
    def of(scope: Construct, name: str | None, witness: str | None, peers: Mapping[str, str]) -> Member | None:
        """The member that a construct is; None when it stands alone or is not known to be one."""
        if name is None or witness is None:
            return None
        stack = Stack.of(scope)
        return Member(
            path=scope.node.path, account=stack.account, name=name, region=stack.region, witness=witness, peers=peers
        )


def disagreements(scope: Construct, member: Member | None) -> Iterator[Problem]:
    """What keeps a member from being of one cluster with those of the same app that came before."""
    if member is None or is_token(member.name):
        return
    for other in _KNOWN.get(scope.node.root, []):
        if (other.account, other.name) == (member.account, member.name):
            yield from _between(member, other)


def remember(scope: Construct, member: Member | None) -> None:
    """Let the members that come after agree with this one."""
    if member is not None:
        _KNOWN.setdefault(scope.node.root, []).append(member)


def _between(member: Member, other: Member) -> Iterator[Problem]:
    if is_token(member.region) or is_token(other.region):
        return
    if member.region == other.region:
        allowed = f"another name than that of {other.path}, which is in {other.region} too"
        yield _problem(member, "name", shown(member.name), allowed, facts.PEERS.says)
        return
    if member.witness != other.witness and not (is_token(member.witness) or is_token(other.witness)):
        allowed = f"{shown(other.witness)}, as {other.path} has it"
        yield _problem(member, "witness", shown(member.witness), allowed, facts.WITNESS.says)
    for asks, asked in ((member, other), (other, member)):
        if asks.peers and asked.region not in asks.peers and not any(map(is_token, asks.peers)):
            got = f"{shown(tuple(asks.peers))} of {asks.path}"
            allowed = f"the ARN of {asked.path} in {asked.region}, which has the same name"
            yield _problem(member, "peers", got, allowed, facts.PEERS.says)


def _problem(member: Member, option: str, got: str, allowed: str, why: str) -> Problem:
    return Problem(where=member.path, option=option, got=got, allowed=allowed, why=why, source=facts.SETUP.source)
