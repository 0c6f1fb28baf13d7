"""What every tier can do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from constructs import Construct

from cdk_standby._checks import Problem

if TYPE_CHECKING:
    from ..sites import Site


class Kind(StrEnum):
    """What a tier is, which is all that a strategy wants to know of it."""

    RELATIONAL = "relational"
    TABLE = "table"
    BUCKET = "bucket"
    SECRETS = "secrets"
    IMAGES = "images"
    CACHE = "cache"
    QUEUE = "queue"
    SERVICE = "service"


class Layer(StrEnum):
    """The stack of a site that a tier lives in. Stateful and stateless never share one."""

    DATA = "data"
    SERVICE = "service"


class Posture(StrEnum):
    """What a tier is at a site."""

    ABSENT = "absent"
    BACKUPS = "backups only"
    """Nothing is built; copies lie there, in the site's vault or as AWS replicates secrets and images."""
    LIVE_REPLICA = "live replica"
    IDLE = "idle"
    """Everything is there, nothing runs: zero instances, consumers held."""
    COLD = "cold"
    """It runs and is empty: what it holds is made anew."""
    SCALED_DOWN = "scaled down"
    FULL = "full"
    RESTORED = "restored"
    """In full, and born from a recovery point instead of empty."""

    @property
    def built(self) -> bool:
        """Whether a site has resources of its own for it."""
        return self not in (Posture.ABSENT, Posture.BACKUPS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placing:
    """What a strategy is about to do with a workload, as far as a tier may object to it."""

    strategy: str
    regions: tuple[str, ...]
    """Every Region that was named, the primary first."""
    everywhere: bool
    """Whether users are led to all Regions at once."""
    standby: Mapping[Kind, Posture]
    """What each kind of tier is where it is not active."""

    def replicated(self, kind: Kind) -> bool:
        """Whether tiers of a kind are built in more than one Region."""
        return len(self.regions) > 1 and self.standby[kind].built


@runtime_checkable
class Tier(Protocol):
    """One part of a workload. It knows no Region; a site tells it where it is and what to be there."""

    @property
    def name(self) -> str:
        """Unique in its workload; part of ids and physical names, so it never changes."""
        ...

    @property
    def kind(self) -> Kind:
        """Which row of a strategy's table speaks of this tier."""
        ...

    @property
    def layer(self) -> Layer:
        """Which stack of a site it lives in."""
        ...

    def problems(self, where: str) -> Iterable[Problem]:
        """What is wrong with the tier wherever it is built."""
        ...

    def misfits(self, where: str, placing: Placing) -> Iterable[Problem]:
        """What this strategy cannot make of the tier, with what to choose instead."""
        ...

    def build(self, scope: Construct, site: Site, posture: Posture) -> None:
        """Make the tier's resources in `scope`, which is a stack of this site."""
        ...
