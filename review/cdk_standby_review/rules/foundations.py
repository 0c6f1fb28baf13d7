"""Rules about what everything stands on: who may reach data, and in which zones it may be put."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..findings import Found, rule
from ..graph import Graph, Resource
from ..placement import placement
from ..plain import is_mapping, list_of

_GROUPS = "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html"
_PILLAR = "https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_fault_isolation_multiaz_region_system.html"
_EVERYBODY = {"0.0.0.0/0", "::/0"}
_PORTS: Mapping[int, str] = {
    445: "SMB",
    1433: "SQL Server",
    1521: "Oracle",
    2049: "NFS",
    3306: "MySQL",
    5432: "PostgreSQL",
    5439: "Redshift",
    6379: "Valkey and Redis",
    8086: "InfluxDB",
    8111: "DAX",
    8182: "Neptune",
    9042: "Cassandra",
    9092: "Kafka",
    9111: "DAX",
    9142: "Keyspaces",
    9200: "OpenSearch",
    11211: "Memcached",
    27017: "DocumentDB and MongoDB",
    50000: "Db2",
}
_BALANCERS = frozenset({"AWS::ElasticLoadBalancing::LoadBalancer", "AWS::ElasticLoadBalancingV2::LoadBalancer"})
_SUBNET_GROUPS = (
    "AWS::DAX::SubnetGroup",
    "AWS::DMS::ReplicationSubnetGroup",
    "AWS::DocDB::DBSubnetGroup",
    "AWS::ElastiCache::SubnetGroup",
    "AWS::MemoryDB::SubnetGroup",
    "AWS::Neptune::DBSubnetGroup",
    "AWS::Redshift::ClusterSubnetGroup",
)


def open_ports(graph: Graph) -> Iterable[Found]:
    """A port behind which data is as a rule, open to everybody."""
    for group in graph.of_type("AWS::EC2::SecurityGroup"):
        if _only_listens(graph, group):
            continue
        for opened in _opened(list_of(group.get("SecurityGroupIngress"))):
            yield group, opened, "let in the security groups of the clients"
    for ingress in graph.of_type("AWS::EC2::SecurityGroupIngress"):
        said = {name: ingress.get(name) for name in ("CidrIp", "CidrIpv6", "FromPort", "ToPort", "IpProtocol")}
        for opened in _opened([said]):
            yield ingress, opened, "let in the security groups of the clients"


def _only_listens(graph: Graph, group: Resource) -> bool:
    """Whether only load balancers stand behind a group: they answer where they have a listener, and nowhere else."""
    users = [user for user in graph.users_of(group) if not user.type.startswith("AWS::EC2::SecurityGroup")]
    return bool(users) and all(user.type in _BALANCERS for user in users)


def _opened(rules: Iterable[Any]) -> Iterator[str]:
    for one in rules:
        if is_mapping(one) and _EVERYBODY & {str(one.get("CidrIp")), str(one.get("CidrIpv6"))}:
            if str(one.get("IpProtocol")) == "-1":
                yield "every port is open to everybody"
            elif str(one.get("IpProtocol")) in {"tcp", "6"} and (reached := _reached(one)):
                yield f"{reached} is open to everybody"


def _reached(one: Mapping[str, Any]) -> str:
    try:
        first, last = int(one.get("FromPort", 0)), int(one.get("ToPort", 65535))
    except (TypeError, ValueError):
        return ""
    if first <= 0 and last >= 65535:
        return "every port"
    found = [f"port {port} ({what})" for port, what in _PORTS.items() if first <= port <= last]
    return found[0] if found else ""


def single_zone(graph: Graph) -> Iterable[Found]:
    """A subnet group of a service other than RDS whose subnets are all in one zone."""
    for group in graph.of_type(*_SUBNET_GROUPS):
        placed = placement(graph, group)
        if placed.known and not placed.spread:
            yield group, f"all its subnets are in {placed.zones[0]}", "give it subnets in three zones"


RULES = (
    rule("data-port-open", open_ports, "whoever finds the address can try passwords", _GROUPS),
    rule("service-subnet-group-single-zone", single_zone, "nothing can take over in another zone", _PILLAR),
)
