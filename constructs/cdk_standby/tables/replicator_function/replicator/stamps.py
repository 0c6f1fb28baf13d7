"""How an application stamps what it writes, so that copies in several places agree on the last writer.

Standard library only: install it with the application, or copy this one file.

    stamps = Stamps.from_environment(os.environ)
    table.put_item(**stamps.put({"order_id": "1", "state": "paid"}))
    table.put_item(**stamps.delete({"order_id": "1"}))
"""

from __future__ import annotations

import re
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

VERSION, ORIGIN, DELETED = "_version", "_origin", "_deleted"
"""The attributes of a stamp: when and by whom, where, and whether the item is a tombstone."""

NEWER = "attribute_not_exists(#version) OR #version < :version"
"""The condition of every write, of applications and of the replicator: what is there is older, or nothing is."""

_VERSION = re.compile(r"(\d{13})-(\d{4})-[!-~]{1,200}")
_LAST_COUNT = 9999


def is_version(value: object) -> bool:
    """Whether a value is a version that a `Clock` gives."""
    return isinstance(value, str) and _VERSION.fullmatch(value) is not None


def is_alive(item: Mapping[str, Any] | None) -> bool:
    """Whether there is an item, and not only the tombstone of one: every reader asks this."""
    return item is not None and not item.get(DELETED)


def _milliseconds() -> int:
    return time.time_ns() // 1_000_000


@dataclass
class Clock:
    """A hybrid logical clock: it follows the wall, and never gives a version that is not above all it gave or saw.

    Versions compare as text: time, then a count within the millisecond, then the writer, which decides ties the same
    way everywhere. Two clocks must never share a writer.
    """

    writer: str
    """Where, and who there: two writers never have the same."""
    now: Callable[[], int] = _milliseconds
    """Milliseconds since 1970."""
    _last: tuple[int, int] = field(default=(0, -1), init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    def next(self) -> str:
        """A version above every other that this clock gave or saw."""
        with self._lock:
            wall, (last, count) = self.now(), self._last
            if wall > last:
                self._last = (wall, 0)
            else:
                self._last = (last, count + 1) if count < _LAST_COUNT else (last + 1, 0)
            return f"{self._last[0]:013d}-{self._last[1]:04d}-{self.writer}"

    def see(self, version: str) -> None:
        """Go past a version of somebody else."""
        found = _VERSION.fullmatch(version)
        if found is None:
            raise ValueError(f"{version!r} is no version: it has the form 1700000000000-0000-eu-west-1/host")
        with self._lock:
            self._last = max(self._last, (int(found[1]), int(found[2])))


@dataclass
class Stamps:
    """Makes the writes of an application: stamped, and refused by DynamoDB when something newer is there."""

    site: str
    """Where it writes, as the replicator of the site calls it: a Region, say."""
    tombstone_seconds: int
    """How long a tombstone is kept."""
    expires: str = "expires_at"
    """The attribute by which the table's time to live deletes items."""
    writer: str = field(default_factory=lambda: uuid.uuid4().hex[:12])
    """Who writes: another for each process; left out: random."""
    now: Callable[[], int] = _milliseconds
    """Milliseconds since 1970; left out: the clock of the host."""
    clock: Clock = field(init=False)

    def __post_init__(self) -> None:
        self.clock = Clock(writer=f"{self.site}/{self.writer}", now=self.now)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Stamps:
        """From what `StreamReplicator.writer_environment` gave to the application."""
        return cls(
            site=environment["REPLICATION_SITE"],
            tombstone_seconds=int(environment["REPLICATION_TOMBSTONE_SECONDS"]),
            expires=environment["REPLICATION_EXPIRES"],
        )

    def put(self, item: Mapping[str, Any]) -> dict[str, Any]:
        """Arguments for `put_item` of a boto3 `Table`: the whole item, in place of what is there."""
        version = self.clock.next()
        return _conditional(version, Item={**item, VERSION: version, ORIGIN: self.site})

    def delete(self, key: Mapping[str, Any]) -> dict[str, Any]:
        """Arguments for `put_item` as well: a tombstone, which the table deletes once nothing older can arrive."""
        gone = self.now() // 1000 + self.tombstone_seconds
        return self.put({**key, DELETED: True, self.expires: gone})

    def update(self, key: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
        """Arguments for `update_item`: sets attributes of an item that is not deleted."""
        version = self.clock.next()
        given = {**values, VERSION: version, ORIGIN: self.site}
        names = {f"#a{number}": name for number, name in enumerate(given)}
        sets = ", ".join(f"{name} = :{name[1:]}" for name in names)
        request = _conditional(version, Key=dict(key), UpdateExpression=f"SET {sets}")
        request["ConditionExpression"] = f"({NEWER}) AND attribute_not_exists(#deleted)"
        request["ExpressionAttributeNames"] |= {**names, "#deleted": DELETED}
        request["ExpressionAttributeValues"] |= {f":{name[1:]}": given[of] for name, of in names.items()}
        return request

    def see(self, item: Mapping[str, Any] | None) -> None:
        """Go past the version of an item that was read, or that refused a write; then stamp and write again."""
        if item is not None and is_version(item.get(VERSION)):
            self.clock.see(item[VERSION])


def _conditional(version: str, **request: Any) -> dict[str, Any]:
    return {
        **request,
        "ConditionExpression": NEWER,
        "ExpressionAttributeNames": {"#version": VERSION},
        "ExpressionAttributeValues": {":version": version},
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
