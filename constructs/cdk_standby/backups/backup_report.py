"""What was backed up, copied and restored, in writing."""

from __future__ import annotations

import re
from collections.abc import Sequence

from aws_cdk import CfnResource, Duration, Names, RemovalPolicy, Stack
from aws_cdk import aws_backup as backup
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from cdk_standby_review.facts import backup as facts

from .._checks import Options, Rule, check
from .._durations import days, told_in
from ..relational._parts import accept

_PAGE = "https://docs.aws.amazon.com/aws-backup/latest/devguide/create-report-plan-api.html"
_LONGEST_NAME = 200
TEMPLATES = {"Backups": "BACKUP_JOB_REPORT", "Copies": "COPY_JOB_REPORT", "Restores": "RESTORE_JOB_REPORT"}
_WRITER = "role/aws-service-role/reports.backup.amazonaws.com/AWSServiceRoleForBackupReports"
_ACCEPTED = {
    "AwsSolutions::AwsSolutions-S1": "a report is written once a day by AWS Backup alone",
    "NIST.800.53.R5::NIST.800.53.R5-S3BucketLoggingEnabled": "a report is written once a day by AWS Backup alone",
    "NIST.800.53.R5::NIST.800.53.R5-S3BucketReplicationEnabled": "each Region reports of itself; jobs can be listed "
    "for 30 days where a report was lost",
    "NIST.800.53.R5::NIST.800.53.R5-S3DefaultEncryptionKMS": "reports hold names and times of jobs, none of the data",
}


class BackupReport(Construct):
    """Daily reports of backup, copy and restore jobs, as CSV and JSON in a bucket: the evidence for RPO and RTO.

    AWS Backup forgets jobs after about a month; a report of each day stays. Zone loss: S3 spans zones. Region loss: the
    reports come back with their Region.
    """

    bucket: s3.Bucket

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str | None = None,
        retention: Duration | None = None,
        accounts: Sequence[str] = (),
        regions: Sequence[str] = (),
    ) -> None:
        """Make the reports and their bucket.

        Args:
            scope: the construct or stack that the reports belong to.
            id: its construct id.
            name: what the reports' names begin with, a letter and up to 199 letters, digits and underscores; left out:
                a name made from the construct path.
            retention: how long reports are kept, in whole days; left out: 730 days.
            accounts: accounts of the organization to report of, from its management or backup administrator account;
                left out: this one.
            regions: Regions to report of; left out: this one.

        Raises:
            InvalidOptions: the name or the retention is not one
                (https://docs.aws.amazon.com/aws-backup/latest/devguide/create-report-plan-api.html).
        """
        super().__init__(scope, id)
        retention = retention or Duration.days(730)
        check(self, RULES, {"name": name, "retention": retention})
        prefix = name or Names.unique_resource_name(
            self, max_length=_LONGEST_NAME, separator="_", allowed_special_characters="_"
        )
        self.bucket = self._bucket(retention)
        plans = [self._plan(kind, f"{prefix}_{kind}", accounts, regions) for kind in TEMPLATES]
        self._let_in(plans)

    def _bucket(self, retention: Duration) -> s3.Bucket:
        bucket = s3.Bucket(
            self,
            "Bucket",
            encryption=s3.BucketEncryption.S3_MANAGED,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=True,
            minimum_tls_version=1.2,
            versioned=True,
            removal_policy=RemovalPolicy.RETAIN,
            lifecycle_rules=[
                s3.LifecycleRule(id="by-age", expiration=retention, noncurrent_version_expiration=Duration.days(7))
            ],
        )
        for finding, reason in _ACCEPTED.items():
            accept(bucket, reason, finding)
        return bucket

    def _plan(self, kind: str, name: str, accounts: Sequence[str], regions: Sequence[str]) -> CfnResource:
        setting = {"ReportTemplate": TEMPLATES[kind]}
        of = {key: [*value] for key, value in (("Accounts", accounts), ("Regions", regions)) if value}
        return backup.CfnReportPlan(
            self,
            kind,
            report_plan_name=name,
            report_plan_description=f"{kind.lower()} of {self.node.path}",
            report_delivery_channel={"S3BucketName": self.bucket.bucket_name, "Formats": ["CSV", "JSON"]},
            report_setting={**setting, **of},
        )

    def _let_in(self, plans: Sequence[CfnResource]) -> None:
        """After the plans: the first of an account makes the role that writes, and S3 refuses roles that are not."""
        stack = Stack.of(self)
        writer = f"arn:{stack.partition}:iam::{stack.account}:{_WRITER}"
        self.bucket.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ArnPrincipal(writer)],
                actions=["s3:PutObject"],
                resources=[self.bucket.arn_for_objects("*")],
                conditions={"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control"}},
            )
        )
        policy = self.bucket.policy.node.default_child if self.bucket.policy else None
        if isinstance(policy, CfnResource):
            for plan in plans:
                policy.add_resource_dependency(plan)


def _in_parts(options: Options) -> bool:
    value = days(options["retention"])
    return value is not None and (value < 1 or value != int(value))


RULES = [
    Rule(
        option="name",
        broken=lambda o: (
            o["name"] is not None
            and (len(o["name"]) > _LONGEST_NAME or not re.fullmatch(facts.REPORT_NAME.value, o["name"]))
        ),
        allowed="a letter, and up to 199 letters, digits and underscores",
        why=facts.REPORT_NAME.says,
        source=facts.REPORT_NAME.source,
    ),
    Rule(
        option="retention",
        broken=_in_parts,
        allowed="whole days, 1 or more",
        why="S3 expires objects by the day",
        source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html",
    ),
    told_in("retention", "days", _PAGE),
]
