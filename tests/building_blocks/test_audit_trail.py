"""The trail: every Region's calls, where nobody can change or delete them."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest
from aws_cdk import Duration

from cdk_standby._checks import InvalidOptions
from cdk_standby.alarm_topic import AlarmTopic
from cdk_standby.audit_trail import AuditTrail
from cdk_standby.keys import DataKey


@pytest.fixture(scope="module")
def built(make_stack, template, resources, flags):
    stack = make_stack(flags=flags)
    key = DataKey(stack, "Key").key
    AuditTrail(stack, "Usual", key=key, alarms=AlarmTopic(stack, "Alarms", key=key))
    AuditTrail(stack, "Strict", key=key, retention=Duration.days(30), compliance_because="the law asks for it")
    made = template(stack)

    def of(kind, name):
        [one] = [r for key, r in made["Resources"].items() if r["Type"] == kind and key.startswith(name)]
        return one

    return SimpleNamespace(app=stack.node.root, template=made, of=of)


@pytest.mark.capability("RDS-40")
def test_the_trail_holds_the_calls_of_all_regions_and_shows_when_one_was_changed(built):
    trail = built.of("AWS::CloudTrail::Trail", "Usual")["Properties"]

    assert trail["IsMultiRegionTrail"] is True
    assert trail["IncludeGlobalServiceEvents"] is True
    assert trail["EnableLogFileValidation"] is True
    assert trail["IsLogging"] is True
    assert trail["TrailName"] == "Test-Usual-0D4A8484"
    assert "KMSKeyId" in trail


@pytest.mark.capability("RDS-40")
@pytest.mark.parametrize(("name", "mode", "days"), [("Usual", "GOVERNANCE", 365), ("Strict", "COMPLIANCE", 30)])
def test_logs_are_locked_and_kept_and_the_bucket_outlives_its_stack(built, name, mode, days):
    bucket = built.of("AWS::S3::Bucket", name)

    assert bucket["Properties"]["ObjectLockConfiguration"] == {
        "ObjectLockEnabled": "Enabled",
        "Rule": {"DefaultRetention": {"Days": days, "Mode": mode}},
    }
    assert bucket["Properties"]["LifecycleConfiguration"]["Rules"][0]["ExpirationInDays"] == days
    assert (bucket["DeletionPolicy"], bucket["UpdateReplacePolicy"]) == ("Retain", "Retain")


def test_cloudtrail_writes_for_this_trail_and_no_other(built):
    [policy] = [
        one["Properties"]["PolicyDocument"]["Statement"]
        for name, one in built.template["Resources"].items()
        if one["Type"] == "AWS::S3::BucketPolicy" and name.startswith("Usual")
    ]
    for_trail = [s for s in policy if s["Principal"] == {"Service": "cloudtrail.amazonaws.com"}]

    assert [s["Action"] for s in for_trail] == ["s3:GetBucketAcl", "s3:PutObject"]
    for statement in for_trail:
        assert ":trail/Test-Usual" in json.dumps(statement["Condition"]["StringEquals"]["aws:SourceArn"])


def test_cloudtrail_may_use_the_key_for_each_trail(built):
    statements = built.of("AWS::KMS::Key", "Key")["Properties"]["KeyPolicy"]["Statement"]

    of_trails = [s for s in statements if s["Principal"] == {"Service": "cloudtrail.amazonaws.com"}]
    assert {action for s in of_trails for action in s["Action"]} == {"kms:GenerateDataKey*", "kms:DescribeKey"}
    assert all(name in json.dumps(of_trails) for name in (":trail/Test-Usual", ":trail/Test-Strict"))


def test_calls_that_lose_data_are_told(built):
    rule = built.of("AWS::Events::Rule", "Usual")["Properties"]["EventPattern"]

    assert rule["detail-type"] == ["AWS API Call via CloudTrail"]
    assert {"DeleteDBCluster", "DeleteDBInstance", "DeleteGlobalCluster", "PromoteReadReplica"} <= set(
        rule["detail"]["eventName"]
    )


@pytest.mark.capability("RDS-40")
def test_nothing_of_cloudtrail_lake_is_made(built):
    kinds = {one["Type"] for one in built.template["Resources"].values()}

    assert "AWS::CloudTrail::EventDataStore" not in kinds


def test_a_lock_for_ever_has_its_reason(built):
    assert built.template["Metadata"]["cdk-standby:weakened"] == {"Test/Strict": {"compliance": "the law asks for it"}}


@pytest.mark.capability("RDS-40")
@pytest.mark.parametrize(("retention", "shown"), [(Duration.hours(36), "1 day 12 hours"), (Duration.days(0), "0 days")])
def test_a_retention_that_s3_cannot_keep_is_refused(make_stack, retention, shown):
    stack = make_stack()
    with pytest.raises(InvalidOptions) as raised:
        AuditTrail(stack, "Trail", key=DataKey(stack, "Key").key, retention=retention)

    assert str(raised.value) == (
        f"Test/Trail: 'retention' is {shown}; allowed: whole days, 1 or more, because S3 locks and expires objects by"
        " the day (https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html)"
    )


def test_a_trail_leaves_no_finding(built, findings, lint):
    assert findings(built.app) == []
    assert lint(built.template) == []
