"""The ways of users through a workload, each with what every fault does to it.

A way leads from a name or a door (a balancer, a distribution, an API) to a service and the stores that it uses. Where
the templates do not tell how it goes on, it ends with an unknown: what is not seen is not taken for well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from .deployments import Deployment
from .estimate import Assumptions, Estimate, estimate_of
from .facts import Range
from .faults import waits
from .graph import Graph, Key, Resource
from .knowledge import is_known
from .objectives import Fault
from .outcomes import Case, Fate, Outcome
from .reach import Reach, reaches
from .restored import DATABASES
from .user_paths import DOORS, RECORD, SERVICES, STORES, user_path

DEEPEST = 8
"""So many names and doors in a row are followed."""
MOST = 32
"""So many ways from one entry are followed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """One way of users."""

    deployment: Deployment
    entry: str
    """The name that users call, or the door when no name leads there."""
    parts: tuple[Resource, ...]
    """Names, doors, the service and its stores, in this order."""
    gaps: tuple[str, ...] = ()
    """Where the templates do not tell how it goes on; none when they do."""

    @property
    def region(self) -> str:
        """Where it leads: the Region of its last name, door or service."""
        return next((part.region for part in reversed(self.parts) if part.type in SERVICES | DOORS), "")

    def __str__(self) -> str:
        behind = [part for part in self.parts if part.type != RECORD and part.name != self.entry]
        steps = [part.name for part in behind if part.type not in STORES]
        stores = sorted(part.name for part in behind if part.type in STORES)
        return " -> ".join((self.entry, *steps, *filter(None, [", ".join(stores)])))


