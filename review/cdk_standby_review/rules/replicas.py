"""Rules about replication: what a source needs so that it can be followed, and what is asked of its replicas."""

from __future__ import annotations

from collections.abc import Iterable

from ..databases import global_name, is_replica, replica_pairs
from ..findings import Found, Severity, rule
from ..graph import Graph, Resource
from ..intrinsics import known
from ..plain import list_of, within

_REPLICAS = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReadRepl.html"
_ACROSS = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReadRepl.XRgn.html"
_BACKUPS = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReplicateBackups.html"
_PASSWORDS = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html"
_LAG = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReadRepl.Monitoring.html"
WITHOUT_REPLICAS = ("oracle-se", "sqlserver-se", "sqlserver-web", "sqlserver-ex")
"""Editions, by how their engines' names begin."""
LAGS = frozenset({"ReplicaLag", "AuroraBinlogReplicaLag", "AuroraGlobalDBReplicationLag", "AuroraGlobalDBRPOLag"})
_COPIES_TO, _KEY_OF_COPIES = "AutomaticBackupReplicationRegion", "AutomaticBackupReplicationKmsKeyId"
_KNOWN_BY = {"DBInstanceIdentifier": "AWS::RDS::DBInstance", "DBClusterIdentifier": "AWS::RDS::DBCluster"}


def _read_replicas(graph: Graph) -> Iterable[tuple[Resource, Resource]]:
    """(source, replica), without the members of global databases."""
    return ((source, replica) for source, replica in replica_pairs(graph) if is_replica(replica))


def source_backups(graph: Graph) -> Iterable[Found]:
    """A source whose backups are off: it cannot have replicas."""
    for source, replica in _read_replicas(graph):
        if source.number("BackupRetentionPeriod") == 0:
            yield (
                source,
                f"BackupRetentionPeriod is 0, {replica.name} follows it",
                "keep backups for 1 day or more, better 7",
            )


def editions(graph: Graph) -> Iterable[Found]:
    """A replica of an edition that has none."""
    for source, replica in _read_replicas(graph):
        engine = source.text("Engine") or ""
        if engine.startswith(WITHOUT_REPLICAS):
            yield replica, f"{source.name} is {engine}", "use the Enterprise Edition, or copies of backups"


def passwords(graph: Graph) -> Iterable[Found]:
    """A source whose password RDS manages: it cannot have replicas, but for SQL Server."""
    for source, replica in _read_replicas(graph):
        sql_server = (source.text("Engine") or "").startswith("sqlserver")
        if source.flag("ManageMasterUserPassword") and not sql_server:
            yield (
                source,
                f"ManageMasterUserPassword is on, {replica.name} follows it",
                "use a secret of your own, with replicas in the other Regions",
            )


def unready(graph: Graph) -> Iterable[Found]:
    """A replica in another Region that would be promoted without backups."""
    for source, replica in _read_replicas(graph):
        value = replica.get("BackupRetentionPeriod")
        apart = source.region and replica.region and source.region != replica.region
        off = value is None or replica.number("BackupRetentionPeriod") == 0
        if apart and replica.type == "AWS::RDS::DBInstance" and off:
            yield (
                replica,
                "its backups are off" if value is None else "BackupRetentionPeriod is 0",
                "set BackupRetentionPeriod to that of its source",
            )


def keys(graph: Graph) -> Iterable[Found]:
    """What is encrypted and goes to another Region needs a key of that Region."""
    for source, replica in _read_replicas(graph):
        apart = source.region and replica.region and source.region != replica.region
        if apart and _encrypted(source) and replica.get("KmsKeyId") is None:
            yield replica, f"it has no KmsKeyId, {source.name} is encrypted", f"give it a key of {replica.region}"
    for database in graph.of_type("AWS::RDS::DBInstance", "AWS::RDS::DBCluster", "AWS::DSQL::Cluster"):
        to = database.text(_COPIES_TO) or ""
        if to and _encrypted(database) and database.get(_KEY_OF_COPIES) is None:
            yield database, f"{_KEY_OF_COPIES} is missing, and it is encrypted", f"give it a key of {to}"
        wanted = {"KmsKeyId": database.region, "KmsEncryptionKey": database.region, _KEY_OF_COPIES: to}
        for name, region in wanted.items():
            lives = _region_of_key(graph, database.get(name))
            if region and lives and lives != region:
                yield database, f"{name} is a key of {lives}", f"give it a key of {region}"


def _encrypted(database: Resource) -> bool:
    return database.get("KmsKeyId") is not None or database.flag("StorageEncrypted") is True


def _region_of_key(graph: Graph, value: object) -> str:
    """Where a key lives, by its template or by its ARN; empty when it is not known."""
    if key := graph.at(value):
        return key.region
    parts = str(value).split(":")
    return parts[3] if isinstance(value, str) and len(parts) >= 6 and parts[2] == "kms" and known(value) else ""


def lag_alarms(graph: Graph) -> Iterable[Found]:
    """A replica for whose lag nothing rings."""
    watched = {key for alarm in graph.of_type("AWS::CloudWatch::Alarm") for key in _watched_by(graph, alarm)}
    for source, replica in replica_pairs(graph):
        if replica.key not in watched:
            yield (
                replica,
                f"no alarm watches how far it lags behind {source.name}",
                f"alarm on {_metric(graph, replica)}",
            )


def _metric(graph: Graph, replica: Resource) -> str:
    if global_name(graph, replica):
        return "AuroraGlobalDBReplicationLag in its own Region"
    return "ReplicaLag" if replica.type == "AWS::RDS::DBInstance" else "AuroraBinlogReplicaLag"


def _watched_by(graph: Graph, alarm: Resource) -> Iterable[tuple[str, str]]:
    """The databases whose lag an alarm watches, by one metric or by several."""
    asked = [within(query, "MetricStat", "Metric") for query in alarm.items("Metrics")]
    for metric in ({"MetricName": alarm.get("MetricName"), "Dimensions": alarm.get("Dimensions")}, *asked):
        if str(within(metric, "MetricName")) not in LAGS:
            continue
        for dimension in list_of(within(metric, "Dimensions")):
            name = str(within(dimension, "Name"))
            if name in _KNOWN_BY and (
                found := graph.named(within(dimension, "Value"), name, _KNOWN_BY[name], region=alarm.region)
            ):
                yield found.key


RULES = (
    rule("replica-source-no-backups", source_backups, "without backups it cannot have a replica", _REPLICAS),
    rule("replica-edition", editions, "this edition has no read replicas", _REPLICAS),
    rule("replica-managed-password", passwords, "a source whose password RDS manages has no replicas", _PASSWORDS),
    rule("replica-no-backups", unready, "once promoted it is the only copy", _ACROSS, Severity.WARNING),
    rule("cross-region-key", keys, "a key encrypts in its own Region only", _BACKUPS),
    rule("replica-lag-alarm", lag_alarms, "whoever fails over does not know what is lost", _LAG, Severity.WARNING),
)
