"""What a bucket is made with: its lifecycle, its locks and its logs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from aws_cdk import Aws, Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3

from .._roles import service
from ..access_logs import AccessLogs
from ._bucket_values import ObjectLock

EVERYTHING = "EntireBucket"
"""The filter of the request metrics."""
_STORAGE = {
    "STANDARD_IA": s3.StorageClass.INFREQUENT_ACCESS,
    "INTELLIGENT_TIERING": s3.StorageClass.INTELLIGENT_TIERING,
    "GLACIER_IR": s3.StorageClass.GLACIER_INSTANT_RETRIEVAL,
    "GLACIER": s3.StorageClass.GLACIER,
    "DEEP_ARCHIVE": s3.StorageClass.DEEP_ARCHIVE,
}


def lifecycle(
    transitions: Mapping[str, Duration], expire_after: Duration | None, keep_versions: Duration, abort: Duration
) -> list[s3.LifecycleRule]:
    """What becomes of objects, of their earlier versions, and of uploads that nobody finished."""
    return [
        s3.LifecycleRule(
            id="by-age",
            transitions=[
                s3.Transition(storage_class=_STORAGE[name], transition_after=after)
                for name, after in transitions.items()
            ]
            or None,
            expiration=expire_after,
            noncurrent_version_expiration=keep_versions,
            abort_incomplete_multipart_upload_after=abort,
        )
    ]


def tiering(archive: Duration | None, deep: Duration | None) -> list[s3.IntelligentTieringConfiguration] | None:
    """When Intelligent-Tiering archives what nobody reads."""
    if archive is None and deep is None:
        return None
    return [
        s3.IntelligentTieringConfiguration(
            name="archive", archive_access_tier_time=archive, deep_archive_access_tier_time=deep
        )
    ]


def lock(asked: ObjectLock | None) -> s3.ObjectLockRetention | None:
    """How long every new object is locked."""
    if asked is None or asked.retention is None:
        return None
    make = s3.ObjectLockRetention.compliance if asked.mode == "COMPLIANCE" else s3.ObjectLockRetention.governance
    return make(asked.retention)


def log_to(bucket: s3.Bucket, logs: AccessLogs) -> None:
    """Deliver access logs; the other bucket's policy names the account, not this bucket, so that no cycle arises."""
    prefix = f"{bucket.node.path}/"
    resource(bucket).logging_configuration = s3.CfnBucket.LoggingConfigurationProperty(
        destination_bucket_name=logs.bucket.bucket_name, log_file_prefix=prefix
    )
    statement = iam.PolicyStatement(
        principals=[service("logging.s3")],
        actions=["s3:PutObject"],
        resources=[logs.bucket.arn_for_objects(f"{prefix}*")],
        conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}},
    )
    logs.bucket.add_to_resource_policy(statement)


def tell_event_bridge(bucket: s3.Bucket) -> None:
    """Let rules of the default bus follow its objects, and AWS Backup, whose continuous backups need it."""
    resource(bucket).notification_configuration = s3.CfnBucket.NotificationConfigurationProperty(
        event_bridge_configuration=s3.CfnBucket.EventBridgeConfigurationProperty(event_bridge_enabled=True)
    )


def need_mfa(bucket: s3.Bucket) -> None:
    """Refuse to delete versions for good to whoever signed in without a second factor."""
    statement = iam.PolicyStatement(
        sid="VersionsAreDeletedWithMfa",
        effect=iam.Effect.DENY,
        principals=[cast("iam.IPrincipal", iam.AnyPrincipal())],
        actions=["s3:DeleteObjectVersion"],
        resources=[bucket.arn_for_objects("*")],
        conditions={"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}},
    )
    bucket.add_to_resource_policy(statement)


def resource(bucket: s3.Bucket) -> s3.CfnBucket:
    """What CloudFormation gets."""
    return cast("s3.CfnBucket", bucket.node.default_child)
