"""Whatever somebody asks of a replica: a template that keeps the promises, or an `InvalidOptions` that says why."""

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
from cdk_standby.relational.read_replica import ReadReplica, SourceInstance
from cdk_standby_review.facts import rds_engines

KEY = "arn:aws:kms:eu-west-1:111111111111:key/12345678-1234-1234-1234-123456789012"

reasons = st.sampled_from([None, "a lab"])
engines = st.sampled_from([*rds_engines.EXAMPLES, "aurora-mysql", "sqlserver-ex", ""])
sources = st.builds(
    lambda engine, **known: SourceInstance(
        identifier="shop", engine=engine, **{"version": rds_engines.EXAMPLES.get(engine, "1.2"), **known}
    ),
    engine=engines,
    region=st.sampled_from(["eu-west-1", "eu-central-1", "us-east-1"]),
    cluster=st.booleans(),
    backup_retention=st.sampled_from([0, 1, 14]).map(cdk.Duration.days),
    managed_password=st.booleans(),
    depth=st.integers(0, 4),
    replicas=st.sampled_from([0, 2, 4, 14, 15]),
    regions=st.sampled_from([(), ("eu-central-1",), ("us-east-1", "eu-central-1")]),
    maintenance_window=st.sampled_from([None, "mon:02:30-mon:03:30", "sun:23:30-mon:00:30", "never"]),
    storage=st.sampled_from([20, 100, 500]),
) | st.just(SourceInstance(identifier="shop", engine="postgres", region="eu-west-1", version="13.20"))
anything = st.fixed_dictionaries(
    {"source": sources},
    optional={
        "promoted_because": reasons,
        "promoted_by_api": st.booleans(),
        "version": st.sampled_from([None, "17.7", "18.1", "8.4.7", "8.4", "", "latest"]),
        "instance": st.sampled_from([None, "r7g.large", "r7i.large", "t4g.micro", "db.r7g.large", ""]),
        "single_az_because": reasons,
        "zone": st.sampled_from([None, "eu-west-1a", "eu-central-1a", ""]),
        "instance_identifier": st.sampled_from([None, "shop", "Shop-2", "-shop", "s" * 64]),
        "replica_mode": st.sampled_from([None, "mounted", "open-read-only", "open"]),
        "ibm_customer_id": st.sampled_from([None, "12345"]),
        "ibm_site_id": st.sampled_from([None, "67890"]),
        "storage": st.sampled_from([None, 1, 100, 400, 70000]),
        "max_storage": st.sampled_from([None, 100, 1000]),
        "storage_type": st.sampled_from([None, "gp3", "io1", "gp2"]),
        "iops": st.sampled_from([None, 0, 3000, 12000]),
        "backup_retention": st.none() | st.sampled_from([0, 7, 36]).map(cdk.Duration.days),
        "no_backups_because": reasons,
        "maintenance_window": st.sampled_from([None, "mon:02:45-mon:03:30", "tue:02:30-tue:03:30", "daily"]),
        "major_upgrades": st.booleans(),
        "log_types": st.sampled_from([None, ("postgresql",), ("audit",), ()]),
        "monitoring_interval": st.sampled_from([0, 7, 60]),
        "no_monitoring_because": reasons,
        "insights": st.sampled_from(["standard", "advanced", "premium"]),
        "option_group": st.sampled_from([None, "audit"]),
        "parameters": st.sampled_from([None, {"rds.force_ssl": "0"}, {"work_mem": "8192"}]),
        "deletable_because": reasons,
    },
)
IBM = {"ibm_customer_id": "12345", "ibm_site_id": "67890"}
SINGLE = {"single_az_because": "reads only", "zone": "eu-west-1b"}
OF_ENGINE: dict[str, dict[str, Any]] = {"db2-ae": IBM, "db2-se": IBM, "sqlserver-ee": SINGLE}
usual = st.fixed_dictionaries(
    {
        "engine": st.sampled_from(["postgres", "mysql", "mariadb", "oracle-ee", "sqlserver-ee", "db2-se"]),
        "region": st.sampled_from(["eu-west-1", "eu-central-1"]),
    },
    optional={
        "promoted_because": reasons,
        "storage": st.sampled_from([200, 1000]),
        "instance_identifier": st.sampled_from([None, "shop-2"]),
        "deletable_because": reasons,
        "monitoring_interval": st.sampled_from([1, 60]),
    },
)


