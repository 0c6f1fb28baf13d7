"""A change as a message of SQS: JSON that a person can read, packed only where SQS would not take it otherwise."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterable, Iterator
from typing import TypeVar

from .merge import Change, version_of

LARGEST = 1_000_000
"""Bytes of a message and of a batch: a little less than the mebibyte that SQS takes."""
MOST = 10
"""Messages in a batch."""

Tag = TypeVar("Tag")


def encode(change: Change) -> str:
    """The body of the message.

    Raises:
        ValueError: it is too large even when packed.
    """
    body = json.dumps({"seen": change.seen, "item": change.item}, sort_keys=True, separators=(",", ":"))
    if len(body.encode()) > LARGEST:
        packed = base64.b64encode(zlib.compress(body.encode(), 9)).decode()
        body = json.dumps({"packed": packed})
    if len(body) > LARGEST:
        raise ValueError(f"a change of {len(body)} bytes fits in no message")
    return body


def decode(body: str) -> Change:
    """The change in a message.

    Raises:
        ValueError: it is no message of ours, or its item has no version.
    """
    try:
        given = json.loads(body)
        if "packed" in given:
            given = json.loads(zlib.decompress(base64.b64decode(given["packed"])))
        change = Change(given["item"], int(given["seen"]))
    except (KeyError, TypeError, AttributeError, zlib.error) as wrong:
        raise ValueError(f"no message of a replicator: {wrong!r}") from wrong
    if version_of(change.item) is None:
        raise ValueError("the item has no version")
    return change


def batches(bodies: Iterable[tuple[Tag, str]]) -> Iterator[list[tuple[Tag, str]]]:
    """Ten messages and a megabyte at a time, in order."""
    batch: list[tuple[Tag, str]] = []
    size = 0
    for tag, body in bodies:
        length = len(body.encode())
        if batch and (len(batch) == MOST or size + length > LARGEST):
            yield batch
            batch, size = [], 0
        batch.append((tag, body))
        size += length
    if batch:
        yield batch
