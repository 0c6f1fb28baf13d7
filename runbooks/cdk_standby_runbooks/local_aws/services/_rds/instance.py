"""What a DB instance is to who asks: the emulator's answer with what is kept beside it."""

from __future__ import annotations

from typing import Any

from ...wire import Call
from .._kept import keep, members
from . import cluster as whole
from . import replicas, standalone

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
INHERITED = (
    "AllocatedStorage",
    "AutoMinorVersionUpgrade",
    "DBInstanceClass",
    "DBName",
    "Engine",
    "EngineVersion",
    "Iops",
    "LicenseModel",
    "MasterUsername",
    "MaxAllocatedStorage",
    "StorageEncrypted",
    "StorageThroughput",
    "StorageType",
)


def kept(call: Call, instance: str, region: str | None = None) -> Values:
    """What is kept of an instance beside the emulator."""
    everything: dict[str, Values] = call.state.setdefault("instances", {})
    return everything.setdefault(f"{region or call.region}/{instance.lower()}", {})


def make_member(call: Call, given: Values) -> Values:
    """An instance of a cluster."""
    instance = call.moto(given, operation="CreateDBInstance")["DBInstance"]
    kept(call, instance["DBInstanceIdentifier"]).update(worth_keeping(call, given))
    return view(call, instance)


def make(call: Call, given: Values, **more: Any) -> Values:
    """An instance that stands alone: new, replicated or restored."""
    sent, mine = standalone.prepared(call, given)
    instance = call.moto(sent, operation="CreateDBInstance")["DBInstance"]
    kept(call, instance["DBInstanceIdentifier"]).update({**worth_keeping(call, given), **mine, **more})
    return view(call, instance)


def find(call: Call, name: str, region: str | None = None) -> Values:
    """One instance as everybody sees it."""
    where = region or call.region
    found = call.moto({"DBInstanceIdentifier": name}, operation="DescribeDBInstances", region=where)["DBInstances"]
    return view(call, found[0])


def worth_keeping(call: Call, given: Values) -> Values:
    """What of the parameters reads back."""
    return keep(given, members(call, "DBInstance", of="CreateDBInstance"), RENAMED, ITS_OWN)


def view(call: Call, instance: Values) -> Values:
    """As everybody sees it: what the emulator knows, with what is kept beside it and who replicates from it."""
    name = instance.get("DBClusterIdentifier")
    region = instance["DBInstanceArn"].split(":")[3]
    mine = kept(call, instance["DBInstanceIdentifier"], region)
    cluster = whole.kept(call, name, region) if name else {}
    shared = {key: cluster[key] for key in OF_THE_CLUSTER if key in cluster}
    told = {**instance, **shared, **{key: value for key, value in mine.items() if key[0].isupper()}}
    if name:
        return told
    if not told.get("MultiAZ"):
        told.pop("SecondaryAvailabilityZone", None)
    return {**told, **replicas.roles(call, instance["DBInstanceArn"], mine)}


def inherited(source: Values) -> Values:
    """What a copy has of its source unless told otherwise."""
    told = {name: source[name] for name in INHERITED if source.get(name) is not None}
    if told.get("MaxAllocatedStorage") == told.get("AllocatedStorage"):
        told.pop("MaxAllocatedStorage", None)  # the emulator's way to say: it does not grow
    endpoint = source["Endpoint"]
    if isinstance(endpoint, str):
        return {**told, "DBInstanceClass": source["DBClusterInstanceClass"], "Port": source["Port"]}
    return {**told, "Port": endpoint["Port"]}
