"""Vaults of other accounts and without a way in, restores for practice, and reports: one stack, read many times."""

import inspect
import json

import pytest
from aws_cdk import CfnParameter, Duration
from aws_cdk import aws_backup as backup
from aws_cdk import aws_events as events
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from hypothesis import given, settings
from hypothesis import strategies as st
from replacement import create_only_options, in_place, replacing

from cdk_standby._checks import InvalidOptions
from cdk_standby.alarm_topic import AlarmTopic
from cdk_standby.backup_plan import BackupPlan
from cdk_standby.backups.air_gapped_vault import AirGappedVault
from cdk_standby.backups.backup_report import BackupReport
from cdk_standby.backups.restore_place import RestorePlace
from cdk_standby.backups.restore_testing import RestoreTest, RestoreTesting
from cdk_standby.backups.vault_access import share_key_for_copies
from cdk_standby.keys import DataKey
from cdk_standby.locked_vault import LockedVault
from cdk_standby_review.facts import backup as facts

GUIDE = "https://docs.aws.amazon.com/aws-backup/latest/devguide/"
OTHER, ORGANIZATION = "222222222222", "o-a1b2c3d4e5"
ELSEWHERE = "arn:aws:backup:eu-central-1:111111111111:backup-vault:shop-eu-central-1"
THEIRS = f"arn:aws:backup:eu-west-1:{OTHER}:backup-vault:safe"
CLUSTER = "arn:aws:rds:eu-west-1:111111111111:cluster:shop"
FILES = "arn:aws:fsx:eu-west-1:111111111111:file-system/fs-0a1b2c3d4e5f60718"
VAULT, GAPPED = "AWS::Backup::BackupVault", "AWS::Backup::LogicallyAirGappedBackupVault"
TESTS, SELECTION = "AWS::Backup::RestoreTestingPlan", "AWS::Backup::RestoreTestingSelection"
days, hours = Duration.days, Duration.hours


@pytest.fixture(scope="module")
def stack(make_stack):
    stack = make_stack()
    topic, key = AlarmTopic(stack, "Alarms"), DataKey(stack, "Key").key
    share_key_for_copies(key, [OTHER])
    vault = LockedVault(stack, "Vault", key=key, copies_from=[OTHER], organization=ORGANIZATION).vault
    LockedVault(stack, "Company", key=key, organization=ORGANIZATION)
    gapped = AirGappedVault(stack, "AirGapped", name="shop-safe", copies_from=[OTHER])
    BackupPlan(
        stack,
        "Plan",
        vault=vault,
        resources=[backup.BackupResource.from_arn(arn) for arn in (CLUSTER, FILES)],
        copy_to=[ELSEWHERE, THEIRS, gapped],
        alarms=topic,
    )
    function = lambda_.Function(
        stack, "Look", runtime=lambda_.Runtime.PYTHON_3_14, handler="index.handler", code=lambda_.Code.from_inline("x")
    )
    RestoreTesting(
        stack,
        "Tests",
        vaults=[vault.backup_vault_arn],
        tests=[
            RestoreTest(kind="Aurora", metadata={"dbSubnetGroupName": RestorePlace(stack, "Place").subnet_group_name}),
            RestoreTest(kind="S3"),
        ],
        rpo=days(1),
        validator=function,
        alarms=topic,
    )
    BackupReport(stack, "Report")
    return stack


@pytest.fixture(scope="module")
def built(stack, template):
    return template(stack)


@pytest.fixture(scope="module")
def only(built, resources):
    """`only(type, "Prefix")`: the properties of the one resource of a type whose id begins so."""

    def find(wanted, prefix=""):
        [found] = [p for name, p in resources(built, wanted).items() if name.startswith(prefix)]
        return found

    return find


# Vaults


def copying(vault):
    [allow] = [one for one in vault["AccessPolicy"]["Statement"] if one["Effect"] == "Allow"]
    return allow


