"""Backup and restore as a whole: where copies go, that they can be restored, and what a restored site is made of."""

from __future__ import annotations

import re
from pathlib import Path

import aws_cdk as cdk
import pytest
from kept import kept
from shop import OPTIONS, regions_read, shop

from cdk_standby import InvalidOptions
from cdk_standby_review.facts import rds_clusters
from cdk_standby_stacks import (
    AuroraPostgres,
    BackupRestore,
    Bucket,
    Images,
    MultiAz,
    MultiAzDbCluster,
    Queue,
    Secret,
    Table,
    Valkey,
)

HERE, THERE = "eu-west-1", "eu-central-1"
SAFE = "arn:aws:backup:eu-central-1:222222222222:backup-vault:safe"
COPY = f"arn:aws:rds:{THERE}:111111111111:cluster-snapshot:awsbackup:copyjob-0a1b"
PLAN, GAPPED = "AWS::Backup::BackupPlan", "AWS::Backup::LogicallyAirGappedBackupVault"
TESTS, SELECTION = "AWS::Backup::RestoreTestingPlan", "AWS::Backup::RestoreTestingSelection"
GUARDED = {"copies_to_vault": SAFE, "air_gapped": True, "restore_testing": True, "objectives": None}


def serving():
    """The shop with a tier of each kind that holds data."""
    return shop(
        database=AuroraPostgres(version="17.4", one_writer_because="nearly all calls read"),
        tables=[Table("orders", "order_id", last_writer_wins_because="each order has one cart")],
        buckets=[Bucket("uploads", last_writer_wins_because="names of objects are random")],
        secrets=[Secret("payments")],
        images=[Images("web")],
        cache=Valkey(version="8.2"),
        queues=[Queue("jobs", bridges=cdk.Duration.days(2))],
    )


@pytest.fixture(scope="module")
def guarded(synthesize):
    return synthesize(strategy=BackupRestore, workload=serving(), **GUARDED)


@pytest.fixture(scope="module")
def restored(synthesize):
    """The same after Ireland was lost."""
    return synthesize(strategy=BackupRestore, workload=serving(), active=THERE, restored={"database": COPY}, **GUARDED)


def copies(synthesized):
    """Where the backups of each tier are copied to."""
    return {
        (stack.removeprefix("Shop-"), name[:-12]): [
            action["DestinationBackupVaultArn"]
            for action in plan["Properties"]["BackupPlan"]["BackupPlanRule"][0].get("CopyActions", [])
        ]
        for (stack, name), plan in synthesized.of_type(PLAN).items()
    }


def vaults_of(region):
    vault = f"arn:aws:backup:{region}:111111111111:backup-vault:shop-{region}"
    return [vault, f"{vault}-air-gapped", SAFE]


@pytest.mark.capability("DR-03")
def test_each_backup_is_copied_to_the_other_region_an_air_gapped_vault_and_another_account(guarded):
    found = copies(guarded)

    assert {stack for stack, _ in found} == {f"{HERE}-data"}
    assert len(found) == 3  # database, table and bucket
    assert all(targets == vaults_of(THERE) for targets in found.values())


@pytest.mark.capability("DR-03")
def test_every_vault_that_copies_go_to_exists_under_the_agreed_name(guarded):
    made = {
        (stack.removeprefix("Shop-"), vault["Properties"]["BackupVaultName"])
        for kind in ("AWS::Backup::BackupVault", GAPPED)
        for (stack, _), vault in guarded.of_type(kind).items()
    }

    assert made >= {(f"{THERE}-vault", arn.rpartition(":")[2]) for arn in vaults_of(THERE)[:2]}


def test_the_account_that_keeps_copies_can_read_what_the_data_key_encrypts(guarded):
    keys = [one for (stack, _), one in guarded.of_type("AWS::KMS::Key").items() if stack == f"Shop-{HERE}-vault"]

    assert "arn:aws:iam::222222222222:root" in str(keys[0]["Properties"]["KeyPolicy"])


@pytest.mark.capability("DR-12")
def test_copies_are_restored_for_practice_where_they_would_be_restored_in_need(guarded):
    [(stack, _)] = guarded.of_type(TESTS)
    selections = {
        one["Properties"]["ProtectedResourceType"]: one["Properties"] for one in guarded.of_type(SELECTION).values()
    }

    assert stack == f"Shop-{THERE}-vault"
    assert sorted(selections) == ["Aurora", "DynamoDB", "S3"]
    assert "Ref" in selections["Aurora"]["RestoreMetadataOverrides"]["dbSubnetGroupName"]
    assert "RestoreMetadataOverrides" not in selections["S3"]


def test_after_the_move_copies_and_tests_go_the_other_way(restored):
    [(stack, _)] = restored.of_type(TESTS)

    assert stack == f"Shop-{HERE}-vault"
    assert {stack for stack, _ in copies(restored)} == {f"{THERE}-data"}
    assert all(targets == vaults_of(HERE) for targets in copies(restored).values())


def protects(stack, name):
    """What practice needs moves with it, and holds nothing."""
    return stack.endswith("-vault") and not name.startswith("Restore")


def test_no_vault_and_no_key_is_replaced_by_the_move(guarded, restored):
    before, after = (
        {key: value for key, value in kept(one.templates).items() if protects(*key)} for one in (guarded, restored)
    )

    assert after == before
    assert len([key for key in before if "AirGapped" in key[1]]) == 2


def test_no_template_reads_another_region(guarded, restored):
    for synthesized in (guarded, restored):
        for stack, template in synthesized.templates.items():
            home = next((region for region in (HERE, THERE) if region in stack), "us-east-1")

            assert regions_read(template) <= {home}


