"""A backup vault that nobody empties, by mistake or on purpose."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_backup as backup
from aws_cdk import aws_events as events
from aws_cdk import aws_kms as kms
from constructs import Construct

from cdk_standby_review.facts import backup as facts

from ._checks import Options, Rule, check
from ._durations import days, lasting
from .alarm_topic import AlarmTopic
from .backups.vault_access import ACCESS_RULES, copiers

FAILED = ["ABORTED", "EXPIRED", "FAILED", "PARTIAL"]
"""The states in which a job has not made the backup or the copy that was asked for."""


class LockedVault(Construct):
    """An AWS Backup vault with its own key, a lock on how long backups stay, and a ban on deleting them sooner.

    Deletion or corruption of data: this is what survives it. Region loss: survived by the vault of another Region that
    backups are copied to (`BackupPlan(copy_to=...)`). Loss of the account: survived by the vault of another account,
    which takes copies when it names those whom they come from. The vault and its backups outlive their stack.

    Locked in governance mode unless told otherwise: an administrator who is allowed to can still remove the lock. In
    compliance mode nobody can, AWS included: backups cost until they expire.
    """

    vault: backup.BackupVault
    minimum: Duration
    maximum: Duration
    alarms: AlarmTopic | None

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        key: kms.IKey,
        name: str | None = None,
        minimum: Duration | None = None,
        maximum: Duration | None = None,
        compliance_after: Duration | None = None,
        copies_from: Sequence[str] = (),
        organization: str | None = None,
        alarms: AlarmTopic | None = None,
    ) -> None:
        """Make the vault.

        Args:
            scope: the construct or stack that the vault belongs to.
            id: its construct id; another id is another vault, so keep it.
            key: the KMS key of this Region that encrypts the backups. Create-only.
            name: a name by which templates of other Regions agree on the vault, 2 to 50 letters, digits, '-' and '_';
                left out: one made from the construct path. Create-only.
            minimum: how long every backup stays at least; left out: 7 days.
            maximum: how long a backup may stay; left out: 365 days. Jobs that ask for less than `minimum` or for more
                than this fail.
            compliance_after: after this time, 3 days or more, the lock can never be removed or loosened by anybody;
                left out: the lock stays in governance mode.
            copies_from: other accounts, of 12 digits each, whose backups may be copied into this vault; left out: only
                this account's. They are of the same organization, which has cross-account backup switched on.
            organization: the id of an organization: accounts in `copies_from` must be in it when they copy, and without
                any there, each of its accounts may; left out: accounts are let in wherever they are.
            alarms: who is told when a backup into the vault or a copy from it fails, is aborted or expires; left out:
                nobody is.

        Raises:
            InvalidOptions: an option is out of range, or no account or organization
                (https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html).
        """
        super().__init__(scope, id)
        self.minimum, self.maximum = minimum or Duration.days(7), maximum or Duration.days(365)
        self.alarms = alarms
        limits = {"minimum": self.minimum, "maximum": self.maximum, "compliance_after": compliance_after}
        access = {"copies_from": copies_from, "organization": organization}
        check(self, RULES, {"name": name, **limits, **access})
        self.vault = backup.BackupVault(
            self,
            "Vault",
            backup_vault_name=name,
            encryption_key=key,
            block_recovery_point_deletion=True,
            lock_configuration=backup.LockConfiguration(
                min_retention=self.minimum, max_retention=self.maximum, changeable_for=compliance_after
            ),
            removal_policy=RemovalPolicy.RETAIN,
        )
        for statement in copiers(copies_from, organization):
            self.vault.add_to_access_policy(statement)
        if alarms is not None:
            self._tell(alarms)

    def _tell(self, alarms: AlarmTopic) -> None:
        """Events, since AWS Backup tells more by them than by the notifications of a vault.

        https://docs.aws.amazon.com/aws-backup/latest/devguide/eventbridge.html
        """
        patterns = {
            "BackupFailed": ("Backup Job State Change", {"backupVaultName": [self.vault.backup_vault_name]}),
            "CopyFailed": ("Copy Job State Change", {"sourceBackupVaultArn": [self.vault.backup_vault_arn]}),
        }
        for name, (kind, of) in patterns.items():
            alarms.notify_of(failed_jobs(self, name, kind, of))


def failed_jobs(scope: Construct, id: str, kind: str, of: Mapping[str, object]) -> events.Rule:
    """An EventBridge rule for jobs of one kind that have not done what was asked for."""
    return events.Rule(
        scope,
        id,
        description=f"{kind}: a job of {scope.node.path} did not complete",
        event_pattern=events.EventPattern(source=["aws.backup"], detail_type=[kind], detail={"state": FAILED, **of}),
    )


def _bad_name(options: Options) -> bool:
    return options["name"] is not None and not re.fullmatch(facts.VAULT_NAME.value, options["name"])


def _upside_down(options: Options) -> bool:
    low, high = days(options["minimum"]), days(options["maximum"])
    return low is not None and high is not None and low > high


RULES = [
    Rule(
        option="name",
        broken=_bad_name,
        allowed="2 to 50 letters, digits, '-' and '_'",
        why="AWS Backup takes no other name",
        source=facts.VAULT_NAME.source,
    ),
    lasting("minimum", facts.LOCK_RETENTION, days),
    lasting("maximum", facts.LOCK_RETENTION, days),
    Rule(
        option="minimum",
        broken=_upside_down,
        allowed=lambda o: f"up to {days(o['maximum']):g} days, the maximum",
        why="no backup could ever be kept",
        source=facts.LOCK_RETENTION.source,
    ),
    lasting("compliance_after", facts.LOCK_COOLING_OFF, days),
    *ACCESS_RULES,
]
