"""What an administrator of the account can delete, and what he cannot: truth by the pages of AWS."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from cdk_standby_review import Objectives, Outcome, Recovery, review_templates
from cdk_standby_review.faults import outcomes
from cdk_standby_review.graph import Graph
from cdk_standby_review.objectives import Fault

OWN, OTHER = "111111111111", "999999999999"
RUNBOOK, LOST, SURVIVES, UNKNOWN = "recovers by runbook", "lost", "survives", "unknown"
_BACKUP = "https://docs.aws.amazon.com/aws-backup/latest/devguide/"
_S3 = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/"
_LOCK, _GAP = _BACKUP + "vault-lock.html", _BACKUP + "logicallyairgappedvault.html"
_ACROSS = _BACKUP + "create-cross-account-backup.html"
GOVERNANCE = {"MinRetentionDays": 7}
COMPLIANCE = {**GOVERNANCE, "ChangeableForDays": 3}
Build = Callable[[Any], dict[str, Any]]


def planned(make: Any, *, target: Any = "shop", copy: str | None = None, **rule: Any) -> dict[str, Any]:
    """An Aurora cluster whose backups go to a vault, and copies to another."""
    found = make.aurora(2, DBClusterIdentifier="orders") | make.backup({"Fn::GetAtt": ["Db", "Arn"]}, copy_to=None)
    [written] = found["Plan"]["Properties"]["BackupPlan"]["BackupPlanRule"]
    written |= {"TargetBackupVault": target, **rule}
    if copy:
        written["CopyActions"] = [{"DestinationBackupVaultArn": copy}]
    return found


def vault(make: Any, lock: Any = None, *, key: str | None = None) -> dict[str, Any]:
    locked = {} if lock is None else {"LockConfiguration": lock}
    under = {} if key is None else {"EncryptionKeyArn": {"Fn::GetAtt": ["VaultKey", "Arn"]}}
    found = {"Vault": make.resource("AWS::Backup::BackupVault", BackupVaultName="shop", **locked, **under)}
    return found if key is None else found | {"VaultKey": make.resource("AWS::KMS::Key", Origin=key)}


def gapped(make: Any) -> dict[str, Any]:
    kind = "AWS::Backup::LogicallyAirGappedBackupVault"
    return {"Gapped": make.resource(kind, BackupVaultName="gapped", MinRetentionDays=7, MaxRetentionDays=35)}


def bucket(make: Any, **properties: Any) -> dict[str, Any]:
    return {"Files": make.resource("AWS::S3::Bucket", VersioningConfiguration={"Status": "Enabled"}, **properties)}


def object_lock(mode: Any) -> dict[str, Any]:
    retention = {"Rule": {"DefaultRetention": {"Mode": mode, "Days": 30}}}
    return {"ObjectLockEnabled": True, "ObjectLockConfiguration": {"ObjectLockEnabled": "Enabled", **retention}}


def copied(account: str | None, name: str = "theirs") -> dict[str, Any]:
    destination = {"Bucket": f"arn:aws:s3:::{name}", **({"Account": account} if account else {})}
    return {"ReplicationConfiguration": {"Rules": [{"Status": "Enabled", "Destination": destination}]}}


def secret(make: Any, **properties: Any) -> dict[str, Any]:
    return {"Secret": make.resource("AWS::SecretsManager::Secret", **properties)}


def arn(account: str, name: str = "shop", region: str = "eu-west-1") -> str:
    return f"arn:aws:backup:{region}:{account}:backup-vault:{name}"


# (what, resources, logical id, fate, where AWS says so)
TRUTH: list[tuple[str, Build, str, str, str]] = [
    ("Aurora with its own backups and deletion protection only", lambda m: m.aurora(2), "Db", LOST, _LOCK),
    ("a database with its own backups only", lambda m: m.rds(), "Db", LOST, _LOCK),
    ("a table with point-in-time recovery only",
     lambda m: {"Table": m.resource("AWS::DynamoDB::Table", DeletionProtectionEnabled=True,
                                    PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True})},
     "Table", LOST, _LOCK),
    ("backups in a vault without a lock", lambda m: planned(m) | vault(m), "Db", LOST, _LOCK),
    ("backups in a vault locked in governance mode", lambda m: planned(m) | vault(m, GOVERNANCE), "Db", LOST, _LOCK),
    ("backups in a vault locked in compliance mode", lambda m: planned(m) | vault(m, COMPLIANCE), "Db", RUNBOOK, _LOCK),
    ("the same by reference",
     lambda m: planned(m, target={"Ref": "Vault"}) | vault(m, COMPLIANCE), "Db", RUNBOOK, _LOCK),
    ("a lock that a parameter decides",
     lambda m: planned(m) | vault(m, {"MinRetentionDays": 7, "ChangeableForDays": {"Ref": "AWS::NotificationARNs"}}),
     "Db", UNKNOWN, ""),
    ("backups in a vault that other templates hold", planned, "Db", UNKNOWN, ""),
    ("backups in a logically air-gapped vault of the same account",
     lambda m: planned(m, TargetLogicallyAirGappedBackupVaultArn={"Fn::GetAtt": ["Gapped", "BackupVaultArn"]})
     | gapped(m) | vault(m), "Db", RUNBOOK, _GAP),
    ("a copy in a logically air-gapped vault",
     lambda m: planned(m, copy=arn(OWN, "gapped")) | gapped(m) | vault(m), "Db", RUNBOOK, _GAP),
    ("a copy in a vault of another account", lambda m: planned(m, copy=arn(OTHER)) | vault(m), "Db", RUNBOOK, _ACROSS),
    ("a copy in an unlocked vault of the same account, another Region",
     lambda m: planned(m, copy=arn(OWN, region="eu-central-1")) | vault(m), "Db", UNKNOWN, ""),
    ("a locked vault, but nobody knows how often",
     lambda m: planned(m, ScheduleExpression={"Ref": "AWS::NotificationARNs"}) | vault(m, COMPLIANCE), "Db", UNKNOWN,
     ""),
    ("a locked vault whose key waits before it is deleted",
     lambda m: planned(m) | vault(m, COMPLIANCE, key="AWS_KMS"), "Db", RUNBOOK, _LOCK),
    ("a locked vault whose key is taken away at once",
     lambda m: planned(m) | vault(m, COMPLIANCE, key="EXTERNAL"), "Db", UNKNOWN, ""),
    ("the locked vault itself", lambda m: vault(m, COMPLIANCE), "Vault", SURVIVES, _LOCK),
    ("a vault in governance mode itself", lambda m: vault(m, GOVERNANCE), "Vault", LOST, _LOCK),
    ("an air-gapped vault itself", gapped, "Gapped", SURVIVES, _GAP),
    ("a bucket that keeps versions only", bucket, "Files", LOST, _LOCK),
    ("a bucket with Object Lock in compliance mode", lambda m: bucket(m, **object_lock("COMPLIANCE")), "Files", RUNBOOK,
     _S3 + "object-lock.html"),
    ("a bucket with Object Lock in governance mode", lambda m: bucket(m, **object_lock("GOVERNANCE")), "Files", LOST,
     _LOCK),
    ("a bucket with Object Lock and no default", lambda m: bucket(m, ObjectLockEnabled=True), "Files", UNKNOWN, ""),
    ("a bucket that replicates to one of another account", lambda m: bucket(m, **copied(OTHER)), "Files", RUNBOOK,
     _S3 + "replication-what-is-isnot-replicated.html"),
    ("a bucket that replicates to one of the same account", lambda m: bucket(m, **copied(OWN)), "Files", LOST, _LOCK),
    ("a bucket that replicates to nobody knows whose", lambda m: bucket(m, **copied(None)), "Files", UNKNOWN, ""),
    ("a generated password", lambda m: secret(m, GenerateSecretString={}), "Secret", RUNBOOK, "assumed"),
    ("a secret that somebody filled in", secret, "Secret", UNKNOWN, ""),
    ("a key of KMS", lambda m: {"Key": m.resource("AWS::KMS::Key")}, "Key", RUNBOOK,
     "https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html"),
    ("a key whose material was imported", lambda m: {"Key": m.resource("AWS::KMS::Key", Origin="EXTERNAL")}, "Key",
     UNKNOWN, ""),
    ("a cache with daily snapshots",
     lambda m: {"Cache": m.resource("AWS::ElastiCache::ReplicationGroup", SnapshotRetentionLimit=7)}, "Cache", LOST,
     _LOCK),
]  # fmt: skip


def struck(make: Any, resources: dict[str, Any], account: str | None = OWN) -> dict[str, Outcome]:
    graph = Graph([replace(make.template(make.network() | resources), account=account)])
    return {o.resource.logical_id: o for o in outcomes(graph) if o.case.fault is Fault.ACCOUNT}


@pytest.mark.parametrize(
    ("build", "who", "fate", "page"), [case[1:] for case in TRUTH], ids=[case[0] for case in TRUTH]
)
def test_what_an_administrator_cannot_delete_is_what_is_left(make, build, who, fate, page):
    found = struck(make, build(make))[who]

    assert (str(found.fate), found.source[: len(page)] if page.startswith("assumed") else found.source) == (fate, page)


def test_a_copy_in_another_account_may_be_as_old_as_its_interval_and_its_way(make):
    here = struck(make, planned(make) | vault(make, COMPLIANCE))["Db"].judgement
    there = struck(make, planned(make, copy=arn(OTHER)) | vault(make))["Db"].judgement
    both = struck(make, planned(make, copy=arn(OTHER)) | vault(make, COMPLIANCE))["Db"].judgement

    assert (here.rpo.high, there.rpo.high, both.rpo) == (3600, 3600 + 14400, here.rpo)
    assert here.says == "restored from the vault stack-eu-west-1/Vault, locked in compliance mode"
    assert there.says == f"restored from a vault of account {OTHER}"


def test_a_vault_of_another_account_among_the_templates_is_out_of_reach(make):
    shop = replace(make.template(planned(make, copy=arn(OTHER, "safe"))), account=OWN)
    safe = make.resource("AWS::Backup::BackupVault", BackupVaultName="safe")
    backup = replace(make.template({"Safe": safe}, name="backup"), account=OTHER)

    found = {
        (o.case.account, o.resource.logical_id): str(o.fate)
        for o in outcomes(Graph([shop, backup]))
        if o.case.fault is Fault.ACCOUNT
    }

    assert found == {(OWN, "Db"): RUNBOOK, (OTHER, "Safe"): LOST}


def test_a_template_of_no_known_account_is_not_taken_for_another_one(make):
    found = struck(make, planned(make, copy=arn(OTHER)) | vault(make), account=None)["Db"]

    assert (found.case.account, str(found.fate)) == ("", UNKNOWN)


@pytest.mark.parametrize(("lock", "fate", "says"), [
    (COMPLIANCE, RUNBOOK, "made anew from stack-eu-west-1/Db, once that is back"),
    ({"MinRetentionDays": 7, "ChangeableForDays": {"Ref": "AWS::NotificationARNs"}}, UNKNOWN,
     "the lock of stack-eu-west-1/Vault is known only at deployment"),
    (None, LOST, "it goes with stack-eu-west-1/Db, of which nothing is left"),
])  # fmt: skip
def test_a_replica_comes_back_with_its_source_or_not_at_all(make, lock, fate, says):
    replica = make.resource("AWS::RDS::DBCluster", ReplicationSourceIdentifier={"Ref": "Db"})

    found = struck(make, planned(make) | vault(make, lock) | {"Replica": replica})["Replica"]

    assert (str(found.fate), found.judgement.says, found.judgement.vital) == (fate, says, False)


PROMISED = Objectives(account=Recovery(rto=timedelta(hours=8), rpo=timedelta(hours=6)))


def test_nothing_is_found_where_it_is_not_promised(make, good):
    assert [f.message for f in good.findings] == []
    assert "account" not in good.verdicts[0].estimate.deployment.objectives.as_seconds()


@pytest.mark.parametrize(("lock", "status"), [(None, "missed"), (GOVERNANCE, "missed"), (COMPLIANCE, "met")])
def test_a_promise_is_held_to_what_is_left(make, lock, status):
    resources = make.network() | planned(make) | vault(make, lock)

    found = review_templates([replace(make.template(resources), account=OWN)], PROMISED)

    assert [(str(v.fault), str(v.status)) for v in found.verdicts] == [("account", status)]


def test_a_lock_that_anybody_may_lift_now_is_a_protection_weakened(make):
    def app(lock: Any, mode: str) -> Any:
        resources = make.network() | planned(make) | vault(make, lock) | bucket(make, **object_lock(mode))
        return replace(make.template(resources), account=OWN)

    changed = review_templates([app(GOVERNANCE, "GOVERNANCE")], against=[app(COMPLIANCE, "COMPLIANCE")]).changes

    told = {(str(c.kind), c.resource.logical_id if c.resource else "") for c in changed}
    assert {("protection-weakened", "Vault"), ("protection-weakened", "Files")} <= told
    assert {("outcome-worse", "Db"), ("outcome-worse", "Files"), ("outcome-worse", "")} <= told


def test_a_missed_promise_says_what_would_keep_it(make):
    resources = make.network() | planned(make) | vault(make)

    found = review_templates([replace(make.template(resources), account=OWN)], PROMISED).findings
    [missed] = [f for f in found if f.rule == "objective-missed"]

    assert missed.message == (
        f"the workload, loss of the deletion safeguards of account {OWN}: nothing brings it back within any objective. "
        "stack-eu-west-1/Db: nothing holds its data that an administrator of the account cannot delete"
    )
    assert missed.fix == (
        "back it up to a vault locked in compliance mode (LockConfiguration.ChangeableForDays), to a logically "
        "air-gapped one, or copy the backups to a vault of another account; objects also by Object Lock in compliance "
        "mode"
    )
