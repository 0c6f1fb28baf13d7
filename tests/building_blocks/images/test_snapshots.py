"""Snapshots of volumes, images of servers, and bins: what is made, how long it is kept, where it goes."""

from __future__ import annotations

import aws_cdk as cdk
import pytest

from cdk_standby._checks import InvalidOptions
from cdk_standby.images.image_retention import ImageRetention
from cdk_standby.images.recycle_bin import RecycleBin
from cdk_standby.images.volume_snapshots import SnapshotCopy, SnapshotSchedule, VolumeSnapshots

DLM = "https://docs.aws.amazon.com/dlm/latest/APIReference/"
BIN = "https://docs.aws.amazon.com/recyclebin/latest/APIReference/"
REGIONS = "https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/regions.html"
THERE = "arn:aws:kms:eu-central-1:111111111111:key/12345678-1234-1234-1234-123456789012"
POLICY = "AWS::DLM::LifecyclePolicy"
days, hours = cdk.Duration.days, cdk.Duration.hours


@pytest.mark.capability("STO-26")
def test_snapshots_are_made_by_the_hour_and_by_the_day_and_copied_with_the_key_there(one):
    details = one(POLICY, "Snapshots")["Properties"]["PolicyDetails"]

    assert details == {
        "PolicyType": "EBS_SNAPSHOT_MANAGEMENT",
        "ResourceTypes": ["VOLUME"],
        "TargetTags": [{"Key": "backup", "Value": "hourly"}],
        "Schedules": [
            {
                "Name": "Hourly",
                "CopyTags": True,
                "CreateRule": {"Interval": 1, "IntervalUnit": "HOURS", "Times": ["03:00"]},
                "RetainRule": {"Count": 48},
                "CrossRegionCopyRules": [
                    {
                        "CmkArn": THERE,
                        "CopyTags": True,
                        "Encrypted": True,
                        "RetainRule": {"Interval": 35, "IntervalUnit": "DAYS"},
                        "Target": "eu-central-1",
                    }
                ],
            },
            {
                "Name": "Daily",
                "CopyTags": True,
                "CreateRule": {"Interval": 24, "IntervalUnit": "HOURS", "Times": ["03:00"]},
                "RetainRule": {"Interval": 35, "IntervalUnit": "DAYS"},
            },
        ],
    }


def test_what_may_be_lost_is_the_shortest_interval_and_the_hour_in_which_it_starts(world):
    assert world.snapshots.rpo.to_hours() == 2


@pytest.mark.capability("STO-26")
def test_servers_are_taken_whole_shared_and_restored_fast(one):
    policy = one(POLICY, "Servers")["Properties"]

    often, weekly = policy["PolicyDetails"]["Schedules"]

    assert policy["State"] == "DISABLED"
    assert policy["PolicyDetails"]["ResourceTypes"] == ["INSTANCE"]
    assert policy["PolicyDetails"]["Parameters"] == {"ExcludeBootVolume": True}
    assert often["FastRestoreRule"] == {"AvailabilityZones": ["eu-west-1a", "eu-west-1b"], "Count": 2}
    assert often["ShareRules"] == [
        {"TargetAccounts": ["222222222222"], "UnshareInterval": 7, "UnshareIntervalUnit": "DAYS"}
    ]
    assert weekly["CreateRule"] == {"CronExpression": "cron(0 3 ? * SUN *)"}
    assert weekly["RetainRule"] == {"Interval": 365, "IntervalUnit": "DAYS"}


@pytest.mark.capability("CMP-06")
def test_images_of_servers_are_kept_deprecated_and_copied_without_a_reboot(one):
    details = one(POLICY, "Retention")["Properties"]["PolicyDetails"]

    [schedule] = details["Schedules"]

    assert details["PolicyType"] == "IMAGE_MANAGEMENT"
    assert details["Parameters"] == {"NoReboot": True}
    assert schedule["RetainRule"] == {"Interval": 60, "IntervalUnit": "DAYS"}
    assert schedule["DeprecateRule"] == {"Interval": 30, "IntervalUnit": "DAYS"}
    assert schedule["CrossRegionCopyRules"][0]["TargetRegion"] == "eu-central-1"
    assert schedule["CrossRegionCopyRules"][0]["RetainRule"] == {"Interval": 14, "IntervalUnit": "DAYS"}


