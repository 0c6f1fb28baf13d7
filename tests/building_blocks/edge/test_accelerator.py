"""Global Accelerator: what is rendered, what a dial means, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_s3 as s3
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from replacement import Together, create_only_options, described, in_place

from cdk_standby._checks import InvalidOptions
from cdk_standby.access_logs import AccessLogs
from cdk_standby.alarm_topic import AlarmTopic
from cdk_standby.edge.accelerator import AcceleratorEndpoint, Dials, GlobalAccelerator
from cdk_standby_review.facts import Range

GROUP = "https://docs.aws.amazon.com/global-accelerator/latest/api/API_CreateEndpointGroup.html"
GUIDE = "https://docs.aws.amazon.com/global-accelerator/latest/dg/"
UNHEALTHY = GUIDE + "about-endpoints-endpoint-weights.unhealthy-endpoints.html"
OPENED = {"suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow], "deadline": None}


def balancer(region: str, **options: Any) -> AcceleratorEndpoint:
    arn = f"arn:aws:elasticloadbalancing:{region}:111111111111:loadbalancer/app/shop/50dc6c495c0c9188"
    return AcceleratorEndpoint(id=arn, **options)


IRELAND, FRANKFURT = balancer("eu-west-1"), balancer("eu-central-1")
BOTH = {"eu-west-1": [IRELAND], "eu-central-1": [FRANKFURT]}
LAB: dict[str, Any] = {"name": "shop", "endpoints": BOTH, "no_flow_logs_because": "a lab"}


@pytest.fixture(scope="module")
def world(make_stack: Callable[..., cdk.Stack], template: Callable[..., Any]) -> SimpleNamespace:
    """An accelerator as it is meant, whose dials stand in the app's context, and one of a lab."""
    stack = make_stack(region="us-west-2")
    stack.node.set_context("dials", {"eu-west-1": 100, "eu-central-1": 0})
    usual = GlobalAccelerator(
        stack,
        "Usual",
        name="shop",
        endpoints={"eu-west-1": [IRELAND, balancer("eu-west-1", weight=64)][:1], "eu-central-1": [FRANKFURT]},
        dials=stack.node.try_get_context("dials"),
        ports=[443, (8000, 8010)],
        port_overrides={443: 8443},
        ipv6=True,
        flow_logs=AccessLogs(stack, "Logs").bucket,
        alarms=AlarmTopic(stack, "Alarms"),
    )
    lab = GlobalAccelerator(
        stack,
        "Lab",
        name="lab",
        endpoints={"eu-west-1": [AcceleratorEndpoint(id="eipalloc-0a1b"), AcceleratorEndpoint(id="i-0a1b", weight=1)]},
        one_region_because="an entrance with fixed addresses",
        interval=cdk.Duration.seconds(30),
        threshold=2,
        health_protocol="HTTPS",
        health_path="/healthz",
        health_port=8443,
        affinity="SOURCE_IP",
        no_flow_logs_because="a lab",
        deletable_because="a lab",
    )
    return SimpleNamespace(stack=stack, usual=usual, lab=lab, template=template(stack))


