"""Databases as they hang together: members of a cluster, clusters of a global database, sources and replicas."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .graph import Graph, Key, Resource
from .intrinsics import Partial
from .placement import cluster_of, placement
from .plain import list_of

_INSTANCE, _CLUSTER = "AWS::RDS::DBInstance", "AWS::RDS::DBCluster"


def is_aurora(cluster: Resource) -> bool:
    """Whether a cluster's storage is Aurora's; of an unknown engine, whether its instances have their own class."""
    engine = cluster.text("Engine")
    return cluster.get("DBClusterInstanceClass") is None if engine is None else engine.startswith("aurora")


def is_multi_az(database: Resource) -> bool:
    """Whether it is a Multi-AZ DB cluster: a writer and two standbys that can be read, not of Aurora."""
    return database.type == _CLUSTER and database.text("Engine") in {"mysql", "postgres"}


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
    container = _made_of(graph).get(cluster.key) if value is None else graph.at(value)
    if container is not None:
        return container.text("GlobalClusterIdentifier") or container.logical_id
    return str(value).lower() if value else None


def _made_of(graph: Graph) -> dict[Key, Resource]:
    """The global databases that were made of a cluster: it is a member, though its own template does not say so."""
    return graph.remembered("founders of global databases", lambda: dict(_founders(graph)))


def _founders(graph: Graph) -> Iterator[tuple[Key, Resource]]:
    for container in graph.of_type("AWS::RDS::GlobalCluster"):
        if (source := container.get("SourceDBClusterIdentifier")) is not None:
            region, name = _where(source, container.region)
            if founder := graph.named(name, "DBClusterIdentifier", _CLUSTER, region=region):
                yield founder.key, container


def others_of_global(graph: Graph, cluster: Resource) -> list[Resource]:
    """The clusters of the same global database in other Regions; it never leaves its account."""
    name = global_name(graph, cluster)
    if name is None:
        return []
    return [
        other
        for other in graph.remembered("clusters of global databases", lambda: _by_global(graph)).get(name, [])
        if other is not cluster
        and other.region != cluster.region
        and other.template.account == cluster.template.account
    ]


def _by_global(graph: Graph) -> dict[str, list[Resource]]:
    found: dict[str, list[Resource]] = {}
    for cluster in graph.of_type("AWS::RDS::DBCluster"):
        if name := global_name(graph, cluster):
            found.setdefault(name, []).append(cluster)
    return found


def is_primary(graph: Graph, cluster: Resource) -> bool:
    """Whether a cluster of a global database takes the writes."""
    deployment = graph.deployment_of(cluster)
    if deployment.active and not deployment.inferred_from:
        return cluster.region == deployment.active
    born = cluster.get("MasterUsername") is not None or cluster.get("ManageMasterUserPassword") is not None
    return born or cluster.key in _made_of(graph)


def source_of(graph: Graph, replica: Resource) -> Resource | None:
    """The instance or the cluster that a read replica copies."""
    for named_by, kind, known_by in _SOURCES.get(replica.type, ()):
        region, value = _where(replica.get(named_by), replica.region)
        here = graph.named(value, known_by, kind, region=region)
        anywhere = None if here else graph.named(value, known_by, kind)
        found = here or (anywhere if anywhere and not (anywhere.region and region) else None)
        if found is not None and found is not replica:
            return found
    return None


def _where(value: Any, region: str) -> tuple[str, Any]:
    """The Region and the name that a name or an ARN means; a reference stays one."""
    parts = str(value).split(":") if isinstance(value, str | Partial) else []
    return (parts[3], parts[6]) if len(parts) == 7 and parts[0] == "arn" else (region, value)


def source_region(graph: Graph, replica: Resource) -> str:
    """The Region of a replica's source; by its ARN when it is outside of the templates."""
    if source := source_of(graph, replica):
        return source.region
    asked = [replica.get(named_by) for named_by, _, _ in _SOURCES.get(replica.type, ())]
    return next((_where(value, replica.region)[0] for value in asked if value is not None), replica.region)


def origin_of(graph: Graph, replica: Resource) -> Resource:
    """Where the data of a chain of replicas comes from, as far as the templates know; a source is its own."""
    seen = [replica]
    while (source := source_of(graph, seen[-1])) and source not in seen:
        seen.append(source)
    return seen[-1]


_SOURCES = {
    _INSTANCE: (
        ("SourceDBInstanceIdentifier", _INSTANCE, "DBInstanceIdentifier"),
        ("SourceDBClusterIdentifier", _CLUSTER, "DBClusterIdentifier"),
    ),
    _CLUSTER: (
        ("ReplicationSourceIdentifier", _CLUSTER, "DBClusterIdentifier"),
        ("ReplicationSourceIdentifier", _INSTANCE, "DBInstanceIdentifier"),
    ),
}
"""By the type of a replica: which property names its source, of which type, known by which name."""


def is_replica(database: Resource) -> bool:
    """Whether a database copies another one, whether or not that one is in the templates."""
    return any(database.get(named_by) is not None for named_by, _, _ in _SOURCES.get(database.type, ()))


def replicas_of(graph: Graph, source: Resource) -> list[Resource]:
    """The read replicas of a database, without theirs."""
    return graph.remembered("replicas of sources", lambda: _by_source(graph)).get(source.key, [])


def _by_source(graph: Graph) -> dict[Key, list[Resource]]:
    found: dict[Key, list[Resource]] = {}
    for replica in graph.of_type(_INSTANCE, _CLUSTER):
        if source := source_of(graph, replica):
            found.setdefault(source.key, []).append(replica)
    return found


def followers(graph: Graph, source: Resource) -> list[tuple[Resource, int]]:
    """The replicas of a database and the replicas of these, each with its distance, the nearest first."""
    found: dict[Key, tuple[Resource, int]] = {}
    waiting = [(replica, 1) for replica in replicas_of(graph, source)]
    while waiting:
        replica, distance = waiting.pop(0)
        if replica.key not in found and replica is not source:
            found[replica.key] = (replica, distance)
            waiting += [(further, distance + 1) for further in replicas_of(graph, replica)]
    return list(found.values())


def replica_pairs(graph: Graph) -> list[tuple[Resource, Resource]]:
    """Every (source, replica): of read replicas, and of the clusters of global databases."""
    pairs = [(s, r) for r in graph.of_type(_INSTANCE, _CLUSTER) if (s := source_of(graph, r))]
    for cluster in graph.of_type("AWS::RDS::DBCluster"):
        if is_primary(graph, cluster):
            pairs += [(cluster, other) for other in others_of_global(graph, cluster)]
    return pairs


def dsql_peers(cluster: Resource) -> dict[str, str]:
    """The ARNs of the other members of a DSQL cluster, by Region; it may name itself too."""
    found: dict[str, str] = {}
    for value in list_of(cluster.get("MultiRegionProperties", "Clusters")):
        parts = str(value).split(":") if isinstance(value, str | Partial) else []
        if len(parts) == 6 and parts[3] != cluster.region:
            found[parts[3]] = str(value)
    return found


def secrets_of(graph: Graph, database: Resource) -> list[Resource]:
    """The secrets that hold a database's credentials: those it is born with, and those attached to it."""
    used = {(r.template, r.logical_id) for r in database.references}
    attached = graph.users_of(database, "AWS::SecretsManager::SecretTargetAttachment")
    found = [s for s in graph.of_type("AWS::SecretsManager::Secret") if s.key in used]
    found += [s for a in attached if (s := graph.at(a.get("SecretId"))) and s not in found]
    return found
