"""DB instances: those of a cluster spread over the zones of its subnet group, the others stand alone."""

from __future__ import annotations

from collections import Counter
from typing import Any

from ...errors import NotModelled, ServiceError
from ...wire import Call
from .._kept import keep, members
from . import clusters, options, replicas, standalone
from . import globals as worldwide

Values = dict[str, Any]

RENAMED = {
    "EnablePerformanceInsights": "PerformanceInsightsEnabled",
    "EnableIAMDatabaseAuthentication": "IAMDatabaseAuthenticationEnabled",
    "EnableCloudwatchLogsExports": "EnabledCloudwatchLogsExports",
}
ITS_OWN = (
    "DBInstanceIdentifier",
    "MasterUsername",
    "VpcSecurityGroupIds",
    "Tags",
    "AvailabilityZone",
    "DBParameterGroupName",
    "DBSubnetGroupName",
    "ProcessorFeatures",
)
OF_THE_CLUSTER = (
    "StorageEncrypted",
    "KmsKeyId",
    "BackupRetentionPeriod",
    "PreferredBackupWindow",
    "MonitoringInterval",
    "MonitoringRoleArn",
    "PerformanceInsightsEnabled",
    "PerformanceInsightsKMSKeyId",
    "PerformanceInsightsRetentionPeriod",
    "DatabaseInsightsMode",
)


def kept(call: Call, instance: str, region: str | None = None) -> Values:
    """What is kept of an instance beside the emulator."""
    everything: dict[str, Values] = call.state.setdefault("instances", {})
    return everything.setdefault(f"{region or call.region}/{instance.lower()}", {})


def create(call: Call) -> Values:
    """CreateDBInstance."""
    given = dict(call.parameters)
    if given.get("DBClusterIdentifier"):
        return {"DBInstance": make_member(call, _in_cluster(call, given, given["DBClusterIdentifier"]))}
    standalone.known(call, given, members(call, "DBInstance"))
    return {"DBInstance": make(call, given)}


def make_member(call: Call, given: Values) -> Values:
    """An instance of a cluster."""
    instance = call.moto(given, operation="CreateDBInstance")["DBInstance"]
    kept(call, instance["DBInstanceIdentifier"]).update(_worth_keeping(call, given))
    return view(call, instance)


def make(call: Call, given: Values, **more: Any) -> Values:
    """An instance that stands alone: new, replicated or restored."""
    sent, mine = standalone.prepared(call, given)
    instance = call.moto(sent, operation="CreateDBInstance")["DBInstance"]
    kept(call, instance["DBInstanceIdentifier"]).update({**_worth_keeping(call, given), **mine, **more})
    return view(call, instance)


def find(call: Call, name: str, region: str | None = None) -> Values:
    """One instance as everybody sees it."""
    where = region or call.region
    found = call.moto({"DBInstanceIdentifier": name}, operation="DescribeDBInstances", region=where)["DBInstances"]
    return view(call, found[0])


def _in_cluster(call: Call, given: Values, name: str) -> Values:
    parameters = {"DBClusterIdentifier": name}
    found = call.moto(parameters, operation="DescribeDBClusters")["DBClusters"][0]
    instance_class = given.get("DBInstanceClass", "")
    if clusters.kept(call, name).get("three"):
        message = f"The DB instances of the Multi-AZ DB cluster {name} are made by the service."
        raise ServiceError("InvalidDBClusterStateFault", message)
    if worldwide.of_member(call, found["DBClusterArn"]) and instance_class.startswith("db.t"):
        # https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database.configuration.requirements.html
        message = f"Aurora global databases do not support the burstable class {instance_class}"
        raise ServiceError("InvalidParameterCombination", message)
    group = found.get("DBSubnetGroup")
    made = {**given, "EngineVersion": found["EngineVersion"]}
    in_a_network = bool(group) and group != "default"
    if in_a_network:
        made["DBSubnetGroupName"] = group
    zones = clusters.zones_of(call, group) if in_a_network else found["AvailabilityZones"]
    made.setdefault("AvailabilityZone", _emptiest(call, name, zones))
    return made


def _emptiest(call: Call, cluster: str, zones: list[str]) -> str:
    everybody = call.moto({}, operation="DescribeDBInstances")["DBInstances"]
    used = Counter(one["AvailabilityZone"] for one in everybody if one.get("DBClusterIdentifier") == cluster.lower())
    return min(zones, key=lambda zone: (used[zone], zone))


def _worth_keeping(call: Call, given: Values) -> Values:
    return keep(given, members(call, "DBInstance", of="CreateDBInstance"), RENAMED, ITS_OWN)


