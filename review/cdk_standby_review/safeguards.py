"""What is left when somebody with an administrator's rights deletes whatever an account lets him delete.

Backups, versions, deletion protection and locks in governance mode are settings of the account: they go with it. Only
what nobody there can delete brings data back, and each store is asked for it. What holds no data is deployed again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from .databases import is_multi_az, is_primary, is_replica, others_of_global, source_of
from .facts import Fact, Range, restore_times, s3
from .facts import recovery_times as times
from .facts import safeguards as facts
from .graph import Graph, Resource
from .intrinsics import known
from .outcomes import Fate, Judgement, by_runbook, lost, survives, unknown
from .plain import object_of, within
from .protection import backups_of
from .restored import VAULTS, vault_of

_AIR_GAPPED = "AWS::Backup::LogicallyAirGappedBackupVault"
_LOCK = "LockConfiguration"
_OUTSIDE = frozenset({"AWS_CLOUDHSM", "EXTERNAL", "EXTERNAL_KEY_STORE"})
"""Keys whose material is taken away without a waiting period."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Haven:
    """Where data may lie out of an administrator's reach."""

    where: str
    because: Fact[Range] | None
    """Why nobody in the account deletes it; None when somebody can, or nobody knows."""
    gap: str = ""
    """What the templates do not tell."""


def after_takeover(graph: Graph, resource: Resource, deleted: Judgement | None) -> Judgement | None:
    """What becomes of a resource whose data an administrator deletes, with every backup that he can delete.

    Args:
        graph: All resources.
        resource: One of them.
        deleted: What a mere deletion does to it; None when it holds nothing that could be deleted.
    """
    if deleted is None:
        return None
    judged = _JUDGES.get(resource.type, _store)(graph, resource)
    return replace(judged, vital=deleted.vital and judged.vital)


def _store(graph: Graph, resource: Resource) -> Judgement:
    """A store of record: by what AWS Backup keeps of it where nobody reaches it."""
    if judged := _from_vaults(graph, resource):
        return judged
    if is_replica(resource) or _primary_of(graph, resource):
        return replace(_made_anew(graph, resource), vital=False)
    return lost("nothing holds its data that an administrator of the account cannot delete", facts.NOTHING_KEPT)


def _from_vaults(graph: Graph, resource: Resource) -> Judgement | None:
    """Restored from a vault that nobody empties; unknown when the templates do not tell; None when there is none."""
    found: list[Judgement] = []
    gaps: list[str] = []
    for rule in backups_of(graph, resource):
        copies = () if is_multi_az(resource) else rule.vaults
        for value, copied in (*((each, False) for each in rule.kept_in), *((each, True) for _, each in copies)):
            haven = haven_of(graph, resource, value)
            if haven.because is None:
                gaps += [haven.gap] if haven.gap else []
            elif rule.interval is None:
                gaps.append("how often it is backed up is not understood")
            else:
                found.append(_restored(resource, haven, rule.interval, copied=copied))
    if found:
        return min(found, key=lambda judged: (judged.rpo.high if judged.rpo else 0.0, judged.says))
    return unknown(gaps[0]) if gaps else None


def _restored(resource: Resource, haven: Haven, interval: float, *, copied: bool) -> Judgement:
    takes = restore_times.restore_of(resource.type)
    loses = Range(0, interval) + (times.BACKUP_COPY.value if copied else Range(0, 0))
    judged = by_runbook(f"restored from {haven.where}", takes, kept_in=haven.where)
    because = (haven.because,) if haven.because else ()
    return replace(judged, rpo=loses, facts=(*because, takes, *((times.BACKUP_COPY,) if copied else ())))


def haven_of(graph: Graph, resource: Resource, value: Any) -> Haven:
    """Whether an administrator of a resource's account can empty a vault: a resource, an ARN or a name."""
    vault, own = vault_of(graph, value, resource.region), resource.template.account
    parts = str(value).split(":")
    theirs = parts[4] if len(parts) == 7 and parts[4].isdigit() else ""
    if vault is None or (theirs and not own):
        if own and theirs and theirs != own:
            return Haven(where=f"a vault of account {theirs}", because=facts.OTHER_ACCOUNT)
        return Haven(where=str(value), because=None, gap=f"whether the vault {_short(value)} is locked is not told")
    if own and vault.template.account and vault.template.account != own:
        return Haven(where=f"{vault.name} of account {vault.template.account}", because=facts.OTHER_ACCOUNT)
    return _locked(graph, vault)


def _short(value: Any) -> str:
    return str(value).rpartition(":")[2]


def _locked(graph: Graph, vault: Resource) -> Haven:
    key = graph.at(vault.get("EncryptionKeyArn"))
    if key is not None and key.text("Origin") in _OUTSIDE:
        return Haven(where=vault.name, because=None, gap=f"the material of the key of {vault.name} is kept elsewhere")
    if vault.type == _AIR_GAPPED:
        return Haven(where=f"the logically air-gapped vault {vault.name}", because=facts.AIR_GAPPED_VAULT)
    if not (known(vault.get(_LOCK)) and known(vault.get(_LOCK, "ChangeableForDays"))):
        return Haven(where=vault.name, because=None, gap=f"the lock of {vault.name} is known only at deployment")
    if vault.number(_LOCK, "ChangeableForDays"):
        return Haven(where=f"the vault {vault.name}, locked in compliance mode", because=facts.LOCKED_VAULT)
    return Haven(where=vault.name, because=None)


