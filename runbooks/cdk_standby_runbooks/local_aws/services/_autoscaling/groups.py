"""Auto Scaling groups: what they are told, kept as told."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from ...errors import ServiceError
from ...wire import Call
from . import instances

Values = dict[str, Any]

DEFAULTS: Values = {
    "DefaultCooldown": 300,
    "HealthCheckType": "EC2",
    "HealthCheckGracePeriod": 0,
    "TerminationPolicies": ["Default"],
    "NewInstancesProtectedFromScaleIn": False,
    "CapacityRebalance": False,
}
NOT_THE_GROUPS = ("Tags", "InstanceId", "LifecycleHookSpecificationList", "SkipZonalShiftValidation", "TargetGroupARNs")


def groups(call: Call) -> dict[str, Values]:
    """The Region's groups by name."""
    regions: dict[str, dict[str, Values]] = call.state.setdefault("groups", {})
    return regions.setdefault(call.region, {})


def find(call: Call, name: str | None = None) -> Values:
    """One group, by the call's parameter."""
    wanted = name or call.parameters["AutoScalingGroupName"]
    if wanted not in groups(call):
        raise ServiceError(
            "ValidationError", f"AutoScalingGroup name not found - AutoScalingGroup '{wanted}' not found"
        )
    return groups(call)[wanted]


def create(call: Call) -> Values:
    """CreateAutoScalingGroup."""
    given = call.parameters
    name = given["AutoScalingGroupName"]
    if name in groups(call):
        message = f"AutoScalingGroup by this name already exists - A group with the name {name} already exists"
        raise ServiceError("AlreadyExists", message)
    group: Values = {
        **DEFAULTS,
        **{key: value for key, value in given.items() if key not in NOT_THE_GROUPS},
        "AutoScalingGroupARN": f"arn:aws:autoscaling:{call.region}:{call.account}:autoScalingGroup:{len(groups(call))}:"
        f"autoScalingGroupName/{name}",
        "CreatedTime": datetime.now(UTC),
        "DesiredCapacity": given.get("DesiredCapacity", given["MinSize"]),
        "Instances": [],
        "LoadBalancerNames": given.get("LoadBalancerNames", []),
        "SuspendedProcesses": [],
        "EnabledMetrics": [],
        "TargetGroupARNs": list(given.get("TargetGroupARNs", [])),
        "Tags": [_tag(name, tag) for tag in given.get("Tags", [])],
        "activities": [],
        "hooks": {},
        "notifications": [],
    }
    _within(group["MinSize"], group["DesiredCapacity"], group["MaxSize"])
    group["AvailabilityZones"] = sorted(instances.zones_of(call, group))
    for hook in given.get("LifecycleHookSpecificationList", []):
        group["hooks"][hook["LifecycleHookName"]] = hook
    groups(call)[name] = group
    instances.settle(call, group)
    return {}


def _tag(name: str, tag: Values) -> Values:
    return {"PropagateAtLaunch": False, **tag, "ResourceId": name, "ResourceType": "auto-scaling-group"}


def _within(minimum: int, desired: int, maximum: int) -> None:
    if minimum > maximum:
        raise ServiceError("ValidationError", f"Min size:{minimum} must be less than or equal to max size:{maximum}")
    if not minimum <= desired <= maximum:
        message = f"Desired capacity:{desired} must be between the specified min size:{minimum} and max size:{maximum}"
        raise ServiceError("ValidationError", message)


def describe(call: Call) -> Values:
    """DescribeAutoScalingGroups: a look heals, for nothing happens here between calls."""
    wanted = call.parameters.get("AutoScalingGroupNames") or sorted(groups(call))
    found = [groups(call)[name] for name in wanted if name in groups(call)]
    for group in found:
        instances.settle(call, group)
    return {"AutoScalingGroups": [{key: value for key, value in group.items() if key[0].isupper()} for group in found]}


def describe_instances(call: Call) -> Values:
    """DescribeAutoScalingInstances."""
    wanted = call.parameters.get("InstanceIds")
    found: list[Values] = [
        {**instance, "AutoScalingGroupName": group["AutoScalingGroupName"], "HealthStatus": "HEALTHY"}
        for group in groups(call).values()
        for instance in group["Instances"]
        if not wanted or instance["InstanceId"] in wanted
    ]
    return {"AutoScalingInstances": found}


def update(call: Call) -> Values:
    """UpdateAutoScalingGroup: a minimum above what is desired raises it, a maximum below lowers it."""
    group, given = find(call), dict(call.parameters)
    bounds: Values = {**group, **given}
    minimum: int = bounds["MinSize"]
    maximum: int = bounds["MaxSize"]
    desired: int = given.get("DesiredCapacity", min(max(group["DesiredCapacity"], minimum), maximum))
    _within(minimum, desired, maximum)
    if "LaunchTemplate" in given:
        group.pop("MixedInstancesPolicy", None)
    if "MixedInstancesPolicy" in given:
        group.pop("LaunchTemplate", None)
    group |= {key: value for key, value in given.items() if key not in NOT_THE_GROUPS}
    group["DesiredCapacity"] = desired
    group["AvailabilityZones"] = sorted(instances.zones_of(call, group))
    instances.settle(call, group)
    return {}


