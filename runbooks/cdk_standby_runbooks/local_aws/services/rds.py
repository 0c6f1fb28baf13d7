"""RDS: Aurora clusters and the global databases that they form."""

from __future__ import annotations

from typing import Any

from ..wire import Call, Operation
from ._rds import clusters, instances
from ._rds import globals as worldwide


def _events(call: Call) -> dict[str, Any]:
    """DescribeEvents: ours, of this Region, after the emulator's."""
    answer = call.moto()
    wanted = call.parameters.get("SourceIdentifier")
    ours = [event for event in call.state.get("events", []) if event["SourceArn"].split(":")[3] == call.region]
    answer["Events"] = [*answer.get("Events", []), *(e for e in ours if wanted in (None, e["SourceIdentifier"]))]
    return answer


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
    "DescribeEvents": _events,
}
