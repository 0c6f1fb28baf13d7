"""The faults of a page: what each is called, what it does to each workload, and what is read out about it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from ..._review import Review
from ...estimate import Estimate
from ...outcomes import Case, Fate, Outcome
from ...paths import PathFate
from ...spans import spans
from ...verdict import Status, against
from ._fates import WORST_FIRST


@dataclass(frozen=True, slots=True, kw_only=True)
class Struck:
    """A fault that a reader can choose."""

    number: int
    slug: str
    """Its part of the page's address."""
    case: Case
    estimates: tuple[Estimate, ...]
    outcomes: tuple[Outcome, ...]
    ways: tuple[PathFate, ...]
    """What becomes of the ways of users, the worst first."""
    status: Status | None
    """The worst verdict about it; None when nothing is promised."""

    @property
    def title(self) -> str:
        """Its name, at the start of a sentence."""
        return str(self.case)[:1].upper() + str(self.case)[1:]

    @property
    def place(self) -> str:
        """Where it strikes; empty for a fault without a place."""
        return self.case.where

    @property
    def before(self) -> str:
        """Its name without the place at the end of it."""
        return self.title.removesuffix(self.place) if self.place else self.title

    @property
    def worst(self) -> Estimate:
        """What it does where it does most harm."""
        return max(self.estimates, key=_harm)

    @property
    def fate(self) -> Fate:
        """The worst of what becomes of the workloads."""
        return self.worst.fate

    @property
    def counts(self) -> str:
        """How many resources share which fate."""
        found = Counter(outcome.fate for outcome in self.outcomes)
        return ", ".join(f"{found[fate]} {_WORDS[fate]}" for fate in WORST_FIRST if found[fate])

    @property
    def says(self) -> str:
        """What is read out when somebody chooses it."""
        told = told_of(self.estimates[0]) if len(self.estimates) == 1 else self.hits
        return f"{self.title}: {told}. Resources: {self.counts}."

    @property
    def hits(self) -> str:
        """How many workloads share which fate."""
        found = Counter(estimate.fate for estimate in self.estimates)
        told = [f"{found[fate]} {_WORDS[fate]}" for fate in WORST_FIRST if found[fate]]
        return f"of {len(self.estimates)} workloads {', '.join(told)}"


_WORDS = {
    Fate.SURVIVES: "survive",
    Fate.ITSELF: "recover by themselves",
    Fate.RUNBOOK: "recover by runbook",
    Fate.LOST: "lost",
    Fate.UNKNOWN: "unknown",
}


def told_of(estimate: Estimate) -> str:
    """What becomes of one workload."""
    if estimate.rto is None:
        return str(estimate.fate)
    return f"{estimate.fate}, RTO {spans(estimate.rto)}, RPO {spans(estimate.rpo)}"


def _harm(estimate: Estimate) -> tuple[int, float]:
    """The first of the fates that a reader has to see, then the longest time."""
    return (-WORST_FIRST.index(estimate.fate), estimate.rto.high if estimate.rto else 0)


def _harm_of_way(fate: PathFate) -> tuple[int, float, str]:
    return (WORST_FIRST.index(fate.fate), -fate.rto.high if fate.rto else 0, str(fate.path))


def faults(review: Review) -> tuple[Struck, ...]:
    """Every fault that does anything to a workload, in the order of the review."""
    found: list[Struck] = []
    used: set[str] = set()
    by_case: dict[Case, list[Outcome]] = {}
    for outcome in review.outcomes:
        by_case.setdefault(outcome.case, []).append(outcome)
    for case, outcomes in by_case.items():
        mine = tuple(estimate for estimate in review.estimates if estimate.case == case)
        ways = sorted((f for way in review.ways for f in way.fates if f.case == case), key=_harm_of_way)
        if mine:
            found.append(
                Struck(
                    number=len(found), slug=_slug(case, used), case=case, estimates=mine, outcomes=tuple(outcomes),
                    ways=tuple(ways), status=_status(review, mine),
                )
            )  # fmt: skip
    return tuple(found)


def _slug(case: Case, used: set[str]) -> str:
    plain = re.sub(r"[^a-z0-9]+", "-", f"fault {case.fault} {case.where}".lower()).strip("-")
    found = next(name for n in range(1, len(used) + 2) if (name := f"{plain}-{n}" if n > 1 else plain) not in used)
    used.add(found)
    return found


def _status(review: Review, estimates: tuple[Estimate, ...]) -> Status | None:
    promised = {(v.estimate.deployment.workload, v.fault): v.promise for v in review.verdicts}
    found = [
        against(e, e.case.fault, promise).status
        for e in estimates
        if (promise := promised.get((e.deployment.workload, e.case.fault)))
    ]
    return max(found, key=lambda status: status.badness, default=None)
