"""The function that protects the newest images, against the calls that EC2 takes."""

from __future__ import annotations

from typing import Any

import pytest

from cdk_standby.images.guard_function.guard import Settings, guard

SETTINGS = Settings(name="shop", tag="cdk-standby:image", regions=["eu-west-1", "eu-central-1"], protected=2)


class Ec2:
    """Images of one Region, by id: the day they were made, and their protection."""

    def __init__(self, **images: tuple[int, str]) -> None:
        self.images = images

    def get_paginator(self, name: str) -> Any:
        assert name == "describe_images"
        return self

    def paginate(self, **asked: Any) -> list[dict[str, Any]]:
        assert asked["Owners"] == ["self"]
        assert asked["Filters"][0] == {"Name": "tag:cdk-standby:image", "Values": ["shop"]}
        return [
            {"Images": [{"ImageId": name, "CreationDate": f"2026-11-{day:02}", "DeregistrationProtection": is_so}]}
            for name, (day, is_so) in self.images.items()
        ]

    def enable_image_deregistration_protection(self, *, ImageId: str, WithCooldown: bool) -> None:  # noqa: N803
        assert WithCooldown
        self.images[ImageId] = (self.images[ImageId][0], "enabled-with-cooldown")

    def disable_image_deregistration_protection(self, *, ImageId: str) -> None:  # noqa: N803
        self.images[ImageId] = (self.images[ImageId][0], "disabled")


def test_the_newest_are_protected_and_the_others_let_go_in_every_region():
    here = Ec2(old=(1, "enabled-with-cooldown"), newer=(2, "enabled-with-cooldown"), newest=(3, "disabled"))
    there = Ec2(only=(1, "disabled"))

    done = guard(SETTINGS, {"eu-west-1": here, "eu-central-1": there}.__getitem__)

    assert done == {"protected": ["newest", "only"], "let_go": ["old"]}
    assert {name: is_so for name, (_, is_so) in here.images.items()} == {
        "old": "disabled",
        "newer": "enabled-with-cooldown",
        "newest": "enabled-with-cooldown",
    }


def test_a_second_run_finds_nothing_to_do():
    regions = {"eu-west-1": Ec2(a=(1, "disabled")), "eu-central-1": Ec2(b=(1, "disabled"))}
    guard(SETTINGS, regions.__getitem__)

    again = guard(SETTINGS, regions.__getitem__)

    assert again == {"protected": [], "let_go": []}


def test_a_region_that_does_not_answer_does_not_keep_the_others_unprotected():
    there = Ec2(b=(1, "disabled"))

    def client(region: str) -> Any:
        if region == "eu-west-1":
            raise ConnectionError(region)
        return there

    with pytest.raises(RuntimeError, match=r"^not guarded: eu-west-1$"):
        guard(SETTINGS, client)

    assert there.images["b"] == (1, "enabled-with-cooldown")


def test_settings_come_from_the_environment():
    environment = {"IMAGE": "shop", "IMAGE_TAG": "cdk-standby:image", "REGIONS": "eu-west-1,eu-central-1"}

    assert Settings.of({**environment, "PROTECTED": "2"}) == SETTINGS
