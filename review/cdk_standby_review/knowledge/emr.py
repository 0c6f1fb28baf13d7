"""EMR: clusters, which live in one zone, and applications, which live in several."""

from __future__ import annotations

from ..facts import emr as facts
from ..facts import recovery_times as times
from ..graph import Graph, Resource
from ..intrinsics import known
from ..objectives import Fault
from ..outcomes import Case, Judgement, by_itself, by_runbook, lost, survives, unknown
from ..placement import of_subnets
from ..plain import list_of
from ._judge import Judge, with_its_region

_HA = 3


def cluster(graph: Graph, resource: Resource, case: Case) -> Judgement | None:
    """A cluster under a fault. Deletion is judged where the data is, in S3."""
    match case.fault:
        case Fault.INSTANCE:
            return _instance(resource)
        case Fault.ZONE:
            return _zone(graph, resource, case)
        case Fault.REGION:
            return with_its_region(graph, resource, case, "the cluster")
        case Fault.DELETION | Fault.ACCOUNT:
            return None


def _instance(resource: Resource) -> Judgement:
    fleet = resource.number("Instances", "MasterInstanceFleet", "TargetOnDemandCapacity")
    primaries = fleet if fleet is not None else resource.number("Instances", "MasterInstanceGroup", "InstanceCount")
    if primaries is None:
        return unknown("how many primary nodes it has is known only at deployment")
    if primaries >= _HA:
        return by_itself(facts.NODE_REPLACED.says, facts.NODE_REPLACED, primaries=int(primaries))
    return lost("the cluster ends with its only primary node", times.ONE_ZONE, primaries=int(primaries))


def _zone(graph: Graph, resource: Resource, case: Case) -> Judgement | None:
    several, one = resource.get("Instances", "Ec2SubnetIds"), resource.get("Instances", "Ec2SubnetId")
    placed = of_subnets(graph, several if several is not None else one)
    if placed.known and case.zone and case.zone not in placed.zones:
        return None
    if placed.spread or (not placed.known and len(list_of(several)) > 1):
        return by_runbook(facts.LAUNCH.says, facts.LAUNCH, zones=placed.zones)
    if not placed.known and not known(several if several is not None else one):
        return unknown("its subnets are known only at deployment")
    return lost(facts.ONE_ZONE.says, times.ONE_ZONE, zones=placed.zones)


def application(graph: Graph, resource: Resource, case: Case) -> Judgement | None:
    """An application of EMR Serverless: jobs are repeated in the zones of its subnets, or of the service."""
    match case.fault:
        case Fault.INSTANCE:
            return survives(facts.SERVERLESS_ZONES.says, facts.SERVERLESS_ZONES)
        case Fault.ZONE:
            placed = of_subnets(graph, resource.get("NetworkConfiguration", "SubnetIds"))
            if placed.known and not placed.spread:
                return lost(facts.SERVERLESS_SUBNETS.says, times.ONE_ZONE, zones=placed.zones)
            return survives(facts.SERVERLESS_ZONES.says, facts.SERVERLESS_ZONES, zones=placed.zones)
        case Fault.REGION:
            return with_its_region(graph, resource, case, "the application")
        case Fault.DELETION | Fault.ACCOUNT:
            return None


JUDGES: dict[str, Judge] = {"AWS::EMR::Cluster": cluster, "AWS::EMRServerless::Application": application}
