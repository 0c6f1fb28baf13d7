"""Backup and restore, its Region lost: what the copies bring back, in what time, and what they need for it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdk_standby_review import Objectives, Recovery, Status, review_templates
from cdk_standby_review.facts import Range

WEST, CENTRAL, OUTSIDE = "eu-west-1", "eu-central-1", "us-east-1"
VAULT = f"arn:aws:backup:{CENTRAL}:111111111111:backup-vault:shop-{CENTRAL}"
LOSS = f"loss of {WEST}"


def deployment(make, *, schedule="cron(0 3 * * ? *)", copy_to=CENTRAL, strategy="backup-and-restore", store=None):
    """A shop by backup and restore: all of it in Ireland, a vault with copies in Frankfurt, a name outside of both."""
    said = {"workload": "shop", "deployment": "Shop", "strategy": strategy}
    secret = make.resource("AWS::SecretsManager::Secret", ReplicaRegions=[{"Region": CENTRAL}])
    attached = make.resource(
        "AWS::SecretsManager::SecretTargetAttachment", SecretId={"Ref": "Secret"}, TargetId={"Ref": "Db"}
    )
    arn = {"Fn::GetAtt": ["Db", "DBClusterArn"]} if store is None else {"Ref": "Db"}
    plan = make.backup(arn, schedule=schedule, copy_to=copy_to)
    [rule] = plan["Plan"]["Properties"]["BackupPlan"]["BackupPlanRule"]
    for action in rule.get("CopyActions", []):
        action["DestinationBackupVaultArn"] = VAULT.replace(CENTRAL, copy_to)
    service = make.group(minimum=5)
    service["Service"] = service.pop("Group")
    data = make.aurora(2) if store is None else {"Db": store}
    active = {**make.network(), **data, **plan, **service, **make.balancer(), "Secret": secret, "Attached": attached}
    kept = {
        "Key": make.resource("AWS::KMS::Key"),
        "Vault": make.resource(
            "AWS::Backup::BackupVault",
            BackupVaultName=f"shop-{CENTRAL}",
            EncryptionKeyArn={"Fn::GetAtt": ["Key", "Arn"]},
            LockConfiguration={"MinRetentionDays": 7},
        ),
    }
    name = make.resource(
        "AWS::Route53::RecordSet",
        Name="shop.example.com",
        Type="A",
        AliasTarget={"DNSName": f"{WEST}.shop.example.com", "EvaluateTargetHealth": True},
    )
    return [
        make.template(active, region=WEST, name="Shop-data", role="active", site=WEST, **said),
        make.template(kept, region=CENTRAL, name="Shop-vault", role="standby", site=CENTRAL, **said),
        make.template({"Name": name}, region=OUTSIDE, name="Shop-traffic", role="outside", site=OUTSIDE, **said),
    ]


SCHEDULES = ("cron(0 3 * * ? *)", "cron(0 * * * ? *)", "rate(12 hours)", "cron(0 5 ? * SUN *)", "cron(0 3 1,15 * ? *)")


def copied_by(make, schedules):
    """The shop, its backups made by several rules of one plan."""
    templates = deployment(make)
    plan = templates[0].body["Resources"]["Plan"]["Properties"]["BackupPlan"]
    [rule] = plan["BackupPlanRule"]
    plan["BackupPlanRule"] = [{**rule, "ScheduleExpression": each} for each in ("rate(30 days)", *schedules)]
    return templates


def loss(templates, objectives=None):
    return next(e for e in review_templates(templates, objectives).estimates if str(e.case) == LOSS)


def because(estimate):
    return {(outcome.resource.logical_id, outcome.judgement.says) for outcome in estimate.because}


@pytest.fixture(scope="module")
def shop(make):
    return loss(deployment(make))


def test_a_lost_region_is_deployed_anew_and_restored_from_the_copies(shop):
    assert str(shop.fate) == "recovers by runbook"
    assert [(step.what.split(":")[0], step.takes) for step in shop.path] == [
        ("detect", Range(60, 300)),
        ("decide", Range(60, 300)),
        ("the network is deployed in eu-central-1 by the same app", Range(300, 900)),
        ("restored from a copy of a backup in eu-central-1", Range(1200, 14400)),
        ("the service is deployed in eu-central-1 by the same app", Range(300, 1200)),
        ("the name is led to eu-central-1 by the same app", Range(120, 660)),
        ("validate", Range(30, 60)),
    ]
    assert shop.rto == Range(2070, 17820)


@pytest.mark.parametrize(
    ("schedule", "hours"),
    [("cron(0 3 * * ? *)", 24), ("cron(0 * * * ? *)", 1), ("rate(12 hours)", 12), ("cron(0 5 ? * SUN *)", 168)],
)
def test_what_is_lost_is_the_time_between_two_backups_and_that_of_the_copy(schedule, hours, make):
    found = loss(deployment(make, schedule=schedule))

    assert found.rpo == Range(600, hours * 3600 + 14400)


def test_a_schedule_that_nobody_understands_is_not_guessed(make):
    found = loss(deployment(make, schedule="cron(0 3 1,15 * ? *)"))

    assert str(found.fate) == "unknown"
    assert because(found) == {("Db", "how often its backups are copied is not understood")}


def test_figures_without_an_aws_page_say_so(shop):
    assert str(shop.confidence) == "assumed"
    assert [s.what for s in shop.path if s.takes.high > 3600 and not s.facts[0].source.startswith("assumed: ")] == []


def take(*logical_ids):
    def change(templates):
        for template in templates:
            for logical_id in logical_ids:
                template.body["Resources"].pop(logical_id, None)

    return change


def give(region, logical_id, **properties):
    def change(templates):
        site = next(t for t in templates if t.region == region)
        site.body["Resources"][logical_id]["Properties"] |= properties

    return change


LACKING = [
    ("the vault", take("Vault"), "no vault in eu-central-1 takes the copies of its backups"),
    ("the key", take("Key"), "no key in eu-central-1 opens the vault that its backups are copied to"),
    (
        "a key of that Region",
        give(CENTRAL, "Vault", EncryptionKeyArn=f"arn:aws:kms:{WEST}:111111111111:key/1"),
        "no key in eu-central-1 opens the vault that its backups are copied to",
    ),
    (
        "the credentials",
        give(WEST, "Secret", ReplicaRegions=[{"Region": "eu-north-1"}]),
        "its credentials have no replica in eu-central-1",
    ),
    (
        "the copies",
        take("Selection"),
        "no secondary cluster and no copy of a backup in another Region",
    ),
]


@pytest.mark.capability("DR-03")
@pytest.mark.parametrize(("what", "change", "says"), LACKING, ids=[what for what, *_ in LACKING])
def test_without_what_opens_the_copies_the_region_is_lost_and_the_reason_is_said(what, change, says, make):
    templates = deployment(make)
    change(templates)

    found = loss(templates)

    assert str(found.fate) == "lost"
    assert because(found) == {("Db", says)}


@pytest.mark.parametrize(("what", "change", "says"), LACKING[:-1], ids=[what for what, *_ in LACKING[:-1]])
def test_copies_that_cannot_be_opened_are_found_though_no_region_was_promised(what, change, says, make):
    templates = deployment(make)
    change(templates)

    found = review_templates(templates).findings

    assert [(f.resource.logical_id, f.message) for f in found if f.rule == "backup-copy-closed"] == [
        ("Db", f"{says}: what lies there cannot be restored")
    ]


@settings(max_examples=15, deadline=None)
@given(schedules=st.lists(st.sampled_from(SCHEDULES), min_size=1, max_size=3), more=st.sampled_from(SCHEDULES))
def test_one_more_schedule_of_copies_never_loses_more(make, schedules, more):
    few, many = (copied_by(make, each) for each in (schedules, [*schedules, more]))

    assert loss(many).rpo.high <= loss(few).rpo.high


def test_the_key_of_aws_backup_itself_is_in_every_region(make):
    templates = deployment(make)
    del templates[1].body["Resources"]["Vault"]["Properties"]["EncryptionKeyArn"]

    assert str(loss(templates).fate) == "recovers by runbook"


def test_templates_that_do_not_say_that_they_deploy_elsewhere_are_lost_with_their_region(make):
    found = loss(deployment(make, strategy=""))

    assert str(found.fate) == "lost"
    assert {logical_id for logical_id, _ in because(found)} == {"Balancer", "Service"}


def test_one_region_without_copies_stays_lost(make):
    templates = [deployment(make, strategy="multi-az")[0]]
    take("Plan", "Selection")(templates)

    assert str(loss(templates).fate) == "lost"


def test_the_region_that_keeps_the_copies_is_not_missed(make):
    found = review_templates(deployment(make)).estimates

    assert [str(e.fate) for e in found if str(e.case) == f"loss of {CENTRAL}"] == ["survives"]


@pytest.mark.parametrize(
    ("type", "high"),
    [("AWS::DynamoDB::Table", 14400), ("AWS::S3::Bucket", 86400), ("AWS::DSQL::Cluster", 14400)],
)
def test_every_kind_of_store_takes_its_own_time(type, high, make):
    found = loss(deployment(make, store=make.resource(type)))

    assert [s.takes.high for s in found.path if s.what.startswith("restored")] == [high]


def test_a_cache_comes_back_empty_and_a_memory_of_record_does_not(make):
    templates = deployment(make)
    templates[0].body["Resources"]["Cache"] = make.resource("AWS::ElastiCache::ReplicationGroup")
    with_cache = loss(templates)
    templates[0].body["Resources"]["Memory"] = make.resource("AWS::MemoryDB::Cluster")
    with_memory = loss(templates)

    assert str(with_cache.fate) == "recovers by runbook"
    assert {logical_id for logical_id, _ in because(with_memory)} == {"Memory"}


@pytest.mark.parametrize(
    ("made", "user", "fate"),
    [
        ({"GenerateSecretString": {}}, "AWS::ElastiCache::User", "recovers by runbook"),
        ({"GenerateSecretString": {}}, "AWS::ECS::TaskDefinition", "lost"),
        ({}, "AWS::ElastiCache::User", "lost"),
    ],
)
def test_the_generated_password_of_a_cache_is_made_anew_and_no_other_secret(made, user, fate, make):
    templates = deployment(make)
    templates[0].body["Resources"] |= {
        "Password": make.resource("AWS::SecretsManager::Secret", **made),
        "User": make.resource(user, Passwords=[{"Ref": "Password"}]),
    }

    assert str(loss(templates).fate) == fate


@pytest.mark.capability("DR-01")
def test_minutes_are_not_kept_by_backups(make):
    minutes = Objectives(region=Recovery(rto=timedelta(minutes=5), rpo=timedelta(days=2)))

    found = review_templates(deployment(make), minutes)

    [missed] = [f for f in found.findings if f.rule == "objective-missed"]
    assert found.status is Status.MISSED
    assert missed.message.startswith(
        "shop, loss of eu-west-1: RTO is 34.5 min to 5 h, promised 5 min, up to 4.9 h too much. Longest path: "
    )


@pytest.mark.capability("DR-02")
def test_backups_have_to_be_made_more_often_than_the_recovery_point(make):
    hours = Objectives(region=Recovery(rto=timedelta(days=1), rpo=timedelta(hours=6)))

    daily = review_templates(deployment(make), hours)
    hourly = review_templates(deployment(make, schedule="cron(0 * * * ? *)"), hours)

    assert (daily.status, hourly.status) == (Status.AT_RISK, Status.MET)
    assert [f.fix for f in daily.findings] == ["back up every hour (costs the changes of each hour, kept and copied)"]
