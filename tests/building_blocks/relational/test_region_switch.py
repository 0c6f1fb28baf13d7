"""Region switch: both ways, without loss unless asked for, by a role that can move these databases alone."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest
from aws_cdk import Aws, Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from hypothesis import given, settings
from hypothesis import strategies as st

from cdk_standby._checks import InvalidOptions
from cdk_standby.relational.region_switch import DatabaseRegionSwitch

REGIONS = ("eu-west-1", "eu-central-1")
PAIR = {"primary": "eu-west-1", "recovery": "eu-central-1"}
CLUSTERS = {region: f"arn:aws:rds:{region}:111111111111:cluster:shop-{region}" for region in REGIONS}
INSTANCES = {region: f"arn:aws:rds:{region}:111111111111:db:orders-{region}" for region in REGIONS}
PLAN = "https://docs.aws.amazon.com/arc-region-switch/latest/api/"
GUIDE = "https://docs.aws.amazon.com/r53recovery/latest/dg/"


@pytest.fixture(scope="module")
def built(make_stack, template, resources):
    stack = make_stack(region="eu-central-1")
    alarm = cloudwatch.Alarm.from_alarm_arn(stack, "Healthy", "arn:aws:cloudwatch:eu-central-1:111111111111:alarm:shop")
    role = iam.Role.from_role_arn(stack, "OnCall", "arn:aws:iam::111111111111:role/on-call")
    DatabaseRegionSwitch(
        stack,
        "Shop",
        name="shop",
        global_cluster="shop",
        clusters=CLUSTERS,
        instances=INSTANCES,
        approval=role,
        timeout=Duration.minutes(20),
        rto=Duration.minutes(30),
        alarms={"shop-healthy": alarm},
        **PAIR,
    )
    DatabaseRegionSwitch(stack, "Ledger", name="ledger", instances=INSTANCES, switchover=True, **PAIR)
    DatabaseRegionSwitch(
        stack,
        "Automatic",
        name="automatic",
        global_cluster="shop",
        clusters=CLUSTERS,
        trigger_on={"shop-down": alarm},
        automatic_because="nobody is awake",
        **PAIR,
    )
    made = template(stack)
    plans = {one["Name"]: one for one in resources(made, "AWS::ARCRegionSwitch::Plan").values()}
    return SimpleNamespace(template=made, plans=plans, policies=resources(made, "AWS::IAM::ManagedPolicy"))


def steps(plan, action="activate"):
    return {
        w.get("WorkflowTargetRegion"): {s["ExecutionBlockType"]: s["ExecutionBlockConfiguration"] for s in w["Steps"]}
        for w in plan["Workflows"]
        if w["WorkflowTargetAction"] == action
    }


@pytest.mark.capability("AUR-21")
def test_the_writer_of_a_global_database_goes_both_ways_and_loses_writes_only_when_told_to(built):
    both = steps(built.plans["shop"])

    assert set(both) == set(REGIONS)
    for blocks in both.values():
        assert blocks["AuroraGlobalDatabase"]["GlobalAuroraConfig"] == {
            "Behavior": "switchoverOnly",
            "DatabaseClusterArns": list(CLUSTERS.values()),
            "GlobalClusterIdentifier": "shop",
            "TimeoutMinutes": 20,
            "Ungraceful": {"Ungraceful": "failover"},
        }


@pytest.mark.capability("RDS-28")
def test_a_replica_is_promoted_and_afterwards_another_follows(built):
    plan = built.plans["shop"]

    promoted = steps(plan)["eu-central-1"]["RdsPromoteReadReplica"]["RdsPromoteReadReplicaConfig"]
    after = steps(plan, "postRecovery")[None]["RdsCreateCrossRegionReplica"]
    assert promoted == {"DbInstanceArnMap": INSTANCES, "TimeoutMinutes": 20}
    assert after == {"RdsCreateCrossRegionReadReplicaConfig": {"DbInstanceArnMap": INSTANCES, "TimeoutMinutes": 20}}


@pytest.mark.capability("RDS-28")
def test_oracle_changes_roles_and_promotes_only_when_told_to(built):
    plan = built.plans["ledger"]

    assert steps(plan)["eu-west-1"]["RdsSwitchoverReadReplica"]["RdsSwitchoverReadReplicaConfig"] == {
        "DbInstanceArnMap": INSTANCES,
        "TimeoutMinutes": 60,
        "Ungraceful": {"Ungraceful": "promoteReadReplica"},
    }
    assert steps(plan, "postRecovery") == {}


def test_somebody_approves_first_when_there_is_somebody(built):
    kinds = {name: list(steps(plan)["eu-central-1"]) for name, plan in built.plans.items()}

    assert kinds["shop"] == ["ManualApproval", "AuroraGlobalDatabase", "RdsPromoteReadReplica"]
    assert kinds["automatic"] == ["AuroraGlobalDatabase"]


def test_a_plan_knows_two_regions_its_objective_and_what_shows_health(built):
    plan = built.plans["shop"]

    assert (plan["Regions"], plan["PrimaryRegion"], plan["RecoveryApproach"]) == (
        list(REGIONS),
        "eu-west-1",
        "activePassive",
    )
    assert plan["RecoveryTimeObjectiveMinutes"] == 30
    assert plan["AssociatedAlarms"]["shop-healthy"]["AlarmType"] == "applicationHealth"
    assert "Triggers" not in plan


@pytest.mark.capability("AUR-21")
def test_an_alarm_starts_it_only_with_a_reason(built):
    plan = built.plans["automatic"]

    assert plan["Triggers"] == [
        {
            "Action": "activate",
            "Conditions": [{"AssociatedAlarmName": "shop-down", "Condition": "red"}],
            "MinDelayMinutesBetweenExecutions": 60,
            "TargetRegion": "eu-central-1",
        }
    ]
    assert plan["AssociatedAlarms"]["shop-down"]["AlarmType"] == "trigger"
    assert built.template["Metadata"]["cdk-standby:weakened"] == {"Test/Automatic": {"automatic": "nobody is awake"}}


def test_the_role_acts_on_these_databases_and_looks_at_others(built):
    [policy] = [one for name, one in built.policies.items() if name.startswith("ShopPolicy")]
    by_action = {}
    for statement in policy["PolicyDocument"]["Statement"]:
        actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
        by_action |= dict.fromkeys(actions, statement["Resource"])

    assert by_action["rds:FailoverGlobalCluster"] == by_action["rds:SwitchoverGlobalCluster"]
    assert set(CLUSTERS.values()) < {r for r in by_action["rds:FailoverGlobalCluster"] if isinstance(r, str)} | {""}
    assert set(INSTANCES.values()) < set(by_action["rds:PromoteReadReplica"])
    assert "Role" in json.dumps(by_action["iam:SimulatePrincipalPolicy"])
    assert [a for a, on in by_action.items() if on == "*"] == [
        "cloudwatch:DescribeAlarmHistory",
        "cloudwatch:DescribeAlarms",
        "rds:DescribeDBClusters",
        "rds:DescribeDBInstances",
        "rds:DescribeGlobalClusters",
        "rds:DescribePendingMaintenanceActions",
    ]


def refused(make_stack, **options):
    with pytest.raises(InvalidOptions) as raised:
        DatabaseRegionSwitch(make_stack(), "Switch", **{**PAIR, "name": "shop", **options})
    return str(raised.value).splitlines()


AURORA = {"global_cluster": "shop", "clusters": CLUSTERS}


def test_a_name_that_a_plan_cannot_have_is_refused(make_stack):
    assert refused(make_stack, **AURORA, name="s" * 33) == [
        f"Test/Switch: 'name' is '{'s' * 33}'; allowed: up to 32 letters, digits and hyphens, with a letter or digit at"
        " both ends, because names of Region switch plans hold up to 32 letters, digits and hyphens"
        f" ({PLAN}API_CreatePlan.html)"
    ]


@pytest.mark.capability("AUR-21")
def test_one_region_is_refused(make_stack):
    clusters = {"eu-west-1": CLUSTERS["eu-west-1"]}

    assert refused(make_stack, recovery="eu-west-1", global_cluster="shop", clusters=clusters) == [
        "Test/Switch: 'recovery' is 'eu-west-1'; allowed: another Region than 'eu-west-1', because a Region switch plan"
        f" knows exactly two Regions ({GUIDE}region-switch.html)"
    ]


@pytest.mark.capability("AUR-21")
def test_clusters_of_other_regions_are_refused(make_stack):
    clusters = {"eu-west-1": CLUSTERS["eu-central-1"], "us-east-1": "shop"}

    why = f"because a Region switch plan knows exactly two Regions ({GUIDE}region-switch.html)"
    assert refused(make_stack, global_cluster="shop", clusters=clusters) == [
        "Test/Switch: 'clusters' is ['eu-west-1', 'us-east-1']; allowed: one ARN for each of 'eu-west-1' and"
        f" 'eu-central-1', {why}",
        f"Test/Switch: 'clusters['eu-west-1']' is '{CLUSTERS['eu-central-1']}'; allowed:"
        f" 'arn:aws:rds:eu-west-1:<account>:cluster:<identifier>', {why}",
        "Test/Switch: 'clusters['us-east-1']' is 'shop'; allowed:"
        f" 'arn:aws:rds:us-east-1:<account>:cluster:<identifier>', {why}",
    ]


@pytest.mark.capability("RDS-28")
def test_a_plan_without_a_database_is_refused(make_stack):
    assert refused(make_stack, switchover=True) == [
        "Test/Switch: 'clusters' is not given; allowed: the members of a global database, or 'instances', because a"
        " plan without a database moves nothing",
        "Test/Switch: 'switchover' is True; allowed: False, or with 'instances' of Oracle, because only Oracle, from"
        f" 19c on, can change the roles of primary and replica ({GUIDE}rds-switchover-read-replica-block.html)",
    ]


@pytest.mark.capability("AUR-21")
def test_clusters_without_their_global_database_and_an_alarm_without_a_reason_are_refused(make_stack):
    stack = make_stack()
    alarm = cloudwatch.Alarm.from_alarm_arn(stack, "A", "arn:aws:cloudwatch:eu-west-1:111111111111:alarm:a")

    assert refused(make_stack, clusters=CLUSTERS, trigger_on={"a": alarm}, rto=Duration.seconds(90)) == [
        "Test/Switch: 'global_cluster' is not given; allowed: the identifier of the global database, with its"
        f" 'clusters', because a writer moves within a global database ({PLAN}API_GlobalAuroraConfiguration.html)",
        "Test/Switch: 'rto' is 1 minute 30 seconds; allowed: whole minutes, 1 to 10080, because a plan's recovery time"
        f" objective is a minute to a week ({PLAN}API_CreatePlan.html)",
        "Test/Switch: 'automatic_because' is not given; allowed: a reason together with 'trigger_on', or neither,"
        f" because an alarm that moves a database by itself moves it on a false alarm too ({PLAN}API_Trigger.html)",
    ]


@pytest.mark.capability("AUR-21")
def test_alarms_of_two_purposes_under_one_name_and_too_many_of_them_are_refused(make_stack):
    stack = make_stack()
    alarm = cloudwatch.Alarm.from_alarm_arn(stack, "A", "arn:aws:cloudwatch:eu-west-1:111111111111:alarm:a")
    many = {f"alarm-{number}": alarm for number in range(11)}

    found = refused(
        make_stack, **AURORA, alarms={"alarm-1": alarm}, trigger_on=many, automatic_because="nobody is awake"
    )

    assert [line.split("; ")[1] for line in found] == [
        "allowed: other names than those of 'alarms', because a plan knows each alarm by one name and one purpose"
        f" ({PLAN}API_AssociatedAlarm.html)",
        f"allowed: up to ten alarms, because a trigger has one to ten conditions ({PLAN}API_Trigger.html)",
    ]


@settings(max_examples=25)
@given(
    options=st.fixed_dictionaries(
        {
            "name": st.sampled_from(["shop", "-shop", "", "s" * 32, Aws.STACK_NAME]),
            "primary": st.sampled_from(["eu-west-1", "eu-wset-1", Aws.REGION]),
            "recovery": st.sampled_from(["eu-central-1", "eu-west-1"]),
        },
        optional={
            "global_cluster": st.sampled_from([None, "shop"]),
            "clusters": st.sampled_from([None, {}, CLUSTERS, INSTANCES]),
            "instances": st.sampled_from([None, {}, CLUSTERS, INSTANCES]),
            "switchover": st.booleans(),
            "rto": st.sampled_from([None, Duration.minutes(5), Duration.days(30)]),
            "timeout": st.sampled_from([None, Duration.minutes(5), Duration.seconds(5)]),
            "automatic_because": st.sampled_from([None, "", "quick"]),
        },
    )
)
def test_whatever_is_asked_for_is_a_plan_or_an_error_of_ours(make_stack, options):
    try:
        made = DatabaseRegionSwitch(make_stack(), "Switch", **options)
    except InvalidOptions:
        return

    assert made.plan.regions == [options["primary"], options["recovery"]]
