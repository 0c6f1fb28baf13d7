"""What a proxy stands before: an instance or a cluster, as far as it matters to the proxy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aws_cdk import aws_rds as rds
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import IConstruct

from cdk_standby_review.facts import rds_proxy as facts

from ._access import ClusterAccess, DatabaseAccess, InstanceAccess


def is_replica(instance: rds.CfnDBInstance) -> bool:
    """Whether an instance follows another one; a promoted replica does not."""
    return bool(instance.source_db_instance_identifier or instance.source_db_cluster_identifier)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A database as its proxy sees it."""

    engine: str
    clusters: tuple[str, ...] = ()
    instances: tuple[str, ...] = ()
    members: tuple[IConstruct, ...] = ()
    """What must be there before the proxy can find anything."""
    readers: bool = False
    """Whether somebody but the writer answers, whichever instance or Region that is."""
    empty: bool = False
    replica: bool = False
    pauses: bool = False
    forwards: bool = False
    in_global: bool = False
    knows_iam: bool = False
    elsewhere: bool = False
    """Whether another app builds it, and only its outside is known here."""

    @staticmethod
    def of(database: InstanceAccess | ClusterAccess) -> Target:
        """Read what a construct of this library has made."""
        if isinstance(database, InstanceAccess):
            instance = database.instance
            return Target(
                engine=instance.engine or "",
                instances=(instance.ref,),
                replica=is_replica(instance),
                knows_iam=bool(instance.enable_iam_database_authentication),
            )
        cluster: rds.CfnDBCluster | None = getattr(database, "cluster", None)
        if cluster is None:
            return Target(engine="", elsewhere=True)
        engine = cluster.engine or ""
        if not engine.startswith("aurora"):
            return Target(engine=engine, clusters=(cluster.ref,), readers=True)
        members: Sequence[IConstruct] = getattr(database, "instances", ())
        return Target(
            engine=engine,
            clusters=(cluster.ref,),
            members=tuple(members),
            readers=len(members) > 1,
            empty=not members,
            pauses=_least(cluster) == 0,
            forwards=bool(cluster.enable_global_write_forwarding or cluster.enable_local_write_forwarding),
            knows_iam=bool(cluster.enable_iam_database_authentication),
            in_global=getattr(database, "global_cluster", None) is not None,
        )

    @property
    def family(self) -> str | None:
        """The protocol; None: no proxy speaks it."""
        return facts.FAMILIES.value.get(self.engine)


def complete_arn(database: DatabaseAccess) -> str | None:
    """The whole ARN of credentials that were made with the database, whatever name Regions agreed on; or None."""
    made = database.node.try_find_child("Secret")
    return made.ref if isinstance(made, secretsmanager.CfnSecret) else None


def _least(cluster: rds.CfnDBCluster) -> float | None:
    scaling: Any = cluster.serverless_v2_scaling_configuration
    return getattr(scaling, "min_capacity", None)
