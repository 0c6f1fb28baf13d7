"""AWS Backup vaults."""

from __future__ import annotations

from dataclasses import replace

from ..facts import recovery_times as times
from ..graph import Graph, Resource
from ..intrinsics import known
from ..objectives import Fault
from ..outcomes import Case, Fate, Judgement, lost, survives, unknown
from ._judge import Judge, not_vital, with_its_region


def vault(graph: Graph, resource: Resource, case: Case) -> Judgement | None:
    """A backup vault: regional; a lock keeps what lies in it."""
    match case.fault:
        case Fault.INSTANCE | Fault.ZONE:
            return not_vital(survives("AWS Backup spans the zones of a Region", times.AT_ONCE))
        case Fault.REGION:
            return not_vital(_region(graph, resource, case))
        case Fault.DELETION | Fault.ACCOUNT:
            return not_vital(_deletion(resource))


def _region(graph: Graph, resource: Resource, case: Case) -> Judgement:
    judgement, twin = with_its_region(graph, resource, case, "the vault"), graph.twin(resource)
    if twin is None or judgement.fate is not Fate.ITSELF:
        return judgement
    return replace(judgement, says=f"the vault in {twin.region} goes on; what lies in this one waits for the Region")


def lock_is_told(vault: Resource) -> bool:
    """Whether the template says whether there is a lock, and for how long."""
    lock = ("LockConfiguration", "MinRetentionDays")
    return all(known(vault.get(*names)) for names in (lock[:1], lock, lock[1:]))


def _deletion(resource: Resource) -> Judgement:
    days = resource.number("LockConfiguration", "MinRetentionDays") or resource.number("MinRetentionDays")
    if days:
        return survives(f"its lock refuses to delete backups younger than {days:g} days", times.AT_ONCE, days=days)
    if not lock_is_told(resource):
        return unknown("how long its lock keeps backups is known only at deployment")
    return lost("nothing keeps somebody with rights from deleting the backups", times.NO_BACKUP)


JUDGES: dict[str, Judge] = {"AWS::Backup::BackupVault": vault, "AWS::Backup::LogicallyAirGappedBackupVault": vault}