@pytest.fixture(scope="module")
def groups(world: SimpleNamespace, resources: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    """The endpoint groups of both, by construct and Region."""
    found = resources(world.template, "AWS::GlobalAccelerator::EndpointGroup")
    return {f"{name[:3]}-{group['EndpointGroupRegion']}": group for name, group in found.items()}


@pytest.fixture
def refused(make_stack: Callable[..., cdk.Stack]) -> Callable[..., list[str]]:
    """What is said about a call."""

    def ask(*, region: str = "us-west-2", **options: Any) -> list[str]:
        with pytest.raises(InvalidOptions) as caught:
            GlobalAccelerator(make_stack(region=region), "Entrance", **{**LAB, **options})
        return str(caught.value).split("\n")

    return ask


@pytest.mark.capability("EDGE-11")
def test_each_region_has_one_group_of_its_own_endpoints(groups):
    assert sorted(groups) == ["Lab-eu-west-1", "Usu-eu-central-1", "Usu-eu-west-1"]
    assert groups["Usu-eu-west-1"]["EndpointConfigurations"] == [
        {"ClientIPPreservationEnabled": True, "EndpointId": IRELAND.id, "Weight": 128}
    ]
    assert groups["Usu-eu-west-1"]["PortOverrides"] == [{"ListenerPort": 443, "EndpointPort": 8443}]


@pytest.mark.capability("DR-23")
def test_users_are_redirected_by_the_dials_of_the_context(groups):
    assert groups["Usu-eu-west-1"]["TrafficDialPercentage"] == 100
    assert groups["Usu-eu-central-1"]["TrafficDialPercentage"] == 0


@pytest.mark.capability("DR-23")
def test_a_dial_of_zero_still_receives_traffic_when_the_other_region_is_lost(world):
    dials = world.usual.dials

    assert dials.taking == ("eu-west-1",)
    assert dials.waiting == ("eu-central-1",)
    assert dials.without("eu-west-1") == ("eu-central-1",)


@pytest.mark.capability("DR-23")
def test_only_a_weight_of_zero_keeps_traffic_away_on_failover():
    dials = Dials({"eu-west-1": 100, "eu-central-1": 100}, serving=("eu-west-1",))

    assert dials.taking == ("eu-west-1",)
    assert dials.without("eu-west-1") == ()


@pytest.mark.capability("EDGE-11")
def test_endpoints_are_asked_as_was_said(groups, world):
    asked = (
        "HealthCheckIntervalSeconds",
        "ThresholdCount",
        "HealthCheckProtocol",
        "HealthCheckPath",
        "HealthCheckPort",
    )

    assert [groups["Usu-eu-west-1"].get(name) for name in asked] == [10, 3, "TCP", None, None]
    assert [groups["Lab-eu-west-1"].get(name) for name in asked] == [30, 2, "HTTPS", "/healthz", 8443]
    assert world.usual.detection == Range(20, 40)
    assert world.lab.detection == Range(30, 70)
    assert world.usual.shift == Range(0, 30)


def test_an_elastic_ip_address_does_not_keep_the_clients_address(groups):
    kept = [each.get("ClientIPPreservationEnabled") for each in groups["Lab-eu-west-1"]["EndpointConfigurations"]]

    assert kept == [None, True]


@pytest.mark.capability("EDGE-11")
def test_the_listener_and_the_addresses_are_as_was_said(world, resources):
    listeners = resources(world.template, "AWS::GlobalAccelerator::Listener")
    accelerators = resources(world.template, "AWS::GlobalAccelerator::Accelerator")
    [usual] = [each for name, each in listeners.items() if name.startswith("Usual")]
    [entrance] = [each for name, each in accelerators.items() if name.startswith("Usual")]

    assert usual["PortRanges"] == [{"FromPort": 443, "ToPort": 443}, {"FromPort": 8000, "ToPort": 8010}]
    assert (usual["Protocol"], usual["ClientAffinity"]) == ("TCP", "NONE")
    assert (entrance["Enabled"], entrance["IpAddressType"], entrance["Name"]) == (True, "DUAL_STACK", "shop")
    assert (entrance["FlowLogsEnabled"], entrance["FlowLogsS3Prefix"]) == (True, "shop")


def test_flow_logs_may_be_written_before_the_accelerator_is_made(world, resources):
    [policy] = resources(world.template, "AWS::S3::BucketPolicy").values()
    writes = [s for s in policy["PolicyDocument"]["Statement"] if s["Action"] == "s3:PutObject"]
    accelerator = next(r for name, r in world.template["Resources"].items() if name.startswith("UsualAccelerator"))

    assert "/shop/AWSLogs/*" in str(writes[0]["Resource"])
    assert any("Policy" in name for name in accelerator["DependsOn"])


def test_the_addresses_outlive_their_stack_and_a_region_that_is_taken_out_gets_no_traffic(world):
    kept = {
        f"{name[:3]} {resource['Type'].split('::')[2]}": resource.get("DeletionPolicy", "Delete")
        for name, resource in world.template["Resources"].items()
        if resource["Type"].startswith("AWS::GlobalAccelerator::")
    }

    assert kept == {
        "Usu Accelerator": "Retain",
        "Usu Listener": "Retain",
        "Usu EndpointGroup": "Delete",
        "Lab Accelerator": "Delete",
        "Lab Listener": "Delete",
        "Lab EndpointGroup": "Delete",
    }


def test_alarms_ring_for_each_region_where_the_metrics_are(world, resources):
    alarms = resources(world.template, "AWS::CloudWatch::Alarm").items()
    usual = [a for name, a in alarms if name.startswith("UsualNoneHealthyeuwest1")]

    assert sorted(world.usual.alarms) == [
        "NoneHealthy-eu-central-1",
        "NoneHealthy-eu-west-1",
        "Unhealthy-eu-central-1",
        "Unhealthy-eu-west-1",
    ]
    assert (usual[0]["MetricName"], usual[0]["TreatMissingData"]) == ("HealthyEndpointCount", "breaching")
    assert [d["Name"] for d in usual[0]["Dimensions"]] == ["Accelerator", "EndpointGroup", "Listener"]
    assert all(a["AlarmActions"] for a in usual)


def test_a_name_leads_to_the_accelerator(world):
    seen = world.usual.as_accelerator()

    assert world.usual.as_accelerator().node.path == seen.node.path == "Test/Usual/Seen"
    assert world.stack.resolve(seen.dns_name) == {"Fn::GetAtt": ["UsualAccelerator2D505927", "DualStackDnsName"]}


def test_the_reason_for_one_region_stands_in_the_template(world):
    assert world.template["Metadata"]["cdk-standby:weakened"]["Test/Lab"] == {
        "one_region": "an entrance with fixed addresses",
        "no_flow_logs": "a lab",
        "deletable": "a lab",
    }


@pytest.mark.capability("EDGE-11")
def test_one_region_is_not_called_highly_available(refused):
    [message] = refused(endpoints={"eu-west-1": [IRELAND], "eu-central-1": [balancer("eu-central-1", weight=0)]})

    assert message.endswith(
        "allowed: endpoints with a weight above 0 in two Regions or more, or 'one_region_because' with the reason for "
        "one, because with one Region there is nowhere to go when it is lost: an accelerator is as available as its "
        f"endpoints ({UNHEALTHY})"
    )


@pytest.mark.capability("DR-23")
@pytest.mark.capability("EDGE-11")
@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"dials": {"eu-west-1": 101}},
            "'dials['eu-west-1']' is 101; allowed: 0 to 100, because a traffic dial is a percentage of the traffic "
            f"that would go to the Region otherwise ({GROUP})",
        ),
        (
            {"dials": {"eu-west-2": 10}},
            "'dials['eu-west-2']' is 10; allowed: dials for eu-west-1, eu-central-1, because a listener has one "
            f"endpoint group in a Region ({GROUP})",
        ),
        (
            {"interval": cdk.Duration.seconds(20)},
            "'interval' is 20 seconds; allowed: 10 seconds or 30 seconds, because an endpoint is asked every 10 or "
            f"every 30 seconds ({GROUP})",
        ),
        (
            {"threshold": 11},
            "'threshold' is 11; allowed: 1 to 10, because an endpoint changes state after 1 to 10 answers alike "
            f"({GROUP})",
        ),
        (
            {"port_overrides": {80: 8080}},
            "'port_overrides' is {80: 8080}; allowed: ports of the listener, each with a port of the endpoints, "
            f"because an endpoint group overrides at most ten ports, each of them one that the listener has ({GROUP})",
        ),
        (
            {"endpoints": {**BOTH, "eu-west-2": []}},
            "'endpoints['eu-west-2']' is []; allowed: 1 to 10 endpoints, because an endpoint group has at most ten "
            f"endpoints ({GROUP})",
        ),
        (
            {"endpoints": {**BOTH, "eu-west-2": [balancer("eu-west-2", weight=256)]}},
            "'endpoints['eu-west-2'].weight' is 256; allowed: 0 to 255, because an endpoint's share is its weight "
            "among those of its group, and one of weight 0 gets nothing "
            "(https://docs.aws.amazon.com/global-accelerator/latest/api/API_EndpointConfiguration.html)",
        ),
        (
            {"endpoints": {**BOTH, "eu-west-2": [AcceleratorEndpoint(id="eipalloc-1", keep_client_ip=True)]}},
            "'endpoints['eu-west-2'].keep_client_ip' is True; allowed: False, because the client's address is kept for "
            "application load balancers, for network load balancers with security groups and without a TLS listener, "
            f"and for EC2 instances; not for Elastic IP addresses ({GUIDE}preserve-client-ip-address.html)",
        ),
        (
            {"region": "eu-west-1"},
            "'region' is 'eu-west-1'; allowed: a stack of us-west-2, because an accelerator is changed, and its "
            f"metrics and alarms exist, in us-west-2 only ({GUIDE}cloudwatch-monitoring.html)",
        ),
    ],
)
def test_what_cannot_work_is_refused_in_one_sentence(refused, options, message):
    assert refused(**options) == [f"Test/Entrance: {message}"]


