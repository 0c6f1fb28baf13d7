"""Timestream, Keyspaces, directory buckets, DMS and Cognito."""

from __future__ import annotations

from ..facts import recovery_times as times
from ..facts import stores as facts
from ..graph import Graph, Resource
from ..objectives import Fault
from ..outcomes import Case, Judgement, by_itself, by_runbook, lost, unknown
from ..placement import Placement, of_subnets, placement
from ..plain import list_of
from ._by_fault import ByFault, backups_alone, copies_alone, goes_on, of_group, out_of_reach
from ._judge import Judge, plumbing, served_elsewhere
from .managed import JUDGES as JUDGES_OF_MANAGED
from .managed import Managed

_STANDBY = {"WITH_MULTIAZ_STANDBY", "MULTI_NODE_READ_REPLICAS"}
_REPLICA = "AWS::Cognito::UserPoolReplica"


def _influx(graph: Graph, resource: Resource, case: Case) -> Judgement:
    deployed = resource.text("DeploymentType") or "SINGLE_AZ"
    if deployed in _STANDBY:
        return by_itself("the standby in another zone takes over", facts.INFLUX_FAILOVER, DeploymentType=deployed)
    if case.fault is Fault.INSTANCE:
        return by_itself(facts.INFLUX_REPLACED.says, facts.INFLUX_REPLACED, DeploymentType=deployed)
    placed = placement(graph, resource) if resource.text("AvailabilityZone") else _own_subnets(graph, resource)
    return out_of_reach(placed, case) or lost(
        facts.INFLUX_ONE_ZONE.says, facts.INFLUX_ONE_ZONE, DeploymentType=deployed
    )


def _own_subnets(graph: Graph, resource: Resource) -> Placement:
    return of_subnets(graph, resource.get("VpcSubnetIds"))


def _keyspaces_region(graph: Graph, resource: Resource, case: Case) -> Judgement | None:
    space = graph.named(resource.get("KeyspaceName"), "KeyspaceName", "AWS::Cassandra::Keyspace")
    regions = {str(r) for r in list_of(space.get("ReplicationSpecification", "RegionList"))} if space else set[str]()
    if others := sorted(regions - {case.region}):
        says = f"its replica in {', '.join(others)} takes reads and writes"
        return by_itself(says, times.AT_ONCE, facts.KEYSPACES_LAG.value, replicas=others)
    return copies_alone()(graph, resource, case)


def _keyspaces_deletion(graph: Graph, resource: Resource, case: Case) -> Judgement:
    if resource.flag("PointInTimeRecoveryEnabled"):
        says = "restored to a point in time into a new table"
        return by_runbook(says, times.RESTORE, facts.KEYSPACES_PITR, PointInTimeRecoveryEnabled=True)
    return backups_alone(graph, resource, case)


def _directory_zone(_graph: Graph, _resource: Resource, _case: Case) -> Judgement:
    return lost(f"{facts.DIRECTORY.says}: lost when that is it", facts.DIRECTORY)


def _dms(graph: Graph, resource: Resource, case: Case) -> Judgement:
    if resource.flag("MultiAZ"):
        return by_itself("the standby in another zone takes over", facts.DMS_FAILOVER, MultiAZ=True)
    if case.fault is Fault.INSTANCE:
        return by_itself(facts.DMS_REPLACED.says, facts.DMS_REPLACED, MultiAZ=False)
    return out_of_reach(_dms_placed(graph, resource), case) or lost(
        "it has no standby; it is gone until the zone returns", times.ONE_ZONE, MultiAZ=False
    )


def _dms_placed(graph: Graph, resource: Resource) -> Placement:
    if resource.text("AvailabilityZone"):
        return placement(graph, resource)
    kind, name = "AWS::DMS::ReplicationSubnetGroup", "ReplicationSubnetGroupIdentifier"
    return of_group(graph, resource, name, kind, name)


