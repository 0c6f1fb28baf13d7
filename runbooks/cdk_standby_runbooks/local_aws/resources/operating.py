"""What operates databases: experiments, schedules, trails, plans of Region switch, and scaling of readers.

All of it is kept and read back; none of it acts here.
"""

from __future__ import annotations

from typing import Any

from ._functions import Functions
from ._model import Context, Handler, Made
from ._send import Values, input_of, only, send, small, without, yes
from ._tags import listed, pairs

# --- experiments


def _experiment(context: Context, properties: Values) -> Made:
    fis = context.client("fis")
    given = {**properties, "tags": pairs(properties.get("Tags", {})), "clientToken": context.name(64)}
    sent = small(input_of(fis, "CreateExperimentTemplate"), without(given, "Tags"))
    told = send(fis, "CreateExperimentTemplate", sent, context.dropped)["experimentTemplate"]
    return Made(told["id"], {"Id": told["id"]})


def _change_experiment(context: Context, made: Made, before: Values, after: Values) -> Made:
    fis = context.client("fis")
    sent = small(input_of(fis, "UpdateExperimentTemplate"), without(after, "Tags"))
    send(fis, "UpdateExperimentTemplate", {**sent, "id": made.physical_id}, context.dropped)
    return made


def _end_experiment(context: Context, made: Made, _: Values) -> None:
    context.client("fis").delete_experiment_template(id=made.physical_id)


# --- schedules


def _schedule(context: Context, properties: Values) -> Made:
    given = {"Name": context.name(64, lower=False), **properties}
    arn = send(context.client("scheduler"), "CreateSchedule", given, context.dropped)["ScheduleArn"]
    return Made(given["Name"], {"Arn": arn})


def _reschedule(context: Context, made: Made, before: Values, after: Values) -> Made:
    send(context.client("scheduler"), "UpdateSchedule", {**after, "Name": made.physical_id}, context.dropped)
    return made


def _unschedule(context: Context, made: Made, properties: Values) -> None:
    where = only(properties, "GroupName")
    context.client("scheduler").delete_schedule(Name=made.physical_id, **where)


def _group(context: Context, properties: Values) -> Made:
    given = {"Name": context.name(64, lower=False), **properties}
    arn = send(context.client("scheduler"), "CreateScheduleGroup", given, context.dropped)["ScheduleGroupArn"]
    return Made(given["Name"], {"Arn": arn, "State": "ACTIVE"})


def _change_group(context: Context, made: Made, before: Values, after: Values) -> Made:
    context.client("scheduler").tag_resource(ResourceArn=made.attributes["Arn"], Tags=after.get("Tags", []))
    return made


def _end_group(context: Context, made: Made, _: Values) -> None:
    context.client("scheduler").delete_schedule_group(Name=made.physical_id)


# --- trails

TRAIL = {"KMSKeyId": "KmsKeyId", "TrailName": "Name", "Tags": "TagsList"}
SELECTORS = ("EventSelectors", "AdvancedEventSelectors")


def _trail(context: Context, properties: Values) -> Made:
    trails = context.client("cloudtrail")
    given = {"Name": context.name(128, lower=False), **_trail_parameters(properties)}
    told = send(trails, "CreateTrail", given, context.dropped)
    _watch(context, told["Name"], properties)
    return Made(told["Name"], {"Arn": told["TrailARN"], "SnsTopicArn": told.get("SnsTopicARN", "")})


def _trail_parameters(properties: Values) -> Values:
    given = without(properties, "IsLogging", *SELECTORS, "InsightSelectors")
    return {TRAIL.get(name, name): value for name, value in given.items()}


def _watch(context: Context, name: str, properties: Values) -> None:
    trails = context.client("cloudtrail")
    if selectors := only(properties, *SELECTORS):
        send(trails, "PutEventSelectors", {"TrailName": name, **_fields(selectors)}, context.dropped)
    if insights := only(properties, "InsightSelectors"):
        send(trails, "PutInsightSelectors", {"TrailName": name, **insights}, context.dropped)
    (trails.start_logging if yes(properties["IsLogging"]) else trails.stop_logging)(Name=name)


def _fields(selectors: Values) -> Values:
    """An empty list of sources is left out: AWS reads it as none."""
    return {name: [{k: v for k, v in one.items() if v != []} for one in many] for name, many in selectors.items()}


