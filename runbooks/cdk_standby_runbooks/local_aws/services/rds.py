"""RDS: instances and their replicas, clusters, and the global databases that they form."""

from __future__ import annotations

from ..wire import Operation
from ._rds import backups, clusters, events, instances, options, replication, restores, snapshots
from ._rds import globals as worldwide

OPERATIONS: dict[str, Operation] = {
    "CreateGlobalCluster": worldwide.create,
    "DescribeGlobalClusters": worldwide.describe,
    "ModifyGlobalCluster": worldwide.modify,
    "DeleteGlobalCluster": worldwide.delete,
    "RemoveFromGlobalCluster": worldwide.remove,
    "SwitchoverGlobalCluster": worldwide.switchover,
    "FailoverGlobalCluster": worldwide.failover,
    "CreateDBCluster": clusters.create,
    "DescribeDBClusters": clusters.describe,
    "ModifyDBCluster": clusters.modify,
    "DeleteDBCluster": clusters.delete,
    "FailoverDBCluster": clusters.failover,
    "CreateDBInstance": instances.create,
    "DescribeDBInstances": instances.describe,
    "ModifyDBInstance": instances.modify,
    "DeleteDBInstance": instances.delete,
    "RebootDBInstance": instances.reboot,
    "CreateDBInstanceReadReplica": replication.create,
    "PromoteReadReplica": replication.promote,
    "CreateDBSnapshot": snapshots.create("db"),
    "DescribeDBSnapshots": snapshots.describe("db"),
    "CopyDBSnapshot": snapshots.copy("db"),
    "DeleteDBSnapshot": snapshots.delete("db"),
    "CreateDBClusterSnapshot": snapshots.create("cluster"),
    "DescribeDBClusterSnapshots": snapshots.describe("cluster"),
    "CopyDBClusterSnapshot": snapshots.copy("cluster"),
    "DeleteDBClusterSnapshot": snapshots.delete("cluster"),
    "RestoreDBInstanceFromDBSnapshot": restores.instance_from_snapshot,
    "RestoreDBInstanceToPointInTime": restores.instance_to_time,
    "RestoreDBClusterFromSnapshot": restores.cluster_from_snapshot,
    "RestoreDBClusterToPointInTime": restores.cluster_to_time,
    "StartDBInstanceAutomatedBackupsReplication": backups.start,
    "StopDBInstanceAutomatedBackupsReplication": backups.stop,
    "DescribeDBInstanceAutomatedBackups": backups.describe,
    "CreateOptionGroup": options.create,
    "DescribeOptionGroups": options.describe,
    "ModifyOptionGroup": options.modify,
    "DeleteOptionGroup": options.delete,
    "CreateEventSubscription": events.subscribe,
    "DescribeEvents": events.describe,
}
