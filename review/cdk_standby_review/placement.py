"""Where things stand: which Availability Zones a resource uses, as far as its template says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, product
from typing import Any

from .facts.regions import REGIONS
from .graph import Graph, Resource
from .plain import list_of
from .regions import ONE_ZONE, SEVERAL_ZONES, region_of


@dataclass(frozen=True, slots=True)
class Placement:
    """The zones of a resource, and whether they are all."""

    zones: tuple[str, ...]
    known: bool
    """False when subnets come from outside the templates: nothing is said about them then."""

    @property
    def spread(self) -> bool:
        """Whether it is known to use two zones or more."""
        return len(self.zones) >= 2


SUBNET_GROUP = "AWS::RDS::DBSubnetGroup"
_NUMBERED = re.compile("zone [1-6] of .+")  # no Region has more
NOWHERE = Placement((), known=False)


def placement(graph: Graph, resource: Resource) -> Placement:
    """The zones that a resource uses, or may be put in."""
    if zone := resource.text("AvailabilityZone"):
        return Placement((zone,), known=True)
    if resource.type.startswith("AWS::RDS::DB") and resource.type != SUBNET_GROUP:
        return _of_database(graph, resource)
    if zones := resource.get("AvailabilityZones"):
        return _named_zones(zones)
    return of_subnets(graph, subnets_of(resource))


def subnets_of(resource: Resource) -> list[Any]:
    """The subnets that a resource names, by whatever property its type has for them."""
    mapped = [mapping.get("SubnetId") for mapping in resource.items("SubnetMappings")]
    for name in ("VPCZoneIdentifier", "Subnets", "SubnetIds"):
        mapped += list_of(resource.get(name))
    single = resource.get("SubnetId")
    return mapped if single is None else [*mapped, single]


def of_subnets(graph: Graph, subnets: Any) -> Placement:
    """The zones of some subnets; not known when one of them is not in the templates."""
    zones: set[str] = set()
    for value in list_of(subnets):
        subnet = graph.at(value)
        zone = subnet.text("AvailabilityZone") if subnet else None
        if zone is None:
            return NOWHERE
        zones.add(zone)
    return Placement(tuple(sorted(zones)), known=bool(zones))


def subnet_group(graph: Graph, database: Resource) -> Resource | None:
    """The subnet group of a database, by reference or by agreed name."""
    value = database.get("DBSubnetGroupName")
    found = graph.named(value, "DBSubnetGroupName", SUBNET_GROUP, region=database.region)
    return found if found and found.type == SUBNET_GROUP else None


def zones_of_region(graph: Graph, region: str) -> tuple[str, ...]:
    """Every zone that a template of this Region names, by whatever property."""
    return graph.remembered("zones", lambda: _zones(graph)).get(region, ())


def maybe_the_same(graph: Graph, case_zone: str, region: str) -> Iterator[tuple[str, str]]:
    """What a zone may be beside its own name: a numbered one and one with a name, which nobody can tell apart."""
    every = zones_of_region(graph, region)
    numbered = [zone for zone in every if _NUMBERED.fullmatch(zone)]
    named = [zone for zone in every if region_of(zone) in ({region} if region else set(REGIONS.value))]
    for number, name in product(numbered, named):
        if case_zone in {number, name}:
            yield number, name


def _zones(graph: Graph) -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = {}
    for resource in graph:
        found.setdefault(resource.region, set()).update(_named_by(resource))
    return {region: tuple(sorted(zones)) for region, zones in found.items()}


def _named_by(resource: Resource) -> Iterable[str]:
    if not resource.type.startswith("AWS::"):
        return ()
    one = (resource.text(name) for name in ONE_ZONE)
    several = (_named_zones(resource.get(name)).zones for name in SEVERAL_ZONES)
    return filter(None, chain(one, *several))


def _of_database(graph: Graph, database: Resource) -> Placement:
    if group := subnet_group(graph, database):
        return placement(graph, group)
    cluster = cluster_of(graph, database)
    return placement(graph, cluster) if cluster and cluster is not database else NOWHERE


def cluster_of(graph: Graph, instance: Resource) -> Resource | None:
    """The cluster that a database instance is a member of."""
    value = instance.get("DBClusterIdentifier")
    if instance.type != "AWS::RDS::DBInstance" or value is None:
        return None
    return graph.named(value, "DBClusterIdentifier", "AWS::RDS::DBCluster", region=instance.region)


def _named_zones(zones: Any) -> Placement:
    names = [zone for zone in list_of(zones) if isinstance(zone, str)]
    return Placement(tuple(sorted(set(names))), known=bool(names))
