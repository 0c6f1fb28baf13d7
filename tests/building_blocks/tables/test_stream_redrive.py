"""Parked messages that are tried again, and a blackout for practice: what is rendered, refused, and comes of it."""

from __future__ import annotations

import contextlib
import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from botocore.exceptions import ClientError
from constructs import Construct
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from replacement import lost
from replicas import MemoryQueue, Site, records, unreachable

from cdk_standby._checks import InvalidOptions
from cdk_standby.alarm_topic import AlarmTopic
from cdk_standby.keys import DataKey
from cdk_standby.tables.replicator_function.replicator.apply import Settings as Applying
from cdk_standby.tables.replicator_function.replicator.apply import apply
from cdk_standby.tables.replicator_function.replicator.capture import Queue, capture
from cdk_standby.tables.replicator_function.replicator.redrive import DAY, Settings, redrive
from cdk_standby.tables.stream_blackout import StreamBlackout
from cdk_standby.tables.stream_redrive import StreamRedrive
from cdk_standby.tables.stream_replicator import ReplicationTarget, StreamReplicator
from cdk_standby.tables.table import Replica, Table
from cdk_standby.tables.table_blackout import TableBlackout

KEY = "arn:aws:kms:eu-west-1:111111111111:key/12345678-1234-1234-1234-123456789012"
MOVES = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html"
FIS = "https://docs.aws.amazon.com/fis/latest/userguide/"
FRANKFURT = ReplicationTarget(table_name="orders", region="eu-central-1", key="alias/orders")


def replicator(stack: Construct, key: Any, table_name: str = "orders", **options: Any) -> StreamReplicator:
    table = Table(stack, "Orders", partition_key="id", table_name=table_name, ttl="expires_at", key=key)
    return StreamReplicator(stack, "Carrier", table=table, to=FRANKFURT, key=key, **options)


@pytest.fixture(scope="module")
def world(make_stack: Callable[..., cdk.Stack], template: Callable[..., Any]) -> SimpleNamespace:
    stack = make_stack()
    key = DataKey(stack, "Key", alias="orders").key
    topic = AlarmTopic(stack, "Alarms", key=key)
    carrier = replicator(stack, key, alarms=topic)
    StreamRedrive(stack, "Redrive", replicator=carrier, alarms=topic)
    StreamBlackout(stack, "Blackout", replicator=carrier, lasts=cdk.Duration.hours(2))
    replica = Replica(region="eu-central-1", key="alias/carts")
    carts = Table(stack, "Carts", partition_key="id", table_name="carts", key=key, replicas=[replica])
    TableBlackout(stack, "Pause", table=carts)
    return SimpleNamespace(app=stack.node.root, template=template(stack))


@pytest.fixture(scope="module")
def find(world: SimpleNamespace, resources: Callable[..., Any]) -> Callable[..., Any]:
    """The properties of the one resource of a type whose logical id starts with a text."""

    def one(kind: str, prefix: str) -> Any:
        [found] = [p for name, p in resources(world.template, kind).items() if name.startswith(prefix)]
        return found

    return one


@pytest.mark.capability("SYS-13")
def test_alarms_that_are_quiet_again_have_parked_messages_tried_again(find):
    rule = find("AWS::Events::Rule", "RedriveQuiet")
    variables = find("AWS::Lambda::Function", "Redrive")["Environment"]["Variables"]

    pattern = rule["EventPattern"]

    assert pattern["detail"] == {"state": {"value": ["OK"]}, "previousState": {"value": ["ALARM"]}}
    assert [arn["Fn::GetAtt"][0][:10] for arn in pattern["resources"]] == ["CarrierLag", "CarrierApp"]
    assert rule["Targets"][0]["Arn"]["Fn::GetAtt"][0].startswith("Redrive")
    assert (variables["AT_MOST"], variables["VELOCITY"]) == ("3", "10")


