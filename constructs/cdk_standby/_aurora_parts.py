"""What a cluster is made with: subnets, parameters, credentials, logs and the role that watches it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aws_cdk import (
    Acknowledgment,
    ArnFormat,
    CfnResource,
    Duration,
    RemovalPolicy,
    Resource,
    SecretValue,
    Stack,
    Tags,
    Validations,
)
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_rds as rds
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_sns as sns
from constructs import Construct, IConstruct

from ._named_zones import zone_is_meant, zones_are_meant
from .keys import allow_logs

MONITORING_POLICY = "service-role/AmazonRDSEnhancedMonitoringRole"
EVENTS = {
    "Events": ("db-cluster", ("failover", "failure", "global-failover", "maintenance", "notification")),
    "InstanceEvents": ("db-instance", ("availability", "failure", "low storage", "maintenance", "recovery")),
}
"""By construct id: failovers are told by the cluster; crashes, restarts and full disks by its instances.
https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_Events.Messages.html"""
_NIST = "NIST.800.53.R5::NIST.800.53.R5-"
MANAGED_POLICY = f"AwsSolutions::AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/{MONITORING_POLICY}]"
UNROTATED = ("AwsSolutions::AwsSolutions-SMG4", _NIST + "SecretsManagerRotationEnabled")
UNPROTECTED = ("AwsSolutions::AwsSolutions-RDS10", _NIST + "RDSInstanceDeletionProtectionEnabled")
UNMONITORED = _NIST + "RDSEnhancedMonitoringEnabled"
MYSQL = {
    "AwsSolutions::AwsSolutions-RDS11": "the port that clients expect; it opens to peers by name, one by one",
    "AwsSolutions::AwsSolutions-RDS14": "backtrack rewinds the whole cluster and excludes global databases; backups "
    "reach back to any second without either",
}
IN_A_PLAN = _NIST + "RDSInBackupPlan"
NO_ROTATION = (
    "rotating the credentials of a global database changes every Region at once and needs a function of the user's "
    "own; add_rotation_schedule on `secret` adds it"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretReplica:
    """Another Region that keeps a copy of the credentials, so that they survive the loss of this one.

    Args:
        region: where the copy lives.
        key: the key there that encrypts it: its ARN, or its alias as Regions agreed on it.
    """

    region: str
    key: str


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


def keep(cluster: rds.CfnDBCluster, *parts: CfnResource | Resource, deletable_because: str | None) -> None:
    """Retain a cluster with all that it cannot go on without, or let both go, the data as a last snapshot."""
    for part in parts:
        part.apply_removal_policy(RemovalPolicy.DESTROY if deletable_because else RemovalPolicy.RETAIN)
    cluster.apply_removal_policy(RemovalPolicy.SNAPSHOT if deletable_because else RemovalPolicy.RETAIN)
    if deletable_because:
        _accept(cluster, deletable_because, *UNPROTECTED)


def accept_engine(cluster: rds.CfnDBCluster) -> None:
    """Tell the validators what is meant about an engine."""
    if cluster.engine == "aurora-mysql":
        for finding, because in MYSQL.items():
            _accept(cluster, because, finding)


def subnet_group(scope: Construct, subnets: Sequence[str]) -> rds.CfnDBSubnetGroup:
    """Where the cluster may live."""
    return rds.CfnDBSubnetGroup(
        scope, "Subnets", db_subnet_group_description=f"Subnets of {scope.node.path}", subnet_ids=list(subnets)
    )


def parameter_groups(
    scope: Construct, family: str, values: Mapping[str, str]
) -> tuple[rds.CfnDBClusterParameterGroup, rds.CfnDBParameterGroup]:
    """Groups of the cluster's own, since defaults cannot be changed; what is set is set for all instances."""
    path = scope.node.path
    return (
        rds.CfnDBClusterParameterGroup(
            scope, "ClusterParameters", family=family, description=f"Cluster of {path}", parameters=dict(values)
        ),
        rds.CfnDBParameterGroup(scope, "InstanceParameters", family=family, description=f"Instances of {path}"),
    )


def credentials(
    scope: Construct, username: str, key: kms.IKey, name: str | None, replicas: Sequence[SecretReplica]
) -> secretsmanager.CfnSecret:
    """A generated password, with copies in other Regions. It names no host: hosts change roles, it does not."""
    secret = secretsmanager.CfnSecret(
        scope,
        "Secret",
        name=name,
        description=f"Credentials of {scope.node.path}",
        kms_key_id=key.key_arn,
        generate_secret_string=secretsmanager.CfnSecret.GenerateSecretStringProperty(
            secret_string_template=json.dumps({"username": username}),
            generate_string_key="password",
            password_length=32,
            exclude_characters="\"@/\\ '`$%{}",
        ),
        replica_regions=[
            secretsmanager.CfnSecret.ReplicaRegionProperty(region=replica.region, kms_key_id=replica.key)
            for replica in replicas
        ]
        or None,
    )
    _accept(secret, NO_ROTATION, *UNROTATED)
    return secret


