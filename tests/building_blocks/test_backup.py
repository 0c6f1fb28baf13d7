"""Backups, their copies, and the vaults that nobody empties."""

import re

import pytest
from aws_cdk import CfnParameter, Duration
from aws_cdk import aws_backup as backup
from aws_cdk import aws_events as events
from hypothesis import given, settings
from hypothesis import strategies as st

from cdk_standby._backup_rules import VAULT_ARN
from cdk_standby._checks import InvalidOptions
from cdk_standby.alarm_topic import AlarmTopic
from cdk_standby.backup_plan import BackupPlan
from cdk_standby.keys import DataKey
from cdk_standby.locked_vault import LockedVault
from cdk_standby_review.facts import backup as facts

GUIDE = "https://docs.aws.amazon.com/aws-backup/latest/devguide/"
CLUSTER = "arn:aws:rds:eu-west-1:111111111111:cluster:shop"
ELSEWHERE = "arn:aws:backup:eu-central-1:111111111111:backup-vault:shop-eu-central-1"
VAULT, RULE = "AWS::Backup::BackupVault", "AWS::Events::Rule"
days = Duration.days


def vault_in(stack, **options):
    return LockedVault(stack, "Vault", key=DataKey(stack, "Key").key, **options)


def plan_in(stack, *, lock=None, **options):
    chosen = {"vault": (lock or vault_in(stack)).vault, "resources": [backup.BackupResource.from_arn(CLUSTER)]}
    return BackupPlan(stack, "Plan", **{**chosen, **options})


def rules_of(template):
    [plan] = [r["Properties"] for r in template["Resources"].values() if r["Type"] == "AWS::Backup::BackupPlan"]
    return {rule["RuleName"]: rule for rule in plan["BackupPlan"]["BackupPlanRule"]}


@pytest.fixture(scope="module")
def built(make_stack, template):
    stack = make_stack()
    topic = AlarmTopic(stack, "Alarms")
    lock = vault_in(stack, name="shop-eu-west-1", alarms=topic)
    plan_in(stack, lock=lock, copy_to=ELSEWHERE, continuous=days(14), alarms=topic)
    return template(stack)


@pytest.fixture(scope="module")
def build(make_stack, template):
    """The template of a plan with other options, in a vault that tells nobody."""

    def of(*, told=False, **options):
        stack = make_stack()
        if told:
            options["alarms"] = AlarmTopic(stack, "Alarms")
        plan_in(stack, **options)
        return template(stack)

    return of


# The vault


@pytest.fixture(scope="module")
def vault(built, resources):
    [properties] = resources(built, VAULT).values()
    return properties


def test_the_vault_is_encrypted_with_the_key_of_its_region_and_has_the_agreed_name(vault):
    assert vault["BackupVaultName"] == "shop-eu-west-1"
    assert vault["EncryptionKeyArn"]["Fn::GetAtt"][0].startswith("Key")


def test_the_lock_holds_backups_a_week_to_a_year_and_can_be_lifted_by_an_administrator(vault):
    assert vault["LockConfiguration"] == {"MinRetentionDays": 7, "MaxRetentionDays": 365}


def test_nobody_deletes_a_backup_or_shortens_its_life(vault):
    [deny] = vault["AccessPolicy"]["Statement"]

    assert (deny["Effect"], deny["Principal"]) == ("Deny", {"AWS": "*"})
    assert deny["Action"] == ["backup:DeleteRecoveryPoint", "backup:UpdateRecoveryPointLifecycle"]


def test_the_vault_outlives_its_stack(built, resources):
    [name] = resources(built, VAULT)

    assert built["Resources"][name]["DeletionPolicy"] == "Retain"
    assert built["Resources"][name]["UpdateReplacePolicy"] == "Retain"


def test_the_logical_id_of_the_vault_never_changes(built, resources):
    """A new id is a new, empty vault: release it as a major version."""
    assert list(resources(built, VAULT)) == ["Vault645BC77C"]


def test_compliance_mode_begins_when_it_is_told_to(make_stack, template, resources):
    stack = make_stack()
    vault_in(stack, minimum=days(30), maximum=days(90), compliance_after=days(3))

    [vault] = resources(template(stack), VAULT).values()
    assert vault["LockConfiguration"] == {"MinRetentionDays": 30, "MaxRetentionDays": 90, "ChangeableForDays": 3}


