"""Which Region serves, where no template says so: that of the PRIMARY failover records, when all of them agree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from .deployments import Deployment
from .intrinsics import references_in
from .traffic import POLICIES, is_failover, leads_to

if TYPE_CHECKING:
    from .graph import Graph, Resource

_RECORD, _GROUP = "AWS::Route53::RecordSet", "AWS::Route53::RecordSetGroup"
_DOORS = (
    "AWS::ApiGateway::RestApi",
    "AWS::ApiGatewayV2::Api",
    "AWS::ElasticLoadBalancing::LoadBalancer",
    "AWS::ElasticLoadBalancingV2::LoadBalancer",
)
_BESIDE = ("AWS::CDK::", "AWS::CloudWatch::", "AWS::Route53")
"""What may stand in a third Region beside what serves: names, their checks, and the alarms on these."""


def inferred(graph: Graph, deployment: Deployment) -> Deployment:
    """A deployment with the Region that its failover records lead to first; as it was when they do not tell.

    Nothing is inferred for our own stacks, whose metadata says who serves, nor where anything leads users to the
    other Region as well, or to a third one.
    """
    mine = [*graph.inside(deployment.templates)]
    if deployment.active or any(each.template.standby for each in mine):
        return deployment
    records = [*_records(mine)]
    failover = [record for record in records if is_failover(record)]
    active, waiting = _sides(graph, failover)
    stands = {each.region for each in mine if not each.type.startswith(_BESIDE)}
    if not active or stands != {active, *waiting} or _leads_elsewhere(graph, mine, records, active, waiting):
        return deployment
    first = min(record.name for record in failover if record.text("Failover") == "PRIMARY")
    return replace(deployment, active=active, inferred_from=first)


def _records(resources: Iterable[Resource]) -> Iterator[Resource]:
    """Every record, those of groups too."""
    for resource in resources:
        if resource.type == _RECORD:
            yield resource
        if resource.type == _GROUP:
            for said in resource.items("RecordSets"):
                yield replace(resource, properties=said, references=tuple(references_in(said)))


def _sides(graph: Graph, failover: Iterable[Resource]) -> tuple[str, set[str]]:
    """The Region of all PRIMARY records, and those of the SECONDARY ones; empty when they do not agree.

    A pair within one Region says nothing about Regions.
    """
    pairs: dict[tuple[str, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for record in failover:
        name = (str(record.get("Name")).lower().rstrip("."), str(record.get("Type")))
        pairs[name][str(record.text("Failover"))].add(leads_to(graph, record))
    across = [pair for pair in pairs.values() if pair["PRIMARY"] != pair["SECONDARY"] or "" in pair["PRIMARY"]]
    first = {region for pair in across for region in pair["PRIMARY"]}
    second = {region for pair in across for region in pair["SECONDARY"]}
    whole = all(pair["PRIMARY"] and pair["SECONDARY"] for pair in across)
    if not whole or len(first) != 1 or "" in first | second or first & second:
        return "", set()
    return next(iter(first)), second


def _leads_elsewhere(
    graph: Graph, mine: list[Resource], records: list[Resource], active: str, waiting: set[str]
) -> bool:
    """Whether users may be led to a Region that waits without any failover."""
    weighed = [r for r in records if not is_failover(r) and any(r.get(policy) is not None for policy in POLICIES)]
    spread = [r for r in mine if r.type == "AWS::GlobalAccelerator::EndpointGroup"]
    if any(leads_to(graph, r) != active for r in weighed):
        return True
    if any(r.text("EndpointGroupRegion") != active for r in spread):
        return True
    doors = [door for door in mine if door.type in _DOORS]
    known = {target.key for r in records if is_failover(r) for target in map(graph.at, r.references) if target}
    served = {(door.type, door.logical_id) for door in doors if door.region == active}
    there = [door for door in doors if door.region in waiting]
    strange = [door for door in there if door.key not in known and (door.type, door.logical_id) not in served]
    return bool(strange) and len(there) > len(waiting)
