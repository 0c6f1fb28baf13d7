"""A replicator to another Region and to another account: what is rendered, what is refused, what validators say."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import aws_cdk as cdk
import pytest
import validators
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from replacement import Together, create_only_options, described, in_place, replacing

from cdk_standby._checks import InvalidOptions, Problem
from cdk_standby.alarm_topic import AlarmTopic
from cdk_standby.keys import DataKey
from cdk_standby.relational._parts import accept
from cdk_standby.tables import _replicator_parts as parts
from cdk_standby.tables.replicator_function.replicator.apply import LONGEST_PAUSE
from cdk_standby.tables.stream_replicator import ReplicationEntrance, ReplicationTarget, StreamReplicator
from cdk_standby.tables.table import Replica, Table
from cdk_standby_review.facts import replication as facts

FRANKFURT = ReplicationTarget(table_name="orders", region="eu-central-1", key="alias/orders")
ABROAD = ReplicationTarget(
    table_name="orders", region="eu-west-1", key="alias/orders", account="222222222222", role_name="orders-entrance"
)
SQS = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/"
DYNAMODB = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"


def orders(stack: cdk.Stack, **options: Any) -> Table:
    return Table(
        stack,
        "Orders",
        **{"partition_key": "id", "table_name": "orders", "ttl": "expires_at", "key": key(stack), **options},
    )


def key(stack: cdk.Stack) -> Any:
    return DataKey(stack, "Key", alias="orders").key


def replicator(stack: cdk.Stack, **options: Any) -> StreamReplicator:
    table = options.pop("table", None) or orders(stack)
    given = {"to": FRANKFURT, "key": getattr(table, "key", None) or DataKey(stack, "Other").key, **options}
    return StreamReplicator(stack, "Carrier", table=table, **given)


def cdk_table(stack: cdk.Stack, **options: Any) -> dynamodb.TableV2:
    return dynamodb.TableV2(
        stack,
        "Foreign",
        **{
            "partition_key": dynamodb.Attribute(name="id", type=dynamodb.AttributeType.STRING),
            "dynamo_stream": dynamodb.StreamViewType.NEW_AND_OLD_IMAGES,
            "time_to_live_attribute": "expires_at",
            **options,
        },
    )


@pytest.fixture(scope="module")
def world(make_stack: Callable[..., Any], template: Callable[..., Any], flags: str) -> SimpleNamespace:
    """Both directions between two Regions, and one into another account, in one app."""
    here = make_stack(flags=flags, name="Ireland")
    table = orders(here)
    topic = AlarmTopic(here, "Alarms", key=table.key)
    out = replicator(here, table=table, alarms=topic)
    writer = iam.Role(here, "Writer", assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com"))
    out.grant_write(writer)
    accept(writer, "it is the test's", "NIST.800.53.R5::NIST.800.53.R5-IAMNoInlinePolicy")
    there = make_stack(flags=flags, name="Frankfurt", region="eu-central-1", app=here.node.root)
    back = ReplicationTarget(table_name="orders", region="eu-west-1", key="alias/orders")
    replicator(there, table=orders(there), to=back)
    abroad = make_stack(flags=flags, name="Sender", app=here.node.root)
    replicator(abroad, to=ABROAD, role_name="orders-carrier", site="shop", paused_because="their table is restored")
    entry = make_stack(flags=flags, name="Receiver", account="222222222222", app=here.node.root)
    ReplicationEntrance(
        entry,
        "Entrance",
        table=orders(entry),
        role_name="orders-entrance",
        from_account="111111111111",
        from_role="orders-carrier",
    )
    stacks = {stack.stack_name: stack for stack in (here, there, abroad, entry)}
    return SimpleNamespace(
        app=here.node.root, out=out, flags=flags, templates={name: template(stack) for name, stack in stacks.items()}
    )


@pytest.fixture(scope="module")
def find(world: SimpleNamespace, resources: Callable[..., Any]) -> Callable[..., Any]:
    """The properties of the one resource of a type whose logical id starts with a text."""

    def one(stack: str, kind: str, prefix: str) -> Any:
        of_kind = resources(world.templates[stack], kind)
        [found] = [properties for name, properties in of_kind.items() if name.startswith(prefix)]
        return found

    return one


@pytest.fixture(scope="module")
def allowed(world: SimpleNamespace, resources: Callable[..., Any]) -> Callable[..., Any]:
    """The statements of the policies whose logical ids start with a text."""

    def statements(stack: str, prefix: str) -> list[dict[str, Any]]:
        policies = resources(world.templates[stack], "AWS::IAM::Policy")
        return [
            statement
            for name, policy in policies.items()
            if name.startswith(prefix)
            for statement in policy["PolicyDocument"]["Statement"]
        ]

    return statements


@pytest.mark.capability("SYS-10")
@pytest.mark.capability("SYS-11")
def test_changes_wait_in_a_queue_of_their_own_region_for_two_weeks(find):
    waiting, mapping = find("Ireland", "AWS::SQS::Queue", "CarrierWaiting"), None

    mapping = find("Ireland", "AWS::Lambda::EventSourceMapping", "CarrierApplyQueue")

    assert waiting["MessageRetentionPeriod"] == 1_209_600
    assert waiting["RedrivePolicy"]["maxReceiveCount"] == 1000
    assert waiting["VisibilityTimeout"] == 6 * find("Ireland", "AWS::Lambda::Function", "CarrierApply")["Timeout"]
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping["ScalingConfig"] == {"MaximumConcurrency": 20}
    assert mapping["Enabled"] is True


@pytest.mark.capability("SYS-10")
def test_an_outage_of_two_weeks_does_not_use_up_the_receives_of_a_message():
    survived = facts.RECEIVES.value.high * LONGEST_PAUSE

    assert survived > facts.RETENTION.value.high * 86_400


@pytest.mark.capability("DDB-06")
def test_the_stream_is_followed_from_its_beginning_and_given_up_where_somebody_can_still_read_it(find):
    mapping = find("Ireland", "AWS::Lambda::EventSourceMapping", "CarrierCaptureStream")

    settings = {name: mapping[name] for name in ("StartingPosition", "BisectBatchOnFunctionError")}
    assert settings == {"StartingPosition": "TRIM_HORIZON", "BisectBatchOnFunctionError": True}
    assert mapping["MaximumRecordAgeInSeconds"] == 43_200
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping["DestinationConfig"]["OnFailure"]["Destination"]["Fn::GetAtt"][0].startswith("CarrierMissedQueue")


@pytest.mark.capability("SYS-08")
def test_only_what_was_written_here_invokes_the_function(find):
    written = {"eventName": ["INSERT", "MODIFY"]}
    mapping = find("Ireland", "AWS::Lambda::EventSourceMapping", "CarrierCaptureStream")

    patterns = [json.loads(one["Pattern"]) for one in mapping["FilterCriteria"]["Filters"]]

    assert patterns == [
        {**written, "dynamodb": {"NewImage": {"_origin": {"S": ["eu-west-1"]}}}},
        {**written, "dynamodb": {"NewImage": {"_origin": {"S": [{"exists": False}]}}}},
        {"eventName": ["REMOVE"]},
    ]


@pytest.mark.capability("SYS-06")
def test_the_function_may_put_items_into_the_other_table_and_nothing_else(find, allowed):
    environment = find("Ireland", "AWS::Lambda::Function", "CarrierApply")["Environment"]["Variables"]
    statements = allowed("Ireland", "CarrierApplyRole")

    on_tables = [one for one in statements if "dynamodb" in str(one["Action"])]
    with_keys = [one for one in statements if "kms:ResourceAliases" in str(one)]

    assert (environment["TARGET_REGION"], environment["TARGET_TABLE"]) == ("eu-central-1", "orders")
    assert environment["OLDEST_SECONDS"] == str(34 * 86_400)
    assert [one["Action"] for one in on_tables] == ["dynamodb:PutItem"]
    assert str(on_tables[0]["Resource"]).endswith(":dynamodb:eu-central-1:111111111111:table/orders") or (
        on_tables[0]["Resource"]["Fn::Join"][1][-1] == ":dynamodb:eu-central-1:111111111111:table/orders"
    )
    assert [one["Condition"] for one in with_keys] == [
        {
            "StringEquals": {
                "kms:ViaService": "dynamodb.eu-central-1.amazonaws.com",
                "aws:ResourceAccount": "111111111111",
            },
            "ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/orders"},
        }
    ]


@pytest.mark.capability("SYS-07")
def test_two_directions_are_two_replicators_and_neither_stack_needs_the_other(world, find):
    sites = {
        stack: find(stack, "AWS::Lambda::Function", "CarrierCapture")["Environment"]["Variables"]["SITE"]
        for stack in ("Ireland", "Frankfurt")
    }

    assert sites == {"Ireland": "eu-west-1", "Frankfurt": "eu-central-1"}
    for template in world.templates.values():
        assert "Fn::ImportValue" not in json.dumps(template)
        assert "Outputs" not in template


def test_another_account_is_entered_through_one_role_that_lets_in_one_role(find, allowed):
    role = find("Receiver", "AWS::IAM::Role", "EntranceRole")
    [assume] = [one for one in allowed("Sender", "CarrierApplyRole") if one["Action"] == "sts:AssumeRole"]

    [trust] = role["AssumeRolePolicyDocument"]["Statement"]

    assert role["RoleName"] == "orders-entrance"
    assert find("Sender", "AWS::IAM::Role", "CarrierApplyRole")["RoleName"] == "orders-carrier"
    assert "222222222222:role/orders-entrance" in str(assume["Resource"])
    assert "111111111111:root" in str(trust["Principal"])
    assert "111111111111:role/orders-carrier" in str(trust["Condition"]["ArnEquals"]["aws:PrincipalArn"])
    assert next(one["Action"] for one in allowed("Receiver", "EntranceRole")) == "dynamodb:PutItem"


def test_paused_changes_go_on_waiting(find, world):
    mapping = find("Sender", "AWS::Lambda::EventSourceMapping", "CarrierApplyQueue")

    assert mapping["Enabled"] is False
    assert world.templates["Sender"]["Metadata"]["cdk-standby:weakened"] == {
        "Sender/Carrier": {"paused": "their table is restored"}
    }


def test_everything_is_encrypted_logged_traced_and_kept(world, resources):
    template = world.templates["Ireland"]

    queues, groups = resources(template, "AWS::SQS::Queue"), resources(template, "AWS::Logs::LogGroup")
    functions = resources(template, "AWS::Lambda::Function")

    assert (len(queues), len(groups)) == (3, 2)
    assert all("KmsMasterKeyId" in queue for queue in queues.values())
    assert all("KmsKeyId" in group for group in groups.values())
    for made in functions.values():
        assert "KmsKeyArn" in made
        assert made["TracingConfig"] == {"Mode": "Active"}
        assert made["LoggingConfig"]["LogFormat"] == "JSON"
        assert made["Runtime"] == "python3.14"
    kept = [template["Resources"][name]["DeletionPolicy"] for name in [*queues, *groups]]
    assert kept == ["Retain"] * 5


@pytest.mark.capability("SYS-09")
def test_writers_are_let_in_with_a_stamp_only(world, allowed):
    statements = allowed("Ireland", "Writer")

    [write] = [one for one in statements if "dynamodb" in str(one["Action"])]

    assert write["Action"] == ["dynamodb:PutItem", "dynamodb:UpdateItem"]
    assert write["Condition"] == {"ForAnyValue:StringEquals": {"dynamodb:Attributes": ["_version"]}}
    assert world.out.writer_environment == {
        "REPLICATION_SITE": "eu-west-1",
        "REPLICATION_TOMBSTONE_SECONDS": str(35 * 86_400),
        "REPLICATION_EXPIRES": "expires_at",
    }


def test_every_way_that_changes_get_stuck_rings(world, resources):
    alarms = resources(world.templates["Ireland"], "AWS::CloudWatch::Alarm")
    ours = {name: alarm for name, alarm in alarms.items() if name.startswith("Carrier")}

    metrics = sorted(alarm["MetricName"] for alarm in ours.values())

    assert metrics == [
        "ApproximateAgeOfOldestMessage",
        "ApproximateAgeOfOldestMessage",
        "ApproximateNumberOfMessagesVisible",
        "ApproximateNumberOfMessagesVisible",
        "Errors",
        "Errors",
        "IteratorAge",
        "Throttles",
        "Throttles",
        "Unstamped-Ireland/Carrier",
    ]
    assert all(alarm["AlarmActions"] and alarm["OKActions"] for alarm in ours.values())
    named = next(iter(described(StreamReplicator)[name] for name in ["alarm_thresholds"]))
    assert [name for name in world.out.alarms if name not in named] == []


def test_the_same_code_is_the_same_asset_after_it_has_run(tmp_path, make_stack):
    stack = make_stack()
    cached = parts.CODE / "replicator" / "__pycache__" / "left_behind.pyc"

    before = lambda_.Code.from_asset(str(parts.CODE), exclude=parts.NOT_CODE).bind(stack)
    cached.parent.mkdir(exist_ok=True)
    cached.write_bytes(b"anything")
    again = lambda_.Code.from_asset(str(parts.CODE), exclude=parts.NOT_CODE).bind(make_stack(name="Again"))
    cached.unlink()

    assert before.s3_location.object_key == again.s3_location.object_key


def test_cdk_nag_and_the_cdk_itself_find_nothing(world, findings):
    assert findings(world.app) == []


@validators.LINTED
def test_cfn_lint_finds_nothing(world, lint):
    if world.flags == "recommended":
        assert {name: lint(world.templates[name]) for name in ("Ireland", "Receiver")} == {
            "Ireland": [],
            "Receiver": [],
        }


REFUSED = {
    "bridges": (
        {"bridges": cdk.Duration.hours(12)},
        f"Test/Carrier: 'bridges' is 12 hours; allowed: 1 to 14 days, because less than a day is bridged by the stream "
        f"alone, which keeps changes for 24 hours, and no queue keeps more than 14 days ({SQS}quotas-messages.html)",
    ),
    "retention": (
        {"bridges": cdk.Duration.days(10), "retention": cdk.Duration.days(4)},
        f"Test/Carrier: 'retention' is 4 days; allowed: at least 10 days, which it has to bridge, because SQS keeps a "
        f"message for a minute to 14 days, and then deletes it without a word ({SQS}quotas-messages.html)",
    ),
    "tombstones": (
        {"tombstones": cdk.Duration.days(14)},
        f"Test/Carrier: 'tombstones' is 14 days; allowed: 29 to 3650 days, because a change may be a day in the "
        f"stream, 14 days in queues and, after a redrive, 14 more: a tombstone that is gone by then lets a deleted "
        f"item come back ({SQS}sqs-configure-dead-letter-queue-redrive.html)",
    ),
    "token": (
        {"tombstones": cdk.Duration.days(cdk.Token.as_number({"Ref": "Days"}))},
        "Test/Carrier: 'tombstones' is <token> days; allowed: whole seconds that are known at synth, because what "
        "depends on it is compared with it, here and in the functions",
    ),
    "concurrency": (
        {"concurrency": 1},
        "Test/Carrier: 'concurrency' is 1; allowed: 2 to 1000, because a queue invokes its function 2 to 1000 times at "
        "once (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html)",
    ),
    "site": (
        {"site": "eu west"},
        "Test/Carrier: 'site' is 'eu west'; allowed: 1 to 64 letters, digits, '.', '_' and '-', because it stands in "
        "the version of every item",
    ),
    "ttl": (
        {"ttl": "gone"},
        "Test/Carrier: 'ttl' is 'gone'; allowed: the time to live of 'Test/Orders', 'expires_at', because by it the "
        "table deletes tombstones",
    ),
    "same": (
        {"to": ReplicationTarget(table_name="others", region="eu-west-1", key="alias/orders")},
        "Test/Carrier: 'to.region' is 'eu-west-1'; allowed: another Region than eu-west-1, or another account, because "
        "a table cannot go on in the Region and account that it shares",
    ),
    "unknown": (
        {"to": ReplicationTarget(table_name="orders", region="eu-centrl-1", key="alias/orders")},
        "Test/Carrier: 'to.region' is 'eu-centrl-1'; allowed: a Region of AWS; did you mean eu-central-1 or "
        "me-central-1 or eu-central-2?, because what cannot be found can neither be deployed to nor failed over to "
        "(https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html)",
    ),
    "forms": (
        {"to": ReplicationTarget(table_name="a b", region="eu-central-1", key="orders", account="1", role_name="a b")},
        "Test/Carrier: 'to.key' is 'orders'; allowed: the ARN of a key, or an alias such as 'alias/orders', because "
        "permissions name it\n"
        "Test/Carrier: 'to.account' is '1'; allowed: an account, twelve digits, because permissions name it\n"
        "Test/Carrier: 'to.role_name' is 'a b'; allowed: 1 to 64 letters, digits and '+=,.@_-', because permissions "
        "name it\n"
        "Test/Carrier: 'to.table_name' is 'a b'; allowed: 3 to 255 letters, digits, '_', '.' and '-', because the name "
        "of a table or index has 3 to 255 letters, digits, '_', '.' and '-' "
        f"({DYNAMODB}Constraints.html)\n"
        "Test/Carrier: 'role_name' is not given; allowed: a name on which both accounts agree, because the other "
        "account lets in one role by its name, and gives it another to write with",
    ),
    "roles": (
        {"to": ReplicationTarget(table_name="orders", region="eu-west-1", key="alias/a", account="222222222222")},
        "Test/Carrier: 'role_name' is not given; allowed: a name on which both accounts agree, because the other "
        "account lets in one role by its name, and gives it another to write with\n"
        "Test/Carrier: 'to.role_name' is not given; allowed: a name on which both accounts agree, because the other "
        "account lets in one role by its name, and gives it another to write with",
    ),
}


NAMES = st.one_of(st.none(), st.sampled_from(["shop", "a b", ""]), st.text(max_size=70))
LONG = st.one_of(
    st.none(),
    st.builds(cdk.Duration.days, st.integers(0, 60)),
    st.builds(cdk.Duration.millis, st.integers(0, 3_000_000_000)),
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.fixed_dictionaries(
        {},
        optional={
            "bridges": LONG,
            "retention": LONG,
            "tombstones": LONG,
            "concurrency": st.integers(-1, 2000),
            "site": NAMES,
            "role_name": NAMES,
            "ttl": st.sampled_from(["expires_at", "", "gone"]),
            "to": st.builds(
                ReplicationTarget,
                table_name=st.sampled_from(["orders", "o", "a b"]),
                region=st.sampled_from(["eu-central-1", "eu-west-1", "nowhere"]),
                key=st.sampled_from(["alias/orders", "orders", ""]),
                account=st.sampled_from([None, "222222222222", "2"]),
                role_name=NAMES,
            ),
        },
    )
)
def test_any_options_give_a_replicator_or_our_own_message(make_stack, options):
    stack = make_stack()

    problems: tuple[Problem, ...] = ()
    try:
        replicator(stack, **options)
    except InvalidOptions as refused:
        problems = refused.problems

    assert all(str(problem).startswith("Test/Carrier: '") for problem in problems)


@pytest.mark.capability("SYS-07")
@pytest.mark.capability("SYS-09")
@pytest.mark.capability("SYS-10")
@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_work_is_refused(make_stack, name):
    options, message = REFUSED[name]

    with pytest.raises(InvalidOptions) as refused:
        replicator(make_stack(), **options)

    assert str(refused.value) == message


@pytest.mark.capability("SYS-07")
def test_a_global_table_is_not_replicated_twice(make_stack):
    stack = make_stack()
    table = orders(stack, replicas=[Replica(region="eu-central-1", key="alias/orders")])

    with pytest.raises(InvalidOptions) as refused:
        replicator(stack, table=table)

    assert str(refused.value) == (
        "Test/Carrier: 'to.region' is 'eu-central-1'; allowed: a Region without a replica of the table, because "
        "DynamoDB replicates there already: two replications of one table undo each other's writes "
        f"({DYNAMODB}V2globaltables_HowItWorks.html)"
    )


@pytest.mark.capability("DDB-06")
@pytest.mark.parametrize(
    ("view", "got", "allowed"),
    [
        ("KEYS_ONLY", " with a stream of KEYS_ONLY", "a stream of NEW_AND_OLD_IMAGES"),
        (None, "", "a table with a stream that is known here"),
    ],
)
def test_a_stream_that_does_not_show_the_items_is_refused(make_stack, view, got, allowed):
    stack = make_stack()
    table = orders(stack, stream=view)

    with pytest.raises(InvalidOptions) as refused:
        replicator(stack, table=table)

    assert str(refused.value) == (
        f"Test/Carrier: 'table' is 'Test/Orders'{got}; allowed: {allowed}, because the new image is what is sent, and "
        f"the old one tells a write without a stamp ({DYNAMODB}Streams.html)"
    )


def test_an_entrance_is_for_another_account(make_stack):
    stack = make_stack()

    with pytest.raises(InvalidOptions) as refused:
        ReplicationEntrance(
            stack, "In", table=orders(stack), role_name="a b", from_account="111111111111", from_role="carrier"
        )

    assert str(refused.value) == (
        "Test/In: 'role_name' is 'a b'; allowed: 1 to 64 letters, digits and '+=,.@_-', because the name of a role has "
        "1 to 64 letters, digits and '+=,.@_-' (https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html)"
        "\nTest/In: 'from_account' is '111111111111'; allowed: another account than that of the table, because in its "
        "own account the replicator writes under its own role"
    )


def test_no_option_replaces_a_queue_that_holds_changes_and_a_table_of_the_cdk_will_do(make_stack):
    def build(**options: Any) -> cdk.Stack:
        stack = make_stack()
        replicator(stack, table=cdk_table(stack), **options)
        return stack

    everything = Together(
        to=ReplicationTarget(table_name="other", region="us-east-1", key="alias/orders"),
        site="shop",
        bridges=cdk.Duration.days(3),
        retention=cdk.Duration.days(10),
        role_name="carrier",
        paused_because="a restore",
    )

    found = in_place(build, {}, {"to": everything}, types={"AWS::SQS::Queue", "AWS::Logs::LogGroup"})

    assert replacing(found) == set()
    assert create_only_options(StreamReplicator) == {"role_name"}  # it makes another role, and no queue
