"""What an instance or a group launches: types, volumes, monitoring, addresses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ...facts import Range
from ...graph import Graph, Resource
from ...intrinsics import known
from ...plain import is_object, is_true, list_of, object_of, within
from .._parts import Paid, Part, Unsaid, late, over, paid, size, times
from ._volumes import volumes

METRICS = 7
"""That an instance sends with detailed monitoring."""
_CONFIGURATION = "AWS::AutoScaling::LaunchConfiguration"


@dataclass(frozen=True, slots=True)
class Launch:
    """One instance, as a template describes it."""

    data: Mapping[str, Any]
    types: tuple[Any, ...]
    """It is one of them."""
    detailed: Any = False
    public: bool = False
    """Whether it asks for a public IPv4 address."""
    spot: Range = field(default=Range(0, 0))
    """The share of Spot instances."""
    weighted: bool = False

    def parts(self, count: Range) -> Iterator[Part]:
        """What so many of them cost."""
        yield from self.instances(count)
        yield from volumes(count, self.data.get("BlockDeviceMappings"))
        if is_true(self.detailed):
            yield paid("cloudwatch/metric", times(count, METRICS), "metrics of detailed monitoring")
        if self.public:
            yield paid("vpc/public-ipv4", count, "public IPv4 address")

    def instances(self, count: Range) -> Iterator[Part]:
        """Those alone, without volumes."""
        if self.weighted:
            yield Unsaid(why="its instance types have weights, so that its size does not count instances")
        elif not self.types or not all(isinstance(kind, str) for kind in self.types):
            yield late("InstanceType") if any(not known(k) for k in self.types) else Unsaid(why="no type is named")
        elif object_of(self.data.get("Placement")).get("Tenancy", "default") != "default":
            yield Unsaid(why="instances on hardware of their own have prices of their own")
        else:
            yield from self._priced(count)

    def _priced(self, count: Range) -> Iterator[Part]:
        if self.spot.high:
            yield Unsaid(why="a part of it are Spot instances, which have no list price")
        listed = Range(count.low * (1 - self.spot.high), count.high * (1 - self.spot.low))
        items = tuple(dict.fromkeys(f"ec2/linux/{kind}" for kind in self.types))
        yield Paid(items=items, count=listed, what=" or ".join(dict.fromkeys(map(str, self.types))))


def of_data(data: Mapping[str, Any], *, detailed: Any = None, types: tuple[Any, ...] = ()) -> Launch:
    """The properties of an instance, or of the data of a launch template."""
    market = within(data, "InstanceMarketOptions", "MarketType")
    needs = data.get("InstanceRequirements")
    named = types or (() if data.get("InstanceType") is None or needs else (data["InstanceType"],))
    return Launch(
        data=data,
        types=named,
        detailed=within(data, "Monitoring", "Enabled") if detailed is None else detailed,
        public=any(
            is_true(object_of(n).get("AssociatePublicIpAddress")) for n in list_of(data.get("NetworkInterfaces"))
        ),
        spot=over(0, 0) if market is None else over(1, 1),
    )


def launched(graph: Graph, resource: Resource) -> Launch | None:
    """What an instance's or a group's properties, its launch template or its launch configuration describe."""
    if mixed := object_of(resource.get("MixedInstancesPolicy")):
        return _mixed(graph, resource, mixed)
    if resource.get("LaunchConfigurationName") is not None:
        found = graph.named(resource.get("LaunchConfigurationName"), "LaunchConfigurationName", _CONFIGURATION)
        return None if found is None else _configuration(found)
    data = _template(graph, resource, resource.get("LaunchTemplate"))
    return None if data is None else of_data(data)


def _mixed(graph: Graph, resource: Resource, mixed: Mapping[str, Any]) -> Launch | None:
    data = _template(graph, resource, within(mixed, "LaunchTemplate", "LaunchTemplateSpecification"))
    if data is None:
        return None
    overrides = [object_of(o) for o in list_of(within(mixed, "LaunchTemplate", "Overrides"))]
    if any(is_object(o.get("InstanceRequirements")) for o in overrides):
        return Launch(data=data, types=())
    types = tuple(o["InstanceType"] for o in overrides if o.get("InstanceType") is not None)
    plain = of_data(data, types=types)
    return Launch(
        data=data,
        types=plain.types,
        detailed=plain.detailed,
        public=plain.public,
        spot=_spot(object_of(mixed.get("InstancesDistribution"))),
        weighted=any("WeightedCapacity" in o for o in overrides),
    )


def _spot(distribution: Mapping[str, Any]) -> Range:
    """The share of Spot instances; with a base of On-Demand ones it is at most that."""
    above = distribution.get("OnDemandPercentageAboveBaseCapacity", 100)
    asked = size(above)
    share = 1.0 if asked is None else max(0.0, 1 - asked / 100)
    return over(0 if distribution.get("OnDemandBaseCapacity") else share, share)


def _configuration(found: Resource) -> Launch:
    data = {k: v for k, v in found.properties.items() if k in {"BlockDeviceMappings", "InstanceType"}}
    detailed = found.get("InstanceMonitoring")
    spot = found.get("SpotPrice") is not None
    return Launch(
        data=data,
        types=() if found.get("InstanceType") is None else (found.get("InstanceType"),),
        detailed=True if detailed is None else detailed,
        public=found.flag("AssociatePublicIpAddress") is True,
        spot=over(spot, spot),
    )


def _template(graph: Graph, resource: Resource, asked: Any) -> Mapping[str, Any] | None:
    named = object_of(asked)
    found = graph.at(named.get("LaunchTemplateId")) or graph.named(
        named.get("LaunchTemplateName"), "LaunchTemplateName", "AWS::EC2::LaunchTemplate", region=resource.region
    )
    return None if found is None else object_of(found.get("LaunchTemplateData"))
