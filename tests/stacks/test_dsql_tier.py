"""A database on Aurora DSQL under every strategy: of one Region, or of two that both take writes."""

from __future__ import annotations

import itertools
import json

import aws_cdk as cdk
import pytest
from kept import kept
from shop import OPTIONS, regions_read, shop

from cdk_standby import InvalidOptions
from cdk_standby_stacks import BackupRestore, Dsql, MultiAz, MultiSite, PilotLight, WarmStandby

HERE, THERE, WITNESS = "eu-west-1", "eu-central-1", "eu-west-2"
ONE, TWO = (MultiAz, BackupRestore), (PilotLight, WarmStandby, MultiSite)
CLUSTER = "AWS::DSQL::Cluster"
ARNS = {
    HERE: f"arn:aws:dsql:{HERE}:111111111111:cluster/abcdefghijklmnopqrstuvwxy1",
    THERE: f"arn:aws:dsql:{THERE}:111111111111:cluster/abcdefghijklmnopqrstuvwxy2",
}
PEERS = {"cdk-standby:dsql-peers": {"database": ARNS}}
POINT = f"arn:aws:backup:{THERE}:111111111111:recovery-point:0a1b"


@pytest.fixture(scope="module")
def place(synthesize):
    def run(word, tier, **changes):
        options = {"workload": shop(database=tier), "objectives": None, "zones": 2, **changes}
        return synthesize(strategy=word, **options)

    return run


@pytest.fixture(scope="module")
def each(place):
    """Every strategy with the tier that suits it, the members of two Regions knowing each other."""
    alone = {word: place(word, Dsql()) for word in ONE}
    return alone | {word: place(word, Dsql(witness=WITNESS), context=PEERS) for word in TWO}


@pytest.fixture(scope="module")
def first(place):
    """The first deployment, when AWS has not made the ARNs up yet."""
    return place(WarmStandby, Dsql(witness=WITNESS))


def members(synthesized):
    return {
        stack.removeprefix("Shop-").removesuffix("-data"): found["Properties"].get("MultiRegionProperties")
        for (stack, _), found in synthesized.of_type(CLUSTER).items()
    }


def warnings(synthesized, kind):
    """What synth warns of, by stack."""
    told = {stack.stack_name: [message.entry.data for message in stack.messages] for stack in stacks(synthesized)}
    return {
        stack: found for stack, all_ in told.items() if (found := [text for text in all_ if f"[ack: {kind}]" in text])
    }


def stacks(synthesized):
    return synthesized.app.synth().stacks


@pytest.mark.capability("SYS-28")
@pytest.mark.parametrize(
    ("before", "after"),
    [*itertools.permutations(ONE, 2), *itertools.permutations(TWO, 2)],
    ids=lambda word: word.__name__,
)
def test_another_strategy_replaces_no_cluster(each, before, after):
    old, new = kept(each[before].templates), kept(each[after].templates)

    common = old.keys() & new.keys()
    assert {key: new[key] for key in common} == {key: old[key] for key in common}
    assert {key for key in old if f"-{HERE}-" in key[0]} <= common


@pytest.mark.capability("AUR-15")
def test_two_regions_have_a_member_each_and_one_has_a_cluster(each):
    both = {
        HERE: {"WitnessRegion": WITNESS, "Clusters": [ARNS[THERE]]},
        THERE: {"WitnessRegion": WITNESS, "Clusters": [ARNS[HERE]]},
    }

    assert {word.__name__: members(each[word]) for word in each} == {
        "MultiAz": {HERE: None},
        "BackupRestore": {HERE: None},
        "PilotLight": both,
        "WarmStandby": both,
        "MultiSite": both,
    }


def test_members_are_made_first_and_then_told_of_each_other_in_place(first, each):
    before, after = kept(first.templates), kept(each[WarmStandby].templates)

    assert members(first) == {HERE: {"WitnessRegion": WITNESS}, THERE: {"WitnessRegion": WITNESS}}
    assert before == after


def test_until_then_synth_says_what_to_write_where(first, each):
    told = warnings(first, "cdk-standby:dsql-peers")

    assert told == {
        f"Shop-{here}-data": [
            f"Shop/{here}-data/Database waits for its peer in {there}. Deploy both data stacks, then commit their "
            'outputs to cdk.json as "context": {"cdk-standby:dsql-peers": {"database": '
            f'{{"{here}": "<ARN>", "{there}": "<ARN>"}}}}}} and deploy both again. [ack: cdk-standby:dsql-peers]'
        ]
        for here, there in ((HERE, THERE), (THERE, HERE))
    }
    assert warnings(each[WarmStandby], "cdk-standby:dsql-peers") == {}


