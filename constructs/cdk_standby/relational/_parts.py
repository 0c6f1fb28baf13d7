"""What every database is made with: subnets, a closed door, logs, and the role that watches it."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import (
    Acknowledgment,
    CfnResource,
    RemovalPolicy,
    Resource,
    Tags,
    Validations,
)
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_rds as rds
from constructs import Construct, IConstruct

from ..keys import allow_logs

MONITORING_POLICY = "service-role/AmazonRDSEnhancedMonitoringRole"
NIST = "NIST.800.53.R5::NIST.800.53.R5-"
MANAGED_POLICY = f"AwsSolutions::AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/{MONITORING_POLICY}]"
UNPROTECTED = ("AwsSolutions::AwsSolutions-RDS10", NIST + "RDSInstanceDeletionProtectionEnabled")
UNMONITORED = NIST + "RDSEnhancedMonitoringEnabled"
IN_A_PLAN = NIST + "RDSInBackupPlan"


def keep(
    data: rds.CfnDBCluster | rds.CfnDBInstance, *parts: CfnResource | Resource, deletable_because: str | None
) -> None:
    """Retain a database with all that it cannot go on without, or let both go, the data as a last snapshot."""
    for part in parts:
        part.apply_removal_policy(RemovalPolicy.DESTROY if deletable_because else RemovalPolicy.RETAIN)
    data.apply_removal_policy(RemovalPolicy.SNAPSHOT if deletable_because else RemovalPolicy.RETAIN)
    if deletable_because:
        accept(data, deletable_because, *UNPROTECTED)


def subnet_group(scope: Construct, subnets: Sequence[str]) -> rds.CfnDBSubnetGroup:
    """Where the database may live."""
    return rds.CfnDBSubnetGroup(
        scope, "Subnets", db_subnet_group_description=f"Subnets of {scope.node.path}", subnet_ids=list(subnets)
    )


def log_groups(
    scope: Construct, of: str | None, types: Sequence[str], key: kms.IKey, retention: logs.RetentionDays
) -> list[logs.LogGroup]:
    """The groups that RDS would otherwise make itself, without a key and for ever; known before the database is.

    `of` is the database as RDS files it, ``cluster/<identifier>`` or ``instance/<identifier>``; None: it has no name
    that is known, and its groups are not owned.
    """
    if of is None:
        return []
    allow_logs(key)
    return [
        logs.LogGroup(
            scope,
            f"Log-{kind}",
            log_group_name=f"/aws/rds/{of}/{kind}",
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
    accept(role, "RDS needs exactly this policy, and AWS keeps it in step with what RDS writes", MANAGED_POLICY)
    return role


def security_group(scope: Construct, vpc: ec2.IVpc) -> ec2.SecurityGroup:
    """Closed: peers are let in by name, and the database calls nobody."""
    group = ec2.SecurityGroup(
        scope, "SecurityGroup", vpc=vpc, allow_all_outbound=False, description=f"Database {scope.node.path}"
    )
    Tags.of(group).add("Name", scope.node.path)
    return group


def accept(what: IConstruct, because: str, *findings: str) -> None:
    """Tell the validators that their findings are meant here, and why."""
    for finding in findings:
        Validations.of(what).acknowledge(Acknowledgment(id=finding, reason=because))
