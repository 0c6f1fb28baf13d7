"""Where a replicator reads and writes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from aws_cdk import Stack
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms

from .._tokens import is_token
from ._table_access import TableAccess

Replicated: TypeAlias = TableAccess | dynamodb.ITable
"""A table of this library, or of the CDK."""

WITH_KEY = (
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
)


@dataclass(frozen=True, kw_only=True)
class ReplicationTarget:
    """The table on the other side, by names that are known at synth: the other stack need not exist."""

    table_name: str
    """Its name there."""
    region: str
    """Its Region."""
    key: str
    """The key that encrypts it: an ARN, or an alias such as ``alias/orders``."""
    account: str | None = None
    """Its account; left out: the account of the replicator."""
    role_name: str | None = None
    """The role of the `ReplicationEntrance` in another account; left out: the table is in the same account."""

    def is_foreign(self, account: str) -> bool:
        """Whether it is in another account than this one."""
        return self.account is not None and self.account != account

    def table_arn(self, stack: Stack) -> str:
        """As seen from a stack in any Region."""
        return stack.format_arn(
            service="dynamodb",
            region=self.region,
            account=self.account or stack.account,
            resource="table",
            resource_name=self.table_name,
        )

    def role_arn(self, stack: Stack) -> str | None:
        """The role to assume; None: its own is enough."""
        if self.role_name is None or self.account is None:
            return None
        return stack.format_arn(
            service="iam", region="", account=self.account, resource="role", resource_name=self.role_name
        )

    def statements(self, stack: Stack) -> list[iam.PolicyStatement]:
        """What lets a role put items there, and nothing else."""
        if (role := self.role_arn(stack)) is not None:
            return [iam.PolicyStatement(actions=["sts:AssumeRole"], resources=[role])]
        arn, conditions = self._key(stack)
        return [
            iam.PolicyStatement(actions=["dynamodb:PutItem"], resources=[self.table_arn(stack)]),
            iam.PolicyStatement(actions=list(WITH_KEY), resources=[arn], conditions=conditions),
        ]

    def _key(self, stack: Stack) -> tuple[str, dict[str, dict[str, str]]]:
        through = {"StringEquals": {"kms:ViaService": f"dynamodb.{self.region}.amazonaws.com"}}
        if not self.key.startswith("alias/") or is_token(self.key):
            return self.key, through
        through["StringEquals"]["aws:ResourceAccount"] = self.account or stack.account
        return "*", {**through, "ForAnyValue:StringEquals": {"kms:ResourceAliases": self.key}}


def stream_of(table: Replicated) -> str | None:
    """The stream of changes; None: there is none, or nobody knows it here."""
    return table.stream_arn if isinstance(table, TableAccess) else table.table_stream_arn


def key_of(table: Replicated) -> kms.IKey | None:
    """What encrypts the table, as far as is known here."""
    return table.key if isinstance(table, TableAccess) else table.encryption_key


def write(table: Replicated) -> list[iam.PolicyStatement]:
    """What lets a role put items into a table of its own account and Region."""
    statements = [iam.PolicyStatement(actions=["dynamodb:PutItem"], resources=[table.table_arn])]
    return [*statements, *through_dynamodb(table, key_of(table))]


def through_dynamodb(table: Replicated, key: kms.IKey | None) -> list[iam.PolicyStatement]:
    """What lets a role use the key of a table for nothing but the table's items."""
    if key is None:
        return []
    via = {"StringEquals": {"kms:ViaService": f"dynamodb.{Stack.of(table).region}.amazonaws.com"}}
    return [iam.PolicyStatement(actions=list(WITH_KEY), resources=[key.key_arn], conditions=via)]
