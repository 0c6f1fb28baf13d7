"""What a pricer says of a resource: what it runs, what it pays by use, and what it does not tell."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from ..facts import Range
from ..graph import Graph, Resource
from ..intrinsics import known

ONE = Range(1, 1)
LARGEST = 1e9
"""Of a number that anything in a template can have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """Something that runs all month, or is paid by the month."""

    items: tuple[str, ...]
    """Its name in the table of prices; several when it is one of them and nobody knows which."""
    count: Range
    """How many units run, at least and at most."""
    what: str
    region: str = ""
    """Where; empty where the resource is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """Something that is paid by use."""

    what: str
    item: str = ""
    region: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsaid:
    """Something that costs money and that the template does not tell."""

    why: str


Part = Paid | Used | Unsaid
Pricer = Callable[[Graph, Resource], Iterable[Part]]
"""What a resource costs; nothing when it is free."""


def paid(item: str, count: Range | float = 1, what: str = "", *, region: str = "") -> Paid:
    """One item, so many times."""
    many = count if isinstance(count, Range) else Range(count, count)
    return Paid(items=(item,), count=many, what=what or item, region=region)


def used(*what: tuple[str, str] | str, region: str = "") -> list[Part]:
    """What is paid by use, with the item that has the price of a unit."""
    pairs = [(each, "") if isinstance(each, str) else each for each in what]
    return [Used(what=name, item=item, region=region) for name, item in pairs]


def by_use(*what: tuple[str, str] | str) -> Pricer:
    """The pricer of a type that is paid by use alone."""
    parts = used(*what)
    return lambda _graph, _resource: parts


def flat(item: str, what: str = "") -> Pricer:
    """The pricer of a type of which each costs the same."""
    part = paid(item, 1, what)
    return lambda _graph, _resource: [part]


def late(name: str) -> Unsaid:
    """A property that only the deployment knows."""
    return Unsaid(why=f"{name} is known only at deployment")


def number(resource: Resource, *names: str, default: float | None = None) -> float | None:
    """A size, or its default where the template leaves it out; None where only the deployment knows it."""
    return default if resource.get(*names) is None else size(resource.get(*names))


def size(value: Any) -> float | None:
    """A number that something can have, also when it is written as text; None for everything else."""
    try:
        found = float(value) if isinstance(value, int | float | str) and not isinstance(value, bool) else -1.0
    except (ValueError, OverflowError):
        return None
    return found if 0 <= found <= LARGEST else None


def missing(resource: Resource, *names: str) -> Unsaid:
    """Why a property cannot be priced: left out, or known too late."""
    if resource.get(*names) is None or known(resource.get(*names)):
        return Unsaid(why=f"the template does not say {'.'.join(names)}")
    return late(".".join(names))


def times(count: Range, by: float) -> Range:
    """A range so many times."""
    return Range(count.low * by, count.high * by)


def over(low: float, high: float) -> Range:
    """From the smaller to the larger of two numbers."""
    return Range(min(low, high), max(low, high))