def test_jobs_of_the_vault_that_fail_are_told_with_all_that_is_known(built, resources):
    patterns = {name[:-8]: rule["EventPattern"] for name, rule in resources(built, RULE).items()}

    assert sorted(patterns) == ["VaultBackupFailed", "VaultCopyFailed"]
    assert patterns["VaultBackupFailed"]["detail-type"] == ["Backup Job State Change"]
    assert patterns["VaultCopyFailed"]["detail-type"] == ["Copy Job State Change"]
    for pattern in patterns.values():
        assert pattern["source"] == ["aws.backup"]
        assert pattern["detail"]["state"] == ["ABORTED", "EXPIRED", "FAILED", "PARTIAL"]


def vault_refused(make_stack, **options):
    with pytest.raises(InvalidOptions) as raised:
        vault_in(make_stack(), **options)
    return str(raised.value)


LOCK_PAGE = GUIDE + "API_PutBackupVaultLockConfiguration.html"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (
            {"name": "a"},
            f"'name' is 'a'; allowed: 2 to 50 letters, digits, '-' and '_', because AWS Backup takes no other name"
            f" ({GUIDE}API_CreateBackupVault.html)",
        ),
        (
            {"name": "shop/vault"},
            f"'name' is 'shop/vault'; allowed: 2 to 50 letters, digits, '-' and '_', because AWS Backup takes no other"
            f" name ({GUIDE}API_CreateBackupVault.html)",
        ),
        (
            {"minimum": Duration.hours(12)},
            "'minimum' is 12 hours; allowed: 1 to 36500 days, because a vault lock holds backups for one day to 100"
            f" years ({LOCK_PAGE})",
        ),
        (
            {"maximum": days(36501)},
            "'maximum' is 36501 days; allowed: 1 to 36500 days, because a vault lock holds backups for one day to 100"
            f" years ({LOCK_PAGE})",
        ),
        (
            {"minimum": days(30), "maximum": days(20)},
            "'minimum' is 30 days; allowed: up to 20 days, the maximum, because no backup could ever be kept"
            f" ({LOCK_PAGE})",
        ),
        (
            {"compliance_after": days(2)},
            "'compliance_after' is 2 days; allowed: 3 to 36500 days, because a lock in compliance mode can still be"
            f" changed for at least three days, and by nobody ever after ({GUIDE}vault-lock.html)",
        ),
    ],
)
def test_a_lock_that_aws_would_refuse_is_refused(make_stack, options, told):
    assert vault_refused(make_stack, **options) == f"Test/Vault: {told}"


def test_all_that_is_wrong_with_a_vault_is_told_at_once(make_stack):
    message = vault_refused(make_stack, name="!", minimum=days(9), maximum=days(8), compliance_after=days(1))

    assert [line.split("'")[1] for line in message.splitlines()] == ["name", "minimum", "compliance_after"]


def test_a_lock_known_only_at_deployment_is_left_alone(make_stack):
    stack = make_stack()
    number = CfnParameter(stack, "Days", type="Number").value_as_number

    vault_in(stack, minimum=days(number))


@given(st.from_regex(facts.VAULT_NAME.value, fullmatch=True))
def test_a_name_that_passes_fits_into_the_arn_that_copies_are_sent_to(name):
    assert VAULT_ARN.fullmatch(f"arn:aws-cn:backup:cn-north-1:111111111111:backup-vault:{name}")


# The plan


def test_backups_are_made_every_day_and_kept_for_five_weeks_with_a_copy_elsewhere(built):
    daily = rules_of(built)["Daily"]

    assert daily["ScheduleExpression"] == "cron(0 3 * * ? *)"
    assert daily["Lifecycle"] == {"DeleteAfterDays": 35}
    assert (daily["StartWindowMinutes"], daily["CompletionWindowMinutes"]) == (60, 720)
    assert daily["CopyActions"] == [{"DestinationBackupVaultArn": ELSEWHERE, "Lifecycle": {"DeleteAfterDays": 35}}]


@pytest.mark.capability("DR-03")
def test_a_continuous_backup_is_kept_beside_and_never_copied(built):
    continuous = rules_of(built)["Continuous"]

    assert continuous["EnableContinuousBackup"] is True
    assert continuous["Lifecycle"] == {"DeleteAfterDays": 14}
    assert "CopyActions" not in continuous


def test_without_more_said_there_is_one_rule_and_no_copy(build):
    [daily] = rules_of(build()).values()

    assert "CopyActions" not in daily


