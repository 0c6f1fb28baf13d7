"""What the parts of one global database must agree on, as far as one app builds them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from aws_cdk import Stack
from constructs import Construct, IConstruct

from cdk_standby_review.facts import Fact
from cdk_standby_review.facts import aurora as facts
from cdk_standby_review.facts import aurora_features as features

from .._checks import Problem, shown
from .._tokens import is_token

_KNOWN: WeakKeyDictionary[IConstruct, list[Part]] = WeakKeyDictionary()
"""By app. Members live in other stacks and Regions, and none holds the others: only their name is common."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The container of a global database, or one of its clusters."""

    path: str
    account: str
    name: str
    engine: str
    version: str
    region: str | None = None
    """None: the container."""
    secondary: bool = True

    @property
    def follows(self) -> bool:
        """Whether it is a cluster whose data was born elsewhere."""
        return self.region is not None and self.secondary

    @staticmethod
    def of(scope: Construct, name: str, engine: str, version: str, *, secondary: bool | None = None) -> Part:
        """The part that a construct is; the container is neither secondary nor not."""
        region = None if secondary is None else Stack.of(scope).region
        return Part(
            path=scope.node.path,
            account=Stack.of(scope).account,
            name=name.lower(),
            engine=engine,
            version=version,
            region=region,
            secondary=secondary is not False,
        )


def disagreements(scope: Construct, part: Part) -> Iterator[Problem]:
    """What keeps a part from being of one global database with those of the same app that came before."""
    if is_token(part.name) or is_token(part.account):
        return
    others = [o for o in _KNOWN.get(scope.node.root, []) if (o.account, o.name) == (part.account, part.name)]
    for other in others:
        yield from _between(part, other)
    if part.follows and sum(other.follows for other in others) >= features.SECONDARIES.value:
        allowed = f"a global database with fewer than {features.SECONDARIES.value} secondary Regions"
        yield _problem(part, "global_cluster", allowed, features.SECONDARIES)


def remember(scope: Construct, part: Part) -> None:
    """Let the parts that come after agree with this one."""
    _KNOWN.setdefault(scope.node.root, []).append(part)


def _between(part: Part, other: Part) -> Iterator[Problem]:
    for option in ("engine", "version"):
        ours, theirs = getattr(part, option), getattr(other, option)
        if ours != theirs and not (is_token(ours) or is_token(theirs)):
            allowed = f"{shown(theirs)}, as {other.path} has it"
            yield _problem(part, option, allowed, facts.GLOBAL_VERSIONS)
    if part.region is None or other.region is None:
        return
    if part.region == other.region and not is_token(part.region):
        allowed = f"that of a cluster in another Region than {part.region}, where {other.path} is"
        yield _problem(part, "global_cluster", allowed, facts.GLOBAL_MEMBERS)
    if not part.secondary and not other.secondary:
        yield _problem(part, "secondary", f"True, since {other.path} was born with the data", facts.GLOBAL_MEMBERS)


def _problem(part: Part, option: str, allowed: str, fact: Fact[Any]) -> Problem:
    got = part.name if option == "global_cluster" else getattr(part, option)
    return Problem(where=part.path, option=option, got=shown(got), allowed=allowed, why=fact.says, source=fact.source)
