"""What CloudFormation replaces when an option changes: exactly what the docstring says, and never by surprise."""

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
from cdk_standby.relational._restore import Restore
from cdk_standby.relational.aurora import AuroraCluster, SecretReplica
from cdk_standby.relational.global_aurora import GlobalAurora

KEY = "arn:aws:kms:eu-west-1:111111111111:key/12345678-1234-1234-1234-12345678901{}"
BASE = {"engine": "aurora-postgresql", "version": "16.6", "cluster_identifier": "shop"}
SECONDS = cdk.Duration.seconds
ANEW: dict[str, Any] = {
    "engine": Together(engine="aurora-mysql", version="8.0.mysql_aurora.3.08.0"),
    "key": KEY.format(9),
    "cluster_identifier": "other",
    "restore": Restore.from_snapshot("shop-final"),
    "global_cluster": "shop",
    "database_name": "shop",
    "master_username": "somebody",
}
"""What replaces the cluster, one by one."""
IN_PLACE: dict[str, dict[str, Any]] = {
    "grown": {
        "version": "17.4",
        "vpc": "zones in another order",
        "subnets": ec2.SubnetSelection(availability_zones=["eu-west-1a", "eu-west-1b", "eu-west-1c"]),
        "instance": "r7g.xlarge",
        "readers": 4,
        "promotion_tiers": (1, 0, 15, 15, 15),
        "serverless": (0, 8),
        "serverless_members": (3,),
        "pause_after": SECONDS(600),
        "auto_pause_known": True,
        "global_cluster": "shop",
        "founder": True,
        "follows": True,
        "local_write_forwarding": True,
        "rpo_cap": SECONDS(30),
        "secret_name": "shop/database",
        "secret_replicas": (SecretReplica(region="eu-central-1", key="alias/shop"),),
        "storage": "aurora-iopt1",
        "data_api": True,
        "backup_retention": cdk.Duration.days(35),
        "backup_window": "04:00-05:00",
        "maintenance_window": "mon:02:30-mon:03:30",
        "log_retention": logs.RetentionDays.ONE_WEEK,
        "monitoring_interval": 1,
        "insights": "standard",
        "parameters": {"log_statement": "ddl"},
        "certificate_authority": "rds-ca-ecc384-g1",
        "alarms": True,
        "alarm_thresholds": {"Cpu": 50},
        "alarms_off_because": {"Memory": "noise"},
    },
    "a lab": {
        "serverless": (0.5, 8),
        "promotion_tiers": (0, 2, 2),
        "smaller_standby_because": "a lab",
        "managed_password": True,
        "monitoring_interval": 0,
        "no_monitoring_because": "a lab",
        "no_extended_support_because": "upgraded in time",
        "plaintext_because": "an old driver",
        "deletable_because": "a lab",
    },
}
"""What changes in place, all at once; what an option of it did alone shows when the whole replaces something."""
OTHERWISE = {
    "no_readers_because": "takes instances away",
    "secondary": "the data of another Region: never changed",
    "headless_because": "for a secondary",
    "woken_by": "for a secondary: what changes with it is told where a strategy builds one",
    "global_write_forwarding": "for a secondary",
    "backtrack": "for MySQL",
}
"""Options that are tried on another cluster below, or take instances away."""


@pytest.fixture(scope="module")
def built(make_stack: Callable[..., cdk.Stack]) -> Callable[..., cdk.Stack]:
    """A stack with a cluster; networks, keys and topics by what is said of them."""

    def build(
        vpc: str | None = None, key: str = KEY.format(2), alarms: bool | None = None, **options: Any
    ) -> cdk.Stack:
        stack = make_stack()
        letters = "cab" if vpc else "abc"
        network = ec2.Vpc.from_vpc_attributes(
            stack,
            "Vpc",
            vpc_id="vpc-0123456789abcdef0",
            availability_zones=[f"eu-west-1{letter}" for letter in letters],
            isolated_subnet_ids=[f"subnet-{letter}" for letter in letters],
            isolated_subnet_route_table_ids=[f"rtb-{letter}" for letter in letters],
        )
        topic = AlarmTopic(stack, "Alarms") if alarms else None
        encryption = kms.Key.from_key_arn(stack, "Key", key)
        AuroraCluster(stack, "Database", vpc=network, key=encryption, alarms=topic, **options)
        return stack

    return build


