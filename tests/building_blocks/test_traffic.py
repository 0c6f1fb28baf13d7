"""Names that follow the health of Regions."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_route53 as route53

from cdk_standby._checks import InvalidOptions
from cdk_standby.alarm_topic import AlarmTopic
from cdk_standby.traffic import AcceleratedZone, AlarmId, FailoverRecords, FailoverSite, RegionalRecord, TrafficSwitch
from cdk_standby_review.facts import Range

PRIMARY = FailoverSite(region="eu-west-1", domain="eu-west-1.shop.example.com")
SECONDARY = FailoverSite(region="eu-central-1", domain="eu-central-1.shop.example.com")
SWITCH = AlarmId(region="eu-central-1", name="shop-traffic-leaves-eu-west-1")
BALANCER = "arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/app/shop/0123456789abcdef"
API = "https://docs.aws.amazon.com/Route53/latest/APIReference/"
NAMES = "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html"


def zone_of(stack: cdk.Stack) -> route53.IHostedZone:
    return stack.node.try_find_child("HostedZone") or route53.HostedZone.from_hosted_zone_attributes(
        stack, "HostedZone", hosted_zone_id="Z0123456789ABCDEFGHIJ", zone_name="example.com"
    )


def build(stack: cdk.Stack, id: str = "Records", **options: Any) -> FailoverRecords:
    usual = {
        "hosted_zone": zone_of(stack),
        "domain": "shop.example.com",
        "primary": PRIMARY,
        "secondary": SECONDARY,
        "switch_alarm": SWITCH,
    }
    return FailoverRecords(stack, id, **{**usual, **options})


@pytest.fixture(scope="module")
def world(make_stack: Callable[..., cdk.Stack], template: Callable[..., Any], flags: str) -> SimpleNamespace:
    """The traffic stack in us-east-1, a Region's part, and the switch in the other Region."""
    traffic = make_stack(flags=flags, region="us-east-1", name="Traffic")
    app = traffic.node.root
    zone = AcceleratedZone(traffic, "Zone", name="example.com")
    records = build(traffic, hosted_zone=zone.hosted_zone, alarms=AlarmTopic(traffic, "Alarms"))
    everything = make_stack(region="us-east-1", name="Everything", app=app)
    slow = build(
        everything,
        interval=cdk.Duration.seconds(30),
        failures=2,
        checker_regions=["eu-west-1", "us-east-1", "us-west-2"],
        health_path="/ready?deep=no",
        ipv6=True,
        alarm_thresholds={"SwitchThrown": 0.5},
        alarms_off_because={"Unhealthy-eu-central-1": "watched by the other team"},
    )
    site = make_stack(region="eu-west-1", name="Site", app=app)
    vpc = ec2.Vpc.from_vpc_attributes(site, "Vpc", vpc_id="vpc-0123456789abcdef0", availability_zones=["eu-west-1a"])
    balancer = elb.ApplicationLoadBalancer.from_application_load_balancer_attributes(
        site,
        "LoadBalancer",
        load_balancer_arn=BALANCER,
        security_group_id="sg-0123456789abcdef0",
        load_balancer_dns_name="shop.eu-west-1.elb.amazonaws.com",
        load_balancer_canonical_hosted_zone_id="Z32O12XQLNTSW2",
        vpc=vpc,
    )
    RegionalRecord(site, "Record", hosted_zone=zone_of(site), name=PRIMARY.domain, load_balancer=balancer, ipv6=True)
    other = make_stack(region="eu-central-1", name="Other", app=app)
    switch = TrafficSwitch(other, "Switch", workload="shop", leaves="eu-west-1", alarms=AlarmTopic(other, "Alarms"))
    quiet = TrafficSwitch(other, "Quiet", workload="desk", leaves="eu-west-1")
    runner = iam.Role(other, "Runner", assumed_by=iam.AccountRootPrincipal())
    return SimpleNamespace(
        app=app,
        records=records,
        slow=slow,
        switch=switch,
        quiet=quiet,
        granted=switch.grant_throw(runner),
        traffic=template(traffic),
        everything=template(everything),
        site=template(site),
        other=template(other),
    )


