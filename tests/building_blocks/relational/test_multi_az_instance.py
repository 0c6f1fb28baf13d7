"""A Multi-AZ instance: what it is made of, engine by engine, and what may be changed about it."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam

from cdk_standby._checks import InvalidOptions
from cdk_standby.alarm_topic import AlarmTopic
from cdk_standby.keys import DataKey
from cdk_standby.relational._credentials import SecretReplica
from cdk_standby.relational._engines import ENGINES
from cdk_standby.relational._instance_storage_rules import growth
from cdk_standby.relational._restore import Restore
from cdk_standby.relational.multi_az_instance import BackupsTo, DatabaseOption, MultiAzInstance
from cdk_standby_review.facts import rds_engines, recovery_times

INSTANCE = "AWS::RDS::DBInstance"
PARAMETERS = "AWS::RDS::DBParameterGroup"
OPTIONS = "AWS::RDS::OptionGroup"
ALARM = "AWS::CloudWatch::Alarm"
KEY_THERE = "arn:aws:kms:eu-central-1:111111111111:key/12345678-1234-1234-1234-123456789012"
IBM = {"ibm_customer_id": "1234567", "ibm_site_id": "7654321"}
ORACLE = {"engine": "oracle-se2", "version": rds_engines.EXAMPLES["oracle-se2"]}
MYSQL = {"engine": "mysql", "version": "8.4.6"}
FULL: dict[str, Any] = {
    **MYSQL,
    "instance": "r7g.2xlarge",
    "storage": 500,
    "max_storage": 2000,
    "iops": 20000,
    "throughput": 800,
    "instance_identifier": "Shop-Database",
    "database_name": "shop",
    "secret_name": "shop/database",
    "secret_replicas": (SecretReplica(region="eu-central-1", key="alias/shop"),),
    "backup_retention": cdk.Duration.days(30),
    "backups_to": BackupsTo(region="eu-central-1", key=KEY_THERE, retention=cdk.Duration.days(7)),
    "extended_support": True,
    "ca": "rds-ca-ecc384-g1",
    "log_types": ["audit", "error", "slowquery"],
    "parameters": {"max_connections": "500"},
    "options": [DatabaseOption(name="MARIADB_AUDIT_PLUGIN", settings={"SERVER_AUDIT_EVENTS": "CONNECT"})],
    "alarm_thresholds": {"Cpu": 70},
    "alarms_off_because": {"DiskQueue": "latency is watched by the service"},
}
LAB: dict[str, Any] = {
    "instance": "t4g.micro",
    "single_az_because": "rebuilt nightly",
    "fixed_storage_because": "the data has a known size",
    "plaintext_because": "an old driver",
    "monitoring_interval": 0,
    "no_monitoring_because": "nobody looks",
    "no_insights_because": "nobody looks",
    "outdated_because": "the vendor supports no other",
    "version": "16.3",
    "deletable_because": "a lab",
}


def vpc_of(stack: cdk.Stack, zones: str = "ab") -> ec2.IVpc:
    """Somebody else's network, of two zones: an instance needs none of ours."""
    return stack.node.try_find_child("Vpc") or ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-0123456789abcdef0",
        availability_zones=[stack.region + zone for zone in zones],
        isolated_subnet_ids=[f"subnet-0aaaaaaaaaaaaaaa{n}" for n, _ in enumerate(zones)],
        isolated_subnet_route_table_ids=[f"rtb-0aaaaaaaaaaaaaaa{n}" for n, _ in enumerate(zones)],
    )


def build(stack: cdk.Stack, id: str = "Database", **options: Any) -> MultiAzInstance:
    key = (stack.node.try_find_child("Key") or DataKey(stack, "Key")).key
    usual = {"engine": "postgres", "version": "17.6", "vpc": vpc_of(stack), "key": key}
    return MultiAzInstance(stack, id, **{**usual, **options})