def test_every_option_is_tried():
    known = set(inspect.signature(AuroraCluster.__init__).parameters) - {"self", "scope", "id"}

    assert {*ANEW, *OTHERWISE, *(option for group in IN_PLACE.values() for option in group)} == known


@pytest.mark.capability("AUR-20")
def test_an_option_replaces_the_cluster_exactly_where_its_text_says_so(built):
    groups = {name: Together(changes) for name, changes in IN_PLACE.items()}

    found = in_place(built, BASE, {**ANEW, **groups})

    assert replacing(found) == create_only_options(AuroraCluster) == set(ANEW), found


@pytest.mark.capability("AUR-22")
def test_a_secondary_changes_in_place_too(built):
    secondary = {**BASE, "global_cluster": "shop", "secondary": True}

    found = in_place(
        built,
        secondary,
        {
            "headless_because": Together(headless_because="a pilot light", readers=0),
            "global_write_forwarding": True,
            "follows": False,
            "version": "16.8",
        },
        types=["AWS::RDS::DBCluster"],
    )

    assert found == {"headless_because": [], "global_write_forwarding": [], "follows": [], "version": []}


@pytest.mark.capability("AUR-23")
def test_backtrack_comes_and_goes_in_place(built):
    mysql = {**BASE, "engine": "aurora-mysql", "version": "8.0.mysql_aurora.3.08.0"}

    assert in_place(built, mysql, {"backtrack": cdk.Duration.hours(1)}) == {"backtrack": []}


def test_a_major_upgrade_changes_versions_and_families_and_nothing_else(built, template):
    """Groups are made anew, in the new family. The cluster names that of its instances, which RDS wants then."""
    before, after = (template(built(**{**BASE, "version": version}))["Resources"] for version in ("16.6", "17.4"))

    changed = {
        (resource["Type"], name)
        for one, resource in before.items()
        for name in {*resource["Properties"], *after[one]["Properties"]}
        if resource["Properties"].get(name) != after[one]["Properties"].get(name)
    }
    assert set(before) == set(after)
    assert changed == {
        ("AWS::RDS::DBCluster", "EngineVersion"),
        ("AWS::RDS::DBClusterParameterGroup", "Family"),
        ("AWS::RDS::DBParameterGroup", "Family"),
    }
    [cluster] = [r["Properties"] for r in after.values() if r["Type"] == "AWS::RDS::DBCluster"]
    [group] = [name for name, r in after.items() if r["Type"] == "AWS::RDS::DBParameterGroup"]
    assert cluster["DBInstanceParameterGroupName"] == {"Ref": group}
    assert {r["DeletionPolicy"] for r in after.values() if "Group" in r["Type"]} == {"Retain"}


@pytest.mark.parametrize(
    ("change", "replaced"),
    [
        ({"version": "17.5"}, []),
        ({"no_extended_support_because": "upgraded in time"}, []),
        ({"deletable_because": "a lab"}, []),
        ({"engine": "aurora-mysql", "version": "8.0.mysql_aurora.3.08.0"}, ["Engine"]),
        ({"identifier": "other"}, ["GlobalClusterIdentifier"]),
        ({"source": "arn:aws:rds:eu-west-1:111111111111:cluster:shop"}, ["SourceDBClusterIdentifier"]),
    ],
    ids=str,
)
def test_a_container_is_replaced_where_its_text_says_so(make_stack, change, replaced):
    def build(**options: Any) -> cdk.Stack:
        stack = make_stack()
        GlobalAurora(stack, "Global", **options)
        return stack

    base = {"engine": "aurora-postgresql", "version": "17.4", "identifier": "shop"}

    found = in_place(build, base, {"it": Together(change)}, types=["AWS::RDS::GlobalCluster"])

    assert {one.rpartition(".")[2] for one in found["it"]} >= set(replaced)
    assert bool(found["it"]) is bool(replaced) is bool(set(change) & create_only_options(GlobalAurora))
