"""A plan moves capacity and data together, then traffic, both ways, by a role that can do that and nothing else."""

from __future__ import annotations

import contextlib
import json
from types import SimpleNamespace

import pytest
from aws_cdk import Aws, Duration
from hypothesis import given, settings
from hypothesis import strategies as st
from resilient import ALARM, FUNCTIONS, GROUPS, INSTANCES, MOVES, PAIR, RECORDS, REGIONS, WARM

from cdk_standby._checks import InvalidOptions
from cdk_standby.resilience.data_steps import ReadReplica
from cdk_standby.resilience.region_switch_plan import RegionSwitchPlan
from cdk_standby.resilience.switch_steps import FunctionStep, GroupCapacity
from cdk_standby_review.facts import region_switch as facts

GUIDE = "https://docs.aws.amazon.com/r53recovery/latest/dg/"
PLAN = "https://docs.aws.amazon.com/arc-region-switch/latest/api/"


@pytest.fixture(scope="module")
def built(made, resources):
    plans = {one["Name"]: one for one in resources(made.plans, "AWS::ARCRegionSwitch::Plan").values()}
    return SimpleNamespace(template=made.plans, plans=plans, policies=resources(made.plans, "AWS::IAM::ManagedPolicy"))


def workflows(plan):
    return {(w["WorkflowTargetAction"], w.get("WorkflowTargetRegion")): w["Steps"] for w in plan["Workflows"]}


def names(steps):
    """Steps in their order; those that run together, as a list."""
    return [
        names(step["ExecutionBlockConfiguration"]["ParallelConfig"]["Steps"])
        if step["ExecutionBlockType"] == "Parallel"
        else step["Name"]
        for step in steps
    ]


@pytest.mark.capability("DR-16")
@pytest.mark.capability("DR-01")
def test_a_plan_has_two_regions_a_workflow_to_each_and_the_objective(built):
    plan = built.plans["shop"]

    kept = {key: plan[key] for key in ("Regions", "RecoveryApproach", "PrimaryRegion", "RecoveryTimeObjectiveMinutes")}
    assert kept == {
        "Regions": list(REGIONS),
        "RecoveryApproach": "activePassive",
        "PrimaryRegion": "eu-west-1",
        "RecoveryTimeObjectiveMinutes": 30,
    }
    assert set(workflows(plan)) == {("activate", region) for region in REGIONS}


def test_capacity_and_data_move_at_the_same_time_and_traffic_follows(built):
    order = ["Approve", ["ScaleService", "MoveAuroraWriter", "WarmCaches"], "MoveTraffic"]

    assert [names(steps) for steps in workflows(built.plans["shop"]).values()] == [order, order]


@pytest.mark.capability("DR-04")
def test_the_standby_is_scaled_to_what_ran_in_the_other_region(built):
    [_, together, _] = workflows(built.plans["shop"])["activate", "eu-central-1"]
    [scale, *_] = together["ExecutionBlockConfiguration"]["ParallelConfig"]["Steps"]

    assert scale["ExecutionBlockConfiguration"]["Ec2AsgCapacityIncreaseConfig"] == {
        "Asgs": [{"Arn": arn} for arn in GROUPS.values()],
        "CapacityMonitoringApproach": "sampledMaxInLast24Hours",
        "TargetPercent": 100,
        "TimeoutMinutes": 20,
        "Ungraceful": {"MinimumSuccessPercentage": 50},
    }


def test_records_follow_the_health_checks_of_the_plan(built):
    [*_, traffic] = workflows(built.plans["shop"])["activate", "eu-central-1"]

    assert traffic["ExecutionBlockConfiguration"]["Route53HealthCheckConfig"] == {
        "HostedZoneId": "Z1",
        "RecordName": "shop.example.com",
        "RecordSets": [{"Region": region, "RecordSetIdentifier": record} for region, record in RECORDS.items()],
        "TimeoutMinutes": 20,
    }


def test_what_no_block_knows_is_a_function_in_the_region_that_is_activated(built):
    [_, together, _] = workflows(built.plans["shop"])["activate", "eu-central-1"]
    warm = together["ExecutionBlockConfiguration"]["ParallelConfig"]["Steps"][-1]

    assert warm["ExecutionBlockConfiguration"]["CustomActionLambdaConfig"] == {
        "Lambdas": [{"Arn": arn} for arn in FUNCTIONS.values()],
        "RegionToRun": "activatingRegion",
        "RetryIntervalMinutes": 1,
        "TimeoutMinutes": 20,
    }


