"""Steps that no block knows: they can be run again at any time, and end the same."""

from __future__ import annotations

import contextlib
import json
from types import SimpleNamespace

import pytest
from aws_cdk import aws_kms as kms
from hypothesis import given, settings
from hypothesis import strategies as st
from resilient import SIZE

from cdk_standby._checks import InvalidOptions
from cdk_standby.resilience.switch_function import switch
from cdk_standby.resilience.switch_functions import GroupSize, SwitchFunctions

HERE, THERE = "eu-west-1", "eu-central-1"


class Groups:
    """Auto Scaling in one Region, with one group, whose instances serve as soon as they are asked for."""

    def __init__(self):
        self.group = {"MinSize": 0, "MaxSize": 2, "DesiredCapacity": 0, "Instances": []}

    def describe_auto_scaling_groups(self, **asked):
        return {"AutoScalingGroups": [dict(self.group)] if asked["AutoScalingGroupNames"] == [SIZE.name] else []}

    def update_auto_scaling_group(self, **asked):
        sizes = {key: size for key, size in asked.items() if key != "AutoScalingGroupName"}
        serving = {"LifecycleState": "InService", "HealthStatus": "Healthy"}
        self.group |= {**sizes, "Instances": [serving] * sizes["DesiredCapacity"]}


@pytest.fixture
def group(monkeypatch):
    """A standby without an instance."""
    groups = Groups()
    monkeypatch.setenv("AWS_REGION", THERE)
    monkeypatch.setenv("GROUPS", json.dumps([{"name": SIZE.name, "minimum": 3, "maximum": 12}]))
    monkeypatch.setattr(switch, "boto3", SimpleNamespace(client=lambda *_, **__: groups))
    return groups


def test_the_group_is_asked_to_grow_and_waited_for(group):
    with pytest.raises(switch.NotYet) as caught:
        switch.scale({}, None)

    assert str(caught.value) == f"instances in service: {{'{SIZE.name}': 0}}; still growing: ['{SIZE.name}']"
    assert {key: group.group[key] for key in ("MinSize", "MaxSize", "DesiredCapacity")} == {
        "MinSize": 3,
        "MaxSize": 12,
        "DesiredCapacity": 3,
    }


def test_asked_again_it_changes_nothing_and_returns_once_they_serve(group):
    with pytest.raises(switch.NotYet):
        switch.scale({}, None)

    assert switch.scale({}, None) == {SIZE.name: 3}
    assert len(group.group["Instances"]) == 3


def test_what_scaling_asked_for_already_is_not_taken_back(group):
    group.group |= {"MaxSize": 20, "DesiredCapacity": 7}

    with pytest.raises(switch.NotYet):
        switch.scale({}, None)

    assert {key: group.group[key] for key in ("MinSize", "MaxSize", "DesiredCapacity")} == {
        "MinSize": 3,
        "MaxSize": 20,
        "DesiredCapacity": 7,
    }


def test_a_group_that_is_not_there_is_named(group, monkeypatch):
    monkeypatch.setenv("GROUPS", json.dumps([{"name": "gone", "minimum": 1, "maximum": 1}]))

    with pytest.raises(LookupError, match=r"^there is no Auto Scaling group gone in eu-central-1$"):
        switch.scale({}, None)


@pytest.mark.parametrize(("activated", "value"), [(THERE, 1.0), (HERE, 0.0)])
def test_the_switch_is_thrown_in_the_region_that_holds_it_whichever_is_activated(monkeypatch, activated, value):
    calls = []
    environment = {"WORKLOAD": "shop", "LEAVES": HERE, "HELD_IN": THERE, "NAMESPACE": "n", "METRIC": "m"}
    for name, text in {**environment, "AWS_REGION": activated}.items():
        monkeypatch.setenv(name, text)

    def client(service, *, region_name, config):
        return SimpleNamespace(put_metric_data=lambda **put: calls.append((service, region_name, put)))

    monkeypatch.setattr(switch, "boto3", SimpleNamespace(client=client))

    assert switch.move_traffic({}, None) == {HERE: value}
    dimensions = [{"Name": "Workload", "Value": "shop"}, {"Name": "Region", "Value": HERE}]
    data = [{"MetricName": "m", "Dimensions": dimensions, "Value": value}]
    assert calls == [("cloudwatch", THERE, {"Namespace": "n", "MetricData": data})]


@pytest.fixture(scope="module")
def built(made, resources):
    functions = {one["FunctionName"]: one for one in resources(made.functions, "AWS::Lambda::Function").values()}
    return SimpleNamespace(functions=functions)


def test_their_names_are_known_in_every_region(built):
    assert set(built.functions) == set(SwitchFunctions.names("shop", THERE).values())


def test_they_are_told_what_there_is_at_synth(built):
    settings_of = {name: one["Environment"]["Variables"] for name, one in built.functions.items()}

    assert settings_of == {
        "shop-switch-scale-eu-central-1": {"GROUPS": '[{"name":"shop-service-eu-central-1","minimum":3,"maximum":12}]'},
        "shop-switch-traffic-eu-central-1": {
            "WORKLOAD": "shop",
            "NAMESPACE": "cdk-standby",
            "METRIC": "TrafficSwitch",
            "LEAVES": HERE,
            "HELD_IN": THERE,
        },
    }


def test_what_they_cannot_be_is_told_at_once(make_stack):
    stack = make_stack()

    with pytest.raises(InvalidOptions) as caught:
        SwitchFunctions(stack, "Switch", groups=[], key=kms.Key(stack, "Key"), workload="", leaves=HERE, held_in=HERE)

    assert str(caught.value).splitlines() == [
        "Test/Switch: 'workload' is ''; allowed: 1 to 20 characters, because the functions carry it in their names, "
        "which hold 64 (https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html)",
        "Test/Switch: 'groups' is []; allowed: one group or more, because a step that scales nothing only takes time "
        "(https://docs.aws.amazon.com/r53recovery/latest/dg/custom-action-lambda-block.html)",
        "Test/Switch: 'held_in' is 'eu-west-1'; allowed: another Region than 'eu-west-1', because the switch is thrown "
        "when that Region is lost, and has to be reached then",
    ]


@settings(max_examples=4, deadline=None)
@given(
    workload=st.sampled_from(["", "shop", "x" * 30]),
    groups=st.lists(st.builds(GroupSize, name=st.just("g"), minimum=st.integers(-1, 2), maximum=st.integers(-1, 2))),
    leaves=st.sampled_from([HERE, "", "nowhere"]),
    held_in=st.sampled_from([HERE, THERE, ""]),
)
def test_no_options_at_all_end_in_an_error_that_is_not_ours(make_stack, **options):
    stack = make_stack()

    with contextlib.suppress(InvalidOptions):
        SwitchFunctions(stack, "Switch", key=kms.Key(stack, "Key"), **options)