@pytest.mark.capability("SYS-13")
def test_it_may_move_messages_out_of_the_parked_queue_into_two_others(find):
    policy = find("AWS::IAM::Policy", "RedriveRedriveRole")
    by_queue = {
        str(one["Action"]): one["Resource"]
        for one in policy["PolicyDocument"]["Statement"]
        if "sqs:" in str(one["Action"])
    }

    [take, send] = by_queue.values()

    assert take["Fn::GetAtt"][0].startswith("CarrierParkedQueue")
    assert [queue["Fn::GetAtt"][0][:15] for queue in send] == ["CarrierWaitingQ", "RedrivePoisonQu"]
    assert "sqs:StartMessageMoveTask" in next(iter(by_queue))


@pytest.mark.capability("SYS-13")
def test_what_was_put_aside_is_kept_rings_and_can_be_let_back(world, find, resources):
    names = resources(world.template, "AWS::SQS::Queue")
    poison = next(name for name in names if name.startswith("RedrivePoison"))
    parked = find("AWS::SQS::Queue", "CarrierParkedQueue")
    alarm = find("AWS::CloudWatch::Alarm", "RedrivePoison")

    assert world.template["Resources"][poison]["DeletionPolicy"] == "Retain"
    assert names[poison]["MessageRetentionPeriod"] == 1_209_600
    assert parked["RedrivePolicy"]["deadLetterTargetArn"] == {"Fn::GetAtt": [poison, "Arn"]}
    assert (alarm["MetricName"], alarm["Threshold"]) == ("ApproximateNumberOfMessagesVisible", 0)


@pytest.mark.capability("SYS-14")
def test_an_experiment_cuts_the_replication_and_alarms_of_harm_stop_it(find):
    experiment = find("AWS::FIS::ExperimentTemplate", "Blackout")

    stops = [one["Value"]["Fn::GetAtt"][0] for one in experiment["StopConditions"]]

    assert experiment["Actions"]["Blackout"]["ActionId"] == "aws:ssm:start-automation-execution"
    assert experiment["Actions"]["Blackout"]["Parameters"]["maxDuration"] == "PT130M"
    assert all(name.startswith("Carrier") for name in stops)
    assert {one["Source"] for one in experiment["StopConditions"]} == {"aws:cloudwatch:alarm"}
    assert not any(name.startswith("CarrierLag") for name in stops)
    assert len(stops) == 5


@pytest.mark.capability("SYS-14")
def test_however_a_blackout_ends_changes_are_carried_again(find):
    content = find("AWS::SSM::Document", "Blackout")["Content"]
    steps = {step["name"]: step for step in content["mainSteps"]}

    cut, mend = (steps[name]["inputs"] for name in ("Cut", "Mend"))

    assert list(steps) == ["Cut", "Dark", "Wait", "Settled", "Mend", "Carried"]
    assert (cut["Enabled"], mend["Enabled"], cut["UUID"]) == (False, True, mend["UUID"])
    assert steps["Wait"]["inputs"] == {"Duration": "PT120M"}
    assert all(
        steps[name]["onCancel"] == steps[name]["onFailure"] == "step:Settled" for name in ("Cut", "Dark", "Wait")
    )
    assert steps["Settled"]["onFailure"] == "Continue"


def test_the_cutter_may_switch_this_mapping_and_nothing_else(find):
    [statement] = find("AWS::IAM::ManagedPolicy", "BlackoutCutter")["PolicyDocument"]["Statement"]

    assert statement["Action"] == ["lambda:GetEventSourceMapping", "lambda:UpdateEventSourceMapping"]
    assert statement["Resource"]["Fn::Join"][1][-1] == {"Ref": "CarrierApplyQueueB14C9B3A"}


@pytest.mark.capability("SYS-14")
def test_a_global_table_is_cut_off_by_the_action_that_fis_has(find):
    experiment = find("AWS::FIS::ExperimentTemplate", "Pause")
    may, look = find("AWS::IAM::ManagedPolicy", "Pause")["PolicyDocument"]["Statement"]

    stops = [one["Value"]["Fn::GetAtt"][0] for one in experiment["StopConditions"]]

    assert experiment["Actions"]["Blackout"] == {
        "ActionId": "aws:dynamodb:global-table-pause-replication",
        "Parameters": {"duration": "PT30M"},
        "Targets": {"Tables": "Dark"},
    }
    assert experiment["Targets"]["Dark"]["ResourceType"] == "aws:dynamodb:global-table"
    assert experiment["Targets"]["Dark"]["ResourceArns"] == [may["Resource"]]
    assert "dynamodb:PutResourcePolicy" in may["Action"]
    assert "dynamodb" not in str(look["Action"])
    assert stops
    assert not any("ReplicationLatency" in name for name in stops)


