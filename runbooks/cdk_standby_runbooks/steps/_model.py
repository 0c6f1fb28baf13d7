"""The shape of a step: check, act, prove."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from cdk_standby_review.facts import Fact, Range

from ..run import Run


class Need(StrEnum):
    """What a check found."""

    ACT = "act"
    UNDERWAY = "under way"
    """This run sent the call before a crash: only the proof is missing."""
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Found:
    """The result of a check."""

    need: Need
    says: str


@dataclass(frozen=True, slots=True)
class Proof:
    """The result of one look at AWS."""

    holds: bool
    says: str


class Step(Protocol):
    """One idempotent act with its check before and its proof after.

    `check` changes nothing and may refuse by raising; it is asked of every step before the first one acts, and again
    right before this one does. `act` is only called when the check said so. `prove` is one look; the runner repeats it.
    """

    @property
    def title(self) -> str:
        """Short and unique in its runbook: it names the step in the journal."""
        ...

    @property
    def says(self) -> str:
        """What it will do, in one sentence."""
        ...

    @property
    def calls(self) -> tuple[str, ...]:
        """The calls that change something; empty when it only looks."""
        ...

    @property
    def takes(self) -> Fact[Range] | None:
        """How long AWS takes; None when it only looks."""
        ...

    @property
    def beside(self) -> bool:
        """True when what it waits for was started before the step right before it: the two times run side by side."""
        ...

    @property
    def limit(self) -> float:
        """Seconds after which a missing proof is a failure."""
        ...

    def check(self) -> Found:
        """What is there now."""
        ...

    def act(self) -> None:
        """Change it."""
        ...

    def prove(self) -> Proof:
        """Look whether it is so."""
        ...


@dataclass(frozen=True, slots=True)
class Looking:
    """The parts of a step that changes nothing."""

    run: Run

    @property
    def calls(self) -> tuple[str, ...]:
        """None: it only looks."""
        return ()

    @property
    def takes(self) -> Fact[Range] | None:
        """Nothing worth a figure."""
        return None

    @property
    def beside(self) -> bool:
        """Nothing of it was started before."""
        return False

    @property
    def limit(self) -> float:
        """A minute, for an API that stutters."""
        return 60.0

    def act(self) -> None:
        """Nothing."""
