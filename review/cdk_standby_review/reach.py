"""Who may reach whom over the network: security groups at both ends, and the routes between them.

Three answers: yes, no, and that the templates do not tell. A group, a subnet or a route that comes from outside of the
templates is never guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any

from .graph import Graph, Resource
from .intrinsics import Reference, known
from .placement import cluster_of, subnet_group, subnets_of
from .plain import list_of

GROUP = "AWS::EC2::SecurityGroup"
_NAMES = (
    ("SecurityGroups",),
    ("SecurityGroupIds",),
    ("VpcSecurityGroupIds",),
    ("VPCSecurityGroups",),
    ("CacheSecurityGroupIds",),
    ("VpcConfig", "SecurityGroupIds"),
    ("NetworkConfiguration", "AwsvpcConfiguration", "SecurityGroups"),
    ("LaunchTemplateData", "SecurityGroupIds"),
)
"""Where types name their security groups."""
_SUBNETS = (("VpcConfig", "SubnetIds"), ("NetworkConfiguration", "AwsvpcConfiguration", "Subnets"))
_PORTS = {"postgres": 5432, "mysql": 3306, "mariadb": 3306, "oracle": 1521, "sqlserver": 1433}
"""By the family of a database engine: where it listens when its template names no port."""


class Reach(StrEnum):
    """Whether one resource may open a connection to another."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, and what it rests on."""

    reach: Reach
    because: str


def reaches(graph: Graph, source: Resource, target: Resource, *, port: int | None = None) -> Answer:
    """Whether a resource may open a connection to another one, as far as security groups and routes decide.

    Args:
        graph: All resources.
        source: Who calls.
        target: Who is called.
        port: Where; left out, the port that the template of the target names or its engine is known for, else any.
    """
    ours, theirs = groups_of(graph, source), groups_of(graph, target)
    if ours is None or theirs is None:
        whose = source if ours is None else target
        return Answer(Reach.UNKNOWN, f"the security groups of {whose.name} are not in the templates")
    if not theirs:
        return Answer(Reach.UNKNOWN, f"{target.name} has no security group: no network decides who reaches it")
    at = _port_of(graph, target) if port is None else port
    route = _routed(graph, source, target)
    if route is not None and route.reach is Reach.NO:
        return route
    inbound = _best(_admits(graph, group, source, ours, at) for group in theirs)
    if inbound.reach is Reach.NO:
        return inbound
    outbound = _best(_lets_out(graph, group, theirs, at) for group in ours) if ours else Answer(Reach.YES, "")
    if outbound.reach is Reach.NO:
        return outbound
    return next((each for each in (inbound, outbound, route) if each and each.reach is Reach.UNKNOWN), inbound)


def groups_of(graph: Graph, resource: Resource) -> list[Resource] | None:
    """The security groups of a resource; None when one of them, or what describes it, is not in the templates."""
    found: list[Resource] = []
    for holder in _described_by(graph, resource):
        values = [value for names in _NAMES for value in _listed(holder.get(*names))]
        interfaces = (*holder.items("NetworkInterfaces"), *holder.items("LaunchTemplateData", "NetworkInterfaces"))
        values += [value for one in interfaces for name in ("Groups", "GroupSet") for value in _listed(one.get(name))]
        for value in values:
            group = graph.at(value)
            if group is None or group.type != GROUP:
                return None
            found += [group] if group not in found else []
    return found


def _listed(value: Any) -> list[Any]:
    """The members of a list; a value that only a deployment tells is one of them."""
    return [] if value is None else list_of(value) if known(value) else [value]


def _described_by(graph: Graph, resource: Resource) -> Iterator[Resource]:
    """A resource, and what says how its instances are made."""
    yield resource
    template = resource.get("LaunchTemplate", "LaunchTemplateId") or resource.get(
        "MixedInstancesPolicy", "LaunchTemplate", "LaunchTemplateSpecification", "LaunchTemplateId"
    )
    for value in (template, resource.get("LaunchConfigurationName")):
        if (found := graph.at(value)) is not None:
            yield found
    if (cluster := cluster_of(graph, resource)) is not None:
        yield cluster


