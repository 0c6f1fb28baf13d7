"""An Aurora cluster, alone or in a global database: what it is made of, what it refuses, what never moves."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from hypothesis import given, settings
from hypothesis import strategies as st

from cdk_standby._checks import InvalidOptions
from cdk_standby._windows import WEEK, daily, overlap, weekly
from cdk_standby.alarm_topic import AlarmTopic
from cdk_standby.relational.aurora import AuroraCluster, SecretReplica
from cdk_standby_review.facts import aurora as facts

CLUSTER = "AWS::RDS::DBCluster"
INSTANCE = "AWS::RDS::DBInstance"
ALARM = "AWS::CloudWatch::Alarm"
ZONES = "abc"
MYSQL = {"engine": "aurora-mysql", "version": "8.0.mysql_aurora.3.08.0"}
PRIMARY = {
    "cluster_identifier": "Shop-Database-eu-west-1",
    "global_cluster": "Shop-Database",
    "database_name": "shop",
    "secret_name": "shop/database",
    "secret_replicas": (SecretReplica(region="eu-central-1", key="alias/shop-eu-central-1-data"),),
    "rpo_cap": cdk.Duration.seconds(30),
}
SECONDARY = {
    "cluster_identifier": "shop-database-eu-central-1",
    "global_cluster": "shop-database",
    "secondary": True,
    "secret_name": "shop/database",
    "global_write_forwarding": True,
}
LAB = {
    **MYSQL,
    "readers": 0,
    "no_readers_because": "rebuilt nightly",
    "serverless": (0, 4),
    "monitoring_interval": 0,
    "no_monitoring_because": "nobody looks",
    "insights": "standard",
    "plaintext_because": "an old driver",
    "deletable_because": "a lab",
    "cluster_identifier": "lab",
}


def vpc_of(stack: cdk.Stack, zones: str = ZONES) -> ec2.IVpc:
    """Somebody else's network: a cluster needs none of ours."""
    return ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-0123456789abcdef0",
        availability_zones=[stack.region + zone for zone in zones],
        isolated_subnet_ids=[f"subnet-0aaaaaaaaaaaaaaa{n}" for n, _ in enumerate(zones)],
        isolated_subnet_route_table_ids=[f"rtb-0aaaaaaaaaaaaaaa{n}" for n, _ in enumerate(zones)],
    )


def build(stack: cdk.Stack, id: str = "Database", *, zones: str = ZONES, **options: Any) -> AuroraCluster:
    vpc = stack.node.try_find_child("Vpc") or vpc_of(stack, zones)
    key = stack.node.try_find_child("Key") or kms.Key(stack, "Key", enable_key_rotation=True)
    usual = {"engine": "aurora-postgresql", "version": "17.4", "vpc": vpc, "key": key}
    return AuroraCluster(stack, id, **{**usual, **options})


@pytest.fixture(scope="module")
def world(make_stack: Callable[..., cdk.Stack], template: Callable[..., Any], flags: str) -> SimpleNamespace:
    """Clusters of every kind, synthesized once per set of flags."""
    alone = make_stack(flags=flags, name="Alone")
    app = alone.node.root
    stacks = {
        "alone": alone,
        "primary": make_stack(name="Primary", app=app),
        "secondary": make_stack(name="Secondary", app=app, region="eu-central-1"),
        "headless": make_stack(name="Headless", app=app, region="eu-north-1"),
        "lab": make_stack(name="Lab", app=app),
    }
    alarms = AlarmTopic(alone, "Alarms")
    clusters = {
        "alone": build(alone, alarms=alarms, alarm_thresholds={"Cpu": 60}, alarms_off_because={"Deadlocks": "noise"}),
        "primary": build(stacks["primary"], **PRIMARY),
        "secondary": build(stacks["secondary"], **SECONDARY),
        "headless": build(
            stacks["headless"], global_cluster="shop-database", secondary=True, headless_because="a pilot light"
        ),
        "lab": build(stacks["lab"], **LAB),
    }
    _use(clusters["alone"], clusters["secondary"])
    templates = {name: template(stack) for name, stack in stacks.items()}
    return SimpleNamespace(app=app, clusters=clusters, stacks=stacks, **templates)


