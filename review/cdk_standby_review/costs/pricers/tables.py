"""DynamoDB tables: by use, or by the capacity that is provisioned in each Region."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ...facts import Range
from ...graph import Graph, Resource
from ...intrinsics import known
from ...plain import is_true, list_of, object_of, within
from .._parts import Part, Pricer, Unsaid, late, over, paid, size, used

_TARGET = "AWS::ApplicationAutoScaling::ScalableTarget"
_READ, _WRITE = "dynamodb/read-capacity", "dynamodb/write-capacity"
_REPLICATED = "dynamodb/replicated-write-capacity"
_KEPT = ("data kept", "dynamodb-use/storage")
_WORDS = {_READ: "read capacity units", _WRITE: "write capacity units", _REPLICATED: "replicated write capacity units"}


def table(graph: Graph, resource: Resource) -> Iterator[Part]:
    """A table of one Region."""
    yield from used(_KEPT)
    if is_true(resource.get("PointInTimeRecoverySpecification", "PointInTimeRecoveryEnabled")):
        yield from used(("backups of the last weeks", "dynamodb-use/point-in-time"))
    mode = resource.get("BillingMode")
    if not known(mode):
        yield late("BillingMode")
    elif mode == "PAY_PER_REQUEST":
        yield from used(("reads", "dynamodb-use/reads"), ("writes", "dynamodb-use/writes"))
    else:
        yield from _provisioned(graph, resource)


def _provisioned(graph: Graph, resource: Resource) -> Iterator[Part]:
    scaled = {t.text("ScalableDimension"): t for t in graph.users_of(resource, _TARGET)}
    for name, item in (("ReadCapacityUnits", _READ), ("WriteCapacityUnits", _WRITE)):
        target = scaled.get(f"dynamodb:table:{name}")
        ends = ("MinCapacity", "MaxCapacity") if target else (name, name)
        where = target.properties if target else object_of(resource.get("ProvisionedThroughput"))
        yield _capacity(item, _ends(where, *ends), name)
        for index in resource.items("GlobalSecondaryIndexes"):
            yield _capacity(item, _ends(object_of(index.get("ProvisionedThroughput")), name, name), name)
    if any(str(dimension).startswith("dynamodb:index") for dimension in scaled):
        yield Unsaid(why="how far its indexes scale is not counted")


def global_table(_graph: Graph, resource: Resource) -> Iterator[Part]:
    """A table with a replica in each of its Regions; every write is paid in each of them."""
    listed = resource.items("Replicas")
    replicas = {each["Region"]: each for each in listed if isinstance(each.get("Region"), str)}
    if len(replicas) < len(listed):
        yield late("the Region of a replica")
    mode = resource.get("BillingMode")
    for region, replica in sorted(replicas.items()):
        yield from used(_KEPT, region=region)
        if is_true(within(replica, "PointInTimeRecoverySpecification", "PointInTimeRecoveryEnabled")):
            yield from used(("backups of the last weeks", "dynamodb-use/point-in-time"), region=region)
        if mode == "PAY_PER_REQUEST":
            item = "dynamodb-use/replicated-writes" if len(replicas) > 1 else "dynamodb-use/writes"
            yield from used(("reads", "dynamodb-use/reads"), ("writes", item), region=region)
        elif known(mode):
            yield from _replica(resource, replica, region, _REPLICATED if len(replicas) > 1 else _WRITE)
    if not known(mode):
        yield late("BillingMode")


def _replica(resource: Resource, replica: Mapping[str, Any], region: str, writes: str) -> Iterable[Part]:
    read, write = "ReadProvisionedThroughputSettings", "WriteProvisionedThroughputSettings"
    own = {str(object_of(i).get("IndexName")): object_of(i) for i in list_of(replica.get("GlobalSecondaryIndexes"))}
    yield _setting(_READ, replica, read, "ReadCapacity", region)
    yield _setting(writes, resource.properties, write, "WriteCapacity", region)
    for index in resource.items("GlobalSecondaryIndexes"):
        mine = own.get(str(index.get("IndexName")), {})
        yield _setting(_READ, {**index, **mine}, read, "ReadCapacity", region)
        yield _setting(writes, index, write, "WriteCapacity", region)


def _setting(item: str, holder: Mapping[str, Any], name: str, unit: str, region: str) -> Part:
    settings = object_of(holder.get(name))
    scaling = object_of(settings.get(f"{unit}AutoScalingSettings"))
    ends = _ends(scaling, "MinCapacity", "MaxCapacity") or _ends(settings, f"{unit}Units", f"{unit}Units")
    return _capacity(item, ends, name, region)


def _ends(holder: Mapping[str, Any], low: str, high: str) -> Range | None:
    ends = size(holder.get(low)), size(holder.get(high))
    return None if ends[0] is None or ends[1] is None else over(ends[0], ends[1])


def _capacity(item: str, ends: Range | None, name: str, region: str = "") -> Part:
    if ends is None:
        return Unsaid(why=f"the template does not say {name}")
    return paid(item, ends, _WORDS[item], region=region)


PRICERS: dict[str, Pricer] = {"AWS::DynamoDB::GlobalTable": global_table, "AWS::DynamoDB::Table": table}