@pytest.mark.parametrize("prefix", ["SnapshotsKeys", "RetentionKeys"])
def test_the_policy_may_use_the_keys_of_both_regions_and_no_other(one, prefix):
    statements = one("AWS::IAM::ManagedPolicy", prefix)["Properties"]["PolicyDocument"]["Statement"]

    assert [s["Resource"] for s in statements] == [[THERE, {"Fn::GetAtt": ["Key9BCD29C7", "Arn"]}]] * 2
    assert statements[1]["Condition"] == {"Bool": {"kms:GrantIsForAWSResource": "true"}}


def test_a_policy_that_fails_or_does_nothing_rings(world, one):
    nothing = one("AWS::CloudWatch::Alarm", "SnapshotsNoneMade")["Properties"]

    assert [*world.snapshots.alarms] == ["CreateFailed", "NoneMade", "CopyFailed"]
    assert nothing["MetricName"] == "SnapshotsCreateCompleted"
    assert nothing["Dimensions"][0]["Name"] == "DLMPolicyId"
    assert (nothing["TreatMissingData"], nothing["Threshold"], nothing["Period"]) == ("breaching", 1, 86400)


@pytest.mark.capability("STO-26")
def test_bins_keep_what_was_deleted(one):
    tagged, locked, volumes = (one("AWS::Rbin::Rule", name) for name in ("Bin", "Locked", "Volumes"))

    assert tagged["Properties"]["ResourceType"] == "EBS_SNAPSHOT"
    assert tagged["Properties"]["RetentionPeriod"]["RetentionPeriodValue"] == 14
    assert tagged["Properties"]["ResourceTags"] == [{"ResourceTagKey": "backup", "ResourceTagValue": "hourly"}]
    assert locked["Properties"]["LockConfiguration"] == {"UnlockDelayUnit": "DAYS", "UnlockDelayValue": 7}
    assert locked["DeletionPolicy"] == "Retain"
    assert volumes["Properties"]["RetentionPeriod"]["RetentionPeriodValue"] == 7


