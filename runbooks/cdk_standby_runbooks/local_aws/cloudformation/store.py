"""What CloudFormation remembers: stacks, change sets, resources and events."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from ..errors import ServiceError
from ..resources._model import Made


def now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class Resource:
    """A resource that exists, with the template entry and the resolved properties that it was made from."""

    logical_id: str
    type: str
    made: Made
    properties: dict[str, Any]
    body: dict[str, Any]
    attempt: int = 0
    status: str = "CREATE_COMPLETE"
    reason: str = ""
    changed: datetime = field(default_factory=now)

    def policy(self, name: str) -> str:
        return str(self.body.get(name, "Delete"))


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a stack's history."""

    id: str
    logical_id: str
    physical_id: str
    type: str
    status: str
    reason: str
    at: datetime
    token: str


@dataclass(slots=True)
class Stack:
    """A stack: its history, its resources, and what it was deployed from."""

    name: str
    id: str
    region: str
    status: str = "REVIEW_IN_PROGRESS"
    reason: str = ""
    template: str = ""
    given: dict[str, str] = field(default_factory=dict[str, str])
    resolved: dict[str, str] = field(default_factory=dict[str, str])
    tags: dict[str, str] = field(default_factory=dict[str, str])
    capabilities: list[str] = field(default_factory=list[str])
    notifications: list[str] = field(default_factory=list[str])
    role: str = ""
    description: str = ""
    protected: bool = False
    resources: dict[str, Resource] = field(default_factory=dict[str, Resource])
    outputs: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    imports: set[str] = field(default_factory=set[str])
    events: list[Event] = field(default_factory=list[Event])
    change_sets: dict[str, ChangeSet] = field(default_factory=dict[str, "ChangeSet"])
    token: str = ""
    created: datetime = field(default_factory=now)
    updated: datetime | None = None
    deleted: datetime | None = None

    def tell(
        self, status: str, reason: str = "", *, of: Resource | None = None, started: tuple[str, str] | None = None
    ) -> None:
        """Write an event for the stack itself, for a resource, or for one that is not there yet (its id and type)."""
        logical, type_, physical = self.name, "AWS::CloudFormation::Stack", self.id
        if of is not None:
            logical, type_, physical = of.logical_id, of.type, of.made.physical_id
            of.status, of.reason, of.changed = status, reason, now()
        elif started is not None:
            (logical, type_), physical = started, ""
        else:
            self.status, self.reason = status, reason
        # The CLI sorts by milliseconds: no two events may share one.
        at = max(now(), self.events[-1].at + timedelta(milliseconds=1)) if self.events else now()
        self.events.append(Event(str(uuid.uuid4()), logical, physical, type_, status, reason, at, self.token))

    @property
    def busy(self) -> bool:
        return self.status.endswith("_IN_PROGRESS") and self.status != "REVIEW_IN_PROGRESS"


@dataclass(slots=True)
class ChangeSet:
    """A deployment that was prepared; executing it is what deploys."""

    name: str
    id: str
    kind: str
    template: str
    parameters: dict[str, str]
    tags: dict[str, str]
    request: dict[str, Any]
    status: str = "CREATE_COMPLETE"
    execution: str = "AVAILABLE"
    reason: str = ""
    changes: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    created: datetime = field(default_factory=now)


class Store:
    """All stacks of the account, by Region; deleted ones are kept and found by id only, as on AWS."""

    def __init__(self, account: str) -> None:
        self.account = account
        self.stacks: list[Stack] = []
        self.lock = threading.RLock()

    def find(self, region: str, name: str) -> Stack | None:
        """The living stack of that name, or the stack of that id, living or not."""
        for stack in reversed(self.stacks):
            if stack.id == name or (stack.region == region and stack.name == name and not stack.deleted):
                return stack
        return None

    def get(self, region: str, name: str) -> Stack:
        if stack := self.find(region, name):
            return stack
        raise ServiceError("ValidationError", f"Stack with id {name} does not exist")

    def add(self, region: str, name: str) -> Stack:
        stack_id = f"arn:aws:cloudformation:{region}:{self.account}:stack/{name}/{uuid.uuid4()}"
        stack = Stack(name, stack_id, region)
        self.stacks.append(stack)
        return stack

    def living(self, region: str) -> Iterator[Stack]:
        return (stack for stack in self.stacks if stack.region == region and not stack.deleted)

    def exports(self, region: str) -> dict[str, tuple[Stack, str]]:
        """Export names of a Region, with the stack that exports and the value."""
        return {
            output["ExportName"]: (stack, output["OutputValue"])
            for stack in self.living(region)
            for output in stack.outputs
            if "ExportName" in output
        }

    def change_set(self, region: str, stack_name: str | None, name: str) -> tuple[Stack, ChangeSet] | None:
        for stack in reversed(self.stacks):
            if stack_name and stack_name not in (stack.id, stack.name):
                continue
            for change_set in stack.change_sets.values():
                if change_set.id == name or (change_set.name == name and stack.region == region and not stack.deleted):
                    return stack, change_set
        return None
