"""What computes in one zone alone: found where users are led to it, and not where it stops none of them."""

from __future__ import annotations

from typing import Any

import pytest

RULE, A = "compute-single-zone", "eu-west-1a"


def opened(make: Any, port: int, address: str = "0.0.0.0/0") -> dict[str, Any]:
    rules = [{"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "CidrIp": address}]
    return {"Firewall": make.resource("AWS::EC2::SecurityGroup", SecurityGroupIngress=rules)}


def server(make: Any, zone: str = "a", id: str = "Server", **properties: Any) -> dict[str, Any]:
    groups = [{"Fn::GetAtt": ["Firewall", "GroupId"]}]
    subnet = {"Ref": f"Subnet{zone.upper()}"}
    return {id: make.resource("AWS::EC2::Instance", **{"SubnetId": subnet, "SecurityGroupIds": groups, **properties})}


def behind_a_balancer(make: Any, *ids: str) -> dict[str, Any]:
    targets = [{"Id": {"Ref": each}} for each in ids]
    action = [{"Type": "forward", "TargetGroupArn": {"Ref": "Targets"}}]
    return make.balancer() | {
        "Targets": make.resource("AWS::ElasticLoadBalancingV2::TargetGroup", Targets=targets),
        "Listener": make.resource(
            "AWS::ElasticLoadBalancingV2::Listener", LoadBalancerArn={"Ref": "Balancer"}, DefaultActions=action
        ),
    }


def named(make: Any, to: str, attribute: str = "PublicIp", **policy: Any) -> dict[str, Any]:
    address = [{"Fn::GetAtt": [to, attribute]}]
    made = make.resource("AWS::Route53::RecordSet", Name="a.example.com", Type="A", ResourceRecords=address, **policy)
    return {f"NameOf{to}": made}


def fixed(make: Any) -> dict[str, Any]:
    return {"Address": make.resource("AWS::EC2::EIP", InstanceId={"Ref": "Server"})}


def joined(make: Any) -> dict[str, Any]:
    join = {"AllocationId": {"Fn::GetAtt": ["Address", "AllocationId"]}, "InstanceId": {"Ref": "Server"}}
    return {"Address": make.resource("AWS::EC2::EIP"), "Join": make.resource("AWS::EC2::EIPAssociation", **join)}


def service(make: Any, zones: str, id: str = "Server", task: str = "web", **properties: Any) -> dict[str, Any]:
    network = {"AwsvpcConfiguration": {"Subnets": make.subnets(zones)}}
    known = {"DesiredCount": 2, "Cluster": "shop", "TaskDefinition": task, "NetworkConfiguration": network}
    return {id: make.resource("AWS::ECS::Service", **{**known, **properties})}


def nodes(make: Any, zones: str, id: str = "Server", least: int = 2) -> dict[str, Any]:
    size = {"MinSize": least}
    made = make.resource("AWS::EKS::Nodegroup", ClusterName="shop", Subnets=make.subnets(zones), ScalingConfig=size)
    return {id: made}


def pods(make: Any, zones: str) -> dict[str, Any]:
    return {"Server": make.resource("AWS::EKS::FargateProfile", ClusterName="shop", Subnets=make.subnets(zones))}


def two(make: Any, zone: str) -> dict[str, Any]:
    return server(make) | server(make, zone, "Other") | behind_a_balancer(make, "Server", "Other")


def weighed(make: Any) -> dict[str, Any]:
    names = named(make, "Server", Weight=1) | named(make, "Other", Weight=1)
    return server(make) | server(make, "b", "Other") | names


@pytest.mark.parametrize(
    "build",
    [
        lambda m: server(m) | behind_a_balancer(m, "Server"),
        lambda m: server(m, SubnetId="subnet-1") | behind_a_balancer(m, "Server"),
        lambda m: two(m, "a"),
        lambda m: server(m) | named(m, "Server"),
        lambda m: server(m) | fixed(m),
        lambda m: server(m) | joined(m),
        lambda m: server(m, SecurityGroupIds=[]) | joined(m) | named(m, "Address"),
        lambda m: service(m, "a"),
        lambda m: service(m, "a") | service(m, "a", "Same"),
        lambda m: service(m, "a") | service(m, "b", "Another", "jobs"),
        lambda m: nodes(m, "a"),
        lambda m: pods(m, "a"),
    ],
    ids=[
        "behind a balancer", "in a zone that is not told", "two in one zone", "a name", "a fixed address",
        "an address that is joined to it", "a name of its address", "tasks", "twice in the same zone",
        "another service elsewhere", "nodes", "pods",
    ],
)  # fmt: skip
def test_what_serves_in_one_zone_alone_is_found(make, broken, build):
    found = broken(make.template(make.network() | opened(make, 443) | build(make)))

    assert (RULE, "Server") in found


@pytest.mark.parametrize(
    "build",
    [
        server,
        lambda m: two(m, "b"),
        weighed,
        lambda m: server(m, SourceDestCheck=False) | fixed(m),
        lambda m: server(m) | fixed(m) | opened(m, 22),
        lambda m: server(m) | named(m, "Server") | opened(m, 22),
        lambda m: server(m) | fixed(m) | opened(m, 443, "10.0.0.0/8"),
        lambda m: service(m, "ab"),
        lambda m: service(m, "a", DesiredCount=0),
        lambda m: service(m, "a") | service(m, "b", "Copy"),
        lambda m: service(m, "a", SchedulingStrategy="DAEMON"),
        lambda m: nodes(m, "a") | nodes(m, "b", "Others"),
        lambda m: nodes(m, "a", least=0),
        lambda m: pods(m, "ab"),
    ],
    ids=[
        "nothing leads there", "one in each zone", "names of both", "it passes on", "a bastion", "a bastion's name",
        "an address for a network", "two zones", "no task", "a copy elsewhere", "a daemon", "nodes of each zone",
        "no node", "pods in two zones",
    ],
)  # fmt: skip
def test_what_stops_no_user_is_left_alone(make, broken, build):
    found = broken(make.template(make.network() | opened(make, 443) | build(make)))

    assert [one for one in found if one[0] == RULE] == []


def test_a_directory_bucket_is_a_store_in_one_zone(make, broken):
    scratch = [{"Key": "cdk-standby:made-anew", "Value": "copied from the bucket of record"}]
    buckets = {
        "Fast": make.resource("AWS::S3Express::DirectoryBucket", LocationName="euw1-az1"),
        "Scratch": make.resource("AWS::S3Express::DirectoryBucket", LocationName="euw1-az1", Tags=scratch),
    }

    found = broken(make.template(buckets))

    assert [one for one in found if one[0] == "store-single-zone"] == [("store-single-zone", "Fast")]