def test_of_two_regions_that_serve_either_can_be_left(built):
    plan = built.plans["both"]

    made = workflows(plan)
    assert set(made) == {(action, region) for action in ("activate", "deactivate") for region in REGIONS}
    assert names(made["deactivate", "eu-west-1"]) == ["MoveAuroraWriter", "MoveTraffic"]
    assert "PrimaryRegion" not in plan


def test_a_promoted_replica_gets_a_new_one_in_the_region_that_was_left(built):
    assert names(workflows(built.plans["orders"])["postRecovery", None]) == ["PromoteReplicaRebuild"]


def test_alarms_tell_when_the_application_is_healthy_and_start_a_plan_only_for_a_reason(built):
    assert built.plans["shop"]["AssociatedAlarms"] == {
        "shop-healthy": {"AlarmType": "applicationHealth", "ResourceIdentifier": ALARM}
    }
    assert "Triggers" not in built.plans["shop"]
    assert built.plans["orders"]["AssociatedAlarms"]["lost"]["AlarmType"] == "trigger"


def test_quotas_of_the_standby_are_compared_with_those_of_the_other_region(built):
    assert {name: plan["ServiceQuotaChecksEnabled"] for name, plan in built.plans.items()} == dict.fromkeys(
        built.plans, True
    )


@pytest.mark.capability("DR-17")
def test_readiness_checks_are_closed_to_new_customers_and_never_made(built):
    made = {resource["Type"] for resource in built.template["Resources"].values()}

    assert not {kind for kind in made if kind.startswith("AWS::Route53RecoveryReadiness")}


