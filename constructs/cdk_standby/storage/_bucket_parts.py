"""What a bucket is made with: its lifecycle, its logs, and who may copy its objects where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from aws_cdk import Aws, Duration, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from .._roles import service
from ..access_logs import AccessLogs
from ..relational._parts import accept
from ._bucket_values import BucketReplica, ObjectLock, as_shown, bucket_arn, role_name

EVERYTHING = "EntireBucket"
"""The filter of the request metrics."""
_STORAGE = {
    "STANDARD_IA": s3.StorageClass.INFREQUENT_ACCESS,
    "INTELLIGENT_TIERING": s3.StorageClass.INTELLIGENT_TIERING,
    "GLACIER_IR": s3.StorageClass.GLACIER_INSTANT_RETRIEVAL,
    "GLACIER": s3.StorageClass.GLACIER,
    "DEEP_ARCHIVE": s3.StorageClass.DEEP_ARCHIVE,
}
_READ = ("s3:GetObjectVersionForReplication", "s3:GetObjectVersionAcl", "s3:GetObjectVersionTagging")
_LOCKS = ("s3:GetObjectLegalHold", "s3:GetObjectRetention")
_WRITE = ("s3:ReplicateDelete", "s3:ReplicateObject", "s3:ReplicateTags")
_LISTS = ("s3:GetReplicationConfiguration", "s3:ListBucket")
_ENCRYPTS = ("kms:Encrypt", "kms:GenerateDataKey")


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


def replicate(
    bucket: s3.Bucket, role: iam.Role, replicas: Sequence[BucketReplica], *, enabled: bool, in_time: bool
) -> None:
    """A rule for each partner; switched off it stays, so that switching replaces nothing."""
    resource(bucket).replication_configuration = s3.CfnBucket.ReplicationConfigurationProperty(
        role=role.role_arn,
        rules=[
            _replication_rule(Stack.of(bucket), number, replica, enabled=enabled, in_time=in_time)
            for number, replica in enumerate(replicas, 1)
        ],
    )


def _replication_rule(stack: Stack, number: int, replica: BucketReplica, *, enabled: bool, in_time: bool) -> Any:
    rule = s3.CfnBucket
    on = {"status": "Enabled"}
    minutes = rule.ReplicationTimeValueProperty(minutes=15)
    return rule.ReplicationRuleProperty(
        id=replica.bucket_name,
        priority=number,
        status="Enabled" if enabled else "Disabled",
        filter=rule.ReplicationRuleFilterProperty(prefix=""),
        delete_marker_replication=rule.DeleteMarkerReplicationProperty(**on),
        source_selection_criteria=rule.SourceSelectionCriteriaProperty(
            replica_modifications=rule.ReplicaModificationsProperty(**on),
            sse_kms_encrypted_objects=rule.SseKmsEncryptedObjectsProperty(**on),
        ),
        destination=rule.ReplicationDestinationProperty(
            bucket=replica.bucket_arn,
            encryption_configuration=rule.EncryptionConfigurationProperty(replica_kms_key_id=replica.key_arn(stack)),
            metrics=rule.MetricsProperty(**on, event_threshold=minutes if in_time else None),
            replication_time=rule.ReplicationTimeProperty(**on, time=minutes) if in_time else None,
        ),
    )


def replication_role(
    scope: Construct,
    bucket: s3.Bucket,
    name: str | None,
    key: kms.IKey,
    *,
    replicas: Sequence[BucketReplica],
    locked: bool,
) -> iam.Role:
    """What S3 may do on the way from this bucket to its partners, with keys only through S3 of their Regions."""
    stack = Stack.of(scope)
    elsewhere = name is not None and any(replica.account is not None for replica in replicas)
    role = iam.Role(
        scope,
        "Replication",
        role_name=role_name(name) if name is not None and elsewhere else None,
        assumed_by=service("s3"),
        description=f"Replicates {scope.node.path}",
    )
    read = [*_READ, *(_LOCKS if locked else ())]
    statements = [
        iam.PolicyStatement(actions=list(_LISTS), resources=[bucket.bucket_arn]),
        iam.PolicyStatement(actions=read, resources=[bucket.arn_for_objects("*")]),
        iam.PolicyStatement(
            actions=["kms:Decrypt"], resources=[key.key_arn], conditions=_through(stack.region, bucket.bucket_arn)
        ),
        *(each for replica in replicas for each in _towards(stack, replica)),
    ]
    policy = iam.ManagedPolicy(
        scope,
        "ReplicationPolicy",
        description=f"Replicates {scope.node.path}",
        statements=statements,
        roles=[cast("iam.IRole", role)],
    )
    why = "S3 replicates all objects of the bucket; a key there is known by its alias, which is a condition on any key"
    accept(policy, why, *_wildcards(bucket, stack, replicas))
    return role


def _towards(stack: Stack, replica: BucketReplica) -> Iterator[iam.PolicyStatement]:
    yield iam.PolicyStatement(actions=list(_WRITE), resources=[f"{replica.bucket_arn}/*"])
    conditions = _through(replica.region, replica.bucket_arn)
    if replica.by_alias:
        conditions["ForAnyValue:StringEquals"] = {"kms:ResourceAliases": replica.key}
    yield iam.PolicyStatement(actions=list(_ENCRYPTS), resources=[replica.any_key_arn(stack)], conditions=conditions)


def _through(region: str, bucket: str) -> dict[str, dict[str, Any]]:
    """With a bucket key the context of an encryption is the bucket, otherwise the object."""
    return {
        "StringEquals": {"kms:ViaService": f"s3.{region}.amazonaws.com"},
        "StringLike": {"kms:EncryptionContext:aws:s3:arn": [bucket, f"{bucket}/*"]},
    }


def _wildcards(bucket: s3.Bucket, stack: Stack, replicas: Sequence[BucketReplica]) -> Iterator[str]:
    yield f"AwsSolutions::AwsSolutions-IAM5[Resource::{as_shown(stack, bucket.arn_for_objects('*'))}]"
    for replica in replicas:
        keys = [replica.any_key_arn(stack)] if replica.by_alias else []
        for arn in (f"{replica.bucket_arn}/*", *keys):
            yield f"AwsSolutions::AwsSolutions-IAM5[Resource::{as_shown(stack, arn)}]"


def let_in(bucket: s3.Bucket, key: kms.IKey, name: str, replicas: Sequence[BucketReplica]) -> None:
    """Let the roles of partners in other accounts write here. They are conditions: principals would have to exist."""
    for replica in replicas:
        if replica.account is None:
            continue
        role = f"arn:{Aws.PARTITION}:iam::{replica.account}:role/{role_name(replica.bucket_name)}"
        account: Any = iam.AccountPrincipal(replica.account)
        who: Any = {"principals": [account], "conditions": {"ArnEquals": {"aws:PrincipalArn": role}}}
        here, objects = bucket_arn(name), f"{bucket_arn(name)}/*"
        seen = iam.PolicyStatement(actions=["s3:GetBucketVersioning", "s3:ListBucket"], resources=[here], **who)
        bucket.add_to_resource_policy(seen)
        bucket.add_to_resource_policy(iam.PolicyStatement(actions=list(_WRITE), resources=[objects], **who))
        encrypts = iam.PolicyStatement(actions=list(_ENCRYPTS), resources=["*"], **who)
        key.add_to_resource_policy(encrypts, allow_no_op=True)


def resource(bucket: s3.Bucket) -> s3.CfnBucket:
    """What CloudFormation gets."""
    return cast("s3.CfnBucket", bucket.node.default_child)
