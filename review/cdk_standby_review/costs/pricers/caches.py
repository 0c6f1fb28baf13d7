"""Caches: ElastiCache, MemoryDB, DAX."""

from __future__ import annotations

from collections.abc import Iterable

from ...graph import Graph, Resource
from .._parts import Part, Pricer, Unsaid, by_use, late, missing, number, paid, used

_STORE = "AWS::ElastiCache::GlobalReplicationGroup"
SMALLEST = {"valkey": 0.1}
"""GB that a serverless cache is paid for at least; 1 for the other engines."""


def replication_group(_graph: Graph, resource: Resource) -> Iterable[Part]:
    """Shards, each a primary and its replicas."""
    shards = number(resource, "NumNodeGroups", default=1)
    replicas = number(resource, "ReplicasPerNodeGroup", default=0)
    alone = number(resource, "NumCacheClusters", default=1)
    if shards is None or replicas is None or alone is None:
        return [late("the number of its nodes")]
    counted = resource.get("NumCacheClusters") is not None
    listed = len(resource.items("NodeGroupConfiguration"))
    count = alone if counted else max(shards, listed) * (1 + replicas)
    return _nodes(resource, count, resource.get("GlobalReplicationGroupId") is not None)


def _nodes(resource: Resource, count: float, follows: bool = False) -> Iterable[Part]:
    kind, engine = resource.text("CacheNodeType"), resource.get("Engine")
    if kind is None and follows:
        return [Unsaid(why="its global datastore decides about the type and the number of its nodes")]
    if kind is None:
        return [missing(resource, "CacheNodeType")]
    if engine is not None and not isinstance(engine, str):
        return [late("Engine")]
    return [paid(f"elasticache/{engine or 'redis'}/{kind}", count, kind), *used("snapshots")]


def cache_cluster(_graph: Graph, resource: Resource) -> Iterable[Part]:
    """Memcached nodes, or one node of another engine."""
    count = number(resource, "NumCacheNodes", default=1)
    return [late("NumCacheNodes")] if count is None else _nodes(resource, count)


def serverless(_graph: Graph, resource: Resource) -> Iterable[Part]:
    """A cache without nodes: its smallest size is paid also when it is empty."""
    engine = resource.text("Engine")
    if engine is None:
        return [missing(resource, "Engine")]
    least = number(resource, "CacheUsageLimits", "DataStorage", "Minimum", default=0)
    if least is None:
        return [late("CacheUsageLimits")]
    kept = max(least, SMALLEST.get(engine, 1))
    return [paid(f"elasticache-serverless/{engine}", kept, "GB kept at least"), *used("data kept beyond it, requests")]


def memory_db(_graph: Graph, resource: Resource) -> Iterable[Part]:
    """Shards, each a primary and its replicas."""
    shards = number(resource, "NumShards", default=1)
    replicas = number(resource, "NumReplicasPerShard", default=1)
    kind = resource.text("NodeType")
    if kind is None or shards is None or replicas is None:
        return [missing(resource, "NodeType") if kind is None else late("the number of its nodes")]
    return [paid(f"memorydb/{kind}", shards * (1 + replicas), kind), *used("data written, snapshots")]


def dax(_graph: Graph, resource: Resource) -> Iterable[Part]:
    """Nodes of a DAX cluster."""
    kind, count = resource.text("NodeType"), number(resource, "ReplicationFactor")
    if kind is None or count is None:
        return [missing(resource, "NodeType" if kind is None else "ReplicationFactor")]
    return [paid(f"dax/{kind}", count, kind)]


PRICERS: dict[str, Pricer] = {
    "AWS::DAX::Cluster": dax,
    "AWS::ElastiCache::CacheCluster": cache_cluster,
    _STORE: by_use("data carried to other Regions"),
    "AWS::ElastiCache::ReplicationGroup": replication_group,
    "AWS::ElastiCache::ServerlessCache": serverless,
    "AWS::MemoryDB::Cluster": memory_db,
    "AWS::MemoryDB::MultiRegionCluster": by_use("data carried to other Regions"),
}
