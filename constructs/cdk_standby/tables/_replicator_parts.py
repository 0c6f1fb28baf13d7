"""What a replicator is made of: queues that hold changes, and functions that move them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from cdk_standby_review.facts import replication as facts

from .._roles import service
from ..keys import allow_logs
from ..relational._parts import NIST, accept

CODE = Path(__file__).parent / "replicator_function"
NOT_CODE = ["**/__pycache__", "**/__pycache__/**", "*.pyc"]
"""What running the code leaves behind; it would make the same code another asset."""
RUNTIME = lambda_.Runtime.PYTHON_3_14
LONGEST_RETENTION = Duration.days(14)
STREAM_AGE = Duration.hours(12)
"""After which a change that no queue took is given up: half of the day that the stream keeps it for whoever resends."""
CLOCKS = Duration.days(1)
"""By how much the clocks of writers may differ before an expired tombstone could be missed."""
_BY_MAPPINGS = "it is invoked by event source mappings only, which limit it, repeat it, and put aside what it cannot do"
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
        """Changes that were not carried yet are data."""
        return RemovalPolicy.DESTROY if self.deletable_because else RemovalPolicy.RETAIN


def queue(
    scope: Construct, id: str, kept: Kept, *, retention: Duration, hidden: Duration | None = None, parked: Any = None
) -> sqs.Queue:
    """An encrypted queue; without `parked` it is the end of the way itself."""
    dead = sqs.DeadLetterQueue(queue=parked, max_receive_count=int(facts.RECEIVES.value.high)) if parked else None
    made = sqs.Queue(
        scope,
        id,
        encryption=sqs.QueueEncryption.KMS,
        encryption_master_key=kept.key,
        data_key_reuse=Duration.hours(1),
        enforce_ssl=True,
        retention_period=retention,
        visibility_timeout=hidden,
        removal_policy=kept.removal,
        dead_letter_queue=dead,
    )
    if parked is None:
        accept(made, "messages come here when nothing else can be done with them", "AwsSolutions::AwsSolutions-SQS3")
    return made


def function(
    scope: Construct,
    id: str,
    kept: Kept,
    *,
    handler: str,
    timeout: Duration,
    environment: Mapping[str, str],
    may: Sequence[iam.PolicyStatement],
    role_name: str | None = None,
    says: str,
    limited: str = _BY_MAPPINGS,
    code: Path = CODE,
    name: str | None = None,
    calls: str = "DynamoDB, SQS and STS",
) -> lambda_.Function:
    """A function with its own log group, and a role that may do what is named."""
    allow_logs(kept.key)
    group = logs.LogGroup(
        scope, f"{id}Logs", encryption_key=kept.key, retention=kept.log_retention, removal_policy=kept.removal
    )
    role = iam.Role(scope, f"{id}Role", role_name=role_name, assumed_by=service("lambda"), description=says)
    for statement in may:
        role.add_to_policy(statement)
    made = lambda_.Function(
        scope,
        id,
        runtime=RUNTIME,
        architecture=lambda_.Architecture.ARM_64,
        code=lambda_.Code.from_asset(str(code), exclude=NOT_CODE),
        handler=handler,
        function_name=name,
        description=says,
        role=role,
        timeout=timeout,
        memory_size=512,
        environment=dict(environment),
        environment_encryption=kept.key,
        tracing=lambda_.Tracing.ACTIVE,
        logging_format=lambda_.LoggingFormat.JSON,
        log_group=group,
    )
    group.grant_write(role)
    kept.key.grant_decrypt(role)
    _accept(made, role, limited, calls)
    return made


def _accept(made: lambda_.Function, role: iam.Role, limited: str, calls: str) -> None:
    accept(made, limited, NIST + "LambdaConcurrency", NIST + "LambdaDLQ")
    accept(made, f"it calls {calls}, and nothing of a VPC", NIST + "LambdaInsideVPC")
    inline = "the policy belongs to this role and goes with it: nobody else is to have it"
    accept(role, inline, NIST + "IAMNoInlinePolicy")
    why = "X-Ray and ListStreams take no resource, an alias is a condition on any key, and queues grant their keys so"
    accept(role, why, *_WILDCARDS)
    twice = {"config": {"ignore_checks": ["W3005"]}}  # CDK has a function wait for its role, which it refers to as well
    cast("lambda_.CfnFunction", made.node.default_child).add_metadata("cfn-lint", twice)


def from_stream(capture: lambda_.Function, stream_arn: str, site: str, missed: sqs.Queue) -> lambda_.EventSourceMapping:
    """Captures what was written at this site; what came from elsewhere does not even invoke it."""
    written = {"eventName": ["INSERT", "MODIFY"]}
    here: list[object] = [site]
    nowhere: list[object] = [{"exists": False}]
    return lambda_.EventSourceMapping(
        capture,
        "Stream",
        target=capture,
        event_source_arn=stream_arn,
        starting_position=lambda_.StartingPosition.TRIM_HORIZON,
        batch_size=100,
        parallelization_factor=10,
        bisect_batch_on_error=True,
        report_batch_item_failures=True,
        max_record_age=STREAM_AGE,
        on_failure=sources.SqsDlq(missed),
        filters=[
            lambda_.FilterCriteria.filter({**written, "dynamodb": {"NewImage": {"_origin": {"S": here}}}}),
            lambda_.FilterCriteria.filter({**written, "dynamodb": {"NewImage": {"_origin": {"S": nowhere}}}}),
            lambda_.FilterCriteria.filter({"eventName": ["REMOVE"]}),
        ],
    )


def from_queue(
    apply: lambda_.Function, waiting: sqs.Queue, *, concurrency: int, paused: bool
) -> lambda_.EventSourceMapping:
    """Carries what waits, all the time; paused: it goes on waiting."""
    waiting.grant_consume_messages(apply)
    return lambda_.EventSourceMapping(
        apply,
        "Queue",
        target=apply,
        event_source_arn=waiting.queue_arn,
        batch_size=10,
        max_concurrency=concurrency,
        report_batch_item_failures=True,
        enabled=not paused,
    )


def read_stream(stream_arn: str, table_arn: str) -> list[iam.PolicyStatement]:
    """What Lambda needs to follow a stream, and the function to resend the table."""
    actions = ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"]
    return [
        iam.PolicyStatement(actions=actions, resources=[stream_arn]),
        iam.PolicyStatement(actions=["dynamodb:ListStreams"], resources=["*"]),
        iam.PolicyStatement(actions=["dynamodb:Scan"], resources=[table_arn]),
    ]