@pytest.fixture(scope="module")
def checks(resources: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """The configurations of health checks by their Name."""

    def by_name(template: dict[str, Any]) -> dict[str, Any]:
        return {
            tag["Value"]: check["HealthCheckConfig"]
            for check in resources(template, "AWS::Route53::HealthCheck").values()
            for tag in check["HealthCheckTags"]
            if tag["Key"] == "Name"
        }

    return by_name


def test_the_validators_find_nothing(world, findings, lint):
    accepted = "NIST.800.53.R5-IAMNoInlinePolicy", "Other/Runner/DefaultPolicy/Resource"
    wildcard = "AwsSolutions-IAM5[Resource::*]", "Other/Runner/DefaultPolicy/Resource"

    # The runner's policies belong to the test; the grant's wildcard is CloudWatch's own.
    assert set(findings(world.app)) <= {accepted, wildcard}
    assert lint(world.traffic, region="us-east-1") == []
    assert lint(world.everything, region="us-east-1") == []
    assert [*lint(world.site), *lint(world.other, region="eu-central-1")] == []


@pytest.mark.capability("EDGE-01")
@pytest.mark.capability("EDGE-07")
def test_one_name_has_a_primary_and_a_secondary_alias_within_its_zone(world, resources):
    records = resources(world.everything, "AWS::Route53::RecordSet").values()

    shown = [(r["Name"], r["Type"], r["Failover"], r["SetIdentifier"], r["AliasTarget"]) for r in records]
    zone = {"HostedZoneId": "Z0123456789ABCDEFGHIJ", "EvaluateTargetHealth": True}
    assert shown == [
        ("shop.example.com", kind, role, site.region, {**zone, "DNSName": site.domain})
        for kind in ("A", "AAAA")
        for role, site in (("PRIMARY", PRIMARY), ("SECONDARY", SECONDARY))
    ]


@pytest.mark.capability("EDGE-05")
def test_no_record_is_without_a_health_check(world, resources):
    healths = [r.get("HealthCheckId") for r in resources(world.traffic, "AWS::Route53::RecordSet").values()]

    assert [health["Fn::GetAtt"][0][:-8] for health in healths] == ["RecordsUseeuwest1", "RecordsEndpointeucentral1"]


@pytest.mark.capability("EDGE-05")
def test_the_primary_is_used_while_it_answers_and_the_switch_is_not_thrown(world, checks, resources):
    found = checks(world.traffic)

    ids = [*resources(world.traffic, "AWS::Route53::HealthCheck")]
    assert found["shop.example.com leads to eu-west-1"] == {
        "Type": "CALCULATED",
        "ChildHealthChecks": [{"Fn::GetAtt": [child, "HealthCheckId"]} for child in (ids[0], ids[2])],
        "HealthThreshold": 2,
    }
    assert found["shop.example.com may stay in eu-west-1"] == {
        "Type": "CLOUDWATCH_METRIC",
        "AlarmIdentifier": {"Region": "eu-central-1", "Name": "shop-traffic-leaves-eu-west-1"},
        "InsufficientDataHealthStatus": "LastKnownStatus",
    }


@pytest.mark.capability("EDGE-05")
def test_endpoints_are_asked_by_https_with_sni_under_their_regional_name(world, checks):
    asked = {
        "Type": "HTTPS",
        "FullyQualifiedDomainName": "eu-west-1.shop.example.com",
        "Port": 443,
        "EnableSNI": True,
    }

    assert checks(world.traffic)["eu-west-1.shop.example.com answers"] == {
        **asked,
        "ResourcePath": "/healthz",
        "RequestInterval": 10,
        "FailureThreshold": 3,
    }
    assert checks(world.everything)["eu-west-1.shop.example.com answers"] == {
        **asked,
        "ResourcePath": "/ready?deep=no",
        "RequestInterval": 30,
        "FailureThreshold": 2,
        "Regions": ["eu-west-1", "us-east-1", "us-west-2"],
    }


@pytest.mark.capability("EDGE-06")
def test_times_are_computed_from_the_options(world):
    assert (world.records.detection, world.slow.detection) == (Range(20, 48), Range(30, 72))
    assert world.records.switching == Range(60, 120)
    assert world.records.ttl.to_seconds() == 60


def test_the_alarms_are_where_route_53_has_its_metrics(world, resources):
    alarms = resources(world.traffic, "AWS::CloudWatch::Alarm").values()

    assert [*world.records.alarms] == ["Unhealthy-eu-west-1", "Unhealthy-eu-central-1", "SwitchThrown"]
    assert {(a["Namespace"], a["MetricName"]) for a in alarms} == {("AWS/Route53", "HealthCheckStatus")}
    assert [a["TreatMissingData"] for a in alarms] == ["breaching", "breaching", "notBreaching"]
    assert [*world.slow.alarms] == ["Unhealthy-eu-west-1", "SwitchThrown"]


def test_ids_name_regions_and_never_roles(world):
    paths = [child.node.path.lower() for child in world.records.node.find_all()]

    assert [path for path in paths if "primary" in path or "secondary" in path] == []


@pytest.mark.capability("EDGE-07")
def test_a_regional_name_is_as_healthy_as_its_balancer(world, resources):
    records = resources(world.site, "AWS::Route53::RecordSet").values()

    assert [*records] == [
        {
            "Name": "eu-west-1.shop.example.com",
            "Type": kind,
            "HostedZoneId": "Z0123456789ABCDEFGHIJ",
            "AliasTarget": {
                "DNSName": "dualstack.shop.eu-west-1.elb.amazonaws.com",
                "HostedZoneId": "Z32O12XQLNTSW2",
                "EvaluateTargetHealth": True,
            },
        }
        for kind in ("A", "AAAA")
    ]


@pytest.mark.capability("EDGE-05")
def test_the_switch_is_an_alarm_that_a_health_check_can_follow(world, resources):
    alarm, _ = resources(world.other, "AWS::CloudWatch::Alarm").values()

    assert world.switch.identifier == SWITCH
    shown = {key: alarm[key] for key in alarm if not key.startswith(("AlarmD", "AlarmA", "OKA"))}
    assert shown == {
        "AlarmName": "shop-traffic-leaves-eu-west-1",
        "Namespace": "cdk-standby",
        "MetricName": "TrafficSwitch",
        "Dimensions": [{"Name": "Region", "Value": "eu-west-1"}, {"Name": "Workload", "Value": "shop"}],
        "Statistic": "Maximum",
        "Period": 60,
        "EvaluationPeriods": 1,
        "DatapointsToAlarm": 1,
        "Threshold": 1,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "TreatMissingData": "ignore",
    }


def test_throwing_the_switch_needs_its_namespace_only(world):
    (statement,) = world.granted.principal_statements

    assert statement.to_statement_json() == {
        "Action": "cloudwatch:PutMetricData",
        "Effect": "Allow",
        "Resource": "*",
        "Condition": {"StringEquals": {"cloudwatch:namespace": "cdk-standby"}},
    }


def test_our_own_zone_is_retained_and_recovers_faster(world):
    (zone,) = [r for r in world.traffic["Resources"].values() if r["Type"] == "AWS::Route53::HostedZone"]

    assert zone["Properties"] == {"Name": "example.com", "HostedZoneFeatures": {"EnableAcceleratedRecovery": True}}
    assert (zone["DeletionPolicy"], zone["UpdateReplacePolicy"]) == ("Retain", "Retain")


def test_records_elsewhere_must_not_forget_their_alarms(make_stack):
    stack = make_stack(region="eu-central-1", name="Elsewhere")
    build(stack)

    with pytest.raises(RuntimeError) as error:
        stack.node.root.synth()

    assert (
        "Elsewhere/Records: the alarms are missing; build the records in a stack of us-east-1, or call 'alarms_in' "
        "with a construct of one, because health check metrics, and so their alarms, exist in us-east-1 only "
        "(https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/monitoring-cloudwatch.html)"
    ) in str(error.value)


def test_alarms_can_be_made_in_a_stack_of_us_east_1(make_stack, template, resources):
    stack = make_stack(region="eu-central-1", name="Elsewhere")
    records = build(stack)
    home = cdk.Stack(stack.node.root, "Home", env=cdk.Environment(account="111111111111", region="us-east-1"))

    records.alarms_in(home)

    assert len(resources(template(home), "AWS::CloudWatch::Alarm")) == 3


def test_alarms_elsewhere_are_refused(make_stack):
    stack = make_stack(region="eu-central-1", name="Elsewhere")
    records = build(stack)

    with pytest.raises(InvalidOptions) as error:
        records.alarms_in(stack)

    assert str(error.value) == (
        "Elsewhere/Records: 'scope' is 'eu-central-1'; allowed: a construct in a stack of us-east-1, because health "
        "check metrics, and so their alarms, exist in us-east-1 only "
        "(https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/monitoring-cloudwatch.html)"
    )


@pytest.fixture(scope="module")
def refused(make_stack: Callable[..., cdk.Stack]) -> Callable[..., str]:
    """The whole message for options that cannot work."""
    stack = make_stack(region="us-east-1")

    def message(**options: Any) -> str:
        with pytest.raises(InvalidOptions) as error:
            build(stack, f"Refused{len(stack.node.children)}", **options)
        return str(error.value).split(": ", 1)[1]

    return message


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"health_path": "healthz"},
            "'health_path' is 'healthz'; allowed: a path that begins with '/', because Route 53 asks for it by HTTPS "
            f"({API}API_HealthCheckConfig.html)",
        ),
        (
            {"interval": cdk.Duration.seconds(20)},
            "'interval' is 20 seconds; allowed: 10 seconds or 30 seconds, because an endpoint is asked every 10 or "
            f"every 30 seconds ({API}API_HealthCheckConfig.html)",
        ),
        (
            {"failures": 11},
            "'failures' is 11; allowed: 1 to 10, because an endpoint changes state after 1 to 10 answers alike "
            f"({API}API_HealthCheckConfig.html)",
        ),
        (
            {"secondary": FailoverSite(region="eu-west-1", domain="other.shop.example.com")},
            "'secondary.region' is 'eu-west-1'; allowed: another Region than the primary's eu-west-1, because both "
            "sites would be lost together",
        ),
        (
            {"domain": "shop.example.org"},
            "'domain' is 'shop.example.org'; allowed: example.com, or a name that ends in .example.com, because an "
            f"alias to another record reaches records of its own hosted zone only ({API}API_AliasTarget.html)",
        ),
        (
            {"domain": "Shop.example.com"},
            "'domain' is 'Shop.example.com'; allowed: a name such as shop.example.com, in lower case, because Route 53 "
            f"answers to names ({NAMES})",
        ),
        (
            {"domain": SECONDARY.domain},
            "'primary.domain' is 'eu-west-1.shop.example.com'; allowed: names of one Region each, such as "
            "eu-west-1.shop.example.com, because a health check of the name that itself fails over gives unpredictable "
            f"results ({API}API_HealthCheckConfig.html)",
        ),
        (
            {"switch_alarm": AlarmId(region="eu-west-1", name="shop-traffic-leaves-eu-west-1")},
            "'switch_alarm.region' is 'eu-west-1'; allowed: the Region of the secondary site, or a third one, because "
            "the switch is thrown when the primary Region is lost, and has to be reached then",
        ),
        (
            {"checker_regions": ["eu-west-1", "us-east-1"]},
            "'checker_regions' is ['eu-west-1', 'us-east-1']; allowed: three Regions or more, or left out for all, "
            f"because a health check uses health checkers of at least three Regions ({API}API_HealthCheckConfig.html)",
        ),
        (
            {"checker_regions": ["eu-west-1", "us-east-1", "eu-central-1"]},
            "'checker_regions' is ['eu-west-1', 'us-east-1', 'eu-central-1']; allowed: ap-northeast-1, ap-southeast-1, "
            "ap-southeast-2, eu-west-1, sa-east-1, us-east-1, us-west-1, us-west-2, because health checkers live in "
            f"these Regions, and a health check uses at least three of them ({API}API_HealthCheckConfig.html)",
        ),
    ],
    ids=lambda value: ",".join(value) if isinstance(value, dict) else "",
)
def test_options_that_cannot_work_are_refused(refused, options, message):
    assert refused(**options) == message


