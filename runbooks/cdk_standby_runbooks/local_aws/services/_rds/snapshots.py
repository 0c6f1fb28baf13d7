"""Snapshots: what a database was, and the rows that it had, at one moment.

https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_CreateSnapshot.html
"""

from __future__ import annotations

from typing import Any

from ...errors import NotModelled, ServiceError
from ...wire import Call, Operation
from . import cluster, instance
from . import globals as worldwide
from .data import rows, rows_of_cluster

Values = dict[str, Any]

CLUSTER_INHERITED = (
    "AllocatedStorage",
    "DBClusterInstanceClass",
    "DatabaseName",
    "Engine",
    "EngineVersion",
    "Iops",
    "KmsKeyId",
    "MasterUsername",
    "Port",
    "StorageEncrypted",
    "StorageType",
)
# By what they are of: parameter of the source, parameter and part of the answer, type in the ARN.
KINDS = {
    "db": ("DBInstanceIdentifier", "DBSnapshotIdentifier", "DBSnapshot", "snapshot"),
    "cluster": ("DBClusterIdentifier", "DBClusterSnapshotIdentifier", "DBClusterSnapshot", "cluster-snapshot"),
}
SHOWN = ("Engine", "EngineVersion", "DbiResourceId", "AvailabilityZone", "KmsKeyId", "StorageType", "Iops")


def _all(call: Call) -> dict[str, Values]:
    found: dict[str, Values] = call.state.setdefault("snapshots", {})
    return found


def arn_of(call: Call, kind: str, name: str) -> str:
    """A snapshot's ARN, however it was named."""
    return name if name.startswith("arn:") else f"arn:aws:rds:{call.region}:{call.account}:{KINDS[kind][3]}:{name}"


def take(call: Call, kind: str, source: str, name: str, **more: Any) -> Values:
    """A snapshot of an instance (`db`) or a `cluster` of this Region."""
    by, named, part, _ = KINDS[kind]
    told = call.moto({by: source.lower(), named: name, **more}, operation=f"Create{part}")[part]
    if kind == "db":
        found = instance.find(call, source)
        config, held = config_of(found), rows(call, found["DBInstanceArn"])
    else:
        found = cluster.find(call, source)
        config, held = cluster_config(found), rows_of_cluster(call, found["DBClusterArn"])
    shown = {key: found[key] for key in SHOWN if found.get(key) is not None}
    _all(call)[told[f"{part}Arn"]] = {"config": config, "rows": held, "shown": shown}
    return view(call, kind, told)


def config_of(found: Values) -> Values:
    """What an instance is made with again."""
    key = {"KmsKeyId": found["KmsKeyId"]} if found.get("StorageEncrypted") else {}
    return {**instance.inherited(found), **key, "BackupRetentionPeriod": found["BackupRetentionPeriod"]}


def cluster_config(found: Values) -> Values:
    """What a cluster is made with again."""
    names = CLUSTER_INHERITED if found.get("StorageEncrypted") else set(CLUSTER_INHERITED) - {"KmsKeyId"}
    aurora = str(found["Engine"]).startswith("aurora")
    own = {"AllocatedStorage", "Iops", "StorageType", "DBClusterInstanceClass"} if aurora else set[str]()
    return {name: found[name] for name in names if name not in own and found.get(name) is not None}


def find(call: Call, kind: str, name: str) -> Values:
    """What a snapshot of this Region holds.

    Raises:
        NotModelled: an automated snapshot, of which nobody here keeps the rows.
    """
    arn = arn_of(call, kind, name)
    by, part = KINDS[kind][1], KINDS[kind][2]
    if worldwide.region_of(arn) != call.region:
        raise ServiceError(
            "InvalidParameterValue", f"The snapshot {name} is not in {call.region}: copy it there first."
        )
    call.moto({by: arn.rsplit(":", 1)[-1]}, operation=f"Describe{part}s")
    if arn not in _all(call):
        raise NotModelled("rds", f"{call.operation} from the automated snapshot {name}")
    return _all(call)[arn]


def create(kind: str) -> Operation:
    """CreateDBSnapshot or CreateDBClusterSnapshot."""
    by, named, part, _ = KINDS[kind]

    def operation(call: Call) -> Values:
        given = dict(call.parameters)
        return {part: take(call, kind, given.pop(by), given.pop(named), **given)}

    return operation


def describe(kind: str) -> Operation:
    """DescribeDBSnapshots or DescribeDBClusterSnapshots."""
    part = KINDS[kind][2]

    def operation(call: Call) -> Values:
        answer = call.moto()
        answer[f"{part}s"] = [view(call, kind, told) for told in answer[f"{part}s"]]
        return answer

    return operation


def view(call: Call, kind: str, told: Values) -> Values:
    """As everybody sees it."""
    return {**told, **_all(call).get(told[f"{KINDS[kind][2]}Arn"], {}).get("shown", {})}


def copy(kind: str) -> Operation:
    """CopyDBSnapshot or CopyDBClusterSnapshot: asked of the Region that is to have the copy."""
    _, named, part, _ = KINDS[kind]

    def operation(call: Call) -> Values:
        given = dict(call.parameters)
        source = arn_of(call, kind, given[f"Source{named}"])
        region = worldwide.region_of(source)
        if region in call.dark:
            raise ServiceError("InvalidDBSnapshotState", f"{source} is not available: its Region does not answer.")
        held = _all(call).get(source)
        if held is None:
            raise NotModelled("rds", f"{call.operation} of an automated snapshot, or of one that is not there")
        if held["config"].get("StorageEncrypted") and region != call.region and not given.get("KmsKeyId"):
            message = "KmsKeyId should be explicitly specified for a cross region copy of an encrypted snapshot."
            raise ServiceError("InvalidParameterCombination", message)
        key = {"KmsKeyId": cluster.key_arn(call, given["KmsKeyId"])} if given.get("KmsKeyId") else {}
        told = call.moto({name: value for name, value in given.items() if name != "SourceRegion"})[part]
        _all(call)[told[f"{part}Arn"]] = {
            "config": {**held["config"], **key},
            "rows": list(held["rows"]),
            "shown": {**held["shown"], **key},
        }
        return {part: view(call, kind, told)}

    return operation


def delete(kind: str) -> Operation:
    """DeleteDBSnapshot or DeleteDBClusterSnapshot."""
    part = KINDS[kind][2]

    def operation(call: Call) -> Values:
        told = call.moto()
        shown = view(call, kind, told[part])
        _all(call).pop(told[part][f"{part}Arn"], None)
        return {part: shown}

    return operation