@pytest.fixture(scope="module")
def world(make_stack: Callable[..., cdk.Stack], template: Callable[..., Any]) -> SimpleNamespace:
    """Instances of every engine and kind, synthesized once."""
    usual = make_stack(name="Usual")
    app = usual.node.root
    stacks = {"usual": usual} | {
        name: make_stack(app=app, name=name.title())
        for name in ("full", "lab", "managed", "snapshot", "past", "ssl", "market", "single", "quiet", "engines")
    }
    key = DataKey(usual, "Key").key
    databases = {
        "usual": build(usual, alarms=AlarmTopic(usual, "Alarms", key=key)),
        "full": build(stacks["full"], **FULL),
        "lab": build(stacks["lab"], **LAB),
        "managed": build(stacks["managed"], managed_password=True),
        "snapshot": build(stacks["snapshot"], restore=Restore.from_snapshot("shop-before-upgrade")),
        "past": build(stacks["past"], restore=Restore.to_time("shop", "2026-11-20T14:30:00Z"), secret_name="shop"),
        "ssl": build(
            stacks["ssl"],
            **ORACLE,
            license="bring-your-own-license",
            plaintext_because="TLS by the option",
            options=[DatabaseOption(name="SSL", port=2484, settings={"SQLNET.SSL_VERSION": "1.2"})],
        ),
        "market": build(
            stacks["market"],
            engine="db2-se",
            version=rds_engines.EXAMPLES["db2-se"],
            license="marketplace-license",
            plaintext_because="an old driver",
        ),
        "single": build(stacks["single"], single_az_because="a lab"),
        "quiet": build(stacks["quiet"], **ORACLE, plaintext_because="an old driver", no_insights_because="a lab"),
    }
    engines = {
        name: build(
            stacks["engines"],
            name,
            engine=name,
            version=rds_engines.EXAMPLES[name],
            **(IBM if name in ("db2-ae", "db2-se") else {}),
        )
        for name in ENGINES
    }
    role = iam.Role(stacks["usual"], "App", assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com"))
    databases["usual"].grant_connect(role, "orders")
    made = {name: template(stack) for name, stack in stacks.items()}
    ids = {name: stacks["engines"].get_logical_id(one.instance) for name, one in engines.items()}
    by_engine = {name: made["engines"]["Resources"][ids[name]]["Properties"] for name in ENGINES}
    return SimpleNamespace(**made, databases=databases, engines_made=engines, by_engine=by_engine)


@pytest.fixture(scope="module")
def only(resources: Callable[..., Any]) -> Callable[..., dict[str, Any]]:
    """`only(template, type)`: the properties of the one resource of a type."""

    def one(template: dict[str, Any], wanted: str) -> dict[str, Any]:
        [found] = resources(template, wanted).values()
        return found

    return one


def of(world: SimpleNamespace, engine: str, wanted: str) -> dict[str, Any]:
    """The properties of an engine's part, by what it is called in the construct."""
    part = getattr(world.engines_made[engine], wanted)
    stack = cdk.Stack.of(part)
    return dict(world.engines["Resources"][stack.get_logical_id(part)]["Properties"])


@pytest.mark.capability("RDS-01")
@pytest.mark.capability("RDS-08")
def test_the_standby_lives_in_another_zone_that_rds_chooses(world, only):
    instance = only(world.usual, INSTANCE)

    assert instance["MultiAZ"] is True
    assert "AvailabilityZone" not in instance
    assert len(only(world.usual, "AWS::RDS::DBSubnetGroup")["SubnetIds"]) == 2


@pytest.mark.capability("RDS-08")
def test_no_zone_can_be_named(make_stack):
    with pytest.raises(TypeError, match="availability_zone"):
        build(make_stack(), availability_zone="eu-west-1a")


@pytest.mark.capability("RDS-02")
@pytest.mark.capability("RDS-07")
@pytest.mark.capability("RDS-09")
@pytest.mark.capability("RDS-43")
@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_has_a_standby_a_version_and_its_licence(world, engine):
    made = world.by_engine[engine]

    assert (made["Engine"], made["EngineVersion"], made["MultiAZ"]) == (engine, rds_engines.EXAMPLES[engine], True)
    assert made.get("LicenseModel") == {
        "postgres": None,
        "mysql": None,
        "mariadb": None,
        "oracle-ee": "bring-your-own-license",
        "oracle-ee-cdb": "bring-your-own-license",
        "oracle-se2": "license-included",
        "oracle-se2-cdb": "license-included",
        "sqlserver-ee": "license-included",
        "sqlserver-se": "license-included",
        "sqlserver-web": "license-included",
        "db2-ae": "bring-your-own-license",
        "db2-se": "bring-your-own-license",
        "db2-ce": "bring-your-own-license",
    }.get(engine)
    assert made["DBParameterGroupName"]


@pytest.mark.capability("RDS-03")
def test_a_failover_takes_a_minute_or_two_by_the_documents():
    assert (recovery_times.RDS_FAILOVER.value.low, recovery_times.RDS_FAILOVER.value.high) == (60, 120)
    assert "60 to 120 seconds" in (MultiAzInstance.__doc__ or "")


@pytest.mark.capability("RDS-17")
@pytest.mark.parametrize(
    ("engine", "parameters"),
    [
        ("postgres", {"rds.force_ssl": "1"}),
        ("mysql", {"require_secure_transport": "1"}),
        ("mariadb", {"require_secure_transport": "1"}),
        ("sqlserver-se", {"rds.force_ssl": "1"}),
        ("db2-ae", {"DB2COMM": "SSL", "SSL_SVCENAME": "50443"}),
    ],
)
def test_clients_must_encrypt_by_a_parameter_of_the_engine(world, engine, parameters):
    made = of(world, engine, "parameter_group")["Parameters"]

    assert parameters.items() <= made.items()


@pytest.mark.capability("RDS-17")
@pytest.mark.capability("RDS-43")
def test_oracle_encrypts_every_session_by_an_option(world):
    [option] = of(world, "oracle-ee", "option_group")["OptionConfigurations"]

    assert option["OptionName"] == "NATIVE_NETWORK_ENCRYPTION"
    assert {"Name": "SQLNET.ENCRYPTION_SERVER", "Value": "REQUIRED"} in option["OptionSettings"]


@pytest.mark.capability("RDS-17")
def test_storage_credentials_and_insights_are_encrypted_with_the_given_key(world, only, resources):
    [key] = resources(world.usual, "AWS::KMS::Key")
    arn = {"Fn::GetAtt": [key, "Arn"]}
    instance = only(world.usual, INSTANCE)

    assert instance["StorageEncrypted"] is True
    assert instance["KmsKeyId"] == instance["PerformanceInsightsKMSKeyId"] == arn
    assert only(world.usual, "AWS::SecretsManager::Secret")["KmsKeyId"] == arn


@pytest.mark.capability("RDS-17")
def test_the_door_is_closed_and_nothing_is_public(world, only, resources):
    group = only(world.usual, "AWS::EC2::SecurityGroup")

    assert only(world.usual, INSTANCE)["PubliclyAccessible"] is False
    assert "SecurityGroupIngress" not in group
    assert resources(world.usual, "AWS::EC2::SecurityGroupIngress") == {}


@pytest.mark.capability("RDS-12")
def test_backups_reach_back_two_weeks_and_outlive_the_instance(world, only):
    instance = only(world.usual, INSTANCE)

    assert instance["BackupRetentionPeriod"] == 14
    assert instance["DeleteAutomatedBackups"] is False
    assert instance["CopyTagsToSnapshot"] is True


@pytest.mark.capability("RDS-14")
def test_backups_are_copied_to_another_region_with_a_key_of_that_region(world, only):
    full, usual = only(world.full, INSTANCE), only(world.usual, INSTANCE)

    assert {name: full[name] for name in full if name.startswith("AutomaticBackup")} == {
        "AutomaticBackupReplicationRegion": "eu-central-1",
        "AutomaticBackupReplicationKmsKeyId": KEY_THERE,
        "AutomaticBackupReplicationRetentionPeriod": 7,
    }
    assert [name for name in usual if name.startswith("AutomaticBackup")] == []


@pytest.mark.capability("RDS-16")
def test_storage_grows_by_itself_unless_a_reason_says_otherwise(world, only):
    grown = {
        name: (one["AllocatedStorage"], one.get("MaxAllocatedStorage"), one["StorageType"])
        for name, one in ((name, only(getattr(world, name), INSTANCE)) for name in ("usual", "full", "lab"))
    }

    assert grown == {"usual": ("100", 200, "gp3"), "full": ("500", 2000, "gp3"), "lab": ("100", None, "gp3")}


@pytest.mark.capability("RDS-16")
@pytest.mark.parametrize(
    ("engine", "kind", "storage", "iops", "limit"),
    [
        ("postgres", "gp3", 100, None, 200),
        ("postgres", "gp3", 40_000, None, 65_536),
        ("postgres", "gp3", 65_000, None, None),
        ("postgres", "io1", 1_000, 800, 1_600),
        ("postgres", "io1", 2_000, 1_000, None),
        ("sqlserver-se", "gp3", 4_000, None, 6_000),
        ("sqlserver-se", "gp3", 4_000, 4_000, 8_000),
        ("sqlserver-se", "gp3", 7_000, None, 14_000),
        ("sqlserver-se", "io1", 1_000, 1_500, 1_500),
        ("oracle-ee", "io2", 1_000, 256_000, 2_000),
    ],
)
def test_storage_grows_to_twice_its_size_or_to_what_rds_takes(engine, kind, storage, iops, limit):
    assert growth({"engine": engine, "storage_type": kind, "storage": storage, "iops": iops}) == limit


@pytest.mark.capability("RDS-16")
def test_iops_and_throughput_are_those_that_were_asked_for(world, only):
    full, usual = only(world.full, INSTANCE), only(world.usual, INSTANCE)

    assert (full["Iops"], full["StorageThroughput"]) == (20000, 800)
    assert {"Iops", "StorageThroughput"} & set(usual) == set()


@pytest.mark.capability("RDS-21")
@pytest.mark.capability("RDS-24")
@pytest.mark.parametrize("engine", ["mysql", "mariadb"])
def test_tables_of_mysql_and_mariadb_are_made_by_innodb(world, engine):
    assert of(world, engine, "parameter_group")["Parameters"]["default_storage_engine"] == "InnoDB"
    assert world.by_engine[engine]["BackupRetentionPeriod"] >= 1


@pytest.mark.capability("RDS-25")
def test_who_pays_for_old_versions_is_said_where_the_engine_asks(world, only):
    said = {name: made.get("EngineLifecycleSupport") for name, made in world.by_engine.items()}

    assert {name for name, value in said.items() if value} == {"postgres", "mysql"}
    assert said["postgres"] == "open-source-rds-extended-support-disabled"
    assert only(world.full, INSTANCE)["EngineLifecycleSupport"] == "open-source-rds-extended-support"


@pytest.mark.capability("RDS-25")
def test_a_version_that_rds_makes_no_more_stays_for_a_reason(world, only):
    assert only(world.lab, INSTANCE)["EngineVersion"] == "16.3"


@pytest.mark.capability("RDS-37")
def test_the_host_is_measured_every_minute(world, only):
    usual, lab = only(world.usual, INSTANCE), only(world.lab, INSTANCE)

    assert usual["MonitoringInterval"] == 60
    assert usual["MonitoringRoleArn"]
    assert lab["MonitoringInterval"] == 0
    assert "MonitoringRoleArn" not in lab


@pytest.mark.capability("RDS-38")
def test_database_insights_keep_fifteen_months_where_the_engine_has_them(world):
    modes = {
        name: (made.get("DatabaseInsightsMode"), made.get("PerformanceInsightsRetentionPeriod"))
        for name, made in world.by_engine.items()
    }

    assert {name for name, mode in modes.items() if mode == (None, None)} == {"db2-ae", "db2-se", "db2-ce"}
    assert {mode for name, mode in modes.items() if not name.startswith("db2")} == {("advanced", 465)}


@pytest.mark.capability("RDS-39")
@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_exports_logs_that_it_knows(world, engine):
    exported = world.by_engine[engine]["EnableCloudwatchLogsExports"]

    assert exported
    assert set(exported) <= set(rds_engines.LOG_TYPES.value[engine])


@pytest.mark.capability("RDS-39")
def test_log_groups_are_owned_encrypted_and_end(world, resources):
    groups = resources(world.full, "AWS::Logs::LogGroup").values()

    assert {group["LogGroupName"] for group in groups} == {
        "/aws/rds/instance/shop-database/audit",
        "/aws/rds/instance/shop-database/error",
        "/aws/rds/instance/shop-database/slowquery",
    }
    assert all(group["KmsKeyId"] and group["RetentionInDays"] == 90 for group in groups)


@pytest.mark.capability("RDS-41")
def test_alarms_ring_for_processor_memory_storage_connections_and_disk(world, resources):
    alarms = resources(world.usual, ALARM)

    thresholds = {one["MetricName"]: one["Threshold"] for one in alarms.values()}
    assert thresholds == {
        "CPUUtilization": 85,
        "FreeableMemory": round(0.05 * 16 * 1024**3),
        "FreeStorageSpace": round(0.1 * 100 * 1024**3),
        "DatabaseConnections": 1440,
        "DiskQueueDepth": 64,
        "EBSIOBalance%": 20,
        "EBSByteBalance%": 20,
        "MaximumUsedTransactionIDs": 1_000_000_000,
    }
    assert all(one["AlarmActions"] for one in alarms.values())


@pytest.mark.capability("RDS-41")
def test_each_alarm_can_be_changed_or_left_out(world, resources):
    thresholds = {one["MetricName"]: one["Threshold"] for one in resources(world.full, ALARM).values()}

    assert thresholds["CPUUtilization"] == 70
    assert thresholds["FreeStorageSpace"] == 50 * 1024**3
    assert "DiskQueueDepth" not in thresholds


@pytest.mark.capability("RDS-41")
def test_a_burstable_class_rings_before_its_credits_are_spent(world, resources):
    assert "CPUCreditBalance" in {one["MetricName"] for one in resources(world.lab, ALARM).values()}


@pytest.mark.capability("RDS-46")
def test_patches_come_in_a_window_apart_from_the_backup(world, only):
    instance = only(world.usual, INSTANCE)

    assert (instance["PreferredBackupWindow"], instance["PreferredMaintenanceWindow"]) == (
        "01:00-01:45",
        "sun:02:30-sun:03:30",
    )
    assert instance["AutoMinorVersionUpgrade"] is True
    assert instance["AllowMajorVersionUpgrade"] is False


@pytest.mark.capability("RDS-46")
def test_the_authority_behind_the_certificate_is_named(world, only):
    authorities = [only(getattr(world, name), INSTANCE)["CACertificateIdentifier"] for name in ("usual", "full")]

    assert authorities == ["rds-ca-rsa2048-g1", "rds-ca-ecc384-g1"]


@pytest.mark.capability("RDS-09")
def test_whoever_brings_a_licence_of_db2_is_named_in_the_parameters(world, only):
    brought, market = of(world, "db2-se", "parameter_group")["Parameters"], only(world.market, PARAMETERS)["Parameters"]

    assert {name: brought[name] for name in brought if "ibm" in name} == {
        "rds.ibm_customer_id": "1234567",
        "rds.ibm_site_id": "7654321",
    }
    assert [name for name in market if "ibm" in name] == []
    assert only(world.market, INSTANCE)["LicenseModel"] == "marketplace-license"


@pytest.mark.capability("RDS-09")
def test_db2_is_reached_by_the_port_that_encrypts(world):
    assert world.engines_made["db2-se"].port == 50443
    assert world.databases["market"].port == 50000


def test_an_option_with_a_port_listens_behind_the_same_door(world, only, resources):
    [option] = only(world.ssl, OPTIONS)["OptionConfigurations"]
    [group] = resources(world.ssl, "AWS::EC2::SecurityGroup")

    assert option == {
        "OptionName": "SSL",
        "OptionSettings": [{"Name": "SQLNET.SSL_VERSION", "Value": "1.2"}],
        "Port": 2484,
        "VpcSecurityGroupMemberships": [{"Fn::GetAtt": [group, "GroupId"]}],
    }


def test_an_option_group_is_of_the_engine_and_its_major_version(world, only):
    group = only(world.full, OPTIONS)

    assert (group["EngineName"], group["MajorEngineVersion"]) == ("mysql", "8.4")
    assert [one["OptionName"] for one in group["OptionConfigurations"]] == ["MARIADB_AUDIT_PLUGIN"]
    assert only(world.full, INSTANCE)["OptionGroupName"]


def test_what_is_taken_away_is_turned_off_by_name(world, only):
    """RDS keeps what a template no longer names."""
    oracle, quiet = only(world.quiet, OPTIONS), only(world.quiet, INSTANCE)

    assert oracle["OptionConfigurations"] == []
    assert quiet["OptionGroupName"]
    assert (quiet["EnablePerformanceInsights"], quiet["DatabaseInsightsMode"]) == (False, "standard")


def test_further_parameters_stand_beside_those_that_protect(world, only):
    group = only(world.full, PARAMETERS)

    assert group["Family"] == "mysql8.4"
    assert group["Parameters"] == {
        "require_secure_transport": "1",
        "slow_query_log": "1",
        "log_output": "FILE",
        "default_storage_engine": "InnoDB",
        "max_connections": "500",
    }


def test_only_open_engines_let_users_in_by_iam(world):
    open_to_iam = {name for name, made in world.by_engine.items() if made.get("EnableIAMDatabaseAuthentication")}

    assert open_to_iam == {"postgres", "mysql", "mariadb"}


def test_a_database_user_connects_by_iam_to_this_database_alone(world, only, resources):
    [policy] = resources(world.usual, "AWS::IAM::Policy").values()
    [statement] = policy["PolicyDocument"]["Statement"]
    [name] = resources(world.usual, INSTANCE)

    assert statement["Action"] == "rds-db:connect"
    assert {"Fn::GetAtt": [name, "DbiResourceId"]} in statement["Resource"]["Fn::Join"][1]


def test_a_user_of_an_engine_without_iam_is_refused(world, make_stack):
    role = iam.Role(make_stack(), "App", assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com"))

    with pytest.raises(InvalidOptions) as error:
        world.databases["ssl"].grant_connect(role, "orders")

    assert str(error.value) == (
        "Ssl/Database: 'user' is 'orders'; allowed: left out: the grantee reads the credentials instead, because "
        "MariaDB, MySQL and PostgreSQL let users in by IAM "
        "(https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html)"
    )


def test_rds_manages_the_password_when_asked(world, only, resources):
    instance = only(world.managed, INSTANCE)

    assert instance["ManageMasterUserPassword"] is True
    assert instance["MasterUserSecret"]["KmsKeyId"]
    assert "MasterUserPassword" not in instance
    assert resources(world.managed, "AWS::SecretsManager::Secret") == {}
    assert world.databases["managed"].secret is not None


@pytest.mark.capability("RDS-13")
def test_what_is_restored_brings_users_databases_and_encryption(world, only, resources):
    snapshot, past = only(world.snapshot, INSTANCE), only(world.past, INSTANCE)

    assert snapshot["DBSnapshotIdentifier"] == "shop-before-upgrade"
    assert (past["SourceDBInstanceIdentifier"], past["RestoreTime"]) == ("shop", "2026-11-20T14:30:00Z")
    for restored in (snapshot, past):
        inherited = {"MasterUsername", "MasterUserPassword", "KmsKeyId", "StorageEncrypted", "DBName"}
        assert inherited & set(restored) == set()
    assert resources(world.past, "AWS::SecretsManager::Secret") == {}
    assert world.databases["snapshot"].secret is None
    assert world.databases["past"].secret is not None


@pytest.mark.capability("RDS-43")
def test_a_password_is_as_long_as_the_engine_takes(world, resources):
    lengths = {
        name: one["GenerateSecretString"]["PasswordLength"]
        for name, one in resources(world.engines, "AWS::SecretsManager::Secret").items()
    }

    assert {name for name, length in lengths.items() if length == 30} == {n for n in lengths if n.startswith("oracle")}
    assert {length for name, length in lengths.items() if not name.startswith("oracle")} == {32}


def test_credentials_are_copied_to_other_regions(world, only):
    secret = only(world.full, "AWS::SecretsManager::Secret")

    assert secret["Name"] == "shop/database"
    assert secret["ReplicaRegions"] == [{"Region": "eu-central-1", "KmsKeyId": "alias/shop"}]


def test_every_safeguard_that_was_given_away_is_written_down(world):
    [reasons] = world.lab["Metadata"]["cdk-standby:weakened"].values()

    assert set(reasons) == {
        "single_az",
        "fixed_storage",
        "plaintext",
        "no_monitoring",
        "no_insights",
        "outdated",
        "deletable",
    }


def test_a_lab_leaves_a_snapshot_and_no_backups(world, only):
    assert only(world.lab, INSTANCE)["DeleteAutomatedBackups"] is True


def test_one_zone_is_enough_for_a_reason(world, only):
    assert only(world.single, INSTANCE)["MultiAZ"] is False


@pytest.mark.capability("RDS-06")
def test_events_of_the_instance_reach_the_topic(world, only):
    events = only(world.usual, "AWS::RDS::EventSubscription")

    assert events["SourceType"] == "db-instance"
    assert {"failover", "failure", "low storage"} <= set(events["EventCategories"])


def test_the_outside_of_an_instance_names_it(world):
    database = world.databases["usual"]

    resolve = cdk.Stack.of(database).resolve
    [name] = [key for key, one in world.usual["Resources"].items() if one["Type"] == INSTANCE]
    assert resolve(database.instance_identifier) == {"Ref": name}
    assert resolve(database.instance_arn) == {"Fn::GetAtt": [name, "DBInstanceArn"]}
    assert resolve(database.endpoint.hostname) == {"Fn::GetAtt": [name, "Endpoint.Address"]}
    assert (database.engine, database.version, database.port) == ("postgres", "17.6", 5432)
    assert database.metric("CPUUtilization").dimensions.keys() == {"DBInstanceIdentifier"}
