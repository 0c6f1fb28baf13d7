"""Policies of Data Lifecycle Manager as what they are: backups of volumes and instances, by tag."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .graph import Graph, Resource
from .plain import list_of, within
from .schedules import HOUR, interval_of

POLICY = "AWS::DLM::LifecyclePolicy"
_TAKES = {"AWS::EC2::Volume": "VOLUME", "AWS::EC2::Instance": "INSTANCE"}
_DAYS = {"DAYS": 1, "WEEKS": 7, "MONTHS": 30, "YEARS": 365}
_DETAILS = "PolicyDetails"


def schedules_for(graph: Graph, resource: Resource) -> Iterator[tuple[Resource, dict[str, Any]]]:
    """Every schedule of every policy in force that takes a resource."""
    kind = _TAKES.get(resource.type)
    if kind is None:
        return
    tags = {(str(tag.get("Key")), str(tag.get("Value"))) for tag in resource.items("Tags")}
    for policy in graph.of_type(POLICY):
        wanted = {(str(tag.get("Key")), str(tag.get("Value"))) for tag in policy.items(_DETAILS, "TargetTags")}
        takes = kind in list_of(policy.get(_DETAILS, "ResourceTypes"))
        if policy.get("State") == "ENABLED" and policy.region == resource.region and takes and tags & wanted:
            yield from ((policy, schedule) for schedule in policy.items(_DETAILS, "Schedules"))


def interval(schedule: dict[str, Any]) -> float | None:
    """The longest time in seconds between two points that can be restored: AWS starts within an hour of the time."""
    hours = within(schedule, "CreateRule", "Interval")
    cron = within(schedule, "CreateRule", "CronExpression")
    between = hours * HOUR if isinstance(hours, int | float) else interval_of(str(cron or "?"))
    return None if between is None else between + HOUR


def days(schedule: dict[str, Any]) -> float | None:
    """How long a snapshot is kept; None where that is said in numbers of them."""
    number = within(schedule, "RetainRule", "Interval")
    unit = _DAYS.get(str(within(schedule, "RetainRule", "IntervalUnit")))
    return float(number) * unit if isinstance(number, int | float) and unit else None


def copies(schedule: dict[str, Any]) -> tuple[str, ...]:
    """The Regions that get copies."""
    rules = list_of(schedule.get("CrossRegionCopyRules"))
    found = {within(rule, name) for rule in rules for name in ("Target", "TargetRegion")}
    return tuple(sorted(region for region in found if isinstance(region, str) and not region.startswith("arn:")))
