"""DB clusters: membership in a global database, what the emulator forgets, and what may not be deleted yet."""

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
# A secondary gets its users and databases from the primary.
BY_REPLICATION = {
    "MasterUsername": "user name",
    "MasterUserPassword": "master user password",
    "ManageMasterUserPassword": "master user password",
    "DatabaseName": "database name",
}
PLACEHOLDER = {"MasterUsername": "replicated", "MasterUserPassword": "replicated"}


def kept(call: Call, cluster: str) -> Values:
    """What is kept of a cluster beside the emulator."""
    everything: dict[str, Values] = call.state.setdefault("clusters", {})
    return everything.setdefault(f"{call.region}/{cluster.lower()}", {})


def create(call: Call) -> Values:
    """CreateDBCluster."""
    given = dict(call.parameters)
    database = worldwide.find(call, given["GlobalClusterIdentifier"]) if "GlobalClusterIdentifier" in given else None
    secondary = database is not None and bool(database["members"])
    if database is not None:
        _fits(call, database, given, secondary=secondary)
    if given.get("KmsKeyId"):
        given["KmsKeyId"] = key_arn(call, given["KmsKeyId"])
    sent = {name: value for name, value in given.items() if name != "GlobalClusterIdentifier"}
    if database is not None:
        sent.setdefault("EngineVersion", database.get("EngineVersion"))
    sent = {name: value for name, value in {**(PLACEHOLDER if secondary else {}), **sent}.items() if value is not None}
    cluster = call.moto(sent)["DBCluster"]
    _remember(call, cluster["DBClusterIdentifier"], sent, secondary=secondary)
    if database is not None:
        _join(database, cluster["DBClusterArn"], cluster)
    return {"DBCluster": _view(call, cluster)}


def _fits(call: Call, database: Values, given: Values, *, secondary: bool) -> None:
    name = database["GlobalClusterIdentifier"]
    if given.get("Engine") != database.get("Engine"):
        raise _combination(
            f"The engine of global cluster {name} is {database.get('Engine')}, not {given.get('Engine')}"
        )
    version, wanted = database.get("EngineVersion"), given.get("EngineVersion")
    if version and wanted and version != wanted:
        raise _combination(f"The engine version of global cluster {name} is {version}, not {wanted}")
    if not secondary:
        return
    if len(database["members"]) > worldwide.MOST_SECONDARIES:
        raise ServiceError("DBClusterQuotaExceededFault", f"Global cluster {name} has its most secondary clusters", 403)
    if any(worldwide.region_of(arn) == call.region for arn in database["members"]):
        raise _combination(f"Global cluster {name} has a cluster in {call.region} already")
    for parameter, what in BY_REPLICATION.items():
        if given.get(parameter):
            raise _combination(f"Cannot specify {what} for cross region replication cluster")
    if database.get("StorageEncrypted") and not given.get("KmsKeyId"):
        raise _combination("KmsKeyId should be explicitly specified for cross region encrypted cluster")
    if worldwide.region_of(database["writer"]) in call.dark:
        raise ServiceError("InvalidGlobalClusterStateFault", f"The writer of global cluster {name} is not available")


def _join(database: Values, arn: str, cluster: Values) -> None:
    if not database["members"]:
        database["writer"] = arn
        for name in ("EngineVersion", "StorageEncrypted", "DatabaseName"):
            if cluster.get(name) is not None:
                database[name] = cluster[name]
        database["username"] = cluster.get("MasterUsername")
    database["members"].append(arn)


def _remember(call: Call, cluster: str, given: Values, *, secondary: bool = False) -> None:
    places = members(call, "DBCluster")
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


def describe(call: Call) -> Values:
    """DescribeDBClusters."""
    answer = call.moto()
    answer["DBClusters"] = [_view(call, cluster) for cluster in answer["DBClusters"]]
    return answer


def _view(call: Call, cluster: Values) -> Values:
    arn = cluster["DBClusterArn"]
    mine = kept(call, cluster["DBClusterIdentifier"])
    told = {**cluster, **{name: value for name, value in mine.items() if name[0].isupper()}}
    database = worldwide.of_member(call, arn)
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


def modify(call: Call) -> Values:
    """ModifyDBCluster."""
    given = dict(call.parameters)
    before = kept(call, given["DBClusterIdentifier"])
    cluster = call.moto(given)["DBCluster"]
    renamed = given.get("NewDBClusterIdentifier")
    if renamed:
        raise ServiceError("NotModelledLocally", "renaming a cluster is not modelled here", 501)
    logs = given.pop("CloudwatchLogsExportConfiguration", None)
    if logs:
        enabled = set(before.get("EnabledCloudwatchLogsExports", [])) | set(logs.get("EnableLogTypes", []))
        before["EnabledCloudwatchLogsExports"] = sorted(enabled - set(logs.get("DisableLogTypes", [])))
    _remember(call, cluster["DBClusterIdentifier"], given)
    return {"DBCluster": _view(call, cluster)}


def delete(call: Call) -> Values:
    """DeleteDBCluster: not while it has instances, nor while it belongs to a global database."""
    name = call.parameters["DBClusterIdentifier"]
    cluster = call.moto({"DBClusterIdentifier": name}, operation="DescribeDBClusters")["DBClusters"][0]
    if worldwide.of_member(call, cluster["DBClusterArn"]) is not None:
        message = "This cluster is a part of a global cluster, please remove it from globalcluster first"
        raise ServiceError("InvalidDBClusterStateFault", message)
    if cluster.get("DBClusterMembers"):
        message = "Cluster cannot be deleted, it still contains DB instances in non-deleting state."
        raise ServiceError("InvalidDBClusterStateFault", message)
    told = call.moto()
    call.state.get("clusters", {}).pop(f"{call.region}/{name.lower()}", None)
    return told


def failover(call: Call) -> Values:
    """FailoverDBCluster: another instance of the same cluster becomes the writer."""
    return {"DBCluster": _view(call, call.moto()["DBCluster"])}


def _combination(message: str) -> ServiceError:
    return ServiceError("InvalidParameterCombination", message)
