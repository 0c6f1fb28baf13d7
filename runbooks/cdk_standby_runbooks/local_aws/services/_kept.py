"""What callers set and the emulator forgets, kept beside it and laid over its answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..errors import NotModelled
from ..protocols import model
from ..wire import Call, Operation

Values = dict[str, Any]


def members(call: Any, *path: str, of: str | None = None) -> frozenset[str]:
    """Names that the answer of an operation has a place for, at a path of structures and lists."""
    operation = call.client(call.service).meta.service_model.operation_model(of or call.operation)
    shape = operation.output_shape
    for step in path:
        shape = shape.members[step]
        if shape.type_name == "list":
            shape = shape.member
    return frozenset(shape.members)


def keep(
    given: Mapping[str, Any], places: Iterable[str], renamed: Mapping[str, str], except_for: Iterable[str] = ()
) -> Values:
    """What of the parameters has a place in the answer, under the answer's name."""
    named = {renamed.get(name, name): value for name, value in given.items() if name not in except_for}
    return {name: value for name, value in named.items() if name in set(places)}


def refuse_the_rest(service: str, modelled: Mapping[str, Operation]) -> dict[str, Operation]:
    """All operations of a service whose state is ours alone: the emulator would answer from a world without it."""

    def refuse(call: Call) -> Values:
        raise NotModelled(call.service, call.operation)

    names = [str(name) for name in model(service).operation_names]
    return {**dict.fromkeys(names, refuse), **modelled}
