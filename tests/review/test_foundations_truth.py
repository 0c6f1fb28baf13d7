"""EMR and VPN as AWS documents their fate, and who may reach data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cdk_standby_review.faults import unknown_types
from cdk_standby_review.graph import Graph
from cdk_standby_review.rules.foundations import RULES

A = "eu-west-1a"
SURVIVES, ITSELF, RUNBOOK, LOST, UNKNOWN = (
    "survives", "recovers by itself", "recovers by runbook", "lost", "unknown",
)  # fmt: skip
_HA = "https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-plan-ha-considerations.html"
_SERVERLESS = "https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/jobs-resiliency.html"
_VPN = "https://docs.aws.amazon.com/vpn/latest/s2svpn/VPNTunnels.html"
Build = Callable[[Any], dict[str, Any]]


def emr(m: Any, zones: str = "abc", primaries: Any = 3, **where: Any) -> dict[str, Any]:
    instances = {"MasterInstanceFleet": {"TargetOnDemandCapacity": primaries}}
    return {"It": m.resource("AWS::EMR::Cluster", Instances={"Ec2SubnetIds": m.subnets(zones), **instances, **where})}


def serverless(m: Any, zones: str = "abc") -> dict[str, Any]:
    return {"It": m.resource("AWS::EMRServerless::Application", NetworkConfiguration={"SubnetIds": m.subnets(zones)})}


def vpn(m: Any) -> dict[str, Any]:
    return {"It": m.resource("AWS::EC2::VPNConnection", Type="ipsec.1")}


# (what, what stands there, fault, place, fate, where AWS says so)
TRUTH: list[tuple[str, Build, str, str, str, str]] = [
    ("a cluster of three primaries, one lost", emr, "instance", "", ITSELF, _HA),
    ("a cluster of one primary, which is lost", lambda m: emr(m, primaries=1), "instance", "", LOST, _HA),
    ("a cluster with an unknown number of primaries", lambda m: emr(m, primaries={"Ref": "P"}), "instance", "",
     UNKNOWN, _HA),
    ("a cluster that may be launched in another zone, its zone lost", emr, "zone", A, RUNBOOK, _HA),
    ("a cluster with subnets of one zone, that zone lost", lambda m: emr(m, "a"), "zone", A, LOST, _HA),
    ("an application over three zones, one lost", serverless, "zone", A, SURVIVES, _SERVERLESS),
    ("an application in one zone, that zone lost", lambda m: serverless(m, "a"), "zone", A, LOST, _SERVERLESS),
    ("a worker of an application is lost", serverless, "instance", "", SURVIVES, _SERVERLESS),
    ("a VPN connection, one zone of AWS lost", vpn, "zone", A, SURVIVES, _VPN),
    ("a VPN connection, its Region lost", vpn, "region", "eu-west-1", LOST, _VPN),
]  # fmt: skip


@pytest.mark.capability("NET-09")
@pytest.mark.parametrize(("what", "build", "fault", "place", "fate", "source"), TRUTH, ids=[t[0] for t in TRUTH])
def test_the_review_judges_as_aws_documents(what, build, fault, place, fate, source, make, fates):
    found = fates(make.template(make.network() | build(make)))

    assert found[fault, place, "It"] == fate


def test_a_cluster_of_other_zones_does_not_feel_the_loss_of_one(make, fates):
    found = fates(make.template(make.network() | emr(make, "bc")))

    assert ("zone", A, "It") not in found


def test_everything_that_foundations_render_is_known(make):
    kinds = [
        "AWS::ARCZonalShift::AutoshiftObserverNotificationStatus", "AWS::DMS::ReplicationSubnetGroup",
        "AWS::DocDB::DBSubnetGroup", "AWS::EC2::CustomerGateway", "AWS::EC2::VPNConnectionRoute",
        "AWS::EC2::VPNGateway", "AWS::EC2::VPNGatewayRoutePropagation", "AWS::EMR::SecurityConfiguration",
        "AWS::Neptune::DBSubnetGroup", "AWS::Redshift::ClusterSubnetGroup",
    ]  # fmt: skip

    graph = Graph([make.template({f"R{n}": make.resource(kind) for n, kind in enumerate(kinds)})])

    assert list(unknown_types(graph)) == []


@pytest.mark.capability("NET-18")
@pytest.mark.parametrize(
    ("opened", "said"),
    [
        ({"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "CidrIp": "0.0.0.0/0"}, "port 5432 (PostgreSQL)"),
        (
            {"IpProtocol": "tcp", "FromPort": "6379", "ToPort": "6379", "CidrIpv6": "::/0"},
            "port 6379 (Valkey and Redis)",
        ),
        ({"IpProtocol": "tcp", "FromPort": 0, "ToPort": 65535, "CidrIp": "0.0.0.0/0"}, "every port"),
        ({"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}, "every port"),
    ],
)
def test_a_data_port_that_is_open_to_everybody_is_found(opened, said, make):
    inline = {"Group": make.resource("AWS::EC2::SecurityGroup", SecurityGroupIngress=[opened])}
    apart = {"Rule": make.resource("AWS::EC2::SecurityGroupIngress", GroupId="sg-1", **opened)}

    found = RULES[0].check(Graph([make.template(inline | apart)]))

    assert [(f.resource.logical_id, f.message) for f in found if f.resource] == [
        (name, f"{said} is open to everybody: whoever finds the address can try passwords")
        for name in ("Group", "Rule")
    ]


@pytest.mark.capability("NET-18")
@pytest.mark.parametrize(
    "opened",
    [
        {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "0.0.0.0/0"},
        {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "CidrIp": "10.0.0.0/8"},
        {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "SourceSecurityGroupId": "sg-2"},
        {"IpProtocol": "tcp", "FromPort": {"Ref": "Port"}, "ToPort": 5432, "CidrIp": "0.0.0.0/0"},
    ],
)
def test_a_way_in_for_users_or_for_peers_is_no_finding(opened, make):
    group = {"Group": make.resource("AWS::EC2::SecurityGroup", SecurityGroupIngress=[opened])}

    assert RULES[0].check(Graph([make.template(group)])) == []
