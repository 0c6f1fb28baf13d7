"""The steps: capacity by the name of a group, and traffic by the metric that health checks follow.

Region switch runs them in the Region that is activated, and again every minute until they return. So each asks for
what should be, and raises until it is: killed half way and run again, it ends the same.
"""

from __future__ import annotations

import json
import os
from typing import Any

import boto3
from botocore.config import Config

# A Region that does not answer is told from a slow one in seconds; the plan repeats, not the SDK.
_PATIENCE = Config(connect_timeout=3, read_timeout=10, retries={"total_max_attempts": 2})


class NotYet(Exception):  # noqa: N818 - it is no failure: the plan asks again
    """What was asked for is on its way."""


def scale(_event: Any, _context: Any) -> dict[str, int]:
    """Raise the groups of this Region to the size that carries the load, and wait for their instances.

    Raises:
        NotYet: fewer instances are in service than that.
    """
    groups: list[dict[str, Any]] = json.loads(os.environ["GROUPS"])
    client = _client("autoscaling", os.environ["AWS_REGION"])
    serving = {group["name"]: _grown(client, group) for group in groups}
    short = {group["name"] for group in groups if serving[group["name"]] < group["minimum"]}
    if short:
        raise NotYet(f"instances in service: {serving}; still growing: {sorted(short)}")
    return serving


def _grown(client: Any, wanted: dict[str, Any]) -> int:
    """Ask for the size unless it is there already; how many instances are in service."""
    name, minimum, maximum = wanted["name"], wanted["minimum"], wanted["maximum"]
    found = client.describe_auto_scaling_groups(AutoScalingGroupNames=[name])["AutoScalingGroups"]
    if not found:
        raise LookupError(f"there is no Auto Scaling group {name} in {os.environ['AWS_REGION']}")
    [group] = found
    if group["MinSize"] < minimum or group["MaxSize"] < maximum:
        client.update_auto_scaling_group(
            AutoScalingGroupName=name,
            MinSize=max(minimum, group["MinSize"]),
            MaxSize=max(maximum, group["MaxSize"]),
            # Never fewer than now: scaling may have asked for more already.
            DesiredCapacity=max(minimum, group["DesiredCapacity"]),
        )
    states = [(one["LifecycleState"], one["HealthStatus"]) for one in group["Instances"]]
    return states.count(("InService", "Healthy"))


def move_traffic(_event: Any, _context: Any) -> dict[str, float]:
    """Throw the switch when the Region that holds it is activated, and throw it back when the other one is."""
    held_in, leaves = os.environ["HELD_IN"], os.environ["LEAVES"]
    value = 1.0 if os.environ["AWS_REGION"] == held_in else 0.0
    dimensions = [{"Name": "Workload", "Value": os.environ["WORKLOAD"]}, {"Name": "Region", "Value": leaves}]
    _client("cloudwatch", held_in).put_metric_data(
        Namespace=os.environ["NAMESPACE"],
        MetricData=[{"MetricName": os.environ["METRIC"], "Dimensions": dimensions, "Value": value}],
    )
    return {leaves: value}


def _client(name: str, region: str) -> Any:
    make: Any = boto3.client  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    return make(name, region_name=region, config=_PATIENCE)
