"""moto, in this process and behind the front, with the two habits put right that would mislead."""

from __future__ import annotations

import json
from typing import Any

from moto.moto_server.werkzeug_app import (  # pyright: ignore[reportMissingTypeStubs]
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)

__all__ = ["Emulator", "MotoRequestHandler"]


class Emulator(DomainDispatcherApplication):
    """Moto's WSGI application; a service that it does not know is `NotImplementedError`, as an unknown operation is."""

    def __init__(self) -> None:
        super().__init__(_create)

    def get_backend_for_host(self, host: str | None) -> Any:
        backend = super().get_backend_for_host(host)
        if host is not None and backend is None:
            raise NotImplementedError(host)
        return backend


def _create(service: Any) -> Any:
    if service == "s3":
        _skip_conditional_statements()
    return create_backend_app(service)


def _skip_conditional_statements() -> None:
    """Moto applies bucket policies without their conditions: one that denies plain HTTP would deny everything."""
    from moto.s3.models import FakeBucket  # noqa: PLC0415  only for who uses S3

    strict = FakeBucket.get_permission

    def get_permission(bucket: Any, action: str, resource: str) -> Any:
        whole = bucket.policy
        if whole:
            policy = json.loads(whole)
            statements = policy["Statement"] if isinstance(policy["Statement"], list) else [policy["Statement"]]
            plain = [statement for statement in statements if "Condition" not in statement]
            bucket.policy = json.dumps({**policy, "Statement": plain}).encode()
        try:
            return strict(bucket, action, resource)
        finally:
            bucket.policy = whole

    setattr(FakeBucket, "get_permission", get_permission)  # noqa: B010  type checkers rightly dislike it
