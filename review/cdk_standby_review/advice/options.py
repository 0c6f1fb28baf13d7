"""The strategies against an objective: which fit, by how much the others miss it, and what would do if none does."""

from __future__ import annotations

from collections.abc import Iterator
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
from .uptimes import said, together

FAULTS = (Fault.REGION, Fault.ZONE)
_KINDS = " or ".join(STORES[kind].says for kind in EVERYWHERE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """What is asked for, in seconds."""

    rto: float
    rpo: float
    fault: Fault = Fault.REGION
    uptime: float | None = None
    """Percent of a month; None when nobody asks."""

    def __str__(self) -> str:
        lost = "a Region" if self.fault is Fault.REGION else "a zone"
        writes = f"at most {span(self.rpo)} of writes" if self.rpo else "no write"
        asked = f"; {self.uptime:g}% of a month" if self.uptime else ""
        return f"{lost} is lost: back within {span(self.rto)} (RTO), {writes} lost (RPO){asked}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One strategy for one workload."""

    standby: Standby
    region: Estimate
    zone: Estimate
    cost: Fact[Range]
    uptime: float
    """Percent of a month that the agreements of all its parts promise together."""
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
        short = (f"the agreements of its parts promise {said(self.uptime)} together",)
        figures = (("RTO", estimate.rto, objective.rto), ("RPO", estimate.rpo, objective.rpo))
        return tuple(
            f"{name} up to {span(figure.high - limit)} over {span(limit)}"
            for name, figure, limit in figures
            if figure.high > limit
        ) + (short if objective.uptime and self.uptime < objective.uptime else ())

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
        uptime=together(standby.name, subject.stores),
        found=(standby.name, Fault.REGION) in subject.found,
    )


def _instead(advice: Advice) -> Iterator[str]:
    objective, top = advice.objective, LADDER[-1]
    most = together(top.name, EVERYWHERE[:1])
    if objective.uptime and objective.uptime > most:
        first = STORES[EVERYWHERE[0]].says
        yield f"no agreement promises {objective.uptime:g}%: {top.word} over {first} comes to {said(most)}, the most"
    elif objective.uptime and objective.uptime > max(option.uptime for option in advice.options):
        yield f"{top.word} over {_KINDS} promises {said(most)}"
    known = [e for option in advice.options if (e := option.under(objective.fault)).rto]
    outage = min((e.rto.high for e in known if e.rto), default=0)
    loss = min((e.rpo.high for e in known if e.rpo), default=0)
    if objective.fault is Fault.ZONE and outage > objective.rto:
        yield (
            "every strategy takes the loss of a zone alike: keep a reader or a standby in another zone, let zonal "
            "autoshift lead traffic away, and let clients try again for that long"
        )
        return
    if loss > objective.rpo:
        yield f"nothing is lost with a Region only where each commit is in two of them first: {_KINDS}"
    if outage > objective.rto or loss > objective.rpo:
        yield _nearest(objective)


def _nearest(objective: Objective) -> str:
    """What comes back soonest."""
    top = LADDER[-1].word
    best = model(LADDER[-1].name, EVERYWHERE[:1], Fault.REGION).rto or Range(0, 0)
    if objective.rto >= best.high:
        return (
            f"where both Regions write, nobody has to promote anything: {top} over {_KINDS} is back in {spans(best)} "
            "by itself"
        )
    return (
        f"nothing is back within {span(objective.rto)}: a health check needs {spans(CHECKED.value)} to see that a "
        f"Region is gone, and {CACHED.says}; {top} over {_KINDS} comes nearest: only the users of the lost Region "
        f"notice, for {spans(best)}"
    )