def _port_of(graph: Graph, target: Resource) -> int | None:
    holder = cluster_of(graph, target) or target
    if (said := holder.number("Port")) is not None:
        return int(said)
    engine = (holder.text("Engine") or "").removeprefix("aurora-")
    return next((port for family, port in _PORTS.items() if engine.startswith(family)), None)


def _best(answers: Iterable[Answer]) -> Answer:
    """One group that opens is enough; one that is not known may open."""
    order = list(Reach)
    ranked = sorted(answers, key=lambda each: (order.index(each.reach) != 0, each.reach is Reach.NO))
    return ranked[0]


def _admits(graph: Graph, group: Resource, source: Resource, ours: list[Resource], port: int | None) -> Answer:
    """Whether a security group lets a source in."""
    unknown = ""
    for rule in rules_of(graph, group, "Ingress"):
        if not _at(rule, port):
            continue
        peer = rule.get("SourceSecurityGroupId")
        if peer is not None:
            if graph.at(peer) in ours:
                return Answer(Reach.YES, f"{group.name} lets its security group in")
            unknown = unknown or ("" if graph.at(peer) else f"{group.name} lets in who is not in the templates")
            continue
        inside = _within(graph, rule, source)
        if inside is True:
            return Answer(Reach.YES, f"{group.name} lets its addresses in")
        if inside is None:
            unknown = unknown or f"{group.name} lets in addresses that are not known to be those of {source.name}"
    if unknown:
        return Answer(Reach.UNKNOWN, unknown)
    return Answer(Reach.NO, f"{group.name} does not let it in")


def _lets_out(graph: Graph, group: Resource, theirs: list[Resource], port: int | None) -> Answer:
    """Whether a security group lets its members out; one without rules lets them call anybody."""
    rules = list(rules_of(graph, group, "Egress"))
    if not rules:
        return Answer(Reach.YES, f"{group.name} lets everything out")
    unknown = False
    for rule in rules:
        if not _at(rule, port):
            continue
        peer = rule.get("DestinationSecurityGroupId")
        if graph.at(peer) in theirs or str(rule.get("CidrIp")) == "0.0.0.0/0":
            return Answer(Reach.YES, f"{group.name} lets it out")
        addresses = rule.get("CidrIp") or rule.get("CidrIpv6") or rule.get("DestinationPrefixListId")
        unknown = unknown or (peer is not None and graph.at(peer) is None) or _more_than_one(addresses)
    reach = Reach.UNKNOWN if unknown else Reach.NO
    said = "lets out to addresses that are not known" if unknown else "does not let it out"
    return Answer(reach, f"{group.name} {said}")


def _more_than_one(addresses: Any) -> bool:
    """Whether addresses may be those of the target: a single one that nobody has is how templates say none."""
    network = _network(addresses)
    return addresses is not None and (network is None or network.num_addresses > 1)


def rules_of(graph: Graph, group: Resource, direction: str) -> Iterator[dict[str, Any]]:
    """The rules of a security group: its own, and those that stand beside it."""
    yield from group.items(f"SecurityGroup{direction}")
    for rule in graph.users_of(group, f"AWS::EC2::SecurityGroup{direction}"):
        if graph.at(rule.get("GroupId")) is group:
            yield dict(rule.properties)


def _at(rule: dict[str, Any], port: int | None) -> bool:
    """Whether a rule is about a port, as far as it is known."""
    first, last = rule.get("FromPort"), rule.get("ToPort")
    if port is None or str(rule.get("IpProtocol")) == "-1" or first is None or last is None:
        return True
    try:
        return int(str(first)) <= port <= int(str(last)) or int(str(first)) == -1
    except ValueError:
        return True


