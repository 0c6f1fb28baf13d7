"""Rules about databases and their replicas: a replica is as good as its source, or no replacement for it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..databases import is_aurora, members, replica_pairs, secrets_of
from ..findings import Found, Severity, rule
from ..graph import Graph, Resource

_GLOBAL = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database-getting-started.html"
_FAILOVER = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database-disaster-recovery.html"
_PROTECTION = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DeleteInstance.html"
_SECRETS = "https://docs.aws.amazon.com/secretsmanager/latest/userguide/replicate-secrets.html"
_DATABASES = ("AWS::RDS::DBCluster", "AWS::RDS::DBInstance")


def deletion_protection(graph: Graph) -> Iterable[Found]:
    """A database that one call deletes."""
    for database in graph.of_type(*_DATABASES):
        part = database.type == "AWS::RDS::DBInstance" and database.get("DBClusterIdentifier") is not None
        if not part and database.get("DeletionProtection") in (None, False, "false"):
            yield database, "DeletionProtection is off", "set DeletionProtection to true"
    for cluster in graph.of_type("AWS::DSQL::Cluster"):
        if cluster.flag("DeletionProtectionEnabled") is False:
            yield cluster, "DeletionProtectionEnabled is false", "set DeletionProtectionEnabled to true"


def engine_version(graph: Graph) -> Iterable[Found]:
    """A replica of another engine version than its source."""
    for source, replica in replica_pairs(graph):
        ours, theirs = replica.text("EngineVersion"), source.text("EngineVersion")
        if ours and theirs and ours != theirs:
            yield (
                replica,
                f"EngineVersion is {ours}, {source.name} has {theirs}",
                f"set EngineVersion to {theirs}",
            )


def weaker_class(graph: Graph) -> Iterable[Found]:
    """A replica with smaller instances than its source."""
    for source, replica in replica_pairs(graph):
        ours, theirs = _class(graph, replica), _class(graph, source)
        if ours and theirs and weight(ours) and weight(theirs) and (weight(ours) or 0) < (weight(theirs) or 0):
            yield (
                replica,
                f"its largest instance is {ours}, {source.name} has {theirs}",
                f"use {theirs}, or scale up in the runbook before promotion",
            )


def fewer_instances(graph: Graph) -> Iterable[Found]:
    """A replica that has one instance where its source has a reader."""
    for source, replica in replica_pairs(graph):
        if replica.type == "AWS::RDS::DBCluster" and len(members(graph, replica)) == 1 < len(members(graph, source)):
            yield (
                replica,
                f"it has one instance, {source.name} has {len(members(graph, source))}",
                "add a reader, or add one in the runbook after promotion",
            )


def weaker_protection(graph: Graph) -> Iterable[Found]:
    """A replica without the deletion protection or the backups of its source."""
    for source, replica in replica_pairs(graph):
        if source.flag("DeletionProtection") and not replica.flag("DeletionProtection"):
            yield replica, f"DeletionProtection is off, {source.name} has it", "set DeletionProtection to true"
        ours, theirs = replica.number("BackupRetentionPeriod"), source.number("BackupRetentionPeriod")
        is_cluster = replica.type == "AWS::RDS::DBCluster"
        if is_cluster and theirs is not None and (1 if ours is None else ours) < theirs:
            yield (
                replica,
                f"BackupRetentionPeriod is {1 if ours is None else ours:g}, {source.name} has {theirs:g}",
                f"set BackupRetentionPeriod to {theirs:g}",
            )


def burstable_global(graph: Graph) -> Iterable[Found]:
    """A member of a global database of a class that global databases do not take."""
    for cluster in graph.of_type("AWS::RDS::DBCluster"):
        if cluster.get("GlobalClusterIdentifier") is None or not is_aurora(cluster):
            continue
        for instance in members(graph, cluster):
            if re.match(r"db\.t\d", instance.text("DBInstanceClass") or ""):
                found = instance.text("DBInstanceClass")
                yield instance, f"DBInstanceClass is {found}", "use a memory-optimized class such as db.r7g.large"


def secret_replicas(graph: Graph) -> Iterable[Found]:
    """The secret of a global database that is not readable in the other Region."""
    for source, replica in replica_pairs(graph):
        if source.type != "AWS::RDS::DBCluster":
            continue
        for secret in secrets_of(graph, source):
            regions = {str(r.get("Region")) for r in secret.items("ReplicaRegions")}
            if replica.region and replica.region not in regions:
                yield (
                    secret,
                    f"it is not replicated to {replica.region}, where {replica.name} stands",
                    f"add {replica.region} to ReplicaRegions, with a key of that Region",
                )


def managed_password(graph: Graph) -> Iterable[Found]:
    """A global database whose password RDS manages."""
    for cluster in graph.of_type("AWS::RDS::DBCluster"):
        if cluster.get("GlobalClusterIdentifier") is not None and cluster.flag("ManageMasterUserPassword"):
            yield cluster, "ManageMasterUserPassword is on", "use a secret of your own, with replicas"


def _class(graph: Graph, database: Resource) -> str | None:
    if database.type == "AWS::RDS::DBInstance":
        return database.text("DBInstanceClass")
    classes = [c for i in members(graph, database) if (c := i.text("DBInstanceClass")) and weight(c)]
    return max(classes, key=lambda c: weight(c) or 0, default=None)


def weight(name: str) -> float | None:
    """How large an instance class is: large is 1, xlarge 2, 8xlarge 16; None when the name has no size."""
    size = name.rsplit(".", 1)[-1]
    if found := re.fullmatch(r"(\d+)xlarge", size):
        return 2.0 * float(found.group(1))
    return {"micro": 0.125, "small": 0.25, "medium": 0.5, "large": 1.0, "xlarge": 2.0}.get(size)


RULES = (
    rule("database-deletion-protection", deletion_protection, "one mistaken call deletes it", _PROTECTION),
    rule("replica-engine-version", engine_version, "a managed failover needs the same version", _FAILOVER),
    rule("replica-weaker-class", weaker_class, "it cannot carry the load when promoted", _FAILOVER, Severity.WARNING),
    rule(
        "replica-fewer-instances",
        fewer_instances,
        "once promoted, the loss of a zone takes it",
        _FAILOVER,
        Severity.WARNING,
    ),
    rule("replica-weaker-protection", weaker_protection, "when promoted it is the only copy", _FAILOVER),
    rule("global-database-class", burstable_global, "global databases take no burstable class", _GLOBAL),
    rule("secret-not-replicated", secret_replicas, "after a failover nobody can log in", _SECRETS),
    rule(
        "global-database-password", managed_password, "global databases do not take passwords managed by RDS", _GLOBAL
    ),
)
