"""Restores for practice: a backup that was never restored is a hope."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from aws_cdk import Acknowledgment, Duration, Names, Validations
from aws_cdk import aws_backup as backup
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from .._alarms import AlarmSpec, add_alarms
from .._checks import check
from .._roles import role_for
from ..alarm_topic import AlarmTopic
from ..relational._parts import accept
from ._restore_rules import RULES, hours, whole_days

TWICE_A_WEEK = "cron(0 5 ? * SUN,WED *)"
_LONGEST_NAME = 50
_RESTORES = "service-role/AWSBackupServiceRolePolicyForRestores"
_S3_RESTORES = "AWSBackupServiceRolePolicyForS3Restore"
_FAILED = ["ABORTED", "FAILED"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreTest:
    """One kind of resource that is restored for practice.

    Args:
        kind: what AWS Backup calls it: Aurora, DocumentDB, DynamoDB, EBS, EC2, EFS, FSx, Neptune, RDS or S3.
        resources: up to 30 ARNs of what was backed up, in whatever Region. Left out: all of the kind in the vaults.
        metadata: what AWS Backup cannot infer, or infers badly, by the keys of its restore metadata, such as
            ``{"dbSubnetGroupName": "tests"}``. Left out: all is inferred; databases then need a default VPC.
    """

    kind: str
    resources: Sequence[str] = ("*",)
    metadata: Mapping[str, str] = field(default_factory=dict[str, str])


class RestoreTesting(Construct):
    """A restore testing plan of AWS Backup: restores the newest backups, measures how long it takes, and cleans up.

    It survives nothing itself: it tells, before a Region is lost, whether what would survive can be restored, and how
    long that takes. Put it where you would restore: beside the vault of the recovery Region. What it restores lasts
    until the validation is done, and costs until then. Zone loss: AWS Backup spans zones. Region loss: tests resume
    with the Region.

    An alarm for each kind rings when none was restored for days, which also means that no copy arrived.
    """

    plan: backup.CfnRestoreTestingPlan
    role: iam.IRole
    alarms: dict[str, cloudwatch.Alarm]

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        vaults: Sequence[str],
        tests: Sequence[RestoreTest],
        name: str | None = None,
        schedule: events.Schedule | None = None,
        newest_within: Duration | None = None,
        rpo: Duration | None = None,
        start_window: Duration | None = None,
        validator: lambda_.IFunction | None = None,
        validation_window: Duration | None = None,
        missing_after: Duration | None = None,
        alarms: AlarmTopic | None = None,
        alarm_thresholds: Mapping[str, float] | None = None,
        alarms_off_because: Mapping[str, str] | None = None,
    ) -> None:
        """Make the plan.

        Args:
            scope: the construct or stack that the plan belongs to.
            id: its construct id.
            vaults: ARNs of the vaults of this Region whose backups are restored.
            tests: what is restored, one of each kind.
            name: what the plan is called, 1 to 50 letters, digits and underscores; left out: a name made from the
                construct path.
            schedule: when, as a cron expression; left out: Sundays and Wednesdays at 05:00 UTC.
            newest_within: how old the newest backup may be, in whole days, 1 to 365; with none as young as that there
                is no test, and the alarm rings. Left out: 2 days, a daily backup and the time to copy it.
            rpo: what may be lost: `newest_within` is at most twice that, rounded up to days; left out: nothing was
                promised.
            start_window: how long a test may wait before it is given up, in whole hours, 1 to 168; left out: 8 hours.
            validator: a function that looks at what was restored. It gets the event of the restore, and answers with
                ``backup.put_restore_validation_result``, which it is allowed to; left out: a restore that completed
                counts.
            validation_window: how long what was restored is kept for the validator, in whole hours, up to 168; left
                out: 4 hours with a validator, otherwise none.
            missing_after: for how many days, 1 to 7, no test may have completed before the alarm rings; left out: 6
                days, which suits the schedule above. Tests that are rarer than every week cannot be alarmed on.
            alarms: who is told of tests that failed or did not run; left out: alarms exist, but notify nobody.
            alarm_thresholds: other thresholds, by alarm: <kind>TestMissing (completed tests a day, 1) and
                ValidatorFailed (errors of the validator an hour, 0).
            alarms_off_because: alarms to leave out, each with its reason.

        Raises:
            InvalidOptions: an option is out of range, or a kind is unknown or there twice
                (https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-testing.html).
        """
        super().__init__(scope, id)
        newest_within, start_window = newest_within or Duration.days(2), start_window or Duration.hours(8)
        validation_window = validation_window or Duration.hours(0 if validator is None else 4)
        schedule = schedule or events.Schedule.expression(TWICE_A_WEEK)
        missing_after = missing_after or Duration.days(6)
        check(self, RULES, {**locals(), "kinds": [test.kind for test in tests]})
        self._kinds = [test.kind for test in tests]
        self.role = self._role()
        self.plan = backup.CfnRestoreTestingPlan(
            self,
            "Plan",
            restore_testing_plan_name=name or _name_of(self),
            schedule_expression=schedule.expression_string,
            start_window_hours=hours(start_window),
            recovery_point_selection=backup.CfnRestoreTestingPlan.RestoreTestingRecoveryPointSelectionProperty(
                algorithm="LATEST_WITHIN_WINDOW",
                include_vaults=[*vaults],
                recovery_point_types=["SNAPSHOT"],
                selection_window_days=whole_days(newest_within),
            ),
        )
        for test in tests:
            self._select(test, hours(validation_window))
        completed = {kind: self._completed(kind) for kind in self._kinds}
        specs = [_missing(kind, rule, whole_days(missing_after)) for kind, rule in completed.items()]
        if validator is not None:
            specs.append(_validator_failed(validator))
            self._validate(validator, [*completed.values()])
        self.alarms = add_alarms(self, specs, topic=alarms, thresholds=alarm_thresholds, off_because=alarms_off_because)
        if alarms is not None:
            alarms.notify_of(self._jobs("Failed", _FAILED))

    def _role(self) -> iam.IRole:
        """May restore; S3 only where buckets are tested. It can neither back up nor delete a backup."""
        names = [_RESTORES, *([_S3_RESTORES] if "S3" in self._kinds else [])]
        policies = [iam.ManagedPolicy.from_aws_managed_policy_name(name) for name in names]
        role = role_for(self, "Role", "backup", policies=policies)
        reason = "AWS writes this policy for restores alone, and extends it with each new service"
        for name in names:
            finding = f"AwsSolutions::AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/{name}]"
            Validations.of(role).acknowledge(Acknowledgment(id=finding, reason=reason))
        return role

    def _select(self, test: RestoreTest, validation: int) -> None:
        selection = backup.CfnRestoreTestingSelection(
            self,
            test.kind,
            restore_testing_plan_name=self.plan.restore_testing_plan_name,
            restore_testing_selection_name=test.kind,
            protected_resource_type=test.kind,
            protected_resource_arns=[*test.resources],
            iam_role_arn=self.role.role_arn,
            restore_metadata_overrides=dict(test.metadata) or None,
            validation_window_hours=validation,
        )
        selection.add_resource_dependency(self.plan)  # it is named, not referred to

    def _jobs(self, id: str, states: list[str], kind: str | None = None) -> events.Rule:
        """Restore jobs of this plan tell their state in `status`, unlike backup jobs."""
        detail: dict[str, list[str]] = {
            "status": states,
            "restoreTestingPlanArn": [self.plan.attr_restore_testing_plan_arn],
            **({"resourceType": [kind]} if kind else {}),
        }
        return events.Rule(
            self,
            id,
            description=f"restore tests of {self.node.path}: {', '.join(states).lower()}",
            event_pattern=events.EventPattern(
                source=["aws.backup"], detail_type=["Restore Job State Change"], detail=detail
            ),
        )

    def _completed(self, kind: str) -> events.Rule:
        return self._jobs(f"{kind}Completed", ["COMPLETED"], kind)

    def _validate(self, validator: lambda_.IFunction, rules: Sequence[events.Rule]) -> None:
        for rule in rules:
            rule.add_target(cast("events.IRuleTarget", targets.LambdaFunction(validator)))
        answer = iam.PolicyStatement(
            actions=["backup:DescribeRestoreJob", "backup:PutRestoreValidationResult"], resources=["*"]
        )
        if validator.role is not None:
            policy = iam.Policy(self, "Answers", statements=[answer], roles=[validator.role])
            accept(policy, "restore jobs have no ARN before they run", "AwsSolutions::AwsSolutions-IAM5[Resource::*]")
            accept(policy, "it belongs to this plan alone", "NIST.800.53.R5::NIST.800.53.R5-IAMNoInlinePolicy")


def _name_of(scope: Construct) -> str:
    return Names.unique_resource_name(scope, max_length=_LONGEST_NAME, separator="_", allowed_special_characters="_")


def _missing(kind: str, rule: events.Rule, days: int) -> AlarmSpec:
    """EventBridge counts what a rule matched: metrics of restore jobs do not tell tests from other restores."""
    return AlarmSpec(
        name=f"{kind}TestMissing",
        metric=cloudwatch.Metric(
            namespace="AWS/Events",
            metric_name="TriggeredRules",
            dimensions_map={"RuleName": rule.rule_name},
            statistic="Sum",
            period=Duration.days(1),
        ),
        threshold=1,
        comparison=cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
        periods=days,
        says=f"No backup of {kind} was restored for {days} days. Look at the restore testing plan's jobs; if there are "
        "none, no backup or copy arrived in its vaults.",
    )


def _validator_failed(validator: lambda_.IFunction) -> AlarmSpec:
    return AlarmSpec(
        name="ValidatorFailed",
        metric=validator.metric_errors(period=Duration.hours(1), statistic="Sum"),
        threshold=0,
        periods=1,
        missing=cloudwatch.TreatMissingData.NOT_BREACHING,
        says="The validator of restored data raised. Its log says what was wrong: the data, or the validator.",
    )
