"""What foundations refuse, word for word; and that nothing else than our words ever comes out."""

from __future__ import annotations

import contextlib
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_autoscaling as autoscaling
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from hypothesis import given, settings
from hypothesis import strategies as st

from cdk_standby._checks import InvalidOptions
from cdk_standby.alarm_topic import AlarmTopic
from cdk_standby.foundations.site_to_site_vpn import CustomerGateway, SiteToSiteVpn
from cdk_standby.foundations.subnet_groups import SubnetGroups
from cdk_standby.foundations.zonal_autoshift import AutoshiftObserver, ZonalAutoshift

PAGES = "https://docs.aws.amazon.com/"
BALANCER = "arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/app/shop/0123456789abcdef"
NORTH = CustomerGateway(name="North", ip_address="8.8.8.8")
SOUTH = CustomerGateway(name="South", ip_address="9.9.9.9")
EMR_HA = PAGES + "emr/latest/ManagementGuide/emr-plan-ha"


@pytest.mark.capability("NET-03")
@pytest.mark.capability("NET-05")
@pytest.mark.capability("NET-08")
@pytest.mark.capability("NET-13")
def test_a_network_of_one_zone_has_no_subnet_groups_and_all_is_told_at_once(refused, network, scope):
    assert refused(SubnetGroups, vpc=network(scope, "a"), services=["rds", "documentdb", "redshift"]) == [
        "Test/It: 'vpc' is subnets in 1 zone for rds; allowed: subnets in 2 Availability Zones or more, because RDS "
        "and Aurora need subnets in two zones, and a standby stands in the second "
        f"({PAGES}AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html)",
        "Test/It: 'vpc' is subnets in 1 zone for documentdb; allowed: subnets in 2 Availability Zones or more, because "
        "DocumentDB needs subnets in two zones "
        f"({PAGES}documentdb/latest/developerguide/document-db-subnet-groups.html)",
        "Test/It: 'vpc' is subnets in 1 zone for redshift; allowed: subnets in 3 Availability Zones or more, because a "
        "Multi-AZ cluster needs a subnet group of three zones, to have a choice of two "
        f"({PAGES}redshift/latest/mgmt/managing-cluster-multi-az.html)",
    ]


def test_a_group_that_is_asked_for_later_is_judged_then(scope, network):
    groups = SubnetGroups(scope, "Later", vpc=network(scope, "ab"))

    with pytest.raises(InvalidOptions) as caught:
        _ = groups.redshift

    assert str(caught.value) == (
        "Test/Later: 'vpc' is subnets in 2 zones for redshift; allowed: subnets in 3 Availability Zones or more, "
        "because a Multi-AZ cluster needs a subnet group of three zones, to have a choice of two "
        f"({PAGES}redshift/latest/mgmt/managing-cluster-multi-az.html)"
    )


def test_a_network_without_isolated_subnets_is_named(refused, scope):
    empty = ec2.Vpc.from_vpc_attributes(scope, "Empty", vpc_id="vpc-1", availability_zones=["eu-west-1a"])

    assert refused(SubnetGroups, vpc=empty) == [
        "Test/It: 'vpc' is a VPC without subnets of that kind; allowed: isolated subnets in two Availability Zones or "
        "more, or 'subnets' that exist, because what is placed in one zone is lost with it "
        f"({PAGES}AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html)"
    ]


def test_services_are_known_and_named_once(refused):
    known = "rds, elasticache, memorydb, dax, documentdb, neptune, redshift, dms"

    assert refused(SubnetGroups, services=["qldb", "rds", "rds"]) == [
        f"Test/It: 'services' is ['qldb', 'rds', 'rds']; allowed: {known}, because these have subnet groups; the "
        "others take subnets as they are",
        "Test/It: 'services' is ['qldb', 'rds', 'rds']; allowed: each service once, because one group serves every "
        "cluster of its kind",
    ]


@pytest.mark.capability("NET-07")
@pytest.mark.parametrize(
    ("zones", "standby", "allowed"), [(4, False, "2 or 3"), (2, True, "3"), (1, False, "2 or 3"), (0, True, "3")]
)
def test_a_domain_spans_two_or_three_zones(scope, network, zones, standby, allowed):
    groups = scope.node.try_find_child("Domains") or SubnetGroups(scope, "Domains", vpc=network(scope))
    why = (
        "Multi-AZ with Standby spans three zones"
        if standby
        else "a domain takes as many subnets as it has zones, two or three"
    )

    with pytest.raises(InvalidOptions) as caught:
        groups.opensearch(zones=zones, standby=standby)

    assert str(caught.value) == (
        f"Test/Domains: 'zones' is {zones}; allowed: {allowed}, because {why} "
        f"({PAGES}opensearch-service/latest/developerguide/managedomains-multiaz.html)"
    )


