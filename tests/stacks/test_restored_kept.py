"""Data that was restored stays what it is under every strategy, and when another Region becomes active."""

from __future__ import annotations

import json

import aws_cdk as cdk
import pytest
from every_tier import HERE, NORTH, THERE, serving
from kept import create_only, kept
from shop import OPTIONS, shop

from cdk_standby import InvalidOptions
from cdk_standby_review.locks.conditions import always_in_place
from cdk_standby_stacks import (
    AuroraPostgres,
    BackupRestore,
    Dsql,
    Kind,
    MultiAz,
    MultiAzDbCluster,
    MultiSite,
    PilotLight,
    Rds,
    WarmStandby,
)

COPY = f"arn:aws:rds:{THERE}:111111111111:cluster-snapshot:awsbackup:copyjob-0a1b"
AUTOMATED = f"arn:aws:rds:{THERE}:111111111111:auto-backup:ab-0123456789"
POINT = f"arn:aws:backup:{THERE}:111111111111:recovery-point:0a1b"
RESTORED = {"database": COPY, "ledger": AUTOMATED}
INSTANCE = "AWS::RDS::DBInstance"
ALONE, LIVE = (BackupRestore, MultiAz), (WarmStandby, MultiSite)
WORDS = (*ALONE, *LIVE)
"""To a store a pilot light is what a warm standby is: a test says so, and saves a synthesis."""


def workload(*more):
    """A tier of each kind that is restored under its own id: a global database, an instance and a table."""
    ledger = Rds(
        engine="postgres",
        version="17.6",
        name="ledger",
        one_writer_because="nearly all calls read",
        promoted_by_hand_because="rehearsed",
    )
    return shop(database=serving().database, tables=[*serving().tables, ledger, *more])


@pytest.fixture(scope="module")
def restored(synthesize):
    """Every strategy, from the same words, after the primary Region was lost and its data restored.

    Of one Region there is a cluster of DSQL, too, which has no replica later; of the warm standby what it is after the
    next failover, to where the first primary was.
    """
    alone = {"workload": workload(Dsql(name="books")), "restored": {**RESTORED, "books": POINT}}
    both = {"workload": workload(), "restored": RESTORED}
    return {
        word: synthesize(
            strategy=word,
            active=HERE if word is WarmStandby else THERE,
            zones=2,
            objectives=None,
            **(both if word in LIVE else alone),
        )
        for word in WORDS
    }


IN_PLACE = {name for name in create_only(INSTANCE) if always_in_place(INSTANCE, name)}
"""What AWS's schema calls conditional, and no change of which replaces an instance."""


def data(synthesized):
    """What would be replaced if it changed, of the Region where the data was restored."""
    instances = synthesized.of_type(INSTANCE)
    return {
        key: {name: value for name, value in properties.items() if key not in instances or name not in IN_PLACE}
        for key, properties in kept(synthesized.templates).items()
        if THERE in key[0]
    }


def of(synthesized, stack, kind):
    return {
        name: one["Properties"] for (where, name), one in synthesized.of_type(kind).items() if where == f"Shop-{stack}"
    }


def ledger(synthesized, region):
    instances = of(synthesized, f"{region}-data", INSTANCE).items()
    [found] = [one for name, one in instances if name.startswith("Ledger")]
    return found


def test_a_pilot_light_is_a_warm_standby_of_which_no_instance_runs():
    light, warm = PilotLight.strategy, WarmStandby.strategy

    assert {kind for kind in Kind if light.standby[kind] is not warm.standby[kind]} == {Kind.SERVICE}
    assert (light.active, light.traffic, light.regions) == (warm.active, warm.traffic, warm.regions)


@pytest.mark.parametrize("word", [MultiAz, *LIVE], ids=lambda word: word.__name__)
def test_no_strategy_replaces_what_was_restored_on_the_way_there_or_back(restored, word):
    """A warm standby of it neither, after another failover."""
    before, after = data(restored[BackupRestore]), data(restored[word])
    may_stay = {key: value for key, value in before.items() if word is MultiAz or not key[1].startswith("Books")}

    assert {stack for stack, _ in may_stay} >= {f"Shop-{THERE}-data", f"Shop-{THERE}-vault"}
    assert {key: after[key] for key in may_stay} == may_stay


@pytest.mark.parametrize("word", WORDS, ids=lambda word: word.__name__)
def test_every_store_is_in_the_stack_that_it_was_restored_in(restored, word):
    [cluster] = of(restored[word], f"{THERE}-data", "AWS::RDS::DBCluster").values()
    instance = ledger(restored[word], THERE)
    [table] = of(restored[word], f"{THERE}-data", "AWS::DynamoDB::GlobalTable").values()

    assert cluster["SnapshotIdentifier"] == COPY
    assert instance["SourceDBInstanceAutomatedBackupsArn"] == AUTOMATED
    assert table["TableName"] == "shop-orders"
    assert restored[word].of_type("AWS::DynamoDB::GlobalTable").keys() == {
        (f"Shop-{THERE}-data", name) for name in of(restored[word], f"{THERE}-data", "AWS::DynamoDB::GlobalTable")
    }


