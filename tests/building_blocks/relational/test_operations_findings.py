"""Validators and what operates databases: nothing to find, under either set of feature flags."""

from __future__ import annotations

from types import SimpleNamespace

import databases
import pytest
import validators

from cdk_standby.alarm_topic import AlarmTopic
from cdk_standby.relational.blue_green import BlueGreen
from cdk_standby.relational.database_drill import DatabaseDrill
from cdk_standby.relational.database_events import DatabaseEvents
from cdk_standby.relational.database_runbooks import DatabaseRunbooks
from cdk_standby.relational.database_snapshot import DatabaseSnapshot
from cdk_standby.relational.keep_awake import KeepAwake
from cdk_standby.relational.multi_az_instance import MultiAzInstance
from cdk_standby.relational.region_switch import DatabaseRegionSwitch
from cdk_standby.relational.stop_schedule import StopSchedule

HERE, THERE = "eu-west-1", "eu-central-1"
APPROVER = "arn:aws:iam::111111111111:role/on-call"
CLUSTERS = {region: f"arn:aws:rds:{region}:111111111111:cluster:shop-{region}" for region in (HERE, THERE)}
INSTANCES = {region: f"arn:aws:rds:{region}:111111111111:db:orders-{region}" for region in (HERE, THERE)}


@pytest.fixture(scope="module")
def world(make_stack, template, flags):
    """Everything that operates, on a cluster and on an instance, in one stack."""
    stack = make_stack(flags=flags)
    key = databases.key(stack)
    topic = AlarmTopic(stack, "Alarms", key=key)
    cluster = databases.aurora(stack, alarms=topic, parameters={"rds.logical_replication": "1"})
    asleep = databases.aurora(stack, "Serverless", alarms=topic, serverless=(0, 4), data_api=True)
    instance = MultiAzInstance(
        stack, "Instance", engine="postgres", version="17.5", vpc=databases.vpc(stack), key=key, alarms=topic
    )
    for name, database in (("Cluster", cluster), ("Instance", instance)):
        DatabaseDrill(stack, f"{name}Drill", database=database)
        DatabaseSnapshot(stack, f"{name}Snapshot", database=database, name=f"{name}-before".lower(), alarms=topic)
        BlueGreen(stack, f"{name}Green", database=database, name=f"{name}-next".lower(), version="17.6", alarms=topic)
    member = databases.aurora(stack, "Member", alarms=topic, global_cluster="shop", secondary=True)
    DatabaseRunbooks(stack, "MemberRunbooks", database=member, approvers=[APPROVER], alarms=topic)
    DatabaseRunbooks(stack, "InstanceRunbooks", database=instance, runbooks=["FailOver"], prefix="orders")
    DatabaseEvents(stack, "Events", topic=topic.topic, source_type="db-cluster", sources=["made-elsewhere"])
    StopSchedule(stack, "Stop", database=asleep, stopped_because="a lab")
    KeepAwake(stack, "Awake", database=asleep)
    DatabaseRegionSwitch(
        stack,
        "Switch",
        name="shop",
        primary=HERE,
        recovery=THERE,
        global_cluster="shop",
        clusters=CLUSTERS,
        instances=INSTANCES,
        trigger_on={"cpu": cluster.alarms["Cpu"]},
        automatic_because="nobody is awake",
    )
    return SimpleNamespace(app=stack.node.root, template=template(stack), flags=flags)


def test_cdk_nag_and_the_cdk_itself_find_nothing(world, findings):
    assert findings(world.app) == []


@validators.LINTED
def test_cfn_lint_finds_nothing(world, lint):
    if world.flags == "recommended":  # it takes its time, and what flags change here are the keys of policies
        assert lint(world.template) == []
