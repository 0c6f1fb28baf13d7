"""A database on RDS under every strategy, through a failover and back: instances come and go, none is replaced."""

from __future__ import annotations

import itertools
import json

import aws_cdk as cdk
import pytest
import validators
from kept import kept
from shop import OPTIONS, regions_read, shop

from cdk_standby import InvalidOptions
from cdk_standby_stacks import (
    STRATEGIES,
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

HERE, THERE = "eu-west-1", "eu-central-1"
WORDS = (MultiAz, BackupRestore, WarmStandby, MultiSite)
INSTANCE, PLAN, ALARM = "AWS::RDS::DBInstance", "AWS::Backup::BackupPlan", "AWS::CloudWatch::Alarm"
COPIED = f"arn:aws:rds:{THERE}:111111111111:auto-backup:ab-0a1b2c3d"
FIRST, SECOND, THIRD, FOURTH = (
    f"shop-database-{HERE}",
    f"shop-database-{THERE}-2",
    f"shop-database-{HERE}-3",
    f"shop-database-{THERE}-4",
)
STEPS = {
    "before": (HERE, 1),
    "failed over": (THERE, 1),
    "a new replica at home": (THERE, 2),
    "failed back": (HERE, 2),
    "a new replica away": (HERE, 3),
}


def rds(**changes):
    return Rds(
        **{
            "engine": "postgres",
            "version": "17.6",
            "continuous_copies": True,
            "one_writer_because": "nearly all calls read",
            "promoted_by_hand_because": "the database team promotes it by the runbook of its own",
            **changes,
        }
    )


@pytest.fixture(scope="module")
def place(synthesize):
    """`place(WarmStandby, generation=2, active=THERE)`, without promises and over two zones."""

    def run(word, *, active=HERE, generation=1, **changes):
        options = {"workload": shop(database=rds(generation=generation)), "objectives": None, "zones": 2, **changes}
        return synthesize(strategy=word, active=active, **options)

    return run


@pytest.fixture(scope="module")
def each(place):
    return {word: place(word) for word in WORDS}


@pytest.fixture(scope="module")
def steps(place, each):
    later = {name: place(WarmStandby, active=at, generation=n) for name, (at, n) in STEPS.items() if name != "before"}
    return {"before": each[WarmStandby], **later}


def instances(synthesized):
    """Identifiers with what they were born from, and whether they follow it still, which a lag alarm says."""
    following = {
        stack
        for (stack, _), a in synthesized.of_type(ALARM).items()
        if a["Properties"].get("MetricName") == "ReplicaLag"
    }
    return {
        found["Properties"]["DBInstanceIdentifier"]: (
            found["Properties"].get("SourceDBInstanceIdentifier", "").rpartition(":")[2],
            stack in following,
        )
        for (stack, _), found in synthesized.of_type(INSTANCE).items()
    }


@pytest.mark.capability("SYS-28")
@pytest.mark.parametrize(("before", "after"), [*itertools.permutations(WORDS, 2)], ids=lambda word: word.__name__)
def test_another_strategy_replaces_no_instance(each, before, after):
    old, new = kept(each[before].templates), kept(each[after].templates)

    common = old.keys() & new.keys()
    assert {key: new[key] for key in common} == {key: old[key] for key in common}
    assert {key for key in old if f"-{HERE}-" in key[0]} <= common


def test_a_pilot_light_has_the_same_instances_as_a_warm_standby():
    light, warm = (STRATEGIES[word.strategy.name].standby[Kind.RELATIONAL] for word in (PilotLight, WarmStandby))

    assert light is warm


def test_each_strategy_has_the_instance_and_a_replica_where_its_table_says_so(each):
    alone, followed = {FIRST: ("", False)}, {FIRST: ("", False), SECOND: (FIRST, True)}

    assert {word.__name__: instances(each[word]) for word in WORDS} == {
        "MultiAz": alone,
        "BackupRestore": alone,
        "WarmStandby": followed,
        "MultiSite": followed,
    }
    assert all("Shop-database" not in each[word].templates for word in WORDS)


@pytest.mark.capability("DR-10")
def test_a_failover_and_a_failback_follow_the_table_of_read_replicas(steps):
    assert {name: instances(step) for name, step in steps.items()} == {
        "before": {FIRST: ("", False), SECOND: (FIRST, True)},
        "failed over": {FIRST: ("", False), SECOND: (FIRST, False)},
        "a new replica at home": {SECOND: (FIRST, False), THIRD: (SECOND, True)},
        "failed back": {SECOND: (FIRST, False), THIRD: (SECOND, False)},
        "a new replica away": {THIRD: (SECOND, False), FOURTH: (THIRD, True)},
    }


@pytest.mark.parametrize(("before", "after"), [*itertools.pairwise(STEPS)], ids=lambda step: step.replace(" ", "-"))
def test_no_step_replaces_an_instance_or_leaves_one_unprotected(steps, before, after):
    old, new = kept(steps[before].templates), kept(steps[after].templates)

    common = old.keys() & new.keys()
    assert {key: new[key] for key in common} == {key: old[key] for key in common}
    leaving = {name: steps[before].templates[stack]["Resources"][name] for stack, name in old.keys() - common}
    unprotected = {name for name, resource in leaving.items() if resource.get("DeletionPolicy") != "Retain"}
    assert {name for name in unprotected if not name.startswith("DatabaseBackup")} == set()  # the role of the backups


def test_the_instance_that_was_lost_is_left_alone(steps):
    name = f"Shop-{HERE}-data"
    before, after = (steps[step].templates[name]["Resources"] for step in ("before", "failed over"))

    changed = {key for key in before | after if before.get(key) != after.get(key)}
    assert changed == {key for key in before if before[key]["Type"] == PLAN}


def test_whoever_stands_for_itself_is_backed_up_and_the_active_one_elsewhere_too(steps):
    """RDS promotes no replica while it is being backed up."""
    backups = {
        name: {
            stack.removeprefix("Shop-").removesuffix("-data"): "CopyActions"
            in plan["Properties"]["BackupPlan"]["BackupPlanRule"][0]
            for (stack, _), plan in step.of_type(PLAN).items()
        }
        for name, step in steps.items()
    }

    assert backups == {
        "before": {HERE: True},
        "failed over": {HERE: False, THERE: True},
        "a new replica at home": {THERE: True},
        "failed back": {HERE: True, THERE: False},
        "a new replica away": {HERE: True},
    }


def test_automated_backups_are_copied_to_where_the_backups_are(each):
    [instance] = [found["Properties"] for found in each[BackupRestore].of_type(INSTANCE).values()]

    copied = {key: value for key, value in instance.items() if key.startswith("AutomaticBackupReplication")}
    assert copied == {
        "AutomaticBackupReplicationKmsKeyId": f"arn:aws:kms:{THERE}:111111111111:alias/shop-{THERE}-data",
        "AutomaticBackupReplicationRegion": THERE,
        "AutomaticBackupReplicationRetentionPeriod": 14,
    }


def test_no_template_reads_another_region(each, steps):
    templates = {stack: text for one in (*each.values(), *steps.values()) for stack, text in one.templates.items()}

    foreign = {stack: regions_read(text) - {HERE if HERE in stack else THERE} for stack, text in templates.items()}
    assert {stack: found for stack, found in foreign.items() if found} == {}


def test_after_a_lost_region_an_instance_is_made_of_what_it_left_behind(place):
    restored = place(BackupRestore, active=THERE, restored={"database": COPIED})

    [((stack, name), found)] = restored.of_type(INSTANCE).items()
    origin = {key: found["Properties"].get(key) for key in ("SourceDBInstanceAutomatedBackupsArn", "DBName")}
    assert (stack, name.startswith("DatabaseInstance")) == (f"Shop-{THERE}-data", True)
    assert origin == {"SourceDBInstanceAutomatedBackupsArn": COPIED, "DBName": None}
    assert restored.of_type("AWS::SecretsManager::Secret") == {}  # the copy of the lost Region's holds the password


def test_a_service_is_told_the_instance_of_its_region(steps):
    template = steps["before"].templates[f"Shop-{THERE}-service"]["Resources"].values()

    [launch] = [r for r in template if r["Type"] == "AWS::EC2::LaunchTemplate"]
    told = str(launch["Properties"]["LaunchTemplateData"]["UserData"])
    assert all(name in told for name in ("DATABASE_WRITER=", "DATABASE_READER=", "DATABASE_SECRET=shop/database"))


def test_the_plan_knows_which_instance_a_person_promotes_before_anything_moves(steps):
    plans = {}
    for name, step in steps.items():
        [text] = {found["Properties"]["Value"] for found in step.of_type("AWS::SSM::Parameter").values()}
        plans[name] = json.loads(text)

    pairs = {
        name: (*plan["replicas"][0]["instances"].values(), plan["replicas"][0]["follows_in"])
        for name, plan in plans.items()
    }
    assert pairs == {
        "before": (SECOND, FIRST, THERE),
        "failed over": (SECOND, FIRST, THERE),
        "a new replica at home": (SECOND, THIRD, HERE),
        "failed back": (SECOND, THIRD, HERE),
        "a new replica away": (FOURTH, THIRD, THERE),
    }
    first = {name: steps[0] for name, steps in plans["before"]["runbooks"].items()}
    assert plans["before"]["databases"] == []
    assert first == {
        "failover": {"step": "confirm", "of": "database", "at": THERE},
        "planned": {"step": "confirm", "of": "database", "at": THERE},
        "failback": {"step": "confirm", "of": "database", "at": HERE},
    }


def test_the_validators_find_nothing_in_replicas_promoted_ones_clusters_and_members(place):
    tiers = {"tables": [Dsql(name="ledger", witness="eu-west-2")], "database": rds(generation=2)}
    peers = {HERE: f"arn:aws:dsql:{HERE}:111111111111:cluster/{'a' * 26}"}
    peers[THERE] = f"arn:aws:dsql:{THERE}:111111111111:cluster/{'b' * 26}"

    both = place(
        WarmStandby, active=THERE, workload=shop(**tiers), context={"cdk-standby:dsql-peers": {"ledger": peers}}
    )

    assert validators.findings(both.app) == []
    assert validators.lint(both.templates[f"Shop-{HERE}-data"], region=HERE) == []


def test_a_cluster_with_readable_standbys_is_of_one_region(place):
    cluster = place(MultiAz, workload=shop(database=MultiAzDbCluster(engine="postgres", version="17.6")), zones=3)

    [((stack, _), found)] = cluster.of_type("AWS::RDS::DBCluster").items()
    assert (stack, found["Properties"]["DBClusterIdentifier"]) == (f"Shop-{HERE}-data", f"shop-database-{HERE}")
    assert [key for (key, _) in cluster.of_type(PLAN)] == [f"Shop-{HERE}-data"]


def refused(word, tier, **changes):
    with pytest.raises(InvalidOptions) as caught:
        word(cdk.App(), "Shop", **{**OPTIONS, "objectives": None, "workload": shop(database=tier), **changes})
    return str(caught.value).splitlines()


@pytest.mark.parametrize("word", [BackupRestore, PilotLight, WarmStandby, MultiSite], ids=lambda word: word.__name__)
def test_a_cluster_with_readable_standbys_has_nothing_elsewhere(word):
    assert refused(word, MultiAzDbCluster(engine="postgres", version="17.6")) == [
        "Shop: workload.database: 'database' is a MultiAzDbCluster; allowed: AuroraPostgres, AuroraMysql or Rds for "
        f"{word.strategy.name}; or MultiAz, which stays in its Region, because no snapshot and no automated backup of "
        "a Multi-AZ DB cluster is copied to another Region, and a Multi-AZ DB cluster has read replicas in its own "
        "Region only (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/"
        "multi-az-db-clusters-concepts.Limitations.html)"
    ]


def test_what_no_replica_can_do_is_told_at_once_with_what_to_choose_instead():
    tier = Rds(engine="sqlserver-ee", version="16.00.4215.2.v1")

    assert refused(MultiSite, tier, further=["eu-north-1"]) == [
        "Shop: workload.database: 'engine' is 'sqlserver-ee'; allowed: BackupRestore, with 'continuous_copies'; or "
        "another engine or edition, because a replica of SQL Server has no standby until it is promoted "
        "(https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/SQLServer.ReadReplicas.Limitations.html)",
        "Shop: workload.database: 'further' is 3 Regions; allowed: two Regions; or AuroraPostgres or AuroraMysql, "
        "because of the replicas in several Regions one is promoted, and the others would follow a database that is "
        "lost (https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstanceReadReplica.html)",
        "Shop: workload.database: 'one_writer_because' is not given; allowed: the reason; or AuroraPostgres or "
        "AuroraMysql with 'forward_writes', or Dsql; or WarmStandby, where one Region serves, because users are led to "
        "every Region, and a read replica takes no writes "
        "(https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstanceReadReplica.html)",
        "Shop: workload.database: 'promoted_by_hand_because' is not given; allowed: the reason; or AuroraPostgres or "
        "AuroraMysql, which the runbook promotes; or BackupRestore, because the runbook moves traffic and promotes "
        "global databases only: somebody has to promote the replica before "
        "(https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_PromoteReadReplica.html)",
    ]


def test_an_edition_without_replicas_is_restored_from_backups():
    assert refused(PilotLight, rds(engine="oracle-se2", version="19.0.0.0.ru-2025-07.rur-2025-07.r1")) == [
        "Shop: workload.database: 'engine' is 'oracle-se2'; allowed: BackupRestore, with 'continuous_copies'; or "
        "another engine or edition, because read replicas need Oracle Enterprise Edition "
        "(https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReadRepl.html)"
    ]


def test_an_instance_that_was_born_as_a_replica_names_the_other_region_for_ever():
    assert refused(MultiAz, rds(generation=3)) == [
        "Shop: workload.database: 'generation' is 3; allowed: 1; or BackupRestore, PilotLight or WarmStandby, which "
        "know the other Region still, because CloudFormation replaces an instance that was born as a replica when the "
        "Region of its source is no longer named "
        "(https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbinstance.html)"
    ]


def test_generations_are_counted_from_one():
    with pytest.raises(InvalidOptions) as caught:
        shop(database=rds(generation=0))

    assert str(caught.value) == (
        "Workload('shop').database: 'generation' is 0; allowed: 1, and one more with each new replica after a "
        "failover, because it counts the pairs of instances, of which the first is 1"
    )


def test_an_unknown_engine_is_told_by_the_construct_in_our_words():
    [problem, *_] = refused(MultiAz, rds(engine="postgresql"))

    assert problem.startswith("Shop: workload.database: 'engine' is 'postgresql'; allowed: ")
