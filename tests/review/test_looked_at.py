"""The evidence of what is lost names what would have kept it, and was not there."""

from __future__ import annotations

import json

import pytest

from cdk_standby_review import review_templates
from cdk_standby_review.report import as_json


@pytest.fixture(scope="module")
def evidence(make):
    """`evidence(type, fault, ...)`: what the outcome of a resource `X` rests on."""

    def ask(kind, fault, more=None, **properties):
        found = review_templates([make.template({"X": make.resource(kind, **properties), **(more or {})})])
        told = json.loads(as_json(found))["outcomes"]
        return next(o for o in told if o["fault"] == fault and o["resource"]["logical_id"] == "X")["evidence"]

    return ask


CASES = [
    ("AWS::RDS::DBInstance", "region", {
        "AutomaticBackupReplicationRegion": None, "BackupPlan": None, "CopyActions": [],
        "SourceDBInstanceIdentifier": None, "replicas": []}),
    ("AWS::RDS::DBCluster", "region", {
        "BackupPlan": None, "CopyActions": [], "GlobalClusterIdentifier": None, "replicas": []}),
    ("AWS::DynamoDB::Table", "region", {"BackupPlan": None, "CopyActions": [], "Replicas": None}),
    ("AWS::DynamoDB::Table", "deletion", {
        "BackupPlan": None, "PITR": False, "PointInTimeRecoverySpecification": None}),
    ("AWS::DynamoDB::Table", "account", {"BackupPlan": None, "Vaults": []}),
    ("AWS::S3::Bucket", "region", {"BackupPlan": None, "CopyActions": [], "ReplicationConfiguration": None}),
    ("AWS::S3::Bucket", "deletion", {"BackupPlan": None, "VersioningConfiguration": None}),
    ("AWS::S3::Bucket", "account", {
        "BackupPlan": None, "ObjectLockConfiguration.Rule.DefaultRetention.Mode": None,
        "ReplicationConfiguration": None, "Vaults": []}),
    ("AWS::EC2::Volume", "deletion", {"BackupPlan": None}),
    ("AWS::EFS::FileSystem", "deletion", {"BackupPlan": None, "BackupPolicy": None}),
    ("AWS::ElastiCache::ReplicationGroup", "region", {"GlobalReplicationGroupId": None}),
    ("AWS::ElastiCache::ReplicationGroup", "deletion", {"BackupPlan": None, "SnapshotRetentionLimit": None}),
    ("AWS::SQS::Queue", "region", {"twin": None}),
    ("AWS::KMS::Key", "deletion", {"PendingWindowInDays": None}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "fault", "missing"), CASES)
def test_what_was_looked_at_and_is_missing_is_named(kind, fault, missing, evidence):
    assert evidence(kind, fault) == missing


def test_a_plan_that_helps_in_its_own_region_only_is_named_with_where_it_copies_to(make, evidence):
    plan = make.backup({"Fn::GetAtt": ["X", "Arn"]}, copy_to=None)

    found = evidence("AWS::DynamoDB::Table", "region", plan)

    assert (found["BackupPlan"], found["CopyActions"]) == ("stack-eu-west-1/Plan", [])


def test_what_a_judgement_rests_on_stays_as_it_says_it(evidence):
    assert evidence("AWS::RDS::DBInstance", "deletion", BackupRetentionPeriod=7) == {"BackupRetentionPeriod": 7}
