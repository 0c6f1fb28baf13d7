"""Whatever somebody asks of an instance: a template that keeps the promises, or an `InvalidOptions` that says why."""

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
from cdk_standby.relational._credentials import SecretReplica
from cdk_standby.relational._engines import ENGINES
from cdk_standby.relational._restore import Restore
from cdk_standby.relational.multi_az_instance import BackupsTo, DatabaseOption, MultiAzInstance
from cdk_standby_review.facts import rds_engines

KEY = "arn:aws:kms:{}:111111111111:key/12345678-1234-1234-1234-123456789012"
INSTANCE = "AWS::RDS::DBInstance"
PARTS = (
    INSTANCE,
    "AWS::RDS::DBSubnetGroup",
    "AWS::RDS::DBParameterGroup",
    "AWS::RDS::OptionGroup",
    "AWS::SecretsManager::Secret",
    "AWS::EC2::SecurityGroup",
    "AWS::Logs::LogGroup",
)

reasons = st.sampled_from([None, "a lab"])
engines = st.sampled_from([*ENGINES, "sqlserver-ex", "aurora-mysql", ""])
versions = st.sampled_from([*set(rds_engines.EXAMPLES.values()), "17", "17.4", "99.1", "9.6", ""])
sizes = st.sampled_from([None, -1, 0, 19, 100, 110, 500, 17000, 70000])
replicas = st.sampled_from(["eu-central-1", "eu-west-1", "eu-wset-1"]).map(
    lambda region: SecretReplica(region=region, key="alias/shop")
)
copies = st.builds(
    BackupsTo,
    region=st.sampled_from(["eu-central-1", "eu-west-1", "eu-wset-1"]),
    key=st.sampled_from([KEY.format("eu-central-1"), KEY.format("eu-west-1"), "alias/shop"]),
    retention=st.sampled_from([0, 7, 36]).map(cdk.Duration.days) | st.just(cdk.Duration.hours(36)),
)
restores = st.sampled_from(
    [Restore.from_snapshot("shop"), Restore.to_latest("shop"), Restore.to_time("shop", "soon"), Restore()]
)
options = st.builds(
    DatabaseOption,
    name=st.sampled_from(["SSL", "MARIADB_AUDIT_PLUGIN", "Mirroring", "TIMEZONE"]),
    settings=st.sampled_from([{}, {"A": "B"}]),
    port=st.sampled_from([None, 2484]),
)
rest: dict[str, st.SearchStrategy[Any]] = {
    "instance": st.sampled_from([None, "r7g.large", "t3.micro", "r6i.large.tpc1.mem2x", "m6i.xlarge", "db.r7g.large"]),
    "license": st.sampled_from([None, "license-included", "bring-your-own-license", "marketplace-license"]),
    "ibm_customer_id": st.sampled_from([None, "1"]),
    "ibm_site_id": st.sampled_from([None, "2"]),
    "storage": sizes.filter(lambda size: size is not None),
    "max_storage": sizes,
    "fixed_storage_because": reasons,
    "storage_type": st.sampled_from(["gp3", "gp2", "io1", "io2", "standard"]),
    "iops": st.sampled_from([None, 0, 1000, 12000, 300000]),
    "throughput": st.sampled_from([None, 125, 500, 9000]),
    "single_az_because": reasons,
    "instance_identifier": st.sampled_from([None, "Shop", "-shop", "shop--database", "s" * 64]),
    "database_name": st.sampled_from([None, "shop", "1shop", "warehouse1"]),
    "character_set": st.sampled_from([None, "AL32UTF8"]),
    "timezone": st.sampled_from([None, "UTC"]),
    "master_username": st.sampled_from(["dbadmin", "SA", "admin", "1shop", "a" * 17]),
    "managed_password": st.booleans(),
    "secret_name": st.sampled_from([None, "shop/database"]),
    "secret_replicas": st.lists(replicas, max_size=2).map(tuple),
    "restore": st.none() | restores,
    "backup_retention": st.none() | st.integers(0, 40).map(cdk.Duration.days) | st.just(cdk.Duration.hours(36)),
    "backups_to": st.none() | copies,
    "backup_window": st.sampled_from(["01:00-01:45", "23:45-00:30", "01:00-01:10", "1-2"]),
    "maintenance_window": st.sampled_from(["sun:02:30-sun:03:30", "Sun:23:45-Mon:00:15", "mon:01:00-mon:02:00", ""]),
    "extended_support": st.booleans(),
    "outdated_because": reasons,
    "ca": st.sampled_from(["rds-ca-rsa2048-g1", "rds-ca-2019"]),
    "log_types": st.none() | st.lists(st.sampled_from(["error", "audit", "postgresql", "diag.log"]), max_size=2),
    "monitoring_interval": st.sampled_from([0, 7, 60]),
    "no_monitoring_because": reasons,
    "insights": st.sampled_from(["advanced", "standard", ""]),
    "no_insights_because": reasons,
    "parameters": st.sampled_from([None, {}, {"max_connections": "9"}, {"RDS.force_ssl": "0"}]),
    "options": st.lists(options, max_size=2),
    "plaintext_because": reasons,
    "deletable_because": reasons,
}
anything = st.fixed_dictionaries({"engine": engines, "version": versions}, optional=rest)


