"""Backups and exports of a table by the clock."""

from __future__ import annotations

import re
from typing import Any, Literal

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_scheduler as scheduler
from constructs import Construct

from cdk_standby_review.facts import dynamodb as facts

from .._checks import Options, Rule, check, one_of
from .._reasons import weakened
from ..relational import _schedules as clock
from ..relational._parts import accept
from ..relational._rules import of_the_region
from ._table_access import TableAccess

_RUN = "<aws.scheduler.execution-id>"
"""Scheduler puts another id here each time.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
"""


class TableSchedule(Construct):
    """On-demand backups of a table, and exports of it to S3, at fixed times.

    Neither costs the table any throughput. A backup restores into a new table of the same Region; what was deleted by
    mistake stands in it, and in an export that Athena can read. For backups that expire and are copied to another
    Region use a `BackupPlan`: what DynamoDB itself backs up is kept, and paid, until somebody deletes it.

    A lost zone does not matter. A lost Region takes the schedule with it, and the backups; exports are where their
    bucket is. A call that fails is tried again for an hour, and then comes no more until its next time.
    """

    schedules: tuple[scheduler.CfnSchedule, ...]
    role: iam.Role

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        table: TableAccess,
        backups: str | None = None,
        never_expire_because: str | None = None,
        exports: str | None = None,
        bucket: s3.IBucket | None = None,
        prefix: str = "exports",
        format: Literal["DYNAMODB_JSON", "ION"] = "DYNAMODB_JSON",
        timezone: str = "UTC",
    ) -> None:
        """Make the schedules.

        Args:
            scope: the parent, in the Region of the table or replica.
            id: unique among the parent's children.
            table: a `Table`, or the `TableReplica` of this Region.
            backups: when to back up, as six fields of cron: ``"0 3 ? * SUN *"``; left out: never.
            never_expire_because: why backups that nothing deletes are wanted; required with `backups`.
            exports: when to export all items, as six fields of cron, from a table with point-in-time recovery; left
                out: never.
            bucket: where exports go, encrypted with the bucket's key if it has one; required with `exports`. Left out:
                there are no exports.
            prefix: of the exports in the bucket; left out: "exports".
            format: of the exports, "DYNAMODB_JSON" or "ION"; left out: "DYNAMODB_JSON".
            timezone: of both times, as the tz database names it; left out: UTC.

        Raises:
            InvalidOptions: nothing is scheduled, or an option cannot work
                (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.HowItWorks.html).
        """
        super().__init__(scope, id)
        options = {
            **locals(),
            "bucket": bucket.node.path if bucket else None,
            "table": table.node.path,
            "region": Stack.of(self).region,
            "regions": {"table": Stack.of(table).region},
            "kind": "schedule",
            "recovers": table.recovers,
        }
        check(self, RULES, options)
        weakened(self, "never_expire", never_expire_because)
        group = clock.group(self)
        may = [_may_back_up(table)] if backups else []
        if bucket is not None:
            may += _may_export(table, bucket, prefix)
        policy = iam.ManagedPolicy(self, "Policy", statements=may)
        if bucket is not None:
            _accept_objects(policy, bucket, prefix)
        self.role = clock.role(self, group, policy)
        times: dict[str, tuple[str, str, dict[str, str]]] = {}
        if backups:
            named = {"TableName": table.table_arn, "BackupName": f"scheduled-{_RUN}"}
            times["Backup"] = ("dynamodb:createBackup", backups, named)
        if exports and bucket is not None:
            times["Export"] = ("dynamodb:exportTableToPointInTime", exports, _export(table, bucket, prefix, format))
        self.schedules = tuple(
            clock.call(
                self,
                name,
                schedules=group,
                assumes=self.role,
                api=api,
                given=given,
                when=when,
                timezone=timezone,
                says=f"{name} of {table.node.path}",
            )
            for name, (api, when, given) in times.items()
        )


def _may_back_up(table: TableAccess) -> iam.PolicyStatement:
    return iam.PolicyStatement(actions=["dynamodb:CreateBackup"], resources=[table.table_arn])


