"""From the outcomes of resources to the outage and the loss of a whole workload."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from .deployments import Deployment
from .facts import Confidence, Fact, Range
from .facts import recovery_times as times
from .graph import Graph, Resource
from .objectives import Fault
from .outcomes import Case, Fate, Outcome, Stage
from .traffic import detection, leads_to


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
    """What people do: stages follow one another; the steps of one run side by side."""
    alongside: tuple[Step, ...] = ()
    """What happens by itself: it starts with the fault, and waits for nobody."""
    losses: tuple[Step, ...] = ()
    """What each store of record loses."""
    because: tuple[Outcome, ...] = ()
    """The resources that are lost, or of which too little is known."""

    @property
    def path(self) -> tuple[Step, ...]:
        """The longest way: through the stages, or of what happens by itself."""
        steps = tuple(max(stage, key=_longest) for stage in self.stages if stage)
        alone = max(self.alongside, key=_longest, default=None)
        if alone is None or alone.takes.high <= sum(step.takes.high for step in steps):
            return steps
        return (alone,)

    @property
    def rto(self) -> Range | None:
        """How long the workload is gone, in seconds; None when it stays gone, or that is not known."""
        if self.fate in {Fate.LOST, Fate.UNKNOWN}:
            return None
        found = Range(0, 0)
        for stage in filter(None, self.stages):
            found += _slowest(stage)
        return _slowest((*self.alongside, Step(what="", takes=found, facts=())))

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
    struck_by: dict[tuple[int, Case], list[Outcome]] = {}
    for outcome in outcomes:
        struck_by.setdefault((graph.number_of(outcome.resource), outcome.case), []).append(outcome)
    return tuple(
        estimate_of(graph, of, case, _that_count(of, case, struck), assumptions or Assumptions())
        for (number, case), struck in sorted(struck_by.items(), key=lambda item: item[0][0])
        for of in (graph.deployments[number],)
    )


def _that_count(deployment: Deployment, case: Case, struck: list[Outcome]) -> list[Outcome]:
    """What the workload stands still without; of one that has nothing of the kind, all that a Region takes along."""
    vital = [outcome for outcome in struck if outcome.judgement.vital]
    return vital or (struck if case.fault is Fault.REGION and not deployment.active else [])


def estimate_of(graph: Graph, deployment: Deployment, case: Case, struck: list[Outcome], say: Assumptions) -> Estimate:
    """What a fault does to what stands still without each of some resources."""
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
        alongside=tuple(_timed(o for o in struck if o.fate is not Fate.RUNBOOK)),
        losses=tuple(losses),
        because=because,
    )


def _stages(graph: Graph, case: Case, struck: list[Outcome], say: Assumptions) -> tuple[tuple[Step, ...], ...]:
    """What people do, in its order; nothing when nobody has to act."""
    acts = [o for o in struck if o.fate is Fate.RUNBOOK]
    if not acts:
        return ()
    seen = _seen(graph, case, struck) or say.detect
    done = (tuple(_timed(o for o in acts if o.judgement.stage is stage)) for stage in Stage)
    stages = ((_named("detect", seen),), (_named("decide", say.decide),), *done, (_named("validate", say.validate),))
    return tuple(stage for stage in stages if stage)


def _timed(outcomes: Iterable[Outcome]) -> Iterator[Step]:
    """The steps that take any time."""
    return (_step(o, o.judgement.rto) for o in outcomes if o.judgement.rto and o.judgement.rto.high > 0)


def _seen(graph: Graph, case: Case, struck: list[Outcome]) -> Fact[Range] | None:
    """How fast the health checks of the records that led to a lost Region see that it is gone."""
    if case.fault is not Fault.REGION:
        return None
    records = [o.resource for o in struck if o.resource.type == "AWS::Route53::RecordSet"]
    found = [detection(graph, record) for record in records if leads_to(graph, record) in {case.region, ""}]
    return min((f for f in found if f), key=lambda f: f.value.high, default=None)


def _longest(step: Step) -> tuple[float, float, str]:
    return (step.takes.high, step.takes.low, step.what)


def _slowest(steps: Iterable[Step]) -> Range:
    """Steps side by side: the slowest one decides, at both ends."""
    ends = [step.takes for step in steps]
    return Range(max(each.low for each in ends), max(each.high for each in ends))


def _step(outcome: Outcome, takes: Range | None) -> Step:
    judgement = outcome.judgement
    return Step(what=judgement.says, takes=takes or Range(0, 0), facts=judgement.facts, resource=outcome.resource)


def _named(what: str, fact: Fact[Range]) -> Step:
    return Step(what=f"{what}: {fact.says}", takes=fact.value, facts=(fact,))
