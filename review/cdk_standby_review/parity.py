"""What the site that takes over has beside the site it stands for: pairs of resources, and quotas."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from .databases import replica_pairs
from .facts import Fact, quotas
from .graph import Graph, Resource
from .placement import placement

Pair = tuple[Resource, Resource]
"""What stands for another resource, and that resource."""
_GROUP = "AWS::AutoScaling::AutoScalingGroup"


def twins(graph: Graph, *types: str) -> Iterator[Pair]:
    """Every resource of a Region that does not serve, with its twin in the one that does."""
    for resource in graph.of_type(*types):
        active = graph.deployment_of(resource).active
        if not active or resource.region in {"", active}:
            continue
        twin = graph.twin(resource)
        if twin is not None and twin.region == active:
            yield resource, twin


def replicas(graph: Graph) -> Iterator[Pair]:
    """Every replica of another Region, with its source."""
    for source, replica in replica_pairs(graph):
        if source.region and replica.region and source.region != replica.region:
            yield replica, source


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A quota that a Region has to have so that it can stand for another one."""

    workload: str
    region: str
    quota: Fact[str]
    amount: int


def needs(graph: Graph) -> tuple[Need, ...]:
    """Per Region that takes over: as much as the one that serves uses at its largest, or itself if that is more."""
    found: list[Need] = []
    for deployment in graph.deployments:
        if not deployment.active:
            continue
        used = {region: _used(graph, deployment.templates, region) for region in deployment.regions}
        serving = used.get(deployment.active, Counter[str]())
        for region in deployment.regions:
            if region == deployment.active:
                continue
            most = serving | used[region]
            found += [
                Need(workload=deployment.workload, region=region, quota=quota, amount=most[quota.value])
                for quota in _QUOTAS
                if most[quota.value]
            ]
    return tuple(found)


_QUOTAS = (quotas.PROCESSORS, quotas.GATEWAYS, *quotas.OF_TYPES.values())


def _used(graph: Graph, templates: frozenset[str], region: str) -> Counter[str]:
    """What a Region's templates use of each quota when every group is at its maximum."""
    found: Counter[str] = Counter()
    gateways: Counter[str] = Counter()
    for resource in graph.inside(templates):
        if resource.region != region:
            continue
        if quota := quotas.OF_TYPES.get(resource.type):
            found[quota.value] += 1
        elif resource.type == "AWS::EC2::NatGateway":
            gateways.update(placement(graph, resource).zones)
        elif resource.type == _GROUP:
            found[quotas.PROCESSORS.value] += int(resource.number("MaxSize") or 0) * (_processors(graph, resource) or 0)
    found[quotas.GATEWAYS.value] = max(gateways.values(), default=0)
    return found


def _processors(graph: Graph, group: Resource) -> int | None:
    template = graph.at(group.get("LaunchTemplate", "LaunchTemplateId"))
    kind = template.text("LaunchTemplateData", "InstanceType") if template else None
    return quotas.processors(kind) if kind else None