def test_schedule_windows_retention_and_cold_storage_can_be_others(build):
    template = build(
        schedule=events.Schedule.cron(hour="1", minute="30"),
        retention=days(180),
        copy_retention=days(365),
        cold_after=days(30),
        copy_to=ELSEWHERE,
        start_window=Duration.hours(2),
        completion_window=Duration.hours(8),
    )

    daily = rules_of(template)["Daily"]
    assert daily["ScheduleExpression"] == "cron(30 1 * * ? *)"
    assert daily["Lifecycle"] == {"DeleteAfterDays": 180, "MoveToColdStorageAfterDays": 30}
    assert daily["CopyActions"][0]["Lifecycle"] == {"DeleteAfterDays": 365, "MoveToColdStorageAfterDays": 30}
    assert (daily["StartWindowMinutes"], daily["CompletionWindowMinutes"]) == (120, 480)


def test_what_is_named_is_backed_up(built, resources):
    [selection] = resources(built, "AWS::Backup::BackupSelection").values()

    assert selection["BackupSelection"]["Resources"] == [CLUSTER]


def test_the_role_backs_up_and_cannot_restore(built, resources):
    [role] = resources(built, "AWS::IAM::Role").values()

    policies = [arn["Fn::Join"][1][-1] for arn in role["ManagedPolicyArns"]]
    assert policies == [":iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup"]
    assert resources(built, "AWS::IAM::Policy") == {}


def test_two_days_without_a_backup_ring_and_so_does_one_that_failed(built, resources):
    alarms = {name[4:-8]: alarm for name, alarm in resources(built, "AWS::CloudWatch::Alarm").items()}

    missing, failed = alarms["BackupMissing"], alarms["BackupFailed"]
    assert (missing["MetricName"], missing["Period"], missing["EvaluationPeriods"]) == (
        "NumberOfBackupJobsCompleted",
        86400,
        2,
    )
    assert missing["TreatMissingData"] == "breaching"
    assert (failed["MetricName"], failed["TreatMissingData"]) == ("NumberOfBackupJobsFailed", "notBreaching")
    assert all(alarm["AlarmActions"] == alarm["OKActions"] for alarm in alarms.values())


def test_a_vault_that_tells_already_is_not_told_twice(built, resources):
    assert not [name for name in resources(built, RULE) if name.startswith("Plan")]


def test_a_plan_tells_of_its_own_jobs_when_its_vault_does_not(build, resources):
    rules = resources(build(told=True), RULE)

    assert sorted(name[:-8] for name in rules) == ["PlanBackupJobs", "PlanCopyJobs"]
    for rule in rules.values():
        [plan] = rule["EventPattern"]["detail"]["createdBy"]["backupPlanId"]
        assert plan["Fn::GetAtt"][1] == "BackupPlanId"


def test_an_alarm_is_changed_or_left_out_by_name(build, resources):
    template = build(alarm_thresholds={"BackupFailed": 2}, alarms_off_because={"BackupMissing": "weekly, not daily"})

    [alarm] = resources(template, "AWS::CloudWatch::Alarm").values()
    assert (alarm["MetricName"], alarm["Threshold"]) == ("NumberOfBackupJobsFailed", 2)
    assert template["Metadata"]["cdk-standby:weakened"] == {"Test/Plan": {"BackupMissing": "weekly, not daily"}}


def plan_refused(make_stack, **options):
    with pytest.raises(InvalidOptions) as raised:
        plan_in(make_stack(), **options)
    return str(raised.value)


