"""What a read replica follows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, cast

from aws_cdk import Duration, Stack
from aws_cdk import aws_rds as rds
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from cdk_standby_review.facts import rds_replicas as facts

from .._checks import InvalidOptions, Problem
from .._tokens import is_token
from ._access import InstanceAccess
from .multi_az_cluster import MultiAzCluster


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceInstance:
    """A database of another app, or one that this app no longer builds, as the source of a `ReadReplica`.

    Args:
        identifier: what the database is called in its Region.
        region: where it lives.
        engine: as RDS calls it.
        version: its full engine version.
        account: whose it is; left out: the replica's own account, since replicas live in no other.
        cluster: True for a Multi-AZ DB cluster; left out: an instance.
        backup_retention: how far its backups reach back; left out: 14 days.
        managed_password: True when RDS manages its password; left out: it does not.
        depth: how many replicas lead to it, 0 for a database that follows none; left out: 0.
        replicas: how many replicas it has that other apps build; left out: none.
        regions: the other Regions of the chain that leads to it; left out: none.
        maintenance_window: its weekly window; left out: not known, and not compared with the replica's.
        license: of Db2, its licence model; left out: the engine's usual one.
        storage: GiB that it has, by which growth and alarm of the replica's storage are set; left out: 100.
    """

    identifier: str
    region: str
    engine: str
    version: str
    account: str | None = None
    cluster: bool = False
    backup_retention: Duration = field(default_factory=lambda: Duration.days(14))
    managed_password: bool = False
    depth: int = 0
    replicas: int = 0
    regions: tuple[str, ...] = ()
    maintenance_window: str | None = None
    license: str | None = None
    storage: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What is known of a source, whatever it was given as."""

    path: str
    key: str
    """By which the replicas of one source are counted: its name where it has one, else where it is built."""
    engine: str
    version: str
    region: str
    account: str | None
    identifier: str | None
    """As text; None: AWS makes one up."""
    cluster: bool = False
    backup_days: float | None = None
    managed_password: bool = False
    depth: int = 0
    replicas: int = 0
    regions: tuple[str, ...] = ()
    """All of the chain, the source's own last."""
    maintenance_window: str | None = None
    license: str | None = None
    storage: float = 100
    max_storage: float | None = None
    storage_type: str | None = None
    iops: int | None = None
    throughput: int | None = None
    instance: str | None = None
    """Its class without ``db.``; None: not known, or not one that a replica can have."""
    stack: Stack | None = None
    """None: somebody else's."""
    reference: str = ""
    secret: secretsmanager.ISecret | None = None

    def __str__(self) -> str:
        """In messages."""
        return f"'{self.path}' ({self.engine} {self.version})"

    @property
    def family(self) -> str:
        """The engine without its edition."""
        return self.engine.split("-", maxsplit=1)[0]

    @staticmethod
    def of(given: Any, where: Construct) -> Source:
        """What is known of a source that somebody gave.

        Raises:
            InvalidOptions: it is none, such as an Aurora cluster.
        """
        if isinstance(given, SourceInstance):
            return _elsewhere(given, Stack.of(where))
        if isinstance(given, MultiAzCluster):
            return _of_cluster(given)
        if isinstance(given, InstanceAccess):
            return _of_instance(given)
        raise InvalidOptions([_no_source(where, given)])


def _no_source(where: Construct, given: Any) -> Problem:
    name = type(given).__name__
    return Problem(
        where=where.node.path,
        option="source",
        got=f"{'an' if name[0] in 'AEIOU' else 'a'} {name}",
        allowed="a MultiAzInstance, a MultiAzCluster, a ReadReplica or a SourceInstance",
        why="Aurora has readers and a global database of its own, and others are no sources",
        source=facts.MOST.source,
    )


def _elsewhere(given: SourceInstance, here: Stack) -> Source:
    account = given.account or here.account
    return Source(
        path=given.identifier,
        key=_key(account, given.region, given.identifier),
        engine=given.engine,
        version=given.version,
        region=given.region,
        account=account,
        identifier=given.identifier,
        cluster=given.cluster,
        backup_days=None if given.backup_retention.is_unresolved() else given.backup_retention.to_days(integral=False),
        managed_password=given.managed_password,
        depth=given.depth,
        replicas=given.replicas,
        regions=(*given.regions, given.region),
        maintenance_window=given.maintenance_window,
        license=given.license,
        storage=given.storage,
    )


def _of_cluster(given: MultiAzCluster) -> Source:
    cluster, stack = given.cluster, Stack.of(given)
    return Source(
        path=given.node.path,
        key=_key(stack.account, stack.region, cluster.db_cluster_identifier or given.node.addr),
        engine=given.engine,
        version=given.version,
        region=stack.region,
        account=stack.account,
        identifier=cluster.db_cluster_identifier,
        cluster=True,
        backup_days=cluster.backup_retention_period,
        managed_password=bool(cluster.manage_master_user_password),
        regions=(stack.region,),
        maintenance_window=cluster.preferred_maintenance_window,
        storage=cluster.allocated_storage or 100,
        stack=stack,
        reference=cluster.ref,
        secret=given.secret,
    )


def _of_instance(given: InstanceAccess) -> Source:
    """Of an instance, or of a replica: what `ReadReplica` adds is asked for by name, since it comes later."""
    instance, stack = given.instance, Stack.of(given)

    def known(name: str, otherwise: Any) -> Any:
        return getattr(given, name, otherwise)

    return Source(
        path=given.node.path,
        key=_key(stack.account, stack.region, instance.db_instance_identifier or given.node.addr),
        engine=known("engine", ""),
        version=known("version", ""),
        region=stack.region,
        account=stack.account,
        identifier=instance.db_instance_identifier,
        backup_days=instance.backup_retention_period or 0,
        managed_password=bool(instance.manage_master_user_password),
        depth=known("depth", 0),
        regions=known("regions", (stack.region,)),
        maintenance_window=instance.preferred_maintenance_window,
        license=known("license", None) or instance.license_model,
        storage=_gib(instance) or known("storage", 100),
        max_storage=instance.max_allocated_storage,
        storage_type=instance.storage_type,
        iops=cast("int | None", instance.iops),
        throughput=cast("int | None", instance.storage_throughput),
        instance=(instance.db_instance_class or "").removeprefix("db.") or None,
        stack=stack,
        reference=instance.ref,
        secret=given.secret,
    )


def _gib(instance: rds.CfnDBInstance) -> float:
    text = instance.allocated_storage or ""
    return float(text) if text.isdigit() else 0


def _key(account: str, region: str, name: str) -> str:
    return f"{account}/{region}/{name if is_token(name) else name.lower()}"