# What the restored site is made of: the table of docs/strategies/backup-and-restore.md


def named(synthesized, kind, name):
    return {
        resource["Properties"][name]
        for (stack, _), resource in synthesized.of_type(kind).items()
        if THERE in stack and isinstance(resource["Properties"].get(name), str)
    }


@pytest.mark.capability("DR-03")
def test_the_database_is_built_from_its_recovery_point(restored):
    [cluster] = [one["Properties"] for one in restored.of_type("AWS::RDS::DBCluster").values()]

    assert cluster["SnapshotIdentifier"] == COPY
    assert cluster["DBClusterIdentifier"] == f"shop-database-{THERE}"


def test_table_bucket_and_repository_have_the_names_that_restore_jobs_are_given(restored):
    assert named(restored, "AWS::DynamoDB::GlobalTable", "TableName") == {"shop-orders"}
    assert f"shop-uploads-111111111111-{THERE}" in named(restored, "AWS::S3::Bucket", "BucketName")
    assert named(restored, "AWS::ECR::Repository", "RepositoryName") == {"shop/web"}


def test_a_table_that_was_restored_can_be_imported(restored):
    """`cdk import` takes resources that stay when their stack goes, and that are known by a name."""
    [table] = restored.of_type("AWS::DynamoDB::GlobalTable").values()

    assert table["DeletionPolicy"] == "Retain"
    assert {region["Region"] for region in table["Properties"]["Replicas"]} == {THERE}


def test_cache_and_queue_are_new_and_empty(restored):
    [cache] = restored.of_type("AWS::ElastiCache::ReplicationGroup").values()

    assert not {"SnapshotName", "SnapshotArns"} & set(cache["Properties"])
    assert f"shop-jobs-{THERE}" in named(restored, "AWS::SQS::Queue", "QueueName")


def test_the_secrets_of_others_were_replicated_before_and_are_promoted(guarded, restored):
    [there] = [
        one["Properties"]["ReplicaRegions"]
        for one in guarded.of_type("AWS::SecretsManager::Secret").values()
        if one["Properties"].get("Name") == "shop/payments"
    ]

    assert [replica["Region"] for replica in there] == [THERE]
    assert named(restored, "AWS::SecretsManager::Secret", "Name") >= {f"shop/database/{THERE}"}


# The way back


@pytest.fixture(scope="module")
def returned(synthesize):
    """Home again, from a copy that was made over there."""
    copy = COPY.replace(THERE, HERE)
    return synthesize(strategy=BackupRestore, active=HERE, restored={"database": copy}, objectives=None)


@pytest.mark.capability("DR-08")
def test_the_way_back_restores_under_the_ids_and_names_of_the_first_day(returned, guarded):
    [(before, cluster)] = guarded.of_type("AWS::RDS::DBCluster").items()
    [(after, again)] = returned.of_type("AWS::RDS::DBCluster").items()

    assert after == before
    assert again["Properties"]["DBClusterIdentifier"] == cluster["Properties"]["DBClusterIdentifier"]
    assert again["Properties"]["SnapshotIdentifier"] == COPY.replace(THERE, HERE)
    assert again["UpdateReplacePolicy"] == cluster["UpdateReplacePolicy"] == "Retain"  # of the old one, renamed before


@pytest.mark.capability("DR-08")
def test_the_page_freezes_backs_up_restores_re_points_and_unfreezes_in_this_order():
    page = (Path(__file__).parents[2] / "docs" / "strategies" / "backup-and-restore.md").read_text("utf-8")

    steps = re.findall(r"^### 5\.\d (.+)$", page, re.MULTILINE)

    assert steps == ["Freeze", "Back up", "Restore", "Re-point", "Unfreeze"]


# What is refused


def refused(word, **changes):
    with pytest.raises(InvalidOptions) as caught:
        word(cdk.App(), "Shop", **{"workload": shop(), **OPTIONS, "objectives": None, **changes})
    return str(caught.value).splitlines()


@pytest.mark.parametrize("vault", ["safe", SAFE.replace("222222222222", "111111111111")])
def test_a_vault_of_the_same_account_is_not_another_one(vault):
    assert refused(BackupRestore, copies_to_vault=vault) == [
        f"Shop: 'copies_to_vault' is '{vault}'; allowed: the ARN of a vault of another account, such as "
        "'arn:aws:backup:eu-central-1:222222222222:backup-vault:safe', because other Regions get copies by the "
        "strategy; this one survives the loss of the account "
        "(https://docs.aws.amazon.com/aws-backup/latest/devguide/create-cross-account-backup.html)"
    ]


def test_one_region_has_no_vault_that_gets_copies():
    assert refused(MultiAz, air_gapped=True) == [
        "Shop: 'air_gapped' is True; allowed: left out, or a strategy with a second Region; or `copies_to_vault`, "
        "which may be air-gapped, too, because MultiAz has no vault that gets copies "
        "(https://docs.aws.amazon.com/aws-backup/latest/devguide/logicallyairgappedvault.html)"
    ]


def test_what_aws_copies_nowhere_is_not_asked_to_be_copied():
    [line] = refused(
        MultiAz, workload=shop(database=MultiAzDbCluster(engine="postgres", version="17.6")), copies_to_vault=SAFE
    )

    assert line == (
        f"Shop: 'copies_to_vault' is '{SAFE}'; allowed: left out, or AuroraPostgres, AuroraMysql or Rds in place of "
        f"the MultiAzDbCluster, because {rds_clusters.COPIES.says} ({rds_clusters.COPIES.source})"
    )
