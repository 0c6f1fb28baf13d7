"""What callers may do with objects. The CDK's own grants of a bucket let writers delete versions; these do not."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3

READ = ("s3:GetObject", "s3:GetObjectTagging", "s3:GetObjectVersion", "s3:GetObjectVersionTagging")
WRITE = (
    "s3:AbortMultipartUpload",
    "s3:DeleteObject",
    "s3:ListMultipartUploadParts",
    "s3:PutObject",
    "s3:PutObjectTagging",
)
_LIST = ("s3:GetBucketLocation", "s3:ListBucket")


def grant(bucket: s3.IBucket, grantee: iam.IGrantable, actions: Sequence[str]) -> None:
    """Let somebody list the bucket, and do this with its objects."""
    iam.Grant.add_to_principal(grantee=grantee, actions=list(_LIST), resource_arns=[bucket.bucket_arn])
    objects = [bucket.arn_for_objects("*")]
    iam.Grant.add_to_principal(grantee=grantee, actions=sorted(actions), resource_arns=objects)
