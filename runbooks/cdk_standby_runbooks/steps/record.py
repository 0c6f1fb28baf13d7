"""Write down where the writer is and how far the recovery Region is behind, before anything moves."""

from __future__ import annotations

from dataclasses import dataclass

from ..plan import GlobalDatabase
from ._model import Found, Looking, Need, Proof
from .aurora import global_state
from .lag import replication_lag


@dataclass(frozen=True, slots=True)
class Record(Looking):
    """The achievable RPO, recorded."""

    database: GlobalDatabase

    @property
    def title(self) -> str:
        """Names the step in the journal."""
        return f"record {self.database.name}"

    @property
    def says(self) -> str:
        """What it will do."""
        return f"write down the writer of {self.database.global_cluster} and how far {self.run.to} is behind"

    def check(self) -> Found:
        """Worth doing only while the writer is still elsewhere."""
        state = global_state(self.run.clients, self.database, self.run.to)
        if state.writer_region == self.run.to:
            return Found(Need.DONE, f"the writer is in {self.run.to} already")
        lag = replication_lag(self.run.clients, self.run.clock, self.database, self.run.to)
        return Found(Need.ACT, f"writer in {state.writer_region}, {lag}")

    def act(self) -> None:
        """Into the journal, not into AWS."""
        state = global_state(self.run.clients, self.database, self.run.to)
        lag = replication_lag(self.run.clients, self.run.clock, self.database, self.run.to)
        self.run.note(
            "recorded",
            step=self.title,
            writer=state.writer_region,
            lag_seconds=lag.seconds,
            metric=lag.metric,
            newest=lag.newest.isoformat() if lag.newest else None,
        )

    def prove(self) -> Proof:
        """It stands in the journal, unless the writer had moved before."""
        recorded = self.run.journal.said("recorded", self.title)
        if not recorded:
            return Proof(True, "nothing left to record: the writer moved before this run")
        lag = recorded["lag_seconds"]
        return Proof(
            True, f"writer in {recorded['writer']}; may lose {'an unknown amount' if lag is None else f'{lag:.3f} s'}"
        )
