"""Handlers made of three functions, for types that are more than one call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ._model import Context, Handler, Made, Unsupported

Create = Callable[[Context, dict[str, Any]], Made]
Update = Callable[[Context, Made, dict[str, Any], dict[str, Any]], Made]
Delete = Callable[[Context, Made, dict[str, Any]], None]


def _cannot(context: Context, made: Made, before: dict[str, Any], after: dict[str, Any]) -> Made:
    changed = sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
    raise Unsupported(f"{context.type}: changing {', '.join(changed)} in place is not modelled here")


def _nothing(context: Context, made: Made, properties: dict[str, Any]) -> None:
    """The resource goes with what it is part of."""


class Functions:
    """A handler.

    Args:
        create: makes it.
        update: changes it in place. Left out: refused by name.
        delete: ends it. Left out: it goes with what it is part of.
    """

    def __init__(self, create: Create, update: Update = _cannot, delete: Delete = _nothing) -> None:
        self._create, self._update, self._delete = create, update, delete

    def create(self, context: Context, properties: dict[str, Any]) -> Made:
        return self._create(context, properties)

    def update(self, context: Context, made: Made, before: dict[str, Any], after: dict[str, Any]) -> Made:
        return self._update(context, made, before, after)

    def delete(self, context: Context, made: Made, properties: dict[str, Any]) -> None:
        self._delete(context, made, properties)


def again(create: Create) -> Update:
    """An update that sets the whole anew, for calls that overwrite."""
    return lambda context, made, before, after: Made(made.physical_id, create(context, after).attributes)


def made_anew(handler: Handler, name: str) -> Functions:
    """An update that ends and makes it under the same name, for what holds nothing and whose API cannot change it."""

    def update(context: Context, made: Made, before: dict[str, Any], after: dict[str, Any]) -> Made:
        handler.delete(context, made, before)
        return handler.create(context, {**after, name: made.physical_id})

    return Functions(handler.create, update, handler.delete)
