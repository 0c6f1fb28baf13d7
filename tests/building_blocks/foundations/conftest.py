"""One stack with everything of this family: what is in it is read by many tests, and judged by validators once."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from cdk_standby._checks import InvalidOptions
from cdk_standby.alarm_topic import AlarmTopic
from cdk_standby.foundations.emr_cluster import EmrCluster
from cdk_standby.foundations.emr_serverless_application import EmrServerlessApplication
from cdk_standby.foundations.site_to_site_vpn import CustomerGateway, SiteToSiteVpn
from cdk_standby.foundations.subnet_groups import SubnetGroups
from cdk_standby.foundations.zonal_autoshift import AutoshiftObserver, ZonalAutoshift
from cdk_standby.keys import DataKey
from cdk_standby.relational._parts import NIST, accept
from cdk_standby_review.facts.multi_az import SUBNET_GROUPS

NORTH = CustomerGateway(name="North", ip_address="8.8.8.8")
SOUTH = CustomerGateway(name="South", ip_address="9.9.9.9", asn=4200000000)
BALANCER = "arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/app/shop/0123456789abcdef"
ALARM = "arn:aws:cloudwatch:eu-west-1:111111111111:alarm:suffering"


def network(stack: cdk.Stack, zones: str = "abc") -> ec2.IVpc:
    """A network of somebody else, made once."""
    there: Any = stack.node.try_find_child(f"Vpc-{zones}")
    return there or ec2.Vpc.from_vpc_attributes(
        stack,
        f"Vpc-{zones}",
        vpc_id="vpc-0123456789abcdef0",
        availability_zones=[f"{stack.region}{zone}" for zone in zones],
        isolated_subnet_ids=[f"subnet-0aaaaaaaaaaaaaaa{zone}" for zone in zones],
        isolated_subnet_route_table_ids=[f"rtb-0aaaaaaaaaaaaaaa{zone}" for zone in zones],
        private_subnet_ids=[f"subnet-0bbbbbbbbbbbbbbb{zone}" for zone in zones],
        private_subnet_route_table_ids=[f"rtb-0bbbbbbbbbbbbbbb{zone}" for zone in zones],
        region=stack.region,
    )


@pytest.fixture(scope="session", name="network")
def network_of() -> Callable[..., ec2.IVpc]:
    """`network(stack, "abc")`: a VPC of somebody else with private and isolated subnets in these zones."""
    return network


@pytest.fixture(scope="session")
def world(make_stack: Callable[..., cdk.Stack], template: Callable[..., Any]) -> SimpleNamespace:
    """Everything in one stack."""
    stack = make_stack()
    key = DataKey(stack, "Key").key
    topic = AlarmTopic(stack, "Alarms", key=key)
    groups = _groups(stack)
    _ways(stack, key, topic)
    _emr(stack, key, topic)
    return SimpleNamespace(app=stack.node.root, stack=stack, template=template(stack), **groups)


def _groups(stack: cdk.Stack) -> dict[str, Any]:
    vpc = network(stack)
    groups = SubnetGroups(stack, "Groups", vpc=vpc, services=list(SUBNET_GROUPS))
    second = ec2.Subnet.from_subnet_attributes(
        stack,
        "Second",
        subnet_id="subnet-0cccccccccccccccb",
        availability_zone="eu-west-1b",
        route_table_id="rtb-0aaaaaaaaaaaaaaab",
    )
    crowded = ec2.SubnetSelection(subnets=[*vpc.isolated_subnets, second])
    doubled = SubnetGroups(stack, "Doubled", vpc=vpc, subnets=crowded)
    before = [child.node.id for child in doubled.node.children]
    few = {"deletable_because": "a lab", "few_zones_because": "a lab"}
    lab = SubnetGroups(stack, "LabGroups", vpc=network(stack, "ab"), **few)
    return {
        "groups": groups,
        "before": before,
        "asked": (doubled.rds, doubled.rds),
        "doubled": doubled,
        "lab": lab.redshift,
    }


def _ways(stack: cdk.Stack, key: Any, topic: AlarmTopic) -> None:
    alarm = cloudwatch.Alarm.from_alarm_arn(stack, "Suffering", ALARM)
    ZonalAutoshift(
        stack,
        "Shift",
        resource="arn:aws:eks:eu-west-1:111111111111:cluster/shop",
        outcome_alarm=alarm,
        blocking_alarm=alarm,
        blocked_windows=["Mon:08:00-Mon:18:00"],
        blocked_dates=["2026-12-24"],
    )
    AutoshiftObserver(stack, "Observer", alarms=topic)
    SiteToSiteVpn(stack, "Vpn", vpc=network(stack), key=key, alarms=topic, devices=[NORTH, SOUTH])
    SiteToSiteVpn(
        stack,
        "Branch",
        vpc=network(stack, "bc"),
        key=key,
        devices=[CustomerGateway(name="Only", ip_address="1.1.1.1")],
        one_device_because="a branch office",
        static_routes=["10.20.0.0/16", "10.30.0.0/16"],
    )


def _emr(stack: cdk.Stack, key: Any, topic: AlarmTopic) -> None:
    vpc, data = network(stack), s3.Bucket.from_bucket_name(stack, "Data", "shop-data")
    common: dict[str, Any] = {"vpc": vpc, "key": key, "data": data, "log_bucket": data, "release": "emr-7.10.0"}
    cluster = EmrCluster(stack, "Nightly", **common, certificates="s3://shop-data/certificates.zip", alarms=topic)
    EmrCluster(
        stack,
        "Lab",
        **common,
        name="lab",
        core_nodes=1,
        few_core_nodes_because="a lab",
        spot_task_nodes=5,
        plaintext_because="a lab",
        unprotected_because="a lab",
        manual_relaunch_because="a lab",
        configurations={"spark-defaults": {"spark.executor.memory": "4g"}},
    )
    jobs = EmrServerlessApplication(stack, "Jobs", vpc=vpc, data=data, release="emr-7.10.0", alarms=topic)
    starter = iam.Role(stack, "Starter", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    jobs.grant_start(starter)
    wild = f"AwsSolutions::AwsSolutions-IAM5[Resource::<{stack.get_logical_id(jobs.application)}.Arn>/jobruns/*]"
    accept(starter, "jobs get their ids when they run", wild, NIST + "IAMNoInlinePolicy")
    cluster.connections.allow_from(jobs.connections, ec2.Port.tcp(10000))


@pytest.fixture
def found(world: SimpleNamespace) -> Callable[..., dict[str, Any]]:
    """`found("AWS::EMR::Cluster", "Nightly")`: the properties of a type's resources whose ids begin so, by id."""
    return lambda kind, start="": {
        name: resource.get("Properties", {})
        for name, resource in world.template["Resources"].items()
        if resource["Type"] == kind and name.startswith(start)
    }


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
