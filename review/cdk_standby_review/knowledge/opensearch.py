"""OpenSearch: domains over one zone, two or three, and collections without nodes."""

from __future__ import annotations

from ..facts import opensearch as facts
from ..graph import Graph, Resource
from ..objectives import Fault
from ..outcomes import Case, Judgement, by_itself, by_runbook, lost, survives
from ..placement import of_subnets
from ._by_fault import ByFault, copies_alone, goes_on, out_of_reach
from ._judge import Judge

_CONFIG = ("ClusterConfig", "ElasticsearchClusterConfig")
"""What a domain calls it, and what it did as one of Elasticsearch."""
_READS = tuple(
    f"{config}.{name}" for config in _CONFIG for name in ("ZoneAwarenessEnabled", "MultiAZWithStandbyEnabled")
)


def _flag(resource: Resource, name: str) -> bool:
    return any(resource.flag(config, name) for config in _CONFIG)


def _number(resource: Resource, *names: str) -> float | None:
    return next((n for config in _CONFIG if (n := resource.number(config, *names)) is not None), None)


def _instance(_graph: Graph, resource: Resource, _case: Case) -> Judgement:
    nodes = _number(resource, "InstanceCount") or 1
    if nodes >= 2:
        return survives("replicas of its shards are on other nodes", facts.OTHER_ZONES, InstanceCount=nodes)
    return by_itself("its one node is replaced", facts.REPLACED, facts.HOURLY.value, InstanceCount=nodes)


def _zone(graph: Graph, resource: Resource, case: Case) -> Judgement:
    if _flag(resource, "MultiAZWithStandbyEnabled"):
        return by_itself("the standby nodes take over", facts.STANDBY, MultiAZWithStandbyEnabled=True)
    placed = of_subnets(graph, resource.get("VPCOptions", "SubnetIds"))
    if away := out_of_reach(placed, case):
        return away
    if not _flag(resource, "ZoneAwarenessEnabled"):
        return lost("its nodes stand in one zone", facts.ONE_ZONE, ZoneAwarenessEnabled=False)
    zones = _number(resource, "ZoneAwarenessConfig", "AvailabilityZoneCount") or 2
    if zones >= 3 or _flag(resource, "DedicatedMasterEnabled"):
        return survives(facts.OTHER_ZONES.says, facts.OTHER_ZONES, zones=zones)
    return by_itself(facts.NO_MASTER.says, facts.NO_MASTER, zones=zones, DedicatedMasterEnabled=False)


def _deletion(_graph: Graph, _resource: Resource, _case: Case) -> Judgement:
    return by_runbook("indices are restored from an hourly snapshot", facts.RESTORE, facts.HOURLY)


def _collection_zone(_graph: Graph, resource: Resource, _case: Case) -> Judgement:
    if resource.text("StandbyReplicas") == "DISABLED":
        return by_itself("compute starts in another zone, over data in S3", facts.REPLACED, StandbyReplicas="DISABLED")
    return survives(facts.SERVERLESS.says, facts.SERVERLESS)


DOMAIN = ByFault(
    instance=_instance,
    zone=_zone,
    region=copies_alone("its snapshots are in its own Region, and nothing in the templates follows it"),
    deletion=_deletion,
    reads={Fault.ZONE: _READS, Fault.INSTANCE: tuple(f"{config}.InstanceCount" for config in _CONFIG)},
)
JUDGES: dict[str, Judge] = {
    "AWS::Elasticsearch::Domain": DOMAIN,
    "AWS::OpenSearchService::Domain": DOMAIN,
    "AWS::OpenSearchServerless::Collection": ByFault(
        instance=goes_on(facts.SERVERLESS), zone=_collection_zone, region=copies_alone()
    ),
}
