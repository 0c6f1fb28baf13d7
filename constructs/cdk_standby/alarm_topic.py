"""Who is told."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from .keys import DataKey


class AlarmTopic(Construct):
    """An encrypted SNS topic of one Region that alarms, RDS events and EventBridge rules can publish to."""

    topic: sns.Topic

    def __init__(self, scope: Construct, id: str, *, key: kms.IKey | None = None, emails: Sequence[str] = ()) -> None:
        super().__init__(scope, id)
        self.key: kms.IKey = key or DataKey(self, "Key").key
        self.topic = sns.Topic(self, "Topic", master_key=self.key, enforce_ssl=True)
        for email in emails:
            self.topic.add_subscription(subscriptions.EmailSubscription(email))

    def notify(self, alarm: cloudwatch.Alarm) -> None:
        """Tell this topic when the alarm rings, and when it is quiet again."""
        action = actions.SnsAction(self.topic)
        alarm.add_alarm_action(action)
        alarm.add_ok_action(action)
