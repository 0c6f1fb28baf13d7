"""Who may copy backups into a vault, and what the other account needs of a key."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import cast

from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms

from cdk_standby_review.facts import backup as facts

from .._checks import Options, Rule

_KEY_USE = ("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*")
_KEY_GRANTS = ("kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant")


def copiers(accounts: Sequence[str], organization: str | None) -> list[iam.PolicyStatement]:
    """What lets other accounts copy into a vault, and nothing else; nothing when nobody is named.

    With both, the accounts must still be in the organization on the day of the copy.
    """
    if not accounts and organization is None:
        return []
    named: Sequence[iam.IPrincipal] = [cast("iam.IPrincipal", iam.AccountPrincipal(account)) for account in accounts]
    return [
        iam.PolicyStatement(
            sid="CopiesFromOtherAccounts",
            principals=named or [cast("iam.IPrincipal", iam.StarPrincipal())],
            actions=["backup:CopyIntoBackupVault"],
            resources=["*"],
            conditions={} if organization is None else {"StringEquals": {"aws:PrincipalOrgID": organization}},
        )
    ]


def share_key_for_copies(key: kms.IKey, accounts: Sequence[str]) -> None:
    """Let other accounts read what the key encrypts, so that backups can be copied into vaults of theirs.

    Databases, volumes and instances are copied by the key of the resource itself: without this, their copy jobs fail.
    An imported key is left alone; its owner has to extend its policy.

    Args:
        key: the key of the data, not that of the vault.
        accounts: the 12-digit accounts that own the vaults.

    https://docs.aws.amazon.com/aws-backup/latest/devguide/create-cross-account-backup.html
    """
    principals = [cast("iam.IPrincipal", iam.AccountPrincipal(account)) for account in accounts]
    statements = (
        iam.PolicyStatement(principals=principals, actions=[*_KEY_USE], resources=["*"]),
        iam.PolicyStatement(
            principals=principals,
            actions=[*_KEY_GRANTS],
            resources=["*"],
            conditions={"Bool": {"kms:GrantIsForAWSResource": "true"}},
        ),
    )
    for statement in statements:
        key.add_to_resource_policy(statement, allow_no_op=True)


def _odd_account(options: Options) -> bool:
    return not all(re.fullmatch(r"\d{12}", account) for account in options["copies_from"])


ACCESS_RULES = [
    Rule(
        option="copies_from",
        broken=_odd_account,
        allowed="accounts of 12 digits each",
        why="the vault lets accounts in by their numbers",
        source=facts.CROSS_ACCOUNT.source,
    ),
    Rule(
        option="organization",
        broken=lambda o: (
            o["organization"] is not None and not re.fullmatch(facts.ORGANIZATION.value, o["organization"])
        ),
        allowed="the id of an organization, such as 'o-a1b2c3d4e5'",
        why=facts.CROSS_ACCOUNT.says,
        source=facts.CROSS_ACCOUNT.source,
    ),
]