def _use(*clusters: AuroraCluster) -> None:
    """Somebody who connects, and reads the credentials, of each cluster."""
    for cluster in clusters:
        stack = cdk.Stack.of(cluster)
        role = iam.Role(stack, "App", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"))
        cluster.grant_connect(role, user="app")
        if cluster.secret is not None:
            cluster.grant_connect(role)
        group = ec2.SecurityGroup(stack, "Peer", vpc=stack.node.find_child("Vpc"), allow_all_outbound=False)
        cluster.connections.allow_default_port_from(group, "the app")
        inline = "NIST.800.53.R5::NIST.800.53.R5-IAMNoInlinePolicy"
        cdk.Validations.of(role).acknowledge(cdk.Acknowledgment(id=inline, reason="the policy is the app's affair"))


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


def test_the_validators_find_nothing(world, findings):
    assert findings(world.app) == []


# What is built


@pytest.mark.capability("AUR-01")
@pytest.mark.capability("AUR-04")
def test_a_writer_and_two_readers_stand_in_three_zones(world, resources):
    instances = resources(world.alone, INSTANCE).values()

    assert [i["AvailabilityZone"] for i in instances] == ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
    assert {i["DBInstanceClass"] for i in instances} == {"db.r7g.large"}
    assert {i["PubliclyAccessible"] for i in instances} == {False}
    assert {i["Engine"] for i in instances} == {"aurora-postgresql"}


@pytest.mark.capability("AUR-01")
def test_the_subnet_group_spans_three_zones_and_storage_has_no_size(world, only):
    assert len(only(world.alone, "AWS::RDS::DBSubnetGroup")["SubnetIds"]) == 3
    assert "AllocatedStorage" not in only(world.alone, CLUSTER)


@pytest.mark.capability("AUR-05")
def test_all_instances_are_promoted_before_any_that_is_smaller(world, resources):
    """Tiers 0 and 1 scale with the writer, which a serverless reader needs to take over."""
    tiers = [i["PromotionTier"] for i in resources(world.alone, INSTANCE).values()]

    assert tiers == [0, 1, 1]


@pytest.mark.capability("RDS-17")
def test_storage_credentials_logs_and_insights_are_encrypted_with_the_given_key(world, only, resources):
    [key] = resources(world.primary, "AWS::KMS::Key")
    arn = {"Fn::GetAtt": [key, "Arn"]}
    cluster = only(world.primary, CLUSTER)

    assert cluster["StorageEncrypted"] is True
    assert cluster["KmsKeyId"] == cluster["PerformanceInsightsKmsKeyId"] == arn
    assert only(world.primary, "AWS::SecretsManager::Secret")["KmsKeyId"] == arn
    assert only(world.primary, "AWS::Logs::LogGroup")["KmsKeyId"] == arn


@pytest.mark.capability("RDS-17")
def test_clients_must_use_tls_unless_a_reason_says_otherwise(world, only):
    parameters = {
        name: only(getattr(world, name), "AWS::RDS::DBClusterParameterGroup")["Parameters"] for name in ("alone", "lab")
    }

    assert parameters == {
        "alone": {"rds.force_ssl": "1", "log_min_duration_statement": "1000"},
        "lab": {
            "require_secure_transport": "OFF",
            "slow_query_log": "1",
            "server_audit_logging": "1",
            "server_audit_events": "CONNECT,QUERY_DCL,QUERY_DDL",
        },
    }


def test_parameters_of_the_user_are_added(make_stack, template, only):
    stack = make_stack()
    build(stack, parameters={"log_min_duration_statement": "500", "track_activity_query_size": "4096"})

    assert only(template(stack), "AWS::RDS::DBClusterParameterGroup")["Parameters"] == {
        "rds.force_ssl": "1",
        "log_min_duration_statement": "500",
        "track_activity_query_size": "4096",
    }


@pytest.mark.parametrize(
    ("options", "family"),
    [({}, "aurora-postgresql17"), ({"version": "16.8"}, "aurora-postgresql16"), (MYSQL, "aurora-mysql8.0")],
)
def test_parameter_groups_are_of_the_family_of_the_version(make_stack, template, only, options, family):
    stack = make_stack()
    build(stack, **options)
    template = template(stack)

    assert only(template, "AWS::RDS::DBClusterParameterGroup")["Family"] == family
    assert only(template, "AWS::RDS::DBParameterGroup")["Family"] == family


def test_a_major_upgrade_finds_the_parameter_group_of_the_instances_at_the_cluster(world, only, resources):
    [group] = resources(world.alone, "AWS::RDS::DBParameterGroup")

    assert only(world.alone, CLUSTER)["DBInstanceParameterGroupName"] == {"Ref": group}
    assert {i["DBParameterGroupName"]["Ref"] for i in resources(world.alone, INSTANCE).values()} == {group}


@pytest.mark.capability("AUR-12")
@pytest.mark.capability("AUR-19")
def test_backups_reach_back_two_weeks_outside_of_the_maintenance(world, only):
    cluster = only(world.alone, CLUSTER)

    assert cluster["BackupRetentionPeriod"] == 14
    assert (cluster["PreferredBackupWindow"], cluster["PreferredMaintenanceWindow"]) == (
        "01:00-01:45",
        "sun:02:30-sun:03:30",
    )
    assert cluster["CopyTagsToSnapshot"] is True


def test_logs_are_exported_to_groups_that_are_there_before(world, resources):
    [(cluster, properties)] = resources(world.lab, CLUSTER).items()
    groups = {g["LogGroupName"]: name for name, g in resources(world.lab, "AWS::Logs::LogGroup").items()}

    kinds = ["audit", "error", "general", "slowquery"]
    assert properties["EnableCloudwatchLogsExports"] == kinds
    assert list(groups) == [f"/aws/rds/cluster/lab/{kind}" for kind in kinds]
    assert world.lab["Resources"][cluster]["DependsOn"] == sorted(groups.values())


def test_names_are_written_as_rds_keeps_them(world, only):
    """RDS lowers them, and names the log groups after the result."""
    cluster = only(world.primary, CLUSTER)

    assert cluster["DBClusterIdentifier"] == "shop-database-eu-west-1"
    assert cluster["GlobalClusterIdentifier"] == "shop-database"
    assert only(world.primary, "AWS::Logs::LogGroup")["LogGroupName"] == (
        "/aws/rds/cluster/shop-database-eu-west-1/postgresql"
    )


def test_without_a_name_the_log_groups_are_left_to_aws(world, resources):
    assert resources(world.alone, "AWS::Logs::LogGroup") == {}
    assert "DBClusterIdentifier" not in next(iter(resources(world.alone, CLUSTER).values()))


@pytest.mark.capability("AUR-28")
@pytest.mark.parametrize(("name", "mode", "days"), [("alone", "advanced", 465), ("lab", "standard", 7)])
def test_insights_keep_as_long_as_their_mode_requires(world, only, name, mode, days):
    cluster = only(getattr(world, name), CLUSTER)

    assert (cluster["DatabaseInsightsMode"], cluster["PerformanceInsightsRetentionPeriod"]) == (mode, days)
    assert cluster["PerformanceInsightsEnabled"] is True


@pytest.mark.capability("AUR-28")
def test_the_hosts_of_all_instances_are_measured_by_one_role(world, resources):
    roles = [name for name in resources(world.alone, "AWS::IAM::Role") if "Monitoring" in name]
    instances = resources(world.alone, INSTANCE).values()

    assert len(roles) == 1
    assert {i["MonitoringInterval"] for i in instances} == {60}
    assert [i["MonitoringRoleArn"] for i in instances] == [{"Fn::GetAtt": [roles[0], "Arn"]}] * 3


@pytest.mark.parametrize("name", ["lab", "headless"])
def test_nobody_who_measures_nothing_gets_a_role(world, resources, name):
    assert resources(getattr(world, name), "AWS::IAM::Role") == {}


@pytest.mark.capability("RDS-05")
@pytest.mark.capability("RDS-06")
def test_failovers_failures_and_full_disks_are_told_to_the_topic(world, resources):
    [cluster] = resources(world.alone, CLUSTER)
    [topic] = resources(world.alone, "AWS::SNS::Topic")

    told = {
        subscription["SourceType"]: (subscription["SourceIds"], subscription["EventCategories"])
        for subscription in resources(world.alone, "AWS::RDS::EventSubscription").values()
        if subscription["SnsTopicArn"] == {"Ref": topic}
    }
    assert told == {
        "db-cluster": (
            [{"Ref": cluster}],
            ["failover", "failure", "global-failover", "maintenance", "notification"],
        ),
        "db-instance": (
            [{"Ref": instance} for instance in resources(world.alone, INSTANCE)],
            ["availability", "failure", "low storage", "maintenance", "recovery"],
        ),
    }
    assert resources(world.primary, "AWS::RDS::EventSubscription") == {}


@pytest.mark.capability("AUR-16")
@pytest.mark.capability("AUR-17")
def test_serverless_instances_scale_between_two_capacities(world, only):
    assert only(world.lab, CLUSTER)["ServerlessV2ScalingConfiguration"] == {"MinCapacity": 0, "MaxCapacity": 4}
    assert only(world.lab, INSTANCE)["DBInstanceClass"] == "db.serverless"
    assert "EngineMode" not in only(world.lab, CLUSTER)


# What is kept


RETAINED = {
    CLUSTER,
    INSTANCE,
    "AWS::RDS::DBSubnetGroup",
    "AWS::RDS::DBClusterParameterGroup",
    "AWS::RDS::DBParameterGroup",
    "AWS::SecretsManager::Secret",
    "AWS::EC2::SecurityGroup",
    "AWS::Logs::LogGroup",
    "AWS::IAM::Role",
}


def test_the_cluster_is_kept_with_every_part_that_it_needs_to_go_on(world, only):
    policies = {
        (r["Type"], r.get("DeletionPolicy"), r.get("UpdateReplacePolicy"))
        for r in own(world.primary).values()
        if r["Type"] != ALARM
    }

    assert policies == {(kind, "Retain", "Retain") for kind in RETAINED}
    assert only(world.primary, CLUSTER)["DeletionProtection"] is True


def test_a_reason_lets_all_of_it_go_and_leaves_a_snapshot(world, only):
    policies = {
        (r["Type"], r.get("DeletionPolicy"), r.get("UpdateReplacePolicy"))
        for r in own(world.lab).values()
        if r["Type"] != ALARM
    }

    gone = RETAINED - {CLUSTER, "AWS::IAM::Role"}
    assert policies == {(CLUSTER, "Snapshot", "Snapshot"), *((kind, "Delete", "Delete") for kind in gone)}
    assert only(world.lab, CLUSTER)["DeletionProtection"] is False


def test_what_was_given_away_stands_in_tags_and_in_the_template(world, only):
    reasons = {
        "no_readers": "rebuilt nightly",
        "no_monitoring": "nobody looks",
        "plaintext": "an old driver",
        "deletable": "a lab",
    }

    tags = {t["Key"]: t["Value"] for t in only(world.lab, CLUSTER)["Tags"]}
    assert tags == {f"cdk-standby:weakened:{option}": reason for option, reason in reasons.items()}
    assert world.lab["Metadata"]["cdk-standby:weakened"] == {"Lab/Database": reasons}


# What never moves


def test_logical_ids_never_change(world):
    """A new id replaces the database: release it as a major version."""
    assert sorted(name for name, r in own(world.primary).items() if r["Type"] != ALARM) == [
        "DatabaseClusterC6094C50",
        "DatabaseClusterParameters297DFDBC",
        "DatabaseInstance1844F58FD",
        "DatabaseInstance2AA380DEE",
        "DatabaseInstance32FCBA185",
        "DatabaseInstanceParameters760E27FF",
        "DatabaseLogpostgresql534130D9",
        "DatabaseMonitoringF39C3846",
        "DatabaseSecretC9203AE3",
        "DatabaseSecurityGroup5C91FDCB",
        "DatabaseSubnets56F17B9A",
    ]


def test_alone_primary_and_secondary_have_the_same_ids(world):
    def ids(template):
        kinds = RETAINED - {"AWS::SecretsManager::Secret", "AWS::Logs::LogGroup"}
        return {name for name, r in own(template).items() if r["Type"] in kinds}

    assert ids(world.alone) == ids(world.primary) == ids(world.secondary)
    assert ids(world.headless) < ids(world.alone)


@pytest.mark.parametrize(
    "options", [{"readers": n} for n in range(1, 6)] + [{"serverless": (1, 8)}, {"secret_name": "s"}], ids=str
)
def test_instances_come_and_go_and_move_nothing_else(make_stack, template, world, options):
    stack = make_stack()
    build(stack, **options)

    built, alone = own(template(stack)), own(world.alone)
    count = options.get("readers", 2) + 1
    assert len([r for r in built.values() if r["Type"] == INSTANCE]) == count
    expected = {name for name, r in alone.items() if r["Type"] in RETAINED - {INSTANCE}}
    assert {name for name, r in built.items() if r["Type"] in RETAINED - {INSTANCE}} == expected
    instances = [name for name, r in alone.items() if r["Type"] == INSTANCE]
    assert set(instances[:count]) <= set(built)


def test_the_order_in_which_a_network_lists_its_zones_moves_no_instance(make_stack, template, resources):
    def zones(letters):
        stack = make_stack()
        build(stack, zones=letters)
        return [i["AvailabilityZone"] for i in resources(template(stack), INSTANCE).values()]

    assert zones("cab") == zones("abc") == ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
    assert zones("ab") == ["eu-west-1a", "eu-west-1b", "eu-west-1a"]
    assert zones("abcdf") == ["eu-west-1a", "eu-west-1b", "eu-west-1c"]


def test_a_plain_vpc_of_a_stack_without_a_region_will_do(make_stack, template, resources, findings):
    stack = make_stack(region=None, account=None)
    isolated = ec2.SubnetConfiguration(name="Db", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)
    vpc = ec2.Vpc(stack, "Vpc", subnet_configuration=[isolated])
    build(stack, vpc=vpc, readers=1)

    instances = resources(template(stack), INSTANCE).values()
    assert [i["AvailabilityZone"] for i in instances] == [
        {"Fn::Select": [0, {"Fn::GetAZs": ""}]},
        {"Fn::Select": [1, {"Fn::GetAZs": ""}]},
    ]


def test_other_subnets_can_be_chosen(make_stack, template, only):
    stack = make_stack()
    vpc = ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-0123456789abcdef0",
        availability_zones=["eu-west-1a", "eu-west-1b"],
        private_subnet_ids=["subnet-0a", "subnet-0b"],
        private_subnet_route_table_ids=["rtb-0a", "rtb-0b"],
    )
    build(stack, vpc=vpc, subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS))

    assert only(template(stack), "AWS::RDS::DBSubnetGroup")["SubnetIds"] == ["subnet-0a", "subnet-0b"]


