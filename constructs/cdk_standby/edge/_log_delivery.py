"""Buckets that the log deliveries of an account may write to."""

from __future__ import annotations

from aws_cdk import Aws
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from .._roles import service


def let_logs_in(bucket: s3.IBucket, *, by: str, prefix: str = "", writer: Construct) -> None:
    """Let deliveries of this account write; AWS adds such statements by itself, and takes none of them away.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-S3.html

    Args:
        bucket: whose policy is extended; that of an imported one is its owner's.
        by: who delivers, as the end of an ARN of CloudWatch Logs: `us-east-1:<account>:delivery-source:*`.
        prefix: what stands before AWSLogs/, with a slash at its end.
        writer: comes after the policy, where both are in one stack.
    """
    from_here = {"aws:SourceAccount": Aws.ACCOUNT_ID}
    source = {"aws:SourceArn": f"arn:{Aws.PARTITION}:logs:{by}"}
    looks = iam.PolicyStatement(
        principals=[service("delivery.logs")],
        actions=["s3:GetBucketAcl"],
        resources=[bucket.bucket_arn],
        conditions={"StringEquals": from_here, "ArnLike": source},
    )
    writes = iam.PolicyStatement(
        principals=[service("delivery.logs")],
        actions=["s3:PutObject"],
        resources=[bucket.arn_for_objects(f"{prefix}AWSLogs/*")],
        conditions={
            "StringEquals": {**from_here, "s3:x-amz-acl": "bucket-owner-full-control"},
            "ArnLike": source,
        },
    )
    for statement in (looks, writes):
        added = bucket.add_to_resource_policy(statement)
    if added.policy_dependable is not None:
        writer.node.add_dependency(added.policy_dependable)
