"""What AWS carries out, practises and assesses, by choice: for every strategy, and nothing is replaced for it."""

from __future__ import annotations

import json

import aws_cdk as cdk
import pytest
import validators
from kept import kept
from shop import OPTIONS, regions_read, shop

from cdk_standby import InvalidOptions
from cdk_standby_stacks import (
    AuroraPostgres,
    BackupRestore,
    Bucket,
    MultiAz,
    MultiSite,
    Objectives,
    PilotLight,
    Rds,
    Recovery,
    ResilienceOptions,
    Table,
    WarmStandby,
)

HERE, THERE = "eu-west-1", "eu-central-1"
PLAN, EXPERIMENT = "AWS::ARCRegionSwitch::Plan", "AWS::FIS::ExperimentTemplate"
ALL = ResilienceOptions(region_switch=True, experiments=True, resilience_hub=True)
LOCAL = ResilienceOptions(experiments=True, resilience_hub=True)
ZONE = OPTIONS["objectives"].zone
MIDDLE = "autoScalingGroup:0a1b2c3d-1111-2222-3333-444455556666:autoScalingGroupName"
ARNS = {region: f"arn:aws:autoscaling:{region}:111111111111:{MIDDLE}/shop-service-{region}" for region in (HERE, THERE)}


ALWAYS = Objectives(zone=ZONE, region=Recovery(rto=cdk.Duration.hours(24), rpo=cdk.Duration.hours(24)))


@pytest.fixture(scope="module")
def chosen(synthesize):
    """The warm standby of the README with all that it can have; its templates are read."""
    return synthesize(resilience=ALL)


def built(word, **changes):
    """A deployment that is not synthesized: what it holds, by type."""
    app = cdk.App(analytics_reporting=False)
    word(app, "Shop", **{"workload": shop(), **OPTIONS, **changes})
    found = {}
    for one in app.node.find_all():
        if isinstance(one, cdk.CfnResource):
            found.setdefault(one.cfn_resource_type, {})[one.node.path] = one
    return found


@pytest.fixture(scope="module")
def multi_az():
    return built(MultiAz, resilience=LOCAL, objectives=Objectives(zone=ZONE))


@pytest.fixture(scope="module")
def pilot_light():
    return built(PilotLight, resilience=ResilienceOptions(region_switch=True, group_arns={"service": ARNS}))


@pytest.fixture(scope="module")
def multi_site():
    workload = shop(
        database=AuroraPostgres(version="17.4", one_writer_because="nearly all calls read"),
        tables=[Table("orders", "order_id", last_writer_wins_because="each order has one cart")],
        buckets=[Bucket("uploads", last_writer_wins_because="names of objects are random")],
    )
    return built(MultiSite, workload=workload, resilience=ALL, further=["eu-north-1"])


@pytest.fixture(scope="module")
def backups():
    return built(BackupRestore, resilience=ResilienceOptions(resilience_hub=True), objectives=ALWAYS)


def plan_of(synthesized):
    return synthesized.only("Shop-resilience", PLAN)


def blocks(steps):
    """The types of the steps in their order; those that run together, as a list."""
    return [
        blocks(step["ExecutionBlockConfiguration"]["ParallelConfig"]["Steps"])
        if step["ExecutionBlockType"] == "Parallel"
        else step["ExecutionBlockType"]
        for step in steps
    ]


@pytest.mark.capability("DR-16")
def test_every_strategy_with_a_standby_has_its_plan_in_the_recovery_region(
    chosen, pilot_light, multi_site, backups, multi_az
):
    found = [*pilot_light[PLAN].values(), *multi_site[PLAN].values()]

    assert [cdk.Stack.of(plan).region for plan in found] == [THERE, THERE]
    assert [stack for stack, _ in chosen.of_type(PLAN)] == ["Shop-resilience"]
    assert PLAN not in backups
    assert PLAN not in multi_az


def test_the_plan_has_the_order_of_the_recovery_plan(chosen):
    [to_recovery, to_primary] = plan_of(chosen)["Workflows"]

    order = [["CustomActionLambda", "AuroraGlobalDatabase"], "CustomActionLambda"]
    assert (to_recovery["WorkflowTargetRegion"], blocks(to_recovery["Steps"])) == (THERE, order)
    assert (to_primary["WorkflowTargetRegion"], blocks(to_primary["Steps"])) == (HERE, order)


