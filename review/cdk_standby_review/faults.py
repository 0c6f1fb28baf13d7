"""Strikes: which faults can happen to these templates, and what each does to every resource."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from .graph import Graph, Resource
from .knowledge import JUDGES, is_known
from .knowledge._judge import Judge, is_struck, serves_everywhere
from .objectives import Fault
from .outcomes import Case, Judgement, Outcome
from .placement import zones_of_region
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
    inside = case.fault in {Fault.INSTANCE, Fault.ZONE}
    for resource, judge in graph.remembered("judged", lambda: _judged(graph)):
        everywhere = resource.type in GLOBAL_TYPES
        if everywhere and inside:
            continue
        reached = is_struck(resource, case) or _written_there(graph, resource, case)
        if not (reached or (everywhere and case.fault is Fault.REGION)):
            continue
        judgement = _judgement(graph, resource, case, judge)
        if judgement is not None:
            yield Outcome(case=case, resource=resource, judgement=_weighed(graph, resource, case, judgement))


def _judgement(graph: Graph, resource: Resource, case: Case, judge: Judge) -> Judgement | None:
    if case.fault is Fault.ACCOUNT:
        return after_takeover(graph, resource, judge(graph, resource, Case(Fault.DELETION)))
    return redeployed(graph, resource, case, judge(graph, resource, case))


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
    return bool(active) and resource.region != active and resource.type not in GLOBAL_TYPES


def unknown_types(graph: Graph) -> dict[str, list[Resource]]:
    """The resources that nobody has taught the review, by type; of nested stacks, those whose template is not there."""
    found: dict[str, list[Resource]] = {}
    for resource in graph:
        if not is_known(graph, resource):
            found.setdefault(resource.type, []).append(resource)
    return dict(sorted(found.items()))
