"""Functions that a construct ships: their code, log group and role, and what validators should know of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast

from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from .._roles import service
from ..keys import allow_logs
from ..relational._parts import NIST, accept

RUNTIME = lambda_.Runtime.PYTHON_3_14
NOT_CODE = ["**/__pycache__", "**/__pycache__/**", "*.pyc"]
"""What running the code leaves behind; it would make the same code another asset."""


def function(
    scope: Construct,
    id: str,
    *,
    code: Path,
    handler: str,
    timeout: Duration,
    environment: Mapping[str, str],
    may: Sequence[iam.PolicyStatement],
    key: kms.IKey,
    retention: logs.RetentionDays,
    says: str,
    wildcards: Mapping[str, str],
) -> lambda_.Function:
    """A function that events invoke, with a role that may do what is named; `wildcards` are resources with reasons."""
    allow_logs(key)
    group = logs.LogGroup(scope, f"{id}Logs", encryption_key=key, retention=retention)
    policy = iam.ManagedPolicy(scope, f"{id}Policy", statements=[*may, *_basics(group, key)], description=says)
    role = iam.Role(scope, f"{id}Role", assumed_by=service("lambda"), managed_policies=[policy], description=says)
    made = lambda_.Function(
        scope,
        id,
        runtime=RUNTIME,
        architecture=lambda_.Architecture.ARM_64,
        code=lambda_.Code.from_asset(str(code), exclude=NOT_CODE),
        handler=handler,
        description=says,
        role=role.without_policy_updates(),
        timeout=timeout,
        memory_size=256,
        environment=dict(environment),
        environment_encryption=key,
        logging_format=lambda_.LoggingFormat.JSON,
        log_group=group,
    )
    made.node.add_dependency(policy)
    why = "EventBridge invokes it and repeats what fails, rarely and one at a time, and an alarm rings then"
    accept(made, why, NIST + "LambdaConcurrency", NIST + "LambdaDLQ")
    accept(made, "it calls APIs of AWS, and nothing of a VPC", NIST + "LambdaInsideVPC")
    for resource, because in wildcards.items():
        accept(policy, because, f"AwsSolutions::AwsSolutions-IAM5[Resource::{resource}]")
    twice = {"config": {"ignore_checks": ["W3005"]}}  # CDK has a function wait for its role, which it refers to as well
    cast("lambda_.CfnFunction", made.node.default_child).add_metadata("cfn-lint", twice)
    return made


def _basics(group: logs.LogGroup, key: kms.IKey) -> list[iam.PolicyStatement]:
    write = ["logs:CreateLogStream", "logs:PutLogEvents"]
    return [
        iam.PolicyStatement(actions=write, resources=[group.log_group_arn]),
        iam.PolicyStatement(actions=["kms:Decrypt"], resources=[key.key_arn]),
    ]
