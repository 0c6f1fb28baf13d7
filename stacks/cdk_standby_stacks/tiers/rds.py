"""The relational store of record on RDS: an instance with a standby, or a cluster with two that can be read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from constructs import Construct

from cdk_standby._checks import Problem, shown
from cdk_standby_review.facts import rds_clusters, rds_replicas

from ..rds_parts import build_cluster, build_instance
from ._tier import Kind, Layer, Placing, Posture

if TYPE_CHECKING:
    from ..sites import Site

_TWO_REGIONS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Rds:
    """One RDS instance with a standby in another zone; in another Region a read replica of it, or its backups.

    The instances of the two Regions are counted as they are born: the first one at the primary, the second one as its
    replica at the recovery, and, once that one was promoted, the third one as its replica at the primary, and so on.
    Ids and identifiers hold that number and no role, so that none of them is ever renamed or replaced.

    Args:
        engine: as RDS calls it, such as ``"postgres"``, ``"mysql"``, ``"mariadb"`` or ``"oracle-ee"``.
        version: the full engine version, such as ``"17.6"``: the same in every Region.
        instance: the class without ``db.``. Left out: r7g.large, r6i.large for Oracle and Db2, r7i.xlarge for SQL
            Server.
        storage: GiB, of every instance alike.
        license: the licence model of Oracle or Db2. Left out: license-included where there is one, else
            bring-your-own-license.
        name: unique in the workload; part of the instance identifiers.
        database_name: the first database. Left out: app; of SQL Server none.
        continuous_copies: True keeps a copy of the automated backups in the other Region, minutes behind, beside the
            daily copies of AWS Backup; of an instance that was born as a replica there are the daily ones only.
        generation: which pair of instances the two Regions have: 1 is the first and its replica, 2 that replica and
            one of its own where the first was, and so on. Add 1 to make a new replica after a failover; the instance
            that it takes the place of leaves the template and is retained. Never go back; a restore alone begins with 1
            again, in the Region where the data was restored.
        one_writer_because: why only one Region of a multi-site deployment needs to take writes. Left out: it is refused
            there.
        promoted_by_hand_because: why it is fine that a person promotes the replica before the runbook moves traffic:
            the runbook promotes global databases only, and refuses until it is done. Left out: strategies with a
            replica are refused.
    """

    engine: str
    version: str
    instance: str | None = None
    storage: int = 100
    license: str | None = None
    name: str = "database"
    database_name: str | None = None
    continuous_copies: bool = False
    generation: int = 1
    one_writer_because: str | None = None
    promoted_by_hand_because: str | None = None

    @property
    def kind(self) -> Kind:
        """The row of a strategy's table."""
        return Kind.RELATIONAL

    @property
    def layer(self) -> Layer:
        """The stack of a site that it lives in."""
        return Layer.DATA

    def problems(self, where: str) -> Iterable[Problem]:
        """A generation that there never was; the constructs check what they are given."""
        if self.generation < 1:
            yield Problem(
                where=where,
                option="generation",
                got=str(self.generation),
                allowed="1, and one more with each new replica after a failover",
                why="it counts the pairs of instances, of which the first is 1",
            )

    def misfits(self, where: str, placing: Placing) -> Iterable[Problem]:
        """Replicas that RDS cannot make or the runbook cannot promote, and Regions that nobody could write in."""
        if self.generation > 1 and placing.standby[self.kind] is Posture.ABSENT:
            yield _alone(where, self.generation)
        if not placing.replicated(self.kind):
            return
        yield from _no_replica(where, self.engine)
        if len(placing.regions) > _TWO_REGIONS:
            yield _too_many(where, len(placing.regions))
        if placing.everywhere and not (self.one_writer_because or "").strip():
            yield _one_writer(where)
        if not (self.promoted_by_hand_because or "").strip():
            yield _by_hand(where)

    def build(self, scope: Construct, site: Site, posture: Posture) -> None:
        """The Region's instance: the one that was born here, a replica, or one from a recovery point."""
        site.offers[self.name] = build_instance(scope, self, site, posture)


