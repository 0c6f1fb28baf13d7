"""A pilot light whose database has no instance in the second Region until a failover asks for one."""

from __future__ import annotations

from pathlib import Path

import aws_cdk as cdk
import pytest
import validators
from kept import KEEP, create_only, kept
from shop import OPTIONS, shop

from cdk_standby import InvalidOptions
from cdk_standby_review import review
from cdk_standby_stacks import STRATEGIES, AuroraMysql, AuroraPostgres, PilotLight
from cdk_standby_stacks.resilience_options import ResilienceOptions
from cdk_standby_stacks.tiers import Placing

HERE, THERE = "eu-west-1", "eu-central-1"
INSTANCE, CLUSTER = "AWS::RDS::DBInstance", "AWS::RDS::DBCluster"
HEADLESS = AuroraPostgres(version="17.4", headless_secondary=True)
PAGE = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database-disaster-recovery.html"


@pytest.fixture(scope="module")
def asleep(synthesize):
    return synthesize(strategy=PilotLight, workload=shop(database=HEADLESS))


@pytest.fixture(scope="module")
def awake(synthesize):
    """The same, as it is written after a failover."""
    return synthesize(strategy=PilotLight, workload=shop(database=HEADLESS), active=THERE)


def instances(synthesized, region):
    found = synthesized.of_type(INSTANCE).items()
    return {name: one for (stack, name), one in found if stack == f"Shop-{region}-data"}


@pytest.mark.capability("DR-04")
def test_no_instance_of_the_second_region_runs_until_a_parameter_says_so(asleep):
    waiting, template = instances(asleep, THERE), asleep.templates[f"Shop-{THERE}-data"]
    conditions = {name: str(said) for name, said in template["Conditions"].items()}

    assert template["Parameters"]["DatabaseInstances"]["Default"] == "none"
    assert [conditions[one["Condition"]] for one in waiting.values()] == [
        "{'Fn::Not': [{'Fn::Equals': [{'Ref': 'DatabaseInstances'}, 'none']}]}",
        "{'Fn::Equals': [{'Ref': 'DatabaseInstances'}, 'all']}",
        "{'Fn::Equals': [{'Ref': 'DatabaseInstances'}, 'all']}",
    ]
    assert {one["DeletionPolicy"] for one in waiting.values()} == {"Delete"}
    assert asleep.only(f"Shop-{THERE}-data", CLUSTER)["GlobalClusterIdentifier"] == "shop-database"


def test_where_the_data_was_born_all_of_them_run_whoever_is_active(asleep, awake):
    for synthesized in (asleep, awake):
        born = instances(synthesized, HERE)
        assert len(born) == 3
        assert not any("Condition" in one for one in born.values())


def test_after_a_failover_they_are_the_same_without_a_condition_and_retained(asleep, awake):
    waiting, running = instances(asleep, THERE), instances(awake, THERE)

    assert running.keys() == waiting.keys()
    for name, one in running.items():
        assert one["DeletionPolicy"] == one["UpdateReplacePolicy"] == "Retain"
        assert "Condition" not in one
        now, before = one["Properties"], waiting[name]["Properties"]
        assert {key for key in now | before if now.get(key) != before.get(key)} <= {"Tags"}


def test_what_a_failover_has_asked_for_outlives_the_template(asleep, awake):
    """`cdk deploy` keeps the values of parameters that both templates have."""
    declared = [side.templates[f"Shop-{THERE}-data"]["Parameters"]["DatabaseInstances"] for side in (asleep, awake)]

    assert declared[0] == declared[1]


@pytest.mark.capability("SYS-28")
def test_neither_a_flip_nor_another_strategy_replaces_anything(asleep, awake, standby):
    """`standby` is the warm standby of the same shop, whose database runs in both Regions."""
    assert data(asleep) == data(awake) == data(standby)
    assert kept(awake.templates) == kept(standby.templates)


def data(synthesized):
    """The create-only properties of all data and of its instances, retained or not."""
    return {
        (stack, name): {key: value for key, value in one.get("Properties", {}).items() if key in create_only(kind)}
        for kind in KEEP
        for (stack, name), one in synthesized.of_type(kind).items()
    }


def test_the_validators_find_nothing(asleep, awake):
    linted = [validators.lint(side.templates[f"Shop-{THERE}-data"], region=THERE) for side in (asleep, awake)]

    assert validators.findings(asleep.app) == []
    assert linted == [[], []]


def test_the_review_charges_the_instance_and_says_so(asleep):
    found = review(Path(asleep.app.outdir))
    [lost] = [one for one in found.estimates if str(one.case) == f"loss of {HERE}"]
    steps = [step for stage in lost.stages for step in stage] + [*lost.alongside]
    facts = {fact.says: fact for step in steps for fact in step.facts}

    assert (lost.rto.low, lost.rto.high) == (530, 1788)
    assert [one for one in found.findings if one.severity == "error"] == []
    assert facts["a headless secondary cluster gets an instance before it can be promoted"].confidence == "assumed"
    assert f"the headless secondary in {THERE} gets an instance, then is promoted" in {step.what for step in steps}


def test_strategies_whose_services_read_there_refuse_it_and_say_what_to_choose():
    refused = {name: [str(problem) for problem in tier(name)] for name in STRATEGIES}

    why = (
        "workload.database: 'headless_secondary' is True; allowed: False; or PilotLight, where nothing runs until a "
        "failover, because services run in the other Region, too, and a cluster without instances answers none of them "
        f"({PAGE})"
    )
    assert refused == {
        "multi-az": [],
        "backup-and-restore": [],
        "pilot-light": [],
        "warm-standby": [why],
        "multi-site": [why],
    }


def tier(strategy):
    """What a strategy minds about such a database."""
    row = STRATEGIES[strategy]
    placing = Placing(
        strategy=strategy, regions=(HERE, THERE), everywhere=strategy == "multi-site", standby=row.standby
    )
    database = AuroraMysql(version="8.0.mysql_aurora.3.08.0", forward_writes=True, headless_secondary=True)
    return database.misfits("workload.database", placing)


def test_a_region_switch_plan_makes_no_instance():
    with pytest.raises(InvalidOptions) as caught:
        PilotLight(
            cdk.App(),
            "Shop",
            **{**OPTIONS, "workload": shop(database=HEADLESS), "resilience": ResilienceOptions(region_switch=True)},
        )

    assert str(caught.value) == (
        "Shop: 'region_switch' is True; allowed: False; or a database without 'headless_secondary', because before a "
        "switchover or failover to a headless secondary cluster, an instance must be added to it, and no block of a "
        f"plan does that ({PAGE})"
    )
