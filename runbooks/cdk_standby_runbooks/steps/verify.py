"""Look at everything once more, together: writer, capacity, traffic, all at the Region that is active now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..errors import NotReady
from ._model import Found, Looking, Need, Proof, Step
from .aurora import cluster_status, global_state


@dataclass(frozen=True, slots=True)
class Verify(Looking):
    """Repeats the proofs of the steps before it, and asks the writer's cluster itself."""

    proofs: Sequence[Step]

    @property
    def title(self) -> str:
        """Names the step in the journal."""
        return "verify"

    @property
    def says(self) -> str:
        """What it will do."""
        return f"look once more whether writer, capacity and traffic are all at {self.run.to}"

    def check(self) -> Found:
        """Always worth a look."""
        return Found(Need.ACT, "after everything else")

    def prove(self) -> Proof:
        """All proofs at the same time."""
        seen = [*(step.prove() for step in self.proofs), *self._writers()]
        failing = [proof for proof in seen if not proof.holds]
        return Proof(not failing, "; ".join(proof.says for proof in failing or seen))

    def _writers(self) -> list[Proof]:
        return [self._writer(database.name) for database in self.run.plan.databases]

    def _writer(self, name: str) -> Proof:
        database = self.run.plan.database(name)
        cluster = database.clusters[self.run.to]
        status = cluster_status(self.run.clients, database, self.run.to)
        if status == "missing":
            raise NotReady(f"{cluster} has disappeared from {self.run.to}")
        endpoint = global_state(self.run.clients, database, self.run.to).endpoint
        named = f", global writer endpoint {endpoint}" if endpoint else ""
        return Proof(status == "available", f"{cluster} is {status}{named}")
