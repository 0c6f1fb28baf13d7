"""The two servers, in one shape: groups of one, or instances that are there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aws_cdk import Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from constructs import Construct

from cdk_standby_review.facts import Range
from cdk_standby_review.facts import ec2_addresses as facts

from .hot_spare import HotSpare


@dataclass(frozen=True, kw_only=True)
class InstancePair:
    """Two instances that are there, in different zones; the spare may be stopped, and is started when it is needed."""

    active: ec2.IInstance
    """The one that serves as a rule."""
    spare: ec2.IInstance
    """The one that stands by, in another zone."""
    vpc: ec2.IVpc
    """The VPC of both."""
    volume_key: kms.IKey | None = None
    """What encrypts their volumes, so that the function may start them; left out: the account's own EBS key."""


@dataclass(frozen=True, kw_only=True)
class Sides:
    """What the function and its alarms are told of the servers."""

    vpc: ec2.IVpc
    ready: Range
    """Seconds until the spare can serve."""
    known: dict[str, dict[str, Any]]
    """By side: the group or the instance, whether it is started when it is needed, and put to rest when not."""
    dimensions: dict[str, dict[str, str]]
    """By side: how CloudWatch files its status checks."""
    instances: dict[str, ec2.IInstance]
    """The instances that are there, by side; none in groups."""
    built: tuple[Construct, ...] = ()
    """The groups, which are told in tags what takes their addresses over."""
    volume_key: kms.IKey | None = None

    @staticmethod
    def of(between: HotSpare | InstancePair) -> Sides:
        """Those of a hot spare, or of a pair."""
        return _groups(between) if isinstance(between, HotSpare) else _pair(between)

    def arns(self, stack: Stack) -> list[str]:
        """The instances that addresses may be moved to."""
        whole = [one.instance_id for one in self.instances.values()] or ["*"]
        return [stack.format_arn(service="ec2", resource="instance", resource_name=name) for name in whole]

    @property
    def groups(self) -> list[str]:
        """The names of the groups, active first; none in a pair."""
        return [side["group"] for side in self.known.values() if "group" in side]

    def watched(self, side: str) -> bool:
        """Whether silence of the side's checks is a failure: what rests has nothing to say."""
        return not self.known[side]["rests"] and not (side == "spare" and "instance" in self.known[side])


def zone_of(instance: Construct | ec2.IInstance) -> str | None:
    """The zone of an instance, where the template names it."""
    child = instance.node.default_child
    return child.availability_zone if isinstance(child, ec2.CfnInstance) else None


def _groups(pair: HotSpare) -> Sides:
    rests = pair.spare != "running"
    names = {"active": pair.active_group, "spare": pair.spare_group}
    starts = {"active": False, "spare": rests}
    return Sides(
        vpc=pair.vpc,
        ready=pair.ready,
        known={
            side: {"group": group.auto_scaling_group_name, "starts": starts[side], "rests": starts[side]}
            for side, group in names.items()
        },
        dimensions={side: {"AutoScalingGroupName": group.auto_scaling_group_name} for side, group in names.items()},
        instances={},
        built=(pair.active_group, pair.spare_group),
    )


def _pair(pair: InstancePair) -> Sides:
    instances = {"active": pair.active, "spare": pair.spare}
    return Sides(
        vpc=pair.vpc,
        ready=Range(0, (facts.FROM_STOPPED.value + facts.CHECKED.value).high),
        known={side: {"instance": one.instance_id, "starts": True, "rests": False} for side, one in instances.items()},
        dimensions={side: {"InstanceId": one.instance_id} for side, one in instances.items()},
        instances=instances,
        volume_key=pair.volume_key,
    )
