"""What a cluster is made with: subnets, parameters, credentials, logs and the role that watches it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aws_cdk import Acknowledgment, ArnFormat, CfnResource, RemovalPolicy, SecretValue, Stack, Tags, Validations
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_rds as rds
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from .keys import allow_logs

MONITORING_POLICY = "service-role/AmazonRDSEnhancedMonitoringRole"
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
    cluster_parameters: Mapping[str, str]

    @staticmethod
    def of(name: str) -> Engine:
        """The engine as RDS calls it."""
        return _ENGINES[name]


_ENGINES = {
    "aurora-postgresql": Engine(5432, ("postgresql",), {"rds.force_ssl": "1", "log_min_duration_statement": "1000"}),
    "aurora-mysql": Engine(
        3306,
        ("audit", "error", "slowquery"),
        {
            "require_secure_transport": "ON",
            "slow_query_log": "1",
            "server_audit_logging": "1",
            "server_audit_events": "CONNECT,QUERY_DCL,QUERY_DDL",
        },
    ),
}


def family(engine: str, version: str) -> str:
    """The parameter group family: aurora-postgresql17, aurora-mysql8.0."""
    major = version.split(".")[0] if engine == "aurora-postgresql" else ".".join(version.split(".")[:2])
    return engine + major


def keep(*parts: CfnResource, deletable: bool) -> None:
    """Retain a part with its cluster, or let it go with it."""
    for part in parts:
        part.apply_removal_policy(RemovalPolicy.DESTROY if deletable else RemovalPolicy.RETAIN)


def subnet_group(scope: Construct, subnets: Sequence[str]) -> rds.CfnDBSubnetGroup:
    """Where the cluster may live."""
    return rds.CfnDBSubnetGroup(
        scope, "Subnets", db_subnet_group_description=f"Subnets of {scope.node.path}", subnet_ids=list(subnets)
    )


def cluster_parameters(scope: Construct, family: str, values: Mapping[str, str]) -> rds.CfnDBClusterParameterGroup:
    """Parameters of all instances, TLS among them."""
    return rds.CfnDBClusterParameterGroup(
        scope, "ClusterParameters", family=family, description=f"Cluster of {scope.node.path}", parameters=dict(values)
    )


def instance_parameters(scope: Construct, family: str) -> rds.CfnDBParameterGroup:
    """Parameters of single instances: none of ours, but a group of one's own, since the default cannot be changed."""
    return rds.CfnDBParameterGroup(
        scope, "InstanceParameters", family=family, description=f"Instances of {scope.node.path}"
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
    for rule in ("AwsSolutions::AwsSolutions-SMG4", "NIST.800.53.R5::NIST.800.53.R5-SecretsManagerRotationEnabled"):
        Validations.of(secret).acknowledge(Acknowledgment(id=rule, reason=NO_ROTATION))
    return secret


def password(secret: secretsmanager.CfnSecret) -> str:
    """What CloudFormation puts in at deployment; the template never holds it."""
    return SecretValue.secrets_manager(secret.ref, json_field="password").unsafe_unwrap()


def known_secret(
    scope: Construct, made: secretsmanager.CfnSecret | None, name: str | None, key: kms.IKey
) -> secretsmanager.ISecret | None:
    """The credentials as this Region sees them: by name where the name is known, since a replica has another ARN.

    The key is seen by its ARN, so that readers in other stacks get their own policy extended, never the key's: that
    would be a cycle between the stacks.
    """
    if name is None and made is None:
        return None
    key = kms.Key.from_key_arn(scope, "CredentialsKey", key.key_arn)
    if name is not None:
        arn = Stack.of(scope).format_arn(
            service="secretsmanager", resource="secret", resource_name=name, arn_format=ArnFormat.COLON_RESOURCE_NAME
        )
        return secretsmanager.Secret.from_secret_attributes(
            scope, "Credentials", secret_partial_arn=arn, encryption_key=key
        )
    assert made is not None
    return secretsmanager.Secret.from_secret_attributes(
        scope, "Credentials", secret_complete_arn=made.ref, encryption_key=key
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
            removal_policy=RemovalPolicy.RETAIN,
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
    Validations.of(role).acknowledge(
        Acknowledgment(
            id=f"AwsSolutions::AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/{MONITORING_POLICY}]",
            reason="RDS needs exactly this policy, and AWS keeps it in step with what RDS writes",
        )
    )
    return role


def security_group(scope: Construct, vpc: ec2.IVpc) -> ec2.SecurityGroup:
    """Closed: peers are let in by name, and the database calls nobody."""
    group = ec2.SecurityGroup(
        scope, "SecurityGroup", vpc=vpc, allow_all_outbound=False, description=f"Database {scope.node.path}"
    )
    Tags.of(group).add("Name", scope.node.path)
    return group



