"""Aurora global databases: one writer, and what the API refuses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cdk_standby_runbooks.local_aws import LocalAws

PRIMARY, RECOVERY = "eu-west-1", "eu-central-1"
ENGINE = {"Engine": "aurora-postgresql", "EngineVersion": "17.4"}
USER = {"MasterUsername": "clusteradmin", "MasterUserPassword": "correct-horse"}
NUMBERS = count()


@dataclass
class Pair:
    """A global database over two Regions."""

    aws: LocalAws
    name: str = field(default_factory=lambda: f"shop-{next(NUMBERS)}")

    def rds(self, region: str = RECOVERY) -> Any:
        return self.aws.client("rds", region)

    def cluster(self, region: str) -> str:
        return f"{self.name}-{region}"

    def arn(self, region: str) -> str:
        return f"arn:aws:rds:{region}:{self.aws.account}:cluster:{self.cluster(region)}"

    def make(self) -> Pair:
        self.rds(PRIMARY).create_global_cluster(GlobalClusterIdentifier=self.name, **ENGINE)
        self.member(PRIMARY, **USER)
        self.member(RECOVERY)
        return self

    def member(self, region: str, **more: Any) -> Any:
        names = {"DBClusterIdentifier": self.cluster(region), "GlobalClusterIdentifier": self.name}
        return self.rds(region).create_db_cluster(**names, **{**ENGINE, **more})["DBCluster"]

    def instance(self, region: str) -> None:
        """What a cluster has to have to become the writer."""
        cluster, kind = self.cluster(region), {"Engine": ENGINE["Engine"], "DBInstanceClass": "db.r7g.large"}
        self.rds(region).create_db_instance(DBInstanceIdentifier=f"{cluster}-1", DBClusterIdentifier=cluster, **kind)

    def members(self) -> dict[str, tuple[bool, str]]:
        """Whether each Region writes, and how synchronized it is."""
        told = self.rds().describe_global_clusters(GlobalClusterIdentifier=self.name)["GlobalClusters"][0]
        return {
            member["DBClusterArn"].split(":")[3]: (member["IsWriter"], member["SynchronizationStatus"])
            for member in told["GlobalClusterMembers"]
        }

    def move(self, how: str, to: str, **more: Any) -> Any:
        call = getattr(self.rds(), f"{how}_global_cluster")
        return call(GlobalClusterIdentifier=self.name, TargetDbClusterIdentifier=self.arn(to), **more)

    def lag(self, milliseconds: float) -> None:
        mine = [{"Name": "DBClusterIdentifier", "Value": self.cluster(RECOVERY)}]
        datum = {"MetricName": "AuroraGlobalDBReplicationLag", "Dimensions": mine, "Value": milliseconds}
        self.aws.client("cloudwatch", RECOVERY).put_metric_data(Namespace="AWS/RDS", MetricData=[datum])


@pytest.fixture
def pair(aws: LocalAws) -> Iterator[Pair]:
    yield Pair(aws).make()
    aws.come_back()


@pytest.fixture
def whole(pair: Pair) -> Pair:
    """One whose clusters have an instance each."""
    for region in (PRIMARY, RECOVERY):
        pair.instance(region)
    return pair


def refusal(of: Callable[[], Any]) -> str:
    """The code and message of a refused call."""
    with pytest.raises(ClientError) as caught:
        of()
    error = caught.value.response["Error"]
    return f"{error['Code']}: {error['Message']}"


def test_the_first_cluster_writes_and_both_regions_say_so(pair: Pair) -> None:
    assert pair.members() == {PRIMARY: (True, "connected"), RECOVERY: (False, "connected")}
    written = pair.rds(PRIMARY).describe_db_clusters(DBClusterIdentifier=pair.cluster(PRIMARY))["DBClusters"][0]
    read = pair.rds().describe_db_clusters(DBClusterIdentifier=pair.cluster(RECOVERY))["DBClusters"][0]
    assert (written["GlobalClusterIdentifier"], written["ReadReplicaIdentifiers"]) == (pair.name, [pair.arn(RECOVERY)])
    assert (read["GlobalClusterIdentifier"], read["ReplicationSourceIdentifier"]) == (pair.name, pair.arn(PRIMARY))
    assert read["MasterUsername"] == "clusteradmin"  # replicated, not given


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (USER, "Cannot specify user name for cross region replication cluster"),
        ({"DatabaseName": "shop"}, "Cannot specify database name for cross region replication cluster"),
        ({"EngineVersion": "16.4"}, "The engine version of global cluster {name} is 17.4, not 16.4"),
        (
            {"Engine": "aurora-mysql", "EngineVersion": "8.0"},
            "The engine of global cluster {name} is aurora-postgresql, not aurora-mysql",
        ),
    ],
)
def test_a_secondary_gets_users_data_and_version_from_its_primary(
    aws: LocalAws, more: dict[str, Any], message: str
) -> None:
    half = Pair(aws)
    half.rds(PRIMARY).create_global_cluster(GlobalClusterIdentifier=half.name, **ENGINE)
    half.member(PRIMARY, **USER)

    told = refusal(lambda: half.member(RECOVERY, **more))

    assert told == "InvalidParameterCombination: " + message.format(name=half.name)


def test_an_encrypted_secondary_names_a_key_of_its_region(aws: LocalAws) -> None:
    half = Pair(aws)
    half.rds(PRIMARY).create_global_cluster(GlobalClusterIdentifier=half.name, **ENGINE, StorageEncrypted=True)
    half.member(PRIMARY, **USER, StorageEncrypted=True)

    told = refusal(lambda: half.member(RECOVERY))
    unknown = refusal(lambda: half.member(RECOVERY, KmsKeyId="alias/nowhere"))

    assert told == (
        "InvalidParameterCombination: KmsKeyId should be explicitly specified for cross region encrypted cluster"
    )
    assert unknown == (
        "KMSKeyNotAccessibleFault: The specified KMS key [alias/nowhere] does not exist, is not enabled or you do not "
        "have permissions to access it."
    )


def test_a_region_has_one_member(pair: Pair) -> None:
    names = {"DBClusterIdentifier": "another", "GlobalClusterIdentifier": pair.name}

    told = refusal(lambda: pair.rds().create_db_cluster(**names, **ENGINE))

    assert told == f"InvalidParameterCombination: Global cluster {pair.name} has a cluster in {RECOVERY} already"


def test_a_switchover_moves_the_role_and_back(whole: Pair) -> None:
    there = whole.move("switchover", RECOVERY)
    moved = whole.members()
    whole.move("failover", PRIMARY, Switchover=True)

    assert there["GlobalCluster"]["GlobalClusterIdentifier"] == whole.name
    assert moved == {PRIMARY: (False, "connected"), RECOVERY: (True, "connected")}
    assert whole.members() == {PRIMARY: (True, "connected"), RECOVERY: (False, "connected")}


def test_a_headless_secondary_is_promoted_in_no_way_until_it_has_an_instance(pair: Pair) -> None:
    headless = f"InvalidDBClusterStateFault: {pair.arn(RECOVERY)} is headless: add a DB instance to it before a "

    planned = refusal(lambda: pair.move("switchover", RECOVERY))
    lossy = refusal(lambda: pair.move("failover", RECOVERY, AllowDataLoss=True))
    pair.instance(RECOVERY)
    pair.move("failover", RECOVERY, AllowDataLoss=True)

    assert planned == lossy == f"{headless}switchover or failover"
    assert pair.members()[RECOVERY][0]


def test_a_switchover_needs_every_region(whole: Pair) -> None:
    whole.aws.go_dark(PRIMARY)

    told = refusal(lambda: whole.move("switchover", RECOVERY))
    silent = refusal(lambda: whole.move("failover", RECOVERY))

    assert told == silent
    assert told == (
        f"InvalidGlobalClusterStateFault: {whole.arn(PRIMARY)} is not available: every member's Region must be "
        "reachable for this operation"
    )
    assert whole.members()[PRIMARY] == (True, "connected")


def test_a_failover_loses_what_was_not_replicated_and_says_how_much(whole: Pair) -> None:
    whole.lag(3000)
    whole.aws.go_dark(PRIMARY)

    whole.move("failover", RECOVERY, AllowDataLoss=True)

    assert whole.members() == {PRIMARY: (False, "pending-resync"), RECOVERY: (True, "connected")}
    told = whole.rds().describe_events(SourceIdentifier=whole.cluster(RECOVERY), SourceType="db-cluster")["Events"]
    assert [event["Message"] for event in told] == [
        "Global failover to this cluster: the last 3.000 seconds of writes were not replicated",
        "Global database role changed to primary",
    ]


def test_the_old_writer_comes_back_as_a_reader(whole: Pair) -> None:
    whole.aws.go_dark(PRIMARY)
    whole.move("failover", RECOVERY, AllowDataLoss=True)
    too_early = refusal(lambda: whole.move("failover", PRIMARY, AllowDataLoss=True))

    whole.aws.come_back()

    assert too_early.startswith(f"InvalidGlobalClusterStateFault: {whole.arn(PRIMARY)} is not available")
    assert whole.members() == {PRIMARY: (False, "connected"), RECOVERY: (True, "connected")}
    whole.move("switchover", PRIMARY)
    assert whole.members() == {PRIMARY: (True, "connected"), RECOVERY: (False, "connected")}


def test_a_role_moves_to_a_reader_that_is_a_member(pair: Pair) -> None:
    assert refusal(lambda: pair.move("switchover", PRIMARY)) == (
        f"InvalidDBClusterStateFault: {pair.arn(PRIMARY)} is already the primary cluster of the global cluster"
    )
    assert refusal(lambda: pair.move("switchover", "us-east-1")) == (
        f"DBClusterNotFoundFault: DBCluster {pair.arn('us-east-1')} is not a member of global cluster {pair.name}"
    )
    assert refusal(lambda: pair.move("failover", RECOVERY, AllowDataLoss=True, Switchover=True)) == (
        "InvalidParameterCombination: AllowDataLoss and Switchover can't be specified together"
    )


def test_members_leave_readers_first_and_the_empty_container_last(pair: Pair) -> None:
    def remove(region: str) -> Any:
        return pair.rds().remove_from_global_cluster(
            GlobalClusterIdentifier=pair.name, DbClusterIdentifier=pair.arn(region)
        )

    def delete() -> Any:
        return pair.rds().delete_global_cluster(GlobalClusterIdentifier=pair.name)

    assert refusal(delete) == f"InvalidGlobalClusterStateFault: Global Cluster {pair.name} is not empty"
    assert refusal(lambda: remove(PRIMARY)) == (
        "InvalidGlobalClusterStateFault: The primary cluster cannot be removed while the global cluster has secondary "
        "clusters"
    )
    assert refusal(
        lambda: pair.rds().delete_db_cluster(DBClusterIdentifier=pair.cluster(RECOVERY), SkipFinalSnapshot=True)
    ) == (
        "InvalidDBClusterStateFault: This cluster is a part of a global cluster, please remove it from globalcluster "
        "first"
    )
    remove(RECOVERY)
    remove(PRIMARY)
    delete()
    assert refusal(delete) == f"GlobalClusterNotFoundFault: Global cluster {pair.name} not found"


def test_instances_spread_over_the_zones(pair: Pair) -> None:
    for number in range(3):
        made = pair.rds().create_db_instance(
            DBInstanceIdentifier=f"{pair.name}-{number}",
            DBClusterIdentifier=pair.cluster(RECOVERY),
            DBInstanceClass="db.r7g.large",
            Engine=ENGINE["Engine"],
            PromotionTier=number,
        )["DBInstance"]
        assert (made["AvailabilityZone"], made["PromotionTier"]) == (f"{RECOVERY}{'abc'[number]}", number)

    found = pair.rds().describe_db_clusters(DBClusterIdentifier=pair.cluster(RECOVERY))["DBClusters"][0]
    assert sorted(member["IsClusterWriter"] for member in found["DBClusterMembers"]) == [False, False, True]


def test_a_burstable_class_has_no_place_in_a_global_database(pair: Pair) -> None:
    names = {"DBInstanceIdentifier": f"{pair.name}-t", "DBClusterIdentifier": pair.cluster(RECOVERY)}

    told = refusal(
        lambda: pair.rds().create_db_instance(**names, DBInstanceClass="db.t4g.medium", Engine=ENGINE["Engine"])
    )

    assert told == (
        "InvalidParameterCombination: Aurora global databases do not support the burstable class db.t4g.medium"
    )


def test_what_the_emulator_forgets_is_kept(aws: LocalAws) -> None:
    rds, name = aws.client("rds", PRIMARY), f"kept-{next(NUMBERS)}"
    settings = {"DatabaseInsightsMode": "advanced", "MonitoringInterval": 60, "DeletionProtection": True}

    rds.create_db_cluster(
        DBClusterIdentifier=name, **ENGINE, **USER, **settings, EnablePerformanceInsights=True, BackupRetentionPeriod=14
    )

    found = rds.describe_db_clusters(DBClusterIdentifier=name)["DBClusters"][0]
    assert {key: found[key] for key in settings} == settings
    assert (found["PerformanceInsightsEnabled"], found["BackupRetentionPeriod"]) == (True, 14)


def test_the_lag_is_there_for_who_asks_and_stops_with_the_writer(pair: Pair) -> None:
    def points() -> list[float]:
        now = datetime.now(UTC)
        told = pair.aws.client("cloudwatch", RECOVERY).get_metric_statistics(
            Namespace="AWS/RDS",
            MetricName="AuroraGlobalDBRPOLag",
            Dimensions=[{"Name": "DBClusterIdentifier", "Value": pair.cluster(RECOVERY)}],
            StartTime=now - timedelta(minutes=5),
            EndTime=now + timedelta(minutes=1),
            Period=60,
            Statistics=["SampleCount"],
        )
        return [point["SampleCount"] for point in told["Datapoints"]]

    lit = sum(points())
    pair.aws.go_dark(PRIMARY)
    first = sum(points())
    second = sum(points())

    assert lit
    assert first == second == 2 * lit  # the last figure of before, and no more of them
