"""Restores: another database with the rows of a snapshot, or of a moment of its source.

The latest restorable time is now: on AWS it is up to five minutes ago.
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIT.html
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from ...errors import NotModelled, ServiceError
from ...wire import Call
from .._kept import members
from . import backups, cluster, clusters, instance, retained, snapshots, standalone
from .data import rows, rows_of_cluster, until
from .globals import region_of
from .writes import ledger

Values = dict[str, Any]

WHENCE = frozenset(
    {
        "DBClusterSnapshotIdentifier",
        "DBSnapshotIdentifier",
        "RestoreTime",
        "SourceDBInstanceAutomatedBackupsArn",
        "SourceDBInstanceIdentifier",
        "SourceDbiResourceId",
        "TargetDBInstanceIdentifier",
        "UseDefaultProcessorFeatures",
        "UseLatestRestorableTime",
    }
)
CLUSTER_WHENCE = frozenset(
    {
        "RestoreToTime",
        "RestoreType",
        "SnapshotIdentifier",
        "SourceDBClusterIdentifier",
        "SourceDbClusterResourceId",
        "UseLatestRestorableTime",
    }
)


def instance_from_snapshot(call: Call) -> Values:
    """RestoreDBInstanceFromDBSnapshot."""
    given = dict(call.parameters)
    if "DBClusterSnapshotIdentifier" in given:
        raise NotModelled("rds", "RestoreDBInstanceFromDBSnapshot with DBClusterSnapshotIdentifier")
    held = snapshots.find(call, "db", given["DBSnapshotIdentifier"])
    return _instance(call, given, held["config"], held["rows"])


def instance_to_time(call: Call) -> Values:
    """RestoreDBInstanceToPointInTime: from an instance of this Region, or from backups that another one left here."""
    given = dict(call.parameters)
    given["DBInstanceIdentifier"] = given["TargetDBInstanceIdentifier"]
    if copied := given.get("SourceDBInstanceAutomatedBackupsArn"):
        copy = backups.find(call, copied)
        there, config, born = rows(call, copy["DBInstanceArn"]), copy["config"], copy["InstanceCreateTime"]
    elif gone := retained.find(call, given.get("SourceDbiResourceId", "")):
        there, config, born = gone["rows"], gone["config"], gone["born"]
    else:
        source = _source(call, given)
        if not source.get("BackupRetentionPeriod"):
            message = f"Point in time restore is not enabled for {source['DBInstanceIdentifier']}."
            raise ServiceError("PointInTimeRestoreNotEnabled", message)
        there, config = rows(call, source["DBInstanceArn"]), snapshots.config_of(source)
        born = source["InstanceCreateTime"]
    at = _moment(given.get("RestoreTime"), given.get("UseLatestRestorableTime"), born)
    return _instance(call, given, config, until(there, at))


def _source(call: Call, given: Values) -> Values:
    if "SourceDbiResourceId" in given:
        wanted = given["SourceDbiResourceId"]
        everybody = call.client("rds").describe_db_instances()["DBInstances"]
        for one in everybody:
            if one["DbiResourceId"] == wanted:
                return dict(one)
        raise ServiceError("DBInstanceNotFound", f"DBInstance {wanted} not found.", 404)
    named = given["SourceDBInstanceIdentifier"]
    if named.startswith("arn:") and region_of(named) != call.region:
        raise ServiceError(
            "InvalidParameterValue", f"{named} is not in {call.region}: only backups copied here will do."
        )
    return instance.find(call, named.rsplit(":", 1)[-1])


def _moment(wanted: datetime | None, latest: bool | None, born: datetime) -> datetime:
    if (wanted is None) == (not latest):
        raise ServiceError(
            "InvalidParameterCombination", "Either a time to restore to or UseLatestRestorableTime must be given."
        )
    now = datetime.now(UTC)
    if wanted is None:
        return now
    at = wanted if wanted.tzinfo else wanted.replace(tzinfo=UTC)
    first = born if born.tzinfo else born.replace(tzinfo=UTC)
    if not first.replace(microsecond=0) <= at <= now:
        message = f"The specified restore time {at:%Y-%m-%dT%H:%M:%SZ} is not within the time that the backups cover."
        raise ServiceError("InvalidParameterValue", message)
    return at


def _instance(call: Call, given: Values, config: Values, held: list[float]) -> Values:
    standalone.known(call, given, members(call, "DBInstance") | WHENCE)
    wanted = {name: value for name, value in given.items() if name not in WHENCE}
    if wanted.get("Engine", config["Engine"]) != config["Engine"]:
        raise ServiceError(
            "InvalidParameterCombination", f"The backup is of {config['Engine']}, not {wanted['Engine']}"
        )
    least = int(config["AllocatedStorage"])
    if int(wanted.get("AllocatedStorage") or least) < least:
        message = "The allocated storage size can't be less than the source snapshot or backup size."
        raise ServiceError("InvalidParameterValue", message)
    made = instance.make(call, {**config, **wanted})
    ledger(call, made["DBInstanceArn"]).written = list(held)
    return {"DBInstance": made}


def cluster_from_snapshot(call: Call) -> Values:
    """RestoreDBClusterFromSnapshot."""
    given = dict(call.parameters)
    if ":snapshot:" in given["SnapshotIdentifier"]:
        raise NotModelled("rds", "RestoreDBClusterFromSnapshot of a snapshot of a DB instance")
    held = snapshots.find(call, "cluster", given["SnapshotIdentifier"])
    return _cluster(call, given, held["config"], held["rows"])


def cluster_to_time(call: Call) -> Values:
    """RestoreDBClusterToPointInTime: a full copy, or a clone as of now."""
    given = dict(call.parameters)
    if gone := retained.find(call, given.get("SourceDbClusterResourceId", "")):
        there, config, born = gone["rows"], gone["config"], gone["born"]
    else:
        source = _source_cluster(call, given)
        there, config = rows_of_cluster(call, source["DBClusterArn"]), snapshots.cluster_config(source)
        born = source["ClusterCreateTime"]
    at = _moment(given.get("RestoreToTime"), given.get("UseLatestRestorableTime"), born)
    if given.get("RestoreType") == "copy-on-write" and given.get("RestoreToTime"):
        message = "RestoreToTime cannot be specified when RestoreType is copy-on-write"
        raise ServiceError("InvalidParameterCombination", message)
    return _cluster(call, given, config, until(there, at))


def _source_cluster(call: Call, given: Values) -> Values:
    if "SourceDbClusterResourceId" in given:
        wanted = given["SourceDbClusterResourceId"]
        everybody = call.client("rds").describe_db_clusters()["DBClusters"]
        for one in everybody:
            if one["DbClusterResourceId"] == wanted:
                return dict(one)
        raise ServiceError("DBClusterNotFoundFault", f"DBCluster {wanted} not found.", 404)
    named = given["SourceDBClusterIdentifier"]
    if named.startswith("arn:") and region_of(named) != call.region:
        raise ServiceError("InvalidParameterValue", f"{named} is not in {call.region}.")
    return cluster.find(call, named)


def _cluster(call: Call, given: Values, config: Values, held: list[float]) -> Values:
    wanted = {name: value for name, value in given.items() if name not in CLUSTER_WHENCE}
    if wanted.get("Engine", config["Engine"]) != config["Engine"]:
        raise ServiceError(
            "InvalidParameterCombination", f"The backup is of {config['Engine']}, not {wanted['Engine']}"
        )
    # The emulator wants a password from everybody; what is restored brings its own.
    made = clusters.make(call, {**config, "MasterUserPassword": "restored", **wanted})
    ledger(call, made["DBClusterArn"]).written = list(held)
    return {"DBCluster": made}
