"""Clusters and streams of data: EMR, Kinesis, MSK, Redshift."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ...facts import Range
from ...graph import Graph, Resource
from ...plain import list_of, object_of
from .._parts import Paid, Part, Pricer, Unsaid, by_use, flat, late, missing, number, paid, size, used

_SPOT = "a part of it are Spot instances, which have no list price"


def emr(_graph: Graph, resource: Resource) -> Iterator[Part]:
    """Instances, and what EMR takes for each; nothing runs where a cluster ends by itself after its last job."""
    said = object_of(resource.get("Instances"))
    ends = resource.get("AutoTerminationPolicy") is not None or said.get("KeepJobFlowAliveWhenNoSteps") is False
    kinds = [object_of(said.get(f"{name}Instance{form}")) for name in ("Master", "Core") for form in ("Group", "Fleet")]
    kinds += [object_of(each) for form in ("Group", "Fleet") for each in list_of(said.get(f"TaskInstance{form}s"))]
    for kind in filter(None, kinds):
        yield from _instances(kind, 0 if ends else 1)
    yield from used("requests and data of jobs")


def _instances(kind: Mapping[str, Any], least: int) -> Iterator[Part]:
    configured = [object_of(each) for each in list_of(kind.get("InstanceTypeConfigs"))]
    names = [each.get("InstanceType") for each in configured] or [kind.get("InstanceType")]
    count = size(kind.get("TargetOnDemandCapacity") if configured else kind.get("InstanceCount"))
    if size(kind.get("TargetSpotCapacity")) or kind.get("Market") == "SPOT" or kind.get("BidPrice"):
        yield Unsaid(why=_SPOT)
    elif count is None or not all(isinstance(name, str) for name in names):
        yield late("the type or the number of its instances")
    elif any(size(each.get("WeightedCapacity", 1)) != 1 for each in configured):
        yield Unsaid(why="its instance types have weights, so that its size does not count instances")
    else:
        many, either = Range(count * least, count), tuple(dict.fromkeys(map(str, names)))
        what = " or ".join(either)
        yield Paid(items=tuple(f"ec2/linux/{name}" for name in either), count=many, what=what)
        yield Paid(items=tuple(f"emr/{name}" for name in either), count=many, what=f"EMR on {what}")


def stream(_graph: Graph, resource: Resource) -> Iterator[Part]:
    """Shards, or a stream that grows by itself."""
    yield from used("data put into streams")
    if resource.get("StreamModeDetails", "StreamMode") == "ON_DEMAND":
        yield paid("kinesis/on-demand-stream", 1, "stream on demand")
        return
    shards = number(resource, "ShardCount")
    yield missing(resource, "ShardCount") if shards is None else paid("kinesis/shard", shards, "shard of a stream")


def brokers(_graph: Graph, resource: Resource) -> Iterator[Part]:
    """Brokers and their storage."""
    count, kind = number(resource, "NumberOfBrokerNodes"), resource.text("BrokerNodeGroupInfo", "InstanceType")
    if count is None or kind is None:
        yield (
            missing(resource, "NumberOfBrokerNodes")
            if count is None
            else missing(resource, "BrokerNodeGroupInfo", "InstanceType")
        )
        return
    yield paid(f"msk/{kind}", count, f"{kind} broker")
    each = number(resource, "BrokerNodeGroupInfo", "StorageInfo", "EBSStorageInfo", "VolumeSize")
    yield from (
        used("data kept by brokers")
        if each is None
        else [paid("msk-storage", count * each, "GB of storage of brokers")]
    )


def warehouse(_graph: Graph, resource: Resource) -> Iterable[Part]:
    """Nodes of a cluster; the storage of ra3 is paid by use."""
    kind = resource.text("NodeType")
    single = resource.text("ClusterType") == "single-node"
    count = number(resource, "NumberOfNodes", default=1 if single else None)
    if kind is None or count is None:
        return [missing(resource, "NodeType" if kind is None else "NumberOfNodes")]
    copies = 2 if resource.flag("MultiAZ") else 1
    return [paid(f"redshift/{kind}", count * copies, kind), *used("data kept, backups")]


PRICERS: dict[str, Pricer] = {
    "AWS::EMR::Cluster": emr,
    "AWS::Kinesis::Stream": stream,
    "AWS::MSK::Cluster": brokers,
    "AWS::MSK::ServerlessCluster": flat("msk/serverless", "serverless cluster"),
    "AWS::Redshift::Cluster": warehouse,
    "AWS::RedshiftServerless::Namespace": by_use("data kept, backups"),
    "AWS::RedshiftServerless::Workgroup": by_use("processing while queries run"),
}
