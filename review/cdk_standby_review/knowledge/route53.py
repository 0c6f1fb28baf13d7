"""Route 53: records that fail over, and the checks that make them."""

from __future__ import annotations

from dataclasses import replace

from ..facts import recovery_times as times
from ..facts import route53
from ..graph import Graph, Resource
from ..objectives import Fault
from ..outcomes import Case, Judgement, Stage, by_itself, by_runbook, survives
from ..traffic import detection, failover_partner, is_failover, record_ttl, switch_alarms
from ._judge import Judge


def record(graph: Graph, resource: Resource, case: Case) -> Judgement | None:
    """A DNS record: the data plane of Route 53 is global; what matters is whether its answer changes."""
    if case.fault is not Fault.REGION:
        return None if case.fault is Fault.DELETION else survives("Route 53 answers from many places", times.AT_ONCE)
    if not is_failover(resource):
        return None
    partner = failover_partner(graph, resource)
    if resource.text("Failover") != "PRIMARY" or partner is None:
        return survives("it answers when the primary record's check is unhealthy", times.AT_ONCE)
    deployment = graph.deployment_of(resource)
    if deployment.active and deployment.active != case.region:
        return survives("it points at the Region that serves", times.AT_ONCE, active=deployment.active)
    found = detection(graph, resource)
    if found is None:
        return None
    ttl = record_ttl(resource)
    if switch_alarms(graph, resource):
        judgement = by_runbook(
            "the switch is thrown and its health check turns the record", route53.SWITCH, TTL=ttl.value
        )
        takes, facts = route53.SWITCH.value + ttl.value, (route53.SWITCH, ttl)
    else:
        judgement = by_itself("its health check turns the record", found, TTL=ttl.value)
        takes, facts = found.value + ttl.value, (found, ttl)
    return replace(judgement, rto=takes, facts=facts, stage=Stage.TRAFFIC)


def global_part(_graph: Graph, _resource: Resource, case: Case) -> Judgement | None:
    """Zones and health checks: served globally, changed only through us-east-1."""
    if case.fault is Fault.DELETION:
        return None
    return survives("Route 53's data plane is global; only its changes need us-east-1", times.AT_ONCE)


JUDGES: dict[str, Judge] = {
    "AWS::Route53::RecordSet": record,
    "AWS::Route53::HostedZone": global_part,
    "AWS::Route53::HealthCheck": global_part,
}
