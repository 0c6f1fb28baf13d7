"""Alarms by name, and the price of leaving one out."""

import pytest
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sqs as sqs
from constructs import Construct
from hypothesis import given
from hypothesis import strategies as st

from cdk_standby._alarms import AlarmSpec, add_alarms
from cdk_standby._checks import InvalidOptions
from cdk_standby._reasons import tag_value, weakened
from cdk_standby.alarm_topic import AlarmTopic


def specs():
    metric = cloudwatch.Metric(namespace="shop", metric_name="lag")
    return [
        AlarmSpec(name="Lag", metric=metric, threshold=5, says="The replica lags. Look at its load."),
        AlarmSpec(
            name="Silence",
            metric=metric,
            threshold=1,
            says="Nothing is heard.",
            comparison=cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
            periods=5,
            datapoints=4,
            missing=cloudwatch.TreatMissingData.IGNORE,
        ),
    ]


@pytest.fixture(scope="module")
def built(make_stack, template):
    stack = make_stack()
    topic = AlarmTopic(stack, "Alarms")
    add_alarms(Construct(stack, "All"), specs(), topic=topic)
    changed = Construct(stack, "Changed")
    sqs.Queue(changed, "Queue")
    add_alarms(changed, specs(), topic=None, thresholds={"Lag": 9}, off_because={"Silence": "weekend; no traffic"})
    return template(stack)


@pytest.fixture(scope="module")
def alarms(built):
    return {
        name[: name.index("Lag") + 3] if "Lag" in name else name[: name.index("Silence") + 7]: r["Properties"]
        for name, r in built["Resources"].items()
        if r["Type"] == "AWS::CloudWatch::Alarm"
    }


def test_an_alarm_says_what_it_means_and_rings_after_all_its_periods(alarms):
    lag = alarms["AllLag"]

    assert lag["AlarmDescription"] == "The replica lags. Look at its load."
    assert (lag["Threshold"], lag["EvaluationPeriods"], lag["DatapointsToAlarm"]) == (5, 3, 3)
    assert (lag["ComparisonOperator"], lag["TreatMissingData"]) == ("GreaterThanThreshold", "breaching")


def test_a_spec_may_choose_periods_comparison_and_what_silence_means(alarms):
    silence = alarms["AllSilence"]

    assert (silence["EvaluationPeriods"], silence["DatapointsToAlarm"]) == (5, 4)
    assert (silence["ComparisonOperator"], silence["TreatMissingData"]) == ("LessThanThreshold", "ignore")


def test_the_topic_hears_of_ringing_and_of_quiet(alarms):
    assert alarms["AllLag"]["AlarmActions"] == alarms["AllLag"]["OKActions"]
    assert len(alarms["AllLag"]["AlarmActions"]) == 1


def test_without_a_topic_the_alarm_exists_and_notifies_nobody(alarms):
    assert "AlarmActions" not in alarms["ChangedLag"]


def test_a_threshold_is_changed_by_name(alarms):
    assert alarms["ChangedLag"]["Threshold"] == 9


def test_an_alarm_that_is_left_out_leaves_its_reason_as_a_tag_and_uncut_in_the_template(alarms, built, resources):
    assert "ChangedSilence" not in alarms
    assert built["Metadata"]["cdk-standby:weakened"] == {"Test/Changed": {"Silence": "weekend; no traffic"}}
    [queue] = resources(built, "AWS::SQS::Queue").values()
    assert queue["Tags"] == [{"Key": "cdk-standby:weakened:Silence", "Value": "weekend no traffic"}]


def test_names_of_no_alarm_are_refused_with_those_that_there_are(make_stack):
    scope = Construct(make_stack(), "Database")

    with pytest.raises(InvalidOptions) as raised:
        add_alarms(scope, specs(), topic=None, thresholds={"Lagg": 3}, off_because={"Noise": "too loud"})

    assert str(raised.value).splitlines() == [
        "Test/Database: 'alarm_thresholds['Lagg']' is 3; allowed: Lag, Silence,"
        " because these are the alarms of this construct",
        "Test/Database: 'alarms_off_because['Noise']' is 'too loud'; allowed: Lag, Silence,"
        " because these are the alarms of this construct",
    ]


def test_a_reason_that_says_nothing_is_refused_before_anything_is_written(make_stack):
    stack = make_stack()

    with pytest.raises(InvalidOptions) as raised:
        add_alarms(Construct(stack, "Database"), specs(), topic=None, off_because={"Lag": " "})

    assert str(raised.value) == (
        "Test/Database: 'alarms_off_because['Lag']' is ' '; allowed: a reason in words,"
        " because who reads the review must learn what made it acceptable"
    )
    assert stack.template_options.metadata is None


def test_a_safeguard_that_stays_writes_nothing(make_stack):
    stack = make_stack()

    assert weakened(stack, "single_nat", None) is False
    assert stack.template_options.metadata is None


def test_reasons_of_several_constructs_stand_side_by_side_and_keep_other_metadata(make_stack):
    stack = make_stack()
    stack.add_metadata("cdk-standby", {"workload": "shop"})

    weakened(Construct(stack, "One"), "single_nat", "sandbox")
    weakened(Construct(stack, "Two"), "backups", "rebuilt nightly")

    assert stack.template_options.metadata == {
        "cdk-standby": {"workload": "shop"},
        "cdk-standby:weakened": {"Test/One": {"single_nat": "sandbox"}, "Test/Two": {"backups": "rebuilt nightly"}},
    }


@given(st.text())
def test_any_text_becomes_a_tag_that_every_service_takes(text):
    value = tag_value(text)

    assert len(value) <= 256
    assert value == value.strip()
    assert not set(value) - set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 _.:/=+@-")


def test_alarms_leave_no_finding_with_or_without_a_topic(make_stack, flags, findings, lint, template):
    stack = make_stack(flags=flags)
    add_alarms(Construct(stack, "Loud"), specs(), topic=AlarmTopic(stack, "Alarms"))
    add_alarms(Construct(stack, "Quiet"), specs(), topic=None, off_because={"Lag": "no replica"})

    assert findings(stack.node.root) == []
    assert lint(template(stack)) == []