def _network(value: Any) -> IPv4Network | IPv6Network | None:
    try:
        return ip_network(value, strict=False) if isinstance(value, str) else None
    except ValueError:
        return None


def _within(graph: Graph, rule: dict[str, Any], source: Resource) -> bool | None:
    """Whether the addresses of a source are among those of a rule; None when the templates do not tell."""
    said = rule.get("CidrIp") or rule.get("CidrIpv6")
    if said is None:
        return None
    if str(said) in {"0.0.0.0/0", "::/0"}:
        return True
    wanted = _network(said)
    here = [_network(subnet.get("CidrBlock")) if subnet else None for subnet in _subnets(graph, source)]
    if wanted is None or not here or None in here:
        return None
    same = [each for each in here if each is not None and each.version == wanted.version]
    if same and all(_inside(each, wanted) for each in same):
        return True
    return None if any(_inside(each, wanted) or _inside(wanted, each) for each in same) else False


def _inside(one: IPv4Network | IPv6Network, other: IPv4Network | IPv6Network) -> bool:
    if isinstance(one, IPv4Network) and isinstance(other, IPv4Network):
        return one.subnet_of(other)
    return isinstance(one, IPv6Network) and isinstance(other, IPv6Network) and one.subnet_of(other)


def _subnets(graph: Graph, resource: Resource) -> list[Resource | None]:
    """The subnets that a resource stands in, or may be put in; None for one outside of the templates."""
    group = subnet_group(graph, cluster_of(graph, resource) or resource)
    holder = group or resource
    nested = [value for names in _SUBNETS for value in _listed(holder.get(*names))]
    return [graph.at(value) for value in (*subnets_of(holder), *nested)]


def _vpc_of(graph: Graph, resource: Resource) -> Any:
    """The VPC of a resource, by its subnets or its security groups; None when the templates do not tell."""
    holders = [*_subnets(graph, resource), *(groups_of(graph, resource) or [])]
    return next((vpc for holder in holders if holder and (vpc := holder.get("VpcId")) is not None), None)


def _routed(graph: Graph, source: Resource, target: Resource) -> Answer | None:
    """Whether routes lead from a VPC to another one; None when both are in the same."""
    ours, theirs = _vpc_of(graph, source), _vpc_of(graph, target)
    if ours is None or theirs is None:
        return Answer(Reach.UNKNOWN, "their VPC is not in the templates")
    if ours == theirs:
        return None
    if not (isinstance(ours, Reference) and isinstance(theirs, Reference)):
        return Answer(Reach.UNKNOWN, "whether they are in one VPC is not in the templates")
    block = _network(vpc.get("CidrBlock")) if (vpc := graph.at(theirs)) else None
    if block is None:
        return Answer(Reach.UNKNOWN, "the addresses of the other VPC are not in the templates")
    if any(_leads_there(route, block) for route in _routes(graph, source)):
        return Answer(Reach.UNKNOWN, "a route leads towards the other VPC; what lies between is not looked at")
    return Answer(Reach.NO, "they are in different VPCs, and no route leads from the one to the other")


def _routes(graph: Graph, source: Resource) -> Iterator[Resource]:
    """The routes of the subnets of a resource."""
    for subnet in filter(None, _subnets(graph, source)):
        for association in graph.users_of(subnet, "AWS::EC2::SubnetRouteTableAssociation"):
            if (table := graph.at(association.get("RouteTableId"))) is not None:
                yield from graph.users_of(table, "AWS::EC2::Route")


def _leads_there(route: Resource, block: IPv4Network | IPv6Network) -> bool:
    between = ("VpcPeeringConnectionId", "TransitGatewayId", "CoreNetworkArn")
    to = _network(route.get("DestinationCidrBlock"))
    private = any(route.get(name) is not None for name in between)
    return private and (to is None or _inside(to, block) or _inside(block, to))
