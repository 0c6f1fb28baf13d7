"""DB instances: new, in a cluster, replicated or restored, as their properties say."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from ._model import Context, Made, Unsupported
from ._rows import Row, RowHandler, unlike
from ._send import Values, code_of, differences, input_of, only, send, without
from ._tags import set_tags

SOURCES = ("SourceDBInstanceIdentifier", "SourceDBClusterIdentifier")
REPLICATION = "AutomaticBackupReplication"
LOGS = "EnableCloudwatchLogsExports"
# What says which data a database begins with. CloudFormation takes it again with every update.
BIRTH = ("RestoreTime", "UseLatestRestorableTime", "SourceDbiResourceId", "SourceDBInstanceAutomatedBackupsArn")
# Ways to make changes, and calls of their own.
APART = (
    "AllowMajorVersionUpgrade",
    "ApplyImmediately",
    "CertificateRotationRestart",
    "DeleteAutomatedBackups",
    f"{REPLICATION}Region",
    f"{REPLICATION}RetentionPeriod",
    f"{REPLICATION}KmsKeyId",
)
ROW = Row(
    service="rds",
    create="CreateDBInstance",
    answer="DBInstance",
    id="DBInstanceIdentifier",
    named="DBInstanceIdentifier",
    renames={
        "VPCSecurityGroups": "VpcSecurityGroupIds",
        "PerformanceInsightsKmsKeyId": "PerformanceInsightsKMSKeyId",
    },
    unkept=("DBInstanceIdentifier",),
    update="ModifyDBInstance",
    delete="DeleteDBInstance",
    delete_id="DBInstanceIdentifier",
    delete_extra={"SkipFinalSnapshot": True},
    gone=("DBInstanceNotFound",),
)


class Instances(RowHandler):
    """Makes an instance by the operation that its properties ask for, and the rest of them by changing it."""

    def create(self, context: Context, properties: dict[str, Any]) -> Made:
        rds = context.client("rds")
        wanted = _parameters(properties)
        name = wanted.setdefault("DBInstanceIdentifier", context.name())
        operation = _operation(properties)
        takes = set(input_of(rds, operation).members)
        later = set(input_of(rds, "ModifyDBInstance").members) - takes - {"Engine", "EngineVersion"}
        first = {key: value for key, value in wanted.items() if key in takes}
        if operation == "RestoreDBInstanceToPointInTime":
            first["TargetDBInstanceIdentifier"] = name
        send(rds, operation, first)
        if then := {key: value for key, value in wanted.items() if key in later}:
            send(rds, "ModifyDBInstance", {**then, "DBInstanceIdentifier": name, "ApplyImmediately": True})
        made = self._made(context, name)
        _copy_backups(context, made, {}, properties)
        self._compare(context, name, wanted, takes | later)
        return made

    def update(self, context: Context, made: Made, before: dict[str, Any], after: dict[str, Any]) -> Made:
        promoted = _promote(context, made, before, after)
        changed, removed = differences(without(before, *APART, "Tags"), without(after, *APART, "Tags"))
        if promoted:
            removed = [name for name in removed if name not in (*SOURCES, "SourceRegion", "ReplicaMode")]
            changed = without(changed, "BackupRetentionPeriod")
        for name in (*SOURCES, *BIRTH):
            if name in changed or name in removed:
                raise Unsupported(f"{context.type}: changing {name} of an instance that exists is not modelled here")
        if removed:
            raise Unsupported(f"{context.type}: taking {', '.join(removed)} away is not modelled here")
        if changed:
            self._modify(context, made, before, changed, after)
        if before.get("Tags") != after.get("Tags"):
            set_tags(context, "rds", made, before.get("Tags", []), after.get("Tags", []))
        _copy_backups(context, made, before, after)
        return made

    def delete(self, context: Context, made: Made, properties: dict[str, Any]) -> None:
        _copy_backups(context, made, properties, {})
        rds = context.client("rds")
        given = {**ROW.delete_extra, **only(properties, "DeleteAutomatedBackups")}
        try:
            send(rds, ROW.delete, {ROW.delete_id: made.physical_id, **given})
        except ClientError as error:
            if code_of(error) not in ROW.gone:
                raise

    def _modify(self, context: Context, made: Made, before: Values, changed: Values, after: Values) -> None:
        rds = context.client("rds")
        sent = _parameters(without(changed, LOGS))
        if LOGS in changed:
            old, new = set(before.get(LOGS, [])), set(after[LOGS])
            sent["CloudwatchLogsExportConfiguration"] = {
                "EnableLogTypes": sorted(new - old),
                "DisableLogTypes": sorted(old - new),
            }
        strange = sorted(set(sent) - set(input_of(rds, "ModifyDBInstance").members))
        if strange:
            raise Unsupported(f"{context.type}: ModifyDBInstance cannot change {', '.join(strange)}")
        how = {"ApplyImmediately": True}
        if "EngineVersion" in changed:
            how["AllowMajorVersionUpgrade"] = after.get("AllowMajorVersionUpgrade", False)
        send(rds, "ModifyDBInstance", {**sent, **how, "DBInstanceIdentifier": made.physical_id})

    def _made(self, context: Context, name: str) -> Made:
        told: Any = context.client("rds").describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0]
        attributes = {
            "Endpoint.Address": told["Endpoint"]["Address"],
            "Endpoint.Port": str(told["Endpoint"]["Port"]),
            "DBInstanceArn": told["DBInstanceArn"],
            "DbiResourceId": told["DbiResourceId"],
            "MasterUserSecret.SecretArn": told.get("MasterUserSecret", {}).get("SecretArn", ""),
        }
        return Made(told["DBInstanceIdentifier"], attributes)

    def _compare(self, context: Context, name: str, wanted: Values, taken: set[str]) -> None:
        """What was declared and does not read back was dropped, by us or by AWS: a restore inherits its key, say."""
        rds = context.client("rds")
        told: Any = rds.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0]
        shape = rds.meta.service_model.operation_model("CreateDBInstance").output_shape.members["DBInstance"]
        for path in unlike(shape, without(wanted, "DBInstanceIdentifier"), told):
            context.dropped(path)
        for unknown in sorted(set(wanted) - taken - set(shape.members)):
            context.dropped(unknown)


def _operation(properties: Values) -> str:
    if properties.get("DBClusterIdentifier"):
        return "CreateDBInstance"
    if properties.get("DBSnapshotIdentifier") or properties.get("DBClusterSnapshotIdentifier"):
        return "RestoreDBInstanceFromDBSnapshot"
    if any(properties.get(name) for name in BIRTH):
        return "RestoreDBInstanceToPointInTime"
    replica = any(properties.get(name) for name in SOURCES)
    return "CreateDBInstanceReadReplica" if replica else "CreateDBInstance"


def _parameters(properties: Values) -> Values:
    given = {ROW.renames.get(name, name): value for name, value in without(properties, *APART).items() if value != ""}
    if "MasterUserSecret" in given:
        secret = given.pop("MasterUserSecret")
        given |= {"MasterUserSecretKmsKeyId": secret["KmsKeyId"]} if "KmsKeyId" in secret else {}
    return given


def _promote(context: Context, made: Made, before: Values, after: Values) -> bool:
    """A template that no longer names the source promotes the replica; there is no way back.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbinstance.html
    """
    followed, follows = (any(properties.get(name) for name in SOURCES) for properties in (before, after))
    if any(before.get(name) for name in BIRTH) or not followed or follows:
        return False
    retention = {name: after[name] for name in ("BackupRetentionPeriod",) if name in after}
    send(context.client("rds"), "PromoteReadReplica", {"DBInstanceIdentifier": made.physical_id, **retention})
    return True


def _copy_backups(context: Context, made: Made, before: Values, after: Values) -> None:
    """Automated backups in another Region: that Region is asked for them."""
    old, new = _copies(before), _copies(after)
    if old == new:
        return
    arn = made.attributes["DBInstanceArn"]
    if old:
        try:
            context.client("rds", old[0]).stop_db_instance_automated_backups_replication(SourceDBInstanceArn=arn)
        except ClientError as error:
            if code_of(error) != "DBInstanceAutomatedBackupNotFound":
                raise
    if new:
        wanted = {"BackupRetentionPeriod": new[1], "KmsKeyId": new[2], "SourceRegion": context.region}
        given = {name: value for name, value in wanted.items() if value is not None}
        rds = context.client("rds", new[0])
        send(rds, "StartDBInstanceAutomatedBackupsReplication", {"SourceDBInstanceArn": arn, **given})


def _copies(properties: Values) -> tuple[str, Any, Any] | None:
    region = properties.get(f"{REPLICATION}Region")
    if not region:
        return None
    return region, properties.get(f"{REPLICATION}RetentionPeriod"), properties.get(f"{REPLICATION}KmsKeyId")


INSTANCES = Instances(ROW)
