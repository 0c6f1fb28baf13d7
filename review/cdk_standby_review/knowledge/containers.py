"""Containers: ECS services, EKS clusters and their nodes, Batch, App Runner."""

from __future__ import annotations

from ..facts import containers as facts
from ..facts import recovery_times as times
from ..graph import Graph, Resource
from ..objectives import Fault
from ..outcomes import Case, Judgement, survives, unknown
from ..placement import NOWHERE, Placement, of_subnets, placement
from ..plain import list_of, within
from ._fleet import Fleet, in_any
from ._judge import Judge, with_its_region
from .elb import entrance
from .managed import Managed, regional

_GROUP = "AWS::AutoScaling::AutoScalingGroup"
_LAUNCHES = ("AWS::EC2::LaunchTemplate", "AWS::AutoScaling::LaunchConfiguration")
_BY_ZONE = "attribute:ecs.availability-zone"
_RUNNER = regional("App Runner runs services over several zones", "apprunner/latest/dg/security-resilience.html")


def service(graph: Graph, resource: Resource, case: Case) -> Judgement | None:
    """An ECS service: its tasks are started again, where its subnets or instances let them."""
    if resource.text("SchedulingStrategy") == "DAEMON":
        return None  # one task on every instance: it stands and falls with them
    return _TASKS(graph, resource, case)


def _tasks(graph: Graph, resource: Resource) -> float | None:
    """What runs at least: scaling goes down to its minimum, whatever was desired at first."""
    targets = graph.users_of(resource, "AWS::ApplicationAutoScaling::ScalableTarget")
    if targets:
        return targets[0].number("MinCapacity")
    return float(facts.DESIRED.value) if resource.get("DesiredCount") is None else resource.number("DesiredCount")


def _where(graph: Graph, resource: Resource) -> Placement:
    """The zones of a service's own subnets, else those of its cluster's instances."""
    subnets = resource.get("NetworkConfiguration", "AwsvpcConfiguration", "Subnets")
    if subnets is not None:
        return of_subnets(graph, subnets)
    cluster = graph.at(resource.get("Cluster"))
    placed = [placement(graph, group) for group in _groups(graph, cluster)] if cluster else []
    if not placed or not all(each.known for each in placed):
        return NOWHERE
    return Placement(tuple(sorted({zone for each in placed for zone in each.zones})), known=True)


def _groups(graph: Graph, cluster: Resource) -> list[Resource]:
    """The groups whose instances join a cluster: those that name it, or the only one beside it."""
    starts = graph.users_of(cluster, *_LAUNCHES)
    beside = [group for group in graph.of_type(_GROUP) if group.template.name == cluster.template.name]
    return [group for start in starts for group in graph.users_of(start, _GROUP)] or beside[: len(beside) == 1]


def _spread(resource: Resource) -> bool:
    """Whether tasks are spread over zones, as they are when nobody says otherwise."""
    strategies = list_of(resource.get("PlacementStrategies"))
    return not strategies or any(within(each, "Field") == _BY_ZONE for each in strategies)


_TASKS = Fleet(
    one="task", many="tasks", keeper="ECS", start=facts.TASK_START, count=_tasks, place=_where, spread=_spread
)
_NODES = Fleet(
    one="node",
    many="nodes",
    keeper="its group",
    start=facts.NODE_START,
    count=lambda _, resource: resource.number("ScalingConfig", "MinSize"),
    place=placement,
)


def pods(graph: Graph, resource: Resource, case: Case) -> Judgement | None:
    """A Fargate profile of EKS: where pods may run; how many there are, only Kubernetes knows."""
    match case.fault:
        case Fault.INSTANCE:
            return unknown("how many pods run is not in the templates")
        case Fault.ZONE:
            placed = of_subnets(graph, resource.get("Subnets") or resource.get("Config", "subnets"))
            return _any_subnet(placed, case, "its pods may run in the other zones; how many do is not in the templates")
        case Fault.REGION:
            return with_its_region(graph, resource, case, "the profile")
        case Fault.DELETION | Fault.ACCOUNT:
            return None


def batch(graph: Graph, resource: Resource, case: Case) -> Judgement | None:
    """A compute environment of Batch: jobs start in any of its subnets; what ran in a lost one runs again or fails."""
    match case.fault:
        case Fault.INSTANCE:
            return survives("a job that loses its instance is run again, where its retries allow it", facts.BATCH)
        case Fault.ZONE:
            if resource.text("Type") == "UNMANAGED":
                return unknown("its instances are not Batch's own, and not in its template")
            placed = of_subnets(graph, resource.get("ComputeResources", "Subnets"))
            return _any_subnet(placed, case, "jobs start in the other zones; those of the lost one run again or fail")
        case Fault.REGION:
            return with_its_region(graph, resource, case, "the compute environment")
        case Fault.DELETION | Fault.ACCOUNT:
            return None


def _any_subnet(placed: Placement, case: Case, says: str) -> Judgement:
    return in_any(placed, case, survives(says, times.AT_ONCE, zones=placed.zones))


def _runner_region(graph: Graph, resource: Resource, case: Case) -> Judgement:
    return entrance(graph, resource, case, "the service")


_CLUSTER = Managed("the cluster", facts.CONTROL_PLANE)
JUDGES: dict[str, Judge] = {
    "AWS::AppRunner::Service": Managed("the service", _RUNNER, region=_runner_region),
    "AWS::Batch::ComputeEnvironment": batch,
    "AWS::ECS::Service": service,
    "AWS::EKS::Cluster": _CLUSTER,
    "AWS::EKS::FargateProfile": pods,
    "AWS::EKS::Nodegroup": _NODES,
    "Custom::AWSCDK-EKS-Cluster": _CLUSTER,
    "Custom::AWSCDK-EKS-FargateProfile": pods,
}
