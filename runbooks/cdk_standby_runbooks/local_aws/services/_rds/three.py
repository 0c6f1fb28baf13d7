"""Multi-AZ DB clusters: a writer and two readers in three zones, made by the service and gone with the cluster.

https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/multi-az-db-clusters-concepts.html
"""

from __future__ import annotations

from typing import Any

from ...errors import ServiceError
from ...wire import Call
from . import cluster as cluster_
from .instance import make_member

Values = dict[str, Any]
ENGINES = ("mysql", "postgres")
STORAGE = ("gp3", "io1", "io2")
MEMBERS = 3
# Members have these of their cluster.
SHARED = ("AutoMinorVersionUpgrade", "MonitoringInterval", "MonitoringRoleArn")


def wanted(given: Values) -> bool:
    """Whether a cluster is to be one of these: Aurora's instances have classes of their own."""
    return bool(given.get("DBClusterInstanceClass"))


def check(call: Call, given: Values) -> None:
    """Refuse what RDS refuses."""
    engine = given.get("Engine")
    if not wanted(given):
        if engine in ENGINES:
            raise _combination(f"A Multi-AZ DB cluster needs DBClusterInstanceClass, for the engine {engine}.")
        return
    if engine not in ENGINES:
        raise _combination(f"DBClusterInstanceClass is for Multi-AZ DB clusters of {' and '.join(ENGINES)} only.")
    if given.get("StorageType", "io1") not in STORAGE or not given.get("AllocatedStorage"):
        raise _combination(f"A Multi-AZ DB cluster needs AllocatedStorage, and a StorageType of {', '.join(STORAGE)}.")
    if given.get("StorageType", "io1") != "gp3" and not given.get("Iops"):
        raise _combination("A Multi-AZ DB cluster with provisioned IOPS storage needs Iops.")
    for name in ("EnableHttpEndpoint", "ServerlessV2ScalingConfiguration", "BacktrackWindow", "AvailabilityZones"):
        if given.get(name):
            raise _combination(f"{name} is not supported by Multi-AZ DB clusters.")
    group = given.get("DBSubnetGroupName")
    if group and len(cluster_.zones_of(call, group)) < MEMBERS:
        message = (
            "DB Subnet Group doesn't meet availability zone coverage requirement. "
            "Please add subnets to cover at least 3 availability zones."
        )
        raise ServiceError("DBSubnetGroupDoesNotCoverEnoughAZs", message)


def make(call: Call, cluster: Values, given: Values) -> None:
    """The three instances."""
    group, name = given.get("DBSubnetGroupName"), cluster["DBClusterIdentifier"]
    zones = cluster_.zones_of(call, group) if group else [f"{call.region}{letter}" for letter in "abc"]
    for number, zone in enumerate(zones[:MEMBERS], 1):
        shared = {key: given[key] for key in SHARED if given.get(key) is not None}
        sent = {
            **shared,
            "DBInstanceIdentifier": f"{name}-instance-{number}",
            "DBClusterIdentifier": name,
            "DBInstanceClass": given["DBClusterInstanceClass"],
            "Engine": given["Engine"],
            "EngineVersion": cluster["EngineVersion"],
            "AvailabilityZone": zone,
            **({"DBSubnetGroupName": group} if group else {}),
        }
        make_member(call, sent)


def end(call: Call, cluster: Values) -> None:
    """The members go with their cluster."""
    for member in cluster["DBClusterMembers"]:
        name = member["DBInstanceIdentifier"]
        call.moto({"DBInstanceIdentifier": name, "SkipFinalSnapshot": True}, operation="DeleteDBInstance")
        call.state.get("instances", {}).pop(f"{call.region}/{name}", None)


def _combination(message: str) -> ServiceError:
    return ServiceError("InvalidParameterCombination", message)