def test_a_flip_changes_nothing_of_the_members_and_there_is_nothing_to_promote(place, each):
    flipped = place(WarmStandby, Dsql(witness=WITNESS), context=PEERS, active=THERE)

    [plan] = {r["Properties"]["Value"] for r in flipped.of_type("AWS::SSM::Parameter").values()}
    assert flipped.of_type(CLUSTER) == each[WarmStandby].of_type(CLUSTER)
    assert json.loads(plan)["databases"] == []
    assert [step["step"] for step in json.loads(plan)["runbooks"]["failover"]] == [
        "scale",
        "capacity",
        "switch",
        "verify",
    ]


def test_backups_are_copied_to_the_other_region(each):
    copies = {
        word.__name__: [
            copy["DestinationBackupVaultArn"].split(":")[3]
            for plan in each[word].of_type("AWS::Backup::BackupPlan").values()
            for copy in plan["Properties"]["BackupPlan"]["BackupPlanRule"][0].get("CopyActions", [])
        ]
        for word in each
    }

    assert copies == {
        "MultiAz": [],
        "BackupRestore": [THERE],
        "PilotLight": [THERE],
        "WarmStandby": [THERE],
        "MultiSite": [THERE],
    }


def test_a_restored_cluster_is_imported_since_cloudformation_would_make_an_empty_one(place):
    restored = place(BackupRestore, Dsql(), active=THERE, restored={"database": POINT})

    assert members(restored) == {THERE: None}
    assert warnings(restored, "cdk-standby:dsql-import") == {
        f"Shop-{THERE}-data": [
            f"Shop/{THERE}-data/Database is made empty when it is deployed like this. Restore {POINT} with AWS Backup "
            "first, and bring the restored cluster in by `cdk import` under this id; then deploy. "
            "[ack: cdk-standby:dsql-import]"
        ]
    }


def test_a_service_reaches_the_member_of_its_own_region_without_a_password(each):
    template = each[MultiSite].templates[f"Shop-{THERE}-service"]

    [launch] = [r for r in template["Resources"].values() if r["Type"] == "AWS::EC2::LaunchTemplate"]
    told = str(launch["Properties"]["LaunchTemplateData"]["UserData"])
    doors = [r["Properties"] for r in template["Resources"].values() if r["Type"] == "AWS::EC2::SecurityGroupIngress"]
    assert ("DATABASE_WRITER=" in told, "DATABASE_SECRET" in told) == (True, False)
    assert 5432 in {door["ToPort"] for door in doors}
    assert "dsql:DbConnect" in str(template)
    assert regions_read(template) <= {THERE}


def refused(word, tier, **changes):
    with pytest.raises(InvalidOptions) as caught:
        word(cdk.App(), "Shop", **{**OPTIONS, "objectives": None, "workload": shop(database=tier), **changes})
    return str(caught.value)


BORN = (
    ", because a cluster of two Regions is made with its witness and waits for its peer before it holds anything; of a "
    "cluster of one Region that has data, AWS describes no way to become one "
    "(https://docs.aws.amazon.com/aurora-dsql/latest/userguide/multi-region-aws-cli.html)"
)


@pytest.mark.parametrize("word", TWO, ids=lambda word: word.__name__)
def test_a_cluster_of_one_region_does_not_become_one_of_two(word):
    said = refused(word, Dsql())

    assert said == (
        "Shop: workload.database: 'witness' is not given; allowed: the third Region, of a cluster that is made with "
        "it; or MultiAz or BackupRestore; of a cluster that has data already, copy the rows to a tier of another name"
        f"{BORN}"
    )


@pytest.mark.parametrize("word", ONE, ids=lambda word: word.__name__)
def test_a_cluster_of_two_regions_does_not_become_one_of_one(word):
    said = refused(word, Dsql(witness=WITNESS))

    assert said == (
        "Shop: workload.database: 'witness' is 'eu-west-2'; allowed: left out; or PilotLight, WarmStandby or "
        f"MultiSite from the first day on{BORN}"
    )


def test_there_are_two_members_and_no_more():
    assert refused(MultiSite, Dsql(witness=WITNESS), further=["eu-north-1"]) == (
        "Shop: workload.database: 'further' is 3 Regions; allowed: two Regions; or AuroraPostgres or AuroraMysql with "
        "'forward_writes', or a Table, because a multi-Region cluster has two endpoints: one in each of two peered "
        "Regions (https://docs.aws.amazon.com/aurora-dsql/latest/userguide/what-is-aurora-dsql.html)"
    )
