"""Rules about Aurora DSQL: its members know each other, and what they both delete can be brought back."""

from __future__ import annotations

from collections.abc import Iterable

from ..databases import dsql_peers
from ..facts import dsql as facts
from ..findings import Found, Severity, rule
from ..graph import Graph, Resource
from ..protection import backups_of

_TYPE = "AWS::DSQL::Cluster"


def _witness(cluster: Resource) -> str | None:
    return cluster.text("MultiRegionProperties", "WitnessRegion")


def waits(graph: Graph) -> Iterable[Found]:
    """A cluster with a witness that has not been told its peer."""
    for cluster in graph.of_type(_TYPE):
        if _witness(cluster) and not cluster.get("MultiRegionProperties", "Clusters"):
            yield (
                cluster,
                "it has a witness and no peer",
                "deploy both members, write the ARN of each into the template of the other, deploy both again",
            )


def witnesses(graph: Graph) -> Iterable[Found]:
    """A cluster whose witness is no third Region, or not that of its peer."""
    for cluster in graph.of_type(_TYPE):
        witness = _witness(cluster)
        if witness and witness in {cluster.region, *dsql_peers(cluster)}:
            yield cluster, f"its witness {witness} is the Region of a member", "take a third Region of the same set"
        twin = graph.twin(cluster)
        theirs = _witness(twin) if twin else None
        if twin and witness and theirs and witness != theirs:
            yield cluster, f"its witness is {witness}, {twin.name} has {theirs}", "take one witness for both"


def backups(graph: Graph) -> Iterable[Found]:
    """A cluster that no backup plan selects: it has no other backups."""
    for cluster in graph.of_type(_TYPE):
        if not backups_of(graph, cluster):
            yield cluster, "no backup plan selects it", "select it in a plan of AWS Backup"


RULES = (
    rule("dsql-waits-for-peer", waits, "it takes no connection until then", facts.SETUP.source, Severity.WARNING),
    rule("dsql-witness", witnesses, "two members and a third Region decide who goes on", facts.WITNESS.source),
    rule(
        "dsql-no-backups",
        backups,
        "a peer deletes what is deleted, and there is no restore to a point in time",
        facts.BACKUPS.source,
    ),
)
