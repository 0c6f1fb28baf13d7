"""Load balancers, DNS, and what leads users to another Region."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...facts import Range
from ...graph import Graph, Resource
from ...plain import is_true, list_of, object_of
from .._parts import ONE, Paid, Part, Pricer, Unsaid, by_use, flat, late, paid, times, used

_KINDS = ("application", "network", "gateway")
_NO_ADDRESS = "dualstack-without-public-ipv4"


def balancer(_graph: Graph, resource: Resource) -> Iterator[Part]:
    """A load balancer, with up to one capacity unit: what an idle one uses."""
    kind = resource.get("Type") or "application"
    if kind not in _KINDS:
        yield late("Type")
        return
    yield paid(f"elb/{kind}", 1, f"{kind} load balancer")
    yield paid(f"elb/{kind}-lcu", Range(0, 1), "capacity unit of a load balancer")
    yield from used("capacity units of load balancers beyond the first")
    if resource.get("MinimumLoadBalancerCapacity") is not None:
        yield Unsaid(why="what capacity units that are reserved cost is not counted")
    if (count := _addresses(resource, str(kind))) is None:
        yield late("the list of its subnets")
    elif count:
        yield paid("vpc/public-ipv4", count, "public IPv4 address")


def _addresses(resource: Resource, kind: str) -> int | None:
    """Public addresses of its own: one in each zone; Elastic IPs are resources themselves. None if not known."""
    internal = resource.get("Scheme") == "internal" or resource.get("IpAddressType") == _NO_ADDRESS
    if internal or kind == "gateway":
        return 0
    mapped = resource.get("SubnetMappings")
    subnets = resource.get("Subnets") if mapped is None else mapped
    if not isinstance(subnets, list):
        return None
    return sum("AllocationId" not in object_of(each) for each in list_of(subnets))


def health_check(_graph: Graph, resource: Resource) -> Iterator[Part]:
    """A check costs more when what it asks is outside of AWS, which no template tells; so do its options."""
    said = object_of(resource.get("HealthCheckConfig"))
    kind = str(said.get("Type"))
    own = kind in {"CALCULATED", "CLOUDWATCH_METRIC", "RECOVERY_CONTROL"}
    options = sum(
        (
            kind.startswith("HTTPS"),
            kind.endswith("STR_MATCH"),
            str(said.get("RequestInterval")) == "10",
            is_true(said.get("MeasureLatency")),
        )
    )
    yield _checked("route53/health-check", ONE, "health check", own)
    if options:
        yield _checked("route53/health-check-option", times(ONE, options), "options of a health check", own)


def _checked(item: str, count: Range, what: str, own: bool) -> Paid:
    return Paid(items=(f"{item}-aws",) if own else (f"{item}-aws", item), count=count, what=what)


def hosted_zone(_graph: Graph, _resource: Resource) -> Iterable[Part]:
    """A zone, whoever asks it."""
    return [paid("route53/hosted-zone", 1, "hosted zone"), *used("queries")]


def accelerator(_graph: Graph, _resource: Resource) -> Iterable[Part]:
    """An accelerator, and the traffic through it."""
    return [paid("global-accelerator/accelerator", 1, "accelerator"), *used("data through accelerators")]


PRICERS: dict[str, Pricer] = {
    "AWS::ARCRegionSwitch::Plan": flat("arc/region-switch-plan", "Region switch plan"),
    "AWS::CloudFront::Distribution": by_use("requests and data of distributions"),
    "AWS::ElasticLoadBalancing::LoadBalancer": flat("elb/classic", "classic load balancer"),
    "AWS::ElasticLoadBalancingV2::LoadBalancer": balancer,
    "AWS::GlobalAccelerator::Accelerator": accelerator,
    "AWS::Route53::HealthCheck": health_check,
    "AWS::Route53::HostedZone": hosted_zone,
    "AWS::Route53RecoveryControl::Cluster": flat("arc/cluster", "cluster of routing controls"),
    "AWS::S3::MultiRegionAccessPoint": by_use("data through access points of several Regions"),
}
