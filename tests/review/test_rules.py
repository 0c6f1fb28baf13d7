"""Each rule: a template that breaks it, and the same put right."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from cdk_standby_review import RULES, Objectives, Recovery, review_templates
from cdk_standby_review.rules import parity, recovery

REGION = Objectives(region=Recovery(rto=timedelta(minutes=15), rpo=timedelta(minutes=1)))
KEY = "arn:aws:kms:{}:111111111111:key/12345678-1234-1234-1234-123456789012"
Build = Callable[[Any], dict[str, Any]]


def table(make: Any, on: bool) -> dict[str, Any]:
    recovery = {"PointInTimeRecoveryEnabled": on}
    return {"Table": make.resource("AWS::DynamoDB::Table", PointInTimeRecoverySpecification=recovery)}


def routed(make: Any, **properties: Any) -> dict[str, Any]:
    """Latency records of two Regions."""
    known = {"Name": "shop.example.com", "Type": "A", "HealthCheckId": "abc", "TTL": "60"}
    places = {"Ireland": {"Region": "eu-west-1", **properties}, "Frankfurt": {"Region": "eu-central-1"}}
    return {at: make.resource("AWS::Route53::RecordSet", **{**known, **one}) for at, one in places.items()}


def placed(make: Any, *countries: str) -> dict[str, Any]:
    """Geolocation records."""
    known = {"Name": "shop.example.com", "Type": "A", "HealthCheckId": "abc", "TTL": "60"}
    return {
        {"DE": "Germany", "*": "Others"}[at]: make.resource(
            "AWS::Route53::RecordSet", **known, GeoLocation={"CountryCode": at}
        )
        for at in countries
    }


def site(make: Any, *more: str, codes: tuple[int, ...] = (503, 504)) -> dict[str, Any]:
    """A distribution with two origins."""
    group = {"Id": "both", "FailoverCriteria": {"StatusCodes": {"Items": [*codes]}}}
    reads = {"TargetOriginId": "both", "AllowedMethods": ["GET", "HEAD", *more]}
    config = {"OriginGroups": {"Items": [group]}, "DefaultCacheBehavior": reads}
    return {"Site": make.resource("AWS::CloudFront::Distribution", DistributionConfig=config)}


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


def opened(make: Any, network: str) -> dict[str, Any]:
    rule = {"IpProtocol": "tcp", "FromPort": 5000, "ToPort": 6000, "CidrIp": network}
    return {"Group": make.resource("AWS::EC2::SecurityGroup", SecurityGroupIngress=[rule])}


def retained(make: Any, policy: str) -> dict[str, Any]:
    found = make.aurora(1)
    for part in found.values():
        part["DeletionPolicy"] = "Retain"
    found["Group"]["DeletionPolicy"] = policy
    return found


def followed(make: Any, source: dict[str, Any] | None = None, **replica: Any) -> dict[str, Any]:
    """An instance and its replica of the same Region, whose lag is watched."""
    found = make.rds(**{"StorageEncrypted": True, **(source or {})})
    follows = {"SourceDBInstanceIdentifier": {"Ref": "Db"}, "DeletionProtection": True, **replica}
    return found | {
        "Replica": make.resource("AWS::RDS::DBInstance", **follows),
        "Lag": make.lag_alarm({"Ref": "Replica"}, "ReplicaLag", "DBInstanceIdentifier"),
    }


def without(resources: dict[str, Any], logical_id: str) -> dict[str, Any]:
    return {name: found for name, found in resources.items() if name != logical_id}


def copied(make: Any, key: str | None) -> dict[str, Any]:
    given = {"AutomaticBackupReplicationKmsKeyId": key} if key else {}
    return make.rds(StorageEncrypted=True, AutomaticBackupReplicationRegion="eu-central-1", **given)


def tuned(make: Any, **properties: Any) -> dict[str, Any]:
    found = make.aurora(2, **properties)
    found["Instance0"]["Properties"]["DBParameterGroupName"] = "tuned"
    return found


def container(make: Any, name: str) -> dict[str, Any]:
    return {"Container": make.resource("AWS::RDS::GlobalCluster", GlobalClusterIdentifier=name)}


def nodes(make: Any, zones: str) -> dict[str, Any]:
    size = {"MinSize": 2}
    return {"Nodes": make.resource("AWS::EKS::Nodegroup", Subnets=make.subnets(zones), ScalingConfig=size)}


def proxy(make: Any, zones: str) -> dict[str, Any]:
    return {"Proxy": make.resource("AWS::RDS::DBProxy", VpcSubnetIds=make.subnets(zones))}


def dsql(make: Any, witness: str = "eu-west-2", peer: str | None = "eu-central-1", **properties: Any) -> dict[str, Any]:
    several: dict[str, Any] = {"WitnessRegion": witness}
    if peer:
        several["Clusters"] = [f"arn:aws:dsql:{peer}:111111111111:cluster/{'a' * 26}"]
    known = {"DeletionProtectionEnabled": True, "MultiRegionProperties": several}
    return {"Orders": make.resource("AWS::DSQL::Cluster", **{**known, **properties})}


def backed_up(make: Any, resources: dict[str, Any]) -> dict[str, Any]:
    return resources | make.backup({"Fn::GetAtt": ["Orders", "ResourceArn"]})


# rule -> (what breaks it, which resource, the same put right)
CASES: dict[str, tuple[Build, str, Build]] = {
    "store-single-zone": (
        lambda m: {"Broker": m.resource("AWS::AmazonMQ::Broker", DeploymentMode="SINGLE_INSTANCE")}, "Broker",
        lambda m: {"Broker": m.resource("AWS::AmazonMQ::Broker", DeploymentMode="CLUSTER_MULTI_AZ")}),
    "compute-single-zone": (lambda m: nodes(m, "a"), "Nodes", lambda m: nodes(m, "ab")),
    "store-no-backups": (
        lambda m: {"Files": m.resource("AWS::EFS::FileSystem")}, "Files",
        lambda m: {"Files": m.resource("AWS::EFS::FileSystem", BackupPolicy={"Status": "ENABLED"})}),
    "circular-dependency": (
        lambda m: {"A": m.resource("AWS::SNS::Topic", Is={"Ref": "B"}),
                   "B": m.resource("AWS::SQS::Queue", Is={"Ref": "A"})}, "A",
        lambda m: {"A": m.resource("AWS::SNS::Topic", Is={"Ref": "B"}), "B": m.resource("AWS::SQS::Queue")}),
    "subnet-group-single-zone": (lambda m: m.rds("a"), "Group", lambda m: m.rds()),
    "autoscaling-single-zone": (lambda m: m.group("a"), "Group", lambda m: m.group()),
    "launch-configuration": (
        lambda m: m.group() | {"Old": m.resource("AWS::AutoScaling::LaunchConfiguration", InstanceType="m7i.large")},
        "Old", lambda m: m.group()),
    "load-balancer-single-zone": (lambda m: m.balancer("a"), "Balancer", lambda m: m.balancer()),
    "classic-load-balancer": (
        lambda m: {"Classic": m.resource("AWS::ElasticLoadBalancing::LoadBalancer", Subnets=m.subnets("ab"))},
        "Classic", lambda m: m.balancer()),
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
    "routed-record-health-check": (lambda m: routed(m, HealthCheckId=None), "Ireland", routed),
    "geolocation-default": (lambda m: placed(m, "DE"), "Germany", lambda m: placed(m, "DE", "*")),
    "origin-group-writes": (lambda m: site(m, "PUT"), "Site", site),
    "origin-group-loss": (lambda m: site(m, codes=(500,)), "Site", site),
    "readiness-checks-closed": (
        lambda m: {"Ready": m.resource("AWS::Route53RecoveryReadiness::ReadinessCheck")}, "Ready", lambda m: {}),
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
    "proxy-single-zone": (lambda m: proxy(m, "a"), "Proxy", lambda m: proxy(m, "ab")),
    "replica-source-no-backups": (lambda m: followed(m, {"BackupRetentionPeriod": 0}), "Db", followed),
    "replica-edition": (lambda m: followed(m, {"Engine": "oracle-se2"}), "Replica",
                        lambda m: followed(m, {"Engine": "oracle-ee"})),
    "replica-managed-password": (
        lambda m: followed(m, {"ManageMasterUserPassword": True}), "Db",
        lambda m: followed(m, {"ManageMasterUserPassword": True, "Engine": "sqlserver-ee"})),
    "replica-lag-alarm": (lambda m: without(followed(m), "Lag"), "Replica", followed),
    "cross-region-key": (
        lambda m: copied(m, None), "Db", lambda m: copied(m, KEY.format("eu-central-1"))),
    "aurora-too-many-readers": (lambda m: m.aurora(17), "Db", lambda m: m.aurora(16)),
    "aurora-instance-parameters": (
        tuned, "Db", lambda m: tuned(m, DBInstanceParameterGroupName="tuned")),
    "global-container-with-member": (
        lambda m: m.aurora(2, GlobalClusterIdentifier="shop") | container(m, "Shop"), "Container",
        lambda m: m.aurora(2, GlobalClusterIdentifier="shop") | container(m, "other")),
    "dsql-waits-for-peer": (lambda m: dsql(m, peer=None), "Orders", dsql),
    "dsql-witness": (lambda m: dsql(m, "eu-central-1"), "Orders", dsql),
    "data-port-open": (lambda m: opened(m, "0.0.0.0/0"), "Group", lambda m: opened(m, "10.0.0.0/8")),
    "service-subnet-group-single-zone": (
        lambda m: {"Group": m.resource("AWS::Neptune::DBSubnetGroup", SubnetIds=m.subnets("a"))}, "Group",
        lambda m: {"Group": m.resource("AWS::Neptune::DBSubnetGroup", SubnetIds=m.subnets("ab"))}),
    "dsql-no-backups": (dsql, "Orders", lambda m: backed_up(m, dsql(m))),
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


def followed_abroad(make: Any, **replica: Any) -> list[Any]:
    """A source in Ireland, and its replica in Frankfurt."""
    here = make.network() | make.rds(DBInstanceIdentifier="orders", StorageEncrypted=True, KmsKeyId="alias/orders")
    follows = {
        "SourceDBInstanceIdentifier": "arn:aws:rds:eu-west-1:111111111111:db:orders",
        "DeletionProtection": True,
        "BackupRetentionPeriod": 35,
        "KmsKeyId": KEY.format("eu-central-1"),
    }
    there = {
        "Replica": make.resource("AWS::RDS::DBInstance", **{**follows, **replica}),
        "Lag": make.lag_alarm({"Ref": "Replica"}, "ReplicaLag", "DBInstanceIdentifier"),
    }
    return [make.template(here), make.template(there, region="eu-central-1")]


ABROAD: dict[str, dict[str, Any]] = {
    "replica-no-backups": {"BackupRetentionPeriod": 0},
    "cross-region-key": {"KmsKeyId": KEY.format("eu-west-1")},
    "replica-weaker-protection": {"DeletionProtection": False},
}


@pytest.mark.parametrize("rule", ABROAD)
def test_a_rule_finds_what_is_broken_of_a_replica_abroad(rule, make, broken):
    assert (rule, "Replica") in broken(*followed_abroad(make, **ABROAD[rule]))


def test_a_key_is_asked_of_a_replica_abroad(make, broken):
    assert ("cross-region-key", "Replica") in broken(*followed_abroad(make, KmsKeyId=None))


def test_a_well_built_replica_abroad_has_no_findings(make, broken):
    assert broken(*followed_abroad(make)) == []


@pytest.mark.parametrize(("sites", "found"), [(1, [("proxy-without-twin", "Proxy")]), (2, [])])
def test_a_proxy_of_a_global_database_has_a_twin(sites, found, make, broken):
    templates = make.warm_standby()
    for site in templates[:sites]:
        site.body["Resources"] |= proxy(make, "ab") | {
            "Targets": make.resource(
                "AWS::RDS::DBProxyTargetGroup", DBProxyName={"Ref": "Proxy"}, DBClusterIdentifiers=[{"Ref": "Db"}]
            )
        }

    assert broken(*templates) == found


def test_members_of_one_deployment_have_one_witness(make, broken):
    sites = [
        make.template(
            backed_up(make, dsql(make, witness, peer)), region=region, site=region, role="active", workload="w"
        )
        for region, witness, peer in (
            ("eu-west-1", "eu-west-2", "eu-central-1"),
            ("eu-central-1", "eu-west-3", "eu-west-1"),
        )
    ]

    assert broken(*sites) == [("dsql-witness", "Orders"), ("dsql-witness", "Orders")]


def test_every_rule_has_a_case():
    elsewhere = {rule.id for rule in (*parity.RULES, *recovery.RULES)}  # they have files of their own
    assert {rule.id for rule in RULES} - elsewhere == {*CASES, *PAIRS, *ABROAD, "proxy-without-twin"}


def test_every_rule_says_why_and_where_aws_says_so():
    assert [r.id for r in RULES if not r.why or not r.source.startswith("https://docs.aws.amazon.com/")] == []


def test_a_well_built_warm_standby_has_no_findings(good):
    assert good.findings == ()


def test_a_single_zone_group_is_told_in_one_sentence_with_its_fix(make):
    template = make.template(make.network() | make.group("a"))

    found = next(f for f in review_templates([template]).findings if f.rule == "autoscaling-single-zone")

    assert found.message == "all its subnets are in eu-west-1a: the loss of that zone takes every instance"
    assert found.fix == "spread VPCZoneIdentifier over three zones"
