"""RDS and Aurora: instances, clusters, storage, proxies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...databases import is_aurora, is_multi_az, members, origin_of
from ...facts import Range, quotas
from ...graph import Graph, Resource
from ...intrinsics import known
from ...placement import cluster_of
from ...plain import is_list, list_of
from .._parts import Part, Pricer, Unsaid, by_use, late, missing, number, paid, used
from ._storage import storage

SERVERLESS = "db.serverless"
PROXIED = 2
"""vCPUs that a proxy is paid for at least."""
_TARGETS = "AWS::RDS::DBProxyTargetGroup"


def instance(graph: Graph, resource: Resource) -> Iterator[Part]:
    """A database instance: of Aurora by its class, else with its standby and its storage."""
    if resource.get("DBClusterIdentifier") is not None:
        yield from _member(graph, resource)
        return
    kind, engine = resource.text("DBInstanceClass"), _engine(origin_of(graph, resource))
    copies = {True: 2, False: 1}.get(resource.flag("MultiAZ") or False) if known(resource.get("MultiAZ")) else None
    if copies is None:
        yield late("MultiAZ")
        return
    what = f"{kind} of {engine}" + " with a standby" * (copies == 2)
    if kind is None or engine is None:
        yield missing(resource, "DBInstanceClass" if kind is None else "Engine")
    else:
        yield paid(f"rds/{engine}/{kind}", copies, what)
        yield from _insights(resource, kind, copies)
    yield from storage(resource, copies)
    yield from used(("backups beyond the size of the database", "rds-use/backup"))


def _engine(database: Resource) -> str | None:
    engine = database.text("Engine")
    return None if engine is None else engine.lower()


def _member(graph: Graph, resource: Resource) -> Iterator[Part]:
    cluster, kind = cluster_of(graph, resource), resource.text("DBInstanceClass")
    engine = resource.text("Engine") or (cluster.text("Engine") if cluster else None) or ""
    if kind is None or not (engine.startswith("aurora") or (cluster and is_aurora(cluster))):
        yield missing(resource, "DBInstanceClass" if kind is None else "Engine")
        return
    if cluster is None and kind == SERVERLESS:
        yield Unsaid(why="its cluster, which says how far it scales, is not in the templates")
        return
    form = _form(cluster)
    if form is None:
        yield late("StorageType")
    elif kind != SERVERLESS:
        yield paid(f"{form}/{kind}", 1, kind + " with I/O-Optimized storage" * (form != "aurora"))
        yield from _insights(cluster or resource, kind, 1)
    elif (scaled := _scaled(cluster)) is None:
        yield late("ServerlessV2ScalingConfiguration")
    else:
        yield paid(f"{form}-serverless", scaled, "Aurora capacity units")
        if cluster and cluster.text("DatabaseInsightsMode") == "advanced":
            yield paid("database-insights/acu", scaled, "Aurora capacity units watched by Database Insights")


def _form(cluster: Resource | None) -> str | None:
    """Which of Aurora's two price lists; None where only the deployment knows."""
    if cluster is None or cluster.get("StorageType") is None:
        return "aurora"
    if not isinstance(cluster.get("StorageType"), str):
        return None
    return "aurora-io" if cluster.text("StorageType") == "aurora-iopt1" else "aurora"


def _scaled(cluster: Resource | None) -> Range | None:
    names = ("MinCapacity", "MaxCapacity")
    low, high = (number(cluster, "ServerlessV2ScalingConfiguration", name) if cluster else None for name in names)
    return None if low is None or high is None or low > high else Range(low, high)


def _insights(resource: Resource, kind: str, copies: float) -> Iterator[Part]:
    """The advanced mode of Database Insights is paid for each vCPU; the standard one is free."""
    if resource.text("DatabaseInsightsMode") != "advanced":
        return
    cores = quotas.processors(kind.removeprefix("db."))
    if cores is None:
        yield Unsaid(why=f"how many vCPUs {kind} has, which Database Insights is paid by, is not known")
    else:
        yield paid("database-insights/vcpu", cores * copies, "vCPUs watched by Database Insights")


