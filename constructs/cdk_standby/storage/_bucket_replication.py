"""How a bucket replicates: its rules, the role that follows them, and who may write here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, cast

from aws_cdk import Aws, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from .._roles import service
from ..relational._parts import accept
from ._bucket_parts import resource
from ._bucket_values import BucketReplica, as_shown, bucket_arn, role_name

_READ = ("s3:GetObjectVersionForReplication", "s3:GetObjectVersionAcl", "s3:GetObjectVersionTagging")
_LOCKS = ("s3:GetObjectLegalHold", "s3:GetObjectRetention")
_WRITE = ("s3:ReplicateDelete", "s3:ReplicateObject", "s3:ReplicateTags")
_LISTS = ("s3:GetReplicationConfiguration", "s3:ListBucket")
_ENCRYPTS = ("kms:Encrypt", "kms:GenerateDataKey")


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
    name: str,
    key: kms.IKey,
    *,
    replicas: Sequence[BucketReplica],
    locked: bool,
) -> iam.Role:
    """What S3 may do on the way from this bucket to its partners, with keys only through S3 of their Regions.

    The bucket waits for it, and so is known by its name: S3 gives up what it may not replicate at the first attempt.
    """
    stack, here = Stack.of(scope), bucket_arn(name)
    elsewhere = any(replica.account is not None for replica in replicas)
    role = iam.Role(
        scope,
        "Replication",
        role_name=role_name(name) if elsewhere else None,
        assumed_by=service("s3"),
        description=f"Replicates {scope.node.path}",
    )
    read = [*_READ, *(_LOCKS if locked else ())]
    statements = [
        iam.PolicyStatement(actions=list(_LISTS), resources=[here]),
        iam.PolicyStatement(actions=read, resources=[f"{here}/*"]),
        iam.PolicyStatement(actions=["kms:Decrypt"], resources=[key.key_arn], conditions=_through(stack.region, here)),
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
    accept(policy, why, *_wildcards(here, stack, replicas))
    bucket.node.add_dependency(policy)
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


def _wildcards(here: str, stack: Stack, replicas: Sequence[BucketReplica]) -> Iterator[str]:
    buckets = [here, *(replica.bucket_arn for replica in replicas)]
    keys = [replica.any_key_arn(stack) for replica in replicas if replica.by_alias]
    for arn in (*(f"{bucket}/*" for bucket in buckets), *keys):
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