# Members of a global database


@pytest.mark.capability("AUR-20")
def test_the_credentials_are_where_the_data_was_born_and_are_copied_to_the_other_region(world, only):
    cluster, secret = only(world.primary, CLUSTER), only(world.primary, "AWS::SecretsManager::Secret")

    assert cluster["MasterUsername"] == "clusteradmin"
    assert str(cluster["MasterUserPassword"]).count("resolve:secretsmanager") == 1
    assert cluster["DatabaseName"] == "shop"
    assert "ManageMasterUserPassword" not in cluster
    assert secret["Name"] == "shop/database"
    assert secret["ReplicaRegions"] == [{"Region": "eu-central-1", "KmsKeyId": "alias/shop-eu-central-1-data"}]
    assert secret["GenerateSecretString"]["SecretStringTemplate"] == '{"username": "clusteradmin"}'


@pytest.mark.capability("AUR-13")
@pytest.mark.capability("AUR-20")
@pytest.mark.parametrize("name", ["secondary", "headless"])
def test_a_secondary_brings_no_credentials_and_no_database_of_its_own(world, only, resources, name):
    cluster = only(getattr(world, name), CLUSTER)

    assert cluster["GlobalClusterIdentifier"] == "shop-database"
    assert set(cluster) & {"MasterUsername", "MasterUserPassword", "ManageMasterUserPassword", "DatabaseName"} == set()
    assert resources(getattr(world, name), "AWS::SecretsManager::Secret") == {}


