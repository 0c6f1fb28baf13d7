"""The code that runs in Lambda: what it sends, keeps, parks and refuses, against fakes and the API shapes of moto."""

from __future__ import annotations

import json
import logging
import time
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws
from replicas import MemoryQueue, MemoryTable, Site, error, records, typed, unreachable

from cdk_standby.tables.replicator_function.replicator import apply as applying
from cdk_standby.tables.replicator_function.replicator import capture as capturing
from cdk_standby.tables.replicator_function.replicator.merge import Change, Fate, condition, fate_of, merge
from cdk_standby.tables.replicator_function.replicator.messages import LARGEST, batches, decode, encode
from cdk_standby.tables.replicator_function.replicator.stamps import Clock, Stamps, is_alive
from cdk_standby_review.facts import replication as facts

HERE = "eu-west-1"
NOW = 1_700_000_000
SETTINGS = applying.Settings(table="orders", queue_url="waiting", parked_url="parked", oldest=34 * 86_400)
LOGS = "cdk_standby.tables.replicator_function.replicator"


def message(**item: Any) -> str:
    return encode(Change(typed({"id": "a", "_version": "1700000000000-0000-x/y", "_origin": HERE, **item}), NOW))


def apply(table: Any, queue: MemoryQueue, bodies: list[str], receives: int = 1) -> list[str]:
    answer = applying.apply(table, queue, records(bodies, receives), SETTINGS, NOW)
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


@pytest.mark.capability("SYS-09")
@pytest.mark.parametrize(
    ("mine", "theirs", "kept"),
    [
        (None, "1700000000000-0000-a", "theirs"),
        ("1700000000000-0000-a", "1700000000001-0000-a", "theirs"),
        ("1700000000001-0000-a", "1700000000000-0009-a", "mine"),
        ("1700000000000-0001-a", "1700000000000-0002-a", "theirs"),
        ("1700000000000-0000-eu-west-1/a", "1700000000000-0000-eu-central-1/a", "mine"),
        ("1700000000000-0000-eu-central-1/a", "1700000000000-0000-eu-west-1/a", "theirs"),
        ("1700000000000-0000-a", "1700000000000-0000-a", "mine"),
        ("no clock's", "1700000000000-0000-a", "mine"),
    ],
)
def test_the_newer_stays_and_dynamodb_decides_as_python_does(mine, theirs, kept):
    old = None if mine is None else typed({"id": "a", "_version": mine, "value": "mine"})
    new = typed({"id": "a", "_version": theirs, "value": "theirs"})
    table = MemoryTable(items={"a": old} if old else {})

    merged = merge(old, new)
    declined = False
    try:
        table.put_item(**condition(new))
    except ClientError:
        declined = True

    assert merged["value"]["S"] == kept
    assert table.items["a"] == merged
    assert declined is (kept == "mine")


@pytest.mark.capability("SYS-10")
def test_while_the_other_side_is_dark_messages_wait_longer_each_time():
    table, queue = MemoryTable(fails=unreachable()), MemoryQueue()

    again = [apply(table, queue, [message()], receives) for receives in (1, 2, 3, 8, 900)]

    assert again == [["message-0"]] * 5
    assert queue.pauses == [15, 30, 60, 1800, 1800]
    assert queue.bodies == []


@pytest.mark.parametrize(
    "code", ["ProvisionedThroughputExceededException", "AccessDeniedException", "InternalServerError"]
)
def test_what_people_or_time_mend_stays_in_the_queue(code):
    table, queue = MemoryTable(fails=error(code)), MemoryQueue()

    assert apply(table, queue, [message()]) == ["message-0"]


@pytest.mark.parametrize(
    "body", ["no json", "[]", "{}", '{"seen":1,"item":{}}', '{"packed":"AAAA"}', message(_version="1")]
)
def test_what_is_no_change_is_parked_and_the_others_are_applied(body):
    table, queue = MemoryTable(), MemoryQueue()

    again = apply(table, queue, [message(), body])

    assert again == []
    assert list(table.items) == ["a"]
    assert queue.bodies == [body]


def test_what_dynamodb_never_takes_is_parked_and_repeated_if_it_cannot_be():
    table, queue = MemoryTable(fails=error("ValidationException")), MemoryQueue()

    parked = apply(table, queue, [message()])
    queue.fails = True
    kept = apply(table, queue, [message()])

    assert (parked, kept) == ([], ["message-0"])
    assert queue.bodies == [message()]


def test_a_change_that_is_older_than_tombstones_is_parked():
    table, queue = MemoryTable(), MemoryQueue()
    old = json.dumps({**json.loads(message()), "seen": NOW - 35 * 86_400})

    again = apply(table, queue, [old])

    assert (again, table.items, queue.bodies) == ([], {}, [old])


