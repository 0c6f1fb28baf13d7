"""The relational store of record on Aurora DSQL: no writer, and writes in every Region that has a member."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from constructs import Construct

from cdk_standby._checks import Problem, shown
from cdk_standby_review.facts import dsql as facts

from ..dsql_parts import build_dsql
from ._tier import Kind, Layer, Placing, Posture

if TYPE_CHECKING:
    from ..sites import Site

_TWO_REGIONS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Dsql:
    """A DSQL cluster: of one Region with its backups elsewhere, or one of two Regions that both take writes.

    Which of the two it is is settled when it is made: with `witness` for `PilotLight`, `WarmStandby` and `MultiSite`,
    without for `MultiAz` and `BackupRestore`. Nobody is promoted, and the plan has no step for it: traffic moves.

    The members of two Regions are told each other's ARN, which AWS makes up, so they are deployed twice: first to make
    them, then with the ARNs in the committed context key ``cdk-standby:dsql-peers``. Until they are there, the cluster
    takes no connection, and synth warns.

    Args:
        name: unique in the workload; part of the name that the members know each other by.
        witness: the third Region, which keeps transaction logs and nothing else. Left out: the cluster is of one
            Region.
        region_set_because: why these Regions can be combined although no known set holds them all.
            Left out: they have to be of one.
    """

    name: str = "database"
    witness: str | None = None
    region_set_because: str | None = None

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
        """One Region where two are meant, two where one is, and more than there can be."""
        two = placing.replicated(self.kind)
        if two and self.witness is None:
            yield _witness(
                where,
                "not given",
                "the third Region, of a cluster that is made with it; or MultiAz or BackupRestore; of a cluster that "
                "has data already, copy the rows to a tier of another name",
            )
        if not two and self.witness is not None:
            yield _witness(
                where, shown(self.witness), "left out; or PilotLight, WarmStandby or MultiSite from the first day on"
            )
        if two and len(placing.regions) > _TWO_REGIONS:
            yield Problem(
                where=where,
                option="further",
                got=f"{len(placing.regions)} Regions",
                allowed="two Regions; or AuroraPostgres or AuroraMysql with 'forward_writes', or a Table",
                why=facts.PEERS.says,
                source=facts.PEERS.source,
            )

    def build(self, scope: Construct, site: Site, posture: Posture) -> None:
        """The Region's member, which takes writes whoever is active."""
        site.offers[self.name] = build_dsql(scope, self, site, restored=posture is Posture.RESTORED)


def _witness(where: str, got: str, allowed: str) -> Problem:
    return Problem(
        where=where,
        option="witness",
        got=got,
        allowed=allowed,
        why=facts.BORN.says,
        source=facts.BORN.source,
    )
