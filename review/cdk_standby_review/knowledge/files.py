"""File systems: EFS over several zones or in one, and FSx with one file server or two."""

from __future__ import annotations

from ..facts import Fact, Range
from ..facts import files as facts
from ..facts import recovery_times as times
from ..graph import Graph, Resource
from ..intrinsics import known
from ..objectives import Fault
from ..outcomes import Case, Judgement, by_itself, by_runbook, lost, survives, unknown
from ..placement import placement
from ._by_fault import ByFault, copies_alone, goes_on, out_of_reach
from ._judge import Judge, restored_elsewhere, restored_here, served_elsewhere

_MOUNT = "AWS::EFS::MountTarget"


def _efs_zone(graph: Graph, resource: Resource, case: Case) -> Judgement:
    zone = resource.text("AvailabilityZoneName")
    if zone is None:
        return _mounted(graph, resource, case)
    if case.zone and zone != case.zone:
        return survives("it stands in another zone", times.AT_ONCE, AvailabilityZoneName=zone)
    if elsewhere := _replica(resource):
        return elsewhere
    return _efs_restored(graph, resource) or lost(
        facts.EFS_ONE_ZONE.says, facts.EFS_ONE_ZONE, AvailabilityZoneName=zone
    )


def _mounted(graph: Graph, resource: Resource, case: Case) -> Judgement:
    """A Regional file system: its data outlives a zone, clients need a mount target in another one."""
    targets = [placement(graph, target) for target in graph.users_of(resource, _MOUNT)]
    zones = {zone for placed in targets for zone in placed.zones}
    if targets and all(placed.known for placed in targets) and zones == {case.zone}:
        says = "its data is in other zones, but its only mount target stood in that one; somebody makes another"
        return by_runbook(says, facts.MOUNT_TARGET, mount_targets=sorted(zones))
    return survives(facts.EFS_REGIONAL.says, facts.EFS_REGIONAL)


def _efs_region(graph: Graph, resource: Resource, case: Case) -> Judgement:
    if waiting := served_elsewhere(graph, resource, case):
        return waiting
    return (
        _replica(resource, case.region)
        or restored_elsewhere(graph, resource)
        or lost("no replica and no copy of a backup in another Region", times.ONE_REGION)
    )


def _replica(resource: Resource, lost_region: str = "") -> Judgement | None:
    """The replica that somebody makes writable; in the Region that is lost it is of no use."""
    copies = resource.items("ReplicationConfiguration", "Destinations")
    regions = sorted({str(copy.get("Region")) for copy in copies if known(copy.get("Region"))} - {lost_region})
    if not regions:
        return None
    says = f"its replica in {', '.join(regions)} is made writable, and mounted"
    return by_runbook(says, facts.EFS_FAILOVER, facts.EFS_LAG, replicas=regions)


def _efs_deletion(graph: Graph, resource: Resource, _case: Case) -> Judgement:
    return _efs_restored(graph, resource) or lost("no backup holds the files; a replica deletes along", times.NO_BACKUP)


def _efs_restored(graph: Graph, resource: Resource) -> Judgement | None:
    """One Zone file systems have backups unless somebody switched them off, Regional ones when somebody did on."""
    status = resource.text("BackupPolicy", "Status")
    if status == "ENABLED" or (status is None and resource.text("AvailabilityZoneName")):
        return by_runbook("restored from an automatic backup", facts.RESTORE, facts.EFS_DAILY, BackupPolicy="ENABLED")
    return restored_here(graph, resource)


def target(_graph: Graph, _resource: Resource, _case: Case) -> Judgement | None:
    """A mount target, which is judged with its file system."""
    return None


_KINDS: dict[str, tuple[str, Fact[Range], float]] = {
    "WINDOWS": ("WindowsConfiguration", facts.WINDOWS_FAILOVER, 30),
    "ONTAP": ("OntapConfiguration", facts.ONTAP_FAILOVER, 30),
    "OPENZFS": ("OpenZFSConfiguration", facts.OPENZFS_FAILOVER, 30),
    "LUSTRE": ("LustreConfiguration", facts.SERVER_REPLACED, 0),
}
"""By the kind: where its options are, how long a failover takes, and the days that backups are kept by themselves."""


def _fsx(graph: Graph, resource: Resource, case: Case) -> Judgement:
    kind = resource.text("FileSystemType")
    if kind not in _KINDS:
        return unknown("FileSystemType is known only at deployment")
    options, failover, _ = _KINDS[kind]
    if not known(resource.get(options, "DeploymentType")):
        return unknown(f"{options}.DeploymentType is known only at deployment")
    deployed = resource.text(options, "DeploymentType") or ("SCRATCH_1" if kind == "LUSTRE" else "SINGLE_AZ_1")
    if deployed.startswith("MULTI_AZ"):
        return by_itself("the standby file server in another zone takes over", failover, DeploymentType=deployed)
    if case.fault is Fault.ZONE:
        return _fsx_zone(graph, resource, case, deployed)
    if deployed.startswith("SCRATCH"):
        return lost(facts.SCRATCH.says, facts.SCRATCH, DeploymentType=deployed)
    return by_itself("its file server is replaced", facts.SERVER_REPLACED, DeploymentType=deployed)


def _fsx_zone(graph: Graph, resource: Resource, case: Case, deployed: str) -> Judgement:
    if away := out_of_reach(placement(graph, resource), case):
        return away
    return _fsx_restored(graph, resource) or lost(
        "it stands in one zone, and no backup holds the files", times.ONE_ZONE, DeploymentType=deployed
    )


def _fsx_restored(graph: Graph, resource: Resource) -> Judgement | None:
    kind = resource.text("FileSystemType")
    if kind not in _KINDS:
        return unknown("FileSystemType is known only at deployment")
    options, _, default = _KINDS[kind]
    if not known(resource.get(options, "AutomaticBackupRetentionDays")):
        return unknown(f"{options}.AutomaticBackupRetentionDays is known only at deployment")
    days = resource.number(options, "AutomaticBackupRetentionDays")
    kept = default if days is None else days
    if kept > 0:
        says = "restored from an automatic backup into a new file system"
        return by_runbook(says, facts.RESTORE, facts.FSX_DAILY, AutomaticBackupRetentionDays=kept)
    return restored_here(graph, resource)


def _fsx_deletion(graph: Graph, resource: Resource, _case: Case) -> Judgement:
    return _fsx_restored(graph, resource) or lost("no backup holds the files", times.NO_BACKUP)


JUDGES: dict[str, Judge] = {
    "AWS::EFS::FileSystem": ByFault(
        instance=goes_on(facts.EFS_INSIDE),
        zone=_efs_zone,
        region=_efs_region,
        deletion=_efs_deletion,
        reads={
            Fault.ZONE: ("AvailabilityZoneName", "BackupPolicy.Status"),
            Fault.REGION: ("ReplicationConfiguration.Destinations",),
            Fault.DELETION: ("BackupPolicy.Status",),
        },
    ),
    _MOUNT: target,
    "AWS::FSx::FileSystem": ByFault(
        instance=_fsx, zone=_fsx, region=copies_alone("no copy of a backup in another Region"), deletion=_fsx_deletion
    ),
}