def test_a_batch_takes_ten_messages_and_a_megabyte():
    many, large = [("", "x")] * 25, [("", "x" * 400_000)] * 5

    assert facts.MESSAGE.value > LARGEST
    assert [len(batch) for batch in batches(many)] == [10, 10, 5]
    assert [len(batch) for batch in batches(large)] == [2, 2, 1]


def test_an_item_that_json_makes_larger_than_a_message_is_packed():
    item = typed({"id": "a", "_version": "1700000000000-0000-x/y", "many": [True] * 100_000})

    body = encode(Change(item, NOW))

    assert len(body) < LARGEST < len(json.dumps(item))
    assert decode(body) == Change(item, NOW)


def test_a_writer_without_a_stamp_is_named_in_the_log_and_nothing_is_sent(caplog):
    site, queue = Site(HERE), MemoryQueue()
    site.table.put_item(Item=typed({"id": "a", "value": "1"}))
    stamped = site.write("b", "1")
    site.table.put_item(Item={**stamped, "value": {"S": "2"}})
    site.table.delete("b")

    with caplog.at_level(logging.WARNING, LOGS):
        capturing.capture(capturing.Queue(queue, "waiting"), site.table.stream, HERE)

    assert [(one.message, one.event, one.keys) for one in caplog.records] == [
        ("unstamped", "INSERT", {"id": {"S": "a"}}),
        ("unstamped", "MODIFY", {"id": {"S": "b"}}),
        ("unstamped", "REMOVE", {"id": {"S": "b"}}),
    ]
    assert [decode(body).item for body in queue.bodies] == [stamped]


def test_what_expires_by_itself_expires_on_both_sides_and_is_not_sent():
    site = Site(HERE)
    site.write("a", "1")
    site.table.delete("a", by="dynamodb.amazonaws.com")
    site.write("b", None)
    site.table.delete("b")

    fates = [fate_of(record, HERE) for record in site.table.stream]

    assert fates == [Fate.SENT, Fate.IGNORED, Fate.SENT, Fate.IGNORED]


@pytest.mark.capability("SYS-08")
def test_what_came_from_elsewhere_is_ignored_and_nobody_is_blamed_for_it():
    site, other = Site(HERE), Site("eu-central-1")
    site.table.put_item(Item=other.write("a", "1"))

    assert [fate_of(record, HERE) for record in site.table.stream] == [Fate.IGNORED]


def test_lambda_goes_on_from_the_record_that_the_queue_did_not_take():
    site, queue = Site(HERE), MemoryQueue(fails=True)
    site.write("a", "1")
    site.write("b", "2")

    answer = capturing.capture(capturing.Queue(queue, "waiting"), site.table.stream, HERE)

    assert [one["itemIdentifier"] for one in answer["batchItemFailures"]] == [f"{number:021d}" for number in (0, 1)]


def test_a_clock_never_goes_back_nor_stays():
    now = iter([5, 5, 4, 7, 7])
    clock = Clock("w", now=lambda: next(now))

    versions = [clock.next(), clock.next(), clock.next()]
    clock.see("0000000000009-9999-other")
    versions += [clock.next(), clock.next()]

    assert versions == [
        "0000000000005-0000-w",
        "0000000000005-0001-w",
        "0000000000005-0002-w",
        "0000000000010-0000-w",
        "0000000000010-0001-w",
    ]
    with pytest.raises(
        ValueError, match="'yesterday' is no version: it has the form 1700000000000-0000-eu-west-1/host"
    ):
        clock.see("yesterday")


# Against the API as moto has it


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Two Regions with a table each, and the queues between them, in this process."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", HERE)
    with mock_aws():
        tables = {}
        for region in (HERE, "eu-central-1"):
            tables[region] = boto3.resource("dynamodb", region).create_table(
                TableName="orders",
                KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
                AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
                BillingMode="PAY_PER_REQUEST",
                StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
            )
        sqs = boto3.client("sqs", HERE)
        urls = {name: sqs.create_queue(QueueName=name)["QueueUrl"] for name in ("waiting", "parked")}
        variables = {
            "SITE": HERE,
            "TABLE": "orders",
            "QUEUE_URL": urls["waiting"],
            "PARKED_URL": urls["parked"],
            "TARGET_REGION": "eu-central-1",
            "TARGET_TABLE": "orders",
            "OLDEST_SECONDS": str(34 * 86_400),
        }
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        capturing._client.cache_clear()
        applying._clients.clear()
        yield SimpleNamespace(tables=tables, sqs=sqs, urls=urls)
        capturing._client.cache_clear()
        applying._clients.clear()


