"""moto, in this process and behind the front, with habits put right that would mislead, or take most of the time."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from botocore.loaders import create_loader
from moto.core import utils as core
from moto.moto_server.werkzeug_app import (  # pyright: ignore[reportMissingTypeStubs]
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)

__all__ = ["Emulator", "MotoRequestHandler"]

SYMMETRIC = "SYMMETRIC_DEFAULT"


class Emulator(DomainDispatcherApplication):
    """Moto's WSGI application; a service that it does not know is `NotImplementedError`, as an unknown operation is."""

    def __init__(self) -> None:
        super().__init__(_create)
        # Moto reads the description of a service once, but looks for all of them each time.
        setattr(core, "create_loader", cache(create_loader))  # noqa: B010  as below
        self._backends: dict[str | None, Any] = {}

    def get_backend_for_host(self, host: str | None) -> Any:
        if host not in self._backends:  # moto looks through its folders at every request
            backend = super().get_backend_for_host(host)
            if host is not None and backend is None:
                raise NotImplementedError(host)
            self._backends[host] = backend
        return self._backends[host]


def _create(service: Any) -> Any:
    if service == "s3":
        _skip_conditional_statements()
    if service == "kms":
        _draw_one_key_for_all()
    return create_backend_app(service)


def _draw_one_key_for_all() -> None:
    """Moto draws an RSA key for every key of KMS; one that is symmetric never signs, and any will do."""
    from moto.kms import models, utils  # noqa: PLC0415  only for who uses KMS

    draw = utils.generate_private_key
    any_key = cache(lambda: draw(SYMMETRIC))

    def generate_private_key(key_spec: str) -> Any:
        return any_key() if key_spec == SYMMETRIC else draw(key_spec)

    setattr(models, "generate_private_key", generate_private_key)  # noqa: B010  as below


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
