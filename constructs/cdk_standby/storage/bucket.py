"""A bucket whose objects are in another Region as well."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from .._alarms import add_alarms
from .._checks import check
from .._reasons import all_weakened
from ..access_logs import AccessLogs
from ..alarm_topic import AlarmTopic
from ..relational._parts import NIST, accept
from . import _bucket_access as access
from . import _bucket_parts as parts
from . import _bucket_replication as replication
from ._bucket_alarms import bucket_alarms
from ._bucket_backup import backed_up_by
from ._bucket_rules import RULES
from ._bucket_values import BucketReplica, ObjectLock

__all__ = ["Bucket", "BucketReplica", "ObjectLock"]


class Bucket(Construct):
    """An S3 bucket that keeps earlier versions of its objects, and shares all of them with buckets of other Regions.

    Zone loss: survived, S3 keeps objects in three zones or more. Region loss: survived with `replicate_to`; what had
    not arrived yet is missing until the Region returns, and readers must know the other bucket's name. Deletion:
    earlier versions come back, also of objects that were deleted in all Regions, for as long as they are kept.

    Replication goes both ways, delete markers and changes of replicas included, so a failover changes nothing here.
    Objects that were there before the rule take a job of S3 Batch Replication.
    """

    bucket: s3.Bucket
    key: kms.IKey
    access_logs: AccessLogs
    replication_role: iam.Role | None
    """What S3 replicates as; None: nothing is replicated."""
    alarms: dict[str, cloudwatch.Alarm]

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        key: kms.IKey,
        bucket_name: str | None = None,
        replicate_to: Sequence[BucketReplica] = (),
        replicates: bool = True,
        partners_exist: bool = True,
        no_time_control_because: str | None = None,
        object_lock: ObjectLock | None = None,
        mfa_to_delete: bool = False,
        transitions: Mapping[str, Duration] | None = None,
        expire_after: Duration | None = None,
        keep_versions: Duration | None = None,
        abort_uploads_after: Duration | None = None,
        archive_after: Duration | None = None,
        deep_archive_after: Duration | None = None,
        access_logs: AccessLogs | None = None,
        deletable_because: str | None = None,
        alarms: AlarmTopic | None = None,
        alarm_thresholds: Mapping[str, float] | None = None,
        alarms_off_because: Mapping[str, str] | None = None,
    ) -> None:
        """Build the bucket.

        Args:
            scope: the parent.
            id: unique among the parent's children; another id is another, empty bucket.
            key: encrypts the objects; a key of this Region. What was written with another one stays readable with that.
            bucket_name: unique in the world, and known to the other Regions' templates; left out: AWS makes one up, and
                nothing can replicate. Create-only.
            replicate_to: the bucket of each other Region; left out: objects are in this Region only.
            replicates: False switches the rules off and leaves them there: nothing is sent until they are on again, and
                what was written meanwhile takes a job of S3 Batch Replication.
            partners_exist: False on the very first deployment of the first Region, since S3 refuses rules that lead to
                buckets that are not there; then deploy the others, take it away, and deploy this one again.
            no_time_control_because: why no time is promised for the way of an object; otherwise 99.99 % arrive within
                15 minutes, at a price for each GB.
            object_lock: locks new objects against deletion and change; left out: versions protect them. Every bucket in
                `replicate_to` needs it too, and AWS never takes it off again.
            mfa_to_delete: True refuses to delete versions to whoever signed in without a second factor.
            transitions: after how long objects move to colder classes, such as ``{"STANDARD_IA": Duration.days(30)}``;
                left out: they stay in S3 Standard.
            expire_after: when objects are deleted, in whole days; left out: never.
            keep_versions: how long earlier versions are kept, in whole days; left out: 90 days.
            abort_uploads_after: when the parts of an upload that nobody finished are deleted, in whole days; left out:
                7 days.
            archive_after: after how many days unread Intelligent-Tiering archives an object, 90 to 730; left out:
                never.
            deep_archive_after: the same for the deep archive, 180 to 730; left out: never.
            access_logs: where it is logged who called; left out: a bucket of its own.
            deletable_because: why the bucket may go with its stack, once somebody emptied it; otherwise it is retained.
            alarms: who is told; left out: alarms exist, but notify nobody.
            alarm_thresholds: other thresholds by name: ServerErrors (a minute), and for each other Region
                FailedReplicationTo-<region> (operations), ReplicationLagFrom-<region> (seconds),
                BytesPendingFrom-<region> (bytes).
            alarms_off_because: alarms to leave out, by name, with reasons.

        Raises:
            InvalidOptions: with every option that cannot work, and the AWS page that says so
                (https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-requirements.html).
        """
        super().__init__(scope, id)
        transitions = transitions or {}
        options = {**locals(), **_placed(self, key, access_logs, alarms)}
        check(self, RULES, options)
        all_weakened(self, options)

        self.key, partners = key, tuple(replicate_to)
        self.bucket = s3.Bucket(
            self,
            "Bucket",
            bucket_name=bucket_name,
            encryption=s3.BucketEncryption.KMS,
            encryption_key=key,
            bucket_key_enabled=True,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            enforce_ssl=True,
            minimum_tls_version=1.2,
            versioned=True,
            object_lock_enabled=object_lock is not None or None,
            object_lock_default_retention=parts.lock(object_lock),
            lifecycle_rules=parts.lifecycle(
                transitions,
                expire_after,
                keep_versions or Duration.days(90),
                abort_uploads_after or Duration.days(7),
            ),
            intelligent_tiering_configurations=parts.tiering(archive_after, deep_archive_after),
            metrics=[s3.BucketMetrics(id=parts.EVERYTHING)],
            removal_policy=RemovalPolicy.DESTROY if deletable_because else RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
        )
        self.access_logs = access_logs or AccessLogs(self, "AccessLogs")
        parts.log_to(self.bucket, self.access_logs)
        parts.tell_event_bridge(self.bucket)
        if mfa_to_delete:
            parts.need_mfa(self.bucket)
        locked = object_lock is not None
        self.replication_role = self._replicate(partners, bucket_name or "", locked=locked) if partners else None
        if partners_exist and self.replication_role is not None:
            in_time = no_time_control_because is None
            replication.replicate(self.bucket, self.replication_role, partners, enabled=replicates, in_time=in_time)
        else:
            accept(self.bucket, _ALONE if not partners else _FIRST, NIST + "S3BucketReplicationEnabled")
        specs = bucket_alarms(self, bucket_name, partners if partners_exist else ())
        self.alarms = add_alarms(self, specs, topic=alarms, thresholds=alarm_thresholds, off_because=alarms_off_because)

    @property
    def bucket_name(self) -> str:
        """What clients are given."""
        return self.bucket.bucket_name

    @property
    def bucket_arn(self) -> str:
        """For permissions, and for a backup plan."""
        return self.bucket.bucket_arn

    def grant_read(self, grantee: iam.IGrantable) -> None:
        """Let somebody list and read objects, and use the key for that."""
        access.grant(self.bucket, grantee, access.READ)
        self.key.grant_decrypt(grantee)

    def grant_read_write(self, grantee: iam.IGrantable) -> None:
        """Let somebody read, write and delete objects. Earlier versions stay: deleting those is not among it."""
        access.grant(self.bucket, grantee, (*access.READ, *access.WRITE))
        self.key.grant_encrypt_decrypt(grantee)

    def back_up_by(self, role: iam.IRole) -> None:
        """Let the role of a `BackupPlan` (`plan.role`) back the bucket up: its own policy does not cover S3."""
        backed_up_by(self, self.bucket, self.key, role)

    def metric(
        self, name: str, *, statistic: str = "Average", period: Duration | None = None, **dimensions: str
    ) -> cloudwatch.Metric:
        """A metric of the bucket, such as ``AllRequests`` with `FilterId="EntireBucket"`; by the minute."""
        return cloudwatch.Metric(
            namespace="AWS/S3",
            metric_name=name,
            dimensions_map={"BucketName": self.bucket_name, **dimensions},
            statistic=statistic,
            period=period or Duration.minutes(1),
        )

    def _replicate(self, partners: Sequence[BucketReplica], name: str, *, locked: bool) -> iam.Role:
        """The role exists before the rules do, and partners of other accounts are let in by their names."""
        replication.let_in(self.bucket, self.key, name, partners)
        return replication.replication_role(self, self.bucket, name, self.key, replicas=partners, locked=locked)


_ALONE = "no other Region was asked for: zones are survived, the loss of the Region is not"
_FIRST = "S3 refuses rules that lead to buckets that are not there yet: they follow with the second deployment"


def _placed(bucket: Construct, key: kms.IKey, logs: AccessLogs | None, alarms: AlarmTopic | None) -> dict[str, Any]:
    """What was given, by path and Region, for the rules: messages show paths."""
    others = {name: thing for name, thing in {"access_logs": logs, "alarms": alarms}.items() if thing is not None}
    regions = {name: Stack.of(thing).region for name, thing in others.items()}
    paths = {name: thing.node.path for name, thing in {"key": key, **others}.items()}
    here = {"region": Stack.of(bucket).region, "kind": "bucket"}
    return {**here, "regions": {"key": key.env.region, **regions}, **paths}