SNAPSHOTS = {"tags": {"backup": "hourly"}, "copies": [SnapshotCopy(region="eu-central-1", key=THERE)]}
IMAGES = {**SNAPSHOTS, "reboot": False}
WRONG = [
    (VolumeSnapshots, {"schedules": [SnapshotSchedule(name="Often", every=hours(5), keep=1)]},
     "'schedules['Often'].every' is 5 hours; allowed: 1, 2, 3, 4, 6, 8, 12 or 24 hours, because a policy runs every 1, "
     f"2, 3, 4, 6, 8, 12 or 24 hours, or by a cron expression ({DLM}API_CreateRule.html)"),
    (VolumeSnapshots, {"schedules": [SnapshotSchedule(name="Often", every=hours(1), keep=1001)]},
     "'schedules['Often'].keep' is 1001; allowed: 1 to 1000, because a schedule keeps 1 to 1000 snapshots of a volume, "
     f"or images of an instance ({DLM}API_RetainRule.html)"),
    (VolumeSnapshots, {"schedules": [SnapshotSchedule(name=f"S{n}", every=hours(1), keep=1) for n in range(5)]},
     "'schedules' is ['S0', 'S1', 'S2', 'S3', 'S4']; allowed: one to four, each with a name of its own, because a "
     f"policy has one to four schedules ({DLM}API_PolicyDetails.html)"),
    (VolumeSnapshots, {"schedules": [SnapshotSchedule(name="Fast", every=hours(1), keep=2, fast_restore=3,
                                                      fast_restore_in=["eu-west-1a"])]},
     "'schedules['Fast'].fast_restore' is 3; allowed: 1 to 2, as many as are kept, because fast snapshot restore is "
     f"turned on in at most ten zones of a schedule ({DLM}API_FastRestoreRule.html)"),
    (VolumeSnapshots, {"copies": []}, "'copies' is []; allowed: one copy in another Region or more, or "
     f"'one_region_because', because what is in one Region is lost with it ({REGIONS})"),
    (VolumeSnapshots, {"copies": [SnapshotCopy(region="eu-central-1", key="alias/shop")]},
     "'copies['eu-central-1'].key' is 'alias/shop'; allowed: the ARN of a key there, because Data Lifecycle Manager "
     f"takes the ARN of a key of that Region, and no alias ({DLM}API_CrossRegionCopyRule.html)"),
    (VolumeSnapshots, {"tags": {}}, "'tags' is []; allowed: 1 to 50 tags, none of which begins with 'aws:', because a "
     f"policy takes what carries one of its tags, so that it needs one ({DLM}API_PolicyDetails.html)"),
    (VolumeSnapshots, {"with_boot_volume": False}, "'with_boot_volume' is False; allowed: True without 'instances', "
     f"because a single volume that carries the tag is taken, whatever it is ({DLM}API_Parameters.html)"),
    (ImageRetention, {"keep": 1001}, "'keep' is 1001; allowed: 1 to 1000, because a schedule keeps 1 to 1000 "
     f"snapshots of a volume, or images of an instance ({DLM}API_RetainRule.html)"),
    (ImageRetention, {"keep_for": days(10), "deprecate_after": days(20)}, "'deprecate_after' is 20 days; allowed: "
     "whole days, at most 'keep_for' and ten years, with 'keep_for', because an image is deprecated before it is "
     f"deleted ({DLM}API_DeprecateRule.html)"),
    (ImageRetention, {"cron": "cron(0/5 * * * ? *)"}, "'cron' is 'cron(0/5 * * * ? *)'; allowed: 'cron(...)' of six "
     "fields, once an hour at most, such as 'cron(0 3 ? * SUN *)', because a policy runs every 1, 2, 3, 4, 6, 8, 12 or "
     f"24 hours, or by a cron expression ({DLM}API_CreateRule.html)"),
    (RecycleBin, {"of": "disks"}, "'of' is 'disks'; allowed: 'snapshots', 'images', 'volumes', because the bin takes "
     f"these ({BIN}API_CreateRule.html)"),
    (RecycleBin, {"of": "volumes", "keep_for": days(14)}, "'keep_for' is 14 days; allowed: 1 to 7 whole days, known at "
     f"synth, because that is how long the bin keeps things ({BIN}API_CreateRule.html)"),
    (RecycleBin, {"of": "images", "tags": {"a": "b"}, "lock_for": days(7)}, "'lock_for' is 7 days; allowed: nothing "
     "with 'tags', because only a rule for the whole Region, without tags, can be locked "
     "(https://docs.aws.amazon.com/ebs/latest/userguide/recycle-bin-lock.html)"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "options", "message"), WRONG, ids=[f"{k.__name__} {[*o]}" for k, o, _ in WRONG])
@pytest.mark.capability("CMP-06")
@pytest.mark.capability("STO-26")
def test_what_aws_would_not_do_is_refused(scope, kind, options, message):
    usual = {VolumeSnapshots: SNAPSHOTS, ImageRetention: IMAGES, RecycleBin: {}}[kind]
    key = {} if kind is RecycleBin else {"key": scope.key}
    name = f"Thing{len(scope.stack.node.children)}"

    with pytest.raises(InvalidOptions) as refused:
        kind(scope.stack, name, **{**usual, **key, **options})

    assert str(refused.value) == f"Test/{name}: {message}"
