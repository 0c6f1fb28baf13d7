"""The container of a global database, and what its members must agree on."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms

from cdk_standby._checks import InvalidOptions
from cdk_standby.relational.aurora import AuroraCluster
from cdk_standby.relational.global_aurora import GlobalAurora

GUIDE = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/"
SAME = (
    "a managed failover or switchover needs the same engine version in all Regions "
    f"({GUIDE}aurora-global-database-disaster-recovery.html)"
)
ONE = (
    "a global database has one cluster in a Region, and one of them is born with the data "
    f"({GUIDE}aurora-global-database.configuration.requirements.html)"
)


def container(stack: cdk.Stack, id: str = "Global", **options: Any) -> GlobalAurora:
    usual = {"engine": "aurora-postgresql", "version": "17.4", "identifier": "shop-database"}
    return GlobalAurora(stack, id, **{**usual, **options})


def member(stack: cdk.Stack, id: str = "Database", **options: Any) -> AuroraCluster:
    vpc = stack.node.try_find_child("Vpc") or ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-0123456789abcdef0",
        availability_zones=[f"{stack.region}a", f"{stack.region}b"],
        isolated_subnet_ids=["subnet-0a", "subnet-0b"],
        isolated_subnet_route_table_ids=["rtb-0a", "rtb-0b"],
    )
    key = stack.node.try_find_child("Key") or kms.Key(stack, "Key")
    usual = {
        "engine": "aurora-postgresql",
        "version": "17.4",
        "vpc": vpc,
        "key": key,
        "global_cluster": "Shop-Database",
    }
    return AuroraCluster(stack, id, **{**usual, **options})


@pytest.fixture(scope="module")
def world(make_stack: Callable[..., cdk.Stack], template: Callable[..., Any], flags: str) -> SimpleNamespace:
    usual = make_stack(flags=flags, name="Usual")
    built = container(usual, identifier="Shop-Database")
    lab = make_stack(name="Lab", app=usual.node.root)
    container(lab, identifier="lab", deletable_because="rebuilt nightly")
    return SimpleNamespace(app=usual.node.root, container=built, usual=template(usual), lab=template(lab))


def test_the_validators_find_nothing(world, findings, lint):
    assert findings(world.app) == []
    assert [*lint(world.usual), *lint(world.lab)] == []


@pytest.mark.capability("AUR-20")
def test_the_container_is_encrypted_protected_and_kept(world):
    assert world.usual["Resources"] == {
        "GlobalGlobalCluster657DC041": {
            "Type": "AWS::RDS::GlobalCluster",
            "Properties": {
                "DeletionProtection": True,
                "Engine": "aurora-postgresql",
                "EngineLifecycleSupport": "open-source-rds-extended-support",
                "EngineVersion": "17.4",
                "GlobalClusterIdentifier": "shop-database",
                "StorageEncrypted": True,
            },
            "DeletionPolicy": "Retain",
            "UpdateReplacePolicy": "Retain",
        }
    }
    assert world.container.identifier == "shop-database"


def test_a_reason_lets_it_go(world):
    [resource] = world.lab["Resources"].values()

    assert (resource["DeletionPolicy"], resource["UpdateReplacePolicy"]) == ("Delete", "Delete")
    assert resource["Properties"]["DeletionProtection"] is False
    assert world.lab["Metadata"]["cdk-standby:weakened"] == {"Lab/Global": {"deletable": "rebuilt nightly"}}


@pytest.mark.capability("AUR-06")
def test_the_writer_is_reached_by_one_name_wherever_it_is(world):
    [cluster] = world.usual["Resources"]

    endpoint = cdk.Stack.of(world.container).resolve(world.container.writer_endpoint)
    assert endpoint == {"Fn::GetAtt": [cluster, "GlobalEndpoint.Address"]}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"engine": "mysql"},
            "'engine' is 'mysql'; allowed: 'aurora-postgresql', 'aurora-mysql', because these are the engines of "
            f"Aurora ({GUIDE}CHAP_AuroraOverview.html)",
        ),
        (
            {"version": "17"},
            "'version' is '17'; allowed: a full version such as '17.4', because a version is written in full, since a "
            f"prefix means another one every few months ({GUIDE}Aurora.VersionPolicy.html)",
        ),
        (
            {"identifier": "shop_database"},
            "'identifier' is 'shop_database'; allowed: up to 63 letters, digits and single hyphens, starting with a "
            "letter, because members in other Regions join by this name "
            "(https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html)",
        ),
        (
            {"deletable_because": ""},
            "'deletable_because' is ''; allowed: a reason in words, because who reads the review must learn what made "
            "it acceptable",
        ),
    ],
    ids=lambda value: ",".join(value) if isinstance(value, dict) else "",
)
def test_options_that_cannot_work_are_refused(make_stack, options, message):
    with pytest.raises(InvalidOptions) as error:
        container(make_stack(), **options)

    assert str(error.value) == f"Test/Global: {message}"


# Members


@pytest.fixture
def sites(make_stack: Callable[..., cdk.Stack]) -> SimpleNamespace:
    home = make_stack(name="Home")
    return SimpleNamespace(home=home, away=make_stack(name="Away", app=home.node.root, region="eu-central-1"))


def refused(build: Callable[[], object]) -> str:
    with pytest.raises(InvalidOptions) as error:
        build()
    return str(error.value)


def test_members_that_agree_pass(sites):
    container(sites.home)
    member(sites.home)
    member(sites.away, secondary=True)


def test_a_secondary_of_another_version_is_refused(sites):
    member(sites.home)

    message = refused(lambda: member(sites.away, secondary=True, version="17.5"))

    assert message == f"Away/Database: 'version' is '17.5'; allowed: '17.4', as Home/Database has it, because {SAME}"


def test_a_member_of_another_engine_than_the_container_is_refused(sites):
    container(sites.home)

    message = refused(lambda: member(sites.away, engine="aurora-mysql", version="8.0.mysql_aurora.3.08.0"))

    assert message.splitlines() == [
        "Away/Database: 'engine' is 'aurora-mysql'; allowed: 'aurora-postgresql', as Home/Global has it, because "
        + SAME,
        "Away/Database: 'version' is '8.0.mysql_aurora.3.08.0'; allowed: '17.4', as Home/Global has it, because "
        + SAME,
    ]


def test_a_container_of_another_version_than_its_members_is_refused(sites):
    member(sites.home)

    message = refused(lambda: container(sites.home, version="16.8"))

    assert message == f"Home/Global: 'version' is '16.8'; allowed: '17.4', as Home/Database has it, because {SAME}"


def test_two_members_that_were_both_born_with_the_data_are_refused(sites):
    member(sites.home)

    message = refused(lambda: member(sites.away))

    assert message == (
        f"Away/Database: 'secondary' is False; allowed: True, since Home/Database was born with the data, because {ONE}"
    )


def test_two_members_in_one_region_are_refused(sites):
    member(sites.home)

    message = refused(lambda: member(sites.home, "Second", secondary=True))

    assert message == (
        "Home/Second: 'global_cluster' is 'shop-database'; allowed: that of a cluster in another Region than "
        f"eu-west-1, where Home/Database is, because {ONE}"
    )


def test_what_was_refused_is_no_member(sites):
    refused(lambda: member(sites.home, readers=0))

    member(sites.home, "Database2")


def test_other_accounts_other_apps_and_unknown_names_are_left_alone(make_stack, sites):
    member(sites.home)

    member(make_stack(name="Other", app=sites.home.node.root, account="222222222222"), version="16.8")
    member(make_stack(name="Home"), version="16.8")
    member(sites.away, version="16.8", global_cluster=cdk.Aws.NO_VALUE)


@pytest.mark.capability("AUR-20")
def test_a_global_database_follows_in_ten_regions_and_no_more(make_stack):
    regions = ["eu-west-1", "eu-west-2", "eu-west-3", "eu-north-1", "eu-south-1", "eu-central-1"]
    regions += ["us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1"]
    app = make_stack(name="Primary", region="ap-south-1").node.root
    member(app.node.find_child("Primary"))
    for region in regions[:-1]:
        member(make_stack(name=region, app=app, region=region), secondary=True)

    with pytest.raises(InvalidOptions) as error:
        member(make_stack(name="Eleventh", app=app, region=regions[-1]), secondary=True)

    assert str(error.value) == (
        "Eleventh/Database: 'global_cluster' is 'shop-database'; allowed: a global database with fewer than 10 "
        "secondary Regions, because a global database has ten secondary Regions at most "
        f"({GUIDE}aurora-global-database.html)"
    )


@pytest.mark.parametrize(
    ("options", "lifecycle"),
    [
        ({}, "open-source-rds-extended-support"),
        ({"no_extended_support_because": "upgraded in time"}, "open-source-rds-extended-support-disabled"),
        ({"engine": "aurora-mysql", "version": "8.0.mysql_aurora.3.08.0"}, None),
    ],
    ids=["left out", "refused", "MySQL"],
)
def test_the_container_says_how_long_a_major_version_lives(make_stack, options, lifecycle):
    assert container(make_stack(), **options).resource.engine_lifecycle_support == lifecycle


def test_the_container_of_mysql_leaves_that_to_its_members(make_stack):
    options = {"engine": "aurora-mysql", "version": "8.0.mysql_aurora.3.08.0"}

    with pytest.raises(InvalidOptions) as error:
        container(make_stack(), **options, no_extended_support_because="upgraded in time")

    assert str(error.value) == (
        "Test/Global: 'no_extended_support_because' is 'upgraded in time'; allowed: nothing for MySQL: each member "
        "says it, because extended support of a global database is said by its container for PostgreSQL, and by its "
        "members for MySQL "
        "(https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-rds-globalcluster.html)"
    )
