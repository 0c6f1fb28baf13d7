"""CloudFront and Global Accelerator: their data planes are global; what counts is where they lead."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..facts import Fact, Range, cloudfront, globalaccelerator
from ..facts import recovery_times as times
from ..facts.regions import REGIONS
from ..graph import Graph, Resource
from ..intrinsics import references_in
from ..objectives import Fault
from ..outcomes import Case, Judgement, Stage, by_itself, lost, survives
from ..plain import list_of, object_of, within
from ._judge import Judge

_CONFIG = "DistributionConfig"
_ATTEMPTS, _CONNECTING, _RESPONSE = 3.0, 10.0, 30.0
"""What CloudFront takes when an origin does not say."""
_INTERVAL, _THRESHOLD = 30.0, 3.0
"""What Global Accelerator takes when a group does not say."""


def distribution(graph: Graph, resource: Resource, case: Case) -> Judgement | None:
    """A distribution: it answers from everywhere, and its reads go where its default behavior leads."""
    if case.fault is not Fault.REGION:
        return None
    origins = _origins(resource)
    regions = [_region_of(graph, origin) for origin in origins]
    if case.region not in regions:
        return survives(f"{cloudfront.DATA_PLANE.says}, though it can be changed only in us-east-1", times.AT_ONCE)
    there = case.region or "the Region"
    if regions[0] != case.region:
        return survives(f"the primary origin, in {regions[0] or 'another place'}, answers", times.AT_ONCE)
    if len(origins) > 1 and not _fails_over(resource):
        return lost(cloudfront.LOSS_CODES.says, replace(times.ONE_REGION, source=cloudfront.LOSS_CODES.source))
    if len(origins) > 1 and regions[1] != case.region:
        says = (
            f"reads go to the other origin, in {regions[1] or 'another place'}; writes do not, and nothing is changed"
        )
        return replace(by_itself(says, _fact(_waits(origins[0]), cloudfront.GROUP)), stage=Stage.TRAFFIC)
    return lost(f"all its origins are in {there}; only what is cached is answered", times.ONE_REGION)


def _origins(resource: Resource) -> list[dict[str, Any]]:
    """The origins of the default behavior: one, or the two of its group."""
    members = [object_of(member).get("OriginId") for member in list_of(within(_group(resource), "Members", "Items"))]
    members = members or [resource.get(_CONFIG, "DefaultCacheBehavior", "TargetOriginId")]
    found = [object_of(origin) for origin in list_of(resource.get(_CONFIG, "Origins"))]
    return [origin for wanted in members for origin in found if origin.get("Id") == wanted]


def _group(resource: Resource) -> dict[str, Any]:
    """The origin group of the default behavior, or nothing."""
    target = resource.get(_CONFIG, "DefaultCacheBehavior", "TargetOriginId")
    groups = map(object_of, list_of(resource.get(_CONFIG, "OriginGroups", "Items")))
    return object_of(next((each for each in groups if each.get("Id") == target), None))


def _fails_over(resource: Resource) -> bool:
    """Whether a lost origin is among what the group fails over on; what is not known may be."""
    codes = within(_group(resource), "FailoverCriteria", "StatusCodes", "Items")
    return not isinstance(codes, list) or set(map(str, cloudfront.LOSS_CODES.value)) <= set(map(str, list_of(codes)))


def _region_of(graph: Graph, origin: dict[str, Any]) -> str | None:
    """Where an origin stands: that of what it refers to, or the Region in its name; None: nobody knows."""
    domain = origin.get("DomainName")
    for reference in references_in([domain]):
        if target := graph.at(reference):
            return target.region
    return next((label for label in str(domain).split(".") if label in REGIONS.value), None)


def _waits(origin: dict[str, Any]) -> Range:
    found = (
        origin.get("ConnectionAttempts"),
        origin.get("ConnectionTimeout"),
        within(origin, "CustomOriginConfig", "OriginReadTimeout"),
    )
    defaults = (_ATTEMPTS, _CONNECTING, _RESPONSE)
    known = [
        float(value) if isinstance(value, int | float) else default
        for value, default in zip(found, defaults, strict=True)
    ]
    return cloudfront.detection(*known)


def group(graph: Graph, resource: Resource, case: Case) -> Judgement | None:
    """An endpoint group: when its Region is lost, its traffic goes to another group, whatever that one's dial."""
    if case.fault is not Fault.REGION:
        return None
    if resource.text("EndpointGroupRegion") != case.region:
        return accelerator(graph, resource, case)
    others = [
        str(other.text("EndpointGroupRegion"))
        for other in graph.of_type("AWS::GlobalAccelerator::EndpointGroup")
        if other.get("ListenerArn") == resource.get("ListenerArn")
        and other.text("EndpointGroupRegion") != case.region
        and _takes_traffic(other)
    ]
    if not others:
        return lost("no other endpoint group has an endpoint with a weight above 0", times.ONE_REGION)
    says = f"new connections go to {', '.join(sorted(others))}, whatever the dial there"
    interval = resource.number("HealthCheckIntervalSeconds") or _INTERVAL
    seen = globalaccelerator.detection(interval, int(resource.number("ThresholdCount") or _THRESHOLD))
    takes = _fact(seen + globalaccelerator.SHIFT.value, globalaccelerator.DIAL_ON_FAILOVER)
    takes = replace(takes, confidence=globalaccelerator.SHIFT.confidence)  # the rule is documented, the time is not
    return replace(by_itself(says, takes), stage=Stage.TRAFFIC)


def _takes_traffic(resource: Resource) -> bool:
    endpoints = map(object_of, list_of(resource.get("EndpointConfigurations")))
    return any(str(endpoint.get("Weight", "")) != "0" for endpoint in endpoints)


def accelerator(_graph: Graph, _resource: Resource, case: Case) -> Judgement | None:
    """Static addresses and their listeners: announced from everywhere, changed only through us-west-2."""
    if case.fault is not Fault.REGION:
        return None
    return survives(f"{globalaccelerator.DATA_PLANE.says}; only changes need us-west-2", times.AT_ONCE)


def _fact(value: Range, of: Fact[int] | Fact[str]) -> Fact[Range]:
    return Fact(value=value, unit="seconds", says=of.says, source=of.source, date=of.date, confidence=of.confidence)


JUDGES: dict[str, Judge] = {
    "AWS::CloudFront::Distribution": distribution,
    "AWS::GlobalAccelerator::Accelerator": accelerator,
    "AWS::GlobalAccelerator::EndpointGroup": group,
    "AWS::GlobalAccelerator::Listener": accelerator,
}
