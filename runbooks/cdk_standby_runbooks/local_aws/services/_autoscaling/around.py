"""What stands around a group: policies, hooks, notifications, metrics, suspended processes, activities, refreshes."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from ...errors import ServiceError
from ...wire import Call
from . import instances
from .groups import Values, find, groups

PROCESSES = [
    "Launch",
    "Terminate",
    "AddToLoadBalancer",
    "AlarmNotification",
    "AZRebalance",
    "HealthCheck",
    "InstanceRefresh",
    "ReplaceUnhealthy",
    "ScheduledActions",
]


def _policies(call: Call) -> dict[tuple[str, str, str], Values]:
    found: dict[tuple[str, str, str], Values] = call.state.setdefault("policies", {})
    return found


def put_policy(call: Call) -> Values:
    """PutScalingPolicy: kept; nothing here makes load, so no policy ever acts."""
    find(call)
    given = call.parameters
    group, name = given["AutoScalingGroupName"], given["PolicyName"]
    key = (call.region, group, name)
    old = _policies(call).get(key, {})
    arn = old.get("PolicyARN") or (
        f"arn:aws:autoscaling:{call.region}:{call.account}:scalingPolicy:{uuid.uuid4()}:"
        f"autoScalingGroupName/{group}:policyName/{name}"
    )
    _policies(call)[key] = {"PolicyType": "SimpleScaling", "Enabled": True, **given, "PolicyARN": arn, "Alarms": []}
    return {"PolicyARN": arn, "Alarms": []}


def describe_policies(call: Call) -> Values:
    """DescribePolicies."""
    wanted = call.parameters
    names = wanted.get("PolicyNames")
    found = [
        policy
        for (region, group, name), policy in _policies(call).items()
        if region == call.region
        and group == wanted.get("AutoScalingGroupName", group)
        and (not names or name in names or policy["PolicyARN"] in names)
    ]
    return {"ScalingPolicies": found}


def delete_policy(call: Call) -> Values:
    """DeletePolicy, by name or ARN."""
    wanted = call.parameters["PolicyName"]
    for key, policy in list(_policies(call).items()):
        if key[0] == call.region and wanted in (key[2], policy["PolicyARN"]):
            _policies(call).pop(key)
            return {}
    raise ServiceError("ValidationError", "PolicyName not found")


def put_hook(call: Call) -> Values:
    """PutLifecycleHook: kept; instances here pass it at once."""
    group = find(call)
    name = call.parameters["LifecycleHookName"]
    group["hooks"][name] = {**group["hooks"].get(name, {}), **call.parameters}
    return {}


def describe_hooks(call: Call) -> Values:
    """DescribeLifecycleHooks."""
    return {"LifecycleHooks": list(find(call)["hooks"].values())}


def delete_hook(call: Call) -> Values:
    """DeleteLifecycleHook."""
    find(call)["hooks"].pop(call.parameters["LifecycleHookName"], None)
    return {}


def put_notifications(call: Call) -> Values:
    """PutNotificationConfiguration."""
    group, given = find(call), call.parameters
    topic = given["TopicARN"]
    kept = [old for old in group["notifications"] if old["TopicARN"] != topic]
    new = [{"TopicARN": topic, "NotificationType": kind} for kind in given["NotificationTypes"]]
    group["notifications"] = [*kept, *new]
    return {}


def describe_notifications(call: Call) -> Values:
    """DescribeNotificationConfigurations."""
    wanted = call.parameters.get("AutoScalingGroupNames") or list(groups(call))
    found = [
        {"AutoScalingGroupName": name, **notification}
        for name in wanted
        for notification in find(call, name)["notifications"]
    ]
    return {"NotificationConfigurations": found}


def enable_metrics(call: Call) -> Values:
    """EnableMetricsCollection; no metric named means all of them."""
    group, given = find(call), call.parameters
    known = call.client("autoscaling").describe_metric_collection_types()["Metrics"]
    names = given.get("Metrics") or [metric["Metric"] for metric in known]
    group["EnabledMetrics"] = [{"Metric": name, "Granularity": given["Granularity"]} for name in names]
    return {}


def metric_types(_: Call) -> Values:
    """DescribeMetricCollectionTypes."""
    sizes = ("Group" + name for name in ("MinSize", "MaxSize", "DesiredCapacity"))
    states = ("InService", "Pending", "Standby", "Terminating", "Total")
    names = [*sizes, *(f"Group{state}{what}" for what in ("Instances", "Capacity") for state in states)]
    return {"Metrics": [{"Metric": name} for name in names], "Granularities": [{"Granularity": "1Minute"}]}


def suspend(call: Call) -> Values:
    """SuspendProcesses; none named means all."""
    group = find(call)
    names = call.parameters.get("ScalingProcesses") or PROCESSES
    there = {process["ProcessName"] for process in group["SuspendedProcesses"]}
    said = {"SuspensionReason": f"User suspended at {datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"}
    group["SuspendedProcesses"] += [{"ProcessName": name, **said} for name in names if name not in there]
    return {}


def resume(call: Call) -> Values:
    """ResumeProcesses; none named means all."""
    group = find(call)
    names = call.parameters.get("ScalingProcesses") or PROCESSES
    group["SuspendedProcesses"] = [p for p in group["SuspendedProcesses"] if p["ProcessName"] not in names]
    instances.settle(call, group)
    return {}


def activities(call: Call) -> Values:
    """DescribeScalingActivities, newest first."""
    named = call.parameters.get("AutoScalingGroupName")
    found = [find(call, named)] if named else list(groups(call).values())
    return {"Activities": [activity for group in found for activity in group["activities"]]}


def start_refresh(call: Call) -> Values:
    """StartInstanceRefresh: instances of another template version are replaced at once."""
    group = find(call)
    preferences: dict[str, Any] = call.parameters.get("Preferences", {})
    template = instances.template_of(group)
    old = [instance["InstanceId"] for instance in group["Instances"]]
    if preferences.get("SkipMatching"):
        version = str(template.get("Version"))
        current = [one["InstanceId"] for one in group["Instances"] if one["LaunchTemplate"]["Version"] == version]
        old = [one for one in old if one not in current]
    instances.end(call, group, old)
    instances.settle(call, group)
    refresh: Values = {
        "InstanceRefreshId": str(uuid.uuid4()),
        "AutoScalingGroupName": group["AutoScalingGroupName"],
        "Status": "Successful",
        "PercentageComplete": 100,
        "InstancesToUpdate": 0,
        "StartTime": datetime.now(UTC),
        "EndTime": datetime.now(UTC),
        "Preferences": preferences,
    }
    call.state.setdefault("refreshes", []).insert(0, {**refresh, "region": call.region})
    return {"InstanceRefreshId": refresh["InstanceRefreshId"]}


def describe_refreshes(call: Call) -> Values:
    """DescribeInstanceRefreshes, newest first."""
    wanted = (call.region, call.parameters["AutoScalingGroupName"])
    found = [r for r in call.state.get("refreshes", []) if (r["region"], r["AutoScalingGroupName"]) == wanted]
    return {"InstanceRefreshes": [{key: value for key, value in r.items() if key != "region"} for r in found]}
