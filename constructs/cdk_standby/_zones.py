"""Which Availability Zones a network uses: as named by the user, or as the Region of the stack has them.

Neither the account nor a context file is asked: a lookup would need credentials at synth, and could answer
otherwise tomorrow.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from aws_cdk import Stack
from constructs import Construct

from cdk_standby_review.facts import network as facts
from cdk_standby_review.facts import regions

from ._checks import Problem, shown
from ._cidrs import LETTERS
from ._regions import unknown_region
from ._tokens import is_token

_ENVIRONMENTS = "https://docs.aws.amazon.com/cdk/v2/guide/configure-env.html"
_ZONE = re.compile(rf"(?P<region>[a-z]+(-[a-z]+)+-\d)[{LETTERS}]")


def choose_zones(scope: Construct, count: int, named: Sequence[str] | None) -> tuple[str, ...]:
    """The zones to use, sorted by name, once `zone_problems` found nothing."""
    return tuple(sorted(named)) if named is not None else regions.zone_names(Stack.of(scope).region)[:count]


def zone_problems(scope: Construct, count: int, named: Sequence[str] | None) -> Iterator[Problem]:
    """Why there is no telling which zones to use, or why they are no good."""
    region = Stack.of(scope).region
    if named is None:
        yield from _unknowable(scope.node.path, region, count)
    else:
        yield from _named_badly(scope.node.path, region, list(named))


def _unknowable(where: str, region: str, count: int) -> Iterator[Problem]:
    """Why the zones cannot be taken from the stack's Region."""
    names = regions.zone_names(region)
    if is_token(count):
        yield _problem(where, "zones", "a token", "a number known at synth", "a network is divided before deployment")
    elif count not in facts.ZONES.value:
        yield _problem(where, "zones", shown(count), str(facts.ZONES.value), facts.ZONES.says)
    elif names and len(names) < count:
        yield _problem(where, "zones", shown(count), f"2 to {len(names)}", f"{region} has {', '.join(names)}")
    if is_token(region):
        env = "env=cdk.Environment(account=..., region=...)"
        allowed = f"the zones by name, such as ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'], or a stack with {env}"
        why = "a stack without a Region silently gets two zones, whatever it asks for"
        yield replace(_problem(where, "availability_zones", "not given", allowed, why), source=_ENVIRONMENTS)
    elif problem := unknown_region(where, "region of the stack", region):
        yield problem
    elif not names:
        allowed = f"the zones by name, such as ['{region}a', '{region}c']"
        why = f"each account sees other zones of {region}"
        yield _problem(where, "availability_zones", "not given", allowed, why)


def _named_badly(where: str, region: str, named: list[str]) -> Iterator[Problem]:
    """What is wrong with zones that the user named."""
    if any(map(is_token, named)):
        why = "ids and addresses follow the letter of a zone"
        yield _problem(where, "availability_zones", "a token", "names known at synth, such as 'eu-west-1a'", why)
        return
    got, shapes = shown(named), [_ZONE.fullmatch(zone) for zone in named]
    repeated = sorted({zone for zone in named if named.count(zone) > 1})
    if len(named) not in facts.ZONES.value:
        yield _problem(where, "availability_zones", got, f"{facts.ZONES.value} zones", facts.ZONES.says)
    if repeated:
        why = f"{' and '.join(repeated)} given twice is still one zone, lost at once"
        yield _problem(where, "availability_zones", got, "each zone once", why)
    if not all(shapes):
        allowed = "names made of a Region and a letter, such as 'eu-west-1a'"
        yield _problem(where, "availability_zones", got, allowed, "zone ids and Local Zones will not do")
    elif not is_token(region) and any(shape and shape["region"] != region for shape in shapes):
        yield _problem(where, "availability_zones", got, f"zones of {region}", "a VPC lives in one Region")


def _problem(where: str, option: str, got: str, allowed: str, why: str) -> Problem:
    source = facts.ZONES.source
    return Problem(where=where, option=option, got=got, allowed=allowed, why=why, source=source)
