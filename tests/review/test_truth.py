"""Architectures whose fate AWS documents, and what the review says about them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cdk_standby_review import review_templates

A, B = "eu-west-1a", "eu-west-1b"
SURVIVES, ITSELF, RUNBOOK, LOST = "survives", "recovers by itself", "recovers by runbook", "lost"
UNKNOWN = "unknown"
_RDS = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/"
_AURORA = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/"
_HA = _AURORA + "Concepts.AuroraHighAvailability.html"
_NAT = "https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html"
_ZONES = "https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/availability-zones.html"
_REGIONS = "https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/regions.html"
_ASG = "https://docs.aws.amazon.com/autoscaling/ec2/userguide/auto-scaling-benefits.html"
_ELB = "https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/how-elastic-load-balancing-works.html"
_EBS = "https://docs.aws.amazon.com/ebs/latest/userguide/ebs-volumes.html"
_EC2 = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-recover.html"
_DYNAMO = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"
_S3 = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/"
_BACKUP = "https://docs.aws.amazon.com/aws-backup/latest/devguide/cross-region-backup.html"

Build = Callable[[Any], dict[str, Any]]
CLUSTER = "arn:aws:rds:eu-west-1:111111111111:cluster:orders"

# (what, resources, fault, place, logical id, fate, where AWS says so)
TRUTH: list[tuple[str, Build, str, str, str, str, str]] = [
    ("a single-AZ RDS instance with backups, its zone lost", lambda m: m.rds(MultiAZ=False), "zone", A, "Db", RUNBOOK,
     _RDS + "Concepts.MultiAZ.html"),
    ("a single-AZ RDS instance without backups, its zone lost",
     lambda m: m.rds(MultiAZ=False, BackupRetentionPeriod=0), "zone", A, "Db", LOST, _RDS + "Concepts.MultiAZ.html"),
    ("a single-AZ RDS instance pinned to another zone",
     lambda m: m.rds(MultiAZ=False, AvailabilityZone=B), "zone", A, "Db", SURVIVES, _ZONES),
    ("a Multi-AZ RDS instance, a zone lost", lambda m: m.rds(), "zone", A, "Db", ITSELF,
     _RDS + "Concepts.MultiAZ.Failover.html"),
    ("a Multi-AZ RDS instance, its host lost", lambda m: m.rds(), "instance", "", "Db", ITSELF,
     _RDS + "Concepts.MultiAZ.Failover.html"),
    ("a single-AZ RDS instance, its host lost", lambda m: m.rds(MultiAZ=False), "instance", "", "Db", ITSELF,
     _RDS + "Concepts.MultiAZ.html"),
    ("an RDS instance alone, its Region lost", lambda m: m.rds(), "region", "eu-west-1", "Db", LOST, _REGIONS),
    ("RDS with replicated backups, its Region lost",
     lambda m: m.rds(AutomaticBackupReplicationRegion="eu-central-1"), "region", "eu-west-1", "Db", RUNBOOK,
     _RDS + "USER_ReplicateBackups.html"),
    ("RDS with backups, its data deleted", lambda m: m.rds(), "deletion", "", "Db", RUNBOOK,
     _RDS + "USER_PIT.html"),
    ("RDS without backups, its data deleted", lambda m: m.rds(BackupRetentionPeriod=0), "deletion", "", "Db",
     LOST, _RDS + "USER_WorkingWithAutomatedBackups.html"),
    ("a Multi-AZ DB cluster, a zone lost",
     lambda m: m.aurora(0, Engine="postgres", DBClusterInstanceClass="db.r6gd.large"), "zone", A, "Db", ITSELF,
     _RDS + "multi-az-db-clusters-concepts.html"),
    ("Aurora with a reader, its writer lost", lambda m: m.aurora(2), "instance", "", "Db", ITSELF, _HA),
    ("Aurora without a reader, its writer lost", lambda m: m.aurora(1), "instance", "", "Db", ITSELF, _HA),
    ("Aurora with a reader, a zone lost", lambda m: m.aurora(2), "zone", A, "Db", ITSELF, _HA),
    ("Aurora without a reader, a zone lost", lambda m: m.aurora(1), "zone", A, "Db", RUNBOOK, _HA),
    ("Aurora with its reader in the writer's zone, that zone lost",
     lambda m: m.aurora(2, named=[A, A]), "zone", A, "Db", RUNBOOK, _HA),
    ("Aurora with its reader in the writer's zone, another zone lost",
     lambda m: m.aurora(2, named=[A, A]), "zone", B, "Db", ITSELF, _HA),
    ("Aurora alone, its Region lost", lambda m: m.aurora(2), "region", "eu-west-1", "Db", LOST, _REGIONS),
    ("Aurora with copies of its backups elsewhere, its Region lost",
     lambda m: m.aurora(2, DBClusterIdentifier="orders") | m.backup(CLUSTER), "region", "eu-west-1", "Db", RUNBOOK,
     _BACKUP),
    ("Aurora with backups but no copies, its Region lost",
     lambda m: m.aurora(2, DBClusterIdentifier="orders") | m.backup(CLUSTER, copy_to=None), "region", "eu-west-1", "Db",
     LOST, _BACKUP),
    ("Aurora, its data deleted: one day of backups is the least there is",
     lambda m: m.aurora(2, BackupRetentionPeriod=1), "deletion", "", "Db", RUNBOOK, _AURORA + "aurora-pitr.html"),
    ("a NAT gateway per zone, one zone lost", lambda m: {}, "zone", A, "NatA", SURVIVES, _NAT),
    ("one NAT gateway for all zones, its zone lost", lambda m: m.network(nat="single"), "zone", A, "NatA", LOST, _NAT),
    ("one NAT gateway for all zones, another zone lost", lambda m: m.network(nat="single"), "zone", B, "NatA", SURVIVES,
     _NAT),
    ("a regional NAT gateway, a zone lost", lambda m: m.network(nat="regional"), "zone", A, "Nat", SURVIVES,
     "https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateways-regional.html"),
    ("a group over three zones, one lost", lambda m: m.group(), "zone", A, "Group", SURVIVES, _ASG),
    ("a group in one zone, that zone lost", lambda m: m.group("a"), "zone", A, "Group", LOST, _ASG),
    ("a group of one over three zones, one lost", lambda m: m.group(minimum=1), "zone", A,
     "Group", ITSELF, _ASG),
    ("a group of one instance, lost", lambda m: m.group(minimum=1), "instance", "", "Group", ITSELF, _ASG),
    ("a group of three instances, one lost", lambda m: m.group(), "instance", "", "Group", SURVIVES, _ASG),
    ("a load balancer over three zones, one lost", lambda m: m.balancer(), "zone", A, "Balancer", SURVIVES, _ELB),
    ("a load balancer in one zone, that zone lost", lambda m: m.balancer("a"), "zone", A, "Balancer", LOST, _ELB),
    ("an EC2 instance, its host lost",
     lambda m: {"Vm": m.resource("AWS::EC2::Instance", SubnetId={"Ref": "SubnetA"})}, "instance", "", "Vm", ITSELF,
     _EC2),
    ("an EC2 instance, its zone lost",
     lambda m: {"Vm": m.resource("AWS::EC2::Instance", SubnetId={"Ref": "SubnetA"})}, "zone", A, "Vm", LOST, _ZONES),
    ("an EBS volume, its zone lost", lambda m: {"Disk": m.resource("AWS::EC2::Volume", AvailabilityZone=A)}, "zone", A,
     "Disk", LOST, _EBS),
    ("a DynamoDB table, a zone lost", lambda m: {"Table": m.resource("AWS::DynamoDB::Table")}, "zone", A, "Table",
     SURVIVES, _DYNAMO + "disaster-recovery-resiliency.html"),
    ("a DynamoDB table alone, its Region lost", lambda m: {"Table": m.resource("AWS::DynamoDB::Table")}, "region",
     "eu-west-1", "Table", LOST, _REGIONS),
    ("a global table, one Region lost",
     lambda m: {"Table": m.resource("AWS::DynamoDB::GlobalTable",
                                    Replicas=[{"Region": "eu-west-1"}, {"Region": "eu-central-1"}])},
     "region", "eu-west-1", "Table", ITSELF, _DYNAMO + "V2globaltables_HowItWorks.html"),
    ("a table with point-in-time recovery, its items deleted",
     lambda m: {"Table": m.resource("AWS::DynamoDB::Table",
                                    PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True})},
     "deletion", "", "Table", RUNBOOK, _DYNAMO + "Point-in-time-recovery.html"),
    ("a table without point-in-time recovery, its items deleted",
     lambda m: {"Table": m.resource("AWS::DynamoDB::Table")}, "deletion", "", "Table", LOST,
     _DYNAMO + "Point-in-time-recovery.html"),
    ("a bucket, a zone lost", lambda m: {"Bucket": m.resource("AWS::S3::Bucket")}, "zone", A, "Bucket", SURVIVES,
     _S3 + "DataDurability.html"),
    ("a bucket that keeps versions, its objects deleted",
     lambda m: {"Bucket": m.resource("AWS::S3::Bucket", VersioningConfiguration={"Status": "Enabled"})}, "deletion", "",
     "Bucket", RUNBOOK, _S3 + "Versioning.html"),
    ("a bucket without versions, its objects deleted", lambda m: {"Bucket": m.resource("AWS::S3::Bucket")}, "deletion",
     "", "Bucket", LOST, _S3 + "Versioning.html"),
    ("a secret with a replica, its Region lost",
     lambda m: {"Secret": m.resource("AWS::SecretsManager::Secret", ReplicaRegions=[{"Region": "eu-central-1"}])},
     "region", "eu-west-1", "Secret", SURVIVES,
     "https://docs.aws.amazon.com/secretsmanager/latest/userguide/replicate-secrets.html"),
    ("an RDS instance whose standby is a parameter: nothing is guessed",
     lambda m: m.rds(MultiAZ={"Ref": "AWS::NotificationARNs"}), "zone", A, "Db", UNKNOWN, _ZONES),
    ("an RDS instance whose backups are a parameter: nothing is guessed",
     lambda m: m.rds(BackupRetentionPeriod={"Ref": "AWS::NotificationARNs"}), "deletion", "", "Db", UNKNOWN, _ZONES),
    ("a group whose subnets come from outside: nothing is guessed",
     lambda m: {"Group": m.resource("AWS::AutoScaling::AutoScalingGroup", MinSize="2",
                                    VPCZoneIdentifier=["subnet-1", "subnet-2"])},
     "zone", A, "Group", UNKNOWN, _ZONES),
]  # fmt: skip


@pytest.mark.parametrize(
    ("what", "build", "fault", "place", "logical_id", "fate", "source"), TRUTH, ids=[t[0] for t in TRUTH]
)
def test_the_review_judges_as_aws_documents(what, build, fault, place, logical_id, fate, source, make, fates):
    template = make.template(make.network() | build(make))

    found = fates(template)

    assert found[fault, place, logical_id] == fate


def test_every_truth_has_an_aws_page():
    assert [what for what, *_, source in TRUTH if not source.startswith("https://docs.aws.amazon.com/")] == []


def test_a_lost_region_promotes_the_secondary_of_a_global_database(make, fates):
    found = fates(*make.warm_standby())

    assert found["region", "eu-west-1", "Db"] == RUNBOOK


def test_a_lost_region_that_only_waited_is_not_felt(make, fates):
    found = fates(*make.warm_standby())

    assert {fate for (fault, place, _), fate in found.items() if (fault, place) == ("region", "eu-central-1")} == {
        SURVIVES
    }


def test_the_loss_of_us_east_1_leaves_traffic_alone(make, fates):
    found = fates(*make.warm_standby())

    assert {fate for (fault, place, _), fate in found.items() if (fault, place) == ("region", "us-east-1")} == {
        SURVIVES
    }


def test_a_headless_secondary_takes_longer_than_one_with_instances(make):
    ready = make.warm_standby()
    headless = make.warm_standby()
    for template in headless:
        if template.region == "eu-central-1":
            for logical_id in ("Instance0", "Instance1"):
                del template.body["Resources"][logical_id]

    times = [
        next(e.rto.high for e in review_templates(ts).estimates if str(e.case) == "loss of eu-west-1")
        for ts in (ready, headless)
    ]

    assert times[1] - times[0] == 900


def test_two_sites_without_a_way_to_move_traffic_prove_nothing(make, fates):
    sites = [t for t in make.warm_standby() if t.region != "us-east-1"]

    found = fates(*sites)

    assert found["region", "eu-west-1", "Balancer"] == UNKNOWN
    assert str(review_templates(sites).status) == "unknown"


def test_a_failover_record_without_a_partner_is_lost_with_its_region(make, fates):
    templates = make.warm_standby()
    del templates[2].body["Resources"]["Second"]

    found = fates(*templates)

    assert found["region", "eu-west-1", "First"] == LOST


def test_a_failover_record_that_nobody_checks_answers_for_ever(make, fates):
    templates = make.warm_standby()
    first = templates[2].body["Resources"]["First"]["Properties"]
    del first["HealthCheckId"]
    first["AliasTarget"]["EvaluateTargetHealth"] = False

    found = fates(*templates)

    assert found["region", "eu-west-1", "First"] == LOST


def test_after_a_failover_the_loss_of_the_active_region_brings_the_primary_record_back(make, fates):
    """https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html: the last resort."""
    templates = make.warm_standby()
    for template in templates[:2]:
        said = template.body["Metadata"]["cdk-standby"]
        said["role"] = {"active": "standby", "standby": "active"}[said["role"]]

    found = fates(*templates)

    assert found["region", "eu-central-1", "Second"] == ITSELF
    assert found["region", "eu-central-1", "Db"] == RUNBOOK
    assert {fate for (fault, place, _), fate in found.items() if (fault, place) == ("region", "eu-west-1")} == {
        SURVIVES
    }
