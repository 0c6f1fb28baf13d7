"""While the primary is dark: what is elsewhere is deployed and changed, rebuilt, and failed over to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from deployed import PRIMARY, RECOVERY, Deployed, synthesized
from deploying import ROUTE_53, deploy, in_order, prepare
from headless import Atelier

from cdk_standby_runbooks.local_aws import LocalAws
from cdk_standby_stacks import AuroraPostgres, BackupRestore, MultiSite

FURTHER = "eu-north-1"

pytestmark = pytest.mark.deploys


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


def test_of_three_regions_that_serve_two_are_deployed_and_changed_without_the_first(
    aws: LocalAws, tmp_path: Path
) -> None:
    """What the other strategies have elsewhere is deployed so with the shop of the example."""
    shop = Deployed(aws)
    database = AuroraPostgres(version="17.4", forward_writes=True)

    shop.take(synthesized(tmp_path, MultiSite, database=database, further=[FURTHER]))

    site = ("network", "vault", "data", "service")
    assert sorted(shop.dark[tmp_path.name]) == sorted(
        ["traffic", *(f"{region}-{part}" for region in (RECOVERY, FURTHER) for part in site)]
    )
    assert {call["region"] for call in shop.calls} == {RECOVERY, FURTHER, ROUTE_53}
    assert shop.joined == [f"Shop-{RECOVERY}-data", f"Shop-{FURTHER}-data"]


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
