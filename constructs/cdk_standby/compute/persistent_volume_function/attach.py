"""Gives a volume to the instance that a group has just launched, and lets the instance into service then.

Each look decides by what there is, so that a run that was killed anywhere is repeated to the same end. The volume is
never taken from an instance that may still write to it.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import boto3

LOG = logging.getLogger(__name__)
LAUNCHING = "autoscaling:EC2_INSTANCE_LAUNCHING"
WAITING = ("Pending", "Pending:Wait")
MAY_WRITE = ("pending", "running", "stopping", "shutting-down")
"""States of an instance in which its system may still hold something to write."""


class Result(StrEnum):
    """How it ended."""

    ATTACHED = "attached"
    OVER = "over"
    """Nobody waits any more: the instance is in service already, or gone."""


class StillInUseError(Exception):
    """The volume could not be had in time."""


@dataclass(frozen=True)
class Launch:
    """An instance that waits, as the event says."""

    group: str
    hook: str
    instance: str

    @staticmethod
    def of(event: Mapping[str, Any]) -> Launch:
        """From EventBridge."""
        detail = event["detail"]
        return Launch(
            group=detail["AutoScalingGroupName"], hook=detail["LifecycleHookName"], instance=detail["EC2InstanceId"]
        )


@dataclass(frozen=True)
class Settings:
    """What the construct says, in the function's environment."""

    volume: str
    device: str
    patience: float
    """Seconds."""
    pause: float = 5

    @staticmethod
    def of(environment: Mapping[str, str]) -> Settings:
        """As the function finds them."""
        return Settings(
            volume=environment["VOLUME"], device=environment["DEVICE"], patience=float(environment["PATIENCE"])
        )


@dataclass(frozen=True)
class Clock:
    """Time, and how to let it pass."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


def handler(event: Mapping[str, Any], _context: object) -> str:
    """What Lambda calls when the group launched an instance."""
    client: Any = boto3.client  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    settings = Settings.of(os.environ)
    return str(attach(settings, Launch.of(event), client("ec2"), client("autoscaling"), Clock()))


def attach(settings: Settings, launch: Launch, ec2: Any, groups: Any, clock: Clock) -> Result:
    """Attach, and let the instance into service; or give it up, so that the group launches another, and raise."""
    if not _waits(launch, groups):
        return Result.OVER
    end = clock.now() + settings.patience
    while not _one_step(settings, launch.instance, ec2):
        if clock.now() >= end:
            _complete(launch, groups, "ABANDON")
            raise StillInUseError(f"{settings.volume} was not free for {launch.instance} in {settings.patience:g} s")
        clock.sleep(settings.pause)
    _complete(launch, groups, "CONTINUE")
    return Result.ATTACHED


def _waits(launch: Launch, groups: Any) -> bool:
    found = groups.describe_auto_scaling_instances(InstanceIds=[launch.instance])["AutoScalingInstances"]
    return any(instance["LifecycleState"] in WAITING for instance in found)


def _one_step(settings: Settings, instance: str, ec2: Any) -> bool:
    """One look at the volume and at most one act; True when the instance has it."""
    [volume] = ec2.describe_volumes(VolumeIds=[settings.volume])["Volumes"]
    held = next(iter(volume.get("Attachments") or []), None)
    if held is None:
        if volume["State"] == "available":
            _unless_too_early(ec2.attach_volume, settings, instance, Device=settings.device)
        return False
    if held["InstanceId"] == instance:
        return bool(held["State"] == "attached")
    state = _state_of(ec2, held["InstanceId"])
    if state not in MAY_WRITE and held["State"] != "detaching":
        LOG.info("%s is %s and lets go of %s", held["InstanceId"], state, settings.volume)
        _unless_too_early(ec2.detach_volume, settings, held["InstanceId"])
    return False


def _state_of(ec2: Any, instance: str) -> str:
    """`terminated` where EC2 has forgotten it already."""
    wanted = [{"Name": "instance-id", "Values": [instance]}]
    found = ec2.describe_instances(Filters=wanted)["Reservations"]
    states = [one["State"]["Name"] for reservation in found for one in reservation["Instances"]]
    return states[0] if states else "terminated"


def _unless_too_early(call: Callable[..., Any], settings: Settings, instance: str, **given: str) -> None:
    """Another look follows: what the volume or the instance is not ready for now, it is soon."""
    try:
        call(VolumeId=settings.volume, InstanceId=instance, **given)
    except Exception as error:
        if _code_of(error) not in ("IncorrectState", "VolumeInUse", "IncorrectInstanceState"):
            raise
        LOG.info("not yet: %s", error)


def _complete(launch: Launch, groups: Any, result: str) -> None:
    """Tell the group; one that has stopped waiting need not know."""
    try:
        groups.complete_lifecycle_action(
            AutoScalingGroupName=launch.group,
            LifecycleHookName=launch.hook,
            InstanceId=launch.instance,
            LifecycleActionResult=result,
        )
    except Exception as error:
        if _code_of(error) != "ValidationError":
            raise
        LOG.info("%s no longer waits: %s", launch.group, error)


def _code_of(error: Exception) -> str:
    response: Mapping[str, Any] = getattr(error, "response", {})
    return str(response.get("Error", {}).get("Code", ""))