@pytest.mark.capability("NET-04")
def test_a_load_balancer_gets_one_subnet_of_each_of_two_zones(scope, network):
    subnets = ec2.SubnetSelection(subnets=network(scope, "ab").isolated_subnets)
    groups = SubnetGroups(scope, "Pair", vpc=network(scope, "ab"), subnets=subnets)

    with pytest.raises(InvalidOptions) as caught:
        groups.redshift_serverless()

    assert groups.load_balancer() == ("subnet-0aaaaaaaaaaaaaaaa", "subnet-0aaaaaaaaaaaaaaab")
    assert [problem.got for problem in caught.value.problems] == ["subnets in 2 zones for redshift_serverless"]


@pytest.mark.capability("NET-17")
def test_what_cannot_be_shifted_or_practised_is_refused(refused):
    considerations = f"{PAGES}r53recovery/latest/dg/arc-zonal-autoshift.considerations.html"
    api = f"{PAGES}arc-zonal-shift/latest/api/API_CreatePracticeRunConfiguration.html"

    assert refused(
        ZonalAutoshift,
        resource="arn:aws:rds:eu-west-1:111111111111:db:shop",
        blocked_windows=["Mon:00:00-Sun:23:59", "Sun:23:00-Mon:01:00"],
        blocked_dates=["24.12.2026"],
    ) == [
        "Test/It: 'resource' is 'arn:aws:rds:eu-west-1:111111111111:db:shop'; allowed: an Application or Network Load "
        "Balancer, an Auto Scaling group or an EKS cluster, or the ARN of one, because these are what ARC can shift "
        f"({api})",
        "Test/It: 'blocked_windows' is ['Mon:00:00-Sun:23:59', 'Sun:23:00-Mon:01:00']; allowed: windows that leave 30 "
        "minutes of the week free, because a practice run shifts one zone away for about half an hour, every week, and "
        f"needs time that is not blocked ({considerations})",
        "Test/It: 'blocked_dates' is ['24.12.2026']; allowed: up to 15 dates such as '2026-12-24', because a practice "
        f"run configuration holds at most 15 of them ({api})",
    ]


def test_an_imported_group_is_given_by_its_arn(refused, scope):
    group: Any = autoscaling.AutoScalingGroup.from_auto_scaling_group_name(scope, "Group", "shop")

    assert refused(ZonalAutoshift, resource=group) == [
        "Test/It: 'resource' is an imported Auto Scaling group, whose ARN is not known; allowed: the ARN of the group, "
        f"because these are what ARC can shift ({PAGES}arc-zonal-shift/latest/api/"
        "API_CreatePracticeRunConfiguration.html)"
    ]


def test_windows_are_written_as_arc_writes_them(refused):
    for windows in (["mon:10:00-mon:12:00"], ["Mon:25:00-Mon:26:00"], ["Mon 10-12"], ["Mon:10:00-Mon:12:00"] * 16):
        (said,) = refused(ZonalAutoshift, blocked_windows=windows)

        assert said.partition("; ")[2] == (
            "allowed: up to 15 windows such as 'Mon:10:00-Mon:12:00', in UTC, because a practice run configuration "
            f"holds at most 15 of them ({PAGES}arc-zonal-shift/latest/api/API_CreatePracticeRunConfiguration.html)"
        )


def test_alarms_and_topics_are_of_the_same_region(refused, scope, make_stack):
    there = make_stack(region="eu-central-1", name="There", app=scope.node.root)
    alarm = cloudwatch.Alarm(
        there, "Alarm", metric=cloudwatch.Metric(namespace="A", metric_name="B"), threshold=1, evaluation_periods=1
    )

    assert refused(ZonalAutoshift, outcome_alarm=alarm) == [
        "Test/It: 'outcome_alarm' is 'There/Alarm'; allowed: one of eu-west-1, where the autoshift is, because a "
        "practice run ends by an alarm of the resource's Region when it hurts, and CloudFormation takes one "
        f"({PAGES}r53recovery/latest/dg/getting-started-cli-update-zonal_autoshift.create-practice-run.html)"
    ]


