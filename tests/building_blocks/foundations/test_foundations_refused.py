"""What foundations refuse, word for word; and that nothing else than our words ever comes out."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_autoscaling as autoscaling
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from hypothesis import given, settings
from hypothesis import strategies as st

from cdk_standby._checks import InvalidOptions
from cdk_standby.alarm_topic import AlarmTopic
from cdk_standby.foundations.emr_cluster import EmrCluster
from cdk_standby.foundations.emr_serverless_application import EmrServerlessApplication
from cdk_standby.foundations.site_to_site_vpn import CustomerGateway, SiteToSiteVpn
from cdk_standby.foundations.subnet_groups import SubnetGroups
from cdk_standby.foundations.zonal_autoshift import AutoshiftObserver, ZonalAutoshift

PAGES = "https://docs.aws.amazon.com/"
BALANCER = "arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/app/shop/0123456789abcdef"
NORTH = CustomerGateway(name="North", ip_address="8.8.8.8")
SOUTH = CustomerGateway(name="South", ip_address="9.9.9.9")
EMR_HA = PAGES + "emr/latest/ManagementGuide/emr-plan-ha"


@pytest.fixture(scope="module")
def scope(make_stack: Callable[..., cdk.Stack]) -> cdk.Stack:
    """For calls that are refused before anything is rendered."""
    return make_stack()


@pytest.fixture(scope="module")
def usual(scope: cdk.Stack, network: Callable[..., ec2.IVpc]) -> dict[type[Any], dict[str, Any]]:
    """Options with which each construct can be built."""
    vpc = network(scope)
    key = kms.Key.from_key_arn(scope, "Key", "arn:aws:kms:eu-west-1:111111111111:key/1")
    alarm = cloudwatch.Alarm.from_alarm_arn(scope, "Up", "arn:aws:cloudwatch:eu-west-1:111111111111:alarm:up")
    data = s3.Bucket.from_bucket_name(scope, "Data", "shop-data")
    emr = {"vpc": vpc, "data": data, "release": "emr-7.10.0"}
    return {
        SubnetGroups: {"vpc": vpc},
        ZonalAutoshift: {"resource": BALANCER, "outcome_alarm": alarm},
        SiteToSiteVpn: {"vpc": vpc, "key": key, "devices": [NORTH, SOUTH]},
        EmrCluster: {**emr, "key": key, "log_bucket": data, "certificates": "s3://shop-data/tls.zip"},
        EmrServerlessApplication: emr,
    }


@pytest.fixture
def refused(scope: cdk.Stack, usual: dict[type[Any], dict[str, Any]]) -> Callable[..., list[str]]:
    """What is said about a call; each under an id of its own, shown as "Test/It"."""

    def ask(construct: type[Any], **options: Any) -> list[str]:
        name = f"It{len(scope.node.children)}"
        with pytest.raises(InvalidOptions) as caught:
            construct(scope, name, **{**usual[construct], **options})
        return str(caught.value).replace(name, "It").split("\n")

    return ask


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


@pytest.mark.capability("NET-09")
def test_a_cluster_without_high_availability_is_refused_and_all_is_told(refused, network, scope):
    said = refused(EmrCluster, vpc=network(scope, "a"), release="emr-6.10.0", core_nodes=2, certificates=None)

    assert said == [
        "Test/It: 'vpc' is 'Test/Vpc-a'; allowed: subnets in two Availability Zones or more, because instance fleets "
        "take several subnets, and EMR, or a relaunch, picks the zone: of one there is no other "
        f"({PAGES}emr/latest/ManagementGuide/emr-instance-fleet.html)",
        "Test/It: 'release' is 'emr-6.10.0'; allowed: a release such as 'emr-7.10.0', with three primary nodes in "
        "fleets, because instance fleets have three primary nodes from releases 5.36.1, 6.8.1, 6.9.1, 6.10.1, 6.11.1 "
        f"and 6.12.0 on ({EMR_HA}.html)",
        "Test/It: 'core_nodes' is 2; allowed: 4 or more, or 1 to 3 with 'few_core_nodes_because', because with fewer "
        "than four core nodes HDFS keeps each block once, and the loss of a node loses data "
        f"({EMR_HA}-considerations.html)",
        "Test/It: 'certificates' is not given; allowed: a zip file such as 's3://bucket/certificates.zip', or "
        "'plaintext_because' instead, because nodes take their certificates from a zip file in S3 "
        f"({PAGES}emr/latest/ManagementGuide/emr-encryption-enable.html)",
    ]


@pytest.mark.capability("NET-09")
@pytest.mark.parametrize("release", ["emr-5.36.0", "emr-6.7.0", "emr-6.8.0", "emr-6.11.0", "5.36.1", "emr-latest"])
def test_releases_without_three_primaries_in_fleets_are_refused(refused, release):
    (said,) = refused(EmrCluster, release=release)

    assert said.startswith(f"Test/It: 'release' is '{release}'; allowed: a release such as 'emr-7.10.0', with three")


@pytest.mark.parametrize(
    ("options", "option"),
    [
        ({"primary_types": []}, "primary_types"),
        ({"core_types": ["m7g.xlarge", "m7g.xlarge"]}, "core_types"),
        ({"core_types": ["large"]}, "core_types"),
        ({"spot_task_nodes": -1}, "spot_task_nodes"),
        ({"configurations": {"hdfs-site": {"dfs.replication": "1"}}}, "configurations"),
        ({"name": "a|b"}, "name"),
        ({"few_core_nodes_because": "no reason"}, "core_nodes"),
        ({"certificates": "https://shop/tls.zip"}, "certificates"),
        ({"plaintext_because": "both"}, "certificates"),
    ],
)
def test_a_cluster_that_cannot_be_is_refused(refused, options, option):
    (said,) = refused(EmrCluster, **options)

    assert said.startswith(f"Test/It: '{option}' is ")


@pytest.mark.parametrize(
    ("options", "option"),
    [({"engine": "PRESTO"}, "engine"), ({"architecture": "RISCV"}, "architecture"), ({"most_vcpus": 0}, "most_vcpus"),
     ({"release": "emr-5.36.1"}, "release"), ({"name": "a b"}, "name"), ({"idle": cdk.Duration.seconds(90)}, "idle")],
)  # fmt: skip
def test_an_application_that_cannot_be_is_refused(refused, options, option):
    (said,) = refused(EmrServerlessApplication, **options)

    assert said.startswith(f"Test/It: '{option}' is ")


def test_an_application_in_one_zone_is_refused(refused, network, scope):
    assert [line.partition(";")[0] for line in refused(EmrServerlessApplication, vpc=network(scope, "a"))] == [
        "Test/It: 'vpc' is 'Test/Vpc-a'"
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


@settings(max_examples=15)
@given(release=TEXT, nodes=st.integers(-5, 3), types=st.lists(TEXT, max_size=2), name=st.none() | TEXT)
def test_any_cluster_that_is_wrong_is_refused_in_our_words(scope, usual, release, nodes, types, name):
    asked = {"release": release, "core_nodes": nodes, "core_types": types, "name": name}

    _built_or_refused(scope, EmrCluster, {**usual[EmrCluster], **asked})


def _built_or_refused(scope: cdk.Stack, construct: type[Any], options: dict[str, Any]) -> None:
    with contextlib.suppress(InvalidOptions):
        construct(scope, f"Any{len(scope.node.children)}", **options)


def test_a_topic_of_another_region_hears_of_no_shift(scope, make_stack):
    topic = AlarmTopic(make_stack(region="eu-central-1", name="Far", app=scope.node.root), "Alarms")

    with pytest.raises(InvalidOptions) as caught:
        AutoshiftObserver(scope, "Observer", alarms=topic)

    assert [problem.got for problem in caught.value.problems] == ["Far/Alarms in eu-central-1"]
