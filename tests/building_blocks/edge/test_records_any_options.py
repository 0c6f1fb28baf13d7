"""Whatever somebody asks of records and health checks: they are built, or refused in our words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_route53 as route53
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cdk_standby._checks import InvalidOptions
from cdk_standby.edge.geo_records import (
    CidrAnswer,
    CidrRecords,
    GeolocationAnswer,
    GeolocationRecords,
    GeoproximityAnswer,
    GeoproximityRecords,
)
from cdk_standby.edge.health_checks import AlarmCheck, CalculatedCheck, EndpointCheck
from cdk_standby.edge.records import Alias, LatencyAnswer, LatencyRecords, Value, WeightedAnswer, WeightedRecords
from cdk_standby.traffic import AlarmId
from cdk_standby_review.facts import Range

TOKEN = cdk.Aws.STACK_NAME
NUMBER = cdk.Token.as_number({"Ref": "Number"})
texts = st.sampled_from(["", "a", "x y", "*", "a/b", "shop.example.com", "x" * 300, TOKEN])
numbers = st.sampled_from([-1, 0, 1, 10, 256, 99999, NUMBER])
durations = st.sampled_from(
    [None, cdk.Duration.millis(1500), cdk.Duration.seconds(0), cdk.Duration.seconds(10), cdk.Duration.days(1)]
)
targets = st.sampled_from(["", "198.51.100.1", "2001:db8::1", "www.example.net", "Shop", TOKEN]).flatmap(
    lambda name: st.sampled_from([Value(value=name), Alias(name=name), Alias(name=name, zone_id="Z32O12XQLNTSW2")])
)
maybe = st.none() | texts
ANSWERS: dict[type[Any], st.SearchStrategy[Any]] = {
    WeightedRecords: st.builds(WeightedAnswer, id=texts, weight=numbers, leads_to=targets),
    LatencyRecords: st.builds(LatencyAnswer, region=texts | st.just("eu-west-1"), leads_to=targets),
    GeolocationRecords: st.builds(
        GeolocationAnswer, continent=maybe, country=maybe | st.just("US"), subdivision=maybe, leads_to=targets
    ),
    GeoproximityRecords: st.builds(
        GeoproximityAnswer,
        region=maybe | st.just("eu-west-1"),
        latitude=st.none() | numbers,
        longitude=st.none() | numbers,
        bias=numbers,
        leads_to=targets,
    ),
    CidrRecords: st.builds(
        CidrAnswer,
        location=texts,
        blocks=st.sampled_from([(), ("203.0.113.0/24",), ("x",), (TOKEN,)]),
        leads_to=targets,
    ),
}


@pytest.fixture
def attempt(make_stack: Callable[..., cdk.Stack]) -> Callable[..., Any]:
    """What was built, or None when it was refused with problems."""

    def build(kind: type[Any], region: str | None = "us-east-1", **options: Any) -> Any:
        stack = make_stack(region=region)
        if "answers" in options:
            options["hosted_zone"] = route53.HostedZone.from_hosted_zone_attributes(
                stack, "HostedZone", hosted_zone_id="Z0123456789ABCDEFGHIJ", zone_name="example.com"
            )
        try:
            return kind(stack, "Built", **options)
        except InvalidOptions:
            return None

    return build


def test_what_only_the_deployment_knows_is_built(make_stack):
    stack = make_stack(region="us-east-1")
    zone = route53.HostedZone.from_hosted_zone_id(stack, "HostedZone", "Z0123456789ABCDEFGHIJ")
    usual: dict[str, Any] = {"hosted_zone": zone, "domain": TOKEN}
    there = Alias(name=f"there.{TOKEN}")

    check = EndpointCheck(stack, "Endpoint", domain=TOKEN, failures=NUMBER)
    children = [check, AlarmCheck(stack, "Alarm", alarm=ALARM, insufficient_data=TOKEN, periods=NUMBER)]
    counted = CalculatedCheck(stack, "Counted", children=children, healthy=NUMBER)
    place = GeoproximityAnswer(latitude=NUMBER, longitude=NUMBER, bias=NUMBER, leads_to=there)
    near = GeoproximityRecords(stack, "Near", **usual, answers=[place])
    weighted = WeightedRecords(
        stack, "Weighted", hosted_zone=zone, domain=f"w.{TOKEN}",
        answers=[WeightedAnswer(id=TOKEN, weight=NUMBER, leads_to=Value(value=TOKEN), check=counted)],
    )  # fmt: skip

    assert (check.detection, counted.detection) == (Range(90, 160), Range(90, 160))
    assert (weighted.moves, len(near.records)) == (Range(90, 220), 1)


ALARM = AlarmId(region="eu-west-1", name="orders-stuck")


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data(), family=st.sampled_from([*ANSWERS]))
def test_any_records_are_built_or_refused(attempt, data, family):
    more = {"collection": data.draw(texts)} if family is CidrRecords else {}
    answers = data.draw(st.lists(ANSWERS[family], max_size=3))

    built = attempt(
        family,
        domain=data.draw(texts),
        answers=answers,
        ttl=data.draw(durations),
        ipv6=data.draw(st.booleans()),
        unchecked_because=data.draw(st.sampled_from([None, "", "a test"])),
        **more,
    )

    assert built is None or len(built.records) in (len(answers), 2 * len(answers))


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    region=st.sampled_from([None, "us-east-1"]),
    domain=maybe,
    ip=st.sampled_from([None, "", "8.8.8.8", "10.0.0.1", TOKEN]),
    protocol=st.sampled_from(["HTTPS", "HTTP", "TCP", "", TOKEN]),
    port=st.none() | numbers,
    path=texts,
    search=maybe,
    interval=durations,
    failures=numbers,
    checker_regions=st.sampled_from([None, [], ["eu-west-1"], ["eu-west-1", "us-east-1", TOKEN]]),
    alarm_thresholds=st.sampled_from([None, {"Unhealthy": 1}, {"Lag": 1}]),
    alarms_off_because=st.sampled_from([None, {"Unhealthy": "a test"}, {"Unhealthy": ""}]),
)
def test_any_endpoint_is_asked_or_refused(attempt, **options):
    built = attempt(EndpointCheck, **options)

    assert built is None or built.detection.low <= built.detection.high


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(name=texts, region=texts, insufficient_data=texts, period=durations, periods=numbers)
def test_any_alarm_is_followed_or_refused(attempt, name, region, insufficient_data, period, periods):
    alarm = AlarmId(region=region, name=name)

    built = attempt(AlarmCheck, alarm=alarm, insufficient_data=insufficient_data, period=period, periods=periods)

    assert built is None or built.detection.low <= built.detection.high
