"""Read replicas: made from a source that has backups, behind it by their lag, and writable once promoted.

https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReadRepl.html
"""

from __future__ import annotations

from typing import Any

from ...errors import NotModelled, ServiceError
from ...wire import Call
from .._kept import members
from . import cluster, instance, replicas, standalone
from .events import note
from .globals import region_of

Values = dict[str, Any]

# By engine: replicas of one source, and how deep a chain of them may be.
REPLICAS = {
    "postgres": (15, 3),
    "mysql": (15, 3),
    "mariadb": (15, 3),
    "oracle-ee": (5, 1),
    "oracle-ee-cdb": (5, 1),
    "sqlserver-ee": (15, 1),
    "db2-ae": (3, 1),
    "db2-se": (3, 1),
    "db2-ce": (3, 1),
}
ONLY_HERE = frozenset({"SourceDBClusterIdentifier", "SourceDBInstanceIdentifier", "SourceRegion", "PreSignedUrl"})


def create(call: Call) -> Values:
    """CreateDBInstanceReadReplica."""
    given = dict(call.parameters)
    standalone.known(call, given, members(call, "DBInstance") | ONLY_HERE)
    arn, source = _source(call, given)
    region = region_of(arn)
    _allowed(call, given, source, arn)
    wanted = {name: value for name, value in given.items() if name not in ONLY_HERE}
    made = {**instance.inherited(source), **_placed(call, source, region), "BackupRetentionPeriod": 0, **wanted}
    return {"DBInstance": instance.make(call, made, source=arn)}


def _source(call: Call, given: Values) -> tuple[str, Values]:
    """The source, however it was named: in its own Region its identifier will do."""
    whole = given.get("SourceDBClusterIdentifier")
    named = str(whole or given["SourceDBInstanceIdentifier"])
    name, kind = named.rsplit(":", 1)[-1].lower(), "cluster" if whole else "db"
    region = region_of(named) if named.startswith("arn:") else call.region
    arn = f"arn:aws:rds:{region}:{call.account}:{kind}:{name}"
    if region in call.dark:
        raise ServiceError("InvalidDBInstanceState", f"The source {arn} is not available: its Region does not answer.")
    if not whole:
        return arn, instance.find(call, name, region)
    if region != call.region:
        raise _combination("A read replica of a Multi-AZ DB cluster lives in the cluster's Region.")
    if not cluster.kept(call, name).get("three"):
        raise ServiceError("InvalidDBClusterStateFault", f"{name} is not a Multi-AZ DB cluster.")
    return arn, cluster.find(call, name)


def _placed(call: Call, source: Values, region: str) -> Values:
    if region != call.region:
        return {}
    whole = "DBClusterMembers" in source
    group: str | None = source["DBSubnetGroup"] if whole else source.get("DBSubnetGroup", {}).get("DBSubnetGroupName")
    groups = [one["OptionGroupName"] for one in source.get("OptionGroupMemberships", [])]
    key = {"KmsKeyId": source["KmsKeyId"]} if source.get("StorageEncrypted") else {}
    return {
        **key,
        **({"DBSubnetGroupName": group} if group not in (None, "default") else {}),
        **({"OptionGroupName": groups[0]} if groups and not groups[0].startswith("default:") else {}),
    }


def _allowed(call: Call, given: Values, source: Values, arn: str) -> None:
    engine = source["Engine"]
    if engine not in REPLICAS:
        raise _combination(f"Read replicas are not supported for the engine {engine}.")
    if not source.get("BackupRetentionPeriod"):
        message = (
            "Automated backups are not enabled for this database instance. To enable automated backups, "
            "use ModifyDBInstance to set the backup retention period to a non-zero value."
        )
        raise ServiceError("InvalidDBInstanceState", message)
    if source.get("MasterUserSecret") and not engine.startswith("sqlserver"):
        raise _combination("Read replicas are not supported while RDS manages the master user password of the source.")
    most, deepest = REPLICAS[engine]
    if len(replicas.of(call, arn)) >= most:
        raise ServiceError("InstanceQuotaExceeded", f"{arn} has its most read replicas: {most} for {engine}.")
    if replicas.depth(call, arn) >= deepest:
        raise _combination(f"{arn} is a read replica, and the chain may not be longer for {engine}.")
    if given.get("MultiAZ") and engine.startswith("sqlserver"):
        raise _combination("Multi-AZ read replicas are not supported for SQL Server.")
    _encrypted(call, given, source, arn)


def _encrypted(call: Call, given: Values, source: Values, arn: str) -> None:
    elsewhere = region_of(arn) != call.region
    if given.get("KmsKeyId") and not source.get("StorageEncrypted"):
        raise _combination("You can't create an encrypted read replica from an unencrypted DB instance.")
    if elsewhere and source.get("StorageEncrypted") and not given.get("KmsKeyId"):
        raise _combination("KmsKeyId should be explicitly specified for a cross region encrypted read replica.")


def promote(call: Call) -> Values:
    """PromoteReadReplica: needs nothing of the source's Region."""
    given = call.parameters
    name = given["DBInstanceIdentifier"].lower()
    if "TagSpecifications" in given:
        raise NotModelled("rds", "PromoteReadReplica with TagSpecifications")
    before, mine = instance.find(call, name), instance.kept(call, name)
    if "source" not in mine:
        raise ServiceError("InvalidDBInstanceState", "DB Instance is not a read replica.")
    lost = replicas.settle(call, before["DBInstanceArn"])
    for key in ("source", "ended", "ReplicaMode"):
        mine.pop(key, None)
    mine["BackupRetentionPeriod"] = given.get("BackupRetentionPeriod") or before.get("BackupRetentionPeriod") or 1
    if "PreferredBackupWindow" in given:
        mine["PreferredBackupWindow"] = given["PreferredBackupWindow"]
    said = "Replication on the read replica was terminated." + (f" {lost} rows had not arrived." if lost else "")
    note(call, before["DBInstanceArn"], said, id="RDS-EVENT-0057", category=replicas.CATEGORY)
    return {"DBInstance": instance.find(call, name)}


def _combination(message: str) -> ServiceError:
    return ServiceError("InvalidParameterCombination", message)
