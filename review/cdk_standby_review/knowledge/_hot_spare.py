"""Two groups of one, of which the second stands by."""

from __future__ import annotations

from ..facts import ec2_addresses as times
from ..graph import Graph, Resource
from ..objectives import Fault
from ..outcomes import Case, Judgement, by_itself, by_runbook
from ..placement import placement
from ._kept import kept

SPARE, TAKEOVER = "cdk-standby:spare", "cdk-standby:takeover"
"""Tags of both groups: the pair that they are, and what leads clients from one to the other."""


def spared(graph: Graph, resource: Resource, case: Case) -> Judgement | None:
    """What becomes of a server with a spare; None: it has none in another zone, or the fault is not its."""
    placed = placement(graph, resource)
    if case.fault not in (Fault.INSTANCE, Fault.ZONE) or not placed.known:
        return None
    if case.zone and case.zone not in placed.zones:
        return None
    other = spare_of(graph, resource)
    if other is None:
        return None
    runs = (kept(graph, other) or 0) >= 1
    takes = times.TAKEOVER if runs else times.FROM_REST
    if by := _tag(resource, TAKEOVER):
        return by_itself("its addresses move to the spare in another zone", takes, spare=other.name, by=by)
    return by_runbook("the spare in another zone serves once clients are led there", takes, spare=other.name)


def spare_of(graph: Graph, resource: Resource) -> Resource | None:
    """The other group of the pair, if it is in another zone."""
    pair, zones = _tag(resource, SPARE), set(placement(graph, resource).zones)
    found = [
        one
        for one in graph.of_type(resource.type)
        if pair and one is not resource and one.template.name == resource.template.name and _tag(one, SPARE) == pair
    ]
    return found[0] if len(found) == 1 and not zones & set(placement(graph, found[0]).zones) else None


def _tag(resource: Resource, key: str) -> str | None:
    return next((str(tag.get("Value")) for tag in resource.items("Tags") if tag.get("Key") == key), None)
