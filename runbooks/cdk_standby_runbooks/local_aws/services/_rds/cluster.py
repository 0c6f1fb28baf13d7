"""What a DB cluster is to who asks: the emulator's answer with what is kept beside it."""

from __future__ import annotations

from typing import Any

from ...errors import ServiceError
from ...wire import Call
from .._kept import keep, members
from . import globals as worldwide

Values = dict[str, Any]

RENAMED = {
    "EnablePerformanceInsights": "PerformanceInsightsEnabled",
    "EnableCloudwatchLogsExports": "EnabledCloudwatchLogsExports",
    "EnableIAMDatabaseAuthentication": "IAMDatabaseAuthenticationEnabled",
    "EnableHttpEndpoint": "HttpEndpointEnabled",
    "DBClusterParameterGroupName": "DBClusterParameterGroup",
    "DBSubnetGroupName": "DBSubnetGroup",
}
# What the emulator keeps well, or makes its own answer from.
ITS_OWN = ("DBClusterIdentifier", "MasterUsername", "VpcSecurityGroupIds", "Tags", "Port", "EngineMode")


def kept(call: Call, cluster: str, region: str | None = None) -> Values:
    """What is kept of a cluster beside the emulator."""
    everything: dict[str, Values] = call.state.setdefault("clusters", {})
    return everything.setdefault(f"{region or call.region}/{cluster.lower()}", {})


def followers(call: Call, arn: str) -> list[str]:
    """Instances that replicate from a cluster."""
    instances: dict[str, Values] = call.state.get("instances", {})
    return [key.split("/", 1)[1] for key, one in instances.items() if one.get("source") == arn and not one.get("ended")]


def remember(call: Call, cluster: str, given: Values, *, secondary: bool = False) -> None:
    """Keep what was asked for."""
    places = members(call, "DBCluster", of="CreateDBCluster")
    more = keep(given, places, RENAMED, ITS_OWN)
    if "DBSubnetGroupName" in given:
        more["AvailabilityZones"] = zones_of(call, given["DBSubnetGroupName"])
    if secondary:
        more["secondary"] = True
    kept(call, cluster).update(more)


def zones_of(call: Call, group: str) -> list[str]:
    """The zones of a subnet group, in order."""
    answer = call.moto({"DBSubnetGroupName": group}, operation="DescribeDBSubnetGroups")
    subnets = answer["DBSubnetGroups"][0]["Subnets"]
    return sorted({subnet["SubnetAvailabilityZone"]["Name"] for subnet in subnets})


def key_arn(call: Call, key: str) -> str:
    """RDS answers with the ARN, whichever way the key was named, and refuses a key that is not there."""
    try:
        found = call.client("kms").describe_key(KeyId=key)["KeyMetadata"]
    except call.client("kms").exceptions.NotFoundException as missing:
        message = (
            f"The specified KMS key [{key}] does not exist, is not enabled or you do not have permissions to access it."
        )
        raise ServiceError("KMSKeyNotAccessibleFault", message) from missing
    return str(found["Arn"])


def find(call: Call, name: str, region: str | None = None) -> Values:
    """One cluster as everybody sees it."""
    where = region or call.region
    asked = {"DBClusterIdentifier": name.rsplit(":", 1)[-1].lower()}
    return view(call, call.moto(asked, operation="DescribeDBClusters", region=where)["DBClusters"][0])


def view(call: Call, cluster: Values) -> Values:
    """As everybody sees it: what the emulator knows, with what is kept beside it and its place among others."""
    arn = cluster["DBClusterArn"]
    mine = kept(call, cluster["DBClusterIdentifier"], worldwide.region_of(arn))
    told = {**cluster, **{name: value for name, value in mine.items() if name[0].isupper()}}
    database = worldwide.of_member(call, arn)
    if replicas := followers(call, arn):
        told["ReadReplicaIdentifiers"] = replicas
    if database is None:
        return told
    told["GlobalClusterIdentifier"] = database["GlobalClusterIdentifier"]
    if mine.get("secondary"):
        told["MasterUsername"] = database.get("username") or "replicated"
    if arn == database["writer"]:
        told["ReadReplicaIdentifiers"] = [other for other in database["members"] if other != arn]
    else:
        told["ReplicationSourceIdentifier"] = database["writer"]
    return told
