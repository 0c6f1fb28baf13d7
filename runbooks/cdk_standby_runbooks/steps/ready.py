"""Both Regions answer, and the one that takes over follows the present writer: what a planned move needs."""

from __future__ import annotations

from dataclasses import dataclass

from cdk_standby_review.facts import Fact, Range, role_changes

from ..plan import GlobalDatabase
from ._model import Found, Looking, Need, Proof
from .aurora import cluster_status, global_state
from .lag import replication_lag

# A switchover catches up by itself; with more than this it would pause writes for long.
SMALL_LAG_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Ready(Looking):
    """Wait until the cluster that takes over is a reader that has caught up."""

    database: GlobalDatabase

    @property
    def title(self) -> str:
        """Names the step in the journal."""
        return f"ready {self.database.name}"

    @property
    def says(self) -> str:
        """What it will do."""
        salvage = (
            "; AWS tries to keep a snapshot of what it had not replicated" if self.run.direction == "failback" else ""
        )
        return f"wait until {self.database.clusters[self.run.to]} in {self.run.to} is there and has caught up{salvage}"

    @property
    def takes(self) -> Fact[Range] | None:
        """How long AWS takes to rebuild a Region that was lost."""
        return role_changes.AURORA_GLOBAL_REJOIN if self.run.direction == "failback" else None

    @property
    def limit(self) -> float:
        """Four hours: rebuilding a large database takes long, and nothing is at stake meanwhile."""
        return 4 * 3600.0

    def check(self) -> Found:
        """Perhaps it is in step already."""
        proof = self.prove()
        return Found(Need.DONE if proof.holds else Need.ACT, proof.says)

    def prove(self) -> Proof:
        """Available, a member, in step."""
        state = global_state(self.run.clients, self.database, self.run.to)
        cluster = self.database.clusters[self.run.to]
        member = state.member(self.run.to, cluster)
        if member is None:
            return Proof(False, f"{cluster} does not belong to {state.name} (yet)")
        if member.writer:
            return Proof(True, f"{cluster} is the writer already")
        status = cluster_status(self.run.clients, self.database, self.run.to)
        if status != "available" or member.synchronization not in ("", "connected"):
            return Proof(False, f"{cluster} is {status}, {member.synchronization or 'synchronization unknown'}")
        lag = replication_lag(self.run.clients, self.run.clock, self.database, self.run.to)
        if lag.seconds is not None and lag.seconds > SMALL_LAG_SECONDS:
            return Proof(False, f"{cluster} is available, {lag}")
        return Proof(True, f"{cluster} is a reader of {state.name}, available; {lag}")
