"""The strategies, as data: what each kind of tier is at each site, and how traffic moves.

Changing a strategy changes postures, nothing else: no id, no name and no create-only property
depends on it. Read the table like that of the whitepaper "Disaster Recovery of Workloads on AWS".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from .tiers import Kind, Posture

STRATEGIES_PAGE = (
    "https://docs.aws.amazon.com/whitepapers/latest/disaster-recovery-workloads-on-aws/"
    "disaster-recovery-options-in-the-cloud.html"
)


class Traffic(StrEnum):
    """How users are led to a site."""

    SINGLE = "one Region"
    """The name leads to the active Region, whatever its health: there is no other."""
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
    regions: range = range(2, 3)
    """How many Regions it takes."""

    def posture(self, kind: Kind, *, active: bool) -> Posture:
        """What a tier of this kind is at an active or a standby site."""
        return (self.active if active else self.standby)[kind]

    def share(self, sites: int) -> Fraction:
        """The part of the whole load that a full site carries: with one Region of many lost, the others carry all."""
        return Fraction(1, sites - 1) if self.traffic is Traffic.LATENCY and sites > 1 else Fraction(1)


_COLUMNS = ("multi-az", "backup-and-restore", "pilot-light", "warm-standby", "multi-site")

_ABSENT, _BACKUPS, _REPLICA = Posture.ABSENT, Posture.BACKUPS, Posture.LIVE_REPLICA
_IDLE, _COLD, _SCALED, _FULL = Posture.IDLE, Posture.COLD, Posture.SCALED_DOWN, Posture.FULL

# What a tier is at a standby site; at the active one it is always there in full.
_STANDBY: Mapping[Kind, tuple[Posture, ...]] = {
    # kind           multi-az  backup and restore  pilot light  warm standby  multi-site
    Kind.RELATIONAL: (_ABSENT, _BACKUPS, _REPLICA, _REPLICA, _REPLICA),
    Kind.TABLE: (_ABSENT, _BACKUPS, _REPLICA, _REPLICA, _FULL),
    Kind.BUCKET: (_ABSENT, _BACKUPS, _REPLICA, _REPLICA, _FULL),
    Kind.SECRETS: (_ABSENT, _BACKUPS, _REPLICA, _REPLICA, _REPLICA),
    Kind.IMAGES: (_ABSENT, _BACKUPS, _REPLICA, _REPLICA, _REPLICA),
    Kind.CACHE: (_ABSENT, _ABSENT, _COLD, _COLD, _FULL),
    Kind.QUEUE: (_ABSENT, _ABSENT, _IDLE, _IDLE, _FULL),
    Kind.SERVICE: (_ABSENT, _ABSENT, _IDLE, _SCALED, _FULL),
}


def _strategy(name: str, traffic: Traffic, regions: range) -> Strategy:
    column = _COLUMNS.index(name)
    return Strategy(
        name=name,
        active=dict.fromkeys(Kind, _FULL),
        standby={kind: row[column] for kind, row in _STANDBY.items()},
        traffic=traffic,
        regions=regions,
    )


MULTI_AZ = _strategy("multi-az", Traffic.SINGLE, range(1, 3))
"""It needs one Region; the second may be named already, and holds nothing yet."""
BACKUP_AND_RESTORE = _strategy("backup-and-restore", Traffic.SINGLE, range(2, 3))
PILOT_LIGHT = _strategy("pilot-light", Traffic.FAILOVER, range(2, 3))
WARM_STANDBY = _strategy("warm-standby", Traffic.FAILOVER, range(2, 3))
MULTI_SITE = _strategy("multi-site", Traffic.LATENCY, range(2, 12))
"""A global database has at most ten secondary clusters."""

STRATEGIES: Mapping[str, Strategy] = {
    s.name: s for s in (MULTI_AZ, BACKUP_AND_RESTORE, PILOT_LIGHT, WARM_STANDBY, MULTI_SITE)
}
