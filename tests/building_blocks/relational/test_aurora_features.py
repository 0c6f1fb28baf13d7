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


# Storage, lifecycle, and SQL over HTTPS


@pytest.mark.capability("AUR-29")
@pytest.mark.parametrize("storage", ["aurora", "aurora-iopt1", None])
def test_storage_is_paid_by_request_or_by_size_alone(made, resources, storage):
    [cluster] = resources(made(**POSTGRESQL, storage=storage), CLUSTER).values()

    assert cluster.get("StorageType") == storage


@pytest.mark.capability("AUR-29")
def test_other_storage_is_refused(refusal):
    assert refusal(**POSTGRESQL, storage="gp3") == (
        "Test/Database: 'storage' is 'gp3'; allowed: 'aurora', 'aurora-iopt1', because the first is paid by size and "
        "by request, the second by size alone, and either can follow the other "
        f"({GUIDE}Aurora.Overview.StorageReliability.html)"
    )


@pytest.mark.parametrize(
    ("options", "lifecycle"),
    [
        (POSTGRESQL, "open-source-rds-extended-support"),
        (
            {**POSTGRESQL, "no_extended_support_because": "upgraded in time"},
            "open-source-rds-extended-support-disabled",
        ),
        ({**POSTGRESQL, "global_cluster": "shop"}, None),
        ({**MYSQL, "global_cluster": "shop"}, "open-source-rds-extended-support"),
    ],
    ids=["alone", "refused", "member", "member of MySQL"],
)
def test_a_major_version_outlives_its_support_unless_a_reason_says_otherwise(made, resources, options, lifecycle):
    [cluster] = resources(made(**options), CLUSTER).values()

    assert cluster.get("EngineLifecycleSupport") == lifecycle


def test_a_member_leaves_its_lifecycle_to_the_container(refusal):
    assert refusal(**POSTGRESQL, global_cluster="shop", no_extended_support_because="upgraded in time") == (
        "Test/Database: 'no_extended_support_because' is 'upgraded in time'; allowed: nothing for a member: its "
        "`GlobalAurora` says it, because extended support of a global database is said by its container for "
        "PostgreSQL, and by its members for MySQL "
        "(https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-rds-globalcluster.html)"
    )


@pytest.mark.capability("AUR-18")
@pytest.mark.parametrize(
    ("data_api", "rendered"), [(True, True), (False, False), (None, None)], ids=["on", "off", "as it is"]
)
def test_sql_travels_over_https_when_told(made, resources, data_api, rendered):
    [cluster] = resources(made(**POSTGRESQL, data_api=data_api), CLUSTER).values()

    assert cluster.get("EnableHttpEndpoint") == rendered


@pytest.mark.capability("AUR-18")
@pytest.mark.parametrize(
    "version", ["13.11", "14.8", "15.3", "16.1", "17.4", "18.3", "8.0.mysql_aurora.3.07.0", "8.0.mysql_aurora.3.08.0"]
)
def test_provisioned_and_serverless_clusters_of_both_engines_have_the_data_api(make_stack, version):
    engine = MYSQL["engine"] if "mysql" in version else POSTGRESQL["engine"]

    built = build(make_stack(), engine=engine, version=version, data_api=True)

    assert built.cluster.enable_http_endpoint is True


@pytest.mark.capability("AUR-18")
@pytest.mark.parametrize(
    ("options", "allowed", "why"),
    [
        (
            {"version": "16.0"},
            "False for this version",
            "the Data API speaks to Aurora MySQL 3.07, and to Aurora PostgreSQL 18.3, 17.4, 16.1, 15.3, 14.8 and "
            f"13.11, and later ones ({GUIDE}Concepts.Aurora_Fea_Regions_DB-eng.Feature.Data_API.html)",
        ),
        (
            {"instance": "t4g.medium"},
            "False with burstable instances",
            f"the Data API does not speak to burstable instances ({GUIDE}data-api.limitations.html)",
        ),
    ],
    ids=["version", "class"],
)
def test_who_speaks_no_https_says_so(refusal, options, allowed, why):
    assert refusal(**{**POSTGRESQL, **options, "data_api": True}) == (
        f"Test/Database: 'data_api' is True; allowed: {allowed}, because {why}"
    )


@pytest.mark.capability("AUR-18")
def test_the_data_api_is_granted_with_credentials_and_key_and_no_more(make_stack, template, resources):
    stack = make_stack()
    database = build(stack, **POSTGRESQL, data_api=True)
    database.grant_data_api(iam.Role(stack, "Reader", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com")))
    built = template(stack)

    [cluster], [secret] = resources(built, CLUSTER), resources(built, "AWS::SecretsManager::Secret")
    [policy] = resources(built, "AWS::IAM::Policy").values()
    may = {str(s["Action"]): s["Resource"] for s in policy["PolicyDocument"]["Statement"]}
    [run, read, decrypt] = may.items()
    assert run == (
        "['rds-data:BatchExecuteStatement', 'rds-data:BeginTransaction', 'rds-data:CommitTransaction', "
        "'rds-data:ExecuteStatement', 'rds-data:RollbackTransaction']",
        {"Fn::GetAtt": [cluster, "DBClusterArn"]},
    )
    assert read[1] == {"Ref": secret}
    assert decrypt[0] == "kms:Decrypt"


@pytest.mark.capability("AUR-18")
@pytest.mark.parametrize(
    ("options", "got"),
    [
        ({}, "False"),
        ({"data_api": True, "global_cluster": "shop", "secondary": True}, "True, without credentials"),
    ],
    ids=["off", "without credentials"],
)
def test_nobody_is_granted_what_is_not_there(make_stack, options, got):
    stack = make_stack()
    database = build(stack, **POSTGRESQL, **options)

    with pytest.raises(InvalidOptions) as error:
        database.grant_data_api(iam.Role(stack, "Reader", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com")))

    assert str(error.value) == (
        f"Test/Database: 'data_api' is {got}; allowed: True, for a cluster whose credentials are known here, because "
        f"the Data API takes a secret with every statement ({GUIDE}data-api.access.html)"
    )


# What is no more


@pytest.mark.capability("AUR-15")
@pytest.mark.capability("AUR-16")
@pytest.mark.parametrize("engine", ["aurora", "aurora-multimaster", "aurora-serverless"])
def test_who_asks_for_multi_master_or_serverless_v1_is_led_to_what_came_after(refusal, engine):
    assert refusal(engine=engine, version="17.4") == (
        f"Test/Database: 'engine' is '{engine}'; allowed: 'aurora-postgresql', 'aurora-mysql', because MySQL 5.6 with "
        "Multi-Master ended in 2023, and Serverless v1 in 2025: an Aurora DSQL cluster takes writes in two Regions, "
        f"`serverless` scales, and write forwarding lets readers take writes ({GUIDE}Aurora.VersionPolicy.html)"
    )


@pytest.mark.capability("AUR-27")
@pytest.mark.parametrize("options", [POSTGRESQL, MYSQL], ids=["postgresql", "mysql"])
def test_both_engines_are_serverless(make_stack, options):
    built = build(make_stack(), **options, serverless=(0.5, 8))

    assert {one.db_instance_class for one in built.instances} == {"db.serverless"}