def set_desired(call: Call) -> Values:
    """SetDesiredCapacity."""
    group, desired = find(call), call.parameters["DesiredCapacity"]
    for bound, word, broken in (
        ("MaxSize", "above max", desired > group["MaxSize"]),
        ("MinSize", "below min", desired < group["MinSize"]),
    ):
        if broken:
            message = f"New SetDesiredCapacity value {desired} is {word} value {group[bound]} for the AutoScalingGroup."
            raise ServiceError("ValidationError", message)
    group["DesiredCapacity"] = desired
    instances.settle(call, group)
    return {}


def delete(call: Call) -> Values:
    """DeleteAutoScalingGroup."""
    group = find(call)
    guard = group.get("DeletionProtection", "none")
    if guard == "prevent-all-deletion" or (guard == "prevent-force-deletion" and call.parameters.get("ForceDelete")):
        raise ServiceError("ValidationError", f"The deletion protection of the AutoScalingGroup is {guard}.")
    if group["Instances"] and not call.parameters.get("ForceDelete"):
        raise ServiceError(
            "ResourceInUse", "You cannot delete an AutoScalingGroup while there are instances still in the group."
        )
    instances.end(call, group, [instance["InstanceId"] for instance in group["Instances"]])
    groups(call).pop(group["AutoScalingGroupName"])
    policies: dict[Any, Any] = call.state.get("policies", {})
    for key in [key for key in policies if key[:2] == (call.region, group["AutoScalingGroupName"])]:
        policies.pop(key)
    return {}


def terminate(call: Call) -> Values:
    """TerminateInstanceInAutoScalingGroup."""
    wanted = call.parameters["InstanceId"]
    for group in groups(call).values():
        if any(instance["InstanceId"] == wanted for instance in group["Instances"]):
            if call.parameters["ShouldDecrementDesiredCapacity"]:
                _within(group["MinSize"], group["DesiredCapacity"] - 1, group["MaxSize"])
                group["DesiredCapacity"] -= 1
            instances.end(call, group, [wanted])
            told = group["activities"][0]
            instances.settle(call, group)
            return {"Activity": told}
    raise ServiceError("ValidationError", f"Instance Id not found - No managed instance found for instance ID {wanted}")


def set_health(call: Call) -> Values:
    """SetInstanceHealth: an unhealthy instance is replaced."""
    wanted = call.parameters["InstanceId"]
    for group in groups(call).values():
        if any(instance["InstanceId"] == wanted for instance in group["Instances"]):
            if call.parameters["HealthStatus"] == "Unhealthy" and "ReplaceUnhealthy" not in _names(group):
                instances.end(call, group, [wanted])
                instances.settle(call, group)
            return {}
    raise ServiceError("ValidationError", f"Instance Id not found - No managed instance found for instance ID {wanted}")


def _names(group: Values) -> set[str]:
    return {process["ProcessName"] for process in group["SuspendedProcesses"]}


def attach_targets(call: Call) -> Values:
    """AttachLoadBalancerTargetGroups."""
    instances.attach(call, find(call), call.parameters["TargetGroupARNs"])
    return {}


def detach_targets(call: Call) -> Values:
    """DetachLoadBalancerTargetGroups."""
    instances.detach(call, find(call), call.parameters["TargetGroupARNs"])
    return {}


def describe_targets(call: Call) -> Values:
    """DescribeLoadBalancerTargetGroups."""
    arns = find(call)["TargetGroupARNs"]
    return {"LoadBalancerTargetGroups": [{"LoadBalancerTargetGroupARN": arn, "State": "InService"} for arn in arns]}


def put_tags(call: Call) -> Values:
    """CreateOrUpdateTags."""
    for tag in call.parameters["Tags"]:
        group = find(call, tag["ResourceId"])
        kept = [old for old in group["Tags"] if old["Key"] != tag["Key"]]
        group["Tags"] = [*kept, _tag(tag["ResourceId"], tag)]
    return {}


def delete_tags(call: Call) -> Values:
    """DeleteTags."""
    for tag in call.parameters["Tags"]:
        group = find(call, tag["ResourceId"])
        group["Tags"] = [old for old in group["Tags"] if old["Key"] != tag["Key"]]
    return {}


def describe_tags(call: Call) -> Values:
    """DescribeTags."""
    return {"Tags": [tag for group in groups(call).values() for tag in group["Tags"]]}