@pytest.mark.capability("DR-03")
def test_a_vault_takes_copies_of_the_accounts_that_it_names_while_they_are_in_the_organization(only):
    allow = copying(only(VAULT, "Vault"))

    assert allow["Action"] == "backup:CopyIntoBackupVault"
    assert allow["Principal"] == {"AWS": f"arn:aws:iam::{OTHER}:root"}
    assert allow["Condition"] == {"StringEquals": {"aws:PrincipalOrgID": ORGANIZATION}}


def test_a_vault_of_an_organization_takes_copies_of_all_its_accounts_and_of_nobody_else(only):
    allow = copying(only(VAULT, "Company"))

    assert (allow["Principal"], allow["Action"]) == ("*", "backup:CopyIntoBackupVault")
    assert allow["Condition"] == {"StringEquals": {"aws:PrincipalOrgID": ORGANIZATION}}


def test_nobody_deletes_from_a_shared_vault_either(only):
    for prefix in ("Vault", "Company"):
        [deny] = [one for one in only(VAULT, prefix)["AccessPolicy"]["Statement"] if one["Effect"] == "Deny"]

        assert (deny["Principal"], deny["Action"][0]) == ({"AWS": "*"}, "backup:DeleteRecoveryPoint")


def test_the_other_account_may_read_what_the_key_encrypts_and_no_more(only):
    shared = [one for one in only("AWS::KMS::Key", "Key")["KeyPolicy"]["Statement"] if OTHER in json.dumps(one)]

    use, grants = shared
    assert "kms:Decrypt" in use["Action"]
    assert not [action for action in use["Action"] if "Delete" in action or "Put" in action]
    assert grants["Condition"] == {"Bool": {"kms:GrantIsForAWSResource": "true"}}


def test_the_key_of_somebody_else_is_left_alone(make_stack):
    key = kms.Key.from_key_arn(make_stack(), "Key", "arn:aws:kms:eu-west-1:111111111111:key/0a1b")

    share_key_for_copies(key, [OTHER])


@pytest.mark.capability("DR-03")
def test_one_backup_goes_to_another_region_another_account_and_an_air_gapped_vault(only):
    [rule] = only("AWS::Backup::BackupPlan")["BackupPlan"]["BackupPlanRule"]

    first, second, third = rule["CopyActions"]
    assert (first["DestinationBackupVaultArn"], second["DestinationBackupVaultArn"]) == (ELSEWHERE, THEIRS)
    assert third["DestinationBackupVaultArn"]["Fn::GetAtt"][1] == "BackupVaultArn"


@pytest.mark.capability("STO-28")
@pytest.mark.capability("STO-33")
def test_databases_and_file_systems_are_in_one_plan_with_the_same_copies(only):
    assert only("AWS::Backup::BackupSelection")["BackupSelection"]["Resources"] == [CLUSTER, FILES]


@pytest.mark.capability("STO-28")
def test_an_air_gapped_vault_is_locked_from_its_first_day_and_stays_when_its_stack_goes(built, only):
    vault = only(GAPPED)

    [resource] = [one for one in built["Resources"].values() if one["Type"] == GAPPED]
    assert (vault["MinRetentionDays"], vault["MaxRetentionDays"]) == (7, 365)
    assert "EncryptionKeyArn" not in vault
    assert copying(vault)["Principal"] == {"AWS": f"arn:aws:iam::{OTHER}:root"}
    assert (resource["DeletionPolicy"], resource["UpdateReplacePolicy"]) == ("Retain", "Retain")


def test_the_logical_ids_of_vaults_never_change(built, resources):
    """A new id is a new, empty vault: release it as a major version."""
    assert sorted([*resources(built, VAULT), *resources(built, GAPPED)]) == [
        "AirGappedVaultFC5CF7D1",
        "CompanyVault3F8F919C",
        "Vault645BC77C",
    ]


CHANGES = {
    "name": "other",
    "key": f"arn:aws:kms:eu-west-1:111111111111:key/{'0' * 8}-0000-0000-0000-{'0' * 12}",
    "minimum": days(8),
    "maximum": days(300),
    "compliance_after": days(5),
    "copies_from": [OTHER],
    "organization": ORGANIZATION,
    "alarms": True,
}


