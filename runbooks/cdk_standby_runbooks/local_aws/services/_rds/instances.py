"""DB instances: spread over the zones of their subnet group, as RDS does when nobody names one."""

from __future__ import annotations

from collections import Counter
from typing import Any

from ...errors import NotModelled, ServiceError
from ...wire import Call
from .._kept import keep, members
from . import clusters
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


def kept(call: Call, instance: str) -> Values:
    """What is kept of an instance beside the emulator."""
    everything: dict[str, Values] = call.state.setdefault("instances", {})
    return everything.setdefault(f"{call.region}/{instance.lower()}", {})


def create(call: Call) -> Values:
    """CreateDBInstance."""
    given = dict(call.parameters)
    cluster = given.get("DBClusterIdentifier")
    if cluster:
        given = _in_cluster(call, given, cluster)
    elif given.get("KmsKeyId"):
        given["KmsKeyId"] = clusters.key_arn(call, given["KmsKeyId"])
    instance = call.moto(given)["DBInstance"]
    kept(call, instance["DBInstanceIdentifier"]).update(_worth_keeping(call, given))
    return {"DBInstance": _view(call, instance)}


def _in_cluster(call: Call, given: Values, name: str) -> Values:
    parameters = {"DBClusterIdentifier": name}
    found = call.moto(parameters, operation="DescribeDBClusters")["DBClusters"][0]
    instance_class = given.get("DBInstanceClass", "")
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
    return keep(given, members(call, "DBInstance"), RENAMED, (*ITS_OWN, "DBSubnetGroupName", "ProcessorFeatures"))


def describe(call: Call) -> Values:
    """DescribeDBInstances."""
    answer = call.moto()
    answer["DBInstances"] = [_view(call, instance) for instance in answer["DBInstances"]]
    return answer


def _view(call: Call, instance: Values) -> Values:
    name = instance.get("DBClusterIdentifier")
    cluster = clusters.kept(call, name) if name else {}
    shared = {key: cluster[key] for key in OF_THE_CLUSTER if key in cluster}
    told = {**instance, **shared, **kept(call, instance["DBInstanceIdentifier"])}
    if not name and told.get("MultiAZ"):
        told.setdefault("SecondaryAvailabilityZone", _other_zone(instance))
    return told


def _other_zone(instance: Values) -> str | None:
    subnets = instance.get("DBSubnetGroup", {}).get("Subnets", [])
    zones = sorted({subnet["SubnetAvailabilityZone"]["Name"] for subnet in subnets})
    return next((zone for zone in zones if zone != instance.get("AvailabilityZone")), None)


def modify(call: Call) -> Values:
    """ModifyDBInstance."""
    instance = call.moto()["DBInstance"]
    kept(call, instance["DBInstanceIdentifier"]).update(_worth_keeping(call, call.parameters))
    return {"DBInstance": _view(call, instance)}


def delete(call: Call) -> Values:
    """DeleteDBInstance."""
    told = call.moto()
    call.state.get("instances", {}).pop(f"{call.region}/{call.parameters['DBInstanceIdentifier'].lower()}", None)
    return told


def reboot(call: Call) -> Values:
    """RebootDBInstance: a forced failover of a Multi-AZ instance changes its zones with its standby's."""
    if not call.parameters.get("ForceFailover"):
        return {"DBInstance": _view(call, call.moto()["DBInstance"])}
    raise NotModelled("rds", "RebootDBInstance with ForceFailover")