def test_a_headless_secondary_receives_data_and_runs_nothing(world, only, resources):
    assert resources(world.headless, INSTANCE) == {}
    assert only(world.headless, CLUSTER)["StorageEncrypted"] is True
    assert world.headless["Metadata"]["cdk-standby:weakened"] == {"Headless/Database": {"headless": "a pilot light"}}


@pytest.mark.capability("AUR-22")
def test_a_secondary_forwards_writes_when_told(world, only):
    forwards = [only(t, CLUSTER).get("EnableGlobalWriteForwarding") for t in (world.secondary, world.headless)]

    assert forwards == [True, None]


def test_commits_wait_rather_than_lag_more_than_the_cap(world, only):
    parameters = only(world.primary, "AWS::RDS::DBClusterParameterGroup")["Parameters"]

    assert parameters["rds.global_db_rpo"] == "30"


def test_members_of_a_global_database_keep_their_version(world, resources):
    upgrades = {
        name: {i["AutoMinorVersionUpgrade"] for i in resources(getattr(world, name), INSTANCE).values()}
        for name in ("alone", "primary", "secondary")
    }

    assert upgrades == {"alone": {True}, "primary": {False}, "secondary": {False}}


# Alarms


def alarms_of(template: dict[str, Any], resources: Any) -> dict[str, tuple[Any, ...]]:
    return {
        name.removeprefix("Database")[:-8]: (a["MetricName"], a["Threshold"], a["TreatMissingData"])
        for name, a in resources(template, ALARM).items()
    }


def test_every_cluster_watches_its_instances(world, resources):
    assert alarms_of(world.alone, resources) == {
        "Cpu": ("CPUUtilization", 60, "breaching"),
        "Memory": ("FreeableMemory", 1024**3, "breaching"),
        "LocalStorage": ("FreeLocalStorage", 2 * 1024**3, "notBreaching"),
        "ReplicaLag": ("AuroraReplicaLagMaximum", 2000, "notBreaching"),
    }


@pytest.mark.capability("AUR-20")
@pytest.mark.parametrize(
    ("name", "silence"), [("primary", "notBreaching"), ("secondary", "breaching"), ("headless", "notBreaching")]
)
def test_members_watch_how_far_they_lag_and_silence_of_who_follows_rings(world, resources, name, silence):
    found = alarms_of(getattr(world, name), resources)

    assert {alarm: found[alarm] for alarm in ("GlobalLag", "GlobalRpoLag")} == {
        "GlobalLag": ("AuroraGlobalDBReplicationLag", 10_000, silence),
        "GlobalRpoLag": ("AuroraGlobalDBRPOLag", 30_000, silence),
    }


@pytest.mark.parametrize(("follows", "silence"), [(False, "notBreaching"), (True, "breaching")])
def test_after_a_failover_the_other_one_is_expected_to_lag(make_stack, template, resources, follows, silence):
    stack = make_stack()
    options = {"engine": "aurora-postgresql", "version": "17.4", "global_cluster": "shop", "secondary": not follows}
    vpc, key = vpc_of(stack), kms.Key(stack, "Key")
    AuroraCluster(stack, "Database", **options, vpc=vpc, key=key, follows=follows)

    found = alarms_of(template(stack), resources)

    assert {found["GlobalLag"][2], found["GlobalRpoLag"][2]} == {silence}


