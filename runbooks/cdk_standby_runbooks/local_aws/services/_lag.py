"""Replication lag of Aurora global databases, as their secondaries publish it: how far a promotion would go back.

A secondary publishes while its writer's Region lives. A drill sets the lag by putting the metric itself, which AWS
refuses: nobody else may write into its namespaces.
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


def allow(namespace: str, parameters: Values) -> None:
    """Refuse data in AWS's own namespaces, but for the lag."""
    ours = namespace == NAMESPACE and all(datum["MetricName"] in METRICS for datum in parameters.get("MetricData", []))
    if namespace.startswith("AWS/") and not ours:
        raise ServiceError("InvalidParameterValue", f"The value AWS/ for parameter Namespace is invalid: {namespace}")


def remember(call: Call, namespace: str, data: list[Values]) -> None:
    """What was put for a cluster is its lag from now on."""
    if namespace != NAMESPACE:
        return
    for datum in data:
        for dimension in datum.get("Dimensions", []):
            if dimension["Name"] == "DBClusterIdentifier":
                _lags(call)[f"{call.region}/{dimension['Value']}"] = float(datum.get("Value", 0.0))


def _lags(call: Call) -> dict[str, float]:
    found: dict[str, float] = call.state.setdefault("lag", {})
    return found


def after_publishing(call: Call) -> Values:
    """Whoever asks for metrics finds the secondaries' latest."""
    databases: list[Any] = call.client("rds").describe_global_clusters()["GlobalClusters"]
    for database in databases:
        members = database["GlobalClusterMembers"]
        writer = next((member["DBClusterArn"] for member in members if member["IsWriter"]), None)
        for member in members:
            arn = member["DBClusterArn"].split(":")
            if writer and not member["IsWriter"] and arn[3] == call.region:
                _publish(call, arn[-1], writer.split(":")[3])
    return call.moto()


def _publish(call: Call, cluster: str, source: str) -> None:
    """A figure of now; of a writer whose Region went dark only the last one of before."""
    silent: set[str] = call.state.setdefault("silent", set())
    me, at = f"{call.region}/{cluster}", datetime.now(UTC)
    if source in call.dark:
        if me in silent:
            return
        silent.add(me)
        at -= timedelta(seconds=60)
    else:
        silent.discard(me)
    value = _lags(call).get(me, USUAL_MILLISECONDS)
    mine = {"Name": "DBClusterIdentifier", "Value": cluster}
    data: list[Values] = [
        {"MetricName": metric, "Dimensions": dimensions, "Value": value, "Unit": "Milliseconds", "Timestamp": at}
        for metric in METRICS
        for dimensions in ([mine], [mine, {"Name": "SourceRegion", "Value": source}])
    ]
    call.moto({"Namespace": NAMESPACE, "MetricData": data}, operation="PutMetricData")
