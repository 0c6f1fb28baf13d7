"""What comes back from copies of backups when a Region is lost, and what the same app deploys around it.

A copy is worth nothing without its vault, the vault's key and the credentials of the database. Where the templates
can tell, each is looked for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from .arns import KINDS
from .databases import is_multi_az, secrets_of
from .facts import Range, restore_times
from .facts import recovery_times as times
from .facts.backup import COPIES
from .graph import Graph, Resource
from .intrinsics import Reference, known
from .objectives import Fault
from .outcomes import Case, Fate, Judgement, Stage, by_runbook, lost, unknown
from .protection import BackupRule, backups_of
from .traffic import leads_to, record_ttl

BACKUP_AND_RESTORE = "backup-and-restore"
"""The strategy, as our templates name it in their metadata."""
VAULTS = ("AWS::Backup::BackupVault", "AWS::Backup::LogicallyAirGappedBackupVault")
DATABASES = ("AWS::RDS::DBCluster", "AWS::RDS::DBInstance")
_NETWORK = frozenset({"AWS::EC2::NatGateway", "AWS::EC2::VPCEndpoint"})
_SERVICES = frozenset({"AWS::AutoScaling::AutoScalingGroup", "AWS::ElasticLoadBalancingV2::LoadBalancer"})
_EMPTY = frozenset(
    {
        "AWS::DAX::Cluster",
        "AWS::ElastiCache::CacheCluster",
        "AWS::ElastiCache::ReplicationGroup",
        "AWS::ElastiCache::ServerlessCache",
        "AWS::RDS::DBProxy",
        "AWS::SQS::Queue",
    }
)
"""What holds nothing of record."""
_REBUILT = (
    (_NETWORK, "the network is deployed in {} by the same app", restore_times.NETWORK, Stage.PREPARE),
    (_SERVICES, "the service is deployed in {} by the same app", restore_times.SERVICE, Stage.START),
    (_EMPTY, "made anew in {} by the same app, without what was in it", restore_times.SERVICE, Stage.START),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Copies:
    """What of a store's backups lies in other Regions."""

    usable: tuple[tuple[BackupRule, str], ...]
    """The rule that made it, and the Region where it lies."""
    lacking: tuple[str, ...]
    """Why others cannot be opened."""

    @property
    def regions(self) -> tuple[str, ...]:
        """Where they lie."""
        return tuple(sorted({region for _, region in self.usable}))


def copies_of(graph: Graph, resource: Resource) -> Copies:
    """The copies of a store's backups outside its Region; of a Multi-AZ DB cluster and of Redshift AWS makes none."""
    usable: list[tuple[BackupRule, str]] = []
    lacking: list[str] = []
    for rule in () if is_multi_az(resource) or not _leaves(resource) else backups_of(graph, resource):
        vaults = dict(rule.vaults)
        for region in rule.copies:
            if region == resource.region:
                continue
            why = _closed(graph, resource, region, vaults[region]) if region in vaults else ""
            if why:
                lacking.append(why)
            else:
                usable.append((rule, region))
    return Copies(usable=tuple(usable), lacking=tuple(dict.fromkeys(lacking)))


def _leaves(resource: Resource) -> bool:
    """Whether AWS Backup copies what it has of a service to other Regions; of what is not listed, it may."""
    service = KINDS[resource.type][0] if resource.type in KINDS else ""
    return COPIES.value[service].region if service in COPIES.value else True


def from_copies(graph: Graph, resource: Resource) -> Judgement | None:
    """A Region is lost and copies of backups lie in another one; None when nothing is copied at all."""
    copies = copies_of(graph, resource)
    if not copies.usable:
        return lost("; ".join(copies.lacking), times.ONE_REGION) if copies.lacking else None
    intervals = [rule.interval for rule, _ in copies.usable if rule.interval is not None]
    if not intervals:
        return unknown("how often its backups are copied is not understood")
    takes = restore_times.restore_of(resource.type)
    where = ", ".join(copies.regions)
    judgement = by_runbook(
        f"restored from a copy of a backup in {where}", takes, times.BACKUP_COPY, copies=copies.regions
    )
    return replace(judgement, rpo=Range(0, min(intervals)) + times.BACKUP_COPY.value)


