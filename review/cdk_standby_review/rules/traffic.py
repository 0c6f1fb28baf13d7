"""Rules about how traffic finds the Region that serves."""

from __future__ import annotations

from collections.abc import Iterable

from ..facts.arc import READINESS
from ..facts.route53 import RECORD_TTL, UNCHECKED
from ..facts.route53_records import DEFAULT_PLACE
from ..findings import Found, Severity, rule
from ..graph import Graph, Resource
from ..traffic import failover_partner, is_checked, is_failover, leads_to, shares_name

_FAILOVER = "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-configuring.html"
_PAIRS = "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy-failover.html"
_ALARMS = "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-types.html"

READINESS_TYPES = tuple(
    f"AWS::Route53RecoveryReadiness::{kind}" for kind in ("Cell", "ReadinessCheck", "RecoveryGroup", "ResourceSet")
)


def _records(graph: Graph) -> Iterable[Resource]:
    return (record for record in graph.of_type("AWS::Route53::RecordSet") if is_failover(record))


def _routed(graph: Graph) -> Iterable[Resource]:
    """Records that share a name with others, over several Regions."""
    for record in graph.of_type("AWS::Route53::RecordSet"):
        places = {leads_to(graph, other) for other in shares_name(graph, record)} - {""}
        if len(places) > 1:
            yield record


def health_checks(graph: Graph) -> Iterable[Found]:
    """A primary failover record whose health nobody checks."""
    for record in _records(graph):
        evaluated = str(record.get("AliasTarget", "EvaluateTargetHealth")).lower() == "true"
        if record.text("Failover") == "PRIMARY" and record.get("HealthCheckId") is None and not evaluated:
            yield record, "the primary record has no health check", "give it a HealthCheckId"


def time_to_live(graph: Graph) -> Iterable[Found]:
    """A failover record, or one of several over Regions, that resolvers keep for long."""
    for record in (*_records(graph), *_routed(graph)):
        seconds = record.number("TTL")
        if seconds is not None and seconds not in RECORD_TTL.value:
            yield record, f"TTL is {seconds:g} seconds", "set TTL to 60 or less"


def partners(graph: Graph) -> Iterable[Found]:
    """A primary record with nothing to fail over to."""
    for record in _records(graph):
        if record.text("Failover") == "PRIMARY" and failover_partner(graph, record) is None:
            yield record, "no secondary record of the same name and type", "add a record with Failover SECONDARY"


def routed_health_checks(graph: Graph) -> Iterable[Found]:
    """One of several records over Regions whose health nobody checks."""
    for record in _routed(graph):
        if not is_checked(record):
            here = leads_to(graph, record) or "somewhere"
            yield record, f"the record that leads to {here} has no health check", "give it a HealthCheckId"


def default_places(graph: Graph) -> Iterable[Found]:
    """Geolocation records that leave out everybody whom no place covers."""
    for record in graph.of_type("AWS::Route53::RecordSet"):
        if record.get("GeoLocation") is None:
            continue
        several = shares_name(graph, record)
        if several[:1] == [record] and "*" not in {other.text("GeoLocation", "CountryCode") for other in several}:
            yield record, "no record of its name is for CountryCode *", "add one: who is nowhere gets no answer"


def readiness_checks(graph: Graph) -> Iterable[Found]:
    """What only customers of ARC from before can make."""
    for check in graph.of_type(*READINESS_TYPES):
        yield check, "a readiness check of ARC", "take it out, and practise with a Region switch plan or a drill"


def switch_region(graph: Graph) -> Iterable[Found]:
    """A switch that stands in the Region it should lead away from."""
    for check in graph.of_type("AWS::Route53::HealthCheck"):
        region = check.text("HealthCheckConfig", "AlarmIdentifier", "Region")
        if region and region in _left_by(graph, check):
            yield (
                check,
                f"its alarm stands in {region}, which it should lead away from",
                "keep the alarm in the other Region",
            )


def _left_by(graph: Graph, check: Resource) -> set[str]:
    """The Regions that traffic leaves when a check turns unhealthy."""
    above = [check, *graph.users_of(check, "AWS::Route53::HealthCheck")]
    records = [r for c in above for r in graph.users_of(c, "AWS::Route53::RecordSet")]
    return {leads_to(graph, record) for record in records if record.text("Failover") == "PRIMARY"}


RULES = (
    rule("routed-record-health-check", routed_health_checks, UNCHECKED.says, UNCHECKED.source),
    rule("geolocation-default", default_places, DEFAULT_PLACE.says, DEFAULT_PLACE.source, Severity.WARNING),
    rule("readiness-checks-closed", readiness_checks, READINESS.says, READINESS.source),
    rule("failover-record-health-check", health_checks, "it answers for ever, also when its Region is gone", _FAILOVER),
    rule("failover-record-ttl", time_to_live, "clients keep going to the lost Region for that long", _FAILOVER),
    rule("failover-record-partner", partners, "there is nothing to fail over to", _PAIRS),
    rule(
        "switch-in-lost-region",
        switch_region,
        "it cannot be thrown once that Region is gone",
        _ALARMS,
        Severity.WARNING,
    ),
)
