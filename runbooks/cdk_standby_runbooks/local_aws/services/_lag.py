"""Replication lag, as those that lag publish it: how far a promotion would go back.

A secondary of an Aurora global database and a read replica publish while their writer's Region lives. A drill sets the
lag by putting the metric itself, which AWS refuses: nobody else may write into its namespaces.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from ..errors import ServiceError
from ..wire import Call
from ._kept import Values

NAMESPACE = "AWS/RDS"
METRICS = ("AuroraGlobalDBReplicationLag", "AuroraGlobalDBRPOLag")
# A typical figure; AWS says under a second: https://aws.amazon.com/rds/aurora/global-database/
USUAL_MILLISECONDS = 200.0
REPLICA_LAG = "ReplicaLag"
OF_CLUSTER = "ReadReplicaSourceDBClusterIdentifier"
# A replica's figure is in whole seconds, and 0 as a rule.
USUAL_SECONDS = 0.0


def allow(namespace: str, parameters: Values) -> None:
    """Refuse data in AWS's own namespaces, but for the lag."""
    named = {datum["MetricName"] for datum in parameters.get("MetricData", [])}
    ours = namespace == NAMESPACE and named <= {*METRICS, REPLICA_LAG}
    if namespace.startswith("AWS/") and not ours:
        raise ServiceError("InvalidParameterValue", f"The value AWS/ for parameter Namespace is invalid: {namespace}")


def remember(call: Call, namespace: str, data: list[Values]) -> None:
    """What was put for a cluster or a replica is its lag from now on."""
    if namespace != NAMESPACE:
        return
    for datum in data:
        for dimension in datum.get("Dimensions", []):
            if dimension["Name"] in ("DBClusterIdentifier", "DBInstanceIdentifier"):
                _lags(call)[f"{call.region}/{dimension['Value']}"] = float(datum.get("Value", 0.0))


def _lags(call: Call) -> dict[str, float]:
    found: dict[str, float] = call.state.setdefault("lag", {})
    return found


def after_publishing(call: Call) -> Values:
    """Whoever asks for metrics finds the latest of secondaries and replicas."""
    databases: list[Any] = call.client("rds").describe_global_clusters()["GlobalClusters"]
    for database in databases:
        members = database["GlobalClusterMembers"]
        writer = next((member["DBClusterArn"] for member in members if member["IsWriter"]), None)
        for member in members:
            arn = member["DBClusterArn"].split(":")
            if writer and not member["IsWriter"] and arn[3] == call.region:
                _publish(call, arn[-1], writer.split(":")[3])
    _publish_replicas(call)
    return call.moto()


def _publish(call: Call, cluster: str, source: str) -> None:
    at = _moment(call, f"{call.region}/{cluster}", source)
    if at is None:
        return
    value = _lags(call).get(f"{call.region}/{cluster}", USUAL_MILLISECONDS)
    mine = {"Name": "DBClusterIdentifier", "Value": cluster}
    data: list[Values] = [
        {"MetricName": metric, "Dimensions": dimensions, "Value": value, "Unit": "Milliseconds", "Timestamp": at}
        for metric in METRICS
        for dimensions in ([mine], [mine, {"Name": "SourceRegion", "Value": source}])
    ]
    call.moto({"Namespace": NAMESPACE, "MetricData": data}, operation="PutMetricData")


def _publish_replicas(call: Call) -> None:
    instances: list[Any] = call.client("rds").describe_db_instances()["DBInstances"]
    for one in instances:
        source = str(one.get("ReadReplicaSourceDBInstanceIdentifier") or one.get(OF_CLUSTER) or "")
        if not source or any(info["Status"] == "terminated" for info in one.get("StatusInfos", [])):
            continue
        name = one["DBInstanceIdentifier"]
        at = _moment(call, f"{call.region}/{name}", source.split(":")[3] if source.startswith("arn:") else call.region)
        if at is not None:
            value = _lags(call).get(f"{call.region}/{name}", USUAL_SECONDS)
            datum: Values = {"MetricName": REPLICA_LAG, "Value": value, "Unit": "Seconds", "Timestamp": at}
            datum["Dimensions"] = [{"Name": "DBInstanceIdentifier", "Value": name}]
            call.moto({"Namespace": NAMESPACE, "MetricData": [datum]}, operation="PutMetricData")


def _moment(call: Call, me: str, source: str) -> datetime | None:
    """Of a figure: now; of a source whose Region went dark only the last one of before."""
    silent: set[str] = call.state.setdefault("silent", set())
    if source not in call.dark:
        silent.discard(me)
        return datetime.now(UTC)
    if me in silent:
        return None
    silent.add(me)
    return datetime.now(UTC) - timedelta(seconds=60)
