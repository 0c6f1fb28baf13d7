"""The subnet groups of every service, from one place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from aws_cdk import (
    CfnResource,
    Names,
    RemovalPolicy,
    Stack,
    aws_dax,
    aws_dms,
    aws_docdb,
    aws_ec2,
    aws_elasticache,
    aws_memorydb,
    aws_neptune,
    aws_opensearchservice,
    aws_rds,
    aws_redshift,
)
from constructs import Construct

from cdk_standby_review.facts import Fact, Range

from .._checks import InvalidOptions, check
from .._reasons import weakened
from ..caches import _cache_parts as cache_parts
from ..caches import _memorydb_parts as memorydb_parts
from ..relational import _parts as rds_parts
from ..relational._place import Place
from ..tables import _dax_parts as dax_parts
from ._subnet_rules import NEEDS, RULES, bad_domain, too_few, zone_of_each

__all__ = ["OpenSearchPlace", "SubnetGroups"]

Group = TypeVar("Group", bound=CfnResource)
_SUBNETS = Fact(
    value=Range(2, 6),
    unit=NEEDS["rds"].unit,
    says="what is placed in one zone is lost with it",
    source=NEEDS["rds"].source,
    date=NEEDS["rds"].date,
)
_THREE, _TWO = 3, 2


@dataclass(frozen=True, slots=True)
class OpenSearchPlace:
    """Where a domain stands: one subnet for each of its zones."""

    subnets: tuple[str, ...]
    """For `VPCOptions.SubnetIds`."""
    zones: int
    """How many zones the domain spans, 2 or 3."""
    standby: bool
    """Whether one of the zones only stands by: for `ClusterConfig.MultiAZWithStandbyEnabled`."""

    @property
    def zone_awareness(self) -> aws_opensearchservice.CfnDomain.ZoneAwarenessConfigProperty:
        """For `ClusterConfig.ZoneAwarenessConfig`, beside `ZoneAwarenessEnabled`."""
        return aws_opensearchservice.CfnDomain.ZoneAwarenessConfigProperty(availability_zone_count=self.zones)


class SubnetGroups(Construct):
    """Subnet groups for RDS, Aurora, ElastiCache, MemoryDB, DAX, DocumentDB, Neptune, Redshift and DMS.

    A subnet group is the list of subnets in which a service may put a primary, its standby and its replicas. Zone loss:
    what stands in the other subnets takes over. Region loss: a subnet group belongs to its Region; the other Region has
    its own.

    Each group is made when it is first asked for, and kept when its stack goes: what lives in it cannot go on without.
    Several subnets of one zone may be in a group, and make nothing safer; load balancers, OpenSearch and FSx, which
    take one subnet of a zone, are given one.
    """

    place: Place
    """The subnets, and their zones."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        vpc: aws_ec2.IVpc,
        subnets: aws_ec2.SubnetSelection | None = None,
        services: Sequence[str] = (),
        few_zones_because: str | None = None,
        deletable_because: str | None = None,
    ) -> None:
        """Find the subnets, and make the groups that are named.

        Args:
            scope: the parent.
            id: unique among the parent's children; another id is other groups.
            vpc: any VPC with subnets in two zones or more; of more than three zones, three are taken.
            subnets: which subnets; left out: the isolated ones.
            services: groups to make at once, so that all problems are told together: rds, elasticache, memorydb, dax,
                documentdb, neptune, redshift, dms; left out: each is made when it is asked for.
            few_zones_because: why two zones are enough for services whose most available form needs three (Redshift).
            deletable_because: why the groups may go with their stack.

        Raises:
            InvalidOptions: the network has too few zones for a service, or a service has no subnet group
                (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html).
        """
        super().__init__(scope, id)
        self.place = Place.of(self, vpc, subnets, _SUBNETS)
        self._at_most = _TWO if few_zones_because is not None else _THREE
        self._removal = RemovalPolicy.RETAIN if deletable_because is None else RemovalPolicy.DESTROY
        self._made: dict[str, CfnResource] = {}
        self._of_zone = _one_of_each_zone(vpc, subnets, self.place)
        options = {"services": services, "vpc": vpc.node.path, "region": Stack.of(self).region}
        where = {"regions": {"vpc": vpc.env.region}, "kind": "stack"}
        few = too_few(self, self.place, services or ["rds"], at_most=self._at_most)
        check(self, RULES, {**options, **where}, also=few)
        weakened(self, "few_zones", few_zones_because)
        weakened(self, "deletable", deletable_because)
        for service in services:
            getattr(self, service)

    @property
    def rds(self) -> aws_rds.CfnDBSubnetGroup:
        """For RDS and Aurora."""
        return self._once("rds", lambda scope: rds_parts.subnet_group(scope, self.place.subnets))

    @property
    def elasticache(self) -> aws_elasticache.CfnSubnetGroup:
        """For Valkey, Redis OSS and Memcached."""
        return self._once("elasticache", lambda scope: cache_parts.subnet_group(scope, self.place.subnets))

    @property
    def memorydb(self) -> aws_memorydb.CfnSubnetGroup:
        """For MemoryDB; it wants a name, which is made of the construct path."""
        return self._once(
            "memorydb", lambda scope: memorydb_parts.subnet_group(scope, _name(scope), self.place.subnets)
        )

    @property
    def dax(self) -> aws_dax.CfnSubnetGroup:
        """For DAX."""
        return self._once("dax", lambda scope: dax_parts.subnet_group(scope, self.place))

    @property
    def documentdb(self) -> aws_docdb.CfnDBSubnetGroup:
        """For DocumentDB."""
        kind = aws_docdb.CfnDBSubnetGroup
        return self._once("documentdb", lambda scope: kind(scope, "Subnets", **self._listed(scope, "db_subnet_group_")))

    @property
    def neptune(self) -> aws_neptune.CfnDBSubnetGroup:
        """For Neptune."""
        kind = aws_neptune.CfnDBSubnetGroup
        return self._once("neptune", lambda scope: kind(scope, "Subnets", **self._listed(scope, "db_subnet_group_")))

    @property
    def redshift(self) -> aws_redshift.CfnClusterSubnetGroup:
        """For provisioned clusters of Redshift, over three zones."""
        kind = aws_redshift.CfnClusterSubnetGroup
        return self._once("redshift", lambda scope: kind(scope, "Subnets", **self._listed(scope)))

    @property
    def dms(self) -> aws_dms.CfnReplicationSubnetGroup:
        """For replication instances of DMS; AWS wants the role ``dms-vpc-role`` in the account before."""
        kind = aws_dms.CfnReplicationSubnetGroup
        return self._once(
            "dms", lambda scope: kind(scope, "Subnets", **self._listed(scope, "replication_subnet_group_"))
        )

    def load_balancer(self) -> tuple[str, ...]:
        """One subnet of each zone: a load balancer refuses a second.

        Raises:
            InvalidOptions: there is one zone.
        """
        return self._one_of_each("load_balancer")

    def redshift_serverless(self) -> tuple[str, ...]:
        """A subnet of each of three zones, for a workgroup.

        Raises:
            InvalidOptions: there are fewer zones.
        """
        return self._one_of_each("redshift_serverless")[:_THREE]

    def fsx(self) -> tuple[str, str]:
        """The preferred and the standby subnet of a Multi-AZ file system, in different zones.

        Raises:
            InvalidOptions: there is one zone.
        """
        preferred, standby, *_ = self._one_of_each("fsx")
        return preferred, standby

    def emr(self) -> tuple[str, ...]:
        """All subnets, for instance fleets: EMR picks the zone in which a cluster lives, and a relaunch another.

        Raises:
            InvalidOptions: there is one zone.
        """
        self._check("emr")
        return self.place.subnets

    def opensearch(self, *, zones: int = _THREE, standby: bool = True) -> OpenSearchPlace:
        """The subnets of a domain: as many as it has zones.

        Args:
            zones: 2 or 3; left out: 3.
            standby: False gives up Multi-AZ with Standby, which needs three zones; left out: with a standby.

        Raises:
            InvalidOptions: the domain cannot span as many zones
                (https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-multiaz.html).
        """
        check(self, (), {}, also=bad_domain(self, self.place, zones, standby=standby))
        return OpenSearchPlace(tuple(self._of_zone.values())[:zones], zones, standby)

    def _once(self, service: str, make: Callable[[Construct], Group]) -> Group:
        if service not in self._made:
            self._check(service)
            made = self._made[service] = make(Construct(self, service))
            made.apply_removal_policy(self._removal)
        return cast("Group", self._made[service])

    def _check(self, service: str) -> None:
        if problems := list(too_few(self, self.place, [service], at_most=self._at_most)):
            raise InvalidOptions(problems)

    def _one_of_each(self, service: str) -> tuple[str, ...]:
        self._check(service)
        return tuple(self._of_zone.values())

    def _listed(self, scope: Construct, prefix: str = "") -> dict[str, Any]:
        return {f"{prefix}description": f"Subnets of {scope.node.path}", "subnet_ids": list(self.place.subnets)}


def _one_of_each_zone(vpc: aws_ec2.IVpc, subnets: aws_ec2.SubnetSelection | None, place: Place) -> dict[str, str]:
    """The first subnet of each zone, in the order of the network."""
    chosen = subnets or aws_ec2.SubnetSelection(subnet_type=aws_ec2.SubnetType.PRIVATE_ISOLATED)
    found: dict[str, str] = {}
    for subnet, zone in zone_of_each(vpc, chosen, place).items():
        found.setdefault(zone, subnet)
    return found


def _name(scope: Construct) -> str:
    return Names.unique_resource_name(scope, max_length=40, separator="-").lower()