def cluster(_graph: Graph, resource: Resource) -> Iterator[Part]:
    """What a cluster pays beside its instances; a Multi-AZ DB cluster pays for its three instances itself."""
    if is_multi_az(resource):
        kind, engine = resource.text("DBClusterInstanceClass"), resource.text("Engine")
        yield (
            missing(resource, "DBClusterInstanceClass")
            if kind is None
            else paid(f"rds-cluster/{engine}/{kind}", 1, f"Multi-AZ DB cluster of three {kind}")
        )
        yield from storage(resource, 3)
        yield from used(("backups beyond the size of the database", "rds-use/backup"))
        return
    if resource.text("EngineMode") == "serverless":
        yield Unsaid(why="Aurora Serverless v1 has prices of its own")
    if not is_aurora(resource):
        yield Unsaid(why="the engine of the cluster is not known")
        return
    io = _form(resource) == "aurora-io"
    yield from used(("data kept", "aurora-io-use/storage" if io else "aurora-use/storage"))
    yield from [] if io else used(("reads and writes of storage", "aurora-use/requests"))
    yield from used(("backups beyond the size of the database", "aurora-use/backup"))
    if number(resource, "BacktrackWindow"):
        yield from used("changes kept for going back in time")


def proxy(graph: Graph, resource: Resource) -> Iterator[Part]:
    """A proxy: for each vCPU of the instances behind it."""
    behind = [
        database
        for group in graph.users_of(resource, _TARGETS)
        for name, known_by, kind in _BEHIND
        for value in list_of(group.get(name))
        if (database := graph.named(value, known_by, kind, region=resource.region))
    ]
    instances = [i for d in behind for i in (members(graph, d) if d.type.endswith("DBCluster") else [d])]
    kinds = [str(i.text("DBInstanceClass") or "").removeprefix("db.") for i in instances]
    cores = [quotas.processors(kind) for kind in kinds]
    if not instances or None in cores:
        yield Unsaid(why="how many vCPUs stand behind it, which it is paid by, is not told")
    else:
        total = sum(max(PROXIED, each or 0) for each in cores)
        yield paid("rds-proxy/vcpu", total, "vCPUs behind a proxy")


_BEHIND = (
    ("DBClusterIdentifiers", "DBClusterIdentifier", "AWS::RDS::DBCluster"),
    ("DBInstanceIdentifiers", "DBInstanceIdentifier", "AWS::RDS::DBInstance"),
)


def proxy_endpoint(_graph: Graph, resource: Resource) -> Iterable[Part]:
    """A further endpoint is an interface endpoint in each of its subnets."""
    subnets = resource.get("VpcSubnetIds")
    if not is_list(subnets):
        return [late("VpcSubnetIds")]
    return [paid("vpc/interface-endpoint", len(subnets), "interface of an endpoint")]


def limitless(_graph: Graph, resource: Resource) -> Iterable[Part]:
    """A group of shards scales from its smallest to its largest capacity."""
    low, high = number(resource, "MinACU"), number(resource, "MaxACU")
    if high is None or low is None or low > high:
        return [Unsaid(why="the template does not say MinACU and MaxACU")]
    return [paid("aurora-io-serverless", Range(low, high), "Aurora capacity units")]


PRICERS: dict[str, Pricer] = {
    "AWS::DSQL::Cluster": by_use("requests, and data kept"),
    "AWS::RDS::DBCluster": cluster,
    "AWS::RDS::DBInstance": instance,
    "AWS::RDS::DBProxy": proxy,
    "AWS::RDS::DBProxyEndpoint": proxy_endpoint,
    "AWS::RDS::DBShardGroup": limitless,
    "AWS::RDS::GlobalCluster": by_use("writes carried to other Regions"),
    "AWS::RDS::Integration": by_use("changes carried to the other store"),
}
