"""Values of properties, as CloudFormation compares them, and what they point at."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any, Final

from ..plain import is_list, is_object

LARGEST: Final = 400
"""Characters of JSON. A larger value is remembered by its hash."""


def at(value: Any, parts: list[str]) -> Any:
    """A value inside properties; of lists, those of all items that have it."""
    if not parts:
        return value
    if parts[0] == "*":
        found = [at(item, parts[1:]) for item in value] if is_list(value) else []
        return [item for item in found if item is not None] or None
    return at(value.get(parts[0]), parts[1:]) if is_object(value) else None


def plain(value: Any) -> Any:
    """A value as CloudFormation compares it: `true` and `"true"`, 5432 and `"5432"` are the same to it.

    So are `{"Fn::GetAtt": "Key.Arn"}` and `{"Fn::GetAtt": ["Key", "Arn"]}`.
    """
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(value)
    if is_object(value):
        attribute = value.get("Fn::GetAtt")
        if len(value) == 1 and isinstance(attribute, str):
            return {"Fn::GetAtt": attribute.split(".", 1)}
        return {name: plain(value[name]) for name in sorted(value)}
    return [plain(item) for item in value] if is_list(value) else value


def kept(value: Any) -> Any:
    """A value as a lock keeps it: itself, or its hash when it is large."""
    text = json.dumps(plain(value), sort_keys=True)
    return value if len(text) <= LARGEST else {"sha256": hashlib.sha256(text.encode()).hexdigest()}


def same(before: Any, after: Any) -> bool:
    """Whether CloudFormation sees no difference."""
    return bool(plain(kept(before)) == plain(kept(after)))


def computed(value: Any) -> bool:
    """Whether only the deployment knows what a value comes to."""
    if is_list(value):
        return any(map(computed, value))
    return is_object(value) and any(
        name == "Ref" or name.startswith("Fn::") or computed(inner) for name, inner in value.items()
    )


def pointed_at(value: Any) -> set[str]:
    """The logical ids that a value refers to."""
    if is_list(value):
        return {name for item in value for name in pointed_at(item)}
    if not is_object(value):
        return set()
    if isinstance(value.get("Ref"), str):
        return {value["Ref"]}
    attribute = value.get("Fn::GetAtt")
    if isinstance(attribute, str):
        return {attribute.split(".")[0]}
    if is_list(attribute):
        return {str(attribute[0])} if attribute else set()
    return {name for item in value.values() for name in pointed_at(item)} | _in_text(value.get("Fn::Sub"))


def _in_text(sub: Any) -> set[str]:
    """The logical ids in the text of an `Fn::Sub`; names of its own map do no harm."""
    text = sub[0] if is_list(sub) and sub else sub
    return {name.split(".")[0] for name in re.findall(r"\$\{([^!}][^}]*)\}", text)} if isinstance(text, str) else set()