def test_all_problems_come_at_once(refused):
    lines = refused(health_path="healthz", interval=cdk.Duration.seconds(20), failures=11).splitlines()

    assert len(lines) == 3


def test_a_switch_cannot_be_held_in_the_region_it_is_for(make_stack):
    with pytest.raises(InvalidOptions) as error:
        TrafficSwitch(make_stack(region="eu-west-1"), "Switch", workload="shop", leaves="eu-west-1")

    assert str(error.value) == (
        "Test/Switch: 'leaves' is 'eu-west-1'; allowed: another Region than this stack's eu-west-1, because the switch "
        "is thrown when that Region is lost, and has to be reached then"
    )


def test_a_switch_has_to_know_its_region(make_stack):
    with pytest.raises(InvalidOptions) as error:
        TrafficSwitch(make_stack(region=None), "Switch", workload="shop", leaves="eu-west-1")

    assert str(error.value) == (
        "Test/Switch: 'held_in' is ''; allowed: a stack with an explicit Region, Stack(..., "
        "env=Environment(region=...)), because records elsewhere name the alarm's Region at synth"
    )


def test_a_zone_known_by_its_id_only_is_taken_at_its_word(make_stack):
    stack = make_stack(region="us-east-1")
    zone = route53.HostedZone.from_hosted_zone_id(stack, "HostedZone", "Z0123456789ABCDEFGHIJ")

    records = build(stack, hosted_zone=zone)

    assert len(records.records) == 2


def test_a_zone_needs_a_domain(make_stack):
    with pytest.raises(InvalidOptions) as error:
        AcceleratedZone(make_stack(), "Zone", name="localhost")

    assert str(error.value) == (
        "Test/Zone: 'name' is 'localhost'; allowed: a name such as shop.example.com, in lower case, because Route 53 "
        f"answers to names ({NAMES})"
    )
