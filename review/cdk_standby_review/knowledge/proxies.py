"""RDS proxies: the way from applications to a database, through network interfaces in the proxy's subnets."""

from __future__ import annotations

from ..facts import recovery_times as times
from ..graph import Graph, Resource
from ..objectives import Fault
from ..outcomes import Case, Judgement, lost, survives, unknown
from ..placement import of_subnets
from ._judge import Judge, with_its_region


def proxy(graph: Graph, resource: Resource, case: Case) -> Judgement | None:
    """A proxy, or a further endpoint of one: in the zones of its subnets, for databases of its Region."""
    match case.fault:
        case Fault.INSTANCE:
            return survives("AWS runs it on hosts in several zones", times.PROXY)
        case Fault.ZONE:
            return _zone(graph, resource, case)
        case Fault.REGION:
            return with_its_region(graph, resource, case, "the proxy")
        case Fault.DELETION | Fault.ACCOUNT:
            return None


def _zone(graph: Graph, resource: Resource, case: Case) -> Judgement:
    placed = of_subnets(graph, resource.get("VpcSubnetIds"))
    if not placed.known:
        return unknown("the templates do not say which zones its subnets are in")
    if placed.spread or (case.zone and case.zone not in placed.zones):
        return survives("it has network interfaces in other zones", times.PROXY, zones=placed.zones)
    return lost("all its network interfaces are in one zone", times.ONE_ZONE, zones=placed.zones)


JUDGES: dict[str, Judge] = {"AWS::RDS::DBProxy": proxy, "AWS::RDS::DBProxyEndpoint": proxy}
