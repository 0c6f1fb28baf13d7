"""Site-to-Site VPN: two tunnels each, to one device."""

from __future__ import annotations

from ..facts import Fact, Range
from ..facts import vpn as facts
from ..graph import Graph, Resource
from ..objectives import Fault
from ..outcomes import Case, Judgement, survives
from ._judge import Judge, plumbing

_OTHER_TUNNEL: Fact[Range] = Fact(
    value=Range(0, 0),
    unit="seconds",
    says="the other tunnel ends in another zone",
    source=facts.TUNNELS.source,
    date=facts.TUNNELS.date,
)


def connection(graph: Graph, resource: Resource, case: Case) -> Judgement | None:
    """A connection under a fault on the side of AWS; devices are in no template."""
    match case.fault:
        case Fault.INSTANCE | Fault.ZONE:
            return survives(_OTHER_TUNNEL.says, _OTHER_TUNNEL)
        case Fault.REGION:
            return plumbing(graph, resource, case, "the connection")
        case Fault.DELETION | Fault.ACCOUNT:
            return None


JUDGES: dict[str, Judge] = {"AWS::EC2::VPNConnection": connection}
