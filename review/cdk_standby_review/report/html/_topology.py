"""What a picture shows of a deployment: resources in groups, where they stand, and what goes between them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from ...deployments import Deployment
from ...faults import GLOBAL_TYPES
from ...graph import Graph, Key, Resource
from ...knowledge import JUDGES, is_glue
from ...links import Link, links
from ...placement import placement
from ...user_paths import user_path
from ._kinds import Tier, kind_of, tier_of

ALONE = 3
"""So many resources of a type at one place are shown one by one."""
CROWDED = 60
"""From so many groups on, all resources of a type at one place are one group."""
EVERYWHERE = "*"
"""Where global resources stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A resource, or several of one type at one place."""

    number: int = 0
    region: str
    zones: tuple[str, ...] = ()
    type: str = ""
    tier: Tier
    resources: tuple[Resource, ...] = ()
    """None for what lies in a Region of which no template is here."""
    says: str = ""
    """What to call it when it is no resource."""
    of: str = ""

    @property
    def title(self) -> str:
        """Its kind, with how many they are."""
        kind = self.says or kind_of(self.type)
        return f"{kind} \N{MULTIPLICATION SIGN} {len(self.resources)}" if len(self.resources) > 1 else kind

    @property
    def name(self) -> str:
        """Which one; how many different ones."""
        return short(self.resources[0]) if len(self.resources) == 1 else self.of


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrow:
    """Something that goes from one node to another."""

    source: Node
    target: Node
    says: str = ""
    """What is copied; empty for the way of a request."""
    both_ways: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Topology:
    """One deployment."""

    deployment: Deployment
    regions: tuple[str, ...]
    """The one that serves first, those outside of the sites last."""
    zones: Mapping[str, tuple[str, ...]]
    nodes: tuple[Node, ...]
    arrows: tuple[Arrow, ...]
    glue: int
    """Resources that only connect others, and are not shown."""


def short(resource: Resource) -> str:
    """The name of a resource on a picture: the end of its path says most."""
    parts = [part for part in resource.path.split("/") if part != "Resource"]
    return "/".join(parts[-2:]) if parts and parts[-1] else resource.logical_id


def topologies(graph: Graph) -> tuple[Topology, ...]:
    """A picture per deployment that has anything to show."""
    every = links(graph)
    found = (_topology(graph, deployment, every) for deployment in graph.deployments)
    return tuple(each for each in found if each.nodes)


def _topology(graph: Graph, deployment: Deployment, every: tuple[Link, ...]) -> Topology:
    mine = [resource for resource in graph if resource.template.name in deployment.templates]
    shown = [resource for resource in mine if not is_glue(resource.type)]
    nodes = _numbered(_nodes(graph, shown))
    at = {resource.key: node for node in nodes for resource in node.resources}
    ours = [link for link in every if link.source.key in at]
    ghosts = _ghosts(ours, at, len(nodes))
    all_nodes = (*nodes, *ghosts.values())
    return Topology(
        deployment=deployment,
        regions=_regions(deployment, all_nodes),
        zones=_zones(mine, nodes),
        nodes=all_nodes,
        arrows=(*_paths(graph, at), *_copies(ours, at, ghosts)),
        glue=len(mine) - len(shown),
    )


def _numbered(nodes: Iterable[Node]) -> tuple[Node, ...]:
    ordered = sorted(nodes, key=lambda n: (n.region, n.tier, -len(n.zones), n.type, n.zones, n.resources[0].key))
    return tuple(replace(node, number=number) for number, node in enumerate(ordered))


def _nodes(graph: Graph, shown: list[Resource]) -> list[Node]:
    groups: dict[tuple[str, tuple[str, ...], str], list[Resource]] = defaultdict(list)
    for resource in shown:
        everywhere = resource.type in GLOBAL_TYPES
        zones = () if everywhere else placement(graph, resource).zones
        known = resource.type in JUDGES
        groups[EVERYWHERE if everywhere else resource.region, zones, resource.type if known else ""].append(resource)
    crowded = len(groups) > CROWDED
    return [node for place, found in groups.items() for node in _apart(place, found, crowded=crowded)]


def _apart(place: tuple[str, tuple[str, ...], str], found: list[Resource], *, crowded: bool) -> Iterator[Node]:
    region, zones, kind = place
    if not kind:
        yield Node(region=region, zones=zones, tier=Tier.UNKNOWN, resources=tuple(found), says="Not judged")
        return
    tier = tier_of(kind)
    alone = not crowded and len(found) <= ALONE and tier <= Tier.STORE and region != EVERYWHERE
    for each in [[one] for one in found] if alone else [found]:
        yield Node(region=region, zones=zones, type=kind, tier=tier, resources=tuple(each))


Ghosts = dict[tuple[str, str, Key], Node]


def _ghosts(ours: list[Link], at: Mapping[Key, Node], first: int) -> Ghosts:
    """What is copied to where no template of the deployment has anything to take it."""
    found: Ghosts = {}
    for link in ours:
        if link.target is not None and link.target.key in at:
            continue
        node = at[link.source.key]
        found.setdefault(
            (link.kind, link.region, _end(node)),
            Node(
                number=first + len(found), region=link.region, tier=max(node.tier, Tier.STORE),
                says=str(link.kind), of=f"of {node.name or node.title}",
            ),
        )  # fmt: skip
    return found


def _end(node: Node) -> Key:
    return node.resources[0].key


def _copies(ours: list[Link], at: Mapping[Key, Node], ghosts: Ghosts) -> list[Arrow]:
    found: dict[tuple[int, int, str], Arrow] = {}
    for link in ours:
        source = at[link.source.key]
        taken = at.get(link.target.key) if link.target else None
        target = taken or ghosts[link.kind, link.region, _end(source)]
        arrow = Arrow(source=source, target=target, says=str(link.kind), both_ways=link.both_ways)
        found.setdefault((source.number, target.number, link.kind), arrow)
    return list(found.values())


def _paths(graph: Graph, at: Mapping[Key, Node]) -> list[Arrow]:
    hops = graph.remembered("the way of requests", lambda: user_path(graph))
    found: dict[tuple[int, int], Arrow] = {}
    for hop in hops:
        source, target = at.get(hop.source.key), at.get(hop.target.key)
        if source and target and source is not target:
            found.setdefault((source.number, target.number), Arrow(source=source, target=target))
    return list(found.values())


def _regions(deployment: Deployment, nodes: tuple[Node, ...]) -> tuple[str, ...]:
    standing = {node.region for node in nodes} - {EVERYWHERE}
    return tuple(sorted(standing, key=lambda name: (name != deployment.active, name not in deployment.regions, name)))


def _zones(mine: list[Resource], nodes: tuple[Node, ...]) -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = defaultdict(set)
    for node in nodes:
        found[node.region].update(node.zones)
    for resource in mine:
        if resource.type == "AWS::EC2::Subnet" and (zone := resource.text("AvailabilityZone")):
            found[resource.region].add(zone)
    return {region: tuple(sorted(zones)) for region, zones in found.items()}