@pytest.mark.parametrize("cls", [LockedVault, AirGappedVault])
def test_a_vault_is_replaced_by_exactly_the_options_that_say_so(make_stack, cls):
    def build(**options):
        stack = make_stack()
        arn = options.pop("key", CHANGES["key"].replace("0-0", "1-0"))
        given = {**options, "key": kms.Key.from_key_arn(stack, "Key", arn)}
        if "alarms" in options:
            given["alarms"] = AlarmTopic(stack, "Alarms")
        cls(stack, "Vault", **given)
        return stack

    known = inspect.signature(cls.__init__).parameters
    found = in_place(build, {"name": "shop"}, {name: value for name, value in CHANGES.items() if name in known})

    assert set(found) == known.keys() - {"self", "scope", "id"}
    assert replacing(found) == create_only_options(cls)


# Restore tests


@pytest.mark.capability("DR-12")
def test_the_newest_backups_of_the_vault_are_restored_twice_a_week(only):
    plan = only(TESTS)

    assert plan["ScheduleExpression"] == "cron(0 5 ? * SUN,WED *)"
    assert plan["StartWindowHours"] == 8
    chosen = plan["RecoveryPointSelection"]
    assert (chosen["Algorithm"], chosen["SelectionWindowDays"]) == ("LATEST_WITHIN_WINDOW", 2)
    [vault] = chosen["IncludeVaults"]
    assert vault["Fn::GetAtt"][0] == "Vault645BC77C"


@pytest.mark.capability("DR-12")
def test_each_kind_has_a_selection_with_what_cannot_be_inferred(built, resources, only):
    selections = {one["ProtectedResourceType"]: one for one in resources(built, SELECTION).values()}

    assert sorted(selections) == ["Aurora", "S3"]
    assert selections["Aurora"]["RestoreMetadataOverrides"]["dbSubnetGroupName"]["Ref"].startswith("PlaceSubnets")
    assert selections["S3"]["ProtectedResourceArns"] == ["*"]
    for selection in selections.values():
        assert selection["ValidationWindowHours"] == 4
        assert selection["RestoreTestingPlanName"] == only(TESTS)["RestoreTestingPlanName"]
        assert selection["IamRoleArn"]["Fn::GetAtt"][0].startswith("TestsRole")


