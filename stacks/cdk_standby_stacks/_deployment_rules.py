"""What a deployment's options must be."""

from __future__ import annotations

from typing import Any

from constructs import Construct

from cdk_standby._checks import Rule, all_at_once, check
from cdk_standby._cidrs import check_cidrs_disjoint
from cdk_standby._regions import check_regions

ACCOUNT_LENGTH = 12
STRATEGIES_PAGE = (
    "https://docs.aws.amazon.com/whitepapers/latest/disaster-recovery-workloads-on-aws/"
    "disaster-recovery-options-in-the-cloud.html"
)

RULES = (
    Rule(
        option="account",
        broken=lambda o: not (o["account"].isdigit() and len(o["account"]) == ACCOUNT_LENGTH),
        allowed="the 12 digits of an AWS account",
        why="stacks without an account cannot know their zones, nor Regions each other's names",
    ),
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
        allowed="more than 0 and at most 1",
        why="it is the share of the full capacity that runs at the standby",
        source=STRATEGIES_PAGE,
    ),
    Rule(
        option="cidrs",
        reads=("primary", "recovery"),
        broken=lambda o: not {o["primary"], o["recovery"]} <= set(o["cidrs"]),
        allowed=lambda o: f"a range for '{o['primary']}' and one for '{o['recovery']}'",
        why="each site has one network",
    ),
)


def check_deployment(where: Construct, options: dict[str, Any]) -> None:
    """Raise InvalidOptions with every problem: broken rules, unknown Regions, overlapping networks."""
    all_at_once(
        lambda: check_regions(where, {home: options[home] for home in ("primary", "recovery")}),
        lambda: check(where, RULES, options),
        lambda: check_cidrs_disjoint(where, options["cidrs"]),
    )
