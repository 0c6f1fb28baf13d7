"""The function against the API as moto has it: two instances, a group, addresses, a topic."""

from __future__ import annotations

import json
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from moto import mock_aws

from cdk_standby.compute._elastic_ip_function.takeover import handler as function
from cdk_standby.compute._elastic_ip_function.takeover.deciding import Health
from cdk_standby.compute._elastic_ip_function.takeover.handler import handler

HERE = "eu-west-1"
EVENT = {"source": "aws.cloudwatch", "detail-type": "CloudWatch Alarm State Change"}


@pytest.fixture(scope="module")
def region() -> Iterator[SimpleNamespace]:
    """A Region with alarms and an image; clients are made once, they take longest."""
    with pytest.MonkeyPatch.context() as patch, mock_aws():
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
            patch.setenv(name, "testing")
        patch.setenv("AWS_DEFAULT_REGION", HERE)
        function._client.cache_clear()
        call = function._client
        for name in ("active-failed", "spare-failed"):
            call("cloudwatch").put_metric_alarm(
                AlarmName=name, ComparisonOperator="GreaterThanThreshold", EvaluationPeriods=2, Threshold=0,
                MetricName="StatusCheckFailed", Namespace="AWS/EC2", Period=60, Statistic="Maximum",
            )  # fmt: skip
        image = call("ec2").register_image(Name="server", RootDeviceName="/dev/xvda")["ImageId"]
        yield SimpleNamespace(ec2=call("ec2"), image=image, call=call)
        function._client.cache_clear()


