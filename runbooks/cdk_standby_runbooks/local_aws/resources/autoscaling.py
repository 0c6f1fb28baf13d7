"""Auto Scaling groups, their policies and lifecycle hooks."""

from __future__ import annotations

from typing import Any

from ._functions import Functions
from ._model import Context, Handler, Made
from ._send import Values, differences, input_of, send, without

APART = ("MetricsCollection", "NotificationConfigurations", "NotificationConfiguration", "TargetGroupARNs", "Tags")
RENAMED = {"Cooldown": "DefaultCooldown"}


def _parameters(properties: Values) -> Values:
    """CloudFormation's names, and its list of subnets, as the API takes them."""
    parameters = {RENAMED.get(name, name): value for name, value in properties.items()}
    if isinstance(parameters.get("VPCZoneIdentifier"), list):
        parameters["VPCZoneIdentifier"] = ",".join(parameters["VPCZoneIdentifier"])
    return parameters


def _tags(group: str, properties: Values) -> list[Values]:
    whose = {"ResourceId": group, "ResourceType": "auto-scaling-group"}
    return [{**whose, **tag} for tag in properties.get("Tags", [])]


def _create(context: Context, properties: Values) -> Made:
    client = context.client("autoscaling")
    name = properties.get("AutoScalingGroupName") or context.name(255, lower=False)
    parameters = _parameters({**without(properties, *APART), "AutoScalingGroupName": name})
    parameters["TargetGroupARNs"] = properties.get("TargetGroupARNs", [])
    parameters["Tags"] = _tags(name, properties)
    # CloudFormation sends the minimum when the template says nothing.
    send(client, "CreateAutoScalingGroup", parameters, context.dropped)
    _around(context, name, {}, properties)
    return Made(name, {})


def _around(context: Context, name: str, before: Values, after: Values) -> None:
    """Settings that are calls of their own."""
    client = context.client("autoscaling")
    for metrics in after.get("MetricsCollection", []):
        send(client, "EnableMetricsCollection", {"AutoScalingGroupName": name, **metrics}, context.dropped)
    singular = [after["NotificationConfiguration"]] if "NotificationConfiguration" in after else []
    for notification in after.get("NotificationConfigurations", singular):
        send(client, "PutNotificationConfiguration", {"AutoScalingGroupName": name, **_notified(notification)})


def _notified(notification: Values) -> Values:
    topic = notification["TopicARN"]
    return {
        "TopicARN": topic[0] if isinstance(topic, list) else topic,
        "NotificationTypes": notification["NotificationTypes"],
    }


def _update(context: Context, made: Made, before: Values, after: Values) -> Made:
    client, name = context.client("autoscaling"), made.physical_id
    changed, _ = differences(_parameters(without(before, *APART)), _parameters(without(after, *APART)))
    known: Any = input_of(client, "UpdateAutoScalingGroup").members
    if sent := {key: value for key, value in changed.items() if key in known}:
        send(client, "UpdateAutoScalingGroup", {**sent, "AutoScalingGroupName": name})
    for unknown in sorted(set(changed) - set(known)):
        context.dropped(unknown)
    _retarget(client, name, before, after)
    if before.get("Tags") != after.get("Tags"):
        client.create_or_update_tags(Tags=_tags(name, after))
        kept = {tag["Key"] for tag in after.get("Tags", [])}
        if gone := [tag for tag in _tags(name, before) if tag["Key"] not in kept]:
            client.delete_tags(Tags=gone)
    _around(context, name, before, after)
    return made


def _retarget(client: Any, name: str, before: Values, after: Values) -> None:
    old, new = before.get("TargetGroupARNs", []), after.get("TargetGroupARNs", [])
    if more := [arn for arn in new if arn not in old]:
        client.attach_load_balancer_target_groups(AutoScalingGroupName=name, TargetGroupARNs=more)
    if gone := [arn for arn in old if arn not in new]:
        client.detach_load_balancer_target_groups(AutoScalingGroupName=name, TargetGroupARNs=gone)


def _delete(context: Context, made: Made, _: Values) -> None:
    context.client("autoscaling").delete_auto_scaling_group(AutoScalingGroupName=made.physical_id, ForceDelete=True)


def _policy(context: Context, properties: Values) -> Made:
    return _put_policy(context, context.name(255, lower=False), properties)


def _put_policy(context: Context, name: str, properties: Values) -> Made:
    parameters = {"PolicyName": name, **properties}
    arn = send(context.client("autoscaling"), "PutScalingPolicy", parameters, context.dropped)["PolicyARN"]
    return Made(arn, {"Arn": arn, "PolicyName": parameters["PolicyName"]})


def _update_policy(context: Context, made: Made, before: Values, after: Values) -> Made:
    return _put_policy(context, made.attributes["PolicyName"], after)


def _delete_policy(context: Context, made: Made, properties: Values) -> None:
    group = properties["AutoScalingGroupName"]
    context.client("autoscaling").delete_policy(PolicyName=made.physical_id, AutoScalingGroupName=group)


def _hook(context: Context, properties: Values) -> Made:
    parameters = {"LifecycleHookName": context.name(255, lower=False), **properties}
    send(context.client("autoscaling"), "PutLifecycleHook", parameters, context.dropped)
    return Made(parameters["LifecycleHookName"])


def _update_hook(context: Context, made: Made, before: Values, after: Values) -> Made:
    return _hook(context, {**after, "LifecycleHookName": made.physical_id})


def _delete_hook(context: Context, made: Made, properties: Values) -> None:
    group = properties["AutoScalingGroupName"]
    client = context.client("autoscaling")
    client.delete_lifecycle_hook(LifecycleHookName=made.physical_id, AutoScalingGroupName=group)


HANDLERS: dict[str, Handler] = {
    "AWS::AutoScaling::AutoScalingGroup": Functions(_create, _update, _delete),
    "AWS::AutoScaling::ScalingPolicy": Functions(_policy, _update_policy, _delete_policy),
    "AWS::AutoScaling::LifecycleHook": Functions(_hook, _update_hook, _delete_hook),
}