def describe(call: Call) -> Values:
    """DescribeDBInstances."""
    answer = call.moto()
    answer["DBInstances"] = [view(call, instance) for instance in answer["DBInstances"]]
    return answer


def view(call: Call, instance: Values) -> Values:
    """As everybody sees it: what the emulator knows, with what is kept beside it and who replicates from it."""
    name = instance.get("DBClusterIdentifier")
    region = instance["DBInstanceArn"].split(":")[3]
    mine = kept(call, instance["DBInstanceIdentifier"], region)
    cluster = clusters.kept(call, name) if name else {}
    shared = {key: cluster[key] for key in OF_THE_CLUSTER if key in cluster}
    told = {**instance, **shared, **{key: value for key, value in mine.items() if key[0].isupper()}}
    if name:
        return told
    if not told.get("MultiAZ"):
        told.pop("SecondaryAvailabilityZone", None)
    return {**told, **replicas.roles(call, instance["DBInstanceArn"], mine)}


def modify(call: Call) -> Values:
    """ModifyDBInstance."""
    given = dict(call.parameters)
    name = given["DBInstanceIdentifier"]
    before, mine = find(call, name), kept(call, name)
    standalone.known(call, given, members(call, "DBInstance") | MODIFIED)
    _possible(call, before, given)
    if option_group := given.pop("OptionGroupName", None):
        version = given.get("EngineVersion") or before["EngineVersion"]
        mine["OptionGroupMemberships"] = options.membership(call, option_group, before["Engine"], version)
    change = given.pop("CloudwatchLogsExportConfiguration", None)
    sent = {name: value for name, value in given.items() if name not in OURS}
    instance = call.moto(sent)["DBInstance"]
    mine.update(_worth_keeping(call, given))
    if change:
        mine["EnabledCloudwatchLogsExports"] = standalone.logs(before.get("EnabledCloudwatchLogsExports", []), change)
    if given.get("MultiAZ") and not before.get("MultiAZ"):
        mine["SecondaryAvailabilityZone"] = standalone.other_zone(before)
    return {"DBInstance": view(call, instance)}


# Parameters of a change beside those that read back by name.
MODIFIED = frozenset({"ApplyImmediately", "AllowMajorVersionUpgrade", "CloudwatchLogsExportConfiguration"})
# Kept here, and nothing that the emulator's model of a change takes well.
OURS = ("EngineVersion", "Engine", "MultiAZ", "MonitoringRoleArn", "MonitoringInterval", "AllowMajorVersionUpgrade")


def _possible(call: Call, before: Values, given: Values) -> None:
    if "NewDBInstanceIdentifier" in given:
        raise NotModelled("rds", "ModifyDBInstance with NewDBInstanceIdentifier")
    if given.get("Engine", before["Engine"]) != before["Engine"]:
        raise NotModelled("rds", "ModifyDBInstance with another Engine")
    if given.get("BackupRetentionPeriod") == 0 and replicas.of(call, before["DBInstanceArn"]):
        message = "Automated backups cannot be turned off while the DB instance has read replicas."
        raise ServiceError("InvalidParameterCombination", message)


def delete(call: Call) -> Values:
    """DeleteDBInstance: replicas in its Region are promoted, replicas elsewhere hear no more of it."""
    name = call.parameters["DBInstanceIdentifier"].lower()
    instance = find(call, name)
    _may_go(call, instance)
    if instance.get("DBClusterIdentifier"):
        told = call.moto({**call.parameters, "DBInstanceIdentifier": name})["DBInstance"]
    else:
        told = replicas.leaving(call, instance, lambda: call.moto({**call.parameters, "DBInstanceIdentifier": name}))
    call.state.get("instances", {}).pop(f"{call.region}/{name}", None)
    return {"DBInstance": {**instance, "DBInstanceStatus": told["DBInstanceStatus"]}}


def _may_go(call: Call, instance: Values) -> None:
    cluster = instance.get("DBClusterIdentifier")
    if cluster and clusters.kept(call, cluster).get("three"):
        message = f"The DB instances of the Multi-AZ DB cluster {cluster} go with it."
        raise ServiceError("InvalidDBInstanceState", message)


def reboot(call: Call) -> Values:
    """RebootDBInstance: a forced failover of a Multi-AZ instance changes its zones with its standby's."""
    name = call.parameters["DBInstanceIdentifier"]
    instance = find(call, name)
    if call.parameters.get("ForceFailover"):
        if instance.get("DBClusterIdentifier"):
            raise NotModelled("rds", "RebootDBInstance with ForceFailover of an instance of a cluster")
        standalone.fail_over(call, instance, kept(call, name))
    else:
        standalone.restarted(call, instance)
    return {"DBInstance": find(call, name)}
