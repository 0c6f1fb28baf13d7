"""Backups on a schedule, and their copies in another Region."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aws_cdk import Acknowledgment, Duration, Stack, Validations
from aws_cdk import aws_backup as backup
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from constructs import Construct

from ._alarms import AlarmSpec, add_alarms
from ._backup_rules import RULES, CopyTarget, targets, vault_region
from ._checks import Problem, check
from ._regions import unknown_region
from ._roles import role_for
from .alarm_topic import AlarmTopic
from .backups.air_gapped_vault import AirGappedVault
from .locked_vault import LockedVault, failed_jobs

DAILY = "cron(0 3 * * ? *)"
_POLICY = "service-role/AWSBackupServiceRolePolicyForBackup"


class BackupPlan(Construct):
    """Daily backups of chosen resources into a vault, and a copy of each in the vault of another Region.

    Deletion or corruption of data: restored from the last backup, so up to a day of writes is lost; with `continuous`,
    minutes. Region loss: restored from the last copy, made after its backup. Loss of the account: restored from a copy
    in another one. Copies of continuous backups are snapshots: a point in time can be chosen only in the Region of the
    backup.

    The role can make backups and copies, and cannot restore: what restores is another role, used in a drill or in need.
    """

    plan: backup.BackupPlan
    role: iam.IRole
    alarms: dict[str, cloudwatch.Alarm]

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        vault: backup.IBackupVault,
        resources: Sequence[backup.BackupResource],
        copy_to: CopyTarget | Sequence[CopyTarget] | None = None,
        schedule: events.Schedule | None = None,
        retention: Duration | None = None,
        copy_retention: Duration | None = None,
        cold_after: Duration | None = None,
        continuous: Duration | None = None,
        start_window: Duration | None = None,
        completion_window: Duration | None = None,
        alarms: AlarmTopic | None = None,
        alarm_thresholds: Mapping[str, float] | None = None,
        alarms_off_because: Mapping[str, str] | None = None,
    ) -> None:
        """Make the plan.

        Args:
            scope: the construct or stack that the plan belongs to.
            id: its construct id.
            vault: where backups go; of a `LockedVault` give `.vault`, and retention is checked against its lock.
            resources: what is backed up, e.g. ``[backup.BackupResource.from_arn(...)]``.
            copy_to: ARN of the vault that each backup is copied to, in another Region, or in this one and another
                account; an `AirGappedVault`; or several of them. Left out: there is no copy, and the backups are lost
                with their Region. A vault of another account must name this one (`LockedVault(copies_from=...)`), and
                databases and volumes need `share_key_for_copies`, too.
            schedule: when, as a cron expression; left out: every day at 03:00 UTC.
            retention: how long a backup is kept; left out: 35 days.
            copy_retention: how long a copy is kept; left out: as long as the backup.
            cold_after: when backups and copies move to cold storage, for at least 90 days; left out: never.
            continuous: keep a continuous backup too, that can be restored to any second of the last 1 to 35 days; left
                out: none is. For Aurora and RDS it takes over the retention that their own template sets.
            start_window: how long a job may wait before it expires, 1 hour or more; left out: 1 hour.
            completion_window: how long a job may take once it has started, 1 hour or more; left out: 12 hours.
            alarms: who is told; left out: alarms exist, but notify nobody.
            alarm_thresholds: other thresholds, by alarm: BackupMissing (completed jobs a day; it rings until the first
                backup is made), BackupFailed (failed jobs an hour); left out: 1 and 0.
            alarms_off_because: alarms to leave out, each with its reason.

        Raises:
            InvalidOptions: an option is out of range, a copy would be lost with its origin, or AWS Backup makes none
                (https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupRuleInput.html).
        """
        super().__init__(scope, id)
        retention = retention or Duration.days(35)
        copy_retention = copy_retention or retention
        start_window, completion_window = start_window or Duration.hours(1), completion_window or Duration.hours(12)
        lock = vault.node.scope if isinstance(vault.node.scope, LockedVault) else None
        schedule = schedule or events.Schedule.expression(DAILY)
        check(self, RULES, {**locals(), "home": Stack.of(self)}, also=self._unknown(copy_to))
        self.plan = backup.BackupPlan(self, "Plan", backup_vault=vault)
        self.plan.add_rule(
            backup.BackupPlanRule(
                rule_name="Daily",
                schedule_expression=schedule,
                start_window=start_window,
                completion_window=completion_window,
                delete_after=retention,
                move_to_cold_storage_after=cold_after,
                copy_actions=self._copies(copy_to, copy_retention, cold_after),
            )
        )
        if continuous is not None:
            self.plan.add_rule(
                backup.BackupPlanRule(
                    rule_name="Continuous",
                    schedule_expression=schedule,
                    start_window=start_window,
                    completion_window=completion_window,
                    delete_after=continuous,
                    enable_continuous_backup=True,
                )
            )
        self.role = self._role()
        self.plan.add_selection(
            "Selection", resources=list(resources), role=self.role, disable_default_backup_policy=True
        )
        self.alarms = add_alarms(
            self, _specs(vault), topic=alarms, thresholds=alarm_thresholds, off_because=alarms_off_because
        )
        if alarms is not None and (lock is None or lock.alarms is None):  # such a vault tells already
            self._tell(alarms)

    def _unknown(self, copy_to: CopyTarget | Sequence[CopyTarget] | None) -> list[Problem]:
        """Regions in ARNs that AWS does not have."""
        named = [found for target in targets(copy_to) if (found := vault_region(target))]
        problems = [unknown_region(self.node.path, "Region of copy_to", region) for region in named]
        return [problem for problem in problems if problem]

    def _copies(
        self, copy_to: CopyTarget | Sequence[CopyTarget] | None, retention: Duration, cold_after: Duration | None
    ) -> list[backup.BackupPlanCopyActionProps] | None:
        return [
            backup.BackupPlanCopyActionProps(
                destination_backup_vault=self._vault(target, number),
                delete_after=retention,
                move_to_cold_storage_after=cold_after,
            )
            for number, target in enumerate(targets(copy_to), start=1)
        ] or None

    def _vault(self, target: CopyTarget, number: int) -> backup.IBackupVault:
        arn = target.arn if isinstance(target, AirGappedVault) else target
        return backup.BackupVault.from_backup_vault_arn(self, "CopyTo" if number == 1 else f"CopyTo{number}", arn)

    def _role(self) -> iam.IRole:
        """May back up and copy what AWS Backup supports; AWS keeps the policy in step with the service."""
        policy = iam.ManagedPolicy.from_aws_managed_policy_name(_POLICY)
        role = role_for(self, "Role", "backup", policies=[policy])
        finding = f"AwsSolutions::AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/{_POLICY}]"
        reason = "AWS writes this policy for backups alone, without restores, and extends it with each new service"
        Validations.of(role).acknowledge(Acknowledgment(id=finding, reason=reason))
        return role

    def _tell(self, alarms: AlarmTopic) -> None:
        mine: dict[str, object] = {"createdBy": {"backupPlanId": [self.plan.backup_plan_id]}}
        for name, kind in (("BackupJobs", "Backup Job State Change"), ("CopyJobs", "Copy Job State Change")):
            alarms.notify_of(failed_jobs(self, name, kind, mine))


def _specs(vault: backup.IBackupVault) -> list[AlarmSpec]:
    def jobs(state: str, period: Duration) -> cloudwatch.Metric:
        return cloudwatch.Metric(
            namespace="AWS/Backup",
            metric_name=f"NumberOfBackupJobs{state}",
            dimensions_map={"BackupVaultName": vault.backup_vault_name},
            statistic="Sum",
            period=period,
        )

    return [
        AlarmSpec(
            name="BackupMissing",
            metric=jobs("Completed", Duration.days(1)),
            threshold=1,
            comparison=cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
            periods=2,
            says="No backup was completed for two days. Look at the jobs of the vault, then make one by hand.",
        ),
        AlarmSpec(
            name="BackupFailed",
            metric=jobs("Failed", Duration.hours(1)),
            threshold=0,
            periods=1,
            missing=cloudwatch.TreatMissingData.NOT_BREACHING,
            says="A backup job failed. Its status message in AWS Backup says why; run it again once that is cured.",
        ),
    ]
