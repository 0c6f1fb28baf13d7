"""Blue/green deployments of instances: green follows blue. A switchover is refused: it renames all that hangs on both.

https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/blue-green-deployments-overview.html
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

from ...errors import NotModelled, ServiceError
from ...wire import Call
from . import instance, replicas, tags
from .globals import region_of

Values = dict[str, Any]

ENGINES = ("mysql", "mariadb", "postgres")
# By the parameter of a deployment, the one of its green instance.
TARGET = {
    "TargetEngineVersion": "EngineVersion",
    "TargetDBParameterGroupName": "DBParameterGroupName",
    "TargetDBInstanceClass": "DBInstanceClass",
    "TargetAllocatedStorage": "AllocatedStorage",
    "TargetStorageType": "StorageType",
    "TargetStorageThroughput": "StorageThroughput",
    "TargetIops": "Iops",
}
TAKEN = {"BlueGreenDeploymentName", "Source", "Tags", *TARGET}


def _all(call: Call) -> dict[str, Values]:
    regions: dict[str, dict[str, Values]] = call.state.setdefault("deployments", {})
    return regions.setdefault(call.region, {})


def create(call: Call) -> Values:
    """CreateBlueGreenDeployment."""
    given = call.parameters
    if strange := sorted(set(given) - TAKEN):
        raise NotModelled("rds", f"CreateBlueGreenDeployment with {', '.join(strange)}")
    source, name = given["Source"], given["BlueGreenDeploymentName"]
    if ":cluster:" in source or region_of(source) != call.region:
        raise NotModelled("rds", "CreateBlueGreenDeployment of a cluster, or of another Region's instance")
    if any(one["BlueGreenDeploymentName"] == name for one in _all(call).values()):
        message = f"A blue/green deployment with the name {name} already exists."
        raise ServiceError("BlueGreenDeploymentAlreadyExistsFault", message)
    blue = instance.find(call, source.rsplit(":", 1)[-1])
    _possible(call, blue)
    token = hashlib.sha256(f"{call.region}/{name}/{source}".encode()).hexdigest()
    green = instance.make(call, _green(blue, given, token[:6]), source=source)
    made: Values = {
        "BlueGreenDeploymentIdentifier": f"bgd-{token[:16]}",
        "BlueGreenDeploymentName": name,
        "Source": source,
        "Target": green["DBInstanceArn"],
        "SwitchoverDetails": [
            {"SourceMember": source, "TargetMember": green["DBInstanceArn"], "Status": "AVAILABLE"},
        ],
        "Tasks": [{"Name": "CREATING_READ_REPLICA_OF_SOURCE", "Status": "COMPLETED"}],
        "Status": "AVAILABLE",
        "CreateTime": datetime.now(UTC),
    }
    _all(call)[made["BlueGreenDeploymentIdentifier"]] = made
    tags.put(call, arn(call, made), given.get("Tags", []))
    return {"BlueGreenDeployment": made}


def _possible(call: Call, blue: Values) -> None:
    if blue["Engine"] not in ENGINES:
        message = f"Blue/green deployments are not supported for the engine {blue['Engine']}."
        raise ServiceError("SourceDatabaseNotSupportedFault", message)
    if not blue.get("BackupRetentionPeriod"):
        raise ServiceError("InvalidDBInstanceState", "A blue/green deployment needs automated backups of its source.")
    if replicas.of(call, blue["DBInstanceArn"]):
        raise NotModelled("rds", "CreateBlueGreenDeployment of an instance with read replicas")


def _green(blue: Values, given: Values, token: str) -> Values:
    group = blue.get("DBSubnetGroup", {}).get("DBSubnetGroupName")
    key = {"KmsKeyId": blue["KmsKeyId"]} if blue.get("StorageEncrypted") else {}
    same = ("MultiAZ", "BackupRetentionPeriod", "DeletionProtection", "CACertificateIdentifier")
    return {
        **instance.inherited(blue),
        **key,
        **({"DBSubnetGroupName": group} if group else {}),
        **{name: blue[name] for name in same if name in blue},
        **{TARGET[name]: value for name, value in given.items() if name in TARGET},
        "DBInstanceIdentifier": f"{blue['DBInstanceIdentifier']}-green-{token}",
    }


def arn(call: Call, made: Values) -> str:
    """By which CloudFormation knows it."""
    return f"arn:aws:rds:{call.region}:{call.account}:deployment:{made['BlueGreenDeploymentIdentifier']}"


def _find(call: Call) -> Values:
    name = call.parameters["BlueGreenDeploymentIdentifier"]
    if name not in _all(call):
        raise ServiceError("BlueGreenDeploymentNotFoundFault", f"BlueGreenDeployment {name} not found.", 404)
    return _all(call)[name]


def describe(call: Call) -> Values:
    """DescribeBlueGreenDeployments."""
    if "BlueGreenDeploymentIdentifier" in call.parameters:
        return {"BlueGreenDeployments": [_find(call)]}
    told: list[Any] = list(_all(call).values())
    return {"BlueGreenDeployments": told}


def delete(call: Call) -> Values:
    """DeleteBlueGreenDeployment: green stays and follows no more, unless it is to go too."""
    found = _find(call)
    _all(call).pop(found["BlueGreenDeploymentIdentifier"])
    tags.forget(call, arn(call, found))
    name = found["Target"].rsplit(":", 1)[-1]
    if call.parameters.get("DeleteTarget"):
        call.client("rds").delete_db_instance(DBInstanceIdentifier=name, SkipFinalSnapshot=True)
    elif "source" in replicas.kept(call, found["Target"]):
        replicas.settle(call, found["Target"])
        del replicas.kept(call, found["Target"])["source"]
    return {"BlueGreenDeployment": {**found, "Status": "DELETING"}}
