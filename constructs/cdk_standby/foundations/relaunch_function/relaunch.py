"""Launches an EMR cluster in another zone when the one that was there is lost.

It is told by EventBridge that a cluster ended with errors, or by a person that one is lost. Killed half way and asked
again it launches no second one: a cluster of the same family that is on its way is the answer.

A cluster is launched in none of the zones in which its family was lost before: so it is tried as often as there are
zones, and no more.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from typing import Any

FAMILY, LOST = "cdk-standby:emr", "cdk-standby:emr-lost-zones"
"""Tags: the construct that clusters belong to, and the zones in which the family of a cluster was lost."""
ALIVE = ("STARTING", "BOOTSTRAPPING", "RUNNING", "WAITING")
OF_THE_ZONE = ("INSTANCE_FAILURE", "INTERNAL_ERROR")
"""Reasons for which another zone can help; a bad bootstrap action is as bad in every zone."""


class NoZoneLeft(Exception):  # noqa: N818 - it reads as what happened
    """The cluster was lost in every zone that it has subnets in."""


def handler(event: Mapping[str, Any], context: object = None) -> dict[str, Any]:
    """Answer an event of EventBridge, or ``{"lost_cluster": "j-1", "lost_zones": ["eu-west-1a"]}`` of a person."""
    del context
    import boto3  # noqa: PLC0415  the runtime brings it; whoever imports this file to test it need not

    client: Any = boto3.client  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    plan = json.loads(client("ssm").get_parameter(Name=os.environ["PLAN"])["Parameter"]["Value"])
    return relaunch(client("emr"), plan, event)


def relaunch(emr: Any, plan: Mapping[str, Any], event: Mapping[str, Any]) -> dict[str, Any]:
    """Launch what `plan` says, in a zone that is left.

    Args:
        emr: a client of the Region.
        plan: ``request`` for RunJobFlow, and ``zones``, the zone of each subnet.
        event: as the handler got it.

    Raises:
        NoZoneLeft: there is no other zone to go to.
    """
    said = event.get("lost_cluster")
    lost = emr.describe_cluster(ClusterId=said or event["detail"]["clusterId"])["Cluster"]
    family = _tags(plan["request"])[FAMILY]
    if _tags(lost).get(FAMILY) != family:
        return _nothing("it is none of this family")
    if not said and not _died_in_service(lost):
        return _nothing("it never worked, or ended on purpose, and would do so in every zone")
    zones = _lost_zones(lost, event.get("lost_zones", ()))
    left = [subnet for subnet, zone in plan["zones"].items() if zone not in zones]
    if said:
        _fence(emr, lost)
    if there := _another(emr, plan["request"]["Name"], family, lost["Id"]):
        return {"relaunched": there, "because": "it is there already"}
    if not left:
        raise NoZoneLeft(f"{lost['Id']} of {family} was lost in {', '.join(zones)}, and no other zone has a subnet")
    return {"relaunched": _launch(emr, plan["request"], left, zones), "because": f"{lost['Id']} is lost"}


def _launch(emr: Any, request: Mapping[str, Any], subnets: list[str], zones: Iterable[str]) -> str:
    tags = [tag for tag in request["Tags"] if tag["Key"] != LOST]
    marked = {"Key": LOST, "Value": " ".join(zones)}
    where = {**request["Instances"], "Ec2SubnetIds": subnets}
    return str(emr.run_job_flow(**{**request, "Instances": where, "Tags": [*tags, marked]})["JobFlowId"])


def _fence(emr: Any, lost: Mapping[str, Any]) -> None:
    """A person says it is lost: whatever is left of it must not work beside the new one."""
    if lost["Status"]["State"] in ALIVE:
        emr.set_termination_protection(JobFlowIds=[lost["Id"]], TerminationProtected=False)
        emr.terminate_job_flows(JobFlowIds=[lost["Id"]])


def _another(emr: Any, name: str, family: str, lost: str) -> str | None:
    """A living cluster of the family, other than the lost one."""
    for page in emr.get_paginator("list_clusters").paginate(ClusterStates=list(ALIVE)):
        for cluster in page["Clusters"]:
            if cluster["Name"] == name and cluster["Id"] != lost:
                found = emr.describe_cluster(ClusterId=cluster["Id"])["Cluster"]
                if _tags(found).get(FAMILY) == family:
                    return str(cluster["Id"])
    return None


def _died_in_service(cluster: Mapping[str, Any]) -> bool:
    status = cluster["Status"]
    ready = status.get("Timeline", {}).get("ReadyDateTime") is not None
    again = bool(_tags(cluster).get(LOST))  # a relaunch that found its zone impaired, too, may try the next one
    why = status.get("StateChangeReason", {}).get("Code")
    return status["State"] == "TERMINATED_WITH_ERRORS" and why in OF_THE_ZONE and (ready or again)


def _lost_zones(cluster: Mapping[str, Any], more: Iterable[str]) -> list[str]:
    before = _tags(cluster).get(LOST, "").split()
    own = cluster.get("Ec2InstanceAttributes", {}).get("Ec2AvailabilityZone")
    return list(dict.fromkeys([*before, *([own] if own else []), *more]))


def _tags(what: Mapping[str, Any]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in what.get("Tags", ())}


def _nothing(because: str) -> dict[str, Any]:
    return {"relaunched": None, "because": because}
