"""What the function is told, what it may do, and what makes it look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from aws_cdk import Duration, Stack, Tags
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from .._reasons import tag_value
from ..alarm_topic import AlarmTopic
from ..relational._parts import accept
from ._elastic_ip_sides import Sides

_SEES = (
    "autoscaling:DescribeAutoScalingGroups",
    "ec2:DescribeAddresses",
    "ec2:DescribeInstanceStatus",
    "ec2:DescribeInstances",
)
TAKEOVER_TAG = "cdk-standby:takeover"
_OF_A_GROUP = "ec2:ResourceTag/aws:autoscaling:groupName"
"""A tag that Auto Scaling sets, and nobody else can."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the function needs to know."""

    sides: Sides
    alarms: Mapping[str, cloudwatch.Alarm]
    addresses: tuple[ec2.CfnEIP, ...]
    state: ssm.StringParameter
    topic: AlarmTopic | None
    cool_down: Duration
    fails_back: bool

    def as_json(self, name: str) -> dict[str, Any]:
        """As the function reads it."""
        return {
            "name": name,
            "sides": {
                side: {**known, "alarm": self.alarms[f"{side.capitalize()}Failed"].alarm_name}
                for side, known in self.sides.known.items()
            },
            "allocations": [address.attr_allocation_id for address in self.addresses],
            "state": self.state.parameter_name,
            "topic": self.topic.topic.topic_arn if self.topic else None,
            "cool_down": self.cool_down.to_seconds(),
            "fails_back": self.fails_back,
        }


def configure(function: lambda_.Function, settings: Settings) -> None:
    """Tell the function what it keeps, and let it."""
    stack, scope = Stack.of(function), function.node.scope
    assert scope is not None
    function.add_environment("SETTINGS", stack.to_json_string(settings.as_json(scope.node.path)))
    statements = [*_move(stack, settings), *_start(stack, settings.sides), *_remember(settings)]
    for statement in statements:
        function.add_to_role_policy(statement)
    arns = {_written(stack.resolve(arn)) for statement in statements for arn in statement.resources}
    why = (
        "interfaces are limited to the VPC, instances by a tag that only Auto Scaling sets, and a group has no known id"
    )
    wild = [f"AwsSolutions::AwsSolutions-IAM5[Resource::{arn}]" for arn in sorted(arns) if "*" in arn and arn != "*"]
    accept(cast("iam.Role", function.role), why, *wild)


def look_at(
    scope: Construct, function: lambda_.Function, settings: Settings, *, every: Duration, enabled: bool
) -> tuple[events.Rule, ...]:
    """Look when something happened, and every few minutes in case that nobody said so."""
    rung = [alarm.alarm_arn for alarm in settings.alarms.values()]
    patterns = {
        "Alarms": events.EventPattern(
            source=["aws.cloudwatch"], detail_type=["CloudWatch Alarm State Change"], resources=rung
        ),
        "Servers": _of_servers(settings.sides),
    }
    made = [
        events.Rule(scope, name, event_pattern=pattern, enabled=enabled, description=f"{scope.node.path}: look"[:512])
        for name, pattern in patterns.items()
    ]
    schedule = events.Schedule.rate(every)
    made.append(events.Rule(scope, "Always", schedule=schedule, enabled=enabled))
    for rule in made:
        rule.add_target(cast("events.IRuleTarget", targets.LambdaFunction(function, retry_attempts=2)))
    return tuple(made)


def _of_servers(sides: Sides) -> events.EventPattern:
    if sides.groups:
        return events.EventPattern(
            source=["aws.autoscaling"],
            detail_type=["EC2 Instance Launch Successful", "EC2 Instance Terminate Successful"],
            detail={"AutoScalingGroupName": sides.groups},
        )
    return events.EventPattern(
        source=["aws.ec2"],
        detail_type=["EC2 Instance State-change Notification"],
        detail={"instance-id": [one.instance_id for one in sides.instances.values()]},
    )