def test_cdk_nag_and_the_cdk_itself_find_nothing(world, findings):
    assert findings(world.app) == []


def test_cfn_lint_finds_nothing(world, lint):
    assert lint(world.template) == []


@pytest.fixture(scope="module")
def scopes(make_stack: Callable[..., cdk.Stack]) -> SimpleNamespace:
    """What options are tried on; never synthesized."""
    stack = make_stack()
    key = kms.Key.from_key_arn(stack, "Key", KEY)
    off = {"Lag": "seen elsewhere", "ApplyErrors": "seen elsewhere"}
    quiet = Construct(stack, "Quiet")
    silent = replicator(quiet, key, table_name="quiet", alarms_off_because=off, paused_because="a test")
    abroad = make_stack(name="Abroad", region="us-east-1", app=stack.node.root)
    foreign = replicator(abroad, kms.Key.from_key_arn(abroad, "Key", KEY.replace("eu-west-1", "us-east-1")))
    return SimpleNamespace(stack=stack, key=key, carrier=replicator(stack, key), silent=silent, foreign=foreign)


def refused(scopes: SimpleNamespace, build: Callable[..., Any], **options: Any) -> str:
    name = f"It{len(scopes.stack.node.children)}"
    with pytest.raises(InvalidOptions) as caught:
        build(scopes.stack, name, **{"replicator": scopes.carrier, **options})
    return str(caught.value).replace(f"Test/{name}: ", "")


@pytest.mark.capability("SYS-13")
@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"at_most": 0},
            "'at_most' is 0; allowed: 1 to 10, because what fails again and again is not mended by another try, and "
            f"keeps everything behind it waiting ({MOVES})",
        ),
        (
            {"velocity": 501},
            "'velocity' is 501; allowed: 1 to 500, because a task moves 500 messages a second at most, and one task at "
            f"a time moves those of a queue ({MOVES})",
        ),
    ],
    ids=["at_most", "velocity"],
)
def test_redrives_are_few_and_slow(scopes, options, message):
    assert refused(scopes, StreamRedrive, **options) == message


def test_nothing_tells_of_recovery_without_an_alarm(scopes):
    assert refused(scopes, StreamRedrive, replicator=scopes.silent) == (
        "'replicator' is 'Test/Quiet/Carrier'; allowed: a StreamReplicator with one of its alarms ['Lag', "
        "'ApplyErrors'], because an alarm that is quiet again tells that changes are carried again"
    )


@pytest.mark.capability("SYS-14")
@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"lasts": cdk.Duration.hours(12)},
            "'lasts' is 12 hours; allowed: whole minutes, 1 to 710, that are known at synth, because an action of an "
            f"experiment lasts a minute to 12 hours ({FIS}fis-actions-reference.html)",
        ),
        (
            {"stop_on": []},
            "'stop_on' is []; allowed: one to five alarms, or 'no_stop_because', because an experiment is stopped by "
            f"one to five alarms ({FIS}fis-quotas.html)",
        ),
    ],
    ids=["lasts", "stop_on"],
)
def test_a_blackout_ends_and_alarms_may_end_it_early(scopes, options, message):
    assert refused(scopes, StreamBlackout, **options) == message


def test_what_is_elsewhere_is_neither_redriven_nor_cut_off_from_here(scopes):
    redriven = refused(scopes, StreamRedrive, replicator=scopes.foreign)
    cut = refused(scopes, StreamBlackout, replicator=scopes.foreign)

    assert redriven == (
        "'replicator' is 'Abroad/Carrier'; allowed: a replicator of the stack Test, because their queues name each "
        "other, which two stacks cannot"
    )
    assert cut == (
        "'replicator' is 'Abroad/Carrier'; allowed: one in eu-west-1, because an experiment acts in its own Region "
        f"({FIS}fis-actions-reference.html)"
    )


