"""Rules about Availability Zones: everything that serves stands in two of them or more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from ..databases import is_aurora, is_primary, is_replica, members, members_outside, others_of_global
from ..findings import Found, Severity, rule
from ..graph import Graph, Resource
from ..knowledge._hot_spare import spare_of
from ..knowledge.autoscaling import elsewhere
from ..knowledge.network import served_zones
from ..placement import of_subnets, placement

_PILLAR = "https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_fault_isolation_multiaz_region_system.html"
_AURORA = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.AuroraHighAvailability.html"
_NAT = "https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html"
_PROXY = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy-planning.html"
_RDS = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.MultiAZ.html"


def _one_zone(type: str, graph: Graph) -> Iterable[tuple[Resource, str]]:
    for resource in graph.of_type(type):
        placed = placement(graph, resource)
        if placed.known and not placed.spread:
            yield resource, placed.zones[0]


def subnet_group_zones(graph: Graph) -> Iterable[Found]:
    """A subnet group whose subnets are all in one zone."""
    for group, zone in _one_zone("AWS::RDS::DBSubnetGroup", graph):
        yield group, f"all its subnets are in {zone}", "give it subnets in three zones"


def group_zones(graph: Graph) -> Iterable[Found]:
    """An Auto Scaling group in one zone, without copies of it in others."""
    for group, zone in _one_zone("AWS::AutoScaling::AutoScalingGroup", graph):
        if elsewhere(graph, group) or spare_of(graph, group):
            continue
        yield group, f"all its subnets are in {zone}", "spread VPCZoneIdentifier over three zones"


def balancer_zones(graph: Graph) -> Iterable[Found]:
    """A load balancer in one zone."""
    for balancer, zone in _one_zone("AWS::ElasticLoadBalancingV2::LoadBalancer", graph):
        yield balancer, f"all its subnets are in {zone}", "give it subnets in three zones"


def proxy_zones(graph: Graph) -> Iterable[Found]:
    """A proxy whose network interfaces are in one zone."""
    for proxy in graph.of_type("AWS::RDS::DBProxy", "AWS::RDS::DBProxyEndpoint"):
        placed = of_subnets(graph, proxy.get("VpcSubnetIds"))
        if placed.known and not placed.spread:
            yield proxy, f"all its subnets are in {placed.zones[0]}", "give it subnets in two zones or more"


def nat_per_zone(graph: Graph) -> Iterable[Found]:
    """A NAT gateway that zones other than its own route through."""
    for nat in graph.of_type("AWS::EC2::NatGateway"):
        placed, served = placement(graph, nat), served_zones(graph, nat)
        if nat.text("AvailabilityMode") == "regional" or not placed.known or served is None:
            continue
        if cut_off := sorted(set(served) - set(placed.zones)):
            yield (
                nat,
                f"subnets in {', '.join(cut_off)} route through this NAT gateway in {placed.zones[0]}",
                "one NAT gateway per zone, or a regional one",
            )


def aurora_reader(graph: Graph) -> Iterable[Found]:
    """A serving Aurora cluster without a reader that survives the loss of a zone."""
    for cluster in graph.of_type("AWS::RDS::DBCluster"):
        instances = members(graph, cluster)
        waits = bool(others_of_global(graph, cluster)) and not is_primary(graph, cluster)
        if not is_aurora(cluster) or not instances or waits:
            continue
        named = {zone for i in instances if (zone := i.text("AvailabilityZone"))}
        placed = placement(graph, cluster)
        if not placed.known and not named and len(instances) >= 2:
            continue
        zones = named | set(placed.zones) or {""}
        if any(members_outside(graph, cluster, zone) == 0 for zone in zones):
            yield (
                cluster,
                f"{len(instances)} instance{'s' * (len(instances) > 1)} and no reader in another zone",
                "add a reader in another zone, with promotion tier 0 or 1",
            )


def multi_az(graph: Graph) -> Iterable[Found]:
    """A database instance without a standby."""
    for instance in graph.of_type("AWS::RDS::DBInstance"):
        alone = instance.get("DBClusterIdentifier") is None and not is_replica(instance)
        if alone and instance.get("MultiAZ") in (None, False, "false"):
            yield instance, "MultiAZ is off", "set MultiAZ to true"


def even_zones(graph: Graph) -> Iterable[Found]:
    """A Region where groups of subnets use different sets of zones."""
    groups: dict[str, dict[tuple[str, ...], Resource]] = defaultdict(dict)
    for kind in ("AWS::AutoScaling::AutoScalingGroup", "AWS::ElasticLoadBalancingV2::LoadBalancer"):
        for resource in graph.of_type(kind):
            placed = placement(graph, resource)
            if placed.spread:
                groups[resource.template.name].setdefault(placed.zones, resource)
    for used in groups.values():
        widest = max(used, key=len)
        for zones, resource in used.items():
            if missing := sorted(set(widest) - set(zones)):
                yield (
                    resource,
                    f"it is not in {', '.join(missing)}, where others of its stack are",
                    "use the same zones for the group and its load balancer",
                )


RULES = (
    rule("subnet-group-single-zone", subnet_group_zones, "no standby or reader can stand in another zone", _RDS),
    rule("autoscaling-single-zone", group_zones, "the loss of that zone takes every instance", _PILLAR),
    rule("load-balancer-single-zone", balancer_zones, "the loss of that zone takes the way in", _PILLAR),
    rule("proxy-single-zone", proxy_zones, "the loss of that zone takes the way to the database", _PROXY),
    rule("nat-gateway-per-zone", nat_per_zone, "the loss of its zone cuts off the others", _NAT),
    rule("aurora-needs-reader", aurora_reader, "the loss of the writer's zone waits for a new instance", _AURORA),
    rule("rds-needs-standby", multi_az, "the loss of its zone means a restore from backups", _RDS),
    rule("zones-uneven", even_zones, "the loss of a zone hits the two differently", _PILLAR, Severity.WARNING),
)
