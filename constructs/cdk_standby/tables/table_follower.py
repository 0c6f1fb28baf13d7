"""A function that follows the changes of a table, and loses none of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal
from weakref import WeakKeyDictionary

from aws_cdk import Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from cdk_standby_review.facts import Range
from cdk_standby_review.facts import dynamodb as facts

from .._alarms import AlarmSpec, add_alarms
from .._checks import Rule, check, one_of
from ..alarm_topic import AlarmTopic
from ..relational._parts import accept
from ..relational._rules import of_the_region
from ._table_access import STREAM, TableAccess

_LAMBDA = "https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-params.html"
_FOLLOWERS: WeakKeyDictionary[TableAccess, int] = WeakKeyDictionary()


class TableFollower(Construct):
    """Calls a function with every change of a table, in order by item, and puts aside what it cannot do.

    An item that fails stops no others: a failing batch is halved until the item is alone, tried again, and then its
    place in the stream goes to a queue. Only there is it for 24 hours, as in the stream itself: a function that is
    broken for longer loses changes, so an alarm rings long before. A lost zone does not matter. In a lost Region the
    changes of other replicas are followed there, by a follower of its own.
    """

    mapping: lambda_.CfnEventSourceMapping
    policy: iam.ManagedPolicy
    alarms: dict[str, cloudwatch.Alarm]

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        table: TableAccess,
        function: lambda_.IFunction,
        failures: sqs.IQueue,
        start: Literal["oldest", "newest"] = "oldest",
        batch: int = 100,
        parallel: int = 1,
        retries: int = 10,
        alarms: AlarmTopic | None = None,
        alarm_thresholds: Mapping[str, float] | None = None,
        alarms_off_because: Mapping[str, str] | None = None,
    ) -> None:
        """Let the function follow.

        Args:
            scope: the parent, in the Region of the table or replica.
            id: unique among the parent's children.
            table: one with a stream.
            function: with a role that can be given permissions; it answers with the items of a batch that failed
                (``batchItemFailures``).
            failures: a queue in the same Region that gets the place in the stream of what failed to the end.
            start: "oldest": with what the stream still has; "newest": with what comes. Left out: "oldest".
            batch: changes in one call at most, 1 to 10,000; left out: 100.
            parallel: calls at a time for each shard, 1 to 10, the changes of one item still in order; left out: 1.
            retries: how often an item alone is tried again, 0 to 10,000; left out: 10.
            alarms: who is told; left out: alarms exist, but notify nobody.
            alarm_thresholds: other thresholds by name: Behind (milliseconds), Failures (messages).
            alarms_off_because: alarms to leave out, by name, with reasons.

        Raises:
            InvalidOptions: the table has no stream, or has as many followers as one may have, or a number is out of
                range (https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html).
        """
        super().__init__(scope, id)
        followers = _FOLLOWERS.get(table, 0)
        placed: dict[str, Any] = {
            "kind": "follower",
            "region": Stack.of(self).region,
            "regions": {
                "table": Stack.of(table).region,
                "failures": failures.env.region,
                "function": function.env.region,
                "alarms": Stack.of(alarms).region if alarms else None,
            },
            "table": table.node.path,
            "function": function.node.path,
            "failures": failures.node.path,
            "alarms": alarms.node.path if alarms else None,
            "followers": followers,
            "role": function.role,
            "stream": table.stream_arn,
        }
        check(self, RULES, {"start": start, "batch": batch, "parallel": parallel, "retries": retries, **placed})
        _FOLLOWERS[table] = followers + 1
        roles = [function.role] if function.role else []
        self.policy = iam.ManagedPolicy(self, "Policy", statements=list(_may(table, failures)), roles=roles)
        because = "ListStreams takes no resource, and Lambda asks for it before it follows any stream"
        accept(self.policy, because, "AwsSolutions::AwsSolutions-IAM5[Resource::*]")
        self.mapping = lambda_.CfnEventSourceMapping(
            self,
            "Mapping",
            function_name=function.function_arn,
            event_source_arn=table.stream_arn,
            starting_position={"oldest": "TRIM_HORIZON", "newest": "LATEST"}[start],
            batch_size=batch,
            parallelization_factor=parallel,
            maximum_retry_attempts=retries,
            maximum_record_age_in_seconds=int(facts.STREAM_RETENTION.value.high),
            bisect_batch_on_function_error=True,
            function_response_types=["ReportBatchItemFailures"],
            destination_config=lambda_.CfnEventSourceMapping.DestinationConfigProperty(
                on_failure=lambda_.CfnEventSourceMapping.OnFailureProperty(destination=failures.queue_arn)
            ),
        )
        self.mapping.node.add_dependency(self.policy)
        self.alarms = add_alarms(
            self,
            _alarms(function, failures),
            topic=alarms,
            thresholds=alarm_thresholds,
            off_because=alarms_off_because,
        )


def _may(table: TableAccess, failures: sqs.IQueue) -> Iterator[iam.PolicyStatement]:
    yield iam.PolicyStatement(actions=list(STREAM), resources=[table.stream_arn or ""])
    yield iam.PolicyStatement(actions=["dynamodb:ListStreams"], resources=["*"])
    through = {"StringEquals": {"kms:ViaService": f"dynamodb.{Stack.of(table).region}.amazonaws.com"}}
    yield iam.PolicyStatement(actions=["kms:Decrypt"], resources=[table.key.key_arn], conditions=through)
    yield iam.PolicyStatement(actions=["sqs:SendMessage"], resources=[failures.queue_arn])
    if failures.encryption_master_key is not None:
        key = failures.encryption_master_key.key_arn
        yield iam.PolicyStatement(actions=["kms:Decrypt", "kms:GenerateDataKey"], resources=[key])


def _alarms(function: lambda_.IFunction, failures: sqs.IQueue) -> Iterator[AlarmSpec]:
    yield AlarmSpec(
        name="Behind",
        metric=function.metric("IteratorAge", statistic="Maximum", period=Duration.minutes(1)),
        threshold=3_600_000,
        periods=5,
        missing=cloudwatch.TreatMissingData.NOT_BREACHING,
        says="The function is an hour behind the table; after 24 hours changes are gone. Look at its errors and its "
        "concurrency, and raise 'parallel' if it only is slow.",
    )
    yield AlarmSpec(
        name="Failures",
        metric=failures.metric_approximate_number_of_messages_visible(statistic="Maximum", period=Duration.minutes(1)),
        threshold=0,
        periods=1,
        missing=cloudwatch.TreatMissingData.NOT_BREACHING,
        says="Changes could not be followed. A message names their place in the stream, which forgets them 24 hours "
        "after they were made: read them from the table again.",
    )


def _within(option: str, allowed: Range) -> Rule:
    return Rule(
        option=option,
        broken=lambda o: o[option] not in allowed,
        allowed=str(allowed),
        why="Lambda takes no more and no less",
        source=_LAMBDA,
    )


RULES = (
    *(of_the_region(o, "Lambda follows streams of its own Region", _LAMBDA) for o in ("table", "function", "failures")),
    of_the_region("alarms", "alarms tell topics of their own Region only", _LAMBDA),
    one_of("start", ("oldest", "newest"), why="a stream is read from one of its ends", source=_LAMBDA),
    _within("batch", Range(1, 10_000)),
    _within("parallel", Range(1, 10)),
    _within("retries", Range(0, 10_000)),
    Rule(
        option="table",
        broken=lambda o: o["stream"] is None,
        allowed="a table with 'stream', or a TableReplica with 'stream_arn'",
        why="changes are followed through the stream",
        source=facts.STREAM_READERS.source,
    ),
    Rule(
        option="table",
        broken=lambda o: o["followers"] >= facts.STREAM_READERS.value,
        allowed="a table with one follower or none",
        why=facts.STREAM_READERS.says,
        source=facts.STREAM_READERS.source,
    ),
    Rule(
        option="function",
        broken=lambda o: o["role"] is None,
        allowed="a function with a role, not one imported without",
        why="Lambda reads the stream as that role",
        source=_LAMBDA,
    ),
)