def password(secret: secretsmanager.CfnSecret) -> str:
    """What CloudFormation puts in at deployment; the template never holds it."""
    return SecretValue.secrets_manager(secret.ref, json_field="password").unsafe_unwrap()


def managed_password(key: kms.IKey) -> dict[str, Any]:
    """RDS makes the password, keeps it in a secret of this Region, and changes it every week."""
    secret = rds.CfnDBCluster.MasterUserSecretProperty(kms_key_id=key.key_arn)
    return {"manage_master_user_password": True, "master_user_secret": secret}


def known_secret(scope: Construct, arn: str | None, name: str | None, key: kms.IKey) -> secretsmanager.ISecret | None:
    """The credentials as this Region sees them: by name where the name is known, since a replica has another ARN.

    The key is seen by its ARN, so that readers in other stacks get their own policy extended, never the key's: that
    would be a cycle between the stacks.
    """
    if name is None and arn is None:
        return None
    key = kms.Key.from_key_arn(scope, "CredentialsKey", key.key_arn)
    if name is None:
        return secretsmanager.Secret.from_secret_attributes(
            scope, "Credentials", secret_complete_arn=arn, encryption_key=key
        )
    partial = Stack.of(scope).format_arn(
        service="secretsmanager", resource="secret", resource_name=name, arn_format=ArnFormat.COLON_RESOURCE_NAME
    )
    return secretsmanager.Secret.from_secret_attributes(
        scope, "Credentials", secret_partial_arn=partial, encryption_key=key
    )


def log_groups(
    scope: Construct, cluster: str | None, types: Sequence[str], key: kms.IKey, retention: logs.RetentionDays
) -> list[logs.LogGroup]:
    """The groups that RDS would otherwise make itself, without a key and for ever; known before the cluster is."""
    if cluster is None:
        return []
    allow_logs(key)
    return [
        logs.LogGroup(
            scope,
            f"Log-{kind}",
            log_group_name=f"/aws/rds/cluster/{cluster}/{kind}",
            encryption_key=key,
            retention=retention,
        )
        for kind in types
    ]


def monitoring_role(scope: Construct) -> iam.Role:
    """Lets RDS write what the hosts measure."""
    role = iam.Role(
        scope,
        "Monitoring",
        assumed_by=iam.ServicePrincipal("monitoring.rds.amazonaws.com"),
        managed_policies=[iam.ManagedPolicy.from_aws_managed_policy_name(MONITORING_POLICY)],
    )
    _accept(role, "RDS needs exactly this policy, and AWS keeps it in step with what RDS writes", MANAGED_POLICY)
    return role


def security_group(scope: Construct, vpc: ec2.IVpc) -> ec2.SecurityGroup:
    """Closed: peers are let in by name, and the database calls nobody."""
    group = ec2.SecurityGroup(
        scope, "SecurityGroup", vpc=vpc, allow_all_outbound=False, description=f"Database {scope.node.path}"
    )
    Tags.of(group).add("Name", scope.node.path)
    return group


def instance(
    scope: Construct, number: int, watcher: iam.Role | None, *, unwatched_because: str | None, **given: Any
) -> rds.CfnDBInstance:
    """One instance, by number: any of them may be the writer tomorrow. The first two are the first to be promoted."""
    made = rds.CfnDBInstance(
        scope,
        f"Instance{number}",
        promotion_tier=min(number - 1, 1),
        publicly_accessible=False,
        monitoring_role_arn=watcher.role_arn if watcher else None,
        **given,
    )
    _accept(made, "the data is the cluster's, which is backed up continuously and belongs into a BackupPlan", IN_A_PLAN)
    if unwatched_because:
        _accept(made, unwatched_because, UNMONITORED)
    zone_is_meant(made)
    zones_are_meant(made, "instances are spread over named zones: left to RDS, two of them may share one")
    return made


def events(scope: Construct, cluster: str, instances: Sequence[str], topic: sns.ITopic) -> None:
    """Tell a topic what happens to the cluster, failovers above all, and to its instances."""
    sources = {"db-cluster": [cluster], "db-instance": list(instances)}
    for name, (kind, categories) in EVENTS.items():
        if sources[kind]:  # none would mean all instances of the account
            rds.CfnEventSubscription(
                scope,
                name,
                sns_topic_arn=topic.topic_arn,
                source_type=kind,
                source_ids=sources[kind],
                event_categories=list(categories),
            )


def _accept(what: IConstruct, because: str, *findings: str) -> None:
    for finding in findings:
        Validations.of(what).acknowledge(Acknowledgment(id=finding, reason=because))
