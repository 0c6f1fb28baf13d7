"""The strategies against an objective: which fit, by how much the others miss it, and what would do if none does."""

from __future__ import annotations

from dataclasses import dataclass

from ..estimate import Estimate
from ..facts import Confidence, Fact, Range
from ..facts.strategies import LADDER, Standby
from ..objectives import Fault
from ..outcomes import Fate
from ..spans import span, spans
from .costs import factor
from .models import CACHED, CHECKED, EVERYWHERE, STORES, model
from .subjects import Subject

FAULTS = (Fault.REGION, Fault.ZONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """What is asked for, in seconds."""

    rto: float
    rpo: float
    fault: Fault = Fault.REGION

    def __str__(self) -> str:
        lost = "a Region" if self.fault is Fault.REGION else "a zone"
        writes = f"at most {span(self.rpo)} of writes" if self.rpo else "no write"
        return f"{lost} is lost: back within {span(self.rto)} (RTO), {writes} lost (RPO)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One strategy for one workload."""

    standby: Standby
    region: Estimate
    zone: Estimate
    cost: Fact[Range]
    found: bool = False
    """Whether the figures are those of a deployment that is there, and not of the model."""

    def under(self, fault: Fault) -> Estimate:
        """What the fault does."""
        return self.region if fault is Fault.REGION else self.zone

    def missing(self, objective: Objective) -> tuple[str, ...]:
        """How much is missing in the worst case; nothing when it fits."""
        estimate = self.under(objective.fault)
        if estimate.rto is None or estimate.rpo is None:
            gone = estimate.fate is Fate.LOST
            return ("nothing brings it back" if gone else "too little is known of this deployment",)
        figures = (("RTO", estimate.rto, objective.rto), ("RPO", estimate.rpo, objective.rpo))
        return tuple(
            f"{name} up to {span(figure.high - limit)} over {span(limit)}"
            for name, figure, limit in figures
            if figure.high > limit
        )

    @property
    def confidence(self) -> Confidence:
        """The weakest of what the figures rest on."""
        return Confidence.weakest(self.region.confidence, self.zone.confidence)


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """Every strategy, from what costs least to what comes back soonest."""

    objective: Objective
    subject: Subject
    options: tuple[Option, ...]

    @property
    def fitting(self) -> tuple[Option, ...]:
        """Those that keep the objective in the worst case, the cheapest first."""
        return tuple(option for option in self.options if not option.missing(self.objective))

    @property
    def instead(self) -> tuple[str, ...]:
        """What would keep the objective where no strategy does."""
        return () if self.fitting else tuple(_instead(self))


def advise(objective: Objective, subject: Subject) -> Advice:
    """Every strategy for a workload against an objective."""
    return Advice(objective=objective, subject=subject, options=tuple(_option(each, subject) for each in LADDER))


def _option(standby: Standby, subject: Subject) -> Option:
    region, zone = (
        subject.found.get((standby.name, fault)) or model(standby.name, subject.stores, fault, period=subject.period)
        for fault in FAULTS
    )
    return Option(
        standby=standby,
        region=region,
        zone=zone,
        cost=factor(standby, subject.bill),
        found=(standby.name, Fault.REGION) in subject.found,
    )


def _instead(advice: Advice) -> list[str]:
    objective = advice.objective
    if objective.fault is Fault.ZONE:
        return [
            "every strategy takes the loss of a zone alike: keep a reader or a standby in another zone, let zonal "
            "autoshift lead traffic away, and let clients try again for that long"
        ]
    said: list[str] = []
    kinds = " or ".join(STORES[kind].says for kind in EVERYWHERE)
    best = model(LADDER[-1].name, EVERYWHERE[:1], Fault.REGION).rto or Range(0, 0)
    if objective.rpo < min((o.region.rpo.high for o in advice.options if o.region.rpo), default=0):
        said.append(f"nothing is lost with a Region only where each commit is in two of them first: {kinds}")
    if objective.rto >= best.high:
        said.append(f"where both Regions write, nobody has to promote anything: {LADDER[-1].word} over {kinds}")
        said[-1] += f" is back in {spans(best)} by itself"
    else:
        said.append(
            f"nothing is back within {span(objective.rto)}: a health check needs {spans(CHECKED.value)} to see that a "
            f"Region is gone, and {CACHED.says}; {LADDER[-1].word} over {kinds} comes nearest: only the users of the "
            f"lost Region notice, for {spans(best)}"
        )
    return said
