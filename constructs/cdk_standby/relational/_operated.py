"""A database as those see it who operate on it: whichever construct made it, what it can be put through."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from aws_cdk import CfnResource, Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_kms as kms
from aws_cdk import aws_rds as rds
from constructs import Construct, IConstruct

from .._checks import Problem
from .._tokens import is_token
from ._access import DatabaseAccess


@dataclass(frozen=True, slots=True, kw_only=True)
class Operated:
    """What the constructs of drills, stops, snapshots and runbooks have to know of a database."""

    path: str
    region: str
    kind: str
    """``cluster`` or ``instance``."""
    identifier: str
    arn: str
    engine: str
    version: str
    key: kms.IKey
    data: rds.CfnDBCluster | rds.CfnDBInstance
    members: tuple[IConstruct, ...] = ()
    """The instances of a cluster, as far as they are known."""
    stands_by: bool = False
    """Whether somebody in the Region is ready to take over."""
    in_global: bool = False
    replica: bool = False
    managed_password: bool = False
    backed_up: bool = True
    alarms: Mapping[str, cloudwatch.Alarm]

    @staticmethod
    def of(database: DatabaseAccess) -> Operated:
        """Read what a construct of this library has made."""
        instance: rds.CfnDBInstance | None = getattr(database, "instance", None)
        return _cluster(database) if instance is None else _instance(database, instance)

    @property
    def member_names(self) -> tuple[str, ...]:
        """What the instances of a cluster are called."""
        return tuple(member.ref for member in self.members if isinstance(member, CfnResource))

    @property
    def is_aurora(self) -> bool:
        """Whether the storage is Aurora's."""
        return self.engine.startswith("aurora")

    @property
    def multi_az_cluster(self) -> bool:
        """Whether it is a cluster whose standbys have storage of their own."""
        return self.kind == "cluster" and not self.is_aurora


def _cluster(database: DatabaseAccess) -> Operated:
    cluster = cast("rds.CfnDBCluster", getattr(database, "cluster"))  # noqa: B009 - no class of ours has them all
    engine = cluster.engine or ""
    members: Sequence[IConstruct] = getattr(database, "instances", ())
    return Operated(
        path=database.node.path,
        region=Stack.of(database).region,
        kind="cluster",
        identifier=cluster.ref,
        arn=cluster.attr_db_cluster_arn,
        engine=engine,
        version=cluster.engine_version or "",
        key=database.key,
        data=cluster,
        members=tuple(members),
        stands_by=len(members) > 1 or not engine.startswith("aurora"),
        in_global=getattr(database, "global_cluster", None) is not None,  # a founder's template does not name it
        replica=cluster.replication_source_identifier is not None,
        managed_password=bool(cluster.manage_master_user_password),
        alarms=getattr(database, "alarms", {}),
    )


def _instance(database: DatabaseAccess, instance: rds.CfnDBInstance) -> Operated:
    retention: Any = instance.backup_retention_period
    source = instance.source_db_instance_identifier or instance.source_db_cluster_identifier
    return Operated(
        path=database.node.path,
        region=Stack.of(database).region,
        kind="instance",
        identifier=instance.ref,
        arn=instance.attr_db_instance_arn,
        engine=instance.engine or getattr(database, "engine", "") or "",
        version=instance.engine_version or getattr(database, "version", "") or "",
        key=database.key,
        data=instance,
        stands_by=instance.multi_az is True,
        replica=source is not None,
        managed_password=bool(instance.manage_master_user_password),
        backed_up=retention != 0,
        alarms=getattr(database, "alarms", {}),
    )


def unknown_at_synth(where: Construct, **options: object) -> Iterator[Problem]:
    """What to say about options that become part of a text or decide what there is, and are known too late for it."""
    for option, value in options.items():
        if value.is_unresolved() if isinstance(value, Duration) else is_token(value):
            yield Problem(
                where=where.node.path,
                option=option,
                got="a token",
                allowed="a value known at synth",
                why="the template is written with it, and not only filled",
            )


def elsewhere(where: Construct, target: Operated) -> Iterator[Problem]:
    """What to say about a database of another Region than the construct that acts on it."""
    here = Stack.of(where).region
    if here != target.region and not is_token([here, target.region]):
        yield Problem(
            where=where.node.path,
            option="database",
            got=f"'{target.path}' in {target.region}",
            allowed=f"a database in {here}",
            why="APIs, events and roles act in their own Region, and a template must not need another one",
        )
