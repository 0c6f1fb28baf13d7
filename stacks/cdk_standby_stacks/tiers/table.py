"""A DynamoDB table: a global one from its first day, with a replica wherever a strategy has its data live."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from constructs import Construct

from cdk_standby import GlobalIndex, LocalIndex, OnDemand, Provisioned
from cdk_standby._checks import Problem
from cdk_standby.tables._table_values import Key
from cdk_standby_review.facts import dynamodb as facts

from ..table_parts import build_table
from ._tier import Kind, Layer, Placing, Posture

if TYPE_CHECKING:
    from ..sites import Site


@dataclass(frozen=True, slots=True)
class Table:
    """A table that takes reads and writes in every Region that has a replica of it.

    Args:
        name: unique in the workload; part of the table's name.
        partition_key: a name, or a name with its type, such as ``("order_id", "N")``.
        sort_key: likewise. Left out: there is one item for each partition key.
        capacity: `OnDemand` or `Provisioned`. Left out: on demand.
        global_indexes: up to 20. Left out: none.
        local_indexes: up to 5. Left out: none.
        ttl: the attribute that says when an item may go. Left out: none do.
        consistency: ``"strong"`` acknowledges a write when another Region has it, in three Regions, or in two and a
            `witness`, from the first day on: it cannot be chosen for a table with data. Left out: ``"eventual"``.
        witness: the third Region of a strongly consistent table. Left out: there is none.
        last_writer_wins_because: why it is fine that of two Regions that write an item at once the later one wins, and
            the other write is lost: asked where several Regions serve. Left out: it is not.
    """

    name: str
    partition_key: Key
    sort_key: Key | None = None
    capacity: OnDemand | Provisioned | None = None
    global_indexes: Sequence[GlobalIndex] = ()
    local_indexes: Sequence[LocalIndex] = ()
    ttl: str | None = None
    consistency: Literal["eventual", "strong"] = "eventual"
    witness: str | None = None
    last_writer_wins_because: str | None = None

    @property
    def kind(self) -> Kind:
        """The row of a strategy's table."""
        return Kind.TABLE

    @property
    def layer(self) -> Layer:
        """The stack of a site that it lives in."""
        return Layer.DATA

    def problems(self, where: str) -> Iterable[Problem]:
        """The construct checks what it is given."""
        return ()

    def misfits(self, where: str, placing: Placing) -> Iterable[Problem]:
        """Strong consistency without its Regions, and writes in several Regions that nobody thought of."""
        if self.consistency == "strong" and not placing.replicated(self.kind):
            yield Problem(
                where=where,
                option="consistency",
                got="'strong'",
                allowed="'eventual'; or PilotLight, WarmStandby or MultiSite from the first day on",
                why=f"{facts.STRONG_REGIONS.says}, and a table with data cannot become one",
                source=facts.STRONG_REGIONS.source,
            )
        stated = (self.last_writer_wins_because or "").strip()
        if placing.everywhere and self.consistency == "eventual" and not stated:
            yield Problem(
                where=where,
                option="last_writer_wins_because",
                got="not given",
                allowed="the reason; or consistency 'strong'; or WarmStandby, where one Region serves",
                why="users write in every Region, and of two writes to an item at once the later one wins",
                source="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html",
            )

    def build(self, scope: Construct, site: Site, posture: Posture) -> None:
        """The table with all its replicas in one Region's stack; in the others what belongs to the replica there."""
        site.offers[self.name] = build_table(scope, self, site)
