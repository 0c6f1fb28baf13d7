"""DynamoDB: a table in one Region, or a global table whose replicas all take reads and writes."""

from __future__ import annotations

from dataclasses import replace

from ..facts import dynamodb as facts
from ..facts import recovery_times as times
from ..graph import Graph, Resource
from ..intrinsics import known
from ..objectives import Fault
from ..outcomes import Case, Judgement, by_itself, by_runbook, lost, survives, unknown
from ..plain import is_true, list_of, within
from ._judge import Judge, restored_elsewhere, restored_here

_RECOVERY = ("PointInTimeRecoverySpecification", "PointInTimeRecoveryEnabled")


def table(graph: Graph, resource: Resource, case: Case) -> Judgement | None:
    """A table, global or not, under a fault; the Region is that of its template."""
    match case.fault:
        case Fault.INSTANCE | Fault.ZONE:
            return survives(facts.MULTI_ZONE.says, facts.MULTI_ZONE)
        case Fault.REGION:
            return _region(graph, resource, case)
        case Fault.DELETION | Fault.ACCOUNT:
            return _deletion(graph, resource)


def _region(graph: Graph, resource: Resource, case: Case) -> Judgement:
    if not known(resource.get("Replicas")):
        return unknown("Replicas is known only at deployment")
    others = sorted({str(replica.get("Region")) for replica in resource.items("Replicas")} - {case.region})
    if not others:
        return restored_elsewhere(graph, resource) or lost("no replica in another Region", times.ONE_REGION)
    says = f"the replica in {', '.join(others)} takes reads and writes"
    loses = facts.STRONG if resource.text("MultiRegionConsistency") == "STRONG" else facts.LAG
    return replace(by_itself(says, facts.REPLICA, loses.value, replicas=others), facts=(facts.REPLICA, loses))


def _deletion(graph: Graph, resource: Resource) -> Judgement:
    """What is deleted in one replica is deleted in all of them: only recovery and backups bring it back."""
    asked = [resource.get(*_RECOVERY), *(within(replica, *_RECOVERY) for replica in resource.items("Replicas"))]
    if any(map(is_true, asked)):
        return by_runbook("restored to a point in time into a new table", times.RESTORE, times.POINT_IN_TIME, PITR=True)
    if restored := restored_here(graph, resource):
        return restored
    if not recovery_is_told(resource):
        return unknown("whether it has point-in-time recovery is known only at deployment")
    return lost("no point-in-time recovery and no backup", times.NO_BACKUP, PITR=False)


def recovery_is_told(table: Resource) -> bool:
    """Whether the template says about point-in-time recovery what the deployment will do."""
    places = [table.properties, *list_of(table.get("Replicas"))]
    said = [within(place, *_RECOVERY[:depth]) for place in places for depth in (1, 2)]
    return all(map(known, (table.get("Replicas"), *places, *said)))


JUDGES: dict[str, Judge] = {"AWS::DynamoDB::Table": table, "AWS::DynamoDB::GlobalTable": table}
