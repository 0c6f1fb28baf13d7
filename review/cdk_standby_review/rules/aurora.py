"""Rules about Aurora: what its members have together, and what a global failover finds in the other Region."""

from __future__ import annotations

from collections.abc import Iterable

from ..databases import global_name, is_aurora, is_primary, members, others_of_global
from ..facts import aurora as facts
from ..findings import Found, Severity, rule
from ..graph import Graph, Resource
from ..plain import list_of

_GUIDE = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/"
_CLUSTER = "AWS::RDS::DBCluster"


def readers(graph: Graph) -> Iterable[Found]:
    """A cluster with more readers than there can be."""
    for cluster in graph.of_type(_CLUSTER):
        most = facts.GLOBAL_READERS.value if global_name(graph, cluster) else facts.READERS.value
        count = len(members(graph, cluster)) - 1
        if is_aurora(cluster) and count > most.high:
            yield cluster, f"it has {count} readers", f"keep {most.high:g} or fewer"


def instance_parameters(graph: Graph) -> Iterable[Found]:
    """A cluster whose instances have a parameter group of which the cluster knows nothing."""
    for cluster in graph.of_type(_CLUSTER):
        own = [i for i in members(graph, cluster) if i.get("DBParameterGroupName") is not None]
        if is_aurora(cluster) and own and cluster.get("DBInstanceParameterGroupName") is None:
            yield (
                cluster,
                f"{own[0].name} has a parameter group of its own, the cluster names none for its instances",
                "set DBInstanceParameterGroupName to the same group",
            )


def containers(graph: Graph) -> Iterable[Found]:
    """The container of a global database that stands in the stack of a member."""
    for container in graph.of_type("AWS::RDS::GlobalCluster"):
        name = container.text("GlobalClusterIdentifier") or container.logical_id
        for cluster in graph.of_type(_CLUSTER):
            ours = global_name(graph, cluster)
            if ours and ours.lower() == name.lower() and cluster.template is container.template:
                yield container, f"it is in the stack of {cluster.name}", "give it a stack of its own"


def proxies(graph: Graph) -> Iterable[Found]:
    """A global database whose primary has a proxy, and a secondary has none."""
    targets = graph.of_type("AWS::RDS::DBProxyTargetGroup")
    behind = [(group, cluster) for group in targets for cluster in _clusters_of(graph, group)]
    covered = {cluster.key for _, cluster in behind}
    for group, cluster in behind:
        if not is_primary(graph, cluster):
            continue
        for other in others_of_global(graph, cluster):
            if other.key not in covered and members(graph, other):
                proxy = graph.at(group.get("DBProxyName")) or group
                yield proxy, f"{cluster.name} is behind it, {other.name} is behind none", f"make one in {other.region}"


def _clusters_of(graph: Graph, group: Resource) -> list[Resource]:
    asked = list_of(group.get("DBClusterIdentifiers"))
    found = (graph.named(value, "DBClusterIdentifier", _CLUSTER, region=group.region) for value in asked)
    return [cluster for cluster in found if cluster]


RULES = (
    rule("aurora-too-many-readers", readers, "Aurora takes no more", facts.READERS.source),
    rule(
        "aurora-instance-parameters",
        instance_parameters,
        "a major upgrade needs a group for the instances, and stops without",
        _GUIDE + "USER_UpgradeDBInstance.PostgreSQL.MajorVersion.html",
        Severity.INFO,
    ),
    rule(
        "global-container-with-member",
        containers,
        "neither can be deleted or replaced without the other",
        _GUIDE + "aurora-global-database-managing.html",
        Severity.WARNING,
    ),
    rule(
        "proxy-without-twin",
        proxies,
        "applications that use the proxy have no way to the promoted cluster",
        "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy-gdb.html",
        Severity.WARNING,
    ),
)
