"""What AWS Backup needs of a bucket: its policy for other services does not cover S3.

https://docs.aws.amazon.com/aws-backup/latest/devguide/s3-backups.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from ..relational._parts import accept
from ._bucket_values import as_shown

_OF_THE_BUCKET = (
    "s3:GetBucketAcl",
    "s3:GetBucketLocation",
    "s3:GetBucketNotification",
    "s3:GetBucketTagging",
    "s3:GetBucketVersioning",
    "s3:GetInventoryConfiguration",
    "s3:ListBucket",
    "s3:ListBucketVersions",
    "s3:PutBucketNotification",
    "s3:PutInventoryConfiguration",
)
_OF_OBJECTS = (
    "s3:GetObject",
    "s3:GetObjectAcl",
    "s3:GetObjectTagging",
    "s3:GetObjectVersion",
    "s3:GetObjectVersionAcl",
    "s3:GetObjectVersionTagging",
)
_OF_RULES = (
    "events:DeleteRule",
    "events:DescribeRule",
    "events:DisableRule",
    "events:EnableRule",
    "events:ListTargetsByRule",
    "events:PutRule",
    "events:PutTargets",
    "events:RemoveTargets",
)
_EVERYWHERE = ("cloudwatch:GetMetricData", "events:ListRules", "s3:ListAllMyBuckets")


def backed_up_by(owner: Construct, bucket: s3.Bucket, key: kms.IKey, role: iam.IRole) -> None:
    """Let the role of a backup plan read a bucket; the policy belongs to the role's stack, which knows the bucket's."""
    policy = iam.ManagedPolicy(
        cast("Construct", role),
        f"Backup-{owner.node.addr[-8:]}",
        description=f"Backs up {owner.node.path}",
        statements=list(_statements(bucket, key, role)),
        roles=[role],
    )
    stack = Stack.of(role)
    why = "it reads all objects of one bucket, and the rest takes no resource or begins as AWS Backup calls its rules"
    for arn in (bucket.arn_for_objects("*"), _rules(role), "*"):
        accept(policy, why, f"AwsSolutions::AwsSolutions-IAM5[Resource::{as_shown(stack, arn)}]")


def _statements(bucket: s3.Bucket, key: kms.IKey, role: iam.IRole) -> Iterator[iam.PolicyStatement]:
    yield iam.PolicyStatement(actions=list(_OF_THE_BUCKET), resources=[bucket.bucket_arn])
    yield iam.PolicyStatement(actions=list(_OF_OBJECTS), resources=[bucket.arn_for_objects("*")])
    yield iam.PolicyStatement(
        actions=["kms:Decrypt", "kms:DescribeKey"],
        resources=[key.key_arn],
        conditions={"StringEquals": {"kms:ViaService": f"s3.{Stack.of(bucket).region}.amazonaws.com"}},
    )
    yield iam.PolicyStatement(actions=list(_OF_RULES), resources=[_rules(role)])
    yield iam.PolicyStatement(actions=list(_EVERYWHERE), resources=["*"])


def _rules(role: iam.IRole) -> str:
    """The rules by which AWS Backup hears of changes; it makes them itself."""
    return Stack.of(role).format_arn(service="events", resource="rule", resource_name="AwsBackupManagedRule*")
