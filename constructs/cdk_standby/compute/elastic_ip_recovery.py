"""EC2's recover action: an instance whose host fails is moved to another, with its id, disks and addresses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from cdk_standby_review.facts import Fact
from cdk_standby_review.facts import ec2_addresses as facts

from .._alarms import AlarmSpec, add_alarms
from .._checks import Problem, check
from .._tokens import is_token
from ..alarm_topic import AlarmTopic
from .hot_spare import HotSpare

if TYPE_CHECKING:
    from ._elastic_ip_sides import InstancePair

_SAYS = (
    "The host of the instance fails, and EC2 moves it to another one of its zone. If the alarm goes on ringing, stop "
    "and start the instance."
)


class InstanceRecovery(Construct):
    """Has EC2 move an instance to another host of its zone when its host fails, two minutes after it does.

    Host loss: the instance comes back as after a power cut, with its id, volumes and addresses. A failure inside the
    instance: not mended. Zone loss: not survived. EC2 does the same by itself, later, for instances of supported types
    unless that was switched off.
    """

    alarm: cloudwatch.Alarm

    def __init__(self, scope: Construct, id: str, *, instance: ec2.IInstance, alarms: AlarmTopic | None = None) -> None:
        """Make the alarm that recovers.

        Args:
            scope: the parent, in the Region of the instance.
            id: unique among the parent's children.
            instance: one with EBS volumes only, outside Auto Scaling groups.
            alarms: who is told; left out: EC2 recovers, and nobody is told.

        Raises:
            InvalidOptions: EC2 does not recover such instances
                (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/cloudwatch-recovery.html).
        """
        super().__init__(scope, id)
        check(self, [], {}, also=_of_instance(self, "instance", instance))
        self.alarm = recovered(self, {"": instance}, alarms)["HostFailed"]


def recovered(
    scope: Construct, instances: Mapping[str, ec2.IInstance], topic: AlarmTopic | None
) -> dict[str, cloudwatch.Alarm]:
    """An alarm for each instance that has EC2 recover it."""
    made = add_alarms(scope, [_spec(side, one) for side, one in instances.items()], topic=topic)
    for alarm in made.values():
        action = actions.Ec2Action(actions.Ec2InstanceAction.RECOVER)
        alarm.add_alarm_action(cast("cloudwatch.IAlarmAction", action))
    return made


def not_recovered(where: Construct, between: HotSpare | InstancePair) -> list[Problem]:
    """Why EC2 would not recover these servers."""
    if isinstance(between, HotSpare):
        return [_problem(where, "recover", "True for groups", "left out, or two instances", facts.RECOVERS_GROUPS)]
    found = _of_instance(where, "between.active", between.active)
    return found + _of_instance(where, "between.spare", between.spare)


def _of_instance(where: Construct, option: str, instance: ec2.IInstance) -> list[Problem]:
    made = instance.node.default_child
    if not isinstance(made, ec2.CfnInstance):
        return []
    kind, found = made.instance_type or "", list[Problem]()
    if not is_token(kind) and re.fullmatch(facts.UNRECOVERABLE.value, kind):
        found.append(_problem(where, option, f"a {kind}", "a type without instance store", facts.UNRECOVERABLE))
    if made.tenancy == facts.HOST_TENANCY.value:
        found.append(_problem(where, option, "on a dedicated host", "another tenancy", facts.HOST_TENANCY))
    if _has_instance_store(made):
        found.append(_problem(where, option, "with instance store", "EBS volumes only", facts.UNRECOVERABLE))
    return found


def _has_instance_store(made: ec2.CfnInstance) -> bool:
    mapped = made.block_device_mappings
    devices = mapped if isinstance(mapped, list) else []
    return any(getattr(device, "virtual_name", None) for device in devices)


def _problem(where: Construct, option: str, got: str, allowed: str, fact: Fact[str]) -> Problem:
    return Problem(where=where.node.path, option=option, got=got, allowed=allowed, why=fact.says, source=fact.source)


def _spec(side: str, instance: ec2.IInstance) -> AlarmSpec:
    return AlarmSpec(
        name=f"{side.capitalize()}HostFailed",
        metric=cloudwatch.Metric(
            namespace="AWS/EC2",
            metric_name="StatusCheckFailed_System",
            dimensions_map={"InstanceId": instance.instance_id},
            statistic="Maximum",
            period=Duration.minutes(1),
        ),
        threshold=1,
        comparison=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        periods=2,
        missing=cloudwatch.TreatMissingData.NOT_BREACHING,
        says=_SAYS,
    )