def _change_trail(context: Context, made: Made, before: Values, after: Values) -> Made:
    trails = context.client("cloudtrail")
    given = without(_trail_parameters(after), "TagsList")
    send(trails, "UpdateTrail", {**given, "Name": made.physical_id}, context.dropped)
    if after.get("Tags"):
        trails.add_tags(ResourceId=made.attributes["Arn"], TagsList=listed(pairs(after["Tags"])))
    _watch(context, made.physical_id, after)
    return made


def _end_trail(context: Context, made: Made, _: Values) -> None:
    context.client("cloudtrail").delete_trail(Name=made.physical_id)


# --- plans


def _plan(context: Context, properties: Values) -> Made:
    switch = context.client("arc-region-switch")
    given = {**without(properties, "Tags"), "tags": pairs(properties.get("Tags", {}))}
    told: Any = send(switch, "CreatePlan", small(input_of(switch, "CreatePlan"), given), context.dropped)["plan"]
    return Made(told["arn"], {"Arn": told["arn"], "Owner": told["owner"], "Version": told["version"]})


def _change_plan(context: Context, made: Made, before: Values, after: Values) -> Made:
    switch = context.client("arc-region-switch")
    shape = input_of(switch, "UpdatePlan")
    given = {name: value for name, value in small(shape, after).items() if name in shape.members}
    send(switch, "UpdatePlan", {**given, "arn": made.physical_id})
    if after.get("Tags"):
        switch.tag_resource(arn=made.physical_id, tags=pairs(after["Tags"]))
    return made


def _end_plan(context: Context, made: Made, _: Values) -> None:
    context.client("arc-region-switch").delete_plan(arn=made.physical_id)


# --- readers that come and go

SCALED = ("ServiceNamespace", "ResourceId", "ScalableDimension")


def _scaled(context: Context, properties: Values) -> Made:
    scaling = context.client("application-autoscaling")
    given = {**without(properties, "ScheduledActions", "Tags"), "Tags": pairs(properties.get("Tags", []))}
    send(scaling, "RegisterScalableTarget", given, context.dropped)
    which = only(properties, *SCALED)
    for action in properties.get("ScheduledActions", []):
        send(scaling, "PutScheduledAction", {**which, **action}, context.dropped)
    id = "|".join(properties[name] for name in ("ResourceId", "ScalableDimension", "ServiceNamespace"))
    return Made(id, {"Id": id})


def _rescaled(context: Context, made: Made, before: Values, after: Values) -> Made:
    kept = {action["ScheduledActionName"] for action in after.get("ScheduledActions", [])}
    for action in before.get("ScheduledActions", []):
        if action["ScheduledActionName"] not in kept:
            name = {"ScheduledActionName": action["ScheduledActionName"]}
            context.client("application-autoscaling").delete_scheduled_action(**only(before, *SCALED), **name)
    return _scaled(context, after)


def _unscaled(context: Context, made: Made, properties: Values) -> None:
    context.client("application-autoscaling").deregister_scalable_target(**only(properties, *SCALED))


def _policy(context: Context, properties: Values) -> Made:
    given = without(properties, "ScalingTargetId")
    if target := properties.get("ScalingTargetId"):
        parts = dict(zip(("ResourceId", "ScalableDimension", "ServiceNamespace"), target.split("|"), strict=True))
        given = {**parts, **given}
    told = send(context.client("application-autoscaling"), "PutScalingPolicy", given, context.dropped)
    return Made(told["PolicyARN"], {"Arn": told["PolicyARN"], **only(given, *SCALED)})


def _change_policy(context: Context, made: Made, before: Values, after: Values) -> Made:
    return Made(made.physical_id, _policy(context, after).attributes)


def _end_policy(context: Context, made: Made, properties: Values) -> None:
    which = {name: made.attributes[name] for name in SCALED}
    context.client("application-autoscaling").delete_scaling_policy(PolicyName=properties["PolicyName"], **which)


HANDLERS: dict[str, Handler] = {
    "AWS::FIS::ExperimentTemplate": Functions(_experiment, _change_experiment, _end_experiment),
    "AWS::Scheduler::Schedule": Functions(_schedule, _reschedule, _unschedule),
    "AWS::Scheduler::ScheduleGroup": Functions(_group, _change_group, _end_group),
    "AWS::CloudTrail::Trail": Functions(_trail, _change_trail, _end_trail),
    "AWS::ARCRegionSwitch::Plan": Functions(_plan, _change_plan, _end_plan),
    "AWS::ApplicationAutoScaling::ScalableTarget": Functions(_scaled, _rescaled, _unscaled),
    "AWS::ApplicationAutoScaling::ScalingPolicy": Functions(_policy, _change_policy, _end_policy),
}