def stream_of(table: Any) -> list[dict[str, Any]]:
    """What Lambda would hand over: moto has the tables, and no records of their streams."""
    site = Site(HERE)
    for item in boto3.client("dynamodb", HERE).scan(TableName=table.name)["Items"]:
        site.table.now = int(time.time())
        site.table.put_item(Item=dict(item))
    return site.table.stream


def drain(aws: Any) -> None:
    while found := aws.sqs.receive_message(
        QueueUrl=aws.urls["waiting"], MaxNumberOfMessages=10, AttributeNames=["ApproximateReceiveCount"]
    ).get("Messages"):
        event = [
            {
                "messageId": one["MessageId"],
                "receiptHandle": one["ReceiptHandle"],
                "body": one["Body"],
                "attributes": one["Attributes"],
            }
            for one in found
        ]
        failed = {f["itemIdentifier"] for f in applying.handler({"Records": event}, None)["batchItemFailures"]}
        for one in found:
            if one["MessageId"] not in failed:
                aws.sqs.delete_message(QueueUrl=aws.urls["waiting"], ReceiptHandle=one["ReceiptHandle"])


def test_a_day_without_the_other_region_is_made_up_for_by_the_queue(aws):
    here, there = aws.tables.values()
    stamps = Stamps(site=HERE, tombstone_seconds=60)
    for number in range(60):
        here.put_item(**stamps.put({"id": f"{number}", "state": "new"}))
        here.update_item(**stamps.update({"id": f"{number}"}, {"state": "paid", "price": number}))
    here.put_item(**stamps.delete({"id": "7"}))

    assert capturing.handler({"Records": stream_of(here)}, None) == {"batchItemFailures": []}
    dark = there.scan()["Items"]
    drain(aws)

    items = {item["id"]: item for item in there.scan()["Items"]}
    assert dark == []
    assert items == {item["id"]: item for item in here.scan()["Items"]}
    assert (is_alive(items["7"]), is_alive(items["8"]), items["8"]["state"]) == (False, True, "paid")


def test_dynamodb_refuses_an_older_stamp_and_the_writer_learns_what_is_there(aws):
    here = aws.tables[HERE]
    ahead = Stamps(site=HERE, tombstone_seconds=60, now=lambda: 2_000_000_000_000)
    behind = Stamps(site=HERE, tombstone_seconds=60)
    here.put_item(**ahead.put({"id": "1", "state": "theirs"}))

    with pytest.raises(ClientError) as refused:
        here.put_item(**behind.put({"id": "1", "state": "mine"}))
    behind.see(here.get_item(Key={"id": "1"})["Item"])
    here.put_item(**behind.put({"id": "1", "state": "mine"}))

    assert refused.value.response["Error"]["Code"] == "ConditionalCheckFailedException"
    assert here.get_item(Key={"id": "1"})["Item"]["state"] == "mine"


def test_a_deleted_item_cannot_be_updated(aws):
    here = aws.tables[HERE]
    stamps = Stamps(site=HERE, tombstone_seconds=60)
    here.put_item(**stamps.delete({"id": "1"}))

    with pytest.raises(ClientError) as refused:
        here.update_item(**stamps.update({"id": "1"}, {"state": "paid"}))

    assert refused.value.response["Error"]["Code"] == "ConditionalCheckFailedException"


def test_what_the_stream_gave_up_is_sent_again_from_the_table(aws):
    here, there = aws.tables.values()
    stamps = Stamps(site=HERE, tombstone_seconds=60)
    for number in range(15):
        here.put_item(**stamps.put({"id": f"{number}"}))
    here.put_item(Item={"id": "unstamped"})
    context = SimpleNamespace(get_remaining_time_in_millis=lambda: 60_000)

    answer = capturing.handler({"resend": {}}, context)
    late = capturing.handler(
        {"resend": {"from": {"id": {"S": "3"}}}}, SimpleNamespace(get_remaining_time_in_millis=int)
    )
    drain(aws)

    assert answer == {"sent": 15, "next": None, "done": True}
    assert late == {"sent": 0, "next": {"id": {"S": "3"}}, "done": False}
    assert len(there.scan()["Items"]) == 15


def test_another_account_is_entered_by_its_role(aws, monkeypatch):
    monkeypatch.setenv("TARGET_ROLE", "arn:aws:iam::222222222222:role/orders-entrance")

    client = applying._target()

    assert client is applying._target()
    assert client.meta.region_name == "eu-central-1"
    assert client._request_signer._credentials.token != "testing"
