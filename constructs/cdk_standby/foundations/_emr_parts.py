"""What an EMR cluster is made with: roles, doors, encryption, alarms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aws_cdk import Aws, Duration, Stack, Tags
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_emr as emr
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from cdk_standby_review.facts import emr as facts

from .._alarms import AlarmSpec
from .._roles import service
from ..relational._parts import NIST, accept
from ._emr_request import OWNED

_MANAGED = ("service-role/AmazonEMRServicePolicy_v2", "AmazonElasticMapReducePlacementGroupPolicy")
_NETWORK = (
    "ec2:CreateFleet",
    "ec2:CreateLaunchTemplate",
    "ec2:CreateLaunchTemplateVersion",
    "ec2:CreateNetworkInterface",
    "ec2:RunInstances",
)
_DISKS = ("kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*")
_BEGINNINGS = (
    "kms:GenerateDataKey*",
    "kms:ReEncrypt*",
    "s3:Abort*",
    "s3:GetBucket*",
    "s3:GetObject*",
    "s3:List*",
)
INLINE = NIST + "IAMNoInlinePolicy"


def service_role(scope: Construct, subnets: Sequence[str], instance_role: iam.Role, key: kms.IKey) -> iam.Role:
    """What EMR does with the account: AWS's policy, and these subnets, which nobody has to tag then."""
    stack = Stack.of(scope)
    mine = {
        "StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID},
        "ArnLike": {"aws:SourceArn": stack.format_arn(service="elasticmapreduce", resource="*")},
    }
    role = iam.Role(
        scope,
        "ServiceRole",
        assumed_by=iam.PrincipalWithConditions(service("elasticmapreduce"), mine),
        managed_policies=[iam.ManagedPolicy.from_aws_managed_policy_name(name) for name in _MANAGED],
    )
    arns = [stack.format_arn(service="ec2", resource="subnet", resource_name=subnet) for subnet in subnets]
    role.add_to_policy(iam.PolicyStatement(actions=list(_NETWORK), resources=arns))
    role.add_to_policy(
        iam.PolicyStatement(
            actions=["iam:PassRole"],
            resources=[instance_role.role_arn],
            conditions={"StringLike": {"iam:PassedToService": "ec2.amazonaws.com*"}},
        )
    )
    key.grant(role, *_DISKS)
    reason = "EMR needs what these policies say, and AWS keeps them in step with what EMR does"
    accept(
        role,
        reason,
        *(f"AwsSolutions::AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/{name}]" for name in _MANAGED),
    )
    own_policy(role)
    return role


def instance_role(scope: Construct, key: kms.IKey) -> iam.Role:
    """What jobs may do: write logs, and what is granted to it."""
    role = iam.Role(scope, "InstanceRole", assumed_by=service("ec2"), description=f"Jobs of {scope.node.path}")
    key.grant(role, *_DISKS)
    own_policy(role)
    return role


def own_policy(role: iam.Role) -> None:
    """Tell the validators why the role has a policy of its own."""
    accept(role, "the policy belongs to this role and goes with it: nobody else is to have it", INLINE)
    reason = "grants to buckets and keys name their actions by the beginning"
    accept(role, reason, *(f"AwsSolutions::AwsSolutions-IAM5[Action::{action}]" for action in _BEGINNINGS))


def grant_objects(bucket: s3.IBucket, role: iam.Role, *, logs_only: bool = False) -> None:
    """Let jobs read, write and hide all objects of a bucket, or only write logs below ``emr/``."""
    objects = "emr/*" if logs_only else "*"
    if logs_only:
        bucket.grant_put(role, objects)
    else:
        bucket.grant_read(role)
        bucket.grant_put(role)
        delete = ["s3:DeleteObject"]  # no version: what jobs delete can be brought back
        iam.Grant.add_to_principal(grantee=role, actions=delete, resource_arns=[bucket.arn_for_objects("*")])
    shown = as_shown(Stack.of(role).resolve(bucket.arn_for_objects(objects)))
    reason = "objects are named by jobs, while they run"
    accept(role, reason, f"AwsSolutions::AwsSolutions-IAM5[Resource::{shown}]")


def as_shown(resolved: Any) -> str:
    """A text as validators write it: what only a deployment knows stands in angle brackets."""
    if isinstance(resolved, str):
        return resolved
    if "Fn::Join" in resolved:
        return "".join(map(as_shown, resolved["Fn::Join"][1]))
    return f"<{resolved['Ref'] if 'Ref' in resolved else '.'.join(resolved.get('Fn::GetAtt', ['?']))}>"


def instance_profile(scope: Construct, role: iam.Role) -> iam.CfnInstanceProfile:
    """By which instances take the role."""
    return iam.CfnInstanceProfile(scope, "Profile", roles=[role.role_name])