def test_the_role_acts_on_what_the_plan_moves_alone(built):
    [policy] = [policy for name, policy in built.policies.items() if name.startswith("Shop")]
    allowed = {
        action: statement["Resource"]
        for statement in policy["PolicyDocument"]["Statement"]
        for action in ([statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"])
    }

    everywhere = {action for action, resource in allowed.items() if resource == "*"}
    assert {action.split(":")[1][:4] for action in everywhere} <= {"Desc", "GetM", "List"}
    assert allowed["autoscaling:UpdateAutoScalingGroup"] == sorted(GROUPS.values())
    assert allowed["lambda:InvokeFunction"] == sorted(FUNCTIONS.values())
    assert allowed["route53:ListResourceRecordSets"] == "arn:aws:route53:::hostedzone/Z1"
    assert json.dumps(allowed["rds:FailoverGlobalCluster"]).count("cluster:shop") == 3


@pytest.fixture(scope="module")
def refused(make_stack):
    """`refused(moves=[...], rto=...)`: what is wrong, line by line."""
    stack = make_stack(name="Refused")
    count = iter(range(1000))

    def run(**changes):
        options = {"name": "shop", "moves": MOVES, "no_alarms_because": "a test", **PAIR, **changes}
        with pytest.raises(InvalidOptions) as caught:
            RegionSwitchPlan(stack, f"Plan{next(count)}", **options)
        return [line.split(": ", 1)[1] for line in str(caught.value).splitlines()]

    return run


def test_steps_that_do_not_fit_into_the_objective_are_named(refused):
    assert refused(rto=Duration.minutes(5)) == [
        "'rto' is 5 minutes; allowed: 7 minutes or more: MoveAuroraWriter (5 minutes), then MoveTraffic (2 minutes), "
        "because steps of one turn run at the same time, turns one after the other, and each may take as long as that "
        f"({GUIDE}region-switch.html)"
    ]


@pytest.mark.capability("DR-16")
def test_what_a_plan_cannot_be_is_told_at_once(refused):
    told = refused(
        name="a" * 33, recovery="eu-west-1", rto=Duration.minutes(10081), approach="active", moves=[WARM, WARM]
    )

    assert told[:5] == [
        f"'name' is '{'a' * 33}'; allowed: up to 32 letters, digits and hyphens, with a letter or digit at both ends, "
        f"because names of Region switch plans hold up to 32 letters, digits and hyphens ({PLAN}API_CreatePlan.html)",
        "'recovery' is 'eu-west-1'; allowed: another Region than 'eu-west-1', because a Region switch plan knows "
        f"exactly two Regions ({GUIDE}region-switch.html)",
        "'rto' is 7 days 1 minute; allowed: whole minutes, 1 to 10080, because a plan's recovery time objective is a "
        f"minute to a week ({PLAN}API_CreatePlan.html)",
        "'approach' is 'active'; allowed: 'activePassive', 'activeActive', because one Region serves at a time, or "
        f"both do ({GUIDE}region-switch.html)",
        f"'moves' is {shown_moves([WARM, WARM])}; allowed: another 'name' for each part; 'WarmCaches' is there more "
        "than once, because who watches a run, or skips a step, knows it by its name",
    ]


def shown_moves(moves):
    return "[" + ", ".join(map(str, moves)) + "]"


def test_a_plan_moves_something_and_knows_when_it_is_done(refused):
    assert refused(moves=[], no_alarms_because=None) == [
        "'moves' is []; allowed: one part or more, because a plan without a part moves nothing "
        f"({GUIDE}region-switch.html)",
        "'alarms' is not given; allowed: alarms by name, or 'no_alarms_because', because the time of a recovery ends "
        f"when the application is healthy again, and only alarms tell that ({PLAN}API_AssociatedAlarm.html)",
    ]


def test_a_read_replica_is_promoted_between_an_active_and_a_passive_region_only(refused):
    [told] = refused(moves=[ReadReplica(instances=INSTANCES)], approach="activeActive")

    assert told == (
        "'approach' is 'activeActive'; allowed: 'activePassive', or an Aurora global database in place of the read "
        "replica, because a plan promotes read replicas between an active and a passive Region only "
        f"({GUIDE}rds-promote-read-replica-block.html)"
    )


def test_what_is_moved_is_in_both_regions(refused):
    half = GroupCapacity(arns={"eu-west-1": "arn:aws:autoscaling:eu-west-1:1:group"}, percent=0)

    assert refused(moves=[half, FunctionStep(functions={}, name="Warm", takes=facts.TRAFFIC)]) == [
        "ScaleService: 'arns' is ['eu-west-1']; allowed: one for each of 'eu-west-1' and 'eu-central-1', because the "
        "block for Auto Scaling groups takes the full ARN of a group in each Region, whose middle AWS invents "
        f"({PLAN}API_Asg.html)",
        "ScaleService: 'arns['eu-west-1']' is 'arn:aws:autoscaling:eu-west-1:1:group'; allowed: 'arn:aws:autoscaling:"
        "eu-west-1:<account>:autoScalingGroup:<uuid>:autoScalingGroupName/<name>', because the block for Auto Scaling "
        f"groups takes the full ARN of a group in each Region, whose middle AWS invents ({PLAN}API_Asg.html)",
        "ScaleService: 'percent' is 0; allowed: 1 to 100, because the Region that is activated gets a share of the "
        f"most that ran in the other one within 24 hours ({GUIDE}ec2-auto-scaling-block.html)",
        "Warm: 'functions' is []; allowed: one for each of 'eu-west-1' and 'eu-central-1', because a custom step has a "
        f"function in each Region of the plan ({GUIDE}custom-action-lambda-block.html)",
    ]


texts = st.sampled_from(["shop", "", "a b", "-", Aws.STACK_NAME, "x" * 40])
regions = st.sampled_from(["eu-west-1", "eu-central-1", "eu-wset-1", "", Aws.REGION])


@settings(max_examples=12, deadline=None)
@given(
    name=texts,
    primary=regions,
    recovery=regions,
    rto=st.sampled_from([None, Duration.seconds(30), Duration.minutes(3), Duration.days(8), Duration.minutes(30)]),
    timeout=st.sampled_from([None, Duration.seconds(90), Duration.minutes(1)]),
    approach=st.sampled_from(["activePassive", "activeActive", "", "neither"]),
    moves=st.lists(st.sampled_from([*MOVES, ReadReplica(instances=INSTANCES)]), max_size=3),
)
def test_no_options_at_all_end_in_an_error_that_is_not_ours(make_stack, **options):
    stack = make_stack()

    with contextlib.suppress(InvalidOptions):
        RegionSwitchPlan(stack, "Plan", no_alarms_because="a test", **options)
