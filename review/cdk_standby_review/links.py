"""What goes from one Region to another: replicas, members of global stores, copies of backups."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from .databases import dsql_peers, global_name, replica_pairs
from .graph import Graph, Resource
from .intrinsics import Partial, Reference, known
from .knowledge.ecr import sent_to
from .knowledge.elasticache import members_of_datastore
from .knowledge.memorydb import members_of_cluster
from .plain import within
from .protection import backups_of, copied_to
from .restored import VAULTS


class LinkKind(StrEnum):
    """What a link carries, as a person calls it."""

    GLOBAL_DATABASE = "global database"
    READ_REPLICA = "read replica"
    GLOBAL_TABLE = "global table"
    MEMBERS = "multi-Region cluster"
    DATASTORE = "global datastore"
    OBJECTS = "object replication"
    FILES = "file replication"
    SECRET = "secret replica"  # noqa: S105 - a word, and no password
    KEY = "key replica"
    IMAGES = "image replication"
    BACKUPS = "backup copies"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Something of one resource that also lies in another Region."""

    kind: LinkKind
    source: Resource
    region: str
    """Where it goes."""
    target: Resource | None = None
    """What takes it there; None when no template has it."""
    both_ways: bool = False
    """Whether either end takes writes."""


Finds = Callable[[Graph, Resource], Iterator[Link]]


def links(graph: Graph) -> tuple[Link, ...]:
    """Every link that leaves its Region, in the order of the resources; of a pair that writes both ways, one."""
    found: dict[tuple[object, ...], Link] = {}
    for link in (*_databases(graph), *(link for r in graph for link in _FINDERS.get(r.type, _nothing)(graph, r))):
        target = link.target.key if link.target else None
        ends = (link.kind, link.source.key, target or link.region)
        back = (link.kind, target, link.source.key)
        if link.region and link.region != link.source.region and not (link.both_ways and back in found):
            found.setdefault(ends, link)
    for link in _copies(graph):
        found.setdefault((link.kind, link.source.key, link.region), link)
    return tuple(sorted(found.values(), key=_order))


def _order(link: Link) -> tuple[object, ...]:
    return (link.source.key, link.kind, link.region, link.target.key if link.target else ("", ""))


def _nothing(_graph: Graph, _resource: Resource) -> Iterator[Link]:
    return iter(())


def _databases(graph: Graph) -> Iterator[Link]:
    for source, replica in replica_pairs(graph):
        shared = global_name(graph, replica) is not None
        kind = LinkKind.GLOBAL_DATABASE if shared else LinkKind.READ_REPLICA
        yield Link(kind=kind, source=source, region=replica.region, target=replica)


def _table(_graph: Graph, table: Resource) -> Iterator[Link]:
    kind = LinkKind.GLOBAL_TABLE
    for replica in table.items("Replicas"):
        yield Link(kind=kind, source=table, region=_text(replica.get("Region")), both_ways=True)


def _dsql(graph: Graph, cluster: Resource) -> Iterator[Link]:
    peers = {other.region: other for other in graph.of_type(cluster.type) if cluster.region in dsql_peers(other)}
    for region in dsql_peers(cluster):
        yield Link(kind=LinkKind.MEMBERS, source=cluster, region=region, target=peers.get(region), both_ways=True)


def _memorydb(graph: Graph, cluster: Resource) -> Iterator[Link]:
    for other in members_of_cluster(graph, cluster):
        yield Link(kind=LinkKind.MEMBERS, source=cluster, region=other.region, target=other, both_ways=True)


def _cache(graph: Graph, cache: Resource) -> Iterator[Link]:
    for region, member in members_of_datastore(graph, cache).items():
        yield Link(kind=LinkKind.DATASTORE, source=cache, region=region, target=member)


