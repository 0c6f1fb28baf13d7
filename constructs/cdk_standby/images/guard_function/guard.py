"""Protects the newest images of a name in each of their Regions, and ends the protection of all others.

It looks at what there is and not at what happened, so that a missed or repeated event changes nothing.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import boto3

LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Settings:
    """What the construct says, in the function's environment."""

    name: str
    tag: str
    regions: Sequence[str]
    protected: int

    @staticmethod
    def of(environment: Mapping[str, str]) -> Settings:
        """As the function finds them."""
        return Settings(
            name=environment["IMAGE"],
            tag=environment["IMAGE_TAG"],
            regions=environment["REGIONS"].split(","),
            protected=int(environment["PROTECTED"]),
        )


def handler(_event: Mapping[str, Any], _context: object) -> dict[str, list[str]]:
    """What Lambda calls when an image is available everywhere."""
    client: Any = boto3.client  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]

    def of(region: str) -> Any:
        return client("ec2", region_name=region)

    return guard(Settings.of(os.environ), of)


def guard(settings: Settings, client: Callable[[str], Any]) -> dict[str, list[str]]:
    """Protect and let go, in every Region that answers; raises afterwards when one did not."""
    done: dict[str, list[str]] = {"protected": [], "let_go": []}
    failed: dict[str, Exception] = {}
    for region in settings.regions:
        try:
            _guard_region(settings, client(region), done)
        except Exception as error:  # the other Regions are not to pay for it
            LOG.exception("%s could not be guarded", region)
            failed[region] = error
    if failed:
        raise RuntimeError(f"not guarded: {', '.join(failed)}") from next(iter(failed.values()))
    return done


def _guard_region(settings: Settings, ec2: Any, done: dict[str, list[str]]) -> None:
    newest_first = sorted(_images(settings, ec2), key=lambda image: str(image["CreationDate"]), reverse=True)
    for place, image in enumerate(newest_first):
        wanted, is_so = place < settings.protected, _is_protected(image)
        if wanted and not is_so:
            ec2.enable_image_deregistration_protection(ImageId=image["ImageId"], WithCooldown=True)
            done["protected"].append(image["ImageId"])
        elif is_so and not wanted:
            ec2.disable_image_deregistration_protection(ImageId=image["ImageId"])
            done["let_go"].append(image["ImageId"])


def _images(settings: Settings, ec2: Any) -> list[dict[str, Any]]:
    tagged = [{"Name": f"tag:{settings.tag}", "Values": [settings.name]}, {"Name": "state", "Values": ["available"]}]
    pages = ec2.get_paginator("describe_images").paginate(Owners=["self"], Filters=tagged, IncludeDeprecated=True)
    return [image for page in pages for image in page["Images"]]


def _is_protected(image: Mapping[str, Any]) -> bool:
    return str(image.get("DeregistrationProtection", "disabled")).startswith("enabled")
