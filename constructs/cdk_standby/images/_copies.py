"""Copies in other Regions, and what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from aws_cdk import Aws, Duration

from cdk_standby_review.facts import images
from cdk_standby_review.facts import volumes as facts

from .._checks import Problem, shown
from .._durations import days
from .._regions import unknown_region
from .._tokens import is_token


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageCopy:
    """Another Region that gets every image, and the parameter that names it there.

    Args:
        region: where the copy lives.
        key: the key there that encrypts it: its ARN, or its alias as Regions agreed on it, such as ``alias/shop``.
        launch_template_id: a launch template there that gets a new default version with every image; left out: none.
    """

    region: str
    key: str
    launch_template_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotCopy:
    """Another Region that gets a copy of what a policy makes, encrypted with the key there.

    Args:
        region: where the copy lives.
        key: the ARN of the key there; Data Lifecycle Manager takes no alias.
        keep_for: how long a copy is kept, in whole days; left out: 35 days.
    """

    region: str
    key: str
    keep_for: Duration = field(default_factory=lambda: Duration.days(35))


class _Copy(Protocol):
    @property
    def region(self) -> str: ...
    @property
    def key(self) -> str: ...


def key_arn(region: str, key: str) -> str:
    """The ARN of a key in another Region, which an alias has as well."""
    return f"arn:{Aws.PARTITION}:kms:{region}:{Aws.ACCOUNT_ID}:{key}" if key.startswith("alias/") else key


def bad_regions(where: str, option: str, copies: Sequence[_Copy], here: str) -> Iterator[Problem]:
    """Regions that are none, that are there twice, or that are this one."""
    regions = [copy.region for copy in copies]
    yield from (found for region in regions if (found := unknown_region(where, option, region)))
    if len(set(regions)) < len(regions) or here in regions:
        yield Problem(
            where=where,
            option=option,
            got=shown(regions),
            allowed="each other Region once",
            why="a copy is for the day when this Region is lost",
            source=images.SOURCE_KEY.source,
        )


def bad_keys(where: str, option: str, copies: Sequence[_Copy], *, aliases: bool) -> Iterator[Problem]:
    """Keys that are none of their Region."""
    allowed = "the ARN of a key there" + (", or an alias such as 'alias/shop'" if aliases else "")
    fact = images.SOURCE_KEY if aliases else facts.COPY_KEYS
    for copy in copies:
        if is_token(copy.key) or (aliases and re.fullmatch(r"alias/[A-Za-z0-9/_-]{1,250}", copy.key)):
            continue
        found = re.fullmatch(facts.COPY_KEYS.value, copy.key)
        if found is None or (found["region"] != copy.region and not is_token(copy.region)):
            yield Problem(
                where=where,
                option=f"{option}['{copy.region}'].key",
                got=shown(copy.key),
                allowed=allowed,
                why=fact.says,
                source=fact.source,
            )


def bad_retention(where: str, option: str, copies: Sequence[SnapshotCopy]) -> Iterator[Problem]:
    """Times that Data Lifecycle Manager does not keep a copy for."""
    for copy in copies:
        if not whole_days(copy.keep_for):
            yield Problem(
                where=where,
                option=f"{option}['{copy.region}'].keep_for",
                got=shown(copy.keep_for),
                allowed="1 to 36500 whole days, known at synth",
                why=facts.KEPT_FOR.says,
                source=facts.KEPT_FOR.source,
            )


def whole_days(kept: Duration) -> bool:
    """Whether it is a number of days that Data Lifecycle Manager counts."""
    known = days(kept)
    return known is not None and known in facts.KEPT_FOR.value and float(known).is_integer()
