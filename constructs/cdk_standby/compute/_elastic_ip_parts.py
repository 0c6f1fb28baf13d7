"""What a failover of addresses is made of: addresses, and a function that looks after them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import cast

from aws_cdk import Duration, RemovalPolicy, Stack, Tags
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from .._roles import service
from ..keys import allow_logs
from ..relational._parts import NIST, accept

CODE = Path(__file__).parent / "_elastic_ip_function"
NOT_CODE = ["**/__pycache__", "**/__pycache__/**", "*.pyc"]
_TRIES = 2
_TOO_OLD = Duration.minutes(5)
"""After which an event says nothing that the schedule has not seen."""
_WILDCARDS = tuple(
    f"AwsSolutions::AwsSolutions-IAM5[{what}]"
    for what in ("Resource::*", "Action::kms:GenerateDataKey*", "Action::kms:ReEncrypt*")
)


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What all parts have in common."""

    key: kms.IKey
    log_retention: logs.RetentionDays
    deletable_because: str | None

    @property
    def removal(self) -> RemovalPolicy:
        """Of logs: what happened to the addresses."""
        return RemovalPolicy.DESTROY if self.deletable_because else RemovalPolicy.RETAIN


def allocate(scope: Construct, count: int, vpc: ec2.IVpc, *, deletable_because: str | None) -> tuple[ec2.CfnEIP, ...]:
    """The addresses. CloudFormation associates none: it would undo a takeover at the next deployment."""
    gateways = _gateways(scope, vpc)
    made = tuple(ec2.CfnEIP(scope, f"Address{number}", domain="vpc") for number in range(1, count + 1))
    for number, address in enumerate(made, 1):
        Tags.of(address).add("Name", f"{scope.node.path} {number}")
        address.apply_removal_policy(RemovalPolicy.DESTROY if deletable_because else RemovalPolicy.RETAIN)
        address.node.add_dependency(vpc.internet_connectivity_established, *gateways)
    return made


def _gateways(scope: Construct, vpc: ec2.IVpc) -> list[ec2.CfnVPCGatewayAttachment]:
    """What attaches the internet gateway, where this stack does: the CDK's own VPC has others wait for less."""
    stack = Stack.of(scope)
    wanted = stack.resolve(vpc.vpc_id)
    found = [one for one in stack.node.find_all() if isinstance(one, ec2.CfnVPCGatewayAttachment)]
    return [one for one in found if stack.resolve(one.vpc_id) == wanted]


def state(scope: Construct) -> ssm.StringParameter:
    """What the function remembers. CloudFormation writes it once, and leaves it alone as long as this text stays."""
    return ssm.StringParameter(
        scope, "State", string_value="{}", description=f"Who holds the addresses of {scope.node.path}, and since when"
    )


def dead_letters(scope: Construct, kept: Kept) -> sqs.Queue:
    """Events that could not be handled."""
    made = sqs.Queue(
        scope,
        "DeadLetterQueue",
        encryption=sqs.QueueEncryption.KMS,
        encryption_master_key=kept.key,
        data_key_reuse=Duration.hours(1),
        enforce_ssl=True,
        retention_period=Duration.days(14),
    )
    accept(made, "events come here when nothing else can be done with them", "AwsSolutions::AwsSolutions-SQS3")
    return made


def function(scope: Construct, kept: Kept, dead: sqs.Queue) -> lambda_.Function:
    """The function, of which one runs at a time."""
    allow_logs(kept.key)
    group = logs.LogGroup(
        scope, "Logs", encryption_key=kept.key, retention=kept.log_retention, removal_policy=kept.removal
    )
    says = f"Keeps addresses on a healthy server: {scope.node.path}"
    role = iam.Role(scope, "Role", assumed_by=service("lambda"), description=says[:1000])
    made = lambda_.Function(
        scope,
        "Takeover",
        runtime=lambda_.Runtime.PYTHON_3_14,
        architecture=lambda_.Architecture.ARM_64,
        code=lambda_.Code.from_asset(str(CODE), exclude=NOT_CODE),
        handler="takeover.handler.handler",
        description=says[:256],
        role=role,
        timeout=Duration.seconds(50),
        memory_size=256,
        environment_encryption=kept.key,
        reserved_concurrent_executions=1,
        dead_letter_queue=dead,
        retry_attempts=_TRIES,
        max_event_age=_TOO_OLD,
        tracing=lambda_.Tracing.ACTIVE,
        logging_format=lambda_.LoggingFormat.JSON,
        log_group=group,
    )
    group.grant_write(role)
    dead.grant_send_messages(role)
    kept.key.grant_decrypt(role)
    accept(made, "it calls AWS, and nothing of a VPC", NIST + "LambdaInsideVPC")
    accept(
        role, "the policy belongs to this role and goes with it: nobody else is to have it", NIST + "IAMNoInlinePolicy"
    )
    why = "X-Ray and what describes instances, groups and addresses take no resource, and queues grant their keys so"
    accept(role, why, *_WILDCARDS)
    twice = {"config": {"ignore_checks": ["W3005"]}}  # CDK has a function wait for its role, which it refers to as well
    cast("lambda_.CfnFunction", made.node.default_child).add_metadata("cfn-lint", twice)
    return made
