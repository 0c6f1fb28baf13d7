"""Promotion and failback, step by step, on the templates of both Regions; and what never replaces a replica."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from replacement import Together, create_only_options, described, in_place, lost, replacing

from cdk_standby.relational.multi_az_instance import MultiAzInstance
from cdk_standby.relational.read_replica import ReadReplica, SourceInstance

INSTANCE = "AWS::RDS::DBInstance"
HOME, AWAY = "eu-west-1", "eu-central-1"
KEY = "arn:aws:kms:{}:111111111111:key/12345678-1234-1234-1234-12345678901{}"
POSTGRES = {"engine": "postgres", "version": "17.6"}
CREATE_ONLY = (
    "CharacterSetName",
    "DBInstanceIdentifier",
    "DBName",
    "DBSubnetGroupName",
    "Engine",
    "KmsKeyId",
    "MasterUsername",
    "Port",
    "SourceRegion",
    "StorageEncrypted",
    "Timezone",
)
"""What CloudFormation makes another instance for, and the port, which nobody wants to move in the middle of a "
"failover."""


def place(stack: cdk.Stack, key: int = 2) -> dict[str, Any]:
    vpc = ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-0123456789abcdef0",
        availability_zones=[stack.region + zone for zone in "abc"],
        isolated_subnet_ids=[f"subnet-0aaaaaaaaaaaaaaa{n}" for n in range(3)],
        isolated_subnet_route_table_ids=[f"rtb-0aaaaaaaaaaaaaaa{n}" for n in range(3)],
    )
    return {"vpc": vpc, "key": kms.Key.from_key_arn(stack, "Key", KEY.format(stack.region, key))}


Regions = tuple[cdk.Stack, cdk.Stack]


def before(home: cdk.Stack, away: cdk.Stack) -> None:
    """The source at home, its replica away."""
    source = MultiAzInstance(home, "Database", **POSTGRES, instance_identifier="shop", **place(home))
    ReadReplica(away, "Replica", source=source, instance_identifier="shop-away", **place(away))


def promoted(home: cdk.Stack, away: cdk.Stack) -> None:
    """Home is lost, and its stack left alone."""
    source = MultiAzInstance(home, "Database", **POSTGRES, instance_identifier="shop", **place(home))
    ReadReplica(
        away, "Replica", source=source, instance_identifier="shop-away", promoted_because="home is lost", **place(away)
    )


def following(home: cdk.Stack, away: cdk.Stack) -> None:
    """Home is back: the old instance left the code, and is kept by hand; a new replica follows from there."""
    was = SourceInstance(identifier="shop", region=HOME, **POSTGRES)
    writer = ReadReplica(
        away, "Replica", source=was, instance_identifier="shop-away", promoted_because="home is lost", **place(away)
    )
    ReadReplica(home, "Database2", source=writer, instance_identifier="shop-2", **place(home))


def back(home: cdk.Stack, away: cdk.Stack) -> None:
    """In a quiet hour home writes again, and another replica follows away; the one of before leaves the code."""
    was = SourceInstance(identifier="shop-away", region=AWAY, **POSTGRES)
    writer = ReadReplica(
        home, "Database2", source=was, instance_identifier="shop-2", promoted_because="home is back", **place(home)
    )
    ReadReplica(away, "Replica2", source=writer, instance_identifier="shop-away-2", **place(away))


@pytest.fixture(scope="module")
def steps(make_stack: Callable[..., cdk.Stack], template: Callable[..., Any]) -> dict[str, SimpleNamespace]:
    """The templates of both Regions at each step, each in an app of its own."""
    made = {}
    for step in (before, promoted, following, back):
        home = make_stack(name="Home")
        away = make_stack(name="Away", region=AWAY, app=home.node.root)
        step(home, away)
        made[step.__name__] = SimpleNamespace(home=template(home), away=template(away))
    return made


def instances(template: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name.split("Instance")[0]: r["Properties"] for name, r in template["Resources"].items() if r["Type"] == INSTANCE
    }


