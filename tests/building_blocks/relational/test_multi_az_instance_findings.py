"""Validators and Multi-AZ instances: nothing to find for any engine, under either set of feature flags."""

from __future__ import annotations

import json
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
from cdk_standby.relational.multi_az_instance import BackupsTo, DatabaseOption, MultiAzInstance
from cdk_standby_review.facts import rds_engines

KEY = "arn:aws:kms:eu-central-1:111111111111:key/12345678-1234-1234-1234-123456789012"


def of(engine: str, **options: Any) -> dict[str, Any]:
    version = rds_engines.EXAMPLES[engine]
    return {"engine": engine, "version": version, "instance_identifier": f"shop-{engine}", **options}


SHAPES: dict[str, dict[str, Any]] = {
    "Postgres": of("postgres", backups_to=BackupsTo(region="eu-central-1", key=KEY)),
    "Mysql": of("mysql", options=[DatabaseOption(name="MARIADB_AUDIT_PLUGIN")]),
    "Mariadb": of("mariadb", storage=500, iops=12000, throughput=500, managed_password=True),
    "SqlServer": of("sqlserver-se"),
    "Oracle": of("oracle-se2"),
    "Db2": of("db2-se", ibm_customer_id="1", ibm_site_id="2"),
    "Restored": of("db2-ce", restore=Restore.from_snapshot("shop"), secret_name="shop/database"),
    "Lab": of(
        "postgres",
        single_az_because="rebuilt nightly",
        deletable_because="a lab",
        plaintext_because="an old driver",
        no_insights_because="nobody looks",
        monitoring_interval=0,
        no_monitoring_because="nobody looks",
        log_types=["postgresql"],
    ),
}


@pytest.fixture(scope="module")
def world(make_stack: Callable[..., cdk.Stack], template: Callable[..., Any], flags: str) -> SimpleNamespace:
    """Every shape in one stack; one app per set of flags."""
    stack = make_stack(flags=flags)
    vpc = ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-0123456789abcdef0",
        availability_zones=["eu-west-1a", "eu-west-1b"],
        isolated_subnet_ids=["subnet-0aaaaaaaaaaaaaaa1", "subnet-0aaaaaaaaaaaaaaa2"],
        isolated_subnet_route_table_ids=["rtb-0aaaaaaaaaaaaaaa1", "rtb-0aaaaaaaaaaaaaaa2"],
    )
    key = DataKey(stack, "Key").key
    topic = AlarmTopic(stack, "Alarms", key=key)
    for name, options in SHAPES.items():
        named = {**options, "instance_identifier": f"shop-{name.lower()}"}
        MultiAzInstance(stack, name, vpc=vpc, key=key, alarms=topic, **named)
    return SimpleNamespace(app=stack.node.root, template=template(stack))


@pytest.mark.capability("RDS-02")
def test_cdk_nag_and_the_cdk_itself_find_nothing(world, findings):
    assert findings(world.app) == []


@pytest.fixture(scope="module")
def linted() -> dict[str, list[str]]:
    """What was found, by what the construct made: linted once where both sets of flags agree on that."""
    return {}


@validators.LINTED
def test_cfn_lint_finds_nothing(world, lint, linted):
    ours = [r for r in world.template["Resources"].values() if not r["Type"].startswith(("AWS::KMS", "AWS::SNS"))]
    text = json.dumps(ours)

    if text not in linted:
        linted[text] = lint(world.template)

    assert linted[text] == []
