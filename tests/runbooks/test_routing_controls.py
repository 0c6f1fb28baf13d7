"""Routing controls are turned on five endpoints, whichever of them are there, and never by the control plane."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from cdk_standby_runbooks.clients import ApiError
from cdk_standby_runbooks.errors import CallFailed, StepNotProven, Usage
from cdk_standby_runbooks.routing_controls import PAUSE_SECONDS, ROUNDS, Endpoint, connect, flip, states

REGIONS = ("us-east-1", "us-west-2", "eu-west-1", "ap-northeast-1", "ap-southeast-2")
ENDPOINTS = [Endpoint(region=region, url=f"https://host-{region}.example.com/v1") for region in REGIONS]
IRELAND, FRANKFURT = "arn:of:ireland", "arn:of:frankfurt"


class FiveRegions:
    """The data plane: one state in five Regions, some of which may not answer."""

    def __init__(self, *lost: str, code: str = "EndpointTemporarilyUnavailableException", deaf: bool = False) -> None:
        self.states = {IRELAND: "On", FRANKFURT: "Off"}
        self.lost, self.code, self.deaf = {*lost}, code, deaf
        self.asked: list[str] = []
        self.taken: list[dict[str, Any]] = []

    def __call__(self, endpoint: Endpoint) -> FiveRegions:
        self.asked.append(endpoint.region)
        return self

    def _answers(self) -> None:
        if self.asked[-1] in self.lost:
            raise ApiError(code=self.code, message="no", call="route53-recovery-cluster:x", region=self.asked[-1])

    def get_routing_control_state(self, **request: Any) -> dict[str, Any]:
        self._answers()
        return {"RoutingControlState": self.states[request["RoutingControlArn"]]}

    def update_routing_control_states(self, **request: Any) -> dict[str, Any]:
        self._answers()
        self.taken.append(request)
        for entry in request["UpdateRoutingControlStateEntries"] if not self.deaf else []:
            self.states[entry["RoutingControlArn"]] = entry["RoutingControlState"]
        return {}


class Waiting:
    """A clock that remembers how long it was waited."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def now(self) -> datetime:
        return datetime(2026, 11, 21, tzinfo=UTC)

    def elapsed(self) -> float:
        return sum(self.slept)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


@pytest.mark.capability("DR-07")
def test_both_controls_are_turned_by_one_call_and_read_back():
    cluster = FiveRegions()

    answered = flip(ENDPOINTS, on=[FRANKFURT], off=[IRELAND], connect=cluster)

    assert cluster.states == {FRANKFURT: "On", IRELAND: "Off"}
    assert cluster.taken == [
        {
            "UpdateRoutingControlStateEntries": [
                {"RoutingControlArn": FRANKFURT, "RoutingControlState": "On"},
                {"RoutingControlArn": IRELAND, "RoutingControlState": "Off"},
            ]
        }
    ]
    assert answered == "us-east-1"


@pytest.mark.capability("DR-07")
def test_with_two_regions_lost_the_third_endpoint_turns_them():
    cluster = FiveRegions("us-east-1", "us-west-2")

    answered = flip(ENDPOINTS, on=[FRANKFURT], off=[IRELAND], connect=cluster)

    assert cluster.states == {FRANKFURT: "On", IRELAND: "Off"}
    assert (answered, [*dict.fromkeys(cluster.asked)]) == ("eu-west-1", ["us-east-1", "us-west-2", "eu-west-1"])
    # Who answered is asked first from then on.
    assert set(cluster.asked[3:]) == {"eu-west-1"}


def test_what_is_done_is_not_done_again():
    cluster = FiveRegions()

    flip(ENDPOINTS, on=[IRELAND], off=[FRANKFURT], connect=cluster)

    assert cluster.taken == []


def test_killed_half_way_it_ends_the_same_when_it_is_run_again():
    cluster = FiveRegions()
    cluster.states[FRANKFURT] = "On"

    flip(ENDPOINTS, on=[FRANKFURT], off=[IRELAND], connect=cluster)

    assert cluster.states == {FRANKFURT: "On", IRELAND: "Off"}


def test_a_safety_rule_is_overridden_only_when_it_is_named():
    cluster = FiveRegions()

    flip(ENDPOINTS, on=[], off=[IRELAND], overriding=["arn:of:rule"], connect=cluster)

    assert cluster.taken[0]["SafetyRulesToOverride"] == ["arn:of:rule"]


def test_every_endpoint_is_tried_three_times_and_each_says_why_not():
    cluster, clock = FiveRegions(*REGIONS), Waiting()

    with pytest.raises(CallFailed) as error:
        flip(ENDPOINTS, on=[FRANKFURT], connect=cluster, clock=clock)

    assert cluster.asked == [*REGIONS] * ROUNDS
    assert clock.slept == [PAUSE_SECONDS] * (ROUNDS - 1)
    assert str(error.value) == "no endpoint of the cluster did it: " + "; ".join(
        f"{region} said EndpointTemporarilyUnavailableException: no" for region in REGIONS
    )


def test_what_all_would_refuse_alike_is_asked_once():
    cluster = FiveRegions(*REGIONS, code="AccessDeniedException")

    with pytest.raises(CallFailed) as error:
        flip(ENDPOINTS, on=[FRANKFURT], connect=cluster)

    assert str(error.value) == "no endpoint of the cluster did it: us-east-1 said AccessDeniedException: no"


def test_a_change_that_does_not_show_is_not_taken_for_done():
    with pytest.raises(StepNotProven) as error:
        flip(ENDPOINTS, on=[FRANKFURT], connect=FiveRegions(deaf=True))

    assert str(error.value) == ("the cluster took the change, but arn:of:frankfurt is Off; run the same again")


def test_states_are_read():
    assert states(ENDPOINTS, [IRELAND, FRANKFURT], connect=FiveRegions("us-east-1")) == {
        IRELAND: "On",
        FRANKFURT: "Off",
    }


@pytest.mark.parametrize(
    ("endpoints", "on", "off", "message"),
    [
        ([], [IRELAND], [], "no endpoint of the cluster was given; write down those of DescribeCluster before they are "
         "needed"),
        (ENDPOINTS, [IRELAND], [IRELAND], "to be turned both on and off: arn:of:ireland"),
        (ENDPOINTS, [], [], "0 routing controls; one call turns 1 to 10 "
         "(https://docs.aws.amazon.com/r53recovery/latest/dg/routing-control.quotas.html)"),
        (ENDPOINTS, [f"arn:{n}" for n in range(11)], [], "11 routing controls; one call turns 1 to 10 "
         "(https://docs.aws.amazon.com/r53recovery/latest/dg/routing-control.quotas.html)"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused(endpoints, on, off, message):
    with pytest.raises(Usage) as error:
        flip(endpoints, on=on, off=off, connect=FiveRegions())

    assert str(error.value) == message


@pytest.mark.capability("DR-07")
def test_the_real_client_speaks_to_the_endpoint_and_has_no_other_calls(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")

    client: Any = connect(ENDPOINTS[2])

    assert client._client.meta.endpoint_url == "https://host-eu-west-1.example.com/v1"
    assert client._client.meta.region_name == "eu-west-1"
    assert {*client._client.meta.method_to_api_mapping.values()} == {
        "GetRoutingControlState",
        "ListRoutingControls",
        "UpdateRoutingControlState",
        "UpdateRoutingControlStates",
    }