def test_a_balancer_of_another_region_is_refused(refused):
    assert refused(endpoints={"eu-west-1": [IRELAND], "eu-west-2": [FRANKFURT]}) == [
        f"Test/Entrance: 'endpoints['eu-west-2']' is '{FRANKFURT.id}'; allowed: load balancers of eu-west-2, because a "
        f"listener has one endpoint group in a Region ({GROUP})"
    ]


def test_all_problems_are_told_at_once(refused):
    told = refused(name="-", ports=[0], protocol="HTTP", health_path="x", dials={"eu-west-1": 0, "eu-central-1": 0})

    assert [line.split("'")[1] for line in told] == ["dials", "protocol", "health_path", "health_path", "ports", "name"]


def test_no_option_replaces_the_accelerator_and_its_addresses(make_stack: Callable[..., cdk.Stack]):
    def build(**options: Any) -> cdk.Stack:
        stack = make_stack(region="us-west-2")
        logs = s3.Bucket.from_bucket_name(stack, "Logs", "logs") if options.pop("flow_logs", False) else None
        topic = AlarmTopic(stack, "Alarms") if options.pop("alarms", False) else None
        GlobalAccelerator(stack, "Entrance", **{**LAB, **options}, flow_logs=logs, alarms=topic)
        return stack

    changed = Together(
        name="other",
        endpoints={"eu-west-2": [AcceleratorEndpoint(id="i-0a1b")]},
        one_region_because="a lab",
        dials={"eu-west-2": 50},
        ports=[80],
        protocol="UDP",
        affinity="SOURCE_IP",
        interval=cdk.Duration.seconds(30),
        threshold=1,
        health_protocol="HTTP",
        health_port=80,
        health_path="/",
        port_overrides={80: 8080},
        ipv6=True,
        flow_logs=True,
        no_flow_logs_because=None,
        alarms=True,
        alarm_thresholds={"Unhealthy-eu-west-2": 1.0},
        alarms_off_because={"NoneHealthy-eu-west-2": "a lab"},
    )
    kept = {"AWS::GlobalAccelerator::Accelerator", "AWS::GlobalAccelerator::Listener"}

    found = in_place(build, {}, {"changed": changed}, types=kept)

    assert {*changed, "deletable_because"} == set(described(GlobalAccelerator)) - {"scope", "id"}
    assert found == {"changed": []}
    assert create_only_options(GlobalAccelerator) == set()


