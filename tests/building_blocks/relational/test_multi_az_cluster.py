"""A Multi-AZ DB cluster: what it is made of, what it refuses, what is kept, what never moves."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from replacement import Together, create_only_options, described, in_place, replacing

from cdk_standby._checks import InvalidOptions
from cdk_standby.alarm_topic import AlarmTopic
from cdk_standby.relational._credentials import SecretReplica
from cdk_standby.relational._restore import Restore
from cdk_standby.relational.multi_az_cluster import MultiAzCluster

CLUSTER = "AWS::RDS::DBCluster"
ALARM = "AWS::CloudWatch::Alarm"
GUIDE = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/"
API = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html"
MYSQL = {"engine": "mysql", "version": "8.4.6"}
SHAPES: dict[str, dict[str, Any]] = {
    "usual": {"cluster_identifier": "Shop", "database_name": "shop", "secret_name": "shop/database"},
    "mysql": {**MYSQL, "storage_type": "io2", "storage": 200, "iops": 4000, "cluster_identifier": "orders"},
    "managed": {"managed_password": True, "storage": 500, "extended_support": True, "minor_upgrades": False},
    "snapshot": {"restore": Restore.from_snapshot("before-the-mistake"), "secret_name": "shop/database"},
    "moment": {"restore": Restore.to_time("shop", "2026-11-21T14:30:00Z"), "managed_password": True},
    "lab": {
        "cluster_identifier": "lab",
        "monitoring_interval": 0,
        "no_monitoring_because": "nobody looks",
        "insights": "standard",
        "plaintext_because": "an old driver",
        "deletable_because": "rebuilt nightly",
        "log_types": ["postgresql"],
    },
}
PARTS = {
    "AWS::RDS::DBSubnetGroup",
    "AWS::RDS::DBClusterParameterGroup",
    "AWS::SecretsManager::Secret",
    "AWS::EC2::SecurityGroup",
    "AWS::Logs::LogGroup",
    "AWS::IAM::Role",
}


def build(stack: cdk.Stack, *, zones: str = "abc", **options: Any) -> MultiAzCluster:
    """In somebody else's network."""
    vpc = ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-0123456789abcdef0",
        availability_zones=[stack.region + zone for zone in zones],
        isolated_subnet_ids=[f"subnet-0aaaaaaaaaaaaaaa{n}" for n, _ in enumerate(zones)],
        isolated_subnet_route_table_ids=[f"rtb-0aaaaaaaaaaaaaaa{n}" for n, _ in enumerate(zones)],
    )
    usual = {"engine": "postgres", "version": "17.6", "vpc": vpc}
    key = {} if "key" in options else {"key": kms.Key(stack, "Key", enable_key_rotation=True)}
    return MultiAzCluster(stack, "Database", **{**usual, **key, **options})


@pytest.fixture(scope="module")
def world(make_stack: Callable[..., cdk.Stack], template: Callable[..., Any]) -> SimpleNamespace:
    """Synthesized once; only the validators look at the other set of flags too."""
    return synthesized(make_stack, template)


