"""A vault that even its owner cannot empty, and that other accounts restore from."""

from __future__ import annotations

import re
from collections.abc import Sequence

from aws_cdk import Duration, Names, RemovalPolicy
from aws_cdk import aws_backup as backup
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from cdk_standby_review.facts import backup as facts

from .._checks import Options, Rule, check
from .._durations import days, lasting, told_in
from .vault_access import ACCESS_RULES, copiers

_PAGE = "https://docs.aws.amazon.com/aws-backup/latest/devguide/logicallyairgappedvault.html"
_LONGEST_NAME = 50


class AirGappedVault(Construct):
    """A logically air-gapped vault: locked in compliance mode from its first day, under a key that AWS owns.

    Deletion or corruption of data, by somebody with every right in this account, and even the loss of the key that
    encrypts the data: this is what survives it. Region loss: survived when it is in another Region than the data. Loss
    of the account: share the vault by AWS RAM, or with an approval team, **before**; then backups are restored from
    another account without a copy.

    It takes copies (`BackupPlan(copy_to=[vault])`). Nobody shortens, lifts or deletes anything: backups cost until
    they expire.
    """

    arn: str
    name: str
    minimum: Duration
    maximum: Duration

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str | None = None,
        key: kms.IKey | None = None,
        minimum: Duration | None = None,
        maximum: Duration | None = None,
        copies_from: Sequence[str] = (),
        organization: str | None = None,
    ) -> None:
        """Make the vault.

        Args:
            scope: the construct or stack that the vault belongs to.
            id: its construct id; another id is another vault, so keep it.
            name: a name by which other templates know the vault, 2 to 50 letters, digits, '-' and '_'; left out: one
                made from the construct path. Create-only.
            key: a KMS key that encrypts the backups; left out: a key that AWS owns, which nobody can delete or close.
                Create-only.
            minimum: how long every backup stays at least, in whole days, 7 or more; left out: 7 days. Create-only.
            maximum: how long a backup may stay, in whole days; left out: 365 days. Copies that ask for less than
                `minimum` or for more than this fail. Create-only.
            copies_from: other accounts, of 12 digits each, whose backups may be copied into this vault; left out: only
                this account's.
            organization: the id of an organization: accounts in `copies_from` must be in it when they copy, and without
                any there, each of its accounts may; left out: accounts are let in wherever they are.

        Raises:
            InvalidOptions: an option is out of range, or no account or organization
                (https://docs.aws.amazon.com/aws-backup/latest/devguide/logicallyairgappedvault.html).
        """
        super().__init__(scope, id)
        self.minimum, self.maximum = minimum or Duration.days(7), maximum or Duration.days(365)
        limits = {"minimum": self.minimum, "maximum": self.maximum}
        check(self, RULES, {"name": name, "copies_from": copies_from, "organization": organization, **limits})
        statements = copiers(copies_from, organization)
        self.name = name or Names.unique_resource_name(self, max_length=_LONGEST_NAME, separator="-")
        vault = backup.CfnLogicallyAirGappedBackupVault(
            self,
            "Vault",
            backup_vault_name=self.name,
            encryption_key_arn=key.key_arn if key else None,
            min_retention_days=self.minimum.to_days(),
            max_retention_days=self.maximum.to_days(),
            access_policy=iam.PolicyDocument(statements=statements) if statements else None,
        )
        vault.apply_removal_policy(RemovalPolicy.RETAIN)
        self.arn = vault.attr_backup_vault_arn

    def __str__(self) -> str:
        return self.node.path


def _broken_days(option: str) -> Rule:
    def broken(options: Options) -> bool:
        value = days(options[option])
        return value is not None and value in facts.AIR_GAPPED_MINIMUM.value and value != int(value)

    return Rule(option=option, broken=broken, allowed="whole days", why="AWS Backup counts retention in days")


def _upside_down(options: Options) -> bool:
    low, high = days(options["minimum"]), days(options["maximum"])
    return low is not None and high is not None and low > high


RULES = [
    Rule(
        option="name",
        broken=lambda o: o["name"] is not None and not re.fullmatch(facts.VAULT_NAME.value, o["name"]),
        allowed="2 to 50 letters, digits, '-' and '_'",
        why="AWS Backup takes no other name",
        source=facts.VAULT_NAME.source,
    ),
    *(
        rule
        for option in ("minimum", "maximum")
        for rule in (
            lasting(option, facts.AIR_GAPPED_MINIMUM, days),
            _broken_days(option),
            told_in(option, "days", _PAGE),
        )
    ),
    Rule(
        option="minimum",
        broken=_upside_down,
        allowed=lambda o: f"up to {days(o['maximum']):g} days, the maximum",
        why="no backup could ever be kept",
        source=_PAGE,
    ),
    *ACCESS_RULES,
]
