"""Snapshots and restores: rows of before are there, later ones are not. And clusters of three zones."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cdk_standby_runbooks.local_aws import LocalAws

HERE, ELSEWHERE = "eu-west-1", "eu-central-1"
NUMBERS = count()
USER = {"MasterUsername": "clusteradmin", "MasterUserPassword": "correct-horse"}
ENGINE = {"Engine": "postgres", "EngineVersion": "17.4"}
INSTANCE = {**ENGINE, **USER, "DBInstanceClass": "db.r7g.large", "AllocatedStorage": 100, "BackupRetentionPeriod": 7}
THREE = {
    **ENGINE,
    **USER,
    "DBClusterInstanceClass": "db.r6gd.large",
    "AllocatedStorage": 400,
    "StorageType": "io1",
    "Iops": 3000,
}


@pytest.fixture(scope="module")
def rds(aws: LocalAws) -> dict[str, Any]:
    return {region: aws.client("rds", region) for region in (HERE, ELSEWHERE)}


@pytest.fixture(scope="module")
def data(aws: LocalAws) -> dict[str, Any]:
    return {region: aws.client("rds-data", region) for region in (HERE, ELSEWHERE)}


@pytest.fixture
def name() -> str:
    return f"ledger-{next(NUMBERS)}"


def write(data: dict[str, Any], arn: str, times: int) -> None:
    for _ in range(times):
        run(data, arn, "INSERT INTO orders VALUES (1)")


def rows(data: dict[str, Any], arn: str) -> int:
    return int(run(data, arn, "SELECT COUNT(*) FROM orders")["records"][0][0]["longValue"])


def run(data: dict[str, Any], arn: str, sql: str) -> Any:
    return data[arn.split(":")[3]].execute_statement(resourceArn=arn, secretArn="a" * 30, sql=sql)


def refusal(of: Any, **parameters: Any) -> str:
    with pytest.raises(ClientError) as caught:
        of(**parameters)
    error = caught.value.response["Error"]
    return f"{error['Code']}: {error['Message']}"


# --- instances


def test_a_snapshot_holds_the_rows_of_its_moment_also_in_another_region(
    aws: LocalAws, rds: dict[str, Any], data: dict[str, Any], name: str
) -> None:
    keys = {region: aws.client("kms", region).create_key()["KeyMetadata"]["Arn"] for region in (HERE, ELSEWHERE)}
    made = rds[HERE].create_db_instance(
        DBInstanceIdentifier=name, **INSTANCE, StorageEncrypted=True, KmsKeyId=keys[HERE]
    )["DBInstance"]
    write(data, made["DBInstanceArn"], 3)
    taken = rds[HERE].create_db_snapshot(DBInstanceIdentifier=name, DBSnapshotIdentifier=name)["DBSnapshot"]
    write(data, made["DBInstanceArn"], 2)
    copied = {"SourceDBSnapshotIdentifier": taken["DBSnapshotArn"], "TargetDBSnapshotIdentifier": f"{name}-copy"}

    keyless = refusal(rds[ELSEWHERE].copy_db_snapshot, **copied)
    rds[ELSEWHERE].copy_db_snapshot(**copied, KmsKeyId=keys[ELSEWHERE])
    restored = rds[ELSEWHERE].restore_db_instance_from_db_snapshot(
        DBInstanceIdentifier=name, DBSnapshotIdentifier=f"{name}-copy", MultiAZ=True
    )["DBInstance"]

    assert keyless == (
        "InvalidParameterCombination: "
        "KmsKeyId should be explicitly specified for a cross region copy of an encrypted snapshot."
    )
    assert (rows(data, made["DBInstanceArn"]), rows(data, restored["DBInstanceArn"])) == (5, 3)
    assert (restored["Engine"], restored["AllocatedStorage"], restored["MultiAZ"]) == ("postgres", 100, True)
    assert (restored["KmsKeyId"], restored["BackupRetentionPeriod"]) == (keys[ELSEWHERE], 7)


def test_a_point_in_time_holds_what_was_written_until_then(
    rds: dict[str, Any], data: dict[str, Any], name: str
) -> None:
    made = rds[HERE].create_db_instance(DBInstanceIdentifier=name, **INSTANCE)["DBInstance"]
    write(data, made["DBInstanceArn"], 2)
    time.sleep(1.1)
    moment = datetime.now(UTC).replace(microsecond=0)
    write(data, made["DBInstanceArn"], 3)
    restore, source = rds[HERE].restore_db_instance_to_point_in_time, {"SourceDBInstanceIdentifier": name}

    then = restore(**source, TargetDBInstanceIdentifier=f"{name}-then", RestoreTime=moment)["DBInstance"]
    now = restore(**source, TargetDBInstanceIdentifier=f"{name}-now", UseLatestRestorableTime=True)["DBInstance"]
    early = refusal(
        restore, **source, TargetDBInstanceIdentifier=f"{name}-early", RestoreTime=datetime(2020, 1, 1, tzinfo=UTC)
    )
    neither = refusal(restore, **source, TargetDBInstanceIdentifier=f"{name}-x")

    assert (rows(data, then["DBInstanceArn"]), rows(data, now["DBInstanceArn"])) == (2, 5)
    assert early == (
        "InvalidParameterValue: "
        "The specified restore time 2020-01-01T00:00:00Z is not within the time that the backups cover."
    )
    assert neither == (
        "InvalidParameterCombination: Either a time to restore to or UseLatestRestorableTime must be given."
    )


def test_backups_that_were_copied_restore_without_the_region_they_came_from(
    aws: LocalAws, rds: dict[str, Any], data: dict[str, Any], name: str
) -> None:
    made = rds[HERE].create_db_instance(DBInstanceIdentifier=name, **INSTANCE)["DBInstance"]
    copy = rds[ELSEWHERE].start_db_instance_automated_backups_replication(SourceDBInstanceArn=made["DBInstanceArn"])
    write(data, made["DBInstanceArn"], 4)
    aws.go_dark(HERE)

    restored = rds[ELSEWHERE].restore_db_instance_to_point_in_time(
        SourceDBInstanceAutomatedBackupsArn=copy["DBInstanceAutomatedBackup"]["DBInstanceAutomatedBackupsArn"],
        TargetDBInstanceIdentifier=name,
        UseLatestRestorableTime=True,
    )["DBInstance"]

    aws.come_back()
    assert rows(data, restored["DBInstanceArn"]) == 4
    write(data, restored["DBInstanceArn"], 1)
    assert (rows(data, restored["DBInstanceArn"]), rows(data, made["DBInstanceArn"])) == (5, 4)


def test_a_last_snapshot_is_taken_when_it_is_asked_for(rds: dict[str, Any], data: dict[str, Any], name: str) -> None:
    made = rds[HERE].create_db_instance(DBInstanceIdentifier=name, **INSTANCE)["DBInstance"]
    write(data, made["DBInstanceArn"], 2)

    rds[HERE].delete_db_instance(DBInstanceIdentifier=name, FinalDBSnapshotIdentifier=f"{name}-last")

    again = rds[HERE].restore_db_instance_from_db_snapshot(
        DBInstanceIdentifier=name, DBSnapshotIdentifier=f"{name}-last"
    )["DBInstance"]
    assert rows(data, again["DBInstanceArn"]) == 2
    assert again["DbiResourceId"] != made["DbiResourceId"]


# --- clusters


@pytest.mark.parametrize("wanted", [THREE, {**USER, "Engine": "aurora-postgresql", "EngineVersion": "17.4"}])
def test_a_cluster_is_restored_from_a_snapshot_and_to_a_time(
    rds: dict[str, Any], data: dict[str, Any], name: str, wanted: dict[str, Any]
) -> None:
    made = rds[HERE].create_db_cluster(DBClusterIdentifier=name, **wanted)["DBCluster"]
    write(data, made["DBClusterArn"], 2)
    rds[HERE].create_db_cluster_snapshot(DBClusterIdentifier=name, DBClusterSnapshotIdentifier=name)
    write(data, made["DBClusterArn"], 1)

    old = rds[HERE].restore_db_cluster_from_snapshot(
        DBClusterIdentifier=f"{name}-old", SnapshotIdentifier=name, Engine=wanted["Engine"]
    )["DBCluster"]
    new = rds[HERE].restore_db_cluster_to_point_in_time(
        DBClusterIdentifier=f"{name}-new", SourceDBClusterIdentifier=name, UseLatestRestorableTime=True
    )["DBCluster"]

    assert (rows(data, old["DBClusterArn"]), rows(data, new["DBClusterArn"])) == (2, 3)
    assert {key: new[key] for key in wanted if key != "MasterUserPassword"} == {
        key: value for key, value in wanted.items() if key != "MasterUserPassword"
    }


def test_three_members_over_three_zones_come_and_go_with_their_cluster(rds: dict[str, Any], name: str) -> None:
    made = rds[HERE].create_db_cluster(DBClusterIdentifier=name, **THREE)["DBCluster"]
    members = [{"Name": "db-cluster-id", "Values": [name]}]

    found = rds[HERE].describe_db_instances(Filters=members)["DBInstances"]

    assert [(one["DBInstanceIdentifier"], one["AvailabilityZone"], one["DBInstanceClass"]) for one in found] == [
        (f"{name}-instance-{number}", f"{HERE}{zone}", "db.r6gd.large") for number, zone in enumerate("abc", 1)
    ]
    assert (made["Iops"], made["ReaderEndpoint"].startswith(f"{name}.cluster-ro-")) == (3000, True)
    assert refusal(rds[HERE].delete_db_instance, DBInstanceIdentifier=f"{name}-instance-1") == (
        f"InvalidDBInstanceState: The DB instances of the Multi-AZ DB cluster {name} go with it."
    )
    rds[HERE].delete_db_cluster(DBClusterIdentifier=name, SkipFinalSnapshot=True)
    assert rds[HERE].describe_db_instances(Filters=members)["DBInstances"] == []


def test_a_reader_of_three_becomes_the_writer_and_says_so(rds: dict[str, Any], name: str) -> None:
    rds[HERE].create_db_cluster(DBClusterIdentifier=name, **THREE)

    rds[HERE].failover_db_cluster(DBClusterIdentifier=name, TargetDBInstanceIdentifier=f"{name}-instance-3")

    found = rds[HERE].describe_db_clusters(DBClusterIdentifier=name)["DBClusters"][0]
    writers = [one["DBInstanceIdentifier"] for one in found["DBClusterMembers"] if one["IsClusterWriter"]]
    told = rds[HERE].describe_events(SourceIdentifier=name, SourceType="db-cluster")["Events"]
    assert writers == [f"{name}-instance-3"]
    assert [event["Message"] for event in told] == [
        f"Started cross AZ failover to DB instance: {name}-instance-3",
        f"Completed failover to DB instance: {name}-instance-3",
    ]


def test_an_instance_replicates_from_three_zones_in_their_region_only(
    rds: dict[str, Any], data: dict[str, Any], name: str
) -> None:
    made = rds[HERE].create_db_cluster(DBClusterIdentifier=name, **THREE, BackupRetentionPeriod=7)["DBCluster"]
    write(data, made["DBClusterArn"], 2)
    wanted = {"DBInstanceIdentifier": f"{name}-copy", "DBInstanceClass": "db.r7g.large"}

    far = refusal(
        rds[ELSEWHERE].create_db_instance_read_replica, **wanted, SourceDBClusterIdentifier=made["DBClusterArn"]
    )
    copy = rds[HERE].create_db_instance_read_replica(**wanted, SourceDBClusterIdentifier=name)["DBInstance"]

    assert far == (
        "InvalidParameterCombination: A read replica of a Multi-AZ DB cluster lives in the cluster's Region."
    )
    assert (copy["ReadReplicaSourceDBClusterIdentifier"], rows(data, copy["DBInstanceArn"])) == (name, 2)
    rds[HERE].promote_read_replica(DBInstanceIdentifier=f"{name}-copy")
    write(data, copy["DBInstanceArn"], 1)
    assert (rows(data, copy["DBInstanceArn"]), rows(data, made["DBClusterArn"])) == (3, 2)


def test_backups_of_what_is_gone_are_found_by_its_resource_id(
    rds: dict[str, Any], data: dict[str, Any], name: str
) -> None:
    made = rds[HERE].create_db_instance(DBInstanceIdentifier=name, **INSTANCE)["DBInstance"]
    write(data, made["DBInstanceArn"], 2)
    rds[HERE].delete_db_instance(DBInstanceIdentifier=name, SkipFinalSnapshot=True, DeleteAutomatedBackups=False)

    again = rds[HERE].restore_db_instance_to_point_in_time(
        SourceDbiResourceId=made["DbiResourceId"], TargetDBInstanceIdentifier=name, UseLatestRestorableTime=True
    )["DBInstance"]

    assert rows(data, again["DBInstanceArn"]) == 2


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            {"Engine": "aurora-postgresql"},
            "DBClusterInstanceClass is for Multi-AZ DB clusters of mysql and postgres only.",
        ),
        (
            {"DBClusterInstanceClass": None},
            "A Multi-AZ DB cluster needs DBClusterInstanceClass, for the engine postgres.",
        ),
        ({"Iops": None}, "A Multi-AZ DB cluster with provisioned IOPS storage needs Iops."),
        (
            {"AllocatedStorage": None},
            "A Multi-AZ DB cluster needs AllocatedStorage, and a StorageType of gp3, io1, io2.",
        ),
        ({"EnableHttpEndpoint": True}, "EnableHttpEndpoint is not supported by Multi-AZ DB clusters."),
    ],
)
def test_a_cluster_of_three_zones_is_refused(rds: dict[str, Any], name: str, change: dict[str, Any], says: str) -> None:
    wanted = {key: value for key, value in {**THREE, **change}.items() if value is not None}

    told = refusal(rds[HERE].create_db_cluster, DBClusterIdentifier=name, **wanted)

    assert told == f"InvalidParameterCombination: {says}"
