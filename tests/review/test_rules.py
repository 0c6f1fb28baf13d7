"""Each rule: a template that breaks it, and the same put right."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from cdk_standby_review import RULES, Objectives, Recovery, review_templates

REGION = Objectives(region=Recovery(rto=timedelta(minutes=15), rpo=timedelta(minutes=1)))
Build = Callable[[Any], dict[str, Any]]


def table(make: Any, on: bool) -> dict[str, Any]:
    recovery = {"PointInTimeRecoveryEnabled": on}
    return {"Table": make.resource("AWS::DynamoDB::Table", PointInTimeRecoverySpecification=recovery)}


def record(make: Any, **properties: Any) -> dict[str, Any]:
    known = {"Name": "shop.example.com", "Type": "A", "Failover": "PRIMARY", "HealthCheckId": "abc", "TTL": "60"}
    second = make.resource("AWS::Route53::RecordSet", Name="shop.example.com", Type="A", Failover="SECONDARY", TTL="60")
    return {"First": make.resource("AWS::Route53::RecordSet", **{**known, **properties}), "Second": second}


def scaled(make: Any, target: float) -> dict[str, Any]:
    track = {
        "PredefinedMetricSpecification": {"PredefinedMetricType": "ASGAverageCPUUtilization"},
        "TargetValue": target,
    }
    policy = make.resource(
        "AWS::AutoScaling::ScalingPolicy", AutoScalingGroupName={"Ref": "Group"}, TargetTrackingConfiguration=track
    )
    return make.group() | {"Policy": policy}


def vault(make: Any, **properties: Any) -> dict[str, Any]:
    return {"Vault": make.resource("AWS::Backup::BackupVault", BackupVaultName="v", **properties)}


def retained(make: Any, policy: str) -> dict[str, Any]:
    found = make.aurora(1)
    for part in found.values():
        part["DeletionPolicy"] = "Retain"
    found["Group"]["DeletionPolicy"] = policy
    return found


# rule -> (what breaks it, which resource, the same put right)
CASES: dict[str, tuple[Build, str, Build]] = {
    "subnet-group-single-zone": (lambda m: m.rds("a"), "Group", lambda m: m.rds()),
    "autoscaling-single-zone": (lambda m: m.group("a"), "Group", lambda m: m.group()),
    "load-balancer-single-zone": (lambda m: m.balancer("a"), "Balancer", lambda m: m.balancer()),
    "nat-gateway-per-zone": (lambda m: m.network(nat="single"), "NatA", lambda m: m.network(nat="regional")),
    "aurora-needs-reader": (lambda m: m.aurora(1), "Db", lambda m: m.aurora(2)),
    "rds-needs-standby": (lambda m: m.rds(MultiAZ=False), "Db", lambda m: m.rds()),
    "zones-uneven": (
        lambda m: m.group("ab") | m.balancer("abc"), "Group", lambda m: m.group("abc") | m.balancer("abc")),
    "database-deletion-protection": (lambda m: m.rds(DeletionProtection=False), "Db", lambda m: m.rds()),
    "database-no-backups": (lambda m: m.rds(BackupRetentionPeriod=0), "Db", lambda m: m.rds()),
    "database-short-backups": (lambda m: m.rds(BackupRetentionPeriod=3), "Db", lambda m: m.rds()),
    "backup-copy-missing": (
        lambda m: m.aurora(2), "Db", lambda m: m.aurora(2) | m.backup({"Fn::GetAtt": ["Db", "DBClusterArn"]})),
    "table-point-in-time": (lambda m: table(m, False), "Table", lambda m: table(m, True)),
    "bucket-versioning": (
        lambda m: {"Bucket": m.resource("AWS::S3::Bucket")}, "Bucket",
        lambda m: {"Bucket": m.resource("AWS::S3::Bucket", VersioningConfiguration={"Status": "Enabled"})}),
    "vault-unlocked": (vault, "Vault", lambda m: vault(m, LockConfiguration={"MinRetentionDays": 7})),
    "autoscaling-desired-capacity": (lambda m: m.group(DesiredCapacity="3"), "Group", lambda m: m.group()),
    "capacity-zone-loss": (lambda m: scaled(m, 70), "Group", lambda m: scaled(m, 60)),
    "failover-record-health-check": (lambda m: record(m, HealthCheckId=None), "First", record),
    "failover-record-ttl": (lambda m: record(m, TTL="300"), "First", record),
    "failover-record-partner": (
        lambda m: {"First": record(m)["First"]}, "First", record),
    "global-database-password": (
        lambda m: m.aurora(2, GlobalClusterIdentifier="g", ManageMasterUserPassword=True), "Db",
        lambda m: m.aurora(2, GlobalClusterIdentifier="g")),
    "cross-region-strong-reference": (
        lambda m: {"Reader": m.resource("Custom::CrossRegionExportReader")}, "Reader", lambda m: {}),
    "cross-region-weak-reference": (
        lambda m: {"P": m.resource("AWS::SSM::Parameter", Value={"Fn::GetStackOutput": {
            "StackName": "s", "OutputName": "o", "Region": "us-east-1"}})}, "P",
        lambda m: {"P": m.resource("AWS::SSM::Parameter", Value={"Fn::GetStackOutput": {
            "StackName": "s", "OutputName": "o", "Region": "eu-west-1"}})}),
    "retained-without-parts": (lambda m: retained(m, "Delete"), "Group", lambda m: retained(m, "Retain")),
}  # fmt: skip

# rule -> what to change in a well-built warm standby (site, logical id, property, value), and whom it concerns
PAIRS: dict[str, tuple[str, str, str, Any, str]] = {
    "replica-engine-version": ("eu-central-1", "Db", "EngineVersion", "16.6", "Db"),
    "replica-weaker-protection": ("eu-central-1", "Db", "DeletionProtection", False, "Db"),
    "global-database-class": ("eu-central-1", "Instance0", "DBInstanceClass", "db.t4g.large", "Instance0"),
    "replica-weaker-class": ("eu-west-1", "Instance0", "DBInstanceClass", "db.r7g.4xlarge", "Db"),
    "replica-fewer-instances": ("eu-central-1", "Instance1", "DBClusterIdentifier", "another", "Db"),
    "secret-not-replicated": ("eu-west-1", "Secret", "ReplicaRegions", [], "Secret"),
    "standby-maximum": ("eu-central-1", "Service", "MaxSize", "6", "Service"),
    "switch-in-lost-region": (
        "us-east-1", "Switched", "HealthCheckConfig",
        {"Type": "CLOUDWATCH_METRIC", "AlarmIdentifier": {"Name": "x", "Region": "eu-west-1"}}, "Switched"),
}  # fmt: skip


@pytest.mark.parametrize("rule", CASES)
def test_a_rule_finds_what_is_broken(rule, make, broken):
    build, culprit, _ = CASES[rule]

    found = broken(make.template(make.network() | build(make)), objectives=REGION)

    assert (rule, culprit) in found


@pytest.mark.parametrize("rule", CASES)
def test_a_rule_is_silent_about_the_same_put_right(rule, make, broken):
    _, _, build = CASES[rule]

    found = broken(make.template(make.network() | build(make)), objectives=REGION)

    assert [name for name, _ in found if name == rule] == []


@pytest.mark.parametrize("rule", PAIRS)
def test_a_rule_finds_what_is_broken_between_regions(rule, make, broken):
    region, logical_id, name, value, culprit = PAIRS[rule]
    templates = make.warm_standby()
    site = next(t for t in templates if t.region == region)
    site.body["Resources"][logical_id]["Properties"][name] = value

    found = broken(*templates)

    assert (rule, culprit) in found


def test_every_rule_has_a_case():
    assert {rule.id for rule in RULES} == {*CASES, *PAIRS}


def test_every_rule_says_why_and_where_aws_says_so():
    assert [r.id for r in RULES if not r.why or not r.source.startswith("https://docs.aws.amazon.com/")] == []


def test_a_well_built_warm_standby_has_no_findings(good):
    assert good.findings == ()


def test_a_single_zone_group_is_told_in_one_sentence_with_its_fix(make):
    template = make.template(make.network() | make.group("a"))

    found = next(f for f in review_templates([template]).findings if f.rule == "autoscaling-single-zone")

    assert found.message == "all its subnets are in eu-west-1a: the loss of that zone takes every instance"
    assert found.fix == "spread VPCZoneIdentifier over three zones"