def test_a_user_of_the_database_is_not_shown_the_credentials(make_stack, template, only):
    stack = make_stack()
    vpc, key = vpc_of(stack), kms.Key(stack, "Key")
    database = AuroraCluster(stack, "Database", engine="aurora-postgresql", version="17.4", vpc=vpc, key=key)

    database.grant_connect(iam.Role(stack, "App", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com")), "app")

    statements = only(template(stack), "AWS::IAM::Policy")["PolicyDocument"]["Statement"]
    assert [statement["Action"] for statement in statements] == ["rds-db:connect"]


def test_a_cluster_watches_only_what_it_has(world, resources):
    assert set(alarms_of(world.headless, resources)) == {"GlobalLag", "GlobalRpoLag"}
    assert set(alarms_of(world.lab, resources)) == {"Cpu", "Memory", "LocalStorage", "Deadlocks"}


def test_alarms_ring_at_the_topic_of_the_region(world, resources):
    [topic] = resources(world.alone, "AWS::SNS::Topic")
    cluster = {"Name": "DBClusterIdentifier", "Value": {"Ref": next(iter(resources(world.alone, CLUSTER)))}}

    for alarm in resources(world.alone, ALARM).values():
        assert alarm["AlarmActions"] == alarm["OKActions"] == [{"Ref": topic}]
        assert alarm["Dimensions"] == [cluster]
    assert all("AlarmActions" not in alarm for alarm in resources(world.primary, ALARM).values())


# How others reach it


def test_nobody_reaches_the_database_until_let_in(world, only, resources):
    group = only(world.primary, "AWS::EC2::SecurityGroup")

    assert "SecurityGroupIngress" not in group
    assert resources(world.primary, "AWS::EC2::SecurityGroupIngress") == {}
    assert [rule["CidrIp"] for rule in group["SecurityGroupEgress"]] == ["255.255.255.255/32"]


def test_a_peer_of_the_stack_is_let_in_by_connections(world, only):
    rule = only(world.alone, "AWS::EC2::SecurityGroupIngress")

    assert (rule["FromPort"], rule["ToPort"], rule["Description"]) == (5432, 5432, "the app")


def test_a_peer_of_another_stack_brings_the_rule_itself(make_stack, template, only, resources):
    home = make_stack(name="Data")
    database = build(home, **MYSQL)
    away = make_stack(name="App", app=home.node.root)
    peer = ec2.SecurityGroup(away, "Group", vpc=database.node.scope.node.find_child("Vpc"))
    database.let_in(peer)

    rule = only(template(away), "AWS::EC2::SecurityGroupIngress")
    assert (rule["FromPort"], rule["Description"]) == (3306, "from App/Group")
    assert resources(template(home), "AWS::EC2::SecurityGroupIngress") == {}


def statements(template: dict[str, Any], only: Any) -> dict[str, dict[str, Any]]:
    """What the app may do, by the service that it calls: flags merge and sort statements."""
    found = only(template, "AWS::IAM::Policy")["PolicyDocument"]["Statement"]
    return {str(s["Action"]).strip("['").split(":", maxsplit=1)[0]: s for s in found}


def test_credentials_are_read_with_their_key_and_a_user_connects_by_iam(world, only, resources):
    [cluster] = resources(world.alone, CLUSTER)
    [secret] = resources(world.alone, "AWS::SecretsManager::Secret")
    [key] = [name for name in resources(world.alone, "AWS::KMS::Key") if name.startswith("Key")]
    may = statements(world.alone, only)

    assert set(may) == {"secretsmanager", "kms", "rds-db"}
    assert sorted(may["secretsmanager"]["Action"]) == ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"]
    assert may["secretsmanager"]["Resource"] == {"Ref": secret}
    assert may["kms"] == {
        "Action": "kms:Decrypt",
        "Condition": {"StringEquals": {"kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com"}},
        "Effect": "Allow",
        "Resource": {"Fn::GetAtt": [key, "Arn"]},
    }
    assert may["rds-db"]["Action"] == "rds-db:connect"
    assert may["rds-db"]["Resource"]["Fn::Join"][1][-2:] == [{"Fn::GetAtt": [cluster, "DBClusterResourceId"]}, "/app"]


def test_a_secondary_reads_the_copy_of_its_own_region(world, only):
    read = statements(world.secondary, only)["secretsmanager"]

    copy = ":secretsmanager:eu-central-1:111111111111:secret:shop/database-??????"
    assert copy in str(read["Resource"])


def test_a_secondary_that_knows_no_credentials_says_so(world):
    role = iam.Role(world.stacks["headless"], "Nobody", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"))

    with pytest.raises(InvalidOptions) as error:
        world.clusters["headless"].grant_connect(role)

    assert str(error.value) == (
        "Headless/Database: 'user' is not given; allowed: a database user, or a cluster with 'secret_name', because a "
        "secondary without the name of the credentials has none to read"
    )


@pytest.mark.capability("AUR-06")
@pytest.mark.capability("AUR-07")
def test_endpoints_and_metrics_are_of_the_cluster(world):
    database = world.clusters["alone"]
    stack = cdk.Stack.of(database)
    cluster = stack.get_logical_id(database.cluster)

    assert stack.resolve(database.endpoint.hostname) == {"Fn::GetAtt": [cluster, "Endpoint.Address"]}
    assert stack.resolve(database.reader_endpoint.hostname) == {"Fn::GetAtt": [cluster, "ReadEndpoint.Address"]}
    assert database.endpoint.port == database.reader_endpoint.port == 5432
    assert stack.resolve(database.cluster_identifier) == {"Ref": cluster}
    assert stack.resolve(database.cluster_arn) == {"Fn::GetAtt": [cluster, "DBClusterArn"]}
    metrics = [
        database.metric("CPUUtilization", period=cdk.Duration.minutes(5)),
        database.metric_replica_lag(),
        database.metric_global_lag(),
        database.metric_global_rpo_lag(),
    ]
    assert [(m.namespace, m.metric_name, m.statistic, m.period.to_minutes()) for m in metrics] == [
        ("AWS/RDS", "CPUUtilization", "Average", 5),
        ("AWS/RDS", "AuroraReplicaLagMaximum", "Maximum", 1),
        ("AWS/RDS", "AuroraGlobalDBReplicationLag", "Maximum", 1),
        ("AWS/RDS", "AuroraGlobalDBRPOLag", "Maximum", 1),
    ]


# What is refused


@pytest.fixture(scope="module")
def refused(make_stack: Callable[..., cdk.Stack]) -> Callable[..., str]:
    """The whole message for options that cannot work."""
    homes = {zones: make_stack() for zones in (ZONES, "a")}

    def message(**options: Any) -> str:
        stack = homes[options.get("zones", ZONES)]
        with pytest.raises(InvalidOptions) as error:
            build(stack, f"Refused{len(stack.node.children)}", **options)
        return "\n".join(line.split(": ", 1)[1] for line in str(error.value).splitlines())

    return message


GUIDE = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/"
API = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html"
REQUIREMENTS = GUIDE + "aurora-global-database.configuration.requirements.html"
ATTACHING = GUIDE + "aurora-global-database-attaching.html"
NAMES = "up to 63 letters, digits and single hyphens, starting with a letter"
TOPICS = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html"


def full(got: str, example: str) -> str:
    return (
        f"'version' is '{got}'; allowed: a full version such as {example}, because a version is written in full, since "
        f"a prefix means another one every few months ({GUIDE}Aurora.VersionPolicy.html)"
    )


def backup_window(got: str, maintenance: str = "sun:02:30-sun:03:30") -> str:
    return (
        f"'backup_window' is '{got}'; allowed: 'hh:mm-hh:mm' in UTC, 30 minutes or more, apart from '{maintenance}', "
        f"because a backup window lasts half an hour or more, and keeps clear of the maintenance window ({API})"
    )


def maintenance_window(got: str) -> str:
    return (
        f"'maintenance_window' is '{got}'; allowed: 'ddd:hh:mm-ddd:hh:mm' in UTC, 30 minutes or more, such as "
        f"'sun:02:30-sun:03:30', because a maintenance window lasts half an hour or more ({API})"
    )


def serverless(got: str) -> str:
    return (
        f"'serverless' is {got}; allowed: (least, most) in half steps, 0 to 256 with a most of 1 or more, because "
        "serverless v2 scales in half steps between 0 and 256 Aurora capacity units, with a maximum of 1 or more "
        f"({GUIDE}aurora-serverless-v2.setting-capacity.html)"
    )


def replicas(*regions: str) -> dict[str, Any]:
    return {"secret_replicas": tuple(SecretReplica(region=region, key="alias/x") for region in regions)}


def bad_replicas(*regions: str) -> str:
    shown = ", ".join(f"SecretReplica(region='{region}', key='alias/x')" for region in regions)
    return (
        f"'secret_replicas' is [{shown}]; allowed: each other Region of AWS once, because a copy of the credentials is "
        "for the day when this Region is lost "
        "(https://docs.aws.amazon.com/secretsmanager/latest/userguide/replicate-secrets.html)"
    )


def bad_cap(got: str) -> str:
    return (
        f"'rpo_cap' is {got}; allowed: 20 seconds or more, in whole seconds, for PostgreSQL in a global database, "
        "because rds.global_db_rpo holds commits back once every secondary lags more than this; 20 seconds is the "
        f"least ({GUIDE}aurora-global-database-disaster-recovery.html)"
    )


def bad_class(got: str) -> str:
    return (
        f"'instance' is '{got}'; allowed: a class without 'db.', such as 'r7g.large', because Aurora runs on "
        f"memory-optimized and burstable classes ({GUIDE}Concepts.DBInstanceClass.Types.html)"
    )


def not_global(got: str) -> str:
    return (
        f"'instance' is '{got}'; allowed: a memory-optimized class such as 'r7g.large', because a global database "
        f"needs memory-optimized instances, r5 or newer, and takes no burstable ones ({REQUIREMENTS})"
    )


def inherited(option: str, got: str) -> str:
    return (
        f"'{option}' is {got}; allowed: nothing for a secondary, because a secondary receives users and databases with "
        f"the data and may not name its own ({ATTACHING})"
    )


def forced(got: str, parameter: str, option: str) -> str:
    return (
        f"'parameters' is {got}; allowed: others than '{parameter}': '{option}' is the option for it, because what "
        "weakens or binds the database stands in an option, with its reason or its range"
    )


def interval(got: int) -> str:
    return (
        f"'monitoring_interval' is {got}; allowed: 0 together with 'no_monitoring_because', or neither, because who "
        "looks for the cause of an outage misses the figures of the hosts "
        f"({GUIDE}USER_Monitoring.OS.Enabling.html)"
    )


def identifier(option: str, got: str, why: str) -> str:
    return f"'{option}' is '{got}'; allowed: {NAMES}, because {why} ({API})"


GLOBAL = {"global_cluster": "g"}
FOLLOWS = {"global_cluster": "g", "secondary": True}
REFUSED = [
    (
        {"engine": "postgres", "version": "17.4"},
        "'engine' is 'postgres'; allowed: 'aurora-postgresql', 'aurora-mysql', because these are the engines of Aurora "
        f"({GUIDE}CHAP_AuroraOverview.html)",
    ),
    ({"version": "17"}, full("17", "'17.4'")),
    ({"version": "16.4-limitless"}, full("16.4-limitless", "'17.4'")),
    ({"engine": "aurora-mysql", "version": "8.0"}, full("8.0", "'8.0.mysql_aurora.3.08.0'")),
    ({"engine": "aurora-mysql", "version": "17.4"}, full("17.4", "'8.0.mysql_aurora.3.08.0'")),
    ({"version": MYSQL["version"]}, full(MYSQL["version"], "'17.4'")),
    (
        {"readers": 16},
        "'readers' is 16; allowed: 0 to 15, because a cluster has one writer and at most 15 readers "
        f"({GUIDE}Aurora.Replication.html)",
    ),
    (
        {"readers": 0},
        "'readers' is 0; allowed: 1 to 15, or 0 with 'no_readers_because', because without a reader the loss of the "
        f"writer's zone is an outage of up to ten minutes ({GUIDE}Aurora.Replication.html)",
    ),
    (
        {"no_readers_because": "a lab"},
        "'no_readers_because' is 'a lab'; allowed: left out, or with 0 'readers', because with readers no safeguard is "
        "given away",
    ),
    (
        {**GLOBAL, "readers": 15},
        "'readers' is 15; allowed: 0 to 14 in a global database, because the writer's Region of a global database has "
        f"15 readers less one for each other Region, and any member may become it ({REQUIREMENTS})",
    ),
    ({"instance": "db.r7g.large"}, bad_class("db.r7g.large")),
    ({"instance": "m7g.large"}, bad_class("m7g.large")),
    ({**GLOBAL, "instance": "t4g.medium"}, not_global("t4g.medium")),
    ({**FOLLOWS, "instance": "r4.large"}, not_global("r4.large")),
    ({"serverless": (8, 4)}, serverless("[8, 4]")),
    ({"serverless": (0.3, 4)}, serverless("[0.3, 4]")),
    ({"serverless": (0, 0.5)}, serverless("[0, 0.5]")),
    ({"serverless": (1, 257)}, serverless("[1, 257]")),
    (
        {"backup_retention": cdk.Duration.days(36)},
        "'backup_retention' is 36 days; allowed: 1 to 35 days, because Aurora keeps continuous backups for 1 to 35 "
        f"days and cannot go without ({GUIDE}Aurora.Managing.Backups.html)",
    ),
    (
        {"backup_retention": cdk.Duration.hours(36)},
        "'backup_retention' is 1 day 12 hours; allowed: whole days, because Aurora keeps continuous backups for 1 to "
        f"35 days and cannot go without ({GUIDE}Aurora.Managing.Backups.html)",
    ),
    ({"backup_window": "1am"}, backup_window("1am")),
    ({"backup_window": "01:00-01:29"}, backup_window("01:00-01:29")),
    ({"backup_window": "03:00-04:00"}, backup_window("03:00-04:00")),
    (
        {"maintenance_window": "mon:00:30-mon:01:30"},
        backup_window("01:00-01:45", "mon:00:30-mon:01:30"),
    ),
    ({"maintenance_window": "Sun:02:30-Sun:03:30"}, maintenance_window("Sun:02:30-Sun:03:30")),
    ({"maintenance_window": "sun:02:30-sun:02:45"}, maintenance_window("sun:02:30-sun:02:45")),
    (
        {"monitoring_interval": 7},
        "'monitoring_interval' is 7; allowed: 0, 1, 5, 10, 15, 30, 60, because enhanced monitoring knows these "
        f"intervals; 0 turns it off ({GUIDE}USER_Monitoring.OS.Enabling.html)",
    ),
    ({"monitoring_interval": 0}, interval(0)),
    ({"no_monitoring_because": "a lab"}, interval(60)),
    (
        {"insights": "basic"},
        "'insights' is 'basic'; allowed: 'advanced', 'standard', because Database Insights knows these modes; the "
        "advanced one keeps 15 months and is paid by the vCPU or the ACU "
        "(https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Database-Insights.html)",
    ),
    (
        {"parameters": {"rds.force_ssl": "0"}},
        forced("{'rds.force_ssl': '0'}", "rds.force_ssl", "plaintext_because"),
    ),
    (
        {"parameters": {"rds.global_db_rpo": "5"}},
        forced("{'rds.global_db_rpo': '5'}", "rds.global_db_rpo", "rpo_cap"),
    ),
    (
        {**MYSQL, "parameters": {"require_secure_transport": "OFF"}},
        forced("{'require_secure_transport': 'OFF'}", "require_secure_transport", "plaintext_because"),
    ),
    (
        {"cluster_identifier": "shop--db"},
        identifier("cluster_identifier", "shop--db", "it names the cluster in its Region"),
    ),
    ({"global_cluster": "1st"}, identifier("global_cluster", "1st", "members in all Regions join by this name")),
    (
        {"database_name": "my-shop"},
        "'database_name' is 'my-shop'; allowed: up to 63 letters, digits and underscores, starting with a letter, "
        "because a database has up to 63 letters, digits and underscores, starting with a letter "
        f"({GUIDE}CHAP_Limits.html)",
    ),
    (
        {"master_username": "admin"},
        "'master_username' is 'admin'; allowed: up to 16 letters, digits and underscores, starting with a letter, but "
        "not 'admin' or 'rdsadmin', because a master user has up to 16 letters, digits and underscores, and no name "
        f"that the engines keep for themselves ({API})",
    ),
    (
        {"secondary": True},
        "'secondary' is True; allowed: True together with 'global_cluster', because a secondary is a member of a "
        f"global database ({ATTACHING})",
    ),
    (
        {**GLOBAL, "headless_because": "cheap"},
        "'headless_because' is 'cheap'; allowed: a reason for a secondary only, because a cluster without instances "
        f"serves nobody; only a secondary goes on receiving data ({REQUIREMENTS})",
    ),
    ({**FOLLOWS, "database_name": "shop"}, inherited("database_name", "'shop'")),
    (
        {**FOLLOWS, **replicas("eu-north-1")},
        inherited("secret_replicas", "[SecretReplica(region='eu-north-1', key='alias/x')]"),
    ),
    (replicas("eu-west-1"), bad_replicas("eu-west-1")),
    (replicas("eu-wset-2"), bad_replicas("eu-wset-2")),
    (replicas("eu-north-1", "eu-north-1"), bad_replicas("eu-north-1", "eu-north-1")),
    (
        {**GLOBAL, "global_write_forwarding": True},
        "'global_write_forwarding' is True; allowed: True for a secondary, or with 'follows', because only who follows "
        f"has a writer elsewhere to forward to ({GUIDE}aurora-global-database-write-forwarding.html)",
    ),
    ({**GLOBAL, "rpo_cap": cdk.Duration.seconds(19)}, bad_cap("19 seconds")),
    ({**GLOBAL, "rpo_cap": cdk.Duration.millis(20500)}, bad_cap("20 seconds 500 millis")),
    ({"rpo_cap": cdk.Duration.seconds(30)}, bad_cap("30 seconds")),
    ({**MYSQL, **GLOBAL, "rpo_cap": cdk.Duration.seconds(30)}, bad_cap("30 seconds")),
    (
        {"zones": "a"},
        "'vpc' is 'Test/Vpc'; allowed: isolated (or chosen) subnets in two Availability Zones or more, better three, "
        "because a subnet group covers two Availability Zones or more, and a failover needs a reader in another zone "
        f"({GUIDE}USER_VPC.WorkingWithRDSInstanceinaVPC.html)",
    ),
    (
        {"deletable_because": " "},
        "'deletable_because' is ' '; allowed: a reason in words, because who reads the review must learn what made it "
        "acceptable",
    ),
    (
        {"alarm_thresholds": {"ReplicLag": 5}},
        "'alarm_thresholds['ReplicLag']' is 5; allowed: Cpu, Memory, LocalStorage, Deadlocks, ReplicaLag, because "
        "these are the alarms of this construct",
    ),
]


@pytest.mark.capability("AUR-01")
@pytest.mark.capability("AUR-04")
@pytest.mark.capability("AUR-05")
@pytest.mark.capability("AUR-12")
@pytest.mark.capability("AUR-16")
@pytest.mark.capability("AUR-20")
@pytest.mark.parametrize(
    ("options", "message"), REFUSED, ids=lambda value: ",".join(value) if isinstance(value, dict) else ""
)
def test_options_that_cannot_work_are_refused(refused, options, message):
    assert refused(**options) == message


def test_all_problems_come_at_once(refused):
    lines = refused(engine="postgres", readers=0, backup_window="never", secondary=True).splitlines()

    assert [line.split("'")[1] for line in lines] == ["engine", "readers", "backup_window", "secondary"]


def test_a_network_without_isolated_subnets_is_refused(make_stack):
    stack = make_stack()
    vpc = ec2.Vpc.from_vpc_attributes(
        stack, "Vpc", vpc_id="vpc-0123456789abcdef0", availability_zones=["eu-west-1a", "eu-west-1b"]
    )

    with pytest.raises(InvalidOptions) as error:
        build(stack, vpc=vpc)

    assert str(error.value) == (
        "Test/Database: 'vpc' is a VPC without subnets of that kind; allowed: isolated subnets in two Availability "
        "Zones or more, or 'subnets' that exist, because a subnet group covers two Availability Zones or more, and a "
        f"failover needs a reader in another zone ({GUIDE}USER_VPC.WorkingWithRDSInstanceinaVPC.html)"
    )


def test_a_network_a_key_and_a_topic_of_another_region_are_refused(make_stack):
    here = make_stack(name="Here")
    there = make_stack(name="There", app=here.node.root, region="eu-central-1")

    with pytest.raises(InvalidOptions) as error:
        build(here, vpc=vpc_of(there), key=kms.Key(there, "Key"), alarms=AlarmTopic(there, "Alarms"))

    allowed = "one of eu-west-1, where the database is"
    assert str(error.value).splitlines() == [
        f"Here/Database: 'vpc' is 'There/Vpc'; allowed: {allowed}, because instances live in the Region of "
        "their database "
        f"({GUIDE}USER_VPC.WorkingWithRDSInstanceinaVPC.html)",
        f"Here/Database: 'key' is 'There/Key'; allowed: {allowed}, because a key encrypts in its own Region only "
        f"({GUIDE}Overview.Encryption.html)",
        f"Here/Database: 'alarms' is 'There/Alarms'; allowed: {allowed}, because alarms and events tell topics of "
        f"their own Region only ({TOPICS})",
    ]


def test_what_is_known_only_at_deployment_is_not_judged(make_stack, template, only):
    stack = make_stack()
    name = cdk.CfnParameter(stack, "Name").value_as_string
    build(stack, cluster_identifier=name, global_cluster=name, backup_window=name, master_username=name)

    cluster = only(template(stack), CLUSTER)
    assert {cluster[p]["Ref"] for p in ("DBClusterIdentifier", "GlobalClusterIdentifier", "MasterUsername")} == {"Name"}


def test_what_decides_about_resources_has_to_be_known_at_synth(refused):
    token = cdk.Aws.STACK_NAME
    number = cdk.Token.as_number({"Ref": "Number"})
    why = "because it decides which resources there are, and how parameters are written"

    message = refused(
        engine=token, version=token, insights=token, readers=number, rpo_cap=cdk.Duration.seconds(number), **GLOBAL
    )

    assert message.splitlines() == [
        f"'{option}' is a token; allowed: a value known at synth, {why}"
        for option in ("engine", "version", "readers", "insights", "rpo_cap")
    ]


# Any options


@pytest.fixture(scope="module")
def plenty(make_stack: Callable[..., cdk.Stack]) -> cdk.Stack:
    """Takes a cluster of every example."""
    return make_stack(name="Plenty")


@settings(max_examples=12)
@given(
    options=st.fixed_dictionaries(
        {},
        optional={
            "readers": st.integers(-1, 17),
            "instance": st.sampled_from(["r7g.large", "t4g.medium", "r4.large", "db.r7g.large", "x2g.large"]),
            "serverless": st.none() | st.tuples(st.sampled_from([0, 0.5, 0.7, 8]), st.sampled_from([0.5, 1, 256, 300])),
            "global_cluster": st.none() | st.sampled_from(["g", "-"]),
            "secondary": st.booleans(),
            "headless_because": st.none() | st.just("cheap"),
            "backup_retention": st.integers(0, 1000).map(cdk.Duration.hours),
            "backup_window": st.sampled_from(["01:00-02:00", "23:45-00:15", "02:00-03:00"]),
            "monitoring_interval": st.sampled_from([0, 1, 2, 60]),
            "insights": st.sampled_from(["advanced", "standard", "none"]),
        },
    )
)
def test_any_options_either_make_a_cluster_that_survives_a_zone_or_are_refused(plenty, options):
    # Each example has a global database of its own: only one cluster of it may stand in a Region.
    number = len(plenty.node.children)
    if options.get("global_cluster") == "g":
        options["global_cluster"] = f"g{number}"
    try:
        cluster = build(plenty, f"Database{number}", **options)
    except InvalidOptions:
        return

    zones = [instance.availability_zone for instance in cluster.instances]
    headless = bool(options.get("headless_because"))
    assert len(set(zones)) == min(len(zones), facts.STORAGE_ZONES.value)
    assert headless or len(zones) >= 2
    assert cluster.cluster.backup_retention_period in facts.BACKUP_RETENTION.value
    assert (cluster.cluster.master_username is None) == options.get("secondary", False)


times = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59))
days = st.sampled_from(["mon", "tue", "wed", "thu", "fri", "sat", "sun"])
weeks = st.builds("{}:{}-{}:{}".format, days, times, days, times)


@given(st.builds("{}-{}".format, times, times), weeks)
def test_windows_overlap_exactly_when_they_share_a_minute(day, week):
    every_day, every_week = daily(day), weekly(week)

    minutes = {
        minute % WEEK
        for start in range(0, WEEK, 1440)
        for minute in range(start + every_day.start, start + every_day.stop)
    }
    assert overlap(every_day, every_week) == any(minute % WEEK in minutes for minute in every_week)


@given(st.text(st.sampled_from("0123456789:-monsu"), max_size=20))
def test_a_window_is_read_or_not_and_never_breaks(text):
    for window in (daily(text), weekly(text)):
        assert window is None or len(window) > 0
