"""Rules about retention: what holds data outlives its stack, with its parts."""

from __future__ import annotations

from collections.abc import Iterable

from ..databases import members
from ..findings import Found, Severity, rule
from ..graph import Graph, Resource

_POLICY = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html"
_PARTS = (
    "AWS::KMS::Key",
    "AWS::RDS::DBSubnetGroup",
    "AWS::RDS::DBParameterGroup",
    "AWS::RDS::DBClusterParameterGroup",
    "AWS::RDS::OptionGroup",
    "AWS::SecretsManager::Secret",
)
_KEPT = frozenset({"Retain", "RetainExceptOnCreate"})


def parts_retained(graph: Graph) -> Iterable[Found]:
    """A part of a retained database that goes with the stack."""
    for database in graph.of_type("AWS::RDS::DBCluster", "AWS::RDS::DBInstance", "AWS::DSQL::Cluster"):
        if database.deletion_policy not in _KEPT or (
            database.get("DBClusterIdentifier") is not None and not _owner(database)
        ):
            continue
        for part in _parts(graph, database):
            if part.deletion_policy not in _KEPT:
                yield (
                    part,
                    f"DeletionPolicy is {part.deletion_policy}, {database.name} is retained",
                    "set DeletionPolicy to Retain",
                )


def _owner(database: Resource) -> bool:
    return database.type == "AWS::RDS::DBCluster"


def _parts(graph: Graph, database: Resource) -> list[Resource]:
    used = {(r.template, r.logical_id) for r in database.references}
    parts = [r for r in graph.of_type(*_PARTS) if r.key in used]
    return parts + (members(graph, database) if _owner(database) else [])


RULES = (
    rule(
        "retained-without-parts",
        parts_retained,
        "the stack cannot be deleted, or the database is left without what it needs",
        _POLICY,
        Severity.WARNING,
    ),
)
