"""Who may reach whom: security groups at both ends, addresses, and routes between VPCs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cdk_standby_review.graph import Graph
from cdk_standby_review.reach import reaches

Change = Callable[[dict[str, Any]], object]
UNKNOWN_ID = {"Ref": "AWS::NotificationARNs"}


def group(**properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::EC2::SecurityGroup", "Properties": {"VpcId": {"Ref": "Vpc"}, **properties}}


def opened(port: Any = 5432, **source: Any) -> dict[str, Any]:
    return {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, **source}


def got(logical_id: str) -> dict[str, Any]:
    return {"Fn::GetAtt": [logical_id, "GroupId"]}


def app(make: Any) -> dict[str, Any]:
    """A service whose security group the database lets in."""
    found = make.network("a") | {"Vpc": make.resource("AWS::EC2::VPC", CidrBlock="10.0.0.0/16")}
    found["SubnetA"]["Properties"] |= {"VpcId": {"Ref": "Vpc"}, "CidrBlock": "10.0.0.0/24"}
    launch = {"SecurityGroupIds": [got("Back")]}
    return found | {
        "Back": group(),
        "Data": group(SecurityGroupIngress=[opened(SourceSecurityGroupId=got("Back"))]),
        "Launch": make.resource("AWS::EC2::LaunchTemplate", LaunchTemplateData=launch),
        "Service": make.resource(
            "AWS::AutoScaling::AutoScalingGroup", LaunchTemplate={"LaunchTemplateId": {"Ref": "Launch"}},
            VPCZoneIdentifier=make.subnets("a"),
        ),
        "Groups": make.resource("AWS::RDS::DBSubnetGroup", SubnetIds=make.subnets("a")),
        "Db": make.resource(
            "AWS::RDS::DBCluster", Engine="aurora-postgresql", VpcSecurityGroupIds=[got("Data")],
            DBSubnetGroupName={"Ref": "Groups"},
        ),
        "Writer": make.resource("AWS::RDS::DBInstance", DBClusterIdentifier={"Ref": "Db"}),
        "Table": make.resource("AWS::DynamoDB::Table"),
    }  # fmt: skip


def put(logical_id: str, **properties: Any) -> Change:
    return lambda found: found[logical_id]["Properties"].update(properties)


def lets_in(*rules: dict[str, Any]) -> Change:
    return put("Data", SecurityGroupIngress=[*rules])


def beside(**rule: Any) -> Change:
    """A rule that stands beside its group, as the CDK writes it."""

    def change(found: dict[str, Any]) -> None:
        found["Data"]["Properties"].pop("SecurityGroupIngress")
        properties = {"GroupId": got("Data"), **rule}
        found["Rule"] = {"Type": "AWS::EC2::SecurityGroupIngress", "Properties": properties}

    return change


def elsewhere(*routes: dict[str, Any]) -> Change:
    """The database in a VPC of its own, and routes of the service's subnets."""

    def change(found: dict[str, Any]) -> None:
        found["Other"] = {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.9.0.0/16"}}
        found["SubnetO"] = {"Type": "AWS::EC2::Subnet", "Properties": {"VpcId": {"Ref": "Other"}}}
        found["Groups"]["Properties"]["SubnetIds"] = [{"Ref": "SubnetO"}]
        for number, route in enumerate(routes):
            properties = {"RouteTableId": {"Ref": "TableA"}, **route}
            found[f"Route{number}"] = {"Type": "AWS::EC2::Route", "Properties": properties}

    return change


# (what, what is changed, the answer, why)
CASES: list[tuple[str, Change, str, str]] = [
    ("a security group that is let in", lambda _: None, "yes", "{}Data lets its security group in"),
    ("by a rule beside the group", beside(**opened(SourceSecurityGroupId=got("Back"))), "yes",
     "{}Data lets its security group in"),
    ("a rule for another port", lets_in(opened(6379, SourceSecurityGroupId=got("Back"))), "no",
     "{}Data does not let it in"),
    ("a port that the template names", put("Db", Port=6379), "no", "{}Data does not let it in"),
    ("every port", lets_in({"IpProtocol": "-1", "SourceSecurityGroupId": got("Back")}), "yes",
     "{}Data lets its security group in"),
    ("another security group", lets_in(opened(SourceSecurityGroupId=got("Data"))), "no", "{}Data does not let it in"),
    ("nobody", lets_in(), "no", "{}Data does not let it in"),
    ("a security group from outside", lets_in(opened(SourceSecurityGroupId="sg-0123")), "unknown",
     "{}Data lets in who is not in the templates"),
    ("the addresses of the VPC", lets_in(opened(CidrIp="10.0.0.0/16")), "yes", "{}Data lets its addresses in"),
    ("everybody", lets_in(opened(CidrIp="0.0.0.0/0")), "yes", "{}Data lets its addresses in"),
    ("other addresses", lets_in(opened(CidrIp="192.168.0.0/16")), "no", "{}Data does not let it in"),
    ("a part of its addresses", lets_in(opened(CidrIp="10.0.0.0/26")), "unknown",
     "{}Data lets in addresses that are not known to be those of {}Service"),
    ("a list of addresses", lets_in(opened(SourcePrefixListId="pl-0123")), "unknown",
     "{}Data lets in addresses that are not known to be those of {}Service"),
    ("a subnet whose addresses are chosen later",
     lambda found: (lets_in(opened(CidrIp="10.0.0.0/16"))(found), put("SubnetA", CidrBlock=UNKNOWN_ID)(found)),
     "unknown", "{}Data lets in addresses that are not known to be those of {}Service"),
    ("a service that is let out to nobody",
     put("Back", SecurityGroupEgress=[{"IpProtocol": "icmp", "CidrIp": "255.255.255.255/32"}]), "no",
     "{}Back does not let it out"),
    ("a service that is let out to the database",
     put("Back", SecurityGroupEgress=[opened(DestinationSecurityGroupId=got("Data"))]), "yes",
     "{}Data lets its security group in"),
    ("a service that is let out to some addresses", put("Back", SecurityGroupEgress=[opened(CidrIp="10.0.0.0/16")]),
     "unknown", "{}Back lets out to addresses that are not known"),
    ("a service whose groups come from outside", put("Launch", LaunchTemplateData={"SecurityGroupIds": ["sg-1"]}),
     "unknown", "the security groups of {}Service are not in the templates"),
    ("a database whose groups come from outside", put("Db", VpcSecurityGroupIds=UNKNOWN_ID), "unknown",
     "the security groups of {}Db are not in the templates"),
    ("another VPC without a route", elsewhere(), "no",
     "they are in different VPCs, and no route leads from the one to the other"),
    ("another VPC with a route to the internet only",
     elsewhere({"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "i"}), "no",
     "they are in different VPCs, and no route leads from the one to the other"),
    ("another VPC behind a transit gateway",
     elsewhere({"DestinationCidrBlock": "10.0.0.0/8", "TransitGatewayId": "tgw-1"}), "unknown",
     "a route leads towards the other VPC; what lies between is not looked at"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "answer", "because"), [row[1:] for row in CASES], ids=[row[0] for row in CASES])
def test_a_service_reaches_its_database_as_far_as_groups_and_routes_let_it(make, change, answer, because):
    resources = app(make)
    change(resources)
    graph = Graph([make.template(resources)])
    found = {r.logical_id: r for r in graph}

    said = reaches(graph, found["Service"], found["Db"])

    assert (str(said.reach), said.because) == (answer, because.replace("{}", "stack-eu-west-1/"))


@pytest.mark.parametrize(("source", "target", "answer"), [
    ("Service", "Writer", "yes"), ("Db", "Service", "no"), ("Service", "Table", "unknown")
])  # fmt: skip
def test_a_member_is_reached_as_its_cluster_and_a_service_of_aws_by_no_network_of_ours(make, source, target, answer):
    graph = Graph([make.template(app(make))])
    found = {r.logical_id: r for r in graph}

    assert str(reaches(graph, found[source], found[target]).reach) == answer


def test_a_port_can_be_asked_for(make):
    graph = Graph([make.template(app(make))])
    found = {r.logical_id: r for r in graph}

    assert str(reaches(graph, found["Service"], found["Db"], port=22).reach) == "no"