reasons = st.sampled_from([None, "a lab", ""])
number = st.integers(-1, 12) | st.just(cdk.Token.as_number({"Ref": "Number"}))
endpoints = st.lists(
    st.builds(
        AcceleratorEndpoint,
        id=st.sampled_from([IRELAND.id, FRANKFURT.id, "i-0a1b", "eipalloc-0a1b", "shop", cdk.Fn.ref("Balancer")]),
        weight=st.sampled_from([0, 128, 256, cdk.Token.as_number({"Ref": "Weight"})]),
        keep_client_ip=st.sampled_from([None, True, False]),
    ),
    max_size=3,
)
options_of_any_kind: dict[str, st.SearchStrategy[Any]] = {
    "endpoints": st.dictionaries(st.sampled_from(["eu-west-1", "eu-central-1", "mars"]), endpoints, max_size=3),
    "name": st.sampled_from(["shop", "", "a" * 65, cdk.Aws.STACK_NAME]),
    "one_region_because": reasons,
    "no_flow_logs_because": reasons,
    "deletable_because": reasons,
    "dials": st.sampled_from([None, {}, {"eu-west-1": 0}, {"eu-west-1": 0.5, "mars": 1}]),
    "ports": st.sampled_from([[], [443], [(80, 443)], [(443, 80)], [80, 80], [70_000]]),
    "port_overrides": st.sampled_from([None, {443: 8443}, {443: 0}, dict.fromkeys(range(1, 13), 1)]),
    "protocol": st.sampled_from(["TCP", "UDP", "tcp"]),
    "affinity": st.sampled_from(["NONE", "SOURCE_IP", "COOKIE"]),
    "interval": st.sampled_from([None, cdk.Duration.seconds(30), cdk.Duration.millis(1500)]),
    "threshold": number,
    "health_protocol": st.sampled_from(["TCP", "HTTPS", "UDP"]),
    "health_port": st.none() | number,
    "health_path": st.sampled_from([None, "/", "healthz", cdk.Aws.STACK_NAME]),
    "ipv6": st.booleans(),
    "alarm_thresholds": st.sampled_from([None, {"Unhealthy-eu-west-1": 1.0}]),
}
some = st.sets(st.sampled_from(sorted(options_of_any_kind)), min_size=1, max_size=3).flatmap(
    lambda names: st.fixed_dictionaries({name: options_of_any_kind[name] for name in sorted(names)})
)


@settings(max_examples=10, **OPENED)
@given(options=some)
def test_any_options_are_built_or_refused_in_our_words(options, make_stack, template, resources):
    stack = make_stack(region="us-west-2")

    try:
        GlobalAccelerator(stack, "Entrance", **{**LAB, **options})
    except InvalidOptions:
        return
    groups = resources(template(stack), "AWS::GlobalAccelerator::EndpointGroup")
    assert len(groups) == len(options.get("endpoints", BOTH))
