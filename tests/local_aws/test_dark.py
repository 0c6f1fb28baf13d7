"""While the primary is dark: what is elsewhere is deployed and changed, rebuilt, and failed over to."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from deployed import PRIMARY, RECOVERY, Deployed, synthesized
from deploying import ROUTE_53, deploy, in_order, prepare
from headless import Atelier

from cdk_standby_runbooks.local_aws import LocalAws
from cdk_standby_stacks import AuroraPostgres, BackupRestore, Deployment, MultiSite, PilotLight, WarmStandby

FURTHER = "eu-north-1"
Stacks = list[tuple[str, str, str]]
WORDS: dict[type[Deployment], dict[str, Any]] = {
    BackupRestore: {},
    PilotLight: {},
    WarmStandby: {},
    MultiSite: {"further": [FURTHER]},
}
ANOTHER_DAY: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "AWS::EC2::VPC": ("Tags", lambda tags: [*tags, {"Key": "team", "Value": "orders"}]),
    "AWS::KMS::Key": ("Description", lambda said: f"{said}, of the shop"),
    "AWS::RDS::DBCluster": ("BackupRetentionPeriod", lambda days: days + 7),
    "AWS::AutoScaling::AutoScalingGroup": ("MaxSize", lambda most: str(int(most) + 6)),
    "AWS::Route53::RecordSet": ("AliasTarget", lambda to: {**to, "EvaluateTargetHealth": False}),
}
"""What an ordinary day changes, by type: a property, and what becomes of it."""

pytestmark = pytest.mark.deploys


@dataclass
class World:
    """The shop by one strategy after the other, and which calls there were while the primary was dark."""

    aws: LocalAws
    folder: Path
    dark: dict[str, list[str]] = field(default_factory=dict)
    lit: list[str] = field(default_factory=list)
    calls: list[dict[str, Any]] = field(default_factory=list)

    def take(self, word: type[Deployment]) -> None:
        """Deploy what a strategy has outside the primary, and once more with a change in each stack."""
        database = AuroraPostgres(version="17.4", forward_writes=True)
        stacks = in_order(synthesized(self.folder / word.__name__, word, database=database, **WORDS[word]))
        elsewhere = [one for one in stacks if one[1] != PRIMARY]
        for one in elsewhere:
            if one[0].endswith("-data") and one[0] not in self.lit:
                self._join(stacks, one)
            self._in_the_dark([one])
        self._in_the_dark([(name, region, changed(template)) for name, region, template in elsewhere])
        self.dark[word.__name__] = [name.removeprefix("Shop-") for name, _, _ in elsewhere]

    def _join(self, stacks: Stacks, data: tuple[str, str, str]) -> None:
        """A cluster joins the global database that is there, once: the only thing that asks for the primary."""
        if not self.lit:
            for one in stacks:
                if one[1] == PRIMARY and not one[0].endswith("-service"):
                    deploy(self.aws, *one)
        deploy(self.aws, *data)
        self.lit.append(data[0])

    def _in_the_dark(self, stacks: Stacks) -> None:
        self.aws.go_dark(PRIMARY)
        before = len(self.aws.ledger())
        for one in stacks:
            deploy(self.aws, *one)
        self.calls += self.aws.ledger()[before:]
        self.aws.come_back()

    def stack(self, name: str, region: str) -> Any:
        [found] = self.aws.client("cloudformation", region).describe_stacks(StackName=name)["Stacks"]
        return found


def changed(template: str) -> str:
    """The template on another day."""
    body = json.loads(template)
    for resource in body["Resources"].values():
        if resource["Type"] in ANOTHER_DAY:
            name, change = ANOTHER_DAY[resource["Type"]]
            resource["Properties"][name] = change(resource["Properties"][name])
            return json.dumps(body)
    raise AssertionError("it has nothing that changes on another day")


@pytest.fixture(scope="module")
def running() -> Iterator[LocalAws]:
    """Of this module alone, for workloads that stand side by side."""
    with LocalAws() as aws:
        prepare(aws, PRIMARY, RECOVERY, FURTHER)
        yield aws


@pytest.fixture
def aws(running: LocalAws) -> Iterator[LocalAws]:
    """Whoever takes a Region away has it back after the test."""
    yield running
    running.come_back()


@pytest.fixture(scope="module")
def world(running: LocalAws, tmp_path_factory: pytest.TempPathFactory) -> World:
    made = World(running, tmp_path_factory.mktemp("dark"))
    for word in WORDS:
        made.take(word)
    return made


def test_by_every_strategy_all_that_is_elsewhere_is_deployed_and_changed_without_the_primary(world: World) -> None:
    site = ["network", "vault", "data", "service"]
    recovery, further = ({f"{region}-{part}" for part in site} for region in (RECOVERY, FURTHER))

    assert {word: set(names) for word, names in world.dark.items()} == {
        "BackupRestore": {f"{RECOVERY}-vault", "traffic"},
        "PilotLight": {*recovery, "traffic"},
        "WarmStandby": {*recovery, "traffic"},
        "MultiSite": {*recovery, *further, "traffic"},
    }
    for name, region in [(f"Shop-{one}", one[: -len(one.split("-")[-1]) - 1]) for one in (*recovery, *further)]:
        assert world.stack(name, region)["StackStatus"] == "UPDATE_COMPLETE"
    assert world.stack("Shop-traffic", ROUTE_53)["StackStatus"] == "UPDATE_COMPLETE"


def test_no_call_reached_the_dark_region_nor_was_one_tried(world: World) -> None:
    assert {call["region"] for call in world.calls} == {RECOVERY, FURTHER, ROUTE_53}


def test_only_to_join_the_global_database_the_primary_was_needed_and_once_each(world: World) -> None:
    assert world.lit == [f"Shop-{RECOVERY}-data", f"Shop-{FURTHER}-data"]


@pytest.mark.capability("DR-03")
def test_a_lost_region_is_rebuilt_from_a_copy(aws: LocalAws, tmp_path: Path) -> None:
    depot = Deployed(aws, "depot")
    copy = copied_snapshot(aws)
    aws.go_dark(PRIMARY)

    after = synthesized(tmp_path, BackupRestore, name="depot", active=RECOVERY, restored={"database": copy})
    for one in in_order(after):
        if one[0] != f"Depot-{PRIMARY}-vault":  # it stays as it is, until the Region is back
            deploy(aws, *one)

    assert depot.leads_to() == RECOVERY
    assert f"depot-database-{RECOVERY}" in depot.data(RECOVERY)
    aws.come_back()
    assert depot.sizes() == {RECOVERY: (5, 24)}


def copied_snapshot(aws: LocalAws) -> str:
    """What a copy by AWS Backup leaves in the recovery Region: a snapshot there, of a cluster that was here."""
    here, there = aws.client("rds", PRIMARY), aws.client("rds", RECOVERY)
    here.create_db_cluster(
        DBClusterIdentifier=f"depot-database-{PRIMARY}",
        Engine="aurora-postgresql",
        EngineVersion="17.4",
        MasterUsername="clusteradmin",
        MasterUserPassword="correct-horse",
        StorageEncrypted=True,
    )
    key = aws.client("kms", RECOVERY).create_key()["KeyMetadata"]["Arn"]
    taken = here.create_db_cluster_snapshot(
        DBClusterSnapshotIdentifier="nightly", DBClusterIdentifier=f"depot-database-{PRIMARY}"
    )["DBClusterSnapshot"]
    made = there.copy_db_cluster_snapshot(
        SourceDBClusterSnapshotIdentifier=taken["DBClusterSnapshotArn"],
        TargetDBClusterSnapshotIdentifier="copyjob-0a1b",
        KmsKeyId=key,
    )["DBClusterSnapshot"]
    return str(made["DBClusterSnapshotArn"])


@pytest.mark.capability("DR-04")
def test_a_headless_database_is_failed_over_to_and_what_is_deployed_next_finds_it(
    aws: LocalAws, tmp_path: Path
) -> None:
    atelier = Atelier.of(aws, tmp_path)
    atelier.take(atelier.before)
    asleep, data = atelier.instances(), atelier.cloud.data(RECOVERY)
    rows = atelier.cloud.write()
    atelier.cloud.keeps_up()
    aws.go_dark(PRIMARY)

    atelier.run("failover", dies_at="cloudformation:UpdateStack")
    nothing = atelier.instances()
    atelier.run("failover", dies_at="rds:FailoverGlobalCluster")
    one = atelier.instances()
    calls = atelier.run("failover")
    every = atelier.instances()

    assert (asleep, nothing, len(one), len(every)) == ({}, {}, 1, 3)
    assert one.items() <= every.items()
    assert atelier.writer() == RECOVERY
    assert not [call for call in calls if call.endswith(PRIMARY)]

    atelier.take(atelier.before, only=RECOVERY)  # by somebody who does not know yet
    unaware = atelier.instances()
    atelier.take(atelier.after, only=RECOVERY)

    assert unaware == every
    assert atelier.cloud.data(RECOVERY) == {**data, **every}
    aws.come_back()

    atelier.run("failback")
    atelier.take(atelier.before)
    kept = atelier.instances()
    atelier.take(atelier.before, only=f"{RECOVERY}-data", DatabaseInstances="none")

    assert (atelier.writer(), kept) == (PRIMARY, every)
    assert atelier.cloud.data(RECOVERY) == data
    assert atelier.cloud.write() == rows + 1
