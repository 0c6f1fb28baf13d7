"""Aurora global databases: one writer in one Region, readers in others, and how the role moves between them.

https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database-disaster-recovery.html
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

from ...errors import ServiceError
from ...wire import Call
from . import writes
from .events import note

Values = dict[str, Any]
MOST_SECONDARIES = 10


def databases(call: Call) -> dict[str, Values]:
    """All global databases by identifier: every Region knows the same."""
    found: dict[str, Values] = call.state.setdefault("global", {})
    return found


def find(call: Call, identifier: str | None = None) -> Values:
    """One global database, by the call's parameter."""
    name = identifier or call.parameters["GlobalClusterIdentifier"]
    if name not in databases(call):
        raise ServiceError("GlobalClusterNotFoundFault", f"Global cluster {name} not found", 404)
    return databases(call)[name]


def of_member(call: Call, arn: str) -> Values | None:
    """The global database that a cluster belongs to."""
    return next((found for found in databases(call).values() if arn in found["members"]), None)


def region_of(arn: str) -> str:
    """The Region in an ARN."""
    return arn.split(":")[3]


def view(call: Call, database: Values) -> Values:
    """As `DescribeGlobalClusters` shows it."""
    _resynchronize(call, database)
    told = {name: value for name, value in database.items() if name[0].isupper()}
    told["GlobalClusterMembers"] = [_member(database, arn) for arn in database["members"]]
    return told


def _member(database: Values, arn: str) -> Values:
    writes = arn == database["writer"]
    return {
        "DBClusterArn": arn,
        "IsWriter": writes,
        "Readers": [other for other in database["members"] if other != arn] if writes else [],
        "GlobalWriteForwardingStatus": "disabled",
        "SynchronizationStatus": "pending-resync" if arn in database["behind"] else "connected",
    }


def _resynchronize(call: Call, database: Values) -> None:
    """A member that was writer when its Region went dark is rebuilt as a reader once the Region is back."""
    database["behind"] = [arn for arn in database["behind"] if region_of(arn) in call.dark]


def create(call: Call) -> Values:
    """CreateGlobalCluster."""
    given = dict(call.parameters)
    identifier = given["GlobalClusterIdentifier"].lower()
    if identifier in databases(call):
        raise ServiceError("GlobalClusterAlreadyExistsFault", f"Global cluster {identifier} already exists")
    source = given.pop("SourceDBClusterIdentifier", None)
    made = _new(call, identifier, given)
    if source:
        if given.get("Engine") or given.get("DatabaseName"):
            raise _combination(
                "When creating a global cluster from a source, neither Engine nor DatabaseName can be given."
            )
        _adopt(call, made, source)
    elif not made.get("Engine"):
        raise _combination("When creating standalone global cluster, value for engineName should be specified")
    databases(call)[identifier] = made
    return {"GlobalCluster": view(call, made)}


def _new(call: Call, identifier: str, given: Values) -> Values:
    token = hashlib.sha256(f"{call.account}/{identifier}".encode()).hexdigest()
    names = (
        "Engine",
        "EngineVersion",
        "EngineLifecycleSupport",
        "DatabaseName",
        "StorageEncrypted",
        "DeletionProtection",
    )
    return {
        "StorageEncrypted": False,
        "DeletionProtection": False,
        "EngineLifecycleSupport": "open-source-rds-extended-support",
        **{name: given[name] for name in names if name in given},
        "GlobalClusterIdentifier": identifier,
        "GlobalClusterResourceId": f"cluster-{token[:20]}",
        "GlobalClusterArn": f"arn:aws:rds::{call.account}:global-cluster:{identifier}",
        "Endpoint": f"{identifier}.global-{token[20:32]}.global.rds.amazonaws.com",
        "Status": "available",
        "TagList": given.get("Tags", []),
        "members": [],
        "writer": None,
        "behind": [],
    }


def _adopt(call: Call, made: Values, source: str) -> None:
    if not source.startswith("arn:"):
        raise ServiceError("InvalidParameterValue", "SourceDBClusterIdentifier must be an ARN")
    rds = call.client("rds", region_of(source))
    cluster = rds.describe_db_clusters(DBClusterIdentifier=source.rsplit(":", 1)[-1])["DBClusters"][0]
    for name in ("Engine", "EngineVersion", "DatabaseName", "StorageEncrypted"):
        if cluster.get(name) is not None:
            made[name] = cluster[name]
    made["members"], made["writer"] = [source], source


def describe(call: Call) -> Values:
    """DescribeGlobalClusters."""
    if "GlobalClusterIdentifier" in call.parameters:
        return {"GlobalClusters": [view(call, find(call))]}
    wanted = {f["Name"]: set(f["Values"]) for f in call.parameters.get("Filters", [])}
    found = list(databases(call).values())
    if "db-cluster-id" in wanted:
        found = [
            d for d in found if wanted["db-cluster-id"] & {*d["members"], *(m.rsplit(":", 1)[-1] for m in d["members"])}
        ]
    return {"GlobalClusters": [view(call, database) for database in found]}


def modify(call: Call) -> Values:
    """ModifyGlobalCluster: protection, lifecycle, a new name, and the engine version of all members."""
    database, given = find(call), call.parameters
    for name in ("DeletionProtection", "EngineLifecycleSupport"):
        if name in given:
            database[name] = given[name]
    if "EngineVersion" in given:
        for arn in database["members"]:
            parameters = {"DBClusterIdentifier": arn.rsplit(":", 1)[-1], "EngineVersion": given["EngineVersion"]}
            call.moto({**parameters, "ApplyImmediately": True}, operation="ModifyDBCluster", region=region_of(arn))
        database["EngineVersion"] = given["EngineVersion"]
    if new := given.get("NewGlobalClusterIdentifier"):
        databases(call)[new] = databases(call).pop(database["GlobalClusterIdentifier"])
        database["GlobalClusterIdentifier"] = new
    return {"GlobalCluster": view(call, database)}


