"""What a deployment's options must be."""

from __future__ import annotations

from typing import Any

from cdk_standby._checks import Options, Rule, check
from cdk_standby.network import ZONES_RULE, cidr_problems, region_rule
from constructs import Construct

from .strategies import Strategy
from .tiers import Posture

ACCOUNT_LENGTH = 12


def _scales(options: Options) -> bool:
    strategy: Strategy = options["strategy"]
    return Posture.SCALED_DOWN in strategy.standby.values()


def _scale_allowed(options: Options) -> str:
    return "more than 0 and at most 1" if _scales(options) else "1 (left out)"


RULES = (
    Rule(
        option="account",
        broken=lambda o: not (o["account"].isdigit() and len(o["account"]) == ACCOUNT_LENGTH),
        allowed="the 12 digits of an AWS account",
        why="stacks without an account cannot know their zones, nor Regions each other's names",
    ),
    region_rule("primary"),
    region_rule("recovery"),
    Rule(
        option="recovery",
        reads=("primary",),
        broken=lambda o: o["recovery"] == o["primary"],
        allowed="another Region than the primary",
        why="a Region cannot stand in for itself",
    ),
    Rule(
        option="active",
        reads=("primary", "recovery"),
        broken=lambda o: o["active"] not in (None, o["primary"], o["recovery"]),
        allowed=lambda o: f"'{o['primary']}' or '{o['recovery']}'",
        why="only a site can serve",
    ),
    Rule(
        option="scale",
        broken=lambda o: not 0 < o["scale"] <= 1,
        allowed=_scale_allowed,
        why="it is the share of the full capacity that runs at the standby",
        source="https://docs.aws.amazon.com/whitepapers/latest/disaster-recovery-workloads-on-aws/"
        "disaster-recovery-options-in-the-cloud.html",
    ),
    Rule(
        option="cidrs",
        reads=("primary", "recovery"),
        broken=lambda o: set(o["cidrs"]) != {o["primary"], o["recovery"]},
        allowed=lambda o: f"a range for '{o['primary']}' and one for '{o['recovery']}'",
        why="each site has one network",
    ),
    ZONES_RULE,
)


def check_deployment(where: Construct, options: dict[str, Any]) -> None:
    """Raise InvalidOptions with every broken rule, overlapping networks included."""
    check(where, RULES, options, more=cidr_problems(where.node.path, options["cidrs"]))
