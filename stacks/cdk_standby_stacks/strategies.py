"""The strategies, as data: what each kind of tier is at each site, and how traffic moves.

Changing a strategy changes postures, nothing else: no id, no name and no create-only property
depends on it. Read the table like that of the whitepaper "Disaster Recovery of Workloads on AWS".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from .tiers import Kind, Posture


class Traffic(StrEnum):
    """How users are led to a site."""

    SINGLE = "one Region"
    FAILOVER = "failover records"
    """Health-checked primary and secondary records; a switch moves traffic by hand."""
    LATENCY = "latency records"
    """Health-checked records; every Region answers those nearest to it."""


Postures = Mapping[Kind, Posture]


@dataclass(frozen=True, slots=True, kw_only=True)
class Strategy:
    """A name, a posture per kind of tier at the active and at a standby site, and a way to move traffic."""

    name: str
    active: Postures
    standby: Postures
    traffic: Traffic

    def posture(self, kind: Kind, *, active: bool) -> Posture:
        """What a tier of this kind is at an active or a standby site."""
        return (self.active if active else self.standby)[kind]


_FULL: Postures = {Kind.RELATIONAL: Posture.FULL, Kind.SERVICE: Posture.FULL}

MULTI_AZ = Strategy(
    name="multi-az",
    active=_FULL,
    standby={Kind.RELATIONAL: Posture.ABSENT, Kind.SERVICE: Posture.ABSENT},
    traffic=Traffic.SINGLE,
)
BACKUP_AND_RESTORE = Strategy(
    name="backup-and-restore",
    active=_FULL,
    standby={Kind.RELATIONAL: Posture.BACKUPS, Kind.SERVICE: Posture.ABSENT},
    traffic=Traffic.SINGLE,
)
PILOT_LIGHT = Strategy(
    name="pilot-light",
    active=_FULL,
    standby={Kind.RELATIONAL: Posture.LIVE_REPLICA, Kind.SERVICE: Posture.IDLE},
    traffic=Traffic.FAILOVER,
)
WARM_STANDBY = Strategy(
    name="warm-standby",
    active=_FULL,
    standby={Kind.RELATIONAL: Posture.LIVE_REPLICA, Kind.SERVICE: Posture.SCALED_DOWN},
    traffic=Traffic.FAILOVER,
)
MULTI_SITE = Strategy(
    name="multi-site",
    active=_FULL,
    standby={Kind.RELATIONAL: Posture.LIVE_REPLICA, Kind.SERVICE: Posture.FULL},
    traffic=Traffic.LATENCY,
)

STRATEGIES: Mapping[str, Strategy] = {
    s.name: s for s in (MULTI_AZ, BACKUP_AND_RESTORE, PILOT_LIGHT, WARM_STANDBY, MULTI_SITE)
}
