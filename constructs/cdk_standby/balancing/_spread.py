"""Whether Auto Scaling groups bear the loss of a zone, behind a balancer that balances over zones or does not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import cast

import jsii
from aws_cdk import Duration
from aws_cdk import aws_autoscaling as autoscaling
from aws_cdk import aws_ec2 as ec2
from constructs import IValidation

from cdk_standby_review.facts import elb_network as facts

from .._checks import Problem
from .._tokens import is_token
from ..capacity import group_size, left_after_zone_loss, smallest_share
from ..relational._parts import NIST, accept

_GRACE = 180
_SEVERAL = "it has ELB health checks, and others beside: the rule reads a list of one only"


@dataclass(frozen=True, slots=True)
class Spread:
    """How many instances a group runs at least, and in which zones; None for what is not known at synth."""

    path: str
    running: int | None
    zones: tuple[str, ...] | None

    @staticmethod
    def of(group: autoscaling.AutoScalingGroup, vpc: ec2.IVpc) -> Spread:
        """As the group is rendered now."""
        resource, zone_of = rendered(group), _zones_by_subnet(vpc)
        subnets: Sequence[str] = resource.vpc_zone_identifier or ()
        known = bool(subnets) and all(subnet in zone_of for subnet in subnets)
        zones = tuple(sorted({zone_of[subnet] for subnet in subnets})) if known else None
        smallest = resource.min_size
        return Spread(group.node.path, None if is_token(smallest) else int(smallest), zones)


def left(running: int, zones: int, *, cross_zone: bool) -> int:
    """The instances that still count when a zone is lost, of a group that is spread evenly.

    Where each zone serves its own share of clients, the emptiest zone is the limit: what stands more elsewhere waits.
    """
    return left_after_zone_loss(running, zones) if cross_zone else smallest_share(running, zones) * (zones - 1)


def enough(needed: int, zones: int, *, cross_zone: bool) -> int:
    """The smallest group that has `needed` left; without balancing over zones all zones hold the same number."""
    size = group_size(needed, zones)
    return size if cross_zone else -(-needed // (zones - 1)) * zones


def spread_problems(
    where: str, spread: Spread, entrance: Sequence[str], *, needed: int | None, cross_zone: bool
) -> Iterator[Problem]:
    """A zone of the balancer without targets of its own, or a group that is too small for what is needed."""
    if spread.zones is not None and not cross_zone and (missing := sorted(set(entrance) - set(spread.zones))):
        yield _without(where, spread.path, missing)
    zones = len(spread.zones or entrance)
    if spread.running is None or needed == 0 or zones < 2:
        return
    if needed is not None and left(spread.running, zones, cross_zone=cross_zone) < needed:
        least = enough(needed, zones, cross_zone=cross_zone)
        why = f"{needed} have to be left when one of {zones} zones is lost"
        yield _problem(where, f"{spread.path} of {spread.running}", f"a minimum of {least} or more", why)
    elif needed is None and not cross_zone and smallest_share(spread.running, zones) < 1:
        got = f"{spread.path} of {spread.running}"
        yield _problem(where, got, f"a minimum of {zones} or more, one for each zone", facts.CROSS_ZONE.says)


def zonal_problems(
    where: str, spreads: Sequence[Spread], entrance: Sequence[str], *, needed: int | None, cross_zone: bool
) -> Iterator[Problem]:
    """The same of groups that stand in one zone each: what one of them lacks, another may have."""
    running = dict.fromkeys(entrance, 0)
    for spread in spreads:
        if spread.zones is None or spread.running is None or len(spread.zones) != 1:
            return
        running[spread.zones[0]] = running.get(spread.zones[0], 0) + spread.running
    paths = ", ".join(spread.path for spread in spreads)
    missing = sorted(zone for zone in entrance if not running[zone])
    if needed == 0:
        return
    if not cross_zone and missing:
        yield _without(where, paths, missing)
    remaining = sum(running.values()) - max(running.values())
    least = min(running.values()) * (len(running) - 1)
    if needed is not None and (remaining if cross_zone else least) < needed:
        each = -(-needed // (len(running) - 1))
        why = f"{needed} have to be left when one of {len(running)} zones is lost"
        yield _problem(where, paths, f"a minimum of {each} or more in each zone", why)


@jsii.implements(IValidation)
class Judged:
    """Something that is only known when everything was built, and said at synth."""

    def __init__(self, problems: Callable[[], Iterable[Problem]]) -> None:
        self._problems = problems

    def validate(self) -> list[str]:
        """What is wrong, for the CDK to show."""
        return [str(problem) for problem in self._problems()]


def ask_the_balancer(group: autoscaling.AutoScalingGroup, boot_time: Duration | None) -> None:
    """Have the group replace what fails the load balancer's health check; without that only dead hosts are."""
    resource = rendered(group)
    kinds = [kind for kind in (resource.health_check_type or "").split(",") if kind not in ("", "EC2")]
    if "ELB" not in kinds:
        resource.health_check_type = ",".join([*kinds, "ELB"])
    if kinds and kinds != ["ELB"]:
        accept(group, _SEVERAL, NIST + "AutoScalingGroupELBHealthCheckRequired")
    if boot_time is not None:
        resource.health_check_grace_period = boot_time.to_seconds()
    elif resource.health_check_grace_period is None:
        resource.health_check_grace_period = _GRACE


def rendered(group: autoscaling.AutoScalingGroup) -> autoscaling.CfnAutoScalingGroup:
    """The resource of a group."""
    return cast("autoscaling.CfnAutoScalingGroup", group.node.default_child)


def _zones_by_subnet(vpc: ec2.IVpc) -> dict[str, str]:
    subnets = (*vpc.public_subnets, *vpc.private_subnets, *vpc.isolated_subnets)
    return {subnet.subnet_id: subnet.availability_zone for subnet in subnets}


def _without(where: str, groups: str, missing: Sequence[str]) -> Problem:
    got = f"{groups}, with no instance in {', '.join(missing)}"
    return _problem(where, got, "groups in every zone of the load balancer", facts.CROSS_ZONE.says)


def _problem(where: str, got: str, allowed: str, why: str) -> Problem:
    return Problem(where=where, option="group", got=got, allowed=allowed, why=why, source=facts.CROSS_ZONE.source)
