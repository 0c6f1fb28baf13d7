"""What differs between the engines of Aurora, and what its instances are made with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_rds as rds
from constructs import Construct

from .._named_zones import zone_is_meant, zones_are_meant
from ._parts import IN_A_PLAN, UNMONITORED, accept

MYSQL = {
    "AwsSolutions::AwsSolutions-RDS11": "the port that clients expect; it opens to peers by name, one by one",
    "AwsSolutions::AwsSolutions-RDS14": "backtrack rewinds the whole cluster and excludes global databases; backups "
    "reach back to any second without either",
}


@dataclass(frozen=True, slots=True)
class Engine:
    """What differs between the two engines."""

    port: int
    log_types: tuple[str, ...]
    force_tls: tuple[str, str, str]
    """The parameter, its value when TLS is required, and when it is not."""
    cluster_parameters: Mapping[str, str]

    def parameters(self, given: Mapping[str, str], *, plaintext: bool, rpo_cap: Duration | None) -> dict[str, str]:
        """What the cluster's parameter group holds."""
        name, on, off = self.force_tls
        cap = {} if rpo_cap is None else {"rds.global_db_rpo": str(rpo_cap.to_seconds())}
        return {name: off if plaintext else on, **self.cluster_parameters, **cap, **given}

    @staticmethod
    def of(name: str) -> Engine:
        """The engine as RDS calls it."""
        return _ENGINES[name]


_ENGINES = {
    "aurora-postgresql": Engine(
        5432, ("postgresql",), ("rds.force_ssl", "1", "0"), {"log_min_duration_statement": "1000"}
    ),
    "aurora-mysql": Engine(
        3306,
        ("audit", "error", "general", "slowquery"),
        ("require_secure_transport", "ON", "OFF"),
        {
            "slow_query_log": "1",
            "server_audit_logging": "1",
            "server_audit_events": "CONNECT,QUERY_DCL,QUERY_DDL",
        },
    ),
}


def family(engine: str, version: str) -> str:
    """The parameter group family: aurora-postgresql17, aurora-mysql8.0."""
    parts = 1 if engine == "aurora-postgresql" else 2
    return engine + ".".join(version.split(".")[:parts])


def accept_engine(cluster: rds.CfnDBCluster) -> None:
    """Tell the validators what is meant about an engine."""
    if cluster.engine == "aurora-mysql":
        for finding, because in MYSQL.items():
            accept(cluster, because, finding)


def instance(
    scope: Construct, number: int, watcher: iam.Role | None, *, unwatched_because: str | None, **given: Any
) -> rds.CfnDBInstance:
    """One instance, by number: any of them may be the writer tomorrow."""
    made = rds.CfnDBInstance(
        scope,
        f"Instance{number}",
        publicly_accessible=False,
        monitoring_role_arn=watcher.role_arn if watcher else None,
        **given,
    )
    accept(made, "the data is the cluster's, which is backed up continuously and belongs into a BackupPlan", IN_A_PLAN)
    if unwatched_because:
        accept(made, unwatched_because, UNMONITORED)
    zone_is_meant(made)
    zones_are_meant(made, "instances are spread over named zones: left to RDS, two of them may share one")
    return made