def _may_export(table: TableAccess, bucket: s3.IBucket, prefix: str) -> list[iam.PolicyStatement]:
    """https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport_Requesting.html."""
    may = [
        iam.PolicyStatement(actions=["dynamodb:ExportTableToPointInTime"], resources=[table.table_arn]),
        iam.PolicyStatement(
            actions=["s3:AbortMultipartUpload", "s3:PutObject", "s3:PutObjectAcl"],
            resources=[bucket.arn_for_objects(f"{prefix}/*")],
        ),
    ]
    if bucket.encryption_key is not None:
        actions = ["kms:Decrypt", "kms:GenerateDataKey"]
        may.append(iam.PolicyStatement(actions=actions, resources=[bucket.encryption_key.key_arn]))
    return may


def _export(table: TableAccess, bucket: s3.IBucket, prefix: str, format: str) -> dict[str, str]:
    key = bucket.encryption_key
    encrypted = {"S3SseAlgorithm": "KMS", "S3SseKmsKeyId": key.key_arn} if key else {"S3SseAlgorithm": "AES256"}
    return {
        "TableArn": table.table_arn,
        "S3Bucket": bucket.bucket_name,
        "S3Prefix": prefix,
        "ExportFormat": format,
        **encrypted,
    }


def _accept_objects(policy: iam.ManagedPolicy, bucket: s3.IBucket, prefix: str) -> None:
    """DynamoDB makes the names of the objects up."""
    written = _written(Stack.of(policy).resolve(bucket.bucket_arn))
    because = f"an export writes objects under {prefix}/, whose names DynamoDB makes up"
    accept(policy, because, f"AwsSolutions::AwsSolutions-IAM5[Resource::{written}/{prefix}/*]")


def _written(resolved: Any) -> str:
    """As cdk-nag writes what only the deployment knows."""
    match resolved:
        case {"Fn::Join": [separator, parts]}:
            return str(separator).join(map(_written, parts))
        case {"Fn::GetAtt": [name, attribute]}:
            return f"<{name}.{attribute}>"
        case {"Ref": name}:
            return f"<{name}>"
        case _:
            return str(resolved)


def _bad_times(option: str) -> Rule:
    def broken(options: Options) -> bool:
        return options[option] is not None and not re.fullmatch(r"\S+( \S+){5}", options[option])

    return Rule(
        option=option,
        broken=broken,
        allowed="six fields of cron, such as '0 3 ? * SUN *'",
        why="minutes, hours, days of the month, months, days of the week and years say when",
        source=clock.CRON,
    )


RULES = (
    of_the_region("table", "Scheduler calls DynamoDB in its own Region", clock.CRON),
    _bad_times("backups"),
    _bad_times("exports"),
    Rule(
        option="backups",
        broken=lambda o: o["backups"] is None and o["exports"] is None,
        allowed="a time for 'backups', for 'exports', or for both",
        why="a schedule without a time does nothing",
    ),
    Rule(
        option="never_expire_because",
        broken=lambda o: o["backups"] is not None and o["never_expire_because"] is None,
        allowed="a reason in words, or a BackupPlan in place of 'backups'",
        why=facts.BACKUPS_KEPT.says,
        source=facts.BACKUPS_KEPT.source,
    ),
    Rule(
        option="bucket",
        broken=lambda o: (o["bucket"] is None) is not (o["exports"] is None),
        allowed="given with 'exports', and only then",
        why=facts.EXPORT.says,
        source=facts.EXPORT.source,
    ),
    Rule(
        option="table",
        broken=lambda o: o["exports"] is not None and not o["recovers"],
        allowed="a table without 'recovery_off_because'",
        why=facts.EXPORT.says,
        source=facts.EXPORT.source,
    ),
    Rule(
        option="prefix",
        broken=lambda o: not re.fullmatch(r"[A-Za-z0-9!_.()/-]{1,200}", o["prefix"]) or o["prefix"].endswith("/"),
        allowed="1 to 200 letters, digits and '/!_.()-', not ending with '/'",
        why="it is the beginning of the names of objects",
        source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html",
    ),
    one_of("format", facts.EXPORT_FORMATS.value, why=facts.EXPORT_FORMATS.says, source=facts.EXPORT_FORMATS.source),
    clock.ZONE,
)
