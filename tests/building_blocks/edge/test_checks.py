"""Health checks: what Route 53 gets, how soon it sees a loss, and where their alarms are."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import aws_cdk as cdk
import pytest

from cdk_standby._checks import InvalidOptions
from cdk_standby.edge.health_checks import AlarmCheck, CalculatedCheck, EndpointCheck, RoutingControlCheck
from cdk_standby.traffic import AlarmId
from cdk_standby_review.facts import Range, arc

IRELAND = "eu-west-1.shop.example.com"
CONTROL = "arn:aws:route53-recovery-control::111111111111:controlpanel/0123456789abcdef/routingcontrol/abcdef0123456789"
API = "https://docs.aws.amazon.com/Route53/latest/APIReference/"
NAMES = "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html"


@pytest.fixture(scope="module")
def world(make_stack: Callable[..., cdk.Stack], template: Callable[..., Any]) -> SimpleNamespace:
    """One health check of each kind in us-east-1, and one in another Region with its alarm at home."""
    stack = make_stack(region="us-east-1", name="Checks")
    ireland = EndpointCheck(stack, "Ireland", domain=IRELAND)
    frankfurt = EndpointCheck(
        stack,
        "Frankfurt",
        domain="eu-central-1.shop.example.com",
        ip="8.8.8.8",
        path="/ready",
        search='"ok"',
        interval=cdk.Duration.seconds(30),
        failures=2,
        checker_regions=["eu-west-1", "us-east-1", "us-west-2"],
        alarms_off_because={"Unhealthy": "watched by the other team"},
    )
    queue = EndpointCheck(stack, "Queue", ip="2001:4860:4860::8888", protocol="TCP", port=5671)
    plain = EndpointCheck(stack, "Plain", domain="plain.example.com", protocol="HTTP")
    either = CalculatedCheck(stack, "Either", children=[ireland, frankfurt], healthy=1)
    both = CalculatedCheck(stack, "Both", children=[ireland, frankfurt])
    alarm = AlarmCheck(
        stack,
        "Orders",
        alarm=AlarmId(region="eu-west-1", name="orders-stuck"),
        insufficient_data="Unhealthy",
        period=cdk.Duration.minutes(5),
        periods=2,
    )
    control = RoutingControlCheck(stack, "Control", routing_control_arn=CONTROL, name="Ireland is on")
    away = make_stack(region="eu-central-1", name="Away", app=stack.node.root)
    far = EndpointCheck(away, "Far", domain=IRELAND)
    far.alarms_in(stack)
    made = template(stack)
    configs = {
        tag["Value"]: r["Properties"]["HealthCheckConfig"]
        for r in made["Resources"].values()
        if r["Type"] == "AWS::Route53::HealthCheck"
        for tag in r["Properties"]["HealthCheckTags"]
        if tag["Key"] == "Name"
    }
    checks = SimpleNamespace(
        ireland=ireland, frankfurt=frankfurt, queue=queue, plain=plain, either=either, both=both, alarm=alarm,
        control=control, far=far,
    )  # fmt: skip
    return SimpleNamespace(made=made, configs=configs, checks=checks, stack=stack)


@pytest.mark.capability("EDGE-05")
def test_an_endpoint_is_asked_by_https_with_its_name(world):
    assert world.configs["plain.example.com answers"] == {
        "Type": "HTTP",
        "FullyQualifiedDomainName": "plain.example.com",
        "Port": 80,
        "ResourcePath": "/healthz",
        "RequestInterval": 10,
        "FailureThreshold": 3,
    }
    assert world.configs["eu-central-1.shop.example.com answers"] == {
        "Type": "HTTPS_STR_MATCH",
        "FullyQualifiedDomainName": "eu-central-1.shop.example.com",
        "IPAddress": "8.8.8.8",
        "Port": 443,
        "EnableSNI": True,
        "ResourcePath": "/ready",
        "SearchString": '"ok"',
        "RequestInterval": 30,
        "FailureThreshold": 2,
        "Regions": ["eu-west-1", "us-east-1", "us-west-2"],
    }
    assert world.configs[f"{IRELAND} answers"] == {
        "Type": "HTTPS",
        "FullyQualifiedDomainName": IRELAND,
        "Port": 443,
        "EnableSNI": True,
        "ResourcePath": "/healthz",
        "RequestInterval": 10,
        "FailureThreshold": 3,
    }
    assert world.configs["2001:4860:4860::8888 answers"] == {
        "Type": "TCP",
        "IPAddress": "2001:4860:4860::8888",
        "Port": 5671,
        "RequestInterval": 10,
        "FailureThreshold": 3,
    }


@pytest.mark.capability("EDGE-05")
def test_others_are_counted_followed_or_turned(world):
    either = world.configs["1 of 2 for Checks/Either"]

    assert (either["Type"], either["HealthThreshold"], len(either["ChildHealthChecks"])) == ("CALCULATED", 1, 2)
    assert world.configs["2 of 2 for Checks/Both"]["HealthThreshold"] == 2
    assert world.configs["orders-stuck is quiet"] == {
        "Type": "CLOUDWATCH_METRIC",
        "AlarmIdentifier": {"Region": "eu-west-1", "Name": "orders-stuck"},
        "InsufficientDataHealthStatus": "Unhealthy",
    }


@pytest.mark.capability("DR-07", "EDGE-05")
def test_a_routing_control_is_followed_without_interval_and_threshold(world):
    assert world.configs["Ireland is on"] == {"Type": "RECOVERY_CONTROL", "RoutingControlArn": CONTROL}


@pytest.mark.capability("EDGE-06")
def test_how_soon_a_loss_is_seen_is_interval_times_threshold(world):
    checks = world.checks

    assert checks.ireland.detection == Range(20, 48)
    assert checks.frankfurt.detection == Range(30, 72)
    # One of two is enough until both are gone; both are needed until the first one is.
    assert (checks.either.detection, checks.both.detection) == (Range(30, 72), Range(20, 48))
    assert checks.alarm.detection == Range(600, 660)
    assert checks.control.detection == arc.FLIP.value


def test_alarms_are_in_us_east_1_wherever_the_health_check_was_built(world, resources):
    alarms = resources(world.made, "AWS::CloudWatch::Alarm")

    assert len(alarms) == 6
    assert {(a["Namespace"], a["MetricName"], a["Threshold"]) for a in alarms.values()} == {
        ("AWS/Route53", "HealthCheckStatus", 1)
    }
    assert world.checks.frankfurt.alarms == {}
    assert [*world.checks.far.alarms] == ["Unhealthy"]


def test_alarms_must_not_be_forgotten_elsewhere(make_stack):
    stack = make_stack(region="eu-central-1", name="Elsewhere")
    EndpointCheck(stack, "Check", domain=IRELAND)

    with pytest.raises(RuntimeError) as error:
        stack.node.root.synth()

    assert (
        "Elsewhere/Check: the alarms are missing; build the health check in a stack of us-east-1, or call 'alarms_in' "
        "with a construct of one, because health check metrics, and so their alarms, exist in us-east-1 only "
        "(https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/monitoring-cloudwatch.html)"
    ) in str(error.value)


def test_alarms_are_made_once_and_in_us_east_1(make_stack):
    stack = make_stack(region="us-east-1", name="Home")
    check = EndpointCheck(stack, "Check", domain=IRELAND)

    with pytest.raises(InvalidOptions) as error:
        check.alarms_in(stack)

    assert str(error.value) == (
        "Home/Check: 'scope' is 'Home'; allowed: called once, and never for a health check of us-east-1, because "
        "Home/Check/Unhealthy is the alarm of this health check"
    )


@pytest.fixture(scope="module")
def refused(make_stack: Callable[..., cdk.Stack]) -> Callable[..., str]:
    """The whole message for options that cannot work."""
    stack = make_stack(region="us-east-1")

    def message(kind: type[Any], **options: Any) -> str:
        with pytest.raises(InvalidOptions) as error:
            kind(stack, f"Refused{len(stack.node.children)}", **options)
        return str(error.value).split(": ", 1)[1]

    return message


ENDPOINTS: list[tuple[dict[str, Any], str]] = [
    ({}, "'domain' is not given; allowed: a name such as eu-west-1.shop.example.com, or 'ip', because there has to be "
     f"something to ask ({API}API_HealthCheckConfig.html)"),
    ({"domain": "Shop"}, "'domain' is 'Shop'; allowed: a name such as eu-west-1.shop.example.com, in lower case, "
     f"because Route 53 asks by names ({NAMES})"),
    ({"ip": "8.8.8.8"}, "'domain' is not given; allowed: the name on the certificate, beside 'ip', because it is sent "
     f"with SNI, without which many endpoints refuse to talk ({API}API_HealthCheckConfig.html)"),
    *(({"domain": IRELAND, "ip": ip}, f"'ip' is '{ip}'; allowed: a public address, or an 'AlarmCheck' on what is "
       "private, because health checkers reach no private, reserved or multicast address "
       f"({API}API_HealthCheckConfig.html)")
      for ip in ("10.0.0.1", "100.64.0.1", "169.254.0.1", "224.0.0.1", "fd00::1", "192.0.2.1", "x")),
    ({"domain": IRELAND, "protocol": "UDP"}, "'protocol' is 'UDP'; allowed: 'HTTPS', 'HTTP', 'TCP', because health "
     f"checkers speak these ({API}API_HealthCheckConfig.html)"),
    ({"domain": IRELAND, "port": 0}, "'port' is 0; allowed: 1 to 65535, because an endpoint is asked on a port "
     f"({API}API_HealthCheckConfig.html)"),
    ({"domain": IRELAND, "protocol": "TCP"}, "'port' is not given; allowed: a port, because TCP has no usual one "
     f"({API}API_HealthCheckConfig.html)"),
    ({"domain": IRELAND, "path": "ready"}, "'path' is 'ready'; allowed: a path that begins with '/', of at most 255 "
     f"characters, because Route 53 asks for it ({API}API_HealthCheckConfig.html)"),
    ({"domain": IRELAND, "search": ""}, "'search' is ''; allowed: 1 to 255 characters, because the text that an "
     f"answer must hold has 1 to 255 characters ({API}API_HealthCheckConfig.html)"),
    ({"domain": IRELAND, "protocol": "TCP", "port": 1, "search": "ok"}, "'search' is 'ok'; allowed: left out, or "
     f"another 'protocol', because by TCP nothing is asked for, and nothing is read ({API}API_HealthCheckConfig.html)"),
    ({"domain": IRELAND, "interval": cdk.Duration.seconds(20)}, "'interval' is 20 seconds; allowed: 10 seconds or 30 "
     f"seconds, because an endpoint is asked every 10 or every 30 seconds ({API}API_HealthCheckConfig.html)"),
    ({"domain": IRELAND, "failures": 0}, "'failures' is 0; allowed: 1 to 10, because an endpoint changes state after 1 "
     f"to 10 answers alike ({API}API_HealthCheckConfig.html)"),
    ({"domain": IRELAND, "checker_regions": []}, "'checker_regions' is []; allowed: three Regions or more, or left out "
     "for all, because a health check uses health checkers of at least three Regions "
     f"({API}API_HealthCheckConfig.html)"),
]  # fmt: skip


@pytest.mark.capability("EDGE-05")
@pytest.mark.parametrize(("options", "message"), ENDPOINTS)
def test_endpoints_that_cannot_be_asked_are_refused(refused, options, message):
    assert refused(EndpointCheck, **options) == message


@pytest.mark.capability("EDGE-05")
@pytest.mark.parametrize(
    ("count", "options", "message"),
    [
        (0, {}, "'children' is 0; allowed: 1 to 256, because a calculated health check counts up to 256 others"),
        (257, {}, "'children' is 257; allowed: 1 to 256, because a calculated health check counts up to 256 others"),
        (1, {"healthy": 0}, "'healthy' is 0; allowed: 1 to the number of children, 1, because with 0 the check is "
         "always healthy, with more than it has children never"),
        (1, {"healthy": 2}, "'healthy' is 2; allowed: 1 to the number of children, 1, because with 0 the check is "
         "always healthy, with more than it has children never"),
    ],
)  # fmt: skip
def test_children_are_enough_and_not_too_many(world, refused, count, options, message):
    children = [world.checks.ireland] * count

    first = refused(CalculatedCheck, children=children, **options).split("\n")[0]

    assert first == f"{message} ({API}API_HealthCheckConfig.html)"


def test_a_child_counts_once(world, refused):
    assert refused(CalculatedCheck, children=[world.checks.ireland] * 2) == (
        "'children' is 2; allowed: each health check once, because Route 53 counts health checks, and not how often "
        f"they are named ({API}API_HealthCheckConfig.html)"
    )


ORDERS = AlarmId(region="eu-west-1", name="orders-stuck")


@pytest.mark.capability("EDGE-05")
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"insufficient_data": "Unknown"}, "'insufficient_data' is 'Unknown'; allowed: 'Healthy', 'Unhealthy', "
         "'LastKnownStatus', because a health check has one of these statuses while its alarm has no data "
         f"({API}API_HealthCheckConfig.html)"),
        ({"alarm": AlarmId(region="eu-west-1", name="")}, "'alarm.name' is ''; allowed: 1 to 256 characters, because a "
         f"health check names its alarm in 1 to 256 characters ({API}API_AlarmIdentifier.html)"),
        ({"alarm": AlarmId(region="eu-wset-1", name="x")}, "'alarm.region' is 'eu-wset-1'; allowed: a Region of AWS; "
         "did you mean eu-west-1 or us-west-1 or eu-west-3?, because what cannot be found can neither be deployed to "
         "nor failed over to (https://docs.aws.amazon.com/global-infrastructure/latest/regions/"
         "aws-regions.html)"),
        ({"period": cdk.Duration.seconds(10)}, "'period' is 10 seconds; allowed: whole minutes, 1 or more, because a "
         "health check follows alarms of standard resolution only, whose periods are whole minutes "
         f"({API}API_AlarmIdentifier.html)"),
        ({"periods": 0}, "'periods' is 0; allowed: 1 or more, because an alarm looks at one period at least "
         f"({API}API_AlarmIdentifier.html)"),
    ],
)  # fmt: skip
def test_alarms_that_cannot_be_followed_are_refused(refused, options, message):
    usual = {"alarm": ORDERS, "insufficient_data": "Unhealthy"}

    assert refused(AlarmCheck, **{**usual, **options}) == message


@pytest.mark.capability("DR-07")
def test_a_routing_control_is_named_by_its_arn(refused):
    assert refused(RoutingControlCheck, routing_control_arn="ireland") == (
        "'routing_control_arn' is 'ireland'; allowed: the ARN of a routing control, because a health check follows one "
        "routing control "
        "(https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonroute53recoverycontrols.html)"
    )
