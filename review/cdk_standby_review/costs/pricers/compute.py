"""Instances, groups of them, their warm pools, and volumes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...facts import Range
from ...graph import Graph, Resource
from .._parts import ONE, Part, Pricer, Unsaid, by_use, missing, number, paid, used
from ._launch import Launch, launched, of_data
from ._volumes import volume, volumes

_ELSEWHERE = "its launch template is not in the templates"
_LAUNCHES = ("LaunchTemplate", "LaunchConfigurationName", "MixedInstancesPolicy")


def instance(graph: Graph, resource: Resource) -> Iterator[Part]:
    """An instance, as Linux: what an image runs is known only at deployment."""
    base = launched(graph, resource) if resource.get("LaunchTemplate") is not None else None
    if resource.get("LaunchTemplate") is not None and base is None and resource.get("InstanceType") is None:
        yield Unsaid(why=_ELSEWHERE)
        return
    data = {**(base.data if base else {}), **resource.properties}
    if isinstance(tenancy := resource.get("Tenancy"), str):
        data["Placement"] = {"Tenancy": tenancy}
    yield from of_data(data, detailed=resource.get("Monitoring")).parts(ONE)


def group(graph: Graph, resource: Resource) -> Iterator[Part]:
    """As many instances as its minimum, and up to its maximum."""
    count, launch = size_of(graph, resource), launched(graph, resource)
    if count is None:
        yield missing(resource, "MinSize" if number(resource, "MinSize") is None else "MaxSize")
    elif not count.high:
        return
    elif launch is None:
        named = any(resource.get(name) is not None for name in _LAUNCHES)
        yield Unsaid(why=_ELSEWHERE if named else "the template does not say what it launches")
    else:
        yield from launch.parts(count)


def size_of(graph: Graph, resource: Resource) -> Range | None:
    """The smallest and the largest that a group gets, also by schedule; None when it is not known."""
    low, high = number(resource, "MinSize"), number(resource, "MaxSize")
    if low is None or high is None:
        return None
    for action in graph.users_of(resource, "AWS::AutoScaling::ScheduledAction"):
        for name in ("MinSize", "MaxSize"):
            if action.get(name) is not None and number(action, name) is None:
                return None
        low = min(low, number(action, "MinSize", default=low) or 0)
        high = max(high, number(action, "MaxSize", default=high) or 0)
    return Range(min(low, high), max(low, high))


def warm_pool(graph: Graph, resource: Resource) -> Iterable[Part]:
    """Instances that wait: running ones cost as any, of stopped ones the volumes."""
    found = graph.named(
        resource.get("AutoScalingGroupName"), "AutoScalingGroupName", "AWS::AutoScaling::AutoScalingGroup"
    )
    launch = launched(graph, found) if found else None
    limit = number(resource, "MaxGroupPreparedCapacity", default=number(found, "MaxSize") if found else None)
    low = number(resource, "MinSize", default=0)
    if launch is None or limit is None or low is None:
        return [Unsaid(why="how many instances wait in it is not told")]
    return _waiting(launch, Range(min(low, limit), limit), str(resource.get("PoolState") or "Stopped"))


def _waiting(launch: Launch, count: Range, state: str) -> Iterable[Part]:
    return launch.parts(count) if state == "Running" else volumes(count, launch.data.get("BlockDeviceMappings"))


def alone(_graph: Graph, resource: Resource) -> Iterable[Part]:
    """A volume of its own."""
    return volume(ONE, resource.properties)


def file_system(_graph: Graph, resource: Resource) -> Iterator[Part]:
    """An EFS file system: what it keeps, and throughput that is provisioned."""
    yield from used(("files kept", "efs-use/storage"), "requests of files that are rarely read")
    if resource.get("ProvisionedThroughputInMibps") is not None:
        amount = number(resource, "ProvisionedThroughputInMibps")
        yield (
            missing(resource, "ProvisionedThroughputInMibps")
            if amount is None
            else paid("efs/throughput", amount, "MiB/s of throughput")
        )
    regions = [each.get("Region") for each in resource.items("ReplicationConfiguration", "Destinations")]
    for region in filter(None, regions):
        yield from used(("copies of files kept", "efs-use/storage"), region=str(region))


def function(_graph: Graph, resource: Resource) -> Iterator[Part]:
    """A function, or a version of one: by use, unless some of it is kept ready."""
    if resource.get("ProvisionedConcurrencyConfig") is not None:
        yield Unsaid(why="provisioned concurrency costs by memory and hour, which is not known")
    if resource.type.endswith("Function"):
        yield from used("requests and run time of functions")


PRICERS: dict[str, Pricer] = {
    "AWS::AutoScaling::AutoScalingGroup": group,
    "AWS::AutoScaling::WarmPool": warm_pool,
    "AWS::EC2::Instance": instance,
    "AWS::EC2::Volume": alone,
    "AWS::EFS::FileSystem": file_system,
    "AWS::EMRServerless::Application": by_use("workers while jobs run"),
    "AWS::ImageBuilder::ImagePipeline": by_use("instances while images are built"),
    "AWS::Lambda::Alias": function,
    "AWS::Lambda::Function": function,
    "AWS::Lambda::Version": function,
}
