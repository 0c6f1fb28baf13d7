"""Lambda functions, the gateways in front of them, and what carries their events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ..facts import Fact, Range
from ..facts import recovery_times as times
from ..graph import Graph, Resource
from ..intrinsics import known
from ..objectives import Fault
from ..outcomes import Case, Judgement, by_itself, lost, survives, unknown
from ..placement import of_subnets, placement
from ..plain import object_of, within
from . import dynamodb
from ._judge import Judge, not_vital, plumbing, with_its_region
from .elb import entrance
from .managed import Managed, regional
from .network import by_interfaces

_CALLERS = (
    "AWS::ApiGateway::Method",
    "AWS::ApiGateway::RestApi",
    "AWS::ApiGatewayV2::Api",
    "AWS::ApiGatewayV2::Integration",
    "AWS::AppSync::DataSource",
    "AWS::CloudFront::Distribution",
    "AWS::ElasticLoadBalancingV2::TargetGroup",
    "AWS::Lambda::EventSourceMapping",
    "AWS::Lambda::Url",
    "AWS::Serverless::Api",
    "AWS::Serverless::HttpApi",
)
"""What makes a function part of the way of a request."""
_ASKED = frozenset({"Api", "HttpApi", "SQS", "Kinesis", "DynamoDB", "MSK", "ALB"})
"""The events of SAM that do."""
_LAMBDA = regional("Lambda runs functions in several zones", "lambda/latest/dg/security-resilience.html")
_GATEWAY = regional(
    "API Gateway spans the zones of a Region", "apigateway/latest/developerguide/disaster-recovery-resiliency.html"
)
_APPSYNC = regional("AppSync spans the zones of a Region", "appsync/latest/devguide/disaster-recovery-resiliency.html")
_STEPS = regional(
    "Step Functions keeps the state of executions in several zones",
    "step-functions/latest/dg/disaster-recovery-resiliency.html",
)
_EVENTS = regional(
    "EventBridge spans the zones of a Region", "eventbridge/latest/userguide/eb-disaster-recovery-resiliency.html"
)
_GLOBAL = Fact(
    value=Range(360, 420),
    unit="seconds",
    says="events go to the bus of the other Region, by AWS's alarms in 360 seconds, at most 420",
    source="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-global-endpoints.html",
    date="2026-11-21",
)


def function(graph: Graph, resource: Resource, case: Case) -> Judgement | None:
    """A function: over the zones of the Region, or of its subnets when it is in a VPC."""
    if case.fault is Fault.DELETION:
        return None
    if case.fault is Fault.REGION:
        judgement = with_its_region(graph, resource, case, "the function")
    elif case.fault is Fault.ZONE:
        judgement = _in_zone(graph, resource, case)
    else:
        judgement = survives(_LAMBDA.says, _LAMBDA)
    return judgement if _is_called(graph, resource) else replace(judgement, vital=False)


def _in_zone(graph: Graph, resource: Resource, case: Case) -> Judgement:
    of_all = within(resource.template.body, "Globals", "Function", "VpcConfig")
    by_sam = resource.type == "AWS::Serverless::Function" and of_all is not None
    if resource.get("VpcConfig") is None and not by_sam:
        return survives(_LAMBDA.says, _LAMBDA)
    placed = of_subnets(graph, resource.get("VpcConfig", "SubnetIds"))
    if not placed.known:
        return unknown("the templates do not say which zones its subnets are in")
    if placed.spread or (case.zone and case.zone not in placed.zones):
        return survives("it runs in its subnets of other zones", _LAMBDA, zones=placed.zones)
    return lost("all its subnets are in one zone", times.ONE_ZONE, zones=placed.zones)


def _is_called(graph: Graph, resource: Resource) -> bool:
    """Whether requests or messages wait for it, and not only a schedule or a deployment."""
    events = object_of(resource.get("Events")).values()
    return any(within(event, "Type") in _ASKED for event in events) or any(_callers(graph, resource))


def _callers(graph: Graph, resource: Resource) -> list[Resource]:
    own = graph.users_of(resource, "AWS::Lambda::Alias", "AWS::Lambda::Version")
    return [caller for one in (resource, *own) for caller in graph.users_of(one, *_CALLERS)]


def _gateway(graph: Graph, resource: Resource, case: Case) -> Judgement:
    return entrance(graph, resource, case, "the API")


def link(graph: Graph, resource: Resource, case: Case) -> Judgement | None:
    """A VPC link of an HTTP API: network interfaces in its subnets."""
    match case.fault:
        case Fault.INSTANCE:
            return survives("AWS runs it with redundancy", times.AT_ONCE)
        case Fault.ZONE:
            return by_interfaces(placement(graph, resource), case)
        case Fault.REGION:
            return plumbing(graph, resource, case, "the link")
        case Fault.DELETION | Fault.ACCOUNT:
            return None


def global_endpoint(_graph: Graph, resource: Resource, case: Case) -> Judgement | None:
    """A global endpoint of EventBridge: a health check moves new events to the bus of the other Region."""
    if case.fault is not Fault.REGION:
        return None if case.fault is Fault.DELETION else survives(_EVENTS.says, _EVENTS)
    second = resource.get("RoutingConfig", "FailoverConfig", "Secondary", "Route")
    if not known(second):
        return unknown("its secondary Region is known only at deployment")
    return by_itself(f"events go to the bus in {second}", _GLOBAL, _GLOBAL.value)


def machine(graph: Graph, resource: Resource, case: Case) -> Judgement | None:
    """A state machine; one with which the CDK waits in a deployment is needed by nobody else."""
    judgement = _MACHINE(graph, resource, case)
    return not_vital(judgement) if resource.path.endswith("waiter-state-machine") else judgement


def _forgotten(_graph: Graph, _resource: Resource) -> Judgement:
    return lost("nothing holds the events that it kept", times.NO_BACKUP)


_API = Managed("the API", _GATEWAY, region=_gateway)
_GRAPHQL = Managed("the API", _APPSYNC, region=_gateway)
_MACHINE = Managed("the state machine", _STEPS)
JUDGES: Mapping[str, Judge] = {
    "AWS::ApiGateway::RestApi": _API,
    "AWS::ApiGatewayV2::Api": _API,
    "AWS::ApiGatewayV2::VpcLink": link,
    "AWS::AppSync::Api": _GRAPHQL,
    "AWS::AppSync::GraphQLApi": _GRAPHQL,
    "AWS::Events::Archive": Managed("the archive", _EVENTS, vital=False, deletion=_forgotten),
    "AWS::Events::Endpoint": global_endpoint,
    "AWS::Events::EventBus": Managed("the event bus", _EVENTS, vital=False),
    "AWS::Lambda::Function": function,
    "AWS::Serverless::Api": _API,
    "AWS::Serverless::Function": function,
    "AWS::Serverless::GraphQLApi": _GRAPHQL,
    "AWS::Serverless::HttpApi": _API,
    "AWS::Serverless::SimpleTable": dynamodb.table,
    "AWS::Serverless::StateMachine": machine,
    "AWS::StepFunctions::StateMachine": machine,
}
