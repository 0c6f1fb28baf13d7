"""Which kind of image suits a service: software in it, fetched at launch, or software in it and data fetched."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from aws_cdk import Duration

from cdk_standby_review.facts import Fact
from cdk_standby_review.facts import images as facts

from .._checks import Options, Rule, check

__all__ = ["AmiChoice", "AmiStrategy", "choose_ami_strategy"]


class AmiStrategy(StrEnum):
    """What is in a machine image, and what comes at launch."""

    STATIC = "static"
    """All software is in the image: a `GoldenImage`."""
    DYNAMIC = "dynamic"
    """A base image, and everything at launch: a `Bootstrap`."""
    MIXED = "mixed"
    """Software is in the image, data comes at launch: a `GoldenImage` with a `Bootstrap` of `data`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AmiChoice:
    """A recommendation, and what it rests on.

    Args:
        strategy: what to put into the image.
        warm_pool: whether to keep instances that have booted already, stopped, so that scaling and replacement do not
            wait for a slow launch.
        because: the reasons, in sentences.
        facts: what the reasons rest on, each with its source.
    """

    strategy: AmiStrategy
    warm_pool: bool
    because: tuple[str, ...]
    facts: tuple[Fact[Any], ...]


def choose_ami_strategy(
    *,
    changes_per_week: float,
    boot_time: Duration,
    audited: bool = False,
    data_changes_per_week: float = 0,
) -> AmiChoice:
    """Recommend a strategy by how often software changes, how fast a launch must be, and whether it is audited.

    Args:
        changes_per_week: releases of the software.
        boot_time: from launch until it serves, if all software were installed at launch.
        audited: whether somebody asks which software ran on a day; left out: nobody does.
        data_changes_per_week: of data that an instance needs on its disk to serve; left out: it needs none.

    Raises:
        InvalidOptions: a number is below zero, or the duration is known at deployment only.
    """
    check("choose_ami_strategy", RULES, locals())
    slow = boot_time.to_seconds(integral=False) > facts.SLOW_BOOT.value
    if data_changes_per_week > changes_per_week:
        because = "data changes more often than software: an image for each of its changes would be waste"
        return AmiChoice(strategy=AmiStrategy.MIXED, warm_pool=False, because=(because,), facts=(facts.IMMUTABLE,))
    if not audited and changes_per_week > facts.OFTEN.value:
        because = f"software changes {changes_per_week:g} times a week: {facts.OFTEN.says}"
        if not slow:
            return AmiChoice(strategy=AmiStrategy.DYNAMIC, warm_pool=False, because=(because,), facts=(facts.OFTEN,))
        wait = f"a launch takes {boot_time.to_human_string()}: {facts.SLOW_BOOT.says}"
        found = (facts.OFTEN, facts.SLOW_BOOT)
        return AmiChoice(strategy=AmiStrategy.DYNAMIC, warm_pool=True, because=(because, wait), facts=found)
    because = "it is audited: " if audited else "software changes seldom enough to be built into an image: "
    because += facts.IMMUTABLE.says
    return AmiChoice(strategy=AmiStrategy.STATIC, warm_pool=False, because=(because,), facts=(facts.IMMUTABLE,))


def _below_zero(option: str) -> Rule:
    def broken(options: Options) -> bool:
        return not options[option] >= 0

    return Rule(option=option, broken=broken, allowed="0 or more", why="it counts changes in a week")


RULES = (
    _below_zero("changes_per_week"),
    _below_zero("data_changes_per_week"),
    Rule(
        option="boot_time",
        broken=lambda o: o["boot_time"].is_unresolved(),
        allowed="a duration known at synth",
        why="the recommendation is made at synth",
    ),
)
