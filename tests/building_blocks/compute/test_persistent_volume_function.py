"""The function that hands a volume over, against a small EC2 whose time passes when somebody sleeps."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from cdk_standby.compute.persistent_volume_function.attach import (
    Clock,
    Launch,
    Result,
    Settings,
    StillInUseError,
    attach,
)

SETTINGS = Settings(volume="vol-1", device="/dev/sdf", patience=60, pause=5)
EVENT = {
    "detail": {"AutoScalingGroupName": "data", "LifecycleHookName": "attach", "EC2InstanceId": "i-new"},
}
LAUNCH = Launch.of(EVENT)


def refused(code: str, call: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": code}}, call)


class World:
    """A volume, instances, and a group that waits; `later` is what happens by itself at a second."""

    def __init__(self, *, held_by: str | None = None, old: str = "terminated", waits: bool = True) -> None:
        self.time, self.calls, self.completed = 0.0, [], []
        self.held: dict[str, str] | None = {"InstanceId": held_by, "State": "attached"} if held_by else None
        self.states = {"i-new": "running", "i-old": old}
        self.waits = waits
        self.later: dict[float, Any] = {}
        self.killed_at: str | None = None

    # EC2

    def describe_volumes(self, VolumeIds: list[str]) -> dict[str, Any]:  # noqa: N803
        assert VolumeIds == ["vol-1"]
        return {
            "Volumes": [
                {"State": "in-use" if self.held else "available", "Attachments": [self.held or ()][: bool(self.held)]}
            ]
        }

    def describe_instances(self, Filters: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
        [name] = Filters[0]["Values"]
        state = self.states.get(name)
        return {"Reservations": [{"Instances": [{"State": {"Name": state}}]}] if state else []}

    def attach_volume(self, VolumeId: str, InstanceId: str, Device: str) -> None:  # noqa: N803
        self.calls.append(f"attach {InstanceId}")
        if self.states[InstanceId] != "running":
            raise refused("IncorrectState", "AttachVolume")
        if self.held:
            raise refused("VolumeInUse", "AttachVolume")
        self.held = {"InstanceId": InstanceId, "State": "attaching"}
        self.later[self.time + 5] = lambda: self.held.update(State="attached") if self.held else None
        if self.killed_at == "attach":
            raise KeyboardInterrupt

    def detach_volume(self, VolumeId: str, InstanceId: str) -> None:  # noqa: N803
        self.calls.append(f"detach {InstanceId}")
        assert self.held
        self.held["State"] = "detaching"
        self.later[self.time + 5] = lambda: setattr(self, "held", None)

    # Auto Scaling

    def describe_auto_scaling_instances(self, InstanceIds: list[str]) -> dict[str, Any]:  # noqa: N803
        return {"AutoScalingInstances": [{"LifecycleState": "Pending:Wait" if self.waits else "InService"}]}

    def complete_lifecycle_action(self, **given: str) -> None:
        if not self.waits:
            raise refused("ValidationError", "CompleteLifecycleAction")
        self.completed.append(given["LifecycleActionResult"])
        self.waits = False

    # Time

    def sleep(self, seconds: float) -> None:
        self.time += seconds
        for due in [due for due in self.later if due <= self.time]:
            self.later.pop(due)()

    def run(self) -> Result:
        return attach(SETTINGS, LAUNCH, self, self, Clock(now=lambda: self.time, sleep=self.sleep))


@pytest.mark.capability("CMP-18")
def test_a_free_volume_is_attached_and_the_instance_goes_into_service_after_that():
    world = World()

    assert world.run() is Result.ATTACHED

    assert world.held == {"InstanceId": "i-new", "State": "attached"}
    assert (world.calls, world.completed) == (["attach i-new"], ["CONTINUE"])


@pytest.mark.parametrize("old", ["terminated", "stopped"])
def test_a_volume_is_taken_from_an_instance_that_is_off(old):
    world = World(held_by="i-old", old=old)

    assert world.run() is Result.ATTACHED

    assert world.calls == ["detach i-old", "attach i-new"]


def test_a_volume_of_an_instance_that_ec2_forgot_is_taken():
    world = World(held_by="i-forgotten")

    assert world.run() is Result.ATTACHED


@pytest.mark.capability("CMP-18")
def test_it_waits_for_an_instance_that_is_shutting_down():
    world = World(held_by="i-old", old="shutting-down")
    world.later[30] = lambda: setattr(world, "held", None)

    assert world.run() is Result.ATTACHED

    assert "detach i-old" not in world.calls
    assert world.time >= 30


@pytest.mark.parametrize("old", ["running", "stopping", "pending"])
def test_it_never_takes_the_volume_from_an_instance_that_may_write(old):
    world = World(held_by="i-old", old=old)

    with pytest.raises(StillInUseError, match="vol-1 was not free for i-new in 60 s"):
        world.run()

    assert (world.calls, world.completed) == ([], ["ABANDON"])
    assert world.held == {"InstanceId": "i-old", "State": "attached"}


def test_an_instance_that_is_not_running_yet_is_tried_again():
    world = World()
    world.states["i-new"] = "pending"
    world.later[20] = lambda: world.states.update({"i-new": "running"})

    assert world.run() is Result.ATTACHED


@pytest.mark.capability("CMP-18")
def test_a_run_that_was_killed_after_attaching_is_repeated_to_the_same_end():
    world = World()
    world.killed_at = "attach"
    with pytest.raises(KeyboardInterrupt):
        world.run()

    assert world.run() is Result.ATTACHED

    assert (world.calls, world.completed) == (["attach i-new"], ["CONTINUE"])


def test_a_repeated_event_changes_nothing():
    world = World()
    world.run()

    assert world.run() is Result.OVER

    assert (world.calls, world.completed) == (["attach i-new"], ["CONTINUE"])


def test_a_refusal_that_no_waiting_mends_is_not_swallowed():
    world = World()
    world.attach_volume = lambda **_: (_ for _ in ()).throw(refused("UnauthorizedOperation", "AttachVolume"))  # type: ignore[method-assign]

    with pytest.raises(ClientError, match="UnauthorizedOperation"):
        world.run()

    assert world.completed == []


def test_settings_come_from_the_environment():
    found = Settings.of({"VOLUME": "vol-1", "DEVICE": "/dev/sdf", "PATIENCE": "60"})

    assert found == SETTINGS
