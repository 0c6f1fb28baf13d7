"""A proxy before a database: what it is made of, who gets in, what it rings for, what follows a failover."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager

from cdk_standby.alarm_topic import AlarmTopic
from cdk_standby.keys import DataKey
from cdk_standby.relational.aurora import AuroraCluster
from cdk_standby.relational.database_proxy import DatabaseProxy

PROXY = "AWS::RDS::DBProxy"
TARGETS = "AWS::RDS::DBProxyTargetGroup"
ENDPOINT = "AWS::RDS::DBProxyEndpoint"
ALARM = "AWS::CloudWatch::Alarm"
INLINE = "NIST.800.53.R5::NIST.800.53.R5-IAMNoInlinePolicy"
GLOBAL = {"global_cluster": "shop", "secret_name": "shop/database"}


def vpc_of(stack: cdk.Stack) -> ec2.IVpc:
    """Somebody else's network of two zones."""
    return ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-0123456789abcdef0",
        availability_zones=[f"{stack.region}a", f"{stack.region}b"],
        isolated_subnet_ids=["subnet-0aaaaaaaaaaaaaaa1", "subnet-0aaaaaaaaaaaaaaa2"],
        isolated_subnet_route_table_ids=["rtb-0aaaaaaaaaaaaaaa1", "rtb-0aaaaaaaaaaaaaaa2"],
    )


def cluster_in(stack: cdk.Stack, key: kms.IKey, **options: Any) -> AuroraCluster:
    usual = {"engine": "aurora-postgresql", "version": "17.4", "readers": 1}
    return AuroraCluster(stack, "Database", vpc=vpc_of(stack), key=key, **{**usual, **options})


def before(database: AuroraCluster, **options: Any) -> DatabaseProxy:
    stack = cdk.Stack.of(database)
    return DatabaseProxy(stack, "Proxy", database=database, vpc=stack.node.find_child("Vpc"), **options)


def use(proxy: DatabaseProxy, *users: str | None) -> None:
    """Somebody who connects through the proxy."""
    stack = cdk.Stack.of(proxy)
    role = iam.Role(stack, "App", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"))
    for user in users:
        proxy.grant_connect(role, user)
    group = ec2.SecurityGroup(stack, "Peer", vpc=stack.node.find_child("Vpc"), allow_all_outbound=False)
    proxy.connections.allow_default_port_from(group, "the app")
    cdk.Validations.of(role).acknowledge(cdk.Acknowledgment(id=INLINE, reason="the policy is the app's affair"))


@pytest.fixture(scope="module")
def world(make_stack: Callable[..., cdk.Stack], template: Callable[..., Any], flags: str) -> SimpleNamespace:
    """Proxies of every kind, synthesized once per set of flags."""
    usual = make_stack(flags=flags, name="Usual")
    app = usual.node.root
    stacks = {name: make_stack(app=app, name=name.capitalize()) for name in ("wide", "iam", "lab")}
    stacks |= {"usual": usual, "follower": make_stack(app=app, name="Follower", region="eu-central-1")}
    keys = {name: DataKey(stack, "Key").key for name, stack in stacks.items()}
    alarms = AlarmTopic(usual, "Alarms", key=keys["usual"])
    proxies = {
        "usual": before(cluster_in(usual, keys["usual"]), alarms=alarms, alarm_thresholds={"PoolUsage": 60}),
        "wide": before(
            cluster_in(stacks["wide"], keys["wide"], **GLOBAL),
            read_only=True,
            all_zones=True,
            proxy_name="Shop-Proxy",
            connections_percent=60,
            idle_connections=10,
            borrow_timeout=cdk.Duration.seconds(5),
            idle_client_timeout=cdk.Duration.hours(8),
            init_query="SET TIME ZONE UTC",
        ),
        "iam": before(cluster_in(stacks["iam"], keys["iam"]), end_to_end_users=["app", "report"]),
        "follower": before(cluster_in(stacks["follower"], keys["follower"], **GLOBAL, secondary=True), read_only=True),
        "lab": before(
            cluster_in(stacks["lab"], keys["lab"], engine="aurora-mysql", version="8.0.mysql_aurora.3.08.0", readers=1),
            secrets=[_other_secret(stacks["lab"])],
            passwords_because="an old driver " * 20,
            client_password_type="MYSQL_NATIVE_PASSWORD",
            plaintext_because="an old driver",
            debug_logging_because="looking for what pins",
            pinning_filters=["EXCLUDE_VARIABLE_SETS"],
            deletable_because="a lab",
            alarms_off_because={"Pinned": "reports pin"},
        ),
    }
    use(proxies["usual"], "app")
    use(proxies["iam"], "app")
    use(proxies["lab"], None)
    templates = {name: template(stack) for name, stack in stacks.items()}
    return SimpleNamespace(app=app, stacks=stacks, proxies=proxies, **templates)


def _other_secret(stack: cdk.Stack) -> secretsmanager.ISecret:
    arn = f"arn:aws:secretsmanager:{stack.region}:111111111111:secret:shop/app-AbCdEf"
    return secretsmanager.Secret.from_secret_complete_arn(stack, "AppUser", arn)


@pytest.fixture(scope="module")
def only(resources: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """The properties of the one resource of a type."""

    def one(template: dict[str, Any], type: str) -> dict[str, Any]:
        (properties,) = resources(template, type).values()
        return dict(properties)

    return one


def own(template: dict[str, Any], type: str) -> dict[str, dict[str, Any]]:
    """The proxy's own resources of a type, by logical id."""
    named = {name: r for name, r in template["Resources"].items() if name.startswith("Proxy")}
    return {name: r for name, r in named.items() if r["Type"] == type}


def policy_of(template: dict[str, Any], id: str) -> list[dict[str, Any]]:
    (policy,) = [
        r["Properties"]
        for name, r in template["Resources"].items()
        if r["Type"] == "AWS::IAM::Policy" and name.startswith(id)
    ]
    return list(policy["PolicyDocument"]["Statement"])


def test_the_validators_find_nothing(world, findings, lint):
    assert findings(world.app) == []
    for name, stack in world.stacks.items():
        assert lint(getattr(world, name), region=stack.region) == []


# What is built


@pytest.mark.capability("RDS-03")
@pytest.mark.capability("RDS-34")
def test_a_proxy_with_tls_in_two_zones_stands_before_the_cluster(world, only):
    proxy, targets = only(world.usual, PROXY), only(world.usual, TARGETS)

    assert proxy["RequireTLS"] is True
    assert proxy["EngineFamily"] == "POSTGRESQL"
    assert proxy["VpcSubnetIds"] == ["subnet-0aaaaaaaaaaaaaaa1", "subnet-0aaaaaaaaaaaaaaa2"]
    assert targets["DBClusterIdentifiers"] == [{"Ref": "DatabaseClusterC6094C50"}]
    assert "DBInstanceIdentifiers" not in targets
    assert targets["TargetGroupName"] == "default"
