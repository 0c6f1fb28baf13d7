"""From the outcomes of resources to the outage and the loss of a whole workload."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from .deployments import Deployment
from .facts import Confidence, Fact, Range
from .facts import recovery_times as times
from .graph import Graph, Resource
from .objectives import Fault
from .outcomes import Case, Fate, Outcome, Stage
from .traffic import detection, is_failover


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumptions:
    """What no template can tell: how fast people are. Times in seconds."""

    detect: Fact[Range] = times.DETECTION
    """Until somebody sees the fault, where no health check does."""
    decide: Fact[Range] = times.DECISION
    """Until somebody decides to act."""
    validate: Fact[Range] = times.VALIDATION
    """Until the recovered workload is believed."""

    def changed(self, **seconds: Range) -> Assumptions:
        """The same, with some times as given by a person."""
        given = {name: _given(getattr(self, name), value) for name, value in seconds.items()}
        return replace(self, **given)


def _given(fact: Fact[Range], value: Range) -> Fact[Range]:
    return replace(fact, value=value, source="assumed: given with the objectives")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that has to happen, and how long it takes."""

    what: str
    takes: Range
    facts: tuple[Fact[Range], ...]
    resource: Resource | None = None

    @property
    def confidence(self) -> Confidence:
        """The weakest of what the time rests on."""
        return Confidence.weakest(*(fact.confidence for fact in self.facts))


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What a fault does to a workload."""

    deployment: Deployment
    case: Case
    fate: Fate
    stages: tuple[tuple[Step, ...], ...] = ()
    """Stages follow one another; the steps of one run side by side."""
    losses: tuple[Step, ...] = ()
    """What each store of record loses."""
    because: tuple[Outcome, ...] = ()
    """The resources that are lost, or of which too little is known."""

    @property
    def path(self) -> tuple[Step, ...]:
        """The longest way through the stages."""
        return tuple(max(stage, key=lambda s: (s.takes.high, s.takes.low, s.what)) for stage in self.stages if stage)

    @property
    def rto(self) -> Range | None:
        """How long the workload is gone, in seconds; None when it stays gone, or that is not known."""
        if self.fate in {Fate.LOST, Fate.UNKNOWN}:
            return None
        found = Range(0, 0)
        for stage in self.stages:
            low, high = max(s.takes.low for s in stage), max(s.takes.high for s in stage)
            found += Range(low, high)
        return found

    @property
    def rpo(self) -> Range | None:
        """How much of the last writes is lost, in seconds."""
        if self.fate in {Fate.LOST, Fate.UNKNOWN}:
            return None
        return Range(
            max((s.takes.low for s in self.losses), default=0), max((s.takes.high for s in self.losses), default=0)
        )

    @property
    def confidence(self) -> Confidence:
        """The weakest of what the figures rest on."""
        return Confidence.weakest(*(s.confidence for s in (*self.path, *self.losses)))


def estimates(
    graph: Graph, outcomes: Iterable[Outcome], assumptions: Assumptions | None = None
) -> tuple[Estimate, ...]:
    """One estimate per deployment and fault."""
    found: list[Estimate] = []
    all_outcomes = tuple(outcomes)
    for deployment in graph.deployments:
        mine = [o for o in all_outcomes if o.resource.template.name in deployment.templates]
        for case in dict.fromkeys(o.case for o in mine):
            struck = [o for o in mine if o.case == case and o.judgement.vital]
            found.append(_estimate(graph, deployment, case, struck, assumptions or Assumptions()))
    return tuple(found)


def _estimate(graph: Graph, deployment: Deployment, case: Case, struck: list[Outcome], say: Assumptions) -> Estimate:
    fate = max((o.fate for o in struck), key=lambda f: f.badness, default=Fate.SURVIVES)
    if any(o.fate is Fate.LOST for o in struck):
        fate = Fate.LOST
    because = tuple(o for o in struck if o.fate is fate) if fate in {Fate.LOST, Fate.UNKNOWN} else ()
    losses = [_step(o, o.judgement.rpo) for o in struck if o.judgement.rpo and o.judgement.rpo.high > 0]
    return Estimate(
        deployment=deployment,
        case=case,
        fate=fate,
        stages=_stages(graph, case, struck, say),
        losses=tuple(losses),
        because=because,
    )


def _stages(graph: Graph, case: Case, struck: list[Outcome], say: Assumptions) -> tuple[tuple[Step, ...], ...]:
    recover, traffic = (
        tuple(
            _step(o, o.judgement.rto)
            for o in struck
            if o.judgement.stage is stage and o.judgement.rto and o.judgement.rto.high > 0
        )
        for stage in (Stage.RECOVER, Stage.TRAFFIC)
    )
    stages: list[tuple[Step, ...]] = [recover, traffic]
    if any(o.fate is Fate.RUNBOOK for o in struck):
        seen = _seen(graph, case, struck) or say.detect
        stages = [(_named("detect", seen),), (_named("decide", say.decide),), recover, traffic]
        stages.append((_named("validate", say.validate),))
    return tuple(stage for stage in stages if stage)


def _seen(graph: Graph, case: Case, struck: list[Outcome]) -> Fact[Range] | None:
    """How fast a health check of the workload's own records sees that a Region is gone."""
    if case.fault is not Fault.REGION:
        return None
    found = [detection(graph, o.resource) for o in struck if is_failover(o.resource)]
    return min((f for f in found if f), key=lambda f: f.value.high, default=None)


def _step(outcome: Outcome, takes: Range | None) -> Step:
    judgement = outcome.judgement
    return Step(what=judgement.says, takes=takes or Range(0, 0), facts=judgement.facts, resource=outcome.resource)


def _named(what: str, fact: Fact[Range]) -> Step:
    return Step(what=f"{what}: {fact.says}", takes=fact.value, facts=(fact,))
