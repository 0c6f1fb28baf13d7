"""How much of a protection a resource has, as a number: less is weaker. None where the template does not say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..graph import Resource
from ..intrinsics import Unknown
from ..plain import is_list, list_of, object_of, within

Measure = Callable[[Resource], float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Protection:
    """One property that protects, on some types."""

    types: tuple[str, ...]
    property: str
    what: str
    measure: Measure
    fix: str = ""


def flag(*names: str, default: bool = False) -> Measure:
    """A property that is true; left out, the default of AWS."""
    return lambda resource: _flag(resource.get(*names), default)


def _flag(value: Any, default: bool) -> float | None:
    if value is None:
        return float(default)
    return {"true": 1.0, "false": 0.0}.get(str(value).lower())


def number(*names: str, default: float | None = 0) -> Measure:
    """A property that is a number; left out, the default of AWS, or None where things stay as they run."""
    return lambda resource: default if resource.get(*names) is None else resource.number(*names)


def word(*names: str, good: str) -> Measure:
    """A property that has one protecting value."""

    def measure(resource: Resource) -> float | None:
        value = resource.get(*names)
        return None if isinstance(value, Unknown) else float(str(value).upper() == good.upper())

    return measure


def given(*names: str) -> Measure:
    """A property that is there at all."""
    return lambda resource: None if isinstance(resource.get(*names), Unknown) else float(bool(resource.get(*names)))


def length(*names: str, where: tuple[str, ...] = (), default: float | None = 0) -> Measure:
    """How many items a list has; with `where`, those in which a nested property is true."""

    def measure(resource: Resource) -> float | None:
        value = resource.get(*names)
        if value is None:
            return default
        if not is_list(value):
            return None
        items = [item for item in list_of(value) if not where or str(within(item, *where)).lower() == "true"]
        return float(len(items))

    return measure


def attribute(key: str) -> Measure:
    """An attribute of a load balancer that is true."""

    def measure(resource: Resource) -> float | None:
        found = {str(i.get("Key")): i.get("Value") for i in resource.items("LoadBalancerAttributes")}
        return _flag(found.get(key), default=False)

    return measure


def rules(*names: str) -> Measure:
    """How many of a list of rules are on."""

    def measure(resource: Resource) -> float | None:
        return float(sum(object_of(r).get("Status", "Enabled") == "Enabled" for r in list_of(resource.get(*names))))

    return measure


def copies(resource: Resource) -> float:
    """How many copies the rules of a backup plan make."""
    return float(sum(len(list_of(r.get("CopyActions"))) for r in resource.items("BackupPlan", "BackupPlanRule")))


def kept_days(resource: Resource) -> float:
    """How long the rule of a backup plan that keeps longest keeps; for ever without an end."""
    plans = resource.items("BackupPlan", "BackupPlanRule")
    days = [within(r, "Lifecycle", "DeleteAfterDays") for r in plans]
    return max((float(d) if isinstance(d, int | float) else float("inf") for d in days), default=0)
