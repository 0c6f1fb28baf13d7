"""Features of a cluster that engine, version or company decide about."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms

from cdk_standby._checks import InvalidOptions
from cdk_standby.relational.aurora import AuroraCluster, SecretReplica

CLUSTER = "AWS::RDS::DBCluster"
GUIDE = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/"
POSTGRESQL = {"engine": "aurora-postgresql", "version": "17.4"}
MYSQL = {"engine": "aurora-mysql", "version": "8.0.mysql_aurora.3.08.0"}


def build(stack: cdk.Stack, *, zones: str = "abc", **options: Any) -> AuroraCluster:
    vpc = ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-0123456789abcdef0",
        availability_zones=[f"eu-west-1{zone}" for zone in zones],
        isolated_subnet_ids=[f"subnet-{zone}" for zone in zones],
        isolated_subnet_route_table_ids=[f"rtb-{zone}" for zone in zones],
    )
    return AuroraCluster(stack, "Database", vpc=vpc, key=kms.Key(stack, "Key"), **options)


@pytest.fixture
def made(make_stack: Callable[..., cdk.Stack], template: Callable[..., Any]) -> Callable[..., Any]:
    """The template of a cluster with these options."""

    def make(**options: Any) -> Any:
        stack = make_stack()
        build(stack, **options)
        return template(stack)

    return make


@pytest.fixture
def refusal(make_stack: Callable[..., cdk.Stack]) -> Callable[..., str]:
    """The whole message for options that cannot work."""

    def message(**options: Any) -> str:
        with pytest.raises(InvalidOptions) as error:
            build(make_stack(), **options)
        return str(error.value)

    return message


@pytest.mark.capability("AUR-23")
def test_mysql_is_wound_back_as_far_as_asked(made, resources):
    [cluster] = resources(made(**MYSQL, backtrack=cdk.Duration.hours(72)), CLUSTER).values()

    assert cluster["BacktrackWindow"] == 259200


@pytest.mark.capability("AUR-23")
@pytest.mark.parametrize(
    ("options", "got"),
    [
        ({**POSTGRESQL, "backtrack": cdk.Duration.hours(1)}, "1 hour"),
        ({**MYSQL, "backtrack": cdk.Duration.hours(80)}, "3 days 8 hours"),
        ({**MYSQL, "backtrack": cdk.Duration.hours(1), "global_cluster": "shop-database"}, "1 hour"),
        ({**MYSQL, "backtrack": cdk.Duration.millis(1500)}, "1 second 500 millis"),
    ],
    ids=["postgresql", "80 hours", "global", "half a second"],
)
def test_other_backtracks_are_refused(refusal, options, got):
    assert refusal(**options) == (
        f"Test/Database: 'backtrack' is {got}; allowed: 1 second to 72 hours, in whole seconds, for MySQL outside of a "
        "global database, because backtrack goes back 72 hours at most, on Aurora MySQL outside of global databases "
        f"({GUIDE}AuroraMySQL.Managing.Backtrack.html)"
    )


@pytest.mark.capability("AUR-22")
@pytest.mark.parametrize("version", ["14.13", "15.8", "16.4", "17.4"])
def test_readers_forward_writes(made, resources, version):
    options = {"engine": "aurora-postgresql", "version": version, "local_write_forwarding": True}

    [cluster] = resources(made(**options), CLUSTER).values()

    assert cluster["EnableLocalWriteForwarding"] is True


@pytest.mark.capability("AUR-22")
@pytest.mark.parametrize(
    ("engine", "version"),
    [
        ("aurora-postgresql", "13.20"),
        ("aurora-postgresql", "15.7"),
        ("aurora-postgresql", "16.3"),
        ("aurora-mysql", "8.0.mysql_aurora.3.03.1"),
    ],
)
def test_readers_of_an_older_version_forward_nothing(refusal, engine, version):
    assert refusal(engine=engine, version=version, local_write_forwarding=True) == (
        "Test/Database: 'local_write_forwarding' is True; allowed: False for this version, because readers forward "
        "writes from Aurora MySQL 3.04 and Aurora PostgreSQL 16.4, 15.8 and 14.13 on "
        f"({GUIDE}aurora-postgresql-write-forwarding.html)"
    )


def test_rds_manages_the_password_of_a_cluster_that_stands_alone(make_stack, template, resources, flags, findings):
    stack = make_stack(flags=flags)
    database = build(stack, **POSTGRESQL, managed_password=True)
    reader = iam.Role(stack, "Reader", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"))
    database.grant_connect(reader)
    built = template(stack)

    [(name, cluster)] = resources(built, CLUSTER).items()
    assert cluster["ManageMasterUserPassword"] is True
    assert cluster["MasterUserSecret"]["KmsKeyId"]
    assert "MasterUserPassword" not in cluster
    assert resources(built, "AWS::SecretsManager::Secret") == {}
    [policy] = resources(built, "AWS::IAM::Policy").values()
    assert policy["PolicyDocument"]["Statement"][0]["Resource"] == {"Fn::GetAtt": [name, "MasterUserSecret.SecretArn"]}
    assert [rule for rule, path in findings(stack.node.root) if path.startswith("Test/Database")] == []


def test_rds_manages_no_password_of_a_global_database(refusal):
    assert refusal(**POSTGRESQL, managed_password=True, global_cluster="shop-database") == (
        "Test/Database: 'managed_password' is True; allowed: False for a member of a global database, which has a "
        "secret with replicas instead, because RDS does not manage passwords for members of a global database "
        f"({GUIDE}rds-secrets-manager.html)"
    )


@pytest.mark.parametrize(
    ("option", "value"),
    [("secret_name", "shop/database"), ("secret_replicas", [SecretReplica(region="eu-central-1", key="alias/shop")])],
)
def test_a_secret_that_rds_manages_is_neither_named_nor_copied(refusal, option, value):
    said = refusal(**POSTGRESQL, managed_password=True, **{option: value})

    assert said.startswith(f"Test/Database: '{option}' is ")
    assert said.endswith(
        "; allowed: nothing with 'managed_password', because RDS names the secret that it manages, and keeps it in one "
        f"Region ({GUIDE}rds-secrets-manager.html)"
    )


@pytest.mark.capability("AUR-01")
def test_the_data_is_put_where_the_instances_are(made, resources):
    built = made(**POSTGRESQL, zones="fedcba")

    [group] = resources(built, "AWS::RDS::DBSubnetGroup").values()
    instances = resources(built, "AWS::RDS::DBInstance").values()
    assert sorted(group["SubnetIds"]) == ["subnet-a", "subnet-b", "subnet-c"]
    assert sorted(one["AvailabilityZone"] for one in instances) == ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