@pytest.fixture
def aws(region: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Two instances that pass their checks, of which the first has had the address for long."""
    made = region.ec2.run_instances(ImageId=region.image, MinCount=2, MaxCount=2, InstanceType="m7g.large")
    active, spare = (one["InstanceId"] for one in made["Instances"])
    address = region.ec2.allocate_address(Domain="vpc")["AllocationId"]
    region.call("ssm").put_parameter(Name="state", Value="{}", Type="String", Overwrite=True)
    name = f"told-{active}"
    topic = region.call("sns").create_topic(Name=name)["TopicArn"]
    queue = region.call("sqs").create_queue(QueueName=name)["QueueUrl"]
    told_there = f"arn:aws:sqs:{HERE}:123456789012:{name}"
    region.call("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=told_there)
    settings = {
        "name": "Test/Web",
        "sides": {
            "active": {"instance": active, "starts": True, "rests": False, "alarm": "active-failed"},
            "spare": {"instance": spare, "starts": True, "rests": False, "alarm": "spare-failed"},
        },
        "allocations": [address],
        "state": "state",
        "topic": topic,
        "cool_down": 600,
        "fails_back": False,
    }
    monkeypatch.setenv("SETTINGS", json.dumps(settings))
    handler(EVENT, None)
    forget(region)
    given = vars(region) | {"active": active, "spare": spare, "address": address, "settings": settings, "queue": queue}
    return SimpleNamespace(**given)


def forget(region: SimpleNamespace) -> None:
    """Let the last takeover be long ago."""
    ssm = region.call("ssm")
    state = json.loads(ssm.get_parameter(Name="state")["Parameter"]["Value"])
    ssm.put_parameter(Name="state", Value=json.dumps({**state, "since": 0}), Overwrite=True)


def holder(aws: SimpleNamespace) -> str:
    return str(aws.ec2.describe_addresses(AllocationIds=[aws.address])["Addresses"][0]["InstanceId"])


def told(aws: SimpleNamespace) -> list[str]:
    found = aws.call("sqs").receive_message(QueueUrl=aws.queue, MaxNumberOfMessages=10).get("Messages", [])
    return [json.loads(one["Body"])["Subject"] for one in found]


@pytest.mark.capability("CMP-20")
def test_an_instance_that_stopped_loses_its_address_to_the_spare(aws):
    aws.ec2.stop_instances(InstanceIds=[aws.active])

    answer = handler(EVENT, None)
    again = handler(EVENT, None)

    assert answer == {"holder": "spare", "instance": aws.spare, "served": True, "says": "the active server is gone"}
    assert (again["says"], holder(aws)) == ("the spare server serves", aws.spare)
    assert told(aws) == ["Takeover by the spare server"]


@pytest.mark.capability("CMP-20")
@pytest.mark.parametrize("call", ["associate_address", "publish", "put_parameter", "put_metric_data"])
def test_a_call_that_fails_is_made_up_for_by_the_next_look(aws, monkeypatch, call):
    aws.ec2.stop_instances(InstanceIds=[aws.active])
    failed: list[str] = []

    class Failing:
        def __init__(self, service: str) -> None:
            self.client = aws.call(service)

        def __getattr__(self, name: str) -> Any:
            if name == call and not failed:
                failed.append(name)
                raise ConnectionError(name)
            return getattr(self.client, name)

    monkeypatch.setattr(function, "_client", Failing)

    with pytest.raises(ConnectionError):
        handler(EVENT, None)
    handler(EVENT, None)

    assert (failed, holder(aws)) == ([call], aws.spare)
    assert told(aws) == ["Takeover by the spare server"]


def test_a_stopped_spare_is_started_when_it_is_needed(aws):
    aws.ec2.stop_instances(InstanceIds=[aws.active, aws.spare])

    first = handler(EVENT, None)
    second = handler(EVENT, None)

    assert (first["says"], first["holder"]) == (
        "the active server is gone, and the spare one gone: nobody can take over",
        "active",
    )
    assert (second["holder"], holder(aws)) == ("spare", aws.spare)


def test_a_person_moves_the_address_there_and_back(aws):
    there = handler({"take_over": "spare"}, None)
    back = handler({"take_over": "active"}, None)

    assert (there["instance"], back["instance"], holder(aws)) == (aws.spare, aws.active, aws.active)


def test_an_instance_that_was_terminated_is_gone(aws):
    aws.ec2.terminate_instances(InstanceIds=[aws.active])

    handler(EVENT, None)

    assert holder(aws) == aws.spare
    assert function._health("i-0123456789abcdef0") is Health.GONE


def test_more_addresses_than_the_instance_has_private_ones_are_not_moved_at_all(aws, monkeypatch):
    more = {**aws.settings, "allocations": [aws.address, aws.ec2.allocate_address(Domain="vpc")["AllocationId"]]}
    monkeypatch.setenv("SETTINGS", json.dumps(more))

    with pytest.raises(RuntimeError, match=f"{aws.active} has 1 private addresses, and 2 are needed"):
        handler(EVENT, None)


@pytest.mark.capability("CMP-07")
def test_a_group_that_rests_is_raised_to_one_and_back_to_none(aws, monkeypatch):
    groups = aws.call("autoscaling")
    subnet = aws.ec2.describe_subnets()["Subnets"][0]["SubnetId"]
    groups.create_auto_scaling_group(
        AutoScalingGroupName="second", InstanceId=aws.active, MinSize=0, MaxSize=1, DesiredCapacity=0,
        VPCZoneIdentifier=subnet,
    )  # fmt: skip
    resting = {"group": "second", "starts": True, "rests": True, "alarm": "spare-failed"}
    sides = {**aws.settings["sides"], "spare": resting}
    monkeypatch.setenv("SETTINGS", json.dumps({**aws.settings, "sides": sides}))

    handler({"take_over": "spare"}, None)
    there = handler(EVENT, None)
    back = handler({"take_over": "active"}, None)
    forget(aws)
    handler(EVENT, None)
    [group] = groups.describe_auto_scaling_groups(AutoScalingGroupNames=["second"])["AutoScalingGroups"]

    assert there["holder"] == "spare"
    assert there["instance"] not in (aws.active, aws.spare)
    assert (back["holder"], holder(aws)) == ("active", aws.active)
    assert group["DesiredCapacity"] == 0
