"""The relational store of record: Aurora, alone or as members of one global database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from constructs import Construct

from cdk_standby._checks import Problem
from cdk_standby_review.facts import aurora as facts

from ..database_parts import build_database, offer_of
from ._tier import Kind, Layer, Placing, Posture

if TYPE_CHECKING:
    from ..sites import Site

_FORWARDING = (
    "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database-write-forwarding.html"
)
_READING = (Posture.SCALED_DOWN, Posture.FULL)
"""What services are at a standby that answers, and so reads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Aurora:
    """What both engines share."""

    version: str
    instance: str = "r7g.large"
    readers: int = 2
    name: str = "database"
    database_name: str = "app"
    forward_writes: bool = False
    one_writer_because: str | None = None
    headless_secondary: bool = False

    @property
    def engine(self) -> str:
        """As RDS calls it."""
        raise NotImplementedError

    @property
    def kind(self) -> Kind:
        """The row of a strategy's table."""
        return Kind.RELATIONAL

    @property
    def layer(self) -> Layer:
        """The stack of a site that it lives in."""
        return Layer.DATA

    def problems(self, where: str) -> Iterable[Problem]:
        """What no site could build; the constructs check the rest of what they are given."""
        if self.readers < 1:
            yield Problem(
                where=where,
                option="readers",
                got=str(self.readers),
                allowed="1 to 15",
                why="every site survives the loss of a zone, and only a reader in another one can take over at once",
                source=facts.READERS.source,
            )

    def misfits(self, where: str, placing: Placing) -> Iterable[Problem]:
        """Where several Regions serve, a store with one writer needs a way for writes, or a reason.

        Where a standby runs, services read there.
        """
        if placing.everywhere and not self.forward_writes and not (self.one_writer_because or "").strip():
            yield Problem(
                where=where,
                option="forward_writes",
                got="False",
                allowed="True; or 'one_writer_because' with the reason; or WarmStandby, where one Region serves",
                why="users are led to every Region, and a global database takes writes in one of them",
                source=_FORWARDING,
            )
        if self.headless_secondary and placing.standby[Kind.SERVICE] in _READING:
            yield Problem(
                where=where,
                option="headless_secondary",
                got="True",
                allowed="False; or PilotLight, where nothing runs until a failover",
                why="services run in the other Region, too, and a cluster without instances answers none of them",
                source=facts.HEADLESS.source,
            )

    def build(self, scope: Construct, site: Site, posture: Posture) -> None:
        """One Region's cluster. Which Region was born as the writer never changes; who writes today does."""
        cluster = build_database(scope, self, site, posture)
        site.databases[self.name] = cluster
        site.offers[self.name] = offer_of(cluster, site.credentials(self.name))


@dataclass(frozen=True, slots=True, kw_only=True)
class AuroraPostgres(Aurora):
    """Aurora PostgreSQL: a writer and readers in other zones, joined across Regions by a global database.

    Args:
        version: the engine version, such as ``17.4``: the same in every Region.
        instance: a memory-optimized class without ``db.``; a global database takes no burstable one.
        readers: instances beside the writer at each site, 1 to 15.
        name: unique in the workload; part of the cluster identifiers.
        database_name: the first database in the cluster.
        forward_writes: True lets every Region of a multi-site deployment take writes and send them to the writer's.
        one_writer_because: why only one Region of a multi-site deployment needs to take writes.
        headless_secondary: True runs no instance in the recovery Region while the primary serves: storage follows,
            and a failover makes an instance first, in some 5 to 15 minutes. For `PilotLight`; left out: False, the
            instances of the recovery Region are those of the primary.
    """

    @property
    def engine(self) -> str:
        """As RDS calls it."""
        return "aurora-postgresql"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuroraMysql(Aurora):
    """Aurora MySQL: a writer and readers in other zones, joined across Regions by a global database.

    Args:
        version: the engine version, such as ``8.0.mysql_aurora.3.08.0``: the same in every Region.
        instance: a memory-optimized class without ``db.``; a global database takes no burstable one.
        readers: instances beside the writer at each site, 1 to 15.
        name: unique in the workload; part of the cluster identifiers.
        database_name: the first database in the cluster.
        forward_writes: True lets every Region of a multi-site deployment take writes and send them to the writer's.
        one_writer_because: why only one Region of a multi-site deployment needs to take writes.
        headless_secondary: True runs no instance in the recovery Region while the primary serves: storage follows,
            and a failover makes an instance first, in some 5 to 15 minutes. For `PilotLight`; left out: False, the
            instances of the recovery Region are those of the primary.
    """

    @property
    def engine(self) -> str:
        """As RDS calls it."""
        return "aurora-mysql"
