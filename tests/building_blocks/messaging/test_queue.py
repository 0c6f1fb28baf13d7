"""A queue and who empties it: what is in the template, what rings, what is refused, what replaces it."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from replacement import Together, create_only_options, described, in_place, replacing

from cdk_standby._checks import InvalidOptions
from cdk_standby.alarm_topic import AlarmTopic
from cdk_standby.messaging.queue import Queue
from cdk_standby.messaging.queue_consumer import QueueConsumer

KEY = "arn:aws:kms:eu-west-1:111111111111:key/0a0a0a0a-0000-0000-0000-000000000000"
GUIDE = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/"
LAMBDA = "https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html"
DAYS, SECONDS, MINUTES = cdk.Duration.days, cdk.Duration.seconds, cdk.Duration.minutes
QUEUE = "AWS::SQS::Queue"
SHAPES: dict[str, dict[str, Any]] = {
    "Plain": {},
    "Ordered": {
        "queue_name": "orders.fifo",
        "fifo": True,
        "deduplicate_by_content": True,
        "retention": DAYS(14),
        "bridges": DAYS(14),
        "delay": SECONDS(5),
        "max_receives": 3,
    },
    "Other": {},
    "Lab": {"no_dead_letters_because": "a lab", "deletable_because": "a lab", "max_message_bytes": 1024},
}


def function(stack: cdk.Stack, id: str, seconds: int = 60) -> lambda_.Function:
    return lambda_.Function(
        stack,
        id,
        runtime=lambda_.Runtime.PYTHON_3_14,
        handler="index.handler",
        code=lambda_.Code.from_inline("def handler(event, context): ..."),
        timeout=SECONDS(seconds),
    )


@pytest.fixture(scope="module")
def world(make_stack: Callable[..., cdk.Stack], template: Callable[..., Any]) -> SimpleNamespace:
    """Every shape in one stack, with a sender, a runbook, one consumer that works and one that is held."""
    stack = make_stack()
    key = kms.Key.from_key_arn(stack, "Key", KEY)
    alarms = AlarmTopic(stack, "Alarms")
    keys = {"Ordered": key}
    built = {
        shape: Queue(stack, shape, key=keys.get(shape), alarms=alarms, **options) for shape, options in SHAPES.items()
    }
    role = iam.Role(stack, "Service", assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com"))
    built["Ordered"].grant_send(iam.ManagedPolicy(stack, "Sender", roles=[role]))
    built["Ordered"].grant_redrive(iam.ManagedPolicy(stack, "OnCall", roles=[role]))
    built["Lab"].grant_redrive(role)
    works = function(stack, "Works")
    QueueConsumer(
        stack, "Working", queue=built["Plain"], function=works, batch_size=500, window=SECONDS(30), max_concurrency=50
    )
    QueueConsumer(stack, "Held", queue=built["Ordered"], function=works, enabled=False)
    topic = sns.Topic(stack, "Placed")
    big = {"size": sns.SubscriptionFilter.string_filter(allowlist=["big"])}
    built["Plain"].subscribe_to(topic)
    built["Other"].subscribe_to(topic, filters=big)
    return SimpleNamespace(stack=stack, built=built, template=template(stack))


@pytest.fixture
def found(world: SimpleNamespace) -> Callable[[str], dict[str, Any]]:
    """The one resource whose logical id begins so."""

    def of(beginning: str, type: str = QUEUE) -> dict[str, Any]:
        [resource] = [
            r for name, r in world.template["Resources"].items() if name.startswith(beginning) and r["Type"] == type
        ]
        return dict(resource)

    return of


@pytest.mark.capability("MSG-01")
@pytest.mark.capability("MSG-09")
def test_messages_outlast_the_outage_of_those_who_take_them(found):
    assert found("PlainQueue")["Properties"]["MessageRetentionPeriod"] == 604_800
    assert found("OrderedQueue")["Properties"]["MessageRetentionPeriod"] == 1_209_600
    assert found("PlainQueue")["Properties"]["MaximumMessageSize"] == 1_048_576
    assert found("LabQueue")["Properties"]["MaximumMessageSize"] == 1024
    assert found("PlainQueue")["DeletionPolicy"] == "RetainExceptOnCreate"
    assert found("LabQueue")["DeletionPolicy"] == "Delete"


@pytest.mark.capability("MSG-02")
def test_a_fifo_queue_has_a_fifo_queue_for_its_dead_letters_and_a_limit_for_each_group(found):
    ordered, dead = found("OrderedQueue")["Properties"], found("OrderedDead")["Properties"]

    assert (ordered["QueueName"], dead["QueueName"]) == ("orders.fifo", "orders-dead.fifo")
    assert ordered["FifoQueue"] is dead["FifoQueue"] is True
    assert ordered["FifoThroughputLimit"] == "perMessageGroupId"
    assert ordered["DeduplicationScope"] == "messageGroup"
    assert ordered["ContentBasedDeduplication"] is True
    assert (ordered["DelaySeconds"], ordered["VisibilityTimeout"]) == (5, 360)
    assert "FifoQueue" not in found("PlainQueue")["Properties"]


@pytest.mark.capability("MSG-10")
def test_what_cannot_be_done_is_put_aside_longer_than_it_waited(world, found):
    dead = found("PlainDead")["Properties"]

    assert dead["MessageRetentionPeriod"] == 1_209_600 > found("PlainQueue")["Properties"]["MessageRetentionPeriod"]
    assert found("PlainQueue")["Properties"]["RedrivePolicy"]["maxReceiveCount"] == 5
    assert found("OrderedQueue")["Properties"]["RedrivePolicy"]["maxReceiveCount"] == 3
    assert found("OrderedDead")["Properties"]["RedriveAllowPolicy"]["redrivePermission"] == "byQueue"
    assert "orders.fifo" in str(found("OrderedDead")["Properties"]["RedriveAllowPolicy"]["sourceQueueArns"])
    assert "RedrivePolicy" not in found("LabQueue")["Properties"]
    assert set(world.built["Lab"].alarms) == {"OldestMessage"}


@pytest.mark.capability("MSG-10")
def test_dead_letters_and_messages_that_wait_too_long_ring(found):
    dead = found("PlainDeadLetters", "AWS::CloudWatch::Alarm")["Properties"]
    oldest = found("PlainOldestMessage", "AWS::CloudWatch::Alarm")["Properties"]

    assert (dead["MetricName"], dead["Threshold"]) == ("ApproximateNumberOfMessagesVisible", 0)
    assert (oldest["MetricName"], oldest["Threshold"]) == ("ApproximateAgeOfOldestMessage", 900)
    assert dead["TreatMissingData"] == oldest["TreatMissingData"] == "notBreaching"


@pytest.mark.capability("MSG-11")
def test_queues_are_encrypted_and_reached_by_tls_only(world, found, resources):
    policies = resources(world.template, "AWS::SQS::QueuePolicy").values()

    assert len(policies) == 7
    assert all("aws:SecureTransport" in str(policy) for policy in policies)
    assert found("PlainQueue")["Properties"]["SqsManagedSseEnabled"] is True
    assert found("OrderedQueue")["Properties"]["KmsMasterKeyId"] == KEY
    assert found("OrderedDead")["Properties"]["KmsMasterKeyId"] == KEY


@pytest.mark.capability("MSG-03")
@pytest.mark.capability("MSG-04")
@pytest.mark.capability("MSG-07")
def test_a_function_takes_batches_and_says_which_messages_failed(found):
    working = found("Working", "AWS::Lambda::EventSourceMapping")["Properties"]

    assert working["Enabled"] is True
    assert (working["BatchSize"], working["MaximumBatchingWindowInSeconds"]) == (500, 30)
    assert working["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert working["ScalingConfig"] == {"MaximumConcurrency": 50}


@pytest.mark.capability("MSG-06")
def test_each_queue_of_a_fan_out_takes_what_it_wants_and_keeps_what_sns_could_not_deliver(world, resources):
    plain, other = resources(world.template, "AWS::SNS::Subscription").values()

    assert plain["RawMessageDelivery"] is other["RawMessageDelivery"] is True
    assert "PlainDead" in str(plain["RedrivePolicy"])
    assert "OtherDead" in str(other["RedrivePolicy"])
    assert ("FilterPolicy" in plain, other["FilterPolicy"]) == (False, {"size": ["big"]})
    assert "sns.amazonaws.com" in str(resources(world.template, "AWS::SQS::QueuePolicy"))


def test_a_consumer_of_a_region_that_waits_is_held(found):
    assert found("Held", "AWS::Lambda::EventSourceMapping")["Properties"]["Enabled"] is False


def test_a_sender_sends_and_a_runbook_moves_dead_letters_back(found):
    sender = str(found("Sender", "AWS::IAM::ManagedPolicy"))
    runbook = str(found("OnCall", "AWS::IAM::ManagedPolicy"))

    assert "sqs:SendMessage" in sender
    assert "sqs:ReceiveMessage" not in sender
    assert "sqs:StartMessageMoveTask" in runbook


def test_what_was_weakened_stands_in_the_template(world):
    assert world.template["Metadata"]["cdk-standby:weakened"] == {
        "Test/Lab": {"no_dead_letters": "a lab", "deletable": "a lab"}
    }


def test_logical_ids_of_queues_never_change(world, resources):
    assert set(resources(world.template, QUEUE)) == {
        "LabQueue1323353D",
        "OtherDeadB16D063C",
        "OtherQueueDC82788A",
        "OrderedDead02FB6E17",
        "OrderedQueue427FEECD",
        "PlainDead1F8BCA50",
        "PlainQueueCFEE121D",
    }


@pytest.fixture(scope="module")
def scope(make_stack: Callable[..., cdk.Stack]) -> cdk.Stack:
    """For calls that are refused before anything is rendered."""
    stack = make_stack()
    Queue(stack, "Plain", visibility_timeout=MINUTES(5))
    Queue(stack, "Ready")
    Queue(stack, "Fifo", fifo=True)
    function(stack, "Function")
    return stack


@pytest.fixture
def refused(scope: cdk.Stack) -> Callable[..., list[str]]:
    """What is said about a call; each under an id of its own, shown as "Test/It"."""

    def ask(kind: type[Any] = Queue, **options: Any) -> list[str]:
        name = f"It{len(scope.node.children)}"
        with pytest.raises(InvalidOptions) as caught:
            kind(scope, name, **options)
        return str(caught.value).replace(name, "It").split("\n")

    return ask


NAMED = (
    "allowed: up to 75 letters, digits, '-' and '_', with '.fifo' after them if 'fifo', because a name has up to 80 "
    f"letters, digits, hyphens and underscores, and of a FIFO queue it ends with '.fifo' ({GUIDE}quotas-queues.html)"
)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        pytest.param(
            {"retention": DAYS(1), "bridges": DAYS(2)},
            "'retention' is 1 day; allowed: 2 days or longer, as 'bridges' asks, and up to 14 days, because SQS "
            f"deletes a message when its retention ends, read or not: what nobody takes until then is lost "
            f"({GUIDE}quotas-messages.html)",
            marks=pytest.mark.capability("MSG-09"),
        ),
        pytest.param(
            {"retention": DAYS(15)},
            "'retention' is 15 days; allowed: a minute to 14 days, because SQS keeps a message for a minute to 14 "
            f"days, and then deletes it without a word ({GUIDE}quotas-messages.html)",
            marks=pytest.mark.capability("MSG-01"),
        ),
        pytest.param(
            {"max_message_bytes": 2_000_000},
            "'max_message_bytes' is 2000000; allowed: 1024 to 1048576, because a queue takes messages of up to 1 "
            f"KiB to 1 MiB ({GUIDE}quotas-messages.html)",
            marks=pytest.mark.capability("MSG-01"),
        ),
        pytest.param(
            {"queue_name": "orders", "fifo": True},
            f"'queue_name' is 'orders'; {NAMED}",
            marks=pytest.mark.capability("MSG-02"),
        ),
        ({"queue_name": "o" * 76}, f"'queue_name' is '{'o' * 76}'; {NAMED}"),
        pytest.param(
            {"max_receives": 0},
            "'max_receives' is 0; allowed: 1 to 1000, because a message is received 1 to 1000 times before it is "
            "moved to the dead-letter queue "
            "(https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html)",
            marks=pytest.mark.capability("MSG-10"),
        ),
        (
            {"visibility_timeout": cdk.Duration.hours(13)},
            "'visibility_timeout' is 13 hours; allowed: 0 to 43200 seconds, because a message that was received is "
            f"hidden for 0 seconds to 12 hours ({GUIDE}sqs-visibility-timeout.html)",
        ),
        (
            {"queue_name": f"{cdk.Aws.STACK_NAME}.fifo"},
            "'fifo' is False; allowed: True for a 'queue_name' that ends with '.fifo', because a name has up to 80 "
            "letters, digits, hyphens and underscores, and of a FIFO queue it ends with '.fifo' "
            f"({GUIDE}quotas-queues.html)",
        ),
        (
            {"delay": DAYS(cdk.Token.as_number({"Ref": "AWS::URLSuffix"}))},
            "'delay' is <token> days; allowed: known at synth, or made by 'Duration.seconds()', because AWS is told "
            "seconds, and a value that only the deployment knows cannot be converted "
            f"({GUIDE}sqs-delay-queues.html)",
        ),
        (
            {"deduplicate_by_content": True},
            "'deduplicate_by_content' is True; allowed: False without 'fifo', because a standard queue knows no "
            f"duplicates ({GUIDE}sqs-fifo-queues.html)",
        ),
    ],
)
def test_what_cannot_work_is_refused_in_one_sentence(refused, options, message):
    assert refused(**options) == [f"Test/It: {message}"]


BATCHES = (
    "because a function gets up to 10 messages at once, or up to 10,000 of a standard queue with a window in which "
    f"they are collected ({LAMBDA})"
)


@pytest.mark.parametrize(
    ("queue", "options", "messages"),
    [
        pytest.param(
            "Plain",
            {},
            [
                "'queue' is 'Test/Plain'; allowed: a queue whose 'visibility_timeout' is six times the timeout of the "
                "function, or more, because a message is hidden for at least six times the timeout of the function "
                f"that gets it ({LAMBDA})"
            ],
            marks=pytest.mark.capability("MSG-03"),
        ),
        pytest.param(
            "Ready",
            {"batch_size": 11, "window": SECONDS(0)},
            [f"'batch_size' is 11; allowed: 1 to 10, or up to 10000 of a standard queue with 'window', {BATCHES}"],
            marks=pytest.mark.capability("MSG-04"),
        ),
        pytest.param(
            "Fifo",
            {"batch_size": 11, "window": SECONDS(1), "max_concurrency": 1},
            [
                f"'batch_size' is 11; allowed: 1 to 10, or up to 10000 of a standard queue with 'window', {BATCHES}",
                "'window' is 1 second; allowed: nothing with a FIFO queue, because messages of a standard queue are "
                f"collected for up to 300 seconds; a FIFO queue knows no such window ({LAMBDA})",
                "'max_concurrency' is 1; allowed: 2 to 1000, because a queue invokes its function 2 to 1000 times at "
                "once (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html)",
            ],
            marks=[pytest.mark.capability("MSG-04"), pytest.mark.capability("MSG-07")],
        ),
    ],
)
def test_a_consumer_that_cannot_work_is_refused(refused, scope, queue, options, messages):
    waits = next(one for one in (scope_queues(scope)) if one.node.id == queue)

    told = refused(QueueConsumer, queue=waits, function=scope.node.find_child("Function"), **options)

    assert told == [f"Test/It: {message}" for message in messages]


def test_a_function_without_a_role_cannot_poll(refused, scope):
    arn = "arn:aws:lambda:eu-west-1:111111111111:function:old"
    old = lambda_.Function.from_function_arn(scope, "Old", arn)
    ready = next(one for one in scope_queues(scope) if one.node.id == "Ready")

    assert refused(QueueConsumer, queue=ready, function=old) == [
        "Test/It: 'function' is 'Test/Old'; allowed: a function whose role is known here, such as of "
        f"'from_function_attributes' with 'role', because Lambda polls the queue as that role ({LAMBDA})"
    ]


def test_options_replace_the_queue_only_where_they_say_so(make_stack):
    def build(**options: Any) -> cdk.Stack:
        stack = make_stack()
        key = kms.Key.from_key_arn(stack, "Key", KEY) if options.pop("key", False) else None
        alarms = AlarmTopic(stack, "Alarms") if options.pop("alarms", False) else None
        Queue(stack, "Queue", key=key, alarms=alarms, **options)
        return stack

    anew = {"queue_name": "other.fifo", "fifo": Together(fifo=False, queue_name="orders")}
    changed = {
        "key": True,
        "deduplicate_by_content": True,
        "high_throughput": False,
        "retention": DAYS(14),
        "bridges": DAYS(1),
        "visibility_timeout": MINUTES(1),
        "max_receives": 9,
        "delay": SECONDS(1),
        "max_message_bytes": 2048,
        "deletable_because": "a lab",
        "alarms": True,
        "alarm_thresholds": {"DeadLetters": 5.0},
        "alarms_off_because": {"OldestMessage": "noise"},
    }
    base = {"queue_name": "orders.fifo", "fifo": True}

    found = in_place(build, base, {**anew, "changed": Together(changed)}, types={QUEUE})

    alone = {"no_dead_letters_because"}  # the queue of dead letters goes, and stays behind with what is in it
    assert {*anew, *changed, *alone} == set(described(Queue)) - {"scope", "id"}
    assert replacing(found) == create_only_options(Queue) == set(anew)


spans = st.sampled_from([None, SECONDS(0), SECONDS(30), cdk.Duration.millis(1500), DAYS(1), DAYS(15)])
anything = st.fixed_dictionaries(
    {},
    optional={
        "queue_name": st.sampled_from([None, "orders", "orders.fifo", "", "a b", f"{cdk.Aws.STACK_NAME}.fifo"]),
        "fifo": st.booleans(),
        "deduplicate_by_content": st.booleans(),
        "high_throughput": st.booleans(),
        "retention": spans,
        "bridges": spans,
        "visibility_timeout": spans,
        "max_receives": st.integers(0, 2),
        "delay": spans,
        "max_message_bytes": st.sampled_from([0, 2048]),
        "no_dead_letters_because": st.sampled_from([None, "a lab", ""]),
        "alarm_thresholds": st.sampled_from([None, {"OldestMessage": 1.0}, {"Lag": 1.0}]),
    },
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(anything)
def test_any_options_build_a_queue_or_are_refused_in_our_words(scope, options):
    try:
        built = Queue(scope, f"Any{len(scope.node.children)}", **options)
    except InvalidOptions:
        return
    assert (built.dead_letters is None) == (options.get("no_dead_letters_because") is not None)


def scope_queues(scope: cdk.Stack) -> list[Queue]:
    return [child for child in scope.node.children if isinstance(child, Queue)]
