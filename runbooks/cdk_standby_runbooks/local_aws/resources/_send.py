"""From CloudFormation's properties to an API call: their names match, their types do not always."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeGuard

from botocore import xform_name
from botocore.exceptions import ClientError

Values = dict[str, Any]
Hear = Callable[[str], None]

WHOLE = ("integer", "long")
BROKEN = ("float", "double")


def send(client: Any, operation: str, parameters: Mapping[str, Any], hear: Hear | None = None) -> Values:
    """Call an operation, named as AWS spells it, with what of `parameters` it knows; `hear` is told of the rest."""
    shape = input_of(client, operation)
    unknown: list[str] = []
    fitted: Values = fit(shape, parameters, "", unknown) if shape is not None else {}
    for path in unknown:
        if hear is None:
            raise TypeError(f"{operation} has no parameter {path}")
        hear(path)
    answer: Values = getattr(client, xform_name(operation))(**fitted)
    answer.pop("ResponseMetadata", None)
    return answer


def is_map(value: Any) -> TypeGuard[Mapping[str, Any]]:
    """Whether a value has members."""
    return isinstance(value, Mapping)


def is_list(value: Any) -> TypeGuard[list[Any]]:
    """Whether a value is a list."""
    return isinstance(value, list)


def input_of(client: Any, operation: str) -> Any:
    """Botocore's shape of an operation's parameters."""
    return client.meta.service_model.operation_model(operation).input_shape


def output_of(client: Any, operation: str) -> Any:
    """Botocore's shape of an operation's answer."""
    return client.meta.service_model.operation_model(operation).output_shape


def fit(shape: Any, value: Any, path: str, unknown: list[str]) -> Any:
    """A value in the types that the API wants; members that it does not know go to `unknown` by path."""
    kind = shape.type_name
    if kind == "structure" and is_map(value):
        fitted: Values = {}
        for name, inner in value.items():
            where = f"{path}.{name}".lstrip(".")
            if name not in shape.members:
                unknown.append(where)
            elif inner is not None:
                fitted[name] = fit(shape.members[name], inner, where, unknown)
        return fitted
    if kind == "list":
        many = value if is_list(value) else [value]
        return [fit(shape.member, inner, f"{path}[]", unknown) for inner in many]
    if kind == "map" and is_map(value):
        return {name: fit(shape.value, inner, f"{path}.{name}", unknown) for name, inner in value.items()}
    return scalar(kind, value)


def scalar(kind: str, value: Any) -> Any:
    """CloudFormation passes `"true"` and `"5"` as readily as true and 5."""
    if kind in WHOLE:
        return int(value)
    if kind in BROKEN:
        return float(value)
    if kind == "boolean":
        return yes(value)
    if kind == "string":
        if isinstance(value, bool):
            return "true" if value else "false"
        return json.dumps(value) if isinstance(value, dict | list) else str(value)
    return value


def yes(value: Any) -> bool:
    """Whether CloudFormation means true."""
    return value if isinstance(value, bool) else str(value).lower() == "true"


def code_of(error: ClientError) -> str:
    """The code that an API refused with."""
    return str(error.response.get("Error", {}).get("Code", ""))


def dig(value: Any, path: str) -> Any:
    """`A.0.B` in nested answers; None where something is missing."""
    for step in filter(None, path.split(".")):
        if is_list(value):
            value = value[int(step)] if int(step) < len(value) else None
        elif is_map(value):
            value = value.get(step)
        else:
            return None
    return value


def without(properties: Mapping[str, Any], *names: str) -> Values:
    """All but the named ones."""
    return {name: value for name, value in properties.items() if name not in names}


def only(properties: Mapping[str, Any], *names: str) -> Values:
    """The named ones that are there."""
    return {name: properties[name] for name in names if name in properties}


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Values, list[str]]:
    """What an update sets, and which properties it takes away."""
    changed = {name: value for name, value in after.items() if before.get(name) != value}
    return changed, sorted(name for name in before if name not in after)


def small(shape: Any, value: Any) -> Any:
    """In the spelling of APIs that begin names with a small letter; keys that people chose stay."""
    kind = shape.type_name
    if kind == "structure" and is_map(value):
        by_name = {name.lower(): name for name in shape.members}
        spelled = {by_name.get(name.lower(), name): inner for name, inner in value.items()}
        return {n: small(shape.members[n], inner) if n in shape.members else inner for n, inner in spelled.items()}
    if kind == "list" and is_list(value):
        return [small(shape.member, inner) for inner in value]
    if kind == "map" and is_map(value):
        return {name: small(shape.value, inner) for name, inner in value.items()}
    return value