@pytest.mark.capability("DR-04")
def test_with_the_arns_of_the_groups_aws_scales_them_by_its_own_block(pilot_light):
    [plan] = pilot_light[PLAN].values()
    [to_recovery, _] = cdk.Stack.of(plan).resolve(plan.workflows)

    together, traffic = to_recovery["steps"]
    scale, aurora = together["executionBlockConfiguration"]["parallelConfig"]["steps"]
    types = [step["executionBlockType"] for step in (scale, aurora, traffic)]
    assert types == ["EC2AutoScaling", "AuroraGlobalDatabase", "CustomActionLambda"]
    assert scale["executionBlockConfiguration"]["ec2AsgCapacityIncreaseConfig"]["asgs"] == [
        {"arn": ARNS[HERE]},
        {"arn": ARNS[THERE]},
    ]


@pytest.mark.capability("DR-01")
def test_the_plan_has_the_objective_the_alarms_and_the_quotas(chosen):
    plan = plan_of(chosen)

    assert plan["RecoveryTimeObjectiveMinutes"] == 30
    assert plan["ServiceQuotaChecksEnabled"] is True
    assert {name: alarm["AlarmType"] for name, alarm in plan["AssociatedAlarms"].items()} == {
        "shop-TargetErrors": "applicationHealth",
        "shop-BelowMinimum": "applicationHealth",
    }


def test_further_regions_are_said_not_to_be_moved(multi_site):
    [plan] = multi_site[PLAN].values()

    assert plan.regions == [HERE, THERE]
    assert plan.description == (
        "multi-site between eu-west-1 and eu-central-1; eu-north-1 follows by itself: users leave it by its health "
        "check"
    )


def test_the_functions_have_the_names_that_the_plan_knows(chosen):
    made = {f["Properties"]["FunctionName"] for f in chosen.of_type("AWS::Lambda::Function").values()}
    text = json.dumps(plan_of(chosen))

    assert made == {f"shop-switch-{what}-{region}" for what in ("scale", "traffic") for region in (HERE, THERE)}
    assert all(f":function:{name}" in text for name in made)


def test_groups_are_scaled_to_what_carries_the_whole_load(chosen):
    told = [
        json.loads(function["Properties"]["Environment"]["Variables"]["GROUPS"])
        for (stack, _), function in chosen.of_type("AWS::Lambda::Function").items()
        if stack == f"Shop-{THERE}-resilience" and "scale" in function["Properties"]["FunctionName"]
    ]

    assert told == [[{"name": f"shop-service-{THERE}", "minimum": 5, "maximum": 24}]]


@pytest.mark.capability("DR-15")
def test_every_site_that_runs_has_the_experiments_of_its_strategy(chosen, multi_site, multi_az):
    found = sorted(
        (stack.removeprefix("Shop-"), experiment["Properties"]["Tags"]["Name"].rsplit("/", 1)[-1])
        for (stack, _), experiment in chosen.of_type(EXPERIMENT).items()
    )

    kinds = ("RegionCut", "ZonePower")
    assert found == [(f"{region}-resilience", kind) for region in (THERE, HERE) for kind in kinds]
    assert [*multi_az[EXPERIMENT]] == [f"Shop/{HERE}-resilience/Faults/ZonePower/Experiment"]
    assert len(multi_site[EXPERIMENT]) == 3 * len((*kinds, "ReplicationPause"))


@pytest.mark.capability("DR-15")
def test_users_who_suffer_stop_every_experiment(chosen):
    stops = {
        tuple(stop["Source"] for stop in experiment["Properties"]["StopConditions"])
        for experiment in chosen.of_type(EXPERIMENT).values()
    }

    assert stops == {("aws:cloudwatch:alarm",) * 3}


def test_replication_pauses_for_the_buckets_and_tables_of_the_workload_alone(multi_site):
    [pause] = [
        one for path, one in multi_site[EXPERIMENT].items() if f"{HERE}-resilience/Faults/ReplicationPause" in path
    ]

    assert {name: target.resource_arns for name, target in pause.targets.items()} == {
        "PauseBuckets": [f"arn:aws:s3:::shop-uploads-111111111111-{HERE}"],
        "PauseTables": [f"arn:aws:dynamodb:{HERE}:111111111111:table/shop-orders"],
    }


@pytest.mark.capability("DR-24")
def test_resilience_hub_is_told_the_strategy_and_finds_the_workload_in_its_regions(chosen, backups, multi_az):
    policy, service = (
        chosen.only("Shop-resilience", f"AWS::ResilienceHubV2::{what}") for what in ("Policy", "Service")
    )
    [restored] = backups["AWS::ResilienceHubV2::Policy"].values()

    assert policy["MultiRegion"] == {
        "RtoInMinutes": 30,
        "RpoInMinutes": 1,
        "DisasterRecoveryApproach": "WARM_STANDBY",
    }
    assert restored.multi_region.disaster_recovery_approach == "BACKUP_AND_RESTORE"
    [local] = multi_az["AWS::ResilienceHubV2::Policy"].values()
    assert local.multi_region is None
    assert service["Regions"] == [HERE, THERE]


