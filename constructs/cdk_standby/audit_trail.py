"""Who did what: a trail of all API calls."""

from __future__ import annotations

from typing import cast

from aws_cdk import Acknowledgment, Aws, CfnElement, Duration, Names, RemovalPolicy, Stack, Validations
from aws_cdk import aws_cloudtrail as cloudtrail
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from constructs import Construct, IConstruct

from ._checks import Rule, check
from ._durations import days
from ._reasons import weakened
from ._roles import service
from .alarm_topic import AlarmTopic
from .keys import allow_logs

LOSSES = (
    "DeleteDBCluster",
    "DeleteDBClusterAutomatedBackup",
    "DeleteDBClusterSnapshot",
    "DeleteDBInstance",
    "DeleteDBInstanceAutomatedBackup",
    "DeleteDBSnapshot",
    "DeleteGlobalCluster",
    "FailoverGlobalCluster",
    "PromoteReadReplica",
    "RemoveFromGlobalCluster",
)
"""Calls of RDS that lose data or give a copy of it up."""
_NIST = "NIST.800.53.R5::NIST.800.53.R5-"
_OWN_LOG = "it is itself a log bucket; a log of the deliveries would log itself"
_ACCEPTED = {
    "AwsSolutions::AwsSolutions-S1": _OWN_LOG,
    _NIST + "S3BucketLoggingEnabled": _OWN_LOG,
    _NIST + "S3BucketReplicationEnabled": "the trail writes the calls of every Region here; to keep the log elsewhere "
    "too, replicate the bucket to an account of its own",
}