def _closed(graph: Graph, resource: Resource, region: str, arn: Any) -> str:
    """Why a copy in another Region is of no use; empty when it is, or when the templates cannot tell."""
    vault = vault_of(graph, arn)
    ours = graph.deployment_of(resource).strategy == BACKUP_AND_RESTORE
    if vault is None:
        account = resource.template.account
        foreign = bool(account) and account not in str(arn).split(":")  # another account keeps stacks of its own
        return f"no vault in {region} takes the copies of its backups" if ours and not foreign else ""
    if not _key_stands(graph, vault):
        return f"no key in {region} opens the vault that its backups are copied to"
    if ours and resource.type in DATABASES:
        for secret in secrets_of(graph, resource):
            if region not in {str(replica.get("Region")) for replica in secret.items("ReplicaRegions")}:
                return f"its credentials have no replica in {region}"
    return ""


def vault_of(graph: Graph, value: Any, here: str = "") -> Resource | None:
    """The vault that a reference, an ARN or, in the Region `here`, a name means; None outside of the templates."""
    if isinstance(value, Reference):
        return graph.at(value)
    parts = str(value).split(":")
    region, account, name = (parts[3], parts[4], parts[6]) if len(parts) == 7 else (here, "", str(value))
    for vault in graph.of_type(*VAULTS):
        theirs = account.isdigit() and vault.template.account not in {None, account}
        if (vault.region, vault.text("BackupVaultName")) == (region, name) and not theirs:
            return vault
    return None


def _key_stands(graph: Graph, vault: Resource) -> bool:
    """Whether the key of a vault is one of its Region; a vault without one has the Region's own of AWS Backup."""
    value = vault.get("EncryptionKeyArn")
    if value is None:
        return True
    if key := graph.at(value):
        return key.region == vault.region
    parts = str(value).split(":")
    return isinstance(value, str) and known(value) and len(parts) > 5 and parts[3] == vault.region


def redeployed(graph: Graph, resource: Resource, case: Case, judgement: Judgement | None) -> Judgement | None:
    """What the app of a deployment by backup and restore brings back in the Region that has the copies.

    Everybody else's templates do not say that they can be deployed anywhere else: what was lost stays lost.
    """
    target = _target(graph, resource, case)
    if not target:
        return judgement
    if resource.type == "AWS::Route53::RecordSet":
        return judgement or _pointed(graph, resource, case, target)
    if judgement is None or judgement.fate is not Fate.LOST:
        return judgement
    for types, says, takes, stage in _REBUILT:
        if resource.type in types or (types is _EMPTY and _opens_a_cache(graph, resource)):
            made = by_runbook(says.format(target), takes)
            return replace(made, stage=stage, vital=judgement.vital or stage is Stage.PREPARE)
    return judgement


def _opens_a_cache(graph: Graph, resource: Resource) -> bool:
    """Whether it is a generated password of a cache, which gets another one with it."""
    if resource.type != "AWS::SecretsManager::Secret" or resource.get("GenerateSecretString") is None:
        return False
    return any(user.type.startswith("AWS::ElastiCache::") for user in graph.users_of(resource))


def _target(graph: Graph, resource: Resource, case: Case) -> str:
    """The Region where the app would be deployed; empty when there is none."""
    deployment = graph.deployment_of(resource)
    if case.fault is not Fault.REGION or deployment.strategy != BACKUP_AND_RESTORE or deployment.active != case.region:
        return ""
    return next((region for region in deployment.regions if region != case.region), "")


def _pointed(graph: Graph, record: Resource, case: Case, target: str) -> Judgement | None:
    """The name that users call led to the lost Region; the names of the sites are not called by anybody else."""
    if record.template.standby.get("role") != "outside" or leads_to(graph, record) != case.region:
        return None
    ttl = record_ttl(record)
    made = by_runbook(f"the name is led to {target} by the same app", restore_times.RECORD)
    return replace(
        made, rto=restore_times.RECORD.value + ttl.value, facts=(restore_times.RECORD, ttl), stage=Stage.TRAFFIC
    )