@pytest.fixture(scope="module")
def attempt(make_stack: Callable[..., cdk.Stack], template: Callable[..., Any]) -> Callable[..., dict[str, Any] | None]:
    """The resources of a replica with these options, or None when they were refused."""

    def build(options: dict[str, Any]) -> dict[str, Any] | None:
        stack = make_stack()
        vpc = ec2.Vpc.from_vpc_attributes(
            stack,
            "Vpc",
            vpc_id="vpc-0123456789abcdef0",
            availability_zones=["eu-west-1a", "eu-west-1b"],
            isolated_subnet_ids=[f"subnet-0aaaaaaaaaaaaaaa{n}" for n in range(2)],
            isolated_subnet_route_table_ids=[f"rtb-0aaaaaaaaaaaaaaa{n}" for n in range(2)],
        )
        try:
            ReadReplica(stack, "Replica", vpc=vpc, key=kms.Key.from_key_arn(stack, "Key", KEY), **options)
        except InvalidOptions as refused:
            return None if refused.problems else {}
        return dict(template(stack)["Resources"])

    return build


def promises_are_kept(resources: dict[str, Any], options: dict[str, Any]) -> None:
    [(replica, policy)] = [
        (r["Properties"], r["DeletionPolicy"]) for r in resources.values() if r["Type"] == "AWS::RDS::DBInstance"
    ]
    deletable, promoted = options.get("deletable_because"), options.get("promoted_because")
    elsewhere = options["source"].region != "eu-west-1"
    follows = {"SourceDBInstanceIdentifier", "SourceDBClusterIdentifier"} & set(replica)

    assert len(follows) == (0 if promoted and not options.get("promoted_by_api") else 1)
    assert ("KmsKeyId" in replica) == ("SourceRegion" in replica) == elsewhere
    assert {"StorageEncrypted", "MasterUsername", "MasterUserPassword", "DBName", "Engine"} & set(replica) == set()
    assert replica["DeletionProtection"] is not bool(deletable)
    assert policy == ("Snapshot" if deletable else "Retain")
    assert replica["BackupRetentionPeriod"] >= (1 if promoted else 0)
    assert ("AvailabilityZone" in replica) is not replica["MultiAZ"]
    assert promoted or "DatabaseInsightsMode" not in replica


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(options=anything)
def test_any_options_are_built_or_refused(attempt, options):
    resources = attempt(options)

    if resources is not None:
        promises_are_kept(resources, options)


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(options=usual)
def test_reasonable_options_are_built(attempt, options):
    known = dict(options)
    engine, region = known.pop("engine"), known.pop("region")
    source = SourceInstance(
        identifier="shop", engine=engine, region=region, version=rds_engines.EXAMPLES[engine], storage=100
    )
    asked = {**OF_ENGINE.get(engine, {}), **known, "source": source}

    resources = attempt(asked)

    assert resources is not None
    promises_are_kept(resources, asked)


@pytest.mark.parametrize("option", ["version", "instance", "storage_type"])
def test_what_resources_are_made_after_has_to_be_known_at_synth(attempt, option):
    source = SourceInstance(identifier="shop", engine="postgres", region="eu-west-1", version="17.6")

    assert attempt({"source": source, option: cdk.Aws.STACK_NAME}) is None


def test_names_known_only_at_deployment_are_taken_as_they_are(attempt):
    source = SourceInstance(identifier="shop", engine="mysql", region="eu-west-1", version="8.4.6")
    names = ("instance_identifier", "secret_name", "option_group")

    resources = attempt({"source": source, **dict.fromkeys(names, cdk.Aws.STACK_NAME)})

    assert resources is not None
    assert "${Token[" not in str(resources)


@pytest.mark.parametrize("known", ["engine", "version"])
def test_a_source_of_which_too_little_is_known_is_refused(attempt, known):
    source = {"identifier": "shop", "engine": "postgres", "region": "eu-west-1", "version": "17.6"}

    assert attempt({"source": SourceInstance(**{**source, known: cdk.Aws.STACK_NAME})}) is None


def test_a_source_may_be_named_by_the_deployment(attempt):
    source = SourceInstance(identifier=cdk.Aws.STACK_NAME, engine="postgres", region="eu-central-1", version="17.6")

    resources = attempt({"source": source})

    assert resources is not None
    assert "${Token[" not in str(resources)