def _move(stack: Stack, settings: Settings) -> list[iam.PolicyStatement]:
    """These addresses, to these servers: groups are known by a tag, and interfaces by their VPC."""
    sides, move = settings.sides, ["ec2:AssociateAddress"]
    allocations = [
        stack.format_arn(service="ec2", resource="elastic-ip", resource_name=address.attr_allocation_id)
        for address in settings.addresses
    ]
    interfaces = stack.format_arn(service="ec2", resource="network-interface", resource_name="*")
    vpc = stack.format_arn(service="ec2", resource="vpc", resource_name=sides.vpc.vpc_id)
    of_groups = {"StringEquals": {_OF_A_GROUP: sides.groups}} if sides.groups else None
    return [
        iam.PolicyStatement(actions=list(_SEES), resources=["*"]),
        iam.PolicyStatement(actions=move, resources=allocations),
        iam.PolicyStatement(actions=move, resources=sides.arns(stack), conditions=of_groups),
        iam.PolicyStatement(actions=move, resources=[interfaces], conditions={"ArnEquals": {"ec2:Vpc": vpc}}),
    ]


def _start(stack: Stack, sides: Sides) -> list[iam.PolicyStatement]:
    if sides.instances:
        start = iam.PolicyStatement(actions=["ec2:StartInstances"], resources=sides.arns(stack))
        return [start, *_unlock(stack, sides)]
    groups = [side["group"] for side in sides.known.values() if side["starts"]]
    arns = [
        stack.format_arn(service="autoscaling", resource=f"autoScalingGroup:*:autoScalingGroupName/{name}")
        for name in groups
    ]
    return [iam.PolicyStatement(actions=["autoscaling:SetDesiredCapacity"], resources=arns)] if arns else []


def _unlock(stack: Stack, sides: Sides) -> list[iam.PolicyStatement]:
    """Whoever starts an instance lends EC2 the key of its volumes.

    https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption-requirements.html
    """
    if sides.volume_key is None:
        return []
    key, via = sides.volume_key.key_arn, {"kms:ViaService": f"ec2.{stack.region}.amazonaws.com"}
    use = ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncryptFrom"]
    lend = {"StringEquals": via, "Bool": {"kms:GrantIsForAWSResource": "true"}}
    return [
        iam.PolicyStatement(actions=[*use, "kms:ReEncryptTo"], resources=[key], conditions={"StringEquals": via}),
        iam.PolicyStatement(actions=["kms:CreateGrant"], resources=[key], conditions=lend),
    ]


def say_so(scope: Construct, sides: Sides) -> None:
    """Tell a review, in tags, what leads clients from one server to the other."""
    for group in sides.built:
        Tags.of(group).add(TAKEOVER_TAG, tag_value(scope.node.path))


def _written(resolved: Any) -> str:
    """As validators write what only the deployment knows."""
    match resolved:
        case {"Fn::Join": [separator, parts]}:
            return str(separator).join(map(_written, parts))
        case {"Fn::GetAtt": [name, attribute]}:
            return f"<{name}.{attribute}>"
        case {"Ref": name}:
            return f"<{name}>"
        case _:
            return str(resolved)


def _remember(settings: Settings) -> list[iam.PolicyStatement]:
    """Its state, the alarms of its servers, its metrics, and who wants to know."""
    watched = [alarm.alarm_arn for alarm in settings.alarms.values()]
    ours = {"StringEquals": {"cloudwatch:namespace": "cdk-standby"}}
    may = [
        iam.PolicyStatement(actions=["ssm:GetParameter", "ssm:PutParameter"], resources=[settings.state.parameter_arn]),
        iam.PolicyStatement(actions=["cloudwatch:DescribeAlarms"], resources=watched),
        iam.PolicyStatement(actions=["cloudwatch:PutMetricData"], resources=["*"], conditions=ours),
    ]
    if settings.topic is not None:
        topic, use = settings.topic, ["kms:Decrypt", "kms:GenerateDataKey"]
        may.append(iam.PolicyStatement(actions=["sns:Publish"], resources=[topic.topic.topic_arn]))
        may.append(iam.PolicyStatement(actions=use, resources=[topic.key.key_arn]))
    return may
