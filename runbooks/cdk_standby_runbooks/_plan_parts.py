"""What a recovery plan is made of: names that the Regions agreed on, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Headless:
    """Where a cluster has no instance until a failover: the stack that makes them when a parameter says so."""

    region: str
    stack: str
    parameter: str
    """``none``, ``one`` or ``all``."""
    instances: int
    """How many all of them are."""
    instance_class: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GlobalDatabase:
    """An Aurora global database with a cluster in each Region."""

    name: str
    global_cluster: str
    clusters: Mapping[str, str]
    """Region to DB cluster identifier."""
    kind: str = "aurora-global"
    headless: Headless | None = None
    """None: instances run in both Regions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplicatedInstance:
    """An RDS instance in each Region, one of which was born as a read replica of the other; a person promotes it."""

    name: str
    instances: Mapping[str, str]
    """Region to DB instance identifier."""
    follows_in: str
    """The Region of the replica, promoted or not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """The bounds of an Auto Scaling group, in instances."""

    minimum: int
    maximum: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ScalingGroup:
    """An Auto Scaling group in each Region: `full` where the workload is active, `standby` at the other site."""

    name: str
    groups: Mapping[str, str]
    """Region to Auto Scaling group name."""
    full: Capacity
    standby: Capacity


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """The metric that moves traffic: 1 = it leaves `leaves`, 0 = it may return. It lives in `held_in`."""

    leaves: str
    held_in: str
    alarm: str
    namespace: str = "cdk-standby"
    metric: str = "TrafficSwitch"


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """The name that users call, and the name of each site."""

    domain: str
    hosted_zone_id: str
    sites: Mapping[str, str]
    """Region to the site's own DNS name."""
    switch: Switch


@dataclass(frozen=True, slots=True, kw_only=True)
class StepSpec:
    """One step as data: what kind, of which part, at which Region, towards what."""

    step: str
    of: str = ""
    at: str = ""
    to: str = ""

    def to_dict(self) -> dict[str, str]:
        """Without what is left empty."""
        return {
            key: value
            for key, value in (("step", self.step), ("of", self.of), ("at", self.at), ("to", self.to))
            if value
        }
