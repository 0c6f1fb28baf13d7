"""Who may come near a DSQL cluster, and what its key must allow."""

from __future__ import annotations

import json

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms

from .._roles import service


def only_from_a_vpc() -> str:
    """Connections come through a VPC; what identities may do is unchanged.

    https://docs.aws.amazon.com/aurora-dsql/latest/userguide/rbp-examples.html
    """
    statement = {
        "Sid": "OnlyFromAVpc",
        "Effect": "Deny",
        "Principal": {"AWS": "*"},
        "Action": ["dsql:DbConnect", "dsql:DbConnectAdmin"],
        "Resource": "*",
        "Condition": {"Null": {"aws:SourceVpc": "true"}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


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
