"""ElastiCache: replication groups alone and in a global datastore, Memcached, and caches without nodes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..facts import Fact, Range
from ..facts import elasticache_kinds as kinds
from ..facts import elasticache_times as waits
from ..facts import recovery_times as times
from ..graph import Graph, Resource
from ..objectives import Fault
from ..outcomes import Case, Judgement, by_itself, by_runbook, lost, survives, unknown
from ..plain import list_of
from ._judge import Judge, first_unknown, not_vital, restored_here, served_elsewhere, with_its_region

_GROUP, _GLOBAL = "AWS::ElastiCache::ReplicationGroup", "AWS::ElastiCache::GlobalReplicationGroup"


MADE_ANEW = "cdk-standby:made-anew"
"""The tag of a cache whose content comes from stores of record: to lose it costs time, and no data."""


def group(graph: Graph, resource: Resource, case: Case) -> Judgement | None:
    """A Valkey or Redis OSS cache under a fault."""
    judgement = _group(graph, resource, case)
    made_anew = any(tag.get("Key") == MADE_ANEW for tag in resource.items("Tags"))
    if judgement is None or not made_anew:
        return judgement
    if case.fault in {Fault.REGION, Fault.DELETION}:
        return not_vital(judgement)
    return replace(judgement, rpo=Range(0, 0), says=f"{judgement.says}; what it held is made anew")


def _group(graph: Graph, resource: Resource, case: Case) -> Judgement | None:
    if gap := first_unknown(resource, *_READ[case.fault]):
        return unknown(f"{gap} is known only at deployment")
    match case.fault:
        case Fault.INSTANCE:
            return _promoted(resource) if _fails_over(resource) else _emptied(graph, resource, case)
        case Fault.ZONE:
            return _zone(graph, resource, case)
        case Fault.REGION:
            return _region(graph, resource, case)
        case Fault.DELETION | Fault.ACCOUNT:
            return _restored(graph, resource)


_READ = {
    Fault.INSTANCE: ("AutomaticFailoverEnabled", "ReplicasPerNodeGroup", "NumCacheClusters"),
    Fault.ZONE: ("AutomaticFailoverEnabled", "MultiAZEnabled", "ReplicasPerNodeGroup", "NumCacheClusters"),
    Fault.REGION: ("GlobalReplicationGroupId",),
    Fault.DELETION: ("SnapshotRetentionLimit",),
}
"""The properties that decide: when one is not known, nothing is guessed."""


def _replicas(resource: Resource) -> float:
    each = resource.number("ReplicasPerNodeGroup")
    return each if each is not None else (resource.number("NumCacheClusters") or 1) - 1


def _fails_over(resource: Resource) -> bool:
    return resource.flag("AutomaticFailoverEnabled") is True and _replicas(resource) > 0


def _promoted(resource: Resource) -> Judgement:
    kept = resource.text("Durability")
    loses: Fact[Range] = {"sync": waits.DURABLE_FAILOVER, "async": waits.ASYNC_LOSS}.get(
        kept or "", waits.FAILOVER_LOSS
    )
    return by_itself("a replica is promoted", waits.FAILOVER_TIME, loses.value, replicas=_replicas(resource))


def _emptied(graph: Graph, resource: Resource, case: Case) -> Judgement:
    if first_unknown(resource, "SnapshotRetentionLimit"):
        return unknown("SnapshotRetentionLimit is known only at deployment")
    if case.fault is Fault.INSTANCE and _replicas(resource) > 0:
        says = "without automatic failover the lost primary is made anew, and filled from a replica"
        return by_itself(says, waits.PRIMARY_REPLACED, waits.FAILOVER_LOSS.value, replicas=_replicas(resource))
    if case.fault is Fault.ZONE and len(set(map(str, list_of(resource.get("PreferredCacheClusterAZs"))))) > 1:
        says = "without automatic failover somebody promotes the replica in another zone"
        return by_runbook(says, waits.PROMOTION, waits.FAILOVER_LOSS, replicas=_replicas(resource))
    return _restored(graph, resource, "the node has no replica, and comes back empty; ")


def _zone(graph: Graph, resource: Resource, case: Case) -> Judgement:
    if not _fails_over(resource):
        return _emptied(graph, resource, case)
    if not resource.flag("MultiAZEnabled"):
        return unknown("without MultiAZEnabled all nodes may stand in one zone")
    return _promoted(resource)


def _region(graph: Graph, resource: Resource, case: Case) -> Judgement:
    if waiting := served_elsewhere(graph, resource, case):
        return waiting
    store, mine = _membership(graph, resource)
    follows = mine.get("Role") == "SECONDARY" if mine else resource.get("GlobalReplicationGroupId") is not None
    if follows:
        return survives("it follows a primary in another Region, which goes on", times.AT_ONCE)
    if elsewhere := sorted(_other_regions(graph, store) - {case.region}):
        where = ", ".join(elsewhere)
        return by_runbook(
            f"the member of its global datastore in {where} is promoted", waits.GLOBAL_PROMOTION, waits.GLOBAL_LAG,
            members=where,
        )  # fmt: skip
    return lost("it is in no global datastore, and its snapshots are in its own Region", times.ONE_REGION)


def _membership(graph: Graph, resource: Resource) -> tuple[Resource | None, dict[str, Any]]:
    """The global datastore of a cache, and what it says of it; a follower that it does not name has neither."""
    for store in graph.of_type(_GLOBAL):
        for member in store.items("Members"):
            named = member.get("ReplicationGroupId")
            here = member.get("ReplicationGroupRegion") == resource.region and _follows(resource, store)
            if (
                here
                or graph.at(named) is resource
                or (named is not None and named == resource.get("ReplicationGroupId"))
            ):
                return store, member
    return None, {}


def _other_regions(graph: Graph, store: Resource | None) -> set[str]:
    """Where the members of a datastore are, as far as it or their own templates say."""
    if store is None:
        return set()
    named = {str(member.get("ReplicationGroupRegion")) for member in store.items("Members")}
    return named | {other.region for other in graph.of_type(_GROUP) if _follows(other, store)}


def members_of_datastore(graph: Graph, cache: Resource) -> dict[str, Resource | None]:
    """Where the others of a global datastore are, by Region, when this cache is the one that takes the writes."""
    store, mine = _membership(graph, cache)
    if store is None or mine.get("Role") == "SECONDARY" or cache.get("GlobalReplicationGroupId") is not None:
        return {}
    followers = {other.region: other for other in graph.of_type(_GROUP) if _follows(other, store)}
    return {region: followers.get(region) for region in sorted(_other_regions(graph, store) - {cache.region})}


def _follows(other: Resource, store: Resource) -> bool:
    """ElastiCache puts five characters before the suffix that the template knows."""
    named, suffix = other.text("GlobalReplicationGroupId"), store.text("GlobalReplicationGroupIdSuffix")
    return named is not None and suffix is not None and named.endswith(f"-{suffix}")


def _restored(graph: Graph, resource: Resource, first: str = "") -> Judgement:
    days = resource.number("SnapshotRetentionLimit") or 0
    if days > 0:
        says = f"{first}a daily snapshot of the last {days:g} day{'s' * (days != 1)} is restored into a new cache"
        return by_runbook(says, waits.RESTORE, waits.DAILY, SnapshotRetentionLimit=days)
    return restored_here(graph, resource) or lost(f"{first}no snapshot holds its data", times.NO_BACKUP)


def memcached(graph: Graph, resource: Resource, case: Case) -> Judgement | None:
    """Memcached nodes: what they held is filled anew. A cluster of one Redis OSS node is as one without replicas."""
    if resource.text("Engine") != "memcached":
        return _one_node(graph, resource, case)
    if gap := first_unknown(resource, "NumCacheNodes", "AZMode"):
        return unknown(f"{gap} is known only at deployment")
    match case.fault:
        case Fault.INSTANCE | Fault.ZONE:
            return not_vital(_nodes_lost(resource, case))
        case Fault.REGION:
            return not_vital(with_its_region(graph, resource, case, "the cache"))
        case Fault.DELETION | Fault.ACCOUNT:
            return None


def _nodes_lost(resource: Resource, case: Case) -> Judgement:
    several = (resource.number("NumCacheNodes") or 1) > 1
    if case.fault is Fault.ZONE and not (several and resource.text("AZMode") == "cross-az"):
        return lost("all its nodes stand in one zone", times.ONE_ZONE)
    rest = "the others go on" if several else "nothing serves until then"
    return by_itself(f"lost nodes are replaced, empty; {rest}", waits.NODE_REPLACED)


def _one_node(graph: Graph, resource: Resource, case: Case) -> Judgement | None:
    if gap := first_unknown(resource, "SnapshotRetentionLimit", "Engine"):
        return unknown(f"{gap} is known only at deployment")
    if case.fault is Fault.REGION:
        return _content_lost(graph, resource, case)
    return _restored(graph, resource, "" if case.fault is Fault.DELETION else "its one node comes back empty; ")


def _content_lost(graph: Graph, resource: Resource, case: Case) -> Judgement:
    """A cache that can be in no global datastore: its twin in another Region never had what it holds."""
    judgement = served_elsewhere(graph, resource, case) or lost(
        "no other Region has what it holds, and its snapshots are in its own", times.ONE_REGION
    )
    made_anew = any(tag.get("Key") == MADE_ANEW for tag in resource.items("Tags"))
    return replace(judgement, vital=judgement.vital and not made_anew)


def serverless(graph: Graph, resource: Resource, case: Case) -> Judgement | None:
    """A cache without nodes."""
    match case.fault:
        case Fault.INSTANCE | Fault.ZONE:
            return survives(kinds.SERVERLESS.says, kinds.SERVERLESS)
        case Fault.REGION:
            return _content_lost(graph, resource, case)
        case Fault.DELETION | Fault.ACCOUNT:
            if first_unknown(resource, "SnapshotRetentionLimit"):
                return unknown("SnapshotRetentionLimit is known only at deployment")
            return _restored(graph, resource)


JUDGES: dict[str, Judge] = {
    _GROUP: group,
    "AWS::ElastiCache::CacheCluster": memcached,
    "AWS::ElastiCache::ServerlessCache": serverless,
}
