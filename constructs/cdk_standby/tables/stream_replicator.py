"""One table's changes, carried to a table in another Region or account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aws_cdk import Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from cdk_standby_review.facts import replication as facts

from .._alarms import add_alarms
from .._checks import check
from .._reasons import weakened
from ..alarm_topic import AlarmTopic
from . import _replicator_alarms as watch
from . import _replicator_parts as parts
from ._replicator_rules import RULES, problems_of
from ._replicator_values import Replicated, ReplicationTarget, key_of, stream_of, through_dynamodb
from .replication_entrance import ReplicationEntrance

__all__ = ["ReplicationEntrance", "ReplicationTarget", "StreamReplicator"]

_APPLY = Duration.minutes(1)
_CAPTURE = Duration.minutes(5)


class StreamReplicator(Construct):
    """Carries the changes of a table to a table elsewhere, for what global tables cannot do: stream, queue, function.

    Instance or zone loss, here or there: nothing happens. Loss of the other Region: changes wait in the queue, which
    is in this Region, for up to `bridges`, and arrive by themselves within half an hour of its return. Loss of this
    Region: what was not carried yet, seconds as a rule, waits until it returns. Nothing here needs the other stack in
    order to be deployed. Two tables that are both written have a replicator each.

    The last writer of an item wins everywhere, by a stamp that every writer adds (`Stamps`); ties are
    decided by the writer's name. Deletes are stamped tombstones. Writes without a stamp stay where they are, and ring.
    """

    waiting: sqs.Queue
    """Changes on their way."""
    parked: sqs.Queue
    """Messages that could never be applied."""
    missed: sqs.Queue
    """Where in the stream changes were given up."""
    capture: lambda_.Function
    apply: lambda_.Function
    carrying: lambda_.EventSourceMapping
    """What hands changes to `apply`; disabled, they wait."""
    paused: bool
    site: str
    alarms: dict[str, cloudwatch.Alarm]

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        table: Replicated,
        to: ReplicationTarget,
        key: kms.IKey,
        table_key: kms.IKey | None = None,
        site: str | None = None,
        bridges: Duration | None = None,
        retention: Duration | None = None,
        tombstones: Duration | None = None,
        ttl: str = "expires_at",
        concurrency: int = 20,
        role_name: str | None = None,
        log_retention: logs.RetentionDays = logs.RetentionDays.THREE_MONTHS,
        paused_because: str | None = None,
        deletable_because: str | None = None,
        alarms: AlarmTopic | None = None,
        alarm_thresholds: Mapping[str, float] | None = None,
        alarms_off_because: Mapping[str, str] | None = None,
    ) -> None:
        """Build queues and functions.

        Args:
            scope: the parent, in the Region of the table that is written.
            id: unique among the parent's children; another id is another queue, so keep it.
            table: the table that is written here, of this library or of the CDK, with a stream of new and old images.
                At most two replicators read a stream.
            to: the table that gets the changes, by name.
            key: encrypts queues, logs and the functions' environment in this Region; its policy is extended for
                CloudWatch Logs, unless it is imported.
            table_key: encrypts `table`; left out: the key that the table knows, none if it knows none.
            site: what this place is called in stamps; two sites never share a name. Left out: the Region.
            bridges: the longest outage of the other side after which nothing is lost, 1 to 14 days; left out: 7 days.
            retention: how long the queue keeps changes, at least `bridges`; left out: 14 days.
            tombstones: how long a delete is remembered, 29 days or more; left out: 35 days.
            ttl: the attribute by which both tables delete expired items, and with them tombstones; left out:
                ``expires_at``.
            concurrency: how many batches of ten are applied at once, 2 to 1000; left out: 20.
            role_name: of the applying function's role, by which another account lets it in; left out: CloudFormation
                makes one up, unless `to` is in another account. Create-only.
            log_retention: of both functions; left out: three months.
            paused_because: why changes wait here and are not carried on; otherwise they are carried.
            deletable_because: why changes that wait may be deleted with the stack, in a lab; otherwise queues and logs
                are retained.
            alarms: who is told; left out: alarms exist, but notify nobody.
            alarm_thresholds: other thresholds by name: Lag (seconds), Retention (seconds), Parked and Missed
                (messages), StreamAge (milliseconds), Unstamped (writes a minute), CaptureErrors, CaptureThrottles,
                ApplyErrors and ApplyThrottles (a minute).
            alarms_off_because: alarms to leave out, by name, with reasons.

        Raises:
            InvalidOptions: with every option that cannot work, and the AWS page that says so
                (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html).
        """
        super().__init__(scope, id)
        bridges, retention = bridges or Duration.days(7), retention or parts.LONGEST_RETENTION
        tombstones = tombstones or Duration.days(35)
        check(self, RULES, locals(), also=problems_of(self, table, to, ttl, role_name))
        weakened(self, "paused", paused_because)
        weakened(self, "deletable", deletable_because)

        self.site, self.ttl, self._tombstones = site or Stack.of(self).region, ttl, tombstones
        self._table, self._table_key = table, table_key or key_of(table)
        kept = parts.Kept(key=key, log_retention=log_retention, deletable_because=deletable_because)
        self.missed = parts.queue(self, "MissedQueue", kept, retention=parts.LONGEST_RETENTION)
        self.parked = parts.queue(self, "ParkedQueue", kept, retention=parts.LONGEST_RETENTION)
        hidden = Duration.seconds(facts.VISIBILITY.value * int(_APPLY.to_seconds()))
        self.waiting = parts.queue(self, "WaitingQueue", kept, retention=retention, hidden=hidden, parked=self.parked)
        self.capture = self._capture(kept, stream_of(table) or "")
        self.apply = self._apply(kept, to, role_name)
        self.paused = paused_because is not None
        self.carrying = parts.from_queue(self.apply, self.waiting, concurrency=concurrency, paused=self.paused)

        moving = watch.Moving(
            waiting=self.waiting,
            parked=self.parked,
            missed=self.missed,
            capture=self.capture,
            apply=self.apply,
            unstamped=watch.unstamped(self, self.capture),
            retention=retention,
        )
        self.alarms = add_alarms(
            self,
            watch.replicator_alarms(moving),
            topic=alarms,
            thresholds=alarm_thresholds,
            off_because=alarms_off_because,
        )

    @property
    def writer_environment(self) -> dict[str, str]:
        """What `Stamps.from_environment` reads, for whoever writes to the table."""
        return {
            "REPLICATION_SITE": self.site,
            "REPLICATION_TOMBSTONE_SECONDS": str(int(self._tombstones.to_seconds())),
            "REPLICATION_EXPIRES": self.ttl,
        }

    def grant_write(self, grantee: iam.IGrantable) -> None:
        """Let somebody put and change items, naming the version: IAM refuses writes without it, and plain deletes."""
        stamped = {"ForAnyValue:StringEquals": {facts.ATTRIBUTES.value: ["_version"]}}
        actions = ["dynamodb:PutItem", "dynamodb:UpdateItem"]
        may = iam.PolicyStatement(actions=actions, resources=[self._table.table_arn], conditions=stamped)
        for statement in (may, *through_dynamodb(self._table, self._table_key)):
            grantee.grant_principal.add_to_principal_policy(statement)

    def _capture(self, kept: parts.Kept, stream: str) -> lambda_.Function:
        environment = {
            "SITE": self.site,
            "QUEUE_URL": self.waiting.queue_url,
            "TABLE": self._table.table_name,
        }
        made = parts.function(
            self,
            "Capture",
            kept,
            handler="replicator.capture.handler",
            timeout=_CAPTURE,
            environment=environment,
            may=[
                *parts.read_stream(stream, self._table.table_arn),
                *through_dynamodb(self._table, self._table_key),
            ],
            says=f"Stream to queue: {self.node.path}",
        )
        self.waiting.grant_send_messages(made)
        parts.from_stream(made, stream, self.site, self.missed)
        return made

    def _apply(self, kept: parts.Kept, to: ReplicationTarget, role_name: str | None) -> lambda_.Function:
        stack = Stack.of(self)
        environment: dict[str, Any] = {
            "TARGET_REGION": to.region,
            "TARGET_TABLE": to.table_name,
            "QUEUE_URL": self.waiting.queue_url,
            "PARKED_URL": self.parked.queue_url,
            "OLDEST_SECONDS": str(int(self._tombstones.to_seconds() - parts.CLOCKS.to_seconds())),
        }
        if (role := to.role_arn(stack)) is not None:
            environment["TARGET_ROLE"] = role
        made = parts.function(
            self,
            "Apply",
            kept,
            handler="replicator.apply.handler",
            timeout=_APPLY,
            environment=environment,
            may=to.statements(stack),
            role_name=role_name,
            says=f"Queue to {to.table_name} in {to.region}: {self.node.path}",
        )
        self.parked.grant_send_messages(made)
        return made
