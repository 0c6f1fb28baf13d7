"""Whatever somebody asks of a Multi-AZ DB cluster: a template that keeps the promises, or an `InvalidOptions`."""

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
from cdk_standby.relational.multi_az_cluster import MultiAzCluster

KEY = "arn:aws:kms:eu-west-1:111111111111:key/12345678-1234-1234-1234-123456789012"

reasons = st.sampled_from([None, "a lab"])
anything = st.fixed_dictionaries(
    {
        "engine": st.sampled_from(["postgres", "mysql", "mariadb", "aurora-postgresql", ""]),
        "version": st.sampled_from(["17.6", "18.1", "8.4.6", "8.0.42", "5.7.44", "12.22", "17", "", "latest"]),
    },
    optional={
        "instance": st.sampled_from(["r6gd.large", "c6gd.medium", "m6gd.medium", "r7g.large", "db.m5d.large", ""]),
        "storage": st.sampled_from([0, -1, 20, 100, 399, 400, 65536, 65537]),
        "storage_type": st.sampled_from(["gp3", "io1", "io2", "gp2", ""]),
        "iops": st.sampled_from([None, 0, 1000, 3000, 5000, 12000, 64000, 300000]),
        "cluster_identifier": st.sampled_from([None, "shop", "Shop", "-shop", "shop--database", "s" * 53]),
        "database_name": st.sampled_from([None, "app", "1app", "a" * 64]),
        "master_username": st.sampled_from(["clusteradmin", "admin", "1shop", "a" * 17]),
        "managed_password": st.booleans(),
        "secret_name": st.sampled_from([None, "shop/database"]),
        "restore": st.sampled_from([None, Restore(), Restore.from_snapshot("s"), Restore.to_latest("other")]),
        "backup_retention": st.none() | st.integers(0, 40).map(cdk.Duration.days) | st.just(cdk.Duration.hours(36)),
        "backup_window": st.sampled_from(["01:00-01:45", "01:00-01:10", "02:45-03:30", "1-2"]),
        "log_types": st.sampled_from([None, (), ("postgresql",), ("error", "audit")]),
        "monitoring_interval": st.sampled_from([0, 1, 7, 60]),
        "no_monitoring_because": reasons,
        "insights": st.sampled_from(["advanced", "standard", "premium"]),
        "parameters": st.sampled_from([None, {}, {"rds.force_ssl": "0"}, {"work_mem": "8192"}]),
        "plaintext_because": reasons,
        "deletable_because": reasons,
    },
)
usual = st.fixed_dictionaries(
    {"engine": st.just("postgres"), "version": st.sampled_from(["17.6", "18.1"])},
    optional={
        "instance": st.sampled_from(["r6gd.large", "c6gd.medium", "x2iedn.xlarge"]),
        "storage": st.integers(20, 65536),
        "cluster_identifier": st.sampled_from([None, "shop"]),
        "managed_password": st.booleans(),
        "backup_retention": st.none() | st.integers(1, 35).map(cdk.Duration.days),
        "deletable_because": reasons,
    },
)


@pytest.fixture(scope="module")
def attempt(make_stack: Callable[..., cdk.Stack], template: Callable[..., Any]) -> Callable[..., dict[str, Any] | None]:
    """The resources of a cluster with these options, or None when they were refused."""

    def build(options: dict[str, Any]) -> dict[str, Any] | None:
        stack = make_stack()
        vpc = ec2.Vpc.from_vpc_attributes(
            stack,
            "Vpc",
            vpc_id="vpc-0123456789abcdef0",
            availability_zones=["eu-west-1a", "eu-west-1b", "eu-west-1c"],
            isolated_subnet_ids=[f"subnet-0aaaaaaaaaaaaaaa{n}" for n in range(3)],
            isolated_subnet_route_table_ids=[f"rtb-0aaaaaaaaaaaaaaa{n}" for n in range(3)],
        )
        try:
            MultiAzCluster(stack, "Database", vpc=vpc, key=kms.Key.from_key_arn(stack, "Key", KEY), **options)
        except InvalidOptions as refused:
            return None if refused.problems else {}
        return dict(template(stack)["Resources"])

    return build


def promises_are_kept(resources: dict[str, Any], options: dict[str, Any]) -> None:
    [(cluster, data)] = [
        (r["Properties"], r["DeletionPolicy"]) for r in resources.values() if r["Type"] == "AWS::RDS::DBCluster"
    ]
    deletable = options.get("deletable_because")

    assert cluster["KmsKeyId"] == KEY
    assert cluster["DeletionProtection"] is not bool(deletable)
    assert data == ("Snapshot" if deletable else "Retain")
    assert 1 <= cluster["BackupRetentionPeriod"] <= 35
    assert {"AllocatedStorage", "Iops", "StorageType", "DBClusterInstanceClass"} <= set(cluster)
    assert ("MasterUsername" in cluster) is (options.get("restore") is None)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(options=anything)
def test_any_options_are_built_or_refused(attempt, options):
    resources = attempt(options)

    if resources is not None:
        promises_are_kept(resources, options)


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(options=usual)
def test_reasonable_options_are_built(attempt, options):
    resources = attempt(options)

    assert resources is not None
    promises_are_kept(resources, options)


@pytest.mark.parametrize("option", ["engine", "version", "storage", "iops", "storage_type"])
def test_what_resources_are_made_after_has_to_be_known_at_synth(attempt, option):
    number = option in ("storage", "iops")
    token = cdk.Token.as_number({"Ref": "Number"}) if number else cdk.Aws.STACK_NAME

    assert attempt({"engine": "postgres", "version": "17.6", option: token}) is None


def test_names_known_only_at_deployment_are_taken_as_they_are(attempt):
    names = ("cluster_identifier", "instance", "database_name", "secret_name")

    resources = attempt({"engine": "postgres", "version": "17.6", **dict.fromkeys(names, cdk.Aws.STACK_NAME)})

    assert resources is not None
    assert "${Token[" not in str(resources)
