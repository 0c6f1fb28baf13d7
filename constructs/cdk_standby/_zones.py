"""Which Availability Zones a network uses: as named by the user, or as the Region of the stack has them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from aws_cdk import Stack, Token
from constructs import Construct

from cdk_standby_review.facts import network as facts
from cdk_standby_review.facts import regions

from ._checks import InvalidOptions, Problem, shown
from ._cidrs import LETTERS
from ._regions import unknown_region

_ENVIRONMENTS = "https://docs.aws.amazon.com/cdk/v2/guide/configure-env.html"


def choose_zones(scope: Construct, count: int, named: Sequence[str] | None) -> tuple[str, ...]:
    """The zones to use, sorted by name; raise InvalidOptions when there is no telling which.

    Neither the account nor a context file is asked: a lookup would need credentials at synth, and could answer
    otherwise tomorrow.
    """
    region = Stack.of(scope).region
    problems = list(_named_badly(scope, region, named) if named is not None else _unknowable(scope, region, count))
    if problems:
        raise InvalidOptions(problems)
    return tuple(sorted(named)) if named is not None else regions.zone_names(region)[:count]


def _unknowable(scope: Construct, region: str, count: int) -> Iterator[Problem]:
    """Why the zones cannot be taken from the stack's Region."""
    where, names = scope.node.path, regions.zone_names(region)
    if count not in facts.ZONES.value:
        allowed, source = str(facts.ZONES.value), facts.ZONES.source
        yield Problem(
            where=where, option="zones", got=shown(count), allowed=allowed, why=facts.ZONES.says, source=source
        )
    if Token.is_unresolved(region):
        yield _must_name(where, "a stack without a Region silently gets two zones, whatever it asks for", _ENVIRONMENTS)
    elif problem := unknown_region(where, "region of the stack", region):
        yield problem
    elif not names:
        why = f"each account sees other zones of {region}"
        yield _must_name(where, why, regions.ZONE_LETTERS[region].source, region)
    elif len(names) < count <= facts.ZONES.value.high:
        source = regions.ZONE_LETTERS[region].source
        why = f"{region} has the zones {', '.join(names)}"
        yield Problem(
            where=where, option="zones", got=shown(count), allowed=f"2 to {len(names)}", why=why, source=source
        )


def _must_name(where: str, why: str, source: str, region: str = "eu-west-1") -> Problem:
    example = ", ".join(f"'{region}{letter}'" for letter in "abc"[: 2 if region == "us-west-1" else 3])
    allowed = f"the zones by name, such as [{example}]"
    if region == "eu-west-1":
        allowed += ", or a stack with env=Environment(account=..., region=...)"
    return Problem(where=where, option="availability_zones", got="not given", allowed=allowed, why=why, source=source)


def _named_badly(scope: Construct, region: str, named: Sequence[str]) -> Iterator[Problem]:
    """What is wrong with zones that the user named."""
    elsewhere = [] if Token.is_unresolved(region) else [z for z in named if re.sub("[a-z]$", "", z) != region]
    shapeless = [z for z in named if not re.fullmatch(rf"[a-z]+(-[a-z]+)+-\d[{LETTERS}]", z)]
    repeated = sorted({z for z in named if named.count(z) > 1})
    source = facts.ZONES.source
    for broken, allowed, why in (
        (any(map(Token.is_unresolved, named)), "zones known at synth", "ids and addresses follow the zone's letter"),
        (len(named) not in facts.ZONES.value, f"{facts.ZONES.value} zones", facts.ZONES.says),
        (bool(repeated), "each zone once", f"{', '.join(repeated)} twice is one zone that can be lost at once"),
        (bool(shapeless), "a Region and one letter, such as 'eu-west-1a'", "local zones and zone ids are not taken"),
        (bool(elsewhere) and not shapeless, f"zones of {region}", "a VPC spans the zones of its own Region only"),
    ):
        if broken:
            got = shown(list(named))
            yield Problem(
                where=scope.node.path, option="availability_zones", got=got, allowed=allowed, why=why, source=source
            )
