"""Tables, queues and sites without AWS: as much of DynamoDB and SQS as a replicator sees."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field
from typing import Any

from boto3.dynamodb.types import TypeSerializer
from botocore.exceptions import ClientError, EndpointConnectionError

from cdk_standby.tables.replicator_function.replicator.stamps import Stamps

Item = dict[str, Any]
_serialize = TypeSerializer().serialize


def typed(values: dict[str, Any]) -> Item:
    """Plain values as the API has them."""
    return {name: _serialize(value) for name, value in values.items()}


def error(code: str, **more: Any) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": code}, **more}, "PutItem")


@dataclass
class MemoryTable:
    """A table with the key `id`: conditions are evaluated, not recognized; and a stream of what changed."""

    items: dict[str, Item] = field(default_factory=dict)
    stream: list[dict[str, Any]] = field(default_factory=list)
    fails: Exception | None = None
    now: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def put_item(self, *, Item: Item, ConditionExpression: str = "", **more: Any) -> None:  # noqa: N803
        with self.lock:
            if self.fails:
                raise self.fails
            old = self.items.get(Item["id"]["S"])
            if ConditionExpression and not holds(ConditionExpression, old or {}, more):
                raise error("ConditionalCheckFailedException", Item=old)
            self.items[Item["id"]["S"]] = Item
            self._note("MODIFY" if old else "INSERT", old, Item)

    def delete(self, key: str, by: str | None = None) -> None:
        old = self.items.pop(key)
        self._note("REMOVE", old, None, userIdentity={"type": "Service", "principalId": by} if by else None)

    def _note(self, event: str, old: Item | None, new: Item | None, **more: Any) -> None:
        images = {name: image for name, image in {"OldImage": old, "NewImage": new}.items() if image}
        number = f"{len(self.stream):021d}"
        keys = {"id": (new or old or {})["id"]}
        told = {"Keys": keys, **images, "SequenceNumber": number, "ApproximateCreationDateTime": float(self.now)}
        self.stream.append({"eventName": event, "dynamodb": told, **more})


def holds(expression: str, item: Item, given: dict[str, Any]) -> bool:
    """Whether a condition of `attribute_not_exists`, `<`, AND and OR holds for an item."""
    names, values = given["ExpressionAttributeNames"], given["ExpressionAttributeValues"]

    def text(match: re.Match[str]) -> str:
        name, value = names[match[1]], values[match[2]]
        return str(name in item and item[name]["S"] < value["S"])

    said = re.sub(r"attribute_not_exists\((#\w+)\)", lambda m: str(names[m[1]] not in item), expression)
    said = re.sub(r"(#\w+) < (:\w+)", text, said)
    return bool(eval(said.replace("AND", "and").replace("OR", "or")))


@dataclass
class MemoryQueue:
    """Messages in any order, as long as nobody deletes them."""

    bodies: list[str] = field(default_factory=list)
    fails: bool = False
    pauses: list[int] = field(default_factory=list)

    def send_message_batch(self, *, QueueUrl: str, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
        if self.fails:
            return {"Failed": [{"Id": entry["Id"]} for entry in Entries]}
        self.bodies += [entry["MessageBody"] for entry in Entries]
        return {"Successful": Entries}

    def change_message_visibility_batch(self, *, QueueUrl: str, Entries: list[dict[str, Any]]) -> None:  # noqa: N803
        self.pauses += [entry["VisibilityTimeout"] for entry in Entries]


def records(bodies: list[str], receives: int = 1) -> list[dict[str, Any]]:
    """Messages as Lambda hands them over."""
    return [
        {
            "messageId": f"message-{place}",
            "receiptHandle": f"receipt-{place}",
            "body": body,
            "attributes": {"ApproximateReceiveCount": str(receives)},
        }
        for place, body in enumerate(bodies)
    ]


def unreachable() -> Exception:
    return EndpointConnectionError(endpoint_url="https://dynamodb.eu-central-1.amazonaws.com")


@dataclass
class Site:
    """A table, an application that writes to it, and the time that its clock shows."""

    name: str
    skew: int = 0
    wall: int = 1_700_000_000_000
    table: MemoryTable = field(default_factory=MemoryTable)
    read: int = 0
    """How far the stream was read."""

    def __post_init__(self) -> None:
        self.stamps = Stamps(site=self.name, tombstone_seconds=35 * 86_400, writer="app", now=lambda: self.clock)

    @property
    def clock(self) -> int:
        return self.wall + self.skew

    def write(self, key: str, value: str | None) -> Item:
        """As an application should: stamp; when something newer is there, look at it and stamp again."""
        while True:
            request = self.stamps.delete({"id": key}) if value is None else self.stamps.put({"id": key, "value": value})
            item = typed(request.pop("Item"))
            request["ExpressionAttributeValues"] = typed(request["ExpressionAttributeValues"])
            self.table.now = self.wall // 1000
            try:
                self.table.put_item(Item=item, **request)
            except ClientError as refused:
                self.stamps.see({"_version": refused.response["Item"]["_version"]["S"]})  # type: ignore[typeddict-item]
            else:
                return item