def _vault(graph: Graph, resource: Resource) -> Judgement:
    haven = _locked(graph, resource)
    if haven.because:
        return survives(haven.because.says, haven.because)
    if haven.gap:
        return unknown(haven.gap)
    lock = (
        "its lock is in governance mode, which an administrator takes off" if resource.get(_LOCK) else "it has no lock"
    )
    return lost(lock, facts.NOTHING_KEPT)


def _primary_of(graph: Graph, resource: Resource) -> Resource | None:
    """The cluster that a secondary one of a global database copies; None for all others."""
    if resource.type != "AWS::RDS::DBCluster" or is_primary(graph, resource):
        return None
    return next((other for other in others_of_global(graph, resource) if is_primary(graph, other)), None)


def _made_anew(graph: Graph, resource: Resource) -> Judgement:
    """A copy of another database comes back with that one, or not at all."""
    source = _primary_of(graph, resource) or source_of(graph, resource)
    if source is None:
        return unknown("what becomes of its source is not in the templates")
    of_source = _from_vaults(graph, source)
    if of_source is None:
        return lost(f"it goes with {source.name}, of which nothing is left", facts.NOTHING_KEPT)
    if of_source.fate is Fate.UNKNOWN:
        return of_source
    return by_runbook(f"made anew from {source.name}, once that is back", times.REPLICA_REBUILD, source=source.name)


def _bucket(graph: Graph, resource: Resource) -> Judgement:
    """A bucket: locked versions first, then copies in another account, then backups."""
    judged = _locked_objects(resource) or next(_replicated(graph, resource), None)
    if judged and judged.fate is not Fate.UNKNOWN:
        return judged
    stored = _store(graph, resource)
    return judged if judged and stored.fate is Fate.LOST else stored


def _locked_objects(resource: Resource) -> Judgement | None:
    mode = resource.get("ObjectLockConfiguration", "Rule", "DefaultRetention", "Mode")
    if mode == "COMPLIANCE":
        judged = by_runbook("versions under Object Lock are brought back", times.OBJECT_RESTORE, mode=mode)
        return replace(judged, facts=(facts.OBJECT_LOCK, times.OBJECT_RESTORE))
    if not known(mode) or (mode is None and resource.flag("ObjectLockEnabled")):
        return unknown("in which mode its objects are locked is said by whoever writes them, or at deployment")
    return None


def _replicated(graph: Graph, resource: Resource) -> Iterator[Judgement]:
    """Copies of the objects in buckets that the account's administrators do not reach, the known ones first."""
    rules = [rule for rule in resource.items("ReplicationConfiguration", "Rules") if rule.get("Status") == "Enabled"]
    gaps: list[Judgement] = []
    for rule in rules:
        theirs, own = _owner(graph, rule), resource.template.account
        in_time = within(rule, "Destination", "ReplicationTime", "Status") == "Enabled"
        lag = s3.REPLICATION_TIME if in_time else s3.REPLICATION_WITHOUT_TIME
        if theirs and own and theirs != own:
            judged = by_runbook(f"copied back from a bucket of account {theirs}", restore_times.OBJECTS, lag)
            yield replace(judged, facts=(facts.OBJECTS_ELSEWHERE, restore_times.OBJECTS, lag))
        elif not theirs or not own:
            gaps.append(unknown("whose bucket it replicates to is not in the templates"))
    yield from gaps


def _owner(graph: Graph, rule: dict[str, Any]) -> str:
    """The account of the bucket that a replication rule writes to; empty when nobody says."""
    destination = object_of(rule.get("Destination"))
    if isinstance(said := destination.get("Account"), str | int):
        return str(said)
    arn = destination.get("Bucket")
    name = _short(arn) if isinstance(arn, str) else arn
    bucket = graph.named(name, "BucketName", "AWS::S3::Bucket")
    return (bucket.template.account or "") if bucket else ""


def _secret(_: Graph, resource: Resource) -> Judgement:
    if resource.get("GenerateSecretString") is not None:
        return by_runbook("generated anew, and set on what it opens", facts.SECRET_ANEW)
    if resource.get("SecretString") is not None:
        return by_runbook("written anew, as the template has it", facts.SECRET_ANEW)
    return unknown("whether its value is kept anywhere else is not in the templates")


def _key(_: Graph, resource: Resource) -> Judgement:
    if resource.text("Origin") in _OUTSIDE:
        return unknown("its key material is kept outside of KMS, where the templates do not look")
    return by_runbook("its deletion waits for 7 days or more, and is called off in them", facts.KEY_WAITS)


_JUDGES: dict[str, Callable[[Graph, Resource], Judgement]] = {
    **dict.fromkeys(VAULTS, _vault),
    "AWS::KMS::Key": _key,
    "AWS::KMS::ReplicaKey": _key,
    "AWS::S3::Bucket": _bucket,
    "AWS::SecretsManager::Secret": _secret,
}
