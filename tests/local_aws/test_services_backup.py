"""Vaults lock, plans copy, and no job pretends to have run."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cdk_standby_runbooks.local_aws import LocalAws

REGION, OTHER = "eu-west-1", "eu-central-1"
NUMBERS = count()


@pytest.fixture
def backup(aws: LocalAws) -> Any:
    return aws.client("backup", REGION)


@pytest.fixture
def vault(backup: Any) -> str:
    name = f"vault-{next(NUMBERS)}"
    backup.create_backup_vault(BackupVaultName=name, BackupVaultTags={"team": "shop"})
    return name


def refusal(of: Callable[[], Any]) -> str:
    with pytest.raises(ClientError) as caught:
        of()
    return str(caught.value.response["Error"]["Message"])


def test_a_lock_in_compliance_mode_has_days_of_grace(backup: Any, vault: str) -> None:
    backup.put_backup_vault_lock_configuration(
        BackupVaultName=vault, MinRetentionDays=7, MaxRetentionDays=365, ChangeableForDays=3
    )

    told = backup.describe_backup_vault(BackupVaultName=vault)
    assert (told["Locked"], told["MinRetentionDays"], told["MaxRetentionDays"]) == (True, 7, 365)
    assert (told["LockDate"] - told["CreationDate"]).days in (2, 3)
    backup.delete_backup_vault_lock_configuration(BackupVaultName=vault)
    assert backup.describe_backup_vault(BackupVaultName=vault)["Locked"] is False


def test_a_lock_that_cannot_be_is_refused(backup: Any, vault: str) -> None:
    def lock(**more: int) -> Callable[[], Any]:
        return lambda: backup.put_backup_vault_lock_configuration(BackupVaultName=vault, **more)

    assert refusal(lock(MinRetentionDays=9, MaxRetentionDays=8)) == "MinRetentionDays is more than MaxRetentionDays"
    assert refusal(lock(ChangeableForDays=1)) == "ChangeableForDays must be 3 or more"


def test_a_plan_keeps_its_copies_and_what_it_protects(backup: Any, vault: str) -> None:
    copy = {
        "DestinationBackupVaultArn": f"arn:aws:backup:{OTHER}:111111111111:backup-vault:{vault}",
        "Lifecycle": {"DeleteAfterDays": 35},
    }
    rule = {"RuleName": "daily", "TargetBackupVaultName": vault, "CopyActions": [copy]}
    plan = backup.create_backup_plan(BackupPlan={"BackupPlanName": vault, "Rules": [rule]})["BackupPlanId"]
    selection = {"SelectionName": "database", "IamRoleArn": "arn:aws:iam::111111111111:role/x", "Resources": ["*"]}
    made = backup.create_backup_selection(BackupPlanId=plan, BackupSelection=selection)["SelectionId"]

    told = backup.get_backup_plan(BackupPlanId=plan)["BackupPlan"]["Rules"][0]
    assert told["CopyActions"] == [copy]
    found = backup.get_backup_selection(BackupPlanId=plan, SelectionId=made)["BackupSelection"]
    assert found == selection
    assert refusal(lambda: backup.delete_backup_plan(BackupPlanId=plan)) == (
        "Related backup plan selections must be deleted prior to backup plan deletion"
    )
    backup.delete_backup_selection(BackupPlanId=plan, SelectionId=made)
    backup.delete_backup_plan(BackupPlanId=plan)


def test_a_plan_needs_a_vault_that_is_there(backup: Any) -> None:
    rules = [{"RuleName": "daily", "TargetBackupVaultName": "nowhere"}]

    told = refusal(lambda: backup.create_backup_plan(BackupPlan={"BackupPlanName": "x", "Rules": rules}))

    assert told == "Backup vault nowhere does not exist"


def test_a_vault_keeps_policy_notifications_and_tags(backup: Any, vault: str) -> None:
    topic = "arn:aws:sns:eu-west-1:111111111111:told"
    backup.put_backup_vault_access_policy(BackupVaultName=vault, Policy="{}")
    backup.put_backup_vault_notifications(
        BackupVaultName=vault, SNSTopicArn=topic, BackupVaultEvents=["COPY_JOB_FAILED"]
    )

    arn = backup.describe_backup_vault(BackupVaultName=vault)["BackupVaultArn"]
    assert backup.get_backup_vault_access_policy(BackupVaultName=vault)["Policy"] == "{}"
    assert backup.get_backup_vault_notifications(BackupVaultName=vault)["BackupVaultEvents"] == ["COPY_JOB_FAILED"]
    assert backup.list_tags(ResourceArn=arn)["Tags"] == {"team": "shop"}


@pytest.mark.parametrize(
    ("operation", "parameters"),
    [
        ("start_backup_job", {"BackupVaultName": "v", "ResourceArn": "arn:x", "IamRoleArn": "arn:y"}),
        (
            "start_copy_job",
            {
                "RecoveryPointArn": "arn:x",
                "SourceBackupVaultName": "v",
                "DestinationBackupVaultArn": "arn:z",
                "IamRoleArn": "arn:y",
            },
        ),
        ("start_restore_job", {"RecoveryPointArn": "arn:x", "Metadata": {}}),
    ],
)
def test_no_job_pretends(backup: Any, operation: str, parameters: dict[str, Any]) -> None:
    with pytest.raises(ClientError) as caught:
        getattr(backup, operation)(**parameters)

    assert caught.value.response["Error"]["Code"] == "NotModelledLocally"
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501
