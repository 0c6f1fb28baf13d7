"""Who may come near a DSQL cluster, and what its key must allow."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from cdk_standby_review.facts import dsql as facts

from .._checks import Problem
from .._roles import service
from .._tokens import is_token

# https://docs.aws.amazon.com/aurora-dsql/latest/userguide/rbp-examples.html
_ONLY_FROM_A_VPC = {
    "Sid": "OnlyFromAVpc",
    "Effect": "Deny",
    "Principal": {"AWS": "*"},
    "Action": ["dsql:DbConnect", "dsql:DbConnectAdmin"],
    "Resource": "*",
    "Condition": {"Null": {"aws:SourceVpc": "true"}},
}
_EVERYBODY = ("*", {"AWS": "*"}, {"AWS": ["*"]})


def policy(scope: Construct, statements: Sequence[iam.PolicyStatement], *, public: bool) -> str | None:
    """The policy of a cluster, as text: DSQL takes no object. None: there is nothing to say."""
    # Unresolved: what only the deployment knows becomes a part of the text, and no object in it.
    said = [*([] if public else [_ONLY_FROM_A_VPC]), *(each.to_statement_json() for each in statements)]
    return Stack.of(scope).to_json_string({"Version": "2012-10-17", "Statement": said}) if said else None


def refused(scope: Construct, statements: Sequence[iam.PolicyStatement]) -> Iterator[Problem]:
    """Statements that DSQL would not take, each as it is written."""
    written = _written(scope, statements)
    for statement in written:
        nobody = "Principal" not in statement and "NotPrincipal" not in statement
        anybody = statement.get("Principal") in _EVERYBODY and "Condition" not in statement
        if nobody or (anybody and statement.get("Effect") == "Allow"):
            yield _problem(scope, json.dumps(statement))
    text = json.dumps(written)
    if len(text) > facts.POLICY.value and not is_token(text):
        yield _problem(scope, f"{len(text)} characters")


def _written(scope: Construct, statements: Sequence[iam.PolicyStatement]) -> list[dict[str, Any]]:
    resolved: list[dict[str, Any]] = Stack.of(scope).resolve([each.to_statement_json() for each in statements])
    return resolved


def _problem(scope: Construct, got: str) -> Problem:
    return Problem(
        where=scope.node.path,
        option="statements",
        got=got,
        allowed="statements about somebody, that let nobody in from anywhere without a condition",
        why=facts.POLICY.says,
        source=facts.POLICY.source,
    )


def allow_dsql(key: kms.IKey) -> None:
    """Let DSQL encrypt the clusters of the key's account and Region with it.

    The policy names all clusters: an id exists only after the cluster, which needs the key first.
    https://docs.aws.amazon.com/aurora-dsql/latest/userguide/data-encryption.html
    """
    clusters = Stack.of(key).format_arn(service="dsql", resource="cluster", resource_name="*")
    for actions, context in (
        (["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:ReEncryptTo"], True),
        (["kms:DescribeKey"], False),
    ):
        conditions = {"aws:SourceArn": clusters}
        if context:
            conditions["kms:EncryptionContext:aws:dsql:ClusterId"] = "*"
        statement = iam.PolicyStatement(
            principals=[service("dsql")], actions=actions, resources=["*"], conditions={"StringLike": conditions}
        )
        key.add_to_resource_policy(statement, allow_no_op=True)  # the policy of an imported key is its owner's affair
