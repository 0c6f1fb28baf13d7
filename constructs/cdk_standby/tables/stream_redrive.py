"""Messages that a replicator parked, tried again by themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from aws_cdk import Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from cdk_standby_review.facts import redrive as facts
from cdk_standby_review.facts import replication

from .._alarms import AlarmSpec, add_alarms
from .._checks import Options, Problem, Rule, check, shown, within
from .._reasons import weakened
from .._tokens import is_token
from ..alarm_topic import AlarmTopic
from . import _replicator_parts as parts
from .stream_replicator import StreamReplicator

RECOVERY = ("Lag", "ApplyErrors")
"""The alarms of a replicator that are quiet again when changes are carried again."""
_MINUTE = Duration.minutes(1)


class StreamRedrive(Construct):
    """Sends what a replicator parked once more, when the replicator's alarms are quiet again after an outage.

    A message that was parked because of the outage is applied then. One that can never be applied comes back, is
    tried again `at_most` times a day, and is put aside into `poison`, where somebody is told of it. Nothing is deleted:
    a message is always in one of the queues, each of which keeps it for 14 days.

    Whatever comes twice or late is declined where it arrives, since versions decide (`StreamReplicator`).
    """

    function: lambda_.Function
    poison: sqs.Queue
    """Messages that were tried often enough."""
    rule: events.Rule
    state: ssm.StringParameter
    """When messages were tried again."""
    alarms: dict[str, cloudwatch.Alarm]

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        replicator: StreamReplicator,
        at_most: int = 3,
        velocity: int = 10,
        log_retention: logs.RetentionDays = logs.RetentionDays.THREE_MONTHS,
        paused_because: str | None = None,
        deletable_because: str | None = None,
        alarms: AlarmTopic | None = None,
        alarm_thresholds: Mapping[str, float] | None = None,
        alarms_off_because: Mapping[str, str] | None = None,
    ) -> None:
        """Build the queue for what cannot be applied, and what moves messages.

        Args:
            scope: the parent, in the stack of the replicator.
            id: unique among the parent's children; another id is another queue, so keep it.
            replicator: whose parked messages are tried again, under its key; with its alarm Lag or ApplyErrors.
            at_most: how often a day parked messages are tried again by themselves, 1 to 10; left out: 3.
            velocity: how many messages a second are moved, 1 to 500, so that new changes are not held up; left out: 10.
            log_retention: of the function; left out: three months.
            paused_because: why nothing is tried again by itself; otherwise it is.
            deletable_because: why messages that were put aside may be deleted with the stack, in a lab; otherwise the
                queue is retained.
            alarms: who is told; left out: alarms exist, but notify nobody.
            alarm_thresholds: other thresholds by name: Poison (messages), RedriveErrors (a minute).
            alarms_off_because: alarms to leave out, by name, with reasons.

        Raises:
            InvalidOptions: with every option that cannot work, and the AWS page that says so
                (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html).
        """
        super().__init__(scope, id)
        recovering = [alarm for name, alarm in replicator.alarms.items() if name in RECOVERY]
        unknown = _unknown(self, at_most=at_most, velocity=velocity)
        given = {
            "replicator": replicator.node.path,
            "stacks": [Stack.of(one).node.path for one in (self, replicator)],
            "recovering": recovering,
            "at_most": at_most,
            "velocity": velocity,
        }
        check(self, RULES, given, also=unknown)
        weakened(self, "paused", paused_because)
        weakened(self, "deletable", deletable_because)
        key = cast("kms.IKey", replicator.parked.encryption_master_key)
        kept = parts.Kept(key=key, log_retention=log_retention, deletable_because=deletable_because)
        self.poison = parts.queue(self, "PoisonQueue", kept, retention=parts.LONGEST_RETENTION)
        _let_back(self.poison, replicator.parked)
        self.state = ssm.StringParameter(
            self, "State", string_value="[]", description=f"When {self.node.path} tried parked messages again"
        )
        self.function = self._function(kept, replicator, at_most, velocity)
        self.rule = _when_quiet(self, recovering, self.function, enabled=paused_because is None)
        self.alarms = add_alarms(
            self,
            _alarms(self.poison, self.function),
            topic=alarms,
            thresholds=alarm_thresholds,
            off_because=alarms_off_because,
        )

    def _function(
        self, kept: parts.Kept, replicator: StreamReplicator, at_most: int, velocity: int
    ) -> lambda_.Function:
        parked, waiting = replicator.parked, replicator.waiting
        made = parts.function(
            self,
            "Redrive",
            kept,
            handler="replicator.redrive.handler",
            timeout=_MINUTE,
            environment={
                "PARKED_URL": parked.queue_url,
                "PARKED_ARN": parked.queue_arn,
                "WAITING_ARN": waiting.queue_arn,
                "POISON_ARN": self.poison.queue_arn,
                "STATE": self.state.parameter_name,
                "AT_MOST": str(at_most),
                "VELOCITY": str(velocity),
            },
            may=_may(parked, [waiting, self.poison], self.state, kept.key),
            says=f"Parked messages, once more: {self.node.path}",
            limited="alarms invoke it, a few times a day: what a lost event leaves is there for the next one",
        )
        resource = cast("lambda_.CfnFunction", made.node.default_child)
        resource.reserved_concurrent_executions = 1
        return made


def _let_back(poison: sqs.Queue, parked: sqs.Queue) -> None:
    """SQS moves messages out of dead-letter queues only: as that of `parked`, `poison` can be redriven by hand."""
    resource = cast("sqs.CfnQueue", parked.node.default_child)
    most = int(replication.RECEIVES.value.high)
    resource.redrive_policy = {"deadLetterTargetArn": poison.queue_arn, "maxReceiveCount": most}


def _may(
    source: sqs.Queue, destinations: list[sqs.Queue], state: ssm.StringParameter, key: kms.IKey
) -> list[iam.PolicyStatement]:
    """What a move of messages needs of whoever starts it."""
    take = ["DeleteMessage", "GetQueueAttributes", "ListMessageMoveTasks", "ReceiveMessage", "StartMessageMoveTask"]
    return [
        iam.PolicyStatement(actions=[f"sqs:{action}" for action in take], resources=[source.queue_arn]),
        iam.PolicyStatement(actions=["sqs:SendMessage"], resources=[queue.queue_arn for queue in destinations]),
        iam.PolicyStatement(actions=["kms:Decrypt", "kms:GenerateDataKey"], resources=[key.key_arn]),
        iam.PolicyStatement(actions=["ssm:GetParameter", "ssm:PutParameter"], resources=[state.parameter_arn]),
    ]


def _when_quiet(
    scope: Construct, alarms: list[cloudwatch.Alarm], function: lambda_.Function, *, enabled: bool
) -> events.Rule:
    """From ringing to quiet: not when an alarm was just made, nor while it has no data."""
    rule = events.Rule(
        scope,
        "Quiet",
        enabled=enabled,
        event_pattern=events.EventPattern(
            source=["aws.cloudwatch"],
            detail_type=["CloudWatch Alarm State Change"],
            resources=[alarm.alarm_arn for alarm in alarms],
            detail={"state": {"value": ["OK"]}, "previousState": {"value": ["ALARM"]}},
        ),
    )
    rule.add_target(cast("events.IRuleTarget", targets.LambdaFunction(function, retry_attempts=2)))
    return rule


def _alarms(poison: sqs.Queue, function: lambda_.Function) -> Iterator[AlarmSpec]:
    silent = cloudwatch.TreatMissingData.NOT_BREACHING
    yield AlarmSpec(
        name="Poison",
        metric=poison.metric_approximate_number_of_messages_visible(statistic="Maximum", period=_MINUTE),
        threshold=0,
        periods=1,
        missing=silent,
        says="Messages were tried often enough and cannot be applied. Read why in the log of the applying function; "
        "mend it and redrive this queue and the parked one, or resend from the table.",
    )
    yield AlarmSpec(
        name="RedriveErrors",
        metric=function.metric_errors(statistic="Sum", period=_MINUTE),
        threshold=0,
        periods=1,
        missing=silent,
        says="Parked messages were not tried again. Read the function's log, and redrive the queue by hand.",
    )


def _unknown(where: Construct, **numbers: int) -> list[Problem]:
    return [
        Problem(
            where=where.node.path,
            option=option,
            got="a number that only the deployment knows",
            allowed="a number that is known at synth",
            why="the function reads it as text",
        )
        for option, number in numbers.items()
        if is_token(number)
    ]


def _path_of_alarms(_: Options) -> str:
    return f"a StreamReplicator with one of its alarms {shown(list(RECOVERY))}"


RULES = [
    within("at_most", facts.REDRIVES),
    within("velocity", facts.VELOCITY),
    Rule(
        option="replicator",
        broken=lambda o: len(set(o["stacks"])) > 1,
        allowed=lambda o: f"a replicator of the stack {o['stacks'][0]}",
        why="their queues name each other, which two stacks cannot",
    ),
    Rule(
        option="replicator",
        broken=lambda o: not o["recovering"],
        allowed=_path_of_alarms,
        why="an alarm that is quiet again tells that changes are carried again",
    ),
]