def delete(call: Call) -> Values:
    """DeleteGlobalCluster: only an empty and unprotected one."""
    database = find(call)
    name = database["GlobalClusterIdentifier"]
    if database["DeletionProtection"]:
        raise _invalid_global(
            f"Cannot delete protected Global Cluster {name}, please disable deletion protection and try again"
        )
    if database["members"]:
        raise _invalid_global(f"Global Cluster {name} is not empty")
    databases(call).pop(name)
    return {"GlobalCluster": {**view(call, database), "Status": "deleting"}}


def remove(call: Call) -> Values:
    """RemoveFromGlobalCluster: readers first; who leaves becomes a standalone cluster that takes writes."""
    database = find(call)
    arn = _member_arn(call, database, call.parameters["DbClusterIdentifier"])
    if arn == database["writer"] and len(database["members"]) > 1:
        raise _invalid_global("The primary cluster cannot be removed while the global cluster has secondary clusters")
    _needs_light(call, arn)
    leave(database, arn)
    return {"GlobalCluster": view(call, database)}


def leave(database: Values, arn: str) -> None:
    """A member goes; with the writer goes the role."""
    database["members"].remove(arn)
    database["behind"] = [other for other in database["behind"] if other != arn]
    if database["writer"] == arn:
        database["writer"] = None


def _member_arn(call: Call, database: Values, named: str) -> str:
    arn = named if named.startswith("arn:") else f"arn:aws:rds:{call.region}:{call.account}:cluster:{named}"
    if arn not in database["members"]:
        name = database["GlobalClusterIdentifier"]
        raise ServiceError("DBClusterNotFoundFault", f"DBCluster {named} is not a member of global cluster {name}", 404)
    return arn


def switchover(call: Call) -> Values:
    """SwitchoverGlobalCluster: no data is lost, and so every Region must be there."""
    database, target = _moving(call)
    for arn in database["members"]:
        _needs_light(call, arn)
    return _move(call, database, target)


def failover(call: Call) -> Values:
    """FailoverGlobalCluster: with `AllowDataLoss` what was not replicated is gone; else it is a switchover."""
    given = call.parameters
    if given.get("AllowDataLoss") and given.get("Switchover"):
        raise _combination("AllowDataLoss and Switchover can't be specified together")
    if not given.get("AllowDataLoss"):
        return switchover(call)
    database, target = _moving(call)
    _needs_light(call, target)
    if target in database["behind"]:
        raise _invalid_cluster(f"{target} is not synchronized with the global cluster")
    lost = lag(call, target)
    old = database["writer"]
    database.setdefault("lost", []).append({"from": old, "to": target, "seconds": lost})
    # The former writer holds rows that no other has: it is rebuilt from the new one, when its Region allows.
    database["behind"] = [*database["behind"], old]
    name, dark = database["GlobalClusterIdentifier"], region_of(old) in call.dark
    rows = writes.lose(call, name, seconds_behind=lost, writer_is_dark=dark)
    said = f"the last {lost:.3f} seconds of writes were not replicated" + (f", {rows} rows" if rows else "")
    note(call, target, f"Global failover to this cluster: {said}", id="RDS-EVENT-0238", category="global-failover")
    return _move(call, database, target)


def _moving(call: Call) -> tuple[Values, str]:
    database = find(call)
    target = _member_arn(call, database, call.parameters["TargetDbClusterIdentifier"])
    if target == database["writer"]:
        raise _invalid_cluster(f"{target} is already the primary cluster of the global cluster")
    cluster = {"DBClusterIdentifier": target.rsplit(":", 1)[-1]}
    if not call.client("rds", region_of(target)).describe_db_clusters(**cluster)["DBClusters"][0]["DBClusterMembers"]:
        # https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database-disaster-recovery.html
        raise _invalid_cluster(f"{target} is headless: add a DB instance to it before a switchover or failover")
    return database, target


def _move(call: Call, database: Values, target: str) -> Values:
    database["writer"] = target
    note(call, target, "Global database role changed to primary", id="RDS-EVENT-0185", category="global-failover")
    return {"GlobalCluster": view(call, database)}


def _needs_light(call: Call, arn: str) -> None:
    if region_of(arn) in call.dark:
        raise _invalid_global(f"{arn} is not available: every member's Region must be reachable for this operation")


def lag(call: Call, reader: str) -> float:
    """Seconds that a reader was behind when it last said so."""
    now = datetime.now(UTC)
    answer = call.client("cloudwatch", region_of(reader)).get_metric_statistics(
        Namespace="AWS/RDS",
        MetricName="AuroraGlobalDBReplicationLag",
        Dimensions=[{"Name": "DBClusterIdentifier", "Value": reader.rsplit(":", 1)[-1]}],
        StartTime=now - timedelta(hours=3),
        EndTime=now + timedelta(seconds=60),
        Period=60,
        Statistics=["Maximum"],
    )
    points = sorted(answer["Datapoints"], key=lambda point: point["Timestamp"])
    return float(points[-1]["Maximum"]) / 1000 if points else 0.0


def _combination(message: str) -> ServiceError:
    return ServiceError("InvalidParameterCombination", message)


def _invalid_global(message: str) -> ServiceError:
    return ServiceError("InvalidGlobalClusterStateFault", message)


def _invalid_cluster(message: str) -> ServiceError:
    return ServiceError("InvalidDBClusterStateFault", message)
