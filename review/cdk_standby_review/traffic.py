"""How traffic finds its Region: failover records, their health checks, the switch alarm, times to live."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .facts import Fact, Range, route53
from .intrinsics import references_in
from .plain import is_true, list_of

if TYPE_CHECKING:
    from .graph import Graph, Resource

INTERVAL, THRESHOLD = 30.0, 3.0
"""What Route 53 takes when a health check does not say."""
DEEPEST = 5
"""Aliases of aliases are followed this far."""
MOVERS = (
    "AWS::ARCRegionSwitch::Plan",
    "AWS::CloudFront::Distribution",
    "AWS::GlobalAccelerator::EndpointGroup",
    "AWS::Route53::RecordSetGroup",
    "AWS::Route53::TrafficPolicyInstance",
)
POLICIES = (
    "Failover",
    "Weight",
    "Region",
    "GeoLocation",
    "GeoProximityLocation",
    "MultiValueAnswer",
    "CidrRoutingConfig",
)
"""The properties that make a record one of several."""
ENDPOINT_CHECKS = frozenset({"HTTP", "HTTPS", "HTTP_STR_MATCH", "HTTPS_STR_MATCH", "TCP"})


def is_failover(record: Resource) -> bool:
    """Whether a record is one of a failover pair."""
    return record.text("Failover") in {"PRIMARY", "SECONDARY"}


def leads_to(graph: Graph, record: Resource, *, depth: int = 0) -> str:
    """The Region that a record leads to; empty when the templates do not say."""
    if depth > DEEPEST:
        return ""
    if said := record.text("Region") or record.text("GeoProximityLocation", "AWSRegion"):
        return said
    values = [record.get("AliasTarget", "DNSName"), *list_of(record.get("ResourceRecords"))]
    for reference in references_in(values):
        if target := graph.at(reference):
            return target.region
    names = {str(value).lower().rstrip(".") for value in values if value is not None}
    by_name = graph.remembered("records by name", lambda: _by_name(graph))
    others = [other for name in names for other in by_name.get(name, ()) if other is not record]
    if others:
        return leads_to(graph, min(others, key=lambda other: other.key), depth=depth + 1)
    regions = graph.remembered("regions", lambda: _sites(graph))
    return next((region for region in regions for name in names if region in name.split(".")), "")


def _sites(graph: Graph) -> list[str]:
    """The Regions of all sites; what stands outside of them is not counted."""
    return sorted({t.region for t in graph.templates if t.region and t.standby.get("role") != "outside"})


def _by_name(graph: Graph) -> dict[str, list[Resource]]:
    """Every record by its name, without regard to its type."""
    found: dict[str, list[Resource]] = {}
    for record in graph.of_type("AWS::Route53::RecordSet"):
        found.setdefault(_name(record)[0], []).append(record)
    return found


def _namesakes(graph: Graph, record: Resource) -> list[Resource]:
    """Every record of the same name, this one included."""
    return graph.remembered("records by name", lambda: _by_name(graph)).get(_name(record)[0], [])


def moves_traffic(graph: Graph) -> bool:
    """Whether anything in the templates can send users to another Region."""
    return bool(graph.of_type(*MOVERS)) or any(
        record.get(policy) is not None for record in graph.of_type("AWS::Route53::RecordSet") for policy in POLICIES
    )


def failover_partner(graph: Graph, record: Resource) -> Resource | None:
    """The other record of a failover pair: same name and type."""
    for other in _namesakes(graph, record):
        same = (str(other.get("Name")), other.text("Type")) == (str(record.get("Name")), record.text("Type"))
        if same and is_failover(other) and other.text("Failover") != record.text("Failover"):
            return other
    return None


def shares_name(graph: Graph, record: Resource) -> list[Resource]:
    """Every record of the same name and type that Route 53 chooses from, this one included; none for a simple record.

    Failover records are not meant: they are pairs.
    """
    if is_failover(record) or all(record.get(policy) is None for policy in POLICIES):
        return []
    return [other for other in _namesakes(graph, record) if not is_failover(other) and _name(other) == _name(record)]


def _name(record: Resource) -> tuple[str, str]:
    return str(record.get("Name")).lower().rstrip("."), str(record.get("Type"))


def is_checked(record: Resource) -> bool:
    """Whether Route 53 can find a record unhealthy."""
    return record.get("HealthCheckId") is not None or is_true(record.get("AliasTarget", "EvaluateTargetHealth"))


def checks_of(graph: Graph, record: Resource) -> list[Resource]:
    """The health checks behind a record, the children of calculated ones included."""
    top = graph.at(record.get("HealthCheckId"))
    found: list[Resource] = []
    waiting = [top] if top else []
    while waiting:
        check = waiting.pop(0)
        if check in found:
            continue
        found.append(check)
        children = list_of(check.get("HealthCheckConfig", "ChildHealthChecks"))
        waiting += [child for value in children if (child := graph.at(value))]
    return found


def detection(graph: Graph, record: Resource) -> Fact[Range] | None:
    """How long until a dead endpoint is seen, by the quickest of a record's endpoint checks."""
    found = [detected for check in checks_of(graph, record) if (detected := _detected(check))]
    if not found:
        return None
    return Fact(
        value=min(found, key=lambda each: each.high),
        unit="seconds",
        says="a health check turns unhealthy when the endpoint has failed often enough in a row",
        source=route53.RESPONSE_TIMEOUT.source,
        date=route53.RESPONSE_TIMEOUT.date,
    )


def _detected(check: Resource) -> Range | None:
    if check.text("HealthCheckConfig", "Type") not in ENDPOINT_CHECKS:
        return None
    interval = check.number("HealthCheckConfig", "RequestInterval") or INTERVAL
    return route53.detection(interval, int(check.number("HealthCheckConfig", "FailureThreshold") or THRESHOLD))


def switch_alarms(graph: Graph, record: Resource) -> list[Resource]:
    """The checks behind a record that follow a CloudWatch alarm: somebody can throw them."""
    checks = checks_of(graph, record)
    return [c for c in checks if c.text("HealthCheckConfig", "Type") == "CLOUDWATCH_METRIC"]


def routing_controls(graph: Graph, record: Resource) -> list[Resource]:
    """The checks behind a record that follow a routing control: somebody can turn it."""
    checks = checks_of(graph, record)
    return [c for c in checks if c.text("HealthCheckConfig", "Type") == "RECOVERY_CONTROL"]


def record_ttl(record: Resource) -> Fact[Range]:
    """How long resolvers keep the old answer."""
    written = record.number("TTL")
    is_alias = record.get("AliasTarget") is not None or written is None
    seconds = float(route53.ALIAS_TTL.value) if is_alias else written or 0.0
    known = route53.ALIAS_TTL if is_alias else route53.RECORD_TTL
    return Fact(
        value=Range(0, seconds),
        unit="seconds",
        says=f"resolvers keep an answer for up to {seconds:g} seconds",
        source=known.source,
        date=known.date,
    )
