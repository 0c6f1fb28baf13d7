"""Route 53: records that fail over, and the checks that make them."""

from __future__ import annotations

from dataclasses import replace

from ..facts import Fact, Range, arc, route53
from ..facts import recovery_times as times
from ..graph import Graph, Resource
from ..objectives import Fault
from ..outcomes import Case, Judgement, Stage, by_itself, by_runbook, lost, survives, unknown
from ..plain import is_true
from ..traffic import (
    POLICIES,
    detection,
    failover_partner,
    is_checked,
    is_failover,
    leads_to,
    record_ttl,
    routing_controls,
    shares_name,
    switch_alarms,
)
from ._judge import Judge


def record(graph: Graph, resource: Resource, case: Case) -> Judgement | None:
    """A DNS record: the data plane of Route 53 is global; what matters is whether its answer changes."""
    if case.fault is not Fault.REGION:
        return None if case.fault is Fault.DELETION else survives("Route 53 answers from many places", times.AT_ONCE)
    if not is_failover(resource):
        return _one_of_several(graph, resource, case)
    here, active = leads_to(graph, resource), graph.deployment_of(resource).active
    if here != case.region:
        return survives(f"it leads to {here}", times.AT_ONCE) if here else unknown("where it leads is not known")
    if active and active != case.region:
        return survives(f"{active} serves", times.AT_ONCE, active=active)
    partner = failover_partner(graph, resource)
    if partner is None or leads_to(graph, partner) == here:
        return lost("no record of the pair leads to another Region", times.ONE_REGION)
    return _not_answered(resource, active) or _turned(graph, resource)


def _not_answered(resource: Resource, active: str) -> Judgement | None:
    """A secondary record waits, unless the templates say that its Region serves."""
    if active or resource.text("Failover") == "PRIMARY":
        return None
    return survives("the primary record is answered as long as it is healthy", times.AT_ONCE)


def _turned(graph: Graph, resource: Resource) -> Judgement:
    """The Region that a record leads to is gone, and the other record of its pair leads elsewhere."""
    seen, ttl = detection(graph, resource), record_ttl(resource)
    if resource.text("Failover") == "PRIMARY" and routing_controls(graph, resource):
        return _timed(by_runbook("its routing control is turned off", arc.FLIP), arc.FLIP, ttl)
    if resource.text("Failover") == "PRIMARY" and switch_alarms(graph, resource):
        moved = by_runbook("the switch is thrown and its health check turns the record", route53.SWITCH)
        return _timed(moved, route53.SWITCH, ttl)
    if seen is None and is_true(resource.get("AliasTarget", "EvaluateTargetHealth")):
        seen = times.ZONE_EVICTION
    if seen is None:
        return lost("nobody checks its health: it answers for ever", replace(times.ONE_REGION, source=ttl.source))
    if resource.text("Failover") == "PRIMARY":
        return _timed(by_itself("its health check turns the record", seen), seen, ttl)
    primary = replace(seen, source=route53.BOTH_UNHEALTHY.source, says=route53.BOTH_UNHEALTHY.says)
    return _timed(by_itself("once it is unhealthy, the primary record is answered again", primary), primary, ttl)


def _one_of_several(graph: Graph, resource: Resource, case: Case) -> Judgement | None:
    """One of the records that share a name over several Regions; what stays within one Region promises nothing."""
    places = {leads_to(graph, other) for other in shares_name(graph, resource)} - {""}
    here = leads_to(graph, resource)
    if len(places) < 2 or not here:
        return None
    if here != case.region:
        return survives(f"it leads to {here}", times.AT_ONCE)
    return _left_out(graph, resource)


def _left_out(graph: Graph, resource: Resource) -> Judgement:
    """The Region that a record leads to is gone, and others of its name lead elsewhere."""
    ttl = record_ttl(resource)
    if seen := detection(graph, resource):
        return _timed(by_itself("its health check leaves it out, and others of its name are answered", seen), seen, ttl)
    if routing_controls(graph, resource):
        return _timed(by_runbook("its routing control is turned off", arc.FLIP), arc.FLIP, ttl)
    if switch_alarms(graph, resource):
        return _timed(by_runbook("the alarm of its health check is thrown", route53.SWITCH), route53.SWITCH, ttl)
    if is_true(resource.get("AliasTarget", "EvaluateTargetHealth")):
        known = times.ZONE_EVICTION
        return _timed(by_itself("its target has no health, and others of its name are answered", known), known, ttl)
    if is_checked(resource):
        return unknown("what its health check watches is not in the templates")
    return lost(
        "nobody checks its health: it is answered for ever", replace(times.ONE_REGION, source=route53.UNCHECKED.source)
    )


def _timed(judgement: Judgement, takes: Fact[Range], ttl: Fact[Range]) -> Judgement:
    return replace(judgement, rto=takes.value + ttl.value, facts=(takes, ttl), stage=Stage.TRAFFIC)


def records(_graph: Graph, resource: Resource, case: Case) -> Judgement | None:
    """A group of records: answered globally; which of them fails over to which is not looked into."""
    if case.fault is not Fault.REGION:
        return None if case.fault is Fault.DELETION else survives("Route 53 answers from many places", times.AT_ONCE)
    several = any(each.get(policy) is not None for each in resource.items("RecordSets") for policy in POLICIES)
    return unknown("which of its records leads where is not looked into") if several else None


def routing_control(_graph: Graph, _resource: Resource, case: Case) -> Judgement | None:
    """Clusters and what is in them: five Regions keep their states, and three of them are enough."""
    if case.fault is Fault.DELETION:
        return None
    return survives("its state is kept in five Regions; only its configuration needs us-west-2", arc.QUORUM)


def global_part(_graph: Graph, _resource: Resource, case: Case) -> Judgement | None:
    """Zones and health checks: served globally, changed only through us-east-1."""
    if case.fault is Fault.DELETION:
        return None
    return survives("Route 53's data plane is global; only its changes need us-east-1", times.AT_ONCE)


JUDGES: dict[str, Judge] = {
    "AWS::Route53::RecordSet": record,
    "AWS::Route53::RecordSetGroup": records,
    "AWS::Route53::CidrCollection": global_part,
    "AWS::Route53::HostedZone": global_part,
    "AWS::Route53::HealthCheck": global_part,
    "AWS::Route53RecoveryControl::Cluster": routing_control,
    "AWS::Route53RecoveryControl::ControlPanel": routing_control,
    "AWS::Route53RecoveryControl::RoutingControl": routing_control,
    "AWS::Route53RecoveryControl::SafetyRule": routing_control,
}
