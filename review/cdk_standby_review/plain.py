"""Plain JSON values, told apart in a way that type checkers follow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeGuard


def is_object(value: Any) -> TypeGuard[dict[str, Any]]:
    """Whether a value is a JSON object."""
    return isinstance(value, dict)


def is_mapping(value: Any) -> TypeGuard[Mapping[str, Any]]:
    """Whether a value is an object, of JSON or of Python."""
    return isinstance(value, Mapping)


def is_list(value: Any) -> TypeGuard[list[Any]]:
    """Whether a value is a JSON list."""
    return isinstance(value, list)


def object_of(value: Any) -> dict[str, Any]:
    """The value when it is an object, else an empty one."""
    return value if is_object(value) else {}


def list_of(value: Any) -> list[Any]:
    """The value when it is a list, else an empty one."""
    return value if is_list(value) else []


def within(value: Any, *names: str) -> Any:
    """A value nested in objects, or None."""
    for name in names:
        value = object_of(value).get(name)
    return value


def is_true(value: Any) -> bool:
    """Whether a value is true, also when it is written as text."""
    return str(value).lower() == "true"
