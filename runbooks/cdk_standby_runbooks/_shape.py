"""The shape of a plan's JSON as data, and a check that reports every misfit at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final


class Each:
    """A list whose items all have one shape."""

    def __init__(self, shape: Any) -> None:
        self.shape = shape


class Named:
    """An object with free keys, whose values all have one shape."""

    def __init__(self, shape: Any) -> None:
        self.shape = shape


class Maybe:
    """A field that may be missing."""

    def __init__(self, shape: Any) -> None:
        self.shape = shape


_CAPACITY: Final = {"minimum": int, "maximum": int}
_HEADLESS: Final = {"region": str, "stack": str, "parameter": str, "instances": int, "instance_class": str}
_DATABASE: Final[dict[str, Any]] = {
    "name": str,
    "kind": str,
    "global_cluster": str,
    "clusters": Named(str),
    "headless": Maybe(_HEADLESS),
}
_SWITCH: Final = {"leaves": str, "held_in": str, "alarm": str, "namespace": str, "metric": str}
PLAN: Final[dict[str, Any]] = {
    "format": int,
    "workload": str,
    "account": str,
    "strategy": str,
    "primary": str,
    "recovery": str,
    "objectives": Named({"rto": float, "rpo": float}),
    "databases": Each(_DATABASE),
    "replicas": Maybe(Each({"name": str, "instances": Named(str), "follows_in": str})),
    "groups": Each({"name": str, "groups": Named(str), "full": _CAPACITY, "standby": _CAPACITY}),
    "traffic": Maybe({"domain": str, "hosted_zone_id": str, "sites": Named(str), "switch": _SWITCH}),
    "runbooks": {
        name: Each({"step": str, "of": Maybe(str), "at": Maybe(str), "to": Maybe(str)})
        for name in ("failover", "planned", "failback")
    },
}
_CALLED: Final = {str: "a text", int: "a whole number", float: "a number", dict: "an object", list: "a list"}


def misfits(found: Any, shape: Any, where: str = "") -> list[str]:
    """Every place where `found` differs from `shape`; empty when it fits."""
    return [*_misfits(found, shape, where)]


def _misfits(found: Any, shape: Any, where: str) -> Iterator[str]:
    expected: type[Any] = _kind(shape)
    if not _is(found, expected):
        yield f"'{where}' is {found!r}; expected {_CALLED[expected]}"
    elif isinstance(shape, Each):
        for position, item in enumerate(found):
            yield from _misfits(item, shape.shape, f"{where}[{position}]")
    elif isinstance(shape, Named):
        for key, value in found.items():
            yield from _misfits(value, shape.shape, f"{where}.{key}")
    elif isinstance(shape, Mapping):
        yield from _fields(found, shape, where)  # pyright: ignore[reportUnknownArgumentType]


def _fields(found: Mapping[str, Any], shape: Mapping[str, Any], where: str) -> Iterator[str]:
    prefix = f"{where}." if where else ""
    yield from (f"'{prefix}{key}' is unknown" for key in found if key not in shape)
    for key, expected in shape.items():
        inner = expected.shape if isinstance(expected, Maybe) else expected
        if key in found:
            yield from _misfits(found[key], inner, f"{prefix}{key}")
        elif not isinstance(expected, Maybe):
            yield f"'{prefix}{key}' is missing; expected {_CALLED[_kind(inner)]}"


def _is(found: Any, expected: type[Any]) -> bool:
    """JSON's numbers: 900 is a number with and without a point, true is none."""
    return type(found) in (int, float) if expected is float else type(found) is expected


def _kind(shape: Any) -> type[Any]:
    if isinstance(shape, Each):
        return list
    if isinstance(shape, Mapping | Named):
        return dict
    return shape  # type: ignore[no-any-return]  # what is left is a type
