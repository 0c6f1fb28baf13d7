"""Databases as they hang together: members of a cluster, clusters of a global database, sources and replicas."""

from __future__ import annotations

from .graph import Graph, Key, Resource
from .placement import cluster_of, placement


def is_aurora(cluster: Resource) -> bool:
    """Whether a cluster's storage is Aurora's; an unknown engine in a global database is Aurora too."""
    engine = cluster.text("Engine")
    return cluster.get("GlobalClusterIdentifier") is not None if engine is None else engine.startswith("aurora")


def members(graph: Graph, cluster: Resource) -> list[Resource]:
    """The instances of a cluster."""
    return graph.remembered("members of clusters", lambda: _by_cluster(graph)).get(cluster.key, [])


def _by_cluster(graph: Graph) -> dict[Key, list[Resource]]:
    found: dict[Key, list[Resource]] = {}
    for instance in graph.of_type("AWS::RDS::DBInstance"):
        if cluster := cluster_of(graph, instance):
            found.setdefault(cluster.key, []).append(instance)
    return found


def members_outside(graph: Graph, cluster: Resource, zone: str) -> int:
    """How many instances are known to be left when a zone is lost.

    Aurora chooses zones for instances whose template names none, and spreads them when the subnet group lets it.
    """
    instances = members(graph, cluster)
    elsewhere = [i for i in instances if i.text("AvailabilityZone") not in {None, zone}]
    free = [i for i in instances if i.text("AvailabilityZone") is None]
    if not placement(graph, cluster).spread:
        return len(elsewhere)
    return len(elsewhere) + (len(free) - 1 if len(free) == len(instances) and free else len(free))


def global_name(graph: Graph, cluster: Resource) -> str | None:
    """The global database that a cluster belongs to, by the name that the Regions agreed on."""
    value = cluster.get("GlobalClusterIdentifier")
    container = graph.at(value)
    if container is not None:
        return container.text("GlobalClusterIdentifier") or container.logical_id
    return str(value).lower() if value else None


def others_of_global(graph: Graph, cluster: Resource) -> list[Resource]:
    """The clusters of the same global database in other Regions."""
    name = global_name(graph, cluster)
    if name is None:
        return []
    return [
        other
        for other in graph.of_type("AWS::RDS::DBCluster")
        if other is not cluster and other.region != cluster.region and global_name(graph, other) == name
    ]


def is_primary(graph: Graph, cluster: Resource) -> bool:
    """Whether a cluster of a global database takes the writes."""
    active = graph.deployment_of(cluster).active
    if active:
        return cluster.region == active
    return cluster.get("MasterUsername") is not None or cluster.get("ManageMasterUserPassword") is not None


def source_of(graph: Graph, replica: Resource) -> Resource | None:
    """The instance that a read replica copies."""
    value = replica.get("SourceDBInstanceIdentifier")
    if isinstance(value, str):
        value = value.rsplit(":", 1)[-1]
    return graph.named(value, "DBInstanceIdentifier", "AWS::RDS::DBInstance") if value else None


def replicas_of(graph: Graph, source: Resource) -> list[Resource]:
    """The read replicas of an instance."""
    return [i for i in graph.of_type("AWS::RDS::DBInstance") if source_of(graph, i) is source]


def replica_pairs(graph: Graph) -> list[tuple[Resource, Resource]]:
    """Every (source, replica): of read replicas, and of the clusters of global databases."""
    pairs = [(s, r) for r in graph.of_type("AWS::RDS::DBInstance") if (s := source_of(graph, r))]
    for cluster in graph.of_type("AWS::RDS::DBCluster"):
        if is_primary(graph, cluster):
            pairs += [(cluster, other) for other in others_of_global(graph, cluster)]
    return pairs
