"""A stack with every kind of load balancer, synthesized once, and questions about it."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_autoscaling as autoscaling
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elb
from aws_cdk import aws_lambda as lambda_

from cdk_standby._checks import InvalidOptions
from cdk_standby.access_logs import AccessLogs
from cdk_standby.alarm_topic import AlarmTopic
from cdk_standby.balancing.application_balancer import ApplicationBalancer, Route
from cdk_standby.balancing.application_targets import ApplicationTargets
from cdk_standby.balancing.balancer_targets import BalancerTargets
from cdk_standby.balancing.function_targets import FunctionTargets
from cdk_standby.balancing.gateway_balancer import GatewayBalancer
from cdk_standby.balancing.gateway_endpoints import GatewayEndpoints
from cdk_standby.balancing.hybrid_targets import HybridTargets
from cdk_standby.balancing.network_balancer import NetworkBalancer, NetworkPort
from cdk_standby.balancing.network_targets import NetworkTargets

ARN = "arn:aws:acm:{}:111111111111:certificate/12345678-1234-1234-1234-123456789012"
WEB_ACL = "arn:aws:wafv2:eu-west-1:111111111111:regional/webacl/shop/12345678-1234-1234-1234-123456789012"


def network(stack: cdk.Stack, zones: str = "ab", name: str = "Vpc", **attributes: Any) -> ec2.IVpc:
    ids: dict[str, Any] = {}
    for kind, mark in (("public", "b"), ("private", "a")):
        ids[f"{kind}_subnet_ids"] = [f"subnet-0{mark * 15}{zone}" for zone in zones]
        ids[f"{kind}_subnet_route_table_ids"] = [f"rtb-0{mark * 15}{zone}" for zone in zones]
    return ec2.Vpc.from_vpc_attributes(
        stack,
        name,
        **{
            "vpc_id": "vpc-0123456789abcdef0",
            "vpc_cidr_block": "10.0.0.0/16",
            "availability_zones": [f"eu-west-1{zone}" for zone in zones],
            **ids,
            **attributes,
        },
    )


def group(stack: cdk.Stack, vpc: ec2.IVpc, name: str, size: int, **options: Any) -> autoscaling.AutoScalingGroup:
    template = ec2.LaunchTemplate(
        stack,
        f"{name}Template",
        instance_type=ec2.InstanceType("m7g.large"),
        machine_image=ec2.MachineImage.generic_linux({"eu-west-1": "ami-0123456789abcdef0"}),
        security_group=ec2.SecurityGroup(stack, f"{name}Door", vpc=vpc, allow_all_outbound=False),
        require_imdsv2=True,
        block_devices=[ec2.BlockDevice(device_name="/dev/xvda", volume=ec2.BlockDeviceVolume.ebs(8, encrypted=True))],
    )
    made = autoscaling.AutoScalingGroup(
        stack, name, vpc=vpc, launch_template=template, min_capacity=size, max_capacity=2 * size, **options
    )
    for rule in ("AwsSolutions::AwsSolutions-AS3",):
        cdk.Validations.of(made).acknowledge(cdk.Acknowledgment(id=rule, reason="a group to test with"))
    return made


@pytest.fixture(scope="session")
def make_network() -> Callable[..., ec2.IVpc]:
    return network


@pytest.fixture(scope="session")
def make_group() -> Callable[..., autoscaling.AutoScalingGroup]:
    return group


@pytest.fixture(scope="session")
def certificate() -> Callable[..., acm.ICertificate]:
    def make(stack: cdk.Stack, region: str = "eu-west-1") -> acm.ICertificate:
        name = f"Certificate-{region}"
        known: Any = stack.node.try_find_child(name)
        return known or acm.Certificate.from_certificate_arn(stack, name, ARN.format(region))

    return make


def sign_in(then: elb.ListenerAction) -> elb.ListenerAction:
    return elb.ListenerAction.authenticate_oidc(
        next=then,
        authorization_endpoint="https://id.example.com/authorize",
        token_endpoint="https://id.example.com/token",
        user_info_endpoint="https://id.example.com/user",
        issuer="https://id.example.com",
        client_id="shop",
        client_secret=cdk.SecretValue.secrets_manager("shop"),
    )


@pytest.fixture(scope="session")
def world(make_stack: Callable[..., cdk.Stack], template: Callable[..., Any], certificate: Any) -> SimpleNamespace:
    """Every balancer and every kind of targets in one stack."""
    stack = make_stack()
    vpc, tls, topic = network(stack), certificate(stack), AlarmTopic(stack, "Alarms")
    logs = AccessLogs(stack, "Logs")
    made = SimpleNamespace()

    made.web = ApplicationTargets(stack, "Web", vpc=vpc, needed=2, health_port=9090)
    made.web.attach(group(stack, vpc, "Fleet", 4))
    made.old = ApplicationTargets(
        stack,
        "Old",
        vpc=vpc,
        port=80,
        addresses=HybridTargets(inside=["10.0.1.5"], outside=["192.168.7.9"]),
        slow_start=cdk.Duration.minutes(1),
        dns_failover_count=2,
        dns_failover_percent=50,
        fail_open_percent=25,
    )
    arn = "arn:aws:lambda:eu-west-1:111111111111:function:shop"
    function = lambda_.Function.from_function_attributes(stack, "Fn", function_arn=arn, same_environment=True)
    made.function = FunctionTargets(stack, "Function", function=function, health_path="/healthz")
    made.entrance = ApplicationBalancer(
        stack,
        "Entrance",
        vpc=vpc,
        targets=made.web,
        certificate=tls,
        sign_in=sign_in,
        routes=[
            Route(priority=10, targets=made.old, paths=["/old/*"]),
            Route(priority=20, targets=made.function, hosts=["api.example.com"], public=True),
        ],
        access_logs=logs,
        web_acl_arn=WEB_ACL,
        zonal_autoshift=True,
        alarms=topic,
    )
    made.apart = ApplicationTargets(
        stack,
        "Apart",
        vpc=vpc,
        cross_zone=False,
        algorithm="least_outstanding_requests",
        addresses=HybridTargets(outside=["172.16.0.4"], outside_zone="eu-west-1a"),
    )
    made.lab = ApplicationBalancer(
        stack,
        "Lab",
        vpc=vpc,
        targets=made.apart,
        internet_facing=False,
        http_only_because="a lab",
        deletable_because="a lab",
        connection_logs=False,
        health_check_logs=False,
        desync_mode="strictest",
        alarms_off_because={"BalancerErrors": "a lab"},
    )

    made.tcp = NetworkTargets(stack, "Tcp", vpc=vpc, port=8443, needed=2)
    made.dns = NetworkTargets(stack, "Dns", vpc=vpc, port=5353, protocol="UDP", health_port=8053)
    made.static = NetworkBalancer(
        stack,
        "Static",
        vpc=vpc,
        cross_zone=False,
        ports=[NetworkPort(port=443, targets=made.tcp, certificate=tls), NetworkPort(port=53, targets=made.dns)],
        client_routing="availability_zone_affinity",
        access_logs=logs,
        alarms=topic,
    )
    fleet = group(stack, vpc, "Servers", 4)
    made.tcp.attach(fleet)
    made.dns.attach(fleet, boot_time=cdk.Duration.minutes(5))
    made.inner = NetworkTargets(
        stack,
        "Inner",
        vpc=vpc,
        port=5432,
        addresses=HybridTargets(outside=["100.64.0.7"]),
        unhealthy_draining=cdk.Duration.minutes(5),
        needed=0,
        sticky=True,
        cross_zone=True,
    )
    made.inside = NetworkBalancer(
        stack,
        "Inside",
        vpc=vpc,
        cross_zone=True,
        internet_facing=False,
        ports=[NetworkPort(port=5432, targets=made.inner)],
        allow_from=["10.1.0.0/16"],
        deletable_because="a lab",
    )

    made.before = BalancerTargets(stack, "Before", vpc=vpc, balancer=made.lab)
    made.outer = NetworkBalancer(
        stack,
        "Outer",
        vpc=vpc,
        cross_zone=True,
        ports=[NetworkPort(port=8080, targets=made.before)],
        elastic_ips={"eu-west-1a": "eipalloc-0123456789abcdef0", "eu-west-1b": "eipalloc-0123456789abcdef1"},
    )

    made.firewall = GatewayBalancer(
        stack,
        "Firewall",
        vpc=vpc,
        cross_zone=True,
        needed=1,
        allowed_principals=["arn:aws:iam::222222222222:root"],
        alarms=topic,
    )
    made.firewall.attach(group(stack, vpc, "Appliances", 2))
    made.strict = GatewayBalancer(
        stack, "Strict", vpc=vpc, cross_zone=False, failover="no_rebalance", deletable_because="a lab"
    )
    made.endpoints = GatewayEndpoints(stack, "Endpoints", vpc=vpc, service_name=made.firewall.service_name)
    made.endpoints.route(vpc.public_subnets, "10.9.0.0/16")
    made.stack, made.app, made.vpc = stack, stack.node.root, vpc
    made.template = template(stack)
    return made


@pytest.fixture
def properties(world: SimpleNamespace) -> Callable[[Any], dict[str, Any]]:
    """What is rendered of a construct of the CDK, without the shell."""

    def of(construct: Any) -> dict[str, Any]:
        resource = construct if isinstance(construct, cdk.CfnResource) else construct.node.default_child
        return dict(world.template["Resources"][world.stack.get_logical_id(resource)]["Properties"])

    return of


@pytest.fixture
def attributes(properties: Callable[[Any], dict[str, Any]]) -> Callable[[Any], dict[str, Any]]:
    """The attributes of a load balancer or target group, by key."""

    def of(construct: Any) -> dict[str, Any]:
        rendered = properties(construct)
        listed = rendered.get("LoadBalancerAttributes") or rendered["TargetGroupAttributes"]
        return {item["Key"]: item["Value"] for item in listed}

    return of


@pytest.fixture(scope="session")
def warned() -> Callable[[Any], list[str]]:
    """The warnings of a construct, without a synth."""
    return lambda construct: [one.data for one in construct.node.metadata if one.type == "aws:cdk:warning"]


@pytest.fixture(scope="module")
def scope(make_stack: Callable[..., cdk.Stack]) -> cdk.Stack:
    """For calls that are refused before anything is rendered."""
    return make_stack()


@pytest.fixture
def refused(scope: cdk.Stack) -> Callable[..., list[str]]:
    """What is said about a call; each under an id of its own, shown as "Test/It"."""

    def ask(cls: type[Any], **options: Any) -> list[str]:
        name = f"It{len(scope.node.children)}"
        if "vpc" not in options and cls is not FunctionTargets:
            options["vpc"] = scope.node.try_find_child("Vpc") or network(scope)
        with pytest.raises(InvalidOptions) as caught:
            cls(scope, name, **options)
        return str(caught.value).replace(name, "It").split("\n")

    return ask
