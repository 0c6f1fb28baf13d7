"""A queue that outlasts the outage of those who empty it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from .._alarms import add_alarms
from .._checks import check
from .._reasons import all_weakened
from ..alarm_topic import AlarmTopic
from ..relational._parts import accept
from ._queue_alarms import queue_alarms
from ._queue_rules import RULES, dead_name

__all__ = ["Queue"]

LONGEST = Duration.days(14)


class Queue(Construct):
    """An SQS queue that keeps what nobody takes for as long as an outage may last, and puts aside what cannot be done.

    Zone loss: SQS keeps messages in several zones. Region loss: what waits in the queue waits there until the Region
    returns, and is lost when its retention ends first; the recovery Region has an empty queue of its own, to which
    senders turn with the traffic. SQS replicates nothing. So whatever must not be lost is in a store that replicates
    before it is in a queue, and consumers bear to see a message twice: again from the old Region, when it returns.

    Consumers being down: messages wait, 7 days unless `retention` says otherwise. Deletion: retained with its dead
    letters.
    """

    queue: sqs.Queue
    dead_letters: sqs.Queue | None
    """What was received too often; None: `no_dead_letters_because` says why it is dropped."""
    key: kms.IKey | None
    visibility_timeout: Duration
    fifo: bool
    alarms: dict[str, cloudwatch.Alarm]

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        key: kms.IKey | None = None,
        queue_name: str | None = None,
        fifo: bool = False,
        deduplicate_by_content: bool = False,
        high_throughput: bool = True,
        retention: Duration | None = None,
        bridges: Duration | None = None,
        visibility_timeout: Duration | None = None,
        max_receives: int = 5,
        delay: Duration | None = None,
        max_message_bytes: int = 1_048_576,
        no_dead_letters_because: str | None = None,
        deletable_because: str | None = None,
        alarms: AlarmTopic | None = None,
        alarm_thresholds: Mapping[str, float] | None = None,
        alarms_off_because: Mapping[str, str] | None = None,
    ) -> None:
        """Build the queue.

        Args:
            scope: the parent.
            id: unique among the parent's children; another id is another, empty queue.
            key: encrypts messages; a key of this Region, whose policy has to let in the AWS services that send. Left
                out: SQS encrypts them with a key of its own.
            queue_name: a physical name, by which other templates know it; of a FIFO queue it ends with ``.fifo``. Left
                out: AWS makes one up. Create-only.
            fifo: True keeps the order in each group of messages and drops those sent twice within five minutes; left
                out: order is not promised, and a message may come twice. Create-only.
            deduplicate_by_content: True takes messages of a FIFO queue with the same body for the same; left out: the
                sender says which are.
            high_throughput: False limits a FIFO queue to 300 operations a second as a whole; left out: each group of
                messages has that for itself.
            retention: how long a message waits to be taken, a minute to 14 days; left out: 7 days.
            bridges: the longest outage of the consumers that must lose nothing; a shorter `retention` is refused. Left
                out: nothing is compared.
            visibility_timeout: how long a message is hidden from others once it was received, up to 12 hours; six
                times the timeout of a function that gets it. Left out: 6 minutes.
            max_receives: after how many receptions a message is put aside, 1 to 1000; left out: 5.
            delay: how long new messages are held back, up to 15 minutes; left out: not at all.
            max_message_bytes: the largest message, 1024 to 1048576; left out: 1 MiB.
            no_dead_letters_because: why a message that cannot be done is tried until its retention ends, and dropped;
                otherwise it is put aside, and kept until it is 14 days old.
            deletable_because: why the queue may go with its stack and all that waits in it; otherwise it is retained.
            alarms: who is told; left out: alarms exist, but notify nobody.
            alarm_thresholds: other thresholds by name: OldestMessage (seconds), DeadLetters (messages).
            alarms_off_because: alarms to leave out, by name, with reasons.

        Raises:
            InvalidOptions: with every option that cannot work, and the AWS page that says so
                (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html).
        """
        super().__init__(scope, id)
        retention, visible = retention or Duration.days(7), visibility_timeout or Duration.minutes(6)
        options = {**locals(), "visibility_timeout": visible, **_placed(self, key, alarms)}
        check(self, RULES, options)
        all_weakened(self, options)

        self.key, self.visibility_timeout, self.fifo = key, visible, fifo
        removal = RemovalPolicy.DESTROY if deletable_because else RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
        common: dict[str, Any] = {
            "encryption": sqs.QueueEncryption.KMS if key is not None else sqs.QueueEncryption.SQS_MANAGED,
            "encryption_master_key": key,
            "data_key_reuse": Duration.hours(1) if key is not None else None,
            "enforce_ssl": True,
            "removal_policy": removal,
            "max_message_size_bytes": max_message_bytes,
            "fifo": True if fifo else None,
        }
        if fifo and high_throughput:
            common["deduplication_scope"] = sqs.DeduplicationScope.MESSAGE_GROUP
            common["fifo_throughput_limit"] = sqs.FifoThroughputLimit.PER_MESSAGE_GROUP_ID
        self.dead_letters = self._dead_letters(queue_name, common) if no_dead_letters_because is None else None
        self.queue = sqs.Queue(
            self,
            "Queue",
            queue_name=queue_name,
            retention_period=retention,
            visibility_timeout=visible,
            delivery_delay=delay,
            receive_message_wait_time=Duration.seconds(20),
            content_based_deduplication=deduplicate_by_content or None if fifo else None,
            dead_letter_queue=sqs.DeadLetterQueue(
                queue=cast("sqs.IQueue", self.dead_letters), max_receive_count=max_receives
            )
            if self.dead_letters is not None
            else None,
            **common,
        )
        if self.dead_letters is None:
            accept(self.queue, no_dead_letters_because or "", _WITHOUT)
        else:
            self._only_from_here(self.dead_letters, queue_name)
        specs = queue_alarms(self)
        self.alarms = add_alarms(self, specs, topic=alarms, thresholds=alarm_thresholds, off_because=alarms_off_because)

    @property
    def queue_name(self) -> str:
        """Its name in its Region."""
        return self.queue.queue_name

    @property
    def queue_url(self) -> str:
        """What clients are given."""
        return self.queue.queue_url

    @property
    def queue_arn(self) -> str:
        """For permissions."""
        return self.queue.queue_arn

    def grant_send(self, grantee: iam.IGrantable) -> None:
        """Let somebody send messages, and use the key for that."""
        self.queue.grant_send_messages(grantee)

    def grant_consume(self, grantee: iam.IGrantable) -> None:
        """Let somebody receive messages and delete them."""
        self.queue.grant_consume_messages(grantee)

    def subscribe_to(
        self, topic: sns.ITopic, *, filters: Mapping[str, sns.SubscriptionFilter] | None = None
    ) -> sns.Subscription:
        """Take what a topic sends, one of several queues perhaps; what SNS cannot deliver goes to the dead letters.

        Args:
            topic: of the same Region; a FIFO topic for a FIFO queue.
            filters: by attribute of a message, which ones to take; None: all.
        """
        subscription = subscriptions.SqsSubscription(
            cast("sqs.IQueue", self.queue),
            raw_message_delivery=True,
            filter_policy=filters,
            dead_letter_queue=cast("sqs.IQueue | None", self.dead_letters),
        )
        return topic.add_subscription(cast("sns.ITopicSubscription", subscription))

    def grant_redrive(self, grantee: iam.IGrantable) -> None:
        """Let a runbook move dead letters back into the queue, once what they failed of is repaired."""
        if self.dead_letters is None:
            return
        self.queue.grant_send_messages(grantee)
        self.dead_letters.grant_consume_messages(grantee)
        actions = ("sqs:CancelMessageMoveTask", "sqs:ListMessageMoveTasks", "sqs:StartMessageMoveTask")
        self.dead_letters.grant(grantee, *actions)

    def metric(self, name: str, *, statistic: str = "Maximum", period: Duration | None = None) -> cloudwatch.Metric:
        """A metric of the queue, such as ``ApproximateNumberOfMessagesVisible``; by the minute."""
        return metric(self.queue, name, statistic, period)

    def _dead_letters(self, name: str | None, common: Mapping[str, Any]) -> sqs.Queue:
        """Kept as long as SQS keeps anything: a message keeps its age when it is put aside."""
        dead = sqs.Queue(self, "Dead", queue_name=dead_name(name), retention_period=LONGEST, **common)
        accept(dead, "messages come here when nothing else can be done with them", _WITHOUT)
        return dead

    def _only_from_here(self, dead: sqs.Queue, name: str | None) -> None:
        """No other queue puts its messages among these. It takes a name: by the queue's own ARN it were a cycle."""
        if name is None:
            return
        arn = Stack.of(self).format_arn(service="sqs", resource=name)
        allowed = {"redrivePermission": "byQueue", "sourceQueueArns": [arn]}
        cast("sqs.CfnQueue", dead.node.default_child).redrive_allow_policy = allowed


_WITHOUT = "AwsSolutions::AwsSolutions-SQS3"


def metric(queue: sqs.Queue, name: str, statistic: str, period: Duration | None = None) -> cloudwatch.Metric:
    """Of any queue."""
    return cloudwatch.Metric(
        namespace="AWS/SQS",
        metric_name=name,
        dimensions_map={"QueueName": queue.queue_name},
        statistic=statistic,
        period=period or Duration.minutes(1),
    )


def _placed(queue: Construct, key: kms.IKey | None, alarms: AlarmTopic | None) -> dict[str, Any]:
    """What was given, by path and Region, for the rules: messages show paths."""
    given = {
        "key": (key.env.region, key.node.path) if key is not None else (None, None),
        "alarms": (Stack.of(alarms).region, alarms.node.path) if alarms is not None else (None, None),
    }
    paths = {name: path for name, (_, path) in given.items()}
    regions = {name: region for name, (region, _) in given.items()}
    return {"region": Stack.of(queue).region, "kind": "queue", "regions": regions, **paths}