def _dms_region(graph: Graph, resource: Resource, case: Case) -> Judgement:
    return plumbing(graph, resource, case, "the replication instance")


def _users_region(graph: Graph, resource: Resource, case: Case) -> Judgement:
    """A user pool: another one knows none of its users and none of their passwords."""
    if waiting := served_elsewhere(graph, resource, case):
        return waiting
    replicas = {str(replica.text("RegionName")) for replica in graph.users_of(resource, _REPLICA)}
    if others := sorted(replicas - {case.region}):
        return unknown(f"it has a replica in {', '.join(others)}; how that takes over is not known here")
    if twin := graph.twin(resource):
        return unknown(f"the pool in {twin.region} has users of its own, unless something else copies them")
    return lost("its users are in no other Region", times.ONE_REGION)


def _users_deletion(_graph: Graph, _resource: Resource, _case: Case) -> Judgement:
    return lost("Cognito keeps no backups of users", times.NO_BACKUP)


TIMESTREAM = ByFault(
    instance=goes_on(facts.TIMESTREAM), zone=goes_on(facts.TIMESTREAM), region=copies_alone(), deletion=backups_alone
)
INFLUX = ByFault(
    instance=_influx,
    zone=_influx,
    region=copies_alone(),
    deletion=backups_alone,
    reads={Fault.INSTANCE: ("DeploymentType",), Fault.ZONE: ("DeploymentType",)},
)
_TABLES = ByFault(
    instance=goes_on(facts.TABLES), zone=goes_on(facts.TABLES), region=copies_alone(), deletion=backups_alone
)
_VECTORS = ByFault(
    instance=goes_on(facts.VECTORS), zone=goes_on(facts.VECTORS), region=copies_alone(), deletion=backups_alone
)
JUDGES: dict[str, Judge] = {
    "AWS::CloudTrail::EventDataStore": Managed("the event data store", facts.EVENTS, vital=False),
    "AWS::HealthLake::FHIRDatastore": ByFault(
        instance=goes_on(facts.HEALTH), zone=goes_on(facts.HEALTH), region=copies_alone(), deletion=backups_alone
    ),
    "AWS::KinesisAnalyticsV2::Application": Managed("the application", facts.FLINK),
    "AWS::MemoryDB::Snapshot": JUDGES_OF_MANAGED["AWS::RDS::DBSnapshot"],
    "AWS::NeptuneGraph::GraphSnapshot": JUDGES_OF_MANAGED["AWS::RDS::DBSnapshot"],
    "AWS::RedshiftServerless::Snapshot": JUDGES_OF_MANAGED["AWS::RDS::DBSnapshot"],
    "AWS::S3Tables::TableBucket": _TABLES,
    "AWS::S3Vectors::VectorBucket": _VECTORS,
    "AWS::Timestream::InfluxDBCluster": INFLUX,
    "AWS::Timestream::InfluxDBInstance": INFLUX,
    "AWS::Timestream::Table": TIMESTREAM,
    "AWS::Cassandra::Table": ByFault(
        instance=goes_on(facts.KEYSPACES),
        zone=goes_on(facts.KEYSPACES),
        region=_keyspaces_region,
        deletion=_keyspaces_deletion,
        reads={Fault.DELETION: ("PointInTimeRecoveryEnabled",)},
    ),
    "AWS::S3Express::DirectoryBucket": ByFault(
        instance=goes_on(facts.DIRECTORY), zone=_directory_zone, region=copies_alone(), deletion=backups_alone
    ),
    "AWS::DMS::ReplicationInstance": ByFault(
        instance=_dms,
        zone=_dms,
        region=_dms_region,
        reads={Fault.INSTANCE: ("MultiAZ",), Fault.ZONE: ("MultiAZ",)},
        vital=False,
    ),
    "AWS::Cognito::UserPool": ByFault(
        instance=goes_on(facts.COGNITO),
        zone=goes_on(facts.COGNITO),
        region=_users_region,
        deletion=_users_deletion,
    ),
}
