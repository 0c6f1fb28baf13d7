"""Says what a piece of JSON is, so that type checkers know it too."""

from __future__ import annotations

from typing import Any, TypeGuard


def is_map(value: Any) -> TypeGuard[dict[str, Any]]:
    """Whether it is an object."""
    return isinstance(value, dict)


def is_list(value: Any) -> TypeGuard[list[Any]]:
    """Whether it is an array."""
    return isinstance(value, list)


def text_and_names(argument: Any) -> tuple[str, dict[str, Any]]:
    """The two arguments of `Fn::Sub`; the second may be left out."""
    return (str(argument[0]), argument[1]) if is_list(argument) else (str(argument), {})
