"""Validators and Aurora: nothing to find in any of its shapes, under either set of feature flags."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import aws_cdk as cdk
import pytest
import validators
from aws_cdk import aws_ec2 as ec2

from cdk_standby.alarm_topic import AlarmTopic
from cdk_standby.keys import DataKey
from cdk_standby.relational._restore import Restore
from cdk_standby.relational.aurora import AuroraCluster, SecretReplica
from cdk_standby.relational.global_aurora import GlobalAurora

POSTGRESQL = {"engine": "aurora-postgresql", "version": "17.4"}
MYSQL = {"engine": "aurora-mysql", "version": "8.0.mysql_aurora.3.08.0"}
SHAPES: dict[str, dict[str, Any]] = {
    "Usual": {**POSTGRESQL, "cluster_identifier": "usual"},
    "Mysql": {**MYSQL, "cluster_identifier": "mysql"},
    "Serverless": {**POSTGRESQL, "serverless": (0.5, 16)},
    "Restored": {**POSTGRESQL, "restore": Restore.to_latest("shop")},
    "Mixed": {
        **POSTGRESQL,
        "cluster_identifier": "mixed",
        "serverless": (0, 16),
        "serverless_members": (3,),
        "pause_after": cdk.Duration.minutes(10),
        "storage": "aurora-iopt1",
        "data_api": True,
    },
    "Lab": {
        **POSTGRESQL,
        "restore": Restore.from_snapshot("shop"),
        "readers": 0,
        "no_readers_because": "a lab",
        "deletable_because": "rebuilt nightly",
    },
    "Primary": {
        **POSTGRESQL,
        "cluster_identifier": "shop-database-eu-west-1",
        "global_cluster": "shop-database",
        "secret_name": "shop/database",
        "secret_replicas": (SecretReplica(region="eu-central-1", key="alias/shop-eu-central-1-data"),),
    },
    "Secondary": {
        **POSTGRESQL,
        "cluster_identifier": "shop-database-eu-central-1",
        "global_cluster": "shop-database",
        "secret_name": "shop/database",
        "secondary": True,
    },
    "Headless": {**MYSQL, "global_cluster": "idle-database", "secondary": True, "headless_because": "a pilot light"},
}


def build(stack: cdk.Stack, options: dict[str, Any]) -> None:
    vpc = ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-0123456789abcdef0",
        availability_zones=[stack.region + zone for zone in "abc"],
        isolated_subnet_ids=[f"subnet-0aaaaaaaaaaaaaaa{n}" for n in range(3)],
        isolated_subnet_route_table_ids=[f"rtb-0aaaaaaaaaaaaaaa{n}" for n in range(3)],
    )
    key = DataKey(stack, "Key").key
    database = AuroraCluster(
        stack, "Database", vpc=vpc, key=key, alarms=AlarmTopic(stack, "Alarms", key=key), **options
    )
    if "serverless_members" in options:
        database.add_endpoint("Reports", members=(3,))
        database.scale_readers(2, 6, cpu=60)


@pytest.fixture(scope="module")
def world(make_stack: Callable[..., cdk.Stack], template: Callable[..., Any], flags: str) -> SimpleNamespace:
    """Every shape in a stack of its own, and the containers; one app per set of flags."""
    app = make_stack(flags=flags, name="Container").node.root
    container = app.node.find_child("Container")
    GlobalAurora(container, "Database", identifier="shop-database", **POSTGRESQL)
    GlobalAurora(container, "Idle", identifier="idle-database", **MYSQL, deletable_because="a lab")
    stacks = {"Container": container}
    for name, options in SHAPES.items():
        region = "eu-central-1" if options.get("secondary") else "eu-west-1"
        stacks[name] = make_stack(app=app, name=name, region=region)
        build(stacks[name], options)
    return SimpleNamespace(app=app, templates={name: template(stack) for name, stack in stacks.items()})


def test_cdk_nag_and_the_cdk_itself_find_nothing(world, findings):
    assert findings(world.app) == []


@validators.LINTED
@pytest.mark.parametrize("shape", ["Container", *SHAPES])
def test_cfn_lint_finds_nothing(world, lint, shape):
    region = "eu-central-1" if SHAPES.get(shape, {}).get("secondary") else "eu-west-1"

    assert lint(world.templates[shape], region=region) == []