def test_the_role_of_the_tests_restores_and_does_nothing_else(only):
    role = only("AWS::IAM::Role", "Tests")

    policies = [arn["Fn::Join"][1][-1].rpartition("/")[2] for arn in role["ManagedPolicyArns"]]
    assert policies == ["AWSBackupServiceRolePolicyForRestores", "AWSBackupServiceRolePolicyForS3Restore"]
    [trust] = role["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "backup.amazonaws.com"}


def test_a_test_that_failed_is_told_and_only_those_of_this_plan(only):
    pattern = only("AWS::Events::Rule", "TestsFailed")["EventPattern"]

    assert pattern["detail-type"] == ["Restore Job State Change"]
    assert pattern["detail"]["status"] == ["ABORTED", "FAILED"]
    [plan] = pattern["detail"]["restoreTestingPlanArn"]
    assert plan["Fn::GetAtt"][1] == "RestoreTestingPlanArn"


def test_a_kind_that_was_not_restored_for_six_days_rings(only):
    alarm = only("AWS::CloudWatch::Alarm", "TestsAuroraTestMissing")

    assert (alarm["MetricName"], alarm["Period"], alarm["EvaluationPeriods"]) == ("TriggeredRules", 86400, 6)
    assert alarm["TreatMissingData"] == "breaching"
    assert alarm["Dimensions"][0]["Value"]["Ref"].startswith("TestsAuroraCompleted")


@pytest.mark.capability("DR-12")
def test_the_validator_looks_at_what_was_restored_and_may_say_what_it_found(only):
    [target] = only("AWS::Events::Rule", "TestsAuroraCompleted")["Targets"]
    [answers] = only("AWS::IAM::Policy", "TestsAnswers")["PolicyDocument"]["Statement"]
    alarm = only("AWS::CloudWatch::Alarm", "TestsValidatorFailed")

    assert target["Arn"]["Fn::GetAtt"][0].startswith("Look")
    assert answers["Action"] == ["backup:DescribeRestoreJob", "backup:PutRestoreValidationResult"]
    assert (alarm["MetricName"], alarm["TreatMissingData"]) == ("Errors", "notBreaching")


def test_databases_are_restored_where_nothing_comes_in_or_goes_out(built, resources):
    subnets = [one for name, one in resources(built, "AWS::EC2::Subnet").items() if name.startswith("Place")]
    [group] = resources(built, "AWS::RDS::DBSubnetGroup").values()

    assert sorted(one["AvailabilityZone"] for one in subnets) == ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
    assert len(group["SubnetIds"]) == 3
    for way in ("AWS::EC2::Route", "AWS::EC2::InternetGateway", "AWS::EC2::NatGateway", "AWS::EC2::VPCEndpoint"):
        assert resources(built, way) == {}


def test_a_place_needs_to_know_its_region(make_stack):
    with pytest.raises(InvalidOptions) as raised:
        RestorePlace(make_stack(region=None), "X")

    assert "a stack without a Region" in str(raised.value)


# Reports


@pytest.mark.capability("DR-12")
def test_backups_copies_and_restores_are_reported_every_day(built, resources):
    reports = {name[6:-8]: one for name, one in resources(built, "AWS::Backup::ReportPlan").items()}

    assert {name: one["ReportSetting"]["ReportTemplate"] for name, one in reports.items()} == {
        "Backups": "BACKUP_JOB_REPORT",
        "Copies": "COPY_JOB_REPORT",
        "Restores": "RESTORE_JOB_REPORT",
    }
    assert all(one["ReportDeliveryChannel"]["Formats"] == ["CSV", "JSON"] for one in reports.values())


def test_the_role_that_writes_reports_is_let_in_after_aws_has_made_it(built):
    [policy] = [one for name, one in built["Resources"].items() if name.startswith("ReportBucketPolicy")]

    assert sorted(name[:-8] for name in policy["DependsOn"]) == ["ReportBackups", "ReportCopies", "ReportRestores"]
    assert "AWSServiceRoleForBackupReports" in json.dumps(policy)


# What is refused


def refused(make, **options):
    with pytest.raises(InvalidOptions) as raised:
        make(**options)
    return str(raised.value).splitlines()


@pytest.fixture
def makers(make_stack):
    """Each kind of thing, in a stack of its own, with the least that it takes."""
    stack = make_stack()

    def tests(**options):
        RestoreTesting(stack, "X", **{"vaults": [ELSEWHERE], "tests": [RestoreTest(kind="S3")], **options})

    def plan(**options):
        vault = backup.BackupVault.from_backup_vault_name(stack, "V", "any")
        resources = [backup.BackupResource.from_arn(CLUSTER)]
        BackupPlan(stack, "X", **{"vault": vault, "resources": resources, **options})

    def gapped(**options):
        AirGappedVault(stack, "X", **options)

    def locked(**options):
        LockedVault(stack, "X", key=DataKey(stack, "Key").key, **options)

    def report(**options):
        BackupReport(stack, "X", **options)

    return {"tests": tests, "plan": plan, "gapped": gapped, "locked": locked, "report": report, "stack": stack}


ACCOUNTS = GUIDE + "create-cross-account-backup.html"
SELECTIONS = GUIDE + "API_RestoreTestingSelectionForCreate.html"
KINDS = "'Aurora', 'DocumentDB', 'DynamoDB', 'EBS', 'EC2', 'EFS', 'FSx', 'Neptune', 'RDS', 'S3'"
REFUSED = [
    (
        "locked",
        {"copies_from": ["shop"]},
        "'copies_from' is ['shop']; allowed: accounts of 12 digits each, because the vault lets accounts in by their"
        f" numbers ({ACCOUNTS})",
    ),
    (
        "gapped",
        {"organization": "shop"},
        "'organization' is 'shop'; allowed: the id of an organization, such as 'o-a1b2c3d4e5', because AWS Backup"
        f" copies between accounts of one organization, which has cross-account backup switched on ({ACCOUNTS})",
    ),
    (
        "gapped",
        {"minimum": days(6)},
        "'minimum' is 6 days; allowed: 7 to 36500 days, because a logically air-gapped vault keeps every backup for"
        f" seven days or more ({GUIDE}API_CreateLogicallyAirGappedBackupVault.html)",
    ),
    (
        "gapped",
        {"maximum": hours(200)},
        "'maximum' is 8 days 8 hours; allowed: whole days, because AWS Backup counts retention in days",
    ),
    (
        "gapped",
        {"minimum": days(30), "maximum": days(20)},
        "'minimum' is 30 days; allowed: up to 20 days, the maximum, because no backup could ever be kept"
        f" ({GUIDE}logicallyairgappedvault.html)",
    ),
    (
        "gapped",
        {"name": "!"},
        "'name' is '!'; allowed: 2 to 50 letters, digits, '-' and '_', because AWS Backup takes no other name"
        f" ({GUIDE}API_CreateBackupVault.html)",
    ),
    (
        "plan",
        {"copy_to": [THEIRS, THEIRS]},
        f"'copy_to' is ['{THEIRS}', '{THEIRS}']; allowed: each vault once, because a second copy in the same vault"
        " protects from nothing more",
    ),
    (
        "plan",
        {"copy_to": ELSEWHERE.replace("arn:aws:", "arn:aws-cn:").replace("eu-central-1", "cn-north-1")},
        "'copy_to' is 'arn:aws-cn:backup:cn-north-1:111111111111:backup-vault:shop-cn-north-1'; allowed: a vault in"
        " the partition aws, because AWS, AWS in China and GovCloud share no accounts, so a copy cannot leave its own"
        f" ({GUIDE}cross-region-backup.html)",
    ),
    (
        "plan",
        {
            "copy_to": ELSEWHERE,
            "resources": [backup.BackupResource.from_arn("arn:aws:redshift:eu-west-1:111111111111:cluster:shop")],
        },
        f"'copy_to' is '{ELSEWHERE}'; allowed: left out, and a copy that Redshift makes (`SnapshotCopyGrantName`,"
        " `DestinationRegion`), because AWS Backup makes no such copies of it"
        f" ({GUIDE}backup-feature-availability.html)",
    ),
    (
        "tests",
        {"vaults": []},
        "'vaults' is []; allowed: the ARN of one vault or more, because there is nothing else to restore from",
    ),
    (
        "tests",
        {"tests": [RestoreTest(kind="Redshift")]},
        f"'kinds' is ['Redshift']; allowed: {KINDS}, because restore testing knows these and no others ({SELECTIONS})",
    ),
    (
        "tests",
        {"name": "shop-tests"},
        "'name' is 'shop-tests'; allowed: 1 to 50 letters, digits and underscores, because a restore testing plan is"
        f" known by up to 50 letters, digits and underscores ({GUIDE}API_RestoreTestingPlanForCreate.html)",
    ),
    (
        "tests",
        {"schedule": events.Schedule.rate(days(1))},
        "'schedule' is rate(1 day); allowed: a cron expression, such as events.Schedule.cron(week_day='SUN',"
        " hour='5', minute='0'), because AWS Backup knows no rates"
        f" ({GUIDE}API_RestoreTestingPlanForCreate.html)",
    ),
    (
        "tests",
        {"newest_within": days(30), "rpo": hours(36)},
        "'newest_within' is 30 days; allowed: up to 3 days, because a test that restores older data proves nothing"
        " about the recovery point objective",
    ),
    (
        "tests",
        {"validation_window": hours(169)},
        "'validation_window' is 7 days 1 hour; allowed: 0 to 168 hours, because what was restored is kept for"
        f" validation for at most a week, then deleted ({SELECTIONS})",
    ),
    (
        "tests",
        {"start_window": Duration.minutes(90)},
        "'start_window' is 1 hour 30 minutes; allowed: whole hours, because it is counted in hours",
    ),
    (
        "tests",
        {"missing_after": days(8)},
        "'missing_after' is 8 days; allowed: 1 to 7 days, because an alarm looks back for at most seven days"
        f" ({facts.ALARM_REACH.source})",
    ),
    (
        "report",
        {"name": "shop-reports", "retention": hours(25)},
        "'name' is 'shop-reports'; allowed: a letter, and up to 199 letters, digits and underscores, because reports"
        f" and frameworks are known by a letter and up to 255 letters, digits and underscores"
        f" ({GUIDE}API_CreateReportPlan.html)\nTest/X: 'retention' is 1 day 1 hour; allowed: whole days, 1 or more,"
        " because S3 expires objects by the day"
        " (https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html)",
    ),
]


@pytest.mark.capability("DR-12")
@pytest.mark.parametrize(("what", "options", "told"), REFUSED)
def test_what_could_not_work_is_refused(makers, what, options, told):
    assert refused(makers[what], **options) == f"Test/X: {told}".splitlines()


@pytest.mark.parametrize("service", sorted(facts.COPIES.value))
@pytest.mark.parametrize("target", [ELSEWHERE, THEIRS, THEIRS.replace("eu-west-1", "eu-central-1")])
def test_a_copy_is_taken_exactly_when_the_table_says_that_aws_makes_it(makers, service, target):
    arn = f"arn:aws:{service}:eu-west-1:111111111111:thing/shop"
    may = facts.COPIES.value[service]
    way = {ELSEWHERE: may.region, THEIRS: may.account}.get(target, may.both)

    def make():
        makers["plan"](copy_to=target, resources=[backup.BackupResource.from_arn(arn)])

    if way:
        make()
    else:
        assert "AWS Backup makes no such copies of it" in refused(make)[0]


@pytest.mark.parametrize(
    "tests",
    [
        [],
        [RestoreTest(kind="S3"), RestoreTest(kind="S3")],
        [RestoreTest(kind="S3", resources=())],
        [RestoreTest(kind="S3", resources=("*", "arn:aws:s3:::shop"))],
        [RestoreTest(kind="S3", resources=["arn:aws:s3:::shop"] * 31)],
    ],
)
def test_tests_of_nothing_of_everything_twice_or_of_too_much_are_refused(makers, tests):
    [line] = refused(makers["tests"], tests=tests)

    assert line.startswith("Test/X: 'tests' is ")


def test_copies_that_the_air_gapped_vault_would_refuse_are_refused(makers):
    vault = AirGappedVault(makers["stack"], "Safe", minimum=days(30), maximum=days(90))

    assert refused(makers["plan"], copy_to=[vault], copy_retention=days(20)) == [
        "Test/X: 'copy_retention' is 20 days; allowed: 30 to 90 days, because the air-gapped vault refuses all other"
        f" backups ({GUIDE}API_CreateLogicallyAirGappedBackupVault.html)"
    ]


def test_a_retention_that_only_a_deployment_knows_is_refused_where_it_decides(makers):
    number = CfnParameter(makers["stack"], "Days", type="Number").value_as_number

    [line] = refused(makers["tests"], newest_within=days(number))

    assert line.endswith("allowed: known at synth, because it decides what is tested, and when an alarm rings")


@settings(max_examples=15, deadline=None)
@given(low=st.integers(-1, 40000), high=st.integers(-1, 40000), window=st.integers(0, 200), start=st.integers(0, 200))
def test_any_limits_are_taken_exactly_when_aws_takes_them(make_stack, low, high, window, start):
    def outcome(make):
        try:
            make(make_stack())
        except InvalidOptions:
            return "refused"
        return "taken"

    def span(unit, number):
        return unit(max(0, number))

    gapped = outcome(lambda stack: AirGappedVault(stack, "X", minimum=span(days, low), maximum=span(days, high)))
    tests = outcome(
        lambda stack: RestoreTesting(
            stack,
            "X",
            vaults=[ELSEWHERE],
            tests=[RestoreTest(kind="EBS")],
            start_window=hours(start),
            validation_window=hours(window),
        )
    )

    assert (gapped == "taken") == (7 <= low <= high <= 36500)
    assert (tests == "taken") == (1 <= start <= 168 and window <= 168)


def test_vaults_tests_and_reports_leave_no_finding(stack, built, findings, lint):
    stray = [found for found in findings(stack.node.root) if "/Look" not in str(found)]

    assert stray == []
    assert [line for line in lint(built) if "Resources/Look" not in line] == []
