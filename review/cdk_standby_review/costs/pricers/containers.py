"""Services of containers and clusters that run them."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Range
from ...graph import Graph, Resource
from ...plain import list_of, object_of
from .._parts import Paid, Part, Pricer, Unsaid, flat, late, missing, number, over, paid, size, times
from ._launch import Launch, launched
from ._volumes import volumes

_TASK = "AWS::ECS::TaskDefinition"
_TARGET = "AWS::ApplicationAutoScaling::ScalableTarget"
_UNITS = 1024
"""Of Cpu in a processor, of Memory in a GB."""


def service(graph: Graph, resource: Resource) -> Iterator[Part]:
    """Tasks on Fargate; tasks on instances cost what the instances do."""
    providers = {str(each.get("CapacityProvider")) for each in resource.items("CapacityProviderStrategy")}
    if "FARGATE_SPOT" in providers:
        yield Unsaid(why="a part of it are Spot tasks, which have no list price")
    if resource.text("LaunchType") != "FARGATE" and "FARGATE" not in providers:
        return
    task, count = graph.named(resource.get("TaskDefinition"), "Family", _TASK), _tasks(graph, resource)
    if task is None:
        yield Unsaid(why="its task definition is not in the templates")
    elif count is None:
        yield late("the number of tasks")
    else:
        yield from _sized(task, count)


def _tasks(graph: Graph, resource: Resource) -> Range | None:
    """As many as scaling allows; without it as many as are asked for."""
    for target in graph.users_of(resource, _TARGET):
        low, high = number(target, "MinCapacity"), number(target, "MaxCapacity")
        return None if low is None or high is None or low > high else Range(low, high)
    asked = 1.0 if resource.get("DesiredCount") is None else number(resource, "DesiredCount")
    return None if asked is None else Range(asked, asked)


def _sized(task: Resource, count: Range) -> Iterator[Part]:
    arm = object_of(task.get("RuntimePlatform")).get("CpuArchitecture") == "ARM64"
    windows = str(object_of(task.get("RuntimePlatform")).get("OperatingSystemFamily", "")).startswith("WINDOWS")
    if windows:
        yield Unsaid(why="Windows on Fargate has prices of its own")
        return
    for name, item, what in (("Cpu", "vcpu", "vCPU"), ("Memory", "gb", "GB of memory")):
        asked = _size(task.text(name))
        if asked is None:
            yield missing(task, name)
        else:
            yield paid(f"fargate/{'arm-' * arm}{item}", times(count, asked), f"{what} of Fargate")


def _size(text: str | None) -> float | None:
    """`1024`, `1 vCPU` and `2 GB`."""
    value, _, unit = (text or "").partition(" ")
    found = size(value)
    return None if found is None else found / (1 if unit else _UNITS)


def node_group(graph: Graph, resource: Resource) -> Iterator[Part]:
    """Instances of an EKS cluster, from the smallest to the largest size of their group."""
    launch = launched(graph, resource)
    kinds = tuple(list_of(resource.get("InstanceTypes"))) or (launch.types if launch else ("t3.medium",))
    low, high = (number(resource, "ScalingConfig", name, default=2) for name in ("MinSize", "MaxSize"))
    disk = number(resource, "DiskSize", default=20)
    if low is None or high is None or disk is None:
        yield late("ScalingConfig" if disk is not None else "DiskSize")
        return
    count = over(low, high)
    spot = over(1, 1) if resource.text("CapacityType") == "SPOT" else over(0, 0)
    yield from Launch(data={}, types=kinds, spot=spot).instances(count)
    if launch:
        yield from volumes(count, launch.data.get("BlockDeviceMappings"))
    else:
        yield Paid(items=("ebs/gp2", "ebs/gp3"), count=times(count, disk), what="GB of volumes of nodes")


PRICERS: dict[str, Pricer] = {
    "AWS::ECS::Service": service,
    "AWS::EKS::Cluster": flat("eks/cluster", "EKS cluster"),
    "AWS::EKS::Nodegroup": node_group,
}