@pytest.mark.parametrize("word", LIVE, ids=lambda word: word.__name__)
def test_a_global_database_is_made_of_the_cluster_that_was_restored(restored, word):
    container = of(restored[word], f"{THERE}-database", "AWS::RDS::GlobalCluster")
    [founder] = of(restored[word], f"{THERE}-data", "AWS::RDS::DBCluster").values()
    [follower] = of(restored[word], f"{HERE}-data", "AWS::RDS::DBCluster").values()

    assert [(one["GlobalClusterIdentifier"], one["SourceDBClusterIdentifier"]) for one in container.values()] == [
        (f"shop-database-from-{THERE}", f"arn:aws:rds:{THERE}:111111111111:cluster:shop-database-{THERE}")
    ]
    assert "GlobalClusterIdentifier" not in founder  # it has been a member since, in place
    assert follower["GlobalClusterIdentifier"] == f"shop-database-from-{THERE}"
    assert "MasterUsername" not in follower
    assert f"Shop-{HERE}-database" not in restored[word].templates
    assert "Shop-database" not in restored[word].templates


@pytest.mark.parametrize("word", LIVE, ids=lambda word: word.__name__)
def test_replicas_are_born_in_the_other_region(restored, word):
    replica = ledger(restored[word], HERE)
    [table] = restored[word].of_type("AWS::DynamoDB::GlobalTable").values()

    assert replica["DBInstanceIdentifier"] == f"shop-ledger-{HERE}-2"
    assert f"shop-ledger-{THERE}" in str(replica["SourceDBInstanceIdentifier"])
    assert [replica["Region"] for replica in table["Properties"]["Replicas"]] == [THERE, HERE]


@pytest.mark.parametrize("word", LIVE, ids=lambda word: word.__name__)
def test_stacks_are_deployed_from_what_was_restored_to_what_follows_it(restored, word):
    after = {
        stack.stack_name: {other.stack_name for other in stack.dependencies}
        for stack in restored[word].app.node.find_all()
        if isinstance(stack, cdk.Stack)
    }

    assert f"Shop-{THERE}-data" in after[f"Shop-{THERE}-database"]
    assert {f"Shop-{THERE}-data", f"Shop-{THERE}-database"} <= after[f"Shop-{HERE}-data"]
    assert f"Shop-{HERE}-data" not in after[f"Shop-{THERE}-data"]


def test_the_plan_moves_what_was_restored(restored):
    [plan, *_] = of(restored[WarmStandby], f"{THERE}-service", "AWS::SSM::Parameter").values()

    written = json.loads(plan["Value"])
    assert f"shop-database-from-{THERE}" in json.dumps(written)
    assert f"shop-ledger-{HERE}-2" in json.dumps(written)


def test_services_of_both_regions_find_the_credentials_that_were_made_at_the_restore(restored):
    for region in (HERE, THERE):
        [launch] = of(restored[WarmStandby], f"{region}-service", "AWS::EC2::LaunchTemplate").values()

        assert f"DATABASE_SECRET=shop/database/{THERE}" in str(launch["LaunchTemplateData"]["UserData"])


def test_a_failover_after_it_replaces_nothing_in_either_region(restored):
    assert kept(restored[WarmStandby].templates) == kept(restored[MultiSite].templates)


# What is refused


def refused(word, **changes):
    with pytest.raises(InvalidOptions) as caught:
        word(cdk.App(), "Shop", **{"workload": shop(), **OPTIONS, "objectives": None, **changes})
    return str(caught.value).splitlines()


TIME = " (https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_RestoreDBClusterToPointInTime.html)"
BACKUP = " (https://docs.aws.amazon.com/aws-backup/latest/devguide/restoring-aur.html)"


@pytest.mark.parametrize("word", [MultiAz, BackupRestore], ids=lambda word: word.__name__)
def test_one_region_serves_from_where_its_data_was_restored(word):
    assert refused(word, restored={"database": COPY}) == [
        f"Shop: 'restored' is {{'database': '{COPY}'}}; allowed: recovery points in 'eu-west-1', which is active; or "
        "the other Region as 'active', which has the data, because nothing of the data but its backups leaves the "
        f"Region where it was restored{BACKUP}"
    ]


def test_what_belongs_together_was_restored_together():
    apart = {"database": COPY, "service": COPY.replace(THERE, HERE)}

    assert refused(WarmStandby, restored=apart) == [
        f"Shop: 'restored' is {apart}; allowed: recovery points of one Region, 'eu-west-1' or 'eu-central-1', because "
        f"AWS restores within a Region, and what belongs together was restored together{TIME}"
    ]


def test_nothing_was_restored_in_a_region_that_never_stood_alone():
    far = {"database": COPY.replace(THERE, NORTH)}

    [found] = refused(MultiSite, workload=serving(), further=[NORTH], restored=far)

    assert "allowed: recovery points of one Region, 'eu-west-1' or 'eu-central-1'" in found


def test_tables_that_were_restored_elsewhere_say_so_where_no_database_does():
    tables = shop(database=None, tables=serving().tables)

    [found] = refused(BackupRestore, workload=tables, active=THERE)

    assert found.startswith("Shop: 'restored' is not given; allowed: a recovery point for each of 'orders'")


def test_the_plan_wakes_no_instances_where_the_data_was_restored():
    database = AuroraPostgres(version="17.4", headless_secondary=True)

    assert refused(PilotLight, workload=shop(database=database), active=THERE, restored={"database": COPY}) == [
        f"Shop: 'restored' is {{'database': '{COPY}'}}; allowed: 'headless_secondary' False of 'database', because the "
        "recovery plan gives instances to the recovery Region, and the data is there"
    ]


def test_a_cluster_with_readable_standbys_was_restored_from_nothing():
    cluster = MultiAzDbCluster(engine="postgres", version="17.6")

    [found] = refused(MultiAz, workload=shop(database=cluster), restored={"database": COPY.replace(THERE, HERE)})

    assert "allowed: left out for 'database', because no snapshot" in found
