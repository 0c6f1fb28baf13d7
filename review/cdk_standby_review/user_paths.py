"""The way of a request, as far as the templates know it: name, balancer, service, stores."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .graph import Graph, Key, Resource
from .intrinsics import references_in
from .plain import list_of

RECORD = "AWS::Route53::RecordSet"
DOORS = frozenset(
    {
        "AWS::ApiGateway::RestApi",
        "AWS::ApiGatewayV2::Api",
        "AWS::AppSync::Api",
        "AWS::AppSync::GraphQLApi",
        "AWS::CloudFront::Distribution",
        "AWS::ElasticLoadBalancing::LoadBalancer",
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        "AWS::GlobalAccelerator::Accelerator",
        "AWS::Lambda::Url",
    }
)
SERVICES = frozenset(
    {
        "AWS::AutoScaling::AutoScalingGroup",
        "AWS::EC2::Instance",
        "AWS::ECS::Service",
        "AWS::Lambda::Function",
    }
)
STORES = frozenset(
    {
        "AWS::DAX::Cluster",
        "AWS::DSQL::Cluster",
        "AWS::DocDB::DBCluster",
        "AWS::DynamoDB::GlobalTable",
        "AWS::DynamoDB::Table",
        "AWS::EFS::FileSystem",
        "AWS::ElastiCache::CacheCluster",
        "AWS::ElastiCache::ReplicationGroup",
        "AWS::ElastiCache::ServerlessCache",
        "AWS::MemoryDB::Cluster",
        "AWS::Neptune::DBCluster",
        "AWS::RDS::DBCluster",
        "AWS::RDS::DBInstance",
        "AWS::RDS::DBProxy",
        "AWS::S3::Bucket",
        "AWS::SNS::Topic",
        "AWS::SQS::Queue",
    }
)
_GROUP, _INGRESS = "AWS::EC2::SecurityGroup", "AWS::EC2::SecurityGroupIngress"
_ROLE, _POLICIES = "AWS::IAM::Role", ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy")
_PARTS = frozenset(
    {
        "AWS::AutoScaling::LaunchConfiguration",
        "AWS::EC2::LaunchTemplate",
        "AWS::ECS::TaskDefinition",
        "AWS::IAM::InstanceProfile",
        _GROUP,
        _ROLE,
    }
)
"""What a service is described by."""
_BETWEEN = frozenset(
    {
        "AWS::ApiGateway::Method",
        "AWS::ApiGateway::Resource",
        "AWS::ApiGatewayV2::Integration",
        "AWS::ApiGatewayV2::Route",
        "AWS::ApiGatewayV2::VpcLink",
        "AWS::ElasticLoadBalancingV2::Listener",
        "AWS::ElasticLoadBalancingV2::ListenerRule",
        "AWS::ElasticLoadBalancingV2::TargetGroup",
        "AWS::GlobalAccelerator::EndpointGroup",
        "AWS::GlobalAccelerator::Listener",
        "AWS::Lambda::Alias",
        "AWS::Lambda::Version",
    }
)
"""What stands between a door and what is behind it."""


_MAPPINGS = (
    "AWS::ApiGateway::BasePathMapping",
    "AWS::ApiGatewayV2::ApiMapping",
    "AWS::AppSync::DomainNameApiAssociation",
)
"""What leads from the name of an API to the API."""
_URL, _SOURCE = "AWS::Lambda::Url", "AWS::AppSync::DataSource"
_ADDRESS, _ASSOCIATION = "AWS::EC2::EIP", "AWS::EC2::EIPAssociation"


@dataclass(frozen=True, slots=True)
class Hop:
    """A step of a request from one resource to the next."""

    source: Resource
    target: Resource


def user_path(graph: Graph) -> tuple[Hop, ...]:
    """Every step that the templates show, in the order of the resources."""
    found: dict[tuple[Key, Key], Hop] = {}
    for source in graph:
        for target in _next(graph, source):
            if target is not source:
                found.setdefault((source.key, target.key), Hop(source, target))
    return tuple(found.values())


def _next(graph: Graph, source: Resource) -> Iterator[Resource]:
    if source.type == RECORD:
        yield from _led_to(graph, source)
    elif source.type in DOORS:
        yield from _behind(graph, source)
    elif source.type in SERVICES:
        yield from _used_by(graph, source)
    elif source.type == "AWS::RDS::DBProxy":
        for targets in graph.users_of(source, "AWS::RDS::DBProxyTargetGroup"):
            yield from _stores(graph, targets)


def _led_to(graph: Graph, record: Resource) -> Iterator[Resource]:
    """What a name leads to: a door, a server, or another name."""
    values = [record.get("AliasTarget", "DNSName"), *list_of(record.get("ResourceRecords"))]
    for reference in references_in(values):
        target = graph.at(reference)
        if target is not None and target.type in DOORS | SERVICES | STORES:
            yield target
        elif target is not None and target.type == _ADDRESS:
            yield from _at_address(graph, target)
        for mapping in graph.users_of(target, *_MAPPINGS) if target else ():
            if (api := graph.at(mapping.get("RestApiId") or mapping.get("ApiId"))) is not None:
                yield api
    names = sorted({_name(value) for value in values if isinstance(value, str)})
    ours = graph.number_of(record)
    by_name = graph.remembered("records by their name alone", lambda: _records_by_name(graph))
    yield from (other for name in names for other in by_name.get(name, ()) if graph.number_of(other) == ours)


def _at_address(graph: Graph, address: Resource) -> Iterator[Resource]:
    """The servers that an Elastic IP stands for, and the balancers that listen at it."""
    servers = [address.get("InstanceId"), *(a.get("InstanceId") for a in graph.users_of(address, _ASSOCIATION))]
    yield from (server for value in servers if (server := graph.at(value)) is not None and server.type in SERVICES)
    yield from graph.users_of(address, "AWS::ElasticLoadBalancingV2::LoadBalancer")


def _records_by_name(graph: Graph) -> dict[str, list[Resource]]:
    found: dict[str, list[Resource]] = {}
    for record in graph.of_type(RECORD):
        found.setdefault(_name(record.get("Name")), []).append(record)
    return found


def _name(value: object) -> str:
    return str(value).lower().rstrip(".").removeprefix("dualstack.")


def _behind(graph: Graph, door: Resource) -> Iterator[Resource]:
    """What a door passes requests on to."""
    if door.type == _URL:  # who else refers to it calls it
        yield from _called(graph, door)
        return
    if door.type.startswith("AWS::AppSync::"):  # likewise
        for source in graph.users_of(door, _SOURCE):
            behind = (graph.at(reference) for reference in source.references)
            yield from (other for other in behind if other is not None and other.type in SERVICES | STORES)
        return
    seen, waiting = {door.key}, [door]
    while waiting:
        here = waiting.pop(0)
        for other in (*graph.users_of(here), *filter(None, map(graph.at, here.references))):
            if other.key in seen:
                continue
            seen.add(other.key)
            if other.type in SERVICES or (other.type in DOORS and here is not door) or _is_origin(here, other):
                yield other
            elif other.type in _BETWEEN:
                waiting.append(other)


def _called(graph: Graph, url: Resource) -> Iterator[Resource]:
    """The function behind a URL, which may be named by its alias."""
    target = graph.at(url.get("TargetFunctionArn"))
    if target is not None and target.type == "AWS::Lambda::Alias":
        target = graph.at(target.get("FunctionName"))
    if target is not None and target.type in SERVICES:
        yield target


def _is_origin(here: Resource, other: Resource) -> bool:
    """A distribution takes from a bucket or a balancer without anything in between."""
    return here.type == "AWS::CloudFront::Distribution" and other.type in {"AWS::S3::Bucket", *DOORS}


def _used_by(graph: Graph, service: Resource) -> Iterator[Resource]:
    """The stores that a service names, is allowed to use, or is let in by."""
    for part in _parts(graph, service):
        if part.type != "AWS::AutoScaling::AutoScalingGroup":  # what it names itself is told about instances
            yield from _stores(graph, part)
        if part.type == _ROLE:
            for policy in graph.users_of(part, *_POLICIES):
                yield from _stores(graph, policy)
        if part.type == _GROUP:
            for opened in _opened_to(graph, part):
                yield from (user for user in graph.users_of(opened) if user.type in STORES)


def _parts(graph: Graph, service: Resource) -> list[Resource]:
    found = [service]
    for part in found:
        described = (graph.at(reference) for reference in part.references if part.type != _GROUP)
        found += [other for other in described if other and other.type in _PARTS and other not in found]
    return found


def _opened_to(graph: Graph, group: Resource) -> Iterator[Resource]:
    """The security groups that let another one in."""
    for user in graph.users_of(group, _GROUP, _INGRESS):
        rules = user.items("SecurityGroupIngress") if user.type == _GROUP else [user.properties]
        opens = any(graph.at(rule.get("SourceSecurityGroupId")) is group for rule in rules)
        opened = user if user.type == _GROUP else graph.at(user.get("GroupId"))
        if opens and opened is not None:
            yield opened


def _stores(graph: Graph, part: Resource) -> Iterator[Resource]:
    return (other for reference in part.references if (other := graph.at(reference)) and other.type in STORES)
