"""Handlers made of three functions, for types that are more than one call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ._model import Context, Made, Unsupported

Create = Callable[[Context, dict[str, Any]], Made]
Update = Callable[[Context, Made, dict[str, Any], dict[str, Any]], Made]
Delete = Callable[[Context, Made, dict[str, Any]], None]


def _cannot(context: Context, made: Made, before: dict[str, Any], after: dict[str, Any]) -> Made:
    changed = sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
    raise Unsupported(f"{context.type}: changing {', '.join(changed)} in place is not modelled here")


def _nothing(context: Context, made: Made, properties: dict[str, Any]) -> None:
    """The resource goes with what it is part of."""


@dataclass(frozen=True, slots=True)
class Functions:
    """A handler.

    Args:
        create: makes it.
        update: changes it in place. Left out: refused by name.
        delete: ends it. Left out: it goes with what it is part of.
    """

    create: Create
    update: Update = _cannot
    delete: Delete = _nothing


def again(create: Create) -> Update:
    """An update that sets the whole anew, for calls that overwrite."""
    return lambda context, made, before, after: Made(made.physical_id, create(context, after).attributes)