@pytest.mark.capability("RDS-28")
def test_a_promotion_is_the_source_that_goes_and_changes_nothing_that_replaces(steps):
    [was], [now] = (instances(steps[step].away).values() for step in ("before", "promoted"))

    assert was["SourceDBInstanceIdentifier"] == "arn:aws:rds:eu-west-1:111111111111:db:shop"
    assert "SourceDBInstanceIdentifier" not in now
    assert {name: was.get(name) for name in CREATE_ONLY} == {name: now.get(name) for name in CREATE_ONLY}
    assert now["SourceRegion"] == HOME
    assert now["BackupRetentionPeriod"] >= 1
    assert lost(steps["before"].away, steps["promoted"].away) == []
    assert set(instances(steps["before"].away)) == set(instances(steps["promoted"].away))


@pytest.mark.capability("RDS-28")
def test_what_a_runbook_has_promoted_names_its_source_for_ever(make_stack, template):
    """CloudFormation would promote once more, RDS refuse, and every later deployment of the stack fail."""

    def built(**options: Any) -> dict[str, Any]:
        stack = make_stack(region=AWAY)
        was = SourceInstance(identifier="shop", region=HOME, **POSTGRES)
        replica = ReadReplica(stack, "Replica", source=was, **options, **place(stack))
        assert replica.depth == (0 if options else 1)
        return dict(template(stack))

    replica, settled = built(), built(promoted_because="home is lost", promoted_by_api=True)

    [was], [now] = (instances(one).values() for one in (replica, settled))
    assert now["SourceDBInstanceIdentifier"] == was["SourceDBInstanceIdentifier"]
    assert lost(replica, settled) == []
    assert "ReplicaLag" not in str(settled)


@pytest.mark.capability("RDS-28")
def test_a_promotion_leaves_the_region_that_is_lost_alone(steps):
    assert steps["before"].home == steps["promoted"].home


@pytest.mark.capability("RDS-28")
def test_home_follows_when_it_is_back_and_the_writer_does_not_move(steps):
    [follower] = instances(steps["following"].home).values()

    assert follower["SourceDBInstanceIdentifier"] == "arn:aws:rds:eu-central-1:111111111111:db:shop-away"
    assert (follower["SourceRegion"], follower["DBInstanceIdentifier"]) == (AWAY, "shop-2")
    assert lost(steps["promoted"].away, steps["following"].away) == []
    assert lost(steps["promoted"].home, steps["following"].home) == [f"{INSTANCE} deleted"]


@pytest.mark.capability("RDS-28")
def test_the_failback_promotes_home_in_place_and_makes_another_replica_away(steps):
    [writer], [follower] = instances(steps["back"].home).values(), instances(steps["back"].away).values()

    assert "SourceDBInstanceIdentifier" not in writer
    assert follower["SourceDBInstanceIdentifier"] == "arn:aws:rds:eu-west-1:111111111111:db:shop-2"
    assert lost(steps["following"].home, steps["back"].home) == []
    assert lost(steps["following"].away, steps["back"].away) == [f"{INSTANCE} deleted"]


@pytest.mark.parametrize(("step", "region"), [("before", "home"), ("following", "away")])
def test_what_leaves_the_code_stays_in_the_account(steps, step, region):
    """Two databases that were written to are compared before one is deleted, by hand."""
    resources = getattr(steps[step], region)["Resources"].values()

    kept = {r["DeletionPolicy"] for r in resources if r["Type"] == INSTANCE}
    assert kept == {"Retain"}