def test_a_replicator_that_is_paused_is_not_cut_off(scopes):
    assert refused(scopes, StreamBlackout, replicator=scopes.silent) == (
        "'replicator' is 'Test/Quiet/Carrier'; allowed: a replicator that is not paused, because it carries nothing "
        "that could be cut off, and would be carrying after the experiment"
    )


def test_a_table_of_one_region_has_no_replication_to_cut(scopes):
    with pytest.raises(InvalidOptions) as caught:
        TableBlackout(scopes.stack, "Alone", table=scopes.stack.node.find_child("Orders"))

    assert str(caught.value) == (
        "Test/Alone: 'table' is 'Test/Orders'; allowed: a table with replicas in other Regions, because there is no "
        f"replication that could be cut ({FIS}fis-actions-reference.html)"
    )


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    at_most=st.integers(-1, 12),
    velocity=st.integers(-1, 600),
    lasts=st.one_of(st.none(), st.integers(0, 50_000).map(cdk.Duration.seconds)),
    because=st.sampled_from([None, "", "a lab"]),
)
def test_any_options_build_or_are_refused_in_our_words(scopes, at_most, velocity, lasts, because):
    name = f"Any{len(scopes.stack.node.children)}"
    given = {"replicator": scopes.carrier}

    with contextlib.suppress(InvalidOptions):
        StreamRedrive(scopes.stack, name, at_most=at_most, velocity=velocity, paused_because=because, **given)
    with contextlib.suppress(InvalidOptions):
        StreamBlackout(scopes.stack, f"{name}Dark", lasts=lasts, no_stop_because=because, **given)


@pytest.mark.capability("SYS-13")
def test_no_option_replaces_the_queue_of_what_was_put_aside(tmp_path, template):
    def built(**options: Any) -> dict[str, Any]:
        env = cdk.Environment(account="111111111111", region="eu-west-1")
        app = cdk.App(outdir=str(tmp_path / str(len(options))), analytics_reporting=False)
        stack = cdk.Stack(app, "Test", env=env)
        key = kms.Key.from_key_arn(stack, "Key", KEY)
        StreamRedrive(stack, "Redrive", replicator=replicator(stack, key), **options)
        return dict(template(stack))

    after = built(at_most=5, velocity=100, paused_because="a test", log_retention=logs.RetentionDays.ONE_WEEK)

    assert lost(built(), after) == []


# What the function does


@dataclass
class Queues:
    """Three queues, of which tasks move messages, and what is remembered; one object in place of two clients."""

    parked: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    poison: list[str] = field(default_factory=list)
    remembered: str = "[]"
    task: list[str] | None = None
    refuses: str = ""
    fails: str = ""
    velocity: int = 0

    def get_queue_attributes(self, **_: Any) -> dict[str, Any]:
        return {"Attributes": {"ApproximateNumberOfMessages": str(len(self.parked))}}

    def list_message_move_tasks(self, **_: Any) -> dict[str, Any]:
        return {"Results": [{"Status": "RUNNING" if self.task is not None else "COMPLETED"}]}

    def start_message_move_task(self, **asked: Any) -> None:
        if self.fails == "start":
            raise ConnectionError
        if self.refuses:
            raise ClientError({"Error": {"Code": self.refuses, "Message": ""}}, "StartMessageMoveTask")
        self.task = {"waiting": self.waiting, "poison": self.poison}[asked["DestinationArn"]]
        self.velocity = asked["MaxNumberOfMessagesPerSecond"]

    def get_parameter(self, **_: Any) -> dict[str, Any]:
        return {"Parameter": {"Value": self.remembered}}

    def put_parameter(self, *, Value: str, **_: Any) -> None:  # noqa: N803
        self.remembered = Value

    def finish(self) -> None:
        """The task ends; what waits is tried, and whatever is poison is parked once more."""
        if self.task is not None:
            self.task += self.parked
            self.parked.clear()
        self.task = None
        self.parked += [one for one in self.waiting if one.startswith("poison")]
        self.waiting[:] = [one for one in self.waiting if not one.startswith("poison")]

    def quiet(self, now: float = 0, at_most: int = 3) -> str:
        """An alarm is quiet again."""
        names = {"parked_url": "p", "parked_arn": "p", "waiting_arn": "waiting", "poison_arn": "poison", "state": "s"}
        says = redrive(self, self, Settings(**names, at_most=at_most, velocity=50), now)["says"]
        return str(says)