@st.composite
def reasonable(draw: st.DrawFn) -> dict[str, Any]:
    engine = draw(st.sampled_from(list(ENGINES)))
    ids = {"ibm_customer_id": "1", "ibm_site_id": "2"} if engine in ("db2-ae", "db2-se") else {}
    wanted = st.fixed_dictionaries(
        {"engine": st.just(engine), "version": st.just(rds_engines.EXAMPLES[engine])},
        optional={
            "storage": st.sampled_from([100, 500, 5000]),
            "instance_identifier": st.sampled_from([None, "shop-database"]),
            "managed_password": st.booleans(),
            "restore": st.sampled_from([None, Restore.from_snapshot("shop")]),
            "log_types": st.sampled_from([None, [ENGINES[engine].known_log_types[0]]]),
            "single_az_because": reasons,
            "plaintext_because": reasons,
            "deletable_because": reasons,
        },
    )
    return {**draw(wanted), **ids}


@pytest.fixture(scope="module")
def attempt(make_stack: Callable[..., cdk.Stack], template: Callable[..., Any]) -> Callable[..., dict[str, Any] | None]:
    """The resources of an instance with these options, or None when they were refused."""

    def build(options: dict[str, Any]) -> dict[str, Any] | None:
        stack = make_stack()
        vpc = ec2.Vpc.from_vpc_attributes(
            stack,
            "Vpc",
            vpc_id="vpc-0123456789abcdef0",
            availability_zones=["eu-west-1a", "eu-west-1b"],
            isolated_subnet_ids=["subnet-0aaaaaaaaaaaaaaa1", "subnet-0aaaaaaaaaaaaaaa2"],
            isolated_subnet_route_table_ids=["rtb-0aaaaaaaaaaaaaaa1", "rtb-0aaaaaaaaaaaaaaa2"],
        )
        key = kms.Key.from_key_arn(stack, "Key", KEY.format("eu-west-1"))
        try:
            MultiAzInstance(stack, "Database", vpc=vpc, key=key, **options)
        except InvalidOptions as refused:
            return None if refused.problems else {}
        return dict(template(stack)["Resources"])

    return build


def promises_are_kept(resources: dict[str, Any], options: dict[str, Any]) -> None:
    by_type = [(r["Type"], r) for r in resources.values()]
    [instance] = [r["Properties"] for kind, r in by_type if kind == INSTANCE]
    deletable, restored = options.get("deletable_because"), options.get("restore")

    assert instance["MultiAZ"] is not bool(options.get("single_az_because"))
    assert instance.get("StorageEncrypted") is (None if restored else True)
    assert instance["DeletionProtection"] is not bool(deletable)
    assert instance["PubliclyAccessible"] is False
    assert 1 <= instance["BackupRetentionPeriod"] <= 35
    assert ("MasterUsername" in instance) is not bool(restored)
    if not deletable:
        kept = {(kind, r.get("DeletionPolicy"), r.get("UpdateReplacePolicy")) for kind, r in by_type if kind in PARTS}
        assert kept == {(kind, "Retain", "Retain") for kind, _, _ in kept}


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(options=anything)
def test_any_options_are_built_or_refused(attempt, options):
    resources = attempt(options)

    if resources is not None:
        promises_are_kept(resources, options)


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(options=reasonable())
def test_reasonable_options_are_built(attempt, options):
    resources = attempt(options)

    assert resources is not None
    promises_are_kept(resources, options)


def test_names_known_only_at_deployment_are_taken_as_they_are(attempt):
    names = ("instance", "instance_identifier", "database_name", "master_username", "secret_name", "ca")

    resources = attempt({"engine": "postgres", "version": "17.6", **dict.fromkeys(names, cdk.Aws.STACK_NAME)})

    assert resources is not None
    assert "${Token[" not in str(resources)
