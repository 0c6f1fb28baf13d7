"""Whatever somebody asks of a cluster: a template that keeps the promises, or an `InvalidOptions` that says why."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cdk_standby._checks import InvalidOptions
from cdk_standby.relational._restore import Restore
from cdk_standby.relational.aurora import AuroraCluster, SecretReplica

KEY = "arn:aws:kms:eu-west-1:111111111111:key/12345678-1234-1234-1234-123456789012"
PARTS = (
    "AWS::RDS::DBCluster",
    "AWS::RDS::DBInstance",
    "AWS::RDS::DBSubnetGroup",
    "AWS::RDS::DBClusterParameterGroup",
    "AWS::RDS::DBParameterGroup",
    "AWS::SecretsManager::Secret",
    "AWS::EC2::SecurityGroup",
    "AWS::Logs::LogGroup",
)

reasons = st.sampled_from([None, "a lab"])
seconds = st.integers(0, 200_000).map(cdk.Duration.seconds)
replicas = st.sampled_from(["eu-central-1", "eu-west-1", "us-east-1", "eu-wset-1"]).map(
    lambda region: SecretReplica(region=region, key="alias/shop")
)
anything = st.fixed_dictionaries(
    {
        "engine": st.sampled_from(["aurora-postgresql", "aurora-mysql", "postgres"]),
        "version": st.sampled_from(["17.4", "16.6", "8.0.mysql_aurora.3.08.0", "17", ""]),
    },
    optional={
        "instance": st.sampled_from(
            ["r7g.large", "t4g.medium", "r4.large", "m7g.large", "x2g.xlarge", "db.r7g.large", ""]
        ),
        "serverless": st.none()
        | st.tuples(st.sampled_from([0, 0.5, 0.3, 8, 300]), st.sampled_from([0.5, 1, 8, 256, 512])),
        "serverless_members": st.none() | st.lists(st.integers(0, 5), max_size=3).map(tuple),
        "pause_after": st.none() | seconds,
        "auto_pause_known": st.booleans(),
        "readers": st.integers(-1, 17),
        "no_readers_because": reasons,
        "promotion_tiers": st.none() | st.lists(st.integers(-1, 16), max_size=4).map(tuple),
        "smaller_standby_because": reasons,
        "restore": st.sampled_from(
            [None, Restore(), Restore.from_snapshot("shop"), Restore.to_time("shop", "noon"), Restore.clone_of("shop")]
        ),
        "founder": st.booleans(),
        "storage": st.sampled_from([None, "aurora", "aurora-iopt1", "gp3"]),
        "data_api": st.sampled_from([None, True, False]),
        "certificate_authority": st.sampled_from([None, "rds-ca-ecc384-g1", "rds-ca-2019"]),
        "no_extended_support_because": reasons,
        "cluster_identifier": st.sampled_from([None, "shop-database", "Shop", "-shop", "shop--database", "s" * 64]),
        "global_cluster": st.sampled_from([None, "shop-database", "shop_database"]),
        "secondary": st.booleans(),
        "headless_because": reasons,
        "global_write_forwarding": st.booleans(),
        "rpo_cap": st.none() | seconds,
        "database_name": st.sampled_from([None, "app", "1app", "a" * 64]),
        "master_username": st.sampled_from(["clusteradmin", "shop", "1shop", "a" * 17]),
        "secret_name": st.sampled_from([None, "shop/database"]),
        "secret_replicas": st.lists(replicas, max_size=2).map(tuple),
        "backup_retention": st.none() | st.integers(0, 40).map(cdk.Duration.days) | st.just(cdk.Duration.hours(36)),
        "backup_window": st.sampled_from(["01:00-01:45", "23:45-00:30", "01:00-01:10", "03:00-04:00", "1-2"]),
        "maintenance_window": st.sampled_from(
            ["sun:02:30-sun:03:30", "Sun:23:45-Mon:00:15", "mon:01:00-mon:01:05", "daily"]
        ),
        "monitoring_interval": st.sampled_from([0, 1, 7, 60]),
        "deletable_because": reasons,
    },
)
usual = st.fixed_dictionaries(
    {"engine": st.just("aurora-postgresql"), "version": st.just("17.4")},
    optional={
        "readers": st.integers(1, 14),
        "global_cluster": st.sampled_from([None, "shop-database"]),
        "cluster_identifier": st.sampled_from([None, "shop-database-eu-west-1"]),
        "serverless": st.sampled_from([None, (0, 1), (8, 256)]),
        "restore": st.sampled_from([None, Restore.from_snapshot("shop"), Restore.to_latest("shop")]),
        "storage": st.sampled_from([None, "aurora-iopt1"]),
        "data_api": st.booleans(),
        "secret_name": st.sampled_from([None, "shop/database"]),
        "backup_retention": st.none() | st.integers(1, 35).map(cdk.Duration.days),
        "deletable_because": reasons,
    },
).map(lambda options: options | ({"founder": False} if options.get("global_cluster") is None else {"founder": True}))


@pytest.fixture(scope="module")
def attempt(make_stack: Callable[..., cdk.Stack], template: Callable[..., Any]) -> Callable[..., dict[str, Any] | None]:
    """The resources of a cluster with these options, or None when they were refused."""

    def build(options: dict[str, Any], **stack_options: Any) -> dict[str, Any] | None:
        stack = make_stack(**stack_options)
        vpc = ec2.Vpc.from_vpc_attributes(
            stack,
            "Vpc",
            vpc_id="vpc-0123456789abcdef0",
            availability_zones=["eu-west-1a", "eu-west-1b", "eu-west-1c"],
            isolated_subnet_ids=[f"subnet-0aaaaaaaaaaaaaaa{n}" for n in range(3)],
            isolated_subnet_route_table_ids=[f"rtb-0aaaaaaaaaaaaaaa{n}" for n in range(3)],
        )
        try:
            AuroraCluster(stack, "Database", vpc=vpc, key=kms.Key.from_key_arn(stack, "Key", KEY), **options)
        except InvalidOptions as refused:
            return None if refused.problems else {}
        return dict(template(stack)["Resources"])

    return build


def promises_are_kept(resources: dict[str, Any], options: dict[str, Any]) -> None:
    by_type = [(r["Type"], r) for r in resources.values()]
    [cluster] = [r["Properties"] for kind, r in by_type if kind == "AWS::RDS::DBCluster"]
    instances = [r["Properties"] for kind, r in by_type if kind == "AWS::RDS::DBInstance"]
    deletable = options.get("deletable_because")

    assert cluster["StorageEncrypted"] is True
    assert cluster["KmsKeyId"] == KEY
    assert cluster["DeletionProtection"] is not bool(deletable)
    assert 1 <= cluster["BackupRetentionPeriod"] <= 35
    inherited = bool(options.get("secondary") or options.get("restore"))
    assert ("MasterUsername" in cluster) is not inherited
    if not deletable:
        kept = {(kind, r.get("DeletionPolicy"), r.get("UpdateReplacePolicy")) for kind, r in by_type if kind in PARTS}
        assert kept == {(kind, "Retain", "Retain") for kind, _, _ in kept}
    if options.get("headless_because"):
        assert instances == []
        return
    assert len(instances) == options.get("readers", 2) + 1 <= 16
    assert len({i["AvailabilityZone"] for i in instances}) == min(3, len(instances))
    tiers = options.get("promotion_tiers") or [0, *[1] * 15]
    assert [i["PromotionTier"] for i in instances] == list(tiers[: len(instances)])


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(options=anything)
def test_any_options_are_built_or_refused(attempt, options):
    resources = attempt(options)

    if resources is not None:
        promises_are_kept(resources, options)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(options=usual)
def test_reasonable_options_are_built(attempt, options):
    resources = attempt(options)

    assert resources is not None
    promises_are_kept(resources, options)


@pytest.mark.parametrize("option", ["engine", "version", "readers"])
def test_what_resources_are_made_after_has_to_be_known_at_synth(attempt, option):
    token = cdk.Token.as_number({"Ref": "Readers"}) if option == "readers" else cdk.Aws.STACK_NAME
    options = {"engine": "aurora-postgresql", "version": "17.4", option: token}

    assert attempt(options) is None


@pytest.mark.parametrize("option", ["cluster_identifier", "global_cluster", "instance", "database_name", "secret_name"])
def test_names_known_only_at_deployment_are_taken_as_they_are(attempt, option):
    options = {"engine": "aurora-postgresql", "version": "17.4", option: cdk.Aws.STACK_NAME}

    resources = attempt(options)

    assert resources is not None
    assert "${Token[" not in str(resources)


@pytest.mark.parametrize("option", ["pause_after", "backtrack", "backup_retention"])
def test_a_duration_known_only_at_deployment_is_taken_in_the_unit_of_aws(attempt, option):
    mysql = {"engine": "aurora-mysql", "version": "8.0.mysql_aurora.3.08.0", "serverless": (0, 1)}
    number = cdk.Token.as_number({"Ref": "Number"})
    ours = cdk.Duration.days if option == "backup_retention" else cdk.Duration.seconds

    assert attempt({**mysql, option: cdk.Duration.minutes(number)}) is None
    assert attempt({**mysql, option: ours(number)}) is not None
