"""Aurora DSQL: a cluster in one Region, or one of two members that both take writes."""

from __future__ import annotations

from ..databases import dsql_peers
from ..facts import dsql as facts
from ..facts import recovery_times as times
from ..graph import Graph, Resource
from ..intrinsics import known
from ..objectives import Fault
from ..outcomes import Case, Judgement, by_itself, lost, survives, unknown
from ..plain import list_of
from ._judge import Judge, first_unknown, restored_elsewhere, restored_here, served_elsewhere


def cluster(graph: Graph, resource: Resource, case: Case) -> Judgement | None:
    """A DSQL cluster under a fault."""
    match case.fault:
        case Fault.INSTANCE | Fault.ZONE:
            return survives(facts.MULTI_ZONE.says, facts.MULTI_ZONE)
        case Fault.REGION:
            return _region(graph, resource, case)
        case Fault.DELETION | Fault.ACCOUNT:
            return restored_here(graph, resource) or lost(
                "it has no restore to a point in time, and no backup plan selects it", times.NO_BACKUP
            )


def _region(graph: Graph, resource: Resource, case: Case) -> Judgement:
    if first_unknown(resource, "MultiRegionProperties"):
        return unknown("MultiRegionProperties is known only at deployment")
    peers = dsql_peers(resource)
    if others := sorted(set(peers) - {case.region}):
        where = ", ".join(others)
        return by_itself(f"the member in {where} goes on taking reads and writes", facts.MULTI_REGION, peers=where)
    if waiting := served_elsewhere(graph, resource, case):
        return waiting
    named = list_of(resource.get("MultiRegionProperties", "Clusters"))
    if any(not known(each) and graph.at(each) is None and str(each).count(":") != 5 for each in named):
        return unknown("where its peer is, is known only at deployment")
    why = "it waits for its peer" if resource.get("MultiRegionProperties", "WitnessRegion") else "it has no peer"
    return restored_elsewhere(graph, resource) or lost(
        f"{why}, and no copy of a backup is in another Region", times.ONE_REGION
    )


JUDGES: dict[str, Judge] = {"AWS::DSQL::Cluster": cluster}
