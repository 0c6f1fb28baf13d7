"""The tables behind a DAX cluster: what the cluster, and whoever asks it, may do with them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import cast

from aws_cdk import Stack
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from constructs import Construct

from cdk_standby_review.facts import dax as facts

from .._checks import Problem, shown
from .._tokens import is_token
from ..relational._parts import accept
from ._table_access import READ, WRITE, TableAccess

CachedTable = dynamodb.ITable | TableAccess
"""A table of this library, or of the CDK."""
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
_DECRYPT = ("kms:Decrypt", "kms:DescribeKey")
_ENCRYPT = (*_DECRYPT, "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:ReEncryptTo")
_INDEXES = "a table of the CDK does not tell the names of its indexes, and DAX caches what is asked of them too"


def allow(tables: Sequence[CachedTable], grantee: iam.IGrantable, *, write: bool) -> None:
    """Let somebody read the items of tables, or write them too."""
    for table in tables:
        if isinstance(table, TableAccess):
            _ = table.grant_read_write(grantee) if write else table.grant_read(grantee)
        else:
            _allow(table, grantee, write=write)


def _allow(table: dynamodb.ITable, grantee: iam.IGrantable, *, write: bool) -> None:
    """A table of the CDK grants much more by itself, its stream included."""
    table.grant(grantee, *sorted({*READ, *WRITE} if write else READ))
    if table.encryption_key is not None:
        via = f"dynamodb.{Stack.of(table).region}.amazonaws.com"
        iam.Grant.add_to_principal(
            grantee=grantee,
            actions=list(_ENCRYPT if write else _DECRYPT),
            resource_arns=[table.encryption_key.key_arn],
            conditions={"StringEquals": {"kms:ViaService": via}},
        )


def accept_indexes(policy: iam.ManagedPolicy, tables: Sequence[CachedTable]) -> None:
    """Tell the validators why a cluster may use all indexes of a table."""
    for table in tables:
        if not isinstance(table, TableAccess):
            accept(policy, _INDEXES, f"AwsSolutions::AwsSolutions-IAM5[Resource::{_written(policy, table)}/index/*]")


def _written(scope: Construct, table: dynamodb.ITable) -> str:
    """The ARN as cdk-nag writes it."""
    arn = cast("str | dict[str, list[str]]", Stack.of(scope).resolve(table.table_arn))
    return str(arn) if isinstance(arn, str) or "Fn::GetAtt" not in arn else f"<{'.'.join(arn['Fn::GetAtt'])}>"


def unfit(scope: Construct, tables: Sequence[CachedTable]) -> Iterator[Problem]:
    """Tables that a cluster cannot cache, or that are too many of them."""
    paths = [table.node.path for table in tables]
    count = len(tables)
    if count == 0 or count > facts.TABLES.value or len(set(paths)) < count:
        got = shown(paths) if count <= 3 else f"{count} tables"
        yield _problem(scope, got, f"1 to {facts.TABLES.value} tables, each of them once")
    here = Stack.of(scope).region
    for table in tables:
        there = Stack.of(table).region if isinstance(table, TableAccess) else table.env.region
        if there != here and not (is_token(there) or is_token(here)):
            yield _problem(scope, f"{table.node.path} in {there}", f"tables of {here}, where the cluster is")


def _problem(scope: Construct, got: str, allowed: str) -> Problem:
    return Problem(
        where=scope.node.path,
        option="tables",
        got=got,
        allowed=allowed,
        why=facts.TABLES.says,
        source=facts.TABLES.source,
    )
