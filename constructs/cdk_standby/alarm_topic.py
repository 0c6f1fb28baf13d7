"""Who is told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from aws_cdk import Aws, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from ._checks import InvalidOptions, Problem, Rule, check
from ._roles import service
from ._tokens import is_token
from .keys import DataKey, allow_publishers


class AlarmTopic(Construct):
    """An encrypted SNS topic that alarms, RDS events and EventBridge rules of its Region can publish to.

    Zone loss: SNS spans zones. Region loss: not survived, and not meant to be. An alarm can only tell a topic of its
    own Region, so each site has one, and what must ring while a Region is lost is alarmed in another.

    Nobody is told before the subscribers have confirmed the mail that SNS sends them.
    """

    topic: sns.ITopic
    key: kms.IKey

    def __init__(self, scope: Construct, id: str, *, key: kms.IKey | None = None, emails: Sequence[str] = ()) -> None:
        """Make the topic.

        Args:
            scope: the construct or stack that the topic belongs to.
            id: its construct id.
            key: the KMS key that encrypts messages; its policy is extended so that the publishers can use it, unless it
                is imported: then its owner must do that. Left out: a key of its own.
            emails: addresses to subscribe; left out: nobody is subscribed, do it with `topic.add_subscription`.

        Raises:
            InvalidOptions: an address is none, or is there twice
                (https://docs.aws.amazon.com/sns/latest/dg/sns-email-notifications.html).
        """
        super().__init__(scope, id)
        check(self, RULES, {"emails": emails})
        self.key = key or DataKey(self, "Key").key
        allow_publishers(self.key)
        self.topic = cast("sns.ITopic", sns.Topic(self, "Topic", master_key=self.key, enforce_ssl=True))
        _allow_publish(self.topic)
        self._action = cast("cloudwatch.IAlarmAction", actions.SnsAction(self.topic))
        self._region = Stack.of(self).region
        for email in emails:
            self.topic.add_subscription(cast("sns.ITopicSubscription", subscriptions.EmailSubscription(email)))

    def notify(self, alarm: cloudwatch.Alarm) -> None:
        """Tell this topic when the alarm rings, and when it is quiet again.

        Raises:
            InvalidOptions: the alarm is in another Region.
        """
        self.check_region(alarm)
        self.tell(alarm)

    def tell(self, alarm: cloudwatch.Alarm) -> None:
        """As `notify`, for an alarm whose Region was checked already."""
        alarm.add_alarm_action(self._action)
        alarm.add_ok_action(self._action)

    def notify_of(self, rule: events.Rule, message: events.RuleTargetInput | None = None) -> None:
        """Tell this topic of every event that the rule matches.

        Args:
            rule: an EventBridge rule of the same Region.
            message: what to send; left out: the whole event, as JSON.

        Raises:
            InvalidOptions: the rule is in another Region.
        """
        self.check_region(rule)
        rule.add_target(cast("events.IRuleTarget", targets.SnsTopic(self.topic, message=message)))

    def check_region(self, source: Construct) -> None:
        """Raise InvalidOptions when alarms and rules of this scope are in another Region."""
        there, here = Stack.of(source).region, self._region
        if there != here and not (is_token(there) or is_token(here)):
            problem = Problem(
                where=source.node.path,
                option="alarms",
                got=f"{self.node.path} in {here}",
                allowed=f"an AlarmTopic in {there}",
                why="an alarm or a rule tells topics of its own Region only",
                source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html",
            )
            raise InvalidOptions([problem])


def _allow_publish(topic: sns.ITopic) -> None:
    """Name the publishers: a topic with a policy of its own loses the default one, which let the account publish.

    EventBridge publishes without a source account, and is let in by the target of each rule.
    """
    for publisher in ("cloudwatch", "events.rds"):
        topic.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[service(publisher)],
                actions=["sns:Publish"],
                resources=[topic.topic_arn],
                conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}},
            )
        )


_EMAILS = "https://docs.aws.amazon.com/sns/latest/dg/sns-email-notifications.html"
RULES = [
    Rule(
        option="emails",
        broken=lambda o: any(len(e.split("@")) != 2 or not all(e.split("@")) for e in o["emails"]),
        allowed="addresses such as 'on-call@example.com'",
        why="SNS sends each of them a mail to confirm",
        source=_EMAILS,
    ),
    Rule(
        option="emails",
        broken=lambda o: len(set(o["emails"])) < len(o["emails"]),
        allowed="each address once",
        why="one subscription each is all that SNS keeps",
        source=_EMAILS,
    ),
]
