"""What a read replica is made with, and rings for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from aws_cdk import ArnFormat, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_kms as kms
from aws_cdk import aws_rds as rds

from cdk_standby_review.facts import rds as facts
from cdk_standby_review.facts import rds_engines as engines
from cdk_standby_review.facts import rds_replicas as replicas

from .._alarms import AlarmSpec
from .._named_zones import zone_is_meant, zones_are_meant
from .._tokens import is_token
from .._windows import DAY, weekly
from ._engines import TLS_PORT_OF_DB2, Engine
from ._instance_alarms import Metric
from ._instance_parts import SINGLE, UNENCRYPTED, UNLOGGED, USUAL_PORT
from ._parts import IN_A_PLAN, NIST, UNMONITORED, accept
from ._replica_source import Source

NO_BACKUPS = ("AwsSolutions::AwsSolutions-RDS13", NIST + "RDSInstanceBackupEnabled")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def usual_window(source: Source) -> str:
    """On the day after the source's own; of a source whose window is not known, by its place in the chain."""
    known = weekly(source.maintenance_window or "")
    day = _DAYS[(known.start // DAY + 1 if known else source.depth) % len(_DAYS)]
    return f"{day}:02:30-{day}:03:30"


def following(source: Source, here: Stack, *, promoted: bool) -> dict[str, Any]:
    """The properties that say whom the instance follows. The Region of the source stays when nobody is followed.

    `SourceRegion` is create-only: without it, CloudFormation would make another instance of the promoted one.
    """
    elsewhere = source.region != here.region
    kept = {"source_region": source.region} if elsewhere else {}
    if promoted:
        return kept
    return {_property(source): _named(source, here, elsewhere=elsewhere), **kept}


def _property(source: Source) -> str:
    return "source_db_cluster_identifier" if source.cluster else "source_db_instance_identifier"


def _named(source: Source, here: Stack, *, elsewhere: bool) -> str:
    """As text wherever there is one: an export to another stack could not go when the replica is promoted."""
    if elsewhere:
        return here.format_arn(
            service="rds",
            region=source.region,
            account=source.account,
            resource="db",
            resource_name=(source.identifier or "").lower(),
            arn_format=ArnFormat.COLON_RESOURCE_NAME,
        )
    if source.stack is here or source.identifier is None or is_token(source.identifier):
        return source.reference or source.identifier or ""
    return source.identifier.lower()


def port(engine: Engine, *, plaintext: bool) -> int:
    """As the source's: Db2 listens for TLS on a port of its own."""
    return TLS_PORT_OF_DB2 if engine.family_of == "db2" and not plaintext else engine.port


def encrypted(source: Source, here: Stack, key: kms.IKey) -> dict[str, Any]:
    """In its own Region a replica has the key of its source, elsewhere one of that Region; promoted or not."""
    return {} if source.region == here.region else {"kms_key_id": key.key_arn}


def insights(engine: Engine, mode: str, key: kms.IKey, *, off: bool, promoted: bool) -> dict[str, Any]:
    """Database Insights, where the engine has them; RDS takes the mode of an instance that stands for itself."""
    if off or engines.WITHOUT_INSIGHTS.value.get(engine.name) == ".*":
        return {}
    return {
        "database_insights_mode": mode if promoted else None,
        "enable_performance_insights": True,
        "performance_insights_kms_key_id": key.key_arn,
        "performance_insights_retention_period": facts.INSIGHTS_DAYS.value[mode],
    }


def accept_replica(instance: rds.CfnDBInstance, engine: Engine, exported: list[str], options: dict[str, Any]) -> None:
    """Tell the validators what is meant about a replica."""
    accept(instance, "the port that clients expect; it opens to peers by name, one by one", USUAL_PORT)
    accept(instance, "the data is the source's, whose backups reach back; a BackupPlan adds copies", IN_A_PLAN)
    accept(instance, "a replica is encrypted as its source, and CloudFormation takes no other word", *UNENCRYPTED)
    for kind in engine.known_log_types:
        if kind not in exported:
            accept(instance, "written only where a parameter or an option turns it on", UNLOGGED.format(kind))
    if options["single_az_because"]:
        accept(instance, options["single_az_because"], *SINGLE)
        zone_is_meant(instance)
        zones_are_meant(instance, "replicas are spread over named zones: left to RDS, two of them may share one")
    if options["no_monitoring_because"]:
        accept(instance, options["no_monitoring_because"], UNMONITORED)
    if not instance.backup_retention_period:
        accept(instance, options["no_backups_because"] or "RDS makes no backups of such a replica", *NO_BACKUPS)


def lag_alarms(metric: Metric, *, promoted: bool) -> Iterator[AlarmSpec]:
    """Of an instance that follows another; one that does not has no lag."""
    if promoted:
        return
    yield AlarmSpec(
        name="ReplicaLag",
        metric=metric(replicas.LAG.value, statistic="Maximum"),
        threshold=60,
        periods=5,
        says="The replica lags (seconds) for 5 minutes: reads are stale, and a promotion now loses as much. Also when "
        "no figure arrives: replication broke, or the replica was promoted outside of its template.",
    )
    yield AlarmSpec(
        name="Replication",
        metric=metric(replicas.LAG.value, statistic="Minimum"),
        threshold=0,
        comparison=cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
        periods=5,
        says="The lag is -1: replication has stopped, or RDS cannot tell. Look at the events of the replica.",
    )