class AuditTrail(Construct):
    """A CloudTrail trail of every Region's API calls, in a locked and encrypted bucket, provably unchanged.

    Zone loss: S3 spans zones. Region loss: calls of other Regions are delivered late, those of the lost one not at all;
    what was delivered comes back with its Region. Deletion: nobody deletes or changes a delivered log before its time,
    except who may bypass governance, unless `compliance_because` is given. It outlives its stack.

    One trail for management calls is free; a second one is paid by the call. CloudTrail Lake takes no new customers:
    ask this bucket through Athena, or the log group by CloudWatch Logs Insights.
    """

    trail: cloudtrail.CfnTrail
    bucket: s3.Bucket
    log_group: logs.LogGroup

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        key: kms.IKey,
        retention: Duration | None = None,
        compliance_because: str | None = None,
        searchable: logs.RetentionDays = logs.RetentionDays.THREE_MONTHS,
        alarms: AlarmTopic | None = None,
    ) -> None:
        """Make the trail, its bucket and its log group.

        Args:
            scope: the parent.
            id: unique among the parent's children; another id is another bucket, so keep it.
            key: encrypts both in this Region; its policy lets CloudTrail use it, unless it is imported: then its owner
                must do that.
            retention: how long a delivered log is locked, and kept, in whole days; left out: 365 days.
            compliance_because: why not even the account's root may unlock a log before its time, which nobody takes
                back and which is paid until then.
            searchable: how long calls stay in CloudWatch Logs, for queries; left out: three months.
            alarms: who is told of calls of RDS in this Region that lose data or give a copy of it up; left out: nobody.

        Raises:
            InvalidOptions: the retention is not made of whole days
                (https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html).
        """
        super().__init__(scope, id)
        kept = retention or Duration.days(365)
        check(self, RULES, {"retention": kept})
        name = Names.unique_resource_name(self, max_length=128, separator="-")
        self.bucket = self._bucket(key, kept, compliance=weakened(self, "compliance", compliance_because))
        allow_logs(key)
        self.log_group = logs.LogGroup(
            self, "Log", encryption_key=key, retention=searchable, removal_policy=RemovalPolicy.RETAIN
        )
        self.trail = cloudtrail.CfnTrail(
            self,
            "Trail",
            trail_name=name,
            is_logging=True,
            is_multi_region_trail=True,
            include_global_service_events=True,
            enable_log_file_validation=True,
            s3_bucket_name=self.bucket.bucket_name,
            kms_key_id=key.key_arn,
            cloud_watch_logs_log_group_arn=self.log_group.log_group_arn,
            cloud_watch_logs_role_arn=self._logger().role_arn,
        )
        self._let_write(key, name)
        if alarms is not None:
            alarms.notify_of(self._losses())

    def _bucket(self, key: kms.IKey, kept: Duration, *, compliance: bool) -> s3.Bucket:
        mode = s3.ObjectLockRetention.compliance if compliance else s3.ObjectLockRetention.governance
        bucket = s3.Bucket(
            self,
            "Bucket",
            encryption=s3.BucketEncryption.KMS,
            encryption_key=key,
            bucket_key_enabled=True,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            enforce_ssl=True,
            minimum_tls_version=1.2,
            versioned=True,
            object_lock_enabled=True,
            object_lock_default_retention=mode(kept),
            lifecycle_rules=[
                s3.LifecycleRule(id="by-age", expiration=kept, noncurrent_version_expiration=Duration.days(7))
            ],
            removal_policy=RemovalPolicy.RETAIN,
        )
        for finding, because in _ACCEPTED.items():
            _accept(bucket, finding, because)
        return bucket

    def _logger(self) -> iam.Role:
        """Lets CloudTrail write to the streams of the log group."""
        write = iam.PolicyStatement(
            actions=["logs:CreateLogStream", "logs:PutLogEvents"], resources=[self.log_group.log_group_arn]
        )
        policy = iam.ManagedPolicy(self, "Policy", statements=[write])
        because = "CloudTrail names the streams of its group itself"
        finding = f"AwsSolutions::AwsSolutions-IAM5[Resource::<{_logical(self.log_group)}.Arn>]"
        _accept(policy, finding, because)
        return iam.Role(
            self, "Role", assumed_by=iam.ServicePrincipal("cloudtrail.amazonaws.com"), managed_policies=[policy]
        )

    def _let_write(self, key: kms.IKey, name: str) -> None:
        """CloudTrail writes to the bucket and encrypts with the key, for this trail and no other.

        https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
        https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
        """
        trail = Stack.of(self).format_arn(service="cloudtrail", resource="trail", resource_name=name)
        mine = {"StringEquals": {"aws:SourceArn": trail}}
        logs_of_mine = self.bucket.arn_for_objects(f"AWSLogs/{Aws.ACCOUNT_ID}/*")
        for action, resource in (("s3:GetBucketAcl", self.bucket.bucket_arn), ("s3:PutObject", logs_of_mine)):
            self.bucket.add_to_resource_policy(_for_cloudtrail([action], resource, mine))
        key.add_to_resource_policy(
            _for_cloudtrail(["kms:GenerateDataKey*", "kms:DescribeKey"], "*", mine), allow_no_op=True
        )
        if (policy := self.bucket.policy) is not None:
            self.trail.node.add_dependency(policy)

    def _losses(self) -> events.Rule:
        return events.Rule(
            self,
            "Losses",
            description="Calls of RDS that lose data or give a copy of it up",
            event_pattern=events.EventPattern(
                source=["aws.rds"],
                detail_type=["AWS API Call via CloudTrail"],
                detail={"eventSource": ["rds.amazonaws.com"], "eventName": list(LOSSES)},
            ),
        )


def _for_cloudtrail(actions: list[str], resource: str, mine: dict[str, dict[str, str]]) -> iam.PolicyStatement:
    return iam.PolicyStatement(
        principals=[service("cloudtrail")], actions=actions, resources=[resource], conditions=mine
    )


def _accept(what: IConstruct, finding: str, because: str) -> None:
    Validations.of(what).acknowledge(Acknowledgment(id=finding, reason=because))


def _logical(resource: IConstruct) -> str:
    element = cast("CfnElement", resource.node.default_child)
    return str(Stack.of(resource).resolve(element.logical_id))


RULES = (
    Rule(
        option="retention",
        broken=lambda o: (kept := days(o["retention"])) is not None and (kept < 1 or not float(kept).is_integer()),
        allowed="whole days, 1 or more",
        why="S3 locks and expires objects by the day",
        source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html",
    ),
)
