"""What a runbook asks of a blue/green deployment, in Systems Manager."""

from __future__ import annotations

from typing import Any, cast

import boto3

OPTIONS = ("TargetEngineVersion", "TargetDBParameterGroupName", "TargetDBClusterParameterGroupName")


def create(events: dict[str, Any], _context: object) -> dict[str, str]:
    """Make the deployment, unless one of that name is there."""
    rds = _client("rds")
    for found in rds.get_paginator("describe_blue_green_deployments").paginate().search("BlueGreenDeployments[]"):
        if found["BlueGreenDeploymentName"] == events["Name"]:
            return {"Identifier": found["BlueGreenDeploymentIdentifier"]}
    given = {option: events[option] for option in OPTIONS if events[option]}
    made = rds.create_blue_green_deployment(BlueGreenDeploymentName=events["Name"], Source=events["Source"], **given)
    return {"Identifier": made["BlueGreenDeployment"]["BlueGreenDeploymentIdentifier"]}


def look(events: dict[str, Any], _context: object) -> dict[str, str]:
    """How far it is; one that cannot be switched to, or of another database, raises."""
    rds = _client("rds")
    which = {"BlueGreenDeploymentIdentifier": events["Identifier"]}
    there = _there(rds.describe_blue_green_deployments, "BlueGreenDeployments", **which)
    if not there:
        return {"Status": "GONE"}
    [found] = there
    if events["Source"] not in (found["Source"], found.get("Target")):
        raise RuntimeError(f"{events['Identifier']} is of {found['Source']}, not of {events['Source']}")
    status = found["Status"]
    if status in ("INVALID_CONFIGURATION", "DELETING"):
        raise RuntimeError(f"{events['Identifier']} is {status}: {found.get('StatusDetails', 'no details')}")
    return {"Status": status}


def prove(events: dict[str, Any], context: object) -> dict[str, str]:
    """What was green is production."""
    found = look(events, context)
    if found["Status"] != "SWITCHOVER_COMPLETED":
        raise RuntimeError(f"{events['Identifier']} is {found['Status']}: blue is still production, and has all data")
    return found


def refuse(events: dict[str, Any], _context: object) -> None:
    """Say why nothing was done."""
    raise RuntimeError(
        f"{events['Identifier']} is {events['Status']}. Only what was switched to can be cleared away; to give green "
        "up, run again with GiveUpGreen=yes."
    )


def delete_old(events: dict[str, Any], _context: object) -> dict[str, str]:
    """Delete what was blue, with a last snapshot of it, when its name was typed as consent."""
    old = events["DeleteOld"]
    if not old:
        return {"Deleted": "nothing"}
    if old != f"{events['Database']}-old1":
        raise RuntimeError(f"DeleteOld is {old}; the old database is {events['Database']}-old1")
    rds = _client("rds")
    last = {"SkipFinalSnapshot": False, "FinalDBSnapshotIdentifier": f"{old}-last"}
    if events["Kind"] == "instance":
        if not _there(rds.describe_db_instances, "DBInstances", DBInstanceIdentifier=old):
            return {"Deleted": "it was gone"}
        rds.modify_db_instance(DBInstanceIdentifier=old, DeletionProtection=False, ApplyImmediately=True)
        rds.delete_db_instance(DBInstanceIdentifier=old, DeleteAutomatedBackups=False, **last)
        return {"Deleted": old}
    found = _there(rds.describe_db_clusters, "DBClusters", DBClusterIdentifier=old)
    if not found:
        return {"Deleted": "it was gone"}
    rds.modify_db_cluster(DBClusterIdentifier=old, DeletionProtection=False, ApplyImmediately=True)
    for member in found[0]["DBClusterMembers"]:
        name = member["DBInstanceIdentifier"]
        [instance] = rds.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"]
        if instance["DBInstanceStatus"] != "deleting":
            rds.delete_db_instance(DBInstanceIdentifier=name, SkipFinalSnapshot=True)
    if found[0]["Status"] != "deleting":
        rds.delete_db_cluster(DBClusterIdentifier=old, **last)
    return {"Deleted": old}


def _there(describe: Any, key: str, **which: str) -> list[dict[str, Any]]:
    try:
        return list(describe(**which)[key])
    except Exception as failed:  # only botocore knows its class, and the client has it hidden
        if "NotFound" in type(failed).__name__:
            return []
        raise


def _client(service: str) -> Any:
    return cast("Any", boto3).client(service)
