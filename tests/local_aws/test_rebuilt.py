"""Backup & restore, where it counts: a Region is rebuilt from a copy while the other one is dark."""

from __future__ import annotations

from pathlib import Path

import pytest
from deployed import PRIMARY, RECOVERY, Deployed, synthesized

from cdk_standby_runbooks.local_aws import LocalAws
from cdk_standby_stacks import BackupRestore

pytestmark = pytest.mark.deploys


@pytest.mark.capability("DR-03")
def test_a_lost_region_is_rebuilt_from_a_copy_while_it_is_dark(tmp_path: Path) -> None:
    with LocalAws() as aws:
        cloud = Deployed(aws)
        copy = copied_snapshot(aws)
        aws.go_dark(PRIMARY)

        after = synthesized(tmp_path / "after", BackupRestore, active=RECOVERY, restored={"database": copy})
        cloud.take(after, without=f"Shop-{PRIMARY}-vault")  # it stays as it is, until the Region is back

        assert cloud.leads_to() == RECOVERY
        assert f"shop-database-{RECOVERY}" in cloud.data(RECOVERY)
        aws.come_back()
        assert cloud.sizes()[RECOVERY] == (5, 24)


def copied_snapshot(aws: LocalAws) -> str:
    """What a copy by AWS Backup leaves in the recovery Region: a snapshot there, of a cluster that was here."""
    aws.client("rds", PRIMARY).create_db_cluster(
        DBClusterIdentifier=f"shop-database-{PRIMARY}",
        Engine="aurora-postgresql",
        EngineVersion="17.4",
        MasterUsername="clusteradmin",
        MasterUserPassword="correct-horse",
        StorageEncrypted=True,
    )
    key = aws.client("kms", RECOVERY).create_key()["KeyMetadata"]["Arn"]
    taken = aws.client("rds", PRIMARY).create_db_cluster_snapshot(
        DBClusterSnapshotIdentifier="nightly", DBClusterIdentifier=f"shop-database-{PRIMARY}"
    )["DBClusterSnapshot"]
    made = aws.client("rds", RECOVERY).copy_db_cluster_snapshot(
        SourceDBClusterSnapshotIdentifier=taken["DBClusterSnapshotArn"],
        TargetDBClusterSnapshotIdentifier="copyjob-0a1b",
        KmsKeyId=key,
    )["DBClusterSnapshot"]
    return str(made["DBClusterSnapshotArn"])
