"""What a deployment's options must be."""

from __future__ import annotations

from typing import Any

from constructs import Construct

from cdk_standby._checks import InvalidOptions, Problem, Rule, all_at_once, check, within
from cdk_standby._cidrs import check_cidrs_disjoint
from cdk_standby._regions import check_regions
from cdk_standby.capacity import group_size
from cdk_standby_review.facts import network

from .workload import Workload

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
    within("zones", network.ZONES),
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
        lambda: _check_sizes(where, options["workload"], options["zones"]),
    )


def _check_sizes(where: Construct, workload: Workload, zones: int) -> None:
    """A group must be able to reach the size that survives the loss of a zone."""
    size = workload.service.capacity
    if zones not in network.ZONES.value or size.maximum >= (least := group_size(size.minimum, zones)):
        return
    problem = Problem(
        where=where.node.path,
        option=f"workload.{workload.service.name}.capacity.maximum",
        got=str(size.maximum),
        allowed=f"{least} or more",
        why=f"{least} instances over {zones} zones leave {size.minimum} when a zone is lost",
    )
    raise InvalidOptions([problem])