def synthesized(
    make_stack: Callable[..., cdk.Stack], template: Callable[..., Any], flags: str = "recommended"
) -> SimpleNamespace:
    """Every shape in a stack of its own,"""
    app = make_stack(flags=flags, name="Usual").node.root
    stacks = {name: app.node.try_find_child(name.title()) or make_stack(app=app, name=name.title()) for name in SHAPES}
    alarms = AlarmTopic(stacks["usual"], "Alarms")
    thresholds = {"ReplicaLag": 10}
    off = {"Deadlocks": "the application retries"}
    told = {"alarms": alarms, "alarm_thresholds": thresholds, "alarms_off_because": off}
    clusters = {
        name: build(stacks[name], **options, **(told if name == "usual" else {})) for name, options in SHAPES.items()
    }
    role = iam.Role(stacks["usual"], "App", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"))
    clusters["usual"].grant_connect(role)
    inline = "NIST.800.53.R5::NIST.800.53.R5-IAMNoInlinePolicy"
    cdk.Validations.of(role).acknowledge(cdk.Acknowledgment(id=inline, reason="the policy is the app's affair"))
    peer = ec2.SecurityGroup(stacks["usual"], "Peer", vpc=stacks["usual"].node.find_child("Vpc"))
    clusters["usual"].connections.allow_default_port_from(peer, "the app")
    templates = {name: template(stack) for name, stack in stacks.items()}
    return SimpleNamespace(app=app, clusters=clusters, stacks=stacks, **templates)


@pytest.fixture(scope="module")
def only(resources: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """The properties of the one resource of a type."""

    def one(template: dict[str, Any], type: str) -> dict[str, Any]:
        (properties,) = resources(template, type).values()
        return dict(properties)

    return one


def own(template: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The resources of the cluster itself, by logical id."""
    return {name: r for name, r in template["Resources"].items() if name.startswith("Database")}


@pytest.mark.parametrize("flags", ["recommended", "none"])
def test_cdk_nag_and_the_cdk_itself_find_nothing(world, make_stack, template, findings, flags):
    seen = world if flags == "recommended" else synthesized(make_stack, template, flags)

    assert findings(seen.app) == []


@pytest.mark.parametrize("name", ["mysql", "moment"])
def test_cfn_lint_finds_nothing(world, lint, name):
    assert lint(getattr(world, name)) == []


# What is built


@pytest.mark.capability("RDS-10")
def test_a_writer_and_two_standbys_have_storage_and_iops_of_their_own(world, only):
    cluster = only(world.usual, CLUSTER)

    assert {name: cluster[name] for name in ("Engine", "EngineVersion", "DBClusterInstanceClass")} == {
        "Engine": "postgres",
        "EngineVersion": "17.6",
        "DBClusterInstanceClass": "db.r6gd.large",
    }
    assert (cluster["StorageType"], cluster["AllocatedStorage"], cluster["Iops"]) == ("gp3", 100, 3000)
    assert cluster["PubliclyAccessible"] is False


@pytest.mark.capability("RDS-10")
@pytest.mark.parametrize(
    ("name", "kind", "storage", "iops"), [("mysql", "io2", 200, 4000), ("managed", "gp3", 500, 12000)]
)
def test_iops_are_stated_because_cloudformation_wants_them(world, only, name, kind, storage, iops):
    cluster = only(getattr(world, name), CLUSTER)

    assert (cluster["StorageType"], cluster["AllocatedStorage"], cluster["Iops"]) == (kind, storage, iops)


@pytest.mark.capability("RDS-10")
def test_what_such_a_cluster_does_not_know_is_never_written(world, only):
    unknown = {
        "AvailabilityZones",
        "EnableIAMDatabaseAuthentication",
        "EnableHttpEndpoint",
        "EngineMode",
        "GlobalClusterIdentifier",
        "NetworkType",
        "ScalingConfiguration",
        "ServerlessV2ScalingConfiguration",
        "SourceRegion",
        "BacktrackWindow",
        "Domain",
    }

    for name in SHAPES:
        assert unknown & set(only(getattr(world, name), CLUSTER)) == set()


@pytest.mark.capability("RDS-10")
def test_the_subnet_group_spans_three_zones(world, only):
    assert len(only(world.usual, "AWS::RDS::DBSubnetGroup")["SubnetIds"]) == 3


@pytest.mark.capability("RDS-10")
def test_writer_and_readers_have_a_name_each(world, resources):
    [cluster] = resources(world.usual, CLUSTER)
    database, stack = world.clusters["usual"], world.stacks["usual"]

    addresses = [stack.resolve(e.hostname) for e in (database.endpoint, database.reader_endpoint)]
    assert addresses == [
        {"Fn::GetAtt": [cluster, "Endpoint.Address"]},
        {"Fn::GetAtt": [cluster, "ReadEndpoint.Address"]},
    ]
    assert database.port == 5432


@pytest.mark.capability("RDS-17")
def test_storage_credentials_logs_and_insights_are_encrypted_with_the_given_key(world, only, resources):
    [key] = [name for name in resources(world.usual, "AWS::KMS::Key") if name.startswith("Key")]
    arn = {"Fn::GetAtt": [key, "Arn"]}
    cluster = only(world.usual, CLUSTER)

    assert cluster["StorageEncrypted"] is True
    assert cluster["KmsKeyId"] == cluster["PerformanceInsightsKmsKeyId"] == arn
    assert only(world.usual, "AWS::SecretsManager::Secret")["KmsKeyId"] == arn
    assert {group["KmsKeyId"]["Fn::GetAtt"][0] for group in resources(world.usual, "AWS::Logs::LogGroup").values()} == {
        key
    }


@pytest.mark.capability("RDS-17")
def test_clients_must_use_tls_unless_a_reason_says_otherwise(world, only):
    groups = {
        name: only(getattr(world, name), "AWS::RDS::DBClusterParameterGroup") for name in ("usual", "mysql", "lab")
    }

    assert {name: group["Family"] for name, group in groups.items()} == {
        "usual": "postgres17",
        "mysql": "mysql8.4",
        "lab": "postgres17",
    }
    assert groups["usual"]["Parameters"]["rds.force_ssl"] == "1"
    assert groups["mysql"]["Parameters"]["require_secure_transport"] == "1"
    assert groups["lab"]["Parameters"]["rds.force_ssl"] == "0"


@pytest.mark.capability("RDS-39")
def test_logs_are_exported_to_groups_that_are_there_before(world, resources):
    [(cluster, properties)] = resources(world.usual, CLUSTER).items()
    groups = {g["LogGroupName"]: name for name, g in resources(world.usual, "AWS::Logs::LogGroup").items()}

    assert properties["EnableCloudwatchLogsExports"] == ["postgresql", "upgrade"]
    assert list(groups) == ["/aws/rds/cluster/shop/postgresql", "/aws/rds/cluster/shop/upgrade"]
    assert set(groups.values()) <= set(world.usual["Resources"][cluster]["DependsOn"])


@pytest.mark.capability("RDS-39")
@pytest.mark.parametrize(("name", "types"), [("mysql", ["error", "slowquery"]), ("lab", ["postgresql"])])
def test_each_engine_exports_its_own_logs(world, only, name, types):
    assert only(getattr(world, name), CLUSTER)["EnableCloudwatchLogsExports"] == types


@pytest.mark.capability("RDS-38")
@pytest.mark.parametrize(("name", "mode", "days"), [("usual", "advanced", 465), ("lab", "standard", 7)])
def test_insights_keep_as_long_as_their_mode_requires(world, only, name, mode, days):
    cluster = only(getattr(world, name), CLUSTER)

    assert (cluster["DatabaseInsightsMode"], cluster["PerformanceInsightsRetentionPeriod"]) == (mode, days)
    assert cluster["PerformanceInsightsEnabled"] is True


@pytest.mark.capability("RDS-37")
def test_the_hosts_are_measured_through_the_cluster(world, only, resources):
    [role] = [name for name in resources(world.usual, "AWS::IAM::Role") if "Monitoring" in name]
    cluster = only(world.usual, CLUSTER)

    assert (cluster["MonitoringInterval"], cluster["MonitoringRoleArn"]) == (60, {"Fn::GetAtt": [role, "Arn"]})
    assert "MonitoringRoleArn" not in only(world.lab, CLUSTER)
    assert resources(world.lab, "AWS::IAM::Role") == {}


@pytest.mark.capability("RDS-46")
def test_backups_and_maintenance_have_windows_apart(world, only):
    cluster = only(world.usual, CLUSTER)

    assert cluster["BackupRetentionPeriod"] == 14
    assert (cluster["PreferredBackupWindow"], cluster["PreferredMaintenanceWindow"]) == (
        "01:00-01:45",
        "sun:02:30-sun:03:30",
    )
    assert [only(getattr(world, n), CLUSTER)["AutoMinorVersionUpgrade"] for n in ("usual", "managed")] == [True, False]


def test_extended_support_is_paid_by_nobody_who_did_not_ask_for_it(world, only):
    assert [only(getattr(world, name), CLUSTER)["EngineLifecycleSupport"] for name in ("usual", "managed")] == [
        "open-source-rds-extended-support-disabled",
        "open-source-rds-extended-support",
    ]


@pytest.mark.capability("RDS-31")
def test_the_lag_of_the_standbys_rings_and_so_does_silence(world, resources):
    [cluster] = resources(world.usual, CLUSTER)
    alarms = {a["MetricName"]: a for a in resources(world.usual, ALARM).values()}
    lag = alarms["ReplicaLag"]

    assert lag["Dimensions"] == [{"Name": "DBClusterIdentifier", "Value": {"Ref": cluster}}]
    assert (lag["Statistic"], lag["Threshold"], lag["TreatMissingData"]) == ("Maximum", 10, "breaching")
    assert len(lag["AlarmActions"]) == len(lag["OKActions"]) == 1
    assert set(alarms) == {"CPUUtilization", "FreeableMemory", "FreeStorageSpace", "ReplicaLag"}


@pytest.mark.capability("RDS-41")
def test_storage_that_does_not_grow_by_itself_rings_when_a_tenth_is_left(world, resources):
    [free] = [a for a in resources(world.mysql, ALARM).values() if a["MetricName"] == "FreeStorageSpace"]

    assert free["Threshold"] == 20 * 1024**3
    assert free["ComparisonOperator"] == "LessThanThreshold"


@pytest.mark.capability("RDS-06")
def test_failovers_are_told_to_the_topic(world, resources):
    [cluster] = resources(world.usual, CLUSTER)
    [subscription] = resources(world.usual, "AWS::RDS::EventSubscription").values()

    assert (subscription["SourceType"], subscription["SourceIds"]) == ("db-cluster", [{"Ref": cluster}])
    assert "failover" in subscription["EventCategories"]
    assert resources(world.mysql, "AWS::RDS::EventSubscription") == {}


# Where the data comes from


@pytest.mark.capability("RDS-13")
def test_a_snapshot_brings_its_users_and_the_name_of_their_credentials(world, only, resources):
    cluster = only(world.snapshot, CLUSTER)

    assert cluster["SnapshotIdentifier"] == "before-the-mistake"
    assert {"MasterUsername", "MasterUserPassword", "DatabaseName"} & set(cluster) == set()
    assert resources(world.snapshot, "AWS::SecretsManager::Secret") == {}
    assert world.clusters["snapshot"].secret is not None


def test_a_moment_of_another_cluster_is_restored(world, only):
    cluster = only(world.moment, CLUSTER)

    assert (cluster["SourceDBClusterIdentifier"], cluster["RestoreToTime"]) == ("shop", "2026-11-21T14:30:00Z")
    assert {"MasterUsername", "MasterUserPassword", "StorageEncrypted"} & set(cluster) == set()
    assert cluster["ManageMasterUserPassword"] is True
    assert "KmsKeyId" in cluster


def test_a_restored_cluster_has_the_ids_of_one_that_was_born_empty(world):
    def ids(template):
        kinds = (PARTS | {CLUSTER}) - {"AWS::SecretsManager::Secret", "AWS::Logs::LogGroup"}
        return {name for name, r in own(template).items() if r["Type"] in kinds}

    assert ids(world.snapshot) == ids(world.moment) == ids(world.usual) == ids(world.mysql)


# What is kept


def policies(template: dict[str, Any]) -> set[tuple[str, str, str]]:
    return {
        (r["Type"], r.get("DeletionPolicy"), r.get("UpdateReplacePolicy"))
        for r in own(template).values()
        if r["Type"] in PARTS | {CLUSTER}
    }


def test_the_cluster_is_kept_with_every_part_that_it_needs_to_go_on(world, only):
    assert policies(world.usual) == {(kind, "Retain", "Retain") for kind in PARTS | {CLUSTER}}
    assert only(world.usual, CLUSTER)["DeletionProtection"] is True


def test_a_reason_lets_all_of_it_go_and_leaves_a_snapshot(world, only):
    gone = PARTS - {"AWS::IAM::Role"}

    assert policies(world.lab) == {(CLUSTER, "Snapshot", "Snapshot"), *((kind, "Delete", "Delete") for kind in gone)}
    assert only(world.lab, CLUSTER)["DeletionProtection"] is False


def test_what_was_given_away_stands_in_tags_and_in_the_template(world, only):
    reasons = {"no_monitoring": "nobody looks", "plaintext": "an old driver", "deletable": "rebuilt nightly"}

    tags = {t["Key"]: t["Value"] for t in only(world.lab, CLUSTER)["Tags"]}
    assert tags == {f"cdk-standby:weakened:{option}": reason for option, reason in reasons.items()}
    assert world.lab["Metadata"]["cdk-standby:weakened"] == {"Lab/Database": reasons}


# What never moves


def test_logical_ids_never_change(world):
    """A new id replaces the database: release it as a major version."""
    assert sorted(name for name, r in own(world.usual).items() if r["Type"] in PARTS | {CLUSTER}) == [
        "DatabaseClusterC6094C50",
        "DatabaseClusterParameters297DFDBC",
        "DatabaseLogpostgresql534130D9",
        "DatabaseLogupgrade451ACE4A",
        "DatabaseMonitoringF39C3846",
        "DatabaseSecretC9203AE3",
        "DatabaseSecurityGroup5C91FDCB",
        "DatabaseSubnets56F17B9A",
    ]


def test_only_options_that_say_so_replace_the_cluster(make_stack, template):
    keys = [f"arn:aws:kms:eu-west-1:111111111111:key/12345678-1234-1234-1234-12345678901{n}" for n in range(2)]

    def built(*, key: str = keys[0], **options: Any) -> dict[str, Any]:
        stack = make_stack()
        build(stack, key=kms.Key.from_key_arn(stack, "Key", key), **options)
        return dict(template(stack))

    at_once = Together(  # what replaces nothing together replaces nothing alone
        zones="abcd",
        version="18.1",
        instance="m6gd.xlarge",
        storage=400,
        storage_type="io1",
        iops=2000,
        secret_name="other",
        secret_replicas=[SecretReplica(region="eu-central-1", key="alias/shop")],
        backup_retention=cdk.Duration.days(7),
        backup_window="05:00-05:45",
        maintenance_window="mon:02:30-mon:03:30",
        minor_upgrades=False,
        extended_support=True,
        log_types=["postgresql"],
        log_retention=logs.RetentionDays.ONE_YEAR,
        monitoring_interval=0,
        no_monitoring_because="nobody looks",
        insights="standard",
        parameters={"work_mem": "8192"},
        plaintext_because="an old driver",
        deletable_because="a lab",
        alarm_thresholds={"Memory": 50},
        alarms_off_because={"Cpu": "noise"},
    )
    changes = {
        "engine": Together(engine="mysql", version="8.4.6"),
        "key": keys[1],
        "cluster_identifier": "other",
        "database_name": "other",
        "master_username": "other",
        "managed_password": True,
        "restore": Restore.from_snapshot("other"),
    }

    found = in_place(built, {}, {**changes, "at once": at_once})

    assert replacing(found) == create_only_options(MultiAzCluster)
    assert set(described(MultiAzCluster)) - set(changes) - set(at_once) == {"scope", "id", "vpc", "subnets", "alarms"}


# What is refused


REFUSED = [
    (
        {"engine": "mariadb"},
        "'engine' is 'mariadb'; allowed: 'postgres', 'mysql', because a Multi-AZ DB cluster runs PostgreSQL or MySQL; "
        f"other engines have a Multi-AZ instance ({GUIDE}multi-az-db-clusters-concepts.html)",
    ),
    (
        {"engine": "db2-se"},
        "'engine' is 'db2-se'; allowed: 'postgres', 'mysql', because a Multi-AZ DB cluster runs PostgreSQL or MySQL; "
        f"other engines have a Multi-AZ instance ({GUIDE}multi-az-db-clusters-concepts.html)",
    ),
    (
        {"version": "17"},
        "'version' is '17'; allowed: a full version such as '17.6', not older than these, because a version is written "
        "in full, since a prefix means another one every few months; Multi-AZ DB clusters came with MySQL 8.0.28 and "
        f"PostgreSQL 13.8, 14.5 and 15.2 ({GUIDE}Concepts.RDS_Fea_Regions_DB-eng.Feature.MultiAZDBClusters.html)",
    ),
    (
        {"engine": "mysql", "version": "5.7.44"},
        "'version' is '5.7.44'; allowed: a full version such as '8.4.6', not older than these, because a version is "
        "written in full, since a prefix means another one every few months; Multi-AZ DB clusters came with MySQL "
        "8.0.28 and PostgreSQL 13.8, 14.5 and 15.2 "
        f"({GUIDE}Concepts.RDS_Fea_Regions_DB-eng.Feature.MultiAZDBClusters.html)",
    ),
    (
        {"instance": "r7g.large"},
        "'instance' is 'r7g.large'; allowed: a class without 'db.', such as 'r6gd.large', because a Multi-AZ DB "
        "cluster needs classes with a local disk: c6gd, m5d, m6gd, m6id, m6idn, m8gd, r5d, r6gd, r6id, r6idn, r8gd, "
        "x2idn or x2iedn; of those classes only c6gd comes in the size medium "
        f"({GUIDE}multi-az-db-clusters-concepts.html)",
    ),
    (
        {"instance": "m6gd.medium"},
        "'instance' is 'm6gd.medium'; allowed: a class without 'db.', such as 'r6gd.large', because a Multi-AZ DB "
        "cluster needs classes with a local disk: c6gd, m5d, m6gd, m6id, m6idn, m8gd, r5d, r6gd, r6id, r6idn, r8gd, "
        "x2idn or x2iedn; of those classes only c6gd comes in the size medium "
        f"({GUIDE}multi-az-db-clusters-concepts.html)",
    ),
    (
        {"zones": "ab"},
        "'vpc' is 'Test/Vpc'; allowed: isolated (or chosen) subnets in three Availability Zones, because a writer and "
        "two standbys live in three Availability Zones, which the subnet group has to cover "
        f"({GUIDE}multi-az-db-clusters-concepts.html)",
    ),
    (
        {"storage_type": "gp2"},
        "'storage_type' is 'gp2'; allowed: 'gp3', 'io1', 'io2', because a Multi-AZ DB cluster stores on gp3, io1 or "
        f"io2, each with IOPS that are stated ({API})",
    ),
    (
        {"storage": 10},
        "'storage' is 10; allowed: 20 to 65536 GiB, because storage starts at 20 GiB, with provisioned IOPS at 100 "
        f"GiB, and ends at 64 TiB ({GUIDE}CHAP_Storage.html)",
    ),
    (
        {"storage_type": "io1"},
        "'iops' is not given; allowed: 1000 to 5000 for 100 GiB, because a Multi-AZ DB cluster stores on gp3, io1 or "
        "io2, each with IOPS that are stated; gp3 gives 3,000 IOPS below 400 GiB, and 12,000 to 64,000 from there on; "
        f"IOPS are half to fifty times the storage in GiB ({GUIDE}CHAP_Storage.html#gp3-storage)",
    ),
    (
        {"iops": 5000},
        "'iops' is 5000; allowed: left out below 400 GiB, because a Multi-AZ DB cluster stores on gp3, io1 or io2, "
        "each with IOPS that are stated; gp3 gives 3,000 IOPS below 400 GiB, and 12,000 to 64,000 from there on; IOPS "
        f"are half to fifty times the storage in GiB ({GUIDE}CHAP_Storage.html#gp3-storage)",
    ),
    (
        {"storage": 400, "iops": 3000},
        "'iops' is 3000; allowed: left out, or 12000 to 64000, because a Multi-AZ DB cluster stores on gp3, io1 or "
        "io2, each with IOPS that are stated; gp3 gives 3,000 IOPS below 400 GiB, and 12,000 to 64,000 from there on; "
        f"IOPS are half to fifty times the storage in GiB ({GUIDE}CHAP_Storage.html#gp3-storage)",
    ),
    (
        {"cluster_identifier": "s" * 53},
        f"'cluster_identifier' is '{'s' * 53}'; allowed: up to 52 letters, digits and single hyphens, starting with a "
        "letter, because the identifier of a Multi-AZ DB cluster holds up to 52 letters, digits and hyphens, starting "
        f"with a letter ({API})",
    ),
    (
        {"log_types": ["postgresql", "audit"]},
        "'log_types' is ['postgresql', 'audit']; allowed: 'postgresql', 'upgrade', 'iam-db-auth-error', because "
        f"Multi-AZ DB clusters export these logs; MySQL's have no audit log, which takes an option group ({API})",
    ),
    (
        {"parameters": {"rds.force_ssl": "0"}},
        "'parameters' is {'rds.force_ssl': '0'}; allowed: others than 'rds.force_ssl': 'plaintext_because' is the "
        "option for it, because what weakens or binds the database stands in an option, with its reason or its range",
    ),
    (
        {"backup_retention": cdk.Duration.days(36)},
        "'backup_retention' is 36 days; allowed: 1 to 35 days, because a cluster keeps automated backups for 1 to 35 "
        f"days and cannot go without ({API})",
    ),
    (
        {"managed_password": True, "secret_name": "shop"},
        "'secret_name' is 'shop'; allowed: nothing with 'managed_password', because RDS names the secret that it "
        f"manages, and keeps it in one Region ({GUIDE}rds-secrets-manager.html)",
    ),
    (
        {"restore": Restore.from_snapshot("s"), "database_name": "shop"},
        "'database_name' is 'shop'; allowed: left out with 'restore', because databases and users come with the data "
        "that is restored (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
        "aws-resource-rds-dbcluster.html)",
    ),
    (
        {"restore": Restore.clone_of("shop")},
        "'restore' is Restore(source='shop', clone=True); allowed: a full copy, because only Aurora clusters are "
        "cloned, since only their storage can be shared "
        "(https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Managing.Clone.html)",
    ),
    (
        {"master_username": "admin"},
        "'master_username' is 'admin'; allowed: up to 16 letters, digits and underscores, starting with a letter, but "
        "not 'admin' or 'rdsadmin', because a master user has up to 16 letters, digits and underscores, and no name "
        "that the engine keeps for itself "
        "(https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html)",
    ),
    (
        {"version": cdk.Aws.STACK_NAME},
        "'version' is a token; allowed: a value known at synth, because it decides which resources there are, and what "
        "they hold",
    ),
]


@pytest.mark.capability("RDS-10")
@pytest.mark.parametrize(("options", "message"), REFUSED)
def test_what_cannot_work_is_refused_with_the_page_that_says_so(make_stack, options, message):
    with pytest.raises(InvalidOptions) as refused:
        build(make_stack(), **options)

    assert str(refused.value) == f"Test/Database: {message}"


@pytest.mark.capability("RDS-10")
def test_users_do_not_come_by_iam(make_stack):
    stack = make_stack()
    database = build(stack)
    role = iam.Role(stack, "App", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"))

    with pytest.raises(InvalidOptions) as refused:
        database.grant_connect(role, user="app")

    assert str(refused.value) == (
        "Test/Database: 'user' is 'app'; allowed: left out: the grantee reads the credentials instead, because "
        "CloudFormation turns IAM authentication on for Aurora clusters only "
        "(https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbcluster.html)"
    )
