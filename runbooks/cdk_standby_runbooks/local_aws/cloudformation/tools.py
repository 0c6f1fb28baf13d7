"""What every deployment works with, and how its errors read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

from ..errors import ServiceError
from ..regions import refuse_dark
from ..resources._model import Context, Handler, Unsupported
from .inputs import Outside
from .store import Stack


@dataclass
class Report:
    """What deployments took and nothing acts on, so that a person can read it.

    `dropped` are properties, by type; `policies` are attributes beside them, such as `UpdatePolicy`.
    """

    dropped: dict[str, set[str]] = field(default_factory=dict[str, set[str]])
    policies: dict[str, set[str]] = field(default_factory=dict[str, set[str]])
    warnings: list[str] = field(default_factory=list[str])

    def inert(self, kind: str, names: list[str]) -> None:
        if names:
            self.policies.setdefault(kind, set()).update(names)

    def told(self) -> dict[str, Any]:
        return {
            "dropped": {kind: sorted(paths) for kind, paths in sorted(self.dropped.items())},
            "policies": {kind: sorted(names) for kind, names in sorted(self.policies.items())},
            "warnings": self.warnings,
        }


@dataclass(frozen=True)
class Tools:
    """What every deployment works with."""

    outside: Outside
    handlers: Mapping[str, Handler]
    report: Report

    def context(self, stack: Stack, logical_id: str, kind: str, attempt: int, drop: Callable[[str], None]) -> Context:
        """What a handler gets; its calls to a Region that is away fail, since the stack's own Region is not."""
        outside = self.outside

        def clients(service: str, region: str | None = None) -> Any:
            refuse_dark(service, region or stack.region, outside.dark())
            return outside.clients(service, region)

        return Context(
            account=outside.store.account,
            region=stack.region,
            stack_name=stack.name,
            stack_id=stack.id,
            logical_id=logical_id,
            type=kind,
            clients=clients,
            attempt=attempt,
            drop=drop,
        )


class DroppedError(Exception):
    """A model dropped a property that decides what a fault does."""


class FailedError(Exception):
    """One resource failed; the stack's reason names it."""

    def __init__(self, name: str, verb: str, why: str) -> None:
        super().__init__(f"The following resource(s) failed to {verb.lower()}: [{name}]")
        self.why = why


def reason(error: Exception) -> str:
    """A person's reading of an error."""
    if isinstance(error, ServiceError):
        return error.message
    if isinstance(error, ClientError):
        told = error.response.get("Error", {})
        return (
            f"{told.get('Message', error)} (Service: {error.operation_name}, Error Code: {told.get('Code', 'Unknown')})"
        )
    if isinstance(error, FailedError | Unsupported | DroppedError):
        return str(error)
    return f"{type(error).__name__}: {error}"
