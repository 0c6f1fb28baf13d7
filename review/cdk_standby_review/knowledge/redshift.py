"""Redshift: a cluster in one zone or two, and warehouses without clusters."""

from __future__ import annotations

from ..facts import recovery_times as times
from ..facts import redshift as facts
from ..graph import Graph, Resource
from ..objectives import Fault
from ..outcomes import Case, Judgement, by_itself, by_runbook, lost, survives
from ..placement import Placement, placement
from ._by_fault import ByFault, goes_on, of_group, out_of_reach
from ._judge import Judge, plumbing, restored_elsewhere, restored_here, served_elsewhere

_DAYS = "AutomatedSnapshotRetentionPeriod"
_GROUP = "AWS::Redshift::ClusterSubnetGroup"


def _instance(_graph: Graph, resource: Resource, _case: Case) -> Judgement:
    if resource.flag("MultiAZ"):
        return by_itself("the compute in the second zone goes on", facts.FAILOVER, MultiAZ=True)
    return by_itself("the lost node is replaced", facts.NODE, MultiAZ=False)


def _zone(graph: Graph, resource: Resource, case: Case) -> Judgement:
    if resource.flag("MultiAZ"):
        return by_itself("the compute in the second zone goes on", facts.FAILOVER, MultiAZ=True)
    if away := out_of_reach(_placed(graph, resource), case):
        return away
    if resource.flag("AvailabilityZoneRelocation"):
        return by_runbook("the cluster is relocated to another zone", facts.RELOCATION, AvailabilityZoneRelocation=True)
    return _restored(graph, resource) or lost(
        "it stands in one zone, may not be relocated and has no snapshots", times.ONE_ZONE, MultiAZ=False
    )


def _placed(graph: Graph, resource: Resource) -> Placement:
    if resource.text("AvailabilityZone"):
        return placement(graph, resource)
    return of_group(graph, resource, "ClusterSubnetGroupName", _GROUP, "ClusterSubnetGroupName")


def _region(graph: Graph, resource: Resource, case: Case) -> Judgement:
    if waiting := served_elsewhere(graph, resource, case):
        return waiting
    there = resource.text("DestinationRegion")
    if there and there != case.region:
        if resource.get("KmsKeyId") is not None and resource.get("SnapshotCopyGrantName") is None:
            return lost(f"snapshots under a key of its own are not copied to {there} without a grant", times.ONE_REGION)
        return by_runbook(f"a copied snapshot is restored in {there}", times.RESTORE, facts.COPIES, region=there)
    return restored_elsewhere(graph, resource) or lost("no snapshot leaves the Region", times.ONE_REGION)


def _deletion(graph: Graph, resource: Resource, _case: Case) -> Judgement:
    return _restored(graph, resource) or lost("no snapshot holds the data", times.NO_BACKUP)


def _restored(graph: Graph, resource: Resource) -> Judgement | None:
    days = resource.number(_DAYS)
    kept = 1 if days is None else days
    if kept > 0:
        says = "an automated snapshot is restored into a new cluster"
        return by_runbook(says, times.RESTORE, facts.SNAPSHOTS, AutomatedSnapshotRetentionPeriod=kept)
    return restored_here(graph, resource)


def _namespace_region(graph: Graph, resource: Resource, case: Case) -> Judgement:
    if waiting := served_elsewhere(graph, resource, case):
        return waiting
    regions = {str(copy.get("DestinationRegion")) for copy in resource.items("SnapshotCopyConfigurations")}
    if there := ", ".join(sorted(regions - {case.region})):
        return by_runbook(f"a copied snapshot is restored in {there}", times.RESTORE, facts.COPIES, region=there)
    return restored_elsewhere(graph, resource) or lost("no snapshot leaves the Region", times.ONE_REGION)


def _namespace_deletion(_graph: Graph, _resource: Resource, _case: Case) -> Judgement:
    return by_runbook("a recovery point of the last 24 hours is restored", times.RESTORE, facts.RECOVERY_POINTS)


def _workgroup_zone(_graph: Graph, _resource: Resource, _case: Case) -> Judgement:
    return survives("its compute runs in any of its zones", facts.SERVERLESS)


def _workgroup_region(graph: Graph, resource: Resource, case: Case) -> Judgement:
    return plumbing(graph, resource, case, "the workgroup")


JUDGES: dict[str, Judge] = {
    "AWS::Redshift::Cluster": ByFault(
        instance=_instance,
        zone=_zone,
        region=_region,
        deletion=_deletion,
        reads={
            Fault.INSTANCE: ("MultiAZ",),
            Fault.ZONE: ("MultiAZ", "AvailabilityZoneRelocation", _DAYS),
            Fault.REGION: ("DestinationRegion",),
            Fault.DELETION: (_DAYS,),
        },
    ),
    "AWS::RedshiftServerless::Namespace": ByFault(
        instance=goes_on(facts.SERVERLESS),
        zone=goes_on(facts.SERVERLESS),
        region=_namespace_region,
        deletion=_namespace_deletion,
    ),
    "AWS::RedshiftServerless::Workgroup": ByFault(
        instance=_workgroup_zone, zone=_workgroup_zone, region=_workgroup_region
    ),
}
