"""What a network must offer to the services that are placed in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from cdk_standby_review.facts import Fact
from cdk_standby_review.facts.multi_az import PLACEMENTS, SUBNET_GROUPS

from .._checks import Problem, Rule
from .._tokens import is_token
from ..relational._place import Place
from ..relational._rules import of_the_region

_SUBNETS = "https://docs.aws.amazon.com/vpc/latest/userguide/configure-subnets.html"
NEEDS: Mapping[str, Fact[int]] = {**SUBNET_GROUPS, **PLACEMENTS}
RULES = [
    of_the_region("vpc", "a subnet group is of the Region of its subnets", _SUBNETS),
    Rule(
        option="services",
        broken=lambda o: not set(o["services"]) <= set(SUBNET_GROUPS),
        allowed=", ".join(SUBNET_GROUPS),
        why="these have subnet groups; the others take subnets as they are",
    ),
    Rule(
        option="services",
        broken=lambda o: len(set(o["services"])) < len(o["services"]),
        allowed="each service once",
        why="one group serves every cluster of its kind",
    ),
]


def too_few(where: Construct, place: Place, services: Iterable[str], *, at_most: int) -> Iterator[Problem]:
    """A problem for every service that needs more zones than there are; `at_most` caps what is asked for."""
    for service in dict.fromkeys(services):
        need = NEEDS.get(service)
        if need is not None and len(place.zones) < (least := min(need.value, at_most)):
            yield Problem(
                where=where.node.path,
                option="vpc",
                got=f"subnets in {_counted(len(place.zones))} for {service}",
                allowed=f"subnets in {least} Availability Zones or more",
                why=need.says,
                source=need.source,
            )


def bad_domain(where: Construct, place: Place, zones: Any, *, standby: bool) -> Iterator[Problem]:
    """A domain spans two or three zones, all of which there are; with a standby three."""
    need = NEEDS["opensearch_standby" if standby else "opensearch"]
    possible = [number for number in range(need.value, 4) if number <= len(place.zones)]
    if is_token(zones) or zones not in possible:
        yield Problem(
            where=where.node.path,
            option="zones",
            got="known only at deployment" if is_token(zones) else str(zones),
            allowed=" or ".join(map(str, possible)) or f"a network with subnets in {need.value} zones",
            why=need.says,
            source=need.source,
        )


def zone_of_each(vpc: ec2.IVpc, chosen: ec2.SubnetSelection, place: Place) -> dict[str, str]:
    """The zone of each subnet of a place, in the order of the network."""
    fields = ("availability_zones", "one_per_az", "subnet_filters", "subnet_group_name", "subnets", "subnet_type")
    found = vpc.select_subnets(**{field: getattr(chosen, field) for field in fields}).subnets
    return {each.subnet_id: each.availability_zone for each in found if each.subnet_id in place.subnets}


def _counted(zones: int) -> str:
    return f"{zones} zone" + "s" * (zones != 1)