@pytest.mark.capability("SYS-13")
def test_poison_is_tried_three_times_a_day_and_then_put_aside():
    queues = Queues(parked=["late", "poison"])

    said = []
    for hour in range(5):
        said.append(queues.quiet(now=3600 * hour))
        queues.finish()

    assert said == ["tried again"] * 3 + ["put aside: tried often enough", "nothing is parked"]
    assert (queues.waiting, queues.parked, queues.poison) == (["late"], [], ["poison"])
    assert queues.velocity == 50


def test_a_day_later_it_may_be_tried_again():
    queues = Queues(parked=["poison"], remembered=json.dumps([0, 1, 2]))

    assert queues.quiet(now=DAY + 3) == "tried again"


def test_an_event_that_comes_twice_moves_nothing_twice():
    queues = Queues(parked=["late"])

    said = [queues.quiet(), queues.quiet()]

    assert said == ["tried again", "messages are on their way already"]
    assert len(json.loads(queues.remembered)) == 1


def test_somebody_else_who_redrives_at_this_moment_is_let_go_on():
    queues = Queues(parked=["late"], refuses="AWS.SimpleQueueService.UnsupportedOperation")

    assert queues.quiet() == "messages are on their way already"


def test_what_was_cut_off_before_the_move_has_tried_once_less():
    queues = Queues(parked=["late"], fails="start")
    with pytest.raises(ConnectionError):
        queues.quiet()
    queues.fails = ""

    said = [queues.quiet(at_most=2)]
    queues.finish()
    queues.parked.append("late")

    assert [*said, queues.quiet(at_most=2)] == ["tried again", "put aside: tried often enough"]


@pytest.mark.capability("SYS-13")
@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["quiet", "finish", "late", "poison", "hour", "cut"]), max_size=40), st.integers(1, 4))
def test_nothing_is_lost_and_nothing_is_tried_more_often_than_that(steps, at_most):
    queues, now, tried, made = Queues(), 0.0, list[float](), 0

    for step in steps:
        if step in ("late", "poison"):
            made += 1
            queues.parked.append(f"{step}-{made}")
        elif step == "finish":
            queues.finish()
        elif step == "hour":
            now += 3600
        else:
            queues.fails = "start" if step == "cut" else ""
            with contextlib.suppress(ConnectionError):
                tried += [now] if queues.quiet(now, at_most) == "tried again" else []
        everywhere = [*queues.parked, *queues.waiting, *queues.poison]
        assert len(everywhere) == len(set(everywhere)) == made
        assert all(sum(at <= one < at + DAY for one in tried) <= at_most for at in tried)


@pytest.mark.capability("SYS-14")
@pytest.mark.parametrize("seed", range(2))
def test_a_thousand_writes_of_a_blackout_arrive_in_any_order_and_both_tables_are_equal(seed):
    order = random.Random(seed)
    here, there = Site("eu-west-1"), Site("eu-central-1")
    waiting, parked = MemoryQueue(), MemoryQueue()
    how = Applying(table="orders", queue_url="waiting", parked_url="parked", oldest=34 * 86_400)
    now = here.wall // 1000

    for number in range(1000):
        here.wall += 1
        here.write(f"{order.randrange(300)}", None if number % 10 == 0 else f"{number}")
    assert capture(Queue(waiting, "waiting"), here.table.stream, here.name) == {"batchItemFailures": []}
    there.table.fails = unreachable()
    dark = apply(there.table, parked, records(waiting.bodies[:10], receives=900), how, now)
    empty, there.table.fails = dict(there.table.items), None
    order.shuffle(waiting.bodies)
    twice = waiting.bodies + order.sample(waiting.bodies, 100)
    left = [apply(there.table, parked, records(twice[at : at + 10]), how, now) for at in range(0, len(twice), 10)]

    assert (len(waiting.bodies), len(dark["batchItemFailures"]), empty) == (1000, 10, {})
    assert all(answer == {"batchItemFailures": []} for answer in left)
    assert there.table.items == here.table.items
    assert parked.bodies == []
