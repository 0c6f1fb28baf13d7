"""What the review says of the relational constructs themselves: every type is known, no rule rings, fates are right."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_backup as backup
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_route53 as route53

from cdk_standby.relational.aurora import AuroraCluster, SecretReplica
from cdk_standby.relational.database_names import DatabaseNames
from cdk_standby.relational.database_proxy import DatabaseProxy
from cdk_standby.relational.dsql import DsqlCluster
from cdk_standby.relational.multi_az_cluster import MultiAzCluster
from cdk_standby.relational.multi_az_instance import MultiAzInstance
from cdk_standby.relational.read_replica import ReadReplica
from cdk_standby_review import Template, review_templates
from cdk_standby_review.faults import outcomes, unknown_types
from cdk_standby_review.graph import Graph

IRELAND, FRANKFURT = "eu-west-1", "eu-central-1"
POSTGRES = {"engine": "postgres", "version": "17.6"}
AURORA = {"engine": "aurora-postgresql", "version": "17.4", "global_cluster": "baskets", "secret_name": "baskets"}


def common(stack: cdk.Stack) -> dict[str, Any]:
    """A network and a key."""
    vpc = ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-0123456789abcdef0",
        availability_zones=[stack.region + zone for zone in "abc"],
        isolated_subnet_ids=[f"subnet-0aaaaaaaaaaaaaaa{n}" for n in range(3)],
        isolated_subnet_route_table_ids=[f"rtb-0aaaaaaaaaaaaaaa{n}" for n in range(3)],
        region=stack.region,
    )
    arn = f"arn:aws:kms:{stack.region}:111111111111:key/12345678-1234-1234-1234-123456789012"
    return {"vpc": vpc, "key": kms.Key.from_key_arn(stack, "AnyKey", arn)}


def dsql(stack: cdk.Stack, peer: str, key: kms.IKey) -> None:
    arn = f"arn:aws:dsql:{peer}:111111111111:cluster/{'a' * 26}"
    cluster = DsqlCluster(stack, "Orders", key=key, name="orders", witness="eu-west-2", peers={peer: arn})
    vault = backup.BackupVault(
        stack, "Vault", lock_configuration=backup.LockConfiguration(min_retention=cdk.Duration.days(7))
    )
    plan = backup.BackupPlan.daily35_day_retention(stack, "Plan", vault)
    plan.add_selection("Orders", resources=[backup.BackupResource.from_arn(cluster.cluster_arn)])


@pytest.fixture(scope="module")
def world(make_stack: Callable[..., cdk.Stack], template: Callable[..., Any]) -> SimpleNamespace:
    """Every relational database, and what stands around it, in two Regions."""
    here = make_stack(name="Here")
    there = make_stack(name="There", app=here.node.root, region=FRANKFURT)
    ours, theirs = common(here), common(there)
    shop = MultiAzInstance(here, "Shop", **POSTGRES, instance_identifier="shop", secret_name="shop", **ours)
    ReadReplica(there, "Shop", source=shop, instance_identifier="shop-frankfurt", **theirs)
    DatabaseProxy(here, "Proxy", database=shop, vpc=ours["vpc"])
    zone = route53.PrivateHostedZone(here, "Zone", zone_name="shop.internal", vpc=ours["vpc"])
    DatabaseNames(here, "Names", zone=zone, database=shop, writer="writer")
    MultiAzCluster(here, "Stock", **POSTGRES, **ours)
    replicas = (SecretReplica(region=FRANKFURT, key="alias/baskets"),)
    AuroraCluster(here, "Baskets", **AURORA, secret_replicas=replicas, **ours)
    AuroraCluster(there, "Baskets", **AURORA, secondary=True, **theirs)
    dsql(here, FRANKFURT, ours["key"])
    dsql(there, IRELAND, theirs["key"])
    templates = [
        Template(name=s.stack_name, file="", body=template(s), stack=s.stack_name, region=s.region)
        for s in (here, there)
    ]
    return SimpleNamespace(review=review_templates(templates), graph=Graph(templates))


def test_every_type_is_known(world):
    assert unknown_types(world.graph) == {}


def test_no_rule_rings(world):
    assert [(f.rule, f.resource and f.resource.name, f.message) for f in world.review.findings] == []


@pytest.mark.parametrize(
    ("type_", "id_", "fate"),
    [
        ("AWS::RDS::DBInstance", "Shop", "recovers by runbook"),
        ("AWS::RDS::DBCluster", "Stock", "lost"),
        ("AWS::RDS::DBCluster", "Baskets", "recovers by runbook"),
        ("AWS::DSQL::Cluster", "Orders", "recovers by itself"),
    ],
)
def test_a_lost_region_does_what_the_construct_says(world, type_, id_, fate):
    struck = [o for o in outcomes(world.graph) if str(o.case.fault) == "region" and o.case.region == IRELAND]

    found = [o for o in struck if o.resource.type == type_ and o.resource.logical_id.startswith(id_)]

    assert [str(o.fate) for o in found] == [fate]
