"""DB instances: those of a cluster spread over the zones of its subnet group, the others stand alone."""

from __future__ import annotations

from collections import Counter
from typing import Any

from ...errors import NotModelled, ServiceError
from ...wire import Call
from .._kept import members
from . import cluster, options, replicas, retained, snapshots, standalone
from . import globals as worldwide
from .data import rows
from .instance import find, kept, make, make_member, view, worth_keeping

Values = dict[str, Any]


def create(call: Call) -> Values:
    """CreateDBInstance."""
    given = dict(call.parameters)
    if given.get("DBClusterIdentifier"):
        return {"DBInstance": make_member(call, _in_cluster(call, given, given["DBClusterIdentifier"]))}
    standalone.known(call, given, members(call, "DBInstance"))
    return {"DBInstance": make(call, given)}


def _in_cluster(call: Call, given: Values, name: str) -> Values:
    parameters = {"DBClusterIdentifier": name}
    found = call.moto(parameters, operation="DescribeDBClusters")["DBClusters"][0]
    instance_class = given.get("DBInstanceClass", "")
    if cluster.kept(call, name).get("three"):
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
    zones = cluster.zones_of(call, group) if in_a_network else found["AvailabilityZones"]
    made.setdefault("AvailabilityZone", _emptiest(call, name, zones))
    return made


def _emptiest(call: Call, cluster: str, zones: list[str]) -> str:
    everybody = call.moto({}, operation="DescribeDBInstances")["DBInstances"]
    used = Counter(one["AvailabilityZone"] for one in everybody if one.get("DBClusterIdentifier") == cluster.lower())
    return min(zones, key=lambda zone: (used[zone], zone))


def describe(call: Call) -> Values:
    """DescribeDBInstances."""
    answer = call.moto()
    answer["DBInstances"] = [view(call, instance) for instance in answer["DBInstances"]]
    return answer


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
    mine.update(worth_keeping(call, given))
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
    if given.get("Engine", before["Engine"]) != before["Engine"]:
        raise NotModelled("rds", "ModifyDBInstance with another Engine")
    if given.get("BackupRetentionPeriod") == 0 and replicas.of(call, before["DBInstanceArn"]):
        message = "Automated backups cannot be turned off while the DB instance has read replicas."
        raise ServiceError("InvalidParameterCombination", message)


APART = ("FinalDBSnapshotIdentifier", "DeleteAutomatedBackups")


def delete(call: Call) -> Values:
    """DeleteDBInstance: replicas in its Region are promoted, replicas elsewhere hear no more of it."""
    name = call.parameters["DBInstanceIdentifier"].lower()
    instance = find(call, name)
    _may_go(call, instance)
    given = {key: value for key, value in call.parameters.items() if key not in APART}
    if call.parameters.get("DeleteAutomatedBackups") is False and instance.get("BackupRetentionPeriod"):
        config, held = snapshots.config_of(instance), rows(call, instance["DBInstanceArn"])
        retained.keep(call, instance["DbiResourceId"], config, held, instance["InstanceCreateTime"])
    if (final := call.parameters.get("FinalDBSnapshotIdentifier")) and not given.get("SkipFinalSnapshot"):
        snapshots.take(call, "db", name, final)

    def end() -> Values:
        return call.moto({**given, "DBInstanceIdentifier": name, "SkipFinalSnapshot": True})

    told = end()["DBInstance"] if instance.get("DBClusterIdentifier") else replicas.leaving(call, instance, end)
    call.state.get("instances", {}).pop(f"{call.region}/{name}", None)
    return {"DBInstance": {**instance, "DBInstanceStatus": told["DBInstanceStatus"]}}


def _may_go(call: Call, instance: Values) -> None:
    if instance.get("DeletionProtection"):
        message = "Cannot delete protected DB Instance, please disable deletion protection and try again."
        raise ServiceError("InvalidParameterCombination", message)
    name = instance.get("DBClusterIdentifier")
    if name and cluster.kept(call, name).get("three"):
        message = f"The DB instances of the Multi-AZ DB cluster {name} go with it."
        raise ServiceError("InvalidDBInstanceState", message)
    if call.parameters.get("FinalDBSnapshotIdentifier") and "ReadReplicaSourceDBInstanceIdentifier" in instance:
        message = "FinalDBSnapshotIdentifier can't be specified when deleting a read replica."
        raise ServiceError("InvalidParameterCombination", message)


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
