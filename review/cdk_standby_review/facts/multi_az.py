"""What makes each service span zones: the property that is the switch, and how many zones it needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ._model import Confidence, Fact

_DATE = "2026-11-21"
_DOCS = "https://docs.aws.amazon.com/"
_RDS = _DOCS + "AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html"
_MULTI_AZ = _DOCS + "redshift/latest/mgmt/managing-cluster-multi-az.html"
_OPENSEARCH = _DOCS + "opensearch-service/latest/developerguide/managedomains-multiaz.html"
_CFN = _DOCS + "AWSCloudFormation/latest/TemplateReference/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """How one service is told to stand in several zones."""

    service: str
    type: str
    """The CloudFormation type that has the property."""
    path: tuple[str, ...]
    """The property, from the outside in."""
    on: Any
    """Its value when the switch is on; for a number, the least."""
    zones: int
    """How many zones the subnets must offer."""
    spare: str
    """What takes over when the first is lost; without it the service makes a new one, which takes minutes."""
    ours: str
    """The construct of this library that sets it; empty: none does."""
    source: str
    confidence: Confidence = Confidence.DOCUMENTED

    @property
    def property(self) -> str:
        """The property as it is written in a template."""
        return ".".join(self.path)


# service, type, property, on, zones, what takes over, ours, page
_ROWS: tuple[tuple[str, str, str, bool | int | str, int, str, str, str], ...] = (
    ("RDS", "AWS::RDS::DBInstance", "MultiAZ", True, 2, "a synchronous standby", "MultiAzInstance",
            "AmazonRDS/latest/UserGuide/Concepts.MultiAZSingleStandby.html"),
    ("RDS Multi-AZ DB cluster", "AWS::RDS::DBCluster", "DBClusterInstanceClass", "db.", 3,
            "two readable standbys", "MultiAzCluster",
            "AmazonRDS/latest/UserGuide/multi-az-db-clusters-concepts.html"),
    ("Aurora", "AWS::RDS::DBInstance", "AvailabilityZone", "an own zone for each", 2, "a reader in another zone",
            "AuroraCluster", "AmazonRDS/latest/AuroraUserGuide/Concepts.AuroraHighAvailability.html"),
    ("ElastiCache for Valkey and Redis OSS", "AWS::ElastiCache::ReplicationGroup", "MultiAZEnabled", True, 2,
            "a replica in each shard", "ValkeyCache", "AmazonElastiCache/latest/dg/AutoFailover.html"),
    ("Memcached", "AWS::ElastiCache::CacheCluster", "AZMode", "cross-az", 2,
            "the other nodes; what the lost one held is read again", "MemcachedCache",
            _CFN + "aws-resource-elasticache-cachecluster.html"),
    ("MemoryDB", "AWS::MemoryDB::Cluster", "NumReplicasPerShard", 1, 2, "a replica in each shard", "MemoryDb",
            "memorydb/latest/devguide/autofailover.html"),
    ("DAX", "AWS::DAX::Cluster", "ReplicationFactor", 3, 3, "a node in each of two other zones", "DaxCluster",
            "amazondynamodb/latest/developerguide/DAX.concepts.cluster.html"),
    ("DocumentDB", "AWS::DocDB::DBInstance", "AvailabilityZone", "an own zone for each", 2,
            "a replica in another zone", "", "documentdb/latest/developerguide/replication.html"),
    ("Neptune", "AWS::Neptune::DBInstance", "AvailabilityZone", "an own zone for each", 2,
            "a replica in another zone", "", "neptune/latest/userguide/feature-overview-availability.html"),
    ("Redshift", "AWS::Redshift::Cluster", "MultiAZ", True, 3, "compute in a second zone, which works along", "",
            _MULTI_AZ),
    ("OpenSearch", "AWS::OpenSearchService::Domain", "ClusterConfig.ZoneAwarenessEnabled", True, 2,
            "replicas of each shard in another zone", "", _OPENSEARCH),
    ("OpenSearch with standby", "AWS::OpenSearchService::Domain", "ClusterConfig.MultiAZWithStandbyEnabled",
            True, 3, "a third of the nodes, which only stands by", "", _OPENSEARCH),
    ("FSx for Windows File Server", "AWS::FSx::FileSystem", "WindowsConfiguration.DeploymentType", "MULTI_AZ_1",
            2, "a synchronous standby file server", "", "fsx/latest/WindowsGuide/high-availability-multiAZ.html"),
    ("FSx for NetApp ONTAP", "AWS::FSx::FileSystem", "OntapConfiguration.DeploymentType", "MULTI_AZ_2", 2,
            "a synchronous standby file server", "", "fsx/latest/ONTAPGuide/high-availability-AZ.html"),
    ("Timestream for InfluxDB", "AWS::Timestream::InfluxDBInstance", "DeploymentType", "WITH_MULTIAZ_STANDBY", 2,
            "a synchronous standby", "", _CFN + "aws-resource-timestream-influxdbinstance.html"),
    ("DMS", "AWS::DMS::ReplicationInstance", "MultiAZ", True, 2, "a synchronous standby", "",
            _CFN + "aws-resource-dms-replicationinstance.html"),
)  # fmt: skip
SWITCHES = tuple(
    Switch(
        service=service,
        type=kind,
        path=tuple(path.split(".")),
        on=on,
        zones=zones,
        spare=spare,
        ours=ours,
        source=page if page.startswith("https") else _DOCS + page,
    )
    for service, kind, path, on, zones, spare, ours, page in _ROWS
)
"""Every switch that we know. Services without one span zones by themselves, or not at all (EMR on EC2)."""


def _zones(value: int, says: str, source: str, confidence: Confidence = Confidence.DOCUMENTED) -> Fact[int]:
    return Fact(value=value, unit="Availability Zones", says=says, source=source, date=_DATE, confidence=confidence)


SUBNET_GROUPS: dict[str, Fact[int]] = {
    "rds": _zones(2, "RDS and Aurora need subnets in two zones, and a standby stands in the second", _RDS),
    "elasticache": _zones(
        2, "a replica takes over in another zone", _DOCS + "AmazonElastiCache/latest/dg/AutoFailover.html"
    ),
    "memorydb": _zones(2, "a replica takes over in another zone", _DOCS + "memorydb/latest/devguide/autofailover.html"),
    "dax": _zones(
        2,
        "nodes in one zone are lost together",
        _DOCS + "amazondynamodb/latest/developerguide/DAX.concepts.cluster.html",
    ),
    "documentdb": _zones(
        2,
        "DocumentDB needs subnets in two zones",
        _DOCS + "documentdb/latest/developerguide/document-db-subnet-groups.html",
    ),
    "neptune": _zones(2, "Neptune needs subnets in two zones", _DOCS + "neptune/latest/userguide/get-started-vpc.html"),
    "redshift": _zones(3, "a Multi-AZ cluster needs a subnet group of three zones, to have a choice of two", _MULTI_AZ),
    "dms": _zones(
        2, "a replication subnet group has two zones", _DOCS + "dms/latest/userguide/CHAP_ReplicationInstance.VPC.html"
    ),
}
"""The zones that the subnet group of a service has to offer."""
PLACEMENTS: dict[str, Fact[int]] = {
    "load_balancer": _zones(
        2,
        "a load balancer takes one subnet of each zone, of two zones or more",
        _DOCS + "elasticloadbalancing/latest/application/application-load-balancers.html#availability-zones",
    ),
    "opensearch": _zones(2, "a domain takes as many subnets as it has zones, two or three", _OPENSEARCH),
    "opensearch_standby": _zones(3, "Multi-AZ with Standby spans three zones", _OPENSEARCH),
    "fsx": _zones(
        2,
        "a Multi-AZ file system has a preferred and a standby subnet, in different zones",
        _DOCS + "fsx/latest/WindowsGuide/high-availability-multiAZ.html",
    ),
    "redshift_serverless": _zones(
        3,
        "a workgroup needs three subnets in three zones",
        _DOCS + "redshift/latest/mgmt/serverless-usage-considerations.html",
        Confidence.ASSUMED,
    ),
    "emr": _zones(
        2,
        "a cluster lives in one zone, and EMR or a relaunch picks another only where it is offered one",
        _DOCS + "emr/latest/ManagementGuide/emr-plan-ha-considerations.html",
    ),
}
"""The zones of services that take subnets as they are."""


def table() -> Iterator[str]:
    """The switches as the lines of a Markdown table."""
    yield "| service | property | on | zones | what takes over | here |"
    yield "|---|---|---|---|---|---|"
    for s in SWITCHES:
        ours = f"`{s.ours}`" if s.ours else ""
        switch = f"`{s.type}` `{s.property}` | `{_shown(s.on)}`"
        yield f"| [{s.service}]({s.source}) | {switch} | {s.zones} | {s.spare} | {ours} |"


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value} or more" if isinstance(value, int) else str(value)
