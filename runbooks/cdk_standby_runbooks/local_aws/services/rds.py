"""RDS: instances and their replicas, clusters, and the global databases that they form."""

from __future__ import annotations

from typing import Any

from ..errors import NotModelled
from ..wire import Call, Operation
from ._rds import (
    backups,
    bluegreen,
    clusters,
    endpoints,
    events,
    instances,
    options,
    proxies,
    proxy_endpoints,
    replication,
    restores,
    shards,
    snapshots,
    tags,
)
from ._rds import globals as worldwide


def _refuse(call: Call) -> dict[str, Any]:
    """The emulator would make and rename databases behind the back of our model of them."""
    raise NotModelled("rds", call.operation)


REFUSED = (
    "SwitchoverBlueGreenDeployment",
    "RestoreDBInstanceFromS3",
    "RestoreDBClusterFromS3",
)

OPERATIONS: dict[str, Operation] = {
    **dict.fromkeys(REFUSED, _refuse),
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
    "CreateDBProxy": proxies.create,
    "DescribeDBProxies": proxies.describe,
    "ModifyDBProxy": proxies.modify,
    "DeleteDBProxy": proxies.delete,
    "RegisterDBProxyTargets": proxies.register,
    "DeregisterDBProxyTargets": proxies.deregister,
    "DescribeDBProxyTargets": proxies.targets,
    "DescribeDBProxyTargetGroups": proxies.groups,
    "ModifyDBProxyTargetGroup": proxies.modify_group,
    "CreateDBProxyEndpoint": proxy_endpoints.create,
    "DescribeDBProxyEndpoints": proxy_endpoints.describe,
    "ModifyDBProxyEndpoint": proxy_endpoints.modify,
    "DeleteDBProxyEndpoint": proxy_endpoints.delete,
    "CreateDBClusterEndpoint": endpoints.create,
    "DescribeDBClusterEndpoints": endpoints.describe,
    "ModifyDBClusterEndpoint": endpoints.modify,
    "DeleteDBClusterEndpoint": endpoints.delete,
    "CreateBlueGreenDeployment": bluegreen.create,
    "DescribeBlueGreenDeployments": bluegreen.describe,
    "DeleteBlueGreenDeployment": bluegreen.delete,
    "CreateDBShardGroup": shards.create,
    "DescribeDBShardGroups": shards.describe,
    "ModifyDBShardGroup": shards.modify,
    "DeleteDBShardGroup": shards.delete,
    "AddTagsToResource": tags.add,
    "RemoveTagsFromResource": tags.remove,
    "ListTagsForResource": tags.show,
    "CreateEventSubscription": events.subscribe,
    "DescribeEvents": events.describe,
}
