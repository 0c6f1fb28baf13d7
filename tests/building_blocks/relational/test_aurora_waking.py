"""Instances of a headless secondary that wait for a parameter: only there, and of its own stack."""

from __future__ import annotations

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms

from cdk_standby import InvalidOptions
from cdk_standby.relational.aurora import AuroraCluster

MEMBER = {"engine": "aurora-postgresql", "version": "17.4", "global_cluster": "shop-database"}
DISASTER = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database-disaster-recovery.html"
CONDITIONS = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/conditions-section-structure.html"


@pytest.fixture
def build(make_stack):
    def cluster(stack, **options):
        vpc = ec2.Vpc.from_vpc_attributes(
            stack,
            "Vpc",
            vpc_id="vpc-0123456789abcdef0",
            availability_zones=[f"eu-west-1{letter}" for letter in "abc"],
            isolated_subnet_ids=[f"subnet-{letter}" for letter in "abc"],
            isolated_subnet_route_table_ids=[f"rtb-{letter}" for letter in "abc"],
        )
        key = kms.Key.from_key_arn(stack, "Key", "arn:aws:kms:eu-west-1:111111111111:key/0123")
        return AuroraCluster(stack, "Database", vpc=vpc, key=key, **MEMBER, **options)

    return cluster


def test_what_waits_is_not_counted_among_the_instances(make_stack, build, template):
    stack = make_stack()
    asked = cdk.CfnParameter(stack, "Asked", default="none", allowed_values=["none", "one", "all"])

    cluster = build(stack, secondary=True, headless_because="a pilot light", woken_by=asked, readers=1)

    assert cluster.instances == ()
    assert sorted(
        one["Condition"] for one in template(stack)["Resources"].values() if one["Type"] == "AWS::RDS::DBInstance"
    ) == ["DatabaseEveryInstanceCFBC6913", "DatabaseSomeInstancesECAD59A9"]


def test_only_a_secondary_waits_and_for_a_parameter_of_its_own_stack(make_stack, build):
    here, elsewhere = make_stack(), make_stack(name="Elsewhere")
    asked = cdk.CfnParameter(elsewhere, "Asked")

    with pytest.raises(InvalidOptions) as caught:
        build(here, woken_by=asked)

    assert str(caught.value).splitlines() == [
        "Test/Database: 'woken_by' is 'Elsewhere/Asked'; allowed: a parameter for a secondary only, because only a "
        f"secondary can be without instances, and wait for them ({DISASTER})",
        "Test/Database: 'woken_by' is 'Elsewhere/Asked'; allowed: a parameter of the stack that the cluster is in, "
        f"because a condition reads parameters of its own template only ({CONDITIONS})",
    ]