def groups(scope: Construct, vpc: ec2.IVpc) -> dict[str, ec2.SecurityGroup]:
    """Closed: EMR itself opens the ports that its nodes and its service need among each other."""
    made = {
        of: ec2.SecurityGroup(
            scope,
            name,
            vpc=vpc,
            allow_all_outbound=out,
            description=f"{name} of {scope.node.path}",
        )
        for of, name, out in (
            ("EmrManagedMasterSecurityGroup", "Primaries", True),
            ("EmrManagedSlaveSecurityGroup", "Cores", True),
            ("ServiceAccessSecurityGroup", "ServiceAccess", False),
        )
    }
    for group in made.values():
        Tags.of(group).add("Name", group.node.path)
        for tag, value in OWNED.items():
            Tags.of(group).add(tag, value)
    return made


def security_configuration(scope: Construct, key: kms.IKey, certificates: str | None) -> emr.CfnSecurityConfiguration:
    """Disks and objects encrypted with the key, TLS between nodes, and credentials that need a token."""
    encryption: dict[str, Any] = {
        "EnableAtRestEncryption": True,
        "AtRestEncryptionConfiguration": {
            "S3EncryptionConfiguration": {"EncryptionMode": "SSE-KMS", "AwsKmsKey": key.key_arn},
            "LocalDiskEncryptionConfiguration": {
                "EncryptionKeyProviderType": "AwsKms",
                "AwsKmsKey": key.key_arn,
                "EnableEbsEncryption": True,
            },
        },
        "EnableInTransitEncryption": certificates is not None,
    }
    if certificates is not None:
        provider = {"CertificateProviderType": "PEM", "S3Object": certificates}
        encryption["InTransitEncryptionConfiguration"] = {"TLSCertificateConfiguration": provider}
    metadata = {"MinimumInstanceMetadataServiceVersion": 2, "HttpPutResponseHopLimit": 1}
    return emr.CfnSecurityConfiguration(
        scope,
        "Security",
        security_configuration={
            "EncryptionConfiguration": encryption,
            "InstanceMetadataServiceConfiguration": metadata,
        },
    )


def accept_findings(cluster: emr.CfnCluster, *, encrypted: bool) -> None:
    """Tell the validators what they do not see."""
    seen = "cdk-nag looks for it one level too high in the security configuration: it is on"
    accept(cluster, seen, "AwsSolutions::AwsSolutions-EMR4")
    given_up = "a reason is given: traffic between nodes stays in their closed security groups"
    accept(cluster, seen if encrypted else given_up, "AwsSolutions::AwsSolutions-EMR5")
    nobody = "nobody logs in by SSH: there is no key pair, and no port is open"
    accept(cluster, nobody, "AwsSolutions::AwsSolutions-EMR6", NIST + "EMRKerberosEnabled")
    twice = {"config": {"ignore_checks": ["W3005"]}}  # it waits for the policies of roles that it refers to as well
    cluster.add_metadata("cfn-lint", twice)


def cluster_alarms(cluster: str, core: int) -> list[AlarmSpec]:
    """Alarms of the cluster that CloudFormation made; one that was launched elsewhere has another id."""

    def metric(name: str, statistic: str) -> cloudwatch.Metric:
        return cloudwatch.Metric(
            namespace="AWS/ElasticMapReduce",
            metric_name=name,
            dimensions_map={"JobFlowId": cluster},
            statistic=statistic,
            period=Duration.minutes(5),
        )

    less, silent = cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD, cloudwatch.TreatMissingData.NOT_BREACHING
    return [
        AlarmSpec(
            name="PrimaryNodes",
            metric=metric(facts.METRICS.value, "Minimum"),
            threshold=100,
            comparison=less,
            periods=1,
            missing=silent,
            says="A primary node is lost: two go on, and the loss of another stops the cluster. EMR replaces it.",
        ),
        AlarmSpec(
            name="CoreNodes",
            metric=metric("CoreNodesRunning", "Minimum"),
            threshold=core,
            comparison=less,
            periods=2,
            says="Core nodes are missing, or nothing is heard of the cluster: its zone may be lost. Relaunch it then.",
        ),
        AlarmSpec(
            name="Hdfs",
            metric=metric("HDFSUtilization", "Maximum"),
            threshold=80,
            missing=silent,
            says="HDFS is filling up (percent): jobs that spill will fail. Add core nodes, and keep results in S3.",
        ),
        AlarmSpec(
            name="UnhealthyNodes",
            metric=metric("MRUnhealthyNodes", "Maximum"),
            threshold=0,
            missing=silent,
            says="YARN gives no work to some nodes, whose disks are full as a rule. EMR replaces those it can.",
        ),
    ]