@dataclass(frozen=True, slots=True, kw_only=True)
class MultiAzDbCluster:
    """A writer and two readable standbys in three zones of one Region, and nothing of it anywhere else.

    Args:
        engine: ``"postgres"`` or ``"mysql"``.
        version: the full engine version, such as ``"17.6"``.
        instance: a class with a local disk, without ``db.``.
        storage: GiB of each of the three instances.
        name: unique in the workload; part of the cluster identifier.
        database_name: the first database.
    """

    engine: str
    version: str
    instance: str = "r6gd.large"
    storage: int = 100
    name: str = "database"
    database_name: str = "app"

    @property
    def kind(self) -> Kind:
        """The row of a strategy's table."""
        return Kind.RELATIONAL

    @property
    def layer(self) -> Layer:
        """The stack of a site that it lives in."""
        return Layer.DATA

    def problems(self, where: str) -> Iterable[Problem]:
        """The construct checks what it is given."""
        return ()

    def misfits(self, where: str, placing: Placing) -> Iterable[Problem]:
        """Nothing of such a cluster leaves its Region."""
        if placing.standby[self.kind] is not Posture.ABSENT:
            yield Problem(
                where=where,
                option="database",
                got="a MultiAzDbCluster",
                allowed=f"AuroraPostgres, AuroraMysql or Rds for {placing.strategy}; or MultiAz, which stays in its "
                "Region",
                why=f"{rds_clusters.COPIES.says}, and {rds_replicas.CLUSTER_SOURCES.says}",
                source=rds_clusters.COPIES.source,
            )

    def build(self, scope: Construct, site: Site, posture: Posture) -> None:
        """The one cluster."""
        site.offers[self.name] = build_cluster(scope, self, site)


def _alone(where: str, generation: int) -> Problem:
    return Problem(
        where=where,
        option="generation",
        got=str(generation),
        allowed="1; or BackupRestore, PilotLight or WarmStandby, which know the other Region still",
        why="CloudFormation replaces an instance that was born as a replica when the Region of its source is no longer "
        "named",
        source=rds_replicas.PROMOTION.source,
    )


def _no_replica(where: str, engine: str) -> Iterator[Problem]:
    """Engines whose replicas cannot take over as they are, or that have none."""
    standby, editions = rds_replicas.MULTI_AZ, rds_replicas.EDITIONS
    whys = {
        "sqlserver-ee": (standby.says, standby.source),
        **{edition: (why, editions.source) for edition, why in editions.value.items()},
    }
    if engine in whys:
        why, source = whys[engine]
        yield Problem(
            where=where,
            option="engine",
            got=shown(engine),
            allowed="BackupRestore, with 'continuous_copies'; or another engine or edition",
            why=why,
            source=source,
        )


def _too_many(where: str, regions: int) -> Problem:
    return Problem(
        where=where,
        option="further",
        got=f"{regions} Regions",
        allowed="two Regions; or AuroraPostgres or AuroraMysql",
        why="of the replicas in several Regions one is promoted, and the others would follow a database that is lost",
        source=rds_replicas.MOST.source,
    )


def _one_writer(where: str) -> Problem:
    return Problem(
        where=where,
        option="one_writer_because",
        got="not given",
        allowed="the reason; or AuroraPostgres or AuroraMysql with 'forward_writes', or Dsql; or WarmStandby, where "
        "one Region serves",
        why="users are led to every Region, and a read replica takes no writes",
        source=rds_replicas.MOST.source,
    )


def _by_hand(where: str) -> Problem:
    return Problem(
        where=where,
        option="promoted_by_hand_because",
        got="not given",
        allowed="the reason; or AuroraPostgres or AuroraMysql, which the runbook promotes; or BackupRestore",
        why="the runbook moves traffic and promotes global databases only: somebody has to promote the replica before",
        source="https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_PromoteReadReplica.html",
    )
