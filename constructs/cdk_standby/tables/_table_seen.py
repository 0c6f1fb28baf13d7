"""What a table knows of its replicas, for those who look at one of them from its own Region."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cdk_standby_review.facts import dynamodb as facts

from .._checks import Problem, shown
from .._tokens import is_token
from ._table_alarms import Watched, maxima
from ._table_capacity import Throughput
from ._table_values import Replica


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A table, as far as its replicas show it."""

    table_name: str | None
    lags: bool
    """Whether replicas follow each other, instead of agreeing first."""
    throughput: Throughput
    local_indexes: Sequence[str]
    replicas: Sequence[Replica]
    """That of its own Region first."""
    elsewhere: Sequence[str] = ()
    """Regions of replicas in other accounts."""

    def watched(self, region: str) -> Watched:
        """What alarms in a Region depend on."""
        [here] = [replica for replica in self.replicas if replica.region == region]
        own = here.reads.maximum if here.reads else here.max_reads
        others = [replica.region for replica in self.replicas if replica.region != region]
        return Watched(
            others=[*others, *self.elsewhere] if self.lags else (),
            global_indexes=[index.name for index in self.throughput.global_indexes],
            maxima=maxima(self.throughput.capacity, own),
            kinesis=here.kinesis_stream is not None,
        )

    def problems(self, table: str, where: str, region: str) -> list[Problem]:
        """Why it cannot be looked at from a Region."""
        found: list[Problem] = []
        others = [replica.region for replica in self.replicas[1:]]
        if region not in others:
            allowed = ", ".join(others) or "nothing: it has no replicas"
            found.append(_problem(where, "region", shown(region), f"for {table}: {allowed}"))
        if self.table_name is None or is_token(self.table_name):
            allowed = f"a name that is known at synth, given to {table}"
            found.append(_problem(where, "table_name", shown(self.table_name), allowed))
        return found


def _problem(where: str, option: str, got: str, allowed: str) -> Problem:
    why, source = facts.REPLICAS.says, facts.REPLICAS.source
    return Problem(where=where, option=option, got=got, allowed=allowed, why=why, source=source)
