"""Automated backups that another Region holds a copy of.

https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReplicateBackups.html
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from ...errors import ServiceError
from ...wire import Call
from . import cluster, instance
from .globals import region_of
from .instance import inherited

Values = dict[str, Any]


def _all(call: Call) -> dict[str, Values]:
    """By the ARN of the backups, in every Region."""
    found: dict[str, Values] = call.state.setdefault("automated backups", {})
    return found


def start(call: Call) -> Values:
    """StartDBInstanceAutomatedBackupsReplication: asked of the Region that is to hold the copy."""
    given = call.parameters
    arn, region = given["SourceDBInstanceArn"], region_of(given["SourceDBInstanceArn"])
    if region == call.region:
        raise ServiceError("InvalidParameterValue", "The source and the destination of backups are the same Region.")
    if region in call.dark:
        raise ServiceError("InvalidDBInstanceState", f"The source {arn} is not available: its Region does not answer.")
    source = instance.find(call, arn.rsplit(":", 1)[-1], region)
    if not source.get("BackupRetentionPeriod"):
        raise ServiceError("InvalidDBInstanceState", f"{arn} has no automated backups to replicate.")
    if of(call, arn):
        message = f"The automated backups of {arn} are replicated already."
        raise ServiceError("DBInstanceAutomatedBackupQuotaExceeded", message)
    if source.get("StorageEncrypted") and not given.get("KmsKeyId"):
        message = "KmsKeyId should be explicitly specified for the backups of an encrypted DB instance."
        raise ServiceError("InvalidParameterCombination", message)
    name = f"arn:aws:rds:{call.region}:{call.account}:auto-backup:ab-{uuid.uuid4().hex[:24]}"
    key = {"KmsKeyId": cluster.key_arn(call, given["KmsKeyId"])} if given.get("KmsKeyId") else {}
    _all(call)[name] = {
        "DBInstanceArn": arn,
        "DbiResourceId": source["DbiResourceId"],
        "Region": region,
        "DBInstanceIdentifier": source["DBInstanceIdentifier"],
        "Status": "replicating",
        "Encrypted": bool(source.get("StorageEncrypted")),
        "BackupRetentionPeriod": given.get("BackupRetentionPeriod", 7),
        "DBInstanceAutomatedBackupsArn": name,
        "InstanceCreateTime": source["InstanceCreateTime"],
        "config": {**inherited(source), **key},
        **key,
    }
    return {"DBInstanceAutomatedBackup": shown(call, _all(call)[name])}


def shown(call: Call, backup: Values) -> Values:
    """As `DescribeDBInstanceAutomatedBackups` tells it."""
    told = {name: value for name, value in backup.items() if name[0].isupper()}
    window = {"EarliestTime": backup["InstanceCreateTime"], "LatestTime": datetime.now(UTC)}
    return {**told, "RestoreWindow": window}


def stop(call: Call) -> Values:
    """StopDBInstanceAutomatedBackupsReplication: asked of the Region that holds the copy, which goes with it."""
    arn = call.parameters["SourceDBInstanceArn"]
    for name in of(call, arn):
        if region_of(name) == call.region:
            return {"DBInstanceAutomatedBackup": shown(call, _all(call).pop(name))}
    raise ServiceError("DBInstanceAutomatedBackupNotFound", f"{arn} has no replicated backups in {call.region}.", 404)


def describe(call: Call) -> Values:
    """DescribeDBInstanceAutomatedBackups: the copies that this Region holds, after its own."""
    wanted = call.parameters
    copies = [
        shown(call, backup)
        for name, backup in _all(call).items()
        if region_of(name) == call.region
        and wanted.get("DBInstanceAutomatedBackupsArn", name) == name
        and wanted.get("DbiResourceId", backup["DbiResourceId"]) == backup["DbiResourceId"]
        and wanted.get("DBInstanceIdentifier", backup["DBInstanceIdentifier"]) == backup["DBInstanceIdentifier"]
    ]
    if "DBInstanceAutomatedBackupsArn" in wanted:
        return {"DBInstanceAutomatedBackups": copies}
    answer = call.moto()
    return {**answer, "DBInstanceAutomatedBackups": [*answer["DBInstanceAutomatedBackups"], *copies]}


def of(call: Call, instance: str) -> list[str]:
    """Where an instance's backups are copied to: ARNs of the copies."""
    return [name for name, backup in _all(call).items() if backup["DBInstanceArn"] == instance]


def find(call: Call, arn: str) -> Values:
    """A copy in this Region, with what a restore from it inherits."""
    if arn not in _all(call) or region_of(arn) != call.region:
        raise ServiceError("DBInstanceAutomatedBackupNotFound", f"{arn} not found.", 404)
    return _all(call)[arn]