def test_no_template_reads_another_region(chosen):
    home = {"Shop-resilience": {THERE}, f"Shop-{HERE}-resilience": {HERE}, f"Shop-{THERE}-resilience": {THERE}}

    read = {stack: regions_read(chosen.templates[stack]) - regions for stack, regions in home.items()}
    assert read == {stack: set() for stack in home}


def test_the_choice_replaces_no_data_and_adds_three_stacks(chosen, standby):
    before, after = kept(standby.templates), kept(chosen.templates)

    assert {key: after[key] for key in before} == before
    assert {stack for stack in chosen.templates if stack.endswith("resilience")} == (
        chosen.templates.keys() - standby.templates.keys()
    )


def test_another_active_region_changes_no_id_of_the_plan_the_steps_or_the_experiments(chosen):
    there = built(WarmStandby, resilience=ALL, active=THERE)
    here = {one.node.path: one for one in chosen.app.node.find_all() if isinstance(one, cdk.CfnResource)}

    for kind in (PLAN, EXPERIMENT, "AWS::Lambda::Function", "AWS::ResilienceHubV2::Policy"):
        assert there[kind].keys() == {path for path, one in here.items() if one.cfn_resource_type == kind}
    [plan] = there[PLAN].values()
    assert (plan.regions, plan.primary_region) == ([HERE, THERE], HERE)


def test_the_validators_find_nothing(chosen):
    app = chosen.app
    linted = {
        stack: found
        for stack, template in chosen.templates.items()
        if stack.endswith("resilience")
        and (found := validators.lint(template, region=HERE if HERE in stack else THERE))
    }

    assert validators.findings(app) == []
    assert linted == {}


@pytest.fixture(scope="module")
def refused():
    """`refused(MultiAz, resilience=...)`: what is wrong, line by line."""

    def run(word, **changes):
        with pytest.raises(InvalidOptions) as caught:
            word(cdk.App(), "Shop", **{"workload": shop(), **OPTIONS, **changes})
        return str(caught.value).splitlines()

    return run


SWITCH = ResilienceOptions(region_switch=True)
GUIDE = "https://docs.aws.amazon.com/r53recovery/latest/dg/"


@pytest.mark.capability("DR-16")
def test_one_region_cannot_be_switched(refused):
    assert refused(MultiAz, resilience=SWITCH, objectives=None) == [
        "Shop: 'region_switch' is True; allowed: False; or choose PilotLight, WarmStandby or MultiSite, because a plan "
        f"moves a workload to what stands ready in a second Region ({GUIDE}region-switch.html)"
    ]


def test_an_objective_that_the_steps_cannot_keep_is_refused_with_their_names(refused):
    hasty = Objectives(region=Recovery(rto=cdk.Duration.minutes(5), rpo=cdk.Duration.minutes(1)))

    assert refused(WarmStandby, resilience=SWITCH, objectives=hasty) == [
        "Shop/resilience/RegionSwitch: 'rto' is 5 minutes; allowed: 8 minutes or more: Move-database (5 minutes), then "
        "Traffic (3 minutes), because steps of one turn run at the same time, turns one after the other, and each may "
        f"take as long as that ({GUIDE}region-switch.html)"
    ]


def test_groups_are_named_for_all_services(refused):
    options = ResilienceOptions(region_switch=True, group_arns={"web": ARNS})

    [told] = refused(WarmStandby, resilience=options)
    assert told.endswith(
        "allowed: left out, or ARNs for each of service, because AWS's block for groups takes the place of the "
        f"function that scales them, for all or for none ({GUIDE}region-switch.html)"
    )


def test_an_instance_of_rds_is_not_promoted_by_a_plan(refused):
    rds = Rds(engine="postgres", version="17.6", promoted_by_hand_because="a drill has shown how")

    assert refused(PilotLight, workload=shop(database=rds), resilience=SWITCH, objectives=None) == [
        "Shop: 'region_switch' is True; allowed: False; or AuroraPostgres or AuroraMysql in place of Rds, because a "
        "promotion makes another generation of an Rds tier, with other names than the plan was made with "
        f"({GUIDE}rds-promote-read-replica-block.html)"
    ]
