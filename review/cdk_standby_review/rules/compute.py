"""Rules about what computes: nothing that serves users stands in one zone alone.

An Auto Scaling group has a rule of its own. A single instance counts where users are led to it: by a balancer, by a
record, or by a fixed address where its security groups let more in than an administrator. A bastion, a NAT instance and
one that nothing leads to are left alone: their loss stops no user.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..faults import waits
from ..findings import Found, Severity, rule
from ..graph import Graph, Resource
from ..knowledge import beanstalk, containers
from ..objectives import Fault
from ..outcomes import Case, Fate
from ..placement import Placement, of_subnets, placement, zones_of_region
from ..plain import list_of
from ..reach import groups_of, rules_of

_PILLAR = "https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_fault_isolation_multiaz_region_system.html"
_INSTANCE, _EIP, _RECORD = "AWS::EC2::Instance", "AWS::EC2::EIP", "AWS::Route53::RecordSet"
_ADMIN = ({22}, {3389})
"""The ports of those who look after an instance."""
_JUDGES = {**beanstalk.JUDGES, **containers.JUDGES}
_FLEETS = {
    "AWS::ECS::Service": "name subnets in two zones or more in AwsvpcConfiguration.Subnets",
    "AWS::EKS::FargateProfile": "name subnets in two zones or more in Subnets",
    "AWS::EKS::Nodegroup": "name subnets in two zones or more in Subnets, or add a node group in another zone",
    "AWS::ElasticBeanstalk::Environment": "name subnets in two zones or more in the option aws:ec2:vpc Subnets",
    "Custom::AWSCDK-EKS-FargateProfile": "name subnets in two zones or more",
}
"""By type, what lets it outlive a zone."""
_OWNERS = (("Cluster", "TaskDefinition"), ("ClusterName",), ("Config", "clusterName"))


def one_zone(graph: Graph) -> Iterable[Found]:
    """An instance that users are led to, a service, nodes, pods or an environment in one zone alone."""
    for instance in graph.of_type(_INSTANCE):
        if not waits(graph, instance) and (led := _led(graph, instance)):
            fix = "let an Auto Scaling group over two zones or more start it, behind a load balancer"
            yield instance, f"{led}, and nothing in another zone serves beside it", fix
    for fleet in graph.of_type(*_FLEETS):
        if not waits(graph, fleet) and _is_lost(graph, fleet) and not _copied(graph, fleet):
            yield fleet, "all its subnets are in one zone", f"let another zone go on: {_FLEETS[fleet.type]}"


def _is_lost(graph: Graph, fleet: Resource) -> bool:
    if fleet.type == "AWS::ECS::Service" and not _subnets(fleet):
        return False  # it stands where its group does, which has a finding of its own
    for zone in zones_of_region(graph, fleet.region) or ("",):
        judged = _JUDGES[fleet.type](graph, fleet, Case(Fault.ZONE, fleet.region, zone))
        if judged and judged.vital and judged.fate is Fate.LOST:
            return True
    return False


def _subnets(fleet: Resource) -> list[object]:
    nested = fleet.get("NetworkConfiguration", "AwsvpcConfiguration", "Subnets") or fleet.get("Config", "subnets")
    return list_of(nested or fleet.get("Subnets"))


def _copied(graph: Graph, fleet: Resource) -> bool:
    """Whether its like stands in another zone: of the same cluster, one for each zone."""
    here, owner = of_subnets(graph, _subnets(fleet)), _owner(fleet)
    if not any(owner) or not here.known:
        return False
    others = [o for o in graph.of_type(fleet.type) if o is not fleet and _owner(o) == owner]
    placed = [of_subnets(graph, _subnets(other)) for other in others]
    return any(not each.known or set(each.zones) - set(here.zones) for each in placed)


def _owner(fleet: Resource) -> tuple[str, ...]:
    """What those have in common that stand for one another."""
    if fleet.type == "AWS::ECS::Service":
        return tuple(str(fleet.get(name) or "") for name in _OWNERS[0])
    return tuple(str(fleet.get(*names) or "") for names in _OWNERS[1:])


def _led(graph: Graph, instance: Resource) -> str:
    """What leads users to an instance and to none in another zone; empty when nothing does."""
    if instance.flag("SourceDestCheck") is False or graph.users_of(instance, "AWS::EC2::Route"):
        return ""  # it passes on what others send
    if _only_admins(graph, instance):
        return ""
    for what, peers in _entrances(graph, instance):
        placed = [placement(graph, peer) for peer in peers]
        if len(peers) == 1 or _same_zone(placed):
            return what
    return ""


def _same_zone(placed: list[Placement]) -> bool:
    return all(each.known for each in placed) and len({zone for each in placed for zone in each.zones}) == 1


def _entrances(graph: Graph, instance: Resource) -> Iterator[tuple[str, list[Resource]]]:
    """Every way to an instance, with all instances that it leads to."""
    for targets in graph.users_of(instance, "AWS::ElasticLoadBalancingV2::TargetGroup"):
        if graph.users_of(targets):
            yield f"{targets.name} leads to it", _instances(graph, [targets])
    for balancer in graph.users_of(instance, "AWS::ElasticLoadBalancing::LoadBalancer"):
        yield f"{balancer.name} leads to it", _instances(graph, [balancer])
    addresses = _addresses(graph, instance)
    for record in (r for one in (instance, *addresses) for r in graph.users_of(one, _RECORD)):
        same = [r for r in graph.of_type(_RECORD) if _name(r) == _name(record)]
        held = [graph.at(reference) for r in same for reference in r.references]
        behind = {i.key: i for one in held if one for i in _behind(graph, one)}
        yield f"{record.name} leads to it", [*behind.values()]
    if addresses and _is_open(graph, instance):
        yield "it has a fixed address that the internet calls", [instance]


def _behind(graph: Graph, holder: Resource) -> list[Resource]:
    """The instances that a record means by naming one, or an address."""
    if holder.type == _INSTANCE:
        return [holder]
    joined = graph.users_of(holder, "AWS::EC2::EIPAssociation")
    return _instances(graph, [holder, *joined])


def _instances(graph: Graph, holders: Iterable[Resource]) -> list[Resource]:
    """All instances that some resources name, each once."""
    named = [graph.at(reference) for holder in holders for reference in holder.references]
    return [*{one.key: one for one in named if one and one.type == _INSTANCE}.values()]


def _name(record: Resource) -> tuple[str, str]:
    return str(record.get("Name")).lower().rstrip("."), str(record.get("Type"))


def _addresses(graph: Graph, instance: Resource) -> list[Resource]:
    """The fixed addresses of an instance."""
    joined = graph.users_of(instance, "AWS::EC2::EIPAssociation")
    others = [graph.at(join.get("AllocationId") or join.get("EIP")) for join in joined]
    return [*graph.users_of(instance, _EIP), *(one for one in others if one)]


def _opened(graph: Graph, instance: Resource) -> list[dict[str, object]] | None:
    groups = groups_of(graph, instance)
    return [r for group in groups for r in rules_of(graph, group, "Ingress")] if groups else None


def _only_admins(graph: Graph, instance: Resource) -> bool:
    opened = _opened(graph, instance)
    return bool(opened) and all(_is_admins(each) for each in opened or ())


def _is_admins(rule: dict[str, object]) -> bool:
    ends = {str(rule.get("FromPort")), str(rule.get("ToPort"))}
    return any(ends == set(map(str, ports)) for ports in _ADMIN)


def _is_open(graph: Graph, instance: Resource) -> bool:
    """Whether everybody may call it, at more than the ports of administrators."""
    everybody = {"0.0.0.0/0", "::/0"}
    said = _opened(graph, instance) or []
    return any({str(r.get("CidrIp")), str(r.get("CidrIpv6"))} & everybody and not _is_admins(r) for r in said)


RULES = (rule("compute-single-zone", one_zone, "the loss of that zone stops it", _PILLAR, Severity.WARNING),)
