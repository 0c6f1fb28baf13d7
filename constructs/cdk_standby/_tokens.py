"""Whether a value is known at synth, told without asking Node: a synth asks some six hundred times.

A token is a string with a marker in it, or a number no one would type: https://docs.aws.amazon.com/cdk/v2/guide/tokens.html
A test holds this against `Token.is_unresolved`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

_STRING, _LIST = "${Token[", "#{Token["
_NUMBERS_BELOW = -1e288


def is_token(value: Any) -> bool:
    """True for what only a deployment knows, and for lists that hold such a thing."""
    if isinstance(value, str):
        return _STRING in value or _LIST in value
    if isinstance(value, list | tuple):
        return any(map(is_token, cast("Iterable[Any]", value)))
    return isinstance(value, int | float) and value < _NUMBERS_BELOW
