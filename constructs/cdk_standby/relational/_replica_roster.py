"""The replicas of each source, as far as one app builds them: how many there are, and in which zones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from aws_cdk import Annotations, Stack
from aws_cdk import aws_ec2 as ec2
from constructs import Construct, IConstruct

from cdk_standby_review.facts import rds as rds_facts
from cdk_standby_review.facts import rds_replicas as facts

from .._checks import Options, Problem, shown
from .._regions import unknown_region
from .._tokens import is_token
from ._replica_source import Source

_KNOWN: WeakKeyDictionary[IConstruct, list[Member]] = WeakKeyDictionary()
"""By app. Replicas live in other stacks and Regions, and only the name of their source is common."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One replica."""

    path: str
    source: str
    region: str
    zone: str | None
    """None: RDS chooses."""
    vpc: str


def others(scope: Construct, source: Source) -> list[Member]:
    """The replicas of a source that were built before."""
    return [member for member in _KNOWN.get(scope.node.root, []) if member.source == source.key]


def come_after(scope: Construct, source: Source, zone: str | None, vpc: ec2.IVpc) -> None:
    """Be counted, and deployed after a source of the same Region.

    An engine that takes more replicas than do it good says so.
    """
    here = Stack.of(scope)
    member = Member(path=scope.node.path, source=source.key, region=here.region, zone=zone, vpc=vpc.vpc_id)
    _KNOWN.setdefault(scope.node.root, []).append(member)
    if source.stack is not None and source.stack is not here and source.region == here.region:
        here.add_stack_dependency(source.stack, "a replica is made from a source that is there")
    many = facts.MANY.value.get(source.engine)
    if many is not None and len(others(scope, source)) + source.replicas > many:
        Annotations.of(scope).add_warning_v2("cdk-standby:replicas", f"{facts.MANY.says} ({facts.MANY.source})")


def nowhere(where: Construct, source: Source) -> Iterator[Problem]:
    """A source of a Region that does not exist."""
    if problem := unknown_region(where.node.path, "source", source.region):
        yield problem


def crowded(where: Construct, source: Source, options: Options, vpc: ec2.IVpc) -> Iterator[Problem]:
    """One replica more than the engine allows, two where there is a zone for each, or two networks in a Region."""
    before = others(where, source)
    most = facts.MOST.value.get(source.engine)
    if most is not None and len(before) + source.replicas >= most:
        yield Problem(
            where=where.node.path,
            option="source",
            got=f"{source}, which has {len(before) + source.replicas} replicas",
            allowed=f"a source with fewer than {most}",
            why=facts.MOST.says,
            source=facts.MOST.source,
        )
    near = [member for member in before if member.region == options["region"]]
    yield from _in_one_zone(where, near, options)
    for member in near:
        if member.vpc != vpc.vpc_id and not is_token([member.vpc, vpc.vpc_id]):
            yield Problem(
                where=where.node.path,
                option="vpc",
                got=shown(vpc.vpc_id),
                allowed=f"{shown(member.vpc)}, where {member.path} is",
                why=facts.ONE_VPC.says,
                source=facts.ONE_VPC.source,
            )
            return


def _in_one_zone(where: Construct, near: list[Member], options: Options) -> Iterator[Problem]:
    taken = {member.zone: member.path for member in near if member.zone}
    zone, zones = options["zone"], options["place"].zones
    free = [one for one in zones if one not in taken]
    if zone in taken and free and not is_token(zone):
        yield Problem(
            where=where.node.path,
            option="zone",
            got=f"{shown(zone)}, where {taken[zone]} is",
            allowed=", ".join(map(shown, free)),
            why="replicas in one zone are lost together",
            source=rds_facts.ZONES.source,
        )
