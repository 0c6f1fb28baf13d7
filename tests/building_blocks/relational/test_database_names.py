"""Names of a database in a private zone: where they lead, how long, and that nothing moves them in a failover."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_rds as rds
from aws_cdk import aws_route53 as route53

from cdk_standby.relational._access import ClusterAccess, InstanceAccess
from cdk_standby.relational.aurora import AuroraCluster
from cdk_standby.relational.database_names import DatabaseNames
from cdk_standby.relational.database_proxy import DatabaseProxy
from cdk_standby.relational.multi_az_instance import MultiAzInstance

RECORD = "AWS::Route53::RecordSet"
CHECK = "AWS::Route53::HealthCheck"
POSTGRES = {"engine": "postgres", "version": "17.6"}


class Instance(InstanceAccess):
    """A database with no more than names need, which synthesizes in no time."""

    def __init__(self, scope: cdk.Stack, id: str, *, source: str | None = None) -> None:
        super().__init__(scope, id)
        self.port = 5432
        self.instance = rds.CfnDBInstance(self, "Instance", engine="postgres", source_db_instance_identifier=source)


class Cluster(ClusterAccess):
    """As little of a cluster."""

    def __init__(self, scope: cdk.Stack, id: str) -> None:
        super().__init__(scope, id)
        self.port = 3306
        self.cluster = rds.CfnDBCluster(self, "Cluster", engine="aurora-mysql")


def vpc_of(stack: cdk.Stack) -> ec2.IVpc:
    return ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-0123456789abcdef0",
        availability_zones=[f"{stack.region}a", f"{stack.region}b"],
        isolated_subnet_ids=["subnet-0aaaaaaaaaaaaaaa0", "subnet-0aaaaaaaaaaaaaaa1"],
        isolated_subnet_route_table_ids=["rtb-0aaaaaaaaaaaaaaa0", "rtb-0aaaaaaaaaaaaaaa1"],
    )


def zone_of(stack: cdk.Stack, vpc: ec2.IVpc | None = None) -> route53.PrivateHostedZone:
    return route53.PrivateHostedZone(stack, "Zone", zone_name="shop.internal", vpc=vpc or vpc_of(stack))


def records(template: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """By construct id: names that lead somewhere."""
    return {
        name.removeprefix("Names")[:-8]: r["Properties"]
        for name, r in template["Resources"].items()
        if r["Type"] == RECORD
    }


@pytest.fixture(scope="module")
def world(make_stack: Callable[..., cdk.Stack], template: Callable[..., Any], flags: str) -> SimpleNamespace:
    """Names of a cluster, of an instance with replicas and of a proxy, synthesized once per set of flags."""
    stacks = {"cluster": make_stack(flags=flags, name="Cluster")}
    app = stacks["cluster"].node.root
    stacks |= {name: make_stack(app=app, name=name.capitalize()) for name in ("replicas", "proxy")}
    vpcs = {name: vpc_of(stack) for name, stack in stacks.items()}
    zones = {name: zone_of(stack, vpcs[name]) for name, stack in stacks.items()}
    keys = {name: kms.Key(stack, "Key", enable_key_rotation=True) for name, stack in stacks.items()}
    cluster = AuroraCluster(
        stacks["cluster"],
        "Database",
        engine="aurora-postgresql",
        version="17.4",
        readers=1,
        vpc=vpcs["cluster"],
        key=keys["cluster"],
    )
    instance = MultiAzInstance(stacks["proxy"], "Database", **POSTGRES, vpc=vpcs["proxy"], key=keys["proxy"])
    proxy = DatabaseProxy(stacks["proxy"], "Proxy", database=instance, vpc=vpcs["proxy"])
    names = {
        "cluster": DatabaseNames(
            stacks["cluster"], "Names", zone=zones["cluster"], database=cluster, writer="database", reader="reads"
        ),
        "proxy": DatabaseNames(
            stacks["proxy"],
            "Names",
            zone=zones["proxy"],
            database=proxy,
            writer="Database.shop.internal.",
            ttl=cdk.Duration.minutes(1),
        ),
    }
    templates = {name: template(stack) for name, stack in stacks.items()}
    return SimpleNamespace(app=app, stacks=stacks, names=names, **templates)


def test_the_validators_find_nothing(world, findings, lint):
    assert findings(world.app) == []
    for name in world.stacks:
        assert lint(getattr(world, name)) == []


@pytest.mark.capability("RDS-11")
def test_writer_and_readers_have_names_that_lead_to_the_endpoints_of_the_cluster(world):
    [zone] = [name for name, r in world.cluster["Resources"].items() if r["Type"] == "AWS::Route53::HostedZone"]
    [cluster] = [name for name, r in world.cluster["Resources"].items() if r["Type"] == "AWS::RDS::DBCluster"]
    common = {"HostedZoneId": {"Ref": zone}, "TTL": "5", "Type": "CNAME"}

    assert records(world.cluster) == {
        "Writer": {
            **common,
            "Name": "database.shop.internal.",
            "ResourceRecords": [{"Fn::GetAtt": [cluster, "Endpoint.Address"]}],
        },
        "Reader": {
            **common,
            "Name": "reads.shop.internal.",
            "ResourceRecords": [{"Fn::GetAtt": [cluster, "ReadEndpoint.Address"]}],
        },
    }
