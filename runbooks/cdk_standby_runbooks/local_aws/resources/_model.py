"""What CloudFormation's engine asks of a resource type, and what it gives to it.

A handler is three functions over the public AWS API; `HANDLERS` in `resources/__init__.py` names one per type. The
engine has done the rest before it calls: intrinsics are resolved, properties are checked against AWS's schema, and an
update only arrives when no create-only property changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol


class Unsupported(Exception):  # noqa: N818  it reads as what it says: this is unsupported
    """Raised by a handler for what it does not model; the deployment fails and says so, it never pretends."""


class Clients(Protocol):
    """Gives boto3 clients on this local AWS, marked internal: a Region that is dark still answers them."""

    def __call__(self, service: str, region: str | None = None) -> Any: ...


def _forget(_: str) -> None:
    """Where dropped properties go when nobody listens."""


@dataclass(frozen=True, slots=True)
class Context:
    """Where and for whom a resource is being made.

    Args:
        account: twelve digits.
        region: the stack's Region.
        stack_name: as given at deployment.
        stack_id: the stack's ARN.
        logical_id: the resource's key in the template.
        type: the CloudFormation type.
        clients: boto3 clients on this local AWS.
        attempt: how many resources this logical id has had before; a replacement needs a new name beside the old one.
        drop: hears of each property that nobody models. Left out: nobody hears.
    """

    account: str
    region: str
    stack_name: str
    stack_id: str
    logical_id: str
    type: str
    clients: Clients
    attempt: int = 0
    drop: Callable[[str], None] = _forget

    def client(self, service: str, region: str | None = None) -> Any:
        """A boto3 client in the stack's Region, or in another one."""
        return self.clients(service, region or self.region)

    def name(self, limit: int = 63, *, lower: bool = True) -> str:
        """A physical name in CloudFormation's manner, the same for the same resource of the same stack."""
        seed = f"{self.stack_id}/{self.logical_id}/{self.attempt}"
        suffix = hashlib.sha256(seed.encode()).hexdigest()[:12]
        name = f"{self.stack_name}-{self.logical_id}"[: limit - 13].rstrip("-") + "-" + suffix
        return name.lower() if lower else name

    def dropped(self, property_path: str) -> None:
        """Report a property that no model keeps: it fails the deployment where it matters for availability."""
        self.drop(property_path)


@dataclass(frozen=True, slots=True)
class Made:
    """A resource that exists: `Ref` gives its physical id, `Fn::GetAtt` its attributes."""

    physical_id: str
    attributes: Mapping[str, Any] = field(default_factory=dict[str, Any])


class Handler(Protocol):
    """Creates, updates and deletes one resource type."""

    def create(self, context: Context, properties: dict[str, Any]) -> Made: ...

    def update(self, context: Context, made: Made, before: dict[str, Any], after: dict[str, Any]) -> Made: ...

    def delete(self, context: Context, made: Made, properties: dict[str, Any]) -> None: ...
