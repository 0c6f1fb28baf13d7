"""Wait until resolvers have forgotten the old answer, before the Region they may still name gets smaller."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cdk_standby_review.facts import Fact, Range
from cdk_standby_review.facts.route53 import ALIAS_TTL

from ._model import Found, Looking, Need, Proof


@dataclass(frozen=True, slots=True)
class Settle(Looking):
    """Measured from the proof of the switch, so that a resumed run does not wait twice."""

    region: str

    @property
    def title(self) -> str:
        """Names the step in the journal."""
        return "settle"

    @property
    def says(self) -> str:
        """What it will do."""
        return f"wait {self.run.pace.settle:g} s, so that no resolver still sends users to {self.region}"

    @property
    def takes(self) -> Fact[Range]:
        """The life of an alias answer."""
        return Fact(
            value=Range(ALIAS_TTL.value, ALIAS_TTL.value),
            unit=ALIAS_TTL.unit,
            says=ALIAS_TTL.says,
            source=ALIAS_TTL.source,
            date=ALIAS_TTL.date,
        )

    @property
    def limit(self) -> float:
        """Longer than the wait itself."""
        return self.run.pace.settle + 60.0

    def check(self) -> Found:
        """Perhaps the switch was long ago."""
        proof = self.prove()
        return Found(Need.DONE if proof.holds else Need.ACT, proof.says)

    def prove(self) -> Proof:
        """Ask the journal when traffic had moved."""
        switched = self.run.journal.said("proven", "switch traffic")
        if not switched:
            return Proof(False, "traffic has not moved yet")
        passed = (self.run.clock.now() - datetime.fromisoformat(switched["at"])).total_seconds()
        return Proof(passed >= self.run.pace.settle, f"{passed:.0f} s since traffic moved")
