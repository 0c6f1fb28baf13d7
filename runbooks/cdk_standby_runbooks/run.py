"""One run of one runbook: what every step needs to know."""

from __future__ import annotations

from dataclasses import dataclass, field

from .clients import Clients
from .clock import Clock
from .consent import Consent
from .journal import Journal
from .plan import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How long to wait for what, in seconds. Left out: what suits AWS."""

    poll: float = 5.0
    """Between two looks at the same thing."""
    grace: float = 30.0
    """For a call that was sent before a crash to show."""
    settle: float = 60.0
    """For resolvers to forget the old answer."""
    patience: float = 1.0
    """Multiplies how long each proof is waited for."""


LOCAL_PACE = Pace(poll=0.2, grace=2.0, settle=0.0, patience=0.1)
"""On a laptop nothing takes minutes, and no resolver remembers."""


@dataclass(slots=True, kw_only=True)
class Run:
    """What a step needs to know."""

    plan: Plan
    runbook: str
    """failover, planned or failback."""
    clients: Clients
    clock: Clock
    journal: Journal
    consent: Consent | None = None
    fewest: int | None = None
    """So many instances are enough for traffic to move; None = as many as the plan and the hour ask for."""
    pace: Pace = field(default_factory=Pace)

    @property
    def to(self) -> str:
        """The Region that is active afterwards."""
        return self.plan.primary if self.direction == "failback" else self.plan.recovery

    @property
    def away(self) -> str:
        """The Region that is left. An unplanned failover never calls it."""
        return self.plan.other(self.to)

    @property
    def direction(self) -> str:
        """Failover, planned or not, or failback."""
        return "failback" if self.runbook == "failback" else "failover"

    @property
    def unplanned(self) -> bool:
        """True when the Region that is left may be dead."""
        return self.runbook == "failover"

    def note(self, event: str, **fields: object) -> None:
        """Write to the journal, now."""
        self.journal.write(self.clock.now(), event, **fields)
