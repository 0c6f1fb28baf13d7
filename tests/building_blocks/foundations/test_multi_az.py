"""The Multi-AZ switch of every service, as data: it exists in CloudFormation, and ours have it on."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_ec2 as ec2
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

import cdk_standby
from cdk_standby.keys import DataKey
from cdk_standby_review.facts.multi_az import SWITCHES, Switch

OURS = {switch.ours: switch for switch in SWITCHES if switch.ours}
OPTIONS: dict[str, dict[str, Any]] = {
    "MultiAzInstance": {"engine": "postgres", "version": "17.6"},
    "MultiAzCluster": {"engine": "postgres", "version": "17.6"},
    "AuroraCluster": {"engine": "aurora-postgresql", "version": "17.4"},
    "ValkeyCache": {"version": "8.2"},
    "MemcachedCache": {},
    "MemoryDb": {},
    "DaxCluster": {},
}
UNENCRYPTED = {"MemcachedCache", "DaxCluster"}


def network(stack: cdk.Stack) -> ec2.IVpc:
    return ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-0123456789abcdef0",
        availability_zones=[f"{stack.region}{zone}" for zone in "abc"],
        isolated_subnet_ids=[f"subnet-0aaaaaaaaaaaaaaa{zone}" for zone in "abc"],
        isolated_subnet_route_table_ids=[f"rtb-0aaaaaaaaaaaaaaa{zone}" for zone in "abc"],
        region=stack.region,
    )


@pytest.fixture(scope="module")
def made(make_stack: Callable[..., cdk.Stack], template: Callable[..., Any]) -> SimpleNamespace:
    """Every service of ours that has a switch, as it comes."""
    stack = make_stack()
    vpc, key = network(stack), DataKey(stack, "Key").key
    table = dynamodb.TableV2.from_table_arn(stack, "Orders", "arn:aws:dynamodb:eu-west-1:111111111111:table/orders")
    for name, options in OPTIONS.items():
        more: dict[str, Any] = {} if name in UNENCRYPTED else {"key": key}
        more |= {"tables": [table]} if name == "DaxCluster" else {}
        getattr(cdk_standby, name)(stack, name, vpc=vpc, **more, **options)
    return SimpleNamespace(resources=template(stack)["Resources"])


@pytest.fixture
def of(made: SimpleNamespace) -> Callable[[str, str], list[dict[str, Any]]]:
    """The properties of the resources of a construct that have a type."""

    def find(construct: str, kind: str) -> list[dict[str, Any]]:
        found = made.resources.items()
        return [r["Properties"] for n, r in found if n.startswith(construct) and r["Type"] == kind]

    return find


@pytest.mark.parametrize("switch", SWITCHES, ids=lambda s: s.service)
def test_the_switch_is_a_property_of_cloudformation(switch: Switch):
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", switch.type).schema

    place: dict[str, Any] = schema
    for name in switch.path:
        place = place["properties"][name]
        place = schema["definitions"][place["$ref"].rpartition("/")[2]] if "$ref" in place else place

    assert place["type"]
    assert switch.source.startswith("https://docs.aws.amazon.com/")
    assert switch.zones in {2, 3}


def test_every_service_of_ours_that_has_a_switch_is_tried():
    assert set(OURS) == set(OPTIONS)
    assert set(OURS) <= set(cdk_standby.__all__)


@pytest.mark.capability("NET-10")
@pytest.mark.parametrize("construct", OURS)
def test_ours_have_it_on_without_being_asked(construct, of):
    switch = OURS[construct]

    values = [each[switch.path[0]] for each in of(construct, switch.type)]

    match switch.on:
        case True | "cross-az":
            assert values == [switch.on]
        case int():
            assert [value >= switch.on for value in values] == [True]
        case "db.":
            assert [value.startswith("db.") for value in values] == [True]
        case _:
            assert len(values) == len(set(values)) >= 2


@pytest.mark.capability("NET-11")
@pytest.mark.capability("NET-13")
def test_whatever_takes_over_is_there_before_and_in_another_zone(of):
    readers = [i["AvailabilityZone"] for i in of("AuroraCluster", "AWS::RDS::DBInstance")]
    (nodes,) = of("DaxCluster", "AWS::DAX::Cluster")
    (shards,) = of("ValkeyCache", "AWS::ElastiCache::ReplicationGroup")
    (database,) = of("MemoryDb", "AWS::MemoryDB::Cluster")

    assert len(readers) == len(set(readers)) >= 2
    assert len(nodes["AvailabilityZones"]) == len(set(nodes["AvailabilityZones"])) == nodes["ReplicationFactor"] == 3
    replicas = shards.get("ReplicasPerNodeGroup", shards.get("NumCacheClusters", 1) - 1)
    assert (replicas, shards["AutomaticFailoverEnabled"], database["NumReplicasPerShard"]) == (2, True, 2)


@pytest.mark.capability("NET-18")
def test_none_of_them_is_open_to_anybody(made):
    groups = [r for r in made.resources.values() if r["Type"] == "AWS::EC2::SecurityGroup"]
    ingress = [r for r in made.resources.values() if r["Type"] == "AWS::EC2::SecurityGroupIngress"]

    assert len(groups) == len(OPTIONS)
    assert [group for group in groups if group["Properties"].get("SecurityGroupIngress")] == []
    assert ingress == []
