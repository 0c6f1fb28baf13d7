"""Logical ids of a cluster: the same alone, as the primary and as a secondary, whatever its size or removal.

Apart from the other tests, because a new id is a deleted database: release it as a major version.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms

from cdk_standby.relational._restore import Restore
from cdk_standby.relational.aurora import AuroraCluster, SecretReplica

KEY = "arn:aws:kms:{}:111111111111:key/12345678-1234-1234-1234-123456789012"
GLOBAL = {"global_cluster": "shop-database", "secret_name": "shop/database"}
REPLICAS = (SecretReplica(region="eu-central-1", key="alias/shop-eu-central-1-data"),)
VARIANTS: dict[str, dict[str, Any]] = {
    "alone": {},
    "primary": {**GLOBAL, "secret_replicas": REPLICAS},
    "secondary": {**GLOBAL, "secondary": True, "region": "eu-central-1"},
    "headless": {**GLOBAL, "secondary": True, "region": "eu-central-1", "headless_because": "pilot light"},
    "large": {"readers": 4},
    "without readers": {"readers": 0, "no_readers_because": "a lab"},
    "deletable": {"deletable_because": "a lab"},
    "serverless": {"serverless": (0.5, 8)},
    "mixed": {"serverless": (0.5, 8), "serverless_members": (3,), "promotion_tiers": (0, 1, 15)},
    "founder": {"global_cluster": "shop-database", "founder": True},
    "restored": {"restore": Restore.from_snapshot("shop-final")},
    "two zones": {"zones": ("a", "c")},
    "newer": {"version": "17.5"},
}
DATA = {
    "AWS::RDS::DBCluster": ["DatabaseClusterC6094C50"],
    "AWS::RDS::DBSubnetGroup": ["DatabaseSubnets56F17B9A"],
    "AWS::RDS::DBClusterParameterGroup": ["DatabaseClusterParameters297DFDBC"],
    "AWS::RDS::DBParameterGroup": ["DatabaseInstanceParameters760E27FF"],
    "AWS::SecretsManager::Secret": ["DatabaseSecretC9203AE3"],
    "AWS::EC2::SecurityGroup": ["DatabaseSecurityGroup5C91FDCB"],
}
CREATE_ONLY = ("DBClusterIdentifier", "KmsKeyId", "StorageEncrypted", "DatabaseName", "EngineMode")


def build(stack: cdk.Stack, *, zones: tuple[str, ...] = ("a", "b", "c"), **options: Any) -> AuroraCluster:
    vpc = ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-0123456789abcdef0",
        availability_zones=[stack.region + zone for zone in zones],
        isolated_subnet_ids=[f"subnet-0aaaaaaaaaaaaaaa{n}" for n, _ in enumerate(zones)],
        isolated_subnet_route_table_ids=[f"rtb-0aaaaaaaaaaaaaaa{n}" for n, _ in enumerate(zones)],
    )
    key = kms.Key.from_key_arn(stack, "Key", KEY.format(stack.region))
    usual = {"engine": "aurora-postgresql", "version": "17.4", "cluster_identifier": "shop-database"}
    return AuroraCluster(stack, "Database", vpc=vpc, key=key, **{**usual, **options})


@pytest.fixture(scope="module")
def built(make_stack: Callable[..., cdk.Stack], template: Callable[..., Any]) -> dict[str, dict[str, Any]]:
    """The resources of every variant, by logical id. Each in an app of its own: ids hold no stack name."""
    made = {}
    for variant, options in VARIANTS.items():
        given = dict(options)
        stack = make_stack(region=given.pop("region", "eu-west-1"))
        build(stack, **given)
        made[variant] = template(stack)["Resources"]
    return made


def of_type(resources: dict[str, Any], wanted: str) -> list[str]:
    return sorted(name for name, resource in resources.items() if resource["Type"] == wanted)


def instances(resources: dict[str, Any]) -> list[str]:
    return of_type(resources, "AWS::RDS::DBInstance")


def test_the_ids_of_what_holds_data_are_pinned(built):
    assert {kind: of_type(built["alone"], kind) for kind in DATA} == DATA


@pytest.mark.capability("AUR-20")
@pytest.mark.parametrize("variant", VARIANTS)
def test_no_variant_renames_a_part_that_others_have(built, variant):
    for kind, ids in DATA.items():
        born_elsewhere = kind == "AWS::SecretsManager::Secret" and VARIANTS[variant].get("secondary")
        assert of_type(built[variant], kind) == ([] if born_elsewhere else ids), f"{variant}: {kind}"


@pytest.mark.capability("AUR-05")
def test_instances_are_numbered_so_that_readers_come_and_go_at_the_end(built):
    usual, large = instances(built["alone"]), instances(built["large"])

    assert usual == ["DatabaseInstance1844F58FD", "DatabaseInstance2AA380DEE", "DatabaseInstance32FCBA185"]
    assert set(usual) < set(large)
    assert len(large) == 5
    assert instances(built["without readers"]) == usual[:1]
    assert instances(built["headless"]) == []


@pytest.mark.parametrize(
    "variant",
    ["primary", "secondary", "deletable", "serverless", "mixed", "founder", "restored", "two zones", "newer"],
)
def test_instances_keep_their_ids_in_every_role(built, variant):
    assert instances(built[variant]) == instances(built["alone"])


def test_no_id_names_a_role_a_zone_or_an_engine(built):
    words = ("writer", "reader", "primary", "secondary", "master", "replica", "eu-west", "eu-central", "postgres")

    named = [
        name
        for resources in built.values()
        for name in resources
        for word in words
        if word in name.lower() and resources[name]["Type"].startswith(("AWS::RDS::DB", "AWS::SecretsManager"))
    ]
    assert named == []


@pytest.mark.parametrize("variant", ["primary", "large", "without readers", "deletable", "serverless", "newer"])
def test_joining_growing_and_upgrading_change_nothing_that_replaces_the_cluster(built, variant):
    [cluster] = DATA["AWS::RDS::DBCluster"]
    before, after = (built[name][cluster]["Properties"] for name in ("alone", variant))

    assert {p: before.get(p) for p in CREATE_ONLY} == {p: after.get(p) for p in CREATE_ONLY}
    assert before["DBSubnetGroupName"] == after["DBSubnetGroupName"]
    assert before["MasterUsername"] == after["MasterUsername"]


def test_more_readers_move_no_instance_to_another_zone(built):
    zones = [
        {name: built[variant][name]["Properties"]["AvailabilityZone"] for name in instances(built["alone"])}
        for variant in ("alone", "large")
    ]

    assert zones[0] == zones[1]
