"""Encryption keys for data, and what each AWS service needs in their policies."""

from __future__ import annotations

import re
from typing import cast

from aws_cdk import Aws, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from cdk_standby_review.facts import kms as facts

from ._checks import Options, Rule, check
from ._roles import service


class DataKey(Construct):
    """A customer managed KMS key for the data of one Region: rotated every year, and kept when its stack goes.

    Whoever loses the key has lost the data, so it is never deleted with a stack. It lives in one Region: data
    that is copied to another Region is encrypted there with the key of that Region.
    """

    key: kms.IKey

    def __init__(self, scope: Construct, id: str, *, alias: str | None = None) -> None:
        """Make the key.

        Args:
            scope: the construct or stack that the key belongs to.
            id: its construct id; another id is another key, so keep it.
            alias: a name by which other Regions' templates agree on the key, with or without ``alias/``;
                left out: the key has no alias.

        Raises:
            InvalidOptions: the alias is one that KMS refuses
                (https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html).
        """
        super().__init__(scope, id)
        check(self, RULES, {"alias": alias})
        key = kms.Key(
            self,
            "Key",
            alias=alias,
            description=f"Data of {self.node.path}",
            enable_key_rotation=True,
            removal_policy=RemovalPolicy.RETAIN,
        )
        self.key = cast("kms.IKey", key)


def allow_logs(key: kms.IKey) -> None:
    """Let CloudWatch Logs of the key's account and Region encrypt log groups with it.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
    """
    stack = Stack.of(key)
    groups = stack.format_arn(service="logs", resource="*")
    _allow(
        key,
        f"logs.{stack.region}",
        ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
        {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": groups}},
    )


def allow_publishers(key: kms.IKey) -> None:
    """Let CloudWatch alarms, RDS events and EventBridge publish to topics that are encrypted with the key.

    A request that EventBridge makes to KMS carries no source account: with a condition on it, every
    notification would be dropped in silence.
    https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
    """
    actions = ["kms:Decrypt", "kms:GenerateDataKey*"]
    mine = {"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}}
    _allow(key, "cloudwatch", actions, mine)
    _allow(key, "events.rds", actions, {})
    _allow(key, "events", actions, {})


def _allow(key: kms.IKey, publisher: str, actions: list[str], conditions: dict[str, dict[str, str]]) -> None:
    statement = iam.PolicyStatement(
        principals=[service(publisher)], actions=actions, resources=["*"], conditions=conditions
    )
    key.add_to_resource_policy(statement, allow_no_op=True)  # the policy of an imported key is its owner's affair


def _bad_alias(options: Options) -> bool:
    alias = options["alias"]
    return alias is not None and not re.fullmatch(facts.ALIAS_NAME.value, alias)


RULES = [
    Rule(
        option="alias",
        broken=_bad_alias,
        allowed="1 to 250 letters, digits, '/', '_' and '-', not starting with 'aws/'",
        why=facts.ALIAS_NAME.says,
        source=facts.ALIAS_NAME.source,
    )
]