RULE_PAGE = GUIDE + "API_BackupRuleInput.html"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (
            {"resources": []},
            "'resources' is []; allowed: one resource or more, because a plan that selects nothing backs up nothing",
        ),
        (
            {"copy_to": "shop"},
            "'copy_to' is 'shop'; allowed: the ARN of a vault, such as"
            " 'arn:aws:backup:eu-central-1:111111111111:backup-vault:name', because a copy goes to a vault",
        ),
        (
            {"copy_to": ELSEWHERE.replace("eu-central-1:", "eu-west-1:")},
            "'copy_to' is 'arn:aws:backup:eu-west-1:111111111111:backup-vault:shop-eu-central-1'; allowed: a vault"
            f" outside eu-west-1, or of another account, because a copy in the same Region and account is lost with it"
            f" ({GUIDE}cross-region-backup.html)",
        ),
        (
            {"schedule": events.Schedule.rate(Duration.days(1))},
            "'schedule' is rate(1 day); allowed: a cron expression, such as events.Schedule.cron(hour='3', minute='0'),"
            f" because AWS Backup knows no rates ({RULE_PAGE})",
        ),
        (
            {"retention": days(119), "copy_retention": days(120), "cold_after": days(30)},
            "'retention' is 119 days; allowed: 120 days or more, because a backup that moved to cold storage stays"
            f" there for at least 90 days ({GUIDE}API_Lifecycle.html)",
        ),
        (
            {"retention": days(120), "copy_retention": days(119), "cold_after": days(30)},
            "'copy_retention' is 119 days; allowed: 120 days or more, because a backup that moved to cold storage stays"
            f" there for at least 90 days ({GUIDE}API_Lifecycle.html)",
        ),
        (
            {"retention": days(366)},
            "'retention' is 366 days; allowed: 7 to 365 days, because the lock of the vault refuses all other backups"
            f" ({LOCK_PAGE})",
        ),
        (
            {"continuous": days(6)},
            "'continuous' is 6 days; allowed: 7 to 365 days, because the lock of the vault refuses all other backups"
            f" ({LOCK_PAGE})",
        ),
        (
            {"continuous": days(36)},
            "'continuous' is 36 days; allowed: 1 to 35 days, because a continuous backup can be restored to any second"
            f" of the last 1 to 35 days ({GUIDE}point-in-time-recovery.html)",
        ),
        (
            {"start_window": Duration.minutes(59)},
            "'start_window' is 59 minutes; allowed: 60 to 52560000 minutes, because a job that has not started within"
            f" its window of an hour or more expires ({RULE_PAGE})",
        ),
        (
            {"completion_window": Duration.minutes(30)},
            "'completion_window' is 30 minutes; allowed: 60 to 52560000 minutes, because a job that has not ended"
            f" within its window is cancelled, and few end within an hour ({RULE_PAGE})",
        ),
        (
            {"copy_to": ELSEWHERE.replace("eu-central-1:", "eu-cental-1:")},
            "'Region of copy_to' is 'eu-cental-1'; allowed: a Region of AWS; did you mean eu-central-1 or me-central-1"
            " or eu-central-2?, because what cannot be found can neither be deployed to nor failed over to"
            " (https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html)",
        ),
    ],
)
def test_a_plan_that_could_not_work_is_refused(make_stack, options, told):
    assert plan_refused(make_stack, **options) == f"Test/Plan: {told}"


def test_all_that_is_wrong_with_a_plan_is_told_at_once(make_stack):
    message = plan_refused(
        make_stack, resources=[], copy_to="shop", retention=days(400), start_window=Duration.minutes(1)
    )

    assert [line.split("'")[1] for line in message.splitlines()] == [
        "resources",
        "copy_to",
        "retention",
        "start_window",
    ]


def test_a_plan_takes_a_vault_of_any_make(make_stack, template):
    stack = make_stack()
    vault = backup.BackupVault.from_backup_vault_name(stack, "Vault", "of-the-company")

    plan_in(stack, lock=type("Any", (), {"vault": vault}), retention=days(4000))

    assert rules_of(template(stack))["Daily"]["TargetBackupVault"] == "of-the-company"


@settings(max_examples=40, deadline=None)
@given(retention=st.integers(1, 400), cold=st.none() | st.integers(1, 300), continuous=st.none() | st.integers(1, 40))
def test_any_retention_is_taken_exactly_when_aws_takes_it(make_stack, retention, cold, continuous):
    options = {
        "retention": days(retention),
        "cold_after": cold and days(cold),
        "continuous": continuous and days(continuous),
    }
    fits = (
        7 <= retention <= 365
        and (cold is None or retention >= cold + 90)
        and (continuous is None or 7 <= continuous <= 35)
    )

    if fits:
        plan_in(make_stack(), **options)
    else:
        assert re.match("Test/Plan: '(retention|copy_retention|continuous)' is ", plan_refused(make_stack, **options))


# What the validators say


def test_backups_leave_no_finding(make_stack, flags, findings, lint, template):
    stack = make_stack(flags=flags)
    topic = AlarmTopic(stack, "Alarms")
    plan_in(stack, lock=vault_in(stack, alarms=topic), copy_to=ELSEWHERE, continuous=days(14), alarms=topic)

    assert findings(stack.node.root) == []
    assert lint(template(stack)) == []


def test_backups_that_tell_nobody_leave_no_finding_either(make_stack, flags, findings, lint, template):
    stack = make_stack(flags=flags, region=None, account=None)
    plan_in(stack, lock=vault_in(stack, compliance_after=days(7)), cold_after=days(30), retention=days(120))

    assert findings(stack.node.root) == []
    assert lint(template(stack)) == []
