"""Subnet groups, zonal autoshift and VPN: what is in the template, and what validators say."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from aws_cdk import aws_autoscaling as autoscaling
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elb

from cdk_standby.foundations.zonal_autoshift import ZonalAutoshift
from cdk_standby_review.facts.multi_az import SUBNET_GROUPS

GROUPS = {
    "rds": "AWS::RDS::DBSubnetGroup",
    "elasticache": "AWS::ElastiCache::SubnetGroup",
    "memorydb": "AWS::MemoryDB::SubnetGroup",
    "dax": "AWS::DAX::SubnetGroup",
    "documentdb": "AWS::DocDB::DBSubnetGroup",
    "neptune": "AWS::Neptune::DBSubnetGroup",
    "redshift": "AWS::Redshift::ClusterSubnetGroup",
    "dms": "AWS::DMS::ReplicationSubnetGroup",
}
NAMES = [
    "GroupsrdsSubnets4B52FD0D",
    "GroupselasticacheSubnetsC2BF50F8",
    "GroupsmemorydbSubnets163C3887",
    "GroupsdaxSubnets54D77B8D",
    "GroupsdocumentdbSubnets94EDEB9D",
    "GroupsneptuneSubnetsA1756828",
    "GroupsredshiftSubnetsAD1B0A24",
    "GroupsdmsSubnets0FCA5213",
]
BALANCER = "arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/app/shop/0123456789abcdef"
CLUSTER = "arn:aws:eks:eu-west-1:111111111111:cluster/shop"


@pytest.fixture
def of_type(world: SimpleNamespace) -> Callable[[str], dict[str, Any]]:
    """The whole resources of a type, by logical id."""
    return lambda kind: {n: r for n, r in world.template["Resources"].items() if r["Type"] == kind}


@pytest.mark.capability("NET-03")
@pytest.mark.capability("NET-05")
@pytest.mark.capability("NET-08")
@pytest.mark.parametrize("service", GROUPS)
def test_every_service_has_its_group_over_three_zones_which_stays(service, of_type):
    groups = [group for name, group in of_type(GROUPS[service]).items() if name.startswith(f"Groups{service}")]

    assert set(GROUPS) == set(SUBNET_GROUPS)
    assert [group["Properties"]["SubnetIds"] for group in groups] == [
        ["subnet-0aaaaaaaaaaaaaaaa", "subnet-0aaaaaaaaaaaaaaab", "subnet-0aaaaaaaaaaaaaaac"]
    ]
    assert [(group["DeletionPolicy"], group["UpdateReplacePolicy"]) for group in groups] == [("Retain", "Retain")]


def test_logical_ids_of_groups_never_change(of_type):
    names = [name for kind in GROUPS.values() for name in of_type(kind) if name.startswith("Groups")]

    assert names == NAMES


def test_a_group_is_made_when_it_is_asked_for_and_once(world):
    first, again = world.asked

    assert world.before == []
    assert [child.node.id for child in world.doubled.node.children] == ["rds"]
    assert first is again


@pytest.mark.capability("NET-04")
def test_a_group_takes_two_subnets_of_a_zone_and_a_load_balancer_gets_one(world):
    group, _ = world.asked

    assert group.subnet_ids == [
        "subnet-0aaaaaaaaaaaaaaaa", "subnet-0aaaaaaaaaaaaaaab", "subnet-0aaaaaaaaaaaaaaac", "subnet-0cccccccccccccccb",
    ]  # fmt: skip
    assert world.doubled.load_balancer() == (
        "subnet-0aaaaaaaaaaaaaaaa", "subnet-0aaaaaaaaaaaaaaab", "subnet-0aaaaaaaaaaaaaaac",
    )  # fmt: skip


def test_a_lab_may_lose_its_groups_and_have_two_zones(world, of_type):
    policies = {name: r["DeletionPolicy"] for name, r in of_type(GROUPS["redshift"]).items() if name.startswith("Lab")}

    assert len(world.lab.subnet_ids) == 2
    assert list(policies.values()) == ["Delete"]
    assert world.template["Metadata"]["cdk-standby:weakened"]["Test/LabGroups"] == {
        "few_zones": "a lab",
        "deletable": "a lab",
    }


@pytest.mark.capability("NET-07")
@pytest.mark.parametrize(("zones", "standby"), [(3, True), (3, False), (2, False)])
def test_a_domain_gets_as_many_subnets_as_zones(world, zones, standby):
    place = world.groups.opensearch(zones=zones, standby=standby)

    assert len(place.subnets) == len(set(place.subnets)) == place.zones == zones
    assert place.standby == standby
    assert world.stack.resolve(place.zone_awareness) == {"availabilityZoneCount": zones}


def test_file_systems_workgroups_and_fleets_get_subnets_of_different_zones(world):
    groups = world.groups

    preferred, standby = groups.fsx()

    assert preferred != standby
    assert len(set(groups.redshift_serverless())) == 3
    assert len(set(groups.emr())) == 3


@pytest.mark.capability("NET-17")
def test_a_cluster_is_shifted_with_practice_runs_that_an_alarm_ends(world, of_type):
    alarm = {"AlarmIdentifier": "arn:aws:cloudwatch:eu-west-1:111111111111:alarm:suffering", "Type": "CLOUDWATCH"}

    (shift,) = of_type("AWS::ARCZonalShift::ZonalAutoshiftConfiguration").values()

    assert shift["Properties"] == {
        "ResourceIdentifier": CLUSTER,
        "ZonalAutoshiftStatus": "ENABLED",
        "PracticeRunConfiguration": {
            "OutcomeAlarms": [alarm],
            "BlockingAlarms": [alarm],
            "BlockedWindows": ["Mon:08:00-Mon:18:00"],
            "BlockedDates": ["2026-12-24"],
        },
    }


@pytest.mark.capability("NET-17")
def test_the_observer_tells_of_every_shift_of_the_region(of_type):
    (status,) = of_type("AWS::ARCZonalShift::AutoshiftObserverNotificationStatus").values()
    (rule,) = [r for n, r in of_type("AWS::Events::Rule").items() if n.startswith("Observer")]

    assert status["Properties"] == {"Status": "ENABLED"}
    assert rule["Properties"]["EventPattern"] == {"source": ["aws.arc-zonal-shift"]}
    assert [list(target) for target in rule["Properties"]["Targets"]] == [["Arn", "Id"]]


@pytest.mark.capability("NET-17")
def test_what_is_shifted_is_told_that_it_may_be(make_stack, network):
    stack = make_stack()
    vpc, inside = network(stack), ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS)
    alb = elb.ApplicationLoadBalancer(stack, "Alb", vpc=vpc, vpc_subnets=inside)
    nlb = elb.NetworkLoadBalancer(stack, "Nlb", vpc=vpc, vpc_subnets=inside)
    image = ec2.MachineImage.generic_linux({"eu-west-1": "ami-0123456789abcdef0"})
    size = ec2.InstanceType("t4g.small")
    group = autoscaling.AutoScalingGroup(stack, "Group", vpc=vpc, instance_type=size, machine_image=image)
    alarm = cloudwatch.Alarm.from_alarm_arn(stack, "Up", "arn:aws:cloudwatch:eu-west-1:111111111111:alarm:up")

    shifts = [ZonalAutoshift(stack, f"Of{r.node.id}", resource=r, outcome_alarm=alarm) for r in (alb, nlb, group)]

    for balancer in (alb, nlb):
        attributes = stack.resolve(balancer.node.default_child.load_balancer_attributes)
        assert {"key": "zonal_shift.config.enabled", "value": "true"} in attributes
    assert stack.resolve(group.node.default_child.availability_zone_impairment_policy) == {
        "impairedZoneHealthCheckBehavior": "IgnoreUnhealthy",
        "zonalShiftEnabled": True,
    }
    identifiers = [stack.resolve(shift.configuration.resource_identifier) for shift in shifts]
    assert [name in str(of) for name, of in zip(("Alb", "Nlb"), identifiers[:2], strict=True)] == [True] * 2
    assert identifiers[2] == {"Fn::GetAtt": ["GroupASG3C6DFE3B", "AutoScalingGroupARN"]}


def test_a_balancer_that_was_imported_is_shifted_as_it_is(make_stack):
    stack = make_stack()
    balancer = elb.ApplicationLoadBalancer.from_application_load_balancer_attributes(
        stack, "Alb", security_group_id="sg-1", load_balancer_arn=BALANCER
    )
    alarm = cloudwatch.Alarm.from_alarm_arn(stack, "Up", "arn:aws:cloudwatch:eu-west-1:111111111111:alarm:up")

    shift = ZonalAutoshift(stack, "Shift", resource=balancer, outcome_alarm=alarm)

    assert stack.resolve(shift.configuration.resource_identifier) == BALANCER


@pytest.mark.capability("NET-16")
def test_two_devices_have_a_connection_each_of_two_tunnels(of_type):
    connections = {n: r["Properties"] for n, r in of_type("AWS::EC2::VPNConnection").items() if n.startswith("Vpn")}
    devices = {n: r["Properties"] for n, r in of_type("AWS::EC2::CustomerGateway").items() if n.startswith("Vpn")}

    assert [(d["IpAddress"], d.get("BgpAsn"), d.get("BgpAsnExtended")) for d in devices.values()] == [
        ("8.8.8.8", 65000, None),
        ("9.9.9.9", None, 4200000000),
    ]
    assert [c["CustomerGatewayId"]["Ref"] for c in connections.values()] == list(devices)
    for connection in connections.values():
        tunnels = connection["VpnTunnelOptionsSpecifications"]
        logged = [tunnel["LogOptions"]["CloudwatchLogOptions"] for tunnel in tunnels]
        assert (connection["StaticRoutesOnly"], connection["PreSharedKeyStorage"]) == (False, "SecretsManager")
        assert [tunnel["IKEVersions"] for tunnel in tunnels] == [[{"Value": "ikev2"}]] * 2
        assert [(log["LogEnabled"], log["BgpLogEnabled"]) for log in logged] == [(True, True)] * 2


def test_both_tunnels_of_every_connection_are_watched(of_type):
    alarms = {n: r["Properties"] for n, r in of_type("AWS::CloudWatch::Alarm").items() if n.startswith("Vpn")}

    watched = {name: (a["MetricName"], a["Statistic"], a["ComparisonOperator"]) for name, a in alarms.items()}

    assert set(watched.values()) == {("TunnelState", "Minimum", "LessThanThreshold")}
    assert [(a["Threshold"], a["TreatMissingData"], len(a["AlarmActions"])) for a in alarms.values()] == [
        (1, "breaching", 1)
    ] * 2


def test_all_inner_route_tables_learn_the_routes_of_the_other_side(of_type):
    (routes,) = [r for n, r in of_type("AWS::EC2::VPNGatewayRoutePropagation").items() if n.startswith("Vpn")]

    assert sorted(routes["Properties"]["RouteTableIds"]) == [
        *(f"rtb-0aaaaaaaaaaaaaaa{zone}" for zone in "abc"),
        *(f"rtb-0bbbbbbbbbbbbbbb{zone}" for zone in "abc"),
    ]
    assert [of_type("AWS::EC2::VPCGatewayAttachment")[name]["Type"] for name in routes["DependsOn"]] == [
        "AWS::EC2::VPCGatewayAttachment"
    ]


def test_a_device_without_bgp_is_told_the_networks(of_type):
    routes = [route["Properties"]["DestinationCidrBlock"] for route in of_type("AWS::EC2::VPNConnectionRoute").values()]

    assert routes == ["10.20.0.0/16", "10.30.0.0/16"]


def test_validators_find_nothing(world, findings, lint):
    assert findings(world.app) == []
    assert lint(world.template) == []
