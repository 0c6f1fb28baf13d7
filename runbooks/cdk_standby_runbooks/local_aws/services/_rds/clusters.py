"""DB clusters: membership in a global database, what the emulator forgets, and what may not be deleted yet."""

from __future__ import annotations

from typing import Any

from ...errors import NotModelled, ServiceError
from ...wire import Call
from . import endpoints, replicas, retained, shards, snapshots, three
from . import globals as worldwide
from .cluster import kept, key_arn, remember, view
from .data import rows_of_cluster
from .events import note

Values = dict[str, Any]

# A secondary gets its users and databases from the primary.
BY_REPLICATION = {
    "MasterUsername": "user name",
    "MasterUserPassword": "master user password",
    "ManageMasterUserPassword": "master user password",
    "DatabaseName": "database name",
}
APART = ("FinalDBSnapshotIdentifier", "DeleteAutomatedBackups")
# Kept here, and nothing that the emulator's model takes well.
OURS = ("OptionGroupName",)
PLACEHOLDER = {"MasterUsername": "replicated", "MasterUserPassword": "replicated"}


def create(call: Call) -> Values:
    """CreateDBCluster."""
    given = dict(call.parameters)
    database = worldwide.find(call, given["GlobalClusterIdentifier"]) if "GlobalClusterIdentifier" in given else None
    secondary = database is not None and bool(database["members"])
    if database is not None:
        _fits(call, database, given, secondary=secondary)
    sent = {name: value for name, value in given.items() if name != "GlobalClusterIdentifier"}
    if database is not None:
        sent.setdefault("EngineVersion", database.get("EngineVersion"))
    cluster = make(call, sent, secondary=secondary)
    if database is not None:
        _join(database, cluster["DBClusterArn"], cluster)
    return {"DBCluster": view(call, cluster)}


def make(call: Call, given: Values, *, secondary: bool = False) -> Values:
    """A cluster: new, a secondary of a global database, or restored."""
    if given.get("ReplicationSourceIdentifier"):
        raise NotModelled("rds", "CreateDBCluster with ReplicationSourceIdentifier")
    if given.get("KmsKeyId"):
        given = {**given, "KmsKeyId": key_arn(call, given["KmsKeyId"])}
    three.check(call, given)
    sent = {name: value for name, value in {**(PLACEHOLDER if secondary else {}), **given}.items() if value is not None}
    ours = OURS if three.wanted(given) else (*OURS, "StorageType")  # Aurora's are unheard of there
    cluster = call.moto({name: value for name, value in sent.items() if name not in ours}, operation="CreateDBCluster")
    made = cluster["DBCluster"]
    remember(call, made["DBClusterIdentifier"], sent, secondary=secondary)
    if three.wanted(given):
        kept(call, made["DBClusterIdentifier"])["three"] = True
        three.make(call, made, given)
    return view(call, made)


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


def describe(call: Call) -> Values:
    """DescribeDBClusters."""
    answer = call.moto()
    answer["DBClusters"] = [view(call, cluster) for cluster in answer["DBClusters"]]
    return answer


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
    remember(call, cluster["DBClusterIdentifier"], given)
    return {"DBCluster": view(call, cluster)}


def delete(call: Call) -> Values:
    """DeleteDBCluster: not while it has instances, nor while it belongs to a global database."""
    name = call.parameters["DBClusterIdentifier"]
    cluster = call.moto({"DBClusterIdentifier": name}, operation="DescribeDBClusters")["DBClusters"][0]
    if worldwide.of_member(call, cluster["DBClusterArn"]) is not None:
        message = "This cluster is a part of a global cluster, please remove it from globalcluster first"
        raise ServiceError("InvalidDBClusterStateFault", message)
    if cluster.get("DeletionProtection"):
        raise _combination("Cannot delete protected Cluster, please disable deletion protection and try again.")
    if cluster.get("DBClusterMembers") and not kept(call, name).get("three"):
        message = "Cluster cannot be deleted, it still contains DB instances in non-deleting state."
        raise ServiceError("InvalidDBClusterStateFault", message)
    if shards.of(call, name):
        raise ServiceError("InvalidDBClusterStateFault", f"The cluster {name} has a shard group, which must go first.")
    given = {key: value for key, value in call.parameters.items() if key not in APART}
    if (final := call.parameters.get("FinalDBSnapshotIdentifier")) and not given.get("SkipFinalSnapshot"):
        snapshots.take(call, "cluster", name, final)
    if call.parameters.get("DeleteAutomatedBackups") is False:
        whole = view(call, cluster)
        config, rows = snapshots.cluster_config(whole), rows_of_cluster(call, whole["DBClusterArn"])
        retained.keep(call, whole["DbClusterResourceId"], config, rows, whole["ClusterCreateTime"])
    if kept(call, name).get("three"):
        three.end(call, cluster)
    gone = {**given, "SkipFinalSnapshot": True}
    told = replicas.orphaned(call, cluster["DBClusterArn"], lambda: call.moto(gone))
    retained.clear(call, name.lower(), "cluster")
    endpoints.of_gone(call, name)
    call.state.get("clusters", {}).pop(f"{call.region}/{name.lower()}", None)
    return told


def failover(call: Call) -> Values:
    """FailoverDBCluster: another instance of the same cluster becomes the writer."""
    told = call.moto()["DBCluster"]
    arn = told["DBClusterArn"]
    writer = next(one["DBInstanceIdentifier"] for one in told["DBClusterMembers"] if one["IsClusterWriter"])
    said = f"Started cross AZ failover to DB instance: {writer}"
    note(call, arn, said, id="RDS-EVENT-0073", category="failover")
    note(call, arn, f"Completed failover to DB instance: {writer}", id="RDS-EVENT-0071", category="failover")
    return {"DBCluster": view(call, told)}


def _combination(message: str) -> ServiceError:
    return ServiceError("InvalidParameterCombination", message)
