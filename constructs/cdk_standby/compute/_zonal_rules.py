"""What the options of zonal fleets may be, beyond those of every group of instances."""

from __future__ import annotations

from collections.abc import Iterator

from aws_cdk import aws_ec2 as ec2

from cdk_standby_review.facts import elb

from .._checks import Options, Problem, Rule, one_of, within
from .._service_rules import INSTANCES
from .._tokens import is_token
from ..capacity import zone_size
from ._fleet_rules import BOOT, ZONES

_CELLS = "https://docs.aws.amazon.com/whitepapers/latest/advanced-multi-az-resilience-patterns/availability-zone-independence.html"
_SIZES = ("minimum", "maximum")
DEFAULTS = {
    "schedule": (),
    "metric_targets": (),
    "predictive": None,
    "spot": None,
    "spot_only_because": None,
    "distribution": "balanced-best-effort",
    "termination_policies": (),
}
"""What zones that stand alone are not asked for: one decision about all of them would bind them together."""


def _sized(o: Options) -> int:
    return zone_size(max(o["minimum"], 0), max(o["zones"], 2))


RULES = [
    ZONES,
    *(rule for rule in INSTANCES if rule.option not in (*_SIZES, "auto_scaling_group_name")),
    BOOT,
    Rule(
        option="minimum",
        broken=lambda o: o["minimum"] < 0,
        allowed="0 (nothing runs: a pilot light) or more",
        why="it is the number of instances that carries the load when a zone is lost",
    ),
    Rule(
        option="maximum_per_zone",
        reads=("minimum",),
        broken=lambda o: o["maximum_per_zone"] < max(_sized(o), 1),
        allowed=lambda o: f"{max(_sized(o), 1)} or more",
        why="that many instances run in each zone, so that 'minimum' is left when one is lost",
    ),
    within("port", elb.PORT),
    one_of("protocol", ("HTTP", "TCP"), why="an Application or a Network Load Balancer asks by it", source=_CELLS),
    Rule(
        option="health_path",
        broken=lambda o: (
            not o["health_path"].startswith("/") or len(o["health_path"]) not in elb.HEALTH_PATH_LENGTH.value
        ),
        allowed=f"a path that begins with '/', of {elb.HEALTH_PATH_LENGTH.value} characters",
        why="the load balancer asks for it by HTTP",
        source=elb.HEALTH_PATH_LENGTH.source,
    ),
    Rule(
        option="targets_each",
        broken=lambda o: o["targets_each"] and o["port"] is None,
        allowed="together with 'port'",
        why="a target group is asked on a port",
        source=_CELLS,
    ),
]


def subnet_problems(path: str, found: ec2.SelectedSubnets) -> Iterator[Problem]:
    """Why there is not exactly one subnet for the group of each zone."""
    zones = [*found.availability_zones]
    for zone in sorted({zone for zone in zones if zones.count(zone) > 1 and not is_token(zone)}):
        yield Problem(
            where=path,
            option="subnets",
            got=f"{zones.count(zone)} subnets in {zone}",
            allowed="one subnet in each zone, such as SubnetSelection(subnet_type=..., one_per_az=True)",
            why="each group is pinned to one zone by its one subnet",
            source=_CELLS,
        )
