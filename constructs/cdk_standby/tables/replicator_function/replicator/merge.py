"""What is decided, without asking AWS: which of two versions of an item stays, and what a change of a stream becomes.

Items are as the API of DynamoDB has them: `{"state": {"S": "paid"}}`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from .stamps import DELETED, NEWER, ORIGIN, VERSION, is_version

Item = Mapping[str, Any]
_EXPIRY = "dynamodb.amazonaws.com"
"""Who deletes what outlived its time to live."""


class Fate(Enum):
    """What becomes of a change in a stream."""

    SENT = "sent"
    IGNORED = "ignored"
    UNSTAMPED = "unstamped"


@dataclass(frozen=True, slots=True)
class Change:
    """An item as it became, and when its stream saw that."""

    item: Item
    seen: int
    """Seconds since 1970, of the stream's own clock."""


def version_of(item: Item | None) -> str | None:
    """The version of an item; None: it has none, or one that no clock gave."""
    version = (item or {}).get(VERSION, {}).get("S")
    return version if is_version(version) else None


def origin_of(item: Item) -> str | None:
    """Where an item was written; None: it does not say."""
    origin: str | None = item.get(ORIGIN, {}).get("S")
    return origin


def merge(mine: Item | None, theirs: Item) -> Item:
    """The one that stays: the last written. It is what `condition` has DynamoDB do, in Python."""
    known = (mine or {}).get(VERSION, {}).get("S")
    return theirs if mine is None or known is None or known < theirs[VERSION]["S"] else mine


def condition(item: Item) -> dict[str, Any]:
    """The arguments of `put_item` that keep the last written, however often and in whatever order it is asked."""
    return {
        "Item": item,
        "ConditionExpression": NEWER,
        "ExpressionAttributeNames": {"#version": VERSION},
        "ExpressionAttributeValues": {":version": item[VERSION]},
    }


def fate_of(record: Mapping[str, Any], site: str) -> Fate:
    """What to do with a record of the stream of `site`'s table."""
    new, old = record["dynamodb"].get("NewImage"), record["dynamodb"].get("OldImage")
    if record["eventName"] == "REMOVE":
        by: Mapping[str, Any] = record.get("userIdentity") or {}
        expired = by.get("principalId") == _EXPIRY
        return Fate.IGNORED if expired or DELETED in (old or {}) else Fate.UNSTAMPED
    if new is None or origin_of(new) not in (site, None):
        return Fate.IGNORED
    stamped = origin_of(new) == site and version_of(new) is not None
    return Fate.SENT if stamped and version_of(new) != version_of(old) else Fate.UNSTAMPED


def change_of(record: Mapping[str, Any]) -> Change:
    """The change that a record with the fate SENT carries."""
    return Change(record["dynamodb"]["NewImage"], int(record["dynamodb"]["ApproximateCreationDateTime"]))


def is_too_old(change: Change, now: float, oldest: int) -> bool:
    """Whether a tombstone that would have refused the change may be gone already."""
    return now - change.seen > oldest
