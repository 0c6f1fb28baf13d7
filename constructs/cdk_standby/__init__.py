"""Highly available building blocks for the AWS CDK.

Each name is imported when it is first used, with the AWS modules it needs and no others, so that
``import cdk_standby`` costs next to nothing (https://peps.python.org/pep-0562/).
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ._checks import InvalidOptions, Problem
    from .alarm_topic import AlarmTopic
    from .keys import DataKey

_HOME = {
    "AlarmTopic": "alarm_topic",
    "DataKey": "keys",
    "InvalidOptions": "_checks",
    "Problem": "_checks",
}

__all__ = ["AlarmTopic", "DataKey", "InvalidOptions", "Problem"]


def __getattr__(name: str) -> Any:
    try:
        module = _HOME[name]
    except KeyError:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
    value = getattr(importlib.import_module(f".{module}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
