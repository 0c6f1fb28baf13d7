"""A function that follows a table: nothing is lost in silence, and it may do no more than that."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cdk_standby._checks import InvalidOptions
from cdk_standby.alarm_topic import AlarmTopic
from cdk_standby.keys import DataKey
from cdk_standby.tables.table import Table
from cdk_standby.tables.table_follower import TableFollower

STREAMS = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html"
PARAMETERS = "https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-params.html"
ENDS = f"a stream is read from one of its ends ({PARAMETERS})"
NUMBERS = f"Lambda takes no more and no less ({PARAMETERS})"
KEY = "arn:aws:kms:eu-west-1:111111111111:key/12345678-1234-1234-1234-123456789012"


def function(stack: cdk.Stack) -> lambda_.Function:
    return lambda_.Function(
        stack,
        "Index",
        runtime=lambda_.Runtime.PYTHON_3_13,
        handler="index.handler",
        code=lambda_.Code.from_inline("def handler(event, context): return {'batchItemFailures': []}"),
    )


@pytest.fixture(scope="module")
def world(make_stack: Callable[..., cdk.Stack], template: Callable[..., Any]) -> SimpleNamespace:
    stack = make_stack()
    key = DataKey(stack, "Key").key
    orders = Table(stack, "Orders", partition_key="id", key=key)
    failures = sqs.Queue(stack, "Failures", encryption_master_key=key)
    told = AlarmTopic(stack, "Alarms", key=key)
    follower = TableFollower(stack, "Follower", table=orders, function=function(stack), failures=failures, alarms=told)
    return SimpleNamespace(app=stack.node.root, follower=follower, template=template(stack))


@pytest.mark.capability("DDB-06")
def test_what_fails_is_halved_tried_again_and_put_aside(world, resources):
    [mapping] = resources(world.template, "AWS::Lambda::EventSourceMapping").values()

    assert mapping == {
        "FunctionName": {"Fn::GetAtt": ["Index4A79713B", "Arn"]},
        "EventSourceArn": {"Fn::GetAtt": ["OrdersTableC3D8F3FA", "StreamArn"]},
        "StartingPosition": "TRIM_HORIZON",
        "BatchSize": 100,
        "ParallelizationFactor": 1,
        "MaximumRetryAttempts": 10,
        "MaximumRecordAgeInSeconds": 86400,
        "BisectBatchOnFunctionError": True,
        "FunctionResponseTypes": ["ReportBatchItemFailures"],
        "DestinationConfig": {"OnFailure": {"Destination": {"Fn::GetAtt": ["Failures8A3E1A2F", "Arn"]}}},
    }


@pytest.mark.capability("DDB-06")
def test_the_function_reads_this_stream_and_writes_to_this_queue(world, resources):
    [policy] = resources(world.template, "AWS::IAM::ManagedPolicy").values()

    may = [(s["Action"], s.get("Condition")) for s in policy["PolicyDocument"]["Statement"]]

    assert may == [
        (["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"], None),
        ("dynamodb:ListStreams", None),
        ("kms:Decrypt", {"StringEquals": {"kms:ViaService": "dynamodb.eu-west-1.amazonaws.com"}}),
        ("sqs:SendMessage", None),
        (["kms:Decrypt", "kms:GenerateDataKey"], None),
    ]


def test_it_rings_long_before_the_stream_forgets(world, resources):
    alarms = resources(world.template, "AWS::CloudWatch::Alarm")

    found = {a["MetricName"]: a["Threshold"] for name, a in alarms.items() if name.startswith("Follower")}

    assert found == {"IteratorAge": 3_600_000, "ApproximateNumberOfMessagesVisible": 0}


def test_the_validators_find_nothing_in_the_follower_itself(world, findings):
    assert [finding for finding in findings(world.app) if finding[1].startswith("Test/Follower")] == []


@pytest.fixture(scope="module")
def scopes(make_stack: Callable[..., cdk.Stack]) -> SimpleNamespace:
    stack = make_stack()
    key = kms.Key.from_key_arn(stack, "Key", KEY)
    return SimpleNamespace(
        stack=stack,
        table=Table(stack, "Orders", partition_key="id", key=key),
        quiet=Table(stack, "Quiet", partition_key="id", key=key, stream=None),
        function=function(stack),
        imported=lambda_.Function.from_function_arn(
            stack, "Imported", "arn:aws:lambda:eu-west-1:111111111111:function:index"
        ),
        failures=sqs.Queue(stack, "Failures"),
    )


def refused(scopes: SimpleNamespace, **options: Any) -> str:
    name = f"Follower{len(scopes.stack.node.children)}"
    asked = {"table": scopes.table, "function": scopes.function, "failures": scopes.failures, **options}
    with pytest.raises(InvalidOptions) as caught:
        TableFollower(scopes.stack, name, **asked)
    return str(caught.value).replace(f"Test/{name}: ", "")


@pytest.mark.capability("DDB-06")
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"start": "middle"}, f"'start' is 'middle'; allowed: 'oldest', 'newest', because {ENDS}"),
        ({"batch": 0}, f"'batch' is 0; allowed: 1 to 10000, because {NUMBERS}"),
        ({"parallel": 11}, f"'parallel' is 11; allowed: 1 to 10, because {NUMBERS}"),
        ({"retries": -1}, f"'retries' is -1; allowed: 0 to 10000, because {NUMBERS}"),
    ],
    ids=["start", "batch", "parallel", "retries"],
)
def test_numbers_are_those_that_lambda_takes(scopes, options, message):
    assert refused(scopes, **options) == message


@pytest.mark.capability("DDB-06")
def test_a_table_without_stream_is_not_followed(scopes):
    assert refused(scopes, table=scopes.quiet) == (
        "'table' is 'Test/Quiet'; allowed: a table with 'stream', or a TableReplica with 'stream_arn', because changes "
        f"are followed through the stream ({STREAMS})"
    )


def test_a_function_without_role_does_not_follow(scopes):
    assert refused(scopes, function=scopes.imported) == (
        "'function' is 'Test/Imported'; allowed: a function with a role, not one imported without, because Lambda "
        f"reads the stream as that role ({PARAMETERS})"
    )


@pytest.mark.capability("DDB-06")
def test_a_third_follower_of_a_table_is_refused(make_stack):
    stack = make_stack()
    table = Table(stack, "Orders", partition_key="id", key=kms.Key.from_key_arn(stack, "Key", KEY))
    asked = {"table": table, "function": function(stack), "failures": sqs.Queue(stack, "Failures")}
    for name in ("First", "Second"):
        TableFollower(stack, name, **asked)

    with pytest.raises(InvalidOptions) as caught:
        TableFollower(stack, "Third", **asked)

    assert str(caught.value) == (
        "Test/Third: 'table' is 'Test/Orders'; allowed: a table with one follower or none, because two readers at most "
        f"share a shard of a stream, and one only where the table is global ({STREAMS})"
    )


NUMBERS_OR_TOKENS = st.one_of(
    st.integers(-2, 12), st.integers(9_998, 10_002), st.just(cdk.Token.as_number({"Ref": "N"}))
)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.fixed_dictionaries(
        {},
        optional={
            "start": st.sampled_from(["oldest", "newest", "", "TRIM_HORIZON"]),
            "batch": NUMBERS_OR_TOKENS,
            "parallel": NUMBERS_OR_TOKENS,
            "retries": NUMBERS_OR_TOKENS,
            "alarm_thresholds": st.dictionaries(st.sampled_from(["Behind", "Failures", "Other"]), st.floats(0, 1e9)),
            "alarms_off_because": st.dictionaries(
                st.sampled_from(["Behind", "Failures", "Other"]), st.sampled_from(["", " ", "seen elsewhere"])
            ),
        },
    ),
    st.booleans(),
    st.booleans(),
)
def test_any_options_build_or_are_refused_in_our_words(scopes, options, quiet, imported):
    name = f"Any{len(scopes.stack.node.children)}"
    table = Table(scopes.stack, f"{name}Table", partition_key="id", key=scopes.table.key)
    given = {
        "table": scopes.quiet if quiet else table,
        "function": scopes.imported if imported else scopes.function,
        "failures": scopes.failures,
    }

    with contextlib.suppress(InvalidOptions):
        TableFollower(scopes.stack, name, **given, **options)