@pytest.mark.capability("NET-16")
@pytest.mark.parametrize("devices", [[NORTH], []])
def test_one_device_is_a_single_point_of_failure(refused, devices):
    (said,) = refused(SiteToSiteVpn, devices=devices)

    assert said.partition("; ")[2] == (
        "allowed: two or more, or one with 'one_device_because', because both tunnels of a connection end at one "
        f"device of yours, and are lost with it ({PAGES}vpn/latest/s2svpn/vpn-redundant-connection.html)"
    )


@pytest.mark.parametrize(
    ("options", "allowed"),
    [
        ({"devices": [NORTH, CustomerGateway(name="B", ip_address="10.0.0.1")]},
         "devices with public IPv4 addresses, such as 198.51.101.7"),
        ({"devices": [NORTH, CustomerGateway(name="B", ip_address="8.8.8.8")]}, "devices with addresses of their own"),
        ({"devices": [NORTH, CustomerGateway(name="North", ip_address="9.9.9.9")]},
         "names of their own: up to 32 letters, digits and hyphens, a letter first"),
        ({"devices": [NORTH, CustomerGateway(name="B", ip_address="9.9.9.9", asn=0)]}, "ASNs of 1 to 4294967295"),
        ({"amazon_asn": 65000}, "64512 to 65534 or 4200000000 to 4294967294, and none of a device"),
        ({"amazon_asn": 7224}, "64512 to 65534 or 4200000000 to 4294967294, and none of a device"),
        ({"static_routes": ["10.0.0.0"]},
         "1 to 100 IPv4 networks such as '10.20.0.0/16', each once, or nothing with BGP"),
        ({"one_device_because": "it is"}, "two or more, or one with 'one_device_because'"),
    ],
)  # fmt: skip
def test_devices_and_routes_are_ones_that_aws_takes(refused, options, allowed):
    (said,) = refused(SiteToSiteVpn, **options)

    assert said.partition("allowed: ")[2].partition(", because ")[0] == allowed


def test_a_vpc_whose_route_tables_are_not_known_cannot_learn_routes(refused, scope):
    bare = ec2.Vpc.from_vpc_attributes(
        scope, "Bare", vpc_id="vpc-1", availability_zones=["eu-west-1a"], private_subnet_ids=["subnet-1"]
    )

    assert refused(SiteToSiteVpn, vpc=bare) == [
        "Test/It: 'vpc' is 'Test/Bare', whose route tables are not known; allowed: a VPC that was imported with the "
        "route tables of its subnets, because they have to learn the routes to the other side "
        f"({PAGES}vpn/latest/s2svpn/SetUpVPNConnections.html)"
    ]


WINDOWS = st.lists(st.from_regex(r"(Mon|Sat|sun):[0-2][0-9]:[0-9]{2}-(Mon|Fri):[0-9]{2}:[0-9]{2}", fullmatch=True))
TEXT = st.one_of(st.text(max_size=20), st.sampled_from(["8.8.4.4", "9.9.9.9", BALANCER, "2026-12-24", "10.0.0.0/8"]))
NUMBERS = st.integers(-10, 2**33)


@settings(max_examples=15)
@given(windows=WINDOWS, dates=st.lists(TEXT, max_size=3), resource=TEXT)
def test_any_autoshift_is_built_or_refused_in_our_words(scope, usual, windows, dates, resource):
    asked = {**usual[ZonalAutoshift], "resource": resource, "blocked_windows": windows, "blocked_dates": dates}

    _built_or_refused(scope, ZonalAutoshift, asked)


@settings(max_examples=15)
@given(name=TEXT, address=TEXT, asn=NUMBERS, amazon=NUMBERS, routes=st.none() | st.lists(TEXT, max_size=3))
def test_any_vpn_is_built_or_refused_in_our_words(scope, usual, name, address, asn, amazon, routes):
    devices = [NORTH, CustomerGateway(name=name, ip_address=address, asn=asn)]
    asked = {**usual[SiteToSiteVpn], "devices": devices, "amazon_asn": amazon, "static_routes": routes}

    _built_or_refused(scope, SiteToSiteVpn, asked)


def _built_or_refused(scope: cdk.Stack, construct: type[Any], options: dict[str, Any]) -> None:
    with contextlib.suppress(InvalidOptions):
        construct(scope, f"Any{len(scope.node.children)}", **options)


def test_a_topic_of_another_region_hears_of_no_shift(scope, make_stack):
    topic = AlarmTopic(make_stack(region="eu-central-1", name="Far", app=scope.node.root), "Alarms")

    with pytest.raises(InvalidOptions) as caught:
        AutoshiftObserver(scope, "Observer", alarms=topic)

    assert [problem.got for problem in caught.value.problems] == ["Far/Alarms in eu-central-1"]
