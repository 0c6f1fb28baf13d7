"""Proxies and names of two Regions before and after a failover: nothing of theirs changes, in either."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_route53 as route53

from cdk_standby.relational.aurora import AuroraCluster
from cdk_standby.relational.database_names import DatabaseNames
from cdk_standby.relational.database_proxy import DatabaseProxy
from cdk_standby.relational.read_replica import ReadReplica, SourceInstance

REGIONS = {"eu-west-1": False, "eu-central-1": True}
"""By Region: whether its cluster was born as the secondary."""
POSTGRES = {"engine": "postgres", "version": "17.6"}


def vpc_of(stack: cdk.Stack) -> ec2.IVpc:
    return ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-0123456789abcdef0",
        availability_zones=[f"{stack.region}a", f"{stack.region}b"],
        isolated_subnet_ids=["subnet-0aaaaaaaaaaaaaaa0", "subnet-0aaaaaaaaaaaaaaa1"],
        isolated_subnet_route_table_ids=["rtb-0aaaaaaaaaaaaaaa0", "rtb-0aaaaaaaaaaaaaaa1"],
    )


def site(stack: cdk.Stack, *, secondary: bool, follows: bool) -> None:
    """A Region of a global database: its cluster, its proxy, and its own zone with the names that all Regions have."""
    vpc = vpc_of(stack)
    cluster = AuroraCluster(
        stack,
        "Database",
        engine="aurora-postgresql",
        version="17.4",
        vpc=vpc,
        key=kms.Key(stack, "Key"),
        readers=1,
        cluster_identifier=f"shop-{stack.region}",
        global_cluster="shop",
        secret_name="shop/database",
        secondary=secondary,
        follows=follows,
    )
    proxy = DatabaseProxy(stack, "Proxy", database=cluster, vpc=vpc, read_only=True)
    zone = route53.PrivateHostedZone(stack, "Zone", zone_name="shop.internal", vpc=vpc)
    DatabaseNames(stack, "Names", zone=zone, database=proxy, writer="database", reader="reads")


@pytest.fixture(scope="module")
def world(make_stack: Callable[..., cdk.Stack], template: Callable[..., Any]) -> SimpleNamespace:
    """Both Regions, before a failover and as they are synthesized after it."""

    def synth(active: str) -> dict[str, dict[str, Any]]:
        app = make_stack(name="First").node.root
        stacks = {region: make_stack(app=app, name=region, region=region) for region in REGIONS}
        for region, stack in stacks.items():
            site(stack, secondary=REGIONS[region], follows=region != active)
        return {region: template(stack) for region, stack in stacks.items()}

    return SimpleNamespace(before=synth("eu-west-1"), after=synth("eu-central-1"))


def of(template: dict[str, Any], *starts: str) -> dict[str, Any]:
    return {name: r for name, r in template["Resources"].items() if name.startswith(starts)}


def of_type(template: dict[str, Any], wanted: str) -> list[dict[str, Any]]:
    return [r["Properties"] for r in template["Resources"].values() if r["Type"] == wanted]


@pytest.mark.capability("RDS-34")
@pytest.mark.parametrize("region", REGIONS)
def test_a_failover_to_the_other_region_changes_nothing_of_the_proxies(world, region):
    before, after = (of(getattr(world, when)[region], "Proxy") for when in ("before", "after"))

    assert before == after
    assert {"AWS::RDS::DBProxy", "AWS::RDS::DBProxyTargetGroup"} < {r["Type"] for r in before.values()}


@pytest.mark.capability("RDS-11")
@pytest.mark.parametrize("region", REGIONS)
def test_a_failover_to_the_other_region_changes_nothing_of_the_names(world, region):
    before, after = (of(getattr(world, when)[region], "Names", "Zone") for when in ("before", "after"))

    assert before == after
    assert len(of_type(world.before[region], "AWS::Route53::RecordSet")) == 2


@pytest.mark.capability("RDS-11")
@pytest.mark.parametrize("region", REGIONS)
def test_the_names_of_each_region_lead_to_that_regions_proxy(world, region):
    found = of_type(world.before[region], "AWS::Route53::RecordSet")
    ids = {
        name: resource["Type"].split("::")[-1]
        for name, resource in world.before[region]["Resources"].items()
        if resource["Type"].startswith("AWS::RDS::DBProxy")
    }

    leads = {record["Name"]: ids[record["ResourceRecords"][0]["Fn::GetAtt"][0]] for record in found}
    assert leads == {"database.shop.internal.": "DBProxy", "reads.shop.internal.": "DBProxyEndpoint"}


@pytest.mark.parametrize("region", REGIONS)
def test_the_proxy_of_each_region_has_that_regions_own_cluster_behind_it(world, region):
    [cluster] = [n for n, r in world.before[region]["Resources"].items() if r["Type"] == "AWS::RDS::DBCluster"]

    [targets] = of_type(world.before[region], "AWS::RDS::DBProxyTargetGroup")

    assert targets["DBClusterIdentifiers"] == [{"Ref": cluster}]


def test_both_regions_have_the_same_names(world):
    names = [{r["Name"] for r in of_type(world.before[region], "AWS::Route53::RecordSet")} for region in REGIONS]

    assert names[0] == names[1] == {"database.shop.internal.", "reads.shop.internal."}


@pytest.mark.capability("RDS-35")
@pytest.mark.parametrize("region", REGIONS)
def test_each_region_reads_from_its_own_readers(world, region):
    [endpoint] = of_type(world.before[region], "AWS::RDS::DBProxyEndpoint")

    assert endpoint["TargetRole"] == "READ_ONLY"


def test_the_proxy_of_the_region_that_follows_reads_its_copy_of_the_credentials(world):
    [proxy] = of_type(world.before["eu-central-1"], "AWS::RDS::DBProxy")

    secret = "arn:aws:secretsmanager:eu-central-1:111111111111:secret:shop/database"
    assert proxy["Auth"] == [{"AuthScheme": "SECRETS", "IAMAuth": "REQUIRED", "SecretArn": secret}]


@pytest.mark.capability("RDS-36")
@pytest.mark.parametrize("region", REGIONS)
def test_in_a_global_database_a_region_is_available_in_either_role(world, region):
    [alarm] = [
        r["Properties"]
        for name, r in of(world.before[region], "ProxyAvailability").items()
        if r["Type"] == "AWS::CloudWatch::Alarm"
    ]

    metrics = {one["Id"]: one for one in alarm["Metrics"]}
    roles = {
        dimension["Value"]
        for one in ("m1", "m2")
        for dimension in metrics[one]["MetricStat"]["Metric"]["Dimensions"]
        if dimension["Name"] == "TargetRole"
    }
    assert metrics["expr_1"]["Expression"] == "MAX([FILL(m1, 0), FILL(m2, 0)])"
    assert roles == {"READ_WRITE", "READ_ONLY"}


# Replicas


def replicated(stack: cdk.Stack, promoted_because: str | None) -> None:
    """A replica of a database in another Region, under the names that the other Region has too."""
    vpc, key = vpc_of(stack), kms.Key(stack, "Key")
    source = SourceInstance(identifier="shop-database", region="eu-west-1", **POSTGRES)
    replica = ReadReplica(
        stack,
        "Replica",
        source=source,
        vpc=vpc,
        key=key,
        instance_identifier="shop-database-eu-central-1",
        promoted_because=promoted_because,
    )
    zone = route53.PrivateHostedZone(stack, "Zone", zone_name="shop.internal", vpc=vpc)
    DatabaseNames(stack, "Names", zone=zone, database=replica, writer="database")


@pytest.mark.capability("RDS-11")
def test_a_promotion_changes_nothing_of_the_names(make_stack, template):
    stacks = {reason: make_stack(region="eu-central-1") for reason in (None, "eu-west-1 is lost")}
    for reason, stack in stacks.items():
        replicated(stack, reason)

    before, after = (of(template(stack), "Names", "Zone") for stack in stacks.values())

    assert before == after
    assert len(before) == 2
