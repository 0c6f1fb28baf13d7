"""Alarms turn when a metric of theirs is put."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cdk_standby_runbooks.local_aws import LocalAws
from cdk_standby_runbooks.local_aws.services._alarms import evaluate, point_of, rule_holds

REGION = "eu-central-1"
NUMBERS = count()


class Alarmed:
    """An alarm on a metric of its own."""

    def __init__(self, aws: LocalAws, **more: Any) -> None:
        self.client = aws.client("cloudwatch", REGION)
        self.name = f"alarm-{next(NUMBERS)}"
        settings = {
            "Namespace": "cdk-standby",
            "MetricName": self.name,
            "Period": 60,
            "EvaluationPeriods": 1,
            "Threshold": 1,
            "ComparisonOperator": "GreaterThanOrEqualToThreshold",
            "Statistic": "Maximum",
        }
        self.client.put_metric_alarm(AlarmName=self.name, **{**settings, **more})

    def put(self, value: float) -> str:
        self.client.put_metric_data(Namespace="cdk-standby", MetricData=[{"MetricName": self.name, "Value": value}])
        return self.state()

    def state(self) -> str:
        told = self.client.describe_alarms(AlarmNames=[self.name])
        return str([*told["MetricAlarms"], *told["CompositeAlarms"]][0]["StateValue"])


def test_an_alarm_follows_its_metric_at_once_and_holds(aws: LocalAws) -> None:
    switch = Alarmed(aws)

    states = [switch.state(), switch.put(1), switch.state(), switch.put(0)]

    assert states == ["INSUFFICIENT_DATA", "ALARM", "ALARM", "OK"]


def test_dimensions_tell_metrics_apart(aws: LocalAws) -> None:
    switch = Alarmed(aws, Dimensions=[{"Name": "Region", "Value": "eu-west-1"}])

    assert switch.put(1) == "INSUFFICIENT_DATA"


def test_three_of_five_need_three(aws: LocalAws) -> None:
    slow = Alarmed(aws, EvaluationPeriods=5, DatapointsToAlarm=3)

    assert [slow.put(value) for value in (1, 0, 1, 1, 0, 0)] == ["OK", "OK", "OK", "ALARM", "ALARM", "OK"]


def test_a_topic_hears_of_each_turn(aws: LocalAws) -> None:
    sqs, sns = aws.client("sqs", REGION), aws.client("sns", REGION)
    queue = sqs.create_queue(QueueName="alarms-heard")["QueueUrl"]
    topic = sns.create_topic(Name="alarms-heard")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=f"arn:aws:sqs:{REGION}:{aws.account}:alarms-heard")
    switch = Alarmed(aws, AlarmActions=[topic])

    switch.put(1)
    switch.put(1)

    assert len(sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])) == 1
    told = switch.client.describe_alarm_history(AlarmName=switch.name)["AlarmHistoryItems"]
    assert [item["HistorySummary"] for item in told] == [
        f"Successfully executed action {topic}",
        "Alarm updated from INSUFFICIENT_DATA to ALARM",
    ]


def test_a_composite_alarm_follows_its_children(aws: LocalAws) -> None:
    child = Alarmed(aws)
    child.client.put_composite_alarm(AlarmName=f"{child.name}-all", AlarmRule=f'ALARM("{child.name}") OR FALSE')

    def state() -> str:
        told = child.client.describe_alarms(AlarmTypes=["CompositeAlarm"], AlarmNamePrefix=child.name)
        return str(told["CompositeAlarms"][0]["StateValue"])

    assert [state(), child.put(1) and state(), child.put(0) and state()] == ["OK", "ALARM", "OK"]


def test_a_composite_alarm_of_nothing_is_refused(aws: LocalAws) -> None:
    with pytest.raises(ClientError, match="AlarmRule: alarm nobody does not exist"):
        aws.client("cloudwatch", REGION).put_composite_alarm(AlarmName="x", AlarmRule="ALARM(nobody)")


def test_aws_names_belong_to_aws(aws: LocalAws) -> None:
    datum = [{"MetricName": "CPUUtilization", "Value": 1}]

    with pytest.raises(ClientError, match="The value AWS/ for parameter Namespace is invalid: AWS/EC2"):
        aws.client("cloudwatch", REGION).put_metric_data(Namespace="AWS/EC2", MetricData=datum)


@pytest.mark.parametrize(
    ("missing", "state"), [("missing", None), ("ignore", None), ("breaching", "ALARM"), ("notBreaching", "OK")]
)
def test_no_data_is_treated_as_told(missing: str, state: str | None) -> None:
    alarm = {
        "ComparisonOperator": "LessThanThreshold",
        "Statistic": "Sum",
        "Threshold": 1,
        "EvaluationPeriods": 2,
        "TreatMissingData": missing,
    }

    assert evaluate(alarm, []) == state


def test_an_alarm_on_mathematics_is_left_alone() -> None:
    assert evaluate({"Metrics": [], "Threshold": 1, "ComparisonOperator": "LessThanThreshold"}, []) is None


def test_a_datum_carries_a_value_or_many() -> None:
    assert point_of({"Values": [1.0, 3.0], "Counts": [1.0, 3.0]}) == {
        "Sum": 10.0,
        "SampleCount": 4.0,
        "Minimum": 1.0,
        "Maximum": 3.0,
        "Average": 2.5,
    }


@pytest.mark.parametrize(
    ("rule", "holds"),
    [
        ("ALARM(a)", True),
        ("NOT ALARM(a)", False),
        ('OK("b") AND ALARM(a)', True),
        ("ALARM(b) OR (ALARM(a) AND NOT OK(a))", True),
        ("FALSE OR INSUFFICIENT_DATA(arn:aws:cloudwatch:eu-west-1:1:alarm:c)", True),
    ],
)
def test_rules_are_read_as_aws_reads_them(rule: str, holds: bool) -> None:
    states = {"a": "ALARM", "b": "OK", "c": "INSUFFICIENT_DATA"}

    assert rule_holds(rule, states.__getitem__) is holds


@pytest.mark.parametrize("rule", ["ALARM(a", "ALARM(a) AND", "(ALARM(a)", "ALARM(a) ALARM(b)", "nonsense"])
def test_a_rule_that_cannot_be_read_is_an_error(rule: str) -> None:
    with pytest.raises(ValueError, match="Failed to parse expression"):
        rule_holds(rule, lambda _: "OK")
