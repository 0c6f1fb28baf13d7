"""Strikes: which faults can happen to these templates, and what each does to every resource."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from .graph import Graph, Key, Resource
from .knowledge import JUDGES, is_known
from .knowledge._judge import Judge, is_struck, serves_everywhere
from .objectives import Fault
from .outcomes import Case, Fate, Judgement, Outcome, unknown
from .placement import maybe_the_same, zones_of_region
from .restored import redeployed
from .safeguards import after_takeover

GLOBAL_TYPES = frozenset(
    {
        "AWS::CloudFront::Distribution",
        "AWS::GlobalAccelerator::Accelerator",
        "AWS::GlobalAccelerator::EndpointGroup",
        "AWS::GlobalAccelerator::Listener",
        "AWS::Route53::HealthCheck",
        "AWS::Route53::HostedZone",
        "AWS::Route53::RecordSet",
        "AWS::S3::MultiRegionAccessPoint",
    }
)
"""Served from everywhere, wherever their stack stands: no zone holds them."""


def cases(graph: Graph) -> tuple[Case, ...]:
    """Every fault worth looking at: any instance, each zone, Region and account in turn, deletion of data."""
    regions = sorted({resource.region for resource in graph})
    sites = {"", *(region for deployment in graph.deployments for region in deployment.regions)}
    found = [Case(Fault.INSTANCE)]
    for region in regions:
        unnamed = ("",) if region in sites else ()
        found += [Case(Fault.ZONE, region, zone) for zone in zones_of_region(graph, region) or unnamed]
    found += [Case(Fault.REGION, region) for region in regions]
    accounts = sorted({template.account for template in graph.templates if template.account}) or [""]
    return (*found, Case(Fault.DELETION), *(Case(Fault.ACCOUNT, account=account) for account in accounts))


def outcomes(graph: Graph, struck: Iterable[Case] | None = None) -> tuple[Outcome, ...]:
    """What every fault does to every resource that has a fate of its own."""
    return tuple(o for case in (cases(graph) if struck is None else struck) for o in _of_case(graph, case))


def _of_case(graph: Graph, case: Case) -> Iterator[Outcome]:
    found = _as_named(graph, case)
    if case.fault is not Fault.ZONE:
        return found
    return _whichever_zone(graph, case, found)


def _as_named(graph: Graph, case: Case) -> Iterator[Outcome]:
    inside = case.fault in {Fault.INSTANCE, Fault.ZONE}
    for resource, judge in graph.remembered("judged", lambda: _judged(graph)):
        everywhere = resource.type in GLOBAL_TYPES
        if everywhere and inside:
            continue
        there = is_struck(resource, case) and not _elsewhere(resource, case)
        reached = there or _written_there(graph, resource, case)
        if not (reached or (everywhere and case.fault is Fault.REGION)):
            continue
        judgement = _judgement(graph, resource, case, judge)
        if judgement is not None:
            yield Outcome(case=case, resource=resource, judgement=_weighed(graph, resource, case, judgement))


def _elsewhere(resource: Resource, case: Case) -> bool:
    """Whether a place is struck that is another: the Region that nobody names is that of what nobody places."""
    return case.fault in {Fault.ZONE, Fault.REGION} and resource.region != case.region


def _whichever_zone(graph: Graph, case: Case, found: Iterable[Outcome]) -> Iterator[Outcome]:
    """Nobody knows which of the zones with names a numbered one is: what holds for each of them is told."""
    others = {pair: _if_same(graph, case.region, *pair) for pair in maybe_the_same(graph, case.zone, case.region)}
    for outcome in found:
        key = outcome.resource.key
        judged = {pair: other[key] for pair, other in others.items() if key in other}
        yield replace(outcome, judgement=_whichever(outcome.judgement, judged))


def _if_same(graph: Graph, region: str, numbered: str, zone: str) -> dict[Key, Judgement]:
    def judged() -> dict[Key, Judgement]:
        struck = Case(Fault.ZONE, region, zone)
        return {o.resource.key: o.judgement for o in _as_named(graph.if_same(numbered, zone), struck)}

    return graph.remembered(f"{numbered} is {zone}", judged)


def _whichever(plain: Judgement, judged: Mapping[tuple[str, str], Judgement]) -> Judgement:
    """What is told of a zone that may be another one too: the worst, unless somebody would have to act on a guess."""
    (numbered, zone), worst = max(judged.items(), key=lambda item: item[1].fate.badness, default=(("", ""), plain))
    if worst.fate.badness <= plain.fate.badness:
        return plain
    if worst.fate is Fate.ITSELF:
        return worst
    return replace(unknown(f"whether {numbered} is {zone} decides, and nobody knows it"), vital=worst.vital)


def _judgement(graph: Graph, resource: Resource, case: Case, judge: Judge) -> Judgement | None:
    if case.fault is Fault.ACCOUNT:
        return after_takeover(graph, resource, judge(graph, resource, Case(Fault.DELETION)))
    judgement = redeployed(graph, resource, case, judge(graph, resource, case))
    nobody_knows = case.fault is Fault.REGION and not case.region and resource.type not in GLOBAL_TYPES
    return _of_nowhere(graph, resource, judgement) if judgement and nobody_knows else judgement


def _of_nowhere(graph: Graph, resource: Resource, judgement: Judgement) -> Judgement:
    """What nobody places may stand beside what would take its place: then both are gone."""
    twin = graph.twin(resource)
    there = twin.region if twin else judgement.evidence.get("active")
    if there is None or judgement.fate not in {Fate.SURVIVES, Fate.ITSELF}:
        return judgement
    return unknown(f"no template says its Region: it may be {there}, where what takes its place stands")


def _judged(graph: Graph) -> list[tuple[Resource, Judge]]:
    return [(resource, judge) for resource in graph if (judge := JUDGES.get(resource.type)) is not None]


def _written_there(graph: Graph, resource: Resource, case: Case) -> bool:
    """Whether a lost Region writes a replica of a table, though another Region's template holds the table."""
    if case.fault is not Fault.REGION or resource.type != "AWS::DynamoDB::GlobalTable":
        return False
    regions = {str(replica.get("Region")) for replica in resource.items("Replicas")}
    return case.region in regions and serves_everywhere(graph, resource)


def _weighed(graph: Graph, resource: Resource, case: Case, judgement: Judgement) -> Judgement:
    """A site that only waits stops nobody when it loses an instance or a zone."""
    if case.fault not in {Fault.INSTANCE, Fault.ZONE} or not waits(graph, resource):
        return judgement
    record = graph.deployment_of(resource).inferred_from
    evidence = {**judgement.evidence, "waits, by record": record} if record else judgement.evidence
    return replace(judgement, vital=False, evidence=evidence)


def waits(graph: Graph, resource: Resource) -> bool:
    """Whether a resource stands at a site that does not serve."""
    active = graph.deployment_of(resource).active
    return bool(active) and bool(resource.region) and resource.region != active and resource.type not in GLOBAL_TYPES


def unknown_types(graph: Graph) -> dict[str, list[Resource]]:
    """The resources that nobody has taught the review, by type; of nested stacks, those whose template is not there."""
    found: dict[str, list[Resource]] = {}
    for resource in graph:
        if not is_known(graph, resource):
            found.setdefault(resource.type, []).append(resource)
    return dict(sorted(found.items()))
