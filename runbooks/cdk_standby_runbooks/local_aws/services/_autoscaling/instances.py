"""Instances of a group: launched into the emptiest zone, ended in the fullest, replaced when they are gone."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from ...errors import ServiceError
from ...wire import Call

Values = dict[str, Any]
ALIVE = ("pending", "running")


def settle(call: Call, group: Values) -> None:
    """Make the group as large as it is told to be."""
    bury(call, group)
    missing = group["DesiredCapacity"] - len(group["Instances"])
    if missing > 0 and "Launch" not in _suspended(group):
        _launch(call, group, missing)
    if missing < 0 and "Terminate" not in _suspended(group):
        end(call, group, [_surplus(group) for _ in range(-missing)])


def _suspended(group: Values) -> set[str]:
    return {process["ProcessName"] for process in group["SuspendedProcesses"]}


def bury(call: Call, group: Values) -> None:
    """Instances that somebody ended are not of the group any more."""
    ids = [instance["InstanceId"] for instance in group["Instances"]]
    if not ids:
        return
    told = call.client("ec2").describe_instances(Filters=[{"Name": "instance-id", "Values": ids}])
    alive = {
        instance["InstanceId"]
        for reservation in told["Reservations"]
        for instance in reservation["Instances"]
        if instance["State"]["Name"] in ALIVE
    }
    gone = [instance for instance in group["Instances"] if instance["InstanceId"] not in alive]
    if gone:
        _leave_targets(call, group, gone)
        group["Instances"] = [instance for instance in group["Instances"] if instance["InstanceId"] in alive]


def _launch(call: Call, group: Values, count: int) -> None:
    zones = zones_of(call, group)
    if not zones:
        raise ServiceError("ValidationError", "At least one Availability Zone or VPC Subnet is required.")
    load = Counter(dict.fromkeys(zones, 0))
    load.update(instance["AvailabilityZone"] for instance in group["Instances"])
    wanted: Counter[str] = Counter()
    for _ in range(count):
        zone = min(zones, key=lambda each: (load[each], each))
        load[zone] += 1
        wanted[zone] += 1
    for zone, number in sorted(wanted.items()):
        _run(call, group, zone, zones[zone], number)


def zones_of(call: Call, group: Values) -> dict[str, str]:
    """A subnet of each zone, by zone; without a VPC the zones alone."""
    subnets = [subnet for subnet in group.get("VPCZoneIdentifier", "").split(",") if subnet]
    if not subnets:
        return dict.fromkeys(group.get("AvailabilityZones", []), "")
    told = call.client("ec2").describe_subnets(SubnetIds=subnets)["Subnets"]
    return {subnet["AvailabilityZone"]: subnet["SubnetId"] for subnet in told}


def _run(call: Call, group: Values, zone: str, subnet: str, number: int) -> None:
    template = template_of(group)
    kind = {"InstanceType": template.pop("InstanceType")} if "InstanceType" in template else {}
    place = {"SubnetId": subnet} if subnet else {"Placement": {"AvailabilityZone": zone}}
    told = call.client("ec2").run_instances(
        LaunchTemplate=template,
        MinCount=number,
        MaxCount=number,
        TagSpecifications=[{"ResourceType": "instance", "Tags": _tags(group)}],
        **kind,
        **place,
    )
    known = call.client("ec2").describe_launch_templates(**_named(template))["LaunchTemplates"][0]
    version = _version(known, template.get("Version", "$Default"))
    made = [
        {
            "InstanceId": instance["InstanceId"],
            "InstanceType": instance["InstanceType"],
            "AvailabilityZone": zone,
            "LifecycleState": "InService",
            "HealthStatus": "Healthy",
            "ProtectedFromScaleIn": bool(group.get("NewInstancesProtectedFromScaleIn")),
            "LaunchTemplate": {
                "LaunchTemplateId": known["LaunchTemplateId"],
                "LaunchTemplateName": known["LaunchTemplateName"],
                "Version": version,
            },
        }
        for instance in told["Instances"]
    ]
    group["Instances"] += made
    for instance in made:
        note(group, f"Launching a new EC2 instance: {instance['InstanceId']}", zone)
    _join_targets(call, group, made)


def template_of(group: Values) -> Values:
    """The launch template, and the instance type that a mixed group prefers."""
    if "MixedInstancesPolicy" in group:
        policy = group["MixedInstancesPolicy"]["LaunchTemplate"]
        overrides: list[Values] = policy.get("Overrides", [])
        first: Values = overrides[0] if overrides else {}
        kind = {"InstanceType": first["InstanceType"]} if "InstanceType" in first else {}
        return {**policy["LaunchTemplateSpecification"], **kind}
    if "LaunchTemplate" not in group:
        raise ServiceError(
            "NotModelledLocally", "Auto Scaling groups without a launch template are not modelled here", 501
        )
    return dict(group["LaunchTemplate"])


def _named(template: Values) -> Values:
    if "LaunchTemplateId" in template:
        return {"LaunchTemplateIds": [template["LaunchTemplateId"]]}
    return {"LaunchTemplateNames": [template["LaunchTemplateName"]]}


def _version(template: Values, version: str) -> str:
    named = {"$Latest": "LatestVersionNumber", "$Default": "DefaultVersionNumber"}
    return str(template[named[version]]) if version in named else version


def _tags(group: Values) -> list[Values]:
    passed = [{"Key": t["Key"], "Value": t.get("Value", "")} for t in group["Tags"] if t.get("PropagateAtLaunch")]
    return [*passed, {"Key": "aws:autoscaling:groupName", "Value": group["AutoScalingGroupName"]}]


def _surplus(group: Values) -> str:
    """The instance to end next: of the fullest zone the oldest."""
    chosen: list[str] = group.setdefault("leaving", [])
    left = [one for one in group["Instances"] if one["InstanceId"] not in chosen]
    load = Counter(instance["AvailabilityZone"] for instance in left)
    first: str = max(left, key=lambda instance: load[instance["AvailabilityZone"]])["InstanceId"]
    chosen.append(first)
    return first


def end(call: Call, group: Values, ids: list[str]) -> None:
    """Take instances out of service and end them."""
    gone = [instance for instance in group["Instances"] if instance["InstanceId"] in ids]
    _leave_targets(call, group, gone)
    group["Instances"] = [instance for instance in group["Instances"] if instance["InstanceId"] not in ids]
    group.pop("leaving", None)
    if ids:
        call.client("ec2").terminate_instances(InstanceIds=ids)
    for instance in gone:
        note(group, f"Terminating EC2 instance: {instance['InstanceId']}", instance["AvailabilityZone"])


def _join_targets(call: Call, group: Values, instances: list[Values]) -> None:
    for arn in group["TargetGroupARNs"]:
        targets = [{"Id": instance["InstanceId"]} for instance in instances]
        call.client("elbv2").register_targets(TargetGroupArn=arn, Targets=targets)


def _leave_targets(call: Call, group: Values, instances: list[Values]) -> None:
    arns: list[str] = group["TargetGroupARNs"] if instances else []
    for arn in arns:
        targets = [{"Id": instance["InstanceId"]} for instance in instances]
        try:
            call.client("elbv2").deregister_targets(TargetGroupArn=arn, Targets=targets)
        except ClientError as error:
            # An instance that somebody ended, or a target group that went first, needs no farewell.
            if error.response.get("Error", {}).get("Code") not in ("InvalidTarget", "TargetGroupNotFound"):
                raise


def attach(call: Call, group: Values, arns: list[str]) -> None:
    """More target groups: the instances join them."""
    new = [arn for arn in arns if arn not in group["TargetGroupARNs"]]
    group["TargetGroupARNs"] += new
    for arn in new if group["Instances"] else []:
        targets = [{"Id": instance["InstanceId"]} for instance in group["Instances"]]
        call.client("elbv2").register_targets(TargetGroupArn=arn, Targets=targets)


def detach(call: Call, group: Values, arns: list[str]) -> None:
    """Fewer target groups: the instances leave them."""
    for arn in arns if group["Instances"] else []:
        targets = [{"Id": instance["InstanceId"]} for instance in group["Instances"]]
        call.client("elbv2").deregister_targets(TargetGroupArn=arn, Targets=targets)
    group["TargetGroupARNs"] = [arn for arn in group["TargetGroupARNs"] if arn not in arns]


def note(group: Values, says: str, zone: str = "") -> None:
    """A scaling activity, newest first."""
    now = datetime.now(UTC)
    activity = {
        "ActivityId": f"{group['AutoScalingGroupName']}-{len(group['activities'])}",
        "AutoScalingGroupName": group["AutoScalingGroupName"],
        "Description": says,
        "Cause": "the group's capacity",
        "StartTime": now,
        "EndTime": now,
        "StatusCode": "Successful",
        "Progress": 100,
        "Details": f'{{"Availability Zone":"{zone}"}}',
    }
    group["activities"].insert(0, activity)