@dataclass(frozen=True, slots=True, kw_only=True)
class PathFate:
    """What one fault does to one way."""

    path: Path
    estimate: Estimate
    """Of the parts that the templates show."""

    @property
    def fate(self) -> Fate:
        """What becomes of it: lost when a part that is seen is lost, else unknown when there is more than is seen."""
        return Fate.UNKNOWN if self.path.gaps and self.estimate.fate is not Fate.LOST else self.estimate.fate

    @property
    def case(self) -> Case:
        """The fault."""
        return self.estimate.case

    @property
    def rto(self) -> Range | None:
        """How long the way is closed, in seconds; None when it stays so, or that is not known."""
        return None if self.fate is Fate.UNKNOWN else self.estimate.rto

    @property
    def rpo(self) -> Range | None:
        """How much of the last writes is lost, in seconds."""
        return None if self.fate is Fate.UNKNOWN else self.estimate.rpo


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A path with all its fates."""

    path: Path
    fates: tuple[PathFate, ...]

    @property
    def worst(self) -> PathFate | None:
        """The fault that does most harm, of the account only where something is promised; None when there is none."""
        promised = self.path.deployment.objectives.account is not None
        return max((f for f in self.fates if promised or f.case.fault is not Fault.ACCOUNT), key=_harm, default=None)


def _harm(fate: PathFate) -> tuple[int, float]:
    lost = fate.fate is Fate.LOST
    return (len(Fate) if lost else fate.fate.badness, fate.rto.high if fate.rto else 0)


def ways_of(graph: Graph, outcomes: Iterable[Outcome], assumptions: Assumptions | None = None) -> tuple[Way, ...]:
    """Every way of users, with what each fault that reaches its deployment does to it."""
    struck: dict[Key, list[Outcome]] = {}
    cases: dict[int, dict[Case, None]] = {}
    for outcome in outcomes:
        struck.setdefault(outcome.resource.key, []).append(outcome)
        cases.setdefault(graph.number_of(outcome.resource), {}).setdefault(outcome.case)
    found: list[Way] = []
    for path in paths(graph):
        mine = [_on_the_way(graph, o) for part in path.parts for o in struck.get(part.key, ())]
        by_case = {
            case: [o for o in mine if o.case == case and o.judgement.vital]
            for case in cases.get(graph.number_of(path.parts[0]), ())
        }
        fates = tuple(
            PathFate(path=path, estimate=estimate_of(graph, path.deployment, case, hit, assumptions or Assumptions()))
            for case, hit in by_case.items()
        )
        found.append(Way(path=path, fates=fates))
    return tuple(found)


def _on_the_way(graph: Graph, outcome: Outcome) -> Outcome:
    """What matters little to a workload may be all there is to those whose requests come by: a function, a replica."""
    service = outcome.resource.type in SERVICES and not waits(graph, outcome.resource)
    data = outcome.resource.type in DATABASES and outcome.case.fault in {Fault.DELETION, Fault.ACCOUNT}
    return replace(outcome, judgement=replace(outcome.judgement, vital=True)) if service or data else outcome


def paths(graph: Graph) -> tuple[Path, ...]:
    """Every way that the templates show, by deployment and entry; those through twin records are one."""
    following: dict[Key, list[Resource]] = {}
    led_to: set[Key] = set()
    for hop in user_path(graph):
        following.setdefault(hop.source.key, []).append(hop.target)
        if hop.source.type == RECORD or hop.source.type in DOORS:
            led_to.add(hop.target.key)
    found: dict[tuple[int, str, tuple[Key, ...]], Path] = {}
    for entry in graph.of_type(RECORD, *sorted(DOORS)):
        if entry.key in led_to or not (following.get(entry.key) or entry.type in DOORS or _leads_on(entry)):
            continue
        for chain, cut in _chains(following, entry):
            path = _path(graph, following, entry, chain, cut)
            behind = tuple(part.key for part in path.parts if part.type != RECORD)
            known = found.setdefault((graph.number_of(entry), path.entry, behind), path)
            more = [part for part in path.parts if part not in known.parts]
            if more:
                together = (*more, *known.parts)
                found[graph.number_of(entry), path.entry, behind] = replace(known, parts=together)
    return tuple(found[key] for key in sorted(found))


def _leads_on(record: Resource) -> bool:
    """Whether a record is there for users: an alias, or a name for another name; not text, mail or addresses."""
    return record.get("AliasTarget") is not None or record.text("Type") == "CNAME"


def _chains(
    following: dict[Key, list[Resource]], entry: Resource
) -> Iterator[tuple[tuple[Resource, ...], tuple[str, ...]]]:
    """Every way from an entry to a service or to where the templates end, and why it is followed no further."""
    waiting: list[tuple[Resource, ...]] = [(entry,)]
    for told in range(1, MOST + 1):
        chain = waiting.pop()
        while len(chain) <= DEEPEST and (ahead := _ahead(following, chain)):
            waiting += [(*chain, each) for each in reversed(ahead[1:])]
            chain = (*chain, ahead[0])
        cut = [f"{chain[-1].name} leads on, further than is followed"] if _ahead(following, chain) else []
        cut += [f"more ways lead from {entry.name} than are followed"] if waiting and told == MOST else []
        yield chain, tuple(cut)
        if not waiting:
            return


def _ahead(following: dict[Key, list[Resource]], chain: tuple[Resource, ...]) -> list[Resource]:
    """Where the last of a chain leads that it has not been; a service is where a way ends."""
    here = chain[-1]
    return [] if here.type in SERVICES else [each for each in following.get(here.key, ()) if each not in chain]


def _path(
    graph: Graph,
    following: dict[Key, list[Resource]],
    entry: Resource,
    chain: tuple[Resource, ...],
    cut: tuple[str, ...],
) -> Path:
    last = chain[-1]
    stores = _stores(following, last) if last.type in SERVICES else ()
    named = (entry.text("Name") or "").lower().rstrip(".") if entry.type == RECORD else ""
    return Path(
        deployment=graph.deployment_of(entry),
        entry=named or entry.name,
        parts=(*chain, *stores),
        gaps=cut or tuple(_gaps(graph, (*chain, *stores), last, stores)),
    )


def _stores(following: dict[Key, list[Resource]], service: Resource) -> tuple[Resource, ...]:
    """What a service uses, and what stands behind that."""
    found = [*following.get(service.key, ())]
    for store in found:
        found += [each for each in following.get(store.key, ()) if each not in found and each is not service]
    return tuple(found)


def _gaps(graph: Graph, parts: tuple[Resource, ...], last: Resource, stores: tuple[Resource, ...]) -> Iterator[str]:
    if last.type == RECORD:
        yield f"what {last.name} leads to is not in the templates"
    elif last.type in DOORS:
        yield f"what stands behind {last.name} is not in the templates"
    elif last.type in SERVICES and not stores:
        yield f"which stores {last.name} uses is not in the templates"
    for store in stores:
        said = reaches(graph, last, store) if last.type in SERVICES else None
        if said and said.reach is Reach.NO:
            yield f"{last.name} is meant to use {store.name}, and cannot reach it: {said.because}"
    for part in parts:
        if not is_known(graph, part):
            yield f"the review does not know what becomes of {part.name}, a {part.type}"
