"""Tables that replicate to tables of other accounts: what each has to let the others do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from cdk_standby_review.facts import dynamodb as facts

from .._checks import Problem, shown
from .._roles import service
from .._tokens import is_token

_ARN = re.compile(r"arn:aws[a-z-]*:dynamodb:([a-z0-9-]+):(\d{12}):table/([a-zA-Z0-9_.-]{3,255})")
_REPLICATION = "replication.dynamodb"


class Other(NamedTuple):
    """A table of another account, as its ARN names it."""

    region: str
    account: str
    name: str


def others(arns: Sequence[str]) -> list[Other]:
    """Those whose ARN is one."""
    return [Other(*found.groups()) for found in map(_ARN.fullmatch, arns) if found]


def sharing(scope: Construct, arns: Sequence[str], *, associate: bool) -> list[iam.PolicyStatement]:
    """Let DynamoDB replicate between accounts and, in the source, let those accounts join.

    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/globaltables_MA_security.html
    """
    if not arns:
        return []
    accounts = [other.account for other in others(arns)]
    replicate = iam.PolicyStatement(
        sid="ReplicateBetweenAccounts",
        principals=[service(_REPLICATION)],
        actions=["dynamodb:ReadDataForReplication", "dynamodb:ReplicateSettings", "dynamodb:WriteDataForReplication"],
        resources=["*"],
        conditions={"StringEquals": {"aws:SourceAccount": [Stack.of(scope).account, *accounts]}},
    )
    join = iam.PolicyStatement(
        sid="JoinFromOtherAccounts",
        principals=[iam.AccountPrincipal(account) for account in accounts],
        actions=["dynamodb:AssociateTableReplica"],
        resources=["*"],
    )
    return [join, replicate] if associate else [replicate]


def allow_replication(key: kms.IKey) -> None:
    """Let DynamoDB open with the key what it replicates between accounts; with one account it has a role for that."""
    statement = iam.PolicyStatement(
        principals=[service(_REPLICATION)],
        actions=["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
        resources=["*"],
    )
    key.add_to_resource_policy(statement, allow_no_op=True)  # the policy of an imported key is its owner's affair


def shared_problems(scope: Construct, given: Mapping[str, Any]) -> Iterator[Problem]:
    """What keeps the table of an account from being shared as it is."""
    arns, option = given["shared_with"], "shared_with"
    yield from account_problems(scope, option, arns)
    for name, broken in (("replicas", bool(given["replicas"])), ("consistency", given["consistency"] == "strong")):
        if arns and broken:
            yield _problem(scope, option, shown(arns), f"left out with '{name}'" + " 'strong'" * (name != "replicas"))
    named = given["table_name"]
    wrong = [other.name for other in others(arns) if not is_token(named) and other.name != named]
    if wrong:
        yield _problem(scope, "table_name", shown(named), f"{shown(wrong[0])}, as in 'shared_with'")


def account_problems(scope: Construct, option: str, arns: Sequence[str]) -> Iterator[Problem]:
    """ARNs that are none, and tables that are not in a Region and an account of their own."""
    stack = Stack.of(scope)
    for arn in arns:
        if not _ARN.fullmatch(arn):
            allowed = "the ARN of a table in another account and Region, known at synth"
            yield _problem(scope, option, shown(arn), allowed)
    found = others(arns)
    for what, own, used in (
        ("account", stack.account, [other.account for other in found]),
        ("Region", stack.region, [other.region for other in found]),
    ):
        if not is_token(own) and len({own, *used}) < 1 + len(used):
            yield _problem(scope, option, shown(list(arns)), f"tables each in another {what} than {own}")


def _problem(scope: Construct, option: str, got: str, allowed: str) -> Problem:
    why, source = facts.ACCOUNTS.says, facts.ACCOUNTS.source
    return Problem(where=scope.node.path, option=option, got=got, allowed=allowed, why=why, source=source)