def _bucket(graph: Graph, bucket: Resource) -> Iterator[Link]:
    for rule in bucket.items("ReplicationConfiguration", "Rules"):
        target = _bucket_at(graph, within(rule, "Destination", "Bucket"))
        if target is not None and rule.get("Status") == "Enabled":
            yield Link(kind=LinkKind.OBJECTS, source=bucket, region=target.region, target=target)


def _bucket_at(graph: Graph, arn: Any) -> Resource | None:
    if isinstance(arn, Reference):
        return graph.at(arn)
    if isinstance(arn, Partial):
        return next((found for reference in arn.references if (found := graph.at(reference))), None)
    return graph.named(str(arn).rpartition(":")[2], "BucketName", "AWS::S3::Bucket")


def _files(graph: Graph, files: Resource) -> Iterator[Link]:
    for destination in files.items("ReplicationConfiguration", "Destinations"):
        target = graph.at(destination.get("FileSystemId"))
        region = target.region if target else _text(destination.get("Region"))
        yield Link(kind=LinkKind.FILES, source=files, region=region, target=target)


def _secret(_graph: Graph, secret: Resource) -> Iterator[Link]:
    for replica in secret.items("ReplicaRegions"):
        yield Link(kind=LinkKind.SECRET, source=secret, region=_text(replica.get("Region")))


def _key(graph: Graph, replica: Resource) -> Iterator[Link]:
    if source := graph.at(replica.get("PrimaryKeyArn")):
        yield Link(kind=LinkKind.KEY, source=source, region=replica.region, target=replica)


def _images(graph: Graph, repository: Resource) -> Iterator[Link]:
    for region in sent_to(graph, repository):
        yield Link(kind=LinkKind.IMAGES, source=repository, region=region)


def _text(value: Any) -> str:
    """A Region that is known; empty when only a deployment can tell."""
    return str(value) if known(value) and value is not None else ""


_FINDERS: Mapping[str, Finds] = {
    "AWS::DSQL::Cluster": _dsql,
    "AWS::DynamoDB::GlobalTable": _table,
    "AWS::ECR::Repository": _images,
    "AWS::EFS::FileSystem": _files,
    "AWS::ElastiCache::ReplicationGroup": _cache,
    "AWS::KMS::ReplicaKey": _key,
    "AWS::MemoryDB::Cluster": _memorydb,
    "AWS::S3::Bucket": _bucket,
    "AWS::SecretsManager::Secret": _secret,
}
_BACKED_UP = (
    "AWS::DSQL::Cluster",
    "AWS::DocDB::DBCluster",
    "AWS::DynamoDB::GlobalTable",
    "AWS::DynamoDB::Table",
    "AWS::EC2::Instance",
    "AWS::EC2::Volume",
    "AWS::EFS::FileSystem",
    "AWS::FSx::FileSystem",
    "AWS::Neptune::DBCluster",
    "AWS::RDS::DBCluster",
    "AWS::RDS::DBInstance",
    "AWS::S3::Bucket",
)
"""What backup plans select."""


def _copies(graph: Graph) -> Iterator[Link]:
    """Copies of backups; a member of a cluster has none of its own."""
    for store in graph.of_type(*_BACKED_UP):
        vaults = _vaults(graph, store)
        for region in copied_to(graph, store):
            yield Link(kind=LinkKind.BACKUPS, source=store, region=region, target=vaults.get(region))


def _vaults(graph: Graph, store: Resource) -> dict[str, Resource]:
    """The vaults that take the copies, by Region, as far as templates have them; its own deployment's first."""
    ours = graph.deployment_of(store).templates
    standing = sorted(graph.of_type(*VAULTS), key=lambda vault: vault.template.name not in ours)
    found: dict[str, Resource] = {}
    for region, arn in (pair for rule in backups_of(graph, store) for pair in rule.vaults):
        named = (region, str(arn).rpartition(":")[2])
        by_name = (vault for vault in standing if (vault.region, vault.text("BackupVaultName")) == named)
        if vault := graph.at(arn) or next(by_name, None):
            found.setdefault(region, vault)
    return found
