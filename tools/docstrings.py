"""What a class says of its options: read from its signature and its docstrings."""

from __future__ import annotations

import inspect
import re
from typing import Any

_ENTRY = re.compile(r"^(?P<indent> *)(?P<name>\*{0,2}\w+)(?: \([^)]*\))?:", re.MULTILINE)
_SECTION = re.compile(r"^Args:\n((?:(?: +.*)?(?:\n|$))+)", re.MULTILINE)


def options(cls: type[Any]) -> dict[str, inspect.Parameter]:
    """The keyword options of a class, by name."""
    parameters = inspect.signature(cls.__init__).parameters
    return {name: p for name, p in parameters.items() if p.kind is p.KEYWORD_ONLY}


def described(cls: type[Any]) -> dict[str, str]:
    """The entries of `Args:`, in the class's or in `__init__`'s docstring, by name."""
    text = "\n".join(inspect.cleandoc(doc) for doc in (cls.__doc__, cls.__init__.__doc__) if doc)
    entries: dict[str, str] = {}
    for section in _SECTION.findall(text):
        indent = len(section) - len(section.lstrip(" "))
        current = ""
        for line in section.splitlines():
            if (found := _ENTRY.match(line)) and len(found["indent"]) == indent:
                current = found["name"]
                entries[current] = line[found.end() :]
            elif current:
                entries[current] += " " + line.strip()
    return entries