@pytest.mark.parametrize(("engine", "cluster"), [("postgres", False), ("postgres", True), ("sqlserver-ee", False)])
@pytest.mark.capability("RDS-28")
def test_a_promotion_in_the_region_of_the_source_replaces_nothing_either(make_stack, template, engine, cluster):
    versions = {"postgres": "17.6", "sqlserver-ee": "16.00.4215.2.v1"}
    single = {"single_az_because": "no standby", "zone": HOME + "a"} if engine == "sqlserver-ee" else {}

    def built(**options: Any) -> dict[str, Any]:
        stack = make_stack()
        known = {"identifier": "shop", "region": HOME, "version": versions[engine], "cluster": cluster}
        source = SourceInstance(engine=engine, **known)
        ReadReplica(stack, "Replica", source=source, **{**single, **options}, **place(stack))
        return dict(template(stack))

    replica, single_promoted = built(), built(promoted_because="the source is broken")
    multi = built(promoted_because="the source is broken", single_az_because=None, zone=None)

    assert lost(replica, single_promoted) == lost(replica, multi) == []
    [was], [now] = instances(replica).values(), instances(multi).values()
    source = "SourceDBClusterIdentifier" if cluster else "SourceDBInstanceIdentifier"
    assert was[source] == "shop"
    assert source not in now
    assert {name: was.get(name) for name in CREATE_ONLY} == {name: now.get(name) for name in CREATE_ONLY}
    assert (now["MultiAZ"], now["BackupRetentionPeriod"]) == (True, 14)


def test_only_options_that_say_so_replace_a_replica(make_stack, template):
    def built(*, key: int = 2, source: str = "shop", **options: Any) -> dict[str, Any]:
        stack = make_stack(region=AWAY)
        of = SourceInstance(identifier=source, region=HOME, engine="mysql", version="8.4.6")
        ReadReplica(stack, "Replica", source=of, **options, **place(stack, key))
        return dict(template(stack))

    single = {"single_az_because": "reads only", "zone": AWAY + "a"}
    at_once = Together(  # what replaces nothing together replaces nothing alone
        version="8.4.7",
        instance="r7g.4xlarge",
        storage=400,
        storage_type="io1",
        iops=2000,
        max_storage=500,
        secret_name="other",
        backup_retention=cdk.Duration.days(7),
        backup_window="05:00-05:45",
        maintenance_window="thu:02:30-thu:03:30",
        minor_upgrades=False,
        major_upgrades=True,
        ca="rds-ca-rsa4096-g1",
        log_types=["error"],
        log_retention=logs.RetentionDays.ONE_YEAR,
        monitoring_interval=0,
        no_monitoring_because="nobody looks",
        parameters={"max_connections": "100"},
        option_group="audit",
        plaintext_because="an old driver",
        deletable_because="a lab",
        alarm_thresholds={"Memory": 50},
        alarms_off_because={"Cpu": "noise"},
    )
    changes = {
        "source": "other",
        "key": 3,
        "zone": AWAY + "b",
        "instance_identifier": "other",
        "single_az_because": Together(single_az_because=None, zone=None),
        "promoted_because": Together(promoted_because="the source is lost", insights="advanced"),
        "promoted_by_api": Together(promoted_because="the source is lost", promoted_by_api=True),
        "no_backups_because": Together(
            no_backups_because="reads only",
            no_insights_because="nobody looks",
            fixed_storage_because="a lab",
            storage=400,
            throughput=600,
        ),
    }

    found = in_place(built, single, {**changes, "at once": at_once})

    assert replacing(found) == create_only_options(ReadReplica)
    changed = {name for one in (*changes.values(), at_once) if isinstance(one, Together) for name in one} | set(changes)
    of_oracle_and_db2 = {"replica_mode", "ibm_customer_id", "ibm_site_id"}
    untouched = {"scope", "id", "vpc", "subnets", "alarms"}
    assert set(described(ReadReplica)) - changed - of_oracle_and_db2 == untouched


def test_only_oracle_and_db2_have_modes_which_change_in_place(make_stack, template):
    def built(**options: Any) -> dict[str, Any]:
        stack = make_stack(region=AWAY)
        of = SourceInstance(
            identifier="shop", region=HOME, engine="db2-se", version="11.5.9.0.sb00063198.r1", license=None
        )
        ReadReplica(stack, "Replica", source=of, **options, **place(stack))
        return dict(template(stack))

    ids = {"ibm_customer_id": "1", "ibm_site_id": "2"}

    found = in_place(built, ids, {"replica_mode": "mounted", "ibm_customer_id": "3", "ibm_site_id": "4"})

    assert replacing(found) == set()
