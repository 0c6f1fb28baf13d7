"""Who is told, and who may tell."""

import pytest
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_events as events

from cdk_standby._checks import InvalidOptions
from cdk_standby.alarm_topic import AlarmTopic
from cdk_standby.keys import DataKey

PAGE = "https://docs.aws.amazon.com/sns/latest/dg/sns-email-notifications.html"


def fill(stack):
    """A topic in use."""
    topic = AlarmTopic(stack, "Alarms", emails=["on-call@example.com", "owner@example.com"])
    metric = cloudwatch.Metric(namespace="shop", metric_name="lag")
    topic.notify(cloudwatch.Alarm(stack, "Lag", metric=metric, threshold=1, evaluation_periods=1))
    pattern = events.EventPattern(source=["aws.backup"])
    topic.notify_of(events.Rule(stack, "Plain", event_pattern=pattern))
    text = events.RuleTargetInput.from_text("a backup failed")
    topic.notify_of(events.Rule(stack, "Worded", event_pattern=pattern), text)
    return stack


def services_of(statement):
    """Under the recommended flags the CDK merges statements that differ in their principals only."""
    named = statement["Principal"].get("Service", []) if isinstance(statement["Principal"], dict) else []
    return [named] if isinstance(named, str) else named


@pytest.fixture(scope="module")
def built(make_stack, template):
    return template(fill(make_stack()))


@pytest.fixture(scope="module")
def statements(built, resources):
    [policy] = resources(built, "AWS::SNS::TopicPolicy").values()
    return policy["PolicyDocument"]["Statement"]


def test_messages_are_encrypted_with_a_key_of_the_topics_own(built, resources):
    [(key, properties)] = resources(built, "AWS::KMS::Key").items()
    [topic] = resources(built, "AWS::SNS::Topic").values()

    assert topic["KmsMasterKeyId"] == {"Fn::GetAtt": [key, "Arn"]}
    assert properties["EnableKeyRotation"] is True


def test_the_key_lets_in_all_who_publish(built, resources):
    [key] = resources(built, "AWS::KMS::Key").values()

    services = {name for s in key["KeyPolicy"]["Statement"] for name in services_of(s)}
    assert services == {"cloudwatch.amazonaws.com", "events.amazonaws.com", "events.rds.amazonaws.com"}


def test_nobody_publishes_in_the_clear(statements):
    [deny] = [s for s in statements if s["Effect"] == "Deny"]

    assert deny["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_alarms_and_rds_of_this_account_publish_and_eventbridge_for_the_rules(statements):
    allowing = [s for s in statements if s["Effect"] == "Allow"]
    allowed = {name: s.get("Condition") for s in allowing for name in services_of(s)}

    mine = {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
    assert allowed == {
        "cloudwatch.amazonaws.com": mine,
        "events.rds.amazonaws.com": mine,
        "events.amazonaws.com": None,
    }


def test_every_address_is_subscribed(built, resources):
    subscribed = [(s["Protocol"], s["Endpoint"]) for s in resources(built, "AWS::SNS::Subscription").values()]

    assert sorted(subscribed) == [("email", "on-call@example.com"), ("email", "owner@example.com")]


def test_an_alarm_tells_when_it_rings_and_when_it_is_quiet(built, resources):
    [topic] = resources(built, "AWS::SNS::Topic")
    [alarm] = resources(built, "AWS::CloudWatch::Alarm").values()

    assert alarm["AlarmActions"] == alarm["OKActions"] == [{"Ref": topic}]


def test_a_rule_sends_the_whole_event_or_what_it_is_told_to_say(built, resources):
    rules = {name[:5]: rule["Targets"] for name, rule in resources(built, "AWS::Events::Rule").items()}

    assert "Input" not in rules["Plain"][0]
    assert rules["Worde"][0]["Input"] == '"a backup failed"'


def test_a_key_that_is_given_is_used_and_opened_for_those_who_publish(make_stack, template, resources):
    stack = make_stack()
    data = DataKey(stack, "Data")
    AlarmTopic(stack, "Alarms", key=data.key)
    template = template(stack)

    [(name, key)] = resources(template, "AWS::KMS::Key").items()
    [topic] = resources(template, "AWS::SNS::Topic").values()
    assert topic["KmsMasterKeyId"] == {"Fn::GetAtt": [name, "Arn"]}
    assert "events.amazonaws.com" in {name for s in key["KeyPolicy"]["Statement"] for name in services_of(s)}


@pytest.mark.parametrize("email", ["on-call", "@example.com", "a@b@c", ""])
def test_an_address_that_is_none_is_refused(make_stack, email):
    with pytest.raises(InvalidOptions) as raised:
        AlarmTopic(make_stack(), "Alarms", emails=[email])

    assert str(raised.value) == (
        f"Test/Alarms: 'emails' is ['{email}']; allowed: addresses such as 'on-call@example.com',"
        f" because SNS sends each of them a mail to confirm ({PAGE})"
    )


def test_an_address_given_twice_is_refused(make_stack):
    with pytest.raises(InvalidOptions) as raised:
        AlarmTopic(make_stack(), "Alarms", emails=["a@example.com", "a@example.com"])

    assert str(raised.value) == (
        "Test/Alarms: 'emails' is ['a@example.com', 'a@example.com']; allowed: each address once,"
        f" because one subscription each is all that SNS keeps ({PAGE})"
    )


def test_an_alarm_of_another_region_is_refused_before_the_cdk_ties_two_regions_together(make_stack):
    home = make_stack()
    away = make_stack(region="us-east-1", name="Away", app=home.node.root)
    topic = AlarmTopic(home, "Alarms")
    metric = cloudwatch.Metric(namespace="shop", metric_name="lag")
    alarm = cloudwatch.Alarm(away, "Lag", metric=metric, threshold=1, evaluation_periods=1)
    rule = events.Rule(away, "Rule", event_pattern=events.EventPattern(source=["aws.backup"]))

    with pytest.raises(InvalidOptions) as raised:
        topic.notify(alarm)
    with pytest.raises(InvalidOptions, match=r"^Away/Rule: 'alarms' is Test/Alarms in eu-west-1; "):
        topic.notify_of(rule)

    assert str(raised.value) == (
        "Away/Lag: 'alarms' is Test/Alarms in eu-west-1; allowed: an AlarmTopic in us-east-1, because an alarm or a"
        " rule tells topics of its own Region only"
        " (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html)"
    )


def test_a_topic_leaves_no_finding(make_stack, flags, findings, lint, template):
    stack = fill(make_stack(flags=flags))

    assert findings(stack.node.root) == []
    assert lint(template(stack)) == []
