"""Logical ids of an instance and its parts, what becomes of them, and which options replace them.

Apart from the other tests, because a new id is a deleted database: release it as a major version.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from replacement import Together, create_only_options, in_place, replacing

from cdk_standby.alarm_topic import AlarmTopic
from cdk_standby.relational._credentials import SecretReplica
from cdk_standby.relational._restore import Restore
from cdk_standby.relational.multi_az_instance import BackupsTo, DatabaseOption, MultiAzInstance

KEY = "arn:aws:kms:{}:111111111111:key/{}2345678-1234-1234-1234-123456789012"
INSTANCE = "AWS::RDS::DBInstance"
POSTGRES = {"engine": "postgres", "version": "17.6", "instance_identifier": "shop"}
ORACLE = {"engine": "oracle-se2", "version": "19.0.0.0.ru-2025-07.rur-2025-07.r1", "instance_identifier": "shop"}
VARIANTS: dict[str, dict[str, Any]] = {
    "usual": POSTGRES,
    "restored": {**POSTGRES, "restore": Restore.from_snapshot("shop-before-upgrade")},
    "newer": {
        **POSTGRES,
        "version": "18.1",
        "major_upgrades": True,
        "managed_password": True,
        "single_az_because": "a lab",
    },
    "oracle": ORACLE,
    "deletable": {**ORACLE, "deletable_because": "a lab"},
}
DATA = {
    INSTANCE: ["DatabaseInstance02E622FB"],
    "AWS::RDS::DBSubnetGroup": ["DatabaseSubnets56F17B9A"],
    "AWS::RDS::DBParameterGroup": ["DatabaseParametersF882294D"],
    "AWS::SecretsManager::Secret": ["DatabaseSecretC9203AE3"],
    "AWS::EC2::SecurityGroup": ["DatabaseSecurityGroup5C91FDCB"],
}
PARTS = (*DATA, "AWS::RDS::OptionGroup", "AWS::Logs::LogGroup", "AWS::IAM::Role")
ALONE: dict[str, Any] = {
    "engine": Together(engine="mysql", version="8.4.6"),
    "key": "other",
    "instance_identifier": "other",
    "database_name": "other",
    "master_username": "other",
    "restore": Restore.from_snapshot("shop-before-upgrade"),
}
"""Changed one by one, since each may replace the database."""
TOGETHER: list[dict[str, Any]] = [
    {
        "version": "17.7",
        "instance": "r7g.xlarge",
        "storage": 500,
        "max_storage": 800,
        "iops": 20000,
        "throughput": 800,
        "single_az_because": "a lab",
        "subnets": ec2.SubnetSelection(availability_zones=["eu-west-1a", "eu-west-1b"]),
        "secret_name": "other",
        "secret_replicas": (SecretReplica(region="eu-central-1", key="alias/shop"),),
        "backup_retention": cdk.Duration.days(7),
        "backups_to": BackupsTo(region="eu-central-1", key=KEY.format("eu-central-1", 1)),
        "backup_window": "04:00-05:00",
        "maintenance_window": "mon:02:30-mon:03:30",
        "minor_upgrades": False,
        "major_upgrades": True,
        "extended_support": True,
        "ca": "rds-ca-ecc384-g1",
        "log_types": ["postgresql"],
        "log_retention": logs.RetentionDays.ONE_YEAR,
        "monitoring_interval": 15,
        "insights": "standard",
        "parameters": {"max_connections": "500"},
        "plaintext_because": "an old driver",
        "alarms": "one",
        "alarm_thresholds": {"Cpu": 70},
    },
    {
        "vpc": "other",
        "storage_type": "io2",
        "iops": 3000,
        "fixed_storage_because": "the data has a known size",
        "managed_password": True,
        "secret_name": None,
        "outdated_because": "the vendor supports no other",
        "monitoring_interval": 0,
        "no_monitoring_because": "nobody looks",
        "no_insights_because": "nobody looks",
        "deletable_because": "a lab",
        "alarms_off_because": {"Cpu": "watched elsewhere"},
    },
]
"""Changed at once: when nothing is replaced, none of them replaces anything."""
OF_ORACLE = {
    "license": "bring-your-own-license",
    "options": [DatabaseOption(name="STATSPACK")],
    "plaintext_because": "an old driver",
    "version": "19.0.0.0.ru-2025-10.rur-2025-10.r1",
}
OF_DB2 = {"license": "marketplace-license", "ibm_customer_id": None, "ibm_site_id": None}
DB2 = {
    "engine": "db2-se",
    "version": "11.5.9.0.sb00063198.r1",
    "ibm_customer_id": "1",
    "ibm_site_id": "2",
    "instance_identifier": "shop",
}


@pytest.fixture(scope="module")
def build(make_stack: Callable[..., cdk.Stack]) -> Callable[..., cdk.Stack]:
    def stack(*, key: str = "usual", vpc: str = "usual", alarms: str | None = None, **options: Any) -> cdk.Stack:
        made = make_stack()
        number = 1 if key == "usual" else 2
        network = ec2.Vpc.from_vpc_attributes(
            made,
            "Vpc",
            vpc_id="vpc-0123456789abcdef0" if vpc == "usual" else "vpc-0fffffffffffffff0",
            availability_zones=["eu-west-1a", "eu-west-1b", "eu-west-1c"],
            isolated_subnet_ids=[f"subnet-0aaaaaaaaaaaaaaa{n}" for n in range(3)],
            isolated_subnet_route_table_ids=[f"rtb-0aaaaaaaaaaaaaaa{n}" for n in range(3)],
        )
        encryption = kms.Key.from_key_arn(made, "Key", KEY.format("eu-west-1", number))
        topic = AlarmTopic(made, "Alarms", key=encryption) if alarms else None
        MultiAzInstance(made, "Database", vpc=network, key=encryption, alarms=topic, **options)
        return made

    return stack


@pytest.fixture(scope="module")
def built(build: Callable[..., cdk.Stack], template: Callable[..., Any]) -> dict[str, dict[str, Any]]:
    """The resources of every variant, by logical id."""
    return {variant: template(build(**options))["Resources"] for variant, options in VARIANTS.items()}


def of_type(resources: dict[str, Any], wanted: str) -> list[str]:
    return sorted(name for name, resource in resources.items() if resource["Type"] == wanted)


def test_the_ids_of_what_holds_data_are_pinned(built):
    assert {kind: of_type(built["usual"], kind) for kind in DATA} == DATA


@pytest.mark.parametrize("variant", VARIANTS)
def test_no_variant_renames_a_part_that_others_have(built, variant):
    for kind, ids in DATA.items():
        elsewhere = kind == "AWS::SecretsManager::Secret" and variant in ("newer", "restored")
        assert of_type(built[variant], kind) == ([] if elsewhere else ids), f"{variant}: {kind}"


def test_no_id_names_a_role_a_zone_an_engine_or_a_snapshot(built):
    words = ("standby", "primary", "snapshot", "restore", "eu-west", "postgres", "oracle", "mysql")

    named = [
        name
        for resources in built.values()
        for name, resource in resources.items()
        for word in words
        if word in name.lower() and resource["Type"].startswith(("AWS::RDS", "AWS::SecretsManager"))
    ]
    assert named == []


@pytest.mark.parametrize("variant", [name for name in VARIANTS if name != "deletable"])
def test_a_retained_database_keeps_all_its_parts(built, variant):
    policies = {
        (resource["Type"], resource.get("DeletionPolicy"), resource.get("UpdateReplacePolicy"))
        for resource in built[variant].values()
        if resource["Type"] in PARTS
    }

    assert policies == {(kind, "Retain", "Retain") for kind, _, _ in policies}
    assert built[variant][DATA[INSTANCE][0]]["Properties"]["DeletionProtection"] is True


def test_a_deletable_one_leaves_a_snapshot_and_nothing_else(built):
    policies = {r["Type"]: r.get("DeletionPolicy") for r in built["deletable"].values() if r["Type"] in PARTS}

    assert policies == {kind: "Snapshot" if kind == INSTANCE else "Delete" for kind in PARTS}
    assert built["deletable"][DATA[INSTANCE][0]]["Properties"]["DeletionProtection"] is False


@pytest.fixture(scope="module")
def found(build: Callable[..., cdk.Stack]) -> dict[str, list[str]]:
    """What every option's change would replace."""
    base = {**POSTGRES, "secret_name": "shop/database"}
    batches = {str(number): Together(batch) for number, batch in enumerate(TOGETHER)}
    postgres = in_place(build, base, {**ALONE, **batches})
    oracle = in_place(build, ORACLE, {"0": Together(OF_ORACLE), "character_set": "WE8ISO8859P15"})
    db2 = in_place(build, DB2, {"0": Together(OF_DB2), "timezone": "Europe/Berlin"})
    alone = {option: what for one in (postgres, oracle, db2) for option, what in one.items() if not option.isdigit()}
    tried = [*((batch, postgres[number]) for number, batch in batches.items()), (OF_ORACLE, oracle["0"])]
    return alone | {option: what for batch, what in [*tried, (OF_DB2, db2["0"])] for option in batch}


@pytest.mark.capability("RDS-16")
@pytest.mark.capability("RDS-46")
def test_every_option_is_changed_in_place_unless_its_text_says_otherwise(found):
    assert replacing(found) == create_only_options(MultiAzInstance) & set(found)


def test_every_option_was_changed(found):
    options = {*inspect.signature(MultiAzInstance.__init__).parameters} - {"self", "scope", "id"}

    assert options - set(found) == set()


def test_a_new_major_version_gets_a_group_of_its_own_family_beside_the_old_one(built):
    old, new = (built[name][DATA["AWS::RDS::DBParameterGroup"][0]] for name in ("usual", "newer"))

    assert (old["Properties"]["Family"], new["Properties"]["Family"]) == ("postgres17", "postgres18")
    assert "DBParameterGroupName" not in {**old["Properties"], **new["Properties"]}
    assert old["UpdateReplacePolicy"] == "Retain"
